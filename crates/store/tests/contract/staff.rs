//! Accounts, sessions, links and tokens.

use newsroom::id::{StaffId, TokenId};
use newsroom::staff::policy::Scope;
use newsroom::staff::{Account, EmailAddress, Role, Signature};
use store::{KeptStaff, Link, Session, Sha256, Token, Tx, View};

use crate::samples::{BY, act, photo, photo_id, story, story_id};
use crate::site::{on_both, second};

pub fn staff_id(number: u8) -> StaffId {
    StaffId::new(second(i64::from(number)), [number; 10])
}

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

pub fn account(number: u8) -> Account {
    Account {
        id: staff_id(number),
        address: address(&format!("desk{number}@house.example")),
        name: format!("Person {number}"),
        role: Role::Editor,
        signature: Signature { byline: None, credit: Some("House".to_owned()), copyright: None },
        revision: 1,
        created: second(i64::from(number)),
        left: None,
    }
}

pub fn session(number: u8, staff: u8) -> Session {
    Session {
        digest: Sha256::of(&[number]),
        staff: staff_id(staff),
        agent: "Browser".to_owned(),
        started_at: second(i64::from(number)),
        seen_at: second(i64::from(number)),
        valid_until: second(100),
    }
}

fn token(number: u8) -> Token {
    Token {
        id: TokenId::new(second(i64::from(number)), [number; 10]),
        digest: Sha256::of(&[number, 1]),
        staff: staff_id(1),
        name: "Wire".to_owned(),
        scopes: vec![Scope::Photos, Scope::Read],
        made_at: second(i64::from(number)),
        valid_until: second(50),
        used_at: None,
        ended_at: None,
    }
}

