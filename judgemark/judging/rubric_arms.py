"""The arms of the probes of a judge that scores single pieces, and why an arm cannot be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from judgemark.inputs.our_files import OUR_PARAPHRASED_TEMPLATE, OUR_TEMPLATE, OUR_WRITING_PROMPTS
from judgemark.inputs.prompts import PromptSet
from judgemark.inputs.samples import SampleSet
from judgemark.inputs.writing_prompts import read_writing_prompts
from judgemark.judging.job_settings import JobSettings
from judgemark.judging.probed_scoring import ScoredArm
from judgemark.judging.rubric_mode import RubricMode
from judgemark.judging.rubric_prompts import read_rubric, read_rubric_of_template
from judgemark.probes.changed_pieces import changed_pieces
from judgemark.probes.probe_arm import (
    PLAIN,
    AskedPrompts,
    FrameArm,
    NotAsked,
    PromptArm,
    RepeatArm,
    ScaleArm,
    TextArm,
)
from judgemark.probes.probe_registry import Probe, ProbeContrast, contrasts_of
from judgemark.records import Place, Sample
from judgemark.tournaments.tournament_settings import stream

NO_PROMPT = "this judge is shown no judge prompt that could be changed"
OWN_ENDS = "these are the ends of the run's own scale"
FIXED_ENDS = (
    "the judge prompts do not take the ends of the scale from <SCORING_MIN> and <SCORING_MAX>, so "
    "that no other scale can be asked for"
)
SAME_PROMPTS = "the change leaves the judge prompts as they are"
FIXED_FORM = "the schema of ‹structured› fixes the criteria and their scale"


@dataclass(frozen=True)
class RubricArms:
    """The arms that can be asked, the plain one first, and the reasons of the others by key."""

    arms: tuple[ScoredArm, ...]
    absent: Mapping[str, str]

    @property
    def pieces(self) -> tuple[Sample, ...]:
        """All pieces of all arms, each once, sorted."""
        found = {place_of(s): s for arm in self.arms for s in arm.mode.selected}
        return tuple(found[place] for place in sorted(found))

    def over(self, pieces: SampleSet) -> RubricArms:
        """Return the arms with the set of pieces that the run stores."""
        arms = [replace(a, mode=replace(a.mode, samples=pieces)) for a in self.arms]
        return replace(self, arms=tuple(arms))


def place_of(sample: Sample) -> Place:
    """Return where a sample stands."""
    return sample.writer, sample.iteration, sample.item


def rubric_arms(
    settings: JobSettings,
    base: RubricMode,
    probes: Sequence[Probe],
    absent: Mapping[str, str],
) -> RubricArms:
    """Return the arms of these probes about the pieces that `base` selects.

    `absent` has contrasts that are not asked anyway, with the reason. Raises InputError where a
    file cannot be read.
    """
    places = tuple(place_of(s) for s in base.selected)
    arms = [ScoredArm(PLAIN, base, places)]
    reasons = dict(absent)
    maker = _ArmMaker(settings, base)
    for probe, contrast in contrasts_of(probes):
        key = probe.key_of(contrast)
        if key in reasons or contrast.arm is None:
            continue
        made = maker.arm(key, contrast)
        if isinstance(made, NotAsked):
            reasons[key] = made.reason
        else:
            arms.append(made)
    return RubricArms(tuple(arms), reasons)


class _ArmMaker:
    """Makes one arm after the other from the plain one."""

    def __init__(self, settings: JobSettings, base: RubricMode) -> None:
        self._settings = settings
        self._base = base
        self._places = tuple(place_of(s) for s in base.selected)

    def arm(self, key: str, contrast: ProbeContrast) -> ScoredArm | NotAsked:
        """Return the arm of a contrast, or why it cannot be asked."""
        change = contrast.arm
        if isinstance(change, RepeatArm):
            return ScoredArm(key, self._base, self._places, later=True)
        if isinstance(change, TextArm):
            made = changed_pieces(key, change, self._base.selected, self._settings.seed)
            if isinstance(made, NotAsked):
                return made
            mode = replace(self._base, selected=tuple(made.values()))
            return ScoredArm(key, mode, tuple(made))
        if self._base.prompts is None:
            return NotAsked(NO_PROMPT)
        if isinstance(change, FrameArm):
            return self._with_prompts(key, change.framed(self._base.prompts))
        if isinstance(change, ScaleArm):
            return self._on_scale(key, change)
        if isinstance(change, PromptArm):
            return self._with_changed_prompts(key, change, self._base.prompts)
        return NotAsked("the plain answers give it")

    def _with_prompts(self, key: str, prompts: PromptSet) -> ScoredArm | NotAsked:
        if self._base.prompts is not None and prompts.sha256 == self._base.prompts.sha256:
            return NotAsked(SAME_PROMPTS)
        return ScoredArm(key, replace(self._base, prompts=prompts), self._places)

    def _with_changed_prompts(
        self, key: str, change: PromptArm, prompts: PromptSet
    ) -> ScoredArm | NotAsked:
        if self._settings.sampling.structured != "off":
            return NotAsked(FIXED_FORM)
        rng = stream(self._settings.seed, key)
        asked = AskedPrompts(prompts, self._base.rubric, self._paraphrased(), rng)
        made = change.change(asked)
        return made if isinstance(made, NotAsked) else self._with_prompts(key, made)

    def _on_scale(self, key: str, scale: ScaleArm) -> ScoredArm | NotAsked:
        rubric = self._base.rubric
        if (scale.low, scale.high) == (rubric.scoring_min, rubric.scoring_max):
            return NotAsked(OWN_ENDS)
        if self._settings.sampling.structured != "off":
            return NotAsked(FIXED_FORM)
        settings = replace(self._settings, scoring_min=scale.low, scoring_max=scale.high)
        prompts = read_rubric(settings, self._base.samples.items, needed=True).prompts
        if prompts is None or self._base.prompts is None:
            return NotAsked(NO_PROMPT)
        if prompts.sha256 == self._base.prompts.sha256:
            return NotAsked(FIXED_ENDS)
        ends = replace(rubric, scoring_min=scale.low, scoring_max=scale.high)
        mode = replace(self._base, prompts=prompts, rubric=ends)
        return ScoredArm(key, mode, self._places)

    def _paraphrased(self) -> PromptSet | None:
        """Our prompts in other words; None where the prompts are others."""
        files = self._settings.files
        items = self._base.samples.items
        if files.prompts_file is not None:
            return None
        ours = files.template is None
        if not ours and (files.template is None or not files.template.samefile(OUR_TEMPLATE)):
            return None
        settings = replace(self._settings, files=replace(files, template=OUR_PARAPHRASED_TEMPLATE))
        known = read_writing_prompts(OUR_WRITING_PROMPTS, items).by_item if ours else None
        return read_rubric_of_template(settings, items, known).prompts
