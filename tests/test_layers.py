"""The house's own rules: which way imports point, what loads when, how long a thing may be."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[1]
PACKAGE = HOME / "judgemark"
# Each may import those before it, and itself.
LAYERS = (
    "version",
    "setting_names",
    "errors",
    "records",
    "bounds",
    "redaction",
    "table",
    "metrics",
    "tournaments",
    "judged",
    "inputs",
    "damage",
    "probes",
    "judges",
    "protocols",
    "run",
    "judging",
    "scoring",
    "leaderboard",
    "report",
    "jobs",
    "cli",
    "library",
    "__main__",
)
HEAVY = (
    "httpx2",
    "httpcore2",
    "h11",
    "httptools",
    "numpy",
    "scipy",
    "matplotlib",
    "PIL",
    "pydantic",
    "jinja2",
    "tenacity",
    "tqdm",
    "vllm",
    "torch",
    "transformers",
)
LONGEST_MODULE, LONGEST_FUNCTION = 400, 60


def name_of(path: Path) -> str:
    """A module's dotted name."""
    parts = path.relative_to(HOME).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}
SOURCES = sorted(
    path
    for folder in ("judgemark", "tests", "tools", "benchmarks")
    for path in (HOME / folder).rglob("*.py")
)


@dataclass(frozen=True, slots=True)
class Function:
    """A function or method."""

    name: str
    lines: int
    docstring: str  # "" for a property, whose docstring says what it is


@dataclass(frozen=True, slots=True)
class Facts:
    """What these tests ask of a module, so that none is parsed twice."""

    imports: tuple[str, ...]  # wherever in it; relative ones begin with a dot
    functions: tuple[Function, ...]
    classes: tuple[str, ...]  # the public ones
    assigned: tuple[str, ...]  # the public names that it assigns


def statements_in(parts: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield every statement, however deep; expressions, which hold none, are not searched."""
    for part in parts:
        yield part
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            inner = getattr(part, field, ())
            yield from statements_in(inner if isinstance(inner, list) else ())


def imported(statement: ast.AST) -> list[str]:
    """Return the modules, and the names in them, that a statement imports."""
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    if isinstance(statement, ast.ImportFrom):
        base = "." * statement.level + (statement.module or "")
        return [base, *(f"{base}.{alias.name}" for alias in statement.names)]
    return []


def function_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Function:
    """Return what the tests ask of a function."""
    is_property = any("property" in ast.unparse(found) for found in node.decorator_list)
    said = "" if is_property else ast.get_docstring(node) or ""
    return Function(node.name, (node.end_lineno or 0) - node.lineno + 1, said)


def public(names: Iterable[str]) -> tuple[str, ...]:
    """Return those names that do not begin with an underscore."""
    return tuple(name for name in names if not name.startswith("_"))


@cache
def facts_of(path: Path) -> Facts:
    """Return what the tests ask of a module."""
    body = ast.parse(path.read_text("utf-8")).body
    statements = list(statements_in(body))
    targets = [t for node in body if isinstance(node, ast.Assign) for t in node.targets]
    return Facts(
        imports=tuple(name for node in statements for name in imported(node)),
        functions=tuple(
            function_of(node)
            for node in statements
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ),
        classes=public(node.name for node in body if isinstance(node, ast.ClassDef)),
        assigned=public(target.id for target in targets if isinstance(target, ast.Name)),
    )


def ours(path: Path) -> set[str]:
    """The modules of the package that a module imports; a package stands for its `__init__`."""
    found = {name for name in facts_of(path).imports if name in MODULES}
    # `from judgemark.run import folder` names the module, not the package around it.
    return {n for n in found if not any(o.startswith(n + ".") for o in found)}


def layer_of(name: str) -> str | None:
    """The layer of a module; None for the package itself, which names what the library offers."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else None


def rank_of(name: str) -> int:
    """How high a module stands; the package itself, which nothing in it may import, is highest."""
    layer = layer_of(name)
    return len(LAYERS) if layer is None else LAYERS.index(layer)


def test_every_module_has_a_layer() -> None:
    assert {layer_of(name) for name in MODULES} - {None} == set(LAYERS)


def test_imports_point_down() -> None:
    up = [
        f"{name} imports {other}"
        for name, path in MODULES.items()
        for other in sorted(ours(path))
        if rank_of(other) > rank_of(name)
    ]
    assert up == []


def test_imports_go_in_no_circle() -> None:
    graph = {name: ours(path) - {name} for name, path in MODULES.items()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail[trail.index(name) :], name))
        if name not in done:
            for other in sorted(graph[name]):
                visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_no_import_is_relative() -> None:
    relative = [str(p) for p in SOURCES if any(n.startswith(".") for n in facts_of(p).imports)]
    assert relative == []


