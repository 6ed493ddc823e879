"""Where a local judge's weights are, and that name and size are said before any fetch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from judgemark.errors import UsageError
from judgemark.judges.weights import (
    HubFile,
    Weights,
    damaged_file,
    fetch_size,
    has_tokenizer,
    has_weights,
    locate,
)

FILES = (
    HubFile("config.json", 1_000),
    HubFile("model-1.safetensors", 5_000_000_000),
    HubFile("model-2.safetensors", 3_499_999_000),
    HubFile("pytorch_model.bin", 8_000_000_000),
)


@dataclass(frozen=True)
class FakeHub:
    folder: Path | None = None

    def cached(self, name: str, revision: str | None) -> Path | None:
        del name, revision
        return self.folder

    def files(self, name: str, revision: str | None) -> Sequence[HubFile]:
        del name, revision
        return FILES


def judge_folder(folder: Path, *files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in files:
        (folder / name).write_text("{}")
    return folder


def test_a_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    folder = judge_folder(tmp_path / "judge", "config.json", "model.safetensors")
    said: list[str] = []
    assert locate(str(folder), None, said.append, FakeHub()) == Weights(str(folder))
    assert said == []


def test_what_is_in_the_cache_is_not_announced(tmp_path: Path) -> None:
    folder = judge_folder(tmp_path / "snapshot", "config.json", "model.safetensors")
    said: list[str] = []
    assert locate("owner/judge", None, said.append, FakeHub(folder)).source == str(folder)
    assert said == []


def test_name_and_size_are_said_before_a_fetch(tmp_path: Path) -> None:
    only_config = judge_folder(tmp_path / "snapshot", "config.json")
    said: list[str] = []
    found = locate("owner/judge", None, said.append, FakeHub(only_config))
    # 1,000 + 5,000,000,000 + 3,499,999,000; the .bin is not fetched beside safetensors.
    assert found == Weights("owner/judge", 8_500_000_000)
    assert said == [
        "owner/judge: not on this disk; 8.5 GB will be fetched from the Hugging Face hub"
    ]


def test_files_of_unknown_size_count_nothing() -> None:
    assert fetch_size([HubFile("a.bin", None), HubFile("b.bin", 7), HubFile("x.md", 9)]) == 7


def test_every_shard_of_an_index_must_be_there(tmp_path: Path) -> None:
    folder = judge_folder(tmp_path / "judge", "config.json", "one.safetensors")
    index = {"weight_map": {"x": "one.safetensors", "y": "two.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    assert not has_weights(folder)
    (folder / "two.safetensors").write_text("")
    assert has_weights(folder)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("./nowhere", "no such folder"),
        ("/no/such/judge", "no such folder"),
        ("some/folder/judge", "no such folder"),
    ],
)
def test_a_path_that_is_none_is_not_taken_to_the_hub(name: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        locate(name, None, lambda _: None, FakeHub())


def test_a_folder_without_a_judge_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no config\.json"):
        locate(str(tmp_path), None, lambda _: None, FakeHub())
    judge_folder(tmp_path, "config.json")
    with pytest.raises(UsageError, match="weights are missing"):
        locate(str(tmp_path), None, lambda _: None, FakeHub())


def test_a_gguf_file_is_found_in_its_folder(tmp_path: Path) -> None:
    file = tmp_path / "judge.gguf"
    file.write_bytes(b"GGUF")
    assert locate(str(file), None, print, FakeHub()) == Weights(str(tmp_path), gguf="judge.gguf")
    with pytest.raises(UsageError, match="no such folder"):
        locate(str(tmp_path / "other.gguf"), None, print, FakeHub())


def safetensors(folder: Path, cut: int) -> Path:
    """A file of one tensor of 8 bytes, `cut` bytes of it missing."""
    head = json.dumps({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
    whole = len(head).to_bytes(8, "little") + head + bytes(8)
    (folder / "model.safetensors").write_bytes(whole[: len(whole) - cut])
    return folder


@pytest.mark.parametrize(
    ("cut", "said"), [(0, None), (3, "is cut off"), (20, "cut off"), (1_000, "cut off")]
)
def test_weights_that_are_not_whole_are_named(tmp_path: Path, cut: int, said: str | None) -> None:
    found = damaged_file(safetensors(tmp_path, min(cut, 70)))
    assert (found is None) == (said is None)
    if said is not None and found is not None:
        assert said in found
        assert found.startswith("model.safetensors ")


def test_a_pointer_of_git_lfs_is_no_file_of_weights(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_text("version https://git-lfs.github.com/spec/v1\n")
    assert "git lfs pull" in str(damaged_file(tmp_path))


def test_a_folder_without_a_tokenizer_is_known(tmp_path: Path) -> None:
    assert not has_tokenizer(judge_folder(tmp_path / "a", "config.json", "model.safetensors"))
    assert has_tokenizer(judge_folder(tmp_path / "b", "config.json", "tokenizer.json"))
