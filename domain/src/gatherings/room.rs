//! The room of a session, and what is left of it: the clock that its host keeps, who is here, the wall that fills with pictures, the
//! talk beside it, who was there, and the keepsake.
//!
//! Reading order: [`super::clock`] (what is set up, and how its time goes by) and [`super::attendance`] (who was there) are the rules;
//! here is what is kept and the service. A room is seen by those who may see its session, and by members alone; of a keepsake, visitors
//! see what its host published, and of each person's pictures those to which that person said yes.

use super::{
    Gathering, GatheringStore, Gatherings, Session, SessionPage,
    attendance::{Attendance, AttendanceRefusal, CheckForm, Comer, KnownBy, LOOKED_AT, MyAttendance, comers, is_it_still_on},
    clock::{Act, ClockRefusal, OPENS_BEFORE, Phase, RoomClock, RoomPlan, Turn},
    coming::LINK_ALWAYS,
    read_date,
};
use crate::{
    ids::{GatheringId, MemberId, PictureId, PostId},
    outcome::{AboutField, Error, OrRefuse, Unavailable},
    people::{Byline, Handle, PeopleStore},
    pictures::{LONGEST_ALT, Picture},
    prose::{Prose, SafeHtml},
    text::{self, Field, TextRefusal},
    time::{Clock, Timestamp},
    timeline::{ChosenPicture, NewPost, PostRefusal, Thread, Timeline},
    viewer::{Me, Viewer},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// How long somebody counts as here after their page was last heard of, in seconds. It says so several times a minute; but a page that is
/// behind another one is let do something once a minute only.
pub const HERE_SECONDS: i64 = 130;
/// How long open pages are told of a room or a link that opens, in seconds: so long that no minute is missed, and twice is no harm.
const OPENING_SECONDS: i64 = 90;
/// Most pictures that one person puts on a wall at once.
pub const MOST_AT_ONCE: usize = 6;
/// Most pictures of a wall: what a page can show.
pub const MOST_ON_WALL: usize = 400;
/// Most of what was said that a room shows: a long evening of fifty people.
pub const MOST_SAID: usize = 1500;
/// How many of one's own sessions are shown.
pub const MINE_SHOWN: usize = 60;

/// A picture on the wall of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnWall {
    /// The picture.
    pub picture: Picture,
    /// Whose it is.
    pub by: Byline,
    /// What was on when it came: `Round 2: A window`; may be empty.
    pub turn: String,
    /// They agreed that visitors see it where the keepsake is published.
    pub agreed: bool,
    /// It is the viewer's own.
    pub mine: bool,
}

/// The wall of a session, by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wall {
    /// What hangs on it, in the order in which it filled.
    pub pictures: Vec<OnWall>,
    /// Its host published the keepsake.
    pub published: bool,
    /// The viewer keeps the gathering, and may take any picture down.
    pub mine: bool,
    /// The last picture of those that a page shows already, where these are what came after it, and nothing else is otherwise.
    pub after: Option<PictureId>,
}

/// What of a wall a page shows already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnPage {
    /// Its last picture.
    pub last: PictureId,
    /// How many pictures it shows.
    pub many: u64,
}

/// What is kept of a room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoomRecord {
    /// The turns, as they were set up when the clock was started; none before that.
    pub turns: Vec<Turn>,
    /// The clock as it was last set.
    pub clock: RoomClock,
    /// How often the clock was set.
    pub sets: i64,
    /// The talk's first post.
    pub talk: Option<PostId>,
    /// The host's note, as typed.
    pub note: String,
    /// The host's note, as shown.
    pub note_html: SafeHtml,
    /// The host published it.
    pub published: bool,
    /// The wall, in the order in which it filled.
    pub wall: Vec<OnWall>,
    /// Who is here, by what they are called; for members.
    pub here: Vec<Byline>,
    /// Who was there, or was thought to be; for members.
    pub attendance: Vec<Attendance>,
    /// Who else was there, without an account; for members.
    pub others: Vec<String>,
    /// The viewer lets others see that they are here.
    pub shown: bool,
}

