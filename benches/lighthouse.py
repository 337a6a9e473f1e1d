"""Lighthouse: what it says of a story, the home page and a tag's page on a slow phone."""

import json
import re

from machine import HALFTONE, ROOT, WORK, Fault, Server, free_port, get, run, tool
from serving import SLUG
from table import Row
from weight import fifteen

DATA = WORK / "lighthouse-data"
TIMES = 3


def pages(port):
    """The pages that are judged, by what they are."""
    story = get(port, "/story/" + SLUG)[0].decode()
    tag = re.search(r'href="?(/tag/[^" >]+)', story)
    if not tag:
        raise Fault("the story leads to no tag")
    return {"story": "/story/" + SLUG, "home page": "/", "tag page": tag[1]}


def row(what, told):
    """The run in the middle by its speed."""
    one = sorted(told, key=lambda each: each["scores"]["performance"])[len(told) // 2]
    scores = one["scores"].values()
    good = all(score == 100 for score in scores) and one["largest"] < 2500 and one["shift"] == 0 and not one["longTasks"]
    value = (
        f"{' / '.join(map(str, scores))}; LCP {one['largest'] / 1000:.2f} s, CLS {one['shift']:.3f}, "
        f"blocked {one['blocked']:.0f} ms, {one['longTasks']} long tasks of the page, {one['browserTasks']} of the browser"
    )
    if one["failed"]:
        value += f"; not passed: {', '.join(one['failed'])}"
    return Row(f"{what}: speed / accessibility / practices / search", value, "100 each, LCP under 2.5 s, CLS 0, no long task of the page", good)


def rows():
    fifteen(DATA)
    port = free_port()
    found = {}
    with Server([HALFTONE, "serve", "--data", DATA, "--listen", f"127.0.0.1:{port}"], port, "/readyz"):
        judged = pages(port)
        addresses = [f"http://127.0.0.1:{port}{path}" for path in judged.values()]
        for _ in range(TIMES):
            said = json.loads(run(tool("node"), ROOT / "benches" / "node" / "lighthouse.mjs", *addresses))
            for what, one in zip(judged, said):
                found.setdefault(what, []).append(one)
    version = found["story"][0]["version"]
    notes = [f"Lighthouse {version}, its mobile preset (slow 4G, processor four times slower, simulated); of {TIMES} runs the middle one."]
    return [row(what.capitalize(), told) for what, told in found.items()], notes
