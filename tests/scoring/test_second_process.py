"""What is computed beside this process comes back, fails or is computed here, but is never lost."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only on Linux is a process forked")


def printed(script: str) -> list[str]:
    """The words that a script prints; a process of its own has one thread, as a command has."""
    head = "import os\nfrom judgemark.scoring.second_process import beside\n"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", head + script],
        check=True,
        capture_output=True,
        text=True,
        env={"OPENBLAS_NUM_THREADS": "1"},
    )
    assert done.stderr == ""
    return done.stdout.split()


@LINUX
@pytest.mark.skipif("len(__import__('os').sched_getaffinity(0)) < 2", reason="one core")
def test_figures_come_from_another_process() -> None:
    assert printed("print(beside(os.getpid)() != os.getpid())") == ["True"]


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
beside(compute)
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
