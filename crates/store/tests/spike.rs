use newsroom::moment::Moment;
use newsroom::refusal::Refusal;
use store::*;

fn is_send<T: Send>(t: T) -> T { t }

struct App { store: Store }
impl App {
    async fn publish(&self, name: &str, list: &[String]) -> Result<i64, ActError<Vec<Refusal>>> {
        self.store.act(async |tx| {
            tx.set_setting(name, Some("1")).await?;
            for l in list { tx.set_setting(l, Some("2")).await?; }
            if name == "no" { return Err(ActError::Refused(vec![Refusal::new("no", "no")])); }
            Ok(tx.next_change().await?)
        }).await
    }
    async fn look(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.store.view(async |v| v.setting(name).await).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn spike() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&Database::Sqlite { path: dir.path().join("a.sqlite") }, Moment::from_micros(1)).await.unwrap();
    let app = std::sync::Arc::new(App { store });
    let a = app.clone();
    let t = tokio::task::spawn(is_send(async move { a.publish("x", &["y".to_owned()]).await }));
    assert_eq!(t.await.unwrap().unwrap(), 1);
    let a = app.clone();
    let t = tokio::task::spawn(async move { a.look("x").await });
    assert_eq!(t.await.unwrap().unwrap().as_deref(), Some("1"));
    assert!(matches!(app.publish("no", &[]).await, Err(ActError::Refused(_))));
    assert_eq!(app.look("no").await.unwrap(), None);
    assert_eq!(app.store.current_change().await.unwrap(), 1);
    app.store.close().await;
    assert!(matches!(app.publish("no", &[]).await, Err(ActError::Fault(StoreError::Unavailable(_)))));
}