impl RoomRecord {
    /// What the page of its session is. One that was cancelled after people met has a keepsake of that, and no room.
    fn phase(&self, session: &Session, now: Timestamp) -> Phase {
        let begun = Phase::of(&Session { cancelled: false, ..*session }, now) != Phase::Ahead;
        if session.cancelled && begun && self.is_something() { Phase::Past } else { Phase::of(session, now) }
    }

    /// Something was said, hung up or noted there, or somebody is known to have come.
    fn is_something(&self) -> bool {
        let came = self.attendance.iter().any(|one| one.came) || !self.others.is_empty();
        came || self.talk.is_some() || !self.wall.is_empty() || !self.note_html.as_str().is_empty()
    }
}

impl Room {
    /// Its wall.
    pub fn wall(&self) -> Wall {
        Wall { pictures: self.kept.wall.clone(), published: self.kept.published, mine: self.gathering.mine, after: None }
    }
}

/// A session's room or keepsake, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// The gathering.
    pub gathering: Gathering,
    /// Its session.
    pub session: Session,
    /// What its page is now.
    pub phase: Phase,
    /// What is set up.
    pub plan: RoomPlan,
    /// What is kept; its clock is as it stands now, and its turns are those that would begin now where it was not started.
    pub kept: RoomRecord,
    /// When this was so.
    pub now: Timestamp,
}

/// The page of a session's room or keepsake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomPage {
    /// The session, and who answered.
    pub page: SessionPage,
    /// The room.
    pub room: Room,
    /// What was said; nothing, for a visitor.
    pub talk: Option<Thread>,
}

/// Why something was not done in a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum RoomRefusal {
    /// A field's text does not fit.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// The clock stands otherwise.
    #[error(transparent)]
    Clock(#[from] ClockRefusal),
    /// It is not open.
    #[error("The room is not open now.")]
    Closed,
    /// No picture came.
    #[error("Choose a picture first: from your camera, or one that you have.")]
    NoPicture,
    /// A picture that is not theirs, or hangs elsewhere already.
    #[error("One of the pictures did not arrive. Please add it again.")]
    PictureGone,
    /// The wall is full.
    #[error("This wall is full: {MOST_ON_WALL} pictures hang on it.")]
    Full,
    /// Not there, or not theirs.
    #[error("That is not here any more.")]
    Gone,
}

impl AboutField for RoomRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Text(reason) => reason.field(),
            Self::NoPicture | Self::PictureGone => Some("file"),
            Self::Clock(_) | Self::Closed | Self::Full | Self::Gone => None,
        }
    }
}

/// Which session of which gathering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The gathering.
    pub gathering: GatheringId,
    /// Its session.
    pub session: Session,
}

impl Place {
    /// The session at an address, with its gathering, if the viewer may see it.
    pub(super) async fn find(
        kept: &dyn GatheringStore,
        viewer: &Viewer,
        slug: &str,
        date: &str,
    ) -> Result<Option<(Gathering, Self)>, Unavailable> {
        let Some(date) = read_date(date) else { return Ok(None) };
        let Some(gathering) = kept.gathering(viewer, slug).await? else { return Ok(None) };
        let place = gathering.session(date).map(|session| Self { gathering: gathering.id, session });
        Ok(place.map(|place| (gathering, place)))
    }
}

/// A clock that is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewClock {
    /// Its turns.
    pub turns: Vec<Turn>,
    /// How it stands.
    pub clock: RoomClock,
    /// How often it had been set when this was decided.
    pub seen: i64,
}

/// Somebody who is in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BeingHere {
    /// Since when somebody must have been heard of to count as here still.
    pub since: Timestamp,
    /// It is also known by that, that they were there.
    pub counts: bool,
    /// Now.
    pub at: Timestamp,
}

/// What of an attendance is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAttendance {
    /// Who was there, or was not.
    pub members: BTreeMap<MemberId, bool>,
    /// By whom that is known.
    pub known_by: KnownBy,
    /// Who else was there, in place of those who were written down before; `None` leaves them.
    pub others: Option<Vec<String>>,
    /// Now.
    pub at: Timestamp,
}

