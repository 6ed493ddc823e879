"""All figures of a run on the terminal."""

from __future__ import annotations

from judgemark.cli.summary import figures
from judgemark.scoring.figures import Shown, shown_in, value_of
from judgemark.scoring.result_json import compose
from tests.report import page_data


def line(text: str, label: str) -> str:
    """What stands behind a label."""
    return next(row for row in text.splitlines() if row.strip().startswith(label))


def test_the_variance_of_the_scores_is_shared_out_and_repeats_have_their_own_share() -> None:
    result = compose(page_data.whole_run())
    said = line(figures(result, details=True), "Variance")
    shares = {c["name"]: c["share"] for c in result["variance"]["components"]}
    assert list(shares) == ["writer", "item", "writer x item", "iteration", "repeat"]
    for name, share in shares.items():
        assert f"{name} {100 * share:.0f}%" in said
    assert "noise" not in said


def test_without_repeats_the_last_share_holds_the_judges_noise() -> None:
    result = compose(page_data.whole_run())
    once = {**result["variance"], "components": result["variance"]["components"][:-1]}
    assert "noise" in line(figures({**result, "variance": once}, details=True), "Variance")
    assert "Variance" not in figures({**result, "variance": None}, details=True)


def test_each_kind_of_damage_has_a_row() -> None:
    block = {
        "accuracy": 0.9, "ci95": [0.8, 0.96], "counter": None, "twin": None, "reads": True,
    }  # fmt: skip
    kinds = {"order": block, "tense": {**block, "accuracy": None}}
    result = {**compose(page_data.whole_run()), "validity": {"sources": {}, "kinds": kinds}}
    text = figures(result, details=True)
    assert "90% [80, 96]" in line(text, "Reads, order")
    assert "tense" not in text


def test_every_registered_figure_of_the_terminal_is_printed_where_the_run_has_it() -> None:
    result = compose(page_data.whole_run())
    text = figures(result, details=True)
    shown = [figure for figure in shown_in(Shown.TERMINAL) if value_of(figure, result) is not None]
    assert shown
    for figure in shown:
        assert figure.label in text
