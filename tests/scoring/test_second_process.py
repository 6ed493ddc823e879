"""What is computed beside this process comes back, fails or is computed here, but is never lost."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only on Linux is a process forked")
TWO_CORES = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2,
    reason="a process is forked on Linux alone, where there are two cores",
)
ENDED = """
import time
from pathlib import Path
def others():
    me = os.getpid()
    return Path(f"/proc/{me}/task/{me}/children").read_text().split()
def ended(pid):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return "gone"
        if state == "Z":
            return "ended"
        time.sleep(0.01)
    return "running"
"""


def printed(script: str, **environment: str) -> list[str]:
    """The words that a script prints; a process of its own has one thread, as a command has."""
    head = "import os\nfrom judgemark.scoring.second_process import beside\n"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", head + script],
        check=True,
        capture_output=True,
        text=True,
        env={"OPENBLAS_NUM_THREADS": "1", **environment},
    )
    assert done.stderr == ""
    return done.stdout.split()


@TWO_CORES
def test_figures_come_from_another_process() -> None:
    assert printed("print(beside(os.getpid)() != os.getpid())") == ["True"]


@TWO_CORES
def test_the_second_process_ends_though_nobody_has_read_the_figures_yet(tmp_path: Path) -> None:
    script = f"""{ENDED}
wait = beside(lambda: (os.getpid(), "x" * 5_000_000))
pid = int(others()[0])
print(ended(pid))
print(os.listdir({str(tmp_path)!r}))
print(wait() == (pid, "x" * 5_000_000))
print(others(), len(os.listdir("/proc/self/fd")))
"""
    # What is left open: standard input, output and error, and the folder that is listed.
    assert printed(script, TMPDIR=str(tmp_path)) == ["ended", "[]", "True", "[]", "4"]


@TWO_CORES
def test_figures_are_computed_here_at_a_second_call() -> None:
    script = "wait = beside(os.getpid)\nprint(wait() == os.getpid(), wait() == os.getpid())"
    assert printed(script) == ["False", "True"]


@TWO_CORES
@pytest.mark.parametrize("room", [0, 20, 1_000, 100_000])
def test_figures_are_computed_here_where_the_disk_is_full(room: int) -> None:
    script = f"""
import resource
first = os.getpid()
def figures():
    if os.getpid() != first:
        resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))
    return os.getpid(), "x" * 200_000
print(beside(figures)() == (first, "x" * 200_000))
"""
    assert printed(script) == ["True"]


@TWO_CORES
@pytest.mark.parametrize("damage", ["truncate(100)", "seek(50); file.write(b'y')"])
def test_figures_that_are_damaged_on_the_disk_are_computed_here(damage: str) -> None:
    script = f"""{ENDED}
import tempfile
from judgemark.scoring import second_process
files, make = [], tempfile.TemporaryFile
def made():
    files.append(make())
    return files[-1]
second_process.tempfile.TemporaryFile = made
wait = beside(lambda: (os.getpid(), "x" * 200))
ended(others()[0])
file, = files
file.{damage}
file.flush()
print(wait() == (os.getpid(), "x" * 200))
"""
    assert printed(script) == ["True"]


@pytest.mark.parametrize("fails", ["tempfile.TemporaryFile", "os.fork"])
def test_figures_are_computed_here_where_nothing_can_be_begun(fails: str) -> None:
    script = f"""
import tempfile
def full(*given, **options):
    raise OSError("no room")
{fails} = full
print(beside(os.getpid)() == os.getpid())
"""
    assert printed(script) == ["True"]


@TWO_CORES
@pytest.mark.parametrize("end", ["wait.drop()", "del wait"])
def test_a_second_process_ends_where_nobody_wants_its_figures(end: str) -> None:
    script = f"""{ENDED}
before = len(os.listdir("/proc/self/fd"))
wait = beside(lambda: time.sleep(60))
pid, = others()
{end}
print(ended(pid), others(), len(os.listdir("/proc/self/fd")) - before)
"""
    assert printed(script) == ["gone", "[]", "0"]


@TWO_CORES
def test_a_process_forked_later_ends_no_other() -> None:
    script = """
import time
def after_a_while():
    time.sleep(0.3)
    return os.getpid()
