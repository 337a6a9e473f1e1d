//! Behind the web servers of docs/operations.md, set up as it says there: readers get what Halftone sent.

use std::collections::BTreeSet;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::page::{attributes, slides};
use crate::site::{Answer, Serving, TestSite, ask};

const PAGE: &str = "/story/three-photographs";
/// As the page says.
const TRUST: &str = "trusted_proxies = [\"127.0.0.1/32\", \"::1/128\"]\n";
/// How long a web server may take to start on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A published site, Halftone itself, and a web server before it.
struct Site {
    site: TestSite,
    direct: Serving,
    proxy: Serving,
    /// Where Halftone tells its metrics.
    metrics: String,
}

/// A port that nobody has at this moment: these servers cannot be asked which one they took.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A block of the page, by the word after its fence.
fn block(language: &str) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operations.md");
    let page = std::fs::read_to_string(page).unwrap();
    let (_, rest) = page.split_once(&format!("\n```{language}\n")).expect("the page has this block");
    rest.split_once("```").unwrap().0.to_owned()
}

/// nginx's block without the server that leads on to TLS and without the lines that name TLS.
fn nginx_settings(folder: &Path, port: u16, upstream: &str) -> String {
    let block = block("nginx");
    let servers = block.split_inclusive("\n}\n").filter(|block| !block.contains("return 301"));
    let without_tls = |line: &&str| !line.trim_start().starts_with("ssl_");
    let servers: String =
        servers.flat_map(|block| block.lines().filter(without_tls)).map(|line| format!("{line}\n")).collect();
    let servers = replaced(&servers, "listen 443 ssl http2;", &format!("listen 127.0.0.1:{port};"));
    nginx_around(folder, &replaced(&servers, "127.0.0.1:8080", upstream))
}

/// What Debian's own settings hold around a site's, with every file in a folder of the test's.
fn nginx_around(folder: &Path, servers: &str) -> String {
    let folder = folder.display();
    let parts = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let places: String = parts.map(|part| format!("{part}_temp_path {folder}/{part};\n")).concat();
    format!(
        "daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log stderr;\nevents {{}}\n\
         http {{\naccess_log off;\n{places}{servers}}}\n"
    )
}

fn caddy_settings(port: u16, upstream: &str) -> String {
    let site = replaced(&block("caddyfile"), "photos.example.org", &format!("http://127.0.0.1:{port}"));
    let site = replaced(&site, "127.0.0.1:8080", upstream);
    format!("{{\n    admin off\n    auto_https off\n}}\n{site}")
}

/// Whether a web server is installed; says aloud that the test is skipped where it is not.
fn installed(server: &str) -> bool {
    let found = Command::new(server).arg(if server == "caddy" { "version" } else { "-v" }).output().is_ok();
    if !found {
        println!("SKIPPED: {server} is not installed");
    }
    found
}

#[track_caller]
fn replaced(text: &str, what: &str, with: &str) -> String {
    assert_eq!(text.matches(what).count(), 1, "{what} in {text}");
    text.replace(what, with)
}

impl Site {
    /// `None`, said aloud, where the web server is not installed.
    fn behind(server: &str) -> Option<Self> {
        if !installed(server) {
            return None;
        }
        let metrics = format!("127.0.0.1:{}", free_port());
        let site = TestSite::with_settings(&format!(
            "[work]\navif = \"off\"\n[serve]\nmetrics_listen = \"{metrics}\"\n{TRUST}"
        ));
        site.small_story("Three photographs");
        let direct = site.serve();
        let port = free_port();
        let folder = site.beside(server);
        std::fs::create_dir(&folder).unwrap();
        let file = folder.join("settings");
        let mut command = Command::new(server);
        let text = if server == "caddy" {
            command.args(["run", "--adapter", "caddyfile", "--config"]).arg(&file);
            command.envs(["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"].map(|name| (name, &folder)));
            caddy_settings(port, &direct.address)
        } else {
            command.args(["-e", "stderr", "-p"]).arg(&folder).arg("-c").arg(&file);
            nginx_settings(&folder, port, &direct.address)
        };
        std::fs::write(&file, text).unwrap();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        let mut proxy = Serving { child, address: format!("127.0.0.1:{port}") };
        let begun = Instant::now();
        while TcpStream::connect(&proxy.address).is_err() {
            assert!(begun.elapsed() < PATIENCE, "{server} takes no connections");
            assert_eq!(proxy.child.try_wait().unwrap(), None, "{server} ended");
            std::thread::yield_now();
        }
        Some(Self { site, direct, proxy, metrics })
    }

    fn picture(&self) -> String {
        slides(&self.direct.get(PAGE).text())[0].pictures.last().unwrap().clone()
    }
}

/// `behind_both! { fn a_sentence(site) { ... } }`: the body behind nginx and behind Caddy.
macro_rules! behind_both {
    ($(fn $name:ident($site:ident) $body:block)*) => {$(
        fn $name($site: &Site) $body

        mod $name {
            #[test]
            fn behind_nginx() {
                if let Some(site) = super::Site::behind("nginx") {
                    super::$name(&site);
                }
            }

            #[test]
            fn behind_caddy() {
                if let Some(site) = super::Site::behind("caddy") {
                    super::$name(&site);
                }
            }
        }
    )*};
}

