//! Pages per second and their times, by `wrk`, in turns with a bare handler that sends the same bytes from memory: on a machine
//! that others use as well, the ratio says more than the figures.

use crate::{
    Told,
    table::{Table, whole},
    told, web,
};
use axum::{
    Router,
    body::Bytes,
    http::{HeaderValue, header},
    serve::ListenerExt,
};
use std::{future::Future, net::SocketAddr};
use tokio::{net::TcpListener, process::Command};

const ROUNDS: usize = 3;
const SECONDS: u32 = 2;

/// Somebody's page.
struct Asked<'a> {
    what: &'a str,
    /// Lines of the request, each with its end.
    headers: String,
    /// What its ratio should be.
    target: &'a str,
}

/// What wrk tells of one run.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Run {
    per_second: f64,
    /// Milliseconds.
    median: f64,
    /// Milliseconds.
    p99: f64,
}

/// Measures and prints.
pub async fn measure(address: SocketAddr, cookie: &str) -> Told<()> {
    let brotli = "Accept-Encoding: br\r\n";
    let pages = [
        Asked { what: "front door", headers: String::new(), target: "" },
        Asked { what: "front door, brotli", headers: brotli.to_owned(), target: "" },
        Asked { what: "member's timeline", headers: cookie.to_owned(), target: "> 0.1" },
        Asked { what: "member's timeline, brotli", headers: format!("{brotli}{cookie}"), target: "" },
    ];
    let mut throughput = Table::new("Pages per second, 32 connections", &["", "bytes", "pages/s", "bare handler", "ratio", "target"]);
    let mut times = Table::new(
        "Time to the whole page, ms",
        &["", "median at 2", "p99 at 2", "median at 32", "p99 at 32", "bare p99 at 2", "target, p99 at 2"],
    );
    for page in &pages {
        let answer = web::get(address, "/", &page.headers).await?;
        let bytes = answer.body.len() as u64;
        let (bare_address, bare) = bare(&answer).await?;
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            theirs.push(wrk(bare_address, 32, "").await?);
            ours.push(wrk(address, 32, &page.headers).await?);
        }
        let (few, bare_few) = (wrk(address, 2, &page.headers).await?, wrk(bare_address, 2, "").await?);
        bare.abort();
        // The answer is still the page, and no apology that is sent quickly.
        web::get(address, "/", &page.headers).await?;

        let (many, theirs) = (middle(ours), middle(theirs));
        let ratio = many.per_second / theirs.per_second;
        throughput.row(
            page.what,
            [whole(bytes), whole(many.per_second as u64), whole(theirs.per_second as u64), format!("{ratio:.3}"), page.target.to_owned()],
        );
        let times_of = [few.median, few.p99, many.median, many.p99, bare_few.p99].map(|ms| format!("{ms:.2}"));
        times.row(page.what, times_of.into_iter().chain(["< 15".to_owned()]));
    }
    throughput.note(
        "Without brotli for the work of making a page; with brotli as browsers ask for it, the bare handler sends it compressed before.",
    );
    throughput.print();
    times.print();
    Ok(())
}

/// A server that sends the same bytes from memory, until it is aborted.
async fn bare(answer: &web::Answer) -> Told<(SocketAddr, tokio::task::JoinHandle<()>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(told("No port for the bare handler"))?;
    let address = listener.local_addr().map_err(told("No port for the bare handler"))?;
    let listener = listener.tap_io(|stream| {
        // Without it the comparison would flatter us.
        _ = stream.set_nodelay(true);
    });
    let bytes = Bytes::from(answer.body.clone());
    let as_it_was =
        |name: &str| HeaderValue::from_str(answer.header(name).unwrap_or("identity")).map_err(told("A header can't be sent again"));
    let headers = [(header::CONTENT_TYPE, as_it_was("content-type")?), (header::CONTENT_ENCODING, as_it_was("content-encoding")?)];
    let app = Router::new().route("/", axum::routing::get(move || handler(headers.clone(), bytes.clone())));
    let serving = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, app).await {
            eprintln!("The bare handler ended: {error}");
        }
    });
    Ok((address, serving))
}

fn handler<H>(headers: H, bytes: Bytes) -> impl Future<Output = (H, Bytes)> {
    std::future::ready((headers, bytes))
}

/// The run that is neither the quickest nor the slowest.
fn middle(mut runs: Vec<Run>) -> Run {
    runs.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    runs[runs.len() / 2]
}

async fn wrk(address: SocketAddr, connections: u32, headers: &str) -> Told<Run> {
    let mut command = Command::new("wrk");
    command.args(["--latency", "--timeout", "10s", "--threads", if connections > 2 { "2" } else { "1" }]);
    command.args(["--connections", &connections.to_string(), "--duration", &format!("{SECONDS}s")]);
    for line in headers.lines() {
        command.args(["--header", line]);
    }
    let output = command.arg(format!("http://{address}/")).output().await.map_err(told("wrk can't be run"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if said.contains("Non-2xx") {
        return Err(format!("Under load some answers were wrong:\n{said}"));
    }
    read(&said).ok_or_else(|| format!("wrk says nothing that can be read:\n{said}"))
}

fn read(said: &str) -> Option<Run> {
    let after = |name: &str| said.lines().find_map(|line| line.trim().strip_prefix(name)).map(str::trim);
    Some(Run { per_second: after("Requests/sec:")?.parse().ok()?, median: milliseconds(after("50%")?)?, p99: milliseconds(after("99%")?)? })
}

fn milliseconds(text: &str) -> Option<f64> {
    let unit = text.find(char::is_alphabetic)?;
    let (number, unit) = text.split_at(unit);
    let number: f64 = number.parse().ok()?;
    match unit {
        "us" => Some(number / 1e3),
        "ms" => Some(number),
        "s" => Some(number * 1e3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_wrk_says_is_understood() {
        let said = "  Latency Distribution\n     50%  912.00us\n     75%    1.10ms\n     99%    1.20s\n  10 requests in 2.00s, 1MB read\nRequests/sec:   4321.5\n";
        assert_eq!(read(said), Some(Run { per_second: 4321.5, median: 0.912, p99: 1200.0 }));
        assert_eq!(read("unable to connect"), None);
    }
}
