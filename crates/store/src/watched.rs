//! Files that lay in the watched folder, and what became of each.

use newsroom::id::{PhotoId, StaffId};
use newsroom::moment::Moment;

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::statement::statements;
use crate::value::{Row, as_int, binds};

/// A file of the watched folder as it stood there. One that came again under the same name has another length or time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WatchedName {
    /// Its path below the folder; bytes that are no text stand as `%` and two hexadecimal digits.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// When it was changed last.
    pub modified_at: Moment,
}

impl WatchedName {
    /// The first folder of its path, which is somebody's; empty for a file that lies in none.
    pub fn folder(&self) -> &str {
        self.path.split_once('/').map_or("", |(folder, _)| folder)
    }
}

/// What became of a file of the watched folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WatchedState {
    /// Nothing yet: it is tried again.
    Waiting,
    /// It is a photo's original.
    Taken,
    /// Its bytes were known.
    Known,
    /// It is refused for good.
    Refused,
    /// It is nothing that is taken in: a RAW file, a video.
    LeftAlone,
}

impl WatchedState {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Taken, Self::Known, Self::Refused, Self::LeftAlone];

    /// As it is kept and told.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Taken => "taken",
            Self::Known => "known",
            Self::Refused => "refused",
            Self::LeftAlone => "left alone",
        }
    }

    /// Reads what [`Self::as_str`] gives.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// A file of the watched folder, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedFile {
    /// Which file.
    pub name: WatchedName,
    /// What became of it.
    pub state: WatchedState,
    /// Why, where there is more to say.
    pub sentence: Option<String>,
    /// The photo that it is.
    pub photo: Option<PhotoId>,
    /// Whose folder it lay in.
    pub owner: Option<StaffId>,
    /// When that was found out.
    pub told_at: Moment,
}

macro_rules! columns {
    () => {
        "folder, path, bytes, modified_at, state, sentence, photo, owner, told_at"
    };
}

statements! { "watched_files";
    OF_NAME = concat!("SELECT ", columns!(), " FROM watched_files WHERE path = $1 AND bytes = $2 AND modified_at = $3");
    NEWEST = concat!("SELECT ", columns!(), " FROM watched_files WHERE (told_at, path) < ($1, $2)
        ORDER BY told_at DESC, path DESC LIMIT $3");
    NEWEST_IN = concat!("SELECT ", columns!(), " FROM watched_files WHERE folder = $1
        ORDER BY told_at DESC, path DESC LIMIT $2");
    NEWEST_OF = concat!("SELECT ", columns!(), " FROM watched_files WHERE owner = $4 AND (told_at, path) < ($1, $2)
        ORDER BY told_at DESC, path DESC LIMIT $3");
    PUT = concat!("INSERT INTO watched_files (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (path, bytes, modified_at) DO UPDATE SET state = excluded.state, sentence = excluded.sentence,
        photo = excluded.photo, owner = excluded.owner, told_at = excluded.told_at");
    FORGET_WAITING = "DELETE FROM watched_files WHERE path = $1 AND state = 'waiting'
        AND NOT (bytes = $2 AND modified_at = $3)";
    WAITING = concat!("SELECT ", columns!(), " FROM watched_files WHERE state = 'waiting' AND path > $1
        ORDER BY path LIMIT $2");
    BEFORE = concat!("SELECT ", columns!(), " FROM watched_files WHERE told_at < $1 AND (told_at, path) > ($2, $3)
        ORDER BY told_at, path LIMIT $4");
    FORGET = "DELETE FROM watched_files WHERE path = $1 AND bytes = $2 AND modified_at = $3";
}

impl View {
    /// What became of this file.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn watched_file(&mut self, name: &WatchedName) -> Result<Option<WatchedFile>, StoreError> {
        let values = binds![&name.path, as_int(name.bytes), name.modified_at];
        self.row(OF_NAME, values).await?.map(|row| file(&row)).transpose()
    }

    /// The files of which something was told before this moment, or at it with a smaller path; newest first. `owner`: in
    /// this person's folders only.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn watched_files(
        &mut self,
        owner: Option<StaffId>,
        (before, path): (Moment, &str),
        limit: u32,
    ) -> Result<Vec<WatchedFile>, StoreError> {
        let mut values = binds![before, path, limit];
        let sql = match owner {
            None => NEWEST,
            Some(owner) => {
                values.extend(binds![owner]);
                NEWEST_OF
            }
        };
        self.rows(sql, values).await?.iter().map(file).collect()
    }

    /// So many of the files of one folder ([`WatchedName::folder`]), newest first.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn watched_files_in(
        &mut self,
        folder: &str,
        limit: u32,
    ) -> Result<Vec<WatchedFile>, StoreError> {
        self.rows(NEWEST_IN, binds![folder, limit]).await?.iter().map(file).collect()
    }

    /// So many of the files that wait, by path, after this one.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn watched_files_waiting(
        &mut self,
        after: &str,
        limit: u32,
    ) -> Result<Vec<WatchedFile>, StoreError> {
        self.rows(WAITING, binds![after, limit]).await?.iter().map(file).collect()
    }

    /// So many of the files of which nothing was told since this moment, oldest first, after this one.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn watched_files_before(
        &mut self,
        moment: Moment,
        (after, path): (Moment, &str),
        limit: u32,
    ) -> Result<Vec<WatchedFile>, StoreError> {
        self.rows(BEFORE, binds![moment, after, path, limit]).await?.iter().map(file).collect()
    }
}

impl Tx {
    /// Notes what became of a file. An earlier one of the same path that still waited is forgotten: it was this one, not yet
    /// whole.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn tell_watched_file(&mut self, file: &WatchedFile) -> Result<(), StoreError> {
        let name = &file.name;
        let (bytes, modified_at) = (as_int(name.bytes), name.modified_at);
        self.run(FORGET_WAITING, binds![&name.path, bytes, modified_at]).await?;
        let values = binds![
            name.folder(),
            &name.path,
            bytes,
            modified_at,
            file.state.as_str(),
            file.sentence.as_deref(),
            file.photo,
            file.owner,
            file.told_at,
        ];
        self.run(PUT, values).await.map(|_| ())
    }

    /// Forgets a file.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn forget_watched_file(&mut self, name: &WatchedName) -> Result<(), StoreError> {
        self.run(FORGET, binds![&name.path, as_int(name.bytes), name.modified_at]).await.map(|_| ())
    }
}

fn file(row: &Row) -> Result<WatchedFile, StoreError> {
    Ok(WatchedFile {
        name: WatchedName {
            path: row.text("path")?,
            bytes: row.count("bytes")?,
            modified_at: row.moment("modified_at")?,
        },
        state: row.parsed("state", WatchedState::parse)?,
        sentence: row.maybe_text("sentence")?,
        photo: row.maybe_id("photo", PhotoId::from_uuid)?,
        owner: row.maybe_id("owner", StaffId::from_uuid)?,
        told_at: row.moment("told_at")?,
    })
}
