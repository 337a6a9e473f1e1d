//! The server over real sockets, on ports that the system chooses.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test that called them")]

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::{Request, Response};
use serve::{
    Blobs, Body, Drained, Entry, FolderKeep, Grant, Printed, Rendition, Server, ServerOptions, Site,
    SiteOptions, Status, TreeWriter, Visitor,
};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

const SOON: Duration = Duration::from_millis(80);
const GET: &str = "GET /photo/flood HTTP/1.1\r\nHost: x\r\n\r\n";
const LAST: &str = "GET /photo/flood HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

/// Pictures of any length, all zeros.
struct Zeros;

impl Blobs for Zeros {
    fn read(&self, _: &str, _: u64, at_most: usize) -> io::Result<Option<Bytes>> {
        Ok(Some(Bytes::from(vec![0; at_most])))
    }
}

struct Running {
    address: SocketAddr,
    site: Arc<Site>,
    /// Told when a live route has begun, and waited for by `/wait`.
    begun: Arc<Notify>,
    finish: Arc<Notify>,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<io::Result<Drained>>,
    folder: TempDir,
}

fn tree(folder: &TempDir) -> (Arc<FolderKeep>, Vec<Entry>) {
    let keep = Arc::new(FolderKeep::new(folder.path()));
    let writer = TreeWriter::new(keep.clone());
    let page = Printed::new(Status::Ok, "text/html; charset=utf-8", "<p>A ferry in flood.</p>", 1);
    let huge = Rendition {
        file: "huge.jpg".to_owned(),
        blob: "zeros".to_owned(),
        bytes: 1 << 40,
        etag: "zeros".to_owned(),
    };
    let grant = Printed::grant(&Grant { version: "v".to_owned(), renditions: vec![huge] }, 1).unwrap();
    let entries =
        vec![writer.put("/photo/flood", &page, 1).unwrap(), writer.put_grant("tok", &grant, 1).unwrap()];
    (keep, entries)
}

/// The live routes of these tests.
async fn live(
    request: Request<Incoming>,
    site: Arc<Site>,
    begun: Arc<Notify>,
    finish: Arc<Notify>,
) -> Response<Body> {
    match request.uri().path() {
        "/wait" => {
            begun.notify_one();
            finish.notified().await;
            Response::new(Body::from("waited"))
        }
        "/who" => {
            let visitor = request.extensions().get::<Visitor>().unwrap();
            Response::new(Body::from(Bytes::from(visitor.address.to_string())))
        }
        "/echo" => {
            let body = http_body_util::BodyExt::map_err(request.into_body(), Into::into);
            Response::new(Body::live(body))
        }
        "/panic" => panic!("a live route with a fault"),
        _ => site.missing(&request).await,
    }
}

async fn start(change: impl FnOnce(&mut ServerOptions)) -> Running {
    let folder = TempDir::new().unwrap();
    let (keep, entries) = tree(&folder);
    let site = Arc::new(Site::open(keep, Arc::new(Zeros), SiteOptions::default()).unwrap());
    site.apply(&entries);
    let mut options = ServerOptions { head_timeout: Duration::from_secs(60), ..ServerOptions::default() };
    change(&mut options);
    let server = Server::bind(([127, 0, 0, 1], 0).into()).unwrap();
    let address = server.local_addr();
    let (stop, stopped) = oneshot::channel();
    let (begun, finish) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let routes = {
        let (site, begun, finish) = (site.clone(), begun.clone(), finish.clone());
        move |request| live(request, site.clone(), begun.clone(), finish.clone())
    };
    let running = server.run(site.clone(), options, routes, async { drop(stopped.await) });
    let ended = Handle::current().spawn(running);
    Running { address, site, begun, finish, stop, ended, folder }
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn stop(self) -> Drained {
        drop(self.stop);
        self.ended.await.unwrap().unwrap()
    }
}

