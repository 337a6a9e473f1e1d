"""Makes the records of a data folder those of another release: `schema.py FILE first|later|other`."""

import hashlib
import sqlite3
import sys
from pathlib import Path

FIRST = Path(__file__).resolve().parent.parent / "crates" / "store" / "migrations" / "sqlite" / "0001_first.sql"


def first(file):
    """An archive as the first release left it: one migration, one job that waits."""
    file.unlink(missing_ok=True)
    text = FIRST.read_text()
    records = sqlite3.connect(file)
    records.execute("PRAGMA journal_mode = WAL")
    records.executescript(
        "CREATE TABLE schema_migrations (version INTEGER NOT NULL PRIMARY KEY, checksum TEXT NOT NULL,"
        " applied_at INTEGER NOT NULL) STRICT;" + text
    )
    records.execute("INSERT INTO schema_migrations VALUES (1, ?, 0)", (hashlib.sha256(text.encode()).hexdigest(),))
    records.execute(
        "INSERT INTO jobs (id, kind, payload, dedupe, run_after, attempts, claims) VALUES (?, 'none', '{}', 'none', 0, 0, 0)",
        (bytes(16),),
    )
    records.commit()
    records.close()


def change(file, statement):
    records = sqlite3.connect(file)
    records.execute(statement)
    records.commit()
    records.close()


def main(file, release):
    if release == "first":
        first(Path(file))
    elif release == "later":
        change(file, "INSERT INTO schema_migrations VALUES (999, 'x', 0)")
    else:
        change(file, "UPDATE schema_migrations SET checksum = 'x' WHERE version = 1")


main(*sys.argv[1:])
