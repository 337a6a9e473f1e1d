//! Has a job that failed tried again.

use newsroom::refusal::Refusal;
use newsroom::staff::policy::Permission;
use store::Tx;

use super::audit::Deed;
use super::{Denied, Who, refuse};
use crate::app::App;

/// Has a failed job tried again now; `job` is what names it in the queue.
///
/// # Errors
/// A refusal where there is no failed job of this name; a fault of the store.
pub async fn retry_job(app: &App, who: &Who, job: &str) -> Result<(), Denied> {
    who.may(Permission::RetryJobs)?;
    let deed = Deed { who, at: app.now(), verb: "retry_job" };
    app.store()
        .act(async |tx: &mut Tx| {
            if !tx.retry_job(job, deed.at).await? {
                return refuse(Refusal::new("job_unknown", "No job of this name has failed.").field("job"));
            }
            deed.note(tx, "job", job.to_owned(), None, None).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)
}
