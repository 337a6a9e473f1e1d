"""Quality: JPEG and AVIF of real photographs, and sharp's AVIF at its default effort, judged by SSIMULACRA2 and
butteraugli. Nothing is timed against a goal; the CPU time of each encoder is told."""

import io
import json
import math
import os
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

import pictures
from machine import HALFTONE, ROOT, WORK, Driver, Fault, built, run, tool
from table import Row

AVIF = ROOT / "benches" / "node" / "avif.mjs"
FOLDER = WORK / "quality"
SHARED = Path(os.environ.get("HALFTONE_SHARED", ROOT.parent / "shared")) / "corpora"
CRATES = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo")) / "registry" / "src"
EDGES = (640, 1920)
QUALITIES = (84, 78, 71)  # libaom's quantisers 10, 14 and 18; the middle one is the default of work.avif_quality
MIDDLE = 1
SHARP_QUALITIES = (50, 64)

# What is shown, and where the photograph lies. Those that are not samples are not ours to publish, and are left out
# aloud where they are missing.
PHOTOS = [
    ("a fig in a red bowl: saturated colour", "fig.jpg"),
    ("two dogs, blurred wall", "two-dogs.jpg"),
    ("rock walls and gravel: fine detail", "picos-de-europa.jpg"),
    ("a dandelion against the light", "dandelion.jpg"),
    ("a plant, grey, smooth background", "allium.jpg"),
    ("a wooden house, grey", "dust-bowl-home.jpg"),
    ("an aeroplane over fields, grey", "aeroplane.jpg"),
    ("boats and people, 1865", "nagasaki-boats.jpg"),
    ("a deep field of stars: night, colour specks", "hubble.jpg"),
    ("a cat in 24 views", "cat-in-motion.jpg"),
    ("a canyon, sepia", "black-canyon.jpg"),
    ("a portrait: a face, orange suit, flag", "eileen-collins.jpg"),
    ("a rocket against a dawn sky", "rocket.jpg"),
    ("a man with a camera, grey", "cameraman.png"),
    ("a lighthouse at sunset: gradients", SHARED / "photos/formats/sunrise.png"),
    ("ribbons, blurred background", SHARED / "c2pa/public-testfiles/adobe-20220124-CAI.jpg"),
    ("lettering on flat colours (a graphic)", SHARED / "photos/iptc-ref/IPTC-Empty.jpg"),
    ("a hibiscus, blurred background", "jpeg-decoder-*/benches/large_image.jpg"),
    ("a peony, blurred background", "rust-embed-*/examples/public/images/flower.jpg"),
]


def places():
    """The photographs that are there as (what, file), and what is missing."""
    found, missing = [], []
    for what, place in PHOTOS:
        file = pictures.SAMPLES / place
        if not file.exists():
            file = next(iter(sorted(CRATES.glob(f"*/{place}"))), None) if isinstance(place, str) else None
        (found if file else missing).append((what, file))
    found.append(("rock walls with a sensor's grain: noise", pictures.hard_photo()))
    return found, [what for what, _ in missing]


def reference(source, width, height, file):
    """The judge's own rendition: Pillow's decoder, LittleCMS, Lanczos."""
    picture = ImageOps.exif_transpose(Image.open(source))
    profile = picture.info.get("icc_profile")
    if profile and picture.mode == "RGB":
        picture = ImageCms.profileToProfile(picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), pictures.SRGB)
    picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS).save(file)


def judged(reference_file, files):
    """For each file its bytes, SSIMULACRA2, and butteraugli's 3-norm and maximum."""
    plain = []
    for number, file in enumerate(files):
        plain.append(FOLDER / f"judged-{number}.ppm")
        Image.open(file).convert("RGB").save(plain[-1])
    lines = run(built("score"), "--butteraugli", reference_file, *plain).splitlines()
    return [(file.stat().st_size, *map(float, line.split())) for file, line in zip(files, lines)]


def ours(source, folder, form):
    """A folder with our renditions in one format, and the CPU milliseconds of making all of them."""
    out = pictures.fresh(folder / form.replace("=", "-"))
    driver = Driver(built("pictures"), HALFTONE, source, out, pictures.QUALITY, form)
    driver.ask()
    before = driver.cpu()
    driver.ask()
    took = (driver.cpu() - before) * 1000
    driver.end()
    return out, took


