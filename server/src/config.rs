//! What can be set, one struct a concern, each with its own parser.
//!
//! Every value is read once, at start. A wrong one stops the start with a sentence that says what is allowed; which flag or
//! variable it was, the command line says in front of it.

use crate::pictures::MediaConfig;
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    str::FromStr,
};
use store::Location;

/// A setting that can't be used; the sentence says what is allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Wrong(String);

impl Wrong {
    fn because(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

/// Where the server listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listen(pub SocketAddr);

impl Default for Listen {
    fn default() -> Self {
        Self(SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)))
    }
}

impl Listen {
    /// A free port of this machine.
    pub fn for_testing() -> Self {
        Self(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
    }
}

impl FromStr for Listen {
    type Err = Wrong;
    fn from_str(text: &str) -> Result<Self, Wrong> {
        let numeric = text.trim().replace("localhost:", "127.0.0.1:");
        numeric.parse().map(Self).map_err(|_| {
            Wrong::because(
                "write an address and a port, such as 127.0.0.1:3000 (this machine only), 0.0.0.0:3000 (every network) or [::]:3000",
            )
        })
    }
}

/// The public address of the place: scheme and host, without a path. It is what links begin with, and what a form must come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    text: String,
    https: bool,
}

impl Origin {
    /// The origin of a server that nobody named: its own port on this machine.
    pub fn of_listener(listening: SocketAddr) -> Self {
        let host = if listening.ip().is_unspecified() { "localhost".to_owned() } else { host_of(listening.ip()) };
        Self { text: format!("http://{host}:{}", listening.port()), https: false }
    }
    /// The origin as a browser writes it, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.text
    }
    /// Whether people reach the place by https.
    pub fn is_https(&self) -> bool {
        self.https
    }
    /// As if people came by https to a place of that name.
    pub fn for_testing() -> Self {
        Self { text: "https://porchlight.example".into(), https: true }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl FromStr for Origin {
    type Err = Wrong;
    fn from_str(text: &str) -> Result<Self, Wrong> {
        let wrong = || Wrong::because("write the address that people open, without a path, such as https://porch.example.org");
        let uri: axum::http::Uri = text.trim().trim_end_matches('/').parse().map_err(|_| wrong())?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return Err(wrong()) };
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() || authority.as_str().contains('@') {
            return Err(wrong());
        }
        let host = authority.host().to_ascii_lowercase();
        let https = scheme == "https";
        let bare = host.trim_matches(['[', ']']);
        let loopback = bare == "localhost" || bare.ends_with(".localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        let plain_here = scheme == "http" && loopback;
        if !https && !plain_here {
            return Err(Wrong::because(
                "http:// is for this machine only (http://localhost:3000), since passwords would travel in the open; \
                 elsewhere put a proxy that speaks https in front, such as Caddy, and write https://…",
            ));
        }
        // A browser leaves the scheme's own port out of the origin that it sends.
        let port = authority.port_u16().filter(|port| *port != if https { 443 } else { 80 });
        let port = port.map_or_else(String::new, |port| format!(":{port}"));
        Ok(Self { text: format!("{scheme}://{host}{port}"), https })
    }
}

fn host_of(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    }
}

/// Where the rows are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Database {
    /// SQLite, in the data folder.
    #[default]
    Sqlite,
    /// A PostgreSQL by its address.
    Postgres(String),
}

impl FromStr for Database {
    type Err = Wrong;
    fn from_str(text: &str) -> Result<Self, Wrong> {
        match text.trim() {
            "" => Ok(Self::Sqlite),
            address if address.starts_with("postgres://") || address.starts_with("postgresql://") => Ok(Self::Postgres(address.to_owned())),
            _ => Err(Wrong::because(
                "write the address of a PostgreSQL, such as postgres://porchlight:password@localhost/porchlight; \
                 without one, SQLite keeps everything in the data folder",
            )),
        }
    }
}

/// The folder that holds everything of the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataFolder(PathBuf);

