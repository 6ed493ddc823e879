"""Finds a local judge's weights: a folder, the hub's cache, or the hub, named before any fetch."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from judgemark.errors import UsageError

_WEIGHTS = (".safetensors", ".bin", ".pt", ".pth", ".gguf")
_TOKENIZERS = (
    "tokenizer.json",
    "tokenizer_config.json",
    "tokenizer.model",
    "tekken.json",
    "spiece.model",
    "vocab.json",
    "vocab.txt",
)
_INDEX = ("model.safetensors.index.json", "pytorch_model.bin.index.json")


@dataclass(frozen=True, slots=True)
class HubFile:
    """One file of a repository on the hub; `size` in bytes, None where the hub does not say."""

    name: str
    size: int | None


class Hub(Protocol):
    """What this module needs of a hub of weights."""

    def cached(self, name: str, revision: str | None) -> Path | None:
        """Return the folder of a repository that is on this disk, else None."""

    def files(self, name: str, revision: str | None) -> Sequence[HubFile]:
        """Return what the repository holds.

        Raises UsageError where the hub cannot be asked or has none.
        """


@dataclass(frozen=True, slots=True)
class Weights:
    """Where a judge's weights are.

    `source` is what an engine is given: the folder as a string, or the name on the hub, whose
    files the engine then fetches. `fetch_bytes` is what must be fetched first, 0 for none. `gguf`
    is the name of a GGUF file in that folder; None for weights in the usual form.
    """

    source: str
    fetch_bytes: int = 0
    gguf: str | None = None


def locate(
    name: str, revision: str | None, say: Callable[[str], None], hub: Hub | None = None
) -> Weights:
    """Find the weights of the judge `name`, fetching nothing.

    `name` is a folder, a GGUF file, or a repository on the Hugging Face hub (owner/name). Where
    they are not on this disk, `say` is given one line with name and size. Raises UsageError for a
    path that is none, a folder without a judge in it, and a repository that the hub does not have.
    """
    folder = Path(name).expanduser()
    if folder.suffix.lower() == ".gguf" and folder.is_file():
        return Weights(str(folder.parent), gguf=folder.name)
    if folder.is_dir():
        if not (folder / "config.json").is_file():
            raise UsageError(f"{folder}: no config.json in this folder; name a judge's folder")
        if not has_weights(folder):
            raise UsageError(
                f"{folder}: the weights are missing or incomplete in this folder; copy all of "
                "its files again"
            )
        return Weights(str(folder))
    if name.startswith((".", "/", "~")) or name.count("/") > 1 or folder.exists():
        raise UsageError(f"{name}: no such folder; name a judge's folder or owner/name on the hub")
    hub = hub or HuggingFaceHub()
    cached = hub.cached(name, revision)
    if cached is not None and has_weights(cached):
        return Weights(str(cached))
    size = fetch_size(hub.files(name, revision))
    say(f"{name}: not on this disk; {_gigabytes(size)} will be fetched from the Hugging Face hub")
    return Weights(name, size)


def has_weights(folder: Path) -> bool:
    """Return whether a folder holds weights: every shard that its index names, or any file of
    weights."""
    for index in _INDEX:
        if (folder / index).is_file():
            named = json.loads((folder / index).read_text("utf-8")).get("weight_map", {}).values()
            return all((folder / shard).exists() for shard in named)
    return any(f.suffix in _WEIGHTS for f in folder.iterdir())


def fetch_size(files: Iterable[HubFile]) -> int:
    """Return the bytes an engine fetches: safetensors where there are any, else other weights, and
    JSON.

    Files of unknown size count as 0.
    """
    listed = list(files)
    suffixes = {Path(f.name).suffix for f in listed}
    wanted = ".safetensors" if ".safetensors" in suffixes else ".bin"
    taken = [f for f in listed if Path(f.name).suffix in (wanted, ".json", ".txt", ".jinja")]
    return sum(f.size or 0 for f in taken)


def _gigabytes(size: int) -> str:
    if size >= 10**9:
        return f"{size / 1e9:.1f} GB"
    return f"{size / 1e6:.1f} MB" if size else "an unknown size"


def has_tokenizer(folder: Path) -> bool:
    """Return whether a folder holds a tokenizer in any of the usual forms."""
    return any((folder / name).is_file() for name in _TOKENIZERS)


def damaged_file(folder: Path) -> str | None:
    """Return which file of weights in a folder is not whole, and how; None where none is seen.

    A safetensors file says in its head how long it is. A pointer of git-lfs stands for a file that
    was never fetched.
    """
    for file in sorted(folder.glob("*.safetensors")):
        problem = _problem_of(file)
        if problem is not None:
            return f"{file.name} {problem}"
    return None


def _problem_of(file: Path) -> str | None:
    """Source: the format's description, github.com/huggingface/safetensors#format."""
    size = file.stat().st_size
    with file.open("rb") as opened:
        start = opened.read(8)
        if start == b"version ":
            return "is a pointer of git-lfs: run git lfs pull in its folder"
        length = int.from_bytes(start, "little")
        if len(start) < 8 or length > size:
            return "is cut off or no safetensors file: fetch it again"
        try:
            tensors = json.loads(opened.read(length))
            ends = [t["data_offsets"][1] for name, t in tensors.items() if name != "__metadata__"]
            whole = 8 + length + max(ends, default=0)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            return "has no readable head: fetch it again"
    if size < whole:
        return f"is cut off ({size:,} of {whole:,} bytes): fetch it again"
    return None


class HuggingFaceHub:
    """The Hugging Face hub and its cache on this disk."""

    def cached(self, name: str, revision: str | None) -> Path | None:
        """Return the snapshot folder in the hub's cache."""
        from huggingface_hub import snapshot_download

        try:
            return Path(snapshot_download(name, revision=revision, local_files_only=True))
        except (OSError, ValueError):
            return None

    def files(self, name: str, revision: str | None) -> Sequence[HubFile]:
        """Return the files of the repository, asked of the hub."""
        from huggingface_hub import HfApi
        from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

        try:
            info = HfApi().model_info(name, revision=revision, files_metadata=True, timeout=30)
        except RepositoryNotFoundError as exc:
            raise UsageError(
                f"{name}: neither a folder here nor a judge on the hub (or it needs a token: "
                "hf auth login)"
            ) from exc
        # Its bases are the transport's own error and OSError, whichever transport it uses.
        except (*HfHubHTTPError.__bases__, ValueError) as exc:
            reason = " ".join(str(exc).split())[:200]
            raise UsageError(
                f"{name}: no such folder here, and the hub cannot be asked ({reason})"
            ) from exc
        return [HubFile(s.rfilename, s.size) for s in info.siblings or ()]
