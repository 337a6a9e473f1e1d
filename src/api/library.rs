//! The photo library: searched and listed.

use jiff::civil::Date;
use newsroom::facts::PhotoFacts;
use newsroom::library::{Filter, Orientation, Presence, Stars, Usage};
use newsroom::refusal::Refusal;
use newsroom::search::marked;
use newsroom::staff::policy::{Permission, Reach};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ask::{Caller, Query};
use super::carried_out;
use super::photos::state;
use super::problem::{self, Problem};
use super::renditions::{Previews, previews};
use super::staff::odd_after;
use super::story_body::word;
use crate::actions::Who;
use crate::actions::photo_library::{Asked, Cursor, Line, Texts, find_photos};
use crate::app::App;
use crate::config::WorkConfig;

/// What is asked of the library. Without words and filters all photos are listed, newest first.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Asking {
    /// Words that all have to be found: in captions, headlines, credits, places, names, keywords.
    #[serde(default)]
    pub q: String,
    /// Words of the credit.
    pub credit: Option<String>,
    /// Taken on this day or later (`2021-01-02`).
    pub from: Option<String>,
    /// Taken on this day or earlier.
    pub until: Option<String>,
    /// `used`, `unused` or `published`.
    pub usage: Option<String>,
    /// With restrictions that refuse publishing, or without.
    pub restricted: Option<bool>,
    /// With problems, or without.
    pub problems: Option<bool>,
    /// Only the photos of whoever asks.
    #[serde(default)]
    pub mine: bool,
    /// `landscape`, `portrait` or `square`.
    pub orientation: Option<String>,
    /// 1 to 5 for at least so many stars, 0 for none, -1 for rejected.
    #[param(minimum = -1, maximum = 5)]
    pub rating: Option<i8>,
    /// How many, 1 to 200.
    #[serde(default = "fifty")]
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: u32,
    /// `next` of the page before.
    pub after: Option<String>,
}

fn fifty() -> u32 {
    50
}

/// A photo in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PhotoLineBody {
    /// Which.
    pub id: String,
    /// The name of its newest file.
    pub name: String,
    /// Upright, in pixels.
    pub width: u32,
    /// Upright, in pixels.
    pub height: u32,
    /// When its first file came in.
    pub created: String,
    /// Its first caption, the desk's before the file's.
    pub caption: String,
    /// Its first credit, the desk's before the file's.
    pub credit: String,
    /// -1 to 5; nothing where the file says nothing.
    pub rating: Option<i8>,
    /// The photographer's label, as their program calls it.
    pub label: Option<String>,
    /// The colour of the label or of the colour class, where it is known: `red`, `orange`, `yellow`, `green`, `blue`, `purple` or
    /// `grey`.
    pub mark: Option<String>,
    /// `waiting`, `developed`, `refused` or `withdrawn`.
    pub state: String,
    /// Whether a story has it.
    pub used: bool,
    /// Whether readers see it.
    pub published: bool,
    /// Whether a restriction refuses publishing until it is cleared.
    pub restricted: bool,
    /// Whether something is wrong with it.
    pub problems: bool,
    /// Why it was withdrawn, where it was.
    pub withdrawn: Option<String>,
    /// The sizes that a desk shows.
    #[serde(flatten)]
    pub previews: Previews,
    /// The texts that hold the words that were asked for.
    pub hits: Vec<HitBody>,
}

/// A text that holds words that were asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct HitBody {
    /// Such as `caption`.
    field: String,
    /// The text in pieces.
    pieces: Vec<PieceBody>,
}

/// A piece of a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct PieceBody {
    text: String,
    /// Whether it is what was asked for.
    hit: bool,
}

impl PhotoLineBody {
    fn of(line: &Line, work: &WorkConfig) -> Self {
        let (photo, findable) = (&line.photo, &line.findable);
        let hits = line.hits.iter().map(|(found, marks)| HitBody {
            field: word(found.field),
            pieces: marked(&found.text, marks)
                .into_iter()
                .map(|(text, hit)| PieceBody { text: text.to_owned(), hit })
                .collect(),
        });
        Self {
            id: photo.id.to_string(),
            name: photo.name.clone(),
            width: photo.size.width,
            height: photo.size.height,
            created: photo.created_at.to_string(),
            caption: line.caption.clone(),
            credit: line.credit.clone(),
            rating: findable.facts.rating,
            label: findable.facts.label.clone(),
            mark: mark(&findable.facts).map(str::to_owned),
            state: state(photo).0.to_owned(),
            used: !findable.slides.is_empty(),
            published: findable.published,
            restricted: findable.is_restricted(),
            problems: findable.has_problems,
            withdrawn: photo.withdrawn.as_ref().map(|decision| decision.reason.clone()),
            previews: previews(photo, work),
            hits: hits.collect(),
        }
    }
}

