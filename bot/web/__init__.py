"""The console: pages for staff in a browser."""
