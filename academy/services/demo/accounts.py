"""The people one may become with one click, one for each role. Fictional, all of them."""

from dataclasses import dataclass

from people.choices import DEMO_ACCOUNTS, Language, Role


@dataclass(frozen=True)
class Account:
    """A demonstration account; `establishment` and `profession` are codes of seeded rows."""

    role: Role
    printed_name: str
    label_fr: str
    label_en: str
    profession: str
    establishment: str
    language: str = Language.FRENCH

    @property
    def email(self) -> str:
        """Its address: the list stands in people.choices, where sign-in reads it too."""
        return DEMO_ACCOUNTS[self.role]


ACCOUNTS = [
    Account(
        Role.LEARNER,
        "Camille Bergeron",
        "Apprenante",
        "Learner",
        "infirmiere-recherche",
        "chum",
    ),
    Account(
        Role.TRAINER,
        "Geneviève Lapointe",
        "Formatrice",
        "Trainer",
        "infirmiere-recherche",
        "chu-de-quebec",
    ),
    Account(
        Role.COORDINATOR,
        "Annick Desrochers",
        "Coordination de l’Académie",
        "Coordinator of the Academy",
        "gestionnaire",
        "chum",
    ),
    Account(
        Role.LIAISON,
        "Mathieu Gagnon-Roy",
        "Agent de liaison du CHUM",
        "Liaison agent of the CHUM",
        "coordonnatrice-recherche",
        "chum",
    ),
    Account(
        Role.COMMITTEE,
        "Louise Hamelin",
        "Comité scientifique",
        "Scientific committee",
        "medecin",
        "ciusss-estrie",
    ),
    Account(
        Role.DIRECTION,
        "Robert Villeneuve",
        "Direction",
        "Direction",
        "gestionnaire",
        "chu-de-quebec",
    ),
    Account(
        Role.INSPECTOR,
        "Sarah Whitfield",
        "Inspection (lecture seule)",
        "Inspector (read-only)",
        "affaires-reglementaires",
        "cusm",
        Language.ENGLISH,
    ),
]
