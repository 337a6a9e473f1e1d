//! PostgreSQL and Garage of a test's own, which it may stop and start again.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A port that nobody listens on at this moment.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn wait_for(port: u16) {
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(begun.elapsed() < PATIENCE, "nothing listens on port {port}");
        std::thread::yield_now();
    }
}

/// A variable that `./dev` sets; `None`, after saying so aloud, where it is not set.
fn told(name: &str) -> Option<PathBuf> {
    let found = std::env::var_os(name).map(PathBuf::from);
    if found.is_none() {
        eprintln!("SKIPPED: {name} is not set; this test starts a server of its own");
    }
    found
}

/// A PostgreSQL server.
pub struct Postgres {
    programs: PathBuf,
    folder: TempDir,
    port: u16,
}

impl Postgres {
    /// Makes and starts one; `None`, after saying so aloud, without its programs.
    pub fn start() -> Option<Self> {
        let programs = told("HALFTONE_POSTGRES_BIN")?;
        let server = Self { programs, folder: tempfile::tempdir().unwrap(), port: free_port() };
        fs::write(server.folder.path().join("password"), "halftone\n").unwrap();
        if rustix::process::geteuid().is_root() {
            let given = Command::new("chown").args(["-R", "postgres"]).arg(server.folder.path()).status();
            assert!(given.unwrap().success());
        }
        let data = server.data();
        let password = format!("--pwfile={}", server.folder.path().join("password").display());
        server
            .run("initdb", &["-D", &data, "-U", "halftone", &password, "--auth=scram-sha-256", "--no-sync"]);
        server.up();
        Some(server)
    }

    pub fn url(&self) -> String {
        format!("postgres://halftone:halftone@127.0.0.1:{}/postgres", self.port)
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    pub fn up(&self) {
        let options = format!("-h 127.0.0.1 -p {} -k '' -c max_connections=200", self.port);
        let log = self.folder.path().join("log").display().to_string();
        self.run("pg_ctl", &["-D", &self.data(), "-w", "-s", "-l", &log, "-o", &options, "start"]);
    }

    /// Stops it at once, as a crash does.
    pub fn down(&self) {
        self.run("pg_ctl", &["-D", &self.data(), "-w", "-s", "-m", "immediate", "stop"]);
    }

    /// PostgreSQL refuses to run as root.
    fn run(&self, program: &str, words: &[&str]) {
        let program = self.programs.join(program);
        let mut command = if rustix::process::geteuid().is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        let ended =
            command.args(words).current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).status().unwrap();
        assert!(ended.success(), "{words:?}");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let words = ["-D", &self.data(), "-s", "-m", "immediate", "stop"];
        let as_root = rustix::process::geteuid().is_root();
        let program = self.programs.join("pg_ctl");
        let mut command = if as_root { Command::new("runuser") } else { Command::new(&program) };
        if as_root {
            command.args(["-u", "postgres", "--"]).arg(&program);
        }
        let _ = command.args(words).current_dir("/").stderr(Stdio::null()).status();
    }
}

/// A Garage server with one bucket.
pub struct Garage {
    program: PathBuf,
    folder: TempDir,
    port: u16,
    running: Option<Child>,
}

/// Its keys, which nobody else's server takes.
const KEY: &str = "GK00112233445566778899aabb";
const SECRET: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

impl Garage {
    /// Makes and starts one; `None`, after saying so aloud, without its program.
    pub fn start() -> Option<Self> {
        let program = told("HALFTONE_GARAGE")?;
        let mut server =
            Self { program, folder: tempfile::tempdir().unwrap(), port: free_port(), running: None };
        let (folder, port, rpc) = (server.folder.path().display(), server.port, free_port());
        let settings = format!(
            "metadata_dir = \"{folder}/meta\"\ndata_dir = \"{folder}/data\"\ndb_engine = \"sqlite\"\n\
             replication_factor = 1\nrpc_bind_addr = \"127.0.0.1:{rpc}\"\nrpc_secret = \"{SECRET}\"\n\
             [s3_api]\ns3_region = \"garage\"\napi_bind_addr = \"127.0.0.1:{port}\"\n"
        );
        fs::write(server.folder.path().join("garage.toml"), settings).unwrap();
        server.up();
        Some(server)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn up(&mut self) {
        let child = Command::new(&self.program)
            .arg("-c")
            .arg(self.folder.path().join("garage.toml"))
            .args(["server", "--single-node", "--default-bucket"])
            .env("GARAGE_DEFAULT_ACCESS_KEY", KEY)
            .env("GARAGE_DEFAULT_SECRET_KEY", SECRET)
            .env("GARAGE_DEFAULT_BUCKET", "desk")
            .env("RUST_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        self.running = Some(child.unwrap());
        wait_for(self.port);
    }

    /// Stops it at once.
    pub fn down(&mut self) {
        if let Some(mut child) = self.running.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// The section of halftone.toml with a key that may read, and nothing else.
    pub fn settings_to_read(&self) -> String {
        let run = |words: &[&str]| {
            let output = Command::new(&self.program)
                .arg("-c")
                .arg(self.folder.path().join("garage.toml"))
                .args(words)
                .output()
                .unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap()
        };
        let told = run(&["key", "create", "reader"]);
        let after =
            |what: &str| told.split(what).nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        let (key, secret) = (after("Key ID:"), after("Secret key:"));
        run(&["bucket", "allow", "--read", "desk", "--key", &key]);
        self.settings().replace(KEY, &key).replace(SECRET, &secret)
    }

    /// The section of halftone.toml, spoken to through this port.
    pub fn settings_through(&self, port: u16) -> String {
        format!(
            "[blobs]\nurl = \"s3://desk\"\nendpoint = \"http://127.0.0.1:{port}\"\nregion = \"garage\"\n\
             access_key = \"{KEY}\"\nsecret_key = \"{SECRET}\"\n"
        )
    }

    pub fn settings(&self) -> String {
        self.settings_through(self.port)
    }
}

impl Drop for Garage {
    fn drop(&mut self) {
        self.down();
    }
}
