import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from certificates.pdf import render_attestation
from certificates.pdf.signing import Seal, UnusableKey, make_test_authority, sign, verify
from tests.certificates.pdf.paper import facts, failures, poppler, text


@pytest.fixture(scope="module")
def authority() -> tuple[bytes, bytes, bytes]:
    return make_test_authority()


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    return render_attestation(facts(), language="fr")


@pytest.fixture(scope="module")
def sealed(authority, unsigned) -> bytes:
    root, leaf, key = authority
    return sign(
        unsigned, key_pem=key, certificate_pem=leaf, chain_pem=root, reason="QC-2026-000123-K"
    )


def test_a_seal_is_intact_and_trusted_by_its_own_root(sealed, authority):
    seal = verify(sealed, roots_pem=authority[0])

    assert (seal.is_good, seal.is_trusted) == (True, True)
    assert seal.signer == "Académie Q-CROC – sceau d’essai"
    assert seal.signed_at is not None


def test_another_root_does_not_trust_it(sealed):
    seal = verify(sealed, roots_pem=make_test_authority()[0])

    assert (seal.is_intact, seal.is_trusted) == (True, False)


def test_an_unsigned_file_is_said_unsigned(unsigned):
    assert not verify(unsigned).is_signed
    assert not verify(b"no pdf").is_signed


def test_the_page_stays_archivable_accessible_and_readable_under_the_seal(sealed, unsigned):
    assert sealed.startswith(unsigned)
    assert failures(sealed) == []
    assert text(sealed) == text(unsigned)


@pytest.mark.parametrize("part", [0.001, 0.2, 0.5, 0.8, 0.86, 0.995])
def test_one_changed_byte_breaks_the_seal(sealed, authority, part):
    changed = bytearray(sealed)
    changed[int(len(sealed) * part)] ^= 1

    assert not verify(bytes(changed), roots_pem=authority[0]).is_good


def test_a_byte_more_or_less_breaks_the_seal(sealed, authority):
    assert not verify(sealed + b"\n", roots_pem=authority[0]).is_good
    assert not verify(sealed[:-40], roots_pem=authority[0]).is_good


def test_the_chain_may_stand_in_one_file_in_any_order(unsigned, authority):
    root, leaf, key = authority

    for certificates in (leaf + root, root + leaf):
        signed = sign(
            unsigned, key_pem=key, certificate_pem=certificates, chain_pem=None, reason="n"
        )
        assert verify(signed, roots_pem=root).is_trusted


def test_a_key_that_does_not_fit_is_refused(unsigned, authority):
    root, leaf, key = authority
    other = make_test_authority()[2]
    form = (
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    wide = ec.generate_private_key(ec.SECP384R1()).private_bytes(*form)
    classic = rsa.generate_private_key(65537, 2048).private_bytes(*form)

    for key_pem, certificate_pem in (
        (other, leaf),
        (wide, leaf),
        (classic, leaf),
        (b"garbage", leaf),
        (key, b"garbage"),
        (key, root),
    ):
        with pytest.raises(UnusableKey):
            sign(
                unsigned,
                key_pem=key_pem,
                certificate_pem=certificate_pem,
                chain_pem=None,
                reason="n",
            )


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="needs poppler-utils")
def test_an_independent_reader_calls_the_signature_valid(sealed, tmp_path):
    said = poppler("pdfsig", sealed, tmp_path)

    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    changed = bytearray(sealed)
    changed[len(sealed) // 2] ^= 1
    assert "Signature is Valid" not in poppler("pdfsig", bytes(changed), tmp_path)


def test_a_file_is_signed_and_read_beside_a_running_event_loop():
    root, leaf, key = make_test_authority()

    async def beside() -> Seal:
        pdf = render_attestation(facts(), language="fr")
        return verify(
            sign(pdf, key_pem=key, certificate_pem=leaf, chain_pem=root, reason="QC"),
            roots_pem=root,
        )

    with ThreadPoolExecutor(1) as pool:  # this thread may run a browser's loop already
        assert pool.submit(asyncio.run, beside()).result().is_trusted
