//! Whose name a photo gets where its file has none.

use newsroom::facts::PhotoFacts;
use newsroom::id::StaffId;
use newsroom::staff::signing::sign;
use serde_json::{Value, json};
use store::{StoreError, View};

use super::draft_photos::Looked;

/// The facts of a photo with what its owner's account gives, and the report that says which of them came from there.
pub(super) async fn signed(
    view: &mut View,
    owner: Option<StaffId>,
    looked: &Looked,
) -> Result<(PhotoFacts, String), StoreError> {
    let account = match owner {
        Some(owner) => view.account(owner).await?,
        None => None,
    };
    let (mut facts, report) = (looked.facts.clone(), looked.report.clone());
    let Some(account) = account else { return Ok((facts, report)) };
    let signed = sign(&mut facts, &account.signature);
    let given = [
        ("creators", "byline", signed.byline.map(|name| json!([name]))),
        ("credit_line", "credit", signed.credit.map(Value::String)),
        ("copyright", "copyright", signed.copyright.map(Value::String)),
    ];
    Ok((facts, sourced(report, given)))
}

/// A report with these facts as an account's.
fn sourced(report: String, given: [(&str, &str, Option<Value>); 3]) -> String {
    let Ok(mut told) = serde_json::from_str::<Value>(&report) else { return report };
    for (fact, property, value) in given {
        if let (Some(value), Some(facts)) = (value, told.get_mut("facts").and_then(Value::as_object_mut)) {
            let source = json!({ "packet": "account", "property": property });
            facts.insert(fact.to_owned(), json!({ "value": value, "source": source, "others": [] }));
        }
    }
    told.to_string()
}
