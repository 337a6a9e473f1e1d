//! Encodes the files of one photo, the dearest first, by one thread or by two.

use std::sync::{Arc, Mutex, PoisonError, mpsc};

use crate::develop::Rendition;
use crate::fault::InputFault;
use crate::pixels::Srgb;
use crate::recipe::Encoding;
use crate::steps::encode;

/// One file that is to be made.
pub(crate) struct Order {
    /// Place of its recipe in what was asked for.
    pub recipe: usize,
    /// Place of its size in the set.
    pub place: usize,
    /// The picture at its size.
    pub picture: Arc<Srgb>,
    /// What is made of it.
    pub encoding: Encoding,
}

impl Order {
    /// How long it takes, in pixels of a JPEG.
    fn weight(&self) -> u64 {
        let pixels = u64::from(self.picture.width) * u64::from(self.picture.height);
        match self.encoding {
            Encoding::Jpeg { .. } => pixels,
            Encoding::Avif { .. } => pixels * 4,
        }
    }
}

/// A file that was made, and what for.
pub(crate) struct Encoded {
    /// Place of its recipe in what was asked for.
    pub recipe: usize,
    /// Place of its size in the set.
    pub place: usize,
    /// The file.
    pub rendition: Rendition,
}

/// Makes the files of `first` while `make` prepares the others on this thread; then both threads make those. Gives what
/// `make` gives beside its orders. With `abreast` false, or where the machine has no thread to give, this thread does
/// all of it, one file after the other.
pub(crate) fn encode_all<T>(
    first: Vec<Order>,
    abreast: bool,
    make: impl FnOnce() -> Result<(T, Vec<Order>), InputFault>,
) -> Result<(T, Vec<Encoded>), InputFault> {
    let (sender, receiver) = mpsc::channel();
    let queue = Mutex::new(receiver);
    let send = move |mut orders: Vec<Order>| {
        orders.sort_by_key(|order| std::cmp::Reverse(order.weight()));
        // Fails only when the receiver is gone, which outlives this function's threads.
        orders.into_iter().for_each(|order| drop(sender.send(order)));
    };
    send(first);
    std::thread::scope(|scope| {
        let beside = abreast.then(|| std::thread::Builder::new().spawn_scoped(scope, || work(&queue)));
        let made = make().map(|(made, orders)| {
            send(orders);
            made
        });
        drop(send);
        let mine = if made.is_ok() { work(&queue) } else { Ok(Vec::new()) };
        let theirs = match beside {
            Some(Ok(beside)) => beside.join().unwrap_or_else(|_| Err(encode::gave_up()))?,
            _ => Vec::new(),
        };
        Ok((made?, mine?.into_iter().chain(theirs).collect()))
    })
}

/// Takes orders until there are none and none will come.
fn work(queue: &Mutex<mpsc::Receiver<Order>>) -> Result<Vec<Encoded>, InputFault> {
    let mut encoded = Vec::new();
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Order { recipe, place, picture, encoding }) = next else { return Ok(encoded) };
        let bytes = encode::encode(&picture, encoding)?;
        let rendition = Rendition { width: picture.width, height: picture.height, bytes };
        encoded.push(Encoded { recipe, place, rendition });
    }
}
