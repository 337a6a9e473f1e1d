//! The command line: each command is a thin layer that reads arguments, calls actions and says what came of it.

mod args;
mod export;
mod ingest;
mod inspect;
mod move_house;
mod nodes;
mod notice;
mod operate;
mod photos;
mod progress;
mod publish;
mod push;
mod report;
mod revisions;
mod serve;
mod session;
mod similar;
mod site;
mod staff;
mod stopping;
mod story;
mod work;

use std::process::ExitCode;

use crate::config::Place;
pub use args::Cli;
use args::{Command, ImportCommand, StoryCommand};
pub use report::Outcome;
use report::Report;
use session::{Ended, Session};

/// Runs one command to its end.
pub fn run(cli: Cli) -> ExitCode {
    if matches!(cli.command, Command::Worker) {
        return darkroom::worker::run_child();
    }
    let report = Report::new(&cli);
    let outcome = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(dispatch(&cli, report)),
        Err(error) => Err(Ended::machine("the process cannot start its threads", error)),
    };
    let outcome = outcome.unwrap_or_else(|ended| ended.tell(report));
    ExitCode::from(outcome.code())
}

async fn dispatch(cli: &Cli, report: Report) -> Result<Outcome, Ended> {
    let place = &Place { data: cli.data.clone(), database: cli.database.clone(), blobs: cli.blobs.clone() };
    match &cli.command {
        Command::Inspect(args) => inspect::run(place, args, report).await,
        Command::Push(args) => push::run(args, report).await,
        Command::Doctor(args) => operate::doctor(place, args, report).await,
        Command::Restore(args) => operate::restore(place, &args.folder, report).await,
        Command::Serve(args) => serve::run(place, args, report).await,
        Command::Work => work::run(place, report).await,
        Command::Migrate => operate::migrate(place, report).await,
        Command::Export(args) => export::run(place, &args.folder, report).await,
        Command::Move(args) => move_house::run(place, args, report).await,
        Command::Worker => Ok(Outcome::Done),
        other => {
            let session = Session::open(place, report).await?;
            let outcome = with_session(other, &session).await;
            session.close().await;
            outcome
        }
    }
}

async fn with_session(command: &Command, session: &Session) -> Result<Outcome, Ended> {
    match command {
        Command::Ingest(args) => ingest::run(session, args).await,
        Command::Story(StoryCommand::Get { story, revision }) => story::get(session, story, *revision).await,
        Command::Story(StoryCommand::Put { story, file }) => {
            story::put(session, story, file.as_deref()).await
        }
        Command::Check { story } | Command::Story(StoryCommand::Check { story }) => {
            story::check(session, story).await
        }
        Command::Story(StoryCommand::Revisions { story }) => revisions::list(session, story).await,
        Command::Story(StoryCommand::Restore { story, revision }) => {
            revisions::restore(session, story, *revision).await
        }
        Command::Stories => story::list(session).await,
        Command::Publish(args) => publish::run(session, args).await,
        Command::Withdraw(args) => publish::withdraw(session, args).await,
        Command::Clear(args) => publish::clear(session, args).await,
        Command::Import(ImportCommand::Capture { file }) => story::import_capture(session, file).await,
        Command::Photos(args) => photos::run(session, args).await,
        Command::Similar(args) => similar::run(session, args).await,
        Command::Notice(command) => notice::run(session, command).await,
        Command::Staff(command) => staff::run(session, command).await,
        Command::Site(command) => site::run(session, command).await,
        Command::Nodes => nodes::run(session).await,
        Command::Reprint(args) => operate::reprint(session, args).await,
        Command::Backup(args) => operate::backup(session, &args.folder).await,
        Command::Inspect(_)
        | Command::Push(_)
        | Command::Doctor(_)
        | Command::Restore(_)
        | Command::Serve(_)
        | Command::Work
        | Command::Migrate
        | Command::Export(_)
        | Command::Move(_)
        | Command::Worker => Ok(Outcome::Done),
    }
}
