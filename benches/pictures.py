"""Pictures: six JPEGs from a 24-megapixel file, against sharp at equal bytes."""

import io
import json
import re
import shutil

import numpy
from PIL import Image, ImageCms

from machine import HALFTONE, ROOT, ROUNDS, WORK, Driver, Fault, built, median, memory, run, tool
from table import Row, megabytes

SAMPLES = ROOT / "samples"
SHARP = ROOT / "benches" / "node" / "sharp.mjs"
QUALITY = 82  # the default of work.jpeg_quality
SIZE = (6000, 4000)
FOLDER = WORK / "pictures"
SRGB = ImageCms.createProfile("sRGB")
# (form, order, threads of libvips for one pipeline)
FORMS = [(form, order, threads) for form in ("best", "usual") for order in ("one", "all") for threads in (1, 2)]


def segments(jpeg):
    """The metadata segments (APP1, APP13) of a JPEG, as bytes."""
    found, at = b"", 2
    while jpeg[at] == 0xFF and jpeg[at + 1] != 0xDA:
        length = int.from_bytes(jpeg[at + 2 : at + 4]) + 2
        if jpeg[at + 1] in (0xE1, 0xED):
            found += jpeg[at : at + length]
        at += length
    return found


def photo(name, sample, quality, adobe):
    """A 24-megapixel photo made of a sample: enlarged, with grain like a sensor's, 4:2:2, the sample's metadata."""
    file = FOLDER / name
    if file.exists():
        return file
    source = Image.open(SAMPLES / sample)
    wide = min(source.width, source.height * 3 // 2)
    high = wide * 2 // 3
    picture = source.crop((0, 0, wide, high)).resize(SIZE, Image.Resampling.LANCZOS)
    profile = ImageCms.ImageCmsProfile(SRGB)
    if adobe:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(Image.open(SAMPLES / "rocket.jpg").info["icc_profile"]))
        picture = ImageCms.profileToProfile(picture, SRGB, profile)
    grain = numpy.random.default_rng(24).normal(0, 3.5, (SIZE[1], SIZE[0], 1))
    pixels = numpy.clip(numpy.asarray(picture) + grain, 0, 255).astype(numpy.uint8)
    made = io.BytesIO()
    Image.fromarray(pixels).save(made, "JPEG", quality=quality, subsampling="4:2:2", icc_profile=profile.tobytes())
    jpeg = made.getvalue()
    behind_jfif = 4 + int.from_bytes(jpeg[4:6])
    metadata = segments((SAMPLES / sample).read_bytes())
    FOLDER.mkdir(parents=True, exist_ok=True)
    file.write_bytes(jpeg[:behind_jfif] + metadata + jpeg[behind_jfif:])
    return file


def hard_photo():
    return photo("srgb.jpg", "picos-de-europa.jpg", 93, adobe=False)


def adobe_photo():
    return photo("adobe-rgb.jpg", "dandelion.jpg", 95, adobe=True)


def xmp_of(jpeg):
    """The XMP packet of one of our files, for sharp to write the same."""
    packet = re.search(rb"<x:xmpmeta.*?</x:xmpmeta>", jpeg, re.DOTALL)
    if not packet:
        raise Fault("our renditions carry no XMP")
    return packet[0].decode()


def files_in(folder, ending="jpg"):
    """The renditions in a folder, large to small: (width, height, file)."""
    found = []
    for file in folder.glob(f"*x*.{ending}"):
        width, height = file.stem.split("x")
        found.append((int(width), int(height), file))
    return sorted(found, reverse=True)


def references(source, folder, sizes):
    """The judge's own renditions: Pillow's decoder, LittleCMS, Lanczos."""
    picture = Image.open(source)
    profile = ImageCms.ImageCmsProfile(io.BytesIO(picture.info["icc_profile"]))
    picture = ImageCms.profileToProfile(picture, profile, SRGB)
    for width, height in sizes:
        picture.resize((width, height), Image.Resampling.LANCZOS).save(folder / f"{width}.ppm")


def scores(folder, judged, ending="jpg"):
    """SSIMULACRA2 of the files of each folder in `judged` against the references in `folder`, large to small."""
    found = [[] for _ in judged]
    for width, height, _ in files_in(judged[0], ending):
        pictures = []
        for number, one in enumerate(judged):
            pictures.append(folder / f"judged-{number}.ppm")
            Image.open(one / f"{width}x{height}.{ending}").convert("RGB").save(pictures[-1])
        said = run(built("score"), folder / f"{width}.ppm", *pictures).split()
        for list_, score in zip(found, said):
            list_.append(float(score))
    return found


def fresh(path):
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def plan(ours, form, source, folder):
    """What sharp is to make: our sizes, at the qualities that give our bytes."""
    sizes = [{"width": w, "height": h, "bytes": file.stat().st_size} for w, h, file in ours]
    file = folder / f"plan-{form}.json"
    made = {"xmp": xmp_of(ours[-1][2].read_bytes()), "sizes": sizes}
    file.write_text(json.dumps(made))
    for size, quality in zip(sizes, json.loads(run(tool("node"), SHARP, "tune", form, source, file))):
        size["quality"] = quality
    file.write_text(json.dumps(made))
    return file


