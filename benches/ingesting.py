"""Ingesting: 200 photos of about 8 MB, from warm cache, until the draft stands and until all are in."""

import io
import json
import os
import shutil
import signal
import subprocess
import time

from PIL import Image

from machine import HALFTONE, WORK, Fault, run
from pictures import hard_photo
from table import Row

FOLDER, DATA, COPY = WORK / "ingest-photos", WORK / "ingest-data", WORK / "ingest-copy"
PHOTOS = 200
BYTES = 8e6
STORY = "Two hundred photos"


def tables(jpeg):
    """Where the first quantisation table's 64 values begin."""
    at = 2
    while jpeg[at + 1] != 0xDB:
        at += int.from_bytes(jpeg[at + 2 : at + 4]) + 2
    return at + 5


def photos():
    """200 files that differ in picture and metadata: one of 8 MB, each with other values for the finest detail in its
    quantisation table, and with its own time."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    source = Image.open(hard_photo())
    for quality in range(93, 99):
        made = io.BytesIO()
        source.save(made, "JPEG", quality=quality, subsampling="4:2:2", xmp=source.info["xmp"], exif=stamped(source, 0))
        if made.tell() >= BYTES:
            break
    jpeg = made.getvalue()
    head, at = stamped(source, 0), tables(jpeg)
    for number in range(PHOTOS):
        one = bytearray(jpeg.replace(head, stamped(source, number)))
        one[at + 63] = 1 + number % 15
        one[at + 62] = 1 + number // 15
        (FOLDER / f"DSC_{number:04}.jpg").write_bytes(one)
    return sum(file.stat().st_size for file in FOLDER.iterdir())


def stamped(source, number):
    """EXIF with a time of its own, always of one length."""
    exif = Image.Exif()
    exif[0x010E] = source.getexif().get(0x010E, "")
    exif.get_ifd(0x8769)[0x9003] = f"2026:05:0{1 + number // 100} 12:{number % 100 // 60:02}:{number % 60:02}"
    return exif.tobytes()


def read_all():
    for file in FOLDER.iterdir():
        file.read_bytes()


def floor():
    """cp and sync of the same files, the folders synced too."""
    shutil.rmtree(COPY, ignore_errors=True)
    COPY.mkdir()
    begun = time.monotonic()
    files = [str(file) for file in FOLDER.iterdir()]
    subprocess.run(["cp", *files, COPY], check=True)
    subprocess.run(["sync", *(str(COPY / os.path.basename(file)) for file in files), COPY], check=True)
    took = time.monotonic() - begun
    shutil.rmtree(COPY)
    return took


def ingested():
    """Seconds until the facts of all photos are read, until the draft was seen with all slides and captions by another
    process, and until the last photo is reported in."""
    shutil.rmtree(DATA, ignore_errors=True)
    begun = time.monotonic()
    words = [HALFTONE, "ingest", FOLDER, "--story", STORY, "--data", DATA, "--json"]
    child = subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE, text=True)
    slug, reported, looked, stands, draft = None, 0, None, None, 0
    for line in child.stdout:
        told = json.loads(line)
        if "slug" in told and slug is None:
            # The story is opened when every photo was looked at.
            slug, looked = told["slug"], time.monotonic() - begun
        if "drafted" in told:
            draft = standing(slug)
            stands = time.monotonic() - begun
        reported += "in" in told
        if reported == PHOTOS:
            break
    all_in = time.monotonic() - begun
    # What follows is developing, which the picture rows measure.
    child.send_signal(signal.SIGINT)
    child.communicate()
    if draft != PHOTOS:
        raise Fault(f"the draft has {draft} slides with captions")
    return looked, stands, all_in


def standing(slug):
    """Slides of the draft with a photo whose caption is shown."""
    text = run(HALFTONE, "story", "get", slug, "--data", DATA)
    return text.count("[[slide]]") - text.count('caption = ""')


def rows():
    total = photos()
    read_all()
    base = floor()
    looked, stands, all_in = ingested()
    for folder in (FOLDER, DATA):
        shutil.rmtree(folder)
    rate = total / 1e6 / all_in
    return [
        Row(f"{PHOTOS} photos, {total / 1e9:.2f} GB: the draft with captions stands", f"{stands:.1f} s (facts read {looked:.1f} s)", "2 s", stands <= 2),
        Row(
            "all reported in: copied, hashed, synced",
            f"{all_in:.1f} s, {rate:.0f} MB a second; cp and sync of the same files {base:.1f} s: {all_in / base:.2f}x",
        ),
    ], []
