"""The seal: PAdES (baseline B) on P-256, so that one changed byte shows.

The signature certifies the file: no later change is allowed. It is invisible and leaves the page
PDF/A-2a and PDF/UA-1. Signing reads the clock (the signature holds its time) and draws random
numbers: a file is signed once, and the signed bytes are what is kept. A time-stamp authority can be
plugged in; without one the time is the signer's own claim.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from io import BytesIO
from typing import Any

from asn1crypto import pem
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

FIELD = "Signature"
RESERVED = 8192  # room for the signature and its chain; a stated size spares a rehearsal


class UnusableKey(Exception):  # noqa: N818 - a refusal
    """The key is not on P-256, or no certificate given belongs to it; said to operators."""


class _Writer(IncrementalPdfFileWriter):
    """Leaves the XMP packet as it was drawn: rewritten, it would lose its extension schema."""

    def _update_meta(self) -> None:
        pass


class _Signer(signers.Signer):
    """Holds the opened key: pyHanko's own signer opens and checks it anew for every signature."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, chain: Sequence[asn1.Certificate]) -> None:
        store = SimpleCertificateStore()
        store.register_multiple(chain)
        super().__init__(signing_cert=chain[0], cert_registry=store)
        self._key = key

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        algorithm = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384()}[digest_algorithm]
        return self._key.sign(data, ec.ECDSA(algorithm))


@lru_cache(maxsize=4)
def _signer(key_pem: bytes, certificates_pem: bytes) -> _Signer:
    try:
        key = serialization.load_pem_private_key(key_pem, password=None)
        chain = [
            asn1.Certificate.load(der)
            for kind, _, der in pem.unarmor(certificates_pem, multiple=True)
            if kind == "CERTIFICATE"
        ]
    except (ValueError, TypeError) as error:
        raise UnusableKey("The key or the certificate is not readable PEM.") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise UnusableKey("The key must be on the curve P-256.")
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    public = key.public_key().public_bytes(serialization.Encoding.DER, form)
    own = [each for each in chain if each.public_key.dump() == public]
    if not own:
        raise UnusableKey("No certificate belongs to the key.")
    rest = {each.dump(): each for each in chain if each.dump() != own[0].dump()}
    return _Signer(key, [own[0], *rest.values()])


def sign(
    pdf: bytes, *, key_pem: bytes, certificate_pem: bytes, chain_pem: bytes | None, reason: str,
    timestamper: TimeStamper | None = None,
) -> bytes:  # fmt: skip
    """The signed file. The first certificate that belongs to the key signs; the others are joined
    to it, so `certificate_pem` may hold the whole chain. `reason` is shown by PDF readers.

    Raises UnusableKey, or pyHanko's SigningError when the file is not one of ours.
    """
    signer = _signer(key_pem, certificate_pem + b"\n" + (chain_pem or b""))
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        reason=reason,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )
    field = fields.SigFieldSpec(
        sig_field_name=FIELD,
        readable_field_name=reason,
        invis_sig_settings=fields.InvisSigSettings(box_out_of_bounds=True),
    )
    seal = signers.PdfSigner(metadata, signer=signer, timestamper=timestamper, new_field_spec=field)
    try:
        out: BytesIO = _apart(seal.sign_pdf, _Writer(BytesIO(pdf)), bytes_reserved=RESERVED)
    except PdfError as error:
        raise SigningError("not a readable PDF") from error
    return out.getvalue()


def _apart(call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """`call(…)`, in a thread of its own where this one already runs an event loop.

    pyHanko's plain functions open a loop each, which Python refuses inside another one.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return call(*arguments, **options)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call, *arguments, **options).result()


# ------------------------------------------------------------------ reading a seal
@dataclass(frozen=True, kw_only=True)
class Seal:
    """What a file's signature proves. `is_trusted` speaks of the roots given, no others."""

    is_signed: bool
    is_intact: bool = False
    is_trusted: bool = False
    signer: str = ""
    signed_at: datetime | None = None

    @property
    def is_good(self) -> bool:
        return self.is_signed and self.is_intact


def verify(pdf: bytes, *, roots_pem: bytes = b"") -> Seal:
    """Reads the last signature of a file: every byte of it must be covered. Fetches nothing."""
    roots = [
        asn1.Certificate.load(der)
        for _, _, der in (pem.unarmor(roots_pem, multiple=True) if roots_pem else ())
    ]
    try:
        found = PdfFileReader(BytesIO(pdf)).embedded_signatures
        if not found:
            return Seal(is_signed=False)
        context = ValidationContext(trust_roots=roots, allow_fetching=False)
        status: Any = _apart(validate_pdf_signature, found[-1], signer_validation_context=context)
    except (PdfError, SignatureValidationError, ValueError, KeyError, TypeError, IndexError):
        return Seal(is_signed=b"/ByteRange" in pdf)
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return Seal(
        is_signed=True,
        is_intact=bool(status.intact and status.valid and whole),
        is_trusted=bool(status.trusted),
        signer=status.signing_cert.subject.native.get("common_name", ""),
        signed_at=status.signer_reported_dt,
    )


# ------------------------------------------------------------------ an authority to try with
def make_test_authority(*, years: int = 10) -> tuple[bytes, bytes, bytes]:
    """A root certificate, a signing certificate and its key, as PEM, made now and known to nobody.

    For demonstrations and tests: its names say so, and PDF readers will call the signer unknown.
    """
    start = datetime.now(UTC) - timedelta(days=1)
    end = start + timedelta(days=365 * years)
    root_key, leaf_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = _name("Académie Q-CROC – autorité d’essai")
    root = (
        _certificate(root_name, root_name, root_key.public_key(), start, end)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _certificate(
            _name("Académie Q-CROC – sceau d’essai"), root_name, leaf_key.public_key(), start, end
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
            critical=False,
        )
        .sign(root_key, hashes.SHA256())
    )
    key = leaf_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    encoding = serialization.Encoding.PEM
    return root.public_bytes(encoding), leaf.public_bytes(encoding), key


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CA"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Q-CROC (essai)"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey,
    start: datetime, end: datetime,
) -> x509.CertificateBuilder:  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
