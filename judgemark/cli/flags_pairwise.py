"""The flags of pairwise judges: tournaments, engines, and the pairs command."""

from __future__ import annotations

import argparse

from judgemark.cli.flag_values import number, path, whole
from judgemark.cli.flags_samples import samples_flags

_ABSENT = argparse.SUPPRESS


def pairwise_flags(p: argparse.ArgumentParser) -> None:
    """What is played, and how a pair is asked about."""
    g = p.add_argument_group("pairwise judges (--mode pairwise)")
    _asking_flags(g)
    g.add_argument(
        "--tournament",
        choices=("isolated", "bootstrap", "full"),
        default="isolated",
        help="a Swiss tournament for each item and iteration (the default), over bootstrapped "
        "items, or all pairs of each item and iteration",
    )
    g.add_argument(
        "--rounds",
        type=whole(1, 10_000),
        metavar="N",
        help="default 5 (isolated) or 20 (bootstrap)",
    )
    g.add_argument("--bootstraps", type=whole(1, 10_000), metavar="N", help="default 10")
    g.add_argument("--k-factor", type=number(0, 1e6), metavar="K", help="default 32")
    g.add_argument("--initial-rating", type=number(-1e6, 1e6), metavar="R", help="default 1200")
    g.add_argument(
        "--verdicts",
        metavar="RUN",
        help="a run of the same judge that lends its verdicts: no pair of it is asked again",
    )


def _asking_flags(g: argparse._ArgumentGroup) -> None:
    g.add_argument(
        "--writing-prompts",
        type=path,
        metavar="F",
        help='what the writers were asked, {item: {"writing_prompt": text}}; our own samples '
        "bring theirs",
    )
    g.add_argument(
        "--worded",
        action="store_true",
        help="ask an endpoint for A, B or tie in words even if it gives log-probabilities",
    )
    g.add_argument(
        "--escape-non-ascii",
        action="store_true",
        help="escape characters beyond ASCII in the prompt, as the judge's card does in part",
    )
    g.add_argument(
        "--card-fallback",
        action="store_true",
        help="count an unseen letter as -100 and two as a tie, as the judge's card does",
    )
    g.add_argument(
        "--on-too-long",
        choices=("error", "skip"),
        default="error",
        help="a pair that does not fit the context: refuse to begin (the default), or leave it out",
    )


def engine_flags(p: argparse.ArgumentParser) -> None:
    """How a local judge's engine is run; a flag that is not given is not set."""
    g = p.add_argument_group("local judges (vllm: and hf:)")

    def add(flag: str, **more: object) -> None:
        g.add_argument(flag, default=_ABSENT, **more)  # type: ignore[arg-type]

    add("--max-model-len", type=whole(2), metavar="N", help="context in tokens (default 32768)")
    add("--dtype", metavar="TYPE", help="of the weights, as float32 (default auto)")
    add("--revision", metavar="REV", help="of a judge on the hub")
    add("--quantization", metavar="NAME", help="vllm: only")
    add("--kv-cache-dtype", metavar="TYPE", help="vllm: only (default auto)")
    add("--kv-cache-gib", type=number(0), metavar="G", help="vllm: only; fixes the cache's size")
    add("--gpu-memory-utilization", type=number(0), metavar="X", help="vllm: only; 0 to 1")
    add("--tensor-parallel-size", type=whole(1), metavar="N", help="vllm: only")
    add("--pipeline-parallel-size", type=whole(1), metavar="N", help="vllm: only")
    add("--data-parallel-size", type=whole(1), metavar="N", help="vllm: only")
    add("--enforce-eager", action="store_true", help="vllm: only; compile nothing")
    add("--batch-tokens", type=whole(2), metavar="N", help="hf: only; of one forward pass")


def pairs_flags(p: argparse.ArgumentParser) -> None:
    """Which pairs are drawn, and against whom the judge is held."""
    g = p.add_argument_group("pairs")
    g.add_argument(
        "--reference",
        required=True,
        metavar="RUN_OR_FILE",
        help="who says which piece is better: a finished rubric run, or a JSON file "
        "{writer: {iteration: {item: score of 0 to 100}}}",
    )
    samples_flags(g, "default: the reference run's own pieces, or data/samples.json")
    _asking_flags(g)
    g.add_argument(
        "--length-ratio",
        type=number(1),
        default=1.2,
        metavar="X",
        help="the longer piece has at most X times the characters (default 1.2)",
    )
    g.add_argument(
        "--margin-min",
        type=number(0),
        default=5.0,
        metavar="X",
        help="least difference of the reference's scores, in points of 100 (default 5)",
    )
    g.add_argument(
        "--margin-max", type=number(0), default=10.0, metavar="X", help="greatest (default 10)"
    )
    g.add_argument(
        "-n",
        "--pairs",
        type=whole(1, 10_000_000),
        default=500,
        metavar="N",
        help="so many (default 500)",
    )
    g.add_argument("--json", action="store_true", help="print the result as JSON")
