use super::*;
use crate::pages::samples;

fn site(machine_use: MachineUse) -> Site {
    Site { machine_use, ..samples::site("en") }
}

/// The groups of a robots.txt: agents and rules.
fn groups(machine_use: MachineUse) -> Vec<(Vec<String>, Vec<String>)> {
    let body = robots(&site(machine_use)).body;
    let groups = body.split("\n\n").filter(|group| group.contains("User-agent"));
    let parts = groups.map(|group| {
        let lines = |agent: bool| {
            let lines = group.lines().filter(|line| line.starts_with("User-agent: ") == agent);
            lines.map(|line| line.trim_start_matches("User-agent: ").to_owned()).collect()
        };
        (lines(true), lines(false))
    });
    parts.collect()
}

#[test]
fn whoever_trains_is_refused_by_name_and_search_is_welcome() {
    let groups = groups(MachineUse::NoTraining);
    assert_eq!(groups[0].0, ["*"]);
    assert_eq!(groups[0].1, ["Content-Signal: search=yes, ai-train=no", "Disallow: /search"]);
    assert_eq!(groups[1].1, ["Disallow: /"]);
    for agent in ["GPTBot", "CCBot", "Google-Extended", "ClaudeBot", "Applebot-Extended"] {
        assert!(groups[1].0.iter().any(|name| name == agent), "{agent}");
    }
    for agent in ["Googlebot", "bingbot", "Applebot", "facebookexternalhit", "OAI-SearchBot"] {
        assert!(groups.iter().all(|(agents, _)| agents.iter().all(|name| name != agent)), "{agent}");
    }
}

#[test]
fn an_open_site_refuses_nobody_and_a_closed_one_everybody() {
    let open = groups(MachineUse::Open);
    assert_eq!((open.len(), open[0].0.as_slice()), (1, ["*".to_owned()].as_slice()));
    assert_eq!(open[0].1, ["Content-Signal: search=yes, ai-input=yes, ai-train=yes", "Disallow: /search"]);
    let closed = groups(MachineUse::Closed);
    assert_eq!(closed[0].1, ["Content-Signal: search=no, ai-input=no, ai-train=no", "Disallow: /"]);
}

#[test]
fn the_sitemaps_are_named_where_machines_may_come() {
    let maps = |machine_use| -> Vec<String> {
        let body = robots(&site(machine_use)).body;
        body.lines().filter_map(|line| line.strip_prefix("Sitemap: ")).map(str::to_owned).collect()
    };
    let both = ["https://news.example/sitemap.xml", "https://news.example/sitemap-news.xml"];
    assert_eq!(maps(MachineUse::Open), both);
    assert_eq!(maps(MachineUse::NoTraining), both);
    assert!(maps(MachineUse::Closed).is_empty());
}

#[test]
fn the_policy_on_mining_says_the_same() {
    let reserved = |machine_use| {
        let policy: serde_json::Value = serde_json::from_str(&tdm_policy(&site(machine_use)).body).unwrap();
        assert_eq!(policy[0]["location"], "/*");
        policy[0]["tdm-reservation"].as_u64().unwrap()
    };
    assert_eq!([MachineUse::Open, MachineUse::NoTraining, MachineUse::Closed].map(reserved), [0, 1, 1]);
}

#[test]
fn a_closed_site_asks_search_engines_away_on_each_page_too() {
    let robots = |machine_use| {
        let page = crate::pages::list::home(&site(machine_use), &samples::list(&[], &[])).unwrap();
        let tree = crate::pages::dom::Node::parse(&page.body);
        let value = |name: &str| {
            let mut metas = tree.all("meta").into_iter();
            let found = metas.find(|meta| meta.attribute("name") == name);
            found.map(|meta| meta.attribute("content").to_owned()).unwrap_or_default()
        };
        (value("robots"), value("tdm-reservation"))
    };
    assert_eq!(robots(MachineUse::Closed), ("noindex".to_owned(), "1".to_owned()));
    assert_eq!(robots(MachineUse::NoTraining), ("max-image-preview:large".to_owned(), "1".to_owned()));
    assert_eq!(robots(MachineUse::Open), ("max-image-preview:large".to_owned(), String::new()));
}
