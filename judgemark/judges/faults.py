"""Maps what the transport raises and what endpoints complain of to our own errors, once."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Collection, Iterator
from urllib.parse import urljoin, urlsplit

import httpx2

from judgemark.errors import (
    AskFault,
    ContentRefused,
    JudgemarkError,
    OutputLimitReached,
    ParameterRejected,
    Refused,
    TransientFault,
    UsageError,
)
from judgemark.inputs.json_file import holds_json
from judgemark.judges.complaint_words import (
    is_content_filter,
    is_crowded,
    is_empty_account,
    is_final,
    is_too_long,
)
from judgemark.judges.complaints import (
    INVALID,
    Complaint,
    complaint_otherwise,
    complaint_within,
    is_web_page,
    quoted_start,
    read_complaint,
)
from judgemark.judges.endpoint import shown_address, without_secrets_in_addresses
from judgemark.judges.http_exchange import BrokenOff, HttpAnswer, ReplyTooLarge
from judgemark.judges.open_files import NO_MORE_FILES
from judgemark.judges.rejected_fields import is_output_limit, most_tokens, rejected_field
from judgemark.redaction import Scrubber

_LONGEST = 300
_TRANSIENT = frozenset((408, 409, 423, 424, 425, 429, 498, 499))
_FINAL = frozenset((401, 402, 403, 404, 405, 407, 410, 501))
_PROXY_STATUS = frozenset((407, 502, 503, 504))
_GATEWAY_STATUS = frozenset((403, 404))
_TOO_LONG_ADDRESS = re.compile(
    r"/(completions|models|responses|embeddings|messages|generate|chat|v1/v1)/chat/completions$"
)
_TOO_MUCH = "; ‹base_url› names one call of the API: leave what stands behind /v1 out"
_NO_VERSION = "; is /v1 missing at the end of ‹base_url›?"
_CONNECTION = (httpx2.TransportError, httpx2.DecodingError)


def map_fault(
    exc: Exception, scrubber: Scrubber, *, proxy: str = "", reached: bool = False
) -> JudgemarkError:
    """Return the error of ours that says why no answer came.

    Args:
        exc: one of `http_exchange.RAISED`.
        scrubber: takes secrets out of every message.
        proxy: the proxy that the request went through, as it may be shown.
        reached: whether the same address has answered before. A TLS handshake that fails after that
            is taken for a connection that broke, as behind a load balancer with one bad server.
    """
    causes = tuple(_causes(exc))
    for cause in causes:
        if isinstance(cause, ReplyTooLarge):
            return AskFault(f"{cause}, the limit that ‹max_reply_mb› sets")
        if isinstance(cause, BrokenOff):
            return TransientFault(str(cause), maybe_paid=True)
        if isinstance(cause, _CONNECTION):
            return _map_connection(cause, causes, scrubber, proxy, reached)
    if isinstance(exc, UnicodeEncodeError):
        return AskFault(
            "the question holds half of a character (a lone surrogate), which cannot be sent; "
            "repair the piece or the prompt in its file"
        )
    said = one_line(str(exc) or type(exc).__name__, scrubber)
    if isinstance(exc, httpx2.HTTPError):
        return TransientFault(f"connection failed: {said}", maybe_paid=True)
    return Refused(f"the request could not be made: {said}")


def map_refusal(
    answer: HttpAnswer,
    sent: Collection[str],
    scrubber: Scrubber,
    *,
    proxy: str = "",
    completed: bool = False,
) -> JudgemarkError:
    """Return the error of ours that an answer means whose status is not 200 to 299.

    `sent` are the names of the request's fields, or the request itself. `completed` says that the
    endpoint has completed a request before: a 403 or 404 that is not JSON then comes from a gateway
    in front of it, and may pass. The rest is as in `map_fault`.
    """
    status = answer.status
    if status < 400:
        return _map_redirect(answer, scrubber)
    complaint = read_complaint(status, answer.headers, scrubber.body(answer.content))
    through = f" (through the proxy {proxy})" if proxy and status in _PROXY_STATUS else ""
    text = f"HTTP {status}{through}: {one_line(complaint.said, scrubber)}"
    if status in (404, 405) and urlsplit(answer.url).path == "/chat/completions":
        text += _NO_VERSION
    elif status in (404, 405) and _TOO_LONG_ADDRESS.search(urlsplit(answer.url).path):
        text += _TOO_MUCH
    by_gateway = completed and status in _GATEWAY_STATUS and not holds_json(answer.content)
    return _map_complaint(complaint, sent, text, may_pass=by_gateway)


def map_answer_without_json(response: HttpAnswer, scrubber: Scrubber) -> JudgemarkError:
    """Return the fault of an answer of status 200 that is not JSON, with how it begins."""
    coding = response.headers.get("content-encoding", "").strip().lower()
    if coding:
        return AskFault(
            f"the endpoint compressed its answer as {one_line(coding, scrubber)}, which was not "
            "asked for, so that it cannot be read; a server or proxy on the way does not heed "
            "accept-encoding"
        )
    body = scrubber.body(response.content)
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    start = one_line(quoted_start(body), scrubber)
    if kind == "text/event-stream" or body.lstrip()[:6] in (b"data: ", b"event:"):
        return AskFault(
            "the endpoint did not answer in JSON but with an event stream, which was not asked "
            f"for; let it answer whole (without `stream`): {start}"
        )
    if is_web_page(body):
        return TransientFault(
            "the endpoint did not answer in JSON but with a web page, perhaps a login page or a "
            f"gateway's; is this the address of an API? It begins {start}",
            maybe_paid=True,
        )
    if not body.strip():
        return TransientFault(
            f"the endpoint did not answer in JSON: HTTP {response.status} without a body",
            maybe_paid=True,
        )
    return TransientFault(
        f"the endpoint did not answer in JSON; the answer begins {start}", maybe_paid=True
    )


def map_error_within(
    answer: object, sent: Collection[str], scrubber: Scrubber
) -> JudgemarkError | None:
    """Return the fault that the `error` of an answer of status 200 means; None without one.

    Such an error means what its code means as an HTTP status.
    """
    complaint = complaint_within(answer)
    if complaint is None:
        return None
    text = one_line(f"the endpoint answered without a completion: {complaint.said}", scrubber)
    if "POST /chat/completions" in complaint.said:
        text += _NO_VERSION
    return _map_complaint(complaint, sent, text)


def map_told_otherwise(answer: object, scrubber: Scrubber) -> JudgemarkError | None:
    """Return the fault that an answer of status 200 without a choice means; None for no words."""
    complaint = complaint_otherwise(answer)
    if complaint is None:
        return None
    text = one_line(f"the endpoint answered without a completion: {complaint.said}", scrubber)
    return _map_complaint(complaint, (), text)


def map_told_error(
    status: int, answer: object, sent: Collection[str], scrubber: Scrubber
) -> JudgemarkError:
    """Return what an answer of an error status means that another program has received."""
    told = json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")
    complaint = read_complaint(status, {}, scrubber.body(told))
    return _map_complaint(complaint, sent, f"HTTP {status}: {one_line(complaint.said, scrubber)}")


def _causes(exc: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception and what it was raised from."""
    for _ in range(10):
        if exc is None:
            return
        yield exc
        exc = exc.__cause__


