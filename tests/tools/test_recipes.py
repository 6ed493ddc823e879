"""The commands of the recipes in docs/scale.md are ones that the command line takes."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

from judgemark.cli.flags import parser, split_command

PAGE = (Path(__file__).parents[2] / "docs" / "scale.md").read_text("utf-8")
BLOCKS = re.findall(r"^```\w*\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
# A command goes on in the next line after a backslash, and within a folded value of YAML.
COMMANDS = [
    shlex.split(line[line.index("judgemark --") :])[1:]
    for block in BLOCKS
    for line in re.sub(r"\\\n|\n +(?=--)", " ", block).splitlines()
    if "judgemark --" in line
]


def test_every_recipe_has_a_command() -> None:
    assert len(COMMANDS) == 5
    assert sum("/shared/runs" in command for command in COMMANDS) == 3


def test_the_command_line_takes_them() -> None:
    for words in COMMANDS:
        command, rest = split_command(words)
        assert command == "judge"
        found = parser(command).parse_args(rest)
        assert found.judge_model.startswith("vllm:")
        assert found.ray


def test_the_script_for_slurm_is_valid_bash() -> None:
    (script,) = (block for block in BLOCKS if "#SBATCH" in block)
    done = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
