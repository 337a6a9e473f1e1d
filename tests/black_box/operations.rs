//! What docs/operations.md gives to be copied works as it stands there.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::servers::{Database, bucket};
use crate::site::{TestSite, samples, terminate};

fn page() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operations.md")).unwrap()
}

/// The blocks of a kind, such as `toml`.
fn blocks(page: &str, kind: &str) -> Vec<String> {
    let blocks = page.split("```").skip(1).step_by(2);
    blocks.filter_map(|block| block.strip_prefix(&format!("{kind}\n"))).map(str::to_owned).collect()
}

#[test]
fn all_settings_of_the_page_are_accepted() {
    let blocks = blocks(&page(), "toml");
    assert_eq!(
        blocks.len(),
        6,
        "a proxy, several machines, a content network, a mail server, a watched folder, alerts"
    );
    for block in blocks {
        let site = TestSite::in_folder_with(&block);
        let photo = samples().join("rocket.jpg");
        let mut command = site.command(&["inspect", photo.to_str().unwrap()]);
        command.env("AWS_ACCESS_KEY_ID", "from").env("AWS_SECRET_ACCESS_KEY", "the secrets");
        command.env("HALFTONE_CDN_PURGE_HEADER", "Fastly-Key: from the secrets");
        command.env("HALFTONE_MAIL_PASSWORD", "from the secrets");
        let output = command.output().unwrap();
        assert!(output.status.success(), "{block}\n{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_three_machines_of_the_page_are_started_as_it_says() {
    let Some(database) = Database::new("three_machines") else { return };
    let Some(servers) = bucket("three-machines") else { return };
    let page = page();
    let settings = blocks(&page, "toml").into_iter().find(|block| block.contains("[blobs]")).unwrap();
    let ours = |name: &str| servers.split(&format!("{name} = \"")).nth(1).unwrap().split('"').next().unwrap();
    let settings = settings
        .replace("postgres://halftone:password@10.0.0.5/halftone", &database.url())
        .replace("s3://photos/site", ours("url"))
        .replace("http://10.0.0.6:3900", ours("endpoint"))
        .replace("0.0.0.0:8080", "127.0.0.1:0")
        .replace("127.0.0.1:9090", "127.0.0.1:0");
    let with_secrets = |site: &TestSite, words: &[&str]| {
        let mut command = site.command(words);
        command.env("AWS_ACCESS_KEY_ID", ours("access_key"));
        command.env("AWS_SECRET_ACCESS_KEY", ours("secret_key")).stdout(Stdio::null());
        command
    };
    let commands: Vec<String> = blocks(&page, "ini")
        .iter()
        .flat_map(|unit| unit.lines().filter_map(|line| line.strip_prefix("ExecStart=/usr/bin/halftone ")))
        .map(|words| words.split(" --data ").next().unwrap().to_owned())
        .collect();
    assert_eq!(commands, ["serve --no-work", "work"]);
    let machines: Vec<TestSite> = (0..3).map(|_| TestSite::in_folder_with(&settings)).collect();
    let migrated = with_secrets(&machines[0], &["migrate"]).status().unwrap();
    assert!(migrated.success());
    let roles = [&commands[0], &commands[0], &commands[1]];
    let mut running: Vec<_> = roles
        .iter()
        .zip(&machines)
        .map(|(words, site)| {
            let words: Vec<&str> = words.split(' ').collect();
            with_secrets(site, &words).spawn().unwrap()
        })
        .collect();
    let told = || {
        let output =
            with_secrets(&machines[0], &["nodes", "--json"]).stdout(Stdio::piped()).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    while told().matches("\"role\"").count() < 3 {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    for process in &mut running {
        terminate(process);
        assert_eq!(process.wait().unwrap().code(), Some(0));
    }
}

/// Compose itself is not here; that it is the YAML which was meant is.
#[test]
fn the_compose_file_of_the_page_names_the_same_three() {
    let Some(python) = std::env::var_os("HALFTONE_PYTHON") else {
        eprintln!("SKIPPED: HALFTONE_PYTHON is not set; this test reads YAML with Python");
        return;
    };
    let file = blocks(&page(), "yaml").remove(0);
    let read = "import sys, yaml, json; print(json.dumps(yaml.safe_load(sys.stdin.read())))";
    let mut reading =
        Command::new(python).args(["-c", read]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut reading.stdin.take().unwrap(), file.as_bytes()).unwrap();
    let output = reading.wait_with_output().unwrap();
    assert!(output.status.success());
    let read: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let command = |name: &str| {
        let words = read["services"][name]["command"].as_array().unwrap();
        words.iter().map(|word| word.as_str().unwrap()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(command("serve-1"), "serve --no-work --data /data");
    assert_eq!(command("serve-2"), command("serve-1"));
    assert_eq!(command("work"), "work --data /data");
    for name in ["serve-1", "serve-2", "work"] {
        assert_eq!(read["services"][name]["image"], "halftone");
        let folders = read["services"][name]["volumes"].as_array().unwrap();
        assert!(
            folders.iter().any(|folder| folder == &format!("{name}:/data")),
            "each has a folder of its own"
        );
    }
}

/// ProFTPD with the page's settings for it, and none of the machine's ports and folders.
struct Ftp {
    server: std::process::Child,
    sftp: u16,
    ftp: u16,
}

impl Ftp {
    /// `None`, after saying so aloud, without ProFTPD.
    fn start(site: &TestSite, folder: &Path, password: &str) -> Option<Self> {
        let Some(program) = std::env::var_os("HALFTONE_PROFTPD") else {
            eprintln!("SKIPPED: HALFTONE_PROFTPD is not set; this test needs the FTP server of the page");
            return None;
        };
        let program = Path::new(&program);
        let at = |name: &str| site.beside(name).display().to_string();
        let key =
            Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", &at("key")]).status();
        assert!(key.unwrap().success());
        // ProFTPD lets nobody in as root, whoever it is itself.
        let is_root = rustix::process::geteuid().is_root();
        let user = if is_root { 65_534 } else { rustix::process::getuid().as_raw() };
        let (mut open, parts) = (site.beside(""), folder.strip_prefix(site.beside("")).unwrap());
        for part in std::iter::once(Path::new("")).chain(parts.iter().map(Path::new)) {
            open.push(part);
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            std::fs::set_permissions(&open, mode).unwrap();
        }
        if is_root {
            std::os::unix::fs::chown(folder, Some(user), Some(user)).unwrap();
        }
        let mut adds = Command::new("perl");
        adds.arg(program.with_file_name("ftpasswd")).args([
            "--passwd",
            "--stdin",
            "--name=ana",
            "--shell=/bin/false",
        ]);
        adds.arg(format!("--file={}", at("photographers"))).arg(format!("--home={}", folder.display()));
        adds.arg(format!("--uid={user}")).arg(format!("--gid={user}"));
        let mut adding = adds.stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        std::io::Write::write_all(&mut adding.stdin.take().unwrap(), format!("{password}\n").as_bytes())
            .unwrap();
        assert!(adding.wait().unwrap().success());
        let named = |what: &str| {
            let told = Command::new("id").args([what, &user.to_string()]).output().unwrap();
            String::from_utf8(told.stdout).unwrap().trim().to_owned()
        };
        let (ftp, sftp) = (crate::machinery::free_port(), crate::machinery::free_port());
        let mut settings = blocks(&page(), "proftpd").concat();
        for (ours, mine) in [
            ("/etc/proftpd/photographers", at("photographers")),
            ("/etc/ssh/ssh_host_ed25519_key", at("key")),
            ("0.0.0.0", "127.0.0.1".to_owned()),
            ("2222", sftp.to_string()),
        ] {
            assert!(settings.contains(ours), "{ours} in {settings}");
            settings = settings.replace(ours, &mine);
        }
        if !is_root {
            // Only root may shut somebody into a folder.
            settings =
                settings.lines().filter(|line| !line.contains("DefaultRoot")).collect::<Vec<_>>().join("\n");
        }
        let modules = program.parent().unwrap().join("../lib/proftpd").canonicalize().unwrap();
        let around = format!(
            "ServerName photographers\nModulePath {}\nPidFile {}\nScoreboardFile {}\nSystemLog {}\nDelayEngine off\n\
             UseIPv6 off\nUseReverseDNS off\nDefaultAddress 127.0.0.1\nPort {ftp}\nUser {}\nGroup {}\n{settings}",
            modules.display(),
            at("pid"),
            at("scores"),
            at("ftp-log"),
            named("-un"),
            named("-gn"),
        );
        std::fs::write(site.beside("proftpd.conf"), around).unwrap();
        let mut serves = Command::new(program);
        serves.args(["--nodaemon", "--config", &at("proftpd.conf")]).stdout(Stdio::null());
        let server = serves.spawn().unwrap();
        let mut started = Self { server, sftp, ftp };
        let begun = std::time::Instant::now();
        for port in [ftp, sftp] {
            while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
                assert_eq!(started.server.try_wait().unwrap(), None, "ProFTPD does not start");
                assert!(begun.elapsed().as_secs() < 60, "ProFTPD does not listen on {port}");
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        }
        Some(started)
    }
}

impl Drop for Ftp {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn what_a_photographer_sends_to_the_ftp_server_of_the_page_is_their_photo() {
    let site = TestSite::new();
    let folder = site.beside("incoming");
    std::fs::create_dir_all(folder.join("ana")).unwrap();
    let page = page();
    let settings = blocks(&page, "toml").into_iter().find(|block| block.contains("[watch]")).unwrap();
    assert!(settings.contains("/srv/incoming\"") && settings.contains("ana@example.org"));
    let settings = settings
        .replace("/srv/incoming\"", &format!("{}\"\nsettled_seconds = 1", folder.display()))
        .replace("ana@example.org", "ana@house.example");
    std::fs::write(site.data().join("halftone.toml"), settings).unwrap();
    let Some(server) = Ftp::start(&site, &folder.join("ana"), "as in the field") else { return };
    let serving = crate::client::ready(&site);
    let ana = crate::client::person(&site, &serving, "ana", "photographer");
    let send = |password: &str, photo: &str, to: &str| {
        let mut sends = Command::new("curl");
        sends.args(["--silent", "--show-error", "--insecure", "--user", &format!("ana:{password}")]);
        sends.arg("--upload-file").arg(samples().join(photo)).arg(to);
        sends.status().unwrap().success()
    };
    assert!(send("as in the field", "rocket.jpg", &format!("sftp://127.0.0.1:{}/rocket.jpg", server.sftp)));
    assert!(send(
        "as in the field",
        "cameraman.png",
        &format!("ftp://127.0.0.1:{}/cameraman.png", server.ftp)
    ));
    assert!(!send("as it is not", "rocket.jpg", &format!("sftp://127.0.0.1:{}/again.jpg", server.sftp)));
    let begun = std::time::Instant::now();
    let told = loop {
        let told = ana.get("/watched").is(200).json()["items"].clone();
        assert!(begun.elapsed().as_secs() < 180, "{told}");
        if told.as_array().unwrap().iter().filter(|file| file["state"] == "taken").count() == 2 {
            break told;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    };
    assert_eq!(told.as_array().unwrap().len(), 2, "{told}");
    for file in told.as_array().unwrap() {
        ana.get(&format!("/photos/{}", file["photo"].as_str().unwrap())).is(200);
    }
}
