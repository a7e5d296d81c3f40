"""What other people's scanners need (docs/security.md, "From outside"). Not part of the server."""
