"""What services send, through the real client and the real reader: the corpus of exchanges."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from judgemark.errors import ParameterRejected, TransientFault
from judgemark.judges.chat import ChatJudge
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.endpoint import choose_endpoint
from judgemark.judges.endpoint_logprobs import LetterAsking
from judgemark.judges.request_limits import RequestLimits
from judgemark.protocols.reply_reader import ReplyReader
from judgemark.records import Criterion, Rubric, Usage
from tests.judges.chat_judges import BOTH_WAYS, Asks
from tests.support.exchanges import Exchange, ExpectedOutcome, read_exchanges
from tests.support.fake_endpoint import Answer, FakeEndpoint
from tests.support.questions import question

EXCHANGES = read_exchanges()
KEY = "sk-very-secret-0123456789"
RUBRIC = Rubric(0, 10, (Criterion("Wit", negative=False), Criterion("Rhythm", negative=False)))


class Player:
    """An endpoint that answers with whatever exchange is being played."""

    def __init__(self) -> None:
        self.answer = Answer()
        self.server = FakeEndpoint(lambda _: self.answer)

    def judge(self, exchange: Exchange) -> ChatJudge:
        """A judge that is answered with this exchange."""
        self.answer = exchange.answer
        return ChatJudge(
            choose_endpoint("some-judge", {"OPENAI_API_KEY": KEY}, base_url=self.server.url),
            ChatParameters(**exchange.parameters),
            RequestLimits(30),
            letters=LetterAsking() if exchange.letters else None,
        )


@pytest.fixture(scope="module")
def player() -> Iterator[Player]:
    """One server for all exchanges."""
    player = Player()
    with player.server:
        yield player


def test_the_corpus_is_broad_and_names_its_exchanges() -> None:
    assert len(EXCHANGES) >= 60
    assert len({e.provider for e in EXCHANGES}) >= 13
    names = [(e.provider, e.name) for e in EXCHANGES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda e: f"{e.provider}: {e.name}")
@BOTH_WAYS
def test_an_exchange_ends_as_it_should(asks: Asks, exchange: Exchange, player: Player) -> None:
    judge = player.judge(exchange)
    expected = exchange.outcome
    try:
        if expected.fault is None:
            check_reply(asks, judge, expected)
        else:
            check_fault(asks, judge, expected)
    finally:
        judge.close()


def check_reply(asks: Asks, judge: ChatJudge, expected: ExpectedOutcome) -> None:
    """The judge's reply is the expected one, and the reader classes it so."""
    reply = asks(judge, question())
    assert reply.text == expected.reply
    if expected.finish_reason is not None:
        assert reply.finish_reason == expected.finish_reason
    if expected.usage is not None:
        assert reply.usage == Usage(*expected.usage)
    outcome = ReplyReader(RUBRIC).read(reply.text, reply.finish_reason)
    assert outcome.cls.value == expected.cls


def check_fault(asks: Asks, judge: ChatJudge, expected: ExpectedOutcome) -> None:
    """Asking raises exactly the expected class of fault, and the key is not in its message."""
    with pytest.raises(Exception) as caught:
        asks(judge, question())
    fault = caught.value
    assert type(fault).__name__ == expected.fault, str(fault)
    for text in expected.says:
        assert text in str(fault)
    assert KEY not in str(fault)
    assert "\n" not in str(fault)
    if isinstance(fault, ParameterRejected):
        assert fault.name == expected.field
    if isinstance(fault, TransientFault):
        told = (fault.retry_after, fault.throttled, fault.maybe_paid)
        assert told == (expected.retry_after, expected.throttled, expected.maybe_paid)
