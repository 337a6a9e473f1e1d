"""The rules of Media RSS: `media_rss.py CASES FEED...` tries them on cases and demands them of feeds.

The rules are those of the specification, version 1.5.1. A case is a document whose comment says `Expect:` and then the
code of the rule that it breaks, or `!Error`, `!Code` or `ValidSomething` when it breaks none.
"""

import html.entities
import re
import sys
from pathlib import Path

from lxml import etree
from lxml.html import defs

NAMESPACE = "http://search.yahoo.com/mrss/"
NAMES = set(
    "adult backLink backLinks category comment comments community content copyright credit description embed group"
    " hash keywords license location param peerLink player price rating response responses restriction rights scene"
    " sceneDescription sceneEndTime scenes sceneStartTime sceneTitle starRating statistics status subTitle tags text"
    " thumbnail title".split()
)
COUNTRIES = set(
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ"
    " CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO"
    " FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE"
    " JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO"
    " MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW"
    " PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM"
    " TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW".split()
)
# ISO 639-1; a language without two letters has three, and those are taken on trust.
LANGUAGES = set(
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en"
    " eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja"
    " jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb"
    " nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq"
    " sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh"
    " zu".split()
)
# Of the EBU's roles those that a picture, its text or the specification's own examples have.
ROLES = {
    *"actor artist author composer conductor correspondent dancer director distributor editor illustrator".split(),
    *"interviewer journalist musician narrator participant photographer producer translator writer".split(),
    *{"art director", "broadcast journalist", "camera operator", "director of photography", "editor-in-chief"},
    *{"executive producer", "graphic designer", "production company"},
}
RATINGS = {
    "urn:simple": r"adult|nonadult",
    "urn:mpaa": r"g|pg|pg-13|r|nc-17|nr",
    "urn:v-chip": r"tv-(y|y7|y7-fv|g|pg|14|ma)",
    "urn:icra": r"r \([clnov][a-z] [01]( [clnov][a-z] [01])*\)",
}
NPT = r"now|[0-9]+(\.[0-9]*)?|[0-9]+:[0-5]?[0-9]:[0-5]?[0-9](\.[0-9]*)?"
PLACE = r"(?i:https?|ftp|rtsp|mms)://[^/?#@]+([/?#].*)?"
PARAMETER = r"\s*;\s*[\w!#$&^.+-]+=([\w!#$&^.+-]+|\"[^\"]*\")"
URI_CHARACTERS = r"([A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"
TAG = re.compile(
    r"<(/?)([a-z][a-z0-9:-]*)(?:\s+[^\s\"'<>/=]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>=`]+))?)*\s*(/?)>",
    re.IGNORECASE,
)
REFERENCE = re.compile(r"&(?:#[0-9]+|#x[0-9a-f]+|([a-z][a-z0-9]*));", re.IGNORECASE)
ELEMENTS = defs.tags | {"bdi", "main", "picture", "template", "data", "dialog", "search", "slot"}
ENDS_BY_ITSELF = defs.empty_tags | set("p li dt dd option optgroup thead tbody tfoot tr td th rt rp colgroup".split())

