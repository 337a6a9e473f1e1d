//! Two to four photos beside one another, at the same place and size.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use hyper::StatusCode;
use newsroom::id::PhotoId;
use newsroom::staff::policy::Permission;
use store::{Photo, StoreError, View};

use super::frame::{Frame, page};
use super::{Colleague, Hindrance, Room, photos};
use crate::api::renditions::{SizeBody, largest};

/// Photos beside one another at most.
const MOST: usize = 4;

#[derive(Template)]
#[template(path = "desk/compare.html")]
struct Compare {
    frame: Frame,
    panes: Vec<Pane>,
}

/// A photo that is compared.
struct Pane {
    id: PhotoId,
    name: String,
    caption: String,
    width: u32,
    height: u32,
    picture: Option<SizeBody>,
}

impl Pane {
    /// The size of the file.
    fn pixels(&self) -> String {
        format!("{} × {}", self.width, self.height)
    }

    /// Whether the largest size is smaller than the file.
    fn is_reduced(&self) -> bool {
        self.picture.as_ref().is_some_and(|picture| picture.width < self.width)
    }
}

/// The photos of a form with a field for each.
pub fn chosen(fields: &[(String, String)]) -> Vec<PhotoId> {
    let mut chosen: Vec<PhotoId> = Vec::new();
    for id in fields.iter().filter(|(name, _)| name == "photo").filter_map(|(_, id)| id.parse().ok()) {
        if !chosen.contains(&id) {
            chosen.push(id);
        }
    }
    chosen
}

/// Those of these photos that somebody may see, in order.
pub async fn seen(room: &Room, colleague: &Colleague, ids: &[PhotoId]) -> Result<Vec<Photo>, Hindrance> {
    let who = &colleague.who;
    let found = colleague.app.store().view(async |view: &mut View| {
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            if who.reaches(Permission::ReadPhotos, view.owner_of_photo(*id).await?) {
                found.extend(view.photo(*id).await?);
            }
        }
        Ok::<_, StoreError>(found)
    });
    found.await.map_err(|error| room.fault(&error))
}

/// The page.
pub async fn compare(
    State(room): State<Room>,
    colleague: Colleague,
    Query(fields): Query<Vec<(String, String)>>,
) -> Result<Response, Hindrance> {
    colleague.who.may(Permission::ReadPhotos).map_err(|refusal| room.denied(&refusal.into()))?;
    let mut ids = chosen(&fields);
    ids.truncate(MOST);
    let photos = seen(&room, &colleague, &ids).await?;
    if photos.len() < 2 {
        let frame = Frame::inside(&room, &colleague, "compare", photos::PART_OF_DESK);
        return Ok(frame.say(StatusCode::UNPROCESSABLE_ENTITY, &frame.t.say("compare-needs-two")));
    }
    let work = &colleague.app.config().work;
    let panes = photos.into_iter().map(|photo| Pane {
        picture: largest(&photo, work),
        id: photo.id,
        caption: photo.facts.description.clone().unwrap_or_default(),
        name: photo.name,
        width: photo.size.width,
        height: photo.size.height,
    });
    let compare = Compare {
        frame: Frame::inside(&room, &colleague, "compare", photos::PART_OF_DESK),
        panes: panes.collect(),
    };
    Ok(page(StatusCode::OK, &compare))
}
