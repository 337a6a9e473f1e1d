//! IPTC-IIM 4.2: datasets of record 2, in whatever charset they were written (R1).

use super::bounds::{KEYWORDS, LIST_ENTRIES};
use super::dates;
use super::facts::{Fact, Facts, Packet};
use super::octets::{be16, slice};
use super::private::{PrivateKind, Privates};
use super::problem::{ProblemCode, Problems};
use super::text::Texts;

/// A dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Dataset<'a> {
    record: u8,
    number: u8,
    data: &'a [u8],
}

/// Splits a block into its datasets, and says whether it is whole.
fn datasets(block: &[u8]) -> (Vec<Dataset<'_>>, bool) {
    let mut list = Vec::new();
    let mut at = 0;
    while let Some(marker) = block.get(at) {
        // Zeros at the end only pad.
        if *marker != 0x1c {
            return (list, block.get(at..).unwrap_or_default().iter().all(|byte| *byte == 0));
        }
        let Some((dataset, next)) = dataset(block, at) else { return (list, false) };
        list.push(dataset);
        at = next;
        if list.len() > DATASETS {
            return (list, false);
        }
    }
    (list, true)
}

/// Datasets read of a block.
const DATASETS: usize = 20_000;

fn dataset(block: &[u8], at: usize) -> Option<(Dataset<'_>, usize)> {
    let record = *block.get(at.checked_add(1)?)?;
    let number = *block.get(at.checked_add(2)?)?;
    let stated = be16(block, at.checked_add(3)?)?;
    let mut data_at = at.checked_add(5)?;
    let mut length = usize::from(stated);
    if stated & 0x8000 != 0 {
        // An extended dataset: the low bits count the bytes of its length (IIM 4.2, 1.5).
        let count = usize::from(stated & 0x7fff);
        let digits = slice(block, data_at, count).filter(|digits| digits.len() <= 8)?;
        length = digits.iter().fold(0, |length: usize, digit| length << 8 | usize::from(*digit));
        data_at = data_at.checked_add(count)?;
    }
    let data = slice(block, data_at, length)?;
    Some((Dataset { record, number, data }, data_at.checked_add(length)?))
}

