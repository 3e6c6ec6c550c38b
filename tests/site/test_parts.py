"""The parts of pages: what they write for what they are given."""

from __future__ import annotations

import re

import pytest
from flask import Flask, render_template_string
from flask_babel import refresh
from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from app.core.forms import PageForm


class Sample(PageForm):
    """A form with one field of each kind that a page uses."""

    name = StringField(
        "Name", description="As it will be printed.", validators=[DataRequired("Write a name.")]
    )
    place = SelectField(
        "Place", choices=[SelectChoice("a", "Agadir"), SelectChoice("b", "Berkane")], default="b"
    )
    story = TextAreaField("Story", validators=[Length(max=3, message="Too long.")])
    secret = PasswordField("Password")
    way = RadioField(
        "Way",
        choices=[SelectChoice("x", "By road"), SelectChoice("y", "By train")],
        validators=[DataRequired("Choose.")],
    )
    agree = BooleanField("I agree", validators=[DataRequired("Tick to go on.")])


@pytest.fixture
def render(app: Flask):
    """Render a bit of template inside a request."""

    def render(source: str, **values):
        with app.test_request_context("/en/method"):
            app.preprocess_request()
            refresh()  # a request within a request shares what Babel has cached
            return render_template_string(source, **values)

    return render


@pytest.fixture
def refused(app: Flask):
    """A refused form."""
    with app.test_request_context("/en/method", method="POST", data={"story": "too long"}):
        app.preprocess_request()
        form = Sample()
        assert not form.validate()
        yield form


def test_a_field_ties_label_hint_and_error_to_its_control(refused, render):
    html = render('{% from "parts/forms.html" import field %}{{ field(form.name) }}', form=refused)
    assert 'for="name"' in html
    assert 'id="name-hint">As it will be printed.' in html
    assert 'id="name-error">Write a name.' in html
    control = re.search(r"<input[^>]*>", html).group()
    assert 'aria-describedby="name-hint name-error"' in control
    assert 'aria-invalid="true"' in control
    assert 'dir="auto"' in control


def test_each_line_of_the_summary_leads_to_its_field(refused, render):
    html = render(
        '{% from "parts/forms.html" import field, error_summary %}{{ error_summary(form) }}'
        "{% for f in form if f.name != 'csrf_token' %}{{ field(f) }}{% endfor %}",
        form=refused,
    )
    targets = re.findall(r'<a href="#([\w-]+)">', html)
    assert targets == ["name", "story", "way", "agree"]
    assert all(f'id="{target}"' in html for target in targets)
    assert "4 answers to correct" in html


def test_a_form_without_errors_has_no_summary(render, app):
    with app.test_request_context("/en/method"):
        html = render(
            '{% from "parts/forms.html" import error_summary %}{{ error_summary(form) }}',
            form=Sample(),
        )
    assert html.strip() == ""


def test_what_is_typed_in_a_copybook_comes_back_unchanged(render):
    words = "\n<b>Deux</b> lignes\net « guillemets »"
    html = render(
        '{% from "parts/forms.html" import copybook %}{{ copybook("q", "q", "Tell", words) }}',
        words=words,
    )
    inside = re.search(r"<textarea[^>]*>\n(.*)</textarea>", html, re.DOTALL).group(1)
    assert inside == "\n&lt;b&gt;Deux&lt;/b&gt; lignes\net « guillemets »"
    assert 'dir="auto"' in html


def test_a_scale_has_one_group_for_each_item_and_keeps_what_was_chosen(render):
    html = render(
        '{% from "parts/forms.html" import scale %}'
        '{{ scale("q", "q", "Is it easy?",'
        ' [("x", "to go"), ("y", "to come")], "hard", "easy", {"x": 2, "y": 0},'
        ' item_errors={"y": ["Give a mark."]}) }}'
    )
    assert html.count('role="radiogroup"') == 2
    assert re.search(r'name="q-x" id="q-x-2" value="2" checked', html)
    assert re.search(r'name="q-y" id="q-y-0" value="0" checked', html)
    assert 'aria-describedby="q-y-error"' in html


def test_choices_are_ticked_as_they_were(render):
    html = render(
        '{% from "parts/forms.html" import choices %}'
        '{{ choices("q", "q", "Which?", [("a", "A"), ("b", "B")],'
        ' ["b"], multiple=false, number=3) }}'
    )
    assert re.findall(r'value="(\w)" checked', html) == ["b"]
    assert 'type="radio"' in html
    assert '<span class="q-no">3</span>' in html


def test_a_select_with_groups_keeps_the_choice(render):
    html = render(
        '{% from "parts/forms.html" import picker %}'
        '{{ picker("p", "p", "Province", [("East",'
        ' [("1", "Oujda"), ("2", "Nador")]), ("z", "Other")], 2, "Choose") }}'
    )
    assert '<optgroup label="East">' in html
    assert re.findall(r'<option value="(\w*)" selected', html) == ["2"]


def test_filters_offer_to_be_removed_only_when_one_is_set(render):
    source = (
        '{% from "parts/forms.html" import filters %}'
        '{{ filters("/list", [("region", "Region",'
        ' [("08", "Drâa")], value, "All")], ("q", "Search", ""), reset="/list") }}'
    )
    assert "Remove the filters" in render(source, value="08")
    assert "Remove the filters" not in render(source, value="")


