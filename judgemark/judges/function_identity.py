"""What distinguishes one function from another as a judge: its source and what it holds."""

from __future__ import annotations

import dis
import functools
import hashlib
import inspect
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from types import CodeType, FunctionType, MemberDescriptorType
from typing import Any

from judgemark.judges.held_values import counts, is_plain, shown

_DIGITS = 16
_CODES_KEPT = 1024
# They make an object, or show it: what they set and change is not the judge's.
_NO_PART_OF_JUDGING = ("__init__", "__new__", "__post_init__", "__repr__")
_SEVERAL = 2
_SECRET_ATTRIBUTE = re.compile(
    r"(?i)(?:api|access|auth|private)_?key$|token$|secret|passw|credential"
)
_SECRET_NAME = re.compile(r"(?i)key|token|secret|passw|credential")
_CHANGING = frozenset({
    "append", "extend", "insert", "add", "update", "setdefault", "pop", "popitem", "clear",
    "remove", "discard", "sort", "reverse",
})  # fmt: skip
_CHANGING_STEPS = frozenset({"STORE_SUBSCR", "DELETE_SUBSCR", "STORE_SLICE"})


def function_identity(function: Callable[..., Any]) -> str:
    """Return digits that change with a function's source and with the values that it holds.

    The values are those of its closure, its defaults, the arguments of a partial, the attributes of
    an object that is called, and the global names that it uses. Functions and objects of the same
    file that it uses count with their source, and with what they hold. Only texts, numbers, true
    and false, None, patterns and tuples count, and lists, sets, mappings and arrays
    of them where no code involved changes any of these. What the code sets does not count: a judge
    that counts its calls stays the same judge. Nor do texts under the name of a secret, which may
    be renewed.
    """
    held = list(_held(function, _scope_of(function)))
    told = json.dumps([_source(_innermost(function)), held])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


@dataclass
class _Scope:
    """The file of a judge, the attributes that its code sets, and whether it changes containers.

    `told` has the ids of the objects and functions whose values were told already.
    """

    module: str
    stored: frozenset[str]
    changing: bool
    told: set[int] = field(default_factory=set)


def _scope_of(judge: Callable[..., Any]) -> _Scope:
    inner = _innermost(judge)
    if inspect.ismethod(inner):
        started = _methods(type(inner.__self__))
    elif isinstance(inner, FunctionType):
        started = [inner, *_closed_over(inner)]
    else:
        started = _methods(type(inner))
    codes = [function.__code__ for function in _reached(started)]
    module = getattr(inner, "__module__", None) or type(inner).__module__
    stored = frozenset(_names_set(codes, "STORE_ATTR"))
    return _Scope(module, stored, _changes_containers(codes), {id(judge), id(inner)})


def _reached(started: Iterable[FunctionType]) -> list[FunctionType]:
    """Return functions with those of their files that they call, and these in turn."""
    reached = list(started)
    for function in reached:  # grows on the way
        for name in _names_set([function.__code__], "LOAD_GLOBAL"):
            value = function.__globals__.get(name)
            if (
                isinstance(value, FunctionType)
                and value.__globals__ is function.__globals__
                and value not in reached
            ):
                reached.append(value)
    return reached


def _methods(kind: type) -> list[FunctionType]:
    return [
        member
        for parent in kind.__mro__
        for name, member in vars(parent).items()
        if isinstance(member, FunctionType) and name not in _NO_PART_OF_JUDGING
    ]


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
        _identity_of(c) if isinstance(c, CodeType) else repr(c) if is_plain(c) else type(c).__name__
        for c in code.co_consts
    ]
    return json.dumps([code.co_code.hex(), code.co_names, constants])


def _held(function: Callable[..., Any], scope: _Scope) -> Iterator[str]:
    if isinstance(function, functools.partial):
        yield from _told(function.args)
        yield from (f"{n}={shown(v)}" for n, v in sorted(function.keywords.items()) if _fixed(v))
        for n, value in (*enumerate(function.args), *sorted(function.keywords.items())):
            yield from _inside(str(n), value, scope)
        yield from _held(function.func, scope)
        return
    if inspect.ismethod(function):
        yield from _held_by_object(function.__self__, scope)
        yield from _held(function.__func__, scope)
        return
    if not inspect.isroutine(function):
        yield from _held_by_object(function, scope)
        return
    yield from _held_by_defaults(function, scope)
    if isinstance(function, FunctionType):
        yield from _held_by_closure(function, scope)
        yield from _held_by_globals([function, *_closed_over(function)], scope)


def _held_by_defaults(function: Callable[..., Any], scope: _Scope) -> Iterator[str]:
    defaults = getattr(function, "__defaults__", None) or ()
    keywords = sorted((getattr(function, "__kwdefaults__", None) or {}).items())
    yield from _told(defaults)
    yield from (f"{name}={shown(value)}" for name, value in keywords if _fixed(value))
    for n, value in (*enumerate(defaults), *keywords):
        yield from _inside(str(n), value, scope)


def _held_by_closure(function: FunctionType, scope: _Scope) -> Iterator[str]:
    code = function.__code__
    set_within = _names_set((code,), "STORE_DEREF")
    changing = _changes_containers((code,))
    for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
        try:
            value = cell.cell_contents
        except ValueError:
            continue  # the variable was not set yet
        if isinstance(value, FunctionType):
            yield f"{name}={_source(value)}"
            yield from _inside_function(value, scope)
        elif name in set_within:
            continue
        elif counts(value, changing=changing):
            yield f"{name}={shown(value)}"
        else:
            yield from _inside(name, value, scope)


