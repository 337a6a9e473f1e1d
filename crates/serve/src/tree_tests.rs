use super::{
    Entry, HIGHEST_CHANGE, Kind, Map, Mark, decode_log, encode_log, log_name, log_name_before, object_name,
    parse_log_name, parse_object_name,
};
use crate::Key;

fn entry(path: &str, change: u64, kind: Kind) -> Entry {
    Entry { path: path.to_owned(), change, kind, codings: 3, reach: 50 }
}

/// A small generator with a fixed seed, so that a failure comes again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

#[test]
fn entries_in_any_order_and_repeated_give_the_same_map() {
    let kinds = [Kind::Page, Kind::Grant, Kind::Missing, Kind::Redirect, Kind::Gone, Kind::Farewell];
    for seed in 0..300 {
        let mut dice = Dice(seed);
        let mut entries: Vec<Entry> = (0..40)
            .map(|_| {
                let path = format!("/{}", dice.below(6));
                let change = dice.below(12) as u64;
                entry(&path, change, kinds[dice.below(kinds.len())])
            })
            .collect();
        let mut in_order = Map::default();
        in_order.set_all(&entries);
        for at in (1..entries.len()).rev() {
            entries.swap(at, dice.below(at + 1));
        }
        let (early, late) = entries.split_at(dice.below(entries.len()));
        let (mut first, mut second) = (Map::default(), Map::default());
        first.set_all(late);
        second.set_all(early);
        second.set_all(&late[..late.len() / 2]);
        first.merge(&second);
        assert_eq!(first, in_order, "seed {seed}");
    }
}

#[test]
fn the_highest_change_wins() {
    let mut map = Map::default();
    let key = Key::of("/a");
    map.set_all(&[entry("/a", 5, Kind::Gone), entry("/a", 4, Kind::Page)]);
    assert_eq!(map.get(&key).unwrap().kind(), Kind::Gone);
    map.set_all(&[entry("/a", 6, Kind::Page)]);
    assert_eq!(map.get(&key).unwrap().kind(), Kind::Page);
    assert_eq!(map.highest(), 6);
}

#[test]
fn a_late_page_does_not_bring_back_what_was_withdrawn() {
    let mut map = Map::default();
    map.set_all(&[entry("/a", 9, Kind::Gone), entry("/a", 9, Kind::Page), entry("/a", 8, Kind::Page)]);
    assert_eq!(map.get(&Key::of("/a")).unwrap().kind(), Kind::Gone);
}

#[test]
fn at_the_same_change_every_tombstone_beats_what_is_shown() {
    for tombstone in [Kind::Missing, Kind::Redirect, Kind::Gone, Kind::Farewell] {
        for shown in [Kind::Page, Kind::Grant] {
            let mut tomb = entry("/a", 3, tombstone);
            (tomb.codings, tomb.reach) = (0, 0);
            assert!(tomb.mark().unwrap() > entry("/a", 3, shown).mark().unwrap(), "{tombstone:?} {shown:?}");
        }
    }
}

#[test]
fn a_mark_gives_back_what_went_in() {
    let mark = entry("/a", HIGHEST_CHANGE, Kind::Farewell).mark().unwrap();
    assert_eq!(mark.change(), HIGHEST_CHANGE);
    assert_eq!((mark.kind(), mark.codings(), mark.reach()), (Kind::Farewell, 3, 50 * 256));
    assert_eq!(Mark::from_bits(mark.to_bits()), Some(mark));
    assert_eq!(Mark::from_bits(0xf << 12), None);
    assert!(entry("/a", HIGHEST_CHANGE + 1, Kind::Page).mark().is_err());
}

#[test]
fn a_snapshot_is_read_back_and_every_damage_to_it_is_seen() {
    let mut map = Map::default();
    let entries: Vec<Entry> = (0..20).map(|n| entry(&format!("/{n}"), n + 1, Kind::Page)).collect();
    map.set_all(&entries);
    let whole = map.encode();
    assert_eq!(Map::decode(&whole), Ok(map));
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        assert!(Map::decode(&bytes).is_err(), "byte {at}");
        assert!(Map::decode(&whole[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn a_log_entry_is_read_back_and_every_damage_to_it_is_seen() {
    let entries = vec![entry("/фото", 7, Kind::Page), entry("/a", 7, Kind::Gone)];
    let whole = encode_log(&entries).unwrap();
    assert_eq!(decode_log(&whole), Ok(entries));
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        assert!(decode_log(&bytes).is_err(), "byte {at}");
        assert!(decode_log(&whole[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn an_object_is_found_again_by_its_name() {
    let key = Key::of("/photo/flood");
    let name = object_name(key, 42);
    assert_eq!(name, format!("pages/{}/{key}.00000000000000000042", &key.to_string()[..2]));
    assert_eq!(parse_object_name(&name), Some((key, 42)));
    assert_eq!(parse_object_name("pages/ab/readme"), None);
}

#[test]
fn log_names_stand_in_the_order_of_changes() {
    let changes = [1, 255, 256, 257, 65_535, 65_536, HIGHEST_CHANGE];
    for pair in changes.windows(2) {
        let (lower, higher) = (log_name((pair[0], u32::MAX)), log_name((pair[1], 0)));
        assert!(lower < log_name_before(pair[1]) && log_name_before(pair[1]) < higher, "{pair:?}");
        assert_eq!(parse_log_name(&higher), Some((pair[1], 0)));
    }
}
