//! What can be typed: `porchlight` and its commands, in words that a volunteer understands.

use crate::{
    config::{Config, DataFolder, Database, Limits, Listen, MailConfig, MailFrom, MailSecurity, MailServer, Network, Origin},
    demo::Size,
    keeper,
    pictures::{Bucket, MediaConfig},
    serve::{self, Failure},
};
use clap::{Args, Parser, Subcommand};
use domain::invitations::InvitationForm;
use std::path::PathBuf;

/// A home on the web for one small community.
///
/// Without a command it serves: everything is kept in the folder ./data, and the place opens at http://127.0.0.1:3000.
#[derive(Debug, Parser)]
#[command(name = "porchlight", version, args_conflicts_with_subcommands = true, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serving,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the place (this is what happens without a command)
    #[command(after_help = "Examples:\n  \
        porchlight serve\n      \
        On this machine only, at http://127.0.0.1:3000.\n  \
        porchlight serve --data /srv/porch --origin https://porch.example.org --trusted-proxy 127.0.0.1\n      \
        Behind a proxy on the same machine that speaks https, such as Caddy.\n\n\
        Until the community is founded, the link for founding it is printed at every start.\n\
        Stop it with Ctrl-C, or with SIGTERM; it then finishes what it is doing.")]
    Serve(Serving),

    /// Fill an empty folder with an invented community of 40 people, to look around in
    #[command(after_help = "Example:\n  \
        porchlight demo --data ./demo && porchlight serve --data ./demo\n\n\
        It prints the names and the password of a host, an admin and a member to sign in with.\n\
        A folder that already holds a community is left alone.")]
    Demo {
        #[command(flatten)]
        place: Place,
        /// As large as the benchmark wants it: 50 people, 10,000 posts, 300 gatherings
        #[arg(long, hide = true)]
        benchmark: bool,
    },

    /// Write everything into one file, also while the place is open
    #[command(after_help = "Example:\n  \
        porchlight backup --data /srv/porch porch-monday.tar\n\n\
        The file holds everything, private posts included: keep it where only you can read it.")]
    Backup {
        #[command(flatten)]
        place: Place,
        /// The file to write; it must not be there yet
        file: PathBuf,
    },

    /// Make a place from a backup, in an empty folder
    #[command(after_help = "Example:\n  \
        porchlight restore --data /srv/porch-again porch-monday.tar\n\n\
        A folder that already holds a community is left alone.")]
    Restore {
        #[command(flatten)]
        place: Place,
        /// The backup
        file: PathBuf,
    },

    /// Look whether everything is whole: the database, and a file for every picture
    #[command(after_help = "Example:\n  porchlight check --data /srv/porch\n\nIt changes nothing. The exit code is 0 if all is well.")]
    Check {
        #[command(flatten)]
        place: Place,
    },

    /// Make an invitation, in the name of the first admin
    #[command(after_help = "Examples:\n  \
        porchlight invite --data /srv/porch --name \"Lucía\"\n      \
        For one person.\n  \
        porchlight invite --data /srv/porch --group \"Drawing circle\" --uses 12 --days 14\n      \
        One link for a whole group.")]
    Invite {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        origin: PublicAddress,
        /// For one person: what they are called
        #[arg(long, value_name = "NAME", required_unless_present = "group", conflicts_with = "group")]
        name: Option<String>,
        /// For one person: a line that they read on the invitation
        #[arg(long, value_name = "TEXT", requires = "name")]
        note: Option<String>,
        /// For a group: what it is called
        #[arg(long, value_name = "LABEL", requires = "uses")]
        group: Option<String>,
        /// For a group: how many people may come in by the link
        #[arg(long, value_name = "NUMBER", requires = "group")]
        uses: Option<String>,
        /// For how many days it works
        #[arg(long, value_name = "DAYS", default_value = "30")]
        days: String,
    },

    /// Make a link by which a member can set a new password
    #[command(after_help = "Example:\n  \
        porchlight reset-password --data /srv/porch ana\n\n\
        Give the link to that person and to nobody else. It works once, for three days.")]
    ResetPassword {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        origin: PublicAddress,
        /// The member's name, with or without @
        name: String,
    },
}

/// Where the place is kept.
#[derive(Clone, Debug, Args)]
struct Place {
    /// The folder that holds everything; made if it is missing
    #[arg(long, value_name = "FOLDER", env = "PORCHLIGHT_DATA", default_value = "data")]
    data: PathBuf,
    /// Keep the rows in this PostgreSQL instead of the folder (postgres://…)
    #[arg(long, value_name = "ADDRESS", env = "PORCHLIGHT_DATABASE_URL", hide_env_values = true)]
    database_url: Option<Database>,
    /// Keep the pictures in this S3 bucket instead of the folder; keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
    #[arg(long, value_name = "NAME", env = "PORCHLIGHT_MEDIA_BUCKET")]
    media_bucket: Option<String>,
    /// Address of the S3 service, if it is not Amazon's
    #[arg(long, value_name = "ADDRESS", env = "PORCHLIGHT_MEDIA_ENDPOINT", requires = "media_bucket")]
    media_endpoint: Option<String>,
    /// Region of the bucket
    #[arg(long, value_name = "REGION", env = "PORCHLIGHT_MEDIA_REGION", requires = "media_bucket")]
    media_region: Option<String>,
}

