//! What whoever keeps the data folder does from the command line: backups, the check, an invitation when nobody can get in, a link
//! for a forgotten password. Having the folder is the right to do it.

use crate::{
    backup::{self, Target},
    compose,
    config::{Config, Database, Listen, Origin},
    demo::{self, Size},
    passwords::ArgonPasswords,
    pictures::{Media, Pictures},
    serve::{self, Failure},
};
use app::request::Services;
use domain::{
    ids::MemberId,
    invitations::InvitationForm,
    outcome::Error,
    people::{Handle, PeopleOrder, Person, Role},
    time::{Clock, SystemClock, Zone},
    timeline::Looked,
    viewer::{Me, Viewer},
};
use std::{fmt, path::Path, sync::Arc};
use store::Store;

/// Writes everything into one file.
pub async fn back_up(config: &Config, file: &Path) -> Result<(), Failure> {
    let (store, media) = open_to_read(config).await?;
    let manifest = backup::backup(&store, &media, file).await.map_err(failure)?;
    store.close().await;
    println!("Everything is in {}: {}.", file.display(), counted(manifest.files.len(), "file", "files"));
    Ok(())
}

/// Makes a place from a backup.
pub async fn restore(config: &Config, file: &Path) -> Result<(), Failure> {
    let bucket = config.media.s3.is_some().then(|| Media::open(&config.media)).transpose()?;
    let target = Target { folder: config.data.path(), database: &config.database, bucket: bucket.as_ref() };
    let restored = backup::restore(file, &target).await.map_err(failure)?;
    if let (Some(dump), Database::Postgres(address)) = (&restored.dump, &config.database) {
        backup::read_into_postgres(dump, address).await?;
    }
    println!("Restored into {} what was there on {}.", config.data.path().display(), restored.manifest.made_at);
    Ok(())
}

/// Looks whether everything is whole.
pub async fn check(config: &Config) -> Result<(), Failure> {
    let (store, media) = open_to_read(config).await?;
    let problems = backup::check(&store, &media).await?;
    store.close().await;
    if problems.is_empty() {
        println!("All is well.");
        return Ok(());
    }
    for problem in &problems {
        println!("{problem}");
    }
    Err(Failure::because(format!(
        "{} found. A backup from before may help: see porchlight restore --help.",
        counted(problems.len(), "problem was", "problems were")
    )))
}

/// Makes an invitation, in the name of the first admin.
pub async fn invite(config: &Config, origin: Option<Origin>, form: &InvitationForm) -> Result<(), Failure> {
    let origin = links_begin_with(config, origin);
    let (store, services) = open_services(config).await?;
    let admin = first_admin(&services).await?;
    let invitation = services.invitations.invite(&admin, form).await.map_err(asked_wrongly)?;
    store.close().await;
    println!("{origin}/join/{}", invitation.code);
    Ok(())
}

/// Makes a link by which a member sets a new password.
pub async fn reset_password(config: &Config, origin: Option<Origin>, name: &str) -> Result<(), Failure> {
    let origin = links_begin_with(config, origin);
    let (store, services) = open_services(config).await?;
    let code = services.sign_in.make_reset_by_keeper(name).await;
    store.close().await;
    let code = code.map_err(asked_wrongly)?;
    println!("{origin}/reset/{code}");
    Ok(())
}

/// Fills an empty folder with an invented community.
pub async fn demo(config: &Config, size: Size) -> Result<(), Failure> {
    serve::prepare_folder(&config.data)?;
    let store = Store::open(&config.location()).await?;
    let names = demo::fill(&store, Media::open(&config.media)?, size, SystemClock.now()).await.map_err(failure)?;
    store.close().await;
    println!("A community of {} people lives in {} now. Sign in as one of them:\n", size.members, config.data.path().display());
    for (role, name) in [("host", &names.host), ("admin", &names.admin), ("member", &names.member)] {
        println!("    {role:<8}{name}");
    }
    println!("\nThe password of each is: {}", names.password);
    Ok(())
}

/// The public address: what was asked for, else the one by which the place was last served, else that of a server nobody named.
fn links_begin_with(config: &Config, asked_for: Option<Origin>) -> Origin {
    let served = || std::fs::read_to_string(config.data.origin()).ok().and_then(|origin| origin.parse().ok());
    asked_for.or_else(served).unwrap_or_else(|| Origin::of_listener(Listen::default().0))
}

/// Opens a place that is there. The server may have it open as well.
async fn open(config: &Config) -> Result<(Store, Media), Failure> {
    is_there(config)?;
    serve::prepare_folder(&config.data)?;
    Ok((Store::open(&config.location()).await?, Media::open(&config.media)?))
}

/// Opens a place that is there and writes nothing, so that it can be saved from a disk that is full or failing.
async fn open_to_read(config: &Config) -> Result<(Store, Media), Failure> {
    is_there(config)?;
    Ok((Store::open_to_read(&config.location()).await?, Media::open(&config.media)?))
}

fn is_there(config: &Config) -> Result<(), Failure> {
    if config.database == Database::Sqlite && !config.data.database().exists() {
        return Err(Failure::because(format!(
            "There is no community in the folder {}. Say where it is with --data.",
            config.data.path().display()
        )));
    }
    Ok(())
}

async fn open_services(config: &Config) -> Result<(Store, Services), Failure> {
    let (store, media) = open(config).await?;
    let pictures = Arc::new(Pictures::new(media, Arc::new(store.clone())));
    let services = compose::services(&store, config, &links_begin_with(config, None), pictures, ArgonPasswords::new()?)?;
    Ok((store, services))
}

/// The admin who has been here longest.
async fn first_admin(services: &Services) -> Result<Me, Failure> {
    let name = Handle::parse("keeper").map_err(|refusal| Failure::because(refusal.to_string()))?;
    let as_member = |id, name, display_name, zone| Me {
        id,
        name,
        display_name,
        picture: None,
        role: Role::Admin,
        zone,
        unread: 0,
        looked: Looked::default(),
    };
    // Whoever holds the folder can read all of it; as a viewer they are a member whom no row knows.
    let keeper = Viewer::Member(as_member(MemberId(i64::MAX), name, "The keeper".to_owned(), Zone::utc()));
    let everyone = services.people.everyone(&keeper, PeopleOrder::Newest).await?;
    let first = everyone.into_iter().filter(|person| person.role == Role::Admin).min_by_key(|person| person.joined_at);
    let Person { who, zone, .. } =
        first.ok_or_else(|| Failure::because("The community is not founded yet: the server prints the link for it when it starts."))?;
    Ok(as_member(who.id, who.name, who.display_name, zone))
}

fn failure<R: fmt::Display>(error: Error<R>) -> Failure {
    match error {
        Error::Refused(refusal) => Failure::because(refusal.to_string()),
        Error::Unavailable(cause) => cause.into(),
    }
}

fn asked_wrongly<R: fmt::Display>(error: Error<R>) -> Failure {
    match error {
        Error::Refused(refusal) => Failure::asked_wrongly(refusal.to_string()),
        Error::Unavailable(cause) => cause.into(),
    }
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_begin_with_the_address_by_which_the_place_was_last_served() {
        let folder = tempfile::tempdir().expect("a folder");
        let config = Config::for_testing(folder.path());
        let begin = |asked_for: Option<Origin>| links_begin_with(&config, asked_for).to_string();
        assert_eq!(begin(None), "http://127.0.0.1:3000");
        serve::remember_origin(&config.data, &Origin::for_testing()).expect("kept");
        assert_eq!(begin(None), "https://porchlight.example");
        assert_eq!(begin("https://new.example".parse().ok()), "https://new.example");
    }
}
