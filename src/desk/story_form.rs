//! A story's form as it was sent: which of its fields were typed in, and what its button asks for.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use hyper::StatusCode;
use newsroom::story::Story;

use super::Room;
use super::frame::Frame;
use super::story_rows::SlideRow;
use crate::exchange::story_file::{SlideEntry, StoryFile};

/// The pairs of a form, in its order.
pub struct Typed(pub Vec<(String, String)>);

impl FromRequest<Room> for Typed {
    type Rejection = Response;
    async fn from_request(request: Request, room: &Room) -> Result<Self, Response> {
        let sent = axum::Form::<Vec<(String, String)>>::from_request(request, room);
        match tokio::time::timeout(super::FORM_TIME, sent).await {
            Ok(Ok(axum::Form(pairs))) => Ok(Self(pairs)),
            Ok(Err(odd)) => {
                let frame = Frame::outside(room, "once-more");
                let status = odd.into_response().status();
                Err(frame.say(status, &frame.t.say("form-odd")))
            }
            Err(_) => {
                let frame = Frame::outside(room, "once-more");
                Err(frame.say(StatusCode::REQUEST_TIMEOUT, &frame.t.say("form-late")))
            }
        }
    }
}

/// What a button of the form asks for beside saving.
pub enum Deed {
    /// A slide goes one place up.
    Up(String),
    /// A slide goes one place down.
    Down(String),
    /// A slide goes.
    Remove(String),
    /// The restrictions of a slide are cleared.
    Clear(String),
}

/// The form.
pub struct Form {
    /// The revision that the page was made from.
    pub revision: i64,
    /// What its button asks for.
    pub deed: Option<Deed>,
    values: BTreeMap<String, String>,
}

impl Form {
    /// Reads the pairs. Browsers send the ends of lines as CR LF.
    pub fn read(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self { revision: 0, deed: None, values: BTreeMap::new() };
        for (name, value) in pairs {
            let value = value.replace("\r\n", "\n");
            match name.as_str() {
                "revision" => form.revision = value.parse().unwrap_or_default(),
                "up" => form.deed = Some(Deed::Up(value)),
                "down" => form.deed = Some(Deed::Down(value)),
                "remove" => form.deed = Some(Deed::Remove(value)),
                "clear" => form.deed = Some(Deed::Clear(value)),
                _ => {
                    form.values.insert(name, value);
                }
            }
        }
        form
    }

    /// What stands in a field; nothing where the form has no such field.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// The slide that the button was of.
    pub fn slide(&self) -> Option<&str> {
        match self.deed.as_ref()? {
            Deed::Up(id) | Deed::Down(id) | Deed::Remove(id) | Deed::Clear(id) => Some(id),
        }
    }

    /// What of the form differs from the state that its page was made from, `story` with its rows, as a change of what it is
    /// `now`, and by the names of the fields.
    pub fn file(
        &self,
        story: &Story,
        before: &[SlideRow],
        now: &Story,
    ) -> (StoryFile, BTreeMap<String, String>) {
        let mut typed = BTreeMap::new();
        let mut changed = |name: &str, before: &str| -> Option<String> {
            let value = self.values.get(name)?;
            (value.trim() != before.trim()).then(|| {
                typed.insert(name.to_owned(), value.clone());
                value.clone()
            })
        };
        let list = |value: String, sign: [char; 2]| -> Vec<String> {
            value.split(sign).map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
        };
        let cover = story.cover.as_ref().or_else(|| story.slides.first().map(|slide| &slide.id));
        let mut file = StoryFile {
            revision: Some(self.revision),
            headline: changed("headline", &story.headline),
            section: changed("section", &story.section),
            slug: changed("slug", story.slug.as_str()),
            language: changed("language", &story.language),
            direction: changed("direction", story.direction.as_str()),
            dateline: changed("dateline", story.dateline.as_deref().unwrap_or_default()),
            bylines: changed("bylines", &story.bylines.join("\n")).map(|value| list(value, ['\n', '\n'])),
            tags: changed("tags", &story.tags.join(", ")).map(|value| list(value, [',', '\n'])),
            cover: changed("cover", cover.map(|id| id.as_str()).unwrap_or_default()),
            lede: changed("lede", &story.lede),
            body: changed("body", &story.body),
            ..StoryFile::default()
        };
        for row in before {
            let value = |name: &str| {
                let all = row.more.iter().chain([&row.caption, &row.alt]);
                let name = format!("s.{}.{name}", row.id);
                all.into_iter()
                    .find(|field| field.name == name)
                    .map(|field| (field.name.clone(), field.value.clone()))
            };
            let mut text = |name: &str| value(name).and_then(|(name, before)| changed(&name, &before));
            let entry = SlideEntry {
                id: Some(row.id.clone()),
                caption: text("caption"),
                alt: text("alt"),
                long_description: text("long_description"),
                credit: text("credit"),
                place: text("place"),
                date: text("date"),
                language: text("language"),
                focus: text("focus"),
                ..SlideEntry::default()
            };
            let same = SlideEntry { id: Some(row.id.clone()), ..SlideEntry::default() };
            if entry != same {
                file.edits.push(entry);
            }
        }
        file.slide = self.order(now);
        if let Some(Deed::Remove(gone)) = &self.deed {
            file.edits.retain(|entry| entry.id.as_ref() != Some(gone));
            file.cover = file.cover.filter(|cover| cover != gone);
        }
        (file, typed)
    }

    /// The slides in their new order, where a button asks for one.
    fn order(&self, now: &Story) -> Option<Vec<SlideEntry>> {
        let mut ids: Vec<String> = now.slides.iter().map(|slide| slide.id.to_string()).collect();
        let before = ids.clone();
        let place = |ids: &[String], id: &str| ids.iter().position(|one| one == id);
        match &self.deed {
            Some(Deed::Up(id)) => {
                let at = place(&ids, id)?;
                ids.swap(at.checked_sub(1)?, at);
            }
            Some(Deed::Down(id)) => {
                let at = place(&ids, id).filter(|at| at + 1 < before.len())?;
                ids.swap(at, at + 1);
            }
            Some(Deed::Remove(id)) => ids.retain(|one| one != id),
            Some(Deed::Clear(_)) | None => return None,
        }
        let entry = |id: String| SlideEntry { id: Some(id), ..SlideEntry::default() };
        (ids != before).then(|| ids.into_iter().map(entry).collect())
    }
}