/// What rooms need kept. Each takes the [`Place`] of a session that its caller was shown.
#[async_trait::async_trait]
pub trait RoomStore: Send + Sync {
    /// What is kept of a room; nothing but defaults where nothing is. One query.
    async fn room(&self, viewer: &Viewer, place: Place, here_since: Timestamp) -> Result<RoomRecord, Unavailable>;
    /// The wall of a session by itself; `None` if the viewer may not see its gathering. Of a wall that hangs as it did on a page, what is
    /// new. One query, and the only one of its part of the page: all who are in the room ask for it at each picture.
    async fn wall(&self, viewer: &Viewer, slug: &str, date: NaiveDate, shown: Option<OnPage>) -> Result<Option<Wall>, Unavailable>;
    /// Sets the clock; false where somebody else did so since.
    async fn set_clock(&self, place: Place, new: &NewClock) -> Result<bool, Unavailable>;
    /// Says that a member is here; nothing is kept of one who does not want that to be seen.
    async fn be_here(&self, me: &Me, place: Place, being: BeingHere) -> Result<(), Unavailable>;
    /// Says that a member went.
    async fn be_gone(&self, me: &Me, place: Place) -> Result<(), Unavailable>;
    /// Whether others see where a member is.
    async fn is_shown(&self, me: &Me) -> Result<bool, Unavailable>;
    /// Keeps whether others see where a member is.
    /// Where they are now, counted from `since`, they are no longer seen, and the room says no longer that they came.
    async fn be_shown(&self, me: &Me, shown: bool, since: Timestamp) -> Result<(), Unavailable>;
    /// Hangs pictures on the wall, below what was on.
    async fn hang_up(&self, me: &Me, place: Place, pictures: &[ChosenPicture], turn: &str, at: Timestamp)
    -> Result<(), Error<RoomRefusal>>;
    /// Takes a picture of the member's own down, or any where they may change the gathering; false if there is none such.
    async fn take_down(&self, me: &Me, place: Place, picture: PictureId, any: bool) -> Result<bool, Unavailable>;
    /// Keeps whether visitors may see a picture of the member's own; false if there is none such.
    async fn agree(&self, me: &Me, place: Place, picture: PictureId, agreed: bool) -> Result<bool, Unavailable>;
    /// Says something: the first of it is a post that is on no timeline, the others are replies to it.
    async fn say(&self, me: &Me, place: Place, post: &NewPost) -> Result<PostId, Error<PostRefusal>>;
    /// Keeps who was there. What somebody says of themselves stands.
    async fn keep_attendance(&self, place: Place, new: &NewAttendance) -> Result<(), Unavailable>;
    /// Keeps the host's note, and whether it is published.
    async fn keep_note(&self, place: Place, note: (&str, &SafeHtml), published: bool) -> Result<(), Unavailable>;
    /// Who came to the last `most` sessions that are over and at which anybody is known to have been: the dates, the latest first, and
    /// who was there.
    async fn came(
        &self,
        gathering: GatheringId,
        most: usize,
        now: Timestamp,
    ) -> Result<(Vec<NaiveDate>, Vec<(NaiveDate, Byline)>), Unavailable>;
    /// The series without an end whose host may have to be asked whether it is still on: each with the date of the last session of which
    /// anybody but its host said, did or left something, and since when that counts.
    async fn maybe_over(&self) -> Result<Vec<(Gathering, Option<NaiveDate>, Timestamp)>, Unavailable>;
    /// Asks the host of a gathering whether it is still on, once; `last` is its last session.
    async fn ask_if_on(&self, gathering: GatheringId, last: Session, at: Timestamp) -> Result<(), Unavailable>;
    /// Keeps that a gathering is still on.
    async fn keep_on(&self, gathering: GatheringId, at: Timestamp) -> Result<(), Unavailable>;
    /// Forgets where somebody was before.
    async fn forget_gone(&self, before: Timestamp) -> Result<(), Unavailable>;
    /// All gatherings that may still have sessions after `since`, for [`Rooms::open`]: nobody is shown them, and they are as in lists.
    async fn going_on(&self, since: Timestamp) -> Result<Vec<Gathering>, Unavailable>;
    /// Has the open pages of gatherings hear that something is otherwise now.
    async fn tell(&self, gatherings: &[GatheringId]) -> Result<(), Unavailable>;
    /// Keeps whether the member was at a session of which that is known already, also where they may see it no more; false if it is not.
    async fn correct(&self, me: &Me, slug: &str, date: NaiveDate, came: bool, at: Timestamp) -> Result<bool, Unavailable>;
    /// The sessions at which the member was or was thought to be, the latest first; also those that they may see no more.
    async fn my_attendance(&self, me: &Me, most: usize) -> Result<Vec<MyAttendance>, Unavailable>;
}

