//! Tells the content network before the site that what stands under a key has to go. The network asks a serving process
//! again at once, so each of them has to show the change before: a picture that it got once more from one that lags
//! would stay for a year.

use std::process::Stdio;
use std::time::Duration;

use store::{Claim, Node, Tx, View};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::context::{Context, JobFault};
use super::press::finish;
use crate::config::{CdnConfig, CdnKeys, Purge};

/// How long one request or one command may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long to wait for processes that do not show the change yet, before the first purge.
const LOOKS: u32 = 40;
/// The pause between two looks.
const LOOK: Duration = Duration::from_millis(50);
/// Seconds after which a process that says nothing any more counts as gone. One that is cut off from the records, or was held
/// up, may go on answering with what it has.
const SILENT: i64 = 600;

/// Runs the job.
pub(super) async fn run(context: &Context, key: &str, change: i64, claim: &Claim) -> Result<(), JobFault> {
    if let Some(cdn) = &context.app.config().cdn {
        let mut lagging = lagging(context, change).await?;
        for _ in 0..LOOKS {
            if lagging.is_empty() {
                break;
            }
            tokio::time::sleep(LOOK).await;
            lagging = self::lagging(context, change).await?;
        }
        // Also where one lags: what the others answer is right, and it is purged again.
        let told = tokio::time::timeout(PATIENCE, tell(cdn, key)).await;
        told.unwrap_or_else(|_| Err(format!("no answer within {} seconds", PATIENCE.as_secs())))
            .map_err(JobFault::Cdn)?;
        if let [node, ..] = lagging.as_slice() {
            let why =
                format!("{} does not show the change yet and may have given the old state again", node.id);
            return Err(JobFault::Cdn(why));
        }
    }
    context.app.store().act(async |tx: &mut Tx| finish(tx, claim).await).await?;
    Ok(())
}

/// Processes that answer readers, as far as is known, and do not show the change yet. What they gave again is purged once more
/// when they do, or are gone.
async fn lagging(context: &Context, change: i64) -> Result<Vec<Node>, JobFault> {
    let since = context.app.now().plus_seconds(-SILENT);
    let mut nodes =
        context.app.store().view(async |view: &mut View| view.nodes_seen_since(since).await).await?;
    nodes.retain(|node| node.role.serves() && node.applied_change < change);
    Ok(nodes)
}

async fn tell(cdn: &CdnConfig, key: &str) -> Result<(), String> {
    match &cdn.purge {
        Purge::Request { url, header } => post(url, header.as_ref(), cdn.keys, key).await,
        Purge::Command(words) => command(words, key).await,
    }
}

/// A POST in the form of the networks that read these keys: Fastly's has the key in a header field, Cloudflare's in a body.
async fn post(url: &str, header: Option<&(String, String)>, keys: CdnKeys, key: &str) -> Result<(), String> {
    // The first provider stays, and is this one everywhere.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let client = client.build().map_err(|error| crate::telemetry::chain(&error))?;
    let mut request = client.post(url);
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    request = match keys {
        CdnKeys::SurrogateKey => request.header("surrogate-key", key),
        CdnKeys::CacheTag => request
            .header("content-type", "application/json")
            .body(serde_json::json!({ "tags": [key] }).to_string()),
    };
    let mut answer = request.send().await.map_err(|error| crate::telemetry::chain(&error.without_url()))?;
    let status = answer.status();
    if status.is_success() {
        return Ok(());
    }
    // No more of it than comes in one piece.
    let said = answer.chunk().await.ok().flatten().unwrap_or_default();
    Err(format!("it answered {status}: {}", beginning(&String::from_utf8_lossy(&said))))
}

async fn command(words: &[String], key: &str) -> Result<(), String> {
    let [program, arguments @ ..] = words else { return Err("cdn.purge_command is empty".to_owned()) };
    let mut running = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("{program} cannot be started: {error}"))?;
    if let Some(mut input) = running.stdin.take() {
        // A program that ends without reading tells what it has to tell by its exit code.
        let _ = input.write_all(format!("{key}\n").as_bytes()).await;
    }
    let ended = running.wait_with_output().await.map_err(|error| format!("{program}: {error}"))?;
    if ended.status.success() {
        return Ok(());
    }
    Err(format!(
        "{program} ended with {}: {}",
        ended.status,
        beginning(&String::from_utf8_lossy(&ended.stderr))
    ))
}

fn beginning(said: &str) -> String {
    said.trim().chars().take(200).collect()
}
