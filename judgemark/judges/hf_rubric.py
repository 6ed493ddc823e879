"""A local rubric judge through transformers: replies are generated in batches of like length."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from judgemark.errors import Refused, UsageError
from judgemark.judges.device_memory import within_memory
from judgemark.judges.engine import LocalJudge
from judgemark.judges.exception_text import one_line
from judgemark.judges.generating import GeneratingJudge, Prompted, ReplySampling, end_tokens
from judgemark.judges.hf import batches, hf_versions, load_causal
from judgemark.judges.rendering import ChatRendering
from judgemark.records import Reply

_EXPECTED_NEW_TOKENS = 1024


class HfRubricJudge(GeneratingJudge):
    """Generates replies with transformers; loads its weights at the first batch.

    Prompts are padded on the left, so that the new tokens of all follow at once. A batch has as
    many prompts as fit `batch_tokens` together with the replies that are to be expected.
    """

    kind = "hf"
    batch = 16

    def __init__(self, local: LocalJudge[ChatRendering], sampling: ReplySampling) -> None:
        super().__init__(local, sampling)
        if sampling.score_logprobs is not None:
            raise UsageError(
                "‹score_method›: transformers keeps no log-probabilities of whole replies here; "
                f"use vllm:{local.name}, or ‹score_method› plain"
            )
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

    def generate(self, prompts: Sequence[Prompted]) -> Sequence[Reply]:
        """Answer prompts in batches of like length, in their order."""
        self.load()
        answers: dict[int, Reply] = {}
        lengths = [len(p.ids) + min(p.most_new, _EXPECTED_NEW_TOKENS) for p in prompts]
        for batch in batches(lengths, self.local.settings.tokens_of_a_pass):
            answers |= zip(batch, self._within_memory([prompts[n] for n in batch]), strict=True)
        return [answers[n] for n in range(len(prompts))]

    def _within_memory(self, prompts: Sequence[Prompted]) -> list[Reply]:
        try:
            return within_memory(prompts, self._generate, self._loaded)
        except RuntimeError as exc:
            raise Refused(f"{self.local.name}: generating failed ({one_line(exc)})") from exc

    def _generate(self, prompts: Sequence[Prompted]) -> list[Reply]:
        import torch

        tokenizer = self.local.rendering.tokenizer
        ends = end_tokens(
            getattr(self._loaded.generation_config, "eos_token_id", None),
            getattr(tokenizer, "eos_token_id", None),
        )
        pad = getattr(tokenizer, "pad_token_id", None)
        width = max(len(p.ids) for p in prompts)
        pad = min(ends, default=0) if pad is None else pad
        ids = torch.tensor([[pad] * (width - len(p.ids)) + p.ids for p in prompts])
        mask = torch.tensor([[0] * (width - len(p.ids)) + [1] * len(p.ids) for p in prompts])
        torch.manual_seed(prompts[0].seed)
        with torch.inference_mode(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = self._loaded.generate(
                input_ids=ids.to(self._loaded.device),
                attention_mask=mask.to(self._loaded.device),
                generation_config=self._settings(prompts, sorted(ends), pad),
            )
        new = made[:, width:].tolist()
        return [
            self.reply(prompt, row[: prompt.most_new], ends)
            for prompt, row in zip(prompts, new, strict=True)
        ]

    def _settings(self, prompts: Sequence[Prompted], ends: list[int], pad: int) -> Any:
        """Return the settings of sampling, without those that the judge's own files bring."""
        from transformers import GenerationConfig

        sampling = self.sampling
        drawn: dict[str, Any] = {"do_sample": False}
        if sampling.temperature > 0:
            drawn = {
                "do_sample": True,
                "temperature": sampling.temperature,
                "top_p": 1.0 if sampling.top_p is None else sampling.top_p,
                "top_k": 0 if sampling.top_k is None else sampling.top_k,
            }
        return GenerationConfig(
            max_new_tokens=max(p.most_new for p in prompts),
            eos_token_id=ends or None,
            pad_token_id=pad,
            **drawn,
        )