LINK, SCHEME = ("InvalidFullLink", PLACE), ("InvalidFullLink", rf"{PLACE}|urn:[A-Za-z0-9-]+(:.+)?|tag:.+")
LANG = ("InvalidLanguage", rf"(?i:({'|'.join(sorted(LANGUAGES))}|[a-z]{{3}})(-[a-z0-9]{{1,8}})*)")
MIME = ("InvalidMIMEAttribute", rf"[\w!#$&^.+-]+/[\w!#$&^.+-]+({PARAMETER})*")
TIME, TEXT = ("InvalidNPTTime", NPT), ("InvalidMediaTextType", "plain|html")
REAL, WHOLE = ("InvalidFloat", r"[0-9]+(\.[0-9]+)?"), ("InvalidInteger", "[0-9]+")
SIZE = ("InvalidPositiveInteger", "0*[1-9][0-9]*")
SIZED = {"height": SIZE, "width": SIZE}
# What an element's attributes may be: the code when they are not, and the pattern. An attribute that is lacking here
# is none of Media RSS.
ATTRIBUTES = {
    "group": {},
    "content": {
        **{"url": LINK, "type": MIME, "lang": LANG, "bitrate": REAL, "framerate": REAL, "samplingrate": REAL},
        **{"channels": WHOLE, "duration": WHOLE, "fileSize": SIZE, **SIZED},
        "medium": ("InvalidMediaMedium", "image|audio|video|document|executable"),
        "isDefault": ("InvalidBoolean", "true|false"),
        "expression": ("InvalidMediaExpression", "sample|full|nonstop"),
    },
    "rating": {"scheme": SCHEME},
    "title": {"type": TEXT},
    "description": {"type": TEXT},
    "keywords": {},
    "thumbnail": {"url": LINK, "time": TIME, **SIZED},
    "category": {"scheme": SCHEME, "label": ("", ".*")},
    "hash": {"algo": ("InvalidMediaHash", "md5|sha-1")},
    "player": {"url": LINK, **SIZED},
    "credit": {"scheme": SCHEME, "role": ("InvalidCreditRole", "[^A-Z]+")},
    "copyright": {"url": LINK},
    "text": {"type": TEXT, "lang": LANG, "start": TIME, "end": TIME},
    "restriction": {
        "relationship": ("InvalidMediaRestrictionRel", "allow|deny"),
        "type": ("InvalidMediaRestrictionType", "country|uri|sharing"),
    },
    "license": {"href": LINK, "type": MIME},
}
NEEDED = {"player": "url", "thumbnail": "url", "restriction": "relationship"}


def marked_up(text):
    """Whether a text has tags or references of HTML in it, which a plain text has not."""
    tags = any(tag[2].lower() in ELEMENTS for tag in TAG.finditer(text))
    return tags or any(not one[1] or f"{one[1]};" in html.entities.html5 for one in REFERENCE.finditer(text))


def well_formed(text):
    """Whether each `<` of HTML begins a tag or a comment, and each element that must end does so in its turn."""
    text, opened = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL), []
    for tag in TAG.finditer(text):
        closing, name, alone = tag[1], tag[2].lower(), tag[3]
        if name in ENDS_BY_ITSELF or alone:
            continue
        if not closing:
            opened.append(name)
        elif not opened or opened.pop() != name:
            return False
    return not opened and "<" not in TAG.sub("", text)


def of_content(name, element, text):
    """The codes of what an element says, each with the words at fault where they are short."""
    kind, scheme = element.get("type", "plain"), element.get("scheme")
    if name in {"title", "description", "text"}:
        if kind == "html" and not well_formed(text):
            yield "NotHtml", ""
        if kind == "plain" and marked_up(text):
            yield "ContainsUndeclaredHTML", ""
    if name in {"category", "copyright", "keywords", "license", "credit"} and marked_up(text):
        yield "ContainsHTML", ""
    if name == "credit" and scheme in {None, "urn:ebu"} and element.get("role", "author").lower() not in ROLES:
        yield "InvalidCreditRole", element.get("role")
    if name == "hash":
        digits = {"md5": 32, "sha-1": 40}.get(element.get("algo", "md5"), 0)
        if digits and not re.fullmatch(f"[0-9a-fA-F]{{{digits}}}", text):
            yield "InvalidMediaHash", text
    if name == "rating" and not re.fullmatch(RATINGS.get(scheme or "urn:simple", ".+"), text):
        yield "InvalidMediaRating", text
    if name == "restriction" and "type" not in element.attrib and text not in {"", "all", "none"}:
        yield "InvalidMediaRestriction", text
    if name == "adult":
        yield "DeprecatedMediaAdult", ""
    for word in text.split() if name == "restriction" else []:
        if kind == "country" and word.upper() not in COUNTRIES:
            yield "InvalidCountryCode", word
        if kind == "uri" and not (re.fullmatch(PLACE, word) and re.fullmatch(URI_CHARACTERS, word)):
            yield "InvalidFullLink", word


