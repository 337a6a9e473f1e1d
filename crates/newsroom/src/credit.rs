//! The credit that stands beside each picture (R10, R14). No picture is published without one.

use serde::{Deserialize, Serialize};

use crate::facts::PhotoFacts;
use crate::words::{contain, words};

/// Where a credit came from, in order of precedence (R10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditSource {
    /// The desk typed it (perhaps nothing, by its decision).
    Desk,
    /// The sign-off at the caption's end.
    Signoff,
    /// Creator and Credit Line, joined by a slash.
    CreatorAndLine,
    /// Credit Line alone: it names the creator already, or there is none.
    CreditLine,
    /// Creator alone.
    Creator,
    /// There is none.
    Missing,
}

/// The credit as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// Its text; empty when there is none.
    pub text: String,
    /// Where it came from.
    pub source: CreditSource,
}

/// The credit of a photo by R10: the desk's text (`Some("")` is its decision for none), else the caption's sign-off,
/// else Creator/Credit Line, else Credit Line, else Creator. Source and Copyright are only proposed.
pub fn credit(desk: Option<&str>, signoff: Option<&str>, facts: &PhotoFacts) -> Credit {
    let given = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    if let Some(text) = desk {
        return Credit { text: text.trim().to_owned(), source: CreditSource::Desk };
    }
    if let Some(text) = given(signoff) {
        return Credit { text, source: CreditSource::Signoff };
    }
    let creators: Vec<&str> =
        facts.creators.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
    match given(facts.credit_line.as_deref()) {
        Some(line) => {
            let in_line = words(&line);
            let others: Vec<&str> =
                creators.iter().filter(|name| !contain(&in_line, &words(name))).copied().collect();
            if others.is_empty() {
                Credit { text: line, source: CreditSource::CreditLine }
            } else {
                let text = format!("{}/{line}", others.join(", "));
                Credit { text, source: CreditSource::CreatorAndLine }
            }
        }
        None if creators.is_empty() => Credit { text: String::new(), source: CreditSource::Missing },
        None => Credit { text: creators.join(", "), source: CreditSource::Creator },
    }
}

/// A property that may hold a credit but is not one by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposalSource {
    /// Source, in the supply chain.
    Source,
    /// Copyright notice.
    Copyright,
}

/// A text that the desk may take as the credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditProposal {
    /// Its text, without `©`, `(c)`, `Copyright` and a year at its beginning.
    pub text: String,
    /// Where it came from.
    pub source: ProposalSource,
}

/// What Source and Copyright propose (R10), for a photo that lacks a credit.
pub fn proposals(facts: &PhotoFacts) -> Vec<CreditProposal> {
    let rows = [(&facts.source, ProposalSource::Source), (&facts.copyright, ProposalSource::Copyright)];
    let texts = rows.into_iter().filter_map(|(text, source)| {
        let text = without_copyright_sign(text.as_deref()?);
        (!text.is_empty()).then(|| CreditProposal { text: text.to_owned(), source })
    });
    texts.collect()
}

fn without_copyright_sign(text: &str) -> &str {
    let mut rest = text.trim();
    loop {
        let head = rest.trim_start_matches(|c: char| {
            c.is_whitespace() || c.is_ascii_digit() || matches!(c, '©' | ',' | '-' | '–' | ':')
        });
        let low = head.to_ascii_lowercase();
        let sign = ["(c)", "copyright"].iter().find(|sign| low.starts_with(**sign));
        match sign.and_then(|sign| head.get(sign.len()..)) {
            Some(after) => rest = after,
            None => return head.trim_end(),
        }
    }
}

/// Every credit that a text demands: `MANDATORY CREDIT "..."`, `Mandatory credit: Name / Agency` (R10, R12). A bare
/// `Mandatory credit.` demands what R10 demands anyway and gives nothing here.
pub fn mandatory_credits(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (at, marker) in
        text.char_indices().filter_map(|(at, _)| Some((at, text.get(at..at + MANDATORY.len())?)))
    {
        if !marker.eq_ignore_ascii_case(MANDATORY) {
            continue;
        }
        let rest = text.get(at + MANDATORY.len()..).unwrap_or_default();
        let demanded = demanded(rest.strip_prefix(['S', 's']).unwrap_or(rest));
        if words(demanded).is_empty() || found.iter().any(|known| known == demanded) {
            continue;
        }
        found.push(demanded.to_owned());
    }
    found
}

/// What introduces a demanded credit, in any case.
pub(crate) const MANDATORY: &str = "MANDATORY CREDIT";

/// A demanded credit is read up to this many characters.
const LONGEST: usize = 300;

