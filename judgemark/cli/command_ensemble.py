"""Several judges from finished runs: joined into one run, or searched for the best jury."""

from __future__ import annotations

import argparse
import json
from typing import Any

from judgemark.cli import DONE, INCOMPLETE
from judgemark.cli.summary import summary
from judgemark.cli.summary_parts import number, signed
from judgemark.cli.terminal import say, table
from judgemark.errors import UsageError
from judgemark.jobs.finish_run import finish
from judgemark.jobs.join_runs import first_references, join_runs
from judgemark.run.run_lookup import load


def run(args: argparse.Namespace) -> int:
    """Join the runs, or search them; return the exit code."""
    if args.search is not None:
        return _search(args)
    folder = join_runs(
        args.runs,
        args.runs_dir,
        method=args.ensemble_method,
        run_id=args.run_id,
        say=say if not args.json else lambda _: None,
    )
    result = finish(folder, first_references(folder, args.runs_dir), method=args.ensemble_method)
    if args.json:
        say(json.dumps(result, ensure_ascii=True, allow_nan=False, indent=1))
    else:
        say(f"Run        {folder.run_id}: no judge was asked")
        say("\n" + summary(result, folder, details=args.details))
    return INCOMPLETE if result["status"] == "incomplete" else DONE


def _search(args: argparse.Namespace) -> int:
    from judgemark.scoring.jury_choice import choose_jury

    if args.run_id is not None:
        raise UsageError("‹run_id› names a new run, and ‹search› makes none; leave it out")
    runs = [one for name in args.runs for one in load(name, args.runs_dir).values()]
    found = choose_jury(runs, args.search, method=args.ensemble_method, seed=args.seed)
    say(json.dumps(found, allow_nan=False, indent=1) if args.json else _words(found))
    return DONE


def _words(found: dict[str, Any]) -> str:
    candidates = found["candidates"]
    rows = [("Judges", f"{len(candidates)}, on {found['pieces']} pieces that all of them scored")]
    rows += [
        (f"  {c['judge']}", f"{c['spec']}, {_dollars(c['cost'])}") for c in found["candidates"]
    ]
    rows.append(("Juries", f"{found['juries']} of {found['size']}, joined by {found['method']}"))
    for name, title, scale, digits in (("score", "By v4", 1, 1), ("margin", "By margin", 100, 1)):
        rows += _chosen(found, name, title, scale, digits)
    rows += _frontier(found)
    return (
        f"{table(rows)}\n\nThe jury is chosen on all items. “Held out” is the figure where the "
        "items of each fold are judged by the jury that is best on the other items: what choosing "
        f"in this way is worth on new ones (seed {found['seed']})."
    )


def _chosen(
    found: dict[str, Any], name: str, title: str, scale: int, digits: int
) -> list[tuple[str, str]]:
    one = found[name]
    if one is None:
        return [(title, f"not chosen: {found['notes'].get(name, 'not available')}")]
    names = ", ".join(f"{n} {spec}" for n, spec in zip(one["jury"], one["specs"], strict=True))

    def shown(value: float) -> str:
        return number(scale * value, digits)

    worth = one["effective_judges"]
    return [
        (title, f"{names}; {_dollars(one['cost'])}"),
        ("", f"{shown(one['on_all_items'])} on all items, held out {shown(one['held_out'])}; "
             f"chosen in {one['folds_that_chose_it']} of {one['folds']} folds"),
        ("", f"one judge chosen alike: {shown(one['alone_on_all_items'])} "
             f"({one['best_alone_spec']}), held out {shown(one['alone_held_out'])}; "
             f"the jury's gain held out {signed(scale * one['gain_held_out'], digits)}"),
        ("", "worth "
             + ("an unknown number of" if worth is None else number(worth, 1))
             + " independent judges"),
    ]  # fmt: skip


def _frontier(found: dict[str, Any]) -> list[tuple[str, str]]:
    listed = found["frontier"]
    if listed is None:
        return [("For the cost", found["notes"]["frontier"])]
    return [
        (
            "For the cost" if n == 0 else "",
            f"{_dollars(one['cost'])}: v4 {number(one['v4'])}, {', '.join(one['specs'])}",
        )
        for n, one in enumerate(listed)
    ]


def _dollars(cost: float | None) -> str:
    return "cost not known" if cost is None else f"${cost:.4f}"
