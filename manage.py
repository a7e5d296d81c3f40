#!/usr/bin/env python
"""Roost's commands; `python manage.py` lists them."""

import sys

from app.management.command_line import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
