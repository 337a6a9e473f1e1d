//! Words that tell what stands beside them.

use super::lexicon::Forms;

/// What is said behind these may well be in the present.
pub(super) const REPORTING: &[&str] = &["said", "told", "thought", "believed"];

/// Nouns that others are put before.
#[rustfmt::skip]
pub(super) const COMPOUNDS: &[&str] = &[
    "line", "wave", "rally", "march", "strike", "attack", "camp", "show", "call", "fire", "match", "race", "fight",
    "protest", "parade", "drive", "block", "post", "board", "band", "crash", "tower", "house", "park", "boat",
    "cut", "work", "force", "guard", "shop", "store", "light", "water", "head", "project", "plant", "ship", "stop",
    "point", "base", "tank", "track", "trail", "train", "truck", "mask", "film", "book", "gun", "name", "sign",
    "storm", "break", "box", "screen", "campaign", "test", "transfer", "track", "ring", "record", "range", "post",
    "play", "place", "pool", "press", "price", "report", "review", "road", "rock", "round", "row", "school",
    "season", "set", "shelter", "side", "space", "stage", "state", "station", "study", "support", "surface",
    "talk", "target", "team", "tour", "trade", "vote", "wall", "war", "watch", "win", "clash", "blast", "bomb",
    "battle", "burn", "cast", "challenge", "change", "charge", "circle", "cover", "crowd", "dance", "deal",
    "debate", "design", "display", "exercise", "exchange", "farm", "fence", "field", "flood", "flow", "form",
    "frame", "front", "group", "interview", "jump", "kit", "lock", "map", "market", "mass", "mine", "mirror",
    "model", "offer", "order", "pass", "patrol", "plan", "plot", "plate", "pump", "raid", "rescue", "return",
    "ride", "rush", "sale", "search", "service", "shot", "slide", "sport", "step", "strip", "surge", "swim",
    "swing", "visit", "walk", "wash", "wheel", "fall", "feast", "fish", "lead", "land", "league", "lift",
    "display", "experience", "mount", "seat",
];

/// Who acts though the word is no person's.
#[rustfmt::skip]
pub(super) const ACTORS: &[&str] = &[
    "president", "pope", "king", "queen", "team", "club", "party", "union", "group", "family", "army", "police",
    "government", "opposition", "church", "victim", "country", "city", "town", "village", "region", "movement",
    "militia", "company", "factory", "people", "public", "community", "school", "university", "navy", "crew",
    "staff", "students", "prince", "princess", "candidate", "refugee", "refugees", "bride", "couple", "community",
    "tribe", "guild", "choir", "orchestra", "squad", "corps", "forces", "child", "children",
];

/// What shows people rather than is one.
#[rustfmt::skip]
pub(super) const SHOWING: &[&str] = &[
    "photo", "photos", "picture", "pictures", "image", "images", "portrait", "portraits", "view", "poster",
    "posters", "painting", "mural", "footage", "video", "scene", "scenes", "crowd", "crowds", "line", "lines",
    "sea", "rows", "row",
];

/// Verbs whose participle is followed by a name: `a man named Jones`.
#[rustfmt::skip]
pub(super) const NAMING: &[&str] = &[
    "named", "called", "dubbed", "nicknamed", "titled", "entitled", "labelled", "labeled", "marked", "considered",
    "aged",
];

/// A word in -ed or -ing that the lexicon does not have.
pub(super) fn guessed(word: &str) -> Option<Forms> {
    const NO_VERBS: &[&str] = &[
        "hundred",
        "kindred",
        "sacred",
        "wicked",
        "naked",
        "wooded",
        "speed",
        "breed",
        "seed",
        "weed",
        "need",
        "shed",
        "bed",
        "red",
        "sled",
        "crowded",
        "morning",
        "evening",
        "king",
        "ring",
        "wing",
        "spring",
        "string",
        "thing",
        "building",
        "ceiling",
        "sibling",
        "duckling",
        "wedding",
        "something",
        "nothing",
        "everything",
        "anything",
        "outing",
        "pudding",
        "viking",
        "clothing",
        "beijing",
        "parking",
        "housing",
        "railing",
        "ping",
        "aged",
    ];
    let plain = word.len() > 4 && !word.contains('-') && !NO_VERBS.contains(&word);
    if plain && word.ends_with("ing") {
        return Some(Forms { ing: true, ..Forms::default() });
    }
    (plain && word.ends_with("ed")).then(|| Forms {
        past_or_participle: true,
        intransitive: true,
        ..Forms::default()
    })
}
