"""The policy table, cell by cell: who may do what, and to which rows."""

import pytest

from people.choices import Role
from people.policies import FOREIGN_VIEWS, POLICIES, Scope, policy

# ALL every row · SITE own establishment · OWN own sessions · SELF oneself · · no
ROLES = ("learner", "trainer", "committee", "liaison", "coordinator", "direction", "inspector")
TABLE = """
people.account              SELF  ·    ·    ·     ·    ·    ·
courses.enrol               SELF  ·    ·    ·     ·    ·    ·
courses.follow              SELF  ·    ·    ·     ·    ·    ·
certificates.own            SELF  ·    ·    ·     ·    ·    ·
notices.follow              SELF  ·    ·    ·     ·    ·    ·
courses.roster              ·     OWN  ·    SITE  ALL  ALL  ALL
courses.guests              ·     OWN  ·    ·     ALL  ·    ·
attendance.mark             ·     OWN  ·    ·     ALL  ·    ·
surveys.results             ·     OWN  ·    ·     ALL  ALL  ·
people.verify_membership    ·     ·    ·    SITE  ALL  ·    ·
courses.delegate            ·     ·    ·    SITE  ALL  ·    ·
academy.dashboard           ·     ·    ·    ·     ALL  ALL  ALL
academy.control_room        ·     ·    ·    ·     ALL  ·    ·
courses.manage              ·     ·    ·    ·     ALL  ·    ·
courses.overbook            ·     ·    ·    ·     ALL  ·    ·
attendance.import           ·     ·    ·    ·     ALL  ·    ·
attendance.close            ·     ·    ·    ·     ALL  ·    ·
attendance.read             ·     OWN  ·    ·     ALL  ALL  ALL
certificates.issue          ·     ·    ·    ·     ALL  ·    ·
certificates.read           ·     ·    ·    ·     ALL  ALL  ALL
surveys.manage              ·     ·    ·    ·     ALL  ·    ·
people.manage               ·     ·    ·    ·     ALL  ·    ·
notices.read                ·     ·    ·    ·     ALL  ·    ·
notices.write               ·     ·    ·    ·     ALL  ·    ·
cms.edit                    ·     OWN  ALL  ·     ALL  ·    ·
"""
PUBLIC = {
    "site.read",
    "site.sign_in",
    "site.demo",
    "certificates.verify",
    "surveys.answer",
    "courses.feed",
    "notices.unsubscribe",
}
SCOPES = {
    "ALL": Scope.ALL,
    "SITE": Scope.OWN_ESTABLISHMENT,
    "OWN": Scope.OWN_SESSIONS,
    "SELF": Scope.SELF,
    "·": None,
}
CELLS = {
    (line.split()[0], Role(role)): SCOPES[cell]
    for line in TABLE.strip().splitlines()
    for role, cell in zip(ROLES, line.split()[1:], strict=True)
}


def test_table_holds_these_actions_and_no_other():
    assert {name for name, _ in CELLS} | PUBLIC == set(POLICIES)


@pytest.mark.parametrize(("action", "role"), list(CELLS))
def test_cell(action, role):
    assert POLICIES[action].cells.get(role) == CELLS[action, role]


def test_public_actions_need_no_account():
    assert {name for name, row in POLICIES.items() if row.is_public} == PUBLIC


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.DIRECTION])
def test_readers_change_nothing(role):
    held = {name for name, row in POLICIES.items() if role in row.cells}
    verbs = {name.partition(".")[2] for name in held}
    assert verbs <= {"roster", "dashboard", "read", "results"}


def test_foreign_views_name_actions_of_the_table():
    assert set(FOREIGN_VIEWS.values()) <= set(POLICIES)


def test_unknown_action_cannot_be_worn():
    with pytest.raises(KeyError, match=r"courses\.misspelt"):
        policy("courses.misspelt")
