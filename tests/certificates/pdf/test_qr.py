import segno

from certificates.pdf import qr

URL = "https://academie.example/v/4f9c2d1e7b8a4c0f9e3d2b1a6c5d4e3f/"


def test_the_modules_are_those_of_the_standard_encoder():
    code = segno.make_qr(URL, error="m", boost_error=False)

    assert qr.modules(URL) == tuple(tuple(map(bool, row)) for row in code.matrix)
    assert code.error == "M"


def test_the_drawing_fills_those_modules_and_leaves_the_quiet_zone():
    rows = qr.modules(URL)
    count = len(rows)
    side = float(count + 2 * qr.QUIET)  # one unit a module

    words = qr.path(URL, left=10, bottom=20, side=side).split()
    assert words[-1] == "f"
    seen = [[False] * count for _ in range(count)]
    for at in range(0, len(words) - 1, 5):
        x, y, wide, high = map(float, words[at : at + 4])
        assert (words[at + 4], high) == ("re", 1.0)
        row = count - 1 - round(y - 20 - qr.QUIET)
        start = round(x - 10 - qr.QUIET)
        assert start >= 0
        for column in range(start, start + round(wide)):
            seen[row][column] = True

    assert tuple(map(tuple, seen)) == rows
