//! What a browser fetches for `/`, by part, compressed as it is served.

use crate::{
    Told,
    table::{Table, whole},
    web::{self, attribute},
};
use std::net::SocketAddr;

const BROTLI: &str = "Accept-Encoding: br\r\n";

/// What somebody's `/` is made of; bytes as sent, and before they were compressed.
#[derive(Default)]
struct Parts {
    html: (u64, u64),
    style: (u64, u64),
    theme: (u64, u64),
    icon: (u64, u64),
    script: (u64, u64),
    wasm: (u64, u64),
}

/// The ledger for a visitor and for the member of that cookie.
pub async fn measure(address: SocketAddr, cookie: &str) -> Told<Table> {
    let visitor = parts(address, "").await?;
    let member = parts(address, cookie).await?;
    let mut table = Table::new(
        "Bytes of / as served (with brotli), pictures not counted",
        &["", "visitor", "uncompressed", "member", "uncompressed", "target"],
    );
    let mut line = |words: &str, of: &dyn Fn(&Parts) -> (u64, u64), target: &str| {
        let figures = [of(&visitor).0, of(&visitor).1, of(&member).0, of(&member).1].map(whole);
        table.row(words, figures.into_iter().chain([target.to_owned()]));
    };
    line("the page (HTML)", &|p| p.html, "");
    line("stylesheet", &|p| p.style, "");
    line("the community's theme", &|p| p.theme, "");
    line("icon", &|p| p.icon, "");
    line("to the first view", &Parts::first_view, "visitor < 20,000");
    line("script", &|p| p.script, "");
    line("WASM: the core", &|p| p.wasm, "visitor 0");
    line("script and WASM", &|p| sum([p.script, p.wasm]), "member < 250,000");
    line("to interactive", &|p| sum([p.first_view(), p.script, p.wasm]), "");
    Ok(table)
}

impl Parts {
    fn first_view(&self) -> (u64, u64) {
        sum([self.html, self.style, self.theme, self.icon])
    }
}

fn sum<const N: usize>(parts: [(u64, u64); N]) -> (u64, u64) {
    parts.into_iter().fold((0, 0), |(sent, whole), (part, of)| (sent + part, whole + of))
}

async fn parts(address: SocketAddr, cookie: &str) -> Told<Parts> {
    let page = web::get(address, "/", cookie).await?;
    let html = String::from_utf8_lossy(&page.body).into_owned();
    let mut parts = Parts { html: size(address, "/", cookie).await?, ..Parts::default() };
    for link in html.split("<link ").skip(1).filter_map(|rest| rest.split('>').next()).map(|link| format!(" {link}")) {
        let (Some(rel), Some(href)) = (attribute(&link, "rel"), attribute(&link, "href")) else { continue };
        let part = match rel {
            "stylesheet" if href.starts_with("/theme.css") => &mut parts.theme,
            "stylesheet" => &mut parts.style,
            "icon" => &mut parts.icon,
            "modulepreload" => &mut parts.script,
            "preload" if href.ends_with(".wasm") => &mut parts.wasm,
            // Fetched when the place is installed, if ever.
            "manifest" | "apple-touch-icon" => continue,
            other => return Err(format!("The page / links to {href} as {other}, which this ledger has no line for.")),
        };
        *part = sum([*part, size(address, &href.replace("&amp;", "&"), cookie).await?]);
    }
    Ok(parts)
}

/// Bytes with brotli and without.
async fn size(address: SocketAddr, path: &str, cookie: &str) -> Told<(u64, u64)> {
    let sent = web::get(address, path, &format!("{BROTLI}{cookie}")).await?;
    let plain = web::get(address, path, cookie).await?;
    Ok((sent.body.len() as u64, plain.body.len() as u64))
}
