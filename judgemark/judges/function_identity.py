"""What distinguishes one function from another as a judge: its source and what it holds."""

from __future__ import annotations

import dis
import functools
import hashlib
import inspect
import json
import re
from collections.abc import Callable, Iterable, Sequence
from types import CellType, CodeType, FunctionType
from typing import Any

_DIGITS = 16
_MAKERS = ("__init__", "__new__", "__post_init__")
_SEVERAL = 2
_SECRET_NAME = re.compile(r"(?i)key|token|secret|passw|credential")
_CHANGING = frozenset({
    "append", "extend", "insert", "add", "update", "setdefault", "pop", "popitem", "clear",
    "remove", "discard", "sort", "reverse",
})  # fmt: skip
_CHANGING_STEPS = frozenset({"STORE_SUBSCR", "DELETE_SUBSCR", "STORE_SLICE"})


def function_identity(function: Callable[..., Any]) -> str:
    """Return digits that change with a function's source and with the values that it holds.

    The values are those of its closure, its defaults, the arguments of a partial, the attributes of
    an object that is called, and the global names that it uses. Functions of the same file that it
    calls count with their source, and with what they hold. Only texts, numbers, true and false,
    None, patterns and tuples count, and lists, sets and mappings of them where no code involved
    changes any of these. What the code sets does not count: a judge that counts its calls stays the
    same judge. Nor do texts under the name of a secret, which may be renewed.
    """
    told = json.dumps([_source(_innermost(function)), list(_held(function))])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def _innermost(function: Callable[..., Any]) -> Callable[..., Any]:
    while isinstance(function, functools.partial):
        function = function.func
    return function


def _source(function: Callable[..., Any]) -> str:
    """Return the source text of a function, or of the class of an object that is called.

    It is the code where there is no source text.
    """
    try:
        text = inspect.getsource(function if inspect.isroutine(function) else type(function))
        if text.count("lambda") < _SEVERAL or not inspect.isfunction(function):
            return text
        return text + _identity_of(function.__code__)  # each of them has the text of the whole line
    except (OSError, TypeError):
        code = getattr(function, "__code__", None)
        code = code or getattr(type(function).__call__, "__code__", None)
        return _identity_of(code) if isinstance(code, CodeType) else type(function).__name__


def _class_text(kind: type) -> str:
    """Return the source text of a class, or the code of its methods where there is none."""
    try:
        return inspect.getsource(kind)
    except (OSError, TypeError):
        methods = (member for member in vars(kind).values() if inspect.isfunction(member))
        return json.dumps([_identity_of(method.__code__) for method in methods])


def _identity_of(code: CodeType) -> str:
    """Return what distinguishes a function without a source file: its instructions, and the names
    and constants in them."""
    constants = [
        _identity_of(c)
        if isinstance(c, CodeType)
        else repr(c)
        if _is_plain(c)
        else type(c).__name__
        for c in code.co_consts
    ]
    return json.dumps([code.co_code.hex(), code.co_names, constants])


def _held(function: Callable[..., Any]) -> Iterable[str]:
    if isinstance(function, functools.partial):
        yield from _told(function.args)
        yield from (f"{name}={value!r}" for name, value in _plain_items(function.keywords))
        yield from _held(function.func)
        return
    if inspect.ismethod(function):
        yield from _held_by_object(function.__self__)
        yield from _held(function.__func__)
        return
    if not inspect.isroutine(function):
        yield from _held_by_object(function)
        return
    yield from _told(getattr(function, "__defaults__", None) or ())
    keywords = getattr(function, "__kwdefaults__", None) or {}
    yield from (f"{name}={value!r}" for name, value in _plain_items(keywords))
    if inspect.isfunction(function):
        yield from _held_by_closure(function.__code__, function.__closure__ or ())
        yield from _held_by_globals([function, *_closed_over(function)])


def _held_by_closure(code: CodeType, cells: Iterable[CellType]) -> Iterable[str]:
    set_within = _names_set((code,), "STORE_DEREF")
    changing = _changes_containers((code,))
    for name, cell in zip(code.co_freevars, cells, strict=True):
        try:
            value = cell.cell_contents
        except ValueError:
            continue  # the variable was not set yet
        if inspect.isfunction(value):
            yield f"{name}={_source(value)}"
        elif name not in set_within and _counts(value, changing=changing):
            yield f"{name}={_shown(value)}"