def test_only_the_charts_import_matplotlib() -> None:
    drawing = {
        name
        for name, path in MODULES.items()
        if any(n.split(".")[0] == "matplotlib" for n in facts_of(path).imports)
    }
    assert drawing
    assert all(name.startswith("judgemark.report.charts") for name in drawing), drawing


def test_there_is_no_drawer_for_everything() -> None:
    assert [n for n in MODULES if n.split(".")[-1] in ("utils", "util", "helpers", "common")] == []


@pytest.mark.parametrize(
    "command",
    [
        "import judgemark",
        "import judgemark.cli, judgemark.cli.flags",
        "from judgemark.cli import main; main([])",
        "from judgemark.cli import main\ntry: main(['--judge-model', 'x', '--help'])\n"
        "except SystemExit: pass",
    ],
)
def test_heavy_libraries_load_where_they_are_used(command: str) -> None:
    script = f"{command}\nimport sys\nprint('loaded', *[m for m in {HEAVY!r} if m in sys.modules])"
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=HOME, capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines()[-1] == "loaded"


def test_no_two_public_classes_share_a_name() -> None:
    """A type alias may not share the name of a class either."""
    facts = [facts_of(path) for path in MODULES.values()]
    classes = Counter(name for found in facts for name in found.classes)
    aliases = {name for found in facts for name in found.assigned}
    assert sorted(name for name, times in classes.items() if times > 1) == []
    assert sorted(classes.keys() & aliases) == []


def test_no_two_modules_share_a_file_name() -> None:
    files = Counter(path.name for path in MODULES.values() if path.name != "__init__.py")
    assert sorted(name for name, times in files.items() if times > 1) == []


def test_modules_are_short() -> None:
    long = {
        str(path.relative_to(HOME)): lines
        for path in SOURCES
        if (lines := len(path.read_text("utf-8").splitlines())) >= LONGEST_MODULE
    }
    assert long == {}


def test_functions_are_short() -> None:
    """But for tables of test data, which hold no logic."""
    long = {
        f"{path.relative_to(HOME)}: {function.name}": function.lines
        for path in SOURCES
        if not path.stem.endswith("_data")
        for function in facts_of(path).functions
        if function.lines >= LONGEST_FUNCTION
    }
    assert long == {}


def test_the_guide_names_every_layer_in_order() -> None:
    guide = (HOME / "CONTRIBUTING.md").read_text("utf-8").partition("## Words")[0]
    rows = [line.split("|")[1] for line in guide.splitlines() if line.startswith("| `")]
    named = [part.strip(" `/") for row in rows for part in row.split(",")]
    assert tuple(named) == LAYERS


def test_names_of_flags_stand_in_the_command_line_alone() -> None:
    """Elsewhere a message marks a setting, as `setting_names` says."""
    flags = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]+")
    texts = {
        path: path.read_text("utf-8")
        for name, path in MODULES.items()
        if layer_of(name) not in ("cli", "library", "__main__")
    }
    named = [
        f"{path.relative_to(HOME)}: {node.value[:60]}"
        for path, text in texts.items()
        if flags.search(text)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and flags.search(node.value)
    ]
    assert named == []


NOUN_PHRASES = ("All", "An", "Each", "How", "The", "What", "Where", "Whether", "Why")
"""First words of docstrings that name a result and do not say what the function does."""


def test_docstrings_of_functions_say_what_the_function_does() -> None:
    """But for kinds of damage, whose docstrings say what is done to the piece."""
    phrases = [
        f"{path.relative_to(HOME)}: {function.docstring.splitlines()[0]}"
        for path in MODULES.values()
        if not path.match("damage/*_kinds.py")
        for function in facts_of(path).functions
        if function.docstring and function.docstring.split()[0] in NOUN_PHRASES
    ]
    assert phrases == []