/// The colour that programs give a label of these words, or a colour class of this number.
fn mark(facts: &PhotoFacts) -> Option<&'static str> {
    let label = facts.label.as_deref().unwrap_or_default().trim().to_lowercase();
    let of_label = match label.as_str() {
        "red" | "select" | "rot" | "rouge" => Some("red"),
        "orange" => Some("orange"),
        "yellow" | "second" | "gelb" | "jaune" => Some("yellow"),
        "green" | "approved" | "grün" | "vert" => Some("green"),
        "blue" | "review" | "blau" | "bleu" => Some("blue"),
        "purple" | "violet" | "to do" | "lila" => Some("purple"),
        _ => None,
    };
    let of_class = || match facts.color_class? {
        1 => Some("purple"),
        2 => Some("red"),
        3 => Some("orange"),
        4 => Some("yellow"),
        5 => Some("green"),
        6 | 7 => Some("blue"),
        8 => Some("grey"),
        _ => None,
    };
    of_label.or_else(of_class)
}

/// Photos of an answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct PhotosBody {
    /// How many there are in all; nothing for the list of all photos.
    pub total: Option<u64>,
    /// The photos of this page.
    pub items: Vec<PhotoLineBody>,
    /// What to send as `after` for the next page; nothing on the last one.
    pub next: Option<String>,
}

/// Searches the library, or lists it. Those come first that have more of the words in headlines, names, places and keywords, of
/// equals the newest. A photographer finds their own.
#[utoipa::path(get, path = "/photos", tag = "photos", params(Asking),
    responses((status = 200, body = PhotosBody), problem::Reading))]
pub async fn find(caller: Caller, Query(asking): Query<Asking>) -> Result<axum::Json<PhotosBody>, Problem> {
    look(&caller.app, &caller.who, asking).await.map(axum::Json)
}

/// What the library answers to somebody.
///
/// # Errors
/// Where they may see no photo, or what is asked makes no sense; a fault of the store.
pub async fn look(app: &App, who: &Who, asking: Asking) -> Result<PhotosBody, Problem> {
    who.may(Permission::ReadPhotos)?;
    if !(1..=200).contains(&asking.limit) {
        return Err(Refusal::new("query_wrong", "limit is 1 to 200.").field("limit").into());
    }
    let sees_all = who.reach(Permission::ReadPhotos) == Reach::All;
    let owner = who.member().filter(|_| asking.mine || !sees_all);
    let after = asking.after.as_deref().map(str::parse::<Cursor>).transpose().map_err(|_| odd_after())?;
    let filter = Filter { owner, ..asking.filter()? };
    let texts = if sees_all { Texts::All } else { Texts::OfFile };
    let asked = Asked { words: asking.q, filter, after, limit: asking.limit, texts };
    let of = app.clone();
    let answer = carried_out(async move || find_photos(&of, &asked).await).await?;
    let work = &app.config().work;
    Ok(PhotosBody {
        total: answer.total,
        items: answer.lines.iter().map(|line| PhotoLineBody::of(line, work)).collect(),
        next: answer.next.map(|next| next.to_string()),
    })
}

impl Asking {
    fn filter(&self) -> Result<Filter, Problem> {
        let odd = |field: &'static str, sentence: &str| {
            Problem::from(Refusal::new("query_wrong", sentence).field(field))
        };
        let day = |text: &Option<String>, field| {
            let day = text.as_deref().map(str::parse::<Date>).transpose();
            day.map_err(|_| odd(field, "A day is written as 2021-01-02."))
        };
        let usage = match self.usage.as_deref() {
            None => None,
            Some("used") => Some(Usage::Used),
            Some("unused") => Some(Usage::Unused),
            Some("published") => Some(Usage::Published),
            Some(_) => return Err(odd("usage", "usage is used, unused or published.")),
        };
        let orientation = match self.orientation.as_deref() {
            None => None,
            Some("landscape") => Some(Orientation::Landscape),
            Some("portrait") => Some(Orientation::Portrait),
            Some("square") => Some(Orientation::Square),
            Some(_) => return Err(odd("orientation", "orientation is landscape, portrait or square.")),
        };
        let stars = match self.rating {
            None => None,
            Some(-1) => Some(Stars::Rejected),
            Some(0) => Some(Stars::Unrated),
            Some(least @ 1..=5) => Some(Stars::AtLeast(least.unsigned_abs())),
            Some(_) => return Err(odd("rating", "rating is -1 to 5.")),
        };
        let presence =
            |there: Option<bool>| there.map(|there| if there { Presence::Any } else { Presence::None });
        Ok(Filter {
            from: day(&self.from, "from")?,
            until: day(&self.until, "until")?,
            credit: self.credit.clone(),
            usage,
            restrictions: presence(self.restricted),
            problems: presence(self.problems),
            orientation,
            stars,
            owner: None,
        })
    }
}
