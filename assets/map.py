"""Draw the 12 regions, light: ``python -m assets.map REGIONS.geojson REGIONS.csv``.

The boundaries come from OpenStreetMap (© its contributors, ODbL), as GeoJSON whose features carry
an ISO code as ``id`` (``MA-08``); the table of names has columns ``code``, ``iso``, ``name_fr``,
``name_ar``. The result, ``app/territories/data/map.json``, is kept with the sources, so this is run
again only when boundaries change; it needs two packages more than the product does
(``pip install shapely topojson``).

Shared borders are simplified once, so that neighbours still touch. Mercator, being conformal, keeps
shapes and gives the small northern regions more room. Twelve shapes and nothing else: no line is
drawn that is not a region's border.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parent.parent / "app" / "territories" / "data" / "map.json"

#: Width of the drawing, in its own units.
WIDTH = 640
MARGIN = 2
#: How far a border may move, in degrees.
TOLERANCE = 0.012
#: Islets smaller than this share of a region's largest part are left out.
SMALLEST_PART = 1 / 400

Point = tuple[float, float]


def mercator(longitude: float, latitude: float) -> Point:
    """Project a point, in radians."""
    return math.radians(longitude), math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


class Frame:
    """The drawing's frame: places projected points in it.

    :ivar height: height of the drawing, in its own units.
    """

    def __init__(self, points: Iterable[Point]) -> None:
        projected = [mercator(*point) for point in points]
        self._left = min(x for x, _ in projected)
        self._top = max(y for _, y in projected)
        self._scale = (WIDTH - 2 * MARGIN) / (max(x for x, _ in projected) - self._left)
        bottom = min(y for _, y in projected)
        self.height = round((self._top - bottom) * self._scale) + 2 * MARGIN

    def place(self, point: Point) -> Point:
        """Return the point's place, to a tenth."""
        x, y = mercator(*point)
        left = round((x - self._left) * self._scale + MARGIN, 1)
        return left, round((self._top - y) * self._scale + MARGIN, 1)


def simplified(features: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Drop islets and simplify borders, each shared one once."""
    import topojson  # type: ignore[import-not-found,import-untyped,unused-ignore]
    from shapely.geometry import (  # type: ignore[import-untyped,unused-ignore]
        mapping,
        shape,
    )
    from shapely.ops import unary_union  # type: ignore[import-untyped,unused-ignore]

    kept = []
    for feature in features:
        geometry = shape(feature["geometry"]).buffer(0)
        parts = list(getattr(geometry, "geoms", [geometry]))
        least = max(part.area for part in parts) * SMALLEST_PART
        whole = unary_union([part for part in parts if part.area > least])
        kept.append({
            "type": "Feature", "id": feature["id"], "properties": {"id": feature["id"]},
            "geometry": json.loads(json.dumps(mapping(whole))),
        })
    topology = topojson.Topology(
        {"type": "FeatureCollection", "features": kept},
        prequantize=20_000, toposimplify=TOLERANCE, prevent_oversimplify=True,
    )
    result: list[dict[str, Any]] = json.loads(topology.to_geojson())["features"]
    return result


def polygons(geometry: dict[str, Any]) -> list[list[list[Point]]]:
    """Return the polygons of a geometry, each a list of rings."""
    coordinates = geometry["coordinates"]
    return coordinates if geometry["type"] == "MultiPolygon" else [coordinates]


def path_of(ring: Sequence[Point]) -> str:
    """Write a closed ring as SVG path data, in relative steps, which are shorter."""
    (start_x, start_y), *rest = ring
    steps, x, y = [], start_x, start_y
    for next_x, next_y in rest[:-1]:
        dx, dy = round(next_x - x, 1), round(next_y - y, 1)
        if dx or dy:
            steps.append(f"{_short(dx)} {_short(dy)}")
            x, y = round(x + dx, 1), round(y + dy, 1)
    return f"M{_short(start_x)} {_short(start_y)}l" + " ".join(steps).replace(" -", "-") + "z"


def _short(value: float) -> str:
    """Write a number with no needless zero."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def drawn(geometry: dict[str, Any], frame: Frame) -> dict[str, Any]:
    """Return a region's path and the point farthest from its borders, where its number stands."""
    from shapely.geometry import Polygon
    from shapely.ops import polylabel

    data, largest = "", Polygon()
    for rings in polygons(geometry):
        placed = [[frame.place(point) for point in ring] for ring in rings]
        data += "".join(path_of(ring) for ring in placed)
        shape = Polygon(placed[0]).buffer(0)
        largest = max([largest, *getattr(shape, "geoms", [shape])], key=lambda part: part.area)
    point = polylabel(largest, 0.5)
    return {"d": data, "x": round(point.x), "y": round(point.y)}


def draw(boundaries: Path, names: Path) -> dict[str, Any]:
    """Return the map: its size, and each region's path, label point and names, by official code."""
    with names.open(encoding="utf-8", newline="") as file:
        rows = {row["iso"]: row for row in csv.DictReader(file)}
    features = simplified(json.loads(boundaries.read_text(encoding="utf-8"))["features"])
    frame = Frame(
        point for feature in features for rings in polygons(feature["geometry"])
        for ring in rings for point in ring
    )
    regions = {}
    for feature in features:
        row = rows[feature["properties"]["id"]]
        titles = {"fr": row["name_fr"], "ar": row["name_ar"]}
        regions[row["code"]] = drawn(feature["geometry"], frame) | {"names": titles}
    return {"w": WIDTH, "h": frame.height, "regions": dict(sorted(regions.items()))}


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the map and say how heavy it is."""
    parser = argparse.ArgumentParser(prog="python -m assets.map", description="Draw the regions.")
    parser.add_argument("boundaries", type=Path, help="GeoJSON of the regions")
    parser.add_argument("names", type=Path, help="CSV of codes and names")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args(arguments)
    text = json.dumps(draw(options.boundaries, options.names), ensure_ascii=False, indent=1)
    options.out.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(f"{options.out.name}: {len(text.encode())} bytes\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
