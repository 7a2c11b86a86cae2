"""A coordinator's whole term, in a browser, in French: copied from last year's, adjusted,
announced, opened, changed on the day, cancelled in part, doubled for those who wait, and counted.

On SQLite and on PostgreSQL; the mails are those that arrive.
"""

import csv
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import desk
from tests.journeys.desk import HERE, NEW_TRAINER, OLD_TRAINER
from tests.journeys.product import Product
from tests.journeys.story import DAY, FULL, OFF, SECOND, SUBJECT, TERM, Story, link_in

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, start_product: Any) -> Product:
    """The running product with last year's term."""
    return start_product(request.param, prepare=desk.build)


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    """A machine shared by many takes its time; what is waited for comes or the test fails."""
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


def test_a_coordinators_whole_term(
    house: Product, browser: Browser, screenshot_folder: Path
) -> None:
    """The steps are one story: each begins where the one before ended."""
    story = Story(house, browser, screenshot_folder)
    last_years_term_is_copied(story)
    the_drafts_are_adjusted(story)
    the_term_is_announced_once_to_those_who_agreed(story)
    enrolment_opens(story)
    people_take_seats_and_wait(story)
    the_link_changes_on_the_day(story)
    the_trainer_is_replaced(story)
    one_session_is_postponed_and_finds_a_date(story)
    one_session_is_cancelled(story)
    those_who_wait_are_offered_a_second_session(story)
    one_who_still_waits_is_seated_beyond_the_capacity(story)
    the_demand_is_counted(story)
    for reader in (story.staff, story.ana, story.david):
        reader.close()


def last_years_term_is_copied(story: Story) -> None:
    staff, page = story.staff, story.staff.page
    staff.sign_in("/gestion/term/")
    page.get_by_role("button", name="Plus d’options").click()
    page.get_by_role("link", name="Préparer la prochaine programmation").click()
    page.locator("[name=title_fr]").fill(TERM)
    page.locator("[name=title_en]").fill("Winter 2026")
    staff.press("Voir ce qui serait fait")
    staff.says("3 ébauches seraient faites", "décalée de 52 semaines")
    for title in (FULL, DAY, OFF):
        row = page.get_by_role("row").filter(has_text=title)
        expect(row).to_contain_text("Adresse de connexion")
        expect(row).to_contain_text("Équipe de formation")
    staff.photograph("term-01-copy")
    assert desk.sessions_of(story.product, TERM) == {}

    staff.press("Faire la programmation et ses 3 ébauches")
    staff.says("3 séances ont été copiées en ébauches")
    for title in (FULL, DAY, OFF):
        link = page.locator("main").get_by_role("link", name=title)
        story.admin[title] = link.get_attribute("href") or ""
    staff.photograph("term-02-left-to-decide")
    story.keys = desk.sessions_of(story.product, TERM)
    assert sorted(story.keys) == sorted((FULL, DAY, OFF))


def the_drafts_are_adjusted(story: Story) -> None:
    """The first gets a new date, three seats, one of them kept, a trainer and an address; the
    second begins in three hours: its day is today."""
    staff, page = story.staff, story.staff.page
    staff.go(story.admin[FULL])
    later = desk.working_day(datetime.now(HERE) + timedelta(days=35)).replace(hour=13, minute=30)
    _adjust(story, later, "https://reunion.example/j/111")
    page.locator("[name=capacity]").fill("3")
    page.locator("#id_pools-ADD").click()
    page.locator("[name=pools-0-kind]").select_option("establishment")
    page.locator("[name=pools-0-capacity]").fill("1")
    place = page.locator("[name=pools-0-establishment]")
    place.select_option(label="Centre hospitalier de l’Université de Montréal (CHUM)")
    staff.photograph("term-03-adjust")
    staff.press("Enregistrer")
    expect(page.get_by_role("row").filter(has_text="13 h 30")).to_contain_text("0 / 3")

    staff.go(story.admin[DAY])
    _adjust(story, datetime.now(HERE) + timedelta(hours=3), "https://reunion.example/j/222")
    staff.press("Enregistrer")
    staff.go(story.admin[OFF])
    _adjust(story, later, "https://reunion.example/j/333")
    staff.press("Enregistrer")
    staff.go(story.at(FULL))
    staff.says("Centre hospitalier de l’Université de Montréal (CHUM)", "Reste à décider")
    expect(page.locator("#undecided + ul")).to_have_text("Agrément")
    staff.photograph("term-04-desk-of-a-draft")


