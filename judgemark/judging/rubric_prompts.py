"""The judge prompts and criteria of a rubric judge: from files of the user's, or our own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from judgemark.errors import UsageError
from judgemark.inputs.json_file import read_text
from judgemark.inputs.our_files import (
    OUR_CRITERIA,
    OUR_PROMPTS,
    OUR_TEMPLATE,
    OUR_WRITING_PROMPTS,
)
from judgemark.inputs.prompt_template import (
    NEGATIVE,
    POSITIVE,
    WRITING_PROMPT,
    PromptTemplate,
    criteria_lists,
    read_template,
    template_prompts,
)
from judgemark.inputs.prompts import Fills, PromptSet, read_criteria, read_fill, read_prompts
from judgemark.judging.job_settings import JobSettings
from judgemark.records import Criterion


@dataclass(frozen=True)
class AskedRubric:
    """What a judge is shown, and the criteria it scores; None for what is not known."""

    prompts: PromptSet | None
    criteria: tuple[Criterion, ...] | None


def read_rubric(settings: JobSettings, items: Collection[str], *, needed: bool) -> AskedRubric:
    """Return the user's prompts and criteria, or ours where they are needed.

    Raises UsageError or InputError.
    """
    files = settings.files
    _check_scale(settings)
    if files.template is not None:
        if files.prompts_file is not None:
            raise UsageError("‹template› and ‹prompts_file› exclude each other; give one of them")
        return read_rubric_of_template(settings, items, None)
    criteria = read_criteria(files.criteria_file) if files.criteria_file else None
    if files.prompts_file is None and not needed:
        _fills(settings)  # A file that cannot be read is told, though nothing needs it.
        return AskedRubric(None, criteria)
    if files.prompts_file is None and criteria is None:
        criteria = read_criteria(OUR_CRITERIA)
    prompts = read_prompts(files.prompts_file or OUR_PROMPTS, items, _fills(settings))
    return AskedRubric(prompts, criteria)


def read_rubric_of_template(
    settings: JobSettings, items: Collection[str], writing_prompts: Mapping[str, str] | None
) -> AskedRubric:
    """Return the prompts of one template for all items: of the user's, or else of our own.

    A template that lists criteria by placeholder and comes without a file of criteria gets ours.

    Args:
        settings: name the template, the files that fill it, and the scale.
        items: the items that need a prompt.
        writing_prompts: what the writers were asked, by item; None reads them from the file that
            the settings name, or takes ours for our own samples.

    Raises UsageError or InputError.
    """
    files = settings.files
    template = read_template(files.template or OUR_TEMPLATE)
    lists = template.asks_for(POSITIVE) or template.asks_for(NEGATIVE)
    criteria_file = files.criteria_file or (OUR_CRITERIA if lists else None)
    criteria = read_criteria(criteria_file) if criteria_file else None
    if lists and criteria is not None:
        _refuse_half_a_list(template, criteria)
    if writing_prompts is None:
        writing_prompts = _writing_prompts(settings, template, items)
    prompts = template_prompts(
        template,
        items,
        writing_prompts,
        _fills(settings),
        criteria_lists(criteria_file) if criteria_file else {},
    )
    return AskedRubric(prompts, criteria)


def unused_fills(settings: JobSettings) -> list[str]:
    """Return the settings that name a text for a placeholder which no prompt has."""
    files = settings.files
    given = {
        "RUBRIC_CRITERIA": files.rubric_criteria_file,
        "SCORE_ANCHORING": files.score_anchoring_file,
    }
    if not any(given.values()):
        return []
    shown = read_text(files.template or files.prompts_file or OUR_PROMPTS)
    return [
        f"‹{name.lower()}_file› is not used: no prompt has <{name}>"
        for name, path in given.items()
        if path is not None and f"<{name}>" not in shown
    ]


def _check_scale(settings: JobSettings) -> None:
    """Raise UsageError for a scale whose ends are in the wrong order."""
    if not settings.scoring_min < settings.scoring_max:
        raise UsageError(
            f"‹scoring_min› {settings.scoring_min:g} is not below "
            f"‹scoring_max› {settings.scoring_max:g}; give a least and a greatest score"
        )


def known_writing_prompts(settings: JobSettings, items: Collection[str]) -> Mapping[str, str]:
    """Return the writing prompts by item; none where the samples are not ours and no file is
    named."""
    given = settings.files.writing_prompts
    if given is None and settings.files.samples_file is None:
        given = OUR_WRITING_PROMPTS
    if not given:
        return {}
    from judgemark.inputs.writing_prompts import read_writing_prompts

    return read_writing_prompts(given, items).by_item


def _fills(settings: JobSettings) -> Fills:
    return Fills(
        settings.scoring_min,
        settings.scoring_max,
        read_fill(settings.files.rubric_criteria_file),
        read_fill(settings.files.score_anchoring_file),
    )


def _writing_prompts(
    settings: JobSettings, template: PromptTemplate, items: Collection[str]
) -> Mapping[str, str]:
    if not template.asks_for(WRITING_PROMPT):
        return {}
    found = known_writing_prompts(settings, items)
    if not found:
        shown = Path(template.path).name
        raise UsageError(
            f"‹template›: {shown} has <{WRITING_PROMPT}>; name the writing prompts of these "
            "samples with ‹writing_prompts›"
        )
    return found


def _refuse_half_a_list(template: PromptTemplate, criteria: tuple[Criterion, ...]) -> None:
    """Criteria that the judge is not shown would count as missing in every reply."""
    for placeholder, negative in ((POSITIVE, False), (NEGATIVE, True)):
        left = [c.name for c in criteria if c.negative is negative]
        if left and not template.asks_for(placeholder):
            raise UsageError(
                f"‹template›: {template.path.name} has no <{placeholder}>, where the criterion "
                f'"{left[0]}" belongs; add it, or give ‹criteria_file›'
            )
