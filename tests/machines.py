"""What machines read of a published story, through readers that others wrote.

Arguments: the folder with what was fetched (story.html, slide.html, feed.atom, feed.rss, tag.rss, sitemap.xml,
month.xml, news.xml), the site's address, and the folder of schemas, or nothing where there is none. Says what is wrong, a
line each, and ends with 1 then.
"""

import sys
from pathlib import Path

import extruct
import feedparser
from lxml import etree

# Read from a folder in which nothing is to be left behind.
sys.dont_write_bytecode = True
import media_rss

folder, site = Path(sys.argv[1]), sys.argv[2]
schemas = Path(sys.argv[3]) if len(sys.argv) > 3 else None
wrong = []


def demand(truth, sentence):
    if not truth:
        wrong.append(sentence)


def every(value):
    """All objects inside a value of JSON."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from every(inner)


def linked_data():
    page = (folder / "story.html").read_text(encoding="utf-8")
    read = extruct.extract(page, base_url=site, syntaxes=["json-ld", "opengraph"], uniform=True)
    items = [item for data in read["json-ld"] for item in data.get("@graph", [data])]
    kinds = {item["@type"]: item for item in items}
    article = kinds.get("NewsArticle", {})
    for field in ["headline", "datePublished", "image", "publisher", "inLanguage", "mainEntityOfPage"]:
        demand(article.get(field), f"NewsArticle has no {field}")
    demand("T" in article.get("datePublished", "") and article["datePublished"][-1:] in "Z0", "a date without its zone")
    whole = {one.get("@id"): one for one in every(items) if one.get("@type") == "ImageObject"}
    gallery = kinds.get("ImageGallery", {}).get("associatedMedia", [])
    demand(len(gallery) == 3, f"{len(gallery)} pictures in the gallery")
    for image in [whole.get(one.get("@id"), one) for one in gallery]:
        for field in ["contentUrl", "caption", "creditText", "width", "height"]:
            demand(image.get(field), f"ImageObject has no {field}: {image}")
        demand(str(image.get("contentUrl")).startswith(site), f"an address of elsewhere: {image.get('contentUrl')}")
    for name in ["story.html", "slide.html"]:
        page = (folder / name).read_text(encoding="utf-8")
        read = extruct.extract(page, base_url=site, syntaxes=["opengraph"])["opengraph"]
        graph = dict(read[0]["properties"]) if read else {}
        for field in ["og:title", "og:url", "og:image", "og:type", "og:description", "og:site_name", "og:locale"]:
            demand(graph.get(field), f"{name} has no {field}")

    slide_data()


def slide_data():
    page = (folder / "slide.html").read_text(encoding="utf-8")
    read = extruct.extract(page, base_url=site, syntaxes=["json-ld"], uniform=True)
    items = [item for data in read["json-ld"] for item in data.get("@graph", [data])]
    images = [item for item in items if item["@type"] == "ImageObject"]
    demand(len(images) == 1, f"{len(images)} pictures on the page of a slide")
    for image in images:
        for field in ["contentUrl", "caption", "creator", "creditText", "width", "height", "isPartOf"]:
            demand(image.get(field), f"the ImageObject of a slide has no {field}: {image}")
        demand(image.get("representativeOfPage") is True, "the picture of a slide is not that of its page")
        demand(str(image.get("@id")).startswith(f"{site}/story/"), f"an id of elsewhere: {image.get('@id')}")


def feeds():
    for name in ["feed.atom", "feed.rss", "tag.rss"]:
        feed = feedparser.parse((folder / name).read_bytes())
        demand(not feed.bozo, f"{name}: {feed.get('bozo_exception')}")
        demand(len(feed.entries) == 1, f"{name} has {len(feed.entries)} entries")
        for entry in feed.entries:
            demand(entry.get("link", "").startswith(site), f"{name}: a link of elsewhere: {entry.get('link')}")
            demand(entry.get("published_parsed") or entry.get("updated_parsed"), f"{name}: no date")
            media = entry.get("media_content", [])
            demand(len(media) == 3, f"{name} has {len(media)} photos")
            demand(all(one.get("width") and one.get("height") for one in media), f"{name}: a photo without its size")
            demand(entry.get("media_credit"), f"{name}: no credit")


def sitemaps():
    schema = etree.XMLSchema(etree.parse(str(schemas / "sitemap" / "all.local.xsd")))
    for name in ["sitemap.xml", "month.xml", "news.xml"]:
        tree = etree.parse(str(folder / name))
        if tree.getroot().tag.endswith("sitemapindex"):
            continue
        demand(schema.validate(tree), f"{name}: {schema.error_log}")
    atom = etree.RelaxNG(etree.parse(str(schemas / "atom" / "atom.rng")))
    demand(atom.validate(etree.parse(str(folder / "feed.atom"))), f"feed.atom: {atom.error_log}")


def media():
    """The rules of Media RSS, and the cases beside the schemas that show them to be judged rightly."""
    for name in ["feed.rss", "tag.rss"]:
        wrong.extend(media_rss.rules_of(folder / name))
    if schemas:
        wrong.extend(media_rss.judged(schemas.parent / "feeds" / "mediarss"))


linked_data()
feeds()
media()
if schemas:
    sitemaps()
print("\n".join(wrong))
sys.exit(1 if wrong else 0)
