"""The clients that ask an endpoint: one for each thread, and one for an event loop."""

from __future__ import annotations

import os
import ssl
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import httpx2

from judgemark.errors import UsageError
from judgemark.judges.endpoint import Endpoint
from judgemark.judges.http_exchange import EndpointRequests, HttpAnswer, HttpRequest
from judgemark.judges.loop_transport import LoopTransport
from judgemark.judges.open_connections import OpenConnections
from judgemark.judges.proxies import find_proxy
from judgemark.judges.request_limits import RequestLimits
from judgemark.version import __version__

if TYPE_CHECKING:
    from judgemark.judges.transport import BoundedTransport

_JSON = "application/json"
_IN_EVERY_COMPLETION = b'"choices"'
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


class EndpointClient:
    """Sends requests to one endpoint, one after the other; retries nothing, follows no redirect.

    An answer of any status is returned; the exceptions of `BoundedTransport.send` are raised, and
    those of `EndpointRequests`, whose methods these are. Not to be shared by threads.
    """

    def __init__(self, requests: EndpointRequests, transport: BoundedTransport) -> None:
        self._requests = requests
        self._transport = transport

    @property
    def headers(self) -> httpx2.Headers:
        """Return what is sent with every request."""
        return self._requests.headers

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> HttpAnswer:
        """Return the answer to a GET."""
        return self.send(self._requests.get(path, headers))

    def post(
        self, path: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> HttpAnswer:
        """Return the answer to a POST of JSON."""
        return self.send(self._requests.post(path, body, headers))

    def upload(self, path: str, name: str, content: bytes, fields: Mapping[str, str]) -> HttpAnswer:
        """Return the answer to a POST of a form with one file."""
        return self.send(self._requests.upload(path, name, content, fields))

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Return the answer to a request that `EndpointRequests` has put together."""
        return self._transport.send(request)

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

    Beside them an event loop can send many requests at once (`in_loop`), unless a proxy stands
    before the endpoint. Raises UsageError, which names the environment variable, where a proxy or
    the certificates cannot be used.
    """

    def __init__(self, endpoint: Endpoint, limits: RequestLimits) -> None:
        self._limits = limits
        self.proxy = find_proxy(endpoint.base_url)
        self._tls = _tls_context() if endpoint.base_url.startswith("https:") else None
        self._connections = OpenConnections()
        self._mine = threading.local()
        self._all: list[EndpointClient] = []
        self._lock = threading.Lock()
        self._address = _address(endpoint)
        # A request adds what goes with its address.
        headers = httpx2.Request("GET", self._address, headers=_headers(endpoint)).headers
        self._requests = EndpointRequests(self._address, endpoint.query, headers)
        self.in_loop = (
            LoopTransport(self._address, limits, self._tls, _IN_EVERY_COMPLETION)
            if not self.proxy
            else None
        )
        if self.proxy is not None:
            self.mine()

    def mine(self) -> EndpointClient:
        """Return the calling thread's client."""
        client: EndpointClient | None = getattr(self._mine, "client", None)
        if client is None:
            # Loading it takes as long as a reply of a fast judge, and an event loop needs it late.
            from judgemark.judges.transport import BoundedTransport

            transport = BoundedTransport(
                self._address, self._limits, self._connections, tls=self._tls, proxy=self.proxy
            )
            client = self._mine.client = EndpointClient(self._requests, transport)
            with self._lock:
                self._all.append(client)
        return client

    def request(self, path: str, body: Mapping[str, Any]) -> HttpRequest:
        """Return a POST of JSON; raises what `EndpointRequests` does."""
        return self._requests.post(path, body)

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Return the answer to a request: through the event loop where one is asking.

        Raises what `EndpointClient.send` does.
        """
        came = self.in_loop.send_for_thread(request) if self.in_loop is not None else None
        return self.mine().send(request) if came is None else came

    async def send_in_loop(self, request: HttpRequest) -> HttpAnswer:
        """Return the answer to a request; raises what `EndpointClient.send` does."""
        if self.in_loop is None:
            raise RuntimeError("an event loop does not ask through a proxy")
        return await self.in_loop.send(request)

    def interrupt(self) -> None:
        """Break off all requests in flight; later ones fail at once."""
        self._connections.break_off()
        if self.in_loop is not None:
            self.in_loop.break_off()

    def close(self) -> None:
        """Close every thread's client."""
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
        context = httpx2.create_ssl_context()
        context.set_alpn_protocols(["http/1.1"])
        return context
    except (OSError, ValueError) as exc:
        named = next((name for name in _CERTIFICATES if os.environ.get(name)), None)
        place = f"{named} ({os.environ[named]})" if named else "the system's certificates"
        raise UsageError(
            f"{place}: these certificates cannot be read: {exc}; "
            "name a file of certificates in PEM format, or unset the variable"
        ) from exc
