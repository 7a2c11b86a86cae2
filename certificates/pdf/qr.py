"""The QR code of the verification address, drawn as filled rectangles: sharp at any size."""

from functools import lru_cache

import segno

QUIET = 4  # modules of white around the code, as ISO/IEC 18004 asks


@lru_cache(maxsize=64)
def modules(url: str) -> tuple[tuple[bool, ...], ...]:
    """The dark modules, row by row from the top, without the quiet zone; error correction M."""
    code = segno.make_qr(url, error="m", boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def path(url: str, *, left: float, bottom: float, side: float) -> str:
    """PDF operators that fill the dark modules; `side` includes the quiet zone."""
    rows = modules(url)
    count = len(rows)
    step = side / (count + 2 * QUIET)
    drawn = []
    for i, row in enumerate(rows):
        y = bottom + (count - 1 - i + QUIET) * step
        start = None
        for j, dark in enumerate((*row, False)):
            if dark and start is None:
                start = j
            elif not dark and start is not None:
                x = left + (start + QUIET) * step
                drawn.append(f"{x:.3f} {y:.3f} {(j - start) * step:.3f} {step:.3f} re")
                start = None
    return " ".join([*drawn, "f"])
