"""Programs as judges: what they are sent, what they may answer, and what becomes of broken ones."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from judgemark.errors import AskFault, TransientFault, UsageError
from judgemark.judges.command_line import read_command
from judgemark.judges.program_judge import PairLines, ProgramJudge, RubricLines
from judgemark.judges.request_limits import RequestLimits
from judgemark.records import Message, Question, QuestionKey, Reply, Sample, Slot
from judgemark.redaction import Scrubber

START = "import json, os, sys, time\nfor line in sys.stdin:\n    q = json.loads(line)\n"


def question(text: str = "A dog barked.", other: str = "") -> Question:
    sample = Sample("ann", "1", "sea", text)
    pieces = {"A": sample, "B": Sample("bea", "1", "sea", other)} if other else {"piece": sample}
    return Question(QuestionKey("k", Slot()), "sea", (Message("user", f"Judge: {text}"),), pieces)


Make = Callable[..., ProgramJudge]


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Make]:
    """Makes a judge of a Python program, given by what it does with each question `q`."""
    made: list[ProgramJudge] = []

    def make(
        body: str = "", *, source: str = "", timeout: float = 20, copies: int = 1, at_once: int = 1,
        pairs: bool = False, reply_mb: float = 1.0, secrets: tuple[str, ...] = (),
    ) -> ProgramJudge:  # fmt: skip
        path = tmp_path / "program.py"
        path.write_text(source or START + "".join(f"    {line}\n" for line in body.splitlines()))
        lines: RubricLines | PairLines = (
            PairLines({"sea": "Write."}) if pairs else RubricLines({"sea": "Write."}, prompted=True)
        )
        judge = ProgramJudge(
            read_command(f"'{sys.executable}' -S '{path}'"), lines.write, lines.read,
            RequestLimits(timeout, reply_mb), Scrubber(secrets), copies=copies, at_once=at_once,
        )  # fmt: skip
        judge.keep_log(tmp_path / "judge.log")
        made.append(judge)
        return judge

    yield make
    for judge in made:
        judge.close()


def answers(expression: str) -> str:
    """A program that answers with this object beside the id."""
    return f"print(json.dumps({{'id': q['id'], **{expression}}}), flush=True)"


def log(tmp_path: Path) -> str:
    return (tmp_path / "judge.log").read_text("utf-8")


def gone(pid: int) -> bool:
    """Whether a process has ended within a second."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        # An orphan that has ended stays listed until its parent collects it.
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.01)
    return False


def test_a_piece_is_sent_without_its_writer_and_a_lone_surrogate_arrives(program: Make) -> None:
    judge = program(answers("{'reply': json.dumps(q)}"))
    sent = json.loads(judge.ask(question("half \ud83d and été")).text)
    assert sent == {
        "id": "1", "kind": "rubric", "item": "sea", "prompt": "Judge: half \ud83d and été",
        "writing_prompt": "Write.", "text": "half \ud83d and été",
    }  # fmt: skip


def test_a_pair_is_sent_with_both_texts(program: Make) -> None:
    judge = program(
        "assert q == {'id': q['id'], 'kind': 'pairwise', 'item': 'sea', 'instruction': 'Write.', "
        "'A': 'one', 'B': 'two'}\n" + answers("{'p_a': 0.75}"),
        pairs=True,
    )
    reply = judge.ask(question("one", "two"))
    assert reply.text == "A" and reply.logprobs is not None
    assert reply.logprobs.mass == pytest.approx(1)


@pytest.mark.parametrize(
    ("answer", "text", "shape"),
    [
        ("{'score': 7, 'why': 'other keys are ignored'}", "7.0", "number"),
        ("{'scores': {'Wit': 7, 'Flow': 6}}", '{"Wit": 7.0, "Flow": 6.0}', "scores"),
        ("{'reply': 'Wit: 7'}", "Wit: 7", "stop"),
        ("{'score': 7, 'scores': None, 'reply': None, 'error': None}", "7.0", "number"),
    ],
)
def test_the_shapes_of_an_answer(program: Make, answer: str, text: str, shape: str) -> None:
    reply = program(answers(answer)).ask(question())
    assert (reply.text, reply.finish_reason) == (text, shape)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("{'error': 'no GPU\\nleft'}", "the program reports an error: no GPU left"),
        ("{'score': float('nan')}", "the judge's score gave nan"),
        ("{'score': '7'}", "the judge's score gave '7'"),
        ("{'score': None}", "the judge's score gave None"),
        ("{'score': 1e300}", "scores lie within"),
        ("{'scores': 7}", '"scores" is not an object of numbers'),
        ("{'reply': 7}", '"reply" is not a text'),
        ("{}", "needs one key of score, scores or reply; this one has none of them"),
        ("{'p_a': 1}", "this one has none of them"),
        ("{'score': 1, 'reply': ''}", "this one has score and reply"),
        ("{'id': 'other', 'score': 1}", 'answered with the unknown id "other"'),
    ],
)
def test_an_answer_that_cannot_be_used_is_one_line(program: Make, answer: str, told: str) -> None:
    with pytest.raises(AskFault) as caught:
        program(answers(answer)).ask(question())
    assert told in str(caught.value) and "\n" not in str(caught.value)
    assert not isinstance(caught.value, TransientFault)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("{'p_a': 1.5}", "between 0 and 1"),
        ("{'logprobs': {'A': -1}}", "no object with A and B"),
        ("{'logprobs': {'A': -0.1, 'B': -0.1}}", "add up to more than 1"),
        ("{'score': 3}", "needs one key of p_a or logprobs"),
    ],
)
def test_an_impossible_preference_is_one_line(program: Make, answer: str, told: str) -> None:
    with pytest.raises(AskFault, match=told):
        program(answers(answer), pairs=True).ask(question("one", "two"))


