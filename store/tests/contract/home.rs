//! A founded community in a database of its own, for one test; and the macro that runs a law on both databases.

use chrono::NaiveDate;
use domain::{
    community::{CommunityChange, CommunityStore, HouseRules, WhoInvites, palette},
    gatherings::{Answer, Gathering, GatheringStore, NewGathering, NewRsvp, sessions::Schedule},
    ids::{MemberId, PictureId, PostId},
    invitations::{Invitation, InvitationStore, Invited, NewInvitation, NewMember},
    live::{Entry, Outbox},
    outcome::Error,
    people::{Handle, Profile, Role},
    pictures::{NewPicture, PictureStore},
    prose::{Prose, SafeHtml},
    setup::{NewPlace, SetupStore},
    sign_in::{SignInStore, SignedIn},
    time::{Clock, Timestamp, Zone},
    timeline::{Audience, ChosenPicture, NewPost, TimelineStore},
    viewer::{Admin, Host, Me, Viewer},
};
use sea_orm::{ConnectionTrait, Database};
use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::atomic::{AtomicI64, AtomicU32, Ordering},
};
use store::{Location, Store};

/// Expands each law into a test on SQLite and a test on PostgreSQL.
macro_rules! laws {
    ($(async fn $name:ident($home:ident: &Home) $body:block)*) => {
        $(async fn $name($home: &crate::home::Home) $body)*
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let home = crate::home::Home::founded(crate::home::sqlite()).await;
                super::$name(&home).await;
                home.end().await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let home = crate::home::Home::founded(crate::home::postgres().await).await;
                super::$name(&home).await;
                home.end().await;
            })*
        }
    };
}

/// Shows text as it is.
pub struct Plain;

impl Prose for Plain {
    fn render(&self, markdown: &str, _: &BTreeSet<Handle>) -> SafeHtml {
        SafeHtml::from_sanitizer(markdown.to_owned())
    }
}

