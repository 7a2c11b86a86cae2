"""A question and its answer are tied together for those who do not see the page."""

from collections.abc import Callable

from django import forms
from django.forms import formset_factory
from django.utils import translation

import pytest
from bs4 import BeautifulSoup


class PetForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As on its <b>collar</b>.")
    kind = forms.ChoiceField(
        label="Kind?", choices=[("cat", "Cat"), ("dog", "Dog")], widget=forms.RadioSelect
    )
    agrees = forms.BooleanField(label="Agrees")
    note = forms.CharField(label="Note", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, object]:
        if self.cleaned_data.get("note") == "none":
            raise forms.ValidationError("Nothing to keep.")
        return self.cleaned_data


@pytest.fixture
def wrong() -> BeautifulSoup:
    with translation.override("en"):
        return BeautifulSoup(str(PetForm({"note": "none", "token": "x"})), "html.parser")


@pytest.fixture
def summary(draw: Callable[..., str]) -> BeautifulSoup:
    form = PetForm({"note": "none"})
    return BeautifulSoup(
        draw("forms/error_summary.html", {"form": form}, language="en"), "html.parser"
    )


def test_field_names_its_help_and_its_error(wrong):
    described = wrong.find("input", {"name": "name"})["aria-describedby"].split()

    assert [wrong.find(id=name).get_text(strip=True) for name in described] == [
        "As on itscollar.",
        "Error:This field is required.",
    ]
    assert wrong.find("input", {"name": "name"})["aria-invalid"] == "true"


def test_group_of_choices_is_a_fieldset_with_its_legend(wrong):
    group = wrong.find("input", {"name": "kind"}).find_parent("fieldset")

    assert group.legend.get_text(strip=True) == "Kind?"
    assert group["aria-describedby"] == "id_kind_error"


def test_checkbox_stands_before_its_label(wrong):
    box = wrong.find("input", {"name": "agrees"})

    assert box.find_next_sibling("label")["for"] == box["id"]


def test_optional_field_says_so_and_required_ones_do_not(wrong):
    marked = [mark.find_parent("label")["for"] for mark in wrong.select(".optional")]

    assert marked == ["id_note"]


def test_hidden_field_has_no_question(wrong):
    assert wrong.find("input", {"name": "token"}).find_parent(class_="field") is None


def test_every_error_has_an_icon_beside_its_words(wrong):
    assert len(wrong.select(".field-error")) == len(wrong.select(".field-error svg")) == 4


def test_summary_repeats_each_error_and_leads_to_its_first_input(summary):
    links = {link["href"]: link.get_text(" ", strip=True) for link in summary.select("a")}

    assert links == {
        "#id_name": "Name: This field is required.",
        "#id_kind_0": "Kind? This field is required.",
        "#id_agrees": "Agrees: This field is required.",
    }
    assert summary.find(role="alert").has_attr("autofocus")
    assert summary.h2.get_text(strip=True) == "4 things to correct"
    assert summary.li.get_text(strip=True) == "Nothing to keep."


def test_summary_of_a_form_without_errors_is_nothing(draw):
    assert draw("forms/error_summary.html", {"form": PetForm()}).strip() == ""


def test_formset_keeps_its_counters_out_of_sight():
    """Wagtail's admin draws its management forms through the same template."""
    counters = BeautifulSoup(str(formset_factory(PetForm)().management_form), "html.parser")

    assert {field["type"] for field in counters.select("input")} == {"hidden"}
    assert len(counters.select("input")) == 4
    assert counters.get_text(strip=True) == ""
