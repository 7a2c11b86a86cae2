from datetime import timedelta

from django.contrib.auth.models import AnonymousUser

import pytest

from people.choices import MembershipRole, Role
from people.models import User
from people.policies import POLICIES, Scope
from people.selectors.rights import may, rights_of, roles_of, scope_for, scopes_for
from people.services.accounts import close_account
from people.services.memberships import end_membership, join_establishment
from people.services.roles import end_role, grant_role
from tests.factories.people import AT, coordinator, establishment, liaison_agent, person, trainer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_everybody_with_an_account_is_a_learner():
    assert roles_of(person()) == {Role.LEARNER}


def test_anonymous_reader_holds_public_rights_only():
    nobody = AnonymousUser()
    assert roles_of(nobody) == frozenset()
    assert rights_of(nobody) == {name for name, row in POLICIES.items() if row.is_public}
    assert scope_for(nobody, "site.read") == Scope.PUBLIC
    assert scope_for(nobody, "courses.enrol") is None


def test_granted_role_opens_its_rights_until_it_ends():
    staff, user = coordinator(), person()
    assert not may(user, "courses.manage")
    grant_role(user=user, role=Role.COORDINATOR, by=staff, at=AT)
    assert may(user, "courses.manage")
    end_role(user=user, role=Role.COORDINATOR, by=staff, at=AT)
    assert not may(user, "courses.manage")


def test_liaison_agent_comes_from_a_verified_membership():
    agent = liaison_agent()
    assert roles_of(agent) == {Role.LEARNER, Role.LIAISON}
    assert scope_for(agent, "people.verify_membership") == Scope.OWN_ESTABLISHMENT


def test_unverified_liaison_agent_holds_nothing():
    user = person()
    join_establishment(user=user, establishment=establishment(), role=MembershipRole.LIAISON, at=AT)
    assert Role.LIAISON not in roles_of(user)


def test_ended_liaison_agent_holds_nothing_from_that_day():
    agent = liaison_agent()
    membership = agent.memberships.get()
    end_membership(membership=membership, by=agent, at=AT)
    agent = fresh(agent)
    assert Role.LIAISON not in roles_of(agent, AT.date())
    assert Role.LIAISON in roles_of(agent, AT.date() - timedelta(days=1))


def test_widest_scope_wins_and_both_are_told():
    user = trainer()
    grant_role(user=user, role=Role.COORDINATOR, by=coordinator(), at=AT)
    assert scopes_for(user, "attendance.mark") == {Scope.OWN_SESSIONS, Scope.ALL}
    assert scope_for(user, "attendance.mark") == Scope.ALL


def test_closed_account_holds_nothing():
    user = coordinator()
    close_account(user=user, by=user, at=AT)
    assert roles_of(fresh(user)) == frozenset()


def test_first_account_of_the_command_line_is_a_coordinator():
    user = User.objects.create_superuser("premiere@exemple.test")
    assert may(user, "people.manage")


def test_rights_cost_two_queries_whatever_is_asked(django_assert_num_queries):
    user = fresh(coordinator())
    with django_assert_num_queries(2):
        rights_of(user)
        assert may(user, "courses.manage")
        assert scope_for(user, "courses.roster") == Scope.ALL


def test_unknown_action_is_an_error():
    with pytest.raises(KeyError):
        may(person(), "courses.misspelt")
