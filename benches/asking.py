"""The API: reads and changes of a story a second, beside the same looks and actions without it."""

import json
import re
import shutil

from machine import HALFTONE, ROOT, ROUNDS, WORK, Fault, Server, built, free_port, get, median, run, tool
from servers import SMALL, SMALL_PHOTOS, SMALL_SLUG, database
from staff import token
from table import Row

SECONDS = 3
TASKS = 16
# Each account may ask 200 times a second for long.
ACCOUNTS = 24
COUNT = {"reads": 4_000, "writes": 1_000}

# A token after the other; each change is another one.
LUA = """
local tokens, n = {%s}, 0
request = function()
  n = n + 1
  local fields = {["Authorization"] = "Bearer " .. tokens[n %% #tokens + 1], ["Content-Type"] = "application/json"}
  return wrk.format("%s", nil, fields, %s)
end
"""
ASKS = {"reads": ("GET", "nil"), "writes": ("PATCH", "'{\"headline\": \"Bench ' .. n .. '\"}'")}


def wrk(port, path, script, tasks):
    """Requests a second; a failed one fails the bench."""
    words = [tool("wrk"), "-t1", f"-c{tasks}", f"-d{SECONDS}s", "-s", script, f"http://127.0.0.1:{port}{path}"]
    said = run(*words)
    if re.search(r"Non-2xx|Socket errors", said):
        raise Fault(f"not every request was answered:\n{said}")
    return float(re.search(r"Requests/sec:\s*([\d.]+)", said)[1])


def directly(data, what, tasks):
    """The same a second, without the API."""
    count = COUNT[what]
    return count / json.loads(run(built("archive"), "ask", data, SMALL_SLUG, what, tasks, count))["seconds"]


def measured(name):
    """Both rates of each kind, in rounds in which they take turns."""
    data = WORK / f"asking-{name}"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    if name == "PostgreSQL":
        (data / "halftone.toml").write_text(f'[database]\nurl = "{database("bench_asking")}"\n')
    run(HALFTONE, "ingest", *[ROOT / "samples" / photo for photo in SMALL_PHOTOS], "--story", SMALL, "--data", data)
    port, found = free_port(), {}
    words = [HALFTONE, "serve", "--no-work", "--data", data, "--listen", f"127.0.0.1:{port}"]
    with Server(words, port, "/readyz"):
        tokens = [token(data, port, f"editor-{number}") for number in range(ACCOUNTS)]
        story = json.loads(run(HALFTONE, "stories", "--json", "--data", data).splitlines()[0])
        path = f"/api/v1/stories/{story['story']}"
        for what, (method, body) in ASKS.items():
            script = data / f"{what}.lua"
            script.write_text(LUA % (", ".join(f'"{one}"' for one in tokens), method, body))
        for _ in range(ROUNDS):
            for what in ASKS:
                for tasks in (1, TASKS):
                    both = found.setdefault((what, tasks), ([], []))
                    both[0].append(wrk(port, path, data / f"{what}.lua", tasks))
                    both[1].append(directly(data, what, tasks))
    shutil.rmtree(data)
    return found


def rows():
    table = []
    for name in ("SQLite", "PostgreSQL"):
        for (what, tasks), both in measured(name).items():
            mine, other = (median(rates) for rates in both)
            how = "one after the other" if tasks == 1 else f"{tasks} at once"
            value = f"{mine:,.0f} / {other:,.0f} a second; {(1 / mine - 1 / other) * 1e6:,.0f} µs more a request"
            table.append(Row(f"{name}, {what} of a draft, {how}: the API / the same without it", value))
    return table, [
        f"A draft of {len(SMALL_PHOTOS)} photos. A read is the whole draft; a write another headline with its audit entry, its "
        "revision and its job, and the whole draft in answer. Beside it the same looks and actions in a process of their own: no "
        "HTTP, no token, no limits, no JSON.",
        "wrk, the server and the database share the two cores; the other side has them without wrk. Nothing is developed or "
        "printed meanwhile (--no-work).",
    ]
