from certificates.models.accreditations import Accreditation, AccreditingBody, Signatory
from certificates.models.certificates import (
    Certificate,
    CertificateContent,
    CertificateEvent,
    CertificateFile,
    NumberSequence,
)

__all__ = [
    "Accreditation",
    "AccreditingBody",
    "Certificate",
    "CertificateContent",
    "CertificateEvent",
    "CertificateFile",
    "NumberSequence",
    "Signatory",
]