impl DataFolder {
    /// At that path; it need not be there yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }
    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }
    /// SQLite's file.
    pub fn database(&self) -> PathBuf {
        self.0.join("porchlight.db")
    }
    /// The pictures.
    pub fn media(&self) -> PathBuf {
        self.0.join("media")
    }
    /// The public address by which the place was last served, for the links that the command line prints.
    pub fn origin(&self) -> PathBuf {
        self.0.join("porchlight.origin")
    }
    /// The letters, where no mail server is configured.
    pub fn mail(&self) -> PathBuf {
        self.0.join("mail")
    }
    /// Held while a server has the folder in use.
    pub fn lock(&self) -> PathBuf {
        self.0.join("porchlight.lock")
    }
}

/// A network whose word for where a request came from is taken: the proxies in front of this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// Whether the address belongs to it.
    pub fn holds(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let shift = 32 - u32::from(self.bits);
                u32::from(network).checked_shr(shift) == u32::from(address).checked_shr(shift)
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let shift = 128 - u32::from(self.bits);
                u128::from(network).checked_shr(shift) == u128::from(address).checked_shr(shift)
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = Wrong;
    fn from_str(text: &str) -> Result<Self, Wrong> {
        let wrong = || Wrong::because("write the proxy's address, such as 127.0.0.1, or its network, such as 10.0.0.0/8");
        let (address, bits) = text.trim().split_once('/').map_or((text.trim(), None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse().ok().filter(|bits| *bits <= most).ok_or_else(wrong))?;
        Ok(Self { address, bits })
    }
}

/// By whom letters are carried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum MailConfig {
    /// By nobody: they are files in the data folder.
    #[default]
    Folder,
    /// By a mail server.
    Smtp(SmtpConfig),
}

/// A mail server, and how it is spoken to.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpConfig {
    /// Which.
    pub server: MailServer,
    /// How nobody reads along on the way there.
    pub security: MailSecurity,
    /// The name and the password by which it knows us, if it wants to.
    pub account: Option<(String, String)>,
    /// In whose name letters are sent.
    pub from: MailFrom,
}

impl fmt::Debug for SmtpConfig {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} ({:?}) as {}", self.server.host, self.server.port, self.security, self.from.0)
    }
}

/// The name and the port of a mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailServer {
    /// Its name, which its certificate is asked for.
    pub host: String,
    /// Its port.
    pub port: u16,
}

/// The port on which mail servers take letters from programs, by STARTTLS (RFC 6409).
const SUBMISSION: u16 = 587;
/// The port on which they do by TLS from the first byte (RFC 8314).
const SUBMISSIONS: u16 = 465;

impl FromStr for MailServer {
    type Err = Wrong;
    fn from_str(text: &str) -> Result<Self, Wrong> {
        let wrong = || {
            Wrong::because("write the name of the mail server, such as smtp.example.org, or with its port, such as smtp.example.org:465")
        };
        let (host, port) = match text.trim().rsplit_once(':') {
            Some((host, port)) if !host.ends_with(':') => (host, port.parse().ok().filter(|port| *port > 0).ok_or_else(wrong)?),
            _ => (text.trim(), SUBMISSION),
        };
        let bare = host.trim_matches(['[', ']']);
        let is_name = !bare.is_empty() && bare.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
        if !is_name && bare.parse::<IpAddr>().is_err() {
            return Err(wrong());
        }
        Ok(Self { host: bare.to_owned(), port })
    }
}

/// How nobody reads along on the way to a mail server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailSecurity {
    /// The connection becomes an encrypted one before anything is said, or nothing is.
    Starttls,
    /// It is one from the first byte.
    Tls,
    /// Everybody on the way reads along.
    None,
}

impl FromStr for MailSecurity {
    type Err = Wrong;
    fn from_str(text: &str) -> Result<Self, Wrong> {
        match text.trim().to_ascii_lowercase().as_str() {
            "starttls" => Ok(Self::Starttls),
            "tls" => Ok(Self::Tls),
            "none" => Ok(Self::None),
            _ => Err(Wrong::because(
                "write starttls (what most mail servers want, on port 587), tls (on port 465), or none (a server on this machine)",
            )),
        }
    }
}

/// In whose name letters are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailFrom(pub lettre::message::Mailbox);