def _closed_over(function: FunctionType) -> Iterable[FunctionType]:
    """Yield the functions of a closure, of which a decorator's is the judge itself."""
    for cell in function.__closure__ or ():
        try:
            value = cell.cell_contents
        except ValueError:
            continue  # the variable was not set yet
        if isinstance(value, FunctionType):
            yield value


def _held_by_object(held: object) -> Iterable[str]:
    methods = [
        member
        for parent in type(held).__mro__
        for name, member in vars(parent).items()
        if inspect.isfunction(member) and name not in _MAKERS
    ]
    codes = [method.__code__ for method in methods]
    set_within = _names_set(codes, "STORE_ATTR")
    changing = _changes_containers(codes)
    for name, value in sorted(getattr(held, "__dict__", {}).items()):
        if name not in set_within and _counts(value, changing=changing):
            yield f"{name}={_shown(value)}"
    kind = type(held)
    yield from map(_class_text, (k for k in kind.__mro__[1:] if k.__module__ == kind.__module__))
    yield from _held_by_globals(methods)


def _held_by_globals(functions: Sequence[FunctionType]) -> Iterable[str]:
    """Yield what the functions use of their files: plain values, and functions with what they use.

    Names that a function of the file sets are left out, and so are secrets.
    """
    reached = list(functions)
    for function in reached:  # grows on the way
        names = function.__globals__
        for name in sorted(_names_set([function.__code__], "LOAD_GLOBAL")):
            value = names.get(name)
            if isinstance(value, type) and value.__module__ == function.__module__:
                yield f"{name}={_class_text(value)}"
            if not isinstance(value, FunctionType) or value in reached:
                continue
            if value.__globals__ is names:
                reached.append(value)
                yield f"{name}={_source(value)}"
                yield from _told(value.__defaults__ or ())
    changing = _changes_containers([function.__code__ for function in reached])
    for function in reached:
        names = function.__globals__
        own = [v.__code__ for v in list(names.values()) if inspect.isfunction(v)]
        set_within = _names_set([function.__code__, *own], "STORE_GLOBAL")
        for name in sorted(_names_set([function.__code__], "LOAD_GLOBAL") - set_within):
            value = names.get(name)
            hidden = isinstance(value, str | bytes) and _SECRET_NAME.search(name)
            if name in names and not hidden and _counts(value, changing=changing):
                yield f"{name}={_shown(value)}"


def _changes_containers(codes: Iterable[CodeType]) -> bool:
    """Return whether any code seems to change a list or a mapping."""
    return any(
        step.opname in _CHANGING_STEPS or step.argval in _CHANGING
        for code in _with_inner(codes)
        for step in dis.get_instructions(code)
        if step.opname in _CHANGING_STEPS or isinstance(step.argval, str)
    )


def _with_inner(codes: Iterable[CodeType]) -> Iterable[CodeType]:
    """Yield codes with those of the functions inside them."""
    for code in codes:
        yield code
        yield from _with_inner(c for c in code.co_consts if isinstance(c, CodeType))


def _names_set(codes: Iterable[CodeType], instruction: str) -> set[str]:
    return {
        str(step.argval)
        for code in _with_inner(codes)
        for step in dis.get_instructions(code)
        if step.opname == instruction
    }


def _told(values: Iterable[object]) -> list[str]:
    return [repr(value) for value in values if _is_plain(value)]


def _plain_items(values: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted((name, value) for name, value in values.items() if _is_plain(value))


def _counts(value: object, *, changing: bool) -> bool:
    """Return whether a value tells judges apart: a plain one, or a container that none changes."""
    if isinstance(value, re.Pattern):
        return True
    if isinstance(value, list | dict | set | frozenset) and not changing:
        parts = [*value, *value.values()] if isinstance(value, dict) else value
        return all(_counts(part, changing=changing) for part in parts)
    return _is_plain(value)


def _shown(value: object) -> str:
    """Return a value as text that is the same in every process."""
    if isinstance(value, re.Pattern):
        return repr((value.pattern, value.flags))
    if isinstance(value, dict):
        return repr([(_shown(name), _shown(part)) for name, part in value.items()])
    if isinstance(value, set | frozenset):
        return repr(sorted(_shown(part) for part in value))
    if isinstance(value, list):
        return repr([_shown(part) for part in value])
    return repr(value)


def _is_plain(value: object) -> bool:
    if isinstance(value, tuple):
        return all(_is_plain(part) for part in value)
    return value is None or isinstance(value, str | bytes | bool | int | float)
