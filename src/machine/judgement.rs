//! What to think of what was found, in plain sentences.

use newsroom::moment::Moment;
use store::Role;

use super::{Disk, Fact, Found, Judgement, Machine, Topic, is_silent};
use crate::config::AlertsConfig;

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 3600;
/// Microseconds within which a database answers a small question that is well, and beyond which it is not.
const PROMPT: i64 = 200_000;
const SLOW: i64 = 2_000_000;

impl Machine {
    /// Each fact with its judgement, in the order of [`Topic`].
    pub fn facts(&self, alerts: &AlertsConfig) -> Vec<Fact> {
        let facts = [
            self.room(alerts),
            Some(self.answers()),
            Some(self.work(alerts)),
            Some(self.processes()),
            Some(self.kept(alerts)),
            Some(self.proof(alerts)),
        ];
        facts.into_iter().flatten().collect()
    }

    /// The disk on which least is free.
    fn room(&self, alerts: &AlertsConfig) -> Option<Fact> {
        let Disk { machine, space } = self.disks.iter().min_by_key(|disk| disk.space.free)?;
        let mut says = format!(
            "{} of {} are free on {machine} ({}).",
            bytes(space.free),
            bytes(space.size),
            space.folders.join(", ")
        );
        if self.disks.len() > 1 {
            says.push_str(" The others have more.");
        }
        Some(judged(
            Topic::Disk,
            says,
            if space.free < alerts.free_bytes {
                (
                    Judgement::Wrong,
                    "Make room, or move the data folder to a larger disk: a full one refuses new photos and stops the printing.",
                )
            } else if space.free < alerts.free_bytes.saturating_mul(2) {
                (Judgement::Look, "Make room before the next large day.")
            } else {
                GOOD
            },
        ))
    }

    fn answers(&self) -> Fact {
        let database = &self.database;
        let says = format!(
            "{}, {}; a small question took {}.",
            database.kind.as_str(),
            bytes(database.bytes),
            milliseconds(database.answered_in)
        );
        let advice =
            "Look at what else its machine does, and at its disk; everything at the desk waits for it.";
        let judgement = match database.answered_in {
            time if time < PROMPT => GOOD,
            time if time < SLOW => (Judgement::Look, advice),
            _ => (Judgement::Wrong, advice),
        };
        judged(Topic::Database, says, judgement)
    }

    fn work(&self, alerts: &AlertsConfig) -> Fact {
        let queue = &self.queue;
        let mut says =
            format!("Waiting: {}, running: {}, given up: {}.", queue.waiting, queue.running, queue.given_up);
        let late = queue.oldest_due.map_or(0, |due| seconds(due, self.at));
        if late > 0 {
            says.push_str(&format!(" The one that is due longest has waited {}.", span(late)));
        }
        let limit = alerts.oldest_job_minutes.saturating_mul(MINUTE);
        let judgement = if late > limit {
            (
                Judgement::Wrong,
                "See under Jobs what fails, and under Processes whether enough of them work: what is published, withdrawn or sent waits.",
            )
        } else if queue.given_up > 0 {
            (Judgement::Wrong, "See under Jobs why, mend that, and have them tried again: nothing else does.")
        } else if late > limit / 2 {
            (Judgement::Look, "Look again in some minutes; if it grows, start one more process that works.")
        } else {
            GOOD
        };
        judged(Topic::Queue, says, judgement)
    }

    fn processes(&self) -> Fact {
        let (silent, alive): (Vec<_>, Vec<_>) = self.nodes.iter().partition(|node| is_silent(node, self.at));
        let count = |does: fn(Role) -> bool| alive.iter().filter(|node| does(node.role)).count();
        let (serving, working) = (count(Role::serves), count(Role::works));
        let says = format!("Answering readers: {serving}, doing the background work: {working}.");
        let (says, judgement) = if working == 0 {
            let advice = "Start halftone work, or halftone serve without --no-work: nothing is printed, sent or developed meanwhile.";
            (says, (Judgement::Wrong, advice))
        } else if let Some(node) = silent.first() {
            let advice = "See whether it was killed or has lost the database; a row that stays silent goes by itself after a week.";
            (format!("{says} {} says nothing any more.", node.id), (Judgement::Look, advice))
        } else if alive.iter().any(|node| alive.first().is_some_and(|first| first.version != node.version)) {
            let advice = "Restart those of the older release: all processes of a site are to be of one.";
            (format!("{says} They are not of one release."), (Judgement::Look, advice))
        } else {
            (says, GOOD)
        };
        judged(Topic::Processes, says, judgement)
    }

