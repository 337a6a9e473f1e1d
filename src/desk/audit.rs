//! Who did what, in plain words.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use hyper::StatusCode;
use newsroom::id::StaffId;
use newsroom::staff::Account;
use newsroom::staff::policy::{Permission, Reach};
use serde::Deserialize;
use serde_json::Value;
use store::{AuditEntry, AuditSought, StoreError, View};

use super::forms::{Choice, Field};
use super::frame::{Frame, page};
use super::{Colleague, Hindrance, Room};
use crate::actions::member_of;
use crate::texts::Texts;

const PART: u32 = 50;
const PART_OF_DESK: &str = "/desk/audit";
/// Colleagues who can be chosen.
const CHOSEN_FROM: u32 = 500;
/// Lines and characters of what changed that are shown.
const LINES: usize = 16;
const LONGEST: usize = 160;

/// Every verb of the log. A test reads the sources for them.
const VERBS: &[&str] = &[
    "accept_link",
    "add_notice",
    "alert",
    "approve",
    "attach_originals",
    "cancel_plan",
    "carry_out_plan",
    "change_account",
    "change_password",
    "clear_restriction",
    "create_story",
    "develop_photo",
    "draft_photos",
    "end_session",
    "end_token",
    "fail_plan",
    "fetch_original",
    "give_up_upload",
    "import_capture",
    "invite",
    "leave",
    "leave_drafts",
    "lift_embargo",
    "link_back_in",
    "link_for_first_account",
    "link_to_sign_in",
    "make_passkey",
    "make_token",
    "note_backup",
    "plan_publication",
    "publish_story",
    "put_story",
    "refuse_passkey",
    "remove_notice",
    "remove_passkey",
    "rename_passkey",
    "restore_photo",
    "restore_revision",
    "restore_story",
    "retry_job",
    "revoke_share",
    "set_embargo",
    "set_second_factor",
    "set_site",
    "share_draft",
    "sign_in",
    "take_back_invitation",
    "withdraw_photo",
    "withdraw_story",
];
const NOUNS: &[&str] = &[
    "story",
    "photo",
    "staff",
    "invitation",
    "token",
    "passkey",
    "notice",
    "job",
    "upload",
    "backup",
    "system",
    "site",
];

/// An entry as it is told.
struct Line {
    at: String,
    who: String,
    by_token: bool,
    did: String,
    /// To what; `None` where somebody did it to themselves.
    what: Option<String>,
    href: Option<String>,
    changes: Vec<Change>,
}

/// What changed.
struct Change {
    name: String,
    before: String,
    after: String,
}

#[derive(Template)]
#[template(path = "desk/audit.html")]
struct Audit {
    frame: Frame,
    fields: Vec<Field>,
    is_sought: bool,
    /// The one thing whose entries are shown.
    noun_id: String,
    lines: Vec<Line>,
    next: Option<String>,
}

/// Which entries.
#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    who: String,
    #[serde(default)]
    verb: String,
    #[serde(default)]
    noun: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    after: String,
}

impl Asked {
    fn sought(&self) -> AuditSought {
        let who = match self.who.parse::<StaffId>() {
            Ok(id) => format!("staff {id}"),
            Err(_) => self.who.clone(),
        };
        AuditSought { who, verb: self.verb.clone(), noun: self.noun.clone(), noun_id: self.id.clone() }
    }

    /// The address of the part that follows.
    fn then(&self, after: i64) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in
            [("who", &self.who), ("verb", &self.verb), ("noun", &self.noun), ("id", &self.id)]
        {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("{PART_OF_DESK}?{}", query.append_pair("after", &after.to_string()).finish())
    }
}

