//! The wire: all photos as a contact sheet, searched and filtered, to be opened, compared and put into stories.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use hyper::StatusCode;
use newsroom::id::StoryId;
use newsroom::staff::policy::{Permission, Reach};
use serde::Deserialize;
use store::{StoreError, View};

use super::frame::{Frame, page};
use super::stories::owner_for;
use super::{Colleague, Hindrance, Room};
use crate::actions::Who;
use crate::api::library::{self, PhotoLineBody, PhotosBody};
use crate::api::problem::Problem;

/// Photos of one page.
const SHEET: u32 = 60;
/// Stories that photos can be put into from the sheet.
const STORIES: u32 = 20;

/// The part of the desk.
pub const PART_OF_DESK: &str = "/desk/photos";

/// What the sheet is asked for: fields that are left empty ask nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asking {
    q: String,
    usage: String,
    restricted: String,
    problems: String,
    mine: String,
    orientation: String,
    rating: String,
    from: String,
    until: String,
    credit: String,
    after: String,
    /// The story that photos are chosen for.
    story: String,
    /// The slide of it whose picture is replaced.
    slide: String,
}

/// A story that photos can be put into.
struct Target {
    id: StoryId,
    headline: String,
    /// Whether it is the one that photos are chosen for.
    chosen: bool,
}

/// A choice of a filter.
struct Choice {
    value: &'static str,
    text: &'static str,
}

/// A filter that is one of several.
struct Selection<'a> {
    name: &'static str,
    label: &'static str,
    value: &'a str,
    choices: &'static [Choice],
}

const fn choice(value: &'static str, text: &'static str) -> Choice {
    Choice { value, text }
}

const USAGE: &[Choice] =
    &[choice("unused", "unused"), choice("used", "used"), choice("published", "published")];
const RESTRICTED: &[Choice] = &[choice("false", "unrestricted"), choice("true", "restricted")];
const PROBLEMS: &[Choice] = &[choice("false", "sound"), choice("true", "with-problems")];
const MINE: &[Choice] = &[choice("true", "mine")];
const ORIENTATION: &[Choice] =
    &[choice("landscape", "landscape"), choice("portrait", "portrait"), choice("square", "square")];
const RATING: &[Choice] = &[
    choice("5", "stars-5"),
    choice("4", "stars-4"),
    choice("3", "stars-3"),
    choice("2", "stars-2"),
    choice("1", "stars-1"),
    choice("0", "stars-0"),
    choice("-1", "stars-rejected"),
];

#[derive(Template)]
#[template(path = "desk/photos.html")]
struct Photos {
    frame: Frame,
    asking: Asking,
    /// Whether anything but the newest was asked for.
    narrowed: bool,
    /// Why nothing can be looked for.
    wrong: Option<String>,
    found: PhotosBody,
    /// The query of the page as it is asked for again, without its place.
    query: String,
    stories: Vec<Target>,
    /// The headline of the story whose slide gets another picture.
    replaces: Option<String>,
    writes: bool,
    sends: bool,
    /// Whether whoever looks sees photos of others too.
    sees_all: bool,
}

impl Photos {
    /// Stars of a rating, as signs and in words; `None` where there are none.
    fn stars(&self, line: &PhotoLineBody) -> Option<(String, String)> {
        let say = |name: &str| self.frame.t.say(name);
        match line.rating? {
            -1 => Some(("✕".to_owned(), say("stars-rejected"))),
            0 => None,
            stars => {
                let signs = "★".repeat(usize::from(stars.clamp(1, 5).unsigned_abs()));
                Some((signs, say(&format!("stars-{stars}"))))
            }
        }
    }

    /// How many answer, where that is known.
    fn total(&self) -> Option<String> {
        Some(self.frame.t.count("photos-found", self.found.total?))
    }

    fn selections(&self) -> Vec<Selection<'_>> {
        let one = |name, label, value, choices| Selection { name, label, value, choices };
        let asking = &self.asking;
        let mut all = vec![
            one("usage", "usage", asking.usage.as_str(), USAGE),
            one("restricted", "restrictions", asking.restricted.as_str(), RESTRICTED),
            one("problems", "problems", asking.problems.as_str(), PROBLEMS),
            one("orientation", "orientation", asking.orientation.as_str(), ORIENTATION),
            one("rating", "rating", asking.rating.as_str(), RATING),
        ];
        if self.sees_all {
            all.push(one("mine", "whose", asking.mine.as_str(), MINE));
        }
        all
    }
}

