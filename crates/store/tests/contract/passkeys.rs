//! Passkeys, and ceremonies under way.

use newsroom::id::PasskeyId;
use store::{Ceremony, Passkey, Sha256, Tx, View};

use crate::samples::act;
use crate::site::{on_both, second};
use crate::staff::{account, staff_id};

pub fn passkey(number: u8, staff: u8) -> Passkey {
    Passkey {
        id: PasskeyId::new(second(i64::from(number)), [number; 10]),
        staff: staff_id(staff),
        credential: format!("c0ffee{number}"),
        name: format!("Phone {number}"),
        key: "{\"counter\":1}".to_owned(),
        made_at: second(i64::from(number)),
        used_at: None,
    }
}

pub fn ceremony(number: u8) -> Ceremony {
    Ceremony {
        digest: Sha256::of(&[number]),
        staff: None,
        state: "{}".to_owned(),
        valid_until: second(i64::from(number)),
    }
}

on_both! {
    async fn a_passkey_is_found_by_its_credential_and_in_its_owners_list_alone(site) {
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_account(&account(1)).await?;
            tx.insert_account(&account(2)).await?;
            for (number, staff) in [(2, 1), (1, 1), (3, 2)] {
                tx.insert_passkey(&passkey(number, staff)).await?;
            }
            Ok(())
        }).await;
        let same = Passkey { credential: "c0ffee1".to_owned(), ..passkey(9, 2) };
        assert!(!act(&site.store, async |tx: &mut Tx| tx.insert_passkey(&same).await).await);
        let found = site.look(async |view: &mut View| view.passkey("c0ffee1").await).await;
        assert_eq!(found, Some(passkey(1, 1)));
        let of = async |staff| site.look(async |view: &mut View| view.passkeys_of(staff_id(staff)).await).await;
        assert_eq!((of(1).await, of(2).await), (vec![passkey(1, 1), passkey(2, 1)], vec![passkey(3, 2)]));
        let id = passkey(1, 1).id;
        assert!(!act(&site.store, async |tx: &mut Tx| tx.rename_passkey(staff_id(2), id, "Mine").await).await);
        assert!(!act(&site.store, async |tx: &mut Tx| tx.remove_passkey(staff_id(2), id).await).await);
        assert!(act(&site.store, async |tx: &mut Tx| tx.rename_passkey(staff_id(1), id, "Key").await).await);
        assert_eq!(of(1).await[0].name, "Key");
        assert!(act(&site.store, async |tx: &mut Tx| tx.remove_passkey(staff_id(1), id).await).await);
        assert_eq!(act(&site.store, async |tx: &mut Tx| tx.remove_passkeys(staff_id(1)).await).await, 1);
        assert_eq!((of(1).await.len(), of(2).await.len()), (0, 1));
    }

    async fn of_two_uses_that_read_the_same_counter_one_counts(site) {
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_account(&account(1)).await?;
            tx.insert_passkey(&passkey(1, 1)).await
        }).await;
        let read = passkey(1, 1);
        let used = async |key: &str, at| act(&site.store, async |tx: &mut Tx| tx.use_passkey(&read, key, second(at)).await).await;
        assert!(used("{\"counter\":2}", 5).await);
        assert!(!used("{\"counter\":2}", 6).await, "read before the first");
        let found = site.look(async |view: &mut View| view.passkey("c0ffee1").await).await.unwrap();
        assert_eq!((found.key.as_str(), found.used_at), ("{\"counter\":2}", Some(second(5))));
    }

    async fn a_ceremony_is_taken_once_and_what_is_over_is_forgotten(site) {
        act(&site.store, async |tx: &mut Tx| tx.insert_account(&account(1)).await).await;
        let of_somebody = Ceremony { staff: Some(staff_id(1)), ..ceremony(9) };
        act(&site.store, async |tx: &mut Tx| {
            tx.begin_ceremony(&ceremony(1)).await?;
            tx.begin_ceremony(&ceremony(5)).await?;
            tx.begin_ceremony(&of_somebody).await
        }).await;
        let take = async |number: u8| act(&site.store, async |tx: &mut Tx| tx.take_ceremony(Sha256::of(&[number])).await).await;
        assert_eq!(take(9).await, Some(of_somebody.clone()));
        assert_eq!(take(9).await, None);
        assert_eq!(act(&site.store, async |tx: &mut Tx| tx.forget_ceremonies_before(second(4)).await).await, 1);
        assert_eq!((take(1).await, take(5).await), (None, Some(ceremony(5))));
    }
}