/// The credit that is demanded at the beginning of a text behind `MANDATORY CREDIT`: the text in quotation marks, else up
/// to the end of the clause. Empty where none is named.
pub(crate) fn demanded(rest: &str) -> &str {
    let rest = rest.char_indices().nth(LONGEST).and_then(|(end, _)| rest.get(..end)).unwrap_or(rest);
    let rest = rest.trim_start();
    let (marked, rest) = match rest.strip_prefix([':', '-', '–', '—', '=']) {
        Some(after) => (true, after.trim_start()),
        None => (false, rest),
    };
    let quotes = [('"', '"'), ('“', '”'), ('«', '»'), ('„', '“'), ('\'', '\''), ('‘', '’')];
    for (open, close) in quotes {
        if let Some(inner) = rest.strip_prefix(open) {
            let end = inner.find(close).or_else(|| inner.find('\n')).unwrap_or(inner.len());
            return inner.get(..end).unwrap_or_default().trim();
        }
    }
    let ends = ["\n", ";", " - ", " – ", " — ", " NO ", ", NO", "==", "--"];
    let sentence = crate::sentences::sentences(rest).first().map_or(rest.len(), |range| range.end);
    let end = ends.iter().filter_map(|mark| rest.find(mark)).min().unwrap_or(rest.len()).min(sentence);
    let clause = rest.get(..end).unwrap_or_default().trim().trim_end_matches('.');
    // Behind a full stop or a word such as "IS" no name follows; a dash may only begin the next clause.
    let shouted_order = ["NO", "NOT", "EDITORIAL", "RESTRICTED", "DISTRIBUTED", "FOR"];
    let first = clause.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let names = clause
        .starts_with(|c: char| c.is_uppercase() || c.is_numeric() || !c.is_lowercase() && c.is_alphabetic());
    if (names || marked && !clause.is_empty()) && !shouted_order.contains(&first) { clause } else { "" }
}

/// Whether the shown credit contains a demanded one, whatever the case, accents and punctuation.
pub fn contains_credit(shown: &str, demanded: &str) -> bool {
    contain(&words(shown), &words(demanded))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(creators: &[&str], line: Option<&str>) -> PhotoFacts {
        PhotoFacts {
            creators: creators.iter().map(|name| (*name).to_owned()).collect(),
            credit_line: line.map(str::to_owned),
            ..PhotoFacts::default()
        }
    }

    fn shown(desk: Option<&str>, signoff: Option<&str>, facts: &PhotoFacts) -> (String, CreditSource) {
        let credit = credit(desk, signoff, facts);
        (credit.text, credit.source)
    }

    #[test]
    fn r10_takes_desk_then_signoff_then_creator_and_line() {
        let both = facts(&["Jane Doe"], Some("AP"));
        assert_eq!(shown(Some("Own"), Some("AP Photo/X"), &both), ("Own".into(), CreditSource::Desk));
        assert_eq!(shown(Some(" "), Some("AP Photo/X"), &both), (String::new(), CreditSource::Desk));
        assert_eq!(shown(None, Some("AP Photo/X"), &both), ("AP Photo/X".into(), CreditSource::Signoff));
        assert_eq!(shown(None, None, &both), ("Jane Doe/AP".into(), CreditSource::CreatorAndLine));
        assert_eq!(shown(None, None, &facts(&[], Some("AP"))), ("AP".into(), CreditSource::CreditLine));
        assert_eq!(
            shown(None, None, &facts(&["A B", "C D"], None)),
            ("A B, C D".into(), CreditSource::Creator)
        );
        assert_eq!(shown(None, None, &facts(&[" "], Some(""))), (String::new(), CreditSource::Missing));
    }

    #[test]
    fn r10_does_not_name_a_creator_twice() {
        let held = facts(&["José Doe"], Some("JOSE DOE / AFP"));
        assert_eq!(shown(None, None, &held), ("JOSE DOE / AFP".into(), CreditSource::CreditLine));
        let one_missing = facts(&["Jane Doe", "John Roe"], Some("Jane Doe/AP"));
        assert_eq!(shown(None, None, &one_missing).0, "John Roe/Jane Doe/AP");
    }

    #[test]
    fn r10_source_and_copyright_are_proposed_only() {
        let source = PhotoFacts {
            source: Some("Reuters".into()),
            copyright: Some("Copyright (c) 2021, Jane Doe".into()),
            ..PhotoFacts::default()
        };
        assert_eq!(credit(None, None, &source).source, CreditSource::Missing);
        let texts: Vec<String> = proposals(&source).into_iter().map(|proposal| proposal.text).collect();
        assert_eq!(texts, ["Reuters", "Jane Doe"]);
    }

    #[test]
    fn finds_what_a_mandatory_credit_demands() {
        for (text, expected) in [
            (
                "RESTRICTED TO EDITORIAL USE - MANDATORY CREDIT \"AFP PHOTO / X\" - NO MARKETING",
                vec!["AFP PHOTO / X"],
            ),
            ("Mandatory credit: Jane Doe/NASA. No sales.", vec!["Jane Doe/NASA"]),
            ("MANDATORY CREDIT “Jane Doe”; mandatory credit «B»", vec!["Jane Doe", "B"]),
            ("MANDATORY CREDIT NASA NO SALES", vec!["NASA"]),
            ("No Archiving; No Licensing. Mandatory credit.", vec![]),
            ("MANDATORY CREDIT - NO SALES", vec![]),
            ("a mandatory credit must be shown", vec![]),
        ] {
            assert_eq!(mandatory_credits(text), expected, "{text}");
        }
    }

    #[test]
    fn a_demanded_credit_is_recognised_in_other_case_and_punctuation() {
        assert!(contains_credit("Photo: José DOE, (AFP photo)", "Jose Doe / AFP PHOTO"));
        assert!(!contains_credit("Jane Doering", "Jane Doe"));
        assert!(!contains_credit("Jane Doe", ""));
    }
}
