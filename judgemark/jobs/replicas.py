"""Whether a prepared run's judge is asked in copies on a cluster."""

from __future__ import annotations

from collections.abc import Callable

from judgemark.errors import UsageError
from judgemark.jobs.prepare_run import Prepared
from judgemark.judges.base import BatchJudge, Judge, StreamJudge
from judgemark.judging.ensemble_mode import EnsembleMode

_DEVICES = ("tensor_parallel_size", "pipeline_parallel_size", "data_parallel_size")


def check_replicas(prepared: Prepared) -> None:
    """Raise UsageError where this kind of judge cannot be copied, before anything is loaded."""
    cluster, kind = prepared.settings.cluster, prepared.spec.kind
    if cluster.ray is None:
        if cluster.replicas is not None:
            raise UsageError("‹replicas› works only with ‹ray›")
        return
    if isinstance(prepared.judging, EnsembleMode):
        raise UsageError("‹ray› is for a single judge, not for several of them")
    if not kind.replicable:
        raise UsageError(
            f"‹ray› is for judges on an engine, such as vllm: and hf:, not for {prepared.spec.text}"
        )


def replicated(
    prepared: Prepared, judge: Judge | BatchJudge, say: Callable[[str], None]
) -> Judge | BatchJudge | StreamJudge:
    """Return the judge in copies on the cluster that the settings name, else the judge itself.

    Raises UsageError where Ray is not installed or the cluster cannot be reached.
    """
    cluster = prepared.settings.cluster
    if cluster.ray is None or not isinstance(judge, BatchJudge):
        return judge
    from judgemark.judges.ray_replicas import RayReplicas, ReplicaPlan

    devices = 1
    for name in _DEVICES:
        given = prepared.settings.engine.get(name)
        devices *= given if isinstance(given, int) else 1
    plan = ReplicaPlan(cluster.ray, cluster.replicas or 1, devices)
    return RayReplicas(judge, plan, say)
