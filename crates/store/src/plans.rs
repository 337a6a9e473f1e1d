//! When a story goes out: its embargo, and the plan by which it is published without anybody there.

use newsroom::id::StoryId;
use newsroom::moment::Moment;
use newsroom::plan::{Embargo, Plan, PlanFailure};

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::statement::statements;
use crate::value::{Row, as_json, binds};

statements! { "plans";
    EMBARGO = "SELECT until, set_at, set_by FROM embargoes WHERE story = $1";
    SET_EMBARGO = "INSERT INTO embargoes (story, until, set_at, set_by) VALUES ($1, $2, $3, $4)
        ON CONFLICT (story) DO UPDATE SET until = excluded.until, set_at = excluded.set_at, set_by = excluded.set_by";
    LIFT_EMBARGO = "DELETE FROM embargoes WHERE story = $1";
    PLAN = "SELECT publish_at, planned_at, planned_by, how, failed_at, refusals FROM plans WHERE story = $1";
    PUT_PLAN = "INSERT INTO plans (story, publish_at, due_at, planned_at, planned_by, how, failed_at, refusals)
        VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL)
        ON CONFLICT (story) DO UPDATE SET publish_at = excluded.publish_at, due_at = excluded.due_at,
        planned_at = excluded.planned_at, planned_by = excluded.planned_by, how = excluded.how,
        failed_at = NULL, refusals = NULL";
    PUT_OFF = "UPDATE plans SET due_at = $2 WHERE story = $1 AND failed_at IS NULL";
    FAIL = "UPDATE plans SET due_at = NULL, failed_at = $2, refusals = $3 WHERE story = $1 AND failed_at IS NULL";
    TAKE = "DELETE FROM plans WHERE story = $1";
    BY_TIME = "SELECT story, due_at FROM plans WHERE due_at >= $1 ORDER BY due_at, story LIMIT $2";
    FAILED = "SELECT story, failed_at FROM plans WHERE due_at IS NULL AND failed_at IS NOT NULL ORDER BY story LIMIT $1";
}

impl View {
    /// The embargo of a story, also one that is over.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn embargo(&mut self, story: StoryId) -> Result<Option<Embargo>, StoreError> {
        let row = self.row(EMBARGO, binds![story]).await?;
        let embargo = |row: Row| {
            Ok(Embargo {
                until: row.moment("until")?,
                set_at: row.moment("set_at")?,
                set_by: row.text("set_by")?,
            })
        };
        row.map(embargo).transpose()
    }

    /// The plan of a story, also one whose time came in vain.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn plan(&mut self, story: StoryId) -> Result<Option<Plan>, StoreError> {
        self.row(PLAN, binds![story]).await?.map(|row| plan(&row)).transpose()
    }

    /// The stories whose time is to come, or has come, with that time: the earliest `limit`, the earliest first.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn plans_by_time(&mut self, limit: u32) -> Result<Vec<(StoryId, Moment)>, StoreError> {
        let rows = self.rows(BY_TIME, binds![Moment::from_micros(i64::MIN), limit]).await?;
        rows.iter().map(|row| Ok((row.id("story", StoryId::from_uuid)?, row.moment("due_at")?))).collect()
    }
}

impl View {
    /// The stories whose time came in vain, with that moment; at most `limit`.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn failed_plans(&mut self, limit: u32) -> Result<Vec<(StoryId, Moment)>, StoreError> {
        let rows = self.rows(FAILED, binds![limit]).await?;
        rows.iter().map(|row| Ok((row.id("story", StoryId::from_uuid)?, row.moment("failed_at")?))).collect()
    }
}

impl Tx {
    /// Puts a story under an embargo, in place of the one that it had.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn set_embargo(&mut self, story: StoryId, embargo: &Embargo) -> Result<(), StoreError> {
        let values = binds![story, embargo.until, embargo.set_at, embargo.set_by.as_str()];
        self.run(SET_EMBARGO, values).await?;
        self.put_off(story, Some(embargo)).await
    }

    /// Takes a story's embargo away. `false` when it had none.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn lift_embargo(&mut self, story: StoryId) -> Result<bool, StoreError> {
        let lifted = self.changes_any(LIFT_EMBARGO, binds![story]).await?;
        self.put_off(story, None).await?;
        Ok(lifted)
    }

    /// Keeps a plan in place of the one that the story had.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn put_plan(&mut self, story: StoryId, plan: &Plan) -> Result<(), StoreError> {
        let due = plan.due(self.embargo(story).await?.as_ref());
        let values = binds![
            story,
            plan.publish_at,
            due,
            plan.planned_at,
            plan.planned_by.as_str(),
            as_json(&plan.how)?
        ];
        self.run(PUT_PLAN, values).await.map(|_| ())
    }

    /// Notes that a plan's time came in vain. `false` when there is none, or that was noted before.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn fail_plan(&mut self, story: StoryId, failure: &PlanFailure) -> Result<bool, StoreError> {
        self.changes_any(FAIL, binds![story, failure.at, as_json(&failure.refusals)?]).await
    }

    /// Takes a plan away. `false` when there was none.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn take_plan(&mut self, story: StoryId) -> Result<bool, StoreError> {
        self.changes_any(TAKE, binds![story]).await
    }

    /// Moves a plan to where its own time and this embargo put it.
    async fn put_off(&mut self, story: StoryId, embargo: Option<&Embargo>) -> Result<(), StoreError> {
        let Some(plan) = self.plan(story).await? else { return Ok(()) };
        self.run(PUT_OFF, binds![story, plan.due(embargo)]).await.map(|_| ())
    }
}

fn plan(row: &Row) -> Result<Plan, StoreError> {
    let failed = match row.maybe_moment("failed_at")? {
        Some(at) => Some(PlanFailure { at, refusals: row.json("refusals")? }),
        None => None,
    };
    Ok(Plan {
        publish_at: row.moment("publish_at")?,
        planned_at: row.moment("planned_at")?,
        planned_by: row.text("planned_by")?,
        how: row.json("how")?,
        failed,
    })
}