/// The service for rooms.
#[derive(Clone)]
pub struct Rooms {
    store: Arc<dyn RoomStore>,
    kept: Arc<dyn GatheringStore>,
    people: Arc<dyn PeopleStore>,
    gatherings: Gatherings,
    timeline: Timeline,
    prose: Arc<dyn Prose>,
    clock: Arc<dyn Clock>,
}

impl Rooms {
    /// Over stores and the services for what rooms are made of.
    pub fn new(
        (store, kept, people): (Arc<dyn RoomStore>, Arc<dyn GatheringStore>, Arc<dyn PeopleStore>),
        (gatherings, timeline): (Gatherings, Timeline),
        prose: Arc<dyn Prose>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { store, kept, people, gatherings, timeline, prose, clock }
    }

    /// What the page of a session is now; `None` if there is none for this viewer.
    pub async fn phase(&self, viewer: &Viewer, slug: &str, date: &str) -> Result<Option<Phase>, Unavailable> {
        let Some((gathering, place)) = self.find(viewer, slug, date).await? else { return Ok(None) };
        let (session, now) = (place.session, self.clock.now());
        let kept = if session.cancelled { self.record(viewer, &gathering, place, now).await? } else { RoomRecord::default() };
        Ok(Some(kept.phase(&session, now)))
    }

    /// A session's room or keepsake.
    pub async fn page(&self, viewer: &Viewer, slug: &str, date: &str) -> Result<Option<RoomPage>, Unavailable> {
        let Some(page) = self.gatherings.session(viewer, slug, date).await? else { return Ok(None) };
        let room = self.standing(viewer, page.gathering.clone(), page.session).await?;
        let talk = self.talk(viewer, &room).await?;
        Ok(Some(RoomPage { page, room, talk }))
    }

    /// A session's room by itself: what one of its parts needs.
    pub async fn room(&self, viewer: &Viewer, slug: &str, date: &str) -> Result<Option<Room>, Unavailable> {
        let Some((gathering, place)) = self.find(viewer, slug, date).await? else { return Ok(None) };
        self.standing(viewer, gathering.as_on(place.session.date), place.session).await.map(Some)
    }

    /// The wall of a session by itself, or what is new on it since a page was shown it; `None` if there is none for this viewer.
    pub async fn wall(&self, viewer: &Viewer, (slug, date): (&str, &str), shown: Option<OnPage>) -> Result<Option<Wall>, Unavailable> {
        let Some(date) = read_date(date) else { return Ok(None) };
        self.store.wall(viewer, slug, date, shown).await
    }

    async fn standing(&self, viewer: &Viewer, gathering: Gathering, session: Session) -> Result<Room, Unavailable> {
        let now = self.clock.now();
        let mut kept = self.record(viewer, &gathering, Place { gathering: gathering.id, session }, now).await?;
        kept.clock = kept.clock.at(&kept.turns, now);
        let plan = gathering.room_on(session.date).clone();
        Ok(Room { gathering, session, phase: kept.phase(&session, now), plan, kept, now })
    }

    /// All that was said, up to [`MOST_SAID`]; what comes after that is on the page of the thread. Nothing, for a visitor.
    pub async fn talk(&self, viewer: &Viewer, room: &Room) -> Result<Option<Thread>, Unavailable> {
        let Some(post) = room.kept.talk.filter(|_| viewer.me().is_some()) else { return Ok(None) };
        let Some(mut talk) = self.timeline.thread(viewer, post, None).await? else { return Ok(None) };
        while let Some(after) = talk.after.filter(|_| talk.replies.len() < MOST_SAID) {
            let Some(more) = self.timeline.thread(viewer, post, Some(after)).await? else { break };
            talk.replies.extend(more.replies);
            talk.after = more.after;
        }
        Ok(Some(talk))
    }

