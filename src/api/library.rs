//! The photo library: searched and listed.

use jiff::civil::Date;
use newsroom::library::{Filter, Orientation, Presence, Stars, Usage};
use newsroom::refusal::Refusal;
use newsroom::search::marked;
use newsroom::staff::policy::{Permission, Reach};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ask::{Caller, Query};
use super::carried_out;
use super::problem::{self, Problem};
use super::renditions::{Previews, previews};
use super::staff::odd_after;
use super::story_body::word;
use crate::actions::photo_library::{Asked, Cursor, Line, Texts, find_photos};
use crate::config::WorkConfig;

/// What is asked of the library. Without words and filters all photos are listed, newest first.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Asking {
    /// Words that all have to be found: in captions, headlines, credits, places, names, keywords.
    #[serde(default)]
    q: String,
    /// Words of the credit.
    credit: Option<String>,
    /// Taken on this day or later (`2021-01-02`).
    from: Option<String>,
    /// Taken on this day or earlier.
    until: Option<String>,
    /// `used`, `unused` or `published`.
    usage: Option<String>,
    /// With restrictions that refuse publishing, or without.
    restricted: Option<bool>,
    /// With problems, or without.
    problems: Option<bool>,
    /// `landscape`, `portrait` or `square`.
    orientation: Option<String>,
    /// 1 to 5 for at least so many stars, 0 for none, -1 for rejected.
    #[param(minimum = -1, maximum = 5)]
    rating: Option<i8>,
    /// How many, 1 to 200.
    #[serde(default = "fifty")]
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: u32,
    /// `next` of the page before.
    after: Option<String>,
}

fn fifty() -> u32 {
    50
}

/// A photo in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PhotoLineBody {
    id: String,
    name: String,
    /// Upright, in pixels.
    width: u32,
    /// Upright, in pixels.
    height: u32,
    created: String,
    caption: String,
    credit: String,
    /// -1 to 5; nothing where the file says nothing.
    rating: Option<i8>,
    /// Whether a story has it.
    used: bool,
    /// Whether readers see it.
    published: bool,
    /// Whether a restriction refuses publishing until it is cleared.
    restricted: bool,
    /// Whether something is wrong with it.
    problems: bool,
    withdrawn: Option<String>,
    #[serde(flatten)]
    previews: Previews,
    /// The texts that hold the words that were asked for.
    hits: Vec<HitBody>,
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

/// Photos of an answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct PhotosBody {
    /// How many there are in all; nothing for the list of all photos.
    total: Option<u64>,
    items: Vec<PhotoLineBody>,
    /// What to send as `after` for the next page; nothing on the last one.
    next: Option<String>,
}

/// Searches the library, or lists it. Those come first that have more of the words in headlines, names, places and keywords, of
/// equals the newest. A photographer finds their own.
#[utoipa::path(get, path = "/photos", tag = "photos", params(Asking),
    responses((status = 200, body = PhotosBody), problem::Reading))]
pub async fn find(caller: Caller, Query(asking): Query<Asking>) -> Result<axum::Json<PhotosBody>, Problem> {
    caller.who.may(Permission::ReadPhotos)?;
    if !(1..=200).contains(&asking.limit) {
        return Err(Refusal::new("query_wrong", "limit is 1 to 200.").field("limit").into());
    }
    let owner = match caller.who.reach(Permission::ReadPhotos) {
        Reach::All => None,
        Reach::Own | Reach::Nothing => caller.who.member(),
    };
    let after = asking.after.as_deref().map(str::parse::<Cursor>).transpose().map_err(|_| odd_after())?;
    let filter = Filter { owner, ..asking.filter()? };
    let texts = if owner.is_some() { Texts::OfFile } else { Texts::All };
    let asked = Asked { words: asking.q, filter, after, limit: asking.limit, texts };
    let app = caller.app.clone();
    let answer = carried_out(async move || find_photos(&app, &asked).await).await?;
    let work = &caller.app.config().work;
    Ok(axum::Json(PhotosBody {
        total: answer.total,
        items: answer.lines.iter().map(|line| PhotoLineBody::of(line, work)).collect(),
        next: answer.next.map(|next| next.to_string()),
    }))
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
