//! Takes in what was dropped into the watched folder, and writes down what became of each file.

use newsroom::id::{PhotoId, StaffId, StoryId};
use newsroom::refusal::Refusal;
use store::{StoreError, Tx, View, WatchedFile, WatchedName, WatchedState};

use super::attach_originals::{Arrival, Became, attach_originals, give_up_arrival};
use super::draft_photos::{Looked, Placing, draft_photos, keep_photos};
use super::take_in::{NotIn, Seen, bring_in_together, in_showing_order, look_at_all};
use super::{Denied, Who, find_story};
use crate::config::WatchConfig;
use crate::exchange::dropped::Dropped;
use crate::exchange::folder::{Candidate, other_than_photo};
use crate::jobs::Context;

/// Photos that are copied at once and written down together.
const BATCH: usize = 16;

/// Whose the files of a folder are, and into which story they go.
#[derive(Debug, Clone)]
pub struct Destination {
    who: Who,
    owner: Option<StaffId>,
    story: Option<StoryId>,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is in.
    In {
        /// As this photo.
        photo: PhotoId,
        /// Its bytes were known.
        known: bool,
        /// What its newer facts mean for a photo that was there.
        news: Option<String>,
    },
    /// It is refused, and why.
    Refused(String),
    /// The rest of it may be on its way, or it can be read later.
    NotYet(String),
    /// It is nothing that is taken in.
    LeftAlone(String),
    /// It is not its fault: it is tried again.
    Waiting(String),
}

/// What the settings say of the files of a folder, or why nothing can be taken from there now.
///
/// # Errors
/// A fault of the store.
pub async fn destination_of(
    context: &Context,
    folder: &str,
) -> Result<Result<Destination, String>, StoreError> {
    let (app, set) = (&context.app, &context.app.config().watch);
    let account = match WatchConfig::nearest(&set.accounts, folder) {
        None => None,
        Some(address) => {
            let found = app.store().view(async |view: &mut View| view.account_of(address).await).await?;
            match found.filter(|account| account.left.is_none()) {
                Some(account) => Some(account),
                None => {
                    return Ok(Err(format!(
                        "Its folder is set to be {address}'s, and nobody of the staff has this address (any more): watch.accounts."
                    )));
                }
            }
        }
    };
    let story = match WatchConfig::nearest(&set.stories, folder) {
        None => None,
        Some(text) => match find_story(app.store(), text).await {
            Ok(Some(story)) => Some(story),
            Ok(None) => {
                return Ok(Err(format!(
                    "Its folder is set to go into the story \"{text}\", and there is none: watch.stories."
                )));
            }
            Err(Denied::Refused(refusals)) => {
                let why = refusals.first().map_or("", |first| first.sentence.as_str());
                return Ok(Err(format!("{why} Name it by its slug or id: watch.stories.")));
            }
            Err(Denied::Fault(fault)) => return Err(fault),
        },
    };
    let owner = account.as_ref().map(|account| account.id);
    let who = account.as_ref().map_or_else(Who::watched_folder, Who::of);
    Ok(Ok(Destination { who, owner, story }))
}

/// Takes some files in that lie in folders of one destination; they are placed together, and what their metadata say is held
/// together. One answer for each, in any order; those that are missing because it was to stop are tried again.
///
/// # Errors
/// A fault of the store.
pub async fn take_dropped(
    context: &Context,
    to: &Destination,
    files: Vec<Dropped>,
    stopped: impl Fn() -> bool,
) -> Result<Vec<(Dropped, Fate)>, StoreError> {
    let mut fates = Vec::with_capacity(files.len());
    let mut photos = Vec::with_capacity(files.len());
    for file in files {
        match other_than_photo(&file.candidate) {
            Ok(None) => photos.push(file),
            Ok(Some(what)) => fates.push((file, Fate::LeftAlone(format!("It is a {what}.")))),
            Err(error) => fates.push((file, Fate::NotYet(format!("It cannot be read: {error}.")))),
        }
    }
    let candidates = photos.iter().map(|file| file.candidate.clone()).collect();
    let looks = look_at_all(context, candidates, &stopped, || ()).await;
    let mut seen = Vec::with_capacity(looks.len());
    for (candidate, look) in looks {
        match look {
            Ok(one) => seen.push(one),
            Err(fault) => answer(&mut fates, &mut photos, &candidate, fate_of(fault)?),
        }
    }
    if !seen.is_empty() && !stopped() {
        for (candidate, fate) in place_and_bring(context, to, in_showing_order(seen)).await? {
            answer(&mut fates, &mut photos, &candidate, fate);
        }
    }
    Ok(fates)
}

