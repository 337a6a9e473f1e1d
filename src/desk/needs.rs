//! What needs whoever is at the desk: each with a link that goes to the place. What is asked of stories, photos and people
//! here is bounded: the first page is opened more often than any other.

use jiff::ToSpan as _;
use newsroom::id::StoryId;
use newsroom::moment::Moment;
use newsroom::staff::policy::{Permission, Reach};
use store::{StoreError, StoryLine, UploadOutcome, View, WatchedState};

use super::story_rows::{findings, state_of};
use super::system::FactRow;
use super::{Colleague, Hindrance, Room, stories, system};
use crate::actions::load_draft;
use crate::api::library::{self, Asking};
use crate::machine::{Judgement, look};
use crate::texts::Texts;

/// Open stories that are looked through, the last changed first.
const STORIES: u32 = 12;
/// Plans that are told of each kind.
const PLANS: u32 = 12;
/// Approvals of a story that are looked through, newest first.
const APPROVALS: u32 = 5;
/// Files that were refused, of each way in, and how many seconds ago at most.
const REFUSED: u32 = 5;
const REFUSED_LATELY: i64 = 7 * 24 * 3600;
/// Invitations that are counted.
const INVITATIONS: u32 = 100;

/// Something that needs somebody.
pub struct Need {
    /// What kind of thing it is.
    pub label: String,
    /// The colour of the label: `red`, `warm`, or none.
    pub colour: &'static str,
    pub href: String,
    /// The story that it is about.
    pub story: Option<StoryId>,
    /// What the link says: a headline, or a count.
    pub what: String,
    pub note: String,
}

/// All that needs this colleague, most urgent first.
pub async fn needs(room: &Room, colleague: &Colleague) -> Result<Vec<Need>, Hindrance> {
    let t = room.texts();
    let mut needs = Vec::new();
    let may = |permission| colleague.who.reach(permission) > Reach::Nothing;
    if may(Permission::ReadSystem) {
        needs.extend(of_the_machine(colleague, t).await.map_err(|error| room.fault(&error))?);
    }
    if may(Permission::WriteStories) {
        needs.extend(of_stories(room, colleague).await.map_err(|error| room.fault(&error))?);
    }
    if may(Permission::SendPhotos) {
        needs.extend(of_photos(room, colleague).await?);
    }
    if may(Permission::ManageStaff) {
        needs.extend(of_staff(colleague, t).await.map_err(|error| room.fault(&error))?);
    }
    Ok(needs)
}

/// What is not good with the machine. Jobs that were given up stand where they are tried again.
async fn of_the_machine(colleague: &Colleague, t: Texts) -> Result<Vec<Need>, StoreError> {
    let machine = look(&colleague.app).await?;
    let facts = machine.facts(&colleague.app.config().alerts);
    let bad = facts.iter().filter(|fact| fact.judgement > Judgement::Good);
    let mut needs: Vec<Need> = bad
        .map(|fact| {
            let row = FactRow::of(fact, t);
            Need {
                label: row.state,
                colour: row.colour,
                href: system::PART_OF_DESK.to_owned(),
                story: None,
                what: row.name,
                note: row.says,
            }
        })
        .collect();
    if machine.queue.given_up > 0 {
        needs.push(Need {
            label: t.say("given-up"),
            colour: "red",
            href: "/desk/jobs".to_owned(),
            story: None,
            what: t.count("need-jobs", machine.queue.given_up),
            note: t.say("need-jobs-note"),
        });
    }
    Ok(needs)
}

async fn of_stories(room: &Room, colleague: &Colleague) -> Result<Vec<Need>, StoreError> {
    let (owner, now) = (stories::owner_for(&colleague.who), colleague.app.now());
    let publishes = colleague.who.reach(Permission::Publish) > Reach::Nothing;
    let style = colleague.app.known().style.clone();
    let read = colleague.app.store().view(async |view: &mut View| {
        let mut needs = if publishes { of_plans(room, view, now).await? } else { Vec::new() };
        let (mut answered, mut stopped, mut behind) = (Vec::new(), Vec::new(), Vec::new());
        for line in view.open_stories(owner, STORIES).await? {
            let answers = of_answers(room, view, &line).await?;
            let Some(draft) = load_draft(view, line.id).await? else { continue };
            let red = findings(&draft, style.clone(), now).iter().filter(|one| one.level == "red").count();
            if red > 0 {
                stopped.push(of_findings(room, &line, red));
            } else if publishes && state_of(&line.moments) == "changed" {
                behind.push(of_change(room, &line));
            }
            answered.extend(answers);
        }
        needs.extend(answered.into_iter().chain(stopped).chain(behind));
        Ok::<_, StoreError>(needs)
    });
    read.await
}

fn named(room: &Room, line: &StoryLine) -> String {
    if line.headline.is_empty() { room.texts().say("no-headline") } else { line.headline.clone() }
}

/// Plans whose time came in vain, and those whose time comes today.
async fn of_plans(room: &Room, view: &mut View, now: Moment) -> Result<Vec<Need>, StoreError> {
    let t = room.texts();
    let today = now.as_timestamp().to_zoned(room.held().site.time_zone.clone());
    let midnight = today.start_of_day().and_then(|day| day.checked_add(1.day()));
    let midnight = midnight.map_or(now, |day| Moment::from_timestamp(day.timestamp()));
    let failed = view.failed_plans(PLANS).await?.into_iter().map(|plan| (plan, "failed"));
    let due = view.plans_by_time(PLANS).await?.into_iter().filter(|(_, due)| *due < midnight);
    let mut needs = Vec::new();
    for ((story, at), state) in failed.chain(due.map(|plan| (plan, "today"))) {
        let Some(line) = view.story_line(story).await? else { continue };
        needs.push(Need {
            label: t.say(&format!("need-plan-{state}")),
            colour: if state == "failed" { "red" } else { "warm" },
            href: format!("/desk/stories/{story}/publish"),
            story: Some(story),
            what: named(room, &line),
            note: t.with(&format!("need-plan-{state}-note"), "time", &room.told_time(at)),
        });
    }
    Ok(needs)
}

