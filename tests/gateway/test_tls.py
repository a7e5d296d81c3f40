import ssl
import warnings
from pathlib import Path

import pytest

from app.errors import SettingsError
from app.gateway.tls import HYBRID_SINCE, server_context
from tests.gateway.conftest import Gate
from tests.support.gateway import Pair, Program


def client(pair: Pair, version: ssl.TLSVersion, ciphers: str = "ALL:@SECLEVEL=0") -> ssl.SSLContext:
    """One that would take what the server must not give."""
    context = pair.trusted
    context.set_ciphers(ciphers)
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = context.maximum_version = version
    return context


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_tls_from_1_2_on_is_spoken_with_authenticated_encryption(
    secret: Gate, pair: Pair, version: ssl.TLSVersion
) -> None:
    async with Program(secret.port, client(pair, version)) as program:
        program.send(secret.known())
        assert (await program.event())["type"] == "session.started"
        spoken = program.writer.get_extra_info("ssl_object")
        assert spoken.compression() is None
        assert "GCM" in spoken.cipher()[0] or "CHACHA20" in spoken.cipher()[0]


async def test_tls_1_1_is_refused(secret: Gate, pair: Pair) -> None:
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        await Program(secret.port, client(pair, ssl.TLSVersion.TLSv1_1)).__aenter__()


@pytest.mark.parametrize("suite", ["ECDHE-ECDSA-AES256-SHA384", "ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA"])
async def test_suites_without_authenticated_encryption_are_refused(secret: Gate, pair: Pair, suite: str) -> None:
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        await Program(secret.port, client(pair, ssl.TLSVersion.TLSv1_2, suite)).__aenter__()


@pytest.mark.skipif(ssl.OPENSSL_VERSION_INFO >= HYBRID_SINCE, reason="one curve would leave out the hybrid one")
@pytest.mark.parametrize("curve", ["secp384r1", "secp521r1", "X448"])
async def test_no_costly_curve_is_taken(secret: Gate, pair: Pair, curve: str) -> None:
    context = pair.trusted
    context.set_ecdh_curve(curve)
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        await Program(secret.port, context).__aenter__()


async def test_who_has_the_curve_of_all_alone_gets_in(secret: Gate, pair: Pair) -> None:
    context = pair.trusted
    context.set_ecdh_curve("prime256v1")
    async with Program(secret.port, context) as program:
        program.send(secret.known())
        assert (await program.event())["type"] == "session.started"


def test_no_other_suite_is_offered_and_nothing_renegotiated(pair: Pair) -> None:
    context = server_context(str(pair.certificate), str(pair.key))
    assert all(suite["aead"] for suite in context.get_ciphers())
    assert context.options & ssl.OP_NO_RENEGOTIATION
    assert context.options & ssl.OP_NO_COMPRESSION


@pytest.mark.parametrize("content", ["", "no certificate"])
def test_what_cannot_be_used_is_said_with_its_cure(pair: Pair, tmp_path: Path, content: str) -> None:
    broken = tmp_path / "broken.crt"
    if content:
        broken.write_text(content)
    with pytest.raises(SettingsError, match=r"GATEWAY_CERTIFICATE: .* python manage\.py gateway cert"):
        server_context(str(broken), str(pair.key))