    /// Sets the clock of a room; for those who keep its gathering.
    pub async fn act(&self, me: &Me, at: (&str, &str), act: Act, seen: i64) -> Result<(), Error<RoomRefusal>> {
        let (gathering, place) = self.theirs(me, at).await?;
        let now = self.clock.now();
        if Phase::of(&place.session, now) != Phase::Room {
            return Err(Error::Refused(RoomRefusal::Closed));
        }
        let room = self.record(&Viewer::Member(me.clone()), &gathering, place, now).await?;
        if room.sets != seen {
            return Err(Error::Refused(ClockRefusal::Otherwise.into()));
        }
        let clock = room.clock.after(act, &room.turns, now).map_err(RoomRefusal::from).or_refuse()?;
        // What is set up meanwhile holds when it begins anew.
        let turns = if clock == RoomClock::Waiting { Vec::new() } else { room.turns };
        match self.store.set_clock(place, &NewClock { turns, clock, seen }).await? {
            true => Ok(()),
            false => Err(Error::Refused(ClockRefusal::Otherwise.into())),
        }
    }

    /// Says that the member is in a room, while it is open. Where the session is online and on, it is also known by that, that they came.
    pub async fn be_here(&self, me: &Me, (slug, date): (&str, &str)) -> Result<(), Error<RoomRefusal>> {
        let (gathering, place) = self.seen(me, (slug, date)).await?;
        let (session, at) = (place.session, self.clock.now());
        if Phase::of(&session, at) != Phase::Room {
            return Err(Error::Refused(RoomRefusal::Closed));
        }
        let on = session.starts_at <= at && at < session.ends_at;
        let counts = on && (gathering.online_on(session.date) || gathering.place_on(session.date).0.is_empty());
        Ok(self.store.be_here(me, place, BeingHere { since: at.plus_seconds(-HERE_SECONDS), counts, at }).await?)
    }

    /// Says that the member left a room.
    pub async fn be_gone(&self, me: &Me, at: (&str, &str)) -> Result<(), Error<RoomRefusal>> {
        let (_, place) = self.seen(me, at).await?;
        Ok(self.store.be_gone(me, place).await?)
    }

    /// Whether others see in which room the member is.
    pub async fn is_shown(&self, me: &Me) -> Result<bool, Unavailable> {
        self.store.is_shown(me).await
    }

    /// Keeps whether others see in which room the member is.
    pub async fn be_shown(&self, me: &Me, shown: bool) -> Result<(), Unavailable> {
        self.store.be_shown(me, shown, self.clock.now().plus_seconds(-HERE_SECONDS)).await
    }

    /// Hangs pictures on the wall of a session that has begun to gather.
    pub async fn hang_up(&self, me: &Me, at: (&str, &str), pictures: &[ChosenPicture]) -> Result<(), Error<RoomRefusal>> {
        let (gathering, place) = self.seen(me, at).await?;
        let now = self.clock.now();
        if Phase::of(&place.session, now) == Phase::Ahead {
            return Err(Error::Refused(RoomRefusal::Closed));
        }
        if pictures.is_empty() {
            return Err(Error::Refused(RoomRefusal::NoPicture));
        }
        let mut chosen = Vec::with_capacity(pictures.len());
        for picture in pictures.iter().take(MOST_AT_ONCE) {
            let alt = text::line(Field("new_alt", "What the picture shows"), &picture.alt, LONGEST_ALT);
            chosen.push(ChosenPicture { id: picture.id, alt: alt.map_err(|r| Error::Refused(r.into()))? });
        }
        let room = self.record(&Viewer::Member(me.clone()), &gathering, place, now).await?;
        if room.wall.len() + chosen.len() > MOST_ON_WALL {
            return Err(Error::Refused(RoomRefusal::Full));
        }
        let turn = drawn_in(&room, now);
        self.store.hang_up(me, place, &chosen, &turn, now).await
    }

    /// Takes a picture down: one's own, or any for those who keep the gathering.
    pub async fn take_down(&self, me: &Me, at: (&str, &str), picture: PictureId) -> Result<(), Error<RoomRefusal>> {
        let (gathering, place) = self.seen(me, at).await?;
        done(self.store.take_down(me, place, picture, gathering.mine).await?)
    }

    /// Says yes or no to visitors seeing a picture of one's own, once the keepsake is published.
    pub async fn agree(&self, me: &Me, at: (&str, &str), picture: PictureId, agreed: bool) -> Result<(), Error<RoomRefusal>> {
        let (_, place) = self.seen(me, at).await?;
        done(self.store.agree(me, place, picture, agreed).await?)
    }

