//! Where everything meets: the one function that builds the services from a store and a configuration.

use crate::{
    archives,
    arriving::Arriving,
    community::CommunityNow,
    config::{Config, Database, MailConfig, Origin},
    export::Exports,
    feeds::Feeds,
    forms::KeptForms,
    front::{Front, Parts},
    import, introductions, jobs,
    live::Hub,
    mail, pages,
    passwords::{ArgonPasswords, RandomCodes},
    pictures::{Media, Pictures},
    prose::MarkdownProse,
    public_pages::PublicPages,
    qr,
    ready::Readiness,
    rosters,
    session::SignIns,
    throttle::Throttle,
};
use app::request::{Founding, Services, TakesPictures};
use bytes::Bytes;
use domain::{
    archives::Archives,
    blocks::Blocks,
    community::{Community, Place},
    export::Export,
    gatherings::{Gatherings, bring::Bring, import::Imports, room::Rooms},
    hand_over::{HandingOver, Keeping},
    hands::{Hands, meter::Meter},
    hosting::{Hosting, notes::Notes, round::Rounds, sentences::Sentences},
    introductions::Introductions,
    invitations::Invitations,
    leaving::Leaving,
    live::Outbox,
    mail::{Around, Mail},
    notifications::Notifications,
    outcome::{Error, Unavailable},
    people::People,
    pictures::{Picture, PictureRefusal},
    prose::Prose,
    pulse::Pulse,
    rosters::Rosters,
    setup::Setup,
    sign_in::{Codes, Passwords, SignIn},
    sparks::Sparks,
    time::{Clock, SystemClock},
    timeline::Timeline,
    viewer::Me,
    weekly::Weekly,
    welcome::Welcome,
};
use std::{sync::Arc, time::Duration};
use store::Store;
use tokio::sync::{Semaphore, watch};

/// How long two processes on one PostgreSQL may take to commit what they wrote to the outbox, one after the other.
const LATE: Duration = Duration::from_secs(10);

/// The services over a store, with passwords hashed as given, for a place that people find at `origin`.
pub fn services(
    store: &Store,
    config: &Config,
    origin: &Origin,
    pictures: Arc<Pictures>,
    passwords: ArgonPasswords,
) -> Result<Services, Unavailable> {
    let kept = Arc::new(store.clone());
    let prose: Arc<dyn Prose> = Arc::new(MarkdownProse);
    let passwords: Arc<dyn Passwords> = Arc::new(passwords);
    let codes: Arc<dyn Codes> = Arc::new(RandomCodes);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let gatherings = Gatherings::new(kept.clone(), kept.clone(), prose.clone(), clock.clone());
    let timeline = Timeline::new(kept.clone(), (kept.clone(), kept.clone()), prose.clone(), clock.clone());
    let (sentences, notes) = (Sentences::new(kept.clone(), clock.clone()), Notes::new(kept.clone(), clock.clone()));
    let rounds = Rounds::new((kept.clone(), kept.clone()), (sentences.clone(), notes.clone()), timeline.clone(), clock.clone());
    let sign_in = SignIn::new(kept.clone(), passwords.clone(), codes.clone(), clock.clone());
    let around = Around {
        gatherings: gatherings.clone(),
        community: kept.clone(),
        codes: codes.clone(),
        carrier: mail::carrier(&config.mail, config.data.mail(), origin)?,
        clock: clock.clone(),
        origin: origin.as_str().to_owned(),
    };
    Ok(Services {
        place: Place::new(kept.clone(), prose.clone(), clock.clone()),
        setup: Setup::new(kept.clone(), passwords.clone(), prose.clone(), clock.clone()),
        people: People::new(kept.clone()),
        blocks: Blocks::new(kept.clone(), kept.clone(), clock.clone()),
        sign_in: sign_in.clone(),
        invitations: Invitations::new(kept.clone(), passwords, codes.clone(), clock.clone()),
        introductions: Introductions::new((kept.clone(), kept.clone()), Arc::new(introductions::Aside), timeline.clone(), clock.clone()),
        rooms: Rooms::new((kept.clone(), kept.clone(), kept.clone()), (gatherings.clone(), timeline.clone()), prose.clone(), clock.clone()),
        pulse: Pulse::new((kept.clone(), kept.clone(), kept.clone()), kept.clone(), clock.clone()),
        rosters: Rosters::new(kept.clone(), Arc::new(rosters::Aside), timeline.clone(), around.clone()),
        archives: Archives::new((kept.clone(), kept.clone()), Arc::new(archives::Aside), timeline.clone(), around.clone()),
        bring: Bring::new(kept.clone(), kept.clone(), clock.clone()),
        export: Export::new(kept.clone(), clock.clone()),
        sparks: Sparks::new(kept.clone(), kept.clone(), timeline.clone(), clock.clone()),
        welcome: Welcome::new(
            (kept.clone(), kept.clone(), kept.clone()),
            (kept.clone(), kept.clone()),
            (timeline.clone(), gatherings.clone()),
            clock.clone(),
        ),
        weekly: Weekly::new(kept.clone(), kept.clone(), timeline.clone(), clock.clone()),
        hosting: Hosting { sentences, notes, rounds },
        hands: Hands::new(kept.clone(), kept.clone(), Meter::new(kept.clone(), clock.clone()), clock.clone()),
        handing_over: HandingOver::new(kept.clone(), sign_in.clone(), clock.clone()),
        leaving: Leaving::new(kept.clone(), sign_in, clock.clone()),
        keeping: keeping(config),
        timeline,
        notifications: Notifications::new(kept.clone()),
        imports: Imports::new((kept.clone(), kept.clone()), Arc::new(import::Aside { origin: origin.as_str().to_owned() }), prose, clock),
        gatherings,
        mail: Mail::new(kept, around),
        pictures: Arc::new(TakesIn(pictures)),
        codes,
        qr: qr::svg,
        founding: Arc::new(SoFar(store.clone())),
    })
}

