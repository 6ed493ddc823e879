"""What all pages share: escaping of texts from outside, and a strict content security policy."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from judgemark.scoring import number_format

UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]")


def visible(text: str) -> str:
    """Replace control characters by the replacement character U+FFFD.

    A browser would drop them, lone surrogates cannot be written as UTF-8, and the two direction
    overrides would make a text look like a different one.
    """
    return UNPRINTABLE.sub("\ufffd", text)


def environment(filters: Mapping[str, Callable[..., Any]]) -> Environment:
    """Return the environment of the templates of this package, which escapes every text."""
    made = Environment(
        loader=PackageLoader("judgemark.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    made.filters |= {
        "figure": number_format.figure,
        "signed": number_format.signed,
        "interval": number_format.interval,
        "count": number_format.count,
        **filters,
    }
    return made


def _shown(value: object) -> object:
    return visible(value) if type(value) is str else value


def asset(*names: str) -> str:
    """Return the text of files in the templates folder, joined."""
    folder = files("judgemark.report") / "templates"
    return "".join((folder / name).read_text("utf-8") for name in names)


def policy(style: str, script: str | None = None) -> str:
    """Return a Content-Security-Policy that allows only this style and this script."""
    scripts = f"script-src {_source(script)}; " if script is not None else ""
    return (
        f"default-src 'none'; img-src data:; style-src {_source(style)}; {scripts}"
        "base-uri 'none'; form-action 'none'"
    )


def _source(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