def _inside_function(function: FunctionType, scope: _Scope) -> Iterator[str]:
    """Yield what the closure and the defaults of a function of the judge's file hold."""
    if id(function) in scope.told or function.__module__ != scope.module:
        return
    scope.told.add(id(function))
    yield from _held_by_defaults(function, scope)
    yield from _held_by_closure(function, scope)


def _inside(name: str, value: Any, scope: _Scope) -> Iterator[str]:
    """Yield what an object or a function of the judge's file holds; nothing of other files."""
    if isinstance(value, type) or id(value) in scope.told:
        return
    called = inspect.isroutine(value) or isinstance(value, functools.partial)
    module = getattr(_innermost(value) if called else type(value), "__module__", None)
    if module != scope.module:
        return
    if isinstance(value, FunctionType):
        yield f"{name}={_source(value)}"
        yield from _inside_function(value, scope)
        return
    scope.told.add(id(value))
    if called:
        yield f"{name}={_source(_innermost(value))}"
        yield from _held(value, scope)
        return
    yield f"{name}={_class_text(type(value))}"
    yield from _held_by_object(value, scope, nested=True)


def _closed_over(function: FunctionType) -> Iterable[FunctionType]:
    """Yield the functions of a closure, of which a decorator's is the judge itself."""
    for cell in function.__closure__ or ():
        try:
            value = cell.cell_contents
        except ValueError:
            continue  # the variable was not set yet
        if isinstance(value, FunctionType):
            yield value


def _held_by_object(held: object, scope: _Scope, *, nested: bool = False) -> Iterator[str]:
    """Yield what an object holds; with `nested`, one that the judge uses and may change."""
    methods = _methods(type(held))
    codes = [method.__code__ for method in methods]
    set_within = _names_set(codes, "STORE_ATTR") | (scope.stored if nested else frozenset())
    changing = _changes_containers(codes) or (nested and scope.changing)
    for name, value in sorted(_attributes(held).items()):
        secret = isinstance(value, str | bytes) and _SECRET_ATTRIBUTE.search(name)
        if name in set_within or secret:
            continue
        if counts(value, changing=changing):
            yield f"{name}={shown(value)}"
        elif not isinstance(held, type):
            yield from _inside(name, value, scope)
    kind = type(held)
    yield from map(_class_text, (k for k in kind.__mro__[1:] if k.__module__ == kind.__module__))
    yield from _held_by_globals(methods, scope)


def _attributes(held: object) -> dict[str, Any]:
    """Return the attributes of an object, also those in slots."""
    slots = [
        name
        for kind in type(held).__mro__
        if "__slots__" in vars(kind)
        for name, member in vars(kind).items()
        if isinstance(member, MemberDescriptorType)
    ]
    found = {name: getattr(held, name) for name in slots if hasattr(held, name)}
    return {**found, **getattr(held, "__dict__", {})}


def _held_by_globals(functions: Sequence[FunctionType], scope: _Scope) -> Iterator[str]:
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
                yield from _held_by_closure(value, scope)
    changing = _changes_containers([function.__code__ for function in reached])
    for function in reached:
        names = function.__globals__
        own = [v.__code__ for v in list(names.values()) if inspect.isfunction(v)]
        set_within = _names_set([function.__code__, *own], "STORE_GLOBAL")
        for name in sorted(_names_set([function.__code__], "LOAD_GLOBAL") - set_within):
            value = names.get(name)
            if name not in names or (isinstance(value, str | bytes) and _SECRET_NAME.search(name)):
                continue
            if counts(value, changing=changing):
                yield f"{name}={shown(value)}"
            elif not isinstance(value, FunctionType):
                yield from _inside(name, value, scope)


def _changes_containers(codes: Iterable[CodeType]) -> bool:
    """Return whether any code seems to change a list or a mapping."""
    return any(
        step in _CHANGING_STEPS or name in _CHANGING
        for code in _with_inner(codes)
        for step, name in _steps_of(code)
    )


def _with_inner(codes: Iterable[CodeType]) -> Iterable[CodeType]:
    """Yield codes with those of the functions inside them."""
    for code in codes:
        yield code
        yield from _with_inner(c for c in code.co_consts if isinstance(c, CodeType))


def _names_set(codes: Iterable[CodeType], instruction: str) -> set[str]:
    return {
        name for code in _with_inner(codes) for step, name in _steps_of(code) if step == instruction
    }


@functools.lru_cache(maxsize=_CODES_KEPT)
def _steps_of(code: CodeType) -> tuple[tuple[str, str], ...]:
    """Return the instructions of a code that name something or change a container, each once.

    Looking through a code takes a millisecond, and the same ones are looked through many times.
    """
    return tuple(
        dict.fromkeys(
            (step.opname, step.argval if isinstance(step.argval, str) else "")
            for step in dis.get_instructions(code)
            if step.opname in _CHANGING_STEPS or isinstance(step.argval, str)
        )
    )


def _told(values: Iterable[object]) -> list[str]:
    return [shown(value) for value in values if _fixed(value)]


def _fixed(value: object) -> bool:
    """Return whether a value counts that stands among arguments, where mappings never did."""
    return not isinstance(value, list | dict | set | frozenset) and counts(value, changing=False)
