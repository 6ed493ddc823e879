"""What shapes a chat judge's answers, and what of it is sent."""

from __future__ import annotations

import subprocess
import sys

from judgemark.judges.chat_parameters import ChatParameters


def test_an_unset_parameter_is_not_sent() -> None:
    assert ChatParameters(top_p=None, max_tokens=9).body(frozenset()) == {
        "temperature": 0.0,
        "max_tokens": 9,
    }


def test_a_rejected_max_tokens_is_sent_under_its_newer_name() -> None:
    parameters = ChatParameters(temperature=None, max_tokens=9)
    assert parameters.body(frozenset(["max_tokens"])) == {"max_completion_tokens": 9}
    assert parameters.body(frozenset(["max_tokens", "max_completion_tokens"])) == {}


def test_the_parameters_need_no_client() -> None:
    """Local judges and baselines read presets too, where no endpoint's client is installed."""
    script = "import sys, judgemark.judges.chat_parameters; print('httpx2' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False"]
