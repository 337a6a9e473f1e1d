"""Compares pictures that the colour step converted with what LittleCMS (through Pillow) makes of the same samples.

Reads cases from a folder, one a line of cases.txt: name, mode (RGB, CMYK, L), pixels. Beside it lie NAME.in (samples),
NAME.icc (profile) and NAME.out (our sRGB samples). Prints for each case its name and the mean and 99th percentile of
CIE Delta E 2000.
"""

import io
import pathlib
import sys

import numpy as np
from PIL import Image, ImageCms


def lab(srgb):
    """sRGB samples of 8 bits to CIE L*a*b* under D65."""
    value = srgb.astype(np.float64) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    matrix = np.array(
        [
            [0.4123908, 0.3575843, 0.1804808],
            [0.2126390, 0.7151687, 0.0721923],
            [0.0193308, 0.1191948, 0.9505322],
        ]
    )
    xyz = linear @ matrix.T / np.array([0.9504559, 1.0, 1.0890578])
    root = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.stack(
        [
            116 * root[:, 1] - 16,
            500 * (root[:, 0] - root[:, 1]),
            200 * (root[:, 1] - root[:, 2]),
        ],
        axis=1,
    )


def delta_e_2000(one, other):
    """CIE Delta E 2000 (CIE 142-2001), with all weights one."""
    (l1, a1, b1), (l2, a2, b2) = one.T, other.T
    mean_chroma = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    scale = 1.5 - 0.5 * np.sqrt(mean_chroma**7 / (mean_chroma**7 + 25.0**7))
    a1, a2 = a1 * scale, a2 * scale
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    grey = c1 * c2 == 0
    turn = h2 - h1
    turn = np.where(turn > 180, turn - 360, np.where(turn < -180, turn + 360, turn))
    turn = np.where(grey, 0, turn)
    d_hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn) / 2)
    d_light, d_chroma = l2 - l1, c2 - c1
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    total = h1 + h2
    hue = np.where(
        grey,
        total,
        np.where(
            np.abs(h1 - h2) <= 180,
            total / 2,
            np.where(total < 360, (total + 360) / 2, (total - 360) / 2),
        ),
    )
    t = (
        1
        - 0.17 * np.cos(np.radians(hue - 30))
        + 0.24 * np.cos(np.radians(2 * hue))
        + 0.32 * np.cos(np.radians(3 * hue + 6))
        - 0.20 * np.cos(np.radians(4 * hue - 63))
    )
    rotation = 60 * np.exp(-(((hue - 275) / 25) ** 2))
    weight = 2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7))
    s_light = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    s_chroma, s_hue = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    x, y, z = d_light / s_light, d_chroma / s_chroma, d_hue / s_hue
    return np.sqrt(np.maximum(x * x + y * y + z * z - weight * np.sin(np.radians(rotation)) * y * z, 0))


def check_formula():
    """Three pairs of the published test data (Sharma, Wu, Dalal 2005)."""
    pairs = [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
    ]
    for one, other, expected in pairs:
        got = delta_e_2000(np.array([one]), np.array([other]))[0]
        assert abs(got - expected) < 1e-3, (one, other, got, expected)


def compare(folder, name, mode, pixels):
    source = Image.frombytes(mode, (pixels, 1), (folder / f"{name}.in").read_bytes())
    profile = ImageCms.ImageCmsProfile(io.BytesIO((folder / f"{name}.icc").read_bytes()))
    target = ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(
        source, profile, target, ImageCms.Intent.PERCEPTUAL, outputMode="RGB"
    )
    theirs = np.asarray(converted).reshape(-1, 3)
    ours = np.frombuffer((folder / f"{name}.out").read_bytes(), dtype=np.uint8).reshape(-1, 3)
    error = delta_e_2000(lab(theirs), lab(ours))
    print(name, f"{error.mean():.4f}", f"{np.percentile(error, 99):.4f}")


def main():
    check_formula()
    folder = pathlib.Path(sys.argv[1])
    for line in (folder / "cases.txt").read_text().splitlines():
        name, mode, pixels = line.split()
        compare(folder, name, mode, int(pixels))


main()