def test_an_answer_without_an_id_is_told_at_once(program: Make) -> None:
    with pytest.raises(AskFault, match="answered without an id"):
        program("print('{\"score\": 1}', flush=True)").ask(question())


def test_what_is_no_answer_goes_to_the_log_without_secrets(program: Make, tmp_path: Path) -> None:
    judge = program(
        "print('loading the judge', flush=True)\nprint('[1, 2]')\n"
        "print('the key is abc-secret-abc', file=sys.stderr)\n"
        + answers("{'score': 1}") + "\n" + answers("{'score': 2}"),
        secrets=("abc-secret-abc",),
    )  # fmt: skip
    assert [judge.ask(question()).text for _ in range(2)] == ["1.0", "1.0"]
    judge.close()
    kept = log(tmp_path)
    assert kept.count("[1] stdout, no JSON object: loading the judge") == 2
    assert "[1] stdout, no JSON object: [1, 2]" in kept
    assert kept.count("stdout, answers no open question") == 2
    assert "[1] stderr: the key is (withheld)" in kept and "abc-secret-abc" not in kept


def test_a_secret_that_a_program_says_back_is_withheld(program: Make) -> None:
    judge = program(
        "k = 'abc-secret-abc'\n"
        + answers("({'error': k} if q['text'] == 'bad' else {'reply': 'Wit: 7, ' + k})"),
        secrets=("abc-secret-abc",),
    )  # fmt: skip
    assert judge.ask(question()).text == "Wit: 7, (withheld)"
    with pytest.raises(AskFault, match=r"reports an error: \(withheld\)$"):
        judge.ask(question("bad"))


def test_a_program_that_ends_is_started_again(program: Make) -> None:
    judge = program(answers("{'score': os.getpid()}") + "\nsys.exit(0)")
    first, second = (judge.ask(question()).text for _ in range(2))
    assert first != second


def test_a_question_that_ends_it_three_times_fails_and_others_go_on(program: Make) -> None:
    judge = program(
        "if q['text'] == 'poison':\n    print('cannot read this', file=sys.stderr)\n"
        "    sys.exit(7)\n" + answers("{'score': 1}")
    )
    with pytest.raises(AskFault) as caught:
        judge.ask(question("poison"))
    assert str(caught.value) == (
        "the program ended 3 times at this question without an answer (exit code 7, after it said "
        "“cannot read this”)"
    )
    assert judge.ask(question("fine")).text == "1.0"


def test_a_death_among_many_questions_fails_only_the_one_that_causes_it(program: Make) -> None:
    judge = program(
        "if q['text'] == 'poison':\n    os.kill(os.getpid(), 9)\ntime.sleep(0.002)\n"
        + answers("{'score': 1}"),
        at_once=4,
    )
    assert judge.width == 4
    texts = ["a", "poison", "b", "c", "d", "e"]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: outcome(judge, text), texts))
    assert found[1] == (
        "the program ended 3 times at this question without an answer (ended by SIGKILL)"
    )
    assert {told for n, told in enumerate(found) if n != 1} == {"1.0"}


def outcome(judge: ProgramJudge, text: str) -> str:
    try:
        return judge.ask(question(text)).text
    except AskFault as fault:
        return str(fault)