@pytest.mark.parametrize(
    ("code", "attributes"),
    [
        ("fr", 'lang="fr" dir="ltr"'),
        ("ar", 'lang="ar" dir="rtl"'),
        ("ar-MA", 'lang="ar-MA" dir="rtl"'),
        ("ary-Latn", 'lang="ary-Latn" dir="ltr"'),
        ("zgh", 'lang="zgh" dir="ltr"'),
        ("other", 'lang="und" dir="auto"'),
    ],
)
def test_a_quotation_carries_its_own_language_and_direction(render, code, attributes):
    html = render('{% from "parts/said.html" import said %}{{ said("x", code) }}', code=code)
    assert f"<blockquote {attributes}>" in html


def test_a_quotation_stays_verbatim(render):
    words = "Il dit : « non » & s’en va <vite>.\nPuis revient."
    html = render(
        '{% from "parts/said.html" import said %}'
        '{{ said(words, "fr", "Citizen", highlight="s’en va") }}',
        words=words,
    )
    inside = re.search(r"<p>(.*)</p></blockquote>", html, re.DOTALL).group(1)
    assert inside == (
        'Il dit : « non » &amp; <mark class="hl">s’en va</mark> &lt;vite&gt;.\nPuis revient.'
    )
    assert '<figcaption class="who">Citizen</figcaption>' in html


def test_words_that_are_not_in_the_quotation_mark_nothing(render):
    html = render(
        '{% from "parts/said.html" import said %}{{ said("abc", "fr", highlight="xyz") }}'
    )
    assert "<mark" not in html


def test_a_strip_shows_every_part_and_its_share(render):
    html = render(
        '{% from "parts/chart.html" import strip %}'
        '{{ strip([("in", 3), ("out", 1), ("none", 0)]) }}'
    )
    assert re.findall(r"<b><bdi dir=\"ltr\">([\d.]+%)</bdi></b>", html) == [
        "75.0%",
        "25.0%",
        "0.0%",
    ]
    assert html.count('height="28"/>') == 2


def test_charts_of_nothing_do_not_fail(render):
    html = render(
        '{% from "parts/chart.html" import bars, strip, columns, ranking %}'
        '{{ bars("None", []) }}{{ strip([("in", 0)]) }}{{ columns("c", "None",'
        " []) }}{{ ranking([]) }}"
    )
    assert "NaN" not in html


def test_columns_carry_their_table(render):
    html = render(
        '{% from "parts/chart.html" import columns %}'
        '{{ columns("c", "Days", [("1 May", 2), ("2 May", 4)]) }}'
    )
    assert 'height="148.0"' in html
    assert re.findall(r'<td class="r"><bdi dir="ltr">(\d)</bdi>', html) == ["2", "4"]


def test_a_table_heads_its_rows_and_aligns_its_numbers(render):
    html = render(
        '{% from "parts/table.html" import table %}'
        '{{ table("Sums", [("Region", ""), ("Number", "r")], [["Oriental", 4812|number]],'
        ' ["All", 4812|number]) }}'
    )
    assert '<th scope="row">Oriental</th><td class="r"><bdi dir="ltr">4,812</bdi></td>' in html
    assert "<tfoot>" in html


def test_a_zero_in_a_heat_table_is_struck_through(render):
    html = render(
        '{% from "parts/table.html" import heat %}'
        '{{ heat("h", "Who", ["Region", "Citizens"], [("Oriental", [(0, 0), (5, 3)], [])]) }}'
    )
    assert '<td class="zero">' in html
    assert '<td class="k3">' in html


class Pages:
    """Pages of a list, as Flask-SQLAlchemy gives them."""

    def __init__(self, page: int, pages: int) -> None:
        self.page, self.pages = page, pages
        self.has_prev, self.has_next = page > 1, page < pages

    def iter_pages(self, **_edges):
        """Every page."""
        return range(1, self.pages + 1)


def test_the_pager_keeps_the_filters(render):
    html = render(
        '{% from "parts/pager.html" import pager %}'
        '{{ pager(pages, "consultations.index", {"region": "08"}) }}',
        pages=Pages(2, 3),
    )
    assert 'rel="prev" href="/en/consultations?region=08&amp;page=1"' in html
    assert 'rel="next" href="/en/consultations?region=08&amp;page=3"' in html
    assert html.count('aria-current="page"') == 1


def test_a_single_page_has_no_pager(render):
    html = render(
        '{% from "parts/pager.html" import pager %}{{ pager(pages, "consultations.index") }}',
        pages=Pages(1, 1),
    )
    assert html.strip() == ""


def test_the_map_links_the_regions_that_lead_somewhere(render):
    html = render(
        '{% from "parts/map.html" import regionmap %}'
        '{{ regionmap({"08": 5}, {"08": "#region-08"}) }}'
    )
    assert html.count("<path") == 12
    assert re.findall(r'<a href="([^"]+)"', html) == ["#region-08"]
    assert re.search(r'class="m5" d="[^"]+"><title>Drâa-Tafilalet', html)
