"""The configuration of a judge: the part of every question's key that says who is asked, and how.

A stored verdict is found by its question's key. A field that the program learns later must
therefore not change the keys of those who do not use it, or they would pay for every verdict a
second time. So the fields that existed when the first keys were written are always part of the
configuration, and every later field only where it is set.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from judgemark.judges.base import Json


def _unset(value: Json) -> bool:
    """Return whether a later field has the value that it has when the user did not set it.

    0 counts as set.
    """
    return value is None or value is False or value == "" or value == () or value == {}


def keyed_fields(values: Mapping[str, Json], first: Collection[str]) -> dict[str, Json]:
    """Return the fields that take part in keys.

    Args:
        values: all fields, by name.
        first: names of the fields that are part of every key, set or not. Never extend this
            collection: a field added to it changes the key of every stored verdict.
    """
    return {name: value for name, value in values.items() if name in first or not _unset(value)}


def endpoint_configuration(
    name: str, parameters: Mapping[str, Json], letters: Mapping[str, Json] | None = None
) -> dict[str, Json]:
    """Return the configuration of a judge at an endpoint.

    The address is not part of it: the same judge answers the same wherever it is reached.

    Args:
        name: the judge's name at the endpoint.
        parameters: its parameters, as `ChatParameters.to_json` gives them.
        letters: how log-probabilities of A and B are asked for; None where they are not.
    """
    named: dict[str, Json] = {"kind": "endpoint", "name": name, "parameters": parameters}
    return named if letters is None else named | {"letters": letters}
