"""Reference scores: the order to agree with."""

from __future__ import annotations

from pathlib import Path

import pytest

from judgemark.errors import InputError
from judgemark.inputs.our_files import PUBLISHED_REFERENCES
from judgemark.inputs.references import published_references, read_references


def written(folder: Path, text: str) -> Path:
    path = folder / "r.json"
    path.write_text(text, "utf-8")
    return path


def test_scores_of_the_writers_at_hand_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, '{"ann": 3, "bea": -1.5, "not here": 9}')
    assert read_references(path, ["ann", "bea", "cid"]) == {"ann": 3.0, "bea": -1.5}


def test_one_writer_alone_has_no_order_but_its_score_is_read(tmp_path: Path) -> None:
    assert read_references(written(tmp_path, '{"ann": 3, "bea": 1}'), ["ann"]) == {"ann": 3.0}
    with pytest.raises(InputError, match="scores 0 of the 1 writers; name them as the samples do"):
        read_references(written(tmp_path, '{"bea": 1}'), ["ann"])


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("[1, 2]", "", "is an array, not an object"),
        ('{"ann": "3", "bea": 1}', '"ann"', "the score is a string, not a number"),
        ('{"ann": 1, "bea": null}', '"bea"', "the score is null, not a number"),
        ('{"ann": 1, "bea": true}', '"bea"', "the score is true or false, not a number"),
        (
            '{"ann": 1, "bea": 1' + "0" * 400 + "}",
            '"bea"',
            "the score is a number that is out of bounds or not whole",
        ),
        ('{"ann": 1, "bea": NaN}', "line 1, column 19", "NaN is not JSON"),
        ('{"ann": 1}', "", "scores 1 of the 2 writers"),
        ('{"Ann": 1, "Bea": 2}', "", "scores 0 of the 2 writers"),
        ('{"ann": 1, "ann": 2}', '"ann"', "the key occurs twice in one object"),
    ],
)
def test_what_gives_no_order_is_refused(
    tmp_path: Path, text: str, place: str, problem: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_references(written(tmp_path, text), ["ann", "bea"])
    assert (caught.value.place, caught.value.problem) == (place, problem)
    assert caught.value.fix


SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "reference"


def test_the_published_scores_belong_to_their_preset() -> None:
    found = published_references("upstream-v2", ["DeepSeek-R1", "gemma-2b-it", "not there"])
    assert found == {"DeepSeek-R1": 1430.0, "gemma-2b-it": 989.0}
    newer = published_references("upstream-v2.1", ["kimi-k2", "gemma-3-4b-it", "DeepSeek-R1"])
    assert newer == {"kimi-k2": 1387.0, "gemma-3-4b-it": 1282.0}


def test_other_samples_and_other_presets_have_no_published_scores() -> None:
    assert published_references("upstream-v2", ["ann", "gemma-2b-it"]) is None
    assert published_references("another", ["DeepSeek-R1", "gemma-2b-it"]) is None


@pytest.mark.parametrize("preset", sorted(PUBLISHED_REFERENCES))
def test_the_shipped_scores_are_the_published_ones(preset: str) -> None:
    shipped = PUBLISHED_REFERENCES[preset]
    assert shipped.stem == preset.replace("-", "_") + "_reference_scores"
    if not SHARED.exists():
        pytest.skip("../shared/reference is absent")
    assert shipped.read_text("utf-8").split() == (SHARED / shipped.name).read_text("utf-8").split()