/// Where people find the place.
#[derive(Clone, Debug, Args)]
struct PublicAddress {
    /// The public address of the place, with which links begin [default: the one by which it was last served]
    #[arg(long, value_name = "ADDRESS", env = "PORCHLIGHT_ORIGIN")]
    origin: Option<Origin>,
}

#[derive(Clone, Debug, Args)]
struct Serving {
    #[command(flatten)]
    place: Place,
    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT", env = "PORCHLIGHT_LISTEN", default_value = "127.0.0.1:3000")]
    listen: Listen,
    /// The public address by which people open the place [default: http:// and where it listens]
    #[arg(long, value_name = "ADDRESS", env = "PORCHLIGHT_ORIGIN")]
    origin: Option<Origin>,
    /// A proxy in front whose word for who is asking is taken; an address or a network, several with commas
    #[arg(long, value_name = "ADDRESS", env = "PORCHLIGHT_TRUSTED_PROXY", value_delimiter = ',')]
    trusted_proxy: Vec<Network>,
    #[command(flatten)]
    mail: MailSetting,
}

/// By whom mail is sent. Without a server, each mail is a file in the folder `mail` of the data folder, for whoever keeps the place to read.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Mail (without a server, each is a file in the folder mail of the data folder)")]
struct MailSetting {
    /// The server that sends mail [default port: 587]
    #[arg(long, value_name = "HOST:PORT", env = "PORCHLIGHT_MAIL_SERVER")]
    mail_server: Option<MailServer>,
    /// How nobody reads along on the way there: starttls, tls, or none (on this machine) [default: tls on port 465, else starttls]
    #[arg(long, value_name = "HOW", env = "PORCHLIGHT_MAIL_SECURITY")]
    mail_security: Option<MailSecurity>,
    /// The name by which the server knows you
    #[arg(long, value_name = "NAME", env = "PORCHLIGHT_MAIL_USER")]
    mail_user: Option<String>,
    /// The password that goes with it. Better as a variable: what is typed can be read by everybody on the machine
    #[arg(long, value_name = "PASSWORD", env = "PORCHLIGHT_MAIL_PASSWORD", hide_env_values = true)]
    mail_password: Option<String>,
    /// The address that mail comes from, such as "Lantern Street <porch@example.org>"
    #[arg(long, value_name = "ADDRESS", env = "PORCHLIGHT_MAIL_FROM")]
    mail_from: Option<MailFrom>,
}

impl MailSetting {
    fn config(self) -> Result<MailConfig, Failure> {
        // A variable that is set to nothing is not set.
        let some = |text: Option<String>| text.filter(|text| !text.is_empty());
        let account = (some(self.mail_user), some(self.mail_password));
        MailConfig::of(self.mail_server, self.mail_security, account, self.mail_from)
            .map_err(|wrong| Failure::asked_wrongly(format!("About mail: {wrong}.")))
    }
}

impl Place {
    fn config(self, proxies: Vec<Network>) -> Config {
        // Not DATABASE_URL: a variable that was set for another program would move the place to where nothing of it is.
        let database = self.database_url.unwrap_or_default();
        let data = DataFolder::new(self.data);
        let bucket = self.media_bucket.map(|name| Bucket { name, endpoint: self.media_endpoint, region: self.media_region });
        let media = MediaConfig { folder: data.media(), s3: bucket };
        Config { media, mail: MailConfig::Folder, database, proxies, limits: Limits::default(), data }
    }
}

impl Cli {
    /// Does what was asked for.
    pub async fn run(self) -> Result<(), Failure> {
        match self.command.unwrap_or(Command::Serve(self.serve)) {
            Command::Serve(serving) => {
                let config = Config { mail: serving.mail.config()?, ..serving.place.config(serving.trusted_proxy) };
                serve::serve(config, serving.listen, serving.origin).await
            }
            Command::Demo { place, benchmark } => {
                let size = if benchmark { Size::BENCHMARK } else { Size::DEMO };
                keeper::demo(&place.config(Vec::new()), size).await
            }
            Command::Backup { place, file } => keeper::back_up(&place.config(Vec::new()), &file).await,
            Command::Restore { place, file } => keeper::restore(&place.config(Vec::new()), &file).await,
            Command::Check { place } => keeper::check(&place.config(Vec::new())).await,
            Command::Invite { place, origin, name, note, group, uses, days } => {
                let form = InvitationForm {
                    name: name.unwrap_or_default(),
                    note: note.unwrap_or_default(),
                    label: group.unwrap_or_default(),
                    uses: uses.unwrap_or_default(),
                    days,
                };
                keeper::invite(&place.config(Vec::new()), origin.origin, &form).await
            }
            Command::ResetPassword { place, origin, name } => keeper::reset_password(&place.config(Vec::new()), origin.origin, &name).await,
        }
    }
}
