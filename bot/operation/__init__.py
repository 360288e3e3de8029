"""How those who run the program see it: health, metrics, the doctor, backups.

Nothing here tells what a person wrote, or who they are: counts, durations and closed words only.
"""
