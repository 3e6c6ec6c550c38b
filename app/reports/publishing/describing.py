"""What tells what the files hold: data dictionary, catalogue entry, licence and notes to read."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from flask import current_app

from app.core.i18n import day, in_language
from app.core.mail.links import public_url
from app.organisations.models import ActorType
from app.reports.publishing.catalogue import Distribution, catalogue
from app.reports.publishing.delimited import Row, write
from app.reports.publishing.tables import dictionary

if TYPE_CHECKING:
    from app.reports.publishing.packing import Version
    from app.reports.publishing.reading import Files

Body = dict[str, Any]

#: Languages of the notes.
NOTES = ("fr", "ar")
_HEAD = ("table", "column", "type", "fr", "ar", "en", "code", "code_fr", "code_ar", "code_en")
_MEDIA = {"csv": "text/csv", "json": "application/json"}


@cache
def _data(name: str) -> str:
    """Return a text that stands beside this module."""
    return (Path(__file__).parent / "data" / name).read_text(encoding="utf-8")


@cache
def notices() -> dict[str, dict[str, str]]:
    """Return the sentences of the notes and of the catalogue, by language."""
    found: dict[str, dict[str, str]] = json.loads(_data("notices.json"))
    return found


def files(body: Body, version: Version, made: Files) -> dict[str, bytes]:
    """Return the files that describe the ones ``made``."""
    described = {
        "dictionary.csv": write(_HEAD, _dictionary(body)),
        "LICENCE.txt": _licence(body, version).encode(),
        **{f"README.{lang}.txt": _readme(body, version, made, lang).encode() for lang in NOTES},
    }
    tables = {name: content for name, content in made.items() if name.endswith((".csv", ".json"))}
    described["datapackage.json"] = _json(_package(body, version, tables))
    listed = [_distribution(body, version, name, tables[name]) for name in sorted(tables)]
    described["dcat.jsonld"] = _json(catalogue(body, version, listed))
    return described


def address_of(body: Body, version: Version, endpoint: str = "reports.show", **more: Any) -> str:
    """Return the whole address of a version, in French."""
    slug = body["consultation"]["slug"]
    return public_url(endpoint, lang="fr", slug=slug, version=version.number, **more)


def licence() -> dict[str, str]:
    """Return the name and the address of the licence."""
    found: dict[str, str] = current_app.config["OPEN_DATA_LICENCE"]
    return found


def values(body: Body, version: Version, lang: str) -> dict[str, str]:
    """Return what the notes name."""
    title = body["consultation"]["title"]
    with in_language(lang):
        on = day(version.published_at)
    return {
        "title": title.get(lang) or title.get("fr", ""),
        "label": version.label,
        "day": on,
        "sha256": version.sha256,
        "address": address_of(body, version),
        "licence": licence()["name"],
        "licence_url": licence()["url"],
    }


def _json(value: Any) -> bytes:
    """Write JSON."""
    return f"{json.dumps(value, ensure_ascii=False, indent=1)}\n".encode()


def _codes(body: Body) -> dict[str, dict[str, dict[str, str]]]:
    """Return the lists of codes, with the regions of this report and the kinds of contributors."""
    found: dict[str, dict[str, dict[str, str]]] = dict(dictionary()["codes"])
    regions = {row["code"]: dict(row["names"]) for row in body["participation"]["by_region"]}
    found["region"] = regions | found["region"]
    found["actor_type"] = {one.value: dict(one.texts) for one in ActorType} | found["actor_type"]
    return found


def _dictionary(body: Body) -> list[Row]:
    """Return the data dictionary as rows: a row for each column, and for each of its codes."""
    codes, rows = _codes(body), []
    for table, described in dictionary()["tables"].items():
        for column in described["columns"]:
            told = {lang: column[lang] for lang in ("fr", "ar", "en")}
            head = {"table": table, "column": column["name"], "type": column["type"], **told}
            listed = codes.get(column.get("codes", ""), {})
            for code, names in listed.items() or [("", {})]:
                named = {f"code_{lang}": names.get(lang, "") for lang in ("fr", "ar", "en")}
                rows.append(head | {"code": code} | named)
    return rows


def _package(body: Body, version: Version, tables: Files) -> dict[str, Any]:
    """Return the descriptor of the files (Data Package)."""
    told = dictionary()["tables"]
    return {
        "profile": "tabular-data-package",
        "name": f"synthese-{body['consultation']['slug']}-v{version.number}",
        "title": Template(notices()["dataset"]["fr"]).substitute(values(body, version, "fr")),
        "homepage": address_of(body, version),
        "version": version.label,
        "created": version.published_at.isoformat(),
        "licenses": [{"name": licence()["name"], "path": licence()["url"]}],
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "title": described["fr"],
                "title@ar": described["ar"],
                "title@en": described["en"],
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(tables[f"{name}.csv"]),
                "hash": f"sha256:{sha256(tables[f'{name}.csv']).hexdigest()}",
                "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
                "schema": _schema(described, _codes(body)),
            }
            for name, described in told.items()
        ],
    }


def _schema(described: dict[str, Any], codes: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a table."""
    return {
        "fields": [
            {
                "name": column["name"],
                "type": column["type"],
                "description": column["fr"],
                "description@ar": column["ar"],
                "description@en": column["en"],
            }
            | ({"categories": list(codes[column["codes"]])} if column.get("codes") else {})
            for column in described["columns"]
        ],
        "primaryKey": described["key"],
        "missingValues": [""],
    }


def _distribution(body: Body, version: Version, name: str, content: bytes) -> Distribution:
    """Return what the catalogue says of a file."""
    return Distribution(
        title=name,
        address=address_of(body, version, "reports.open_file", name=name),
        media_type=_MEDIA[name.rpartition(".")[2]],
        size=len(content),
        sha256=sha256(content).hexdigest(),
    )


def _licence(body: Body, version: Version) -> str:
    """Return the terms, in French and in Arabic."""
    parts = ["licence", *(["odbl"] if licence()["name"].startswith("ODbL") else [])]
    paragraphs = [
        Template(notices()[part][lang]).substitute(values(body, version, lang))
        for lang in NOTES
        for part in (*parts, "cite", "people")
    ]
    return "\n\n".join(paragraphs) + "\n"


def _readme(body: Body, version: Version, made: Files, lang: str) -> str:
    """Return the note to read first."""
    rows = json.loads(made["data.json"])["passages"]
    whole = any(row["text"] for row in rows) and all(row["text"] for row in rows if row["sha256"])
    words = notices()["all_words" if whole else "quoted_words"][lang]
    return Template(_data(f"README.{lang}.txt")).substitute(
        values(body, version, lang), words=words
    )
