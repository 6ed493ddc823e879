"""One client for each thread that asks an endpoint."""

from __future__ import annotations

import os
import ssl
import threading

import httpx2
import openai

from judgemark.errors import UsageError
from judgemark.judges.endpoint import Endpoint
from judgemark.judges.proxies import find_proxy
from judgemark.judges.request_limits import RequestLimits
from judgemark.judges.transport import BoundedTransport, OpenConnections

_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


class ThreadClients:
    """Builds a client for each thread over one shared TLS context; any thread may break them off.

    A client shared by hundreds of threads scans its whole pool for each request, so no thread
    shares one. Raises UsageError, which names the environment variable, where a proxy or the
    certificates cannot be used.
    """

    def __init__(self, endpoint: Endpoint, limits: RequestLimits) -> None:
        self._endpoint = endpoint
        self._limits = limits
        self.proxy = find_proxy(endpoint.base_url)
        self._tls = _tls_context() if endpoint.base_url.startswith("https:") else None
        self._connections = OpenConnections()
        self._mine = threading.local()
        self._all: list[openai.OpenAI] = []
        self._lock = threading.Lock()
        self.mine()

    def mine(self) -> openai.OpenAI:
        """Return the calling thread's client; it retries nothing and follows no redirect."""
        client: openai.OpenAI | None = getattr(self._mine, "client", None)
        if client is None:
            client = self._mine.client = self._build()
            with self._lock:
                self._all.append(client)
        return client

    def _build(self) -> openai.OpenAI:
        endpoint = self._endpoint
        transport = BoundedTransport(
            self._limits,
            self._connections,
            tls=self._tls,
            proxy=self.proxy,
            query=endpoint.query,
        )
        try:
            return openai.OpenAI(
                api_key=endpoint.key,
                base_url=endpoint.base_url,
                default_headers={"api-key": endpoint.key} if endpoint.wants_api_key_header else {},
                max_retries=0,
                timeout=self._limits.timeout,
                http_client=httpx2.Client(transport=transport, follow_redirects=False),
            )
        except (openai.OpenAIError, httpx2.InvalidURL, ValueError) as exc:
            raise UsageError(
                f"no client for {endpoint.shown} could be made: {type(exc).__name__}; "
                "look at ‹base_url› and at the variables OPENAI_* of the environment"
            ) from exc

    def interrupt(self) -> None:
        """Break off all requests in flight; later ones fail at once."""
        self._connections.break_off()

    def close(self) -> None:
        """Close every client."""
        with self._lock:
            for client in self._all:
                client.close()
            self._all.clear()


def _tls_context() -> ssl.SSLContext:
    try:
        return httpx2.create_ssl_context()
    except (OSError, ValueError) as exc:
        named = next((name for name in _CERTIFICATES if os.environ.get(name)), None)
        place = f"{named} ({os.environ[named]})" if named else "the system's certificates"
        raise UsageError(
            f"{place}: these certificates cannot be read: {exc}; "
            "name a file of certificates in PEM format, or unset the variable"
        ) from exc
