"""A local rubric judge through vLLM: whole batches, with the shared beginning of prompts cached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from judgemark.errors import Refused
from judgemark.judges.engine import LocalJudge
from judgemark.judges.exception_text import one_line
from judgemark.judges.generating import GeneratingJudge, Prompted, ReplySampling, end_tokens
from judgemark.judges.rendering import ChatRendering
from judgemark.judges.vllm import start_engine, vllm_versions
from judgemark.records import Reply


class VllmRubricJudge(GeneratingJudge):
    """Generates replies on vLLM's engine in this process; loads its weights at the first batch."""

    kind = "vllm"
    # A kill loses the replies of one batch; fewer prompts would leave a GPU idle.
    batch = 64

    def __init__(self, local: LocalJudge[ChatRendering], sampling: ReplySampling) -> None:
        super().__init__(local, sampling)
        self._engine: Any = None

    def versions(self) -> Mapping[str, str]:
        """Return the version of vLLM."""
        return vllm_versions()

    def load(self) -> None:
        """Start the engine, if it is not running yet; UsageError or Refused where that fails."""
        if self._engine is None:
            self._engine = start_engine(self.local)

    def close(self) -> None:
        """Let go of the engine and its memory."""
        self._engine = None

    def generate(self, prompts: Sequence[Prompted]) -> Sequence[Reply]:
        """Answer prompts in one call of the engine, in their order."""
        self.load()
        asked = [{"prompt_token_ids": prompt.ids} for prompt in prompts]
        try:
            outputs = self._engine.generate(
                asked, [self._sampling(prompt) for prompt in prompts], use_tqdm=False
            )
        except Exception as exc:
            raise Refused(f"{self.local.name}: vLLM failed ({one_line(exc)})") from exc
        return [self._reply(p, o.outputs[0]) for p, o in zip(prompts, outputs, strict=True)]

    def _sampling(self, prompt: Prompted) -> Any:
        from vllm import SamplingParams

        sampling = self.sampling
        given = {"top_p": sampling.top_p, "top_k": sampling.top_k}
        return SamplingParams(
            temperature=sampling.temperature,
            max_tokens=prompt.most_new,
            seed=prompt.seed if sampling.temperature > 0 else None,
            detokenize=False,
            logprobs=sampling.score_logprobs,
            **{name: value for name, value in given.items() if value is not None},
        )

    def _reply(self, prompt: Prompted, made: Any) -> Reply:
        ids = list(made.token_ids)
        # The engine knows which tokens end a reply; it gives the one that did as the last.
        ends = end_tokens(ids[-1]) if made.finish_reason == "stop" and ids else frozenset()
        chances = [
            {token: found.logprob for token, found in likely.items()}
            for likely in made.logprobs or ()
        ]
        return self.reply(prompt, ids, ends, chances)
