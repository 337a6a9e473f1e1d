//! Other people's formats, one folder or file a format.

pub mod beneath;
pub mod capture;
pub mod dropped;
pub mod facts;
pub mod folder;
pub mod story_file;
pub mod text;
