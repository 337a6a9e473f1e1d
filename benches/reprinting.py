"""An archive: how fast its stories are printed again, and what lists, sitemaps and an export of it need."""

import json
import shutil
import subprocess
import time

from machine import HALFTONE, WORK, Fault, Server, built, free_port, get, run
from publishing import SMALL, archive
from serving import SLUG, demo
from table import Row, megabytes

TEMPLATE = WORK / "reprint-template"
REPRINTED = 4000
MIDDLE, LARGE = 5_000, 100_000
GOAL = 500


def until_avif(port, slug):
    """Waits until a story has every picture that it will have."""
    for _ in range(600):
        page = get(port, "/story/" + slug)[0].decode()
        if page.count("image/avif") == page.count("<picture") > 0:
            return
        time.sleep(0.2)
    raise Fault(f"the story {slug} did not get its AVIF")


def with_avif(data):
    """The sample story with every picture that it will have."""
    demo(data)
    port = free_port()
    with Server([HALFTONE, "serve", "--data", data, "--listen", f"127.0.0.1:{port}"], port, "/readyz"):
        until_avif(port, SLUG)


def told(data, verb, *more):
    return json.loads(run(built("archive"), verb, data, SLUG, *more))


def exported(data):
    """Seconds and peak memory of an export of the whole site."""
    folder = WORK / "exported"
    shutil.rmtree(folder, ignore_errors=True)
    begun = time.monotonic()
    words = ["/usr/bin/time", "-f", "%M", str(HALFTONE), "export", str(folder), "--data", str(data)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    seconds = time.monotonic() - begun
    shutil.rmtree(folder)
    return {"seconds": seconds, "peak": int(done.stderr.split()[-1]) * 1024}


def measured(count):
    data = archive(count, TEMPLATE)
    found = {"lists": told(data, "lists"), "export": exported(data)}
    if count > SMALL:
        told(data, "reprint", REPRINTED)  # until now their pages were stand-ins
        with open(data / "halftone.toml", "a", encoding="utf-8") as settings:
            settings.write('[site]\nname = "The Daily Grain"\n')
        found["other"] = told(data, "reprint", REPRINTED)
        found["same"] = told(data, "reprint", REPRINTED)
    shutil.rmtree(data)
    return found


def rate(what, count, found):
    each = found["jobs"] / found["seconds"]
    label = f"{what}, archive of {count:,}"
    value = f"{each:.0f} stories a second ({found['jobs']:,} in {found['seconds']:.1f} s), {megabytes(found['peak'])}"
    return Row(label, value, f"at least {GOAL} a second", each >= GOAL)


def rows(full):
    with_avif(TEMPLATE)
    count = LARGE if full else MIDDLE
    small, large = measured(SMALL), measured(count)
    table = [
        rate("Stories printed again, every page with another text (the site got another name)", count, large["other"]),
        rate("Stories printed again, every page with the same text", count, large["same"]),
    ]
    for what, part in (("Home, sections, sitemaps and all parts of months", "lists"), ("Export of the whole site", "export")):
        few, many = small[part], large[part]
        value = (
            f"{many['seconds']:.1f} s, {megabytes(many['peak'])}; "
            f"archive of {SMALL}: {few['seconds']:.1f} s, {megabytes(few['peak'])}"
        )
        table.append(Row(f"{what}, archive of {count:,}", value, "memory does not grow with it", many["peak"] < 2 * few["peak"] + 64e6))
    notes = [
        "A story has fourteen slides, so that it is 16 pages, each in Brotli and gzip, and 14 grants. All stories of the archive show the same 14 photos.",
        f"{REPRINTED:,} stories are printed again, the newest ones. The export and the lists are of the whole archive, whose stories' pages are short stand-ins.",
    ]
    if not full:
        notes.append(f"The archive of {LARGE:,} stories is made with --full only: it takes some minutes.")
    return table, notes
