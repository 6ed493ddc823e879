"""A local judge through transformers: exact log-probabilities from plain forward passes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from judgemark.errors import AskFault, Refused
from judgemark.judges.engine import (
    EngineJudge,
    EngineSettings,
    LocalJudge,
    open_local,
    why_not_loaded,
)
from judgemark.judges.exception_text import one_line
from judgemark.judges.logprob import letters_by_id
from judgemark.records import Reply


class HfJudge(EngineJudge):
    """Answers batches by forward passes; loads its weights at the first one.

    Prompts are padded on the right: what a causal judge says of a prompt's last token cannot
    depend on what follows it, whatever its layers are made of. float32 on a CPU.
    """

    kind = "hf"
    # Enough prompts to find some of like length.
    batch = 64

    def __init__(
        self, name: str, settings: EngineSettings, say: Callable[[str], None] = lambda _: None
    ) -> None:
        super().__init__(open_local(name, settings, say, ("transformers", "torch")))
        self._loaded: Any = None

    def versions(self) -> Mapping[str, str]:
        """Return the versions of transformers and torch."""
        return hf_versions()

    def load(self) -> None:
        """Load the weights, if they are not loaded yet; Refused where that fails."""
        if self._loaded is None:
            self._loaded = load_causal(self.local)

    def close(self) -> None:
        """Let go of the weights."""
        self._loaded = None

    def forward(self, prompts: Sequence[Sequence[int]]) -> Sequence[Reply | AskFault]:
        """Answer prompts in batches of like length, in their order."""
        answers: dict[int, Reply | AskFault] = {}
        most = self.local.settings.batch_tokens
        for batch in batches([len(prompt) for prompt in prompts], most):
            answers |= zip(batch, self._forward([prompts[n] for n in batch]), strict=True)
        return [answers[n] for n in range(len(prompts))]

    def _forward(self, prompts: Sequence[Sequence[int]]) -> list[Reply | AskFault]:
        import torch

        self.load()
        ids = self.local.rendering.letters
        try:
            logits = _last_logits(self._loaded, prompts)
        except RuntimeError as exc:
            raise Refused(f"{self.local.name}: the forward pass failed ({one_line(exc)})") from exc
        logprobs = torch.log_softmax(logits.double(), dim=-1)
        replies: list[Reply | AskFault] = []
        for row, prompt in zip(logprobs, prompts, strict=True):
            produced = self.local.rendering.token_text(int(row.argmax()))
            both = {ids.a: float(row[ids.a]), ids.b: float(row[ids.b])}
            letters = letters_by_id(both, ids, produced)
            replies.append(self.local.reply(letters, len(prompt), produced, "length"))
        return replies


def hf_versions() -> Mapping[str, str]:
    """Return the versions of transformers and torch."""
    import torch
    import transformers

    return {"transformers": transformers.__version__, "torch": torch.__version__}


def batches(lengths: Sequence[int], most_tokens: int) -> Iterator[list[int]]:
    """Split positions into batches of at most `most_tokens` tokens, padding included.

    Prompts of like length go together, the longest first, so that memory is short at once or
    never; equal lengths keep their order. A single prompt longer than that goes alone.
    """
    order = sorted(range(len(lengths)), key=lambda n: (-lengths[n], n))
    start = 0
    while start < len(order):
        rows = max(1, most_tokens // max(1, lengths[order[start]]))
        yield order[start : start + rows]
        start += rows


def _last_logits(loaded: Any, prompts: Sequence[Sequence[int]]) -> Any:
    """The logits after each prompt's last token; shape (prompts, vocabulary)."""
    import torch

    width = max(len(prompt) for prompt in prompts)
    ids = torch.zeros((len(prompts), width), dtype=torch.long)
    mask = torch.zeros((len(prompts), width), dtype=torch.long)
    for row, prompt in enumerate(prompts):
        ids[row, : len(prompt)] = torch.tensor(prompt)
        mask[row, : len(prompt)] = 1
    ends = [len(prompt) - 1 for prompt in prompts]
    kept = sorted(set(ends))
    # Logits of every position would need gigabytes where the vocabulary is large.
    sparse = "logits_to_keep" in inspect.signature(loaded.forward).parameters
    only = {"logits_to_keep": torch.tensor(kept, device=loaded.device)} if sparse else {}
    with torch.inference_mode():
        logits = loaded(
            input_ids=ids.to(loaded.device),
            attention_mask=mask.to(loaded.device),
            use_cache=False,
            **only,
        ).logits
    at = [kept.index(end) if sparse else end for end in ends]
    return logits[torch.arange(len(prompts)), torch.tensor(at)].cpu()


def device_and_dtype(wanted: str) -> tuple[str, str]:
    """Return where weights are loaded and in which number format; float32 on a CPU."""
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    return device, "float32" if wanted == "auto" and device == "cpu" else wanted


def load_causal(local: LocalJudge[Any]) -> Any:
    """Load the weights of a chat judge onto its device; raises Refused where that fails."""
    from transformers import AutoModelForCausalLM

    device, dtype = device_and_dtype(local.settings.dtype)
    try:
        named = {} if local.gguf is None else {"gguf_file": local.gguf}
        loaded = AutoModelForCausalLM.from_pretrained(
            local.source, revision=local.settings.revision, dtype=dtype, **named
        )
        return loaded.to(device).eval()
    except Exception as exc:
        # A damaged file raises an exception of its format's own library.
        raise Refused(why_not_loaded(local, exc)) from exc
