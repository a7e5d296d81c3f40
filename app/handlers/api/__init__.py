"""The HTTP API under /api/v1: what programs do request by request (docs/api.md)."""