def _adjust(story: Story, starts_at: datetime, join_url: str) -> None:
    page = story.staff.page
    page.locator("[name=meetings-0-starts_at]").fill(desk.clock(starts_at))
    page.locator("[name=meetings-0-ends_at]").fill(desk.clock(starts_at + timedelta(hours=1)))
    page.locator("[name=meetings-0-join_url]").fill(join_url)
    page.get_by_label(OLD_TRAINER).check()


def the_term_is_announced_once_to_those_who_agreed(story: Story) -> None:
    """Looked at, tried on oneself, started, stopped on its way and resumed: one letter each."""
    staff, page, mails = story.staff, story.staff.page, story.mails
    for title in (FULL, DAY, OFF):
        _take_step(story, title, "Annoncer")
    staff.go("/tableau-de-bord/")
    staff.follow("Annoncer une programmation")
    staff.follow("Annoncer une programmation")
    page.locator("[name=term]").select_option(label=TERM)
    page.locator("[name=subject_fr]").fill("La programmation {programmation} est prête")
    page.locator("[name=body_fr]").fill("Les inscriptions ouvrent aujourd’hui : {lien}")
    staff.press("Conserver et voir l’aperçu")
    told = [desk.ANA, *desk.READERS]
    staff.says(SUBJECT, f"Il joindrait {len(told)} personnes")
    frame = page.frame_locator("iframe").first.locator("body")
    for title in (FULL, DAY, OFF):
        expect(frame).to_contain_text(title)
    staff.photograph("term-05-announcement")

    staff.press("M’envoyer un essai")
    trial = mails.wait_for(desk.STAFF, SUBJECT)
    assert trial.subject == f"[Essai] {SUBJECT}"
    assert [address for address in told if mails.to(address)] == []

    mails.delay = 1.0  # slow enough to stop it on its way
    staff.press(f"Envoyer à {len(told)} personnes")
    mails.wait_for(told[0], SUBJECT)
    staff.press("Arrêter l’envoi")
    staff.says("Arrêté", "Il joindrait")
    staff.photograph("term-06-stopped")
    mails.delay = 0.0
    reached = [address for address in told if mails.to(address, SUBJECT)]
    assert 1 <= len(reached) < len(told)

    staff.press("Reprendre l’envoi")
    for address in told:
        letter = mails.wait_for(address, SUBJECT)
        assert "List-Unsubscribe" in letter.message
    expect(page.locator("dt:has-text('Envoyés') + dd").first).to_have_text(str(len(told)))
    staff.photograph("term-07-sent")
    counts = {address: len(mails.to(address, SUBJECT)) for address in [*told, desk.BENOIT]}
    assert counts == dict.fromkeys(told, 1) | {desk.BENOIT: 0}


def enrolment_opens(story: Story) -> None:
    for title in (FULL, DAY, OFF):
        _take_step(story, title, "Ouvrir les inscriptions")
    story.staff.go(story.at(FULL))
    story.staff.says("Inscriptions ouvertes")
    story.staff.photograph("term-08-desk-open")


def _take_step(story: Story, title: str, label: str) -> None:
    """From the desk of the session: the step says what it does, then does it once."""
    words = FULL if title == SECOND else title
    story.staff.go(story.at(title))
    story.staff.follow(label)
    story.staff.says(words)
    story.staff.press(label)
    expect(story.staff.page.locator(".messages")).to_contain_text(words)


