"""What distinguishes one function from another as a judge: its source and what it holds."""

from __future__ import annotations

import dis
import functools
import hashlib
import inspect
import json
from collections.abc import Callable, Iterable
from types import CellType, CodeType
from typing import Any

_DIGITS = 16
_MAKERS = ("__init__", "__new__", "__post_init__")


def function_identity(function: Callable[..., Any]) -> str:
    """Return digits that change with a function's source and with the values that it holds.

    The values are those of its closure, its defaults, the arguments of a partial and the attributes
    of an object that is called. Only texts, numbers, true and false, None and tuples of them count,
    and only those that the function, or the object's methods, do not set: a judge that counts its
    calls stays the same judge.
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
        return inspect.getsource(function if inspect.isroutine(function) else type(function))
    except (OSError, TypeError):
        code = getattr(function, "__code__", None)
        code = code or getattr(type(function).__call__, "__code__", None)
        return _identity_of(code) if isinstance(code, CodeType) else type(function).__name__


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


def _held_by_closure(code: CodeType, cells: Iterable[CellType]) -> Iterable[str]:
    set_within = _names_set((code,), "STORE_DEREF")
    for name, cell in zip(code.co_freevars, cells, strict=True):
        try:
            value = cell.cell_contents
        except ValueError:
            continue  # the variable was not set yet
        if inspect.isfunction(value):
            yield f"{name}={_source(value)}"
        elif name not in set_within and _is_plain(value):
            yield f"{name}={value!r}"


def _held_by_object(held: object) -> Iterable[str]:
    methods = [
        member.__code__
        for parent in type(held).__mro__
        for name, member in vars(parent).items()
        if inspect.isfunction(member) and name not in _MAKERS
    ]
    set_within = _names_set(methods, "STORE_ATTR")
    for name, value in _plain_items(getattr(held, "__dict__", {})):
        if name not in set_within:
            yield f"{name}={value!r}"


def _names_set(codes: Iterable[CodeType], instruction: str) -> set[str]:
    return {
        str(step.argval)
        for code in codes
        for step in dis.get_instructions(code)
        if step.opname == instruction
    }


def _told(values: Iterable[object]) -> list[str]:
    return [repr(value) for value in values if _is_plain(value)]


def _plain_items(values: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted((name, value) for name, value in values.items() if _is_plain(value))


def _is_plain(value: object) -> bool:
    if isinstance(value, tuple):
        return all(_is_plain(part) for part in value)
    return value is None or isinstance(value, str | bytes | bool | int | float)
