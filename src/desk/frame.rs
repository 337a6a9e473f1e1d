//! What all pages of the desk have.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use hyper::StatusCode;
use newsroom::staff::policy::{Permission, Reach};

use super::{Colleague, Room, assets};
use crate::texts::Texts;

/// What a page has around what it is about.
pub struct Frame {
    /// The site's name.
    pub site: String,
    /// The page's name.
    pub title: String,
    /// The desk's texts.
    pub t: Texts,
    /// The folder of style sheet and modules.
    pub assets: String,
    /// Who is signed in; `None` before the door.
    pub person: Option<Person>,
}

/// Who is signed in, and where they may go.
pub struct Person {
    /// As colleagues read it.
    pub name: String,
    /// The parts of the desk that are open to them.
    pub parts: Vec<Part>,
}

/// A part of the desk in the navigation.
pub struct Part {
    /// Where it lies.
    pub href: &'static str,
    /// What it is called.
    pub name: String,
    /// Whether the page shown belongs to it.
    pub here: bool,
}

/// Every part: where it lies, its text, and what whoever goes there must be allowed to do.
const PARTS: &[(&str, &str, Permission)] = &[
    ("/desk/photos", "photos", Permission::ReadPhotos),
    ("/desk/stories", "stories", Permission::ReadStories),
    ("/desk/notices", "notices", Permission::ReadNotices),
    ("/desk/watched", "watched", Permission::ReadPhotos),
    ("/desk/staff", "staff", Permission::ManageStaff),
    ("/desk/audit", "audit", Permission::ReadAudit),
    ("/desk/jobs", "jobs", Permission::ReadMachinery),
    ("/desk/system", "system", Permission::ReadSystem),
    ("/desk/site", "site", Permission::ManageSite),
];

#[derive(Template)]
#[template(path = "desk/say.html")]
struct Say<'a> {
    frame: &'a Frame,
    sentence: &'a str,
}

impl Frame {
    /// A page whose name is this text, for somebody who is not signed in.
    pub fn outside(room: &Room, title: &str) -> Self {
        let t = room.texts();
        Self {
            site: room.held().site.name.clone(),
            title: t.say(title),
            t,
            assets: assets::folder(t),
            person: None,
        }
    }

    /// A page whose name is this text, in the part of the desk that lies there.
    pub fn inside(room: &Room, colleague: &Colleague, title: &str, part: &str) -> Self {
        let frame = Self::outside(room, title);
        let open = PARTS.iter().filter(|(_, _, needed)| colleague.who.reach(*needed) > Reach::Nothing);
        let parts = open.map(|(href, name, _)| Part { href, name: frame.t.say(name), here: *href == part });
        let person = Person { name: colleague.account.name.clone(), parts: parts.collect() };
        Self { person: Some(person), ..frame }
    }

    /// A page that says one sentence.
    pub fn say(&self, status: StatusCode, sentence: &str) -> Response {
        page(status, &Say { frame: self, sentence })
    }
}

/// A page from its template.
pub fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page of the desk could not be filled in");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