/// The log, newest first.
pub async fn list(
    State(room): State<Room>,
    colleague: Colleague,
    Query(asked): Query<Asked>,
) -> Result<Response, Hindrance> {
    colleague.who.may(Permission::ReadAudit).map_err(|refusal| room.denied(&refusal.into()))?;
    let frame = Frame::inside(&room, &colleague, "audit", PART_OF_DESK);
    let (sought, before) = (asked.sought(), asked.after.parse().unwrap_or(i64::MAX));
    let is_sought = sought != AuditSought::default();
    let read = colleague.app.store().view(async |view: &mut View| {
        let staff = view.accounts_after(None, CHOSEN_FROM).await?;
        let found = view.audit_sought(before, &sought, PART).await?;
        let names = names(view, &found).await?;
        Ok::<_, StoreError>((staff, found, names))
    });
    let (staff, found, names) = read.await.map_err(|error| room.fault(&error))?;
    let t = frame.t;
    let manages = colleague.who.reach(Permission::ManageStaff) > Reach::Nothing;
    let lines = found.iter().map(|(_, entry)| line(&room, t, entry, (&names, manages)));
    let audit = Audit {
        fields: fields(t, &asked, &staff),
        is_sought,
        noun_id: asked.id.clone(),
        lines: lines.collect(),
        next: found.last().filter(|_| found.len() == PART as usize).map(|(last, _)| asked.then(*last)),
        frame,
    };
    Ok(page(StatusCode::OK, &audit))
}

fn fields(t: Texts, asked: &Asked, staff: &[Account]) -> Vec<Field> {
    let any = || Choice::new("", t.say("anything"), false);
    let whom = [
        Choice::new("operator", t.say("at-the-machine"), asked.who == "operator"),
        Choice::new("watched folder", t.say("by-watched-folder"), asked.who == "watched folder"),
        Choice::new("planning", t.say("by-plan"), asked.who == "planning"),
    ];
    let anybody = Choice::new("", t.say("anybody"), false);
    let staff = staff.iter().map(|one| {
        let id = one.id.to_string();
        let chosen = id == asked.who;
        Choice::new(id, one.name.clone(), chosen)
    });
    let mut verbs: Vec<Choice> = VERBS
        .iter()
        .map(|verb| Choice::new(*verb, t.say(&format!("verb-{verb}")), asked.verb == *verb))
        .collect();
    verbs.sort_by(|a, b| a.label.cmp(&b.label));
    let nouns =
        NOUNS.iter().map(|noun| Choice::new(*noun, t.say(&format!("noun-{noun}")), asked.noun == *noun));
    vec![
        Field::new("audit", "who", "select", t.say("by-whom"))
            .choices([anybody].into_iter().chain(staff).chain(whom)),
        Field::new("audit", "verb", "select", t.say("did-what")).choices([any()].into_iter().chain(verbs)),
        Field::new("audit", "noun", "select", t.say("to-what")).choices([any()].into_iter().chain(nouns)),
    ]
}

/// What people, stories and photos of these entries are called, by their ids.
async fn names(view: &mut View, found: &[(i64, AuditEntry)]) -> Result<HashMap<String, String>, StoreError> {
    let mut names = HashMap::new();
    for (_, entry) in found {
        if let Some(id) = member_of(&entry.who).filter(|id| !names.contains_key(&id.to_string()))
            && let Some(account) = view.account(id).await?
        {
            names.insert(id.to_string(), account.name);
        }
        if names.contains_key(&entry.noun_id) {
            continue;
        }
        let name = match (entry.noun.as_str(), entry.noun_id.as_str()) {
            ("story", id) => match id.parse() {
                Ok(id) => view.story(id).await?.map(|story| story.headline),
                Err(_) => None,
            },
            ("photo", id) => match id.parse() {
                Ok(id) => view.photo(id).await?.map(|photo| photo.name),
                Err(_) => None,
            },
            ("staff", id) => match id.parse() {
                Ok(id) => view.account(id).await?.map(|account| account.name),
                Err(_) => None,
            },
            _ => None,
        };
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            names.insert(entry.noun_id.clone(), name);
        }
    }
    Ok(names)
}

