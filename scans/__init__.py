"""Known holes in what is pinned, and what other people's scanners need (docs/security.md, "From outside"). Not part of
the server."""
