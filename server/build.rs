//! Puts the stylesheet, the icons and the client into the binary: joined, named by their content, and compressed ahead of time.
//!
//! What never changes under its name may be kept by browsers for ever, so a name holds a hash of the content. Compressing at
//! Brotli's best takes seconds, so each result is kept in `OUT_DIR` under the hash of what went in.

use sha2::{Digest, Sha256};
use std::{
    env,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

/// One file as it will be served.
struct Asset {
    /// Its address.
    path: String,
    content_type: &'static str,
    /// Where its bytes are, and its compressed bytes if they are fewer.
    raw: PathBuf,
    brotli: Option<PathBuf>,
    hash: String,
}

fn main() {
    if let Err(reason) = run() {
        // A panic of a build script is how cargo is told, and how the reason is shown.
        panic!("{reason}");
    }
}

fn run() -> Result<(), String> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let style = root.join("../style");
    let kitchen = Kitchen { out: PathBuf::from(variable("OUT_DIR")?), quality: if variable("PROFILE")? == "debug" { 5 } else { 11 } };

    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", style.display());
    println!("cargo::rerun-if-env-changed=PORCHLIGHT_CLIENT_DIR");

    let mut assets = vec![kitchen.prepare("porchlight", "css", "text/css; charset=utf-8", stylesheet(&style)?.into_bytes())?];
    let style_path = assets[0].path.clone();

    let mut client = String::from("None");
    if let Some(folder) = env::var_os("PORCHLIGHT_CLIENT_DIR").filter(|folder| !folder.is_empty()) {
        let folder = PathBuf::from(folder);
        if folder.join("snippets").exists() {
            return Err(format!("{} holds a folder of script snippets, which server/build.rs doesn't know how to name.", folder.display()));
        }
        let mut take = |file: &str, name: &str, extension: &str, content_type| -> Result<String, String> {
            let from = folder.join(file);
            println!("cargo::rerun-if-changed={}", from.display());
            assets.push(kitchen.prepare(name, extension, content_type, read(&from)?)?);
            Ok(assets.last().map(|asset| asset.path.clone()).unwrap_or_default())
        };
        let js = take("porchlight.js", "porchlight", "js", "text/javascript; charset=utf-8")?;
        let wasm = take("porchlight_bg.wasm", "porchlight", "wasm", "application/wasm")?;
        client = format!("Some(({js:?}, {wasm:?}))");
    }

    let mut icons = String::new();
    for icon in sorted(&style.join("icons"))? {
        let (Some(stem), Some(extension)) = (icon.file_stem().and_then(|s| s.to_str()), icon.extension().and_then(|e| e.to_str())) else {
            continue;
        };
        let content_type = match extension {
            "svg" => "image/svg+xml",
            "png" => "image/png",
            other => return Err(format!("{} is a .{other}; icons are .svg or .png.", icon.display())),
        };
        let asset = kitchen.prepare(stem, extension, content_type, read(&icon)?)?;
        let _ = writeln!(icons, "    ({:?}, {:?}),", format!("{stem}.{extension}"), asset.path);
        assets.push(asset);
    }

    let mut build = Sha256::new();
    let mut table = String::new();
    for Asset { path, content_type, raw, brotli, hash } in &assets {
        build.update(path);
        let brotli = brotli.as_ref().map_or("None".into(), |b| format!("Some(include_bytes!({:?}))", b.display().to_string()));
        let _ = writeln!(
            table,
            "    Asset {{ path: {path:?}, content_type: {content_type:?}, etag: {:?}, raw: include_bytes!({:?}), brotli: {brotli} }},",
            format!("\"{hash}\""),
            raw.display().to_string(),
        );
    }
    let build = hex(&build.finalize(), 8);
    let code = format!(
        "/// Every file that is served from the binary.\npub static ASSETS: &[Asset] = &[\n{table}];\n\
         /// Address of the stylesheet.\npub const STYLE: &str = {style_path:?};\n\
         /// Addresses of the client's script and of its WASM; `None` in a build without the client.\npub const CLIENT: Option<(&str, &str)> = {client};\n\
         /// Changes with every change of what is served from the binary.\npub const BUILD_ID: &str = {build:?};\n\
         static ICONS: &[(&str, &str)] = &[\n{icons}];\n"
    );
    write(&kitchen.out.join("assets.rs"), code.as_bytes())?;
    kitchen.clear(&assets)
}

/// Where prepared files are kept, and how hard they are compressed.
struct Kitchen {
    out: PathBuf,
    quality: i32,
}