fn answer(fates: &mut Vec<(Dropped, Fate)>, waiting: &mut Vec<Dropped>, candidate: &Candidate, fate: Fate) {
    if let Some(index) = waiting.iter().position(|file| file.candidate == *candidate) {
        fates.push((waiting.swap_remove(index), fate));
    }
}

/// Places photos together; where one of them is refused, each by itself, so that it holds up no other.
async fn place_and_bring(
    context: &Context,
    to: &Destination,
    batch: Vec<Seen>,
) -> Result<Vec<(Candidate, Fate)>, StoreError> {
    let mut fates = Vec::with_capacity(batch.len());
    let mut placed = Vec::with_capacity(batch.len());
    match place(context, to, &batch).await {
        Ok(photos) => placed.extend(batch.into_iter().zip(photos)),
        Err(Denied::Fault(fault)) => return Err(fault),
        Err(Denied::Refused(_)) => {
            for seen in batch {
                match place(context, to, std::slice::from_ref(&seen)).await {
                    Ok(photos) => placed.extend(std::iter::once(seen).zip(photos)),
                    Err(Denied::Fault(fault)) => return Err(fault),
                    Err(Denied::Refused(refusals)) => fates.push((seen.candidate, refused(&refusals))),
                }
            }
        }
    }
    for together in placed.chunks(BATCH) {
        fates.extend(bring(context, to, together).await?);
    }
    Ok(fates)
}

/// In the name of whose they are; into the story in the settings' own name, so that a photographer's photos may go into the
/// desk's story.
async fn place(context: &Context, to: &Destination, batch: &[Seen]) -> Result<Vec<PhotoId>, Denied> {
    let looked: Vec<Looked> = batch.iter().map(|seen| seen.looked.clone()).collect();
    let photos = keep_photos(&context.app, &to.who, &looked).await?;
    if let Some(story) = to.story {
        draft_photos(&context.app, &Who::watched_folder(), story, &looked, Placing::ByCaption).await?;
    }
    Ok(photos)
}

async fn bring(
    context: &Context,
    to: &Destination,
    placed: &[(Seen, PhotoId)],
) -> Result<Vec<(Candidate, Fate)>, StoreError> {
    let mut fates = Vec::with_capacity(placed.len());
    let (mut came, mut arrivals): (Vec<Candidate>, Vec<Arrival>) = (Vec::new(), Vec::new());
    let copies = bring_in_together(context, placed.to_vec()).await;
    for ((seen, photo), copied) in placed.iter().zip(copies) {
        let candidate = seen.candidate.clone();
        match copied {
            Ok(arrival) => {
                arrivals.push(arrival);
                came.push(candidate);
            }
            Err(fault) => {
                let fate = fate_of(fault)?;
                if let Fate::Refused(sentence) = &fate {
                    give_up_arrival(&context.app, *photo, sentence).await.map_err(fault_of)?;
                }
                fates.push((candidate, fate));
            }
        }
    }
    let attached = attach(context, to, &arrivals).await?;
    fates.extend(came.into_iter().zip(attached));
    Ok(fates)
}

/// Together; where one of them is refused, each by itself.
async fn attach(context: &Context, to: &Destination, arrivals: &[Arrival]) -> Result<Vec<Fate>, StoreError> {
    let mut fates = Vec::with_capacity(arrivals.len());
    match attach_originals(&context.app, &to.who, arrivals).await {
        Ok(became) => {
            fates.extend(arrivals.iter().zip(&became).map(|(arrival, became)| in_as(arrival, became)))
        }
        Err(Denied::Fault(fault)) => return Err(fault),
        Err(Denied::Refused(_)) => {
            for arrival in arrivals {
                match attach_originals(&context.app, &to.who, std::slice::from_ref(arrival)).await {
                    Ok(became) => fates.extend(became.iter().map(|became| in_as(arrival, became))),
                    Err(Denied::Fault(fault)) => return Err(fault),
                    Err(Denied::Refused(refusals)) => fates.push(refused(&refusals)),
                }
            }
        }
    }
    Ok(fates)
}

fn in_as(arrival: &Arrival, became: &Became) -> Fate {
    Fate::In { photo: arrival.photo, known: *became == Became::Known, news: news_of(became) }
}

