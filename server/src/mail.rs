//! Carrying letters: by SMTP to the server that is configured, or, without one, as files into the folder `mail/` of the data folder,
//! where whoever keeps the place can read them.
//!
//! What a letter says is `domain::mail`'s; here it becomes a message (RFC 5322) with the headers by which mail programs know that it was
//! made by a machine, and how to end it. A letter that is carried twice, because the server died between the other side's yes and our
//! record, has the same Message-ID both times: most mail programs show one, and in the folder it is one file.

use crate::config::{MailConfig, MailSecurity, Origin, SmtpConfig};
use axum::http::Uri;
use domain::{
    mail::{Carrier, Letter, NotCarried},
    outcome::Unavailable,
    time::{Clock, SystemClock, Timestamp},
};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
        extension::ClientId,
    },
};
use std::{
    error::Error as _,
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

/// How long the other side may take for each of its answers.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long all of them together may take: a tenth of the time for which a letter is ours.
const PATIENCE_IN_ALL: Duration = Duration::from_secs(60);
/// For how many days files are kept that nobody fetched. They hold codes, and a folder must not grow for ever.
const FILES_KEPT_DAYS: i64 = 30;

/// What carries letters, as configured. `Err` where the configuration can't work.
pub fn carrier(config: &MailConfig, folder: PathBuf, origin: &Origin) -> Result<Arc<dyn Carrier>, Unavailable> {
    let host = host_of(origin);
    Ok(match config {
        MailConfig::Smtp(smtp) => Arc::new(Smtp::new(smtp, host)?),
        MailConfig::Folder => {
            let sender = Address::new("porchlight", &host).or_else(|_| Address::new("porchlight", "localhost"));
            Arc::new(Folder { folder, sender: Mailbox::new(None, sender.map_err(|error| Unavailable(Box::new(error)))?), host })
        }
    })
}

fn host_of(origin: &Origin) -> String {
    origin.as_str().parse().ok().and_then(|uri: Uri| uri.host().map(str::to_owned)).unwrap_or_else(|| "localhost".to_owned())
}

/// Sends letters by SMTP.
struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    sender: Mailbox,
    host: String,
}

impl Smtp {
    fn new(config: &SmtpConfig, host: String) -> Result<Self, Unavailable> {
        let failed = |error: lettre::transport::smtp::Error| Unavailable(Box::new(error));
        let tls = || TlsParameters::new(config.server.host.clone()).map_err(failed);
        let tls = match config.security {
            MailSecurity::Starttls => Tls::Required(tls()?),
            MailSecurity::Tls => Tls::Wrapper(tls()?),
            MailSecurity::None => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&config.server.host)
            .port(config.server.port)
            .tls(tls)
            .timeout(Some(PATIENCE))
            .hello_name(hello(&host));
        if let Some((user, password)) = &config.account {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Self { transport: builder.build(), sender: config.from.0.clone(), host })
    }
}

/// How we introduce ourselves: by our public name, or by our address where that is one.
fn hello(host: &str) -> ClientId {
    match host.trim_matches(['[', ']']).parse() {
        Ok(std::net::IpAddr::V4(ip)) => ClientId::Ipv4(ip),
        Ok(std::net::IpAddr::V6(ip)) => ClientId::Ipv6(ip),
        Err(_) => ClientId::Domain(host.to_owned()),
    }
}

#[async_trait::async_trait]
impl Carrier for Smtp {
    async fn carry(&self, letter: &Letter) -> Result<(), NotCarried> {
        let message = message(letter, &self.sender, &self.host).map_err(NotCarried::NotNow)?;
        match tokio::time::timeout(PATIENCE_IN_ALL, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => {
                let code = error.status().map(|code| code.to_string());
                let mut cause = error.to_string();
                if let Some(source) = error.source() {
                    cause = format!("{cause}: {source}");
                }
                // What is said of the mailbox that it is for (RFC 3463, 5.1.1 and its like). All else may be ours: a wrong password, a
                // sender that is not ours, a server that wants to know us first.
                let mailbox = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"]
                    .iter()
                    .any(|said| cause.split([' ', ':', '\n']).any(|word| word == *said));
                if mailbox && matches!(code.as_deref(), Some("550" | "551" | "553")) {
                    return Err(NotCarried::Nobody(cause));
                }
                Err(NotCarried::NotNow(Unavailable::because(cause)))
            }
            Err(_) => Err(NotCarried::NotNow(Unavailable::because("the mail server took too long"))),
        }
    }

    async fn lying(&self) -> Result<Option<usize>, Unavailable> {
        Ok(None)
    }
}

/// Lays letters down as files.
struct Folder {
    folder: PathBuf,
    sender: Mailbox,
    host: String,
}

