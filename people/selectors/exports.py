"""What the ground floor holds about one person, as plain data (Law 25: access and portability)."""

from typing import Any

from people.models import User


def export_person(user: User) -> dict[str, Any]:
    """Everything people's own tables say of `user`: dates in ISO, words in French and English.

    Upper floors have a function of the same name for theirs; the roof joins them into one file.
    """
    profile = getattr(user, "profile", None)
    profession = profile.profession if profile else None
    return {
        "key": str(user.key),
        "joined_at": user.date_joined.isoformat(),
        "last_signed_in_at": user.last_login.isoformat() if user.last_login else None,
        "addresses": [
            {"email": row.email, "is_verified": row.verified, "is_primary": row.primary}
            for row in user.emailaddress_set.order_by("-primary", "email")
        ],
        "profile": {
            "printed_name": profile.printed_name if profile else "",
            "profession_fr": profession.title_fr if profession else "",
            "profession_en": profession.title_en if profession else "",
            "permit_number": profile.permit_number if profile else "",
            "language": user.language,
        },
        "memberships": [
            {
                "establishment": row.establishment.name_fr if row.establishment else None,
                "community": row.community.name_fr if row.community else None,
                "organisation": row.organisation,
                "role": row.role,
                "verified_how": row.verified_how,
                "verified_at": row.verified_at.isoformat() if row.verified_at else None,
                "created_at": row.created_at.isoformat(),
                "ends_on": row.ends_on.isoformat() if row.ends_on else None,
            }
            for row in user.memberships.select_related("establishment", "community")
        ],
        "roles": [
            {
                "role": row.role,
                "granted_at": row.granted_at.isoformat(),
                "ended_at": row.ended_at.isoformat() if row.ended_at else None,
            }
            for row in user.role_grants.all()
        ],
        "consents": [
            {
                "purpose": row.text.purpose,
                "version": row.text.version,
                "text_fr": row.text.text_fr,
                "text_en": row.text.text_en,
                "is_given": row.is_given,
                "decided_at": row.decided_at.isoformat(),
            }
            for row in user.consents.select_related("text")
        ],
        "devices": [
            {
                "ip": row.ip,
                "user_agent": row.user_agent,
                "signed_in_at": row.created_at.isoformat(),
                "last_seen_at": row.last_seen_at.isoformat(),
            }
            for row in user.usersession_set.all()
        ],
    }
