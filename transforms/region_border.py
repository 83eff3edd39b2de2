"""Which NUTS 2 regions touch, from Eurostat's regions; run once, its table is kept as a seed.

`python -m transforms.region_border NUTS_RG_60M_2016_4326.geojson.gz` writes `warehouse/seeds/region_border.csv`.
Eurostat draws a common border once: regions that touch share its corner points, coordinate by coordinate.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

SEED = Path(__file__).parent.parent / "warehouse" / "seeds" / "region_border.csv"
LEVEL = 2


def touching(features: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Pairs of codes of NUTS 2 regions with a common border point, each pair once, in order."""
    regions_at: defaultdict[tuple[float, ...], set[str]] = defaultdict(set)
    for feature in features:
        if feature["properties"]["LEVL_CODE"] == LEVEL:
            for point in _points(feature["geometry"]):
                regions_at[point].add(feature["properties"]["NUTS_ID"])
    return sorted({pair for regions in regions_at.values() for pair in combinations(sorted(regions), 2)})


def _points(geometry: dict[str, Any]) -> Iterator[tuple[float, ...]]:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for polygon in polygons:
        for ring in polygon:
            yield from map(tuple, ring)


def read(path: Path) -> list[dict[str, Any]]:
    """The features of a GeoJSON file, gzipped."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        features: list[dict[str, Any]] = json.load(file)["features"]
    return features


if __name__ == "__main__":
    with SEED.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(("region", "neighbour"))
        rows.writerows(touching(read(Path(sys.argv[1]))))
