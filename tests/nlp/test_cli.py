"""The command line, as a user calls it."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.nlp.samples import ARABIC, FRENCH

TOP = Path(__file__).parents[2]


def run(*arguments):
    """Run ``python -m nlp`` and return its outcome."""
    command = [sys.executable, "-m", "nlp", *map(str, arguments)]
    return subprocess.run(
        command, cwd=TOP, capture_output=True, text=True, encoding="utf-8", check=False
    )


def table(path, rows, *, header=("id", "texte"), delimiter=",", encoding="utf-8"):
    """Write a CSV file and return its path."""
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(header)
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    lines = [*FRENCH, "", *ARABIC, "long " * 60_000]
    return table(tmp_path_factory.mktemp("in") / "answers.csv", enumerate(lines))


def test_themes_writes_assignments_and_themes(answers, tmp_path):
    outcome = run("themes", answers, "--text", "texte", "--themes", 3, "--out", tmp_path / "out")
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout == ""
    lines = (tmp_path / "out" / "assignments.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "row,start,end,theme,state,margin,language"
    rows = list(csv.DictReader(lines))
    texts = [*FRENCH, "", *ARABIC]
    assert {int(row["row"]) for row in rows} == set(range(len(texts) + 1)) - {len(FRENCH)}
    first = next(row for row in rows if row["row"] == str(len(FRENCH) + 1))
    assert ARABIC[0][int(first["start"]) : int(first["end"])] == ARABIC[0]
    assert first["language"] == "ar"
    document = json.loads((tmp_path / "out" / "themes.json").read_text(encoding="utf-8"))
    assert 1 <= len(document["themes"]) <= 3
    for theme in document["themes"]:
        for quotation in theme["quotations"]:
            source = [*texts, "long " * 60_000][quotation["row"]]
            assert source[quotation["start"] : quotation["end"]] == quotation["text"]


def test_a_second_run_writes_the_same_bytes(answers, tmp_path):
    for name in ("a", "b"):
        run(
            "themes",
            answers,
            "--text",
            "texte",
            "--unit",
            "row",
            "--seed",
            3,
            "--out",
            tmp_path / name,
        )
    for name in ("assignments.csv", "themes.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_embed_writes_one_row_of_length_one_per_row(answers, tmp_path):
    outcome = run("embed", answers, "--text", "texte", "--out", tmp_path / "vectors.npy")
    assert outcome.returncode == 0, outcome.stderr
    vectors = np.load(tmp_path / "vectors.npy")
    assert vectors.dtype == np.float32
    assert len(vectors) == len(FRENCH) + len(ARABIC) + 2
    lengths = np.linalg.norm(vectors, axis=1)
    assert lengths[len(FRENCH)] == 0
    np.testing.assert_allclose(np.delete(lengths, [len(FRENCH), len(vectors) - 1]), 1, atol=1e-5)


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_other_delimiters_and_a_byte_order_mark_are_read(tmp_path, delimiter, encoding):
    from nlp.tables import read_column

    path = table(tmp_path / "in.csv", enumerate(FRENCH), delimiter=delimiter, encoding=encoding)
    assert read_column(path, "texte") == FRENCH
    assert read_column(path, "id") == [str(n) for n in range(len(FRENCH))]


def write_bytes(path, content):
    """Write a file and return its path."""
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        (b"", "is empty"),
        (b"texte\xe9\n\xe9t\xe9\n", "is not UTF-8"),
        (b"a,b\n1,2\n", 'has no column "texte"'),
        (b"texte\0\n", "is not a text file"),
    ],
)
def test_bad_input_gets_one_clear_line_and_code_2(tmp_path, content, said):
    path = tmp_path / "in.csv" if content is None else write_bytes(tmp_path / "in.csv", content)
    outcome = run("themes", path, "--text", "texte", "--out", tmp_path / "out")
    assert outcome.returncode == 2
    assert said in outcome.stderr
    assert len(outcome.stderr.strip().splitlines()) == 1
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize(
    "wrong", [["--themes", "0"], ["--themes", "many"], ["--unit", "word"], ["--seed", "-1"]]
)
def test_wrong_options_are_refused_with_code_2(answers, tmp_path, wrong):
    outcome = run("themes", answers, "--text", "texte", "--out", tmp_path / "out", *wrong)
    assert outcome.returncode == 2
    assert "Traceback" not in outcome.stderr


def test_a_file_with_a_header_only_gives_empty_results(tmp_path):
    path = table(tmp_path / "in.csv", [])
    assert run("themes", path, "--text", "texte", "--out", tmp_path / "out").returncode == 0
    assert (tmp_path / "out" / "assignments.csv").read_text().count("\n") == 1
    assert run("embed", path, "--text", "texte", "--out", tmp_path / "v.npy").returncode == 0
    assert len(np.load(tmp_path / "v.npy")) == 0


def test_groups_are_compared_and_natures_told(tmp_path):
    lines = [*FRENCH, *ARABIC] * 3
    rows = [(n, f"{line} ({n})", "08" if n % 2 else "") for n, line in enumerate(lines)]
    path = table(tmp_path / "in.csv", rows, header=("id", "texte", "region"))
    options = ("--unit", "row", "--themes", 3, "--group", "region", "--nature")
    outcome = run("themes", path, "--text", "texte", *options, "--out", tmp_path / "out")
    assert outcome.returncode == 0, outcome.stderr
    with (tmp_path / "out" / "assignments.csv").open(encoding="utf-8") as stream:
        natures = {row["nature"] for row in csv.DictReader(stream)}
    assert "problem" in natures
    with (tmp_path / "out" / "contrasts.csv").open(encoding="utf-8") as stream:
        contrasts = list(csv.DictReader(stream))
    assert {row["dimension"] for row in contrasts} == {"region", "language"}
    assert {row["group"] for row in contrasts if row["dimension"] == "region"} == {"08"}


def test_a_saved_model_places_new_rows_and_decisions_hold_in_the_next_run(tmp_path):
    path = table(tmp_path / "in.csv", enumerate([*FRENCH, *ARABIC]))
    model = tmp_path / "model.npz"
    common = ("--text", "texte", "--unit", "row", "--themes", 4)
    assert run("themes", path, *common, "--out", tmp_path / "a", "--model", model).returncode == 0
    before = json.loads((tmp_path / "a" / "themes.json").read_text(encoding="utf-8"))
    key = before["themes"][0]["key"]
    assert {t["broad"] for t in before["themes"]} == set(range(len(before["broad_themes"])))
    placed = run("assign", path, "--text", "texte", "--model", model, "--out", tmp_path / "p.csv")
    assert placed.returncode == 0, placed.stderr
    with (tmp_path / "p.csv").open(encoding="utf-8") as stream:
        assert len(list(csv.DictReader(stream))) == len(FRENCH) + len(ARABIC)
    rename = {"version": 1, "kind": "rename", "id": "d1", "theme": key, "name_fr": "Nom choisi"}
    log = tmp_path / "log.json"
    log.write_text(json.dumps([rename]), encoding="utf-8")
    again = run(
        "themes", path, *common, "--out", tmp_path / "b", "--earlier", model, "--decisions", log
    )
    assert again.returncode == 0, again.stderr
    after = json.loads((tmp_path / "b" / "themes.json").read_text(encoding="utf-8"))
    assert {t["key"]: t["name_fr"] for t in after["themes"]}[key] == "Nom choisi"


@pytest.mark.parametrize("content", ["{", '{"id": 1}', '[{"version": 1, "kind": "unheard"}]'])
def test_a_log_that_cannot_be_read_is_refused_in_one_line(tmp_path, content):
    path = table(tmp_path / "in.csv", enumerate(FRENCH))
    log = tmp_path / "log.json"
    log.write_text(content, encoding="utf-8")
    outcome = run("themes", path, "--text", "texte", "--decisions", log, "--out", tmp_path / "out")
    assert outcome.returncode == 2
    assert len(outcome.stderr.strip().splitlines()) == 1


def test_personal_data_are_masked(tmp_path):
    path = table(tmp_path / "in.csv", [(1, "Appelez le 0612345678."), (2, "Il manque un bus.")])
    outcome = run("mask", path, "--text", "texte", "--out", tmp_path / "masked.csv")
    assert outcome.returncode == 0, outcome.stderr
    with (tmp_path / "masked.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["text"] for row in rows] == ["Appelez le [téléphone].", "Il manque un bus."]
    assert [row["n_masked"] for row in rows] == ["1", "0"]