impl FromStr for MailFrom {
    type Err = Wrong;
    fn from_str(text: &str) -> Result<Self, Wrong> {
        let wrong = |_| {
            Wrong::because("write the address that letters come from, such as porch@example.org or \"Lantern Street <porch@example.org>\"")
        };
        if text.contains(char::is_control) {
            return Err(wrong(()));
        }
        text.trim().parse().map(Self).map_err(|_| wrong(()))
    }
}

impl MailConfig {
    /// Of what was set. All belongs to a server: without one, nothing else is looked for.
    pub fn of(
        server: Option<MailServer>,
        security: Option<MailSecurity>,
        account: (Option<String>, Option<String>),
        from: Option<MailFrom>,
    ) -> Result<Self, Wrong> {
        let Some(server) = server else {
            let nothing = security.is_none() && account == (None, None) && from.is_none();
            return if nothing {
                Ok(Self::Folder)
            } else {
                Err(Wrong::because("say with --mail-server which server sends the mail, or leave the other --mail options away"))
            };
        };
        let security = security.unwrap_or(if server.port == SUBMISSIONS { MailSecurity::Tls } else { MailSecurity::Starttls });
        let account = match account {
            (Some(user), Some(password)) => Some((user, password)),
            (None, None) => None,
            _ => {
                return Err(Wrong::because(
                    "the mail server wants both a name (--mail-user) and a password (PORCHLIGHT_MAIL_PASSWORD), or neither",
                ));
            }
        };
        let Some(from) = from else {
            return Err(Wrong::because(
                "say with --mail-from which address letters come from; the mail server will want one that is yours",
            ));
        };
        let here = server.host == "localhost" || server.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if security == MailSecurity::None && !here {
            return Err(Wrong::because(
                "--mail-security none is for a mail server on this machine: elsewhere everybody on the way would read along. Use starttls or tls",
            ));
        }
        Ok(Self::Smtp(SmtpConfig { server, security, account, from }))
    }
}

/// How a place is configured.
#[derive(Clone, Debug)]
pub struct Config {
    /// Its folder.
    pub data: DataFolder,
    /// Its rows.
    pub database: Database,
    /// Its pictures.
    pub media: MediaConfig,
    /// Its mail.
    pub mail: MailConfig,
    /// The proxies in front of it.
    pub proxies: Vec<Network>,
    /// How much it takes on at once.
    pub limits: Limits,
}

impl Config {
    /// Everything in that folder, and nothing in front.
    pub fn for_testing(folder: impl Into<PathBuf>) -> Self {
        let data = DataFolder::new(folder);
        Self {
            media: MediaConfig::folder(data.media()),
            mail: MailConfig::Folder,
            database: Database::Sqlite,
            proxies: Vec::new(),
            limits: Limits::default(),
            data,
        }
    }

    /// Where the store finds its rows.
    pub fn location(&self) -> Location {
        match &self.database {
            Database::Sqlite => Location::Sqlite(self.data.database()),
            Database::Postgres(address) => Location::Postgres(address.clone()),
        }
    }
}

