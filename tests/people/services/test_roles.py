from datetime import timedelta

from django.contrib.auth.models import Group

import pytest

from people.choices import GRANTED_ROLES, Role
from people.services.roles import (
    EDITING_ROLES,
    RoleRefused,
    end_role,
    ensure_groups,
    grant_role,
)
from people.signals import role_changed
from tests.factories.people import AT, coordinator, person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LATER = AT + timedelta(days=10)


@pytest.mark.parametrize("role", GRANTED_ROLES)
def test_group_opens_the_admin_to_those_who_edit(role):
    user = person()
    grant_role(user=user, role=role, by=coordinator(), at=AT)
    user = type(user).objects.get(pk=user.pk)
    assert [group.name for group in user.groups.all()] == [role]
    assert user.has_perm("wagtailadmin.access_admin") is (role in EDITING_ROLES)


def test_ended_role_leaves_its_group_and_its_history():
    staff, user = coordinator(), person()
    grant_role(user=user, role=Role.TRAINER, by=staff, at=AT)
    grant = end_role(user=user, role=Role.TRAINER, by=staff, at=LATER)
    assert user.groups.count() == 0
    assert (grant.granted_by, grant.granted_at, grant.ended_at) == (staff, AT, LATER)


def test_granting_and_ending_are_idempotent_and_told_once():
    heard = []

    def hear(sender, user, role, at, **_):
        heard.append((role, at))

    staff, user = coordinator(), person()
    role_changed.connect(hear)
    try:
        first = grant_role(user=user, role=Role.TRAINER, by=staff, at=AT)
        assert grant_role(user=user, role=Role.TRAINER, by=staff, at=LATER) == first
        end_role(user=user, role=Role.TRAINER, by=staff, at=LATER)
        assert end_role(user=user, role=Role.TRAINER, by=staff, at=LATER) is None
    finally:
        role_changed.disconnect(hear)
    assert heard == [(Role.TRAINER, AT), (Role.TRAINER, LATER)]


@pytest.mark.parametrize("role", [Role.LEARNER, Role.LIAISON, "admin", ""])
def test_roles_that_come_otherwise_are_not_granted(role):
    with pytest.raises(RoleRefused):
        grant_role(user=person(), role=role, by=coordinator(), at=AT)


def test_only_who_manages_people_changes_roles():
    user = person()
    with pytest.raises(RoleRefused):
        grant_role(user=user, role=Role.COORDINATOR, by=user, at=AT)
    staff = coordinator()
    with pytest.raises(RoleRefused):
        end_role(user=staff, role=Role.COORDINATOR, by=user, at=AT)


def test_coordinator_does_not_end_their_own_role():
    staff = coordinator()
    with pytest.raises(RoleRefused):
        end_role(user=staff, role=Role.COORDINATOR, by=staff, at=LATER)


def test_groups_of_every_role_stand_after_the_migrations():
    assert set(Group.objects.values_list("name", flat=True)) >= set(GRANTED_ROLES)
    before = Group.objects.count()
    ensure_groups()
    assert Group.objects.count() == before
