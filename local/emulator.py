"""Start and stop the AWS emulator: loopback only, a free port, no file and no process left behind."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from local.cloud import ACCOUNT, REGION, ROOT_KEY, Address, LocalStackError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

REPOSITORY = Path(__file__).resolve().parent.parent
HOME = REPOSITORY / ".local"
START_SECONDS = 20.0  # it is up within 0.3 s on an idle machine
STOP_SECONDS = 60.0  # of which a busy disk may need some to delete gigabytes

MEMORY_FILES = Path("/dev", "shm")
MEMORY_FILES_FREE = 4 << 30
MEMORY_FREE = 8 << 30  # some 300 MB of layers, and what functions write

MOST_WORKERS = 8
"""Functions that run at once; a process of one takes some 200 MB. Further invocations wait for their turn."""

MOST_WARNINGS = 15
LOGGED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ([A-Z]+) \[")  # as `ministack.app` sets it

LONGEST_SILENCE = 30.0  # seconds in which even a busy emulator answers


class EmulatorError(LocalStackError):
    """The emulator cannot be started, or fell over."""


class AlreadyRunningError(EmulatorError):
    """A stack of this folder is running; `about` says what its starter wrote down about it."""

    def __init__(self, about: dict[str, str]) -> None:
        self.about = about
        lines = [f"  {name:<10} {value}" for name, value in about.items()]
        super().__init__("\n".join(["The local stack is running already:", *lines]))


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running emulator.

    `address` is where it answers, `log` its output, `home` the folder it was started for, `scratch` where its
    functions are unpacked, `watchdog` the process that owns it.
    """

    address: Address
    log: Path
    home: Path
    scratch: Path
    watchdog: int

    def check(self) -> None:
        """Raise EmulatorError, with what the emulator warned of, if it fell over or does not answer any more."""
        try:
            ended = os.waitid(os.P_PID, self.watchdog, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:  # its end was noticed before
            ended = True
        if ended:
            raise EmulatorError(ended_with("The emulator ended.", self.log))
        try:
            open_url(self.address, "/_ministack/health", seconds=LONGEST_SILENCE).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
            raise EmulatorError(ended_with("The emulator does not answer any more.", self.log)) from error

    def describe(self, **about: str) -> None:
        """Write down what a second start of this folder shall tell about the running stack."""
        path = self.home / "run" / "stack.json"
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({"emulator": self.address.url, **about}, indent=2))
        fresh.replace(path)


def interpreter() -> Path:
    """Return the Python of the emulator's own environment; `LEA_REPORTS_EMULATOR` may name another one."""
    python = Path(os.environ.get("LEA_REPORTS_EMULATOR", REPOSITORY / ".venv-emulator" / "bin" / "python"))
    if not python.exists():
        raise EmulatorError(f"There is no {python}: run `make setup`.")
    return python.absolute()  # not resolved: a resolved link would leave the environment


