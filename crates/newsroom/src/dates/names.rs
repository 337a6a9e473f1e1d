//! The names of months and weekdays that captions use, as data. Adding a language is adding rows here.
//!
//! Names are compared folded (lower case, without accents, vowel signs and hamza seats), so one spelling is enough
//! where spellings differ by those only. Variants stand apart by `|`; a variant may be two words.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How a language writes its names of months, which decides when a name without a year is a date at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    /// Capital letter in running text (`March`, `März`): in lower case the word means something else.
    Capital,
    /// Lower case in running text, or a script without cases (`janvier`, `января`, `يناير`).
    Any,
}

/// One usage of the twelve names, January first: full names, with their inflections.
struct Months {
    case: Case,
    names: [&'static str; 12],
}

#[rustfmt::skip]
const MONTHS: &[Months] = &[
    // English
    Months { case: Case::Capital, names: ["January", "February", "March", "April", "May", "June", "July", "August",
        "September", "October", "November", "December"] },
    // German, with the Austrian January
    Months { case: Case::Capital, names: ["Januar|Jänner", "Februar|Feber", "März|Maerz", "April", "Mai", "Juni", "Juli",
        "August", "September", "Oktober", "November", "Dezember"] },
    // French
    Months { case: Case::Any, names: ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
        "septembre", "octobre", "novembre", "décembre"] },
    // Spanish
    Months { case: Case::Any, names: ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
        "septiembre|setiembre", "octubre", "noviembre", "diciembre"] },
    // Portuguese
    Months { case: Case::Any, names: ["janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto",
        "setembro", "outubro", "novembro", "dezembro"] },
    // Italian
    Months { case: Case::Any, names: ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto",
        "settembre", "ottobre", "novembre", "dicembre"] },
    // Dutch
    Months { case: Case::Any, names: ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus",
        "september", "oktober", "november", "december"] },
    // Russian: nominative, genitive
    Months { case: Case::Any, names: ["январь|января", "февраль|февраля", "март|марта", "апрель|апреля", "май|мая",
        "июнь|июня", "июль|июля", "август|августа", "сентябрь|сентября", "октябрь|октября", "ноябрь|ноября",
        "декабрь|декабря"] },
    // Ukrainian: nominative, genitive
    Months { case: Case::Any, names: ["січень|січня", "лютий|лютого", "березень|березня", "квітень|квітня",
        "травень|травня", "червень|червня", "липень|липня", "серпень|серпня", "вересень|вересня", "жовтень|жовтня",
        "листопад|листопада", "грудень|грудня"] },
    // Polish: nominative, genitive
    Months { case: Case::Any, names: ["styczeń|stycznia", "luty|lutego", "marzec|marca", "kwiecień|kwietnia", "maj|maja",
        "czerwiec|czerwca", "lipiec|lipca", "sierpień|sierpnia", "wrzesień|września", "październik|października",
        "listopad|listopada", "grudzień|grudnia"] },
    // Turkish
    Months { case: Case::Capital, names: ["Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos",
        "Eylül", "Ekim", "Kasım", "Aralık"] },
    // Arabic after the Latin names: Egypt, the Gulf, Sudan, Libya
    Months { case: Case::Any, names: ["يناير", "فبراير", "مارس", "أبريل|إبريل", "مايو", "يونيو|يونية", "يوليو|يولية",
        "أغسطس|اغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"] },
    // Arabic after the Syriac names: Iraq, Syria, Lebanon, Jordan, Palestine
    Months { case: Case::Any, names: ["كانون الثاني|كانون ثاني", "شباط", "آذار", "نيسان", "أيار|نوار", "حزيران", "تموز",
        "آب", "أيلول", "تشرين الأول|تشرين أول", "تشرين الثاني|تشرين ثاني", "كانون الأول|كانون أول"] },
    // Arabic after the French names: Tunisia, Algeria; Morocco
    Months { case: Case::Any, names: ["جانفي", "فيفري", "مارس", "أفريل", "ماي", "جوان", "جويلية|يوليوز", "أوت|غشت",
        "شتنبر", "أكتوبر", "نونبر", "دجنبر"] },
];

/// Abbreviations, January first, by language. They are read with or without their full stop.
#[rustfmt::skip]
const SHORT_MONTHS: &[[&str; 12]] = &[
    // English, with the forms of the AP Stylebook
    ["Jan", "Feb", "Mar", "Apr", "", "Jun", "Jul", "Aug", "Sep|Sept", "Oct", "Nov", "Dec"],
    // German
    ["Jän", "", "Mrz", "", "", "", "", "", "", "Okt", "", "Dez"],
    // French
    ["janv", "févr|fév", "", "avr", "", "", "juil", "", "", "", "", "déc"],
    // Spanish
    ["ene", "", "", "abr", "", "", "", "ago", "set", "", "", "dic"],
    // Portuguese
    ["", "fev", "", "abr", "", "", "", "ago", "set", "out", "", "dez"],
    // Russian
    ["янв", "фев|февр", "", "апр", "", "", "", "авг", "сент|сен", "окт", "ноя|нояб", "дек"],
];

