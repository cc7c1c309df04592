//! Real sockets: headers, bodies and idle connections that take too long, and the end of the instance.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use taizhang::{
    config::{Limits, Settings},
    web::serve,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};

use super::toy::{Toy, toy, toy_behind, until};

struct Served {
    toy: Toy,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

async fn served(change: impl FnOnce(&mut Limits)) -> Served {
    serving(toy(change)).await
}

async fn serving(toy: Toy) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let (router, app) = (toy.router(), toy.app.clone());
    let task = tokio::spawn(async move {
        serve(listener, router, &app, async {
            let _ = stopped.await;
        })
        .await
    });
    Served { toy, address, stop, task }
}

impl Served {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }
}

fn post(body: &str) -> String {
    format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer user-1\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Reads until a whole answer with a body is there.
async fn answer(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4_096];
    loop {
        let read = timeout(Duration::from_secs(5), stream.read(&mut buffer)).await.expect("an answer").unwrap();
        text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")?.parse::<usize>().ok());
            length.is_some_and(|length| body.len() >= length)
        });
        if whole || read == 0 {
            return text;
        }
    }
}

/// Waits until the other end closes and tells how long that took; what still comes is thrown away.
async fn closed(stream: &mut TcpStream) -> Duration {
    let began = Instant::now();
    let mut buffer = [0; 4_096];
    while !matches!(timeout(Duration::from_secs(5), stream.read(&mut buffer)).await.expect("closed"), Ok(0) | Err(_)) {}
    began.elapsed()
}

const SHORT: Duration = Duration::from_millis(150);
const LONG: Duration = Duration::from_millis(900);

#[tokio::test]
async fn a_header_that_does_not_come() {
    let s = served(|limits| (limits.header_timeout, limits.idle_timeout) = (SHORT, LONG)).await;
    let mut silent = s.connect().await;
    let took = closed(&mut silent).await;
    assert!(took >= SHORT - Duration::from_millis(20) && took < LONG, "{took:?}");

    // A byte now and then does not help.
    let mut slow = s.connect().await;
    let began = Instant::now();
    for byte in b"POST /graphql HTTP/1.1\r\nhost: example" {
        if slow.write_all(&[*byte]).await.is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        if began.elapsed() > LONG {
            break;
        }
    }
    closed(&mut slow).await;
    assert!(began.elapsed() < 2 * LONG, "{:?}", began.elapsed());
}

