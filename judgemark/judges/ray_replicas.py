"""Copies of one judge on the machines of a Ray cluster; this process hands out the questions.

A copy is an actor that holds the judge as it would run in this process. Questions have the same
keys wherever they are answered, so a batch whose copy was lost is simply given to another one.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from judgemark.errors import AskFault, JudgemarkError, Refused, UsageError
from judgemark.judges.base import BatchJudge, Json, LoadsWeights
from judgemark.judges.exception_text import one_line
from judgemark.records import Question, Reply

LOCAL = "local"
_MOST_LOSSES = 3
_LONGEST_WAIT = 600.0
_LOOK_EVERY = 5.0
# Less than the 30 s that Slurm and Kubernetes leave a program between SIGTERM and SIGKILL.
_TIME_TO_END = 15.0
_CONNECT_TIMEOUT = 10.0
_WAYS_OUT = (
    "start one with ray start, or give ‹ray› local; where it asks for a token, set "
    "RAY_AUTH_MODE=token and RAY_AUTH_TOKEN_PATH"
)


@dataclass(frozen=True, slots=True)
class ReplicaPlan:
    """Where copies of a judge run, and what each of them takes.

    Attributes:
        address: of the cluster, as `ray.init` takes it; "local" starts one on this machine.
        replicas: how many copies run at once.
        devices: the GPUs of one copy, where the cluster has any; a CPU where it has none.
        wait: the seconds to wait for a copy to start or come back.
    """

    address: str
    replicas: int
    devices: int = 1
    wait: float = _LONGEST_WAIT

    def __post_init__(self) -> None:
        if self.replicas < 1 or self.devices < 1:
            raise UsageError("‹replicas› must be at least 1")


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Numbered questions that one copy answers together, and how often they were lost."""

    numbered: tuple[tuple[int, Question], ...]
    losses: int = 0

    def lost(self) -> list[_Chunk]:
        """Return what to ask again: after a second loss in halves, so that one question alone
        cannot take the others down with it."""
        losses, half = self.losses + 1, len(self.numbered) // 2
        if losses < _MOST_LOSSES or not half:
            return [replace(self, losses=losses)]
        return [_Chunk(part) for part in (self.numbered[:half], self.numbered[half:])]


class _Replica:
    """One copy of the judge, in a process of its own."""

    def __init__(self, judge: BatchJudge) -> None:
        self._judge = judge

    def load(self) -> None:
        """Load the weights."""
        if isinstance(self._judge, LoadsWeights):
            self._judge.load()

    def ask(self, questions: Sequence[Question]) -> list[Reply | AskFault]:
        """Answer a batch."""
        return list(self._judge.ask_batch(questions))