def people_take_seats_and_wait(story: Story) -> None:
    """Two general seats and a kept one are taken, three people wait; a rule refuses somebody."""
    product, key = story.product, story.keys[FULL]
    story.ana.sign_in(story.at(FULL, "courses:enrol"))
    story.ana.press("Réserver ma place")
    story.ana.says("Votre place est réservée.")
    assert desk.enrol(product, key, desk.BENOIT, desk.CHLOE) == {
        desk.BENOIT: "confirmed",
        desk.CHLOE: "confirmed",
    }
    story.david.sign_in(story.at(FULL, "courses:enrol"))
    story.david.press("M’inscrire à la liste d’attente")
    story.david.says("1er sur 1")
    waiting = [desk.EMMA, desk.FANNY]
    assert desk.enrol(product, key, *waiting) == dict.fromkeys(waiting, "waiting")

    story.ana.go(story.at(OFF, "courses:enrol"))
    story.ana.press("Réserver ma place")
    story.ana.photograph("term-09-overlap")
    seated = [desk.GILLES, desk.HANA]
    assert desk.enrol(product, story.keys[OFF], *seated) == dict.fromkeys(seated, "confirmed")
    seated.append(desk.ANA)
    assert desk.enrol(product, story.keys[DAY], *seated) == dict.fromkeys(seated, "confirmed")

    story.staff.go(story.at(FULL))
    story.staff.says("sur 3 places", "1 / 1", "2 / 2")
    expect(story.staff.page.locator("ol.line li")).to_have_text(
        ["David Côté", "Emma Côté", "Fanny Côté"]
    )
    story.staff.photograph("term-10-desk-full")


def the_link_changes_on_the_day(story: Story) -> None:
    staff, page, mails = story.staff, story.staff.page, story.mails
    staff.go(story.at(DAY))
    staff.follow("Changement le jour même")
    staff.photograph("term-11-day")
    staff.follow("Nouvelle adresse de connexion")
    page.locator("[name=join_url]").fill("https://reunion.example/j/nouvelle")
    page.locator("[name=motive]").fill("La première salle virtuelle ne répond plus.")
    staff.press("Voir qui sera prévenu")
    staff.says("3 personnes avec une place", "Ces courriels partent avant tous les autres")
    staff.photograph("term-12-day-preview")
    assert mails.to(desk.ANA, "Changement") == []

    page.locator("button[name=step][value=confirm]").click()
    staff.says("Changement de dernière heure", "L’adresse de la rencontre a changé")
    for address in (desk.ANA, desk.GILLES, desk.HANA):
        letter = mails.wait_for(address, "Changement à votre séance")
        assert "La première salle virtuelle ne répond plus." in letter.text
        assert "reunion.example" not in letter.message.as_string()
    story.ana.go(story.at(DAY, "courses:session"))
    story.ana.says("Changement de dernière heure", "L’adresse de la rencontre a changé")
    story.ana.photograph("term-13-banner")


def the_trainer_is_replaced(story: Story) -> None:
    staff, page, mails = story.staff, story.staff.page, story.mails
    staff.go(story.at(DAY, "academy:day") + "?kind=trainer")
    page.locator("[name=coming]").select_option(label=NEW_TRAINER)
    page.locator("[name=motive]").fill("Louise est retenue en clinique.")
    staff.press("Voir qui sera prévenu")
    staff.says(f"{NEW_TRAINER} prend la place de {OLD_TRAINER}.", "2 formatrices ou formateurs")
    staff.photograph("term-14-trainer-preview")
    page.locator("button[name=step][value=confirm]").click()
    staff.says(f"Désormais donnée par : {NEW_TRAINER}")
    for address in (desk.ANA, desk.GILLES, desk.HANA, desk.LOUISE, desk.MARC):
        count = 1 if address == desk.MARC else 2  # all others were told of the new link
        letter = mails.wait_for(address, "Changement à votre séance", count=count)
        assert f"{NEW_TRAINER} remplace {OLD_TRAINER}." in letter.text
    story.ana.go(story.at(DAY, "courses:session"))
    story.ana.says(f"Désormais donnée par : {NEW_TRAINER}")


