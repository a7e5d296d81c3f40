"""The certificate of the gateway: whether it can be used, and for how long."""

import ssl
import time
from collections.abc import Iterator
from pathlib import Path

from app.checks.finding import Finding
from app.errors import SettingsError
from app.gateway.tls import server_context
from app.settings import Settings

DAYS = 14
"""Before its end a certificate should have been renewed: what renews them tries a month before."""
TOO_OPEN = 0o037
"""Of a file's mode: a group may read the key, such as that of those who serve with it."""
EXPIRED = 10
"""OpenSSL's X509_V_ERR_CERT_HAS_EXPIRED."""
RENEW = "Renew it, and restart the server."


def findings(settings: Settings) -> Iterator[Finding]:
    """Nothing where no certificate is used."""
    if settings.gateway_port is None or not settings.gateway_certificate:
        return
    try:
        context = server_context(settings.gateway_certificate, settings.gateway_key)
    except SettingsError as error:
        cure = "Until then the server does not start."
        yield Finding("gateway-certificate", "problem", error.problems["GATEWAY_CERTIFICATE"], cure)
        return
    yield from _validity(settings.gateway_certificate, context)
    if Path(settings.gateway_key).stat().st_mode & TOO_OPEN:
        cause = "Others on this machine can read GATEWAY_KEY, and speak as this server with it."
        yield Finding("gateway-key-open", "warning", cause, f"Run: chmod 600 {settings.gateway_key}")


def _validity(certificate: str, context: ssl.SSLContext) -> Iterator[Finding]:
    try:
        days = (_end(certificate, context) - time.time()) / 86_400
    except ssl.SSLCertVerificationError as error:
        if error.verify_code == EXPIRED:
            yield Finding("gateway-expired", "problem", "GATEWAY_CERTIFICATE has expired: no program trusts it.", RENEW)
        else:
            cause = f"GATEWAY_CERTIFICATE will not be trusted: {error.verify_message}."
            yield Finding("gateway-certificate", "problem", cause, "Get one for servers.")
        return
    if days < DAYS:
        yield Finding("gateway-expires", "warning", f"GATEWAY_CERTIFICATE expires in {days:.0f} days.", RENEW)


def _end(certificate: str, context: ssl.SSLContext) -> float:
    """When it expires, in seconds since 1970: as a client is told in a handshake, here without a network. Raises
    SSLCertVerificationError."""
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust.check_hostname = False
    trust.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # by itself, whoever has signed it
    trust.load_verify_locations(certificate)
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client, server = trust.wrap_bio(down, up), context.wrap_bio(up, down, server_side=True)
    for side in (client, server, client, server, client):  # the server asks for its curve once more
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    found = client.getpeercert()
    assert found, "it has been verified"
    return ssl.cert_time_to_seconds(str(found["notAfter"]))
