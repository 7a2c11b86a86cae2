"""Signature images: whatever staff uploaded, made one small opaque picture or refused.

The bytes are opened by Pillow alone, in three formats, with a limit on pixels before any is
decoded; what reaches the page is our own grey or colour raster, never the file itself.
"""

import warnings
import zlib
from functools import lru_cache
from io import BytesIO

from PIL import Image

from certificates.pdf.refusals import UnusableImage
from certificates.pdf.seams import Stream

FORMATS = ("PNG", "JPEG", "WEBP")
PIXELS = 12_000_000  # a phone's photograph; beyond it, a bomb
SIDE = 720  # pixels kept on the longer side: 300 dpi at the size it is printed


class Picture:
    """An image ready to be embedded, and its shape."""

    def __init__(self, stream: Stream, ratio: float) -> None:
        self.stream, self.ratio = stream, ratio


def signature(data: bytes, *, name: str) -> Picture:
    """The image on white, its margins cut off. Raises UnusableImage(name)."""
    content, width, height = _raster(data, name)
    entries = (
        f"/Type /XObject /Subtype /Image /Width {width} /Height {height} "
        "/ColorSpace /DeviceRGB /BitsPerComponent 8"
    )
    return Picture(Stream(content, entries, packed=True), width / height)


@lru_cache(maxsize=16)
def _raster(data: bytes, name: str) -> tuple[bytes, int, int]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=FORMATS) as image:
                if image.width * image.height > PIXELS or not image.width * image.height:
                    raise UnusableImage(name)
                drawn = image.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning) as error:
        raise UnusableImage(name) from error
    paper = Image.new("RGB", drawn.size, "white")
    paper.paste(drawn, mask=drawn.getchannel("A"))
    inked = Image.eval(paper.convert("L"), lambda level: 255 if level < 250 else 0).getbbox()
    if inked is None:
        raise UnusableImage(name)
    paper = paper.crop(inked)
    paper.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return zlib.compress(paper.tobytes(), 9), paper.width, paper.height
