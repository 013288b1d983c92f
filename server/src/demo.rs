//! A believable, lively community to look at and to measure: Lantern Street, forty-two invented people, their last six weeks, and two years of evenings before.
//!
//! Everything is done through the services, as people would do it, by a clock that is set to each moment in turn: so the demo
//! shows nothing that could not be. Reading order: `cast` (who), `talk` (what they said), `plans` (their gatherings),
//! `past` (the evenings behind them), `before` (what was said before), `arriving` (who just came), `desk` (what the hosts say and note), `sketches` (their pictures, painted by code), `crowd` (more of everything, for the benchmark), then here how it all comes to
//! pass. The same seed makes the same street.

mod arriving;
mod before;
mod cast;
mod chat;
mod crowd;
mod desk;
mod dice;
mod hands;
mod introductions;
mod letters;
mod past;
mod plans;
mod sketches;
mod sparks;
mod talk;

use crate::{
    passwords::{ArgonPasswords, RandomCodes},
    pictures::{Media, Pictures},
    prose::MarkdownProse,
};
use cast::{CAST, HOME};
use chrono::{DateTime, NaiveDate, Utc};
use dice::Dice;
use domain::{
    blocks::BlockStore,
    community::{CommunityForm, Place, WhoInvites, Words},
    gatherings::{
        Answer, GatheringForm, Gatherings, RsvpForm, Session,
        attendance::CheckForm,
        bring::{Bring, ListForm},
        room::Rooms,
        rota::RotaForm,
        sessions,
    },
    hands::{Hands, meter::Meter},
    hosting::{Hosting, notes::Notes, round::Rounds, sentences::Sentences},
    ids::PostId,
    introductions::{IntroductionForm, Introductions},
    invitations::{AskForm, InvitationForm, Invitations, JoinForm},
    mail::MailStore,
    notifications::Notifications,
    outcome::{Error, Unavailable},
    people::{People, ProfileForm, Role},
    prose::Prose,
    pulse::Pulse,
    rosters::{
        Draft, NewParty, RosterStore,
        checking::check,
        opening::{First, Opening, OpensFor},
        reading::read,
    },
    setup::{PlaceForm, Setup},
    sign_in::{Codes, Passwords, SignIn, SignedIn},
    sparks::Sparks,
    time::{Clock, Timestamp, Zone},
    timeline::{Audience, ChosenPicture, EditForm, PostForm, ReplyForm, Timeline, TimelineQuery},
    viewer::{Admin, Me, Viewer},
    weekly::Weekly,
    welcome::Welcome,
};
use past::PASTS;
use plans::{NOTES, PLANS};
use sketches::Motif;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};
use store::Store;
use talk::TALKS;

/// Everybody's password. It is printed, so a demo is not for strangers.
pub const PASSWORD: &str = "soup and sketchbooks";
/// Whom of the cast the demo names as its member.
const MEMBER: usize = 4;
/// Over how many days the story happens.
const STORY_DAYS: i64 = 42;
/// How far back the first evenings of the two oldest gatherings are, in days.
const PAST_DAYS: i64 = past::DAYS;
/// How far back the benchmark's posts reach before the story begins, in days.
const CROWD_DAYS: i64 = 300;
/// How many of those who came last are still new to the host.
const STILL_NEW: usize = 8;
/// The community's reactions.
const REACTIONS: [&str; 7] = ["❤️", "😂", "🎉", "🙏", "👀", "🍲", "✏️"];

/// How large a community to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// How many members.
    pub members: usize,
    /// How many posts, at least those of the story.
    pub posts: usize,
    /// How many gatherings, at least those of the street.
    pub gatherings: usize,
    /// Whether people have portraits and posts have pictures; painting takes most of the demo's time.
    pub pictures: bool,
}

impl Size {
    /// The forty people of the story; two more come at its end.
    pub const DEMO: Self = Self { members: CAST.len(), posts: TALKS.len(), gatherings: PLANS.len(), pictures: true };
    /// What `make bench` measures.
    pub const BENCHMARK: Self = Self { members: 50, posts: 10_000, gatherings: 300, pictures: true };
}

/// By which names to look at the demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInNames {
    /// A host.
    pub host: String,
    /// An admin.
    pub admin: String,
    /// A member.
    pub member: String,
    /// The password of each.
    pub password: String,
}

/// Why no demo was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FillRefusal {
    /// A community is there, or its founding has begun.
    #[error("There is a community here already. The demo needs an empty data folder of its own, such as --data ./demo.")]
    NotEmpty,
}

/// By which name the person of that number signs in, the founder being 0.
pub fn member_name(at: usize) -> String {
    crowd::person(at).0
}

/// Fills an empty store, as if everything had happened in the weeks before `now`.
pub async fn fill(store: &Store, media: Media, size: Size, now: Timestamp) -> Result<SignInNames, Error<FillRefusal>> {
    fill_with(store, media, size, now, ArgonPasswords::new()?).await
}

async fn fill_with(
    store: &Store,
    media: Media,
    size: Size,
    now: Timestamp,
    passwords: ArgonPasswords,
) -> Result<SignInNames, Error<FillRefusal>> {
    let crowd = size.posts.saturating_sub(TALKS.len());
    let story = now.plus_days(-STORY_DAYS);
    let founded = story.plus_days(if crowd > 0 { -CROWD_DAYS } else { -PAST_DAYS });
    let mut street = Street::new(store, media, passwords, size, founded);
    street.found().await?;
    for (at, deed) in calendar_of(&street, story, now) {
        street.clock.set(at);
        street.act(deed).await?;
    }
    street.clock.set(now);
    street.leave_open_ends().await?;
    street.invite_the_choir().await?;
    if crowd == 0 {
        street.share_the_work().await?;
        street.light_sparks(now).await?;
        street.introduce(now).await?;
        street.take_turns(now).await?;
        street.welcome_the_new().await?;
        street.arrive(now).await?;
        let marco = Viewer::Member(street.me(1)?.clone()).host().ok_or_else(|| Unavailable::because("the demo's host is none"))?;
        chat::bring(store, &marco, [street.by("leila")?, street.by("tomek")?], (now, &street.zone)).await?;
        street.begin_letter(now).await?;
    }
    street.pulse.count().await?;
    let [admin, host, member] = [0, 1, MEMBER].map(|at: usize| CAST[at].name.to_owned());
    Ok(SignInNames { host, admin, member, password: PASSWORD.to_owned() })
}

