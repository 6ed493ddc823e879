"""Repairs the journal of a run and its list of what was to be asked."""

from __future__ import annotations

import argparse

from judgemark.cli import DONE
from judgemark.cli.terminal import say
from judgemark.run.journal_repair import Repair, repair_run
from judgemark.run.run_lookup import find_folder, no_such_run

_SHOWN = 20


def run(args: argparse.Namespace) -> int:
    """Repair the journal, say what was kept and what is asked again; return the exit code."""
    folder = find_folder(args.run, args.runs_dir)
    if folder is None:
        raise no_such_run(args.run, args.runs_dir)
    say(_words(repair_run(folder)))
    return DONE


def _words(repair: Repair) -> str:
    kept = f"{repair.kept} whole {'line' if repair.kept == 1 else 'lines'}"
    plans = []
    if repair.plans_aside is not None:
        plans = [
            f"set aside damaged lines of the list of what was to be asked in {repair.plans_aside}; "
            "the command that began the run makes the list whole again"
        ]
    if repair.batches_aside is not None:
        plans.append(
            f"set aside damaged lines of the list of batches in {repair.batches_aside}; answers of "
            "a batch that is named there alone are not collected"
        )
    if not repair.damaged:
        return "\n".join([*plans, f"nothing to repair: the journal has {kept} and no damaged line"])
    count = len(repair.damaged)
    lines = [
        *plans,
        f"kept {kept}",
        f"moved {count} damaged {'line' if count == 1 else 'lines'} to {repair.aside}",
    ]
    for line in repair.damaged[:_SHOWN]:
        about = "" if line.item is None else f', item "{line.item}"'
        then = "answered in another line" if line.answered else "will be asked again"
        lines.append(f"  line {line.number}{about}: {then}")
    if count > _SHOWN:
        lines.append(f"  and {count - _SHOWN} more")
    again = repair.asked_again
    lines.append(
        f"at most {again} {'question' if again == 1 else 'questions'} will be asked again by the "
        "command that began the run"
        if again
        else "no question will be asked again"
    )
    return "\n".join(lines)
