//! The closed classes of English words, and the nouns that decide how many a subject is.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// A word of a closed class, in small letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closed {
    /// `the`, `his`, `two`: a noun follows.
    Determiner,
    /// `in`, `during`
    Preposition,
    /// `to`, before a noun or a base form.
    To,
    /// `and`, `or`, `but`
    Conjunction,
    /// `as`, `while`, `where`: a clause of its own follows, or words without a verb.
    Subordinator,
    /// `who`, `which`: the verb that follows belongs to the noun before.
    Relative,
    /// `he`, `they`
    Pronoun(Number),
    /// `is`, `has`, `will`
    Present,
    /// `was`, `had`
    Past,
    /// `also`, `not`, `together`
    Adverb,
    /// `be`, `been`, `being`
    Other,
    /// `large`: between determiner and noun.
    Adjective,
}

/// How many a noun or a verb means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    One,
    Many,
    Either,
}

impl Number {
    pub(super) fn agrees(self, other: Self) -> bool {
        self == other || self == Self::Either || other == Self::Either
    }
}

const DETERMINERS: &str = "the a an this these those some any each every no another both all several many few most his her its their our \
    my your one two three four five six seven eight nine ten eleven twelve dozen half more fewer other certain various numerous whose such";
const PREPOSITIONS: &str = "in on at of for from with by near outside inside around across along over above off through throughout into onto \
    toward towards between among amongst amid beside besides beneath under underneath behind beyond past via within without during against about \
    atop opposite aboard despite including following alongside upon per like unlike versus v vs out down up ahead due because-of next \
    concerning regarding plus except minus worth depending according apart together-with";
const SUBORDINATORS: &str = "as while when where after before since until till because if although though whereas once whenever wherever whether \
    unless so how why what";
const ADVERBS: &str = "than also still not now then too again just only even already ever never always often together today yesterday tomorrow tonight \
    here there away back home forward nearby later earlier soon once twice alone apart ahead almost well far n't overhead abroad upside \
    jointly side-by-side inside-out downtown likewise instead perhaps maybe else meanwhile";
const ADJECTIVES: &str = "new old young large small big little great good bad high low long short early late main former current late \
    local national international foreign federal public private political military civil social religious economic armed \
    injured wounded dead alive homeless unidentified unknown elderly pregnant masked topless top annual daily weekly first second third \
    fourth fifth last next final full empty huge giant massive heavy light strong weak red blue green white black yellow orange pink purple grey \
    gray brown golden silver dark bright hot cold warm cool wet dry clean dirty holy sacred central northern southern eastern western \
    northeastern northwestern southeastern southwestern upper lower same different own right left pro-government anti-government \
    own able aerial late-night makeshift damaged destroyed abandoned burnt burned lit broken fallen slain displaced detained ousted \
    jailed exiled retired traditional popular famous beautiful happy sad angry electric solar nuclear medical mental \
    supreme acting vice presidential parliamentary";

static LISTED: LazyLock<HashMap<&'static str, Closed>> = LazyLock::new(|| {
    let mut listed = HashMap::new();
    for (list, class) in [
        (DETERMINERS, Closed::Determiner),
        (PREPOSITIONS, Closed::Preposition),
        (SUBORDINATORS, Closed::Subordinator),
        (ADVERBS, Closed::Adverb),
        (ADJECTIVES, Closed::Adjective),
    ] {
        for word in list.split_whitespace() {
            listed.entry(word).or_insert(class);
        }
    }
    listed
});

/// Words in -ly that are no adverbs.
const NO_ADVERBS: &[&str] = &[
    "family",
    "assembly",
    "rally",
    "reply",
    "supply",
    "ally",
    "italy",
    "july",
    "jelly",
    "belly",
    "bully",
    "butterfly",
];

