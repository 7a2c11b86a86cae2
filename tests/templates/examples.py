"""What the style guide shows: examples shaped as each component asks, true to the field."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.messages import SUCCESS
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator

HERE = ZoneInfo("America/Toronto")


class ExampleForm(forms.Form):
    """One field of each kind, bound to answers that are partly wrong."""

    printed_name = forms.CharField(
        label="Nom imprimé sur vos attestations",
        help_text="Tel que votre ordre professionnel le connaît, s’il y a lieu.",
    )
    email = forms.EmailField(label="Courriel")
    code = forms.CharField(
        label="Code reçu par courriel",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )
    establishment = forms.ChoiceField(
        label="Établissement", choices=[("", "Choisir…"), ("chum", "CHUM"), ("autre", "Autre")]
    )
    language = forms.ChoiceField(
        label="Dans quelle langue vous écrire?",
        widget=forms.RadioSelect,
        choices=[("fr", "Français"), ("en", "English")],
    )
    comment = forms.CharField(label="Question", widget=forms.Textarea, required=False)
    report = forms.FileField(label="Rapport de présence", required=False)
    consent = forms.BooleanField(label="J’accepte que mon dossier de formation soit conservé.")


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of 2026, Montréal time."""
    return datetime(2026, month, day, hour, minute, tzinfo=HERE)


def cell(column: str, text: str = "", *, number: bool = False, **more: Any) -> dict[str, Any]:
    return {"column": column, "text": text, "number": number, **more}


