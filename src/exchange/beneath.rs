//! Files of a folder into which strangers may write: opened and moved without following any link below it, whatever is put in
//! place of a folder meanwhile.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Component, Path};

use rustix::fs::{
    AtFlags, Mode, OFlags, RenameFlags, ResolveFlags, mkdirat, openat2, renameat, renameat_with, statat,
};
use rustix::io::Errno;

/// Opens a file that lies below `root`, and is a file: no link, no pipe that would keep its reader waiting.
///
/// # Errors
/// The system's; `ELOOP` where a link stands in the way.
pub fn open_file(root: &Path, path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = File::from(opened(&whole(root)?, below(root, path)?, flags)?);
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("it is no file")) }
}

/// Moves a file that lies below `root` to another path there, whose folders are made. `false`, and nothing is done, where
/// something has that path.
///
/// # Errors
/// The system's; `ELOOP` where a link stands in the way.
pub fn move_file(root: &Path, from: &Path, to: &Path) -> io::Result<bool> {
    let root_folder = whole(root)?;
    let (from, to) = (below(root, from)?, below(root, to)?);
    let left = folder(&root_folder, from)?;
    let mut entered = folder(&root_folder, Path::new(""))?;
    for part in to.parent().into_iter().flat_map(Path::components) {
        entered = enter(&entered, part)?;
    }
    let (old, new) = (name_of(from)?, name_of(to)?);
    match renameat_with(&left, old, &entered, new, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(true),
        Err(Errno::EXIST) => Ok(false),
        // Not every file system can promise it (some shares); what is asked for first is nearly as good.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
            match statat(&entered, new, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(_) => Ok(false),
                Err(Errno::NOENT) => Ok(renameat(&left, old, &entered, new).map(|()| true)?),
                Err(error) => Err(error.into()),
            }
        }
        Err(error) => Err(error.into()),
    }
}

fn whole(root: &Path) -> io::Result<OwnedFd> {
    Ok(rustix::fs::open(root, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?)
}

fn opened(folder: &OwnedFd, path: &Path, flags: OFlags) -> io::Result<OwnedFd> {
    Ok(openat2(folder, path, flags, Mode::empty(), ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS)?)
}

/// The folder in which a path lies.
fn folder(root: &OwnedFd, path: &Path) -> io::Result<OwnedFd> {
    let parent = path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
    opened(root, parent, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC)
}

/// A folder inside another one, made where it is not there.
fn enter(folder: &OwnedFd, part: Component<'_>) -> io::Result<OwnedFd> {
    let Component::Normal(name) = part else { return Err(io::ErrorKind::InvalidInput.into()) };
    match mkdirat(folder, name, Mode::from_raw_mode(0o755)) {
        Ok(()) | Err(Errno::EXIST) => {}
        Err(error) => return Err(error.into()),
    }
    opened(folder, Path::new(name), OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC)
}

fn below<'a>(root: &Path, path: &'a Path) -> io::Result<&'a Path> {
    path.strip_prefix(root).map_err(|_| io::ErrorKind::InvalidInput.into())
}

fn name_of(path: &Path) -> io::Result<&OsStr> {
    path.file_name().ok_or_else(|| io::ErrorKind::InvalidInput.into())
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "test files need no durability")]
mod tests {
    use std::fs;
    use std::io::Read;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_link_anywhere_on_the_way_leads_nowhere() {
        let (root, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let at = |name: &str| root.path().join(name);
        for folder in ["ana", "bob"] {
            fs::create_dir(at(folder)).unwrap();
        }
        fs::write(at("bob/his.jpg"), "his").unwrap();
        fs::write(elsewhere.path().join("secret.jpg"), "secret").unwrap();
        symlink(elsewhere.path(), at("ana/out")).unwrap();
        symlink(at("bob"), at("ana/bob")).unwrap();
        symlink(at("bob/his.jpg"), at("ana/file.jpg")).unwrap();
        for name in ["ana/out/secret.jpg", "ana/bob/his.jpg", "ana/file.jpg", "ana/../bob/his.jpg", "ana"] {
            assert!(open_file(root.path(), &at(name)).is_err() || name.contains(".."), "{name}");
        }
        let mut text = String::new();
        open_file(root.path(), &at("bob/his.jpg")).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "his");
        assert!(open_file(root.path(), &elsewhere.path().join("secret.jpg")).is_err());

        // Neither from others, nor to others.
        assert!(move_file(root.path(), &at("ana/bob/his.jpg"), &at("ana/_taken/his.jpg")).is_err());
        fs::write(at("ana/mine.jpg"), "mine").unwrap();
        assert!(move_file(root.path(), &at("ana/mine.jpg"), &at("ana/bob/mine.jpg")).is_err());
        assert!(move_file(root.path(), &at("ana/mine.jpg"), &at("ana/out/mine.jpg")).is_err());
        assert!(move_file(root.path(), &at("ana/mine.jpg"), &at("ana/out/deep/mine.jpg")).is_err());
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 1);
        assert!(at("ana/mine.jpg").exists() && at("bob/his.jpg").exists());
    }

    #[test]
    fn a_file_is_moved_once_and_takes_nobodys_place() {
        let root = tempfile::tempdir().unwrap();
        let (from, to) = (root.path().join("a.jpg"), root.path().join("ana/_taken/a.jpg"));
        fs::write(&from, "one").unwrap();
        assert!(move_file(root.path(), &from, &to).unwrap());
        fs::write(&from, "two").unwrap();
        assert!(!move_file(root.path(), &from, &to).unwrap());
        assert_eq!((fs::read_to_string(&to).unwrap().as_str(), from.exists()), ("one", true));
    }
}
