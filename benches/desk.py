"""The desk in Chromium: a story of 300 slides as it is opened, written in, arranged and saved, and the wire with 100,000 photos."""

import json
import re
import shutil
import time
import urllib.request

from machine import HALFTONE, ROOT, WORK, Fault, Server, built, free_port, get, median, run, tool
from pictures import hard_photo
from staff import told
from table import Row, kilobytes

SLIDES = 300
ARCHIVE = 100_000
CHECKED = 100
DATA = WORK / "desk-data"


def photos(folder):
    """Photos that look different, 1200 pixels wide, cut out of one."""
    from PIL import Image

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with Image.open(hard_photo()) as whole:
        whole.load()
        for number in range(SLIDES):
            left, top = (number * 137) % (whole.width - 1200), (number * 89) % (whole.height - 800)
            whole.crop((left, top, left + 1200, top + 800)).save(folder / f"event-{number:03}.jpg", quality=85)
    return folder


def ask(port, token, method, path, body=None):
    fields = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1{path}", data, fields, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read() or b"null")


def slides(known, count):
    """Slides with captions as an agency writes them."""
    return [
        {
            "photo": known[number % len(known)],
            "caption": f"Firefighters carry hose number {number} through a flooded street in Doel, Belgium, on Saturday, 21 March 2026.",
            "alt": f"Two people in helmets with a hose, seen from the side, picture {number}.",
            "credit": "Ana Example/House",
        }
        for number in range(count)
    ]


def checking(port, token, story):
    """Milliseconds of a request that checks a story as it stands, one after the other."""
    times = []
    for _ in range(60):
        begun = time.perf_counter()
        ask(port, token, "POST", f"/stories/{story}/check", {"story": {}, "slides": []})
        times.append((time.perf_counter() - begun) * 1000)
    return median(times[10:])


def weight(port, page):
    """Bytes of the desk's scripts and styles, Brotli."""
    folder = re.search(r'href="(/desk/assets/[0-9a-f]+)/desk.css"', page)[1]
    names = re.findall(r'"([a-z]+\.(?:css|js))"', (ROOT / "src" / "desk" / "assets.rs").read_text())
    return sum(len(get(port, f"{folder}/{name}", "br")[0]) for name in sorted(set(names)))


def measured():
    shutil.rmtree(DATA, ignore_errors=True)
    DATA.mkdir(parents=True)
    made = photos(WORK / "desk-photos")
    (DATA / "halftone.toml").write_text('[work]\navif = "off"\n')
    run(built("archive"), "photos", DATA, ARCHIVE)
    run(HALFTONE, "ingest", made, "--story", "Three hundred photographs", "--data", DATA)
    invited = run(HALFTONE, "staff", "invite", "ana@house.example", "--role", "editor", "--json", "--data", DATA)
    link = told(invited, "link").split("/desk", 1)[1]
    port = free_port()
    (DATA / "halftone.toml").write_text(f'[site]\nurl = "http://localhost:{port}"\n[work]\navif = "off"\n')
    with Server([HALFTONE, "serve", "--data", DATA, "--listen", f"127.0.0.1:{port}"], port, "/readyz"):
        # The link is followed by the browser, which signs in with it; a token comes after that.
        words = [tool("node"), ROOT / "benches" / "desk.mjs", f"http://localhost:{port}", f"/desk{link}"]
        found = json.loads(run(*words))
        scopes = [word for scope in ("read", "photos", "stories") for word in ("--scope", scope)]
        token = told(run(HALFTONE, "staff", "token", "ana@house.example", "--name", "bench", *scopes, "--json", "--data", DATA), "token")
        known = [one["id"] for one in ask(port, token, "GET", f"/photos?limit={CHECKED}")["items"]]
        story = ask(port, token, "POST", "/stories", {"headline": "A hundred photographs"})
        changed = {"lede": "A flood in Doel.", "slides": slides(known, CHECKED)}
        ask(port, token, "PATCH", f"/stories/{story['id']}", changed)
        found["check"] = checking(port, token, story["id"])
        found["weight"] = weight(port, get(port, "/desk/sign-in")[0].decode())
    shutil.rmtree(DATA)
    return found


def rows():
    found = measured()
    if found["slides"] != SLIDES:
        raise Fault(f"the story has {found['slides']} slides")
    two = lambda name: f"{found[name]['median']:.0f} ms; 95 of 100: {found[name]['p95']:.0f} ms"
    under = lambda what, name, which, limit: Row(what, two(name), f"{which} under {limit} ms", found[name][which] < limit)
    named = {"median": "median", "p95": "p95"}
    table = [
        under(f"A story of {SLIDES} slides opened, until it can be written in", "opened", named["median"], 1000),
        under("A key in a caption of it, until it is shown", "shown", named["p95"], 50),
        under("A key in a caption of it, until its check is shown", "checked", named["p95"], 50),
        Row(
            "Script of a frame while a slide is dragged across the sheet",
            f"{found['dragged']['median']:.1f} ms; 95 of 100: {found['dragged']['p95']:.1f} ms",
            "p95 at most 8 ms",
            found["dragged"]["p95"] <= 8,
        ),
        Row("What saving a changed caption sends", f"{found['saved']} bytes", "only what changed", found["saved"] < 1000),
        Row(f"POST /stories/ID/check, {CHECKED} slides, client included", f"{found['check']:.1f} ms", "under 5 ms", found["check"] < 5),
        under(f"The wire with {ARCHIVE:,} photos, until the pictures of the first sheet stand", "pictures", named["median"], 300),
        Row("The same, until its keys work", two("sheet")),
        Row("All scripts, styles and texts of the desk, Brotli", kilobytes(found["weight"]), "at most 80 kB", found["weight"] <= 80e3),
    ]
    notes = [
        "Chromium without a head, 1400 x 900, on the same machine as the server; the browser's cache is warm from the second "
        f"opening on, and the first is left out. {found['rounds']} openings, {found['keys']} keys, {found['frames']} frames. "
        "A story can be written in once its script has run and the frame behind that is painted. The check of a key goes to the "
        "server and back; the key counts from the browser's own time stamp. The script of a frame is what the trace says of "
        "pointer events and animation frames together.",
        f"The {SLIDES} newest of the photos have pictures, the others records alone.",
    ]
    return table, notes
