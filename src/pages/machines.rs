//! What machines are told about the use of the site (R29): the rules for robots and the policy on text and data mining.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::address;
use super::{JSON, MachineUse, Page, PageKey, Site, TEXT};

/// Agents that fetch pages to train models on them, or to sell them to those who do, under the names that they give
/// themselves in `robots.txt`. Agents that fetch a page because a reader asked for it, and those of search engines, are
/// not among them.
const TRAINERS: [&str; 20] = [
    "AI2Bot",
    "Amazonbot",
    "anthropic-ai",
    "Applebot-Extended",
    "Bytespider",
    "CCBot",
    "ClaudeBot",
    "cohere-training-data-crawler",
    "Diffbot",
    "FacebookBot",
    "Google-Extended",
    "GPTBot",
    "ImagesiftBot",
    "img2dataset",
    "meta-externalagent",
    "omgili",
    "PanguBot",
    "Timpibot",
    "Webzio-Extended",
    "YandexAdditional",
];

/// Prints the rules for robots (RFC 9309), with the line of Content Signals and the address of the sitemaps.
pub fn robots(site: &Site) -> Page {
    let mut body = String::new();
    let search = address::search();
    match site.machine_use {
        MachineUse::Open => {
            group(&mut body, &["*"], "search=yes, ai-input=yes, ai-train=yes", &[search.path()]);
        }
        MachineUse::NoTraining => {
            group(&mut body, &["*"], "search=yes, ai-train=no", &[search.path()]);
            body.push('\n');
            group(&mut body, &TRAINERS, "", &["/"]);
        }
        MachineUse::Closed => group(&mut body, &["*"], "search=no, ai-input=no, ai-train=no", &["/"]),
    }
    if site.machine_use != MachineUse::Closed {
        for at in [address::sitemap(), address::news_sitemap()] {
            // Writing to a String does not fail.
            let _ = write!(body, "\nSitemap: {}", at.absolute(&site.url));
        }
        body.push('\n');
    }
    page(site, TEXT, body)
}

/// Prints the policy on text and data mining (TDM Reservation Protocol, `/.well-known/tdmrep.json`): one rule for every
/// address of the site.
pub fn tdm_policy(site: &Site) -> Page {
    let reserved = u8::from(site.machine_use != MachineUse::Open);
    let body = format!("[{{\"location\":\"/*\",\"tdm-reservation\":{reserved}}}]\n");
    page(site, JSON, body)
}

/// One group of rules: who, what a signal says of the use, what is not to be fetched.
fn group(body: &mut String, agents: &[&str], signal: &str, refused: &[&str]) {
    let mut line = |name: &str, value: &str| {
        // Writing to a String does not fail.
        let _ = writeln!(body, "{name}: {value}");
    };
    agents.iter().for_each(|agent| line("User-agent", agent));
    if !signal.is_empty() {
        line("Content-Signal", signal);
    }
    refused.iter().for_each(|path| line("Disallow", path));
}

fn page(site: &Site, content_type: &'static str, body: String) -> Page {
    Page { content_type, language: site.language.clone(), body, keys: BTreeSet::from([PageKey::Site]) }
}

#[cfg(test)]
mod tests;