class RayReplicas:
    """Implements `StreamJudge`, `LoadsWeights` and `WaitsForMachines`: answers come as the copies
    give them.

    Attributes:
        idle: the copies that are loaded and have nothing to do.
    """

    def __init__(self, judge: BatchJudge, plan: ReplicaPlan, say: Callable[[str], None]) -> None:
        """Connect to the cluster; UsageError where Ray is not installed or cannot be reached."""
        self._judge = judge
        self._plan = plan
        self._say = say
        self._ray = _connected(plan)
        self._shared: Any = None
        self._starting: dict[Any, Any] = {}
        self.idle: list[Any] = []
        self._groups: list[Any] = []
        self._ends_at: float | None = None

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Implement `StreamJudge`; copies do not shape answers."""
        return self._judge.configuration

    def load(self) -> None:
        """Start all copies and wait for the first of them."""
        if self._shared is not None:
            return
        self._shared = self._ray.put(self._judge)
        for _ in range(self._plan.replicas):
            self._start()
        self._await_starting()

    def stop_waiting(self) -> None:
        """Implement `WaitsForMachines`: batches under way have 15 seconds, and none is asked again.

        The cluster may be ending too, so that nothing more is to be expected from it.
        """
        if self._ends_at is None:
            self._ends_at = time.monotonic() + _TIME_TO_END

    def ask_stream(self, questions: Iterator[Question]) -> Iterator[tuple[int, Reply | AskFault]]:
        """Implement `StreamJudge`."""
        self.load()
        numbered = enumerate(questions)
        again: deque[_Chunk] = deque()
        busy: dict[Any, tuple[Any, _Chunk]] = {}
        while True:
            while self.idle and (chunk := self._next(again, numbered)) is not None:
                actor = self.idle.pop()
                told = actor.ask.remote([question for _, question in chunk.numbered])
                busy[told] = (actor, chunk)
            if self._over(busy) or not (busy or again):
                return
            if not busy:
                self._await_starting()
                continue
            done, _ = self._ray.wait([*busy, *self._starting], timeout=self._patience())
            for ref in done:
                if ref in busy:
                    yield from self._came(ref, *busy.pop(ref), again)
                else:
                    self._started(ref)

    def _over(self, busy: Mapping[Any, Any]) -> bool:
        """Return whether an interrupted stream has nothing more to wait for."""
        return self._ends_at is not None and (not busy or time.monotonic() >= self._ends_at)

    def _patience(self) -> float:
        """Return for how many seconds to wait before looking around again."""
        left = _LOOK_EVERY if self._ends_at is None else self._ends_at - time.monotonic()
        return max(0.0, min(left, _LOOK_EVERY))

    def _next(
        self, again: deque[_Chunk], numbered: Iterator[tuple[int, Question]]
    ) -> _Chunk | None:
        if self._ends_at is not None:
            return None
        if again:
            return again.popleft()
        taken = tuple(islice(numbered, self._judge.batch))
        return _Chunk(taken) if taken else None

    def _came(
        self, ref: Any, actor: Any, chunk: _Chunk, again: deque[_Chunk]
    ) -> Iterator[tuple[int, Reply | AskFault]]:
        """Yield the answers of a chunk; ask it again where its copy was lost."""
        try:
            answers = self._ray.get(ref)
        except self._ray.exceptions.RayTaskError as exc:
            raise _cause_of(exc) from exc
        except self._ray.exceptions.RayError as exc:
            if self._ends_at is not None:
                return
            self._say(f"a replica was lost ({one_line(exc)[:120]}); its questions go to another")
            self._start()
            parts = chunk.lost()
            if len(parts) == 1 and parts[0].losses >= _MOST_LOSSES:
                fault = f"the replica that was asked was lost {_MOST_LOSSES} times"
                yield from ((number, AskFault(fault)) for number, _ in chunk.numbered)
            else:
                again.extend(parts)
            return
        self.idle.append(actor)
        for (number, _), answer in zip(chunk.numbered, answers, strict=True):
            yield number, answer

    def _start(self) -> None:
        """Begin to start a copy; it is idle once its weights are loaded."""
        actor = self._actor_class().remote(self._shared)
        self._starting[actor.load.remote()] = actor

    def _actor_class(self) -> Any:
        ray, devices = self._ray, self._plan.devices
        resources = {"GPU": devices} if ray.cluster_resources().get("GPU", 0) else {"CPU": 1}
        if devices == 1 or "GPU" not in resources:
            options = {"num_gpus": resources.get("GPU", 0), "num_cpus": resources.get("CPU", 0)}
            return ray.remote(_Replica).options(**options)
        # One bundle keeps the devices of a copy on one machine.
        group = ray.util.placement_group([{"GPU": devices, "CPU": 1}], strategy="STRICT_PACK")
        self._groups.append(group)
        strategy = ray.util.scheduling_strategies.PlacementGroupSchedulingStrategy(group)
        return ray.remote(_Replica).options(
            num_gpus=devices, num_cpus=1, scheduling_strategy=strategy
        )

    def _started(self, ref: Any) -> None:
        """Take in a copy whose start has ended, well or badly."""
        actor = self._starting.pop(ref)
        try:
            self._ray.get(ref)
        except self._ray.exceptions.RayTaskError as exc:
            raise _cause_of(exc) from exc
        except self._ray.exceptions.RayError as exc:
            if self._ends_at is not None:
                return
            self._say(f"a replica could not be started ({one_line(exc)[:120]}); another is tried")
            self._start()
            return
        self.idle.append(actor)

    def take_in_started(self) -> bool:
        """Wait a few seconds for copies that are starting; whether one has ended its start."""
        done, _ = self._ray.wait(list(self._starting), timeout=_LOOK_EVERY)
        for ref in done:
            self._started(ref)
        return bool(done)

    def _await_starting(self) -> None:
        """Wait until a copy is idle; Refused where none comes in time."""
        waited = 0.0
        while not self.idle and self._ends_at is None:
            waited += 0.0 if self.take_in_started() else _LOOK_EVERY
            if waited >= self._plan.wait:
                raise Refused(
                    f"no replica could be started within {self._plan.wait:g} s: the cluster has "
                    f"{_shown(self._ray.available_resources())} free; give fewer ‹replicas›"
                )

    def close(self) -> None:
        """End all copies, and the connection to the cluster."""
        # They end with this process in any case, and a cluster that is ending would not answer.
        if self._ends_at is None:
            for actor in [*self.idle, *self._starting.values()]:
                self._ray.kill(actor)
            for group in self._groups:
                self._ray.util.remove_placement_group(group)
        self._ray.shutdown()


def _connected(plan: ReplicaPlan) -> Any:
    if importlib.util.find_spec("ray") is None:
        raise UsageError("‹ray› needs the package ray: pip install 'judgemark[ray]'")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    import ray
    import ray.util.scheduling_strategies

    local = plan.address == LOCAL
    if not local:
        _refuse_unreachable(plan.address)
    # Ray installs a handler of its own, which would end this process in the middle of a line.
    handler = signal.getsignal(signal.SIGTERM)
    try:
        ray.init(
            address=None if local else plan.address,
            configure_logging=False,
            log_to_driver=False,
            ignore_reinit_error=True,
            # Workers on other machines need this package, not an installation of it.
            runtime_env={"py_modules": [str(Path(__file__).resolve().parents[1])]},
            **({"include_dashboard": False} if local else {}),
        )
    except Exception as exc:
        # Ray raises whatever its parts raise: ConnectionError, RuntimeError, its own errors.
        raise UsageError(
            f"‹ray›: no cluster could be reached at {plan.address} ({one_line(exc)}); {_WAYS_OUT}"
        ) from exc
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, handler)
    return ray


def _refuse_unreachable(address: str) -> None:
    """Raise UsageError where nothing listens at an address; Ray itself would try for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdigit():
        # "auto" and the like: Ray knows where to look.
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), _CONNECT_TIMEOUT).close()
    except (OSError, OverflowError) as exc:
        raise UsageError(
            f"‹ray›: no cluster could be reached at {address} ({one_line(exc)}); {_WAYS_OUT}"
        ) from exc


def _cause_of(exc: Any) -> JudgemarkError:
    """Return what a copy raised, as this process would have raised it."""
    cause = getattr(exc, "cause", None)
    return (
        cause
        if isinstance(cause, JudgemarkError)
        else Refused(f"a replica failed: {one_line(cause or exc)}")
    )


def _shown(resources: Mapping[str, float]) -> str:
    named = {name: resources.get(name, 0.0) for name in ("CPU", "GPU")}
    return " and ".join(f"{amount:g} {name}" for name, amount in named.items())