/// Sends text and reads until the server closes.
async fn all(stream: &mut TcpStream, text: &str) -> String {
    stream.write_all(text.as_bytes()).await.unwrap();
    rest(stream).await
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

/// Reads until `end` came.
async fn until(stream: &mut TcpStream, end: &str) -> String {
    let mut answer = String::new();
    while !answer.contains(end) {
        let mut bytes = [0; 1024];
        let read = stream.read(&mut bytes).await.unwrap();
        assert_ne!(read, 0, "the connection was closed after {answer:?}");
        answer.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
    }
    answer
}

#[tokio::test]
async fn requests_sent_together_are_answered_in_order_on_one_connection() {
    let server = start(|_| {}).await;
    let mut stream = server.connect().await;
    let missing = "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n";
    let answer = all(&mut stream, &format!("{GET}{missing}{GET}{LAST}")).await;
    let statuses: Vec<&str> = answer.matches("HTTP/1.1 200 OK").collect();
    assert_eq!(statuses.len(), 3, "{answer}");
    let missing = answer.find("HTTP/1.1 404").unwrap();
    assert_eq!(answer[..missing].matches("HTTP/1.1 200").count(), 1);
    assert_eq!(server.site.meters().accepted.get(), 1);
    assert_eq!(server.stop().await, Drained { cut: 0 });
}

#[tokio::test]
async fn head_has_the_length_but_not_the_body() {
    let server = start(|_| {}).await;
    let mut stream = server.connect().await;
    let answer = all(&mut stream, &LAST.replace("GET", "HEAD")).await;
    assert!(answer.contains("content-length: 24\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
}

#[tokio::test]
async fn a_304_has_no_body_and_the_connection_goes_on() {
    let server = start(|_| {}).await;
    let mut stream = server.connect().await;
    let known = GET.replace("Host: x", "Host: x\r\nIf-None-Match: *");
    let answer = all(&mut stream, &format!("{known}{LAST}")).await;
    assert!(answer.starts_with("HTTP/1.1 304"), "{answer}");
    assert_eq!(answer.matches("A ferry").count(), 1);
}

#[tokio::test]
async fn a_head_that_never_ends_is_not_waited_for() {
    let server = start(|options| options.head_timeout = SOON).await;
    let mut stream = server.connect().await;
    assert_eq!(all(&mut stream, "GET /photo/flood HTTP/1.1\r\nHost:").await, "");
    while server.site.meters().open.get() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(server.site.meters().broken.get(), 1);
}

#[tokio::test]
async fn a_connection_on_which_nothing_more_is_asked_is_closed() {
    let server = start(|options| options.head_timeout = SOON).await;
    let mut stream = server.connect().await;
    let answer = all(&mut stream, GET).await;
    assert!(answer.ends_with("A ferry in flood.</p>"), "{answer}");
}

#[tokio::test]
async fn a_head_that_is_too_long_or_has_too_many_fields_is_431() {
    let server = start(|_| {}).await;
    let long = format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "a".repeat(64 * 1024));
    let many = format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "X: 1\r\n".repeat(120));
    for text in [long, many] {
        let mut stream = server.connect().await;
        let (mut read, mut write) = stream.split();
        // The server may close before it has read everything.
        let _ = write.write_all(text.as_bytes()).await;
        let mut answer = [0; 12];
        read.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 431");
    }
}

#[tokio::test]
async fn what_is_not_http_does_not_disturb_others() {
    let server = start(|_| {}).await;
    for text in ["\u{16}\u{3}\u{1}", "GET\r\n\r\n", "GET /\u{0} HTTP/1.1\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"] {
        let mut stream = server.connect().await;
        stream.write_all(text.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let answer = rest(&mut stream).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{text:?}: {answer}");
    }
    let answer = all(&mut server.connect().await, LAST).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn a_stop_lets_an_answer_in_progress_end_and_accepts_nobody_else() {
    let server = start(|_| {}).await;
    let mut idle = server.connect().await;
    idle.write_all(GET.as_bytes()).await.unwrap();
    until(&mut idle, "flood.</p>").await;
    let mut waiting = server.connect().await;
    waiting.write_all(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    server.begun.notified().await;
    let (address, finish) = (server.address, server.finish.clone());
    drop(server.stop);
    assert_eq!(rest(&mut idle).await, "", "an idle connection is closed at once");
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    finish.notify_one();
    let answer = rest(&mut waiting).await;
    assert!(answer.contains("connection: close") && answer.ends_with("waited"), "{answer}");
    assert_eq!(server.ended.await.unwrap().unwrap(), Drained { cut: 0 });
}

#[tokio::test]
async fn an_answer_that_does_not_end_is_cut_off_at_the_deadline() {
    let server = start(|options| options.drain = SOON).await;
    let mut waiting = server.connect().await;
    waiting.write_all(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    server.begun.notified().await;
    let site = server.site.clone();
    assert_eq!(server.stop().await, Drained { cut: 1 });
    assert_eq!(site.meters().open.get(), 0);
}

#[tokio::test]
async fn one_more_connection_than_allowed_waits_for_a_place() {
    let server = start(|options| options.connections = 1).await;
    let mut first = server.connect().await;
    first.write_all(GET.as_bytes()).await.unwrap();
    until(&mut first, "flood.</p>").await;
    let mut second = server.connect().await;
    second.write_all(LAST.as_bytes()).await.unwrap();
    first.write_all(GET.as_bytes()).await.unwrap();
    until(&mut first, "flood.</p>").await;
    assert_eq!(server.site.meters().accepted.get(), 1);
    drop(first);
    assert!(rest(&mut second).await.ends_with("flood.</p>"));
    assert_eq!(server.site.meters().accepted.get(), 2);
}

#[tokio::test]
async fn a_reader_who_takes_nothing_is_cut_off() {
    let server = start(|options| options.stall_timeout = SOON).await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET /i/tok/v/huge.jpg HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    while server.site.meters().broken.get() == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(server.stop().await, Drained { cut: 0 });
}

#[tokio::test]
async fn a_reader_who_goes_on_taking_is_not_cut_off() {
    let server = start(|options| options.stall_timeout = SOON).await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET /i/tok/v/huge.jpg HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut taken = 0;
    let mut bytes = vec![0; 1 << 20];
    while taken < 64 << 20 {
        taken += stream.read(&mut bytes).await.unwrap();
    }
    assert_eq!(server.site.meters().broken.get(), 0);
}

#[tokio::test]
async fn a_reader_who_takes_nothing_of_a_page_is_cut_off() {
    let server = start(|options| options.stall_timeout = SOON).await;
    let writer = TreeWriter::new(Arc::new(FolderKeep::new(server.folder.path())));
    let page = Printed::new(Status::Ok, "image/png", vec![0; 64 << 20], 1);
    server.site.apply(&[writer.put("/huge", &page, 2).unwrap()]);
    let mut stream = server.connect().await;
    stream.write_all(b"GET /huge HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    while server.site.meters().broken.get() == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(server.stop().await, Drained { cut: 0 });
}

#[tokio::test]
async fn a_page_that_the_kernel_sends_comes_whole_and_the_next_answer_after_it() {
    let server = start(|_| {}).await;
    let writer = TreeWriter::new(Arc::new(FolderKeep::new(server.folder.path())));
    let text = "flood ".repeat(700_000);
    server.site.apply(&[writer.put("/large", &Printed::new(Status::Ok, "x/x", text.clone(), 1), 2).unwrap()]);
    let large = GET.replace("/photo/flood", "/large");
    let head = large.replace("GET", "HEAD");
    let answer = all(&mut server.connect().await, &format!("{large}{head}{large}{LAST}")).await;
    assert_eq!(answer.matches("content-length: 4200000\r\n").count(), 3);
    assert_eq!(answer.matches(&text).count(), 2);
    assert!(answer.ends_with("flood.</p>"));
}

#[tokio::test]
async fn a_request_that_comes_in_pieces_is_answered() {
    let server = start(|_| {}).await;
    let conditional = GET.replace("Host: x", "Host: x\r\nIf-None-Match: \"x\"");
    for text in [GET, &conditional] {
        let mut stream = server.connect().await;
        for byte in text.bytes() {
            stream.write_all(&[byte]).await.unwrap();
            tokio::task::yield_now().await;
        }
        let answer = all(&mut stream, LAST).await;
        assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 2, "{answer}");
    }
}

#[tokio::test]
async fn the_quick_way_and_the_long_way_give_the_same_answer() {
    let server = start(|_| {}).await;
    for method in ["GET", "HEAD"] {
        let quick = GET.replace("GET", method);
        let long = quick.replace("Host: x", "Host: x\r\nIf-None-Match: \"x\"");
        let mut streams = (server.connect().await, server.connect().await);
        streams.0.write_all(quick.as_bytes()).await.unwrap();
        streams.1.write_all(long.as_bytes()).await.unwrap();
        let end = if method == "GET" { "flood.</p>" } else { "\r\n\r\n" };
        let mut answers = (until(&mut streams.0, end).await, until(&mut streams.1, end).await);
        for answer in [&mut answers.0, &mut answers.1] {
            let mut lines: Vec<&str> =
                answer.split("\r\n").filter(|line| !line.starts_with("date: ")).collect();
            lines.sort_unstable();
            *answer = lines.join("\n");
        }
        assert_eq!(answers.0, answers.1);
    }
}

#[tokio::test]
async fn a_connection_that_is_idle_when_the_stop_comes_is_closed_at_once() {
    let server = start(|options| options.drain = Duration::from_secs(600)).await;
    let mut streams = (server.connect().await, server.connect().await);
    for (stream, text) in [(&mut streams.0, GET), (&mut streams.1, &GET.replace("Host", "Expect: x\r\nHost"))]
    {
        stream.write_all(text.as_bytes()).await.unwrap();
        until(stream, "flood.</p>").await;
    }
    assert_eq!(server.stop().await, Drained { cut: 0 });
    assert_eq!((rest(&mut streams.0).await, rest(&mut streams.1).await), (String::new(), String::new()));
}

#[tokio::test]
async fn live_routes_learn_who_asks() {
    let server = start(|options| options.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]).await;
    let ask = "GET /who HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\nConnection: close\r\n\r\n";
    assert!(all(&mut server.connect().await, ask).await.ends_with("\r\n\r\n203.0.113.9"));
    let stranger = start(|_| {}).await;
    assert!(all(&mut stranger.connect().await, ask).await.ends_with("\r\n\r\n127.0.0.1"));
}

#[tokio::test]
async fn a_live_route_may_read_a_body_and_stream_one() {
    let server = start(|_| {}).await;
    let head = "POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 300000\r\n\r\n";
    let answer = all(&mut server.connect().await, &format!("{head}{}", "flood ".repeat(50_000))).await;
    assert!(answer.starts_with("HTTP/1.1 200"));
    assert!(answer.ends_with(&"flood ".repeat(50_000)));
}

#[tokio::test]
async fn a_live_route_that_breaks_off_is_500_and_nothing_else_breaks() {
    let server = start(|_| {}).await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET /panic HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let answer = all(&mut stream, LAST).await;
    assert!(answer.starts_with("HTTP/1.1 500") && answer.ends_with("flood.</p>"), "{answer}");
}

#[tokio::test]
async fn every_answer_is_logged_with_a_shortened_address() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let log = lines.clone();
    let server = start(move |options| {
        options.access_log = Some(Box::new(move |record| {
            let line = format!(
                "{} {} {} {:?} {} {:?}",
                record.method, record.uri, record.status, record.bytes, record.from, record.source
            );
            log.lock().unwrap().push(line);
        }));
    })
    .await;
    let odd = "GET /who?a=b HTTP/1.1\r\nHost: x\r\n\r\n";
    all(&mut server.connect().await, &format!("{odd}{LAST}")).await;
    let expected =
        ["GET /who?a=b 200 Some(9) 127.0.0.0/24 Live", "GET /photo/flood 200 Some(24) 127.0.0.0/24 Tree"];
    assert_eq!(*lines.lock().unwrap(), expected);
}

#[tokio::test]
async fn answers_are_counted() {
    let server = start(|_| {}).await;
    let missing = "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n";
    all(&mut server.connect().await, &format!("{GET}{missing}{LAST}")).await;
    let text = server.site.meters().render_prometheus();
    for line in [
        "answers_total{class=\"2xx\"} 2",
        "answers_total{class=\"4xx\"} 1",
        "cache_reads_total{found=\"hit\"} 1",
    ] {
        assert!(text.contains(&format!("halftone_{line}\n")), "{line} in {text}");
    }
}

#[tokio::test]
async fn several_workers_answer_on_one_address() {
    let server = start(|options| options.workers = 3).await;
    let mut streams = Vec::new();
    for _ in 0..24 {
        streams.push(server.connect().await);
    }
    for stream in &mut streams {
        stream.write_all(GET.as_bytes()).await.unwrap();
        until(stream, "flood.</p>").await;
    }
    assert_eq!(server.site.meters().open.get(), 24);
    assert_eq!(server.stop().await, Drained { cut: 0 });
}

#[tokio::test]
async fn a_taken_address_is_refused() {
    let server = start(|_| {}).await;
    assert_eq!(Server::bind(server.address).unwrap_err().kind(), io::ErrorKind::AddrInUse);
}

#[tokio::test]
async fn a_request_names_its_host_once() {
    let running = start(|_| {}).await;
    for (head, status) in [
        ("GET /photo/flood HTTP/1.1\r\n", "400"),
        ("GET /photo/flood HTTP/1.1\r\nHost: x\r\nHost: y\r\n", "400"),
        ("GET /photo/flood HTTP/1.1\r\nHost: x\r\n", "200"),
        ("GET /photo/flood HTTP/1.0\r\n", "200"),
    ] {
        let answer = all(&mut running.connect().await, &format!("{head}Connection: close\r\n\r\n")).await;
        assert_eq!(answer.split(' ').nth(1), Some(status), "{head}");
    }
    running.stop().await;
}