@contextmanager
def running_emulator(*, home: Path = HOME, strict: bool = False) -> Iterator[Emulator]:
    """Start an emulator, yield it, end it with everything it started and stored.

    `strict` makes it enforce IAM policies and signatures, and speak TLS only. One emulator runs per `home`
    folder: AlreadyRunningError otherwise. Its log stays there after the end.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("a+") as lock:
        take(lock, home)
        emulator, watchdog = start(lock, home, strict=strict)
        try:
            emulator.describe()
            yield emulator
        finally:
            stop(watchdog)
            remove(home / "run", emulator.scratch)  # what a watchdog that was killed could not


def remove(*folders: Path) -> None:
    """Delete folders with what is in them; those that are not there are fine."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def take(lock: IO[str], home: Path) -> None:
    """Lock `home` for this run. The watchdog shares the lock, so it lasts until all is cleaned up."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        try:
            about = json.loads((home / "run" / "stack.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            about = {"state": "starting or ending; try again in a moment"}
        raise AlreadyRunningError(about) from None


def start(lock: IO[str], home: Path, *, strict: bool) -> tuple[Emulator, subprocess.Popen[bytes]]:
    """Start watchdog and emulator, and wait until the emulator answers."""
    python = interpreter()
    run, scratch, log = home / "run", scratch_folder(home), home / "emulator.log"
    remove(run, scratch)  # left when starter and watchdog were killed together
    for folder in (run, scratch):
        folder.mkdir(mode=0o700)
    certificate = None
    if strict:
        subprocess.run([python, REPOSITORY / "local" / "certificate.py", run], check=True)
        certificate = str(run / "certificate.pem")
    port = free_port()
    address = Address(f"{'https' if strict else 'http'}://127.0.0.1:{port}", certificate)
    here = REPOSITORY / "local"
    watchdog = subprocess.Popen(
        [sys.executable, "-I", here / "watchdog.py", run, scratch, log, python, here / "launch.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=environment(run, scratch, port, certificate),
        cwd=run,
        pass_fds=[lock.fileno()],
        start_new_session=True,  # Ctrl-C in the terminal is not for it
    )
    try:
        wait_until_it_answers(address, watchdog, log)
    except BaseException:
        stop(watchdog)
        raise
    return Emulator(address, log, home, scratch, watchdog.pid), watchdog


def stop(watchdog: subprocess.Popen[bytes]) -> None:
    """Let go of the watchdog and wait until it has cleaned up."""
    if watchdog.stdin is not None:
        watchdog.stdin.close()
    watchdog.wait(timeout=STOP_SECONDS)


def scratch_folder(home: Path) -> Path:
    """Return where the functions of this `home` are unpacked: in memory if there is plenty, else beside `run`.

    A cold start writes some 300 MB. On a slow disk that alone takes five seconds, in memory half a second.
    """
    name = f"lea-reports-{hashlib.sha256(str(home.absolute()).encode()).hexdigest()[:16]}"
    try:
        place = os.statvfs(MEMORY_FILES)
        available = int(re.findall(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text())[0]) << 10
    except (OSError, IndexError):
        return home / "scratch"
    runs_programs = not place.f_flag & os.ST_NOEXEC  # compiled modules must be loadable from there
    fits = place.f_bavail * place.f_frsize >= MEMORY_FILES_FREE and available >= MEMORY_FREE
    return MEMORY_FILES / name if runs_programs and fits else home / "scratch"


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(run: Path, scratch: Path, port: int, certificate: str | None) -> dict[str, str]:
    """Return the emulator's whole environment; its functions inherit it.

    Nothing of ours leaks in: an AWS profile, an endpoint or a proxy of this machine would lead functions
    elsewhere, and PYTHONDONTWRITEBYTECODE would make each of them compile its layers anew.
    """
    variables = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "TZ": "UTC",  # as on Lambda
        "HOME": str(run),  # no ~/.aws
        "TMPDIR": str(scratch),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "127.0.0.1",  # in queue URLs; "localhost" may mean ::1
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ROOT_KEY,
        "AWS_SECRET_ACCESS_KEY": ROOT_KEY,
        "STATE_DIR": str(run / "state"),
        "S3_PERSIST": "1",  # else every object stays in memory
        "S3_DATA_DIR": str(run / "objects"),
        "LOG_LEVEL": "INFO",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",  # else it opens port 8883
        "LAMBDA_MOST_WORKERS": str(MOST_WORKERS),
        "DOCKER_HOST": "unix:///nonexistent",  # it would remove "its" containers of another run
    }
    if certificate:
        variables |= {
            "AUTH": "true",
            "USE_SSL": "1",
            "MINISTACK_SSL_CERT": certificate,
            "MINISTACK_SSL_KEY": str(Path(certificate).with_name("key.pem")),
            "AWS_CA_BUNDLE": certificate,
            "SSL_CERT_FILE": certificate,
        }
    return variables


def wait_until_it_answers(address: Address, watchdog: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the emulator's health page answers; EmulatorError if it doesn't."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if watchdog.poll() is not None:
            break
        try:
            with open_url(address, "/_ministack/health", seconds=1.0):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
    raise EmulatorError(ended_with("The emulator did not start.", log))


def ended_with(sentence: str, log: Path) -> str:
    """Return what happened, after the last warnings in the emulator's log: a terminal shows its last line best."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    warnings = list(warnings_in(lines))[-MOST_WARNINGS:]
    before = ["The last warnings in its log:", *warnings] if warnings else []
    return "\n".join([*before, f"{sentence} Its log: {log}"])


def warnings_in(lines: Iterable[str]) -> Iterator[str]:
    """Yield the warnings, errors and tracebacks of a log; functions' own lines and metrics stand in it too."""
    in_traceback = False
    for line in lines:
        logged = LOGGED.match(line)
        if logged:
            in_traceback = False
            if logged[1] in {"WARNING", "ERROR", "CRITICAL"}:
                yield line
        elif in_traceback or line.startswith("Traceback "):
            yield line
            in_traceback = line.startswith(("Traceback ", " "))


def open_url(address: Address, path: str, *, seconds: float = 10.0) -> IO[bytes]:
    """Open a page of the emulator itself, past any proxy of this machine."""
    context = ssl.create_default_context(cafile=address.certificate) if address.certificate else None
    handlers = [urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)]
    response: IO[bytes] = urllib.request.build_opener(*handlers).open(address.url + path, timeout=seconds)
    return response
