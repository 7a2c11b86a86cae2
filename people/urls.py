"""Addresses of the ground floor. `sign_in_patterns` bear allauth's own names, without namespace."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from allauth.account import views as allauth_views
from allauth.usersessions import views as usersessions_views

from people.views import account, memberships, onboarding, sign_in

app_name = "people"


urlpatterns = [
    path(_("account/"), account.account, name="account"),
    path(_("account/welcome/"), onboarding.onboarding, name="onboarding"),
    path(_("account/establishment/"), account.join_place, name="join_place"),
    path(_("account/community/"), account.join_group, name="join_group"),
    path(_("account/memberships/<int:pk>/leave/"), account.leave, name="leave"),
    path(_("account/consent/"), account.consent, name="consent"),
    path(_("account/close/"), account.account_close, name="account_close"),
    path(_("account/demo/"), sign_in.demo_sign_in, name="demo_sign_in"),
    path(_("memberships/"), memberships.memberships, name="memberships"),
    path(
        _("memberships/<int:pk>/verify/"),
        memberships.verify,
        name="verify_membership",
    ),
    path(_("memberships/<int:pk>/role/"), memberships.set_role, name="membership_role"),
    path(_("memberships/<int:pk>/end/"), memberships.end, name="end_membership"),
]

sign_in_patterns = [
    path(_("account/sign-in/"), sign_in.sign_in, name="account_login"),
    path(
        _("account/sign-in/code/"),
        allauth_views.confirm_login_code,
        name="account_confirm_login_code",
    ),
    path(
        _("account/sign-in/ask/"),
        sign_in.sign_in,
        name="account_request_login_code",
    ),
    path(_("account/sign-up/"), sign_in.sign_up, name="account_signup"),
    path(_("account/sign-out/"), allauth_views.logout, name="account_logout"),
    path(
        _("account/closed/"),
        allauth_views.account_inactive,
        name="account_inactive",
    ),
    path(_("account/addresses/"), allauth_views.email, name="account_email"),
    path(
        _("account/addresses/code/"),
        allauth_views.email_verification_sent,
        name="account_email_verification_sent",
    ),
    path(
        _("account/confirm/"),
        allauth_views.reauthenticate,
        name="account_reauthenticate",
    ),
    path(
        _("account/devices/"),
        usersessions_views.list_usersessions,
        name="usersessions_list",
    ),
]
