"""The evaluation form that Canadian accreditors expect, version 1, in both languages."""

from datetime import datetime, timezone

from django.db import migrations

CANMEDS = [
    ("expert", "Expertise professionnelle", "Professional expertise"),
    ("communicator", "Communication", "Communication"),
    ("collaborator", "Collaboration", "Collaboration"),
    ("leader", "Leadership", "Leadership"),
    ("advocate", "Promotion de la santé", "Health advocacy"),
    ("scholar", "Érudition", "Scholarship"),
    ("professional", "Professionnalisme", "Professionalism"),
]
YES_NO = [("yes", "Oui", "Yes"), ("no", "Non", "No")]


def options(rows):
    return [{"value": v, "label_fr": fr, "label_en": en} for v, fr, en in rows]


# (key, kind, French, English, extra)
QUESTIONS = [
    ("overall", "likert", "Dans l’ensemble, à quel point êtes-vous satisfaite ou satisfait de cette formation?",
     "Overall, how satisfied are you with this training?",
     {"is_required": True, "help_fr": "1 : pas du tout satisfaite ou satisfait. 5 : très satisfaite ou satisfait.",
      "help_en": "1: not at all satisfied. 5: very satisfied."}),
    ("content", "section", "Le contenu", "The content", {}),
    ("objectives", "matrix", "Chaque objectif d’apprentissage a été atteint.",
     "Each learning objective was met.",
     {"rows": "objectives", "help_fr": "1 : pas du tout en accord. 5 : tout à fait en accord.",
      "help_en": "1: strongly disagree. 5: strongly agree."}),
    ("relevance", "likert", "Le contenu est pertinent pour ma pratique.",
     "The content is relevant to my practice.", {}),
    ("bias", "single", "Avez-vous perçu un biais commercial?", "Did you perceive any commercial bias?",
     {"options": options(YES_NO)}),
    ("bias_details", "text", "Décrivez ce biais.", "Please describe it.",
     {"only_if_key": "bias", "only_if_value": "yes"}),
    ("ethics", "single",
     "Le Code d’éthique du Conseil québécois de développement professionnel continu des médecins a été respecté.",
     "The code of ethics of the Conseil québécois de développement professionnel continu des médecins was respected.",
     {"options": options(YES_NO)}),
    ("interactivity", "single", "Au moins le quart du temps a permis d’interagir.",
     "At least a quarter of the time allowed interaction.", {"options": options(YES_NO)}),
    ("canmeds", "multiple", "Quels rôles CanMEDS cette formation a-t-elle touchés?",
     "Which CanMEDS roles did this training address?", {"options": options(CANMEDS)}),
    ("people", "section", "L’équipe de formation", "The trainers", {}),
    ("trainers", "matrix", "La présentation était claire et maîtrisée.",
     "The presentation was clear and well mastered.", {"rows": "trainers"}),
    ("practice", "section", "La suite", "What comes next", {}),
    ("change", "text", "Que changerez-vous dans votre pratique?", "What will you change in your practice?", {}),
    ("obstacles", "text", "Qu’est-ce qui pourrait vous en empêcher?", "What might stand in the way?", {}),
    ("needs", "text", "Sur quels sujets aimeriez-vous être formée ou formé?",
     "On which subjects would you like training?", {}),
    ("organisation", "likert", "L’organisation et la technique étaient bonnes.",
     "Organisation and technology worked well.", {}),
    ("nps", "nps", "Recommanderiez-vous cette formation à une ou un collègue?",
     "Would you recommend this training to a colleague?",
     {"help_fr": "0 : certainement pas. 10 : certainement.", "help_en": "0: certainly not. 10: certainly."}),
    ("comment", "text", "Avez-vous un commentaire?", "Do you have a comment?", {}),
]


def seed(apps, schema_editor):
    questionnaire, _ = apps.get_model("surveys", "Questionnaire").objects.get_or_create(
        code="evaluation",
        defaults={"title_fr": "Évaluation de la formation", "title_en": "Evaluation of the training"},
    )
    version, created = apps.get_model("surveys", "QuestionnaireVersion").objects.get_or_create(
        questionnaire=questionnaire, number=1,
        defaults={"created_at": datetime(2026, 9, 1, tzinfo=timezone.utc)},
    )
    if not created:
        return
    Question = apps.get_model("surveys", "Question")
    for order, (key, kind, french, english, extra) in enumerate(QUESTIONS):
        Question.objects.create(
            version=version, key=key, kind=kind, text_fr=french, text_en=english, sort_order=order, **extra
        )


def unseed(apps, schema_editor):
    apps.get_model("surveys", "Questionnaire").objects.filter(
        code="evaluation", versions__surveys__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial")]
    operations = [migrations.RunPython(seed, unseed)]
