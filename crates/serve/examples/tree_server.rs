//! A server of nothing but a tree, and the tree to measure it with: the bench's opponent for nginx.
//!
//! `tree_server fill DIR STORIES` writes a tree of made-up stories into `DIR/tree`, and the same Brotli bytes as files
//! into `DIR/files` for a rival. `tree_server serve DIR CACHE_BYTES` answers on a port that the system chooses and
//! prints its address, until its input ends.

use std::fmt::Write as _;
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;

use serve::{FolderKeep, Keep as _, Printed, Server, ServerOptions, Site, SiteOptions, Status, TreeWriter};

/// Bytes of HTML that Brotli brings to about 12 KB.
const PAGE_BYTES: usize = 64_000;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["fill", folder, stories] => fill(Path::new(folder), stories.parse().map_err(io::Error::other)?),
        ["serve", folder, cache] => serve(Path::new(folder), cache.parse().map_err(io::Error::other)?),
        _ => Err(io::Error::other("usage: tree_server fill DIR STORIES | tree_server serve DIR CACHE_BYTES")),
    }
}

fn fill(folder: &Path, stories: u64) -> io::Result<()> {
    let writer = TreeWriter::new(Arc::new(FolderKeep::new(folder.join("tree"))));
    let files = FolderKeep::new(folder.join("files"));
    let mut entries = Vec::new();
    for number in 0..stories {
        let path = format!("/photo/story-{number}");
        let page = Printed::new(Status::Ok, "text/html; charset=utf-8", page(number), 1);
        let pressed = page.brotli.clone().unwrap_or_default();
        files.put(&format!("photo/story-{number}"), &pressed)?;
        entries.push(writer.put(&path, &page, number + 1).map_err(io::Error::other)?);
    }
    writer.log(&entries).map_err(io::Error::other)
}

/// A page of words that compresses about as a story does. The numbers come from a small generator with a fixed seed.
fn page(number: u64) -> String {
    const WORDS: &str = "flood bridge minister crowd ballot harvest river market protest school winter border \
        candle parade doctor ferry garden engine summit verdict glacier orchard tunnel signal anthem harbour";
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut html = format!("<!doctype html><title>Story {number}</title>");
    while html.len() < PAGE_BYTES {
        html.push_str("<figure><img src=\"/i/");
        for _ in 0..48 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let at = usize::try_from(state >> 33).unwrap_or(0) % words.len();
            // Writing into a String cannot fail.
            let _ = write!(html, "{}{} ", words[at], if state & 7 == 0 { (state >> 50) & 0xff } else { 0 });
        }
        html.push_str("</figcaption></figure>\n");
    }
    html
}

fn serve(folder: &Path, cache_bytes: u64) -> io::Result<()> {
    let keep = Arc::new(FolderKeep::new(folder.join("tree")).with_open_files(4096));
    let site = Site::open(keep.clone(), keep, SiteOptions { cache_bytes, ..SiteOptions::default() })?;
    let site = Arc::new(site);
    let server = Server::bind(([127, 0, 0, 1], 0).into())?;
    writeln!(io::stdout(), "http://{}/photo/story-0", server.local_addr())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    std::thread::spawn(move || {
        // Whatever ends the input ends the server.
        let _ = io::stdin().read_to_end(&mut Vec::new());
        drop(stop);
    });
    let missing = site.clone();
    let live = move |request| {
        let missing = missing.clone();
        async move { missing.missing(&request).await }
    };
    runtime.block_on(async move {
        let stop = async { drop(stopped.await) };
        server.run(site.clone(), ServerOptions::default(), live, stop).await?;
        io::stdout().write_all(site.meters().render_prometheus().as_bytes())
    })
}
