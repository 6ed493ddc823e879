"""Copies of a judge on a cluster: the same verdicts, whatever is lost on the way."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from judgemark.errors import Interrupted, Refused, UsageError
from judgemark.judges.ray_replicas import RayReplicas, ReplicaPlan
from judgemark.records import Class, Failure, Sample, Verdict
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.stop import Stop
from tests.engines.batch_judges import SlowBatches, batches_of, processes_of
from tests.support.asking import ask
from tests.support.questions import direct, pieces

pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(
        find_spec("ray") is None, reason="ray not installed here: make test-engines"
    ),
    # Ray leaves sockets and files to the end of its processes.
    pytest.mark.filterwarnings("ignore"),
]
PIECES = 24


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two nodes with one CPU each; the last test removes the second one."""
    from ray.cluster_utils import Cluster

    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    made.second = made.add_node(num_cpus=1)
    try:
        yield made
    finally:
        made.shutdown()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where the copies leave word of each batch."""
    folder = tmp_path / "log"
    folder.mkdir()
    return folder


def judged(
    cluster: Any, judge: SlowBatches, folder: Path, samples: tuple[Sample, ...], **plan: Any
) -> list[JournalEntry]:
    """Ask about the pieces with two copies; the journal's entries."""
    replicas = RayReplicas(judge, ReplicaPlan(cluster.address, 2, **plan), lambda _: None)
    try:
        return list(ask(folder / "verdicts.jsonl", replicas, direct(samples)))
    finally:
        replicas.close()


def test_copies_give_the_same_verdicts_and_share_the_work(
    cluster: Any, log: Path, tmp_path: Path
) -> None:
    samples = pieces(PIECES)
    entries = judged(cluster, SlowBatches(log, delay=0.2), tmp_path, samples)
    alone = ask(tmp_path / "alone.jsonl", SlowBatches(tmp_path / "log"), direct(samples))
    assert {e.key: e.outcome for e in entries} == {e.key: e.outcome for e in alone}
    assert len(processes_of(log)) == 2 + 1
    assert all(isinstance(e.outcome, Verdict) for e in entries)


def test_a_replica_that_is_killed_loses_nothing(cluster: Any, log: Path, tmp_path: Path) -> None:
    killed = threading.Thread(target=_kill_first, args=(log,))
    killed.start()
    entries = judged(cluster, SlowBatches(log, delay=0.3), tmp_path, pieces(PIECES))
    killed.join()
    assert sorted(e.item for e in entries) == [f"{n:04}" for n in range(PIECES)]
    asked = [item for batch in batches_of(log) for item in batch]
    # Only what the killed copy held was asked a second time.
    assert len(asked) - PIECES in (0, 4)


def _kill_first(log: Path) -> None:
    while not (found := processes_of(log)):
        time.sleep(0.02)
    os.kill(found[0], signal.SIGKILL)


def test_a_question_that_ends_its_replica_takes_no_other_down(
    cluster: Any, log: Path, tmp_path: Path
) -> None:
    samples = (*pieces(7), Sample("ann", "1", "bad", "poison 1"))
    entries = {e.item: e.outcome for e in judged(cluster, SlowBatches(log), tmp_path, samples)}
    bad = entries.pop("bad")
    assert isinstance(bad, Failure) and bad.cls is Class.ERROR and "3 times" in bad.reason
    assert len(entries) == 7 and all(isinstance(o, Verdict) for o in entries.values())


def test_more_replicas_than_the_cluster_holds_run_on_what_there_is(
    cluster: Any, log: Path, tmp_path: Path
) -> None:
    replicas = RayReplicas(SlowBatches(log), ReplicaPlan(cluster.address, 5), lambda _: None)
    entries = ask(tmp_path / "verdicts.jsonl", replicas, direct(pieces(PIECES)))
    replicas.close()
    assert len(list(entries)) == PIECES


def test_an_interrupted_run_does_not_wait_for_what_is_under_way(
    cluster: Any, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("judgemark.judges.ray_replicas._TIME_TO_END", 1.0)
    stop = Stop()

    def interrupt() -> None:
        while not processes_of(log):
            time.sleep(0.02)
        stop.set(Interrupted("SIGTERM"))

    threading.Thread(target=interrupt).start()
    replicas = RayReplicas(
        SlowBatches(log, delay=60), ReplicaPlan(cluster.address, 2), lambda _: None
    )
    began = time.monotonic()
    with pytest.raises(Interrupted):
        list(ask(tmp_path / "verdicts.jsonl", replicas, direct(pieces(PIECES)), stop=stop))
    replicas.close()
    assert time.monotonic() - began < 30


def test_a_judge_that_fits_nowhere_is_refused(cluster: Any, log: Path) -> None:
    import ray

    replicas = RayReplicas(
        SlowBatches(log), ReplicaPlan(cluster.address, 1, wait=5.0), lambda _: None
    )
    occupy = ray.remote(num_cpus=1)(lambda: time.sleep(30))
    taken = [occupy.remote() for _ in range(2)]
    try:
        time.sleep(1)
        with pytest.raises(Refused, match="no replica could be started within 5 s"):
            replicas.load()
    finally:
        for ref in taken:
            ray.cancel(ref, force=True)
        replicas.close()


def test_a_cluster_that_is_not_there_is_named_in_one_line(log: Path) -> None:
    with pytest.raises(UsageError, match=r"no cluster could be reached at 127\.0\.0\.1:1 "):
        RayReplicas(SlowBatches(log), ReplicaPlan("127.0.0.1:1", 1), lambda _: None)


def test_a_node_that_is_removed_loses_nothing(cluster: Any, log: Path, tmp_path: Path) -> None:
    def remove() -> None:
        while len(processes_of(log)) < 2:
            time.sleep(0.02)
        cluster.remove_node(cluster.second)

    removed = threading.Thread(target=remove)
    removed.start()
    entries = judged(cluster, SlowBatches(log, delay=0.5), tmp_path, pieces(PIECES))
    removed.join()
    assert sorted(e.item for e in entries) == [f"{n:04}" for n in range(PIECES)]
