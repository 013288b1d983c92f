//! The `porchlight` command.

use clap::Parser;
use server::{cli::Cli, serve::Failure};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

// Rendering pages was measured to be 1.7 times as fast with it as with the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    // Printed lines are the command's answer, so the log goes to the other stream.
    let filter = EnvFilter::try_from_env("PORCHLIGHT_LOG").unwrap_or_else(|_| EnvFilter::new("warn,server=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(failure.code)
        }
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::because(format!("The system gives no threads to work with: {error}.")))?;
    runtime.block_on(cli.run())
}