/// Whether any 1:90 of the block names UTF-8 (`ESC % G`). Agencies write it first, last, or several times.
fn names_utf8(datasets: &[Dataset<'_>]) -> bool {
    datasets.iter().any(|set| set.record == 1 && set.number == 90 && set.data.starts_with(b"\x1b%G"))
}

/// Reads a block.
pub(crate) fn read(block: &[u8], problems: &mut Problems, privates: &mut Privates) -> Facts {
    let (datasets, whole) = datasets(block);
    if !whole {
        problems.note(ProblemCode::IimDamaged, "The IIM block breaks off or lies about a length.");
    }
    let names_utf8 = names_utf8(&datasets);
    let datasets = datasets.into_iter().filter(|set| set.record == 2).collect();
    let mut reader = Reader { datasets, names_utf8, problems };
    let facts = reader.facts();
    if let Some(fact) = &facts.instructions {
        privates.note(PrivateKind::Instructions, Packet::Iim, "2:40", Some(fact.value.clone()));
    }
    if let Some(fact) = &facts.description_writer {
        privates.note(PrivateKind::DescriptionWriter, Packet::Iim, "2:122", Some(fact.value.clone()));
    }
    facts
}

struct Reader<'a, 'p> {
    datasets: Vec<Dataset<'a>>,
    names_utf8: bool,
    problems: &'p mut Problems,
}

impl<'a> Reader<'a, '_> {
    fn facts(&mut self) -> Facts {
        let mut facts = Facts {
            description: self.text(120, "2:120", "description"),
            headline: self.text(105, "2:105", "headline"),
            title: self.text(5, "2:05", "title"),
            creators: self.list(80, "2:80", "creators"),
            job_title: self.text(85, "2:85", "job_title"),
            credit_line: self.text(110, "2:110", "credit_line"),
            source: self.text(115, "2:115", "source"),
            copyright: self.text(116, "2:116", "copyright"),
            instructions: self.text(40, "2:40", "instructions"),
            job_id: self.text(103, "2:103", "job_id"),
            keywords: self.list(25, "2:25", "keywords"),
            description_writer: self.text(122, "2:122", "description_writer"),
            urgency: self.urgency(),
            ..Facts::default()
        };
        facts.place.sublocation = self.text(92, "2:92", "place.sublocation");
        facts.place.city = self.text(90, "2:90", "place.city");
        facts.place.state = self.text(95, "2:95", "place.state");
        facts.place.country = self.text(101, "2:101", "place.country");
        facts.place.country_code = self.text(100, "2:100", "place.country_code");
        self.dates(&mut facts);
        facts
    }

    fn urgency(&mut self) -> Option<Fact<u8>> {
        let text = self.text(10, "2:10", "urgency")?;
        let urgency = text.value.trim().parse().ok().filter(|urgency| (1..=8).contains(urgency))?;
        Some(Fact::new(urgency, Packet::Iim, "2:10"))
    }

    /// All datasets of a number.
    fn all(&self, number: u8) -> Vec<&'a [u8]> {
        self.datasets.iter().filter(|set| set.number == number).map(|set| set.data).collect()
    }

    /// The first that holds a text.
    fn first(&mut self, number: u8, field: &'static str) -> Option<String> {
        let found = self.all(number);
        let mut texts = Texts::new(self.problems);
        found.into_iter().find_map(|bytes| texts.iim(bytes, self.names_utf8, field))
    }

    fn text(&mut self, number: u8, property: &'static str, field: &'static str) -> Option<Fact<String>> {
        Some(Fact::new(self.first(number, field)?, Packet::Iim, property))
    }

    fn list(&mut self, number: u8, property: &'static str, field: &'static str) -> Option<Fact<Vec<String>>> {
        let (most, code) = match field {
            "keywords" => (KEYWORDS, ProblemCode::TooManyKeywords),
            _ => (LIST_ENTRIES, ProblemCode::TooManyEntries),
        };
        let found = self.all(number);
        if found.len() > most {
            let sentence = format!("There are more than {most} entries; the first {most} were kept.");
            self.problems.note_field(code, field, sentence);
        }
        let mut texts = Texts::new(self.problems);
        let texts = found.into_iter().take(most).filter_map(|bytes| texts.iim(bytes, self.names_utf8, field));
        let list = super::merge::without_repetitions(texts.collect());
        (!list.is_empty()).then(|| Fact::new(list, Packet::Iim, property))
    }

    fn dates(&mut self, facts: &mut Facts) {
        let Some(day) = self.first(55, "date_created") else { return };
        let time = self.first(60, "taken");
        match dates::iim(&day, time.as_deref()) {
            Some(stated) => {
                facts.date_created = Some(Fact::new(stated.date, Packet::Iim, "2:55"));
                facts.taken = stated.time.map(|time| Fact::new(time, Packet::Iim, "2:60"));
            }
            // Zeros and blanks mean "not known".
            None if day.chars().all(|character| matches!(character, '0' | ' ' | '-' | ':')) => {}
            None => {
                let sentence = format!("{day:?} in 2:55 is no date.");
                self.problems.note_field(ProblemCode::IimDate, "date_created", sentence);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(record: u8, number: u8, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap().to_be_bytes();
        [&[0x1c, record, number], &length[..], data].concat()
    }

    fn facts(block: &[u8]) -> (Facts, Vec<ProblemCode>) {
        let mut problems = Problems::default();
        let facts = read(block, &mut problems, &mut Privates::default());
        (facts, problems.into_list().into_iter().map(|problem| problem.code).collect())
    }

    fn description(block: &[u8]) -> Option<String> {
        facts(block).0.description.map(|fact| fact.value)
    }

    #[test]
    fn a_charset_at_the_end_of_the_block_is_seen() {
        let block = [set(2, 120, b"Caf\xe9 now"), set(1, 90, b"\x1b%G")].concat();
        assert_eq!(facts(&block).1, [ProblemCode::IimCharset]);
    }

    #[test]
    fn a_charset_stated_six_times_is_one() {
        let block = [set(1, 90, b"\x1b%G").repeat(6), set(2, 120, "Łódź".as_bytes())].concat();
        assert_eq!(description(&block).as_deref(), Some("Łódź"));
        assert_eq!(facts(&block).1, []);
    }

    #[test]
    fn a_charset_that_is_no_charset_does_no_harm() {
        let block = [set(1, 90, b"\x1b%5"), set(2, 120, "Łódź".as_bytes())].concat();
        assert_eq!(description(&block).as_deref(), Some("Łódź"));
    }

    #[test]
    fn an_extended_dataset_is_read() {
        let text = "x".repeat(9_000);
        let mut block = vec![0x1c, 2, 120, 0x80, 4];
        block.extend(9_000_u32.to_be_bytes());
        block.extend(text.as_bytes());
        block.extend(set(2, 5, b"title"));
        assert_eq!(description(&block).unwrap().len(), 9_000);
        assert_eq!(facts(&block).0.title.unwrap().value, "title");
    }

    #[test]
    fn a_length_that_lies_keeps_what_stands_before() {
        let block = [set(2, 5, b"title"), vec![0x1c, 2, 120, 0xff, 0xff, 1, 2]].concat();
        let (facts, problems) = facts(&block);
        assert_eq!(facts.title.unwrap().value, "title");
        assert_eq!(problems, [ProblemCode::IimDamaged]);
    }

    #[test]
    fn keywords_repeat_without_repetitions() {
        let block = [set(2, 25, b"a"), set(2, 25, b"b"), set(2, 25, b"a")].concat();
        assert_eq!(facts(&block).0.keywords.unwrap().value, ["a", "b"]);
    }

    #[test]
    fn more_than_two_thousand_keywords_are_told() {
        let block: Vec<u8> = (0..2_001).flat_map(|n| set(2, 25, format!("k{n}").as_bytes())).collect();
        let (facts, problems) = facts(&block);
        assert_eq!(facts.keywords.unwrap().value.len(), 2_000);
        assert_eq!(problems, [ProblemCode::TooManyKeywords]);
    }

    #[test]
    fn the_date_may_be_partial_and_the_time_has_its_zone() {
        let block = [set(2, 55, b"20210102"), set(2, 60, b"150405+0100")].concat();
        let (facts, _) = facts(&block);
        assert_eq!(facts.taken.unwrap().value.offset_minutes, Some(60));
        assert_eq!(facts.date_created.unwrap().value.day, Some(2));
    }

    #[test]
    fn instructions_are_noted_as_private() {
        let mut privates = Privates::default();
        read(&set(2, 40, b"NO SALES"), &mut Problems::default(), &mut privates);
        assert_eq!(privates.into_list()[0].kind, PrivateKind::Instructions);
    }
}
