//! What `./dev package` makes of a program, and the unit that starts it.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::site::{TestSite, samples};

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether these programs are there; says aloud that the test is skipped where one is not.
fn installed(programs: &[&str]) -> bool {
    let missing = programs.iter().find(|program| Command::new(program).arg("--version").output().is_err());
    if let Some(program) = missing {
        println!("SKIPPED: {program} is not installed");
    }
    missing.is_none()
}

#[track_caller]
fn run(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let said = String::from_utf8(stdout).unwrap();
    assert!(status.success(), "{command:?}\n{said}{}", String::from_utf8_lossy(&stderr));
    said
}

/// The packages of one program.
struct Packed {
    folder: TempDir,
}

impl Packed {
    fn of(program: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        run(Command::new(root().join("packaging/build")).arg(program).arg(folder.path()).arg("1"));
        Self { folder }
    }

    /// The packages of a script that only tells a version: what is around the program is the same.
    fn of_a_stand_in() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("halftone");
        std::fs::write(&script, format!("#!/bin/sh\necho halftone {VERSION}\n")).unwrap();
        std::fs::set_permissions(&script, PermissionsExt::from_mode(0o755)).unwrap();
        Self::of(&script)
    }

    fn file(&self, ending: &str) -> PathBuf {
        let files = std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        files.into_iter().find(|file| file.to_str().unwrap().ends_with(ending)).unwrap()
    }

    fn deb(&self) -> PathBuf {
        self.file(".deb")
    }

    fn unpacked(&self) -> PathBuf {
        let to = self.folder.path().join("unpacked");
        run(Command::new("dpkg-deb").arg("--raw-extract").arg(self.deb()).arg(&to));
        to
    }
}

const TOOLS: [&str; 3] = ["dpkg-deb", "python3", "git"];

#[test]
fn the_debian_package_holds_these_files_with_these_owners_and_rights() {
    if !installed(&TOOLS) {
        return;
    }
    let packed = Packed::of_a_stand_in();
    let listing = run(Command::new("dpkg-deb").arg("--contents").arg(packed.deb()));
    let files: BTreeMap<&str, String> = listing
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|words| !words[0].starts_with('d'))
        .map(|words| (words[5], format!("{} {}", words[0], words[1])))
        .collect();
    let paper = "-rw-r--r-- root/root";
    let papers =
        ["NEWS.md.gz", "changelog.gz", "copyright", "licences.txt.gz", "operations.md", "settings.md"];
    let papers = papers.map(|name| format!("./usr/share/doc/halftone/{name}"));
    let mut wanted: BTreeMap<&str, String> =
        papers.iter().map(|name| (name.as_str(), paper.to_owned())).collect();
    wanted.insert("./etc/halftone/halftone.toml", "-rw-r----- root/root".to_owned());
    wanted.insert("./usr/bin/halftone", "-rwxr-xr-x root/root".to_owned());
    wanted.insert("./usr/lib/systemd/system/halftone.service", paper.to_owned());
    assert_eq!(files, wanted);
    for line in listing.lines().filter(|line| line.starts_with('d')) {
        assert!(line.starts_with("drwxr-xr-x root/root"), "{line}");
    }
}

#[test]
fn the_debian_package_says_what_it_is_and_its_sums_are_right() {
    if !installed(&TOOLS) {
        return;
    }
    let packed = Packed::of_a_stand_in();
    let field =
        |name| run(Command::new("dpkg-deb").arg("--field").arg(packed.deb()).arg(name)).trim().to_owned();
    assert_eq!(
        (field("Package"), field("Version"), field("Depends")),
        ("halftone".into(), VERSION.into(), "adduser".into())
    );
    assert!(packed.deb().ends_with(format!("halftone_{VERSION}_{}.deb", field("Architecture"))));
    let tree = packed.unpacked();
    let read = |name| std::fs::read_to_string(tree.join("DEBIAN").join(name)).unwrap();
    assert_eq!(read("conffiles"), "/etc/halftone/halftone.toml\n");
    run(Command::new("md5sum").args(["--check", "--quiet", "--strict", "DEBIAN/md5sums"]).current_dir(&tree));
    assert_eq!(read("md5sums").lines().count(), 8);
    for script in ["postinst", "prerm", "postrm"] {
        let mode = tree.join("DEBIAN").join(script).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o755, "{script}");
        run(Command::new("sh").arg("-n").arg(tree.join("DEBIAN").join(script)));
    }
}

#[test]
fn the_same_program_gives_the_same_bytes() {
    if !installed(&TOOLS) {
        return;
    }
    let (first, second) = (Packed::of_a_stand_in(), Packed::of_a_stand_in());
    for ending in [".deb", ".tar.gz"] {
        let [first, second] = [&first, &second].map(|packed| std::fs::read(packed.file(ending)).unwrap());
        assert!(first == second, "{ending}");
    }
}

#[test]
fn the_folder_of_the_image_holds_all_that_is_copied_into_it() {
    if !installed(&TOOLS) {
        return;
    }
    let packed = Packed::of_a_stand_in();
    let folder = packed.folder.path().join("container");
    let file = std::fs::read_to_string(folder.join("Containerfile")).unwrap();
    let copied: BTreeSet<&str> = file
        .lines()
        .filter_map(|line| line.strip_prefix("COPY "))
        .flat_map(|line| {
            line.split(' ')
                .filter(|word| !word.starts_with("--"))
                .collect::<Vec<_>>()
                .split_last()
                .unwrap()
                .1
                .to_vec()
        })
        .collect();
    let there: BTreeSet<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "Containerfile")
        .collect();
    assert_eq!(copied, there.iter().map(String::as_str).collect());
    assert!(
        file.lines().any(|line| line.strip_prefix("USER ").is_some_and(|user| !user.starts_with('0'))),
        "{file}"
    );
}

