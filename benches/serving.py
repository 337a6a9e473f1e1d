"""Serving: a story's page and a picture from one core, against nginx with the same bytes and header fields."""

import re
import shutil
import subprocess

from machine import HALFTONE, ROOT, ROUNDS, WORK, Fault, Server, built, cpu_seconds, free_port, get, median, memory, nginx_temporary, run, tool
from table import Row, kilobytes, megabytes

DATA = WORK / "serving-data"
SECONDS = 5
STORIES = 1000
SERVER_CORE, WRK_CORE = "0", "1"
STORY = "Fourteen photographs anyone may print"
PICTURE, PICTURE_BYTES = "picture", 200_000
SLUG = "fourteen-photographs-anyone-may-print"

# Goes through the paths of a file, in order and round and round, so that a cache smaller than all of them misses. The
# requests are made beforehand: made one by one they keep wrk's core busier than either server's.
LUA = """
local requests, n = {}, 0
init = function()
  for path in io.lines("%s") do
    requests[#requests + 1] = wrk.format("GET", path, {["Accept-Encoding"] = "identity"})
  end
end
request = function()
  n = n %% #requests + 1
  return requests[n]
end
"""

NGINX = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=4000 inactive=600s;
  open_file_cache_valid 600s;
  keepalive_requests 1000000000;
  default_type "text/html; charset=utf-8";
  {temporary}
  server {{
    listen 127.0.0.1:{port};
    root {folder}/html;
    location /plain/ {{ {fields} }}
    location /br/ {{ add_header Content-Encoding br; {fields} }}
    location /picture/ {{ default_type image/jpeg; {picture_fields} }}
  }}
}}
"""


def demo(data, settings=""):
    """A data folder with the sample story, published, as ./dev demo makes it."""
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    (data / "halftone.toml").write_text(settings)
    run(HALFTONE, "ingest", ROOT / "samples", "--story", STORY, "--data", data)
    run(HALFTONE, "story", "put", STORY, ROOT / "samples" / "story.toml", "--data", data)
    run(HALFTONE, "publish", STORY, "--data", data)


def story_paths(data):
    """Paths of all published stories."""
    listed = run(HALFTONE, "stories", "--json", "--data", data)
    return ["/story/" + slug for slug in re.findall(r'"slug":\s*"([^"]+)"', listed)]


def pinned(core, *words):
    return [tool("taskset"), "-c", core, *words]


def halftone(data, port):
    return Server(pinned(SERVER_CORE, HALFTONE, "serve", "--no-work", "--data", data, "--listen", f"127.0.0.1:{port}"), port, "/readyz")


# What nginx sends of itself, or in its own form.
NGINX_SENDS = {"date", "content-type", "content-length", "content-encoding", "etag", "last-modified", "accept-ranges", "connection", "server"}


def picture_of(port):
    """The address of the story's picture whose file comes nearest to 200 kB, and its bytes."""
    page = get(port, "/story/" + SLUG)[0].decode()
    sizes = {path: len(get(port, path)[0]) for path in set(re.findall(r"/i/[^\s\",]+\.jpg", page))}
    return min(sizes.items(), key=lambda one: abs(one[1] - PICTURE_BYTES))


def fields_of(port, path):
    """Halftone's other header fields as nginx's settings: both answer with the same, and wrk reads as much of both."""
    headers = get(port, path)[1]
    wanted = [(name, value) for name, value in headers.items() if name.lower() not in NGINX_SENDS]
    return " ".join(f'add_header {name} "{value}";' for name, value in wanted)


def nginx(folder, port, fields, picture_fields):
    settings = NGINX.format(temporary=nginx_temporary(folder), folder=folder, port=port, fields=fields, picture_fields=picture_fields)
    (folder / "nginx.conf").write_text(settings)
    words = pinned(SERVER_CORE, tool("nginx"), "-c", folder / "nginx.conf", "-p", folder, "-e", folder / "error.log")
    return Server(words, port, "/plain/story/" + SLUG)


