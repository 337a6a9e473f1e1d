//! What an account gives a photo whose file says nothing.

use super::Signature;
use crate::caption::read_caption;
use crate::facts::PhotoFacts;
use crate::words::{contain, words};

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
/// beside half of a colleague's would be a lie in a caption and in the public files (R5).
pub fn sign(facts: &mut PhotoFacts, signature: &Signature) -> Signed {
    let signoff = facts.description.as_deref().and_then(|text| read_caption(text).signoff);
    let named = facts.creators.iter().chain(&facts.credit_line).chain(&signoff);
    let mut named = named.map(|text| text.trim()).filter(|text| !text.is_empty());
    if named.any(|text| !is_own(text, signature)) {
        return Signed::default();
    }
    let given = |text: &Option<String>| text.as_deref().map(str::trim).is_some_and(|text| !text.is_empty());
    let mut signed = Signed::default();
    if facts.creators.iter().all(|name| name.trim().is_empty()) && signoff.is_none() {
        signed.byline.clone_from(&signature.byline);
    }
    if !given(&facts.credit_line) && signoff.is_none() {
        signed.credit.clone_from(&signature.credit);
    }
    if !given(&facts.copyright) && !given(&facts.copyright_owner) {
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

/// Whether a credit is the account's own: it is its credit, or names its byline.
fn is_own(text: &str, signature: &Signature) -> bool {
    let text = words(text);
    let is_credit = signature.credit.as_deref().is_some_and(|credit| words(credit) == text);
    is_credit || signature.byline.as_deref().is_some_and(|byline| contain(&text, &words(byline)))
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
        let own_credit = PhotoFacts { credit_line: text("Ana Berg/Wire"), ..PhotoFacts::default() };
        assert_eq!(after(own_credit), (vec!["Ana Berg".to_owned()], text("Ana Berg/Wire"), text("© House")));
        let noticed = PhotoFacts { copyright: text("2021 Wire"), ..PhotoFacts::default() };
        assert_eq!(after(noticed), (vec!["Ana Berg".to_owned()], text("House"), text("2021 Wire")));
        let owned = PhotoFacts { copyright_owner: text("Wire"), ..PhotoFacts::default() };
        assert_eq!(after(owned).2, None);
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
