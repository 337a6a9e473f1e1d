//! ExifTool, the other program that reads and writes metadata: what it says of a file is not what we say of it.

use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value};

/// Changes that take every name of a photo's maker or supplier out of a file. The source is not among them: R10 proposes
/// a credit from it.
pub const NO_MAKER: [&str; 6] = [
    "-XMP-photoshop:Credit=",
    "-XMP-dc:Creator=",
    "-IPTC:Credit=",
    "-IPTC:By-line=",
    "-EXIF:Artist=",
    "-XMP-plus:ImageSupplier=",
];

/// Whether ExifTool is installed; says aloud that the test is skipped where it is not.
pub fn installed() -> bool {
    let found = Command::new("exiftool").arg("-ver").output().is_ok_and(|output| output.status.success());
    if !found {
        eprintln!("SKIPPED: ExifTool is not installed");
    }
    found
}

/// Changes tags of a file in place, for instance `-XMP-dc:Description=...`.
#[track_caller]
pub fn change(file: &Path, tags: &[&str]) {
    let output = Command::new("exiftool")
        .args(["-q", "-overwrite_original", "-charset", "iptc=UTF8"])
        .args(tags)
        .arg(file)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Every tag of each file, also those that are unknown to it and those that stand twice, named `Group:Tag`.
#[track_caller]
pub fn tags(files: &[impl AsRef<Path>]) -> Vec<Map<String, Value>> {
    let files: Vec<&Path> = files.iter().map(AsRef::as_ref).collect();
    let output = Command::new("exiftool")
        .args(["-j", "-a", "-u", "-G1", "-struct", "-ee"])
        .args(&files)
        .output()
        .unwrap();
    let all: Vec<Map<String, Value>> = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(
        all.len(),
        files.len(),
        "ExifTool reads every file: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    all
}

/// One tag of a file by its ExifTool name, as text; empty where the file has none.
#[track_caller]
pub fn tag(file: &Path, name: &str) -> String {
    let output = Command::new("exiftool").args(["-s3", &format!("-{name}")]).arg(file).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim_end_matches('\n').to_owned()
}
