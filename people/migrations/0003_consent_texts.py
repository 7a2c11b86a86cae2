"""The first words people agree to, one text for each purpose, in both languages."""

from datetime import date

from django.db import migrations

EFFECTIVE_ON = date(2026, 1, 1)

TEXTS = {
    "account": (
        "J’accepte que l’Académie conserve mon courriel, mon nom, ma profession, mon établissement et "
        "mon dossier de formation (inscriptions, présences, attestations). Ces renseignements servent à "
        "réserver mes places, à m’écrire au sujet de mes formations, à remettre mes attestations et à "
        "en garder la preuve. L’équipe de l’Académie y a accès; les formatrices et formateurs voient la "
        "liste des personnes inscrites à leurs séances; l’agente ou l’agent de liaison de mon "
        "établissement voit mes inscriptions. Ils ne sont ni vendus ni communiqués à d’autres fins. "
        "Les présences et les attestations sont conservées quinze ans, comme l’exige la réglementation "
        "sur les essais cliniques; le reste est effacé à la fermeture de mon compte. Je peux en tout "
        "temps consulter, corriger ou télécharger mes renseignements et fermer mon compte dans "
        "« Mon compte ».",
        "I agree that the Académie keeps my email, my name, my profession, my establishment and my "
        "training record (enrolments, attendance, attestations). They are used to hold my places, to "
        "write to me about my trainings, to deliver my attestations and to keep proof of them. The team "
        "of the Académie has access to them; trainers see who is enrolled in their sessions; the liaison "
        "agent of my establishment sees my enrolments. They are neither sold nor shared for any other "
        "purpose. Attendance and attestations are kept for fifteen years, as clinical trial regulations "
        "require; the rest is erased when I close my account. At any time I can consult, correct or "
        "download my information and close my account under “My account”.",
    ),
    "announcements": (
        "J’accepte de recevoir par courriel l’annonce des nouvelles formations de l’Académie. Ce choix "
        "est facultatif et je peux le changer en tout temps dans « Mon compte ».",
        "I agree to receive announcements of the Académie’s new trainings by email. This choice is "
        "optional and I can change it at any time under “My account”.",
    ),
    "public_name": (
        "J’accepte que mon nom soit affiché à la personne qui vérifie mon attestation avec son code ou "
        "son numéro. Sans cet accord, la page confirme l’attestation et ne montre que mes initiales. Je "
        "peux changer ce choix en tout temps dans « Mon compte ».",
        "I agree that my name is shown to whoever verifies my attestation with its code or its number. "
        "Without it, the page confirms the attestation and shows only my initials. I can change this "
        "choice at any time under “My account”.",
    ),
}


def write(apps, schema_editor):
    texts = apps.get_model("people", "ConsentText").objects
    for purpose, (text_fr, text_en) in TEXTS.items():
        texts.get_or_create(purpose=purpose, version=1, defaults={
            "text_fr": text_fr.replace("« ", "«\u00a0").replace(" »", "\u00a0»"),
            "text_en": text_en, "effective_on": EFFECTIVE_ON})


def take_away(apps, schema_editor):
    texts = apps.get_model("people", "ConsentText").objects
    texts.filter(version=1, consents__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [("people", "0002_network")]
    operations = [migrations.RunPython(write, take_away)]
