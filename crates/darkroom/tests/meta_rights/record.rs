//! A full record of rights, and ExifTool, which reads what became of it.

use std::io::Write;
use std::process::{Command, Stdio};

use darkroom::meta::{Licensor, RightsRecord};

/// Every field filled, with texts that need escaping.
pub fn rights() -> RightsRecord {
    RightsRecord {
        creators: vec!["Jane Doe".into(), "Łukasz Żak".into()],
        credit: "REUTERS/Jane \"JD\" Doe & <Co>".into(),
        copyright: Some("© 2026 Agency".into()),
        usage_terms: Some("Editorial use only".into()),
        web_statement: Some("https://example.org/rights".into()),
        licensors: vec![Licensor {
            name: Some("Agency".into()),
            url: Some("https://example.org/buy?a=1&b=2".into()),
        }],
        description: "Мэр и гости, 1 <b> & 'two'.\nSecond line.".into(),
        alt: Some("Two people at a table".into()),
        date_created: Some("2026-11-22T10:00:00+01:00".into()),
        digital_source_type: Some("digitalCapture".into()),
        data_mining: Some("DMI-PROHIBITED".into()),
        source_guid: Some("urn:example:1".into()),
        language: "ru".into(),
    }
}

/// The tags of a file as ExifTool names them, with their values; `None` where ExifTool is not installed.
pub fn exiftool(bytes: &[u8], arguments: &[&str]) -> Option<String> {
    let child = Command::new("exiftool")
        .args(arguments)
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("SKIPPED: exiftool is not installed");
        return None;
    };
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(bytes).unwrap();
    drop(stdin);
    Some(String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap())
}