def _map_connection(
    cause: BaseException,
    causes: tuple[BaseException, ...],
    scrubber: Scrubber,
    proxy: str,
    reached: bool,
) -> TransientFault | Refused | UsageError:
    through = f" through the proxy {proxy}" if proxy else ""
    if any(isinstance(c, OSError) and c.errno in NO_MORE_FILES for c in _below(causes)):
        return UsageError(
            "‹threads›: this machine lets a program open no more files and connections at once; "
            "give a smaller number, or raise the limit (ulimit -n)"
        )
    if isinstance(cause, httpx2.TimeoutException):
        unreached = isinstance(cause, httpx2.ConnectTimeout | httpx2.PoolTimeout)
        what = "no connection" if unreached else "no answer"
        return TransientFault(
            f"{what} within the time limit{through}", unreached=unreached, timed_out=not unreached
        )
    why = one_line(str(cause) or type(cause).__name__, scrubber)
    if isinstance(cause, httpx2.DecodingError):
        return TransientFault(f"the answer cannot be decompressed: {why}", maybe_paid=True)
    if isinstance(cause, httpx2.UnsupportedProtocol | httpx2.LocalProtocolError):
        return Refused(f"the request could not be made: {why}")
    if any(isinstance(c, ssl.SSLCertVerificationError) for c in _below(causes)):
        told = f"the certificate of the endpoint cannot be verified{through}: {why}"
        if reached:
            return TransientFault(f"this time {told}", unreached=True)
        return Refused(f"{told}; for an authority of your own set SSL_CERT_FILE to its certificate")
    if not reached and ("WRONG_VERSION_NUMBER" in why or "RECORD_LAYER" in why.upper()):
        return Refused(
            f"the endpoint does not speak TLS at this address{through}; is it http:// instead of "
            "https://?"
        )
    if isinstance(cause, httpx2.ProxyError) and why.startswith("407"):
        return Refused(f"connection failed{through}, which wants a user and a password: {why}")
    unreached = isinstance(cause, httpx2.ConnectError | httpx2.ProxyError)
    return TransientFault(
        f"connection failed{through}: {why}", unreached=unreached, maybe_paid=not unreached
    )


