"""The headers every answer carries, errors and files included (SECURITY S17, S18, S19)."""

from urllib.parse import urlsplit

from app.settings import Settings

YEAR = 31_536_000


def security_headers(settings: Settings, import_map_hash: str) -> dict[str, str]:
    headers = {
        "Content-Security-Policy": content_policy(settings, import_map_hash),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
    if settings.https:
        headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
    return headers


def content_policy(settings: Settings, import_map_hash: str) -> str:
    """What a page may load and do: our own files, our own socket, nothing inline but the import map."""
    socket = f"{'wss' if settings.https else 'ws'}://{urlsplit(settings.public_url).netloc}"
    directives = {
        "default-src": "'none'",
        "script-src": f"'self' '{import_map_hash}'",
        "style-src": "'self'",
        "img-src": "'self' blob:",
        "media-src": "'self'",
        "connect-src": f"'self' {socket}",
        "font-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())