fn line(
    room: &Room,
    t: Texts,
    entry: &AuditEntry,
    (names, manages): (&HashMap<String, String>, bool),
) -> Line {
    let who = match (member_of(&entry.who), entry.who.as_str()) {
        (Some(id), _) => names.get(&id.to_string()).cloned().unwrap_or_else(|| id.to_string()),
        (None, "operator") => t.say("at-the-machine"),
        (None, "watched folder") => t.say("by-watched-folder"),
        (None, "halftone" | "planning" | "watching") => t.say("by-itself"),
        (None, link) if link.starts_with("link ") => t.say("by-link"),
        (None, other) => other.to_owned(),
    };
    let read = |text: &Option<String>| -> Value {
        text.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null)
    };
    let (before, after) = (read(&entry.before), read(&entry.after));
    let own = ["name", "term", "address"].iter().find_map(|field| {
        [&after, &before].into_iter().find_map(|state| Some(state.get(field)?.as_str()?.to_owned()))
    });
    let id = &entry.noun_id;
    let named = names.get(id).cloned();
    let is_own = entry.noun == "staff" && member_of(&entry.who).is_some_and(|who| who.to_string() == *id);
    let href = match entry.noun.as_str() {
        "story" => Some(format!("/desk/stories/{id}")),
        "photo" => Some(format!("/desk/photos/{id}")),
        "site" if manages => Some("/desk/site".to_owned()),
        "staff" if manages => Some(format!("/desk/staff/{id}")),
        _ => None,
    };
    Line {
        at: room.told_time(entry.at),
        who,
        by_token: entry.who.contains(" token "),
        did: t.say(&format!("verb-{}", entry.verb)),
        what: Some(named.or(own).unwrap_or_else(|| id.clone())).filter(|_| !is_own),
        href,
        changes: changes(&before, &after),
    }
}

/// The fields that are not as they were.
fn changes(before: &Value, after: &Value) -> Vec<Change> {
    let fields = |state: &Value| state.as_object().cloned().unwrap_or_default();
    let (before, after) = (fields(before), fields(after));
    let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
    let changed = names.filter(|name| before.get(*name) != after.get(*name)).map(|name| Change {
        name: name.replace('_', " "),
        before: short(before.get(name)),
        after: short(after.get(name)),
    });
    changed.take(LINES).collect()
}

fn short(value: Option<&Value>) -> String {
    let text = match value {
        None | Some(Value::Null) => return String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn verbs(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                verbs(&path, found);
                continue;
            }
            let code = std::fs::read_to_string(&path).unwrap();
            for rest in code.split("verb: \"").skip(1) {
                found.push(rest.split('"').next().unwrap().to_owned());
            }
        }
    }

    #[test]
    fn every_verb_of_an_action_can_be_looked_for_and_is_told_in_words() {
        let mut found = Vec::new();
        verbs(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/actions"), &mut found);
        assert!(found.len() > 30, "{found:?}");
        for verb in found {
            assert!(VERBS.contains(&verb.as_str()), "{verb} is not in VERBS");
        }
        for key in VERBS.iter().map(|verb| format!("verb-{verb}")) {
            assert_ne!(Texts::of_desk("en").say(&key), key);
        }
        for key in NOUNS.iter().map(|noun| format!("noun-{noun}")) {
            assert_ne!(Texts::of_desk("en").say(&key), key);
        }
    }

    #[test]
    fn only_what_differs_is_a_change() {
        let before = serde_json::json!({ "role": "editor", "name": "Ana" });
        let after = serde_json::json!({ "role": "moderator", "name": "Ana", "links": 2 });
        let told: Vec<_> = changes(&before, &after)
            .into_iter()
            .map(|one| format!("{}: {} > {}", one.name, one.before, one.after))
            .collect();
        assert_eq!(told, ["role: editor > moderator", "links:  > 2"]);
    }
}