on_both! {
    async fn an_account_comes_back_whole_by_its_id_and_by_its_address(site) {
        assert!(!site.look(async |view: &mut View| view.has_staff().await).await);
        assert!(act(&site.store, async |tx: &mut Tx| tx.insert_account(&account(1)).await).await);
        let found = site.look(async |view: &mut View| view.account(staff_id(1)).await).await;
        assert_eq!(found, Some(account(1)));
        let found = site.look(async |view: &mut View| view.account_of(&address("desk1@house.example")).await).await;
        assert_eq!(found, Some(account(1)));
        assert!(site.look(async |view: &mut View| view.has_staff().await).await);
    }

    async fn two_accounts_never_have_one_address(site) {
        act(&site.store, async |tx: &mut Tx| tx.insert_account(&account(1)).await).await;
        act(&site.store, async |tx: &mut Tx| tx.insert_account(&account(2)).await).await;
        let same = Account { address: address("desk1@house.example"), ..account(3) };
        assert!(!act(&site.store, async |tx: &mut Tx| tx.insert_account(&same).await).await);
        let renamed = Account { address: address("desk1@house.example"), ..account(2) };
        let kept = act(&site.store, async |tx: &mut Tx| tx.save_account(&renamed).await).await;
        assert_eq!(kept, KeptStaff::AddressTaken);
    }

    async fn an_account_made_from_an_older_revision_is_not_kept(site) {
        act(&site.store, async |tx: &mut Tx| tx.insert_account(&account(1)).await).await;
        let first = Account { name: "First".to_owned(), role: Role::Administrator, ..account(1) };
        let kept = act(&site.store, async |tx: &mut Tx| tx.save_account(&first).await).await;
        assert_eq!(kept, KeptStaff::As { revision: 2 });
        let second_writer = Account { name: "Second".to_owned(), ..account(1) };
        let kept = act(&site.store, async |tx: &mut Tx| tx.save_account(&second_writer).await).await;
        assert_eq!(kept, KeptStaff::Stale { revision: 2 });
        let found = site.look(async |view: &mut View| view.account(staff_id(1)).await).await.unwrap();
        assert_eq!(found, Account { revision: 2, ..first });
        let admins = site.look(async |view: &mut View| view.administrators().await).await;
        assert_eq!(admins, [staff_id(1)]);
        let gone = Account { left: Some(second(9)), ..found };
        act(&site.store, async |tx: &mut Tx| tx.save_account(&gone).await).await;
        assert!(site.look(async |view: &mut View| view.administrators().await).await.is_empty());
    }

    async fn accounts_are_listed_page_by_page(site) {
        for number in 1..=3 {
            act(&site.store, async |tx: &mut Tx| tx.insert_account(&account(number)).await).await;
        }
        let first = site.look(async |view: &mut View| view.accounts_after(None, 2).await).await;
        assert_eq!(first, [account(1), account(2)]);
        let next = site.look(async |view: &mut View| view.accounts_after(Some(staff_id(2)), 2).await).await;
        assert_eq!(next, [account(3)]);
    }

    async fn a_code_of_the_second_factor_is_taken_once(site) {
        act(&site.store, async |tx: &mut Tx| tx.insert_account(&account(1)).await).await;
        act(&site.store, async |tx: &mut Tx| {
            tx.set_password(staff_id(1), Some("hash")).await?;
            tx.set_second_factor(staff_id(1), Some("SECRET")).await
        }).await;
        let take = async |step| act(&site.store, async |tx: &mut Tx| tx.take_second_factor_step(staff_id(1), step).await).await;
        assert!(take(7).await);
        assert!(!take(7).await);
        assert!(!take(6).await);
        assert!(take(8).await);
        let secrets = site.look(async |view: &mut View| view.secrets_of(staff_id(1)).await).await;
        assert_eq!(secrets.password.as_deref(), Some("hash"));
        assert_eq!(secrets.second_factor.unwrap().last_step, 8);
    }

    async fn sessions_are_seen_listed_and_ended(site) {
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_account(&account(1)).await?;
            tx.insert_account(&account(2)).await?;
            for number in 1..=3 {
                tx.insert_session(&session(number, 1)).await?;
            }
            tx.insert_session(&session(4, 2)).await
        }).await;
        act(&site.store, async |tx: &mut Tx| tx.see_session(Sha256::of(&[1]), second(60), second(200)).await).await;
        let seen = site.look(async |view: &mut View| view.session(Sha256::of(&[1])).await).await.unwrap();
        assert_eq!((seen.seen_at, seen.valid_until), (second(60), second(200)));
        assert!(!act(&site.store, async |tx: &mut Tx| tx.end_session(staff_id(2), Sha256::of(&[1])).await).await);
        assert!(act(&site.store, async |tx: &mut Tx| tx.end_session(staff_id(1), Sha256::of(&[2])).await).await);
        let ended = act(&site.store, async |tx: &mut Tx| tx.end_sessions(staff_id(1), Some(Sha256::of(&[3]))).await).await;
        assert_eq!(ended, 1);
        let left = site.look(async |view: &mut View| view.sessions_of(staff_id(1)).await).await;
        assert_eq!(left, [session(3, 1)]);
        assert_eq!(act(&site.store, async |tx: &mut Tx| tx.forget_sessions_before(second(100)).await).await, 2);
    }

    async fn a_link_is_taken_once_and_only_those_to_an_address_are_taken_back(site) {
        let first = Link {
            digest: Sha256::of(b"first"), address: None, role: Some(Role::Administrator), staff: None,
            made_by: None, made_at: second(1), valid_until: second(9), signs_in: false,
        };
        let invitation = Link {
            digest: Sha256::of(b"ana"), address: Some(address("ana@house.example")), role: Some(Role::Editor),
            signs_in: true, ..first.clone()
        };
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_link(&first).await?;
            tx.insert_link(&invitation).await
        }).await;
        assert_eq!(site.look(async |view: &mut View| view.links_to(None).await).await.as_slice(), std::slice::from_ref(&first));
        let ana = address("ana@house.example");
        assert_eq!(site.look(async |view: &mut View| view.link(invitation.digest).await).await, Some(invitation.clone()));
        assert_eq!(act(&site.store, async |tx: &mut Tx| tx.take_back_links(Some(&ana)).await).await, 1);
        assert_eq!(site.look(async |view: &mut View| view.link(first.digest).await).await, Some(first.clone()));
        assert!(act(&site.store, async |tx: &mut Tx| tx.take_link(first.digest).await).await);
        assert!(!act(&site.store, async |tx: &mut Tx| tx.take_link(first.digest).await).await);
    }

    async fn invitations_are_listed_by_their_end_and_end_with_who_made_them(site) {
        let link = |n: u8, role: Option<Role>, maker: Option<u8>| Link {
            digest: Sha256::of(&[n]), address: Some(address(&format!("{n}@house.example"))), role, staff: None,
            made_by: maker.map(staff_id), made_at: second(1), valid_until: second(10 + i64::from(n / 2)), signs_in: false,
        };
        let editor = Some(Role::Editor);
        let mut links = [link(1, editor, Some(1)), link(2, editor, Some(2)), link(3, editor, None), link(4, editor, Some(1))];
        let way_back = Link { staff: Some(staff_id(2)), ..link(5, None, Some(1)) };
        let first = Link { address: None, ..link(6, Some(Role::Administrator), None) };
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_account(&account(1)).await?;
            tx.insert_account(&account(2)).await?;
            for link in links.iter().chain([&way_back, &first]) {
                tx.insert_link(link).await?;
            }
            Ok(())
        }).await;
        links.sort_by_key(|link| (link.valid_until, link.digest.to_string()));
        let page = async |after: (newsroom::moment::Moment, Option<Sha256>), limit: u32| {
            site.look(async |view: &mut View| view.invitations_after(after, limit).await).await
        };
        assert_eq!(page((second(0), None), 9).await, links);
        let (two, last) = (page((second(0), None), 2).await, &links[1]);
        assert_eq!(two, links[..2]);
        assert_eq!(page((last.valid_until, Some(last.digest)), 9).await, links[2..]);
        assert_eq!(page((second(10), None), 9).await, links[1..], "one that is over is none");
        assert_eq!(act(&site.store, async |tx: &mut Tx| tx.take_back_links_by(staff_id(1)).await).await, 3);
        let left = page((second(0), None), 9).await;
        assert!(left.iter().all(|link| link.made_by != Some(staff_id(1))) && left.len() == 2, "{left:?}");
        assert_eq!(site.look(async |view: &mut View| view.link(way_back.digest).await).await, None);
    }

    async fn a_token_that_was_taken_back_stays_in_its_owners_list(site) {
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_account(&account(1)).await?;
            tx.insert_token(&token(1)).await?;
            tx.insert_token(&token(2)).await?;
            tx.use_token(token(1).id, second(5)).await
        }).await;
        assert!(!act(&site.store, async |tx: &mut Tx| tx.end_token(staff_id(2), token(1).id, second(6)).await).await);
        assert!(act(&site.store, async |tx: &mut Tx| tx.end_token(staff_id(1), token(1).id, second(6)).await).await);
        assert!(!act(&site.store, async |tx: &mut Tx| tx.end_token(staff_id(1), token(1).id, second(7)).await).await);
        let found = site.look(async |view: &mut View| view.token(token(1).digest).await).await.unwrap();
        assert_eq!(found, Token { used_at: Some(second(5)), ended_at: Some(second(6)), ..token(1) });
        assert_eq!(act(&site.store, async |tx: &mut Tx| tx.end_tokens(staff_id(1), second(8)).await).await, 1);
        assert_eq!(site.look(async |view: &mut View| view.tokens_of(staff_id(1)).await).await.len(), 2);
    }

    async fn a_request_with_a_key_is_noted_once_and_keeps_its_answer(site) {
        let new = store::KeyedAnswer {
            key: Sha256::of(b"key"), request: Sha256::of(b"request"), staff: staff_id(1), began_at: second(5), answer: None,
        };
        act(&site.store, async |tx: &mut Tx| tx.insert_account(&account(1)).await).await;
        assert!(act(&site.store, async |tx: &mut Tx| tx.begin_answer(&new).await).await);
        assert!(!act(&site.store, async |tx: &mut Tx| tx.begin_answer(&new).await).await);
        let look = async || site.look(async |view: &mut View| view.keyed_answer(new.key).await).await;
        assert_eq!(look().await, Some(new.clone()));
        let answer = store::KeptAnswer { status: 201, location: Some("/here".to_owned()), etag: None, body: "{}".to_owned() };
        assert!(act(&site.store, async |tx: &mut Tx| tx.end_answer(new.key, &answer).await).await);
        assert!(!act(&site.store, async |tx: &mut Tx| tx.end_answer(new.key, &answer).await).await);
        assert_eq!(look().await.unwrap().answer, Some(answer));
        assert_eq!(act(&site.store, async |tx: &mut Tx| tx.forget_answers_before(second(5)).await).await, 0);
        assert_eq!(act(&site.store, async |tx: &mut Tx| tx.forget_answers_before(second(6)).await).await, 1);
        assert_eq!(look().await, None);
    }

    async fn a_photo_stays_with_whom_it_came_from_first(site) {
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_account(&account(1)).await?;
            tx.insert_account(&account(2)).await?;
            tx.insert_photo(&photo(1)).await?;
            tx.insert_story(&story(1), &BY).await?;
            tx.own_photo(photo_id(1), staff_id(1)).await?;
            tx.own_photo(photo_id(1), staff_id(2)).await?;
            tx.own_story(story_id(1), staff_id(2)).await
        }).await;
        let of_photo = site.look(async |view: &mut View| view.owner_of_photo(photo_id(1)).await).await;
        let of_story = site.look(async |view: &mut View| view.owner_of_story(story_id(1)).await).await;
        assert_eq!((of_photo, of_story), (Some(staff_id(1)), Some(staff_id(2))));
        assert_eq!(site.look(async |view: &mut View| view.owner_of_story(story_id(9)).await).await, None);
    }
}
