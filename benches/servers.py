"""Servers: a site on PostgreSQL and in a bucket, on more than one machine. What a request costs there, against a site
with SQLite and its own folder, and how soon each machine shows what was published."""

import json
import math
import os
import shutil
import subprocess
from contextlib import ExitStack, contextmanager

from machine import HALFTONE, ROOT, ROUNDS, WORK, Fault, Server, built, free_port, get, median, run, tool
from reprinting import until_avif
from serving import LUA, SLUG, counter, demo, halftone, measured, picture_of, story_paths
from table import Row, kilobytes

STORIES = 200
CACHE = 1 << 20
HERE, THERE = "SQLite and the folder", "PostgreSQL and the bucket"
MOST = 1.05
NODES = 2
TIMES = 200
SMALL, SMALL_SLUG, SMALL_PHOTOS = "Two photographs", "two-photographs", ("fig.jpg", "two-dogs.jpg")


def told(name):
    """A variable by which ./dev says where its servers are."""
    if name not in os.environ:
        raise Fault(f"{name} is not set; run the bench through ./dev bench, which starts PostgreSQL and Garage.")
    return os.environ[name]


def psql(url):
    return [tool("psql"), url, "-q", "-v", "ON_ERROR_STOP=1"]


def sql(statement, url=None):
    run(*psql(url or told("HALFTONE_TEST_POSTGRES")), "-c", statement)


def database(name):
    """The address of a new database; one of this name that an earlier round made goes."""
    sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    sql(f"CREATE DATABASE {name}")
    return f"{told('HALFTONE_TEST_POSTGRES').rsplit('/', 1)[0]}/{name}"


def elsewhere(name):
    """The sections of halftone.toml that put a new site on the servers."""
    return (
        f'[database]\nurl = "{database(f"bench_{name}")}"\n'
        f'[blobs]\nurl = "s3://halftone/bench-{os.getpid()}/{name}"\n'
        f'endpoint = "{told("HALFTONE_TEST_S3")}"\nregion = "garage"\n'
        f'access_key = "{told("HALFTONE_TEST_S3_KEY")}"\nsecret_key = "{told("HALFTONE_TEST_S3_SECRET")}"\n'
    )


def reading_site(name, data, settings):
    """A data folder with many published stories, and the port of its metrics."""
    metrics = free_port()
    serve = f'[serve]\nthreads = 1\ncache_bytes = {CACHE}\nmetrics_listen = "127.0.0.1:{metrics}"\n'
    demo(data, serve + settings)
    run(built("archive"), "stories", data, SLUG, STORIES - 1)
    paths = story_paths(data)
    if len(paths) != STORIES:
        raise Fault(f"{len(paths)} stories stand on {name}")
    (data / "paths.txt").write_text("".join(f"{path}\n" for path in paths))
    (data / "paths.lua").write_text(LUA % (data / "paths.txt"))
    return metrics, paths


def requests():
    """What each kind of request costs on both sites, in five rounds in which they take turns; and the share of answers that
    were not in memory in the rows of misses."""
    places = {HERE: (WORK / "servers-here", ""), THERE: (WORK / "servers-there", elsewhere("reading"))}
    sites = {name: reading_site(name, *place) for name, place in places.items()}
    found, missed = {}, {name: [] for name in places}
    with ExitStack() as running:
        nodes = {name: running.enter_context(halftone(data, free_port())) for name, (data, _) in places.items()}
        kinds = {}
        for name, node in nodes.items():
            for path in sites[name][1]:
                get(node.port, path)  # brought from the bucket to the disk before anything is measured
            picture, size = picture_of(node.port)
            kinds[name] = {
                "Story page, hit, Brotli": {"path": "/story/" + SLUG, "coding": "br"},
                f"A picture of {kilobytes(size)}": {"path": picture, "coding": "identity"},
                "Story page, miss in memory, hit on the disk": {"lua": places[name][0] / "paths.lua"},
            }
        if kinds[HERE].keys() != kinds[THERE].keys():
            raise Fault(f"the pictures are not of one size: {list(kinds[HERE])} and {list(kinds[THERE])}")
        for _ in range(ROUNDS):
            for kind in kinds[HERE]:
                for name, node in nodes.items():
                    metrics = sites[name][0]
                    before = counter(metrics, "hit"), counter(metrics, "miss")
                    cost = measured(node.pid, port=node.port, **kinds[name][kind])
                    found.setdefault(kind, {HERE: [], THERE: []})[name].append(cost)
                    if "miss" in kind:
                        hits, misses = counter(metrics, "hit") - before[0], counter(metrics, "miss") - before[1]
                        missed[name].append(misses / (hits + misses))
    for data, _ in places.values():
        shutil.rmtree(data)
    return found, {name: median(shares) for name, shares in missed.items()}


