//! What an account gives a photo whose file says nothing.

use super::Signature;
use crate::caption::read_caption;
use crate::facts::PhotoFacts;
use crate::words::words;

/// The properties that an account gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signed {
    /// The creator.
    pub byline: Option<String>,
    /// The credit line.
    pub credit: Option<String>,
    /// The copyright notice.
    pub copyright: Option<String>,
}

/// Puts an account's byline, credit and copyright notice where a file has none, and gives what it put. What the file says always
/// wins. A file that credits somebody else is left alone: R10 joins creator and credit line, and half of an agency's credit
/// beside half of a colleague's would be a lie in a caption and in the public files (R5). One that credits the account beside an
/// agency gets its byline and no more: whose the copyright is then is nothing that we know.
pub fn sign(facts: &mut PhotoFacts, signature: &Signature) -> Signed {
    let signoff = facts.description.as_deref().and_then(|text| read_caption(text).signoff);
    let named = facts.creators.iter().chain(&facts.credit_line).chain(&signoff);
    let named: Vec<&str> = named.map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
    if !named.iter().all(|text| is_own(text, signature) || names(text, signature)) {
        return Signed::default();
    }
    let nobody_else = named.iter().all(|text| is_own(text, signature));
    let given = |text: &Option<String>| text.as_deref().map(str::trim).is_some_and(|text| !text.is_empty());
    let mut signed = Signed::default();
    if facts.creators.iter().all(|name| name.trim().is_empty()) && signoff.is_none() {
        signed.byline.clone_from(&signature.byline);
    }
    if nobody_else && !given(&facts.credit_line) && signoff.is_none() {
        signed.credit.clone_from(&signature.credit);
    }
    if nobody_else && !given(&facts.copyright) && !given(&facts.copyright_owner) {
        signed.copyright.clone_from(&signature.copyright);
    }
    if let Some(byline) = &signed.byline {
        facts.creators = vec![byline.clone()];
    }
    if signed.credit.is_some() {
        facts.credit_line.clone_from(&signed.credit);
    }
    if signed.copyright.is_some() {
        facts.copyright.clone_from(&signed.copyright);
    }
    signed
}

/// Whether a credit is nothing but the account's own: its byline, its credit, or both.
fn is_own(text: &str, signature: &Signature) -> bool {
    let of = |own: &Option<String>| own.as_deref().map(words).unwrap_or_default();
    let (text, byline, credit) = (words(text), of(&signature.byline), of(&signature.credit));
    let both = |first: &[String], second: &[String]| [first, second].concat() == text;
    !text.is_empty() && (text == byline || text == credit || both(&byline, &credit) || both(&credit, &byline))
}

/// Whether a credit names the account's byline, as one of several whom it names.
fn names(text: &str, signature: &Signature) -> bool {
    let byline = signature.byline.as_deref().map(words).unwrap_or_default();
    !byline.is_empty() && text.split(['/', ',', ';', '|', ':', '&']).any(|part| words(part) == byline)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    fn ana() -> Signature {
        Signature { byline: text("Ana Berg"), credit: text("House"), copyright: text("© House") }
    }

    /// Creators, credit line and copyright notice after an account has signed.
    fn after(mut facts: PhotoFacts) -> (Vec<String>, Option<String>, Option<String>) {
        sign(&mut facts, &ana());
        (facts.creators, facts.credit_line, facts.copyright)
    }

    #[test]
    fn a_file_that_says_nothing_gets_all_that_the_account_gives() {
        assert_eq!(
            after(PhotoFacts::default()),
            (vec!["Ana Berg".to_owned()], text("House"), text("© House"))
        );
        let mut facts = PhotoFacts::default();
        assert_eq!(sign(&mut facts, &Signature::default()), Signed::default());
        assert_eq!(facts, PhotoFacts::default());
    }

    #[test]
    fn what_a_file_says_stays_and_the_rest_is_given() {
        let own_name = PhotoFacts { creators: vec!["ANA BERG".to_owned()], ..PhotoFacts::default() };
        assert_eq!(after(own_name), (vec!["ANA BERG".to_owned()], text("House"), text("© House")));
        for line in ["Ana Berg", "House", "Ana Berg/House", "House / ANA BERG"] {
            let own_credit = PhotoFacts { credit_line: text(line), ..PhotoFacts::default() };
            assert_eq!(after(own_credit), (vec!["Ana Berg".to_owned()], text(line), text("© House")));
        }
        let noticed = PhotoFacts { copyright: text("2021 Wire"), ..PhotoFacts::default() };
        assert_eq!(after(noticed), (vec!["Ana Berg".to_owned()], text("House"), text("2021 Wire")));
        let owned = PhotoFacts { copyright_owner: text("Wire"), ..PhotoFacts::default() };
        assert_eq!(after(owned).2, None);
    }

    #[test]
    fn r10_a_file_that_credits_the_account_beside_an_agency_gets_neither_the_houses_credit_nor_its_copyright()
    {
        let line = PhotoFacts { credit_line: text("Ana Berg/Wire"), ..PhotoFacts::default() };
        assert_eq!(after(line), (vec!["Ana Berg".to_owned()], text("Ana Berg/Wire"), None));
        let creator = PhotoFacts { creators: vec!["Ana Berg, Wire".to_owned()], ..PhotoFacts::default() };
        assert_eq!(after(creator), (vec!["Ana Berg, Wire".to_owned()], None, None));
        let signed_off = PhotoFacts {
            description: text("A man walks in Baghdad, Saturday. (AP Photo/Ana Berg)"),
            ..PhotoFacts::default()
        };
        assert_eq!(after(signed_off), (vec![], None, None));
        let longer = PhotoFacts { credit_line: text("Ana Berg-Smith/Wire"), ..PhotoFacts::default() };
        assert_eq!(after(longer), (vec![], text("Ana Berg-Smith/Wire"), None), "this is another name");
    }

    #[test]
    fn r10_a_file_that_credits_somebody_else_is_left_alone() {
        let by_other = PhotoFacts { creators: vec!["Jane Doe".to_owned()], ..PhotoFacts::default() };
        let of_agency = PhotoFacts { credit_line: text("AFP"), ..PhotoFacts::default() };
        let signed_off = PhotoFacts {
            description: text("A man walks in Baghdad, Saturday. (AP Photo/Jane Doe)"),
            ..PhotoFacts::default()
        };
        for facts in [by_other, of_agency, signed_off] {
            let mut after = facts.clone();
            assert_eq!(sign(&mut after, &ana()), Signed::default());
            assert_eq!(after, facts);
        }
    }
}