def lay_out(port, folder, paths, picture):
    """The same bytes as files for nginx."""
    files = [("plain", "identity", paths), ("br", "br", ["/story/" + SLUG]), ("picture", "identity", [picture])]
    for name, coding, wanted in files:
        for path in wanted:
            file = folder / "html" / name / path.lstrip("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            body, headers = get(port, path, coding)
            if coding == "br" and headers["Content-Encoding"] != "br":
                raise Fault(f"{path} is not there in Brotli")
            file.write_bytes(body)


def wrk(port, path="/", coding=None, lua=None):
    """Requests a second, and how many there were; a failed one fails the bench."""
    words = pinned(WRK_CORE, tool("wrk"), "-t1", "-c64", f"-d{SECONDS}s", "--latency")
    words += ["-s", str(lua)] if lua else ["-H", f"Accept-Encoding: {coding}"]
    said = run(*words, f"http://127.0.0.1:{port}{path}")
    if re.search(r"Non-2xx|Socket errors", said):
        raise Fault(f"not every request was answered:\n{said}")
    count = int(re.search(r"(\d+) requests in", said)[1])
    return float(re.search(r"Requests/sec:\s*([\d.]+)", said)[1]), count, re.search(r"99%\s+(\S+)", said)[1]


def worker_of(nginx_pid):
    found = subprocess.run(["pgrep", "-P", str(nginx_pid)], capture_output=True, text=True).stdout.split()
    if len(found) != 1:
        raise Fault(f"nginx has {len(found)} workers")
    return int(found[0])


def measured(pid, **what):
    before = cpu_seconds(pid)
    rate, count, slow = wrk(**what)
    return rate, (cpu_seconds(pid) - before) / count * 1e6, slow


def counter(port, name):
    told = get(port, "/metrics")[0].decode()
    found = re.search(rf'^halftone_cache_reads_total{{found="{name}"}} (\d+)$', told, re.MULTILINE)
    if not found:
        raise Fault(f"the metrics do not tell cache reads that {name}")
    return int(found[1])


def contest(ours, theirs, metrics, paths, picture, folder):
    """Five rounds of each kind, ours and theirs by turns."""
    lists = {}
    for who, prefix in (("halftone", ""), ("nginx", "/plain")):
        (folder / f"{who}.txt").write_text("".join(f"{prefix}{path}\n" for path in paths))
        (folder / f"{who}.lua").write_text(LUA % (folder / f"{who}.txt"))
        lists[who] = folder / f"{who}.lua"
    story, worker = "/story/" + SLUG, worker_of(theirs.pid)
    kinds = {
        PICTURE: ({"path": picture, "coding": "identity"}, {"path": "/picture" + picture, "coding": "identity"}),
        "hit, Brotli": ({"path": story, "coding": "br"}, {"path": "/br" + story, "coding": "br"}),
        "hit, not compressed": ({"path": story, "coding": "identity"}, {"path": "/plain" + story, "coding": "identity"}),
        "miss, not compressed": ({"lua": lists["halftone"]}, {"lua": lists["nginx"]}),
    }
    found = {kind: ([], []) for kind in kinds}
    shares = []
    for _ in range(ROUNDS):
        for kind, (mine, other) in kinds.items():
            before = counter(metrics, "hit"), counter(metrics, "miss")
            found[kind][0].append(measured(ours.pid, port=ours.port, **mine))
            hits, misses = counter(metrics, "hit") - before[0], counter(metrics, "miss") - before[1]
            if kind.startswith("miss"):
                shares.append(misses / max(1, hits + misses))
            found[kind][1].append(measured(worker, port=theirs.port, **other))
    return found, median(shares)


def row(kind, ours, theirs, size):
    rate, other = median([one[0] for one in ours]), median([one[0] for one in theirs])
    cpu, other_cpu = median([one[1] for one in ours]), median([one[1] for one in theirs])
    slow, other_slow = sorted(one[2] for one in ours)[len(ours) // 2], sorted(one[2] for one in theirs)[len(theirs) // 2]
    value = (
        f"{rate:,.0f} / {other:,.0f} requests a second = {rate / other:.2f}x; CPU a request {cpu:.1f} / {other_cpu:.1f} µs; "
        f"99 % within {slow} / {other_slow}"
    )
    if kind == PICTURE:
        goal = "at least 0.9 of nginx's requests a second"
        return Row(f"A picture of {kilobytes(size)}: Halftone / nginx", value, goal, rate >= 0.9 * other)
    goal = "at least nginx's requests a second, stretch 1.25 times"
    return Row(f"Story page, {kind}: Halftone / nginx", value, goal, rate >= other)


def rows():
    metrics, port = free_port(), free_port()
    settings = f'[serve]\nthreads = 1\nmetrics_listen = "127.0.0.1:{metrics}"\n'
    demo(DATA, settings)
    run(built("archive"), "stories", DATA, SLUG, STORIES - 1)
    paths = story_paths(DATA)
    if len(paths) != STORIES:
        raise Fault(f"{len(paths)} stories stand there")
    folder = WORK / "nginx"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with halftone(DATA, port) as ours:
        fresh = memory(ours.pid, "VmRSS")
        picture, size = picture_of(port)
        lay_out(port, folder, paths, picture)
        fields, picture_fields = fields_of(port, "/story/" + SLUG), fields_of(port, picture)
        with nginx(folder, free_port(), fields, picture_fields) as theirs:
            found, missed = contest(ours, theirs, metrics, paths, picture, folder)
        after, peak = memory(ours.pid, "VmRSS"), memory(ours.pid, "VmHWM")
    table = [row(kind, mine, other, size) for kind, (mine, other) in found.items()]
    value = f"{megabytes(fresh)} at the start, {megabytes(after)} after the rounds with a full cache, peak {megabytes(peak)}"
    table.append(Row(f"Resident memory with {STORIES:,} stories", value, "under 60 MB", after < 60e6))
    plain, packed = get_sizes(folder)
    return table, [
        f"The story's page is {plain:,} bytes, {packed:,} in Brotli; the {STORIES:,} pages are distinct.",
        "The serving process leaves the background work to others (--no-work): nothing is printed meanwhile.",
        f"In the rows of misses {missed:.0%} of Halftone's answers were not in its cache of 24 MB.",
    ]


def get_sizes(folder):
    return tuple((folder / "html" / name / "story" / SLUG).stat().st_size for name in ("plain", "br"))