    /// Says something in a room, or about what was.
    pub async fn say(&self, me: &Me, (slug, date): (&str, &str), markdown: &str) -> Result<(), Error<PostRefusal>> {
        let gone = || Error::Refused(PostRefusal::Gone);
        let found = self.find(&Viewer::Member(me.clone()), slug, date).await?;
        let (_, place) = found.filter(|(_, place)| Phase::of(&place.session, self.clock.now()) != Phase::Ahead).ok_or_else(gone)?;
        let post = self.timeline.checked(markdown, "", &[]).await?;
        self.store.say(me, place, &post).await.map(drop)
    }

    /// Says of oneself whether one was there.
    pub async fn was_there(&self, me: &Me, at: (&str, &str), came: bool) -> Result<(), Error<AttendanceRefusal>> {
        let (place, now) = match self.attended(me, at).await {
            Ok((_, place, now)) => (place, now),
            // What is known of somebody is theirs to put right, also where they are not asked to come any more.
            Err(Error::Refused(AttendanceRefusal::Gone)) => {
                let date = read_date(at.1).ok_or(Error::Refused(AttendanceRefusal::Gone))?;
                let found = self.store.correct(me, at.0, date, came, self.clock.now()).await?;
                return if found { Ok(()) } else { Err(Error::Refused(AttendanceRefusal::Gone)) };
            }
            Err(other) => return Err(other),
        };
        let new = NewAttendance { members: BTreeMap::from([(me.id, came)]), known_by: KnownBy::Themselves, others: None, at: now };
        Ok(self.store.keep_attendance(place, &new).await?)
    }

    /// Keeps a host's check list: who of those listed was there, and who else. A line that names a member counts as that member.
    pub async fn check(&self, me: &Me, at: (&str, &str), form: &CheckForm) -> Result<(), Error<AttendanceRefusal>> {
        let (gathering, place, now) = self.attended(me, at).await?;
        if !gathering.mine {
            return Err(Error::Refused(AttendanceRefusal::Gone));
        }
        let names = form.names().or_refuse()?;
        let handles: BTreeSet<Handle> = names.iter().filter_map(|name| Handle::parse(name.strip_prefix('@')?).ok()).collect();
        let known = self.people.known(&handles).await?;
        let is_known = |name: &String| {
            let handle = name.strip_prefix('@').and_then(|name| Handle::parse(name).ok());
            known.iter().any(|(known, _)| handle.as_ref() == Some(known))
        };
        let others = names.iter().filter(|name| !is_known(name)).cloned().collect();
        let mut members: BTreeMap<MemberId, bool> = form.listed.iter().map(|member| (*member, false)).collect();
        members.extend(form.came.iter().copied().chain(known.iter().map(|(_, member)| *member)).map(|member| (member, true)));
        let new = NewAttendance { members, known_by: KnownBy::Host, others: Some(others), at: now };
        Ok(self.store.keep_attendance(place, &new).await?)
    }

    /// Keeps the host's note on a session, and whether the keepsake is published. Only what visitors know of can be.
    pub async fn keep_note(&self, me: &Me, at: (&str, &str), markdown: &str, publish: bool) -> Result<(), Error<RoomRefusal>> {
        let (gathering, place) = self.theirs(me, at).await?;
        if Phase::of(&place.session, self.clock.now()) == Phase::Ahead {
            return Err(Error::Refused(RoomRefusal::Closed));
        }
        let note = text::lines(Field("note", "The note"), markdown, 10_000).map_err(|r| Error::Refused(r.into()))?;
        let html = self.prose.render(&note, &BTreeSet::new());
        let publish = publish && gathering.audience == crate::timeline::Audience::Public;
        Ok(self.store.keep_note(place, (&note, &html), publish).await?)
    }

    /// Who comes to a gathering, for those who keep it; `None` for anybody else.
    pub async fn comers(&self, me: &Me, slug: &str) -> Result<Option<(Gathering, Vec<Comer>)>, Unavailable> {
        let gathering = self.kept.gathering(&Viewer::Member(me.clone()), slug).await?;
        let Some(gathering) = gathering.filter(|gathering| gathering.mine) else { return Ok(None) };
        let (dates, came) = self.store.came(gathering.id, LOOKED_AT, self.clock.now()).await?;
        Ok(Some((gathering, comers(&dates, came))))
    }

