"""One client for each thread that asks an endpoint."""

from __future__ import annotations

import json
import os
import ssl
import threading
from collections.abc import Mapping
from typing import Any

import httpx2

from judgemark.errors import UsageError
from judgemark.judges.endpoint import Endpoint
from judgemark.judges.proxies import find_proxy
from judgemark.judges.request_limits import RequestLimits
from judgemark.judges.transport import (
    BoundedTransport,
    HttpAnswer,
    OpenConnections,
    RawHeaders,
)
from judgemark.version import __version__

_JSON = "application/json"
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


class EndpointClient:
    """Sends requests to one endpoint, one after the other; retries nothing, follows no redirect.

    An answer of any status is returned; the exceptions of `BoundedTransport.send` are raised, and
    ValueError or RecursionError for what cannot be written as JSON. Not to be shared by threads.
    """

    def __init__(
        self, address: httpx2.URL, query: str, headers: httpx2.Headers, transport: BoundedTransport
    ) -> None:
        """`headers` are sent with every request, and `query` stands behind every path."""
        self._transport = transport
        self._path = address.raw_path.rstrip(b"/")
        self._query = query.encode("ascii")
        self.headers = headers

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> HttpAnswer:
        """Return the answer to a GET of a path below the endpoint's address."""
        return self._transport.send("GET", self._target(path), self._with(headers), b"")

    def post(
        self, path: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> HttpAnswer:
        """Return the answer to a POST of JSON.

        `path` stands below the endpoint's address, or is a whole address at the same host.
        """
        written = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return self._post(path, written.encode(), {"content-type": _JSON, **(headers or {})})

    def upload(self, path: str, name: str, content: bytes, fields: Mapping[str, str]) -> HttpAnswer:
        """Return the answer to a POST of a form with one file."""
        form = httpx2.Request(
            "POST", "http://form", data=dict(fields), files={"file": (name, content)}
        )
        return self._post(path, form.read(), {"content-type": form.headers["content-type"]})

    def _post(self, path: str, content: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        sent = self._with({**headers, "content-length": str(len(content))})
        return self._transport.send("POST", self._target(path), sent, content)

    def _target(self, path: str) -> bytes:
        whole = path.startswith(("http://", "https://"))
        target = httpx2.URL(path).raw_path if whole else self._path + path.encode("ascii")
        if self._query:
            target += (b"&" if b"?" in target else b"?") + self._query
        return target

    def _with(self, headers: Mapping[str, str] | None) -> RawHeaders:
        return (*self.headers.raw, *httpx2.Headers(headers or {}).raw)

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()


def _headers(endpoint: Endpoint) -> dict[str, str]:
    return {
        "accept": _JSON,
        "accept-encoding": "gzip, deflate",
        "user-agent": f"judgemark/{__version__}",
        "authorization": f"Bearer {endpoint.key}",
        **({"api-key": endpoint.key} if endpoint.wants_api_key_header else {}),
        **endpoint.headers,
    }


class ThreadClients:
    """Builds a client for each thread over one shared TLS context; any thread may break them off.

    Raises UsageError, which names the environment variable, where a proxy or the certificates
    cannot be used.
    """

    def __init__(self, endpoint: Endpoint, limits: RequestLimits) -> None:
        self._query = endpoint.query
        self._limits = limits
        self.proxy = find_proxy(endpoint.base_url)
        self._tls = _tls_context() if endpoint.base_url.startswith("https:") else None
        self._connections = OpenConnections()
        self._mine = threading.local()
        self._all: list[EndpointClient] = []
        self._lock = threading.Lock()
        self._address = _address(endpoint)
        # A request adds what goes with its address.
        self._headers = httpx2.Request("GET", self._address, headers=_headers(endpoint)).headers
        self.mine()

    def mine(self) -> EndpointClient:
        """Return the calling thread's client."""
        client: EndpointClient | None = getattr(self._mine, "client", None)
        if client is None:
            transport = BoundedTransport(
                self._address, self._limits, self._connections, tls=self._tls, proxy=self.proxy
            )
            client = self._mine.client = EndpointClient(
                self._address, self._query, self._headers, transport
            )
            with self._lock:
                self._all.append(client)
        return client

    def interrupt(self) -> None:
        """Break off all requests in flight; later ones fail at once."""
        self._connections.break_off()

    def close(self) -> None:
        """Close every client."""
        with self._lock:
            for client in self._all:
                client.close()
            self._all.clear()


def _address(endpoint: Endpoint) -> httpx2.URL:
    try:
        return httpx2.URL(endpoint.base_url)
    except (httpx2.InvalidURL, ValueError) as exc:
        raise UsageError(f"‹base_url›: {endpoint.shown} is no address: {exc}") from exc


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
