"""Publishing: from the action's beginning until a serving process answers with the page, in archives of two sizes."""

import json
import os
import shutil

from machine import HALFTONE, WORK, Server, built, free_port, median, run
from serving import SLUG, demo
from table import Row

TEMPLATE = WORK / "publish-template"
SMALL, LARGE = 100, 100_000
TIMES = 20


def archive(count, template=TEMPLATE):
    """A data folder with so many published stories besides the sample one."""
    data = WORK / f"{template.name.removesuffix('-template')}-{count}"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(template, data)
    run(built("archive"), "fill", data, SLUG, count)
    # What was written a moment ago must not be on its way to the disk while publishing is measured.
    os.sync()
    return data


def published(count):
    data, port = archive(count), free_port()
    with Server([HALFTONE, "serve", "--data", data, "--listen", f"127.0.0.1:{port}"], port, "/readyz"):
        said = run(built("archive"), "publish", data, SLUG, f"127.0.0.1:{port}", TIMES)
    times = [json.loads(line) for line in said.splitlines()]
    shutil.rmtree(data)
    return {part: median([time[part] for time in times]) for part in times[0]}, max(time["served"] for time in times)


def rows(full):
    demo(TEMPLATE)
    table, found = [], {}
    for count in (SMALL, LARGE) if full else (SMALL,):
        found[count], slowest = published(count)
        times = found[count]
        value = (
            f"{times['served']:.0f} ms, slowest {slowest:.0f} ms (action {times['action']:.0f} ms; "
            f"home, lists and feed too after {times['lists_too']:.0f} ms)"
        )
        label = f"Publish, action to served, {count:,} stories in the archive"
        table.append(Row(label, value, "median under 100 ms", times["served"] < 100))
    notes = [f"Median of {TIMES} publications of a story of fourteen slides whose public files were made ahead."]
    if full:
        ratio = found[LARGE]["served"] / found[SMALL]["served"]
        table.append(Row(f"{LARGE:,} stories / {SMALL:,} stories", f"{ratio:.2f}x", "under 1.3x", ratio < 1.3))
        lists = found[LARGE]["lists_too"] / found[SMALL]["lists_too"]
        table.append(Row("the same until home, lists and feed stand", f"{lists:.2f}x"))
    else:
        notes.append(f"The archive of {LARGE:,} stories is made with --full only: it takes some minutes.")
    return table, notes