#[tokio::test]
async fn an_idle_connection() {
    let s = served(|limits| (limits.header_timeout, limits.idle_timeout) = (SHORT, LONG)).await;
    let mut stream = s.connect().await;
    for pause in [Duration::ZERO, 2 * SHORT] {
        // Between requests the longer time holds.
        tokio::time::sleep(pause).await;
        stream.write_all(post(r#"{"query":"{ ping }"}"#).as_bytes()).await.unwrap();
        assert!(answer(&mut stream).await.contains("pong"));
    }
    let took = closed(&mut stream).await;
    assert!(took >= LONG - Duration::from_millis(50) && took < 3 * LONG, "{took:?}");

    // Once a header has begun, the shorter one.
    let mut stream = s.connect().await;
    stream.write_all(post(r#"{"query":"{ ping }"}"#).as_bytes()).await.unwrap();
    answer(&mut stream).await;
    stream.write_all(b"POST /gra").await.unwrap();
    let took = closed(&mut stream).await;
    assert!(took < LONG, "{took:?}");
}

#[tokio::test]
async fn a_long_request_is_not_idle() {
    let s = served(|limits| (limits.header_timeout, limits.idle_timeout) = (SHORT, SHORT)).await;
    let mut stream = s.connect().await;
    stream.write_all(post(r#"{"query":"{ wait }"}"#).as_bytes()).await.unwrap();
    until(|| s.toy.entered() == 1).await;
    tokio::time::sleep(3 * SHORT).await;
    s.toy.open(1);
    assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_body_that_does_not_come() {
    let s = served(|limits| limits.body_timeout = SHORT).await;
    let mut stream = s.connect().await;
    let whole = post(r#"{"query":"{ ping }"}"#);
    stream.write_all(&whole.as_bytes()[..whole.len() - 3]).await.unwrap();
    let text = answer(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 408") && text.contains("BAD_REQUEST"), "{text}");
    closed(&mut stream).await;
    // In time, in two pieces.
    let mut stream = s.connect().await;
    let (start, end) = whole.split_at(whole.len() - 3);
    stream.write_all(start.as_bytes()).await.unwrap();
    tokio::time::sleep(SHORT / 3).await;
    stream.write_all(end.as_bytes()).await.unwrap();
    assert!(answer(&mut stream).await.contains("pong"));
}

#[tokio::test]
async fn a_body_without_a_token_is_not_read() {
    let s = served(|_| {}).await;
    let mut stream = s.connect().await;
    stream.write_all(b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 60000\r\n\r\n{").await.unwrap();
    assert!(answer(&mut stream).await.starts_with("HTTP/1.1 401"));
}

#[tokio::test]
async fn a_header_that_is_too_long() {
    let s = served(|limits| limits.header_bytes = 8 * 1024).await;
    for (filler, status) in [(7_000, "HTTP/1.1 200"), (9_000, "HTTP/1.1 431")] {
        let mut stream = s.connect().await;
        let text = format!("GET /livez HTTP/1.1\r\nhost: x\r\nx-filler: {}\r\n\r\n", "a".repeat(filler));
        let _ = stream.write_all(text.as_bytes()).await;
        let text = answer(&mut stream).await;
        assert!(text.starts_with(status), "{filler}: {text}");
    }
}

#[tokio::test]
async fn connections_are_bounded() {
    let s = served(|limits| limits.connections = 2).await;
    let get = b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n";
    let (mut first, mut second, mut third) = (s.connect().await, s.connect().await, s.connect().await);
    for stream in [&mut first, &mut second, &mut third] {
        stream.write_all(get).await.unwrap();
    }
    assert!(answer(&mut first).await.starts_with("HTTP/1.1 200"));
    assert!(answer(&mut second).await.starts_with("HTTP/1.1 200"));
    let mut byte = [0];
    assert!(timeout(SHORT, third.read(&mut byte)).await.is_err(), "the third waits");
    drop(first);
    assert!(answer(&mut third).await.starts_with("HTTP/1.1 200"));
}

/// A connection from another address of this machine.
async fn from(source: &str, to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{source}:0").parse().unwrap()).unwrap();
    socket.connect(to).await.unwrap()
}

#[tokio::test]
async fn an_address_has_its_share_of_the_connections() {
    let get = b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n";
    let s = served(|limits| limits.connections_per_address = 2).await;
    let (mut first, mut second) = (from("127.0.0.2", s.address).await, from("127.0.0.2", s.address).await);
    for stream in [&mut first, &mut second] {
        stream.write_all(get).await.unwrap();
        assert!(answer(stream).await.starts_with("HTTP/1.1 200"));
    }
    let mut third = from("127.0.0.2", s.address).await;
    assert!(closed(&mut third).await < LONG);
    let mut other = from("127.0.0.3", s.address).await;
    other.write_all(get).await.unwrap();
    assert!(answer(&mut other).await.starts_with("HTTP/1.1 200"), "others have their own");
    drop(first);
    // Its place is free when the server has seen the end.
    let mut again = None;
    for _ in 0..100 {
        let mut stream = from("127.0.0.2", s.address).await;
        let _ = stream.write_all(get).await;
        if answer_or_end(&mut stream).await.starts_with("HTTP/1.1 200") {
            again = Some(stream);
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(again.is_some(), "what is given back can be taken");

    // Behind a proxy there are many.
    let flags = HashMap::from([("trusted-proxies".to_owned(), "127.0.0.2".to_owned())]);
    let proxies = Settings::resolve(&flags, &|_| None).unwrap().trusted_proxies;
    let s = serving(toy_behind(proxies, |limits| limits.connections_per_address = 1)).await;
    let mut streams = Vec::new();
    for _ in 0..5 {
        let mut stream = from("127.0.0.2", s.address).await;
        stream.write_all(get).await.unwrap();
        assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200"));
        streams.push(stream);
    }
}

async fn answer_or_end(stream: &mut TcpStream) -> String {
    let mut buffer = [0; 4_096];
    let read = timeout(Duration::from_secs(5), stream.read(&mut buffer)).await.expect("an answer or the end");
    String::from_utf8_lossy(&buffer[..read.unwrap_or(0)]).into_owned()
}

/// Takes a little of an endless answer now and then, for at most so long; whether the other end is still there.
async fn takes(s: &Served, bytes: usize, pause: Duration, at_most: Duration) -> bool {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut stream = socket.connect(s.address).await.unwrap();
    let get = b"GET /files/file_1 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer user-1\r\n\r\n";
    stream.write_all(get).await.unwrap();
    let (began, mut buffer) = (Instant::now(), vec![0; bytes]);
    while began.elapsed() < at_most {
        match timeout(Duration::from_secs(5), stream.read(&mut buffer)).await.expect("something") {
            Ok(0) | Err(_) => return false,
            Ok(_) => tokio::time::sleep(pause).await,
        }
    }
    true
}

#[tokio::test]
async fn whoever_takes_his_answer_by_the_drop_is_cut_off() {
    let change = |limits: &mut Limits| (limits.idle_timeout, limits.least_rate) = (SHORT, 1_000_000);
    let s = served(change).await;
    // What the system keeps for him in its buffers is taken at once and comes first.
    assert!(!takes(&s, 1_024, Duration::from_millis(2), Duration::from_secs(20)).await, "half a megabyte a second");
    let s = served(change).await;
    assert!(takes(&s, 256 * 1_024, Duration::from_millis(10), 10 * SHORT).await, "some twenty a second");
}

#[tokio::test]
async fn the_killers_leave_their_neighbour_alone() {
    let s = served(|_| {}).await;
    let killer = post(&format!(r#"{{"query":"{{ lists(value: {}{}) }}"}}"#, "[".repeat(1_500), "]".repeat(1_500)));
    for _ in 0..20 {
        let mut bad = s.connect().await;
        bad.write_all(killer.as_bytes()).await.unwrap();
        let mut good = s.connect().await;
        let began = Instant::now();
        good.write_all(post(r#"{"query":"{ ping }"}"#).as_bytes()).await.unwrap();
        assert!(answer(&mut good).await.contains("pong"));
        assert!(began.elapsed() < Duration::from_secs(1));
        assert!(answer(&mut bad).await.starts_with("HTTP/1.1 400"));
    }
}

#[tokio::test]
async fn the_end() {
    let s = served(|limits| limits.lame_duck = Duration::from_millis(300)).await;
    let mut running = s.connect().await;
    running.write_all(post(r#"{"query":"{ wait }"}"#).as_bytes()).await.unwrap();
    // A mutation whose client is gone is waited for as well.
    let mut gone = s.connect().await;
    gone.write_all(post(r#"{"query":"mutation { addSlowly }"}"#).as_bytes()).await.unwrap();
    until(|| s.toy.entered() == 2).await;
    drop(gone);
    let mut idle = s.connect().await;
    s.stop.send(()).unwrap();
    until(|| s.toy.app.lifecycle().is_draining()).await;
    let mut late = TcpStream::connect(s.address).await.expect("accepted while a balancer still has to notice");
    late.write_all(b"GET /readyz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    assert!(answer(&mut late).await.starts_with("HTTP/1.1 503"));

    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(TcpStream::connect(s.address).await.is_err(), "nobody listens any more");
    closed(&mut idle).await;
    assert!(!s.task.is_finished(), "the running ones are waited for");
    s.toy.open(1);
    let first = tokio::select! {
        text = answer(&mut running) => Some(text),
        () = until(|| s.toy.shared.finished.load(Ordering::SeqCst) == 1) => None,
    };
    s.toy.open(1);
    let text = match first {
        Some(text) => text,
        None => answer(&mut running).await,
    };
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    timeout(Duration::from_secs(2), s.task).await.expect("ends").unwrap().unwrap();
    assert_eq!(s.toy.shared.finished.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn who_is_let_in_is_answered() {
    let s = served(|limits| (limits.lame_duck, limits.header_timeout) = (SHORT, 4 * LONG)).await;
    let (mut kept, mut fresh, mut begun) = (s.connect().await, s.connect().await, s.connect().await);
    let ping = post(r#"{"query":"{ ping }"}"#);
    let (start, rest) = ping.split_at(9);
    begun.write_all(start.as_bytes()).await.unwrap();
    kept.write_all(ping.as_bytes()).await.unwrap();
    assert!(!answer(&mut kept).await.contains("connection: close"));
    s.stop.send(()).unwrap();
    until(|| s.toy.app.lifecycle().is_draining()).await;
    // Whoever keeps a connection is told with his answer that it was the last one.
    kept.write_all(ping.as_bytes()).await.unwrap();
    let text = answer(&mut kept).await;
    assert!(text.starts_with("HTTP/1.1 200") && text.contains("connection: close"), "{text}");
    tokio::time::sleep(2 * SHORT).await;
    assert!(TcpStream::connect(s.address).await.is_err(), "nobody listens any more");
    // Let in before, and only now asking.
    fresh.write_all(ping.as_bytes()).await.unwrap();
    begun.write_all(rest.as_bytes()).await.unwrap();
    for stream in [&mut fresh, &mut begun] {
        let text = answer(stream).await;
        assert!(text.starts_with("HTTP/1.1 200") && text.contains("pong"), "{text}");
        closed(stream).await;
    }
    timeout(Duration::from_secs(5), s.task).await.expect("ends").unwrap().unwrap();
}

#[tokio::test]
async fn the_end_does_not_wait_for_ever() {
    let s = served(|limits| (limits.lame_duck, limits.drain) = (SHORT, LONG)).await;
    let mut running = s.connect().await;
    running.write_all(post(r#"{"query":"mutation { addSlowly }"}"#).as_bytes()).await.unwrap();
    until(|| s.toy.entered() == 1).await;
    let began = Instant::now();
    s.stop.send(()).unwrap();
    timeout(Duration::from_secs(5), s.task).await.expect("ends").unwrap().unwrap();
    assert!(began.elapsed() < SHORT + 2 * LONG, "{:?}", began.elapsed());
    assert!(Limits::default().drain + Limits::default().lame_duck < Duration::from_secs(10));
}