def contest(name, source):
    """All rounds of one photo. Gives our driver's and each form's medians, and the folders with their files."""
    folder = fresh(FOLDER / f"{name}-out")
    mine = fresh(folder / "halftone")
    drivers = {"halftone": Driver(built("pictures"), HALFTONE, source, mine, QUALITY)}
    drivers["halftone"].ask()
    plans = {form: plan(files_in(mine), form, source, folder) for form in ("best", "usual")}
    for form, order, threads in FORMS:
        out = fresh(folder / f"{form}-{order}-{threads}")
        words = [tool("node"), SHARP, "run", form, order, threads, source, out, plans[form]]
        drivers[(form, order, threads)] = Driver(*words)
        drivers[(form, order, threads)].ask()
    times = {who: [] for who in drivers}
    before = {who: driver.cpu() for who, driver in drivers.items()}
    for _ in range(ROUNDS):
        for who, driver in drivers.items():
            times[who].append(driver.ask())
    found = {}
    for who, driver in drivers.items():
        found[who] = {part: median([time[part] for time in times[who]]) for part in times[who][0]}
        found[who]["cpu"] = (driver.cpu() - before[who]) / ROUNDS * 1000
        found[who]["peak"] = max(memory(pid, "VmHWM") for pid in driver.processes())
        driver.end()
    return folder, found


def against(label, who, found, goal="", least=None):
    """The row of one way of sharp; with a goal where there is one."""
    ours, theirs = found["halftone"], found[who]
    ratio = theirs["total"] / ours["total"]
    form, order, threads = who
    how = {"one": "one after the other", "all": "together"}[order] + (", two threads each" if threads == 2 else "")
    value = (
        f"{theirs['total']:.0f} / {ours['total']:.0f} ms = {ratio:.2f}x; "
        f"CPU {theirs['cpu']:.0f} / {ours['cpu']:.0f} ms = {theirs['cpu'] / ours['cpu']:.2f}x"
    )
    return Row(f"{label}: sharp, {form} form, {how} / Halftone", value, goal, least and ratio >= least)


def judged_row(label, form, total, judged):
    bytes_, score = judged[form]
    if abs(bytes_ / total - 1) > 0.02:
        raise Fault(f"sharp's {form} form writes {bytes_} bytes and ours {total}: they cannot be compared.")
    mine = judged["halftone"][1]
    value = f"{bytes_ / total - 1:+.1%} bytes on sharp's side; ours {mine:.1f}, sharp's {score:.1f}"
    return Row(f"{label}: SSIMULACRA2 against sharp's {form} form", value, "not worse by more than 0.5", mine - score >= -0.5)


def compared(label, found, total, judged):
    """sharp's best form in its fastest way; its usual form one after the other, as one thread against one thread, and in
    its fastest way, on both cores."""
    fastest = lambda form: min((who for who in found if who[0] == form), key=lambda who: found[who]["total"])
    usual = ("usual", "one", 1)
    table = [
        against(label, fastest("best"), found, "at least 2.5x, stretch 3.5x", 2.5),
        against(label, usual, found, "at least 4.5x, stretch 6x", 4.5),
    ]
    if fastest("usual") != usual:
        table.append(against(label, fastest("usual"), found))
    return table + [judged_row(label, form, total, judged) for form in ("best", "usual")]


def rows():
    table, notes = [], []
    for label, source in (("sRGB", hard_photo()), ("Adobe RGB", adobe_photo())):
        folder, found = contest(label.replace(" ", "-"), source)
        ours = folder / "halftone"
        sizes = files_in(ours)
        references(source, folder, [(width, height) for width, height, _ in sizes])
        judged = [ours, folder / "best-one-1", folder / "usual-one-1"]
        weights = [sum(file.stat().st_size for _, _, file in files_in(one)) for one in judged]
        marks = scores(folder, judged)
        means = [sum(list_) / len(list_) for list_ in marks]
        by_form = dict(zip(("halftone", "best", "usual"), zip(weights, means)))
        parts = found["halftone"]
        table.append(
            Row(
                f"{label}: Halftone, {source.stat().st_size / 1e6:.1f} MB in, six JPEGs out",
                f"{parts['total']:.0f} ms (facts {parts['inspect']:.0f}, ladder {parts['develop']:.0f}, "
                f"rights {parts['rights']:.0f}), {parts['cpu']:.0f} ms CPU",
            )
        )
        table += compared(label, found, weights[0], by_form)
        peak = parts["peak"]
        theirs = {form: min(found[who]["peak"] for who in found if who[0] == form) for form in ("best", "usual")}
        table.append(
            Row(
                f"{label}: memory of the worker at its peak",
                f"{megabytes(peak)} (sharp at least {megabytes(theirs['best'])} best, {megabytes(theirs['usual'])} usual)",
                "at most 192 MB",
                peak <= 192e6,
            )
        )
        for column, who in enumerate(("Halftone", "sharp best", "sharp usual")):
            each = ", ".join(f"{size[0]}: {score[column]:.1f}" for size, score in zip(sizes, zip(*marks)))
            notes.append(f"SSIMULACRA2, {label}, {who}: {each}.")
    return table, notes