    fn kept(&self, alerts: &AlertsConfig) -> Fact {
        let last = self.backup.as_ref().map(|last| {
            let ago = span(seconds(last.at, self.at));
            format!("The last backup is {ago} old: {} in {}.", bytes(last.bytes), last.to)
        });
        let Some(days) = alerts.backup_days else {
            let says =
                last.unwrap_or_else(|| "Backups are made by others (alerts.backup_days = 0).".to_owned());
            return judged(Topic::Backup, says, GOOD);
        };
        let advice = "Run halftone backup FOLDER now, and each night by a timer. Where servers make the backups, set alerts.backup_days = 0.";
        let old = self.backup.as_ref().map_or(self.begun, |last| last.at);
        let judgement = match (seconds(old, self.at) > days.saturating_mul(DAY), &last) {
            (true, _) => (Judgement::Wrong, advice),
            (false, None) => (Judgement::Look, advice),
            (false, Some(_)) => GOOD,
        };
        judged(Topic::Backup, last.unwrap_or_else(|| "There is no backup yet.".to_owned()), judgement)
    }

    fn proof(&self, alerts: &AlertsConfig) -> Fact {
        let url = &self.url;
        let Some(seen) = &self.certificate else {
            let says = if super::certificate::has_certificate(url) {
                format!("{url} was not looked at yet; a process that works does so every few minutes.")
            } else {
                format!("{url} is reached without TLS and has none.")
            };
            return judged(Topic::Certificate, says, GOOD);
        };
        let renew = "Renew it; the web server in front has it.";
        let (says, judgement) = match &seen.found {
            Found::Until(end) => {
                let left = seconds(self.at, *end);
                let says = format!("That of {url} is good for another {}.", span(left.max(0)));
                let limit = alerts.certificate_days.saturating_mul(DAY);
                let judgement = match left {
                    left if left <= limit.max(0) => (Judgement::Wrong, renew),
                    left if left <= limit.saturating_mul(2) => {
                        (Judgement::Look, "See whether it renews itself in time.")
                    }
                    _ => GOOD,
                };
                (says, judgement)
            }
            Found::Refused(why) => {
                let advice =
                    "Renew or mend it at once: browsers warn readers away. The web server in front has it.";
                (format!("That of {url} is not accepted: {why}."), (Judgement::Wrong, advice))
            }
            Found::Unreachable(why) => {
                let advice = "See whether readers reach it. Where only this machine does not, the certificate cannot be watched from here.";
                (format!("{url} could not be reached from here: {why}."), (Judgement::Look, advice))
            }
        };
        judged(Topic::Certificate, says, judgement)
    }
}

const GOOD: (Judgement, &str) = (Judgement::Good, "");

