//! A program, or a person's browser, that asks the API.

use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::site::{Answer, Serving, TestSite, parse};

/// Somebody who asks: by a token, by a cookie, or as a stranger.
#[derive(Debug, Clone)]
pub struct Client {
    address: String,
    headers: Vec<(String, String)>,
}

/// A password that is good enough.
pub const PASSWORD: &str = "a long sentence is good";

impl Client {
    /// A stranger.
    pub fn stranger(serving: &Serving) -> Self {
        Self { address: serving.address.clone(), headers: Vec::new() }
    }

    /// The same with one more header.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut more = self.clone();
        more.headers.push((name.to_owned(), value.to_owned()));
        more
    }

    /// A program with a token of this account, made on the machine.
    pub fn with_token(site: &TestSite, serving: &Serving, address: &str, scopes: &[&str]) -> Self {
        let scopes: Vec<&str> = scopes.iter().flat_map(|scope| ["--scope", scope]).collect();
        let made = site
            .json(&[&["staff", "token", address, "--name", "test"], scopes.as_slice()].concat())
            .ends_with(0);
        let token = made.object("token")["token"].as_str().unwrap().to_owned();
        Self::stranger(serving).with("Authorization", &format!("Bearer {token}"))
    }

    /// A person who has followed a link and is signed in; their browser says where a request comes from.
    #[track_caller]
    pub fn following(serving: &Serving, link: &str, body: &Value) -> Self {
        let secret = link.split("link=").nth(1).unwrap();
        let mut body = body.clone();
        body["link"] = Value::String(secret.to_owned());
        let answer = Self::stranger(serving).post("/links", &body);
        assert_eq!(answer.status, 200, "{}", answer.text());
        Self::stranger(serving).signed_in(&answer)
    }

    /// A browser that got a session with this answer.
    #[track_caller]
    pub fn signed_in(&self, answer: &Answer) -> Self {
        let cookie = answer.header("set-cookie").expect("a cookie").split(';').next().unwrap().to_owned();
        self.with("Cookie", &cookie).with("Sec-Fetch-Site", "same-origin")
    }

    /// The same at another process.
    pub fn at(&self, serving: &Serving) -> Self {
        Self { address: serving.address.clone(), ..self.clone() }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None)
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, Some(body))
    }

    pub fn patch(&self, path: &str, body: &Value) -> Answer {
        self.ask("PATCH", path, Some(body))
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path, None)
    }

    /// A request below the API's root, with a JSON body or none.
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        match body {
            Some(body) => {
                self.with("Content-Type", "application/json").send(method, path, body.to_string().as_bytes())
            }
            None => self.send(method, path, b""),
        }
    }

    /// Listens to what happens, until this goes.
    pub fn listen(&self, path: &str) -> Listening {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let lines: String = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        write!(stream, "GET /api/v1{path} HTTP/1.1\r\nHost: {}\r\n{lines}\r\n", self.address).unwrap();
        let mut lines = BufReader::new(stream).lines();
        let status = lines.next().unwrap().unwrap();
        assert!(status.starts_with("HTTP/1.1 200"), "{status}");
        // The first line that is meant comes once the listening has begun.
        let began = lines.by_ref().map(Result::unwrap).find(|line| line.starts_with("retry:"));
        assert!(began.is_some());
        Listening(lines)
    }

    /// A page of the desk, asked for or sent a form.
    pub fn desk(&self, path: &str, form: Option<&str>) -> Answer {
        match form {
            Some(form) => {
                let sends = self.with("Content-Type", "application/x-www-form-urlencoded");
                sends.talk("POST", path, form.as_bytes())
            }
            None => self.talk("GET", path, b""),
        }
    }

    /// A form of another kind, sent to a page of the desk.
    pub fn desk_with(&self, path: &str, body: &[u8]) -> Answer {
        self.talk("POST", path, body)
    }

    /// A request below the API's root with these bytes.
    pub fn send(&self, method: &str, path: &str, body: &[u8]) -> Answer {
        self.talk(method, &format!("/api/v1{path}"), body)
    }

    fn talk(&self, method: &str, path: &str, body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let lines: String = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let length = if body.is_empty() && method == "GET" {
            String::new()
        } else {
            format!("Content-Length: {}\r\n", body.len())
        };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{length}{lines}\r\n",
            self.address
        );
        stream.write_all(head.as_bytes()).unwrap();
        // A server that refuses early does not read all of it.
        let _ = stream.write_all(body);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        parse(&bytes)
    }
}

/// Somebody who listens to what happens.
pub struct Listening(Lines<BufReader<TcpStream>>);

impl Listening {
    /// The next event: its id, its name and its data.
    pub fn next_event(&mut self) -> Value {
        let mut event = serde_json::Map::new();
        for line in self.0.by_ref().map(Result::unwrap) {
            match line.split_once(": ") {
                Some(("data", data)) => {
                    event.insert("data".to_owned(), serde_json::from_str(data).unwrap());
                    return Value::Object(event);
                }
                Some((field @ ("id" | "event"), text)) => {
                    event.insert(field.to_owned(), Value::String(text.to_owned()));
                }
                _ => {}
            }
        }
        panic!("the events ended");
    }

    /// The next event of this name.
    pub fn until(&mut self, name: &str) -> Value {
        loop {
            let event = self.next_event();
            if event["event"] == name {
                return event;
            }
        }
    }
}

impl Answer {
    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text()))
    }

    /// Demands a status, and shows all that was said when it is another.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// Demands a problem of this status and code.
    #[track_caller]
    pub fn refuses(self, status: u16, code: &str) -> Self {
        let told = self.clone().is(status).json();
        assert_eq!(
            (told["code"].as_str(), told["status"].as_u64()),
            (Some(code), Some(u64::from(status))),
            "{told}"
        );
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        self
    }
}

/// A serving process that can make changes.
pub fn ready(site: &TestSite) -> Serving {
    let serving = site.serve();
    serving.get_until("/readyz", |answer| answer.status == 200);
    serving
}

/// An account made on the machine, with its owner signed in.
#[track_caller]
pub fn person(site: &TestSite, serving: &Serving, name: &str, role: &str) -> Client {
    let address = format!("{name}@house.example");
    let invited = site.json(&["staff", "invite", &address, "--role", role]).ends_with(0);
    let link = invited.object("link")["link"].as_str().unwrap().to_owned();
    Client::following(serving, &link, &serde_json::json!({ "name": name, "password": PASSWORD }))
}
