//! Readers and background work in one process or in several.

use serde_json::Value;

use crate::site::{SMALL, TestSite, Working};

const PAGE: &str = "/story/three-photographs";

/// The processes that say that they are there, once there are so many.
fn nodes(site: &TestSite, count: u64) -> Vec<Value> {
    loop {
        let objects = site.json(&["nodes"]).ends_with(0).objects();
        if objects.last().unwrap()["nodes"] == count {
            return objects.into_iter().filter(|object| object.get("node").is_some()).collect();
        }
    }
}

fn roles(nodes: &[Value]) -> Vec<&str> {
    let mut roles: Vec<&str> = nodes.iter().map(|node| node["role"].as_str().unwrap()).collect();
    roles.sort_unstable();
    roles
}

#[test]
fn readers_and_work_are_processes_of_their_own_where_that_is_wanted() {
    let site = TestSite::as_it_comes();
    site.small_story("Three photographs");
    let serving = site.serve_with(&["--no-work"]);
    assert_eq!(roles(&nodes(&site, 1)), ["serve"]);
    assert_eq!(serving.get(PAGE).status, 200);
    let working = Working::start(&site);
    assert_eq!(roles(&nodes(&site, 2)), ["serve", "work"]);
    // AVIF is what only background work makes.
    serving.get_until(PAGE, |answer| answer.text().contains("image/avif"));
    let shown = nodes(&site, 2);
    let served = shown.iter().find(|node| node["role"] == "serve").unwrap();
    assert!(served["shows"].as_i64().unwrap() > 0 && served["silent"] == false, "{served}");
    assert_eq!(working.stop(), 0);
    assert_eq!(roles(&nodes(&site, 1)), ["serve"]);
    assert_eq!(serving.stop(), 0);
    assert_eq!(nodes(&site, 0), Vec::<Value>::new());
}

#[test]
fn one_process_does_both_where_nothing_is_said() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    let _serving = site.serve();
    assert_eq!(roles(&nodes(&site, 1)), ["serve and work"]);
}

#[test]
fn work_that_is_killed_is_done_by_another_process() {
    let site = TestSite::as_it_comes();
    site.small_story("Three photographs");
    let serving = site.serve_with(&["--no-work"]);
    let first = Working::start(&site);
    nodes(&site, 2);
    first.kill();
    let _second = Working::start(&site);
    // The cover once more at the head.
    let all = SMALL.len() + 1;
    serving.get_until(PAGE, |answer| answer.text().matches("image/avif").count() == all);
}

#[test]
fn records_are_brought_up_to_this_program_s_schema_once() {
    let site = TestSite::new();
    let made = site.json(&["migrate"]).ends_with(0).object("applied");
    let again = site.json(&["migrate"]).ends_with(0).object("applied");
    assert_eq!((&made["new"], &again["new"]), (&Value::Bool(true), &Value::Bool(false)));
    assert_eq!(again["applied"], serde_json::json!([]));
}

#[test]
fn doctor_tells_of_readers_without_background_work() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    let _serving = site.serve_with(&["--no-work"]);
    nodes(&site, 1);
    let said = site.run(&["doctor"]).ends_with(1);
    assert!(said.out.contains("none does the background work"), "{}", said.out);
    let _working = Working::start(&site);
    nodes(&site, 2);
    site.does(&["doctor"]);
}