def of_attributes(name, element):
    """The codes of an element's attributes, with the attribute and its value."""
    known = ATTRIBUTES.get(name)
    for attribute, value in element.attrib.items() if known is not None else []:
        if attribute.startswith("{"):
            continue
        code, pattern = known.get(attribute, ("UnexpectedAttribute", "(?!)"))
        if code == "InvalidFullLink" and not re.fullmatch(URI_CHARACTERS, value):
            yield "InvalidUriChar", attribute, value
        elif not re.fullmatch(pattern, value, re.DOTALL):
            yield code, attribute, value
    if marked_up(element.get("label", "")):
        yield "ContainsHTML", "label", ""
    if name in NEEDED and NEEDED[name] not in element.attrib:
        yield "MissingAttribute", NEEDED[name], ""
    near = [*element, *element.getparent()]
    if name == "content" and "url" not in element.attrib and f"{{{NAMESPACE}}}player" not in [one.tag for one in near]:
        yield "MissingAttribute", "url", ""


def of_place(name, element):
    """The codes of where an element stands and of what stands beside and in it."""
    parent = element.getparent()
    within = etree.QName(parent).localname
    if name not in NAMES:
        yield "UndefinedElement"
    if name in {"title", "description", "copyright"} and parent.find(element.tag) is not element:
        yield "DuplicateElement"
    if name in {"group", "content"} and within not in {"item", "entry", "group"} or name == within == "group":
        yield "MisplacedElement"
    if name == "group":
        inside = element.findall(element.tag.replace("}group", "}content"))
        if len(inside) < 2:
            yield "MediaGroupWithoutAlternatives"
        if sum(one.get("isDefault") == "true" for one in inside) > 1:
            yield "DuplicateDefault"


def broken(document):
    """The rules that a document breaks: a set of (code, element, attribute, value), empty where they do not apply."""
    found = set()
    for element in etree.parse(str(document), etree.XMLParser(resolve_entities=False, no_network=True)).iter("{*}*"):
        if any(name != NAMESPACE and name.startswith(NAMESPACE.rstrip("/")) for name in element.nsmap.values()):
            found.add(("MediaRssNamespace", "", "", ""))
        if not (element.tag.startswith("{" + NAMESPACE.rstrip("/")) and element.getparent() is not None):
            continue
        name, text = etree.QName(element).localname, "".join(element.itertext()).strip()
        label = f"media:{name}"
        found |= {(code, label, "", "") for code in of_place(name, element)}
        found |= {(code, label, attribute, value) for code, attribute, value in of_attributes(name, element)}
        found |= {(code, label, "", value) for code, value in of_content(name, element, text)}
    return found


def told(faults):
    return "; ".join(" ".join(filter(None, one)) for one in sorted(faults)) or "nothing"


def differs(case):
    """What is wrong with how the rules judge a case, or nothing."""
    faults = broken(case)
    expected = re.search(r"Expect:\s*(!?)(\w+)(?:\{(.*?)\})?", case.read_text(encoding="utf-8", errors="replace"))
    if not expected:
        return f"{case.name} does not say what it expects"
    negated, code, where = expected.groups()
    if negated or code.startswith("Valid"):
        return faults and f"{case.name} breaks no rule, yet is said to: {told(faults)}"
    words = {pair.split(":", 1)[1] for pair in (where or "").split(",") if pair}
    meant = {one for one in faults if code in {"Error", one[0]} and words <= set(one)}
    # Many cases put one photo into a group, which is a fault beside theirs.
    others = {one for one in faults - meant if one[0] != "MediaGroupWithoutAlternatives"}
    if not meant or others:
        return f"{case.name} breaks {code} {where or ''}, yet is said to break: {told(faults)}"
    return None


def judged(cases):
    """The sentences on the cases of a folder whose judgement is not the expected one."""
    files = sorted(Path(cases).glob("*.xml"))
    return [said for said in map(differs, files) if said] if files else [f"no cases of Media RSS in {cases}"]


def rules_of(feed):
    """The sentences on the rules that a feed breaks."""
    return [f"{Path(feed).name} breaks a rule of Media RSS: {told([one])}" for one in sorted(broken(feed))]


if __name__ == "__main__":
    wrong = judged(sys.argv[1]) + [said for feed in sys.argv[2:] for said in rules_of(feed)]
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)