def one_session_is_postponed_and_finds_a_date(story: Story) -> None:
    """Seats are kept and told; given a new date, enrolment opens again and the calendars follow."""
    staff, page, mails = story.staff, story.staff.page, story.mails
    first = desk.calendar_of(mails.wait_for(desk.HANA, f"réservée\N{NO-BREAK SPACE}: {OFF}"))
    staff.go(story.at(OFF))
    staff.follow("Reporter")
    staff.says("2 personnes ont une place.")
    staff.press("Reporter")
    staff.says("Dites pourquoi")
    page.locator("[name=motive]").fill("La conférencière est malade.")
    staff.press("Reporter")
    expect(page.locator(".messages")).to_contain_text("Reportée")
    for address in (desk.GILLES, desk.HANA):
        letter = mails.wait_for(address, f"Séance reportée\N{NO-BREAK SPACE}: {OFF}")
        assert "La conférencière est malade." in letter.text
    story.ana.go(story.at(OFF, "courses:session"))
    story.ana.says("Date à venir")
    staff.go(story.at(OFF))
    staff.photograph("term-14b-postponed")

    staff.go(story.admin[OFF])
    later = desk.working_day(datetime.now(HERE) + timedelta(days=50)).replace(
        hour=9, minute=0, second=0
    )
    page.locator("[name=meetings-0-starts_at]").fill(desk.clock(later))
    page.locator("[name=meetings-0-ends_at]").fill(desk.clock(later + timedelta(hours=1)))
    staff.press("Enregistrer")
    page.locator("main table").wait_for()
    _take_step(story, OFF, "Ouvrir les inscriptions")
    letter = mails.wait_for(desk.HANA, "Changement à votre séance", count=3)
    calendar = desk.calendar_of(letter)
    assert f"{later:%Y%m%dT%H%M%S}" in desk.line_of(calendar, "DTSTART;TZID=America/Toronto")
    assert desk.line_of(calendar, "SEQUENCE") > desk.line_of(first, "SEQUENCE")
    assert desk.states(story.product, story.keys[OFF])[desk.HANA] == "confirmed"


def one_session_is_cancelled(story: Story) -> None:
    """Everybody concerned is told why, and the calendars take it away."""
    staff, page, mails = story.staff, story.staff.page, story.mails
    first = desk.calendar_of(mails.wait_for(desk.HANA, f"réservée\N{NO-BREAK SPACE}: {OFF}"))
    staff.go(story.at(OFF, "academy:day") + "?kind=cancel")
    page.locator("[name=motive]").fill("La salle est inondée.")
    staff.press("Voir qui sera prévenu")
    staff.says("2 personnes avec une place")
    staff.photograph("term-15-cancel-preview")
    page.locator("button[name=step][value=confirm]").click()
    staff.says("Annulée")
    staff.photograph("term-16-cancelled")
    for address in (desk.GILLES, desk.HANA):
        letter = mails.wait_for(address, f"Séance annulée\N{NO-BREAK SPACE}: {OFF}")
        assert "La salle est inondée." in letter.text
        calendar = desk.calendar_of(letter)
        assert "METHOD:CANCEL" in calendar
        assert desk.line_of(calendar, "SEQUENCE") > desk.line_of(first, "SEQUENCE")
    assert desk.line_of(calendar, "UID") == desk.line_of(first, "UID")
    assert mails.to(desk.ANA, "Séance annulée") == []


