//! The server: workers that accept, each a thread with a runtime of its own, and a graceful end.
//!
//! Readers' answers are made on the worker; live routes run on the runtime that called [`Server::run`], so that a desk
//! page or an upload never holds up a reader, and an action that began is not dropped when its sender hangs up.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::pin::Pin;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use hyper::body::{Body as _, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, Uri, Version, header};
use hyper_util::rt::TokioTimer;
use ipnet::IpNet;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Handle};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};
use tokio::task::JoinSet;

use crate::answer::plain;
use crate::body::Body;
use crate::lane::{self, Left};
use crate::site::Site;
use crate::stall::Unstalled;
use crate::visitor::{ShortAddress, Visitor};

/// A worker pauses this long when the machine has no more sockets to give.
const NO_MORE_SOCKETS: Duration = Duration::from_millis(50);

/// Says what time it is.
pub type Clock = fn() -> SystemTime;

#[expect(
    clippy::disallowed_methods,
    reason = "Date is the time of the machine that answers (RFC 9110 section 6.6.1), and hyper's answers take it there too"
)]
fn machine_clock() -> SystemTime {
    SystemTime::now()
}

/// Takes a record of each answer.
pub type AccessLog = Box<dyn Fn(&RequestRecord<'_>) + Send + Sync>;

/// How the server treats connections.
pub struct ServerOptions {
    /// Threads that answer; at least one.
    pub workers: usize,
    /// Connections open at a time; more wait unaccepted.
    pub connections: usize,
    /// Time for the whole head of a request, counted from the end of the one before: also how long an idle connection
    /// is kept.
    pub head_timeout: Duration,
    /// Time that a reader may take nothing of an answer.
    pub stall_timeout: Duration,
    /// Bytes of a request's line and headers together; at least 8192.
    pub longest_head: usize,
    /// Time for answers in progress after the stop.
    pub drain: Duration,
    /// Networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// What time it is, for `Date`. The machine's own clock unless another is handed in.
    pub clock: Clock,
    /// Told of each answer when its head is made, on the thread that answers: it must not block. None costs nothing.
    pub access_log: Option<AccessLog>,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            workers: 1,
            connections: 10_000,
            head_timeout: Duration::from_secs(15),
            stall_timeout: Duration::from_secs(30),
            longest_head: 16 * 1024,
            drain: Duration::from_secs(10),
            trusted_proxies: Vec::new(),
            clock: machine_clock,
            access_log: None,
        }
    }
}

/// One answer, for the access log.
#[derive(Debug)]
pub struct RequestRecord<'r> {
    /// Of the request.
    pub method: &'r Method,
    /// Path and query as they came.
    pub uri: &'r Uri,
    /// Of the answer.
    pub status: u16,
    /// Length of the answer's body, where it is known beforehand.
    pub bytes: Option<u64>,
    /// Who asked, shortened.
    pub from: ShortAddress,
    /// From the request's head to the answer's.
    pub took: Duration,
    /// Who answered.
    pub source: Source,
}

/// Who answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The published tree.
    Tree,
    /// A live route.
    Live,
}

/// How a server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drained {
    /// Connections that had to be cut off because they were not done in time.
    pub cut: usize,
}

/// A live route's answer to come.
type Answering = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;

/// What all workers share.
pub(crate) struct Desk {
    pub site: Arc<Site>,
    pub options: ServerOptions,
    live: Box<dyn Fn(Request<Incoming>) -> Answering + Send + Sync>,
    home: Handle,
    places: Arc<Semaphore>,
}

/// A server with its address taken, not yet answering.
#[derive(Debug)]
pub struct Server {
    listener: StdListener,
    address: SocketAddr,
}

