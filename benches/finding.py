"""The photo library: searching, listing and finding what looks alike, on both databases."""

import json
import shutil

from machine import WORK, built, run
from servers import database
from table import Row

SMALL, LARGE = 100_000, 1_000_000
DEEDS = {
    "words": ("Search for words, with their marks", 50),
    "frequent": ("Search for a word of every fourth photo", 50),
    "apart": ("Search for two such words that never meet", 50),
    "six": ("Search for six words", 50),
    "list": ("The list of all photos, a page of 50", 20),
    "filtered": ("A list narrowed by use, stars, credit, days, a page of 50", 20),
    "alike": ("The photos that look like one", 20),
    "uses": ("Where a photo is used", 20),
}


def measured(name, count):
    """What making took, and the milliseconds of each deed."""
    data = WORK / f"finding-{name}"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    if name == "PostgreSQL":
        (data / "halftone.toml").write_text(f'[database]\nurl = "{database("bench_finding")}"\n')
    made = json.loads(run(built("archive"), "photos", data, count))
    found = json.loads(run(built("archive"), "find", data))
    shutil.rmtree(data)
    return made, found


def rows(full):
    count = LARGE if full else SMALL
    both = {name: measured(name, count) for name in ("SQLite", "PostgreSQL")}
    table = []
    for deed, (what, most) in DEEDS.items():
        for name, (_, found) in both.items():
            table.append(Row(f"{what}, {name}", f"{found[deed]:.2f} ms", f"under {most} ms", found[deed] < most))
    notes = [
        f"{count:,} photos; the milliseconds that 95 of 100 of 200 rounds take at most; of several questions the slowest counts. "
        "Every other round asks for the second page.",
        "Captions, headlines, names, places and keywords are made of word lists in English, German, Arabic and Japanese. "
        "One process asks; PostgreSQL has its default settings.",
    ]
    for name, (made, found) in both.items():
        notes.append(
            f"{name}: all photos were shelved in {made['shelved']:.0f} s; the first question of a process for what looks alike, "
            f"which reads all fingerprints, took {found['first_alike']:.0f} ms."
        )
    return table, notes