/// What a newer file of a photo means, for the desk: what readers still see, and what they may not see any more (R12).
fn news_of(became: &Became) -> Option<String> {
    let Became::Update { published_in, restricted } = became else { return None };
    let mut said = "It brings new facts for a photo that was there.".to_owned();
    if !published_in.is_empty() {
        let many = if published_in.len() == 1 { "one story" } else { "several stories" };
        said.push_str(&format!(" Readers still see it as it was, in {many}: publish again, or withdraw it."));
    }
    for text in restricted {
        said.push_str(&format!(" Restricted from now on: {text}"));
    }
    Some(said)
}

fn fault_of(denied: Denied) -> StoreError {
    match denied {
        Denied::Fault(fault) => fault,
        refused @ Denied::Refused(_) => StoreError::Fault(std::sync::Arc::new(refused)),
    }
}

fn fate_of(fault: NotIn) -> Result<Fate, StoreError> {
    match fault {
        NotIn::Refused(sentence) => Ok(Fate::Refused(sentence)),
        NotIn::NotYet(sentence) => Ok(Fate::NotYet(sentence)),
        NotIn::Store(fault) => Err(fault),
        NotIn::Fault(sentence) => Ok(Fate::Waiting(format!("It could not be looked at: {sentence}."))),
    }
}

/// What somebody may not do is a matter of settings or roles, which change; what is wrong with the photo stays wrong.
fn refused(refusals: &[Refusal]) -> Fate {
    let Some(first) = refusals.first() else { return Fate::Waiting("It was refused.".to_owned()) };
    let sentence = first.sentence.clone();
    if first.code == "not_allowed" { Fate::Waiting(sentence) } else { Fate::Refused(sentence) }
}

/// What is known of a file as it stands.
///
/// # Errors
/// A fault of the store.
pub async fn told_of(context: &Context, file: &Dropped) -> Result<Option<WatchedFile>, StoreError> {
    let name = name_of(file);
    context.app.store().view(async |view: &mut View| view.watched_file(&name).await).await
}

/// Files of the watched folder, as they stand.
#[derive(Debug)]
pub struct Standing {
    /// The files: one that was taken is refused where its photo could not be developed.
    pub files: Vec<WatchedFile>,
    /// Whether nothing more is to be expected of them.
    pub settled: bool,
}

/// What is known of files, as it stands.
///
/// # Errors
/// A fault of the store.
pub async fn as_they_stand(view: &mut View, mut files: Vec<WatchedFile>) -> Result<Standing, StoreError> {
    let mut settled = true;
    for file in &mut files {
        let Some(id) = file.photo else { continue };
        let Some(photo) = view.photo(id).await? else { continue };
        settled &= photo.developed_at.is_some() || photo.refused.is_some() || photo.withdrawn.is_some();
        if let Some(decision) = photo.refused {
            (file.state, file.sentence) = (WatchedState::Refused, Some(decision.reason));
        }
    }
    Ok(Standing { files, settled })
}

/// Writes down what became of files, in one transaction.
///
/// # Errors
/// A fault of the store.
pub async fn tell(
    context: &Context,
    owner: Option<StaffId>,
    fates: &[(Dropped, Fate)],
) -> Result<(), StoreError> {
    let told_at = context.app.now();
    let rows: Vec<WatchedFile> = fates
        .iter()
        .map(|(file, fate)| {
            let (state, sentence, photo) = match fate {
                Fate::In { photo, known, news } => {
                    let state = if *known { WatchedState::Known } else { WatchedState::Taken };
                    (state, news.as_ref(), Some(*photo))
                }
                Fate::Refused(sentence) => (WatchedState::Refused, Some(sentence), None),
                Fate::LeftAlone(sentence) => (WatchedState::LeftAlone, Some(sentence), None),
                Fate::NotYet(sentence) | Fate::Waiting(sentence) => {
                    (WatchedState::Waiting, Some(sentence), None)
                }
            };
            WatchedFile { name: name_of(file), state, sentence: sentence.cloned(), photo, owner, told_at }
        })
        .collect();
    context
        .app
        .store()
        .write(async |tx: &mut Tx| {
            for row in &rows {
                tx.tell_watched_file(row).await?;
            }
            Ok(())
        })
        .await
}

impl Destination {
    /// Whose the files are.
    pub fn owner(&self) -> Option<StaffId> {
        self.owner
    }
}

fn name_of(file: &Dropped) -> WatchedName {
    WatchedName { path: file.name.clone(), bytes: file.stamp.bytes, modified_at: file.stamp.modified }
}