impl Asking {
    fn fields(&self) -> [(&'static str, &str); 12] {
        [
            ("q", self.q.as_str()),
            ("usage", self.usage.as_str()),
            ("restricted", self.restricted.as_str()),
            ("problems", self.problems.as_str()),
            ("mine", self.mine.as_str()),
            ("orientation", self.orientation.as_str()),
            ("rating", self.rating.as_str()),
            ("from", self.from.as_str()),
            ("until", self.until.as_str()),
            ("credit", self.credit.as_str()),
            ("story", self.story.as_str()),
            ("slide", self.slide.as_str()),
        ]
    }

    fn is_narrowed(&self) -> bool {
        self.fields().iter().take(10).any(|(_, value)| !value.trim().is_empty())
    }

    /// The query without its place and without empty fields.
    fn query(&self) -> String {
        let fields = self.fields();
        let said = fields.iter().filter(|(_, value)| !value.trim().is_empty());
        form_urlencoded::Serializer::new(String::new()).extend_pairs(said).finish()
    }

    /// As the library takes it.
    fn to_library(&self) -> library::Asking {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let told = |text: &str| match text {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        };
        library::Asking {
            q: self.q.clone(),
            credit: given(&self.credit),
            from: given(&self.from),
            until: given(&self.until),
            usage: given(&self.usage),
            restricted: told(&self.restricted),
            problems: told(&self.problems),
            mine: told(&self.mine) == Some(true),
            orientation: given(&self.orientation),
            rating: self.rating.parse().ok(),
            limit: SHEET,
            after: given(&self.after),
        }
    }
}

/// The contact sheet.
pub async fn sheet(
    State(room): State<Room>,
    colleague: Colleague,
    Query(asking): Query<Asking>,
) -> Result<Response, Hindrance> {
    let who = &colleague.who;
    who.may(Permission::ReadPhotos).map_err(|refusal| room.denied(&refusal.into()))?;
    let (found, wrong) = match library::look(&colleague.app, who, asking.to_library()).await {
        Ok(found) => (found, None),
        Err(problem) if problem.told.status == 422 || problem.told.status == 400 => {
            (PhotosBody { total: None, items: Vec::new(), next: None }, Some(problem.told.detail))
        }
        Err(problem) => return Err(told(&room, problem)),
    };
    let chosen = asking.story.parse().ok();
    let writes = who.reach(Permission::WriteStories) > Reach::Nothing;
    let stories = if writes { targets(&room, &colleague, chosen).await? } else { Vec::new() };
    let replaced = stories.iter().find(|one| one.chosen && !asking.slide.is_empty());
    let sheet = Photos {
        frame: Frame::inside(&room, &colleague, name(who), PART_OF_DESK),
        narrowed: asking.is_narrowed(),
        query: asking.query(),
        replaces: replaced.map(|one| one.headline.clone()),
        writes,
        sends: who.reach(Permission::SendPhotos) > Reach::Nothing,
        sees_all: who.reach(Permission::ReadPhotos) == Reach::All,
        asking,
        found,
        stories,
        wrong,
    };
    let status = if sheet.wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(page(status, &sheet))
}

/// What the sheet is called: whoever sees their own only is told so.
fn name(who: &Who) -> &'static str {
    if who.reach(Permission::ReadPhotos) == Reach::All { "photos" } else { "my-photos" }
}

/// The stories changed last, and the one that is meant, wherever it stands.
async fn targets(
    room: &Room,
    colleague: &Colleague,
    chosen: Option<StoryId>,
) -> Result<Vec<Target>, Hindrance> {
    let (who, owner) = (&colleague.who, owner_for(&colleague.who));
    let found = colleague.app.store().view(async |view: &mut View| {
        let lines = view.stories_page(owner, None, STORIES).await?;
        let mut targets: Vec<Target> = lines
            .into_iter()
            .map(|line| Target { id: line.id, headline: line.headline, chosen: Some(line.id) == chosen })
            .collect();
        if let Some(id) = chosen.filter(|id| targets.iter().all(|one| one.id != *id))
            && who.reaches(Permission::WriteStories, view.owner_of_story(id).await?)
            && let Some(story) = view.story(id).await?
        {
            targets.insert(0, Target { id, headline: story.headline, chosen: true });
        }
        Ok::<_, StoreError>(targets)
    });
    found.await.map_err(|error| room.fault(&error))
}

/// What the API says, on a page.
fn told(room: &Room, problem: Problem) -> Hindrance {
    let status = StatusCode::from_u16(problem.told.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Hindrance::refused(room, status, "not-done", problem.told.detail)
}
