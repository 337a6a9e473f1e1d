//! Ctrl-C and SIGTERM: the work stops cleanly between two steps; the same command goes on where it stopped.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Becomes true at the first signal. A second one ends the process at once, as signals do.
pub fn listen() -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    // Taken before anything is said: who is told that the server listens may stop it the next moment.
    let signals = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    let (Ok(mut interrupt), Ok(mut terminate)) = signals else { return receiver };
    #[expect(clippy::disallowed_methods, reason = "the supervisor's own listener; it ends with the process")]
    drop(tokio::spawn(async move {
        for second in [false, true] {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if second {
                std::process::exit(130);
            }
            sender.send_replace(true);
        }
    }));
    receiver
}