/// A clock that is set.
struct SetClock(AtomicI64);

impl SetClock {
    fn set(&self, at: Timestamp) {
        self.0.store(at.0, Ordering::Relaxed);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }
}

/// One thing that somebody does.
#[derive(Clone, Debug)]
enum Deed {
    OpenDoor,
    Join(usize),
    Portrait(usize),
    MakeHost(usize),
    Write(usize),
    Reply(usize, usize),
    Edit(usize),
    React { thread: usize, reply: Option<usize>, by: usize, reaction: usize },
    Plan(usize),
    Rsvp { plan: usize, date: NaiveDate, by: usize, answer: Answer, note: &'static str },
    Look(usize),
    ReadNotices(usize),
    WriteDown { plan: usize, date: NaiveDate, came: Vec<usize>, others: Vec<&'static str> },
    Note { plan: usize, date: NaiveDate, text: &'static str, publish: bool },
    Say { plan: usize, date: NaiveDate, by: usize, text: &'static str },
    HangUp { plan: usize, date: NaiveDate, by: usize, motif: Motif, alt: &'static str, seed: u64 },
    SaySentence(usize),
    NoteDown(usize),
    GoRound,
    SendLetter(usize),
    Small(usize, usize),
    CrowdPost(u64),
    CrowdGathering(usize),
}

/// All deeds in the order of their times.
fn calendar_of(street: &Street, story: Timestamp, now: Timestamp) -> Vec<(Timestamp, Deed)> {
    let mut dice = Dice::new(28);
    let mut deeds: Vec<(Timestamp, Deed)> = Vec::new();
    let founded = street.founded;
    let crowded = street.size.posts > TALKS.len();

    // Whoever speaks is there: each joins before their first word in the story, most in the first days.
    let moments = moments(&mut dice, story, now);
    let planned_at = |plan: &plans::Plan| story.plus_days(plan.planned).plus_seconds(13 * 3600);
    let first_deed = |name: &str| {
        let words = TALKS.iter().position(|t| t.by == name || t.replies.iter().any(|(by, _)| *by == name)).map(|talk| moments[talk]);
        words.into_iter().chain(PLANS.iter().filter(|plan| plan.by == name).map(planned_at)).min()
    };
    for at in 1..street.size.members {
        let (_, _, character) = crowd::person(at);
        let late = at < CAST.len() && !crowded && !past::is_early(character.name);
        let joined = match first_deed(character.name).filter(|_| late) {
            Some(first) => first.plus_seconds(-3600 * (2 + at as i64 % 5)).max(story.plus_seconds(60 * at as i64)),
            None if late => story.plus_seconds(60 * at as i64),
            None => founded.plus_seconds(60 * at as i64),
        };
        deeds.push((joined, Deed::Join(at)));
        if street.size.pictures && cast::looks(at).is_some() {
            deeds.push((joined.plus_seconds(30), Deed::Portrait(at)));
        }
    }
    if street.size.pictures {
        deeds.push((founded.plus_seconds(50), Deed::Portrait(0)));
    }
    // Whoever looks around as the member has not been here for two days, and sees where they had read to.
    deeds.push((now.plus_days(-2), Deed::Look(MEMBER)));
    for host in [1, 2] {
        deeds.push((story.plus_days(1).plus_seconds(12 * 3600), Deed::MakeHost(host)));
    }

    for (thread, talk) in TALKS.iter().enumerate() {
        let mut at = moments[thread];
        deeds.push((at, Deed::Write(thread)));
        if !talk.edited.is_empty() {
            deeds.push((at.plus_seconds(600 + dice.below(5000) as i64), Deed::Edit(thread)));
        }
        let mut last = at;
        for reply in 0..talk.replies.len() {
            // The first answers come soon, later ones later, and all before now.
            let room = ((now.0 - last.0) / 1000 - 60 * (talk.replies.len() - reply) as i64).max(60);
            last = last.plus_seconds((240 + dice.below(5400 * (reply + 1)) as i64).min(room));
            deeds.push((last, Deed::Reply(thread, reply)));
            react(&mut deeds, &mut dice, street.size.members, (thread, Some(reply)), last, now);
        }
        at = at.plus_seconds(30);
        react(&mut deeds, &mut dice, street.size.members, (thread, None), at, now);
    }

    if !crowded {
        deeds.push((story, Deed::OpenDoor));
        deeds.extend(desk::deeds(now));
        deeds.extend(letters::deeds(now));
        // What came before the story was read long ago.
        let keepers = PASTS.iter().map(|past| PLANS[past.plan].by).chain(before::SMALL.iter().map(|small| small.first.0));
        let keepers: BTreeSet<usize> = keepers.filter_map(|name| CAST.iter().position(|character| character.name == name)).collect();
        deeds.extend(keepers.into_iter().map(|by| (story, Deed::ReadNotices(by))));
        for past in PASTS {
            remember(&mut deeds, street, &past, now);
        }
        for (number, small) in before::SMALL.iter().enumerate() {
            let begins = story.plus_days(-1 - before::DAYS * (before::SMALL.len() - 1 - number) as i64 / before::SMALL.len() as i64);
            let mut at = begins.plus_seconds((9 * 3600 + dice.below(10 * 3600)) as i64);
            for turn in 0..=small.then.len() {
                deeds.push((at, Deed::Small(number, turn)));
                at = at.plus_seconds((600 + dice.below(7200)) as i64);
            }
        }
    }
    for (plan, planned) in PLANS.iter().enumerate() {
        let at = street.planned_at(plan, planned_at(planned));
        if plan > 0 {
            deeds.push((at, Deed::Plan(plan)));
        }
        let Ok(checked) = street.plan_form(plan).check(&street.zone, &MarkdownProse, at) else { continue };
        let soon = now.plus_days(21);
        let answered = story.plus_days(1);
        let missed = PASTS.iter().find(|past| past.plan == plan && !crowded).map(|past| past.missed);
        for session in sessions::all(&checked.schedule).skip_while(|s| s.starts_at < answered).take_while(|s| s.starts_at < soon) {
            let mut came = Vec::new();
            for (by, character) in CAST.iter().enumerate().take(street.size.members) {
                if dice.below(100) >= planned.answers {
                    continue;
                }
                let answer = *dice.pick(&[Answer::Yes, Answer::Yes, Answer::Yes, Answer::Yes, Answer::Maybe, Answer::No]);
                let note = if dice.below(5) == 0 { *dice.pick(&NOTES) } else { "" };
                let when = session.starts_at.plus_seconds(-(3600 + dice.below(3 * 86_400) as i64));
                let when = if when > now { now.plus_seconds(-(60 + dice.below(86_400) as i64)) } else { when };
                if when > at {
                    deeds.push((when, Deed::Rsvp { plan, date: session.date, by, answer, note }));
                }
                // Of those who say yes most come; who is missed does not.
                let stays_away = missed.is_some_and(|missed| missed.iter().any(|(name, _)| *name == character.name));
                if answer == Answer::Yes && !stays_away && by % 5 != 3 {
                    came.push(by);
                }
            }
            if missed.is_some() && session.ends_at.plus_seconds(7200) < now {
                deeds.push((session.ends_at.plus_seconds(3000), Deed::WriteDown { plan, date: session.date, came, others: Vec::new() }));
            }
        }
    }

    let crowd = street.size.posts.saturating_sub(TALKS.len());
    let begin = founded.plus_days(1);
    for number in 0..crowd {
        let at = begin.0 + (story.0 - begin.0) / crowd as i64 * number as i64;
        deeds.push((Timestamp(at), Deed::CrowdPost(dice.roll())));
    }
    for number in PLANS.len()..street.size.gatherings {
        deeds.push((begin.plus_seconds(60 * number as i64), Deed::CrowdGathering(number)));
    }

    deeds.sort_by_key(|(at, _)| *at);
    // Somebody who is not here yet neither reacts nor answers.
    let joined: BTreeMap<usize, Timestamp> =
        deeds.iter().filter_map(|(at, deed)| if let Deed::Join(by) = deed { Some((*by, *at)) } else { None }).collect();
    deeds.retain(|(at, deed)| match deed {
        Deed::React { by, .. } | Deed::Rsvp { by, .. } => {
            let away = before::AWAY.iter().find(|(name, _)| CAST.get(*by).is_some_and(|one| one.name == *name));
            joined.get(by).is_none_or(|joined| joined < at) && away.is_none_or(|(_, days)| *at < now.plus_days(-days))
        }
        _ => true,
    });
    deeds
}

/// What is known of the evenings of a gathering that are over.
fn remember(deeds: &mut Vec<(Timestamp, Deed)>, street: &Street, past: &past::Past, now: Timestamp) {
    let plan = past.plan;
    let over = street.over(plan, now);
    for (number, (session, evening)) in over.iter().zip(past.evenings(&over)).enumerate() {
        let (date, ends) = (session.date, session.ends_at);
        for (at, (by, text)) in evening.said.into_iter().enumerate() {
            deeds.push((session.starts_at.plus_seconds(1500 + 400 * at as i64), Deed::Say { plan, date, by, text }));
        }
        for (at, (by, motif, alt)) in evening.wall.into_iter().enumerate().filter(|_| street.size.pictures) {
            let seed = (100 * number + at) as u64;
            deeds.push((session.starts_at.plus_seconds(2400 + 300 * at as i64), Deed::HangUp { plan, date, by, motif, alt, seed }));
        }
        deeds.push((ends.plus_seconds(3600), Deed::WriteDown { plan, date, came: evening.came, others: evening.others }));
        if let Some(text) = evening.note {
            deeds.push((ends.plus_seconds(5400), Deed::Note { plan, date, text, publish: number % 3 == 0 }));
        }
    }
}

/// When each thread of the story begins: spread over the weeks, at hours when people are up (and sometimes when they are not).
fn moments(dice: &mut Dice, story: Timestamp, now: Timestamp) -> Vec<Timestamp> {
    let span = now.0 - story.0 - 3 * 3_600_000;
    let mut moments: Vec<Timestamp> = (0..TALKS.len())
        .map(|at| {
            let even = story.0 + 3_600_000 + span / TALKS.len() as i64 * at as i64;
            Timestamp(even + dice.below(2 * 3_600_000) as i64)
        })
        .collect();
    moments.sort();
    moments
}

fn react(
    deeds: &mut Vec<(Timestamp, Deed)>,
    dice: &mut Dice,
    members: usize,
    (thread, reply): (usize, Option<usize>),
    at: Timestamp,
    now: Timestamp,
) {
    let most = if reply.is_some() { 3 } else { 9 };
    let mut by: Vec<usize> = (0..members.min(CAST.len())).collect();
    dice.shuffle(&mut by);
    for by in by.into_iter().take(dice.below(most)) {
        let reaction = *dice.pick(&[0, 0, 0, 1, 1, 2, 3, 4, 5, 6]);
        let room = ((now.0 - at.0) / 1000 - 5).max(1) as usize;
        let when = at.plus_seconds(dice.below(room.min(2 * 86_400)) as i64 + 1);
        deeds.push((when, Deed::React { thread, reply, by, reaction }));
    }
}

/// The services, and what has come to pass.
struct Street {
    clock: Arc<SetClock>,
    setup: Setup,
    place: Place,
    people: People,
    pulse: Pulse,
    sign_in: SignIn,
    introductions: Introductions,
    invitations: Invitations,
    timeline: Timeline,
    gatherings: Gatherings,
    rooms: Rooms,
    bring: Bring,
    hosting: Hosting,
    hands: Hands,
    notifications: Notifications,
    sparks: Sparks,
    welcome: Welcome,
    weekly: Weekly,
    blocks: Arc<dyn BlockStore>,
    mail: Arc<dyn MailStore>,
    parties: Arc<dyn RosterStore>,
    pictures: Pictures,
    size: Size,
    founded: Timestamp,
    /// The day from which the street's own gatherings count.
    story: NaiveDate,
    zone: Zone,
    /// A link that lets everybody in, as each comes.
    door: String,
    here: Vec<Option<Me>>,
    signed_in: Vec<Option<SignedIn>>,
    threads: BTreeMap<(usize, Option<usize>), PostId>,
    slugs: BTreeMap<usize, String>,
    /// What opened each small conversation from before.
    small: BTreeMap<usize, PostId>,
}

impl Street {
    fn new(store: &Store, media: Media, passwords: ArgonPasswords, size: Size, founded: Timestamp) -> Self {
        let kept = Arc::new(store.clone());
        let set = Arc::new(SetClock(AtomicI64::new(founded.0)));
        let clock: Arc<dyn Clock> = set.clone();
        let prose: Arc<dyn Prose> = Arc::new(MarkdownProse);
        let passwords: Arc<dyn Passwords> = Arc::new(OnePassword { passwords, hash: tokio::sync::OnceCell::new() });
        let codes: Arc<dyn Codes> = Arc::new(RandomCodes);
        let before = if size.posts > TALKS.len() { CROWD_DAYS } else { PAST_DAYS };
        let gatherings = Gatherings::new(kept.clone(), kept.clone(), prose.clone(), clock.clone());
        let timeline = Timeline::new(kept.clone(), (kept.clone(), kept.clone()), prose.clone(), clock.clone());
        let services = (gatherings.clone(), timeline.clone());
        let (sentences, notes) = (Sentences::new(kept.clone(), clock.clone()), Notes::new(kept.clone(), clock.clone()));
        let rounds = Rounds::new((kept.clone(), kept.clone()), (sentences.clone(), notes.clone()), timeline.clone(), clock.clone());
        Self {
            setup: Setup::new(kept.clone(), passwords.clone(), prose.clone(), clock.clone()),
            place: Place::new(kept.clone(), prose.clone(), clock.clone()),
            people: People::new(kept.clone()),
            pulse: Pulse::new((kept.clone(), kept.clone(), kept.clone()), kept.clone(), clock.clone()),
            sign_in: SignIn::new(kept.clone(), passwords.clone(), codes.clone(), clock.clone()),
            invitations: Invitations::new(kept.clone(), passwords, codes, clock.clone()),
            introductions: Introductions::new(
                (kept.clone(), kept.clone()),
                Arc::new(crate::introductions::Aside),
                timeline.clone(),
                clock.clone(),
            ),
            rooms: Rooms::new((kept.clone(), kept.clone(), kept.clone()), services, prose, clock.clone()),
            bring: Bring::new(kept.clone(), kept.clone(), clock.clone()),
            hosting: Hosting { sentences, notes, rounds },
            hands: Hands::new(kept.clone(), kept.clone(), Meter::new(kept.clone(), clock.clone()), clock.clone()),
            notifications: Notifications::new(kept.clone()),
            sparks: Sparks::new(kept.clone(), kept.clone(), timeline.clone(), clock.clone()),
            welcome: Welcome::new(
                (kept.clone(), kept.clone(), kept.clone()),
                (kept.clone(), kept.clone()),
                (timeline.clone(), gatherings.clone()),
                clock.clone(),
            ),
            weekly: Weekly::new(kept.clone(), kept.clone(), timeline.clone(), clock.clone()),
            blocks: kept.clone(),
            mail: kept.clone(),
            parties: kept.clone(),
            timeline,
            gatherings,
            pictures: Pictures::with_clock(media, kept, clock),
            clock: set,
            size,
            founded,
            story: DateTime::<Utc>::from(founded.plus_days(before)).date_naive(),
            zone: Zone::parse(HOME).unwrap_or_else(|_| Zone::utc()),
            door: String::new(),
            here: vec![None; size.members],
            signed_in: vec![None; size.members],
            threads: BTreeMap::new(),
            slugs: BTreeMap::new(),
            small: BTreeMap::new(),
        }
    }

    async fn found(&mut self) -> Result<(), Error<FillRefusal>> {
        if self.place.community().await?.is_some() {
            return Err(Error::Refused(FillRefusal::NotEmpty));
        }
        let Some(key) = self.setup.key(&RandomCodes.new_code()).await? else { return Err(Error::Refused(FillRefusal::NotEmpty)) };
        let begun = self.setup.progress(&key).await?.is_none_or(|progress| progress.founder.is_some());
        if begun {
            return Err(Error::Refused(FillRefusal::NotEmpty));
        }
        self.tell_founding(&key).await?;
        Ok(())
    }

    async fn tell_founding(&mut self, key: &str) -> Result<(), Unavailable> {
        let place = PlaceForm {
            name: "Lantern Street".into(),
            purpose: "A street that draws together, eats soup together and leaves the light on.".into(),
            time_zone: HOME.into(),
            language: "en".into(),
            size_cap: self.size.members.max(100).to_string(),
        };
        told("its place", self.setup.place(key, &place).await)?;
        let founder = told("its founder", self.setup.founder(key, &join_form(0), HOME).await)?;
        self.signed_in[0] = Some(founder);
        self.refresh(0).await?;
        told("its looks", self.setup.looks(key, "#a04028", GREETING).await)?;
        told("its rules", self.setup.rules(key, RULES).await)?;
        self.plan(0).await?;
        told("its gathering", self.setup.gathering_done(key).await)?;
        self.open_door().await?;
        told("its end", self.setup.finish(key).await)?;

        let admin = self.admin()?;
        let words = Words { gathering: "get-together".into(), gatherings: "get-togethers".into(), ..Words::default() };
        told("its words", self.place.change_words(&admin, &words).await)?;
        let form = CommunityForm {
            name: place.name,
            purpose: place.purpose,
            greeting: GREETING.into(),
            size_cap: place.size_cap,
            who_invites: WhoInvites::Everyone,
            asks_open: Some("on".into()),
            reactions: REACTIONS.join(" "),
            ..CommunityForm::default()
        };
        told("its settings", self.place.change(&admin, &form).await)
    }

    /// Makes the link by which the street comes in; one is good for a year.
    async fn open_door(&mut self) -> Result<(), Unavailable> {
        let door =
            InvitationForm { label: "Everybody on the street".into(), uses: "500".into(), days: "365".into(), ..InvitationForm::default() };
        self.door = told("its door", self.invitations.invite(self.me(0)?, &door).await)?.code;
        Ok(())
    }

    async fn act(&mut self, deed: Deed) -> Result<(), Unavailable> {
        match deed {
            Deed::OpenDoor => self.open_door().await,
            Deed::Join(at) => self.join(at).await,
            Deed::Portrait(at) => {
                let Some(looks) = cast::looks(at) else { return Ok(()) };
                let picture = told("a portrait", self.pictures.take_in(self.me(at)?, sketches::portrait(looks, at as u64)?).await)?;
                self.people.change_portrait(self.me(at)?, Some(picture.id)).await.map(drop)
            }
            Deed::MakeHost(at) => {
                let admin = self.admin()?;
                told("a host", self.people.change_role(&admin, CAST[at].name, Role::Host).await)?;
                self.refresh(at).await
            }
            Deed::Look(at) => self.timeline.page(&Viewer::Member(self.me(at)?.clone()), &TimelineQuery::default()).await.map(drop),
            Deed::Write(thread) => self.write(thread).await,
            Deed::Reply(thread, reply) => {
                let (Some(root), (by, text)) = (self.threads.get(&(thread, None)), TALKS[thread].replies[reply]) else { return Ok(()) };
                // People answer one another; half of the replies answer the one before.
                let before = reply.checked_sub(1).filter(|_| reply % 2 == 1).and_then(|before| self.threads.get(&(thread, Some(before))));
                let form = ReplyForm { markdown: text.into(), pictures: Vec::new() };
                let id = told("a reply", self.timeline.reply(self.by(by)?, *before.unwrap_or(root), &form).await)?;
                self.threads.insert((thread, Some(reply)), id);
                Ok(())
            }
            Deed::Edit(thread) => {
                let (Some(id), talk) = (self.threads.get(&(thread, None)), TALKS[thread]) else { return Ok(()) };
                let form = EditForm { markdown: talk.edited.into(), note: talk.note.into(), pictures: Vec::new() };
                told("an edit", self.timeline.edit(self.by(talk.by)?, *id, &form).await)
            }
            Deed::React { thread, reply, by, reaction } => {
                let talk = TALKS[thread];
                let may = talk.named.is_empty() || talk.by == CAST[by].name || talk.named.split(' ').any(|name| name == CAST[by].name);
                let author = reply.map_or(talk.by, |reply| talk.replies[reply].0);
                let Some(id) = self.threads.get(&(thread, reply)).filter(|_| may && author != CAST[by].name) else { return Ok(()) };
                told("a reaction", self.timeline.react(self.me(by)?, *id, REACTIONS[reaction], true).await)
            }
            Deed::SaySentence(number) => self.say_sentence(number).await,
            Deed::NoteDown(number) => self.note_down(number).await,
            Deed::GoRound => self.go_round().await,
            Deed::SendLetter(number) => self.send_letter(number, self.clock.now()).await,
            Deed::ReadNotices(at) => {
                self.refresh(at).await?;
                self.notifications.look(self.me(at)?, None).await.map(drop)
            }
            Deed::WriteDown { plan, date, came, others } => {
                let host = self.by(PLANS[plan].by)?;
                let came: Vec<_> = came.into_iter().filter_map(|at| self.here[at].as_ref()).map(|me| me.id).collect();
                let form = CheckForm { listed: Vec::new(), came, others: others.join("\n") };
                told("a list of who was there", self.rooms.check(host, (&self.slugs[&plan], &date.to_string()), &form).await)
            }
            Deed::Note { plan, date, text, publish } => {
                let host = self.by(PLANS[plan].by)?;
                told("a note", self.rooms.keep_note(host, (&self.slugs[&plan], &date.to_string()), text, publish).await)
            }
            Deed::Say { plan, date, by, text } => {
                told("something said in a room", self.rooms.say(self.me(by)?, (&self.slugs[&plan], &date.to_string()), text).await)
            }
            Deed::HangUp { plan, date, by, motif, alt, seed } => {
                let me = self.me(by)?;
                let picture = told("a picture", self.pictures.take_in(me, sketches::paint(motif, seed)?).await)?;
                let at = (self.slugs[&plan].as_str(), &*date.to_string());
                let chosen = ChosenPicture { id: picture.id, alt: alt.into() };
                told("a picture on the wall", self.rooms.hang_up(me, at, &[chosen]).await)?;
                // Most don't mind who sees it.
                if seed % 4 != 3 { told("a yes", self.rooms.agree(me, at, picture.id, true).await) } else { Ok(()) }
            }
            Deed::Plan(plan) => self.plan(plan).await,
            Deed::Rsvp { plan, date, by, answer, note } => {
                let Some(slug) = self.slugs.get(&plan) else { return Ok(()) };
                told(
                    "an answer",
                    self.gatherings
                        .rsvp(self.me(by)?, slug, &date.to_string(), answer, &RsvpForm { note: note.to_owned(), ..RsvpForm::default() })
                        .await,
                )
            }
            Deed::Small(number, turn) => self.small_talk(number, turn).await,
            Deed::CrowdPost(seed) => {
                let mut dice = Dice::new(seed);
                let by = dice.below(self.size.members);
                let audience = if dice.below(50) == 0 { Audience::Public } else { Audience::Community };
                let form = PostForm { markdown: crowd::post(&mut dice), audience, ..PostForm::default() };
                told("a post", self.timeline.write(self.me(by)?, &form).await).map(drop)
            }
            Deed::CrowdGathering(number) => {
                let mut dice = Dice::new(number as u64);
                let form = crowd::gathering(&mut dice, number, self.story, STORY_DAYS + 60);
                told("a gathering", self.gatherings.plan(self.me(dice.below(self.size.members))?, &form, &self.zone).await).map(drop)
            }
        }
    }

    async fn join(&mut self, at: usize) -> Result<(), Unavailable> {
        let (_, called, character) = crowd::person(at);
        // Whoever was invited by name comes in by a letter of their own, and the rest by the link on the hall's door.
        let inviter = CAST.iter().position(|c| c.name == character.by).filter(|by| self.here.get(*by).is_some_and(Option::is_some));
        let code = match inviter.filter(|by| *by > 0) {
            Some(by) => {
                let form = InvitationForm {
                    name: called,
                    note: format!("I'd love to see you here. {}", character.line),
                    ..InvitationForm::default()
                };
                told("an invitation", self.invitations.invite(self.me(by)?, &form).await)?.code
            }
            None => self.door.clone(),
        };
        self.signed_in[at] = Some(told("somebody who joins", self.invitations.join(&code, &join_form(at), HOME).await)?);
        self.refresh(at).await
    }

    async fn write(&mut self, thread: usize) -> Result<(), Unavailable> {
        let talk = TALKS[thread];
        let mut pictures = Vec::new();
        if let Some((motif, alt)) = talk.picture.filter(|_| self.size.pictures) {
            let taken = self.pictures.take_in(self.by(talk.by)?, sketches::paint(motif, thread as u64)?).await;
            pictures.push(ChosenPicture { id: told("a picture", taken)?.id, alt: alt.into() });
        }
        let audience = match (talk.public, talk.named) {
            (true, _) => Audience::Public,
            (false, "") => Audience::Community,
            (false, _) => Audience::Named,
        };
        let form = PostForm { markdown: talk.text.into(), note: talk.note.into(), audience, named: talk.named.into(), pictures };
        let id = told("a post", self.timeline.write(self.by(talk.by)?, &form).await)?;
        self.threads.insert((thread, None), id);
        Ok(())
    }

    /// A turn of a small conversation from before the story.
    async fn small_talk(&mut self, number: usize, turn: usize) -> Result<(), Unavailable> {
        let small = &before::SMALL[number];
        let id = match turn.checked_sub(1).map(|turn| small.then[turn]) {
            None => {
                let (by, text) = small.first;
                let form = PostForm { markdown: text.into(), ..PostForm::default() };
                told("a post from before", self.timeline.write(self.by(by)?, &form).await)?
            }
            Some((by, text)) => {
                let Some(root) = self.small.get(&number) else { return Ok(()) };
                let form = ReplyForm { markdown: text.into(), pictures: Vec::new() };
                told("an answer from before", self.timeline.reply(self.by(by)?, *root, &form).await)?
            }
        };
        self.small.entry(number).or_insert(id);
        Ok(())
    }

    fn plan_form(&self, plan: usize) -> GatheringForm {
        let founded = DateTime::<Utc>::from(self.founded).date_naive();
        let mut form = PLANS[plan].form(if self.has_past(plan) { founded } else { self.story });
        if plan == 0 {
            form.room = past::drawing_room();
        }
        if plan == 1 && self.has_past(plan) {
            form.cohosts = past::COOKS.into();
        }
        form
    }

    /// The sessions of a gathering that are over for two hours.
    fn over(&self, plan: usize, now: Timestamp) -> Vec<Session> {
        let Ok(checked) = self.plan_form(plan).check(&self.zone, &MarkdownProse, self.founded) else { return Vec::new() };
        sessions::all(&checked.schedule).take_while(|session| session.ends_at.plus_seconds(7200) < now).collect()
    }

    /// Whether a gathering is from before the story.
    fn has_past(&self, plan: usize) -> bool {
        self.size.posts <= TALKS.len() && PASTS.iter().any(|past| past.plan == plan)
    }

    /// When a gathering is planned, if it is not from before the story.
    fn planned_at(&self, plan: usize, in_the_story: Timestamp) -> Timestamp {
        if self.has_past(plan) { self.founded.plus_days(PLANS[plan].planned).plus_seconds(13 * 3600) } else { in_the_story }
    }

    async fn plan(&mut self, plan: usize) -> Result<(), Unavailable> {
        let form = self.plan_form(plan);
        let slug = told("a gathering", self.gatherings.plan(self.by(PLANS[plan].by)?, &form, &self.zone).await)?;
        self.slugs.insert(plan, slug);
        Ok(())
    }

    /// Who brings what to the next soup, and who hosts those after it.
    async fn share_the_work(&self) -> Result<(), Unavailable> {
        let (Some(soup), kofi) = (self.slugs.get(&1), self.by(PLANS[1].by)?) else { return Ok(()) };
        if self.has_past(1) {
            told("a rota", self.bring.keep_rota(kofi, soup, &RotaForm::default(), true).await)?;
        }
        let next = self.gatherings.page(&Viewer::Member(kofi.clone()), soup).await?.and_then(|page| page.next.into_iter().next());
        if let Some(date) = next.map(|next| next.session.date.to_string()) {
            let list = ListForm { things: past::THINGS.join("\n"), ..ListForm::default() };
            told("a list of things", self.bring.write(kofi, (soup, &date), &list).await)?;
            for (who, thing, many) in past::BROUGHT {
                told("a thing", self.bring.bring(self.by(who)?, (soup, &date), thing, many).await)?;
            }
        }
        Ok(())
    }

    /// The hosts introduced some to each other, who answered; and some say where they live.
    async fn introduce(&self, now: Timestamp) -> Result<(), Unavailable> {
        for made in introductions::MADE {
            let at = now.plus_days(-made.days_ago);
            self.clock.set(at);
            let [(one, about_one), (other, about_other)] = made.two.map(|(name, about)| (name.to_owned(), about.to_owned()));
            let (why, on_timeline) = (made.why.to_owned(), made.on_timeline);
            let form = IntroductionForm { one, other, about_one, about_other, why, on_timeline };
            let host = Viewer::Member(self.by(made.by)?.clone()).host();
            let host = host.ok_or_else(|| Unavailable::because(format!("the demo's {} is no host", made.by)))?;
            let (post, _) = told("an introduction", self.introductions.introduce(&host, &form).await)?;
            for (by, text, hours) in made.said {
                self.clock.set(at.plus_seconds(3600 * hours));
                let reply = ReplyForm { markdown: (*text).to_owned(), pictures: Vec::new() };
                told("an answer", self.timeline.reply(self.by(by)?, post, &reply).await)?;
            }
        }
        self.clock.set(now);
        for (name, town) in introductions::TOWNS {
            let me = self.by(name)?;
            let Some(person) = self.people.person(&Viewer::Member(me.clone()), me.name.as_str()).await? else { continue };
            let form = ProfileForm {
                display_name: person.who.display_name,
                pronouns: person.pronouns,
                line: person.line,
                town: town.to_owned(),
                interests: person.interests.join(", "),
                time_zone: person.zone.name().to_owned(),
            };
            told("where somebody lives", self.people.change_profile(me, &form).await)?;
        }
        // Somebody would rather not read somebody. That nobody can see it is the point.
        self.blocks.block(self.by("olga")?, self.by("idris")?.id, now).await
    }

    /// Some like to greet, and look after those who came last; of the others who came in the last weeks the host knows that they know their way.
    async fn welcome_the_new(&self) -> Result<(), Unavailable> {
        let host = Viewer::Member(self.me(1)?.clone()).host().ok_or_else(|| Unavailable::because("the demo's host is none"))?;
        for name in ["kofi", "leila", "rosa", "teresa", "wanjiru"] {
            self.welcome.change_greets(self.by(name)?, true).await?;
        }
        let mut newcomers: Vec<_> = self.welcome.board(&host).await?.newcomers.into_iter().map(|newcomer| newcomer.record.person).collect();
        newcomers.sort_by_key(|person| std::cmp::Reverse(person.joined_at));
        for settled in newcomers.iter().skip(STILL_NEW) {
            self.welcome.set_aside(&host, settled.who.name.as_str(), true).await?;
        }
        for (newcomer, greeter, accepts) in [("ben", "wanjiru", true), ("ayla", "rosa", true), ("elias", "leila", false)] {
            told("a greeter", self.welcome.ask_greeter(&host, newcomer, greeter).await)?;
            if accepts {
                self.welcome.answer_greeting(self.by(greeter)?, newcomer, true).await?;
            }
        }
        Ok(())
    }

    /// What waits for somebody: two invitations that nobody used yet, and two asks.
    async fn leave_open_ends(&self) -> Result<(), Unavailable> {
        let letter = InvitationForm {
            name: "Dona Graça from the bakery".into(),
            note: "You have fed us for thirty years. Come and be drawn, or come and sit.".into(),
            ..InvitationForm::default()
        };
        told("a letter", self.invitations.invite(self.me(0)?, &letter).await)?;
        let group = InvitationForm {
            label: "The tai chi people from the square".into(),
            uses: "12".into(),
            days: "60".into(),
            ..InvitationForm::default()
        };
        told("a group's link", self.invitations.invite(self.me(1)?, &group).await)?;
        for (name, reach, words) in [
            (
                "Beatriz",
                "beatriz@mail.example",
                "I walked under the lanterns by accident and have thought of it every day since. I live two streets up. I'd bring a very old accordion.",
            ),
            (
                "Omar and Jun",
                "the blue door at number 33, we have no bell",
                "We've just moved here with one child and eleven boxes of felt-tip pens. We'd like to know people who'd want to use them.",
            ),
        ] {
            told("an ask", self.invitations.ask(&AskForm { name: name.into(), reach: reach.into(), words: words.into() }).await)?;
        }
        Ok(())
    }

    /// A choir that is about to move in. It is kept as the service would keep it, which wants somebody to carry letters; here nobody has an address.
    async fn invite_the_choir(&self) -> Result<(), Unavailable> {
        let host = Viewer::Member(self.me(0)?.clone()).host().ok_or_else(|| Unavailable::because("the founder is no host"))?;
        let (at, called) = (self.clock.now(), "the Tuesday choir".to_owned());
        let draft = RandomCodes.new_code();
        let waits = Draft { called: called.clone(), days: 30, text: plans::CHOIR.into(), guessed: false };
        self.parties.keep_draft(&host, &draft, &waits, at, at.plus_days(1)).await?;
        let reading = read(plans::CHOIR).map_err(|reason| Unavailable::because(reason.to_string()))?;
        let look = check(reading, &self.parties.grounds(&host, at).await?);
        let guests = look.guests().map(|guest| (guest.clone(), RandomCodes.new_code())).collect();
        let party = NewParty { draft, called, guests, at, expires_at: at.plus_days(waits.days) };
        let party = told("a party", self.parties.keep_party(&host, &party).await)?;
        let words = plans::CHOIR_OPENS.to_owned();
        let sings = DateTime::<Utc>::from(at.plus_days(11)).with_timezone(&self.zone.rules()).date_naive().to_string();
        let (title, place) = ("One song for the street".to_owned(), "The hall with the blue door".to_owned());
        let first = First::New { title, date: sings, time: "19:00".to_owned(), place };
        let opening = Opening { at: at.plus_days(9), whom: OpensFor::Party, words, first: Some(first), done: false };
        self.parties.save_opening(&host, party, Some(&opening)).await.map(drop)
    }

    async fn refresh(&mut self, at: usize) -> Result<(), Unavailable> {
        if let Some(signed_in) = self.signed_in[at] {
            self.here[at] = self.sign_in.me(signed_in).await?;
        }
        Ok(())
    }

    fn me(&self, at: usize) -> Result<&Me, Unavailable> {
        self.here.get(at).and_then(Option::as_ref).ok_or_else(|| Unavailable::because(format!("the demo's member {at} is not here yet")))
    }

    fn by(&self, name: &str) -> Result<&Me, Unavailable> {
        let at = CAST.iter().position(|character| character.name == name);
        self.me(at.ok_or_else(|| Unavailable::because(format!("the demo knows no {name}")))?)
    }

    fn admin(&self) -> Result<Admin, Unavailable> {
        Viewer::Member(self.me(0)?.clone()).admin().ok_or_else(|| Unavailable::because("the demo's founder is no admin"))
    }
}

/// A refusal of something that the demo made up is a fault of the demo.
fn told<T, R: Display>(what: &str, result: Result<T, Error<R>>) -> Result<T, Unavailable> {
    result.map_err(|error| match error {
        Error::Refused(refusal) => Unavailable::because(format!("the demo's community, {what}: {refusal}")),
        Error::Unavailable(cause) => cause,
    })
}

fn join_form(at: usize) -> JoinForm {
    let (name, display_name, character) = crowd::person(at);
    JoinForm {
        name,
        password: PASSWORD.into(),
        display_name,
        pronouns: character.pronouns.into(),
        line: character.line.into(),
        interests: character.interests.into(),
        time_zone: character.zone.into(),
        rules: Some("on".into()),
    }
}

/// Everybody here has the one printed password, so it is hashed once, at its real cost, instead of forty times.
struct OnePassword {
    passwords: ArgonPasswords,
    hash: tokio::sync::OnceCell<String>,
}

#[async_trait::async_trait]
impl Passwords for OnePassword {
    async fn hash(&self, password: &str) -> Result<String, Unavailable> {
        self.hash.get_or_try_init(|| self.passwords.hash(password)).await.cloned()
    }
    async fn matches(&self, password: &str, hash: Option<&str>) -> Result<bool, Unavailable> {
        self.passwords.matches(password, hash).await
    }
}

const GREETING: &str = "Come in. We are one street and some people who moved away and kept their chair. We **draw on Thursdays**, eat soup \
once a month, and say good evening on the stairs.\n\nYou don't need to be good at anything.";

const RULES: &str = "## What we agreed on\n\n\
We are neighbours first. Tomorrow we meet on the stairs.\n\n\
1. **Be kind on purpose.** Say what you like about a drawing before you say what you'd change, and only if you were asked.\n\
2. **What's said here stays here.** Don't carry a post out of the house without asking who wrote it.\n\
3. **Draw people as you'd like to be drawn.** Ask before you post a face that can be known.\n\
4. **No selling, no campaigning.** Giving things away is another matter: please do.\n\
5. **Hard things are welcome, with a note on the lid,** so that everyone can choose when to open them.\n\
6. **If something is wrong, tell a host.** @ines, @marco or @amara will listen first and decide slowly.\n\n\
Nobody has to answer, react, or be here every day.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::MediaConfig;
    use domain::{people::PeopleOrder, timeline::TimelineQuery};
    use std::collections::BTreeSet;
    use store::Location;

    #[test]
    fn the_story_has_no_strangers_and_no_echo() {
        let names: BTreeSet<&str> = CAST.iter().map(|character| character.name).collect();
        assert_eq!(names.len(), 40);
        let texts: BTreeSet<&str> = TALKS.iter().map(|talk| talk.text).collect();
        let replies: BTreeSet<&str> = TALKS.iter().flat_map(|talk| talk.replies).map(|(_, text)| *text).collect();
        assert!(texts.len() >= 120 && replies.len() >= 150, "{} posts, {} replies", texts.len(), replies.len());
        for talk in TALKS {
            let by = talk.replies.iter().map(|(by, _)| *by).chain([talk.by]).chain(talk.named.split(' ').filter(|name| !name.is_empty()));
            assert!(by.into_iter().all(|name| names.contains(name)), "{talk:?}");
        }
        assert!(CAST.iter().skip(1).all(|character| names.contains(character.by)));
        assert!(PLANS.iter().all(|plan| names.contains(plan.by)));
    }

    async fn filled(size: Size) -> (tempfile::TempDir, Store, SignInNames) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&Location::Sqlite(folder.path().join("porchlight.db"))).await.expect("a database");
        let media = Media::open(&MediaConfig::folder(folder.path().join("media"))).expect("a folder");
        let passwords = ArgonPasswords::for_testing().expect("parameters");
        let names = fill_with(&store, media.clone(), size, Timestamp(1_795_000_000_000), passwords).await.expect("filled");
        let again = fill(&store, media, size, Timestamp(1_795_000_000_000)).await;
        assert!(matches!(again, Err(Error::Refused(FillRefusal::NotEmpty))), "a second filling is refused");
        (folder, store, names)
    }

    #[tokio::test]
    async fn the_street_is_full_of_people_who_talk_and_meet() {
        let (folder, store, names) = filled(Size { pictures: false, ..Size::DEMO }).await;
        let counts: BTreeMap<String, i64> = store.counts().await.expect("counted").into_iter().collect();
        let everybody = CAST.len() + arriving::MANY;
        assert_eq!(counts["members"], everybody as i64, "{counts:?}");
        let replies: usize = TALKS.iter().map(|talk| talk.replies.len()).sum();
        // Five of the gatherings are announced on the timeline; and what was said in rooms are posts that stand on none.
        let now = Timestamp(1_795_000_000_000);
        let media = Media::open(&MediaConfig::folder(folder.path().join("media"))).expect("a folder");
        let founded = now.plus_days(-STORY_DAYS - PAST_DAYS);
        let street =
            Street::new(&store, media, ArgonPasswords::for_testing().expect("parameters"), Size { pictures: false, ..Size::DEMO }, founded);
        let evenings: Vec<_> = PASTS.iter().flat_map(|past| past.evenings(&street.over(past.plan, now))).collect();
        let said: usize = evenings.iter().map(|evening| evening.said.len()).sum();
        assert!(evenings.len() > 120 && said > 10, "two years of Thursdays and of soup: {}, {said}", evenings.len());
        let introduced: usize = introductions::MADE.iter().map(|made| 1 + made.said.len()).sum();
        let small: usize = before::SMALL.iter().map(|small| 1 + small.then.len()).sum();
        assert_eq!(
            counts["posts"],
            (TALKS.len() + replies + 5 + said + introduced + small + sparks::posts() + letters::SENT.len() + arriving::hellos()) as i64,
            "{counts:?}"
        );
        assert_eq!(counts["weekly_letters"], letters::SENT.len() as i64);
        assert!(counts["pulse_months"] == 13 && counts["pulse_days"] > 800, "{counts:?}");
        assert_eq!(counts["introductions"], introductions::MADE.len() as i64);
        assert!(counts["attendance"] > 600 && counts["attendance_names"] > 10, "{counts:?}");
        assert_eq!(counts["gatherings"], 6, "{counts:?}");
        // Each of a host's tools has been used by somebody.
        let tools =
            ["sentences", "host_notes", "rounds", "round_cards", "greetings", "welcomes", "sparks", "sparks_to_come", "weekly_draft"];
        let more = ["parties", "party_guests", "archive_messages", "host_weeks", "week_swaps", "aways", "host_time"];
        let unused: Vec<&str> = tools.into_iter().chain(more).filter(|tool| counts[*tool] == 0).collect();
        assert!(unused.is_empty(), "{unused:?}");
        assert!(store.problems().await.expect("checked").is_empty());

        let kept = Arc::new(store.clone());
        let passwords = Arc::new(ArgonPasswords::for_testing().expect("parameters"));
        let clock = Arc::new(SetClock(AtomicI64::new(1_795_000_000_000)));
        let sign_in = SignIn::new(kept.clone(), passwords, Arc::new(RandomCodes), clock.clone());
        let mut roles = Vec::new();
        for name in [&names.member, &names.host, &names.admin] {
            let signed_in = sign_in.sign_in(name, &names.password, "203.0.113.1").await.expect("signed in");
            let me = sign_in.me(signed_in).await.expect("available").expect("a member");
            roles.push(me.role);
            let timeline = Timeline::new(kept.clone(), (kept.clone(), kept.clone()), Arc::new(MarkdownProse), clock.clone());
            let page = timeline.page(&Viewer::Member(me.clone()), &TimelineQuery::default()).await.expect("available");
            assert!(page.posts.is_sorted_by(|a, b| a.at >= b.at) && page.posts.iter().all(|post| post.at <= clock.now()));
            let everyone = People::new(kept.clone()).everyone(&Viewer::Member(me), PeopleOrder::Newest).await.expect("available");
            assert_eq!(everyone.len(), everybody);
        }
        assert_eq!(roles, [Role::Member, Role::Host, Role::Admin]);
    }

    #[tokio::test]
    async fn the_benchmark_gets_the_counts_that_it_asked_for() {
        let (_folder, store, _) = filled(Size { members: 50, posts: 400, gatherings: 30, pictures: false }).await;
        let counts: BTreeMap<String, i64> = store.counts().await.expect("counted").into_iter().collect();
        assert_eq!((counts["members"], counts["gatherings"]), (50, 30), "{counts:?}");
    }
}
