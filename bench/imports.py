"""Time and peak memory of importing 10,000 and 100,000 rows, as CSV and as XLSX.

``python -m bench.imports [ROWS ...]`` makes an instance in a temporary folder, writes a file as
KoboToolbox does (one row in a thousand cannot enter), and imports it by the command, in a process
of its own: wall seconds, processor seconds, peak memory.
"""

from __future__ import annotations

import csv
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook

from bench.road import FLASK, measured

#: What the issue asks of 10,000 rows.
MOST_SECONDS, MOST_MEGABYTES = 60, 500
HEADER = ["start", "_uuid", "_submission_time", "qualite", "region", "text", "title"]
CAPACITIES = ["citizen", "association", "cooperative", "expert"]
SENTENCE = (
    "Les familles éloignées demandent un centre ouvert tous les jours. "
    "نحتاج إلى مركز قريب من الدوار، والنقل غالي بزاف."
)


def rows(count: int) -> Iterator[list[str]]:
    """Yield rows of about sixty words; every thousandth names a capacity that there is not."""
    chance, words = random.Random(0), SENTENCE.split()
    for number in range(count):
        text = " ".join(chance.choices(words, k=60))
        who = "martian" if number % 1000 == 999 else chance.choice(CAPACITIES)
        region = f"{chance.randint(1, 12):02d}"
        day = f"2022-01-{chance.randint(1, 19):02d}T10:00:00"
        yield [day, f"u-{number:07d}", day, who, region, f"{number} {text}", text[:80]]


def write(path: Path, count: int) -> None:
    """Write a file of that many rows, of the kind that its name says."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, delimiter=";")
            writer.writerow(HEADER)
            writer.writerows(rows(count))
        return
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Answers")
    for row in ([HEADER], rows(count)):
        for cells in row:
            sheet.append(cells)
    workbook.save(path)


def main(counts: list[int]) -> None:
    """Measure, and say whether 10,000 rows stay within what is asked."""
    columns = {
        "_uuid": "source_id",
        "_submission_time": "submitted_at",
        "qualite": "actor_type",
        "region": "region",
        "text": "text",
        "title": "title",
    }
    options = [part for name, key in columns.items() for part in ("--map", f"{name}={key}")]
    print(f"{'rows':>8} {'file':5} {'MB':>7} {'wall s':>8} {'cpu s':>8} {'peak MB':>8}")
    for count in counts:
        for suffix in (".csv", ".xlsx"):
            with tempfile.TemporaryDirectory() as folder:
                environment = os.environ | {
                    "TACHAWOR_PROFILE": "demo",
                    "TACHAWOR_INSTANCE": folder,
                }
                for command in (
                    ["db", "upgrade"],
                    ["territories", "load"],
                    ["consultations", "load", "examples/free-text.json"],
                ):
                    measured([*FLASK, *command], environment)
                path = Path(folder) / f"rows{suffix}"
                write(path, count)
                load = [*FLASK, "submissions", "import", "texte-libre", str(path), *options]
                load += ["--set", "source=kobo", "--accept-valid", "--report", f"{folder}/refused"]
                figures = measured(load, environment)
                size = path.stat().st_size / 1e6
                print(
                    f"{count:>8} {suffix[1:]:5} {size:>7.1f} {figures.wall:>8.1f} "
                    f"{figures.cpu:>8.1f} {figures.peak:>8.0f}",
                    flush=True,
                )
                is_enough = figures.wall < MOST_SECONDS and figures.peak < MOST_MEGABYTES
                if count <= 10_000 and not is_enough:
                    sys.exit("more than what is asked")


if __name__ == "__main__":
    main([int(count) for count in sys.argv[1:]] or [10_000, 100_000])
