//! The description of the API against the API, by those who do nothing else (Schemathesis): no fault of the server, and no answer
//! that is not described, on both databases.

use std::path::Path;
use std::process::Command;

use crate::client::{person, ready};
use crate::servers::Database;
use crate::site::TestSite;

/// Checks all routes with what the description allows and with what it does not.
fn check(site: &TestSite) {
    let Some(python) = std::env::var_os("HALFTONE_PYTHON") else {
        eprintln!("SKIPPED: HALFTONE_PYTHON is not set; this test needs Schemathesis");
        return;
    };
    let serving = ready(site);
    person(site, &serving, "ana", "administrator");
    site.small_draft("Three pictures");
    let scopes = ["read", "photos", "stories", "publish", "originals", "notices", "admin"];
    let scopes = scopes.map(|scope| ["--scope", scope]).concat();
    let words = [&["staff", "token", "ana@house.example", "--name", "test"], scopes.as_slice()].concat();
    let token = site.json(&words).ends_with(0).object("token")["token"].as_str().unwrap().to_owned();
    let folder = site.beside("schemathesis");
    std::fs::create_dir_all(&folder).unwrap();
    let said = Command::new(python)
        .args(["-m", "schemathesis.cli", "run"])
        .arg(format!("http://{}/api/v1/openapi.json", serving.address))
        .args(["--header", &format!("Authorization: Bearer {token}")])
        .args([
            "--checks",
            "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
        ])
        // A stream of events has no end that could be waited for.
        .args(["--exclude-path", "/api/v1/events"])
        .args(["--max-examples", "25", "--seed", "1", "--generation-deterministic", "--no-color"])
        .args(["--suppress-health-check", "all", "--request-timeout", "20"])
        .env("SCHEMATHESIS_HOOKS", "schemathesis_hooks")
        .env("PYTHONPATH", Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(&folder)
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&said.stdout);
    assert!(said.status.success(), "{out}\n{}", String::from_utf8_lossy(&said.stderr));
}

#[test]
fn the_api_answers_as_it_is_described() {
    check(&TestSite::new());
}

#[test]
fn the_api_answers_as_it_is_described_on_postgresql() {
    let Some(database) = Database::new("described") else { return };
    check(&TestSite::in_folder_with(&format!("{}[work]\navif = \"off\"\n", database.settings())));
}
