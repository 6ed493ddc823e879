"""Which form of batches an endpoint has: the registry of the forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from judgemark.judges.batches.batch_service import BatchService
    from judgemark.judges.endpoint import Endpoint
    from judgemark.judges.request_limits import RequestLimits

Make = Callable[["Endpoint", "RequestLimits"], "BatchService"]


def _files(endpoint: Endpoint, limits: RequestLimits) -> BatchService:
    from judgemark.judges.batches.file_batches import FileBatches

    return FileBatches(endpoint, limits)


def _anthropic(endpoint: Endpoint, limits: RequestLimits) -> BatchService:
    from judgemark.judges.batches.inline_batches import AnthropicBatches

    return AnthropicBatches(endpoint, limits)


def _openrouter(endpoint: Endpoint, limits: RequestLimits) -> BatchService:
    from judgemark.judges.batches.inline_batches import OpenRouterBatches

    return OpenRouterBatches(endpoint, limits)


BATCH_FORMS: Mapping[str, Make] = {
    "files": _files,
    "anthropic": _anthropic,
    "openrouter": _openrouter,
}
"""By the name of the form; `files` is OpenAI's and Azure's."""


def form_of(endpoint: Endpoint) -> str:
    """Return the form of batches that an address is known to have."""
    if endpoint.host == "api.anthropic.com":
        return "anthropic"
    return "openrouter" if endpoint.publishes_prices else "files"