impl Server {
    /// Takes the address; port 0 lets the system choose. Readers who come from now on wait until [`Self::run`].
    ///
    /// # Errors
    /// The address is taken, or not this machine's.
    pub fn bind(address: SocketAddr) -> io::Result<Self> {
        let listener = StdListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// The address, with the port that the system chose.
    #[must_use]
    pub const fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` is done, then lets answers in progress end for at most [`ServerOptions::drain`]. What is
    /// not in the tree goes to `live`, with a [`Visitor`] in its extensions; `live` ends with [`Site::missing`].
    ///
    /// # Errors
    /// A thread or a runtime cannot be made.
    pub async fn run<L, F>(
        self,
        site: Arc<Site>,
        options: ServerOptions,
        live: L,
        stop: impl Future<Output = ()>,
    ) -> io::Result<Drained>
    where
        L: Fn(Request<Incoming>) -> F + Send + Sync + 'static,
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        let (stopping, stopped) = watch::channel(false);
        let workers = options.workers.max(1);
        let places = Arc::new(Semaphore::new(options.connections.clamp(1, Semaphore::MAX_PERMITS)));
        let live = Box::new(move |request| Box::pin(live(request)) as Answering);
        let desk = Arc::new(Desk { site, options, live, home: Handle::current(), places });
        let mut ends = Vec::with_capacity(workers);
        for number in 0..workers {
            let listener = self.listener.try_clone()?;
            ends.push(start_worker(number, listener, desk.clone(), stopped.clone())?);
        }
        drop(self.listener);
        stop.await;
        // Fails only where every worker is gone already.
        let _ = stopping.send(true);
        let mut cut = 0;
        for end in ends {
            cut += end.await.unwrap_or(0);
        }
        Ok(Drained { cut })
    }
}

fn start_worker(
    number: usize,
    listener: StdListener,
    desk: Arc<Desk>,
    stopped: watch::Receiver<bool>,
) -> io::Result<oneshot::Receiver<usize>> {
    let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
    let listener = {
        let _inside = runtime.enter();
        TcpListener::from_std(listener)?
    };
    let (ended, end) = oneshot::channel();
    thread::Builder::new().name(format!("serve-{number}")).spawn(move || {
        let cut = runtime.block_on(work(listener, desk, stopped));
        // Nobody waits where the server itself was dropped.
        let _ = ended.send(cut);
    })?;
    Ok(end)
}

/// Accepts until the stop, then drains; returns how many connections were cut off.
async fn work(listener: TcpListener, desk: Arc<Desk>, mut stopped: watch::Receiver<bool>) -> usize {
    let mut connections = JoinSet::new();
    loop {
        let (stream, peer, place) = tokio::select! {
            biased;
            () = told(&mut stopped) => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => continue,
            accepted = accept(&listener, &desk) => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    desk.site.let_go();
                    tokio::time::sleep(NO_MORE_SOCKETS).await;
                    continue;
                }
            },
        };
        connections.spawn(converse(stream, peer, place, desk.clone(), stopped.clone()));
    }
    drop(listener);
    let drained = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(desk.options.drain, drained).await.is_err() {
        let cut = connections.len();
        connections.shutdown().await;
        return cut;
    }
    0
}

/// Done when the stop is told, or nobody is left to tell it.
pub(crate) async fn told(stopped: &mut watch::Receiver<bool>) {
    // The guard that comes back must not live across an await.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// The next connection, once there is a place for it. May be dropped between polls without loss.
async fn accept(
    listener: &TcpListener,
    desk: &Desk,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = desk.places.clone().acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, place))
}

/// One connection from its first byte to its end.
async fn converse(
    mut stream: TcpStream,
    peer: SocketAddr,
    place: OwnedSemaphorePermit,
    desk: Arc<Desk>,
    stopped: watch::Receiver<bool>,
) {
    let seat = Seat::take(&desk, place);
    // Answers are written whole; waiting for more to send would only delay them.
    let _ = stream.set_nodelay(true);
    let sound = match lane::run(&mut stream, peer, &desk, stopped.clone()).await {
        Left::Closed => true,
        Left::Broken => false,
        Left::Begun(begun) => {
            let stream = Unstalled::new(stream, begun, desk.options.stall_timeout);
            converse_at_length(stream, peer, &desk, stopped).await
        }
    };
    if !sound {
        desk.site.meters().broken.add(1);
    }
    drop(seat);
}

/// A connection's place among those that may be open. It is given back however the connection ends, cut off or not.
struct Seat {
    desk: Arc<Desk>,
    _place: OwnedSemaphorePermit,
}

impl Seat {
    fn take(desk: &Arc<Desk>, place: OwnedSemaphorePermit) -> Self {
        desk.site.meters().accepted.add(1);
        desk.site.meters().open.add(1);
        Self { desk: Arc::clone(desk), _place: place }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.desk.site.meters().open.sub(1);
    }
}

/// A connection on which something else was asked than a plain read of the tree. Says whether it ended well.
async fn converse_at_length(
    stream: Unstalled,
    peer: SocketAddr,
    desk: &Desk,
    mut stopped: watch::Receiver<bool>,
) -> bool {
    let service = service_fn(async |request| Ok::<_, Infallible>(desk.answer(request, peer).await));
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(desk.options.head_timeout)
        .max_buf_size(desk.options.longest_head.max(8192));
    let mut connection = std::pin::pin!(http.serve_connection(stream, service));
    let ended = tokio::select! {
        // The stop first: an answer that ends now says that the connection ends with it.
        biased;
        () = told(&mut stopped) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
        ended = connection.as_mut() => ended,
    };
    ended.is_ok()
}

impl Desk {
    async fn answer(&self, request: Request<Incoming>, peer: SocketAddr) -> Response<Body> {
        let Some(log) = &self.options.access_log else {
            let (response, _) = self.give(request, peer).await;
            self.count(&response);
            return response;
        };
        let begun = Instant::now();
        let visitor = Visitor::of(peer, request.headers(), &self.options.trusted_proxies);
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let (response, source) = self.give(request, peer).await;
        self.count(&response);
        log(&RequestRecord {
            method: &method,
            uri: &uri,
            status: response.status().as_u16(),
            bytes: response.body().size_hint().exact(),
            from: visitor.short_address(),
            took: begun.elapsed(),
            source,
        });
        response
    }

    async fn give(&self, mut request: Request<Incoming>, peer: SocketAddr) -> (Response<Body>, Source) {
        if !names_its_host(&request) {
            let text = "The request must name its host, once.\n";
            return (plain(StatusCode::BAD_REQUEST, text), Source::Tree);
        }
        if let Some(response) = self.site.answer(&request).await {
            return (response, Source::Tree);
        }
        let visitor = Visitor::of(peer, request.headers(), &self.options.trusted_proxies);
        request.extensions_mut().insert(visitor);
        let answered = self.home.spawn((self.live)(request)).await;
        let response = answered.unwrap_or_else(|error| {
            tracing::error!(%error, "a live route broke off");
            plain(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong here. It has been noted.\n")
        });
        (response, Source::Live)
    }

    fn count(&self, response: &Response<Body>) {
        let bytes = response.body().size_hint().exact().unwrap_or(0);
        self.site.meters().answered(response.status().as_u16(), bytes);
    }
}

/// RFC 9112 section 3.2: HTTP/1.1 without `Host`, or with two, is answered with 400.
fn names_its_host(request: &Request<Incoming>) -> bool {
    let hosts = request.headers().get_all(header::HOST).iter().count();
    hosts == 1 || (hosts == 0 && request.version() < Version::HTTP_11)
}
