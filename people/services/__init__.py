"""What may be done on the ground floor, one verb a function.

Every service of the house is keyword-only, takes its moment as `at` (aware) and owns its
transaction.
"""


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A rule says no. `str()` is a translated sentence fit to show.

    Every app's refusals descend from it.
    """
