"""Receipt codes are hard to guess and easy to type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.submissions.receipts import ALPHABET, new_code, readings, written

CODES = st.text(alphabet=ALPHABET, min_size=8, max_size=8)


def test_codes_are_made_of_signs_that_nobody_confuses() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 8 and set(code) <= set(ALPHABET) for code in codes)
    assert not set("01ILO") & set(ALPHABET)


@given(CODES, st.sampled_from(["", " ", "-", " - ", "\u2011", ".\u202f"]), st.booleans())
def test_a_code_is_read_however_it_is_typed(code: str, between: str, is_lower: bool) -> None:
    typed = f" {code[:4]}{between}{code[4:]} "
    assert readings(typed.lower() if is_lower else typed) == [code]


def test_digits_of_other_keyboards_are_digits() -> None:
    assert readings("٧K٤M-٩٢QX") == ["7K4M92QX"]
    assert readings("７Ｋ４Ｍ９２ＱＸ") == ["7K4M92QX"]


def test_a_sign_that_no_code_contains_is_read_as_its_lookalikes() -> None:
    assert "7K4M92QX" in readings("7K4M92OX")
    assert "7K4M92DX" in readings("7k4m920x")
    assert "JK4M92QX" in readings("IK4M92QX")


@pytest.mark.parametrize(
    "typed", ["", "7K4M92Q", "7K4M92QXX", "00001111", "7K4M92QÉ", "é" * 8, "x" * 5000]
)
def test_what_is_no_code_has_no_reading(typed: str) -> None:
    assert readings(typed) == []


@given(st.text(max_size=40))
def test_any_text_has_few_readings_and_all_are_codes(typed: str) -> None:
    found = readings(typed)
    assert len(found) <= 8
    assert all(len(code) == 8 and set(code) <= set(ALPHABET) for code in found)


def test_a_code_is_printed_in_two_groups() -> None:
    assert written("7K4M92QX") == "7K4M-92QX"
