"""Finds the proxy that the environment prescribes for an endpoint."""

from __future__ import annotations

import importlib.util
import os
import urllib.request
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from judgemark.errors import UsageError
from judgemark.judges.endpoint import is_local

_KINDS = ("http", "https", "socks5", "socks5h")


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy and the environment variable that names it; the address may hold a password."""

    address: str = field(repr=False)
    variable: str

    @property
    def is_socks(self) -> bool:
        """Whether it speaks SOCKS instead of HTTP."""
        return self.address.startswith("socks")

    @property
    def shown(self) -> str:
        """The address as it may be printed, and where it was found: no user and no password."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{_host_and_port(parts)} ({self.variable})"


def find_proxy(address: str) -> Proxy | None:
    """Return the proxy through which an endpoint's address is reached; None for a direct way.

    HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY are honoured in upper and lower case, and the
    system's settings on macOS and Windows. Addresses of this machine and of its own network are
    always reached directly. Raises UsageError, which names the variable, for a proxy that cannot
    be used.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    if is_local(host):
        return None
    proxies = urllib.request.getproxies()
    kind = parts.scheme if proxies.get(parts.scheme) else "all"
    found = proxies.get(kind)
    if not found or urllib.request.proxy_bypass(_host_and_port(parts)):
        return None
    return _checked(found if "://" in found else f"http://{found}", _variable(kind), host)


def _checked(address: str, variable: str, host: str) -> Proxy:
    way_out = f"correct it, unset it, or add {host} to NO_PROXY"
    try:
        parts = urlsplit(address)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise UsageError(f"{variable} does not hold the address of a proxy; {way_out}")
    if parts.scheme not in _KINDS:
        raise UsageError(
            f'{variable} names the proxy "{parts.scheme}://{_host_and_port(parts)}", but only '
            f"{', '.join(f'{kind}://' for kind in _KINDS)} can be used; {way_out}"
        )
    proxy = Proxy(address, variable)
    if proxy.is_socks and importlib.util.find_spec("socksio") is None:
        raise UsageError(
            f"{variable} names a SOCKS proxy, which needs the package socksio: "
            f"pip install socksio, or unset {variable}, or add {host} to NO_PROXY"
        )
    return proxy


def _host_and_port(parts: SplitResult) -> str:
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{parts.port}" if parts.port else host


def _variable(kind: str) -> str:
    """Return the environment variable, spelled as it is set."""
    wanted = f"{kind}_proxy"
    spelled = [name for name in os.environ if name.lower() == wanted and os.environ[name]]
    lower_first = sorted(spelled, key=lambda name: name != wanted)
    return lower_first[0] if lower_first else "the system's proxy settings"
