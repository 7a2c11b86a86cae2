import pytest

from tests.bench.options import BadOption, Options


def test_options_have_the_defaults_of_their_benchmark():
    assert Options.read({}, people=300, seats=30) == Options(
        people=300, seats=30, processes=8, sessions=1, rounds=1, locks=True, churn=False
    )


def test_options_are_read_from_the_environment():
    chosen = {"PEOPLE": "900", "SEATS": "1", "ROUNDS": " 200 ", "LOCKS": "off", "CHURN": "1"}

    assert Options.read(chosen, people=300, seats=30) == Options(
        people=900, seats=1, rounds=200, locks=False, churn=True
    )


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("PEOPLE", "many", "PEOPLE must be a number from 1 to 5000, not 'many'."),
        ("SEATS", "0", "SEATS must be a number from 1 to 5000, not '0'."),
        ("PROCESSES", "65", "PROCESSES must be a number from 1 to 64, not '65'."),
        ("ROUNDS", "٣", "ROUNDS must be a number from 1 to 1000, not '٣'."),
        ("LOCKS", "perhaps", "LOCKS is on or off, not 'perhaps'."),
    ],
)
def test_an_option_that_cannot_be_is_refused_in_one_sentence(name, text, words):
    with pytest.raises(BadOption) as refusal:
        Options.read({name: text}, people=300, seats=30)

    assert str(refusal.value) == words