    /// Asks the hosts of series without an end to which nobody comes any more whether they are still on; done every now and then.
    pub async fn ask_if_on(&self) -> Result<(), Unavailable> {
        let now = self.clock.now();
        for (gathering, last_sign, since) in self.store.maybe_over().await? {
            if let Some(last) = is_it_still_on(&gathering, last_sign, since, now) {
                self.store.ask_if_on(gathering.id, last, now).await?;
            }
        }
        Ok(())
    }

    /// Keeps that a gathering is still on; for those who keep it.
    pub async fn keep_on(&self, me: &Me, slug: &str) -> Result<(), Error<RoomRefusal>> {
        let gathering = self.kept.gathering(&Viewer::Member(me.clone()), slug).await?.filter(|gathering| gathering.mine);
        let gathering = gathering.ok_or(Error::Refused(RoomRefusal::Gone))?;
        Ok(self.store.keep_on(gathering.id, self.clock.now()).await?)
    }

    /// Has open pages go into the rooms that open about now, and show the links that are shown from now on; done every minute or so.
    pub async fn open(&self) -> Result<(), Unavailable> {
        let now = self.clock.now();
        self.store.forget_gone(now.plus_days(-1)).await?;
        let gatherings = self.store.going_on(now).await?;
        let opening: Vec<_> = gatherings.iter().filter(|gathering| opens_about(gathering, now)).map(|one| one.id).collect();
        if opening.is_empty() { Ok(()) } else { self.store.tell(&opening).await }
    }

    /// Where the member was, the latest first, up to [`MINE_SHOWN`].
    pub async fn mine(&self, me: &Me) -> Result<Vec<MyAttendance>, Unavailable> {
        self.store.my_attendance(me, MINE_SHOWN).await
    }

    /// What is kept of a room, with the turns that would begin now where its clock was not started.
    async fn record(&self, viewer: &Viewer, gathering: &Gathering, place: Place, now: Timestamp) -> Result<RoomRecord, Unavailable> {
        let mut room = self.store.room(viewer, place, now.plus_seconds(-HERE_SECONDS)).await?;
        if room.clock == RoomClock::Waiting {
            room.turns = gathering.room_on(place.session.date).turns();
        }
        Ok(room)
    }

    async fn find(&self, viewer: &Viewer, slug: &str, date: &str) -> Result<Option<(Gathering, Place)>, Unavailable> {
        Place::find(self.kept.as_ref(), viewer, slug, date).await
    }

    /// A session that the member may see.
    async fn seen(&self, me: &Me, (slug, date): (&str, &str)) -> Result<(Gathering, Place), Error<RoomRefusal>> {
        self.find(&Viewer::Member(me.clone()), slug, date).await?.ok_or(Error::Refused(RoomRefusal::Gone))
    }

    /// A session of a gathering that the member may change.
    async fn theirs(&self, me: &Me, at: (&str, &str)) -> Result<(Gathering, Place), Error<RoomRefusal>> {
        let (gathering, place) = self.seen(me, at).await?;
        if gathering.mine { Ok((gathering, place)) } else { Err(Error::Refused(RoomRefusal::Gone)) }
    }

    /// A session that has begun, and now.
    async fn attended(&self, me: &Me, (slug, date): (&str, &str)) -> Result<(Gathering, Place, Timestamp), Error<AttendanceRefusal>> {
        let found = self.find(&Viewer::Member(me.clone()), slug, date).await?;
        let (gathering, place) = found.filter(|(_, place)| !place.session.cancelled).ok_or(Error::Refused(AttendanceRefusal::Gone))?;
        let now = self.clock.now();
        if now < place.session.starts_at { Err(Error::Refused(AttendanceRefusal::Early)) } else { Ok((gathering, place, now)) }
    }
}