/// How much is taken on at once. Not settable: the numbers fit every community that Porchlight is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests that are answered at the same time; the next is asked to come back. Twenty times what 500 members who all click
    /// within a second keep busy at 50 ms an answer.
    pub at_once: usize,
    /// Forms of one household that are on their way at the same time: a whole party that meets in one room may send one each.
    pub arriving_of_one: usize,
    /// Forms of all that are on their way; fewer than are answered, so that pages are written also when all of them are slow.
    pub arriving: usize,
    /// Forms that one address may send in a minute without being signed in.
    pub visitor_posts_a_minute: u32,
    /// Live streams of one member: some windows on some devices.
    pub streams_of_one: usize,
    /// Live streams of all: 500 members with four each.
    pub streams: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { at_once: 512, arriving_of_one: 64, arriving: 256, visitor_posts_a_minute: 30, streams_of_one: 12, streams: 2000 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Result<String, Wrong> {
        text.parse::<Origin>().map(|origin| origin.to_string())
    }

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        assert_eq!(origin("https://Porch.Example.org:443/"), Ok("https://porch.example.org".into()));
        assert_eq!(origin("http://localhost:3000"), Ok("http://localhost:3000".into()));
        assert_eq!(origin("http://[::1]:80"), Ok("http://[::1]".into()));
    }

    #[test]
    fn http_is_for_this_machine_only() {
        for text in ["http://porch.example.org", "http://192.168.1.5:3000", "ftp://localhost", "porch.example.org", "https://a.example/b"] {
            assert!(origin(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_network_holds_its_own_addresses_and_no_others() {
        let holds =
            |network: &str, address: &str| network.parse::<Network>().expect("a network").holds(address.parse().expect("an address"));
        assert!(holds("127.0.0.1", "127.0.0.1"));
        assert!(!holds("127.0.0.1", "127.0.0.2"));
        assert!(holds("10.0.0.0/8", "10.9.8.7"));
        assert!(holds("10.0.0.0/8", "::ffff:10.9.8.7"));
        assert!(!holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("0.0.0.0/0", "203.0.113.9"));
        assert!(holds("fd00::/8", "fd12::1"));
        assert!("10.0.0.0/33".parse::<Network>().is_err());
    }

    #[test]
    fn a_database_is_a_postgresql_or_the_data_folder() {
        assert_eq!("".parse(), Ok(Database::Sqlite));
        assert_eq!("postgres://x/y".parse(), Ok(Database::Postgres("postgres://x/y".into())));
        assert!("mysql://x/y".parse::<Database>().is_err());
    }

    #[test]
    fn mail_is_sent_by_a_server_that_is_set_up_whole_or_not_at_all() {
        let server = |text: &str| text.parse::<MailServer>().map(|server| (server.host, server.port));
        assert_eq!(server("smtp.example.org"), Ok(("smtp.example.org".into(), 587)));
        assert_eq!(server(" smtp.example.org:465 "), Ok(("smtp.example.org".into(), 465)));
        assert_eq!(server("[::1]:2525"), Ok(("::1".into(), 2525)));
        for wrong in ["", "smtp example.org", "smtp.example.org:", "smtp.example.org:0", "smtp://example.org", "a@example.org"] {
            assert!(server(wrong).is_err(), "{wrong}");
        }
        assert!("porch@example.org".parse::<MailFrom>().is_ok() && "Lantern Street <porch@example.org>".parse::<MailFrom>().is_ok());
        assert!("porch".parse::<MailFrom>().is_err() && "porch@example.org\r\nBcc: a@example.org".parse::<MailFrom>().is_err());
        assert!("ssl".parse::<MailSecurity>().is_err());

        let from = || "porch@example.org".parse().ok();
        let security =
            |server: &str, security: Option<MailSecurity>| match MailConfig::of(server.parse().ok(), security, (None, None), from()) {
                Ok(MailConfig::Smtp(smtp)) => Some(smtp.security),
                _ => None,
            };
        assert_eq!(security("smtp.example.org", None), Some(MailSecurity::Starttls));
        assert_eq!(security("smtp.example.org:465", None), Some(MailSecurity::Tls));
        assert_eq!(security("127.0.0.1:25", Some(MailSecurity::None)), Some(MailSecurity::None));
        assert_eq!(security("smtp.example.org:25", Some(MailSecurity::None)), None, "not in the open");
        assert_eq!(MailConfig::of(None, None, (None, None), None), Ok(MailConfig::Folder));
        assert!(MailConfig::of(None, None, (None, None), from()).is_err());
        assert!(MailConfig::of("smtp.example.org".parse().ok(), None, (None, None), None).is_err());
        assert!(MailConfig::of("smtp.example.org".parse().ok(), None, (Some("porch".into()), None), from()).is_err());
    }

    #[test]
    fn no_log_says_the_password_of_the_mail_server() {
        let account = (Some("porch".into()), Some("soup and sketchbooks".into()));
        let config = MailConfig::of("smtp.example.org".parse().ok(), None, account, "porch@example.org".parse().ok());
        assert!(!format!("{config:?}").contains("soup"), "{config:?}");
    }
}