early = beside(after_a_while)
def drops_it():
    early.drop()
    return os.getpid()
ours = {os.getpid()}
found = {beside(drops_it)(), early()}
print(len(found | ours))
"""
    assert printed(script) == ["3"]


@TWO_CORES
def test_a_second_process_ends_with_a_first_one_that_does_not_want_its_figures() -> None:
    script = f"""{ENDED}
wait = beside(lambda: time.sleep(60))
print(others()[0])
"""
    (pid,) = printed(script)
    assert not Path(f"/proc/{pid}").exists()


@TWO_CORES
def test_a_first_process_that_is_interrupted_while_it_waits_ends_the_second() -> None:
    script = f"""{ENDED}
import signal
def interrupt(number, frame):
    raise KeyboardInterrupt
signal.signal(signal.SIGALRM, interrupt)
wait = beside(lambda: time.sleep(60))
pid, = others()
begun = time.monotonic()
signal.setitimer(signal.ITIMER_REAL, 0.2)
try:
    wait()
except KeyboardInterrupt:
    print(ended(pid), time.monotonic() - begun < 30)
"""
    assert printed(script) == ["gone", "True"]


@TWO_CORES
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
def test_a_signal_while_the_second_process_is_forked_is_not_swallowed(number: str) -> None:
    script = f"""{ENDED}
import signal
def end(number, frame):
    raise KeyboardInterrupt
signal.signal(signal.{number}, end)
os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), signal.{number}))
try:
    beside(lambda: time.sleep(60))
    print("went on")
except KeyboardInterrupt:
    print("interrupted", others())
"""
    assert printed(script) == ["interrupted", "[]"]


@TWO_CORES
def test_a_second_process_that_is_interrupted_as_it_begins_says_nothing() -> None:
    script = f"""{ENDED}
import signal
# A shell has what it starts in the background ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
os.register_at_fork(after_in_child=lambda: os.kill(os.getpid(), signal.SIGINT))
wait = beside(os.getpid)
print(ended(others()[0]), wait() == os.getpid())
"""
    assert printed(script) == ["ended", "True"]


@TWO_CORES
def test_figures_are_read_though_another_part_of_the_program_waited_for_the_process() -> None:
    script = f"""{ENDED}
import signal
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
wait = beside(os.getpid)
pid, = others()
print(ended(pid), wait() == int(pid))
"""
    assert printed(script) == ["gone", "True"]


def test_a_failure_is_raised_where_the_figures_are_asked_for() -> None:
    script = """
from judgemark.errors import UndefinedFigure
def fail():
    raise UndefinedFigure("no scores")
wait = beside(fail)
try:
    wait()
except UndefinedFigure as reason:
    print(reason)
"""
    assert printed(script) == ["no", "scores"]


def test_a_failure_that_cannot_be_handed_over_is_raised_too() -> None:
    script = """
from judgemark.errors import InputError
def fail():
    raise InputError("prices.json", "holds no price")
wait = beside(fail)
try:
    wait()
except InputError as reason:
    print(reason)
"""
    assert printed(script) == ["prices.json:", "holds", "no", "price"]


@LINUX
def test_figures_are_computed_here_where_the_second_process_ends_without_them() -> None:
    script = """
first = os.getpid()
def only_here():
    if os.getpid() != first:
        os._exit(9)
    return 7
print(beside(only_here)())
"""
    assert printed(script) == ["7"]


@LINUX
def test_the_second_process_ends_with_the_first(tmp_path: Path) -> None:
    script = f"""
import time
from pathlib import Path
pid = Path({str(tmp_path / "pid")!r})
def compute():
    pid.write_text(str(os.getpid()))
    time.sleep(60)
wait = beside(compute)
while not pid.exists() or not pid.read_text():
    time.sleep(0.01)
os.kill(os.getpid(), 9)
"""
    with pytest.raises(subprocess.CalledProcessError):
        printed(script)
    second = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 10
    while Path(f"/proc/{second}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{second}").exists()


def test_a_process_with_two_threads_is_not_forked() -> None:
    script = """
import threading
go_on = threading.Event()
threading.Thread(target=go_on.wait).start()
print(beside(os.getpid)() == os.getpid())
go_on.set()
"""
    assert printed(script) == ["True"]
