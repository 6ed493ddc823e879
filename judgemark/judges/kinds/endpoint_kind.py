"""Judges at an OpenAI-compatible endpoint: specs without a prefix of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from judgemark.errors import UsageError
from judgemark.judges.base import BatchJudge, Json, Judge
from judgemark.judges.judge_kind import JudgeKind, JudgeRequest, Say

if TYPE_CHECKING:
    from judgemark.judges.chat_parameters import ChatParameters
    from judgemark.judges.endpoint import Endpoint
    from judgemark.judges.endpoint_pairwise import EndpointPairwiseSetup
    from judgemark.judges.patience import Patience
    from judgemark.judges.request_limits import RequestLimits
    from judgemark.judges.structured_scores import StructuredScores

_TOKENS_PER_REPLY = 800


@dataclass(frozen=True)
class EndpointRubricSetup:
    """A judge at an endpoint that scores a rubric.

    `structured` says whether the schema of `parameters` is still to be tried out: "off" where it
    is not, "auto" where free text will do as well, "on" where it will not.
    """

    endpoint: Endpoint
    parameters: ChatParameters
    limits: RequestLimits
    system: str | None
    structured: str = "off"
    patience: Patience | None = None
    protocol: str = "rubric"
    by_place: bool = False

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Implement `RubricSetup`."""
        from judgemark.judges.configuration import endpoint_configuration

        return endpoint_configuration(self.endpoint.judge_name, self.parameters.to_json())

    @property
    def described(self) -> Mapping[str, Any]:
        """The parameters, and what is sent before each question."""
        return {"parameters": self.parameters.to_json(), "system": self.system}

    @property
    def tokens_per_reply(self) -> int:
        """What a rubric's reply takes, and no more than the judge may write."""
        most = self.parameters.max_tokens
        return _TOKENS_PER_REPLY if most is None else min(most, _TOKENS_PER_REPLY)

    @property
    def asks_before(self) -> bool:
        """Implement `SettledByAsking`."""
        return self.structured != "off"

    def as_begun(self, judge: Mapping[str, Any]) -> EndpointRubricSetup:
        """Implement `SettledByAsking`: with or without a schema."""
        stored = judge.get("parameters")
        begun = replace(self, parameters=self.parameters.as_begun(stored))
        if self.structured == "auto" and (stored or {}).get("structured") is None:
            return begun._with_schema(None)
        schema = begun.parameters.structured
        if schema is not None:
            schema = schema.in_form_of((stored or {}).get("structured"))
        return begun._with_schema(schema)

    def _with_schema(self, schema: StructuredScores | None) -> EndpointRubricSetup:
        """Return the same judge, asked for this schema or (None) for free text.

        Nothing is left to try out.
        """
        parameters = replace(self.parameters, structured=schema)
        return replace(self, structured="off", parameters=parameters)

    def settled(self, say: Say) -> EndpointRubricSetup:
        """Implement `SettledByAsking`: a test question shows whether the schema is followed."""
        schema = self.parameters.structured
        if self.structured == "off" or schema is None:
            return self
        from judgemark.judges.structured_probe import may_take_older_form

        why = self._with_schema(schema)._why_not(schema)
        if why is not None and may_take_older_form(why):
            older = replace(schema, as_object=True)
            if self._with_schema(older)._why_not(older) is None:
                schema, why = older, None
        if why is None:
            say("Structured scores are asked for in a JSON schema, one integer per criterion")
            return self._with_schema(schema)
        if self.structured == "on":
            raise UsageError(f"‹structured› on: {why}; give ‹structured› auto or leave it out")
        say(f"Structured no JSON schema ({why}): replies are free text")
        return self._with_schema(None)

    def _why_not(self, schema: StructuredScores) -> str | None:
        """Return why the endpoint does not follow a schema; None where it does."""
        from judgemark.judges.chat import ChatJudge
        from judgemark.judges.patience import Patience
        from judgemark.judges.structured_probe import why_not_structured

        judge = ChatJudge(self.endpoint, self.parameters, self.limits, tells=False)
        try:
            return why_not_structured(judge, schema, self.patience or Patience())
        finally:
            judge.close()

    def open(self, adapted: frozenset[str]) -> Judge | BatchJudge:
        """Implement `RubricSetup`."""
        from judgemark.judges.chat import ChatJudge
        from judgemark.judges.shared_judge import at_all_endpoints

        return at_all_endpoints(
            self.endpoint, lambda one: ChatJudge(one, self.parameters, self.limits, adapted)
        )


def _rubric(request: JudgeRequest) -> EndpointRubricSetup:
    if request.endpoint is None or request.parameters is None or request.limits is None:
        raise UsageError(f'‹judge_model›: no endpoint is known for "{request.text}"')
    return EndpointRubricSetup(
        request.endpoint,
        replace(request.parameters, secrets=request.endpoint.secrets),
        request.limits,
        request.system,
        structured=request.structured,
        patience=request.patience,
    )


def _pairwise(request: JudgeRequest) -> EndpointPairwiseSetup:
    from judgemark.judges.endpoint_pairwise import EndpointPairwiseSetup, LettersOrWords
    from judgemark.judges.patience import Patience

    if request.endpoint is None or request.parameters is None or request.limits is None:
        raise UsageError(f'‹judge_model›: no endpoint is known for "{request.text}"')
    return EndpointPairwiseSetup(
        request.endpoint,
        replace(request.parameters, secrets=request.endpoint.secrets),
        request.limits,
        request.patience or Patience(),
        LettersOrWords(None) if request.worded else None,
    )


KIND = JudgeKind(
    prefix="endpoint",
    form="NAME",
    summary="a judge at an OpenAI-compatible endpoint, by its name there",
    rubric=_rubric,
    pairwise=_pairwise,
    place="at an endpoint",
    needs_prompts=True,
)
