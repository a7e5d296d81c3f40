"""The page, measured and photographed in Chromium: `make page`, `make screenshots`, `make icons` (docs/page.md);
and beside the other clients: `make clients`."""
