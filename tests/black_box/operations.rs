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
    assert_eq!(blocks.len(), 4, "a proxy, several machines, a content network, a mail server");
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