#[test]
fn the_program_in_the_package_and_in_the_archive_runs_from_there() {
    if !installed(&TOOLS) || !installed(&["strip", "tar"]) {
        return;
    }
    let site = TestSite::as_it_comes();
    let program = site.beside("halftone");
    run(Command::new("strip")
        .args(["--strip-debug", "-o"])
        .arg(&program)
        .arg(env!("CARGO_BIN_EXE_halftone")));
    let packed = Packed::of(&program);
    run(Command::new("tar").arg("-xzf").arg(packed.file(".tar.gz")).arg("-C").arg(packed.folder.path()));
    let archive = format!("halftone-{VERSION}-linux-{}", std::env::consts::ARCH);
    let unpacked =
        [packed.unpacked().join("usr/bin/halftone"), packed.folder.path().join(archive).join("halftone")];
    for program in unpacked {
        assert_eq!(run(Command::new(&program).arg("--version")), format!("halftone {VERSION}\n"));
        let said =
            Command::new(&program).args(["doctor", "--json", "--data"]).arg(site.data()).output().unwrap();
        let said = String::from_utf8(said.stdout).unwrap();
        assert!(said.contains(r#""says":"A worker process can be started.""#), "{said}");
    }
}

/// The unit, as it would be installed with the program of these tests.
fn unit(folder: &Path) -> PathBuf {
    let text = std::fs::read_to_string(root().join("packaging/halftone.service")).unwrap();
    assert_eq!(text.matches("/usr/bin/halftone").count(), 1);
    let file = folder.join("halftone.service");
    std::fs::write(&file, text.replace("/usr/bin/halftone", env!("CARGO_BIN_EXE_halftone"))).unwrap();
    file
}

#[test]
fn systemd_finds_no_fault_in_the_unit_and_little_that_it_could_reach() {
    if !installed(&["systemd-analyze"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let unit = unit(folder.path());
    let verified = Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&unit).output().unwrap();
    let said = String::from_utf8_lossy(&verified.stderr).into_owned();
    let ours: Vec<&str> = said.lines().filter(|line| line.contains("halftone.service")).collect();
    assert!(verified.status.success() && ours.is_empty(), "{said}");
    // systemd's own scale, from 0 (nothing in reach) to 100; what listens for strangers' requests cannot come near 0.
    let scored = ["security", "--no-pager", "--offline=true", "--threshold=15"];
    run(Command::new("systemd-analyze").args(scored).arg(&unit));
}

/// The value of a line of the unit.
fn line(name: &str) -> String {
    let text = std::fs::read_to_string(root().join("packaging/halftone.service")).unwrap();
    let found = text.lines().find_map(|line| line.strip_prefix(&format!("{name}="))).map(str::to_owned);
    found.unwrap_or_else(|| panic!("the unit has no {name}"))
}

#[test]
fn the_unit_runs_without_root_and_waits_for_the_graceful_stop() {
    assert_eq!(
        (line("User"), line("NoNewPrivileges"), line("ProtectSystem")),
        ("halftone".into(), "yes".into(), "strict".into())
    );
    let settings = std::fs::read_to_string(root().join("docs/settings.md")).unwrap();
    let (_, row) = settings.split_once("| `work.deadline_seconds` | `").unwrap();
    let deadline: u32 = row.split('`').next().unwrap().parse().unwrap();
    assert!(line("TimeoutStopSec").parse::<u32>().unwrap() >= deadline + 10);
}

#[test]
fn every_setting_that_the_installed_file_suggests_is_accepted() {
    let text = std::fs::read_to_string(root().join("packaging/halftone.toml")).unwrap();
    let is_setting = |line: &str| {
        line.strip_prefix("# ").is_some_and(|rest| rest.contains(" = \"") || rest.contains(" = ["))
    };
    let settings: String = text
        .lines()
        .map(|line| if is_setting(line) { format!("{}\n", &line[2..]) } else { format!("{line}\n") })
        .collect();
    assert!(settings.lines().filter(|line| line.contains(" = ")).count() > 6, "{settings}");
    let site = TestSite::with_settings(&settings);
    site.does(&["inspect", samples().join("rocket.jpg").to_str().unwrap()]);
}

#[test]
fn every_command_of_the_operators_page_exists() {
    let page = std::fs::read_to_string(root().join("docs/operations.md")).unwrap();
    let in_blocks = page.split("```").skip(1).step_by(2).flat_map(str::lines);
    let after_the_name = in_blocks.flat_map(|line| line.split("halftone ").skip(1));
    let given: BTreeSet<&str> = after_the_name
        .filter_map(|rest| rest.split(' ').next())
        .filter(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase()))
        .collect();
    assert!(
        given.is_superset(&BTreeSet::from(["backup", "doctor", "ingest", "restore", "serve"])),
        "{given:?}"
    );
    for word in given {
        run(Command::new(env!("CARGO_BIN_EXE_halftone")).args([word, "--help"]));
    }
}
