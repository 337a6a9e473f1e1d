"""Records: actions and looks a second through the store, against the same statements in the databases' own clients."""

import json
import re
import shutil
import subprocess
import time
import uuid

from machine import ROUNDS, WORK, Fault, built, median, run, tool
from servers import database
from table import Row

TASKS = 16
THINGS = 1000
ACTIONS = {1: 4_000, TASKS: 16_000}
READS = 40_000
FOLDER = WORK / "records"
# What the store asks for when it opens the file.
SQLITE = "PRAGMA journal_mode = WAL;\nPRAGMA synchronous = FULL;\nPRAGMA foreign_keys = ON;\n"
ENTRY = "INSERT INTO audit (at, who, verb, noun, noun_id, state_before, state_after) VALUES ({at}, 'bench', 'publish_story', 'story', {thing}, NULL, {state});"
JOB = """INSERT INTO jobs (id, kind, payload, dedupe, run_after, attempts, claims) VALUES ({id}, 'bench', {state}, {dedupe}, {at}, 0, 0) \
ON CONFLICT (dedupe) DO UPDATE SET \
payload = CASE WHEN jobs.worker IS NULL THEN excluded.payload ELSE jobs.payload END, \
next_payload = CASE WHEN jobs.worker IS NULL THEN NULL ELSE excluded.payload END, \
next_run_after = CASE WHEN jobs.worker IS NULL THEN NULL \
WHEN jobs.next_run_after < excluded.run_after THEN jobs.next_run_after ELSE excluded.run_after END, \
run_after = CASE WHEN jobs.worker IS NOT NULL THEN jobs.run_after \
WHEN jobs.failed_at IS NULL AND jobs.run_after < excluded.run_after THEN jobs.run_after ELSE excluded.run_after END, \
attempts = CASE WHEN jobs.worker IS NULL THEN 0 ELSE jobs.attempts END, failed_at = NULL, last_error = NULL;"""
LAST = (
    "SELECT id, at, who, verb, noun, noun_id, state_before, state_after FROM audit "
    "WHERE noun = 'story' AND noun_id = {thing} AND id < 9223372036854775807 ORDER BY id DESC LIMIT 1;"
)
CHANGE = "SELECT number FROM change_counter WHERE only_row = 1;"
PGBENCH = {
    "actions": "\\set n random(1, 9000000000000000)\n\\set t random(0, 999)\nBEGIN ISOLATION LEVEL SERIALIZABLE;\n"
    + ENTRY.format(at=1, thing="'thing-' || :t", state="'{\"number\":' || :n || '}'")
    + "\n"
    + JOB.format(at=1, id="gen_random_uuid()", state="'{\"number\":1}'", dedupe="'bench:' || :n")
    + "\nCOMMIT;\n",
    "reads": "\\set t random(0, 999)\nBEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\n"
    + LAST.format(thing="'thing-' || :t")
    + f"\n{CHANGE}\nROLLBACK;\n",
}


def ours(where, what, tasks, count):
    """Transactions a second through the store."""
    return count / json.loads(run(built("records"), where, what, tasks, count))["seconds"]


def shell(what, count):
    """Transactions a second of the sqlite3 shell with a script of that many."""
    lines = []
    for number in range(count):
        thing = f"'thing-{number * 7919 % THINGS}'"
        if what == "reads":
            lines.append(f"BEGIN;\n{LAST.format(thing=thing)}\n{CHANGE}\nROLLBACK;\n")
            continue
        state = f"'{{\"number\":{number}}}'"
        job = JOB.format(at=1, id=f"x'{uuid.uuid4().hex}'", state=state, dedupe=f"'shell:{uuid.uuid4().hex}'")
        lines.append(f"BEGIN IMMEDIATE;\n{ENTRY.format(at=1, thing=thing, state=state)}\n{job}\nCOMMIT;\n")
    script = FOLDER / "script.sql"
    script.write_text(SQLITE + "".join(lines))
    with open(script, encoding="utf-8") as told:
        begun = time.monotonic()
        done = subprocess.run([tool("sqlite3"), "-bail", str(FOLDER / "halftone.db")], stdin=told, capture_output=True, text=True)
        took = time.monotonic() - begun
    if done.returncode:
        raise Fault(f"sqlite3 ended with {done.returncode}: {done.stderr}")
    return count / took


def pgbench(url, what, tasks, count):
    """Transactions a second of pgbench, with statements prepared once."""
    script = FOLDER / f"{what}.pgbench"
    script.write_text(PGBENCH[what])
    words = ["-n", "-M", "prepared", "-c", tasks, "-j", 1, "-t", count // tasks, "--max-tries", 8, "-f", script, url]
    said = run(tool("pgbench"), *words)
    if not re.search(r"number of failed transactions: 0 ", said):
        raise Fault(f"not every transaction was done:\n{said}")
    return float(re.search(r"tps = ([\d.]+) \(without", said)[1])


def rows():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    file, url = FOLDER / "halftone.db", database("bench_records")
    for where in (file, url):
        ours(where, "actions", 1, THINGS)  # the tables, and an entry of each thing
    rivals = {
        "SQLite": (file, "the sqlite3 shell", lambda what, tasks, count: shell(what, count)),
        "PostgreSQL": (url, "pgbench", lambda what, tasks, count: pgbench(url, what, tasks, count)),
    }
    found = {}
    for _ in range(ROUNDS):
        for name, (where, _, rival) in rivals.items():
            for what in ("actions", "reads"):
                for tasks in (1, TASKS):
                    count = READS if what == "reads" else ACTIONS[tasks]
                    both = found.setdefault((name, what, tasks), ([], []))
                    both[0].append(ours(where, what, tasks, count))
                    both[1].append(rival(what, tasks, count))
    shutil.rmtree(FOLDER)
    table = []
    for (name, what, tasks), (mine, other) in found.items():
        mine, other = median(mine), median(other)
        how = "one after the other" if tasks == 1 else f"{tasks} at once"
        value = f"{mine:,.0f} / {other:,.0f} a second; {other / mine:.2f} times the time"
        table.append(Row(f"{name}, {what}, {how}: the store / {rivals[name][1]}", value))
    return table, [
        "An action is a transaction with an entry of the audit and a job put into the queue; a look one with the last entry of "
        "a thing and the change number. The same SQL on both sides, durable on both.",
        f"The sqlite3 shell takes a script, one after the other also where the store does {TASKS} at once; it parses each statement, "
        "while the store prepares each once. pgbench prepares as the store does, and has as many connections as the store has "
        "tasks; the store has eight.",
    ]