/// A clock that stands.
pub struct At(pub Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// Where a test keeps its rows, and what has to be cleared away after it.
pub struct Place {
    pub location: Location,
    pub folder: tempfile::TempDir,
    server: Option<(String, String)>,
}

/// A new SQLite file in a folder of its own.
pub fn sqlite() -> Place {
    let folder = tempfile::tempdir().expect("a folder");
    Place { location: Location::Sqlite(folder.path().join("porchlight.sqlite")), folder, server: None }
}

/// A new database on the PostgreSQL server of the tests.
pub async fn postgres() -> Place {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var("PORCHLIGHT_TEST_POSTGRES")
        .expect("PORCHLIGHT_TEST_POSTGRES names no PostgreSQL server; run the tests by `make test`, which starts one");
    let name = format!("law_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let admin = Database::connect(&server).await.expect("the PostgreSQL server of the tests");
    admin.execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE template0")).await.expect("a new database");
    admin.close().await.expect("closes");
    let (address, options) = server.split_once('?').unwrap_or((&server, ""));
    let scheme_end = address.find("://").expect("a URL") + 3;
    let authority_end = address[scheme_end..].find('/').map_or(address.len(), |at| scheme_end + at);
    let url = format!("{}/{name}?{options}", &address[..authority_end]);
    let folder = tempfile::tempdir().expect("a folder");
    Place { location: Location::Postgres(url), folder, server: Some((server, name)) }
}

impl Place {
    pub async fn end(self) {
        if let Some((server, name)) = &self.server {
            let admin = Database::connect(server).await.expect("the PostgreSQL server of the tests");
            admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.expect("drops");
            admin.close().await.expect("closes");
        }
    }
    pub fn is_sqlite(&self) -> bool {
        self.server.is_none()
    }
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// A founded community. Ana founded it.
pub struct Home {
    pub store: Store,
    pub place: Place,
    pub ana: Me,
    link: Invitation,
    minutes: AtomicI64,
}

/// 2026-11-02T12:00:00Z: when the tests begin.
pub const BEGINNING: Timestamp = Timestamp(1_793_620_800_000);

impl Home {
    pub async fn founded(place: Place) -> Self {
        let store = Store::open(&place.location).await.expect("opens");
        let founder = found(&store, "key").await;
        let ana = store.me(founder).await.expect("answers").expect("the founder");
        let invited = Invited::Group { label: "Everyone".into(), uses: 400 };
        let new = NewInvitation { code: "everyone".into(), invited, at: BEGINNING, expires_at: BEGINNING.plus_days(1000) };
        let link = store.keep_invitation(&ana, &new).await.expect("keeps");
        Self { store, place, ana, link, minutes: AtomicI64::new(0) }
    }

    pub async fn end(self) {
        assert_eq!(self.store.problems().await.expect("answers"), Vec::<String>::new());
        self.store.close().await;
        self.place.end().await;
    }

    /// The next minute.
    pub fn now(&self) -> Timestamp {
        BEGINNING.plus_seconds(60 * self.minutes.fetch_add(1, Ordering::Relaxed))
    }

    /// A new member of that name.
    pub async fn member(&self, name: &str) -> Me {
        let signed_in = self.store.join(&self.link.code, &new_member(name, self.now())).await.expect("joins");
        self.me(signed_in).await
    }

    /// A member as they are by now.
    pub async fn again(&self, me: &Me) -> Me {
        let credential = self.store.credential(&me.name).await.expect("answers").expect("a member");
        self.me(credential.signed_in).await
    }

    pub async fn me(&self, signed_in: SignedIn) -> Me {
        self.store.me(signed_in).await.expect("answers").expect("a member")
    }

    pub fn admin(&self) -> Admin {
        viewer(&self.ana).admin().expect("the founder is an admin")
    }

    pub fn host(&self) -> Host {
        viewer(&self.ana).host().expect("the founder is a host")
    }

    /// A text that may be kept, at the next minute.
    pub fn text(&self, text: &str) -> NewPost {
        NewPost {
            markdown: text.into(),
            html: SafeHtml::from_sanitizer(format!("<p>{text}</p>")),
            note: None,
            audience: Audience::Community,
            named: Vec::new(),
            pictures: Vec::new(),
            mentioned: Vec::new(),
            tags: Vec::new(),
            excerpt: text.into(),
            at: self.now(),
        }
    }

    pub async fn post(&self, author: &Me, text: &str) -> PostId {
        self.store.keep_post(author, &self.text(text)).await.expect("keeps")
    }

    pub async fn post_for(&self, author: &Me, audience: Audience, named: &[&Me]) -> PostId {
        let named = named.iter().map(|me| me.id).collect();
        self.store.keep_post(author, &NewPost { audience, named, ..self.text("for some") }).await.expect("keeps")
    }

    pub async fn reply(&self, author: &Me, to: PostId, text: &str) -> PostId {
        self.store.keep_reply(author, to, &self.text(text)).await.expect("keeps")
    }

    pub async fn picture(&self, owner: &Me, hash: &str) -> PictureId {
        self.store.keep(owner, &NewPicture { hash: hash.into(), width: 640, height: 480 }).await.expect("keeps").id
    }

    pub async fn gathering(&self, host: &Me, title: &str, audience: Audience) -> String {
        self.store.keep_gathering(host, &self.new_gathering(title, audience)).await.expect("keeps")
    }

    /// A gathering as ana sees it.
    pub async fn kept(&self, slug: &str) -> Gathering {
        self.store.gathering(&viewer(&self.ana), slug).await.expect("answers").expect("there")
    }

    /// A yes to a session.
    pub fn yes(&self, gathering: &Gathering, date: NaiveDate) -> NewRsvp {
        NewRsvp {
            gathering: gathering.id,
            seen: gathering.changes,
            session: gathering.session(date).expect("a session"),
            answer: Answer::Yes,
            note: String::new(),
            guests: 0,
            always: None,
            coming: Vec::new(),
            at: self.now(),
        }
    }

    /// Answers a session.
    pub async fn answer(&self, me: &Me, gathering: &Gathering, date: NaiveDate, answer: Answer, note: &str) {
        let new = NewRsvp { answer, note: note.into(), ..self.yes(gathering, date) };
        assert!(self.store.record_rsvp(me, &new).await.expect("keeps"));
    }

    pub fn new_gathering(&self, title: &str, audience: Audience) -> NewGathering {
        NewGathering { at: self.now(), ..new_gathering(title, audience) }
    }

    /// What the outbox holds beyond a position.
    pub async fn told_after(&self, position: i64) -> Vec<Entry> {
        self.store.entries_after(position).await.expect("answers")
    }

    pub async fn newest(&self) -> i64 {
        self.store.newest().await.expect("answers")
    }

    pub async fn allow_members(&self, size_cap: u32) {
        let change = self.unchanged().await;
        self.store.save_community(&self.admin(), &CommunityChange { size_cap, ..change }).await.expect("keeps");
    }

    pub async fn let_invite(&self, who_invites: WhoInvites) {
        let change = self.unchanged().await;
        self.store.save_community(&self.admin(), &CommunityChange { who_invites, ..change }).await.expect("keeps");
    }

    async fn unchanged(&self) -> CommunityChange {
        let now = self.store.community().await.expect("answers").expect("founded");
        CommunityChange {
            name: now.name,
            purpose: now.purpose,
            greeting: now.greeting,
            greeting_html: now.greeting_html,
            language: now.language,
            zone: now.zone,
            size_cap: now.size_cap,
            who_invites: now.who_invites,
            asks_open: now.asks_open,
            reactions: now.reactions,
        }
    }
}

/// Takes all steps of setup.
pub async fn found(store: &Store, key: &str) -> SignedIn {
    assert_eq!(store.key(key).await.expect("answers").as_deref(), Some(key));
    assert!(store.save_place(key, &new_place("The Porch")).await.expect("keeps"));
    let founder = NewMember { role: Role::Admin, ..new_member("ana", BEGINNING) };
    let founder = store.save_founder(key, &founder).await.expect("keeps").expect("the key is right");
    assert!(store.save_looks(key, palette::FIRST_ACCENT, "Come in.", &SafeHtml::default()).await.expect("keeps"));
    assert!(store.save_first_rules(key, &rules("Be kind.")).await.expect("keeps"));
    assert!(store.finish(key).await.expect("keeps"));
    founder
}

pub fn new_gathering(title: &str, audience: Audience) -> NewGathering {
    NewGathering {
        slug: domain::gatherings::slug_of(title),
        title: title.into(),
        markdown: "Bring a bowl.".into(),
        html: SafeHtml::from_sanitizer("<p>Bring a bowl.</p>".into()),
        picture: None,
        alt: String::new(),
        schedule: Schedule {
            first: "2026-12-03".parse().expect("a date"),
            rule: "FREQ=WEEKLY;BYDAY=TH".parse().ok(),
            ..Schedule::for_testing()
        },
        without: Vec::new(),
        place: "The kitchen".into(),
        link: "https://meet.example/soup".into(),
        audience,
        named: Vec::new(),
        cohosts: Vec::new(),
        terms: Default::default(),
        room: Default::default(),
        announce: false,
        at: BEGINNING,
    }
}

pub fn new_place(name: &str) -> NewPlace {
    NewPlace {
        name: name.into(),
        purpose: "To sit together".into(),
        zone: Zone::parse("Europe/Lisbon").expect("a zone"),
        language: "en".into(),
        size_cap: 500,
        reactions: vec!["❤️".into(), "🍲".into()],
        accent: palette::FIRST_ACCENT,
    }
}

pub fn rules(markdown: &str) -> HouseRules {
    HouseRules { version: 1, markdown: markdown.into(), html: SafeHtml::from_sanitizer(format!("<p>{markdown}</p>")), since: BEGINNING }
}

pub fn handle(name: &str) -> Handle {
    Handle::parse(name).expect("a name")
}

pub fn new_member(name: &str, at: Timestamp) -> NewMember {
    let display_name = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    let profile = Profile {
        display_name,
        pronouns: String::new(),
        line: String::new(),
        town: String::new(),
        interests: Vec::new(),
        zone: Zone::utc(),
    };
    NewMember { name: handle(name), password_hash: format!("hash of {name}"), profile, role: Role::Member, at }
}

pub fn viewer(me: &Me) -> Viewer {
    Viewer::Member(me.clone())
}

pub fn chosen(picture: PictureId, alt: &str) -> ChosenPicture {
    ChosenPicture { id: picture, alt: alt.into() }
}

/// The refusal of an operation that must be refused.
pub fn refusal<T: std::fmt::Debug, R>(result: Result<T, Error<R>>) -> R {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        Err(Error::Unavailable(cause)) => panic!("unavailable instead of refused: {cause}"),
        Ok(done) => panic!("done instead of refused: {done:?}"),
    }
}

/// Members to whom an entry goes, of those given; nobody stands for "every member".
pub fn heard_by(entries: &[Entry], hint: impl Fn(&Entry) -> bool) -> Vec<Option<MemberId>> {
    let mut heard: Vec<_> = entries.iter().filter(|entry| hint(entry)).map(|entry| entry.only).collect();
    heard.sort();
    heard
}
