"""The entry of a version in a data catalogue: DCAT-AP, as JSON-LD."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import Template
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.reports.publishing.packing import Version

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "adms": "http://www.w3.org/ns/adms#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_VOCABULARY = "http://publications.europa.eu/resource/authority"
_MEDIA = "https://www.iana.org/assignments/media-types"


@dataclass(frozen=True)
class Distribution:
    """A file that can be downloaded."""

    title: str
    address: str
    media_type: str
    size: int
    sha256: str


def catalogue(body: dict[str, Any], version: Version, listed: Sequence[Distribution]) -> Any:
    """Return the entry of a version with its files."""
    from app.reports.publishing import describing

    address, notices = describing.address_of(body, version), describing.notices()
    licence = {"@id": describing.licence()["url"]}

    def told(name: str) -> list[dict[str, str]]:
        """Return a sentence in each language."""
        return [
            {
                "@language": lang,
                "@value": Template(text).safe_substitute(describing.values(body, version, lang)),
            }
            for lang, text in notices[name].items()
        ]

    return {
        "@context": _CONTEXT,
        "@id": f"{address}#dataset",
        "@type": "dcat:Dataset",
        "dct:title": told("dataset"),
        "dct:description": told("description"),
        "dct:identifier": address,
        "dct:issued": _instant(version.published_at.isoformat()),
        "dcat:version": version.label,
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": told("publisher")},
        "dct:spatial": {"@id": f"{_VOCABULARY}/country/MAR"},
        "dct:temporal": _period(body),
        "dct:language": [{"@id": f"{_VOCABULARY}/language/{code}"} for code in ("FRA", "ARA")],
        "dct:accessRights": {"@id": f"{_VOCABULARY}/access-right/PUBLIC"},
        "dct:license": licence,
        "dcat:landingPage": {"@id": address},
        "dcat:theme": {"@id": f"{_VOCABULARY}/data-theme/SOCI"},
        "dcat:distribution": [_distribution(one, licence) for one in listed],
    }


def _instant(value: str) -> dict[str, str]:
    """Write an instant."""
    return {"@type": "xsd:dateTime", "@value": value}


def _period(body: dict[str, Any]) -> dict[str, Any]:
    """Return when answers came."""
    consultation = body["consultation"]
    found: dict[str, Any] = {"@type": "dct:PeriodOfTime"}
    for name, key in (("dcat:startDate", "opens_at"), ("dcat:endDate", "closes_at")):
        if consultation.get(key):
            found[name] = _instant(consultation[key])
    return found


def _distribution(one: Distribution, licence: dict[str, str]) -> dict[str, Any]:
    """Return the entry of a file."""
    return {
        "@type": "dcat:Distribution",
        "dct:title": one.title,
        "dcat:accessURL": {"@id": one.address},
        "dcat:downloadURL": {"@id": one.address},
        "dcat:mediaType": {"@id": f"{_MEDIA}/{one.media_type}"},
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(one.size)},
        "dct:license": licence,
        "adms:status": {"@id": "http://purl.org/adms/status/Completed"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": one.sha256},
        },
    }