#[async_trait::async_trait]
impl Carrier for Folder {
    async fn carry(&self, letter: &Letter) -> Result<(), NotCarried> {
        let message = message(letter, &self.sender, &self.host).map_err(NotCarried::NotNow)?.formatted();
        let (folder, name) = (self.folder.clone(), format!("{}.eml", letter.id));
        // A letter's name is its id, in which its time is: they lie in order, and one that is carried twice is one file.
        let laid_down = tokio::task::spawn_blocking(move || lay_down(&folder, &name, &message)).await;
        let failed = |cause: Box<dyn std::error::Error + Send + Sync>| NotCarried::NotNow(Unavailable(cause));
        laid_down.map_err(|error| failed(Box::new(error)))?.map_err(|error| failed(Box::new(error)))
    }

    async fn lying(&self) -> Result<Option<usize>, Unavailable> {
        let folder = self.folder.clone();
        let counted = tokio::task::spawn_blocking(move || letters(&folder).map(|files| files.len())).await;
        counted.map_err(|error| Unavailable(Box::new(error)))?.map(Some).map_err(|error| Unavailable(Box::new(error)))
    }
}

/// Writes a file that is there whole or not at all, for its owner alone.
fn lay_down(folder: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    use std::io::Write;
    match std::fs::DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let beside = folder.join(format!("{name}.part"));
    let mut file = std::fs::File::options().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(&beside, folder.join(name))?;
    std::fs::File::open(folder)?.sync_all()
}

/// The letters in a folder, which need not be there yet.
fn letters(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match std::fs::read_dir(folder) {
        Ok(entries) => {
            let paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
            Ok(paths.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "eml")).collect())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Takes files away that lay in the folder for too long.
pub async fn sweep(folder: PathBuf) -> Result<(), Unavailable> {
    let before =
        SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(SystemClock.now().plus_days(-FILES_KEPT_DAYS).0).unwrap_or(0));
    let swept = tokio::task::spawn_blocking(move || {
        for file in letters(&folder)? {
            // Somebody may fetch one meanwhile.
            let there = |error: io::Error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) };
            let old = std::fs::metadata(&file).and_then(|file| file.modified()).map(|written| written < before);
            match old {
                Ok(true) => std::fs::remove_file(&file).or_else(there)?,
                Ok(false) => {}
                Err(error) => there(error)?,
            }
        }
        io::Result::Ok(())
    });
    swept.await.map_err(|error| Unavailable(Box::new(error)))?.map_err(|error| Unavailable(Box::new(error)))
}

/// A letter as a message.
fn message(letter: &Letter, sender: &Mailbox, host: &str) -> Result<Message, Unavailable> {
    let failed = |cause: String| Unavailable::because(format!("a letter can't be written as a message: {cause}"));
    let to = letter.to.as_str().parse().map_err(|error: lettre::address::AddressError| failed(error.to_string()))?;
    // Who configured no name for the sender lets the community's stand there.
    let from = Mailbox::new(sender.name.clone().or_else(|| Some(name(&letter.from))), sender.email.clone());
    // They are made of our own words, our address and a code: nothing in them needs encoding, and what is encoded here is not understood.
    let raw = |name: &'static str, value: String| {
        HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), value.clone(), value)
    };
    let mut builder = Message::builder()
        .message_id(Some(format!("<letter-{}@{host}>", letter.id)))
        .date(sent_at(letter.at))
        .from(from)
        .to(Mailbox::new(Some(name(&letter.called)).filter(|called| !called.is_empty()), to))
        .subject(&letter.subject)
        // No machine need answer: nobody is told of holidays.
        .raw_header(raw("Auto-Submitted", "auto-generated".to_owned()));
    if let Some(address) = &letter.unsubscribe {
        builder = builder
            .raw_header(raw("List-Unsubscribe", format!("<{address}>")))
            .raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    let lines = |text: &str| text.replace('\n', "\r\n");
    let written = match &letter.html {
        Some(html) => builder.multipart(MultiPart::alternative_plain_html(lines(&letter.text), lines(html))),
        None => builder.singlepart(SinglePart::plain(lines(&letter.text))),
    };
    written.map_err(|error| failed(error.to_string()))
}

/// A name as it can stand before an address: the library has no way to write one that goes over several lines.
fn name(text: &str) -> String {
    text.replace(char::is_control, " ")
}

