//! Asking a server for something, as a browser would.
//!
//! In the words of HTTP/1.0, in which an answer ends when the connection does: so what was received is the answer and nothing but
//! the answer, without the marks of a transfer in chunks, and compressed as it was sent.

use crate::{Told, told};
use std::net::SocketAddr;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

/// An answer.
pub struct Answer {
    head: String,
    /// Its content, as sent.
    pub body: Vec<u8>,
}

impl Answer {
    /// The status.
    pub fn status(&self) -> u16 {
        self.head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
    }

    /// The first header of that name, which is written in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

/// Asks for a page or a file; any other answer than 200 is an error. `headers` are whole lines, each with its end.
pub async fn get(address: SocketAddr, path: &str, headers: &str) -> Told<Answer> {
    let answer = ask(address, &format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n{headers}\r\n")).await?;
    match answer.status() {
        200 => Ok(answer),
        other => Err(format!("{path} was answered with {other} and not with 200.")),
    }
}

/// Signs in by the form of the page `/sign-in`; returns the line that makes a request the member's.
pub async fn sign_in(address: SocketAddr, name: &str, password: &str) -> Told<String> {
    let page = get(address, "/sign-in", "").await?;
    let page = String::from_utf8_lossy(&page.body).into_owned();
    let form =
        page.split("<form").find(|form| form.contains("name=\"password\"")).ok_or("The page /sign-in has no form for signing in.")?;
    let action = attribute(form, "action").ok_or("The form for signing in doesn't say where it is sent.")?;
    let body =
        form_urlencoded::Serializer::new(String::new()).extend_pairs([("next", "/"), ("name", name), ("password", password)]).finish();
    let length = body.len();
    let answer = ask(
        address,
        &format!(
            "POST {action} HTTP/1.0\r\nHost: {address}\r\nOrigin: http://{address}\r\nAccept: text/html\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
        ),
    )
    .await?;
    match answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()) {
        Some(cookie) if answer.status() < 400 && !cookie.ends_with('=') => Ok(format!("Cookie: {cookie}\r\n")),
        _ => Err(format!("Signing in as {name} was answered with {} and without a cookie.", answer.status())),
    }
}

/// Sends something as the client would; any other answer than 200 is an error.
pub async fn post(address: SocketAddr, path: &str, headers: &str, kind: &str, body: &[u8]) -> Told<()> {
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.0\r\nHost: {address}\r\nOrigin: http://{address}\r\nAccept: application/json\r\n\
         Content-Type: {kind}\r\nContent-Length: {length}\r\n{headers}\r\n"
    );
    let answer = send(address, &[head.as_bytes(), body].concat()).await?;
    match answer.status() {
        200 => Ok(()),
        other => Err(format!("{path} was answered with {other} and not with 200: {}", String::from_utf8_lossy(&answer.body))),
    }
}

/// The value of an attribute at its first appearance in some markup.
pub fn attribute<'a>(markup: &'a str, name: &str) -> Option<&'a str> {
    let (_, from) = markup.split_once(&format!(" {name}=\""))?;
    from.split('"').next()
}

async fn ask(address: SocketAddr, request: &str) -> Told<Answer> {
    send(address, request.as_bytes()).await
}

async fn send(address: SocketAddr, request: &[u8]) -> Told<Answer> {
    let asked = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(request).await?;
        let mut received = Vec::new();
        stream.read_to_end(&mut received).await.map(|_| received)
    };
    let received = asked.await.map_err(told("The server can't be asked"))?;
    let end = received.windows(4).position(|bytes| bytes == b"\r\n\r\n").ok_or("The server's answer has no head.")?;
    Ok(Answer { head: String::from_utf8_lossy(&received[..end]).into_owned(), body: received[end + 4..].to_vec() })
}

/// A connection that is kept, as a browser keeps one while a page is open: a request on it opens none.
pub struct Kept(BufReader<TcpStream>);

impl Kept {
    /// Opens one.
    pub async fn open(address: SocketAddr) -> Told<Self> {
        TcpStream::connect(address).await.map(|stream| Self(BufReader::new(stream))).map_err(told("The server can't be asked"))
    }

    /// Asks for something, compressed if the server likes, and returns it as text; any other answer than 200 is an error.
    pub async fn get(&mut self, path: &str, headers: &str) -> Told<String> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: porchlight\r\nAccept-Encoding: br\r\n{headers}\r\n");
        let (head, body) = self.ask(&request).await.map_err(told("The server can't be asked"))?;
        if !head.starts_with("http/1.1 200") {
            return Err(format!("{path} was answered with {head} and not with 200."));
        }
        let mut text = Vec::new();
        if head.contains("content-encoding: br") {
            brotli::BrotliDecompress(&mut body.as_slice(), &mut text).map_err(told("The answer can't be read"))?;
        } else {
            text = body;
        }
        String::from_utf8(text).map_err(told("The answer is no text"))
    }

    /// The head of an answer in small letters, and its content without the marks of a transfer in chunks.
    async fn ask(&mut self, request: &str) -> std::io::Result<(String, Vec<u8>)> {
        self.0.write_all(request.as_bytes()).await?;
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.0.read_line(&mut head).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
        let head = head.to_ascii_lowercase();
        let mut body = Vec::new();
        if let Some((_, after)) = head.split_once("content-length: ") {
            let length = after.lines().next().and_then(|length| length.parse().ok()).unwrap_or(0);
            body.resize(length, 0);
            self.0.read_exact(&mut body).await?;
            return Ok((head, body));
        }
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).await?;
            let length = usize::from_str_radix(line.trim(), 16).map_err(std::io::Error::other)?;
            let from = body.len();
            body.resize(from + length + 2, 0);
            self.0.read_exact(&mut body[from..]).await?;
            body.truncate(from + length);
            if length == 0 {
                return Ok((head, body));
            }
        }
    }
}
