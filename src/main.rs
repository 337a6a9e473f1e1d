//! Parses the arguments and calls one role.

use std::process::ExitCode;

use clap::Parser;
use halftone::cli::{self, Cli, Outcome};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers, not wrong use; clap knows which stream each belongs to.
            let code = if error.use_stderr() { Outcome::WrongUse.code() } else { Outcome::Done.code() };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    cli::run(cli)
}