fn sent_at(at: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(at.0).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{ids::LetterId, mail::address::MailAddress};

    fn letter(subject: &str) -> Letter {
        Letter {
            id: LetterId(7),
            to: MailAddress::parse("bo@example.org").expect("an address"),
            called: "Bó \"the cook\"\r\nBcc: eve@example.org".into(),
            from: "Lantern Street, <eve@example.org>".into(),
            subject: subject.into(),
            text: "Hello,\n\n.\nsoup.\n".into(),
            html: None,
            unsubscribe: Some(format!("https://porch.example/unsubscribe/{}", "x".repeat(90))),
            at: Timestamp(1_796_326_200_000),
        }
    }

    /// The lines of a message's head, unfolded.
    fn head(letter: &Letter) -> Vec<String> {
        let sender = Mailbox::new(None, "porch@example.org".parse().expect("an address"));
        let message = message(letter, &sender, "porch.example").expect("a message").formatted();
        let text = String::from_utf8(message).expect("plain");
        let head = text.split("\r\n\r\n").next().expect("a head").replace("\r\n ", " ").replace("\r\n\t", " ");
        head.split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn whatever_a_letter_is_called_it_has_the_headers_that_we_gave_it_and_no_others() {
        for subject in
            ["Soup", "Suppe für łódź", "Soup\r\nBcc: eve@example.org", "Soup\nX: y\r\n\r\nbody", &"soup ".repeat(60), &"ü".repeat(200)]
        {
            let head = head(&letter(subject));
            let mut names: Vec<&str> = head.iter().map(|line| line.split(':').next().unwrap_or_default()).collect();
            names.sort_unstable();
            let expected = [
                "Auto-Submitted",
                "Content-Transfer-Encoding",
                "Content-Type",
                "Date",
                "From",
                "List-Unsubscribe",
                "List-Unsubscribe-Post",
                "MIME-Version",
                "Message-ID",
                "Subject",
                "To",
            ];
            assert_eq!(names, expected, "{head:#?}");
            assert!(head.iter().all(|line| line.is_ascii()), "{head:#?}");
        }
    }

    #[test]
    fn mail_programs_find_what_they_need_to_know_a_copy_and_to_end_it() {
        let head = head(&letter("Soup"));
        let line = |name: &str| head.iter().find(|line| line.starts_with(name)).expect("there").clone();
        assert_eq!(line("Message-ID"), "Message-ID: <letter-7@porch.example>");
        assert_eq!(line("List-Unsubscribe:"), format!("List-Unsubscribe: <https://porch.example/unsubscribe/{}>", "x".repeat(90)));
        assert_eq!(line("List-Unsubscribe-Post"), "List-Unsubscribe-Post: List-Unsubscribe=One-Click");
        assert_eq!(line("Date"), "Date: Thu, 03 Dec 2026 19:30:00 +0000");
        assert!(line("From").ends_with("<porch@example.org>") && line("To").ends_with("<bo@example.org>"), "{head:#?}");
    }

    #[tokio::test]
    async fn a_letter_that_is_laid_down_twice_is_one_file_and_old_ones_go() {
        let folder = tempfile::tempdir().expect("a folder");
        let mail = folder.path().join("mail");
        let carrier = carrier(&MailConfig::Folder, mail.clone(), &Origin::for_testing()).expect("a carrier");
        assert_eq!(carrier.lying().await.expect("counts"), Some(0));
        for _ in 0..2 {
            carrier.carry(&letter("Soup")).await.expect("laid down");
        }
        assert_eq!(carrier.lying().await.expect("counts"), Some(1));
        assert_eq!(std::fs::read_dir(&mail).expect("a folder").count(), 1, "and nothing beside it");
        sweep(mail.clone()).await.expect("swept");
        assert_eq!(carrier.lying().await.expect("counts"), Some(1));
        let long_ago = SystemTime::now() - Duration::from_secs(31 * 86_400);
        std::fs::File::open(mail.join("7.eml")).and_then(|file| file.set_modified(long_ago)).expect("dated back");
        sweep(mail).await.expect("swept");
        assert_eq!(carrier.lying().await.expect("counts"), Some(0));
    }

    #[test]
    fn a_server_on_a_bare_address_has_a_sender_all_the_same() {
        for origin in ["http://127.0.0.1:3000", "http://[::1]:3000", "http://localhost:3000", "https://porch.example"] {
            let origin: Origin = origin.parse().expect("an origin");
            assert!(carrier(&MailConfig::Folder, PathBuf::from("mail"), &origin).is_ok(), "{origin}");
        }
    }

    #[tokio::test]
    async fn a_mail_server_can_be_spoken_to_in_every_way_that_can_be_configured() {
        for (server, security) in [("smtp.example.org", None), ("smtp.example.org:465", None), ("127.0.0.1:25", Some(MailSecurity::None))] {
            let account = (Some("porch".to_owned()), Some("soup and sketchbooks".to_owned()));
            let config = MailConfig::of(server.parse().ok(), security, account, "porch@example.org".parse().ok()).expect("whole");
            assert!(carrier(&config, PathBuf::from("unused"), &Origin::for_testing()).is_ok(), "{server}");
        }
    }
}