/// The class of a word in small letters.
pub(super) fn class(word: &str) -> Option<Closed> {
    Some(match word {
        "to" => Closed::To,
        "and" | "or" | "but" | "nor" | "&" => Closed::Conjunction,
        "who" | "which" | "whom" => Closed::Relative,
        "he" | "she" | "it" | "someone" | "everyone" | "everybody" | "nobody" | "somebody" => {
            Closed::Pronoun(Number::One)
        }
        "they" | "we" | "i" | "you" | "others" | "many" | "thousands" | "hundreds" | "dozens" | "tens"
        | "scores" | "millions" => Closed::Pronoun(Number::Many),
        "him" | "them" | "us" | "me" | "himself" | "herself" | "itself" | "themselves" => {
            Closed::Pronoun(Number::Either)
        }
        "is" | "are" | "am" | "has" | "have" | "does" | "do" | "will" | "can" | "may" | "must" | "shall"
        | "would" | "could" | "should" | "might" | "isn't" | "aren't" | "can't" | "won't" | "doesn't"
        | "don't" | "it's" | "he's" | "she's" | "there's" | "that's" | "they're" | "cannot" | "hasn't"
        | "haven't" => Closed::Present,
        "was" | "were" | "had" | "did" | "wasn't" | "weren't" | "hadn't" | "didn't" => Closed::Past,
        "be" | "been" | "being" | "having" | "doing" => Closed::Other,
        _ => match LISTED.get(word) {
            Some(class) => *class,
            None if word.len() > 4 && word.ends_with("ly") && !NO_ADVERBS.contains(&word) => Closed::Adverb,
            None => return None,
        },
    })
}

/// Nouns that are many without saying so, or one and many.
const MANY: &str = "people men women children police firemen firewomen policemen fishermen servicemen servicewomen clergymen businessmen lawmen \
    gunmen militiamen postmen feet teeth geese mice sheep cattle deer fish youths crewmen horsemen personnel riders troops";
const EITHER: &str = "police crowd group team family couple pair number majority crew army navy squad band public staff government navy youth \
    sheep fish deer lot handful series variety parliament half rest mass total percent species press media military infantry cavalry";

/// Nouns of one that end with an s.
const ONE: &str = "debris news tennis physics politics athletics gymnastics oasis basis crisis chassis christmas bus gas canvas atlas";

/// Nouns of one that stand without an article.
const UNCOUNTED: &str = "smoke fire water snow rain traffic debris lava ice fog mist sunlight light police sun wind sand dust mud oil blood \
    lightning flooding steam ash heat business life work news food everyone nobody man woman boy girl child father mother son daughter \
    sister brother husband wife president minister actor actress singer player coach driver soldier officer firefighter teacher student \
    worker farmer doctor nurse pope king queen prince princess senator governor mayor chancellor premier leader commander captain general";

static COUNTED: LazyLock<HashMap<&'static str, Number>> = LazyLock::new(|| {
    let many = MANY.split_whitespace().map(|word| (word, Number::Many));
    let one = ONE.split_whitespace().map(|word| (word, Number::One));
    one.chain(many).chain(EITHER.split_whitespace().map(|word| (word, Number::Either))).collect()
});

static UNCOUNTED_NOUNS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| UNCOUNTED.split_whitespace().collect());

/// How many a noun means, as far as its form says.
pub(super) fn number(word: &str) -> Number {
    let bare = word.trim_end_matches('\'');
    if let Some(number) = COUNTED.get(bare) {
        return *number;
    }
    if bare.len() > 4 && bare.ends_with("men") {
        return Number::Many;
    }
    let plural = bare.ends_with('s')
        && !["ss", "us", "sis", "xis", "nnis", "aris"].iter().any(|end| bare.ends_with(end));
    if plural { Number::Many } else { Number::One }
}

/// Adjectives that mean people behind `the`: `the missing`.
pub(super) fn means_people(word: &str) -> bool {
    [
        "public",
        "dead",
        "missing",
        "injured",
        "wounded",
        "homeless",
        "elderly",
        "poor",
        "faithful",
        "military",
        "unemployed",
        "sick",
        "young",
        "displaced",
        "blind",
        "rich",
        "living",
        "fallen",
        "accused",
    ]
    .contains(&word)
}

/// Whether a noun of one may stand without an article.
pub(super) fn is_uncounted(word: &str) -> bool {
    UNCOUNTED_NOUNS.contains(word)
}
