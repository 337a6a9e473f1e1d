//! The worker by itself, for this crate's tests and for fuzzing: the same child as `halftone worker`.

fn main() -> std::process::ExitCode {
    darkroom::worker::run_child()
}
