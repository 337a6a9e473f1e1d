"""What the rows of the bench are measured with: processes, their time and memory, and the machine itself."""

import json
import os
import platform
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".dev" / "bench"
RELEASE = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
HALFTONE = RELEASE / "halftone"
TICK = os.sysconf("SC_CLK_TCK")
ROUNDS = 5


class Fault(Exception):
    """The bench cannot be run as it must be: told in one sentence."""


def tool(name):
    """A program that the bench needs; a missing rival fails the bench."""
    for folder in [*os.environ["PATH"].split(":"), "/usr/sbin", "/sbin"]:
        if os.access(Path(folder) / name, os.X_OK):
            return str(Path(folder) / name)
    raise Fault(f"{name} is missing; run the bench through ./dev bench, which installs it.")


def built(name):
    """The newest build of one of the bench's own programs."""
    folders = [RELEASE / "deps", WORK / "score" / "release"]
    files = [file for folder in folders for pattern in (name, f"{name}-*") for file in folder.glob(pattern)]
    programs = [file for file in files if file.is_file() and not file.suffix and os.access(file, os.X_OK)]
    if not programs:
        raise Fault(f"The bench's own program {name} is missing; run the bench through ./dev bench, which builds it.")
    return str(max(programs, key=lambda file: file.stat().st_mtime))


def run(*words, **more):
    """Runs a command to its end and gives what it said; a failure ends the bench."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, **more)
    if done.returncode:
        raise Fault(f"{' '.join(str(word) for word in words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def median(values):
    """The middle one; of an even number the mean of the middle two."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def cpu_seconds(pid):
    """User and system time of a process so far, all its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def memory(pid, field):
    """VmHWM (peak) or VmRSS (now) of a process in bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    raise Fault(f"/proc tells no {field}")


def children(pid):
    """Processes that a process started itself."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        if parent == pid:
            found.append(int(stat.parent.name))
    return found


class Driver:
    """A child that answers each line on its standard input with one line of JSON."""

    def __init__(self, *words, env=None):
        words = [str(word) for word in words]
        self.child = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env={**os.environ, **(env or {})}
        )
        self.words = words

    def ask(self, line="go"):
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()
        answer = self.child.stdout.readline()
        if not answer:
            raise Fault(f"{self.words[0]} ended with {self.child.wait()}")
        return json.loads(answer)

    def processes(self):
        return [self.child.pid, *children(self.child.pid)]

    def cpu(self):
        return sum(cpu_seconds(pid) for pid in self.processes())

    def end(self):
        self.child.stdin.close()
        self.child.wait()


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Server:
    """A serving process on a port of its own; it ends with the block."""

    def __init__(self, words, port, ready="/"):
        self.port, self.ready = port, ready
        with open(WORK / "servers.log", "a", encoding="utf-8") as log:
            self.child = subprocess.Popen([str(word) for word in words], stdout=log, stderr=log)

    def __enter__(self):
        for _ in range(1200):
            if self.child.poll() is not None:
                raise Fault(f"{self.child.args[0]} ended with {self.child.returncode}")
            try:
                get(self.port, self.ready)
                return self
            except OSError:
                time.sleep(0.05)
        raise Fault(f"{self.child.args} does not answer")

    def __exit__(self, *_):
        self.child.send_signal(signal.SIGTERM)
        self.child.wait()

    @property
    def pid(self):
        return self.child.pid


def nginx_temporary(folder):
    """nginx's settings by which all that it puts aside lies in this folder."""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)


def get(port, path, coding="identity"):
    """Body and headers of a path, as they came over the wire."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": coding})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read(), answer.headers


def load():
    """The machine's load average over a minute."""
    return os.getloadavg()[0]


def described():
    """The machine and the versions, as (what, value)."""
    cpu = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name"))
    total = int(Path("/proc/meminfo").read_text().split()[1]) / 1024 / 1024
    named = platform.freedesktop_os_release()["PRETTY_NAME"]
    commit = run("git", "-C", ROOT, "rev-parse", "--short", "HEAD").strip()
    changed = bool(run("git", "-C", ROOT, "status", "--porcelain", "--untracked-files=no", "crates", "src", "Cargo.lock"))
    return [
        ("Processor", f"{cpu.split(':', 1)[1].strip()}, {os.cpu_count()} cores"),
        ("Memory", f"{total:.0f} GB"),
        ("System", f"{named}, Linux {platform.release()}"),
        ("Halftone", f"{commit}{' with uncommitted changes' if changed else ''}, profile release"),
        ("Rust", run("rustc", "--version").split()[1]),
        ("Node", run(tool("node"), "--version").strip().lstrip("v")),
        ("nginx", subprocess.run([tool("nginx"), "-v"], capture_output=True, text=True).stderr.split("/")[-1].strip()),
        ("wrk", subprocess.run([tool("wrk"), "-v"], capture_output=True, text=True).stdout.split()[1]),
    ]