def _below(causes: tuple[BaseException, ...]) -> Iterator[BaseException]:
    """Yield the causes and what was being handled when they were raised."""
    for cause in causes:
        yield cause
        yield from (arg for arg in cause.args if isinstance(arg, BaseException))
        if cause.__context__ is not None:
            yield cause.__context__


def _map_redirect(answer: HttpAnswer, scrubber: Scrubber) -> Refused:
    """Return what a 1xx or 3xx means: no answer will come from this address."""
    status, target = answer.status, answer.headers.get("location", "")
    if not target or status < 300:
        return Refused(f"HTTP {status}: this is not an answer to a question; check ‹base_url›")
    whole = shown_address(urljoin(answer.url, target))
    return Refused(
        f"HTTP {status}: the endpoint redirects to {one_line(whole, scrubber)}; a redirect is not "
        "followed, because the key would go with it. If you trust that address, give it as "
        "‹base_url›, without /chat/completions"
    )


def _map_complaint(
    complaint: Complaint, sent: Collection[str], text: str, *, may_pass: bool = False
) -> JudgemarkError:
    """Return what a complaint means; `text` is what the message says.

    With `may_pass` what would end the run is a fault that may pass, except for an empty account.

    What it says goes before its status: services tell an empty account, an unknown judge, a
    rejected field or a filtered piece by different statuses.
    """
    status = complaint.status
    if is_empty_account(complaint):
        return Refused(text)
    if is_content_filter(complaint):
        return ContentRefused(text)
    if is_output_limit(complaint):
        return OutputLimitReached(text)
    most = most_tokens(complaint, sent) if status != 429 else None
    if most is not None:
        return ParameterRejected(most[0], text, at_most=most[1])
    field = rejected_field(complaint, sent)
    if field is not None:
        return ParameterRejected(field, text)
    if may_pass and (status in _FINAL or is_final(complaint)):
        return TransientFault(text, retry_after=complaint.retry_after)
    if status in _FINAL or is_final(complaint):
        return Refused(text)
    crowded = is_crowded(complaint)
    if INVALID in complaint.codes or (is_too_long(complaint) and not crowded):
        return AskFault(text)
    if status in _TRANSIENT or status >= 500:
        throttled = crowded or status in (429, 498)
        return TransientFault(text, retry_after=complaint.retry_after, throttled=throttled)
    return AskFault(text)


def one_line(text: object, scrubber: Scrubber) -> str:
    """Return a text from outside for a message: one line, not too long, without secrets.

    What may be secret in web addresses is taken out too.
    """
    line = scrubber.message(without_secrets_in_addresses(" ".join(str(text).split())))
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
