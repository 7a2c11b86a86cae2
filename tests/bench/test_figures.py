import pytest

from tests.bench.figures import Shift, Stretch, percentile, ratio_of


@pytest.mark.parametrize(
    ("percent", "value"), [(1, 1), (50, 50), (99, 99), (99.1, 100), (100, 100)]
)
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(percent, value):
    assert percentile(list(range(100, 0, -1)), percent) == value


def test_a_percentile_of_one_is_that_one_and_of_none_is_zero():
    assert (percentile([7.0], 50), percentile([], 99)) == (7.0, 0.0)


def test_a_stretch_lasts_from_the_first_beginning_to_the_last_end():
    stretch = Stretch()
    stretch.add([Shift(10.0, 12.0, [0.1, 0.2]), Shift(11.0, 14.0, [0.3], ["Refused: no"])])

    assert (stretch.seconds, stretch.rate, stretch.errors) == (4.0, 0.75, ["Refused: no"])


def test_the_pauses_between_rounds_are_not_counted():
    stretch = Stretch()
    stretch.add([Shift(0.0, 1.0, [0.5, 0.5])])
    stretch.add([Shift(100.0, 101.0, [0.5, 0.5])])

    assert stretch.rate == 2.0


def test_ratios_are_taken_turn_by_turn():
    """A turn in which the whole machine was slow says nothing about the ratio."""
    assert ratio_of([100.0, 10.0, 90.0], [1000.0, 100.0, 1000.0]) == 0.1