def those_who_wait_are_offered_a_second_session(story: Story) -> None:
    """A draft a week later, completed and opened, then offered in order; one takes a seat."""
    staff, page, mails = story.staff, story.staff.page, story.mails
    staff.go(story.at(FULL))
    staff.follow("Deuxième séance")
    staff.says("3 personnes sont sur la liste d’attente de cette séance.")
    staff.photograph("term-17-second")
    staff.press("Faire l’ébauche")
    page.locator("[name=meetings-0-join_url]").fill("https://reunion.example/j/444")
    page.get_by_label(NEW_TRAINER).check()
    staff.photograph("term-18-second-draft")
    second = page.url
    staff.press("Enregistrer")
    page.locator("main table").wait_for()
    staff.go(second)
    staff.follow("Annoncer")
    staff.press("Annoncer")
    staff.says("Deuxième séance de")
    story.keys[SECOND] = page.url.rstrip("/").rpartition("/")[2]
    staff.go(story.at(FULL, "academy:second"))
    staff.photograph("term-19-second-announced")
    staff.press("L’offrir aux 3 personnes qui attendent, dans l’ordre")
    staff.says(re.compile(r"Places offertes\s: 2\. En file pour la deuxième séance\s: 1\."))
    staff.photograph("term-20-offered")

    letter = mails.wait_for(desk.DAVID, "place")
    story.david.go(link_in(letter.text, "offres"))
    story.david.says("Une place vous est offerte")
    story.david.photograph("term-21-offer")
    assert desk.states(story.product, story.keys[FULL])[desk.DAVID] == "waiting"
    story.david.press("Prendre cette place")
    story.david.says("Votre place est réservée.")
    assert desk.states(story.product, story.keys[SECOND]) == {
        desk.DAVID: "confirmed",
        desk.EMMA: "offered",
        desk.FANNY: "waiting",
    }
    assert desk.states(story.product, story.keys[FULL])[desk.DAVID] == "cancelled"
    _take_step(story, SECOND, "Ouvrir les inscriptions")


def one_who_still_waits_is_seated_beyond_the_capacity(story: Story) -> None:
    """The roster: an act on the person ticked, shown with its count before it is done."""
    staff, page, mails = story.staff, story.staff.page, story.mails
    staff.go(story.at(FULL, "courses:roster"))
    staff.photograph("term-22-roster")
    page.get_by_label("Choisir Fanny Côté").check()
    page.locator("select[name=act]").select_option("seat")
    staff.press("Continuer")
    staff.says("1 personne est concernée. Rien n’est encore fait.", "Fanny Côté")
    staff.photograph("term-23-act-preview")
    assert desk.states(story.product, story.keys[FULL])[desk.FANNY] == "waiting"
    page.locator("[name=motive]").fill("Elle remplace une collègue de l’étude.")
    staff.press("Donner une place au-delà de la capacité")
    staff.says("Ce qui a été fait", "Fanny Côté")
    assert desk.states(story.product, story.keys[FULL])[desk.FANNY] == "confirmed"
    mails.wait_for(desk.FANNY, "Votre place est réservée")
    staff.follow("Retour à la liste")
    expect(page.locator(".tiles__alert")).to_contain_text("1")
    staff.photograph("term-24-roster-beyond")


def the_demand_is_counted(story: Story) -> None:
    staff, page = story.staff, story.staff.page
    staff.go("/tableau-de-bord/")
    staff.follow("Demande d’une programmation")
    page.locator("[name=term]").select_option(label=TERM)
    staff.press("Afficher")
    figures = page.locator(".tile__figure")
    # One of those asked twice: on the first list, then by taking a seat in the second session.
    expect(figures).to_have_text(["12", "8", "3", "1", "1"])
    cells = page.locator("#by-session ~ .table-scroll tbody tr").filter(has_text=OFF).locator("td")
    expect(cells).to_have_text(["25", "2", "8", "0", "0", "2", "1", "0 + 0", "0 (0)"])
    refused = page.locator("#by-cause ~ table tbody tr")
    expect(refused).to_contain_text(["Autre place au même moment"])
    staff.photograph("term-25-demand")
    with page.expect_download() as download:
        staff.follow("Exporter en CSV")
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = csv.DictReader(text.splitlines(), delimiter=";")
    counted = [(row["Formation"], row["Demandes"], row["Places obtenues"]) for row in rows]
    assert counted == [(DAY, "3", "3"), (FULL, "6", "4"), (FULL, "1", "1"), (OFF, "2", "0")]
