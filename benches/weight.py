"""Weight: what a reader's phone loads of a story of fifteen slides."""

import json
import re
import shutil

from machine import HALFTONE, ROOT, WORK, Fault, Server, free_port, get, run, tool
from pictures import hard_photo
from serving import SLUG, STORY, demo
from table import Row, kilobytes

DATA = WORK / "weight-data"
SLIDES = 15


def fifteen(data):
    """The sample story and one slide more: the photo of the picture rows."""
    demo(data)
    more = data.parent / "fifteenth"
    more.mkdir(exist_ok=True)
    shutil.copy(hard_photo(), more / "fifteenth.jpg")
    run(HALFTONE, "ingest", more, "--story", STORY, "--data", data)
    run(HALFTONE, "publish", STORY, "--allow-missing", "alt", "--data", data)


def parts(page):
    """Addresses of the style sheets and scripts of a page."""
    sheets = re.findall(r'<link[^>]+rel="?stylesheet"?[^>]*>', page)
    found = [re.search(r'href="?([^" >]+)', sheet)[1] for sheet in sheets]
    return found + re.findall(r'<script[^>]+src="?([^" >]+)', page)


def rows():
    fifteen(DATA)
    port = free_port()
    path = "/story/" + SLUG
    with Server([HALFTONE, "serve", "--data", DATA, "--listen", f"127.0.0.1:{port}"], port, "/readyz"):
        page = get(port, path)[0].decode()
        slides = len(re.findall(r'<figure[^>]*\bid="?p-', page)) or page.count('id="p-')
        if slides != SLIDES:
            raise Fault(f"the story has {slides} slides")
        packed = {one: len(get(port, one, "br")[0]) for one in [path, *parts(page)]}
        words = [tool("node"), ROOT / "benches" / "weight.mjs", f"http://127.0.0.1:{port}", path]
        told = json.loads(run(*words))
    total = sum(packed.values())
    each = ", ".join(f"{name.rsplit('/', 1)[-1]} {kilobytes(size)}" for name, size in packed.items())
    table = [
        Row("HTML, CSS and JavaScript, Brotli", f"{kilobytes(total)} ({each})", "at most 30 kB", total <= 30e3),
        Row(
            "360 px, DPR 3: first screen",
            f"{kilobytes(told['screen'])} for what it shows; {kilobytes(told['still'])} with what Chromium fetches ahead",
            "under 200 kB",
            told["screen"] < 200e3,
        ),
        Row(
            "360 px, DPR 3: the whole story, scrolled through",
            f"{told['scrolled'] / 1e6:.2f} MB in {told['requests']} requests, {told['images']} pictures",
            "under 2 MB",
            told["scrolled"] < 2e6,
        ),
    ]
    return table, ["The story is the sample one with a fifteenth slide: the sRGB photo of 24 megapixels of the picture rows."]
