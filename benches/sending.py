"""Uploads: five files of 200 MB at once over loopback, against nginx's plain PUT to the same disk."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from machine import HALFTONE, ROOT, ROUNDS, WORK, Fault, Server, children, cpu_seconds, free_port, median, memory, nginx_temporary, tool
from staff import token
from table import Row, megabytes

FILES, BYTES = 5, 200_000_000
FOLDER = WORK / "sending"
PHOTOS = ("eileen-collins.jpg", "rocket.jpg", "fig.jpg", "two-dogs.jpg", "cameraman.png")

NGINX = """
worker_processes 2;
daemon off;
user {user};
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_max_body_size 0;
  {temporary}
  server {{
    listen 127.0.0.1:{port};
    root {folder}/html;
    location = / {{ return 204; }}
    location /put/ {{ dav_methods PUT; }}
  }}
}}
"""


def make_files():
    """Photos, each with so many bytes behind its end that it is as long as it should be."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    files = []
    for name in PHOTOS:
        file = FOLDER / name
        photo = (ROOT / "samples" / name).read_bytes()
        with open(file, "wb") as made:
            made.write(photo)
            left = BYTES - len(photo)
            while left:
                left -= made.write(os.urandom(min(left, 1 << 20)))
        files.append(file)
    return files


def together(commands):
    """Seconds until the last of several commands has ended well."""
    begun = time.monotonic()
    running = [subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE) for words in commands]
    said = [child.communicate()[0].decode() for child in running]
    took = time.monotonic() - begun
    if any(child.returncode for child in running):
        raise Fault(f"a file was not sent: {said}")
    return took, said


def curl(port, file, path, *more):
    return [tool("curl"), "-sS", "-f", *more, "-T", file, f"http://127.0.0.1:{port}{path}"]


def ours(files, turn):
    """Seconds, and bytes of memory above idle: the serving process at its highest, and with its workers."""
    data, port = FOLDER / f"data-{turn}", free_port()
    shutil.rmtree(data, ignore_errors=True)
    words = [HALFTONE, "serve", "--no-work", "--data", data, "--listen", f"127.0.0.1:{port}"]
    with Server(words, port, "/readyz") as server:
        fields = ["-X", "POST", "-H", "Tus-Resumable: 1.0.0", "-H", f"Upload-Length: {BYTES}", "-H", "Expect:"]
        fields += ["-H", "Content-Type: application/offset+octet-stream"]
        fields += ["-H", f"Authorization: Bearer {token(data, port, 'ana')}", "-o", "/dev/null", "-w", "%{http_code}"]
        Path(f"/proc/{server.pid}/clear_refs").write_text("5")  # the peak begins here
        idle, before = memory(server.pid, "VmRSS"), cpu_seconds(server.pid)
        took, said = together([curl(port, file, "/api/v1/uploads", *fields) for file in files])
        if said != ["201"] * FILES:
            raise Fault(f"not every file was taken: {said}")
        above = memory(server.pid, "VmHWM") - idle
        workers = sum(memory(pid, "VmHWM") for pid in children(server.pid))
        cpu = cpu_seconds(server.pid) - before, sum(cpu_seconds(pid) for pid in children(server.pid))
    kept = sum(file.stat().st_size for file in data.rglob("*") if file.is_file() and file.stat().st_nlink and file.stat().st_size == BYTES)
    if kept < FILES * BYTES:
        raise Fault(f"{kept} bytes of originals are kept")
    shutil.rmtree(data)
    return took, above, workers, cpu


def disk():
    """Seconds in which the disk takes as many bytes, one after the other, and has them for good."""
    file, piece = FOLDER / "disk", os.urandom(1 << 20)
    begun = time.monotonic()
    with open(file, "wb") as written:
        for _ in range(FILES * BYTES // len(piece)):
            written.write(piece)
        written.flush()
        os.fsync(written.fileno())
    took = time.monotonic() - begun
    file.unlink()
    return took


def theirs(files, synced):
    """Seconds of nginx; with `synced` until the files are on the disk, as ours are when they are acknowledged."""
    folder, port = FOLDER / "nginx", free_port()
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "html" / "put").mkdir(parents=True)
    user = "root" if os.geteuid() == 0 else os.environ["USER"]
    settings = NGINX.format(temporary=nginx_temporary(folder), folder=folder, port=port, user=user)
    (folder / "nginx.conf").write_text(settings)
    words = [tool("nginx"), "-c", folder / "nginx.conf", "-p", folder, "-e", folder / "error.log"]
    with Server(words, port, "/"):
        took, _ = together([curl(port, file, f"/put/{file.name}", "-H", "Expect:") for file in files])
        if synced:
            begun = time.monotonic()
            for file in files:
                handle = os.open(folder / "html" / "put" / file.name, os.O_RDONLY)
                os.fsync(handle)
                os.close(handle)
            took += time.monotonic() - begun
    shutil.rmtree(folder)
    return took


def rows():
    files = make_files()
    mine, plain, synced, alone = [], [], [], []
    for turn in range(ROUNDS):
        # What the round before wrote is on the disk, and slows nobody.
        rounds = (
            lambda: mine.append(ours(files, turn)),
            lambda: plain.append(theirs(files, False)),
            lambda: synced.append(theirs(files, True)),
            lambda: alone.append(disk()),
        )
        for round_of in rounds:
            os.sync()
            round_of()
    shutil.rmtree(FOLDER)
    speed = lambda seconds: FILES * BYTES / median(seconds) / 1e6
    took = [one[0] for one in mine]
    above, workers = max(one[1] for one in mine), max(one[2] for one in mine)
    value = f"{speed(took):.0f} / {speed(plain):.0f} MB a second = {speed(took) / speed(plain):.2f}x"
    durable = f"{speed(took):.0f} / {speed(synced):.0f} MB a second = {speed(took) / speed(synced):.2f}x"
    bare = f"{speed(took):.0f} / {speed(alone):.0f} MB a second = {speed(took) / speed(alone):.2f}x"
    server, looking = (median([one[3][part] for one in mine]) for part in (0, 1))
    sent = f"Five files of {megabytes(BYTES)} at once: Halftone / nginx's PUT"
    return [
        Row(sent, value, "at least half of nginx", speed(took) >= speed(plain) / 2),
        Row("the same, nginx's files synced to the disk as Halftone's are", durable),
        Row("the same / the disk alone, one file written and synced", bare),
        Row("Memory of the server above idle, at its highest", f"{megabytes(above)}", "under 64 MB", above < 64e6),
        Row("Memory of the worker processes that look at the files, at their highest", megabytes(workers)),
    ], [
        "Halftone has each file durable, hashed, looked at by a worker process and kept as a photo's original before it answers; "
        "nginx has it in the system's memory. Both ends, curl among them, share the two cores.",
        f"CPU of a round: the server {server:.1f} s, its workers {looking:.1f} s, of {2 * median(took):.1f} s that two cores have.",
        "A photo with random bytes behind its end; one request a file (creation with upload). --no-work: nothing is developed "
        "meanwhile.",
    ]