/// The fields of an answer, names in small letters, without those of one connection or one moment.
fn fields(answer: &Answer) -> Vec<(String, String)> {
    let own = BTreeSet::from(["date", "connection", "keep-alive", "server", "transfer-encoding", "alt-svc"]);
    let mut fields: Vec<(String, String)> =
        answer.headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone())).collect();
    fields.retain(|(name, _)| !own.contains(name.as_str()));
    fields.sort();
    fields
}

behind_both! {
    fn answers_come_with_the_bytes_and_the_fields_that_halftone_sent_each_once(site) {
        let picture = site.picture();
        let links = attributes(&site.direct.get(PAGE).text(), "href");
        let short = links.into_iter().find(|link| link.starts_with("/s/")).unwrap();
        let mut statuses = BTreeSet::new();
        for path in [PAGE, "/", "/feed.atom", "/robots.txt", "/no-such-page", "/healthz", &short, &picture] {
            for method in ["GET", "HEAD"] {
                for coding in ["identity", "br", "gzip, br", "gzip"] {
                    let headers = [("Accept-Encoding", coding)];
                    let [direct, proxied] =
                        [&site.direct, &site.proxy].map(|server| server.ask(method, path, &headers));
                    let what = format!("{method} {path} {coding}");
                    assert_eq!(direct.status, proxied.status, "{what}");
                    assert_eq!(fields(&direct), fields(&proxied), "{what}");
                    assert!(direct.body == proxied.body, "{what}: {} bytes", proxied.body.len());
                    statuses.insert(direct.status);
                }
            }
        }
        assert_eq!(statuses, BTreeSet::from([200, 301, 404]));
        let brotli = site.proxy.ask("GET", PAGE, &[("Accept-Encoding", "br")]);
        assert_eq!(brotli.header("content-encoding"), Some("br"));
        assert!(brotli.header("content-security-policy").is_some());
    }

    fn conditions_and_ranges_are_answered(site) {
        for path in [PAGE.to_owned(), site.picture()] {
            let whole = site.proxy.get(&path);
            let etag = whole.header("etag").unwrap();
            let again = site.proxy.ask("GET", &path, &[("If-None-Match", etag)]);
            assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, Some(etag)), "{path}");
            let part = site.proxy.ask("GET", &path, &[("Range", "bytes=100-299"), ("If-Range", etag)]);
            assert_eq!((part.status, &part.body[..]), (206, &whole.body[100..300]), "{path}");
        }
    }

    fn what_was_withdrawn_is_gone_and_its_page_comes_through(site) {
        let picture = site.picture();
        assert_eq!(site.proxy.get(PAGE).status, 200);
        site.site.does(&["withdraw", "three-photographs", "--reason", "The source retracted it."]);
        let gone = site.proxy.get_until(PAGE, |answer| answer.status == 410);
        assert_eq!(gone.body, site.direct.get(PAGE).body);
        site.proxy.get_until(&picture, |answer| answer.status == 410);
    }

    fn a_reader_cannot_pass_for_many_by_naming_addresses(site) {
        let limited = (0..1000).any(|n| {
            let address = format!("203.0.113.{}", n % 250);
            site.proxy.ask("GET", "/search?q=rocket", &[("X-Forwarded-For", &address)]).status == 429
        });
        assert!(limited, "searches are counted by the address that the proxy saw");
    }

    fn connections_to_halftone_are_used_again(site) {
        let accepted = || -> u64 {
            let text = ask(&site.metrics, "GET", "/metrics", &[]).text();
            let line = text.lines().find(|line| line.starts_with("halftone_connections_accepted_total ")).unwrap();
            line.rsplit(' ').next().unwrap().parse().unwrap()
        };
        assert_eq!(site.proxy.get(PAGE).status, 200);
        let before = accepted();
        for _ in 0..20 {
            assert_eq!(site.proxy.get(PAGE).status, 200);
        }
        assert!(accepted() - before <= 1, "{} connections for 20 questions", accepted() - before);
    }
}

#[test]
fn nginx_accepts_the_whole_block_with_the_lines_that_name_tls() {
    if !installed("nginx") || Command::new("openssl").arg("version").output().is_err() {
        println!("SKIPPED: nginx or openssl is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_str().unwrap();
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "1",
            "-subj",
            "/CN=photos.example.org",
        ])
        .args(["-keyout", "privkey.pem", "-out", "fullchain.pem"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let block = block("nginx").replace("/etc/letsencrypt/live/photos.example.org", place);
    let block = replaced(&block, "listen 80;", &format!("listen 127.0.0.1:{};", free_port()));
    let block = replaced(&block, "listen 443 ssl", &format!("listen 127.0.0.1:{} ssl", free_port()));
    let file = folder.path().join("settings");
    std::fs::write(&file, nginx_around(folder.path(), &block)).unwrap();
    let tested =
        Command::new("nginx").args(["-t", "-e", "stderr", "-p", place, "-c"]).arg(&file).output().unwrap();
    let said = String::from_utf8_lossy(&tested.stderr).into_owned();
    assert!(tested.status.success() && !said.contains("[warn]"), "{said}");
}

#[test]
fn caddy_accepts_the_block_as_it_stands() {
    if !installed("caddy") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("Caddyfile");
    std::fs::write(&file, block("caddyfile")).unwrap();
    let adapted = Command::new("caddy").args(["adapt", "--config"]).arg(&file).output().unwrap();
    let said = String::from_utf8_lossy(&adapted.stderr).into_owned();
    assert!(adapted.status.success() && !said.contains("\"warn\""), "{said}");
}
