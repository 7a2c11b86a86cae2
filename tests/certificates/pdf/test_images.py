import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from certificates.pdf import UnusableImage
from certificates.pdf.images import SIDE, signature
from tests.certificates.pdf.paper import drawn_image


def _bomb() -> bytes:
    """A PNG of some bytes that claims 40,000 by 40,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99))


@pytest.mark.parametrize("fmt", ["PNG", "JPEG", "WEBP"])
def test_an_image_is_cut_to_its_ink(fmt):
    picture = signature(drawn_image(fmt), name="Sophie Lavoie")

    assert 3.0 < picture.ratio < 5.0  # 266 by 66 pixels of ink on 300 by 100


def test_a_large_photograph_is_made_small():
    picture = signature(drawn_image(size=(3000, 1000)), name="Sophie Lavoie")

    assert f"/Width {SIDE}".encode() in picture.stream.body
    assert len(picture.stream.body) < 60_000


def _blank() -> bytes:
    out = BytesIO()
    Image.new("RGB", (50, 50), "white").save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        drawn_image("GIF"),
        drawn_image()[:200],
        _bomb(),
        _blank(),
    ],
    ids=["empty", "svg", "pdf", "gif", "cut short", "bomb", "blank"],
)
def test_what_is_no_signature_is_refused_by_name(data):
    with pytest.raises(UnusableImage, match="Sophie Lavoie") as refusal:
        signature(data, name="Sophie Lavoie")

    assert refusal.value.name == "Sophie Lavoie"
