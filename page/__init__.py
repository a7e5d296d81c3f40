"""The page, measured and photographed in Chromium: `make page`, `make screenshots`, `make icons` (docs/page.md)."""
