"""`roost chat`: the full-screen client for terminals (docs/terminal.md). It needs the extra `terminal`."""
