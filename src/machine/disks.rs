//! How much room the file systems have that hold the data folder.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use store::DiskSpace;

/// What this machine calls itself.
pub fn name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// The file systems that hold a data folder: that of the folder itself first, then those of folders inside it that lie
/// elsewhere. One that cannot be looked at is left out.
pub fn disks(data: &Path) -> Vec<DiskSpace> {
    let inside = std::fs::read_dir(data).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut inside: Vec<PathBuf> = inside.filter(|path| path.is_dir()).collect();
    inside.sort();
    let mut known: Vec<(u64, DiskSpace)> = Vec::new();
    for folder in std::iter::once(data.to_owned()).chain(inside) {
        let Ok(device) = folder.metadata().map(|about| about.dev()) else { continue };
        let shown = folder.display().to_string();
        match known.iter_mut().position(|(one, _)| *one == device) {
            None => {}
            // What lies in the data folder and not elsewhere needs no word.
            Some(0) => continue,
            Some(place) => {
                known.get_mut(place).into_iter().for_each(|(_, disk)| disk.folders.push(shown.clone()));
                continue;
            }
        }
        let Ok(space) = rustix::fs::statvfs(&folder) else { continue };
        let bytes = |blocks: u64| blocks.saturating_mul(space.f_frsize);
        let disk =
            DiskSpace { folders: vec![shown], free: bytes(space.f_bavail), size: bytes(space.f_blocks) };
        known.push((device, disk));
    }
    known.into_iter().map(|(_, disk)| disk).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_folder_on_one_file_system_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        for inside in ["originals", "cache"] {
            std::fs::create_dir(folder.path().join(inside)).unwrap();
        }
        let found = disks(folder.path());
        let [disk] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(disk.folders, [folder.path().display().to_string()]);
        assert!(disk.size > 0 && disk.free <= disk.size, "{disk:?}");
    }

    #[test]
    fn a_folder_that_lies_elsewhere_is_told_with_its_own_room() {
        let folder = tempfile::tempdir().unwrap();
        // A file system that each Linux has beside the one for files.
        std::os::unix::fs::symlink("/proc", folder.path().join("cache")).unwrap();
        let found = disks(folder.path());
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[1].folders, [folder.path().join("cache").display().to_string()]);
    }

    #[test]
    fn a_folder_that_is_not_there_has_no_room() {
        assert_eq!(disks(Path::new("/nowhere/at/all")), []);
    }
}
