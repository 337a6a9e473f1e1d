"""Checks of captions: a story of 100 slides, as it is checked while somebody types and when it is published."""

from machine import Fault, run, tool
from table import Row

LIMIT = 5.0


def measured():
    """Milliseconds by name: median and slowest of a hundred runs."""
    words = ("run", "--locked", "--release", "--quiet", "-p", "newsroom", "--example", "checks")
    lines = [line.split() for line in run(tool("cargo"), *words).splitlines()]
    times = {name: [float(value) for value in values] for name, *values in lines}
    if not {"checks_ms", "with_firewall_ms", "first_ms"} <= times.keys():
        raise Fault(f"the measurement of the checks said {lines}")
    return times


def rows():
    times = measured()
    median, slowest = times["checks_ms"]
    whole, slowest_whole = times["with_firewall_ms"]
    return [
        Row(
            "100 slides checked, AP's style: median (slowest of 100)",
            f"{median:.1f} ms ({slowest:.1f})",
            f"less than {LIMIT:.0f} ms",
            median < LIMIT,
        ),
        Row("the same, with the reading of each caption before it", f"{whole:.1f} ms ({slowest_whole:.1f})"),
        Row("the first story that a process checks", f"{times['first_ms'][0]:.1f} ms"),
    ], ["One thread; half of the captions are blamed for something, and each is read with the sign-off in it."]
