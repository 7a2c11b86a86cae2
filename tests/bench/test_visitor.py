from tests.bench.visitor import Form, Page

PAGE = """
<form method="get" action="/search/"><input name="q"></form>
<form class="form"
      method="post"
      action="/seat/enrol/?from=mail" novalidate>
  <input type="hidden" name="csrfmiddlewaretoken" value="a&amp;b">
  <input type="email" name="email" required id="id_email">
  <input type="radio" name="asks" value="automatic" id="id_asks_0" checked>
  <input type="radio" name="asks" value="always" id="id_asks_1">
  <input type="checkbox" name="news">
</form>
<form method="post" action=""><input name="code"></form>
<a href="/seat/enrol/">Reserve</a>
"""


def test_a_visitor_sees_the_post_forms_of_a_page_with_their_values():
    page = Page("/seat/", 200, PAGE)

    assert page.forms() == [
        Form(
            "/seat/enrol/?from=mail",
            {"csrfmiddlewaretoken": "a&b", "email": "", "asks": "automatic"},
            "/seat/",
        ),
        Form("/seat/", {"code": ""}, "/seat/"),
    ]


def test_a_visitor_knows_a_form_by_its_address_or_by_a_field():
    page = Page("/seat/", 200, PAGE)
    seat, code = page.forms()

    assert page.form_to("/seat/enrol/") == seat
    assert page.form_with("code") == code
    assert page.form_with("login") is None
    assert page.leads_to("/seat/enrol/")
    assert not page.leads_to("/seat/")
