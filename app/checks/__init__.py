"""What `manage.py check` looks at, and the words for what it finds."""
