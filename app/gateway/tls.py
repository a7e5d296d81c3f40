"""What TLS means at the gateway (SECURITY S55)."""

import ssl

from app.errors import SettingsError

SUITES = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2: Python's default without its CBC suites, so that encryption is authenticated, as in all of TLS 1.3."""

CURVE = "prime256v1"
"""The one that every client of TLS 1.3 has (RFC 8446, 9.1). Python allows one or all, and of all a stranger would
choose P-384, with which a handshake takes five times the CPU. Who begins with X25519, as most do, is asked once more:
one more round trip for each connection, and 0.2 ms."""
HYBRID_SINCE = (3, 5)
"""The OpenSSL from which on all of them begin with one that a quantum computer does not break, which would be lost."""

HOW_TO_MAKE = "Make a pair to try it with: python manage.py gateway cert"


def server_context(certificate: str, key: str) -> ssl.SSLContext:
    """Raises SettingsError when the two cannot be read, or do not belong together."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(SUITES)
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    if ssl.OPENSSL_VERSION_INFO < HYBRID_SINCE:
        context.set_ecdh_curve(CURVE)
    try:
        # With a password, even an empty one, OpenSSL does not ask for it on a terminal where nobody sits.
        context.load_cert_chain(certificate, key, password="")
    except OSError as error:
        problem = f"Certificate and key cannot be used ({error.strerror or error}). {HOW_TO_MAKE}"
        raise SettingsError({"GATEWAY_CERTIFICATE": problem}) from error
    return context