fn judged(topic: Topic, says: String, (judgement, advice): (Judgement, &'static str)) -> Fact {
    Fact { topic, judgement, says, advice: Some(advice).filter(|advice| !advice.is_empty()) }
}

/// Seconds from one moment to another.
fn seconds(from: Moment, to: Moment) -> i64 {
    to.as_micros().saturating_sub(from.as_micros()) / 1_000_000
}

/// A time as a person is told it, in the largest unit of which it has more than one.
fn span(seconds: i64) -> String {
    let (count, unit) = match seconds {
        s if s >= 2 * DAY => (s / DAY, "days"),
        s if s >= 2 * 3600 => (s / 3600, "hours"),
        s if s >= 2 * MINUTE => (s / MINUTE, "minutes"),
        1 => return "1 second".to_owned(),
        s => (s, "seconds"),
    };
    format!("{count} {unit}")
}

/// Bytes as a person is told them: a unit of 1024 of the smaller one, with one decimal below ten.
pub fn bytes(count: u64) -> String {
    let units = ["bytes", "KB", "MB", "GB", "TB", "PB"];
    let mut power = 0_u32;
    while power < 5 && count >> (10 * (power + 1)) > 0 {
        power += 1;
    }
    let (whole, unit) = (count >> (10 * power), units.get(power as usize).copied().unwrap_or_default());
    if power == 0 || whole >= 10 {
        return format!("{whole} {unit}");
    }
    let tenth = ((count >> (10 * (power - 1))) & 1023) * 10 / 1024;
    format!("{whole}.{tenth} {unit}")
}

/// Microseconds as milliseconds with one decimal.
fn milliseconds(micros: i64) -> String {
    format!("{}.{} ms", micros / 1000, micros % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use store::{DatabaseKind, DiskSpace, LastBackup, Node};

    use super::super::{CertificateSeen, Database, Queue};
    use super::*;
    use crate::config::Config;

    const URL: &str = "https://photos.example";

    fn at(seconds: i64) -> Moment {
        Moment::from_micros(1_609_687_920_000_000).plus_seconds(seconds)
    }

    /// A machine with which all is well.
    fn well() -> Machine {
        let node = Node {
            id: "1-a".to_owned(),
            started_at: at(-100),
            seen_at: at(0),
            role: Role::ServeAndWork,
            applied_change: 4,
            version: "0.1.0".to_owned(),
            machine: "desk1".to_owned(),
            disks: Vec::new(),
        };
        let space = DiskSpace { folders: vec!["/srv/data".to_owned()], free: 50 << 30, size: 100 << 30 };
        let found = Found::Until(at(60 * DAY));
        Machine {
            at: at(0),
            disks: vec![Disk { machine: "desk1".to_owned(), space }],
            database: Database { kind: DatabaseKind::Sqlite, bytes: 3 << 20, answered_in: 310 },
            queue: Queue { waiting: 2, ..Queue::default() },
            nodes: vec![node],
            backup: Some(LastBackup {
                at: at(-DAY),
                to: "/backups/mon".to_owned(),
                files: 3,
                bytes: 9 << 30,
            }),
            begun: at(-90 * DAY),
            url: URL.to_owned(),
            certificate: Some(CertificateSeen { url: URL.to_owned(), at: at(0), found }),
        }
    }

    /// What is not good, as topic and judgement.
    fn troubles(machine: &Machine) -> Vec<(&'static str, &'static str)> {
        let alerts = Config::parse("").unwrap().alerts;
        let facts = machine.facts(&alerts);
        assert!(facts.iter().all(|fact| (fact.judgement == Judgement::Good) == fact.advice.is_none()));
        let bad = facts.iter().filter(|fact| fact.judgement > Judgement::Good);
        bad.map(|fact| (fact.topic.as_str(), fact.judgement.as_str())).collect()
    }

    #[test]
    fn a_machine_with_which_all_is_well_has_six_good_facts() {
        let (machine, alerts) = (well(), Config::parse("").unwrap().alerts);
        assert_eq!(troubles(&machine), []);
        let says: Vec<String> = machine.facts(&alerts).into_iter().map(|fact| fact.says).collect();
        assert_eq!(
            says,
            [
                "50 GB of 100 GB are free on desk1 (/srv/data).",
                "SQLite, 3.0 MB; a small question took 0.3 ms.",
                "Waiting: 2, running: 0, given up: 0.",
                "Answering readers: 1, doing the background work: 1.",
                "The last backup is 24 hours old: 9.0 GB in /backups/mon.",
                "That of https://photos.example is good for another 60 days.",
            ]
        );
    }

    #[test]
    fn the_disk_with_least_room_decides() {
        let mut machine = well();
        let space = DiskSpace { folders: vec!["/cache".to_owned()], free: 3 << 30, size: 9 << 30 };
        machine.disks.push(Disk { machine: "desk2".to_owned(), space });
        assert_eq!(troubles(&machine), [("disk", "look")]);
        machine.disks[1].space.free = (2 << 30) - 1;
        assert_eq!(troubles(&machine), [("disk", "wrong")]);
    }

    #[test]
    fn a_queue_is_wrong_when_a_job_is_due_for_too_long_or_was_given_up() {
        let mut machine = well();
        machine.queue.oldest_due = Some(at(-16 * MINUTE));
        assert_eq!(troubles(&machine), [("queue", "look")]);
        machine.queue.oldest_due = Some(at(-31 * MINUTE));
        assert_eq!(troubles(&machine), [("queue", "wrong")]);
        machine.queue = Queue { given_up: 1, ..Queue::default() };
        assert_eq!(troubles(&machine), [("queue", "wrong")]);
    }

    #[test]
    fn processes_are_wrong_when_none_works_and_to_be_looked_at_when_one_is_silent_or_of_another_release() {
        let mut machine = well();
        let other = |change: fn(&mut Node)| {
            let mut node = well().nodes.remove(0);
            change(&mut node);
            node
        };
        machine.nodes.push(other(|node| node.seen_at = at(-31)));
        assert_eq!(troubles(&machine), [("processes", "look")]);
        machine.nodes = vec![other(|_| ()), other(|node| node.version = "0.2.0".to_owned())];
        assert_eq!(troubles(&machine), [("processes", "look")]);
        machine.nodes = vec![other(|node| node.role = Role::Serve)];
        assert_eq!(troubles(&machine), [("processes", "wrong")]);
    }

    #[test]
    fn a_backup_that_is_old_or_was_never_made_is_told_and_a_new_site_has_a_week_for_its_first() {
        let mut machine = well();
        machine.backup.as_mut().unwrap().at = at(-8 * DAY);
        assert_eq!(troubles(&machine), [("backup", "wrong")]);
        machine.backup = None;
        assert_eq!(troubles(&machine), [("backup", "wrong")]);
        machine.begun = at(-6 * DAY);
        assert_eq!(troubles(&machine), [("backup", "look")]);
        let unwatched = Config::parse("[alerts]\nbackup_days = 0").unwrap().alerts;
        machine.begun = at(-90 * DAY);
        assert!(machine.facts(&unwatched).iter().all(|fact| fact.judgement == Judgement::Good));
    }

    #[test]
    fn a_certificate_is_told_ahead_of_its_end_and_what_cannot_be_reached_is_no_certificate() {
        let mut machine = well();
        let mut found = |found: Found| {
            machine.certificate = Some(CertificateSeen { url: URL.to_owned(), at: at(0), found });
            troubles(&machine)
        };
        assert_eq!(found(Found::Until(at(20 * DAY))), [("certificate", "look")]);
        assert_eq!(found(Found::Until(at(14 * DAY))), [("certificate", "wrong")]);
        assert_eq!(found(Found::Until(at(-DAY))), [("certificate", "wrong")]);
        assert_eq!(found(Found::Refused("expired".to_owned())), [("certificate", "wrong")]);
        assert_eq!(found(Found::Unreachable("no route".to_owned())), [("certificate", "look")]);
    }

    #[test]
    fn times_and_bytes_are_told_in_a_unit_that_a_person_reads() {
        let spans = [1, 59, 119, 120, 7199, 7200, 2 * DAY - 1, 2 * DAY].map(span);
        assert_eq!(
            spans,
            [
                "1 second",
                "59 seconds",
                "119 seconds",
                "2 minutes",
                "119 minutes",
                "2 hours",
                "47 hours",
                "2 days"
            ]
        );
        let told = [0, 1023, 1024, 1536, 10 << 20, (2 << 30) - 1].map(bytes);
        assert_eq!(told, ["0 bytes", "1023 bytes", "1.0 KB", "1.5 KB", "10 MB", "1.9 GB"]);
    }
}
