//! Tells administrators by mail what is wrong with the machine, and when it is good again.

use newsroom::staff::EmailAddress;
use store::{StoreError, Tx, View};

use super::audit::Deed;
use super::staff::Draft as MailDraft;
use super::{Denied, Who};
use crate::app::App;
use crate::jobs::About;
use crate::machine::{AlertState, Fact, Told, decide};

/// The name in the settings of what was told.
const SETTING: &str = "alerts.told";

/// Whom mails on the machine go to: those of the settings, else all administrators.
///
/// # Errors
/// A fault of the store.
pub async fn recipients(app: &App, view: &mut View) -> Result<Vec<EmailAddress>, StoreError> {
    let set = &app.config().alerts.to;
    if !set.is_empty() {
        return Ok(set.clone());
    }
    let mut all = Vec::new();
    for id in view.administrators().await? {
        all.extend(view.account(id).await?.map(|account| account.address));
    }
    Ok(all)
}

/// Tells what of these facts is to be told: of several processes that found the same, one does. Nobody is told anything, and
/// nothing is noted as told, where no mail server is set.
///
/// # Errors
/// A fault of the store.
pub async fn alert(app: &App, facts: &[Fact]) -> Result<(), Denied> {
    if app.config().mail.server.is_none() {
        return Ok(());
    }
    let (now, mail, who) = (app.now(), MailDraft::new(app), Who::watching());
    let link = format!("{}/desk/system", app.config().site.url.trim_end_matches('/'));
    let looked =
        app.store().view(async |view: &mut View| Ok::<_, StoreError>(decide(&kept(view).await?, facts, now)));
    // Nothing is written where nothing is to be told, which is nearly always.
    if looked.await?.1.is_empty() {
        return Ok(());
    }
    let deed = Deed { who: &who, at: now, verb: "alert" };
    app.store()
        .act(async |tx: &mut Tx| {
            let (state, told) = decide(&kept(tx).await?, facts, now);
            if told.is_empty() {
                return Ok(());
            }
            let to = recipients(app, tx).await?;
            if to.is_empty() {
                // Told to nobody is not told: the first administrator is still to learn of it.
                return Ok(());
            }
            tx.set_setting(SETTING, Some(&serde_json::to_string(&state).unwrap_or_default())).await?;
            for (number, address) in to.iter().enumerate() {
                mail.numbered(number).send(tx, address, letter(&told, &link)).await?;
            }
            note(tx, &deed, &told).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)
}

async fn kept(view: &mut View) -> Result<AlertState, StoreError> {
    let text = view.setting(SETTING).await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

fn letter(told: &Told, link: &str) -> About {
    let wrong = told.wrong.iter().map(|fact| match fact.advice {
        Some(advice) => format!("{} {advice}", fact.says),
        None => fact.says.clone(),
    });
    About::Machine {
        wrong: wrong.collect(),
        over: told.over.iter().map(|fact| fact.says.clone()).collect(),
        link: link.to_owned(),
    }
}

async fn note(tx: &mut Tx, deed: &Deed<'_>, told: &Told) -> Result<(), StoreError> {
    let all =
        told.wrong.iter().map(|fact| (fact, "wrong")).chain(told.over.iter().map(|fact| (fact, "good")));
    for (fact, state) in all {
        let after = serde_json::json!({ "state": state, "found": fact.says });
        deed.note(tx, "system", fact.topic.as_str().to_owned(), None, Some(after)).await?;
    }
    Ok(())
}
