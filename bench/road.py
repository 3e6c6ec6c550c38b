"""Time and peak memory of each stage of the road, on real text when it is there, else on our own.

``python -m bench.road [--input FILE.csv]`` makes an instance in a temporary folder and runs the
README's commands one by one, each as a process of its own: wall seconds, processor seconds, peak
memory.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT.parent / "shared" / "data" / "input" / "real_consultation_fr_ar.csv"
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]


@dataclass(frozen=True)
class Figures:
    """What one command cost."""

    wall: float
    cpu: float
    peak: float


def measured(command: list[str], environment: dict[str, str]) -> Figures:
    """Run a command to its end.

    :returns: wall and processor time in seconds, peak resident memory in MB.
    """
    started = time.perf_counter()
    process = os.posix_spawn(command[0], command, environment)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"failed: {' '.join(command)}")
    return Figures(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def stages(path: Path, out: Path) -> list[tuple[str, list[str]]]:
    """Return the README's commands, named."""
    mapping = [
        "--map",
        "text=text",
        "--map",
        "title=title",
        "--map",
        "actor_type=actor_type",
        "--map",
        "submitted_at=submitted_at",
        "--map",
        "source=source",
        "--default",
        "actor_type=unknown",
        "--value",
        "actor_type:Citoyen / Citoyenne=citizen",
        "--value",
        "actor_type:Élu / élue et Institution=elected_official",
        "--value",
        "actor_type:Organisation à but non lucratif=association",
        "--value",
        "actor_type:Organisation à but lucratif=private_sector",
        "--id",
        "source",
        "--id",
        "source_id",
        "--id",
        "question",
    ]
    return [
        ("migrate", [*FLASK, "db", "upgrade"]),
        ("territories", [*FLASK, "territories", "load"]),
        ("consultation", [*FLASK, "consultations", "load", "examples/free-text.json"]),
        ("import", [*FLASK, "submissions", "import", "texte-libre", str(path), *mapping]),
        ("analysis", [*FLASK, "themes", "analyse", "texte-libre"]),
        # The first theme of a new database, the one with most voices, has the number 1.
        (
            "review",
            [*FLASK, "themes", "rename", "1", "--fr", "Premier thème", "--ar", "الموضوع الأول"],
        ),
        ("report, fr and ar", [*FLASK, "reports", "publish", "texte-libre", "--out", str(out)]),
    ]


def main() -> None:
    """Run every stage and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", type=Path, default=REAL)
    path = parser.parse_args().input
    if not path.exists():
        raise SystemExit(f"{path.name} is not here: give a file with --input")
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory(prefix="tachawor-bench-") as folder:
        environment = os.environ | {"TACHAWOR_PROFILE": "demo", "TACHAWOR_INSTANCE": folder}
        environment.pop("DATABASE_URL", None)
        total = 0.0
        sys.stdout.write(f"{'stage':<20}{'wall s':>9}{'cpu s':>9}{'peak MB':>9}\n")
        for name, command in stages(path, Path(folder) / "out"):
            figures = measured(command, environment)
            total += figures.wall
            sys.stdout.write(
                f"{name:<20}{figures.wall:>9.1f}{figures.cpu:>9.1f}{figures.peak:>9.0f}\n"
            )
            sys.stdout.flush()
        sys.stdout.write(f"{'all':<20}{total:>9.1f}\n")


if __name__ == "__main__":
    main()
