"""Names that fit a chart; here every character is one unit wide."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.report.labels import chart_labels, fit, printable, shortened


def width(text: str) -> float:
    return len(text)


def anything(_: str) -> bool:
    return True


def test_a_name_breaks_after_its_own_joints() -> None:
    assert fit("some-writer-70B-instruct", 14, 2, width) == "some-writer-\n70B-instruct"


def test_a_name_without_joints_breaks_where_it_must() -> None:
    assert fit("abcdefghij", 6, 2, width) == "abcdef\nghij"


def test_what_does_not_fit_loses_its_middle() -> None:
    short = fit("organisation/writer-number-one-preview", 10, 2, width)
    assert short.startswith("organ")
    assert "…" in short
    assert short.endswith("ew")
    assert all(len(line) <= 10 for line in short.split("\n"))


def test_control_and_direction_marks_are_not_drawn() -> None:
    assert printable("a\u202eb\x1b[31m\nc") == "ab[31m c"
    assert printable("\u200b\n") == "(no name)"


def test_names_that_come_out_alike_are_numbered() -> None:
    names = ["writer-of-the-first-kind-a", "x", "writer-of-the-first-kjnd-a"]
    labels = chart_labels(names, 12, 1, width, anything)
    assert labels[1] == "x"
    assert (labels[0][:2], labels[2][:2]) == ("#1", "#3")


def test_characters_that_no_font_draws_become_boxes_with_a_number() -> None:
    labels = chart_labels(["plain", "通义-72B"], 20, 1, width, str.isascii)
    assert labels == ("plain", "#2 □□-72B")
    assert shortened(["plain", "通义-72B"], labels) == (("#2 □□-72B", "通义-72B"),)


def test_wrapping_alone_shortens_nothing() -> None:
    assert shortened(["some-writer b"], ["some-\nwriter b"]) == ()


@given(st.lists(st.text(max_size=80), min_size=1, max_size=6), st.integers(8, 30))
@settings(max_examples=80, deadline=None)
def test_labels_always_fit(names: list[str], wide: int) -> None:
    labels = chart_labels(names, wide, 2, width, str.isascii)
    assert len(labels) == len(names)
    for label in labels:
        lines = label.split("\n")
        assert 1 <= len(lines) <= 2
        assert all(len(line) <= wide for line in lines)
