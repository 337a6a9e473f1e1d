//! Notices, settings, nodes and the audit.

use newsroom::notice::{Mention, Notice};
use store::{AuditEntry, AuditSought, DiskSpace, KeptNotice, LastBackup, Node, Role, Tx, View};

use crate::samples::{BY, act, notice_id, story, story_id};
use crate::site::{on_both, second};

fn notice(n: u8) -> Notice {
    Notice {
        id: notice_id(n),
        term: "Daesh".to_owned(),
        variants: vec!["IS".to_owned(), "داعش".to_owned()],
        text: "is banned".to_owned(),
        language: None,
        story: None,
        mention: Mention::First,
        from: Some(second(1)),
        until: None,
    }
}

on_both! {
    async fn a_notice_comes_back_until_it_is_removed_and_stays_readable(site) {
        let kept = act(&site.store, async |tx: &mut Tx| {
            Ok((tx.insert_notice(&notice(1), second(3)).await?, tx.insert_notice(&notice(1), second(4)).await?))
        }).await;
        assert_eq!(kept, (true, false));
        let standing = site.look(async |view: &mut View| view.notices().await).await;
        let mut expected = KeptNotice { notice: notice(1), created_at: second(3), removed_at: None };
        assert_eq!(standing, [expected.clone()]);
        let removed = act(&site.store, async |tx: &mut Tx| {
            Ok((tx.remove_notice(notice_id(1), second(5)).await?, tx.remove_notice(notice_id(1), second(6)).await?))
        }).await;
        expected.removed_at = Some(second(5));
        let (left, there) = site.look(async |view: &mut View| {
            Ok((view.notices().await?, view.notice(notice_id(1)).await?))
        }).await;
        assert_eq!((removed, left, there), ((true, false), vec![], Some(expected)));
    }

    async fn a_notice_of_one_story_is_not_another_s(site) {
        let mut own = notice(2);
        (own.story, own.mention, own.language) = (Some(story_id(1)), Mention::Every, Some("en".to_owned()));
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_story(&story(1), &BY).await?;
            tx.insert_notice(&own, second(1)).await?;
            tx.insert_notice(&notice(1), second(1)).await
        }).await;
        let (its, others) = site.look(async |view: &mut View| Ok((
            view.notices_for(story_id(1)).await?,
            view.notices_for(story_id(2)).await?,
        ))).await;
        let terms = |kept: &[KeptNotice]| kept.iter().map(|kept| kept.notice.clone()).collect::<Vec<_>>();
        assert_eq!((terms(&its), terms(&others)), (vec![notice(1), own], vec![notice(1)]));
    }

    async fn a_setting_is_set_changed_and_cleared(site) {
        act(&site.store, async |tx: &mut Tx| {
            tx.set_setting("site.name", Some("One")).await?;
            tx.set_setting("site.name", Some("Zwei")).await?;
            tx.set_setting("site.url", Some("x")).await
        }).await;
        let all = site.look(async |view: &mut View| view.settings().await).await;
        assert_eq!(all, [("site.name".to_owned(), "Zwei".to_owned()), ("site.url".to_owned(), "x".to_owned())]);
        act(&site.store, async |tx: &mut Tx| tx.set_setting("site.name", None).await).await;
        assert_eq!(site.look(async |view: &mut View| view.setting("site.name").await).await, None);
    }

    async fn the_last_backup_is_the_one_that_is_told_and_a_note_of_another_form_is_none(site) {
        let told = async || site.look(async |view: &mut View| view.last_backup().await).await;
        assert_eq!(told().await, None);
        let first = LastBackup { at: second(1), to: "/backups/mon".to_owned(), files: 3, bytes: 9 };
        let next = LastBackup { at: second(2), to: "/backups/tue".to_owned(), files: 4, bytes: 1 << 40 };
        for backup in [&first, &next] {
            act(&site.store, async |tx: &mut Tx| tx.note_backup(backup).await).await;
        }
        assert_eq!(told().await, Some(next));
        act(&site.store, async |tx: &mut Tx| tx.set_setting("backup.last", Some("monday")).await).await;
        assert_eq!(told().await, None);
    }

    async fn the_size_of_the_records_grows_with_them(site) {
        let before = site.store.bytes_on_disk().await.unwrap();
        let note: String = (0..200_000).map(|n: u32| n.to_string()).collect();
        act(&site.store, async |tx: &mut Tx| tx.set_setting("note", Some(&note)).await).await;
        let after = site.store.bytes_on_disk().await.unwrap();
        assert!(before > 1 << 12 && after > 1 << 20, "{before} {after}");
        let begun = site.look(async |view: &mut View| view.begun_at().await).await;
        assert_eq!(begun, second(0));
    }

    async fn nodes_say_what_they_have_applied(site) {
        let mut node = Node {
            id: "a".to_owned(), started_at: second(1), seen_at: second(2), role: Role::Serve, applied_change: 3,
            version: "0.1.0".to_owned(), machine: "desk1".to_owned(),
            disks: vec![DiskSpace { folders: vec!["/srv/data".to_owned()], free: 1 << 40, size: 2 << 40 }],
        };
        act(&site.store, async |tx: &mut Tx| tx.save_node(&node).await).await;
        (node.seen_at, node.role, node.applied_change) = (second(9), Role::ServeAndWork, 4);
        act(&site.store, async |tx: &mut Tx| tx.save_node(&node).await).await;
        let (alive, later) = site.look(async |view: &mut View| Ok((
            view.nodes_seen_since(second(9)).await?,
            view.nodes_seen_since(second(10)).await?,
        ))).await;
        assert_eq!((alive, later), (vec![node.clone()], vec![]));
        let silent = act(&site.store, async |tx: &mut Tx| tx.forget_nodes_before(second(9)).await).await;
        assert_eq!(silent, 0, "it was heard of since");
        let killed = Node { id: "killed".to_owned(), seen_at: second(8), ..node.clone() };
        act(&site.store, async |tx: &mut Tx| tx.save_node(&killed).await).await;
        assert_eq!(act(&site.store, async |tx: &mut Tx| tx.forget_nodes_before(second(9)).await).await, 1);
        act(&site.store, async |tx: &mut Tx| tx.forget_node("a").await).await;
        assert_eq!(site.look(async |view: &mut View| view.nodes_seen_since(second(0)).await).await, []);
    }

    async fn the_audit_tells_what_was_done_to_a_thing_newest_first(site) {
        let entry = |verb: &str, id: &str| AuditEntry {
            at: second(1),
            who: "desk".to_owned(),
            verb: verb.to_owned(),
            noun: "story".to_owned(),
            noun_id: id.to_owned(),
            before: None,
            after: Some("{}".to_owned()),
        };
        act(&site.store, async |tx: &mut Tx| {
            tx.add_audit(&entry("create", "1")).await?;
            tx.add_audit(&entry("publish", "1")).await?;
            tx.add_audit(&entry("create", "2")).await
        }).await;
        let told = async |before, of: Option<(&str, &str)>, limit| {
            site.look(async |view: &mut View| view.audit_before(before, of, limit).await).await
        };
        let found = told(i64::MAX, Some(("story", "1")), 9).await;
        let entries: Vec<AuditEntry> = found.iter().map(|(_, entry)| entry.clone()).collect();
        assert_eq!(entries, [entry("publish", "1"), entry("create", "1")]);
        let first = told(i64::MAX, None, 2).await;
        assert_eq!(first.iter().map(|(_, one)| one.noun_id.as_str()).collect::<Vec<_>>(), ["2", "1"]);
        let next = told(first[1].0, None, 2).await;
        assert_eq!(next.into_iter().map(|(_, one)| one).collect::<Vec<_>>(), [entry("create", "1")]);
        assert_eq!(told(found[1].0, Some(("story", "1")), 9).await, []);
        let sought = async |who: &str, verb: &str, noun: &str| {
            let (who, verb, noun) = (who.to_owned(), verb.to_owned(), noun.to_owned());
            let sought = AuditSought { who, verb, noun, noun_id: String::new() };
            let found = site.look(async |view: &mut View| view.audit_sought(i64::MAX, &sought, 9).await).await;
            found.into_iter().map(|(_, one)| one.noun_id + &one.verb).collect::<Vec<_>>()
        };
        assert_eq!(sought("", "create", "").await, ["2create", "1create"]);
        assert_eq!(sought("", "", "story").await, ["2create", "1publish", "1create"]);
        assert_eq!(sought("nobody", "", "").await, [""; 0]);
        assert_eq!(sought(&entry("create", "1").who, "publish", "story").await, ["1publish"]);
        let member = format!("staff {}", uuid::Uuid::from_u128(7));
        let by_token = AuditEntry { who: format!("{member} token 1"), ..entry("create", "3") };
        act(&site.store, async |tx: &mut Tx| tx.add_audit(&by_token).await).await;
        assert_eq!(sought(&member, "", "").await, ["3create"], "what their token did is theirs");
    }
}
