//! The servers beside which tests run, as `./dev` starts them: PostgreSQL and an S3-compatible store.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

use crate::site::TestSite;

/// A database of a test's own, which goes with this. Needs `HALFTONE_TEST_POSTGRES`, the address of a database whose
/// user may make databases, and the `psql` client.
pub struct Database {
    server: String,
    pub name: String,
}

impl Database {
    /// `None`, after saying so aloud, where there is no server or no client.
    pub fn new(name: &str) -> Option<Self> {
        let Ok(server) = std::env::var("HALFTONE_TEST_POSTGRES") else {
            eprintln!("SKIPPED: HALFTONE_TEST_POSTGRES is not set; this test needs PostgreSQL");
            return None;
        };
        if !Command::new("psql").arg("--version").output().is_ok_and(|output| output.status.success()) {
            eprintln!("SKIPPED: psql is not installed");
            return None;
        }
        let name = format!("black_box_{name}_{}", std::process::id());
        sql(&server, &format!("CREATE DATABASE {name}"));
        Some(Self { server, name })
    }

    pub fn url(&self) -> String {
        format!("{}/{}", self.server.rsplit_once('/').unwrap().0, self.name)
    }

    /// Has a statement run in it.
    pub fn run(&self, statement: &str) {
        sql(&self.url(), statement);
    }

    /// The section of halftone.toml.
    pub fn settings(&self) -> String {
        format!("[database]\nurl = \"{}\"\n", self.url())
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        sql(&self.server, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

fn sql(server: &str, statement: &str) {
    let output =
        Command::new("psql").args([server, "-q", "-v", "ON_ERROR_STOP=1", "-c", statement]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A site on a database of its own.
pub struct PostgresSite {
    pub site: TestSite,
    pub database: Database,
}

impl PostgresSite {
    /// As [`Database::new`].
    pub fn new(name: &str) -> Option<Self> {
        let database = Database::new(name)?;
        Some(Self { site: TestSite::in_folder_with(&database.settings()), database })
    }
}

/// A database and a part of the bucket of one site, for a run of all tests on servers (`./dev test --on-servers`).
pub struct Elsewhere {
    database: Database,
    blobs: String,
}

impl Elsewhere {
    /// `None` in a run of the usual kind.
    pub fn where_all_tests_go() -> Option<Self> {
        static SITES: AtomicU32 = AtomicU32::new(0);
        std::env::var_os("HALFTONE_TEST_ON_SERVERS")?;
        let number = SITES.fetch_add(1, Ordering::Relaxed);
        let database = Database::new(&format!("site_{number}")).expect("a run on servers has PostgreSQL");
        // Each test is a process of its own, whose number may come again in a long run.
        let since = SystemTime::UNIX_EPOCH.elapsed().expect("a clock after 1970").as_micros();
        Some(Self { database, blobs: format!("s3://halftone/site-{}-{since}-{number}", std::process::id()) })
    }

    /// Tells a command where they are.
    pub fn name_to(&self, command: &mut Command) {
        let of = |name: &str| std::env::var(name).expect("a run on servers has an S3-compatible store");
        command.args(["--database", &self.database.url(), "--blobs", &self.blobs]);
        command.env("AWS_ENDPOINT_URL", of("HALFTONE_TEST_S3")).env("AWS_REGION", "garage");
        command.env("AWS_ACCESS_KEY_ID", of("HALFTONE_TEST_S3_KEY"));
        command.env("AWS_SECRET_ACCESS_KEY", of("HALFTONE_TEST_S3_SECRET"));
    }
}

/// The section of halftone.toml that names a part of the tests' bucket; `None`, after saying so aloud, where there is no
/// store.
pub fn bucket(prefix: &str) -> Option<String> {
    let said = |name: &str| std::env::var(name).ok();
    let found =
        said("HALFTONE_TEST_S3").zip(said("HALFTONE_TEST_S3_KEY")).zip(said("HALFTONE_TEST_S3_SECRET"));
    let Some(((endpoint, key), secret)) = found else {
        eprintln!("SKIPPED: HALFTONE_TEST_S3 is not set; this test needs an S3-compatible store");
        return None;
    };
    let url = format!("s3://halftone/black-box-{}/{prefix}", std::process::id());
    Some(format!(
        "[blobs]\nurl = \"{url}\"\nendpoint = \"{endpoint}\"\nregion = \"garage\"\naccess_key = \"{key}\"\n\
         secret_key = \"{secret}\"\n"
    ))
}