def style_guide_context() -> dict[str, Any]:
    """Everything templates/pages/style_guide.html names."""
    online = {"icon": "online", "label": "En ligne"}
    french = {"icon": "language", "label": "Français"}
    hour = {"icon": "seal", "label": "1 h agréée (DPC)"}
    form = ExampleForm(
        {"printed_name": "", "email": "marie.tremblay@", "language": "", "establishment": "chum"}
    )
    return {
        "crumbs": [
            {"label": "Accueil", "url": "#"},
            {"label": "Formations", "url": "#cartes"},
        ],
        "cards": [
            {
                "at": at(11, 24, 12),
                "title": "Le consentement éclairé: au-delà de la signature",
                "url": "#cartes",
                "hours": "12 h à 13 h",
                "facts": [online, french, hour],
                "people": "Dre Ariane Gagnon-Roy, Jean-Sébastien Bouchard",
                "state": {"label": "4 places", "tone": "success", "icon": "seat"},
                "action": {"label": "Réserver ma place", "href": "#cartes"},
            },
            {
                "at": at(12, 1, 9, 30),
                "title": "Surveillance des événements indésirables en oncologie pédiatrique",
                "url": "#cartes",
                "hours": "9 h 30 à 12 h",
                "more_dates": "et 2 autres rencontres",
                "facts": [{"icon": "place", "label": "CHU Sainte-Justine, Montréal"}, french],
                "people": "Équipe de la communauté pédiatrique",
                "state": {"label": "Une place vous est offerte", "tone": "now", "icon": "clock"},
                "note": "Confirmez-la avant jeudi 17 h.",
                "action": {
                    "label": "Confirmer ma place",
                    "href": "#cartes",
                    "kind": "now",
                    "post": True,
                },
                "now": True,
            },
            {
                "at": at(12, 8, 12),
                "title": "Bonnes pratiques cliniques: ICH E6 (R3) en pratique",
                "url": "#cartes",
                "hours": "12 h à 13 h 30",
                "facts": [online, {"icon": "language", "label": "English"}],
                "people": "Sarah Cohen, Ph. D.",
                "state": {"label": "Complet, 6 personnes en attente", "icon": "hourglass"},
                "action": {
                    "label": "M’inscrire à la liste d’attente",
                    "href": "#cartes",
                    "kind": "secondary",
                },
            },
            {
                "at": None,
                "title": "Gestion du produit de recherche à la pharmacie",
                "url": "#cartes",
                "facts": [online, french],
                "state": {"label": "Reportée", "tone": "attention", "icon": "calendar"},
                "note": "Votre place est gardée.",
            },
        ],
        "page_of_list": Paginator(range(36), 12).page(2),
        "tabs": [
            {"label": "Automne 2026", "url": "#chiffres", "count": 10},
            {"label": "Par établissement", "url": "#avis", "count": None},
            {"label": "Par formation", "url": "#faits", "count": None},
        ],
        "tiles": [
            {
                "label": "Places occupées",
                "figure": "87 %",
                "definition": "261 places confirmées ou offertes, sur 300 places annoncées.",
                "url": "#chiffres",
                "percent": 87,
            },
            {
                "label": "Présence",
                "figure": "74 %",
                "definition": "Personnes présentes, sur les places confirmées des séances closes.",
                "url": "#chiffres",
                "percent": 73.6,
                "tone": "attention",
            },
            {
                "label": "Satisfaction",
                "figure": "92 %",
                "definition": "Réponses 4 et 5; 118 réponses, de 86 % à 96 % (confiance 95 %).",
                "url": "#chiffres",
                "percent": 92,
                "tone": "success",
            },
            {
                "label": "Attestations en attente",
                "figure": "12",
                "definition": "Présence réglée, sondage non rempli.",
                "url": "#chiffres",
            },
        ],
        "table": {
            "caption": "Séances de l’automne 2026",
            "columns": [
                {"label": "Formation"},
                {"label": "Date"},
                {"label": "Places", "number": True},
                {"label": "En attente", "number": True},
                {"label": "État"},
            ],
            "rows": [
                [
                    cell("Formation", "Le consentement éclairé", url="#chiffres"),
                    cell("Date", "24 nov. 2026, 12 h"),
                    cell("Places", "26 sur 30", number=True),
                    cell("En attente", "0", number=True),
                    cell("État", badge={"label": "Ouverte", "tone": "success", "icon": "check"}),
                ],
                [
                    cell("Formation", "ICH E6 (R3) en pratique", url="#chiffres"),
                    cell("Date", "8 déc. 2026, 12 h"),
                    cell("Places", "30 sur 30", number=True),
                    cell("En attente", "6", number=True),
                    cell("État", badge={"label": "Complète", "icon": "people"}),
                ],
                [
                    cell("Formation", "Le produit de recherche", url="#chiffres"),
                    cell("Date", "à venir"),
                    cell("Places", "18 sur 40", number=True),
                    cell("En attente", "0", number=True),
                    cell("État", badge={"label": "Reportée", "tone": "attention"}),
                ],
            ],
        },
        "timeline": {
            "label": "Présence de 9 h 12 à 12 h et de 13 h à 16 h 45, pause de 12 h à 13 h",
            "segments": [
                {"start": 2.5, "width": 35, "label": "9 h 12 à 12 h"},
                {"start": 37.5, "width": 12.5, "tone": "break", "label": "Pause"},
                {"start": 50, "width": 46.9, "label": "13 h à 16 h 45"},
            ],
            "ticks": [
                {"at": 0, "label": "9 h", "anchor": "start"},
                {"at": 37.5, "label": "12 h"},
                {"at": 50, "label": "13 h"},
                {"at": 100, "label": "17 h", "anchor": "end"},
            ],
        },
        "badges": [
            {"label": "Inscrite", "tone": "success", "icon": "check"},
            {"label": "Présence partielle", "tone": "attention"},
            {"label": "Annulée", "tone": "error", "icon": "cancelled"},
            {"label": "Sondage à remplir", "tone": "now", "icon": "survey"},
            {"label": "En cours", "tone": "info", "icon": "clock"},
            {"label": "Ébauche", "icon": "pencil"},
        ],
        "form": form,
        "scale": [1, 2, 3, 4, 5],
        "summary": [
            {
                "term": "Nom imprimé",
                "text": "Marie-Ève Tremblay",
                "url": "#faits",
                "link": "Corriger",
            },
            {"term": "Établissement", "text": "CIUSSS de l’Est-de-l’Île-de-Montréal"},
            {"term": "Place", "badge": {"label": "Confirmée", "tone": "success"}},
        ],
        "steps": [
            {"title": "Place réservée", "state": "done", "text": "le 3 novembre"},
            {"title": "Présence", "state": "done", "text": "58 min sur 60"},
            {"title": "Sondage", "state": "now", "text": "deux minutes", "url": "#faits"},
            {"title": "Attestation", "state": "later"},
        ],
        "first_of_december": at(12, 1, 9),
        "empty_action": {"label": "Voir les formations", "href": "#cartes"},
        "messages": [Message(SUCCESS, "Votre nom a été corrigé.")],
        "user": SimpleNamespace(
            is_authenticated=True, __str__=lambda self: "Marie", printed="Marie-Ève Tremblay"
        ),
    }
