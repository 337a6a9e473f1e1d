"""AVIF: six AVIFs from a 24-megapixel file, against sharp's effort 0 at equal bytes and its default effort."""

import json

from machine import HALFTONE, ROUNDS, Driver, built, median, memory, run, tool
from pictures import FOLDER, QUALITY, SHARP, adobe_photo, files_in, fresh, hard_photo, references, scores, xmp_of
from table import Row, megabytes

LIKE_OURS, USUAL = 0, 4  # sharp's efforts: the one whose files are most like ours, and the one when nobody asks
# (order, threads of libvips for one pipeline)
WAYS = [("one", 1), ("all", 2)]


def plan(ours, source, folder, xmp):
    """What sharp is to make at each effort: our sizes, at the qualities of its effort 0 that give our bytes."""
    made = {"xmp": xmp, "sizes": [{"width": w, "height": h, "bytes": file.stat().st_size} for w, h, file in ours]}
    files = {effort: folder / f"plan-{effort}.json" for effort in (LIKE_OURS, USUAL)}
    files[LIKE_OURS].write_text(json.dumps({**made, "effort": LIKE_OURS}))
    qualities = json.loads(run(tool("node"), SHARP, "tune", "best", source, files[LIKE_OURS]))
    for size, quality in zip(made["sizes"], qualities):
        size["quality"] = quality
    for effort, file in files.items():
        file.write_text(json.dumps({**made, "effort": effort}))
    return files


def rounds(drivers, count):
    """Medians of so many rounds in which all take turns: milliseconds, and of CPU; the peak of memory in bytes."""
    before = {who: driver.cpu() for who, driver in drivers.items()}
    times = {who: [] for who in drivers}
    for _ in range(count):
        for who, driver in drivers.items():
            times[who].append(driver.ask()["total"])
    found = {}
    for who, driver in drivers.items():
        cpu = (driver.cpu() - before[who]) / count * 1000
        found[who] = {"total": median(times[who]), "cpu": cpu, "peak": max(memory(pid, "VmHWM") for pid in driver.processes())}
        driver.end()
    return found


def contest(name, source):
    """Gives the figures of each, and the folders of the files: ours, sharp's like ours, sharp's by its default effort."""
    folder = fresh(FOLDER / f"{name}-avif")
    jpegs, mine = fresh(folder / "both"), fresh(folder / "halftone")
    ours = lambda to, formats: Driver(built("pictures"), HALFTONE, source, to, QUALITY, formats)
    drivers = {"both": ours(jpegs, "both"), "halftone": ours(mine, "avif")}
    for driver in drivers.values():
        driver.ask()
    plans = plan(files_in(mine, "avif"), source, folder, xmp_of(files_in(jpegs)[-1][2].read_bytes()))
    sharp = lambda order, threads, to, effort: Driver(
        tool("node"), SHARP, "run", "best", order, threads, source, fresh(to), plans[effort]
    )
    for order, threads in WAYS:
        drivers[order] = sharp(order, threads, folder / order, LIKE_OURS)
        drivers[order].ask()
    found = rounds(drivers, ROUNDS)
    found |= rounds({"usual": sharp(*WAYS[1], folder / "usual", USUAL)}, 1)
    return folder, found, [mine, folder / "one", folder / "usual"]


def versus(label, theirs, ours, goal, least):
    ratio = theirs["total"] / ours["total"]
    value = (
        f"{theirs['total']:.0f} / {ours['total']:.0f} ms = {ratio:.2f}x; "
        f"CPU {theirs['cpu']:.0f} / {ours['cpu']:.0f} ms = {theirs['cpu'] / ours['cpu']:.2f}x"
    )
    return Row(label, value, goal, ratio >= least)


def speed(label, found):
    ours, both = found["halftone"], found["both"]
    fastest = min((found[order] for order, _ in WAYS), key=lambda way: way["total"])
    told = lambda one: f"{one['total']:.0f} ms, {one['cpu']:.0f} ms CPU, at most {megabytes(one['peak'])}"
    return [
        Row(f"{label}: Halftone, six AVIFs out", told(ours)),
        versus(f"{label}: sharp, effort 0, its fastest way / Halftone", fastest, ours, "at least 2.2x, stretch 3x", 2.2),
        versus(f"{label}: sharp, its default effort / Halftone", found["usual"], ours, "at least 25x", 25),
        Row(f"{label}: Halftone, six JPEGs and six AVIFs", told(both), "at most 1,000 ms", both["total"] <= 1000),
    ]


def quality(label, folder, source, judged):
    sizes = files_in(judged[0], "avif")
    references(source, folder, [(width, height) for width, height, _ in sizes])
    marks = scores(folder, judged, "avif")
    means = [sum(each) / len(each) for each in marks]
    weights = [sum(file.stat().st_size for _, _, file in files_in(one, "avif")) for one in judged]
    table, notes = [], []
    for name, at, goal in (("effort 0", 1, "not worse by more than 0.5"), ("default effort", 2, "")):
        value = f"{weights[at] / weights[0] - 1:+.1%} bytes on sharp's side; ours {means[0]:.1f}, sharp's {means[at]:.1f}"
        met = means[0] - means[at] >= -0.5 if goal else None
        table.append(Row(f"{label}: SSIMULACRA2 against sharp's {name}", value, goal, met))
    for who, each in zip(("Halftone", "sharp, effort 0", "sharp, default effort"), marks):
        listed = ", ".join(f"{width}: {score:.1f}" for (width, _, _), score in zip(sizes, each))
        notes.append(f"SSIMULACRA2, {label}, {who}: {listed}.")
    return table, notes


def rows():
    table, notes = [], []
    for label, source in (("sRGB", hard_photo()), ("Adobe RGB", adobe_photo())):
        folder, found, judged = contest(label.replace(" ", "-"), source)
        judgement, told = quality(label, folder, source, judged)
        table += speed(label, found) + judgement
        notes += told
    notes.append(
        "sharp decodes once and makes six files of that, as in its best form of JPEG; its default effort ran once, on both "
        "cores, at the qualities that give our bytes at effort 0."
    )
    return table, notes