def sharps(source, folder, width, height):
    """sharp's files at its qualities and the CPU milliseconds of the last. They are kept: the slow half of the run."""
    plan = [
        {"width": width, "height": height, "quality": quality, "file": str(folder / f"sharp-{quality}-{width}x{height}.avif")}
        for quality in SHARP_QUALITIES
    ]
    noted = folder / f"sharp-{width}x{height}.json"
    if not noted.exists():
        said = run(tool("node"), AVIF, source, json.dumps(plan)).splitlines()
        noted.write_text(said[-1])
    return [Path(one["file"]) for one in plan], json.loads(noted.read_text())["cpu"]


def bytes_at(score, points):
    """Bytes at a score, between two qualities or along the line through the nearest two; logarithms of bytes are taken
    as straight in the score."""
    line = sorted((mark, math.log(size)) for size, mark, *_ in points)
    for (low, less), (high, more) in zip(line, line[1:]):
        if score <= high or (high, more) == line[-1]:
            return math.exp(less + (score - low) * (more - less) / (high - low))
    raise Fault("one quality gives no line")


def compared(what, source, number):
    """The rows of one photograph, one for each size: a dictionary each."""
    folder = FOLDER / str(number)
    folder.mkdir(parents=True, exist_ok=True)
    forms = ["jpeg", *(f"avif={quality}" for quality in QUALITIES)]
    made = {form: ours(source, folder, form) for form in forms}
    sizes = [(width, height) for width, height, _ in pictures.files_in(made["jpeg"][0])]
    wanted = {min(sizes, key=lambda size: abs(max(size) - edge)) for edge in EDGES}
    rows = []
    for width, height in sorted(wanted):
        judge = folder / f"{width}x{height}.ppm"
        reference(source, width, height, judge)
        name = f"{width}x{height}"
        files = [made[form][0] / f"{name}.{'jpg' if form == 'jpeg' else 'avif'}" for form in forms]
        theirs, their_cpu = sharps(source, folder, width, height)
        jpeg, *marks = judged(judge, [*files, *theirs])
        avif, sharp = marks[: len(QUALITIES)], marks[len(QUALITIES) :]
        middle = avif[MIDDLE]
        rows.append(
            {
                "what": what,
                "size": f"{width} x {height}",
                "jpeg": jpeg,
                "avif": middle,
                "sharp": bytes_at(middle[1], sharp),
                "gap": middle[0] / bytes_at(middle[1], sharp) - 1,
                "saved": 1 - bytes_at(jpeg[1], avif) / jpeg[0],
                "cpu": (made[forms[1 + MIDDLE]][1], their_cpu),
            }
        )
    return rows


def told(marks):
    """Bytes and the three scores of one file."""
    size, score, norm, most = marks
    return f"{size / 1000:.1f} kB, {score:.1f}, {norm:.2f} / {most:.1f}"


def table(rows):
    """All rows in Markdown; scores are SSIMULACRA2, then butteraugli's 3-norm and maximum."""
    heads = ["Photograph", "Size", "JPEG", "AVIF", "AVIF for the JPEG's score", "against sharp", "CPU ladder / sharp's one"]
    lines = [heads, ["---"] * len(heads)]
    for row in rows:
        ladder, one = row["cpu"]
        lines.append(
            [row["what"], row["size"], told(row["jpeg"]), told(row["avif"]), f"{-row['saved']:+.0%}", f"{row['gap']:+.1%}"]
            + [f"{ladder / 1000:.2f} / {one / 1000:.1f} s"]
        )
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def rows():
    found, missing = places()
    made = [row for number, (what, file) in enumerate(found) for row in compared(what, file, number)]
    text = table(made)
    (FOLDER / "table.md").write_text(text + "\n")
    print(text, flush=True)
    mean = lambda key: sum(row[key] for row in made) / len(made)
    summary = [
        Row("AVIF against sharp's default effort, bytes at equal SSIMULACRA2, mean", f"{mean('gap'):+.1%}"),
        Row("the worst of them", f"{max(row['gap'] for row in made):+.1%}"),
        Row("AVIF against our JPEG, bytes at the JPEG's SSIMULACRA2, mean", f"{-mean('saved'):+.1%}"),
    ]
    notes = [f"{len(found)} photographs, {len(made)} renditions; the whole table is in docs/quality.md."]
    notes += [f"Left out, for it is not on this machine: {what}." for what in missing]
    return summary, notes