impl Kitchen {
    fn prepare(&self, name: &str, extension: &str, content_type: &'static str, bytes: Vec<u8>) -> Result<Asset, String> {
        let hash = hex(&Sha256::digest(&bytes), 8);
        let raw = self.out.join(format!("{name}.{hash}.{extension}"));
        let packed = self.out.join(format!("{name}.{hash}.{extension}.{}.br", self.quality));
        if !raw.exists() {
            write(&raw, &bytes)?;
        }
        // PNG is compressed already.
        let brotli = if extension == "png" {
            None
        } else {
            if !packed.exists() {
                write(&packed, &self.compress(&bytes)?)?;
            }
            let fewer = fs::metadata(&packed).map(|m| m.len() < bytes.len() as u64).unwrap_or(false);
            fewer.then_some(packed)
        };
        Ok(Asset { path: format!("/assets/{name}.{hash}.{extension}"), content_type, raw, brotli, hash })
    }

    /// Takes away what earlier builds left, which grows by a client with each save while developing.
    fn clear(&self, assets: &[Asset]) -> Result<(), String> {
        for file in sorted(&self.out)? {
            let used = assets.iter().any(|asset| asset.raw == file || asset.brotli.as_ref() == Some(&file));
            if !used && file.extension().is_some_and(|extension| extension != "rs") {
                fs::remove_file(&file).map_err(|e| format!("{} can't be removed: {e}", file.display()))?;
            }
        }
        Ok(())
    }

    fn compress(&self, bytes: &[u8]) -> Result<Vec<u8>, String> {
        let settings = brotli::enc::BrotliEncoderParams { quality: self.quality, lgwin: 22, size_hint: bytes.len(), ..Default::default() };
        let mut packed = Vec::new();
        brotli::BrotliCompress(&mut io::Cursor::new(bytes), &mut packed, &settings).map_err(|e| format!("Brotli failed: {e}"))?;
        Ok(packed)
    }
}

/// The files of `style/` in the order of `style/ORDER`, made smaller.
fn stylesheet(style: &Path) -> Result<String, String> {
    let order = read_text(&style.join("ORDER"))?;
    let names: Vec<&str> = order.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    for file in sorted(style)? {
        let name = file.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if name.ends_with(".css") && !names.contains(&name) {
            return Err(format!("style/{name} is not in style/ORDER, so it would never be served. Please add it."));
        }
    }
    let mut whole = String::new();
    for name in names {
        whole.push_str(&shorten(&read_text(&style.join(name))?));
        whole.push('\n');
    }
    Ok(whole)
}

/// Takes comments and needless whitespace out of a stylesheet. What stands in quotes or in `url(…)` is left as it is, and a
/// space is only dropped beside the signs where CSS never needs one.
fn shorten(css: &str) -> String {
    let mut short = String::with_capacity(css.len());
    let mut rest = css;
    let mut space = false;
    while let Some(c) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.find("*/").map_or("", |end| &comment[end + 2..]);
            space = true;
            continue;
        }
        if c.is_ascii_whitespace() {
            rest = &rest[1..];
            space = true;
            continue;
        }
        let verbatim = match c {
            '"' | '\'' => quoted(rest, c),
            _ if rest.starts_with("url(") && !rest[4..].trim_start().starts_with(['"', '\'']) => {
                rest.find(')').map_or(rest.len(), |end| end + 1)
            }
            _ => c.len_utf8(),
        };
        let after_sign = short.ends_with(['{', '}', ';', ',']) || short.is_empty();
        if space && !after_sign && !matches!(c, '{' | '}' | ';' | ',') {
            short.push(' ');
        }
        space = false;
        short.push_str(&rest[..verbatim]);
        rest = &rest[verbatim..];
    }
    short
}

/// Length of the quoted string at the start, with its quotes.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let told = |e: io::Error| format!("{} can't be read: {e}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(told)? {
        let path = entry.map_err(told)?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    fs::read(file).map_err(|e| format!("{} can't be read: {e}", file.display()))
}

fn read_text(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|e| format!("{} can't be read: {e}", file.display()))
}

/// Written beside and renamed, so that a build that was interrupted leaves no half a file under a name that looks whole.
fn write(file: &Path, bytes: &[u8]) -> Result<(), String> {
    let unfinished = file.with_extension("unfinished");
    fs::write(&unfinished, bytes)
        .and_then(|()| fs::rename(&unfinished, file))
        .map_err(|e| format!("{} can't be written: {e}", file.display()))
}

fn hex(bytes: &[u8], most: usize) -> String {
    bytes.iter().take(most).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("cargo sets {name}, but it is not there"))
}
