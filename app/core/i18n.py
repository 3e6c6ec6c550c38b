"""Languages: the address carries the language, and figures and dates are written as it wants."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import cycle
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Blueprint, Flask, current_app, g, redirect, request, url_for
from flask_babel import Babel, force_locale
from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.core.access import public
from app.core.clock import CIVIL_ZONE
from app.core.db import Texts

NARROW_SPACE = "\u202f"


@dataclass(frozen=True)
class Language:
    """An interface language.

    :ivar locale: the CLDR locale for figures and dates (Morocco's for Arabic: 0-9, دجنبر).
    """

    code: str
    name: str
    direction: str
    locale: str


LANGUAGES = {
    language.code: language
    for language in (
        Language("fr", "Français", "ltr", "fr"),
        Language("ar", "العربية", "rtl", "ar_MA"),
        Language("en", "English", "ltr", "en_GB"),
    )
}
DEFAULT = "fr"
PREFIX = f"/<any({','.join(LANGUAGES)}):lang>"

#: Languages a passage can be written in, with the ``lang`` and ``dir`` its text carries.
PASSAGE_DIRECTIONS = {"ar": "rtl", "ar-MA": "rtl", "fr": "ltr", "ary-Latn": "ltr", "zgh": "ltr"}

#: A stretch in Arabic script: its words, and what stands between two of them.
_LETTERS = "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc"
_ARABIC = re.compile(f"([{_LETTERS}]+(?:[^\\w{_LETTERS}]+[{_LETTERS}]+)*)")

babel = Babel()
_root = Blueprint("language", __name__)


def language() -> Language:
    """Return the language of the page being made (French outside a request)."""
    return LANGUAGES[g.get("lang") or DEFAULT]


@contextmanager
def in_language(lang: str) -> Iterator[None]:
    """Write figures, dates and sentences in ``lang``, whatever the language of the request."""
    before = g.get("lang")
    g.lang = lang
    try:
        with force_locale(LANGUAGES[lang].locale):
            yield
    finally:
        g.lang = before


def _preferred() -> str:
    """Choose a language for a visitor who has not chosen one."""
    chosen = request.cookies.get("lang")
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(list(LANGUAGES), default=DEFAULT) or DEFAULT


@_root.get("/")
@public
def entrance() -> Response:
    """Lead a visitor without a language in the address to the home page in theirs."""
    return redirect(url_for("site.home", lang=_preferred()))


def ltr(text: str) -> Markup:
    """Isolate a figure or an identifier, so that Arabic does not reorder it."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(text)


def plain_number(value: float, *, decimals: int = 0) -> str:
    """Write a number in the page's language, thousands apart by a narrow space: ``4 812``."""
    lang = language()
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    text = format_decimal(round(value, decimals), format=pattern, locale=lang.locale)
    if lang.code == "en":
        return text
    swap = {"ar": {".": NARROW_SPACE, ",": ","}, "fr": {}}[lang.code]
    return "".join(swap.get(c, c) for c in text).replace("\u00a0", NARROW_SPACE)


def number(value: float, decimals: int = 0) -> Markup:
    """Write and isolate a number."""
    return ltr(plain_number(value, decimals=decimals))


def percent(share: float, decimals: int = 1) -> Markup:
    """Write a share in [0, 1] as a percentage: ``30,0 %``."""
    gap = NARROW_SPACE if language().code == "fr" else ""
    return ltr(f"{plain_number(share * 100, decimals=decimals)}{gap}%")


def day(value: date | datetime, style: str = "long") -> str:
    """Write a civil date (that of Rabat for an instant)."""
    if isinstance(value, datetime):
        value = value.astimezone(CIVIL_ZONE).date()
    return format_date(value, style, locale=language().locale)


def moment(value: datetime) -> str:
    """Write an instant with date, hour and minute, Rabat time."""
    local = value.astimezone(CIVIL_ZONE).replace(tzinfo=None)
    comma = "،" if language().code == "ar" else ","
    return format_datetime(local, f"d MMMM y{comma} HH:mm", locale=language().locale)


def localized(texts: Texts | dict[str, str] | None) -> Markup | str:
    """Return the text in the page's language; in another one it is marked with its own."""
    if not texts:
        return ""
    text, code = Texts(texts).best(language().code)
    if code == language().code:
        return text
    return Markup('<span lang="{}" dir="{}">{}</span>').format(
        code, LANGUAGES[code].direction, text
    )


def spaced(text: str) -> str:
    """Put French's unbreakable spaces before high punctuation and inside guillemets."""
    for sign in (" ;", " ?", " !", " %", " »"):
        text = text.replace(sign, NARROW_SPACE + sign[1])
    return text.replace(" :", "\u00a0:").replace("« ", "«" + NARROW_SPACE)


def arabic(text: object, within: str | None = None) -> str | Markup:
    """Mark the stretches in Arabic script of a text that is set as another language.

    They then get the face, the size and the line height that Arabic needs; not a letter changes.

    :param within: language of the text around (the page's if left out).
    """
    around = within or language().code
    plain = str(text)
    if around.split("-")[0] == "ar" or not _ARABIC.search(plain):
        return plain
    return Markup("").join(
        Markup('<span lang="ar">{}</span>').format(part) if odd else part
        for odd, part in zip(cycle((False, True)), _ARABIC.split(plain), strict=False)
    )


def passage_attributes(code: str) -> Markup:
    """Return ``lang`` and ``dir`` for a passage in language ``code``."""
    tag = {"ary-Latn": "ary-Latn", "other": "und"}.get(code, code)
    return Markup('lang="{}" dir="{}"').format(tag, PASSAGE_DIRECTIONS.get(code, "auto"))


def switch_url(code: str) -> str:
    """Return the address of this very page in another language.

    The answer to a refused form stands at an address that only takes forms: the nearest page above
    it that can be read is then the one.
    """
    endpoint, arguments = _readable_page()
    if endpoint is None:
        return url_for("site.home", lang=code)
    if request.method == "GET":
        arguments |= {k: v for k, v in request.args.to_dict(flat=False).items() if k != "lang"}
    return url_for(endpoint, **arguments | {"lang": code})


def _readable_page() -> tuple[str | None, dict[str, Any]]:
    """Return the endpoint and arguments of the page asked for, or of the nearest one above it."""
    adapter = current_app.url_map.bind_to_environ(request.environ)
    path = request.path
    while path.count("/") > 1:
        try:
            endpoint, arguments = adapter.match(path, method="GET")
        except HTTPException:
            path = path.rstrip("/").rpartition("/")[0]
            continue
        if "lang" in arguments:
            return endpoint, dict(arguments)
        break
    return None, {}


def init_app(app: Flask) -> None:
    """Read the language from addresses, put it into ours, and lend helpers to templates."""
    app.register_blueprint(_root)
    babel.init_app(
        app,
        default_locale=DEFAULT,
        default_translation_directories=str(app.config["ROOT"] / "translations"),
        locale_selector=lambda: Locale.parse(language().locale),
        timezone_selector=lambda: "Africa/Casablanca",
    )

    @app.url_value_preprocessor
    def _take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        """Take the language out of the view's arguments."""
        g.lang = (values or {}).pop("lang", None) or _preferred()

    @app.url_defaults
    def _give_language(endpoint: str, values: dict[str, Any]) -> None:
        """Keep the page's language in every address made."""
        if "lang" not in values and app.url_map.is_endpoint_expecting(endpoint, "lang"):
            values["lang"] = g.get("lang") or DEFAULT

    @app.after_request
    def _remember(response: Response) -> Response:
        """Say the language of the page and remember it for the entrance."""
        if response.mimetype == "text/html":
            response.headers["Content-Language"] = language().code
            if request.cookies.get("lang") != language().code:
                response.set_cookie(
                    "lang",
                    language().code,
                    max_age=31_536_000,
                    samesite="Lax",
                    secure=app.config["SERVE_OVER_HTTPS"],
                    httponly=True,
                )
        return response

    @app.context_processor
    def _helpers() -> dict[str, Any]:
        """Lend the languages to templates."""
        return {
            "lang": language().code,
            "direction": language().direction,
            "languages": LANGUAGES.values(),
            "switch_url": switch_url,
            "n": number,
            "pct": percent,
            "ltr": ltr,
            "escape": escape,
        }

    app.jinja_env.filters |= {
        "number": number,
        "percent": percent,
        "day": day,
        "moment": moment,
        "localized": localized,
        "spaced": spaced,
        "ltr": ltr,
        "passage": passage_attributes,
        "arabic": arabic,
    }
