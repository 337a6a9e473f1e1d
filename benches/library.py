"""A large archive whose photos are rows of their own: what single deeds cost in it, against an archive of 1,000 stories, on
both databases."""

import hashlib
import json
import shutil
import subprocess

from machine import HALFTONE, ROOT, WORK, Fault, built, run, tool
from servers import database, psql, sql
from serving import SLUG, demo
from table import Row

SMALL, MIDDLE, LARGE = 1_000, 10_000, 100_000
PHOTOS = 10
MOST = 1.5
# Readers wait for these too, but they have no goal: their time is told.
NO_GOAL = ("quillmark", "lanternfish", "harbourside")
DEEDS = {
    "lists": "Home, sections and feeds printed",
    "month": "The pages of one month printed",
    "publish": "One story published and printed",
    "claim": "A job claimed, one of each story waiting",
    "quillmark": "Search for a word of ten stories",
    "lanternfish": "Search for a word of every hundredth story",
    "harbourside": "Search for a word of every fourth story",
    "desk": "The desk's list of stories, its first page",
}


def made_by():
    """What the kept archives depend on: how they are made, and what a photo's files are called today."""
    files = [*sorted((ROOT / "benches" / "archive").glob("*.rs")), ROOT / "crates" / "darkroom" / "src" / "recipe.rs"]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def archive(count):
    """A copy of an archive of so many stories; the archive itself is kept for the next run."""
    kept, data = WORK / f"library-{count}", WORK / "library-run"
    stamp = kept / "made-by"
    if not stamp.exists() or stamp.read_text() != made_by():
        demo(kept)
        run(built("archive"), "library", kept, SLUG, count)
        stamp.write_text(made_by())
    shutil.rmtree(data, ignore_errors=True)
    # Faster than Python's own copy by far, with hundreds of thousands of small files.
    run(tool("cp"), "-a", kept, data)
    return data


def carry(data, url):
    """Brings all rows of a data folder's SQLite file to PostgreSQL and makes the folder use them."""
    (data / "halftone.toml").write_text(f'[database]\nurl = "{url}"\n')
    run(HALFTONE, "stories", "--data", data)  # makes the tables
    file = data / "halftone.db"
    ours = "type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_migrations'"
    tables = run(tool("sqlite3"), file, f"SELECT name FROM sqlite_schema WHERE {ours}").split()
    sql(f"TRUNCATE {', '.join(tables)}", url)
    for table in tables:
        columns = run(tool("sqlite3"), file, f"SELECT name, type FROM pragma_table_info('{table}')").split()
        names, kinds = zip(*(column.split("|") for column in columns))
        # Ids are bytes here and 32 digits there; nothing stays nothing.
        values = [f"NULLIF(HEX({name}), '')" if kind == "BLOB" else name for name, kind in zip(names, kinds)]
        read = [tool("sqlite3"), "-csv", "-newline", "\n", str(file), f"SELECT {', '.join(values)} FROM {table}"]
        # Rows come table by table, so that what a row refers to may come after it.
        orders = ["SET session_replication_role = replica", f"COPY {table} ({', '.join(names)}) FROM STDIN (FORMAT csv)"]
        with subprocess.Popen(read, stdout=subprocess.PIPE) as reading:
            run(*psql(url), *(word for order in orders for word in ("-c", order)), stdin=reading.stdout)
        if reading.returncode:
            raise Fault(f"sqlite3 ended with {reading.returncode}")
    sql("SELECT setval(pg_get_serial_sequence('audit', 'id'), (SELECT MAX(id) FROM audit))", url)
    sql("ANALYZE", url)


def times(data):
    return json.loads(run(built("archive"), "times", data, SLUG))


def measured(count):
    """Milliseconds of each deed on SQLite and on PostgreSQL, and the bytes of the SQLite file."""
    data = archive(count)
    size = (data / "halftone.db").stat().st_size
    found = {"SQLite": times(data)}
    carry(data, database("bench_library"))
    found["PostgreSQL"] = times(data)
    shutil.rmtree(data)
    return found, size


def rows(full):
    count = LARGE if full else MIDDLE
    (small, _), (large, size) = measured(SMALL), measured(count)
    table = []
    for deed, what in DEEDS.items():
        for name in small:
            few, many = small[name][deed], large[name][deed]
            value = f"{many:.2f} / {few:.2f} ms = {many / few:.2f}x"
            goal = () if deed in NO_GOAL else (f"under {MOST}x", many < MOST * few)
            table.append(Row(f"{what}, {name}", value, *goal))
    notes = [
        f"{count:,} stories with {count * PHOTOS:,} photos against {SMALL:,} with {SMALL * PHOTOS:,}; the larger SQLite file has "
        f"{size / 1e9:.1f} GB. Captions, creators, dates and credits are made of word lists in English, German, Arabic and Japanese.",
        "Photos have rows and originals' rows, but no files; covers have rows of public files. A story comes each hour, so that the "
        "newest month is the same in both archives. Median of nine.",
        "PostgreSQL has its default settings and syncs; its tables were analysed after the rows came.",
    ]
    if not full:
        notes.append(f"The archive of {LARGE:,} stories is made with --full only: it takes some minutes, and is kept.")
    return table, notes