def cost_row(kind, found):
    here, there = (median([one[1] for one in found[name]]) for name in (HERE, THERE))
    rates = [median([one[0] for one in found[name]]) for name in (THERE, HERE)]
    value = (
        f"CPU a request {there:.2f} / {here:.2f} µs = {there / here:.3f}x; "
        f"{rates[0]:,.0f} / {rates[1]:,.0f} requests a second"
    )
    return Row(f"{kind}: {THERE} / {HERE}", value, "at most 5 % more CPU", there <= MOST * here)


@contextmanager
def working(data):
    """A process that works and answers nobody, as long as the block lasts."""
    with open(WORK / "servers.log", "a", encoding="utf-8") as log:
        child = subprocess.Popen([str(HALFTONE), "work", "--data", str(data)], stdout=log, stderr=log)
    try:
        yield
    finally:
        child.terminate()
        child.wait()


def machine(name, settings):
    """A machine's own data folder, empty but for its settings."""
    data = WORK / f"servers-{name}"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    (data / "halftone.toml").write_text(settings)
    return data


def spreading():
    """Milliseconds from each decision until the first machine and until all machines show the story."""
    settings = elsewhere("spreading")
    desk, worker, *fronts = (machine(name, settings) for name in ("desk", "worker", *(f"node-{n}" for n in range(NODES))))
    photos = [ROOT / "samples" / photo for photo in SMALL_PHOTOS]
    run(HALFTONE, "ingest", *photos, "--story", SMALL, "--data", desk)
    run(HALFTONE, "publish", SMALL, "--allow-missing", "alt", "--data", desk)
    with ExitStack() as running:
        running.enter_context(working(worker))
        nodes = []
        for data in fronts:
            port = free_port()
            words = [HALFTONE, "serve", "--no-work", "--data", data, "--listen", f"127.0.0.1:{port}"]
            nodes.append(running.enter_context(Server(words, port, "/readyz")))
        until_avif(nodes[0].port, SMALL_SLUG)
        addresses = [f"127.0.0.1:{node.port}" for node in nodes]
        said = run(built("archive"), "decide", desk, SMALL_SLUG, TIMES, *addresses)
    for data in (desk, worker, *fronts):
        shutil.rmtree(data)
    return [json.loads(line) for line in said.splitlines()]


def percentile(values, share):
    """The smallest value that is not less than so large a share of all."""
    return sorted(values)[math.ceil(len(values) * share) - 1]


def spread_rows(times):
    every, apart = [time["all"] for time in times], [time["all"] - time["first"] for time in times]
    each = lambda values: f"p50 {percentile(values, 0.5):.0f} ms, p99 {percentile(values, 0.99):.0f} ms, slowest {max(values):.0f} ms"
    return [
        Row("Publish, decided to shown by both serving machines", each(every), "p99 under 1 s", percentile(every, 0.99) < 1000),
        Row("the same, from the first machine that shows it to the other", each(apart)),
    ]


def rows():
    found, missed = requests()
    table = [cost_row(kind, costs) for kind, costs in found.items()]
    table += spread_rows(spreading())
    return table, [
        f"Two serving processes without background work on one core, {STORIES} stories in each site, a cache of {CACHE >> 20} MB "
        f"in memory; every page was brought from the bucket to the disk before. In the rows of misses {missed[THERE]:.0%} and "
        f"{missed[HERE]:.0%} of the answers were not in memory.",
        f"{TIMES} stories of {len(SMALL_PHOTOS)} photos, one after the other: a process decides, another one works, two serve. The "
        "time begins when the publishing transaction is committed; the next story is published as soon as both machines show the last.",
        "PostgreSQL has its default settings and syncs; Garage is one node, an unoptimised build. All of them share the two cores.",
    ]
