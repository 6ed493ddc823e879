"""Turn the settings of a job into the request from which a kind makes its judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from judgemark.errors import UsageError
from judgemark.judges.judge_kind import JudgeRequest, Say
from judgemark.judges.judge_spec import JudgeSpec
from judgemark.judges.registry import ENDPOINT, kinds_named_with
from judgemark.judging.job_settings import JobSettings
from judgemark.records import Sample

if TYPE_CHECKING:
    from judgemark.judges.endpoint import Endpoint


def judge_request(
    settings: JobSettings,
    spec: JudgeSpec,
    endpoint: Endpoint | None,
    pieces: Sequence[Sample],
    *,
    instructions: Mapping[str, str] | None = None,
    say: Say = lambda _: None,
) -> JudgeRequest:
    """Return the request; UsageError for an option that this kind of judge does not take."""
    taken = {option.name: option for option in spec.kind.options}
    for name in settings.engine:
        if name not in taken:
            flag = f"‹{name}›"
            others = kinds_named_with(name)
            raise UsageError(f"{flag} is for {others} judges, not for {spec.text}")
    if settings.pairwise.worded and spec.kind.prefix != ENDPOINT:
        raise UsageError(f"‹worded› is for judges at an endpoint, not for {spec.text}")
    request = JudgeRequest(
        text=spec.text,
        name=spec.name,
        seed=settings.seed,
        pieces=pieces,
        options=settings.engine,
        instructions=instructions or {},
        endpoint=endpoint,
        worded=settings.pairwise.worded,
        limits=settings.limits.request,
        threads=settings.limits.most_threads,
        function=settings.function,
        elsewhere=settings.cluster.ray not in (None, "local"),
        say=say,
    )
    return _with_chat_settings(request, settings)


def _with_chat_settings(request: JudgeRequest, settings: JobSettings) -> JudgeRequest:
    """Add how answers are sampled, and how the probes of an endpoint are repeated."""
    from judgemark.judges.patience import Patience
    from judgemark.judging.presets import resolve

    chat = resolve(settings.sampling, settings.seed)
    limits = settings.limits
    return replace(
        request,
        parameters=chat.parameters,
        system=chat.system,
        patience=Patience(limits.max_retries, limits.retry_delay),
    )


def endpoint_of(
    settings: JobSettings, spec: JudgeSpec, environment: Mapping[str, str]
) -> Endpoint | None:
    """Return the endpoint of a judge that has one.

    Its key may be missing, since not every command sends something: `Endpoint.demand_key` says so.
    Raises UsageError where the address, the key or the proxy to it cannot be used.
    """
    if spec.kind.prefix != ENDPOINT:
        return None
    from judgemark.judges.endpoint import choose_endpoint, choose_endpoints
    from judgemark.judges.proxies import find_proxy

    addresses, variable = addresses_of(settings.base_url), settings.api_key_env
    if len(addresses) > 1:
        endpoint = choose_endpoints(
            spec.name, environment, addresses, key_variable=variable, key_later=True
        )
    else:
        only = addresses[0] if addresses else None
        endpoint = choose_endpoint(
            spec.name, environment, base_url=only, key_variable=variable, key_later=True
        )
    for one in (endpoint, *endpoint.others):
        find_proxy(one.base_url)
    return endpoint


def addresses_of(given: str | Sequence[str] | None) -> list[str]:
    """Return the addresses that are given one by one or in a file, one a line; # begins a remark.

    Raises UsageError for an empty address, and for a file that is not there, cannot be read or has
    no address; what was given is never part of the message, since it may be a key.
    """
    listed = [given] if isinstance(given, str) else list(given or ())
    if not all(address.strip() for address in listed):
        # A variable that was not set: the questions must not go to a paid service instead.
        raise UsageError("‹base_url›: is empty; give an address like http://localhost:8000/v1")
    return [address for one in listed for address in _in_file(one)]


def _in_file(address: str) -> list[str]:
    if "://" in address:
        return [address]
    path = Path(address)
    try:
        if not path.is_file():
            raise UsageError(
                "‹base_url›: what was given is neither an address that begins with http:// or "
                f"https:// nor {'a file' if path.exists() else 'the name of a file that exists'}; "
                "give an address like http://localhost:8000/v1, or a file with one a line"
            )
        lines = path.read_text("utf-8").splitlines()
    except (OSError, ValueError) as exc:
        raise UsageError(f"‹base_url›: the file cannot be read ({type(exc).__name__})") from exc
    found = [text for line in lines if (text := line.partition("#")[0].strip())]
    if not found:
        raise UsageError("‹base_url›: the file has no address; write one a line")
    return found


def mode_of(settings: JobSettings, spec: JudgeSpec) -> str:
    """Return the mode that the settings name, else the kind's own.

    Raises UsageError for a mode that this kind of judge does not have.
    """
    mode = settings.mode or spec.kind.default_mode
    if mode not in spec.kind.modes:
        can = " or ".join(spec.kind.modes)
        raise UsageError(
            f"‹mode› {mode} does not work with {spec.kind.prefix}: judges; use ‹mode› {can}"
        )
    return mode
