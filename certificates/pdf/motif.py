"""The constellation of the network: its eighteen establishments, loosely along the river.

The same points as the motif of the site (`templates/components/constellation.html`), in a field of
640 by 400 from the upper left corner.
"""

from collections.abc import Iterable
from functools import lru_cache

FIELD = (640.0, 400.0)

# x, y, radius
STARS = (
    (50, 330, 3), (150, 262, 3), (196, 284, 3), (174, 334, 3), (210, 314, 3.5), (220, 342, 3.5),
    (243, 322, 4), (236, 364, 4), (266, 346, 5), (268, 300, 3.5), (304, 364, 3), (384, 352, 4),
    (338, 256, 4), (430, 196, 5), (404, 206, 3.5), (450, 228, 3.5), (440, 72, 4), (600, 92, 4),
)  # fmt: skip
HALOS = ((266, 346, 10), (430, 196, 10), (600, 92, 8.5), (440, 72, 8.5))
THREADS = (
    ((50, 330), (150, 262), (196, 284), (210, 314), (174, 334)),
    ((210, 314), (220, 342), (243, 322), (266, 346), (304, 364), (384, 352)),
    ((220, 342), (236, 364), (266, 346)),
    ((243, 322), (268, 300), (338, 256), (404, 206), (430, 196), (450, 228), (384, 352)),
    ((196, 284), (268, 300)),
    ((430, 196), (440, 72)),
    ((450, 228), (600, 92)),
)
# The outline of the river: where to start, lines and curves, closed.
RIVER = (
    ("m", (0, 372)),
    ("c", (70, 352), (120, 350), (160, 362)),
    ("c", (200, 374), (232, 396), (286, 358)),
    ("c", (300, 346), (306, 330), (318, 306)),
    ("c", (330, 282), (352, 268), (388, 236)),
    ("c", (420, 208), (440, 206), (462, 168)),
    ("c", (490, 118), (520, 70), (566, 34)),
    ("c", (586, 18), (604, 8), (616, 0)),
    ("l", (640, 0)),
    ("l", (640, 62)),
    ("c", (618, 72), (596, 78), (572, 104)),
    ("c", (536, 144), (512, 188), (474, 214)),
    ("c", (452, 228), (428, 230), (404, 252)),
    ("c", (380, 274), (362, 288), (344, 308)),
    ("c", (326, 328), (322, 352), (304, 352)),
    ("c", (268, 404), (216, 396), (164, 374)),
    ("c", (112, 352), (70, 364), (0, 386)),
)

_ROUND = 0.5523  # control points of a quarter circle


@lru_cache(maxsize=8)
def drawing(
    *,
    left: float,
    bottom: float,
    width: float,
    height: float,
    river: str,
    threads: str,
    stars: str,
    size: float,
) -> str:
    """PDF operators: the motif stretched over the box, its stars round and `size` times as large.

    Colours are three numbers from 0 to 1, as operators take them.
    """

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x / FIELD[0] * width, bottom + (1 - y / FIELD[1]) * height

    def path(points: Iterable[tuple[float, float]]) -> str:
        return " ".join(f"{x:.1f} {y:.1f}" for x, y in (at(*point) for point in points))

    grain = 0.55 * size
    code = [f"{river} rg", *(f"{path(points)} {verb}" for verb, *points in RIVER), "h f"]
    code.append(f"{threads} RG {grain:.2f} w")
    for head, *rest in THREADS:
        code += [f"{path([head])} m", *(f"{path([point])} l" for point in rest), "S"]
    code += [_circle(*at(x, y), radius * grain) + " S" for x, y, radius in HALOS]
    code.append(f"{stars} rg")
    code += [_circle(*at(x, y), radius * grain) + " f" for x, y, radius in STARS]
    return " ".join(code)


def _circle(x: float, y: float, r: float) -> str:
    k = r * _ROUND
    return (
        f"{x + r:.2f} {y:.2f} m "
        f"{x + r:.2f} {y + k:.2f} {x + k:.2f} {y + r:.2f} {x:.2f} {y + r:.2f} c "
        f"{x - k:.2f} {y + r:.2f} {x - r:.2f} {y + k:.2f} {x - r:.2f} {y:.2f} c "
        f"{x - r:.2f} {y - k:.2f} {x - k:.2f} {y - r:.2f} {x:.2f} {y - r:.2f} c "
        f"{x + k:.2f} {y - r:.2f} {x + r:.2f} {y - k:.2f} {x + r:.2f} {y:.2f} c"
    )
