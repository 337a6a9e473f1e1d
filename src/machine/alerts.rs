//! Which facts administrators are told of, and when again. Kept in the records, so that several processes and a restart tell
//! nothing twice.

use std::collections::BTreeMap;

use newsroom::moment::Moment;
use serde::{Deserialize, Serialize};

use super::{Fact, Judgement, Topic};

/// What somebody is told of: the rest stands on the page only.
const TOLD: [Topic; 4] = [Topic::Disk, Topic::Queue, Topic::Backup, Topic::Certificate];
/// Seconds after which what is still wrong is told once more.
const AGAIN: i64 = 24 * 3600;

/// What was told and is not over: each topic with when it was told last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertState(BTreeMap<Topic, Moment>);

/// What is to be told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// What is wrong: what was found, and what to do.
    pub wrong: Vec<Fact>,
    /// What was wrong and is good again.
    pub over: Vec<Fact>,
}

impl Told {
    /// Whether nobody needs to be told anything.
    pub fn is_empty(&self) -> bool {
        self.wrong.is_empty() && self.over.is_empty()
    }
}

/// What of these facts is to be told now, and the state after that. What is wrong is told once, and once more each day. It is over
/// when it is good, not when it is merely to be looked at, so that what goes to and fro at the limit is not told each time.
pub fn decide(before: &AlertState, facts: &[Fact], now: Moment) -> (AlertState, Told) {
    let (mut state, mut told) = (before.clone(), Told::default());
    for fact in facts.iter().filter(|fact| TOLD.contains(&fact.topic)) {
        let last = state.0.get(&fact.topic).copied();
        match (fact.judgement, last) {
            (Judgement::Wrong, last) if last.is_none_or(|last| last.plus_seconds(AGAIN) <= now) => {
                state.0.insert(fact.topic, now);
                told.wrong.push(fact.clone());
            }
            (Judgement::Good, Some(_)) => {
                state.0.remove(&fact.topic);
                told.over.push(fact.clone());
            }
            _ => {}
        }
    }
    (state, told)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(disk: Judgement) -> Vec<Fact> {
        let fact = |topic, judgement| Fact { topic, judgement, says: String::new(), advice: None };
        vec![fact(Topic::Disk, disk), fact(Topic::Processes, Judgement::Wrong)]
    }

    /// How often the disk was told as wrong and as over, when it is judged so at these hours.
    fn told(judged: &[(i64, Judgement)]) -> Vec<(usize, usize)> {
        let mut state = AlertState::default();
        let each = judged.iter().map(|(hour, judgement)| {
            let kept = serde_json::from_str(&serde_json::to_string(&state).unwrap()).unwrap();
            let now = Moment::from_micros(0).plus_seconds(hour * 3600);
            let (after, told) = decide(&kept, &facts(*judgement), now);
            state = after;
            (told.wrong.len(), told.over.len())
        });
        each.collect()
    }

    #[test]
    fn what_is_wrong_is_told_once_then_daily_and_once_when_it_is_over() {
        use Judgement::{Good, Wrong};
        let judged = [
            (0, Good),
            (1, Wrong),
            (2, Wrong),
            (24, Wrong),
            (25, Wrong),
            (26, Wrong),
            (27, Good),
            (28, Good),
        ];
        assert_eq!(told(&judged), [(0, 0), (1, 0), (0, 0), (0, 0), (1, 0), (0, 0), (0, 1), (0, 0)]);
    }

    #[test]
    fn what_goes_to_and_fro_at_the_limit_is_told_once() {
        use Judgement::{Good, Look, Wrong};
        let judged = [(0, Wrong), (1, Look), (2, Wrong), (3, Look), (4, Good), (5, Look)];
        assert_eq!(told(&judged), [(1, 0), (0, 0), (0, 0), (0, 0), (0, 1), (0, 0)]);
    }
}
