"""Reward judges: a sequence-classification head gives each piece one score."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from judgemark.errors import AskFault, Refused, UsageError
from judgemark.judges.answers import NUMBER
from judgemark.judges.base import Json
from judgemark.judges.compute_format import device, settled_dtype, use_allowed_cores
from judgemark.judges.device_memory import tokens_that_fit, within_memory
from judgemark.judges.engine import EngineSettings, load_tokenizer, refuse_missing, stored_dtype
from judgemark.judges.exception_text import one_line
from judgemark.judges.hf import batches, hf_versions
from judgemark.judges.rendering import TooLong, encodable
from judgemark.judges.weights import Weights, damaged_file, locate
from judgemark.records import Question, Reply, Usage

_HEAD = "SequenceClassification"
_NO_LIMIT = 1_000_000
"""Tokenizers without a limit of their own name a huge one."""


class RewardJudge:
    """Scores pieces with the head of a judge on transformers; loads its weights at the first batch.

    A judge with a chat template is shown the writing prompt as the user's message and the piece as
    the assistant's. One without a template is shown both as a pair of texts, or the piece alone
    where the writing prompt is not known.
    """

    batch = 64

    def __init__(
        self,
        name: str,
        settings: EngineSettings,
        instructions: Mapping[str, str],
        items: Sequence[str],
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Find the judge and check it; `items` are those whose pieces will be scored.

        Raises UsageError where a package is missing, where there is no such judge or it has no
        head with one score, and where its template needs writing prompts that are not known.
        """
        refuse_missing(("transformers", "torch"))
        self.name = name
        self._instructions = instructions
        self._weights = locate(name, settings.revision, say)
        self._tokenizer, config = load_tokenizer(self._weights, name, settings.revision)
        _refuse_other_heads(config, name)
        dtype = settled_dtype(settings.dtype, stored_dtype(config))
        self.settings = replace(settings, dtype=dtype)
        self._template = _template_of(self._tokenizer)
        unknown = [item for item in items if not instructions.get(item)]
        if self._template is not None and unknown:
            raise UsageError(
                f"{name}: its chat template shows the writing prompts; give ‹writing_prompts› "
                f'(there is none for item "{unknown[0]}")'
            )
        self.limit = _limit_of(config, self._tokenizer, settings)
        self._loaded: Any = None

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Return all that shapes the scores."""
        template = None
        if self._template is not None:
            encoded = self._template.encode("utf-8", "surrogatepass")
            template = hashlib.sha256(encoded).hexdigest()
        return {
            "kind": "hf-reward",
            "name": self.name,
            "settings": {"dtype": self.settings.dtype, "revision": self.settings.revision},
            "template": template,
        }

    @property
    def details(self) -> Mapping[str, Json]:
        """Return what run.json says beside the configuration."""
        return {**hf_versions(), "settings": self.settings.changed(), "context": self.limit}

    def load(self) -> None:
        """Load the weights, if they are not loaded yet; Refused where that fails."""
        if self._loaded is None:
            self._loaded = _load(self.name, self._weights, self.settings)

    def close(self) -> None:
        """Let go of the weights."""
        self._loaded = None

    def ask_batch(self, questions: Sequence[Question]) -> Sequence[Reply | AskFault]:
        """Return the score of each piece, or a fault where it is too long or no number comes."""
        self.load()
        encoded = [self._encoded(question) for question in questions]
        answers: dict[int, Reply | AskFault] = {
            n: AskFault(f"too long: {TooLong(questions[n], len(ids), self.limit)}")
            for n, ids in enumerate(encoded)
            if len(ids) > self.limit
        }
        fitting = [n for n in range(len(encoded)) if n not in answers]
        for batch in self._batches([len(encoded[n]) for n in fitting]):
            chosen = [fitting[n] for n in batch]
            scores = self._within_memory([encoded[n] for n in chosen])
            for n, score in zip(chosen, scores, strict=True):
                answers[n] = self._reply(score, len(encoded[n]))
        return [answers[n] for n in range(len(questions))]

    def _batches(self, lengths: Sequence[int]) -> Iterator[list[int]]:
        pad, end = (getattr(self._tokenizer, f"{n}_token_id", None) for n in ("pad", "eos"))
        if pad is None or pad == end:
            # The head finds the last token by the padding, which must not be mistaken for an end.
            return iter([n] for n in range(len(lengths)))
        return batches(lengths, self.settings.batch_tokens or tokens_that_fit(self._loaded))

    def _reply(self, score: float, tokens: int) -> Reply | AskFault:
        if not math.isfinite(score):
            return AskFault(f"the head gave {score}, which is not a finite number")
        return Reply(repr(score), NUMBER, judge_name=self.name, usage=Usage(tokens, 0))

    def _encoded(self, question: Question) -> list[int]:
        text = encodable(question.pieces["piece"].text)
        asked = encodable(self._instructions.get(question.item, ""))
        if self._template is None:
            both = (asked, text) if asked else (text,)
            return [int(token) for token in self._tokenizer(*both)["input_ids"]]
        messages = [
            {"role": "user", "content": asked},
            {"role": "assistant", "content": text},
        ]
        shown = self._tokenizer.apply_chat_template(messages, tokenize=False)
        ids = self._tokenizer(str(shown), add_special_tokens=False)["input_ids"]
        return [int(token) for token in ids]

    def _within_memory(self, prompts: Sequence[Sequence[int]]) -> list[float]:
        try:
            return within_memory(prompts, self._scores, self._loaded)
        except RuntimeError as exc:
            raise Refused(f"{self.name}: the forward pass failed ({one_line(exc)})") from exc

    def _scores(self, prompts: Sequence[Sequence[int]]) -> list[float]:
        import torch

        width = max(len(prompt) for prompt in prompts)
        pad = getattr(self._tokenizer, "pad_token_id", None)
        self._loaded.config.pad_token_id = pad if len(prompts) > 1 else None
        ids = torch.full((len(prompts), width), pad or 0, dtype=torch.long)
        mask = torch.zeros((len(prompts), width), dtype=torch.long)
        for row, prompt in enumerate(prompts):
            ids[row, : len(prompt)] = torch.tensor(prompt)
            mask[row, : len(prompt)] = 1
        with torch.inference_mode():
            logits = self._loaded(
                input_ids=ids.to(self._loaded.device),
                attention_mask=mask.to(self._loaded.device),
            ).logits
        return [float(score) for score in logits[:, 0].float().cpu()]


def _refuse_other_heads(config: Any, name: str) -> None:
    architectures = getattr(config, "architectures", None) or ()
    if not any(_HEAD in str(architecture) for architecture in architectures):
        made = ", ".join(map(str, architectures)) or "an unknown architecture"
        raise UsageError(
            f"{name}: {made} has no head that scores a text; a reward judge has a "
            f"{_HEAD} head (hf: asks a chat judge)"
        )
    labels = int(getattr(config, "num_labels", 1))
    if labels != 1:
        raise UsageError(
            f"{name}: its head gives {labels} labels; a reward judge gives one score for a "
            "piece; name another judge"
        )


def _template_of(tokenizer: Any) -> str | None:
    try:
        return str(tokenizer.get_chat_template())
    except ValueError:
        return None


def _limit_of(config: Any, tokenizer: Any, settings: EngineSettings) -> int:
    """Return the most tokens that a piece may have, its writing prompt included."""
    limits = [settings.max_model_len]
    own = getattr(config.get_text_config(), "max_position_embeddings", None)
    if isinstance(own, int) and own > 0:
        limits.append(own)
    named = getattr(tokenizer, "model_max_length", None)
    if isinstance(named, int) and 0 < named < _NO_LIMIT:
        limits.append(named)
    return min(limits)


def _load(name: str, weights: Weights, settings: EngineSettings) -> Any:
    from transformers import AutoModelForSequenceClassification

    use_allowed_cores()
    try:
        loaded, told = AutoModelForSequenceClassification.from_pretrained(
            weights.source,
            revision=settings.revision,
            dtype=settings.dtype,
            output_loading_info=True,
        )
    except Exception as exc:
        folder = Path(weights.source)
        damaged = damaged_file(folder) if folder.is_dir() else None
        why = damaged or one_line(exc)
        raise Refused(f"{name}: its weights cannot be loaded ({why})") from exc
    if told.get("missing_keys"):
        # What is missing would be drawn at random, and so would the scores.
        missing = ", ".join(sorted(map(str, told["missing_keys"]))[:3])
        raise Refused(f"{name}: its weights are incomplete: {missing} is missing")
    return loaded.to(device()).eval()
