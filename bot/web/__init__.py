"""The web console for staff: pages drawn on the server, which work without JavaScript.

ports (what it needs from outside) · guards (what every request goes through) · desk (who asks,
with which right) · pages (templates) · a module for each page · app (all of them in one list)
"""