def test_answers_may_come_in_any_order(program: Make) -> None:
    """The program answers three questions at a time, the last one first."""
    source = (
        "import json, sys\nwhile line := sys.stdin.readline():\n"
        "    held = [json.loads(line), *(json.loads(sys.stdin.readline()) for _ in range(2))]\n"
        "    for q in reversed(held):\n        " + answers("{'score': float(q['text'])}") + "\n"
    )
    judge = program(source=source, at_once=3)
    with ThreadPoolExecutor(3) as pool:
        replies: list[Reply] = list(pool.map(lambda n: judge.ask(question(str(n))), range(6)))
    assert [reply.text for reply in replies] == [f"{n}.0" for n in range(6)]


def test_each_thread_has_a_copy_of_its_own(program: Make) -> None:
    judge = program("time.sleep(0.02)\n" + answers("{'score': os.getpid()}"), copies=3)
    with ThreadPoolExecutor(3) as pool:
        replies = list(pool.map(lambda _: judge.ask(question()), range(6)))
    assert len({reply.text for reply in replies}) == 3


def test_no_answer_in_time_ends_the_program_and_all_that_it_started(
    program: Make, tmp_path: Path
) -> None:
    pid_file = tmp_path / "pid"
    judge = program(
        "import subprocess\nchild = subprocess.Popen(['sleep', '60'])\n"
        f"open({str(pid_file)!r}, 'w').write(str(child.pid))\ntime.sleep(60)",
        timeout=0.5,
    )  # fmt: skip
    with pytest.raises(TransientFault, match=r"no answer within 0.5 s") as caught:
        judge.ask(question())
    assert caught.value.timed_out
    assert gone(int(pid_file.read_text()))


def test_a_program_that_reads_nothing_does_not_hold_up_the_run(program: Make) -> None:
    """A question of 300 kB does not fit into a pipe."""
    judge = program(source="import time\ntime.sleep(60)\n", timeout=0.3)
    with pytest.raises(TransientFault, match="no answer within"):
        judge.ask(question("x" * 300_000))


def test_a_line_without_an_end_ends_the_program(program: Make) -> None:
    judge = program("while True:\n    sys.stdout.write('x' * 65536)", reply_mb=0.2)
    with pytest.raises(AskFault, match=r"ended 3 times .*a line of more than 200,000 bytes"):
        judge.ask(question())


def test_a_full_stderr_does_not_hold_up_the_program(program: Make) -> None:
    judge = program("sys.stderr.write('x' * 200_000)\n" + answers("{'score': 1}"))
    assert judge.ask(question()).text == "1.0"


def test_at_the_end_its_input_is_closed_and_what_stays_is_killed(
    program: Make, tmp_path: Path
) -> None:
    """The program ends when its input does; the child that it leaves behind is killed."""
    pid_file = tmp_path / "pid"
    source = (
        "import subprocess, sys\nchild = subprocess.Popen(['sleep', '60'])\n"
        f"open({str(pid_file)!r}, 'w').write(str(child.pid))\n" + START + "    "
        + answers("{'score': 1}") + f"\nopen({str(tmp_path / 'bye')!r}, 'w').write('bye')\n"
    )  # fmt: skip
    judge = program(source=source)
    judge.ask(question())
    judge.close()
    assert (tmp_path / "bye").read_text() == "bye"
    assert gone(int(pid_file.read_text()))


def test_what_is_under_way_can_be_broken_off(program: Make) -> None:
    judge = program("time.sleep(60)")
    with broken_off(judge), pytest.raises(TransientFault, match="the run was stopped"):
        judge.ask(question())
    with pytest.raises(TransientFault, match="the run was stopped"):
        judge.ask(question())


@contextmanager
def broken_off(judge: ProgramJudge) -> Iterator[None]:
    timer = threading.Timer(0.1, judge.interrupt)
    timer.start()
    yield
    timer.join()


def test_a_program_that_the_system_cannot_start_is_one_line(tmp_path: Path) -> None:
    script = tmp_path / "judge"
    script.write_bytes(b"\x00\x01 neither a program nor a script")
    script.chmod(0o755)
    lines = RubricLines({}, prompted=False)
    judge = ProgramJudge(
        read_command(str(script)), lines.write, lines.read, RequestLimits(), Scrubber(()),
        copies=1, at_once=1,
    )  # fmt: skip
    with pytest.raises(UsageError, match=r"cannot be started .*; a script begins with a line"):
        judge.ask(question())


def test_what_stood_in_place_of_an_answer_is_told(program: Make) -> None:
    late = program("print('Score: 7', flush=True)", timeout=0.5)
    with pytest.raises(TransientFault, match="it wrote “Score: 7”, which is not a JSON object"):
        late.ask(question())
    ends = program("print('Score: 7', flush=True)\nsys.exit(0)")
    with pytest.raises(AskFault, match=r"\(exit code 0; it wrote “Score: 7”, which is not a JSON"):
        ends.ask(question())
