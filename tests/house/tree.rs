//! The files of the project: those that git tracks or would track.

use std::path::Path;
use std::process::Command;

/// A file's path below the root, with `/` on every system, and its text.
pub struct File {
    /// For example `src/config/mod.rs`.
    pub path: String,
    /// The content.
    pub text: String,
}

/// The project's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Paths of all files, binary ones too, sorted.
pub fn paths() -> Vec<String> {
    let listing = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root())
        .output()
        .expect("git lists the project's files");
    assert!(listing.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listing.stderr));
    let mut paths: Vec<String> = String::from_utf8(listing.stdout)
        .expect("our paths are UTF-8")
        .split_terminator('\0')
        .filter(|path| root().join(path).is_file())
        .map(str::to_owned)
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

/// The text of one file below the root.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All files that are text, with their text.
pub fn texts() -> Vec<File> {
    let text = |path: String| {
        let bytes = std::fs::read(root().join(&path)).ok()?;
        Some(File { text: String::from_utf8(bytes).ok()?, path })
    };
    paths().into_iter().filter_map(text).collect()
}

/// Our Rust files, tests included.
pub fn rust_files() -> Vec<File> {
    let files: Vec<File> = texts().into_iter().filter(|file| file.path.ends_with(".rs")).collect();
    assert!(files.len() > 20, "only {} Rust files were found: is this the project's root?", files.len());
    files
}

/// Fails with all faults at once.
pub fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "{} fault(s):\n{}", faults.len(), faults.join("\n"));
}
