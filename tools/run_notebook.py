"""Runs the worked notebook and writes its outputs into it; `--check` says whether they are there.

No notebook program is needed: each code cell runs in one namespace, in an empty folder, and what it
prints and the value of its last expression are its outputs.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import linecache
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

NOTEBOOK = Path(__file__).resolve().parents[1] / "docs" / "worked_example.ipynb"


def read_notebook(path: Path = NOTEBOOK) -> dict[str, Any]:
    """The notebook as it is stored."""
    notebook: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return notebook


def code_of(cell: dict[str, Any]) -> str:
    """The source of a cell."""
    return "".join(cell["source"])


def with_outputs(notebook: dict[str, Any]) -> dict[str, Any]:
    """The same notebook with the outputs that its code gives now."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    cells = []
    count = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            cells.append(cell)
            continue
        count += 1
        outputs = _outputs(code_of(cell), namespace, count)
        cells.append({**cell, "execution_count": count, "outputs": outputs})
    return {**notebook, "cells": cells}


def _outputs(code: str, namespace: dict[str, Any], count: int) -> list[dict[str, Any]]:
    name = f"<cell {count}>"
    # As notebooks do it, so that the source of a function can be found.
    linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
    tree = ast.parse(code, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    value: Any = None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, name, "exec"), namespace)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), name, "eval"), namespace)
    outputs: list[dict[str, Any]] = []
    if printed.getvalue():
        text = printed.getvalue().splitlines(keepends=True)
        outputs.append({"name": "stdout", "output_type": "stream", "text": text})
    if value is not None:
        shown = {"text/plain": repr(value).splitlines(keepends=True)}
        outputs.append(
            {
                "data": shown,
                "execution_count": count,
                "metadata": {},
                "output_type": "execute_result",
            }
        )
    return outputs


def run_elsewhere(notebook: dict[str, Any]) -> dict[str, Any]:
    """Run the notebook in an empty folder; the notebook with its outputs."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            return with_outputs(notebook)
        finally:
            os.chdir(before)


def main(arguments: Sequence[str]) -> int:
    """Write, or check; 1 where the check fails."""
    stored = read_notebook()
    found = run_elsewhere(stored)
    if list(arguments) == ["--check"]:
        if found != stored:
            print(f"{NOTEBOOK.name}: its outputs are out of date; run: make docs")
        return int(found != stored)
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    NOTEBOOK.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