/// What those said whom a link showed the story, since it was changed last.
async fn of_answers(room: &Room, view: &mut View, line: &StoryLine) -> Result<Vec<Need>, StoreError> {
    let t = room.texts();
    let approvals = view.approvals(line.id, APPROVALS).await?.into_iter();
    let since = approvals.filter(|one| one.who.starts_with("link ") && one.at >= line.moments.changed);
    let need = |one: newsroom::approval::Approval| Need {
        label: t.say("need-approved"),
        colour: "",
        href: format!("/desk/stories/{}/publish", line.id),
        story: Some(line.id),
        what: named(room, line),
        note: if one.remark.is_empty() {
            t.with("need-approved-note", "name", &one.name)
        } else {
            t.fill("need-remark-note", &[("name", &one.name), ("remark", &one.remark)])
        },
    };
    Ok(since.map(need).collect())
}

fn of_findings(room: &Room, line: &StoryLine, red: usize) -> Need {
    let t = room.texts();
    Need {
        label: t.say("need-mending"),
        colour: "red",
        href: format!("/desk/stories/{}", line.id),
        story: Some(line.id),
        what: named(room, line),
        note: t.count("need-mending-note", red as u64),
    }
}

fn of_change(room: &Room, line: &StoryLine) -> Need {
    let t = room.texts();
    Need {
        label: t.say("need-update"),
        colour: "warm",
        href: format!("/desk/stories/{}/publish", line.id),
        story: Some(line.id),
        what: named(room, line),
        note: t.with("need-update-note", "time", &room.told_time(line.moments.changed)),
    }
}

/// One's own photos with which something is wrong, and files of one's own that were refused lately.
async fn of_photos(room: &Room, colleague: &Colleague) -> Result<Vec<Need>, Hindrance> {
    let t = room.texts();
    let mut needs = Vec::new();
    for (field, key) in [("problems", "need-problems"), ("restricted", "need-restricted")] {
        let mine = Asking { mine: true, limit: 1, ..Asking::default() };
        let asking = match field {
            "problems" => Asking { problems: Some(true), ..mine },
            _ => Asking { restricted: Some(true), usage: Some("unused".to_owned()), ..mine },
        };
        let usage = asking.usage.as_ref().map(|usage| format!("&usage={usage}")).unwrap_or_default();
        let Ok(found) = library::look(&colleague.app, &colleague.who, asking).await else { continue };
        if let Some(count) = found.total.filter(|count| *count > 0) {
            needs.push(Need {
                label: t.say("need-photos"),
                colour: "warm",
                href: format!("/desk/photos?mine=true&{field}=true{usage}"),
                story: None,
                what: t.count(key, count),
                note: t.say(&format!("{key}-note")),
            });
        }
    }
    let refused = of_refused(room, colleague).await.map_err(|error| room.fault(&error))?;
    Ok(needs.into_iter().chain(refused).collect())
}

async fn of_refused(room: &Room, colleague: &Colleague) -> Result<Vec<Need>, StoreError> {
    let (t, owner) = (room.texts(), colleague.account.id);
    let since = colleague.app.now().plus_seconds(-REFUSED_LATELY);
    let (sent, dropped) = colleague
        .app
        .store()
        .view(async |view: &mut View| {
            let newest = (Moment::from_micros(i64::MAX), "");
            let dropped = view.watched_files(Some(owner), newest, REFUSED).await?;
            Ok::<_, StoreError>((view.refused_uploads(owner, REFUSED).await?, dropped))
        })
        .await?;
    let need = |what: String, note: String, href: &str| Need {
        label: t.say("file-refused"),
        colour: "red",
        href: href.to_owned(),
        story: None,
        what,
        note,
    };
    let sent = sent.into_iter().filter_map(|upload| {
        let finished = upload.finished.filter(|finished| finished.at >= since)?;
        let UploadOutcome::Refused(why) = finished.outcome else { return None };
        Some(need(upload.about.name, why, "/desk/photos"))
    });
    let dropped =
        dropped.into_iter().filter(|file| file.state == WatchedState::Refused && file.told_at >= since);
    let dropped =
        dropped.map(|file| need(file.name.path, file.sentence.unwrap_or_default(), "/desk/watched"));
    Ok(sent.chain(dropped).collect())
}

/// Invitations that nobody has followed.
async fn of_staff(colleague: &Colleague, t: Texts) -> Result<Option<Need>, StoreError> {
    let now = colleague.app.now();
    let open = colleague
        .app
        .store()
        .view(async |view: &mut View| view.invitations_after((now, None), INVITATIONS).await);
    let open = open.await?;
    let Some(first) = open.first() else { return Ok(None) };
    Ok(Some(Need {
        label: t.say("need-invitations-label"),
        colour: "",
        href: "/desk/staff".to_owned(),
        story: None,
        what: t.count("need-invitations", open.len() as u64),
        note: t.with(
            "need-invitations-note",
            "address",
            first.address.as_ref().map_or("", newsroom::staff::EmailAddress::as_str),
        ),
    }))
}