/// Full names of the days, Monday first.
#[rustfmt::skip]
const WEEKDAYS: &[[&str; 7]] = &[
    // English, with the abbreviations of wire captions
    ["Monday|Mon", "Tuesday|Tue|Tues", "Wednesday|Wed", "Thursday|Thu|Thur|Thurs", "Friday|Fri", "Saturday|Sat",
        "Sunday|Sun"],
    // German
    ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag|Sonnabend", "Sonntag"],
    // French
    ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    // Spanish
    ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
    // Portuguese
    ["segunda-feira|segunda", "terça-feira|terça", "quarta-feira|quarta", "quinta-feira|quinta", "sexta-feira|sexta",
        "sábado", "domingo"],
    // Italian
    ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"],
    // Dutch
    ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
    // Russian: nominative, accusative
    ["понедельник", "вторник", "среда|среду", "четверг", "пятница|пятницу", "суббота|субботу", "воскресенье"],
    // Ukrainian
    ["понеділок", "вівторок", "середа|середу", "четвер", "п'ятниця|п'ятницю", "субота|суботу", "неділя|неділю"],
    // Polish
    ["poniedziałek", "wtorek", "środa|środę", "czwartek", "piątek", "sobota|sobotę", "niedziela|niedzielę"],
    // Turkish
    ["Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi", "Pazar"],
    // Arabic
    ["الاثنين|الإثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"],
];

/// Words between day, month and year that carry nothing (`2 de enero de 2021`, `2nd of January`, `2 января 2021 года`).
pub(super) const LINKS: &[&str] = &["of", "de", "del", "do", "di", "d", "den", "the", "من", "عام", "سنة"];

/// Words between a weekday and its date (`Samstag, den 2. Januar`, `samedi le 2 janvier`, `الموافق`).
pub(super) const AFTER_WEEKDAY: &[&str] = &["the", "den", "dem", "le", "el", "dia", "الموافق"];

/// What stands behind the number of a day (`2nd`, `1er`, `1º`, `2-го`).
pub(super) const ORDINALS: &[&str] =
    &["st", "nd", "rd", "th", "er", "e", "º", "ª", "o", "a", "го", "ого", "е"];

/// A month's name as the tables know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MonthName {
    /// 1 to 12.
    pub(super) number: i8,
    /// Without a year it is a month only when written with a capital.
    pub(super) wants_capital: bool,
    /// An abbreviation: without a year it is a month only with a capital, or in front of a full stop.
    pub(super) short: bool,
}

/// Lower case without accents, hamza seats, vowel signs and the Arabic stretching stroke.
pub(super) fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let bare = word.nfkd().filter(|c| !is_combining_mark(*c) && *c != '\u{640}');
    bare.flat_map(char::to_lowercase).map(plain).nfc().collect()
}

/// The Turkish dotless i and the several apostrophes count as one.
fn plain(c: char) -> char {
    match c {
        'ı' => 'i',
        '\u{2019}' | '\u{2bc}' => '\'',
        other => other,
    }
}

static MONTH_NAMES: LazyLock<HashMap<String, MonthName>> = LazyLock::new(|| {
    let mut names: HashMap<String, MonthName> = HashMap::new();
    for usage in MONTHS {
        for (number, variant) in numbered(&usage.names) {
            let wants_capital = usage.case == Case::Capital;
            names
                .entry(fold(variant))
                .and_modify(|known| known.wants_capital &= wants_capital)
                .or_insert(MonthName { number, wants_capital, short: false });
        }
    }
    for usage in SHORT_MONTHS {
        for (number, variant) in numbered(usage) {
            names.entry(fold(variant)).or_insert(MonthName { number, wants_capital: true, short: true });
        }
    }
    names
});

static WEEKDAY_NAMES: LazyLock<HashMap<String, i8>> = LazyLock::new(|| {
    let all = WEEKDAYS.iter().flat_map(|usage| numbered(usage));
    all.map(|(number, variant)| (fold(variant), number)).collect()
});

fn numbered<'a>(names: &'a [&'static str]) -> impl Iterator<Item = (i8, &'static str)> + 'a {
    (1_i8..).zip(names).flat_map(|(number, variants)| {
        variants.split('|').filter(|variant| !variant.is_empty()).map(move |variant| (number, variant))
    })
}

/// The words that names of months begin with: most words of a text are none of them.
static MONTH_BEGINNINGS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    MONTH_NAMES.keys().filter_map(|name| name.split(' ').next()).map(str::to_owned).collect()
});

/// Whether a folded word begins the name of a month.
pub(super) fn begins_month(folded: &str) -> bool {
    MONTH_BEGINNINGS.contains(folded)
}

/// The month that a folded name (one or two words) stands for.
pub(super) fn month(folded: &str) -> Option<MonthName> {
    MONTH_NAMES.get(folded).copied()
}

/// The weekday, Monday 1 to Sunday 7, that a folded name stands for.
pub(super) fn weekday(folded: &str) -> Option<i8> {
    WEEKDAY_NAMES.get(folded).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_stands_for_two_months_or_two_weekdays() {
        let mut seen: HashMap<String, i8> = HashMap::new();
        let full = MONTHS.iter().flat_map(|usage| numbered(&usage.names));
        let short = SHORT_MONTHS.iter().flat_map(|usage| numbered(usage));
        for (number, variant) in full.chain(short) {
            assert_eq!(*seen.entry(fold(variant)).or_insert(number), number, "{variant}");
        }
        let mut days: HashMap<String, i8> = HashMap::new();
        for (number, variant) in WEEKDAYS.iter().flat_map(|usage| numbered(usage)) {
            assert_eq!(*days.entry(fold(variant)).or_insert(number), number, "{variant}");
        }
    }

    #[test]
    fn folding_forgets_accents_hamza_and_case() {
        assert_eq!(fold("MÄRZ"), "marz");
        assert_eq!(fold("Août"), "aout");
        assert_eq!(fold("أبريل"), fold("ابريل"));
        assert_eq!(fold("Aralık"), "aralik");
    }
}