/// Whether a room of a gathering opened just now, or a link that is shown earlier than that. (An open room knows by itself when a link is.)
fn opens_about(gathering: &Gathering, now: Timestamp) -> bool {
    let begins_in = |minutes: i64| {
        let until = now.plus_seconds(60 * minutes);
        let after = until.plus_seconds(-OPENING_SECONDS);
        let soon = gathering.not_over(after).take_while(move |session| session.starts_at <= until);
        soon.filter(move |session| session.starts_at > after && !session.cancelled)
    };
    let link = gathering.terms.link_opens;
    let early = i64::from(link) > OPENS_BEFORE && link < LINK_ALWAYS;
    begins_in(OPENS_BEFORE).next().is_some() || early && begins_in(link.into()).any(|session| gathering.online_on(session.date))
}

fn done(found: bool) -> Result<(), Error<RoomRefusal>> {
    if found { Ok(()) } else { Err(Error::Refused(RoomRefusal::Gone)) }
}

/// What a picture that comes now was made in: the turn that is on, or the one before a rest.
fn drawn_in(room: &RoomRecord, now: Timestamp) -> String {
    let Some(at) = room.clock.at(&room.turns, now).turn() else { return String::new() };
    let rounds = room.turns.iter().take(at + 1).rev().find(|turn| matches!(turn.kind, super::clock::TurnKind::Round(_)));
    rounds.map_or_else(String::new, |turn| if turn.prompt.is_empty() { turn.name() } else { format!("{}: {}", turn.name(), turn.prompt) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gatherings::clock::{RoomForm, RoomKind};

    #[test]
    fn open_pages_are_told_when_a_room_opens_and_when_a_link_that_is_shown_before_that_does() {
        let mut kept = crate::gatherings::tests::gathering("pens", "2026-12-03", "");
        let starts_at = kept.session(kept.schedule.first).expect("a session").starts_at;
        let told = |kept: &Gathering| {
            let minutes = (0..2000).filter(|minutes| opens_about(kept, starts_at.plus_seconds(-60 * minutes)));
            minutes.collect::<Vec<_>>()
        };
        assert_eq!(told(&kept), [29, 30], "each minute, and none is missed");
        kept.terms.link_opens = 60;
        assert_eq!(told(&kept), [29, 30], "it is at a place, and has no link");
        kept.online = true;
        assert_eq!(told(&kept), [29, 30, 59, 60]);
        for in_the_room in [0, 10, 30, LINK_ALWAYS] {
            kept.terms.link_opens = in_the_room;
            assert_eq!(told(&kept), [29, 30]);
        }
    }

    #[test]
    fn what_was_cancelled_after_people_met_has_a_keepsake_and_what_was_cancelled_before_has_none() {
        let at = |minutes: i64| Timestamp(1_796_000_000_000).plus_seconds(60 * minutes);
        let met = Session { date: NaiveDate::default(), starts_at: at(0), ends_at: at(60), cancelled: true };
        let kept = RoomRecord { talk: Some(PostId(1)), ..RoomRecord::default() };
        let phases = |kept: &RoomRecord, met: &Session| [-31, -10, 30, 90, 200].map(|minutes| kept.phase(met, at(minutes)));
        assert_eq!(phases(&RoomRecord::default(), &met), [Phase::Ahead; 5]);
        assert_eq!(phases(&kept, &met), [Phase::Ahead, Phase::Past, Phase::Past, Phase::Past, Phase::Past]);
        let took_place = Session { cancelled: false, ..met };
        assert_eq!(phases(&kept, &took_place), [Phase::Ahead, Phase::Room, Phase::Room, Phase::Room, Phase::Past]);
    }

    #[test]
    fn a_picture_that_comes_in_a_rest_belongs_to_the_round_before() {
        let form = RoomForm { kind: RoomKind::Rounds, prompts: "Hands\nA window".into(), rest: "2".into(), ..RoomForm::default() };
        let turns = form.check().expect("a plan").turns();
        let began = Timestamp(1_796_000_000_000);
        let clock = RoomClock::Waiting.after(Act::Start, &turns, began).expect("started");
        let room = RoomRecord { turns, clock, ..RoomRecord::default() };
        let drawn = |minutes: i64| drawn_in(&room, began.plus_seconds(60 * minutes));
        assert_eq!([drawn(1), drawn(11), drawn(13), drawn(60)], ["Round 1: Hands", "Round 1: Hands", "Round 2: A window", ""]);
    }
}