/// What an admin is told of how the place is set up: nothing by which one could come in anywhere.
fn keeping(config: &Config) -> Keeping {
    let folder = config.data.path();
    let mail = match &config.mail {
        MailConfig::Folder => None,
        MailConfig::Smtp(smtp) => Some((smtp.server.host.clone(), smtp.from.0.email.to_string())),
    };
    Keeping {
        folder: std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()).display().to_string(),
        in_folder: config.database == Database::Sqlite,
        mail,
    }
}

/// All parts of a server that people find at `origin`.
pub async fn front(store: Store, config: Config, origin: Origin, passwords: ArgonPasswords) -> Result<Front, Unavailable> {
    let media = Media::open(&config.media)?;
    media.reach(&config.media).await?;
    let pictures = Arc::new(Pictures::new(media, Arc::new(store.clone())));
    let services = services(&store, &config, &origin, pictures.clone(), passwords)?;
    let limits = config.limits;
    let hub = Hub::new(store.newest().await?, limits.streams_of_one, limits.streams);
    let community = CommunityNow::new(store.clone());
    // Read before anybody asks; and after the hub's position, so that what changes in between is heard.
    community.now().await?;
    Ok(Front::of(Parts {
        feeds: Arc::new(Feeds {
            gatherings: services.gatherings.clone(),
            place: services.place.clone(),
            origin: origin.as_str().to_owned(),
            clock: Arc::new(SystemClock),
        }),
        sign_ins: SignIns::new(store.clone(), services.sign_in.clone(), origin.is_https()),
        community,
        hub,
        throttle: Throttle::new(limits.visitor_posts_a_minute),
        proxies: config.proxies.clone(),
        arriving: Arc::new(Arriving::new(limits.arriving_of_one, limits.arriving)),
        readiness: Readiness::default(),
        room: Arc::new(Semaphore::new(limits.at_once)),
        exports: Exports::in_folder(config.data.path()),
        closing: watch::Sender::new(false),
        public_pages: PublicPages::default(),
        kept: KeptForms::default(),
        assets: pages::ASSETS,
        store,
        services,
        pictures,
        origin,
        limits,
        config,
    }))
}

/// Begins what goes on beside the requests, until the server closes: following the outbox, and the jobs.
pub fn begin(front: &Front) {
    let following = front.clone();
    tokio::spawn(async move {
        let late = if following.config.database == Database::Sqlite { Duration::ZERO } else { LATE };
        let (committed, closing) = (following.store.committed(), following.closing.subscribe());
        following.hub.follow(&following.store, &following.community, late, committed, closing).await;
    });
    tokio::spawn(jobs::work(front.clone()));
    tokio::spawn(jobs::remind(front.clone()));
    tokio::spawn(jobs::deliver(front.clone()));
    tokio::spawn(jobs::spark(front.clone()));
}

struct TakesIn(Arc<Pictures>);

#[async_trait::async_trait]
impl TakesPictures for TakesIn {
    async fn take_in(&self, owner: &Me, bytes: Bytes) -> Result<Picture, Error<PictureRefusal>> {
        self.0.take_in(owner, bytes).await
    }
}

struct SoFar(Store);

#[async_trait::async_trait]
impl Founding for SoFar {
    async fn so_far(&self) -> Result<Option<Community>, Unavailable> {
        self.0.founding_community().await
    }
}
