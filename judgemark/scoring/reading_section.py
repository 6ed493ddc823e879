"""The `validity` section of a run: does its judge read, by pairs whose better piece is known."""

from __future__ import annotations

from judgemark.judged import JudgedRun
from judgemark.metrics.validity.validity_section import NotedBlock, validity_section
from judgemark.scoring.absent_figures import Notes
from judgemark.scoring.run_tables import RunTables

NO_TEXTS = "the texts of the pieces are not known, and with them no pair of a known better piece"
NO_DAMAGE = (
    "the samples do not say which piece was damaged from which, so that no pair has a known better "
    "piece"
)


def reading_section(run: JudgedRun, tables: RunTables, seed: int, notes: Notes) -> NotedBlock:
    """Measure the judge on the pairs of pieces of which code damaged one more than the other.

    A rubric judge, a baseline or a function answers a pair by its two item scores, and equal
    scores are half right; a pairwise judge by the probability of both orders averaged, where its
    tournaments compared the pair. Pairs without an answer are missing and counted. The blocks of
    kinds are there where the samples were damaged in several ways. Where nothing is known of
    damage, the section has no source, its note "" says why, and nothing is computed of damage.
    Tournaments also tell of position and circles. `notes` gets the reasons too.
    """
    found = _with_probes(_measured(run, tables, seed), run, seed)
    notes.add("validity", found.notes)
    return found


def _with_probes(found: NotedBlock, run: JudgedRun, seed: int) -> NotedBlock:
    if run.tournaments is None or not run.tournaments.played.passes:
        return found
    from judgemark.metrics.validity.probe_statistics import probes_block
    from judgemark.probes.compared_contrasts import TRIPLES
    from judgemark.scoring.tournament_probes import probe_tournaments

    probed = probe_tournaments(run.tournaments.played, seed)
    values, notes = probes_block(probed.findings)
    if probed.beside is not None and isinstance(triples := values[TRIPLES], dict):
        values[TRIPLES] = {**triples, "beside": dict(probed.beside)}
    reasons = {f"probes.{key}": reason for key, reason in notes.items()}
    return NotedBlock({**found.values, "probes": values}, found.notes | reasons)


def _measured(run: JudgedRun, tables: RunTables, seed: int) -> NotedBlock:
    found = None
    if any(sample.derived_from is not None for sample in run.samples):
        from judgemark.scoring.damage_reading import measured_on_damage

        found = measured_on_damage(run, tables, seed)
    reason = NO_DAMAGE if run.samples else NO_TEXTS
    return found or NotedBlock(validity_section({}).values, {"": reason})
