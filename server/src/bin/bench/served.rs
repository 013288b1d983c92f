//! The server that is measured: the finished binary in a process of its own.

use crate::{Told, told};
use std::{net::SocketAddr, path::Path, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStdout, Command},
};

/// A server; it ends when this is dropped.
pub struct Served {
    /// Where it listens.
    pub address: SocketAddr,
    process: Child,
    _says: BufReader<ChildStdout>,
}

/// Memory in MB (of 10⁶ bytes).
pub struct Memory {
    /// What is resident.
    pub now: String,
    /// The part of it that the program allocated; the rest is its own code, as far as it ran, which the system can drop.
    pub allocated: String,
    /// The most that was, since the start.
    pub most: String,
}

impl Served {
    /// Starts it on a free port.
    pub async fn start(porchlight: &Path, data: &Path) -> Told<Self> {
        let mut command = Command::new(porchlight);
        command.arg("serve").arg("--data").arg(data).args(["--listen", "127.0.0.1:0"]);
        // Whatever this shell is set up for, the benchmark's place is in its own folder.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PORCHLIGHT_") || name == "DATABASE_URL" {
                command.env_remove(name);
            }
        }
        let mut process = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().map_err(told("The server can't be started"))?;
        let mut says = BufReader::new(process.stdout.take().ok_or("The server says nothing.")?);
        let mut line = String::new();
        let said = tokio::time::timeout(Duration::from_secs(60), says.read_line(&mut line)).await;
        said.map_err(told("The server doesn't begin"))?.map_err(told("The server says nothing"))?;
        let address = line.trim().rsplit_once("http://").and_then(|(_, address)| address.parse().ok());
        let address = address.ok_or_else(|| format!("The server doesn't say where it listens, but: {line}"))?;
        Ok(Self { address, process, _says: says })
    }

    /// How long it has worked so far, on all cores together.
    pub fn worked(&self) -> Told<Duration> {
        let id = self.process.id().ok_or("The server has ended.")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/stat")).map_err(told("The server's work can't be read"))?;
        // After the name, in brackets: the 12th and 13th fields are clock ticks, a hundred a second on every Linux there is.
        let fields: Vec<&str> = status.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<u64>().ok()).ok_or("The server's work can't be read.");
        Ok(Duration::from_millis(10 * (ticks(11)? + ticks(12)?)))
    }

    /// Its memory.
    pub fn memory(&self) -> Told<Memory> {
        let id = self.process.id().ok_or("The server has ended.")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).map_err(told("The server's memory can't be read"))?;
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kib = line.and_then(|line| line.split_whitespace().next()).and_then(|kib| kib.parse::<f64>().ok());
            kib.map_or_else(|| "?".to_owned(), |kib| format!("{:.1}", kib * 1024.0 / 1e6))
        };
        Ok(Memory { now: of("VmRSS:"), allocated: of("RssAnon:"), most: of("VmHWM:") })
    }
}
