//! Mail: what concerns me, also where I am not looking. Reminders, and what became of sessions that I answered.
//!
//! Reading order: [`address`] (whom we may write to, and who chose what), here the letters and the service, [`words`] (what a letter
//! says; [`weekly`], what the hosts' weekly letter says). A letter is written down in the transaction that causes it, with no words in it, and is delivered by a job: whoever claims it has
//! it for some minutes, looks up whether it still holds, gives it its words, and hands it to the [`Carrier`]. What is not mailed: posts,
//! replies, reactions, and who answered; they wait among the notices.
//!
//! No letter holds the link of an online session, since mails are forwarded. By the code in its address a letter can be answered without
//! signing in; the code is good for that one session, until that is over or the member's sign-ins are ended.

pub mod address;
pub mod weekly;
pub(crate) mod words;

use crate::{
    community::CommunityStore,
    gatherings::{
        Answer, Gatherings, RsvpForm, RsvpRefusal, SessionPage,
        coming::{self, Reminder, Reminders},
    },
    ids::{LetterId, PostId},
    outcome::{Error, OrRefuse, Unavailable},
    prose::SafeHtml,
    sign_in::Codes,
    time::{Clock, Timestamp},
    viewer::{Me, Viewer},
};
use address::{AddressRefusal, MailAddress, MailSettings, MailWishes, NewConfirmation};
use std::sync::Arc;

/// For how long whoever claimed a letter has it for themselves, in seconds: ten times what handing it over may take.
pub(crate) const LEASE: i64 = 10 * 60;
/// A letter that nobody tried to deliver within so many days is of no use any more: nobody served, or it came back with a backup. One that
/// was tried is not tried after [`GIVEN_UP_DAYS`], for the same reason.
const FIRST_TRY_DAYS: i64 = 1;
/// After so many days a letter that could not be delivered is given up.
const GIVEN_UP_DAYS: i64 = 3;
/// How long after the first try the second comes, in seconds; each pause is four times the one before, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: i64 = 60;
/// The longest pause between two tries, in seconds: six hours.
const LONGEST_PAUSE: i64 = 6 * 3600;
/// For how many days letters are kept that were delivered; longer where their session is still to come, so that they can be answered.
const KEPT_DAYS: i64 = 7;

/// What a letter about a session says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// It comes up, a day before or an hour before.
    ComesUp(Reminder),
    /// It is at another time or in another place.
    Changed,
    /// It does not take place.
    Cancelled,
    /// It takes place after all.
    On,
    /// One is asked to come.
    Named,
    /// One waited, and there is a seat.
    Room,
}

impl What {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::ComesUp(Reminder::Day), Self::ComesUp(Reminder::Hour), Self::Changed, Self::Cancelled, Self::On, Self::Named, Self::Room];
    /// The word for it in records, which is that of the notification.
    pub fn word(self) -> &'static str {
        match self {
            Self::ComesUp(reminder) => reminder.word(),
            Self::Changed => "changed",
            Self::Cancelled => "cancelled",
            Self::On => "on",
            Self::Named => "named",
            Self::Room => "room",
        }
    }
    /// What that word says.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.word() == word)
    }

    /// Whether it is still so, and still news to the one it is for, who `brings` something or not.
    fn holds(self, page: &SessionPage, brings: bool, now: Timestamp) -> bool {
        let cancelled = page.cancelled.is_some();
        let mine = page.mine.as_ref();
        // Whoever brings something means to come, also where they did not say so; and so does whoever comes each time.
        let concerned = mine.map_or(brings || page.always, |mine| mine.answer != Answer::No);
        let comes = concerned && mine.is_none_or(|mine| !mine.waiting);
        if page.session.starts_at <= now || cancelled != (self == Self::Cancelled) {
            return false;
        }
        match self {
            // What moved further away is not about to be.
            Self::ComesUp(reminder) => {
                let (after, by) = reminder.due(now);
                comes && page.session.starts_at > after && page.session.starts_at <= by
            }
            // Whoever could not come at the old time may be able to at the new one.
            Self::Changed => concerned || mine.is_some(),
            Self::Cancelled | Self::On => concerned,
            Self::Named => mine.is_none(),
            Self::Room => comes,
        }
    }
}

/// What a letter is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    /// To find out whether an address is the member's own.
    Confirm {
        /// The address.
        address: MailAddress,
        /// The code by which they say so.
        code: String,
    },
    /// A session.
    Session {
        /// The gathering's address part.
        slug: String,
        /// The session's date.
        date: String,
        /// What is said of it.
        what: What,
        /// Who caused it, by what they are called; nobody, for a reminder.
        by: Option<String>,
    },
    /// The weekly letter, as its post stands now; there is none where its member may not see that.
    Weekly {
        /// Its title.
        title: String,
        /// Its post.
        post: PostId,
        /// What the post says.
        html: SafeHtml,
        /// Who sent it, by what they are called.
        by: String,
    },
}

/// A letter that is to be delivered now, by nobody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Its id.
    pub id: LetterId,
    /// Whom it is for.
    pub me: Me,
    /// What it is about; `None` where that is gone.
    pub errand: Option<Errand>,
    /// When it was written down.
    pub at: Timestamp,
    /// How often it was tried, with this time.
    pub tries: u32,
    /// Its member brings something to the session that it is about.
    pub brings: bool,
    /// The code by which it is answered.
    pub code: String,
    /// Where its member gets mail by now.
    pub settings: MailSettings,
    /// Of what its member wants to be reminded by now.
    pub reminders: Reminders,
    /// The secret by which its member ends all mail; there is one where there is an address.
    pub secret: Option<String>,
}

/// A letter with its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its id, of which its Message-ID is made: so a copy of it can be told to be one.
    pub id: LetterId,
    /// To which address.
    pub to: MailAddress,
    /// What the one it is for is called; empty where that is not known.
    pub called: String,
    /// The community's name: who writes.
    pub from: String,
    /// Its subject, one line.
    pub subject: String,
    /// Its text, in lines that end in `\n`.
    pub text: String,
    /// The same as a page, where it has links and headings to show.
    pub html: Option<String>,
    /// The address at which one request ends all mail; there is none in a letter that is not sent twice.
    pub unsubscribe: Option<String>,
    /// When it was written down.
    pub at: Timestamp,
}

/// Why a letter was not carried.
#[derive(Debug)]
pub enum NotCarried {
    /// The other side knows no such address: it is of no use to try again.
    Nobody(String),
    /// Perhaps next time.
    NotNow(Unavailable),
}

/// Brings letters to where they are read.
#[async_trait::async_trait]
pub trait Carrier: Send + Sync {
    /// Brings one there.
    async fn carry(&self, letter: &Letter) -> Result<(), NotCarried>;
    /// How many lie in a folder for somebody to fetch, where they are carried no further; `None` where they are sent.
    async fn lying(&self) -> Result<Option<usize>, Unavailable>;
}

/// How it went with a letter.
#[derive(Debug)]
pub enum Delivered {
    /// There was none to deliver.
    Nothing,
    /// It is on its way.
    Sent,
    /// It does not hold any more, or is not wanted any more.
    Dropped,
    /// It is tried again later.
    Later(LetterId, Unavailable),
    /// It is not tried again.
    GivenUp(LetterId, String),
}

/// What becomes of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It was sent.
    Sent,
    /// It did not hold any more.
    Dropped,
    /// It could not be sent.
    GivenUp,
}

impl End {
    /// The word for it in records.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Dropped => "dropped",
            Self::GivenUp => "given-up",
        }
    }
}

/// An address that somebody is asked to confirm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// The address.
    pub address: MailAddress,
    /// They have.
    pub done: bool,
}

/// What mail needs kept. (Letters about sessions are written by what causes them.)
#[async_trait::async_trait]
pub trait MailStore: Send + Sync {
    /// Where and what a member gets by mail; an address that was not confirmed by `now` is none.
    async fn mail_settings(&self, me: &Me, now: Timestamp) -> Result<MailSettings, Unavailable>;
    /// Keeps what a member wants by mail.
    async fn save_mail_wishes(&self, me: &Me, wishes: MailWishes) -> Result<(), Unavailable>;
    /// Keeps an address that is to be confirmed, in place of an earlier one that was to be, and a letter to it. Refuses `TooMany` where there
    /// were as many since `new.since`.
    async fn ask_to_confirm(&self, me: &Me, new: &NewConfirmation) -> Result<(), Error<AddressRefusal>>;
    /// Forgets a member's address, and the one that was to be confirmed.
    async fn forget_address(&self, me: &Me, at: Timestamp) -> Result<(), Unavailable>;
    /// Which address a code confirms, or has confirmed, as long as that is the member's.
    async fn confirmation(&self, code: &str, now: Timestamp) -> Result<Option<Confirmation>, Unavailable>;
    /// Makes the address of a code the member's, with `secret` to end all mail. Only one of many tries does; whether it was this one.
    async fn confirm(&self, code: &str, secret: &str, now: Timestamp) -> Result<bool, Unavailable>;
    /// What is mailed to the member whose secret it is.
    async fn subscribed(&self, secret: &str) -> Result<Option<MailWishes>, Unavailable>;
    /// Ends all mail to the member whose secret it is; false if it is nobody's.
    async fn unsubscribe(&self, secret: &str) -> Result<bool, Unavailable>;
    /// Ends the weekly letter alone.
    async fn unsubscribe_weekly(&self, secret: &str) -> Result<bool, Unavailable>;
    /// Claims the letter that has waited longest among those that are due at `now`: nobody else gets it before `until`. Where it has no code
    /// yet, it gets `fresh` for one; the code answers for the member as they are signed in by now.
    async fn claim(&self, now: Timestamp, until: Timestamp, fresh: &str) -> Result<Option<Claimed>, Unavailable>;
    /// Keeps what became of a letter: it is not claimed again.
    async fn settle(&self, letter: LetterId, end: End, at: Timestamp) -> Result<(), Unavailable>;
    /// Has a letter be due again, unless somebody else has claimed it since: `tries` is how often it was by then.
    async fn put_off(&self, letter: LetterId, tries: u32, due_at: Timestamp) -> Result<(), Unavailable>;
    /// Whom a code answers for, and for which session: the gathering's address part and the date.
    async fn answers_for(&self, code: &str) -> Result<Option<(Me, String, String)>, Unavailable>;
    /// Forgets letters that were settled before an instant and whose session is over at `now`, and what was not confirmed in time.
    async fn forget_letters(&self, settled_before: Timestamp, now: Timestamp) -> Result<(), Unavailable>;
}

/// The session that a letter is about, for the one it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answering {
    /// Whom it is for.
    pub me: Me,
    /// The session.
    pub page: SessionPage,
}

/// What is said with an answer to a letter, as typed. What is left out stays as it was said before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaidWith {
    /// A word with it, up to 200 characters; empty leaves the one that is there.
    pub note: String,
    /// How many guests come along, where that was asked; empty is none.
    pub guests: Option<String>,
}

/// What the service works with, besides what it keeps.
#[derive(Clone)]
pub struct Around {
    /// Sessions, as their members see them.
    pub gatherings: Gatherings,
    /// The community's name.
    pub community: Arc<dyn CommunityStore>,
    /// Codes.
    pub codes: Arc<dyn Codes>,
    /// Brings the letters there.
    pub carrier: Arc<dyn Carrier>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The public address of the place, without a slash at the end.
    pub origin: String,
}

/// The service for mail.
#[derive(Clone)]
pub struct Mail {
    store: Arc<dyn MailStore>,
    around: Around,
}

impl Mail {
    /// Over a store.
    pub fn new(store: Arc<dyn MailStore>, around: Around) -> Self {
        Self { store, around }
    }

    /// Where and what I get by mail.
    pub async fn settings(&self, me: &Me) -> Result<MailSettings, Unavailable> {
        self.store.mail_settings(me, self.around.clock.now()).await
    }

    /// Keeps what I want by mail.
    pub async fn save_wishes(&self, me: &Me, wishes: MailWishes) -> Result<(), Unavailable> {
        self.store.save_mail_wishes(me, wishes).await
    }

    /// Writes to an address, to find out whether it is mine. Until I say so by the link in that letter, nothing else is sent there.
    pub async fn ask_to_confirm(&self, me: &Me, typed: &str) -> Result<(), Error<AddressRefusal>> {
        let address = MailAddress::parse(typed).or_refuse()?;
        let at = self.around.clock.now();
        if self.store.mail_settings(me, at).await?.address.as_ref() == Some(&address) {
            return Err(Error::Refused(AddressRefusal::Already));
        }
        let code = self.around.codes.new_code();
        self.store.ask_to_confirm(me, &NewConfirmation::of(address, code, at)).await
    }

    /// Forgets my address: nothing is mailed to me any more.
    pub async fn forget_address(&self, me: &Me) -> Result<(), Unavailable> {
        self.store.forget_address(me, self.around.clock.now()).await
    }

    /// Which address a code confirms, or has confirmed; `None` for all that is wrong with it.
    pub async fn confirmation(&self, code: &str) -> Result<Option<Confirmation>, Unavailable> {
        self.store.confirmation(code, self.around.clock.now()).await
    }

    /// Confirms an address by its code, once; false for all that is wrong with it.
    pub async fn confirm(&self, code: &str) -> Result<bool, Unavailable> {
        self.store.confirm(code, &self.around.codes.new_code(), self.around.clock.now()).await
    }

    /// What is mailed to the member whose secret it is; `None` if it is nobody's.
    pub async fn subscribed(&self, secret: &str) -> Result<Option<MailWishes>, Unavailable> {
        self.store.subscribed(secret).await
    }

    /// Ends all mail to the member whose secret it is; false if it is nobody's.
    pub async fn unsubscribe(&self, secret: &str) -> Result<bool, Unavailable> {
        self.store.unsubscribe(secret).await
    }

    /// Ends the weekly letter to the member whose secret it is, and leaves the rest; false if it is nobody's.
    pub async fn unsubscribe_weekly(&self, secret: &str) -> Result<bool, Unavailable> {
        self.store.unsubscribe_weekly(secret).await
    }

    /// The session that a letter's code answers, for the one it answers for; `None` for all that is wrong with the code, and when the
    /// session is over.
    pub async fn answering(&self, code: &str) -> Result<Option<Answering>, Unavailable> {
        let Some((me, slug, date)) = self.store.answers_for(code).await? else { return Ok(None) };
        let page = self.around.gatherings.session(&Viewer::Member(me.clone()), &slug, &date).await?;
        Ok(page.filter(|page| !page.over).map(|page| Answering { me, page }))
    }

    /// Answers a session by a letter's code: as the member, with all the rules.
    pub async fn answer(&self, code: &str, answer: Answer, with: &SaidWith) -> Result<(), Error<RsvpRefusal>> {
        let Answering { me, page } = self.answering(code).await?.ok_or(Error::Refused(RsvpRefusal::Gone))?;
        let (note, guests) = coming::kept(page.mine.as_ref(), &page.gathering.terms);
        let note = if with.note.trim().is_empty() { note } else { with.note.clone() };
        let guests = with.guests.clone().unwrap_or_else(|| guests.to_string());
        let form = RsvpForm { note, guests, ..RsvpForm::default() };
        self.around.gatherings.rsvp(&me, &page.gathering.slug, &page.session.date.to_string(), answer, &form).await
    }

    /// How many letters lie in a folder for somebody to fetch; `None` where they are sent.
    pub async fn lying(&self) -> Result<Option<usize>, Unavailable> {
        self.around.carrier.lying().await
    }

    /// Delivers the letter that has waited longest, if one is due. `jitter`, some number about 1, keeps those that failed together from
    /// being tried together again.
    pub async fn deliver(&self, jitter: f64) -> Result<Delivered, Unavailable> {
        let now = self.around.clock.now();
        let fresh = self.around.codes.new_code();
        let Some(claimed) = self.store.claim(now, now.plus_seconds(LEASE), &fresh).await? else { return Ok(Delivered::Nothing) };
        let id = claimed.id;
        let Some(letter) = self.words(&claimed, now).await? else {
            self.store.settle(id, End::Dropped, now).await?;
            return Ok(Delivered::Dropped);
        };
        match self.around.carrier.carry(&letter).await {
            Ok(()) => {
                self.store.settle(id, End::Sent, now).await?;
                Ok(Delivered::Sent)
            }
            Err(NotCarried::Nobody(cause)) => {
                self.store.settle(id, End::GivenUp, now).await?;
                Ok(Delivered::GivenUp(id, cause))
            }
            Err(NotCarried::NotNow(Unavailable(cause))) => {
                let Some(again) = try_again(claimed.at, claimed.tries, jitter, now) else {
                    self.store.settle(id, End::GivenUp, now).await?;
                    return Ok(Delivered::GivenUp(id, cause.to_string()));
                };
                self.store.put_off(id, claimed.tries, again).await?;
                Ok(Delivered::Later(id, Unavailable(cause)))
            }
        }
    }

    /// Forgets what nobody needs any more; done every now and then.
    pub async fn tidy(&self) -> Result<(), Unavailable> {
        let now = self.around.clock.now();
        self.store.forget_letters(now.plus_days(-KEPT_DAYS), now).await
    }

    /// A claimed letter with its words, if it still holds, is still wanted, and its member still may see what it is about.
    async fn words(&self, claimed: &Claimed, now: Timestamp) -> Result<Option<Letter>, Unavailable> {
        let too_old = is_too_old(claimed.at, claimed.tries, now);
        let Some(errand) = claimed.errand.as_ref().filter(|_| !too_old) else { return Ok(None) };
        let Some(community) = self.around.community.community().await? else { return Ok(None) };
        let desk = words::Desk { from: &community.name, origin: &self.around.origin, now };
        match errand {
            Errand::Confirm { address, code } => Ok(Some(desk.confirmation(claimed, address, code))),
            Errand::Weekly { .. } if !claimed.settings.wishes.weekly => Ok(None),
            Errand::Weekly { title, post, html, by } => Ok(desk.weekly(claimed, (title, *post), html, by)),
            Errand::Session { slug, date, what, by } => {
                if !is_wanted(claimed, *what) {
                    return Ok(None);
                }
                let page = self.around.gatherings.session(&Viewer::Member(claimed.me.clone()), slug, date).await?;
                let page = page.filter(|page| what.holds(page, claimed.brings, now));
                Ok(page.and_then(|page| desk.about_session(claimed, *what, by.as_deref(), &page)))
            }
        }
    }
}

/// Whether the member of a letter still wants to be told such things by mail.
fn is_wanted(claimed: &Claimed, what: What) -> bool {
    let wished = claimed.settings.wishes.hold(what);
    match what {
        What::ComesUp(reminder) => wished && claimed.reminders.hold(reminder),
        _ => wished,
    }
}

/// Whether a letter that was written down at `at` is of no use any more, tried for the time that `tries` says.
pub(crate) fn is_too_old(at: Timestamp, tries: u32, now: Timestamp) -> bool {
    at.plus_days(if tries <= 1 { FIRST_TRY_DAYS } else { GIVEN_UP_DAYS }) < now
}

/// When a letter that was not sent is tried again; `None` where it is given up.
pub(crate) fn try_again(at: Timestamp, tries: u32, jitter: f64, now: Timestamp) -> Option<Timestamp> {
    Some(now.plus_seconds(pause(tries, jitter))).filter(|again| *again <= at.plus_days(GIVEN_UP_DAYS))
}

/// How long to wait after so many tries, in seconds.
fn pause(tries: u32, jitter: f64) -> i64 {
    let pause = FIRST_PAUSE.saturating_mul(4_i64.saturating_pow(tries.saturating_sub(1))).min(LONGEST_PAUSE);
    (pause as f64 * jitter) as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        gatherings::{Gathering, Rsvp, Session, coming::Terms, sessions::Schedule},
        ids::{GatheringId, MemberId},
        people::{Byline, Handle, Role},
        prose::SafeHtml,
        time::Zone,
        timeline::{Audience, Looked},
    };
    use proptest::prelude::*;

    /// 2026-12-03T19:30:00Z, a Thursday.
    pub(super) const STARTS: Timestamp = Timestamp(1_796_326_200_000);

    fn ana() -> Byline {
        Byline { id: MemberId(1), name: Handle::parse("ana").expect("a name"), display_name: "Ana".into(), picture: None }
    }

    /// A session on which Bo said so.
    pub(super) fn page(mine: Option<Answer>) -> SessionPage {
        let schedule = Schedule { zone: Zone::parse("Europe/Lisbon").expect("a zone"), ..Schedule::for_testing() };
        let gathering = Gathering {
            id: GatheringId(1),
            slug: "thursday-drawing".into(),
            title: "Thursday Drawing".into(),
            markdown: String::new(),
            html: SafeHtml::default(),
            picture: None,
            schedule,
            former: Vec::new(),
            exceptions: Vec::new(),
            cancelled: None,
            place: "The boathouse".into(),
            online: false,
            link: "https://meet.example/secret".into(),
            audience: Audience::Community,
            host: ana(),
            cohosts: Vec::new(),
            named: Vec::new(),
            terms: Terms::default(),
            room: Default::default(),
            quiet: false,
            changes: 0,
            planned_at: STARTS,
            changed_at: STARTS,
            mine: false,
        };
        let said = |answer| Rsvp { who: ana(), answer, note: String::new(), guests: 0, waiting: false, always: false, line: String::new() };
        SessionPage {
            repeats: String::new(),
            session: Session {
                date: "2026-12-03".parse().expect("a date"),
                starts_at: STARTS,
                ends_at: STARTS.plus_seconds(5400),
                cancelled: false,
            },
            skipped_hour: false,
            cancelled: None,
            moved_from: None,
            own: None,
            over: false,
            rsvps: Vec::new(),
            mine: mine.map(said),
            link: None,
            link_from: None,
            answer_by: None,
            late: false,
            always: false,
            room: None,
            next: None,
            beside: (None, None),
            gathering,
        }
    }

    /// A letter to Bo.
    pub(super) fn claimed(what: What) -> Claimed {
        Claimed {
            id: LetterId(7),
            me: Me {
                id: MemberId(2),
                name: Handle::parse("bo").expect("a name"),
                display_name: "Bo".into(),
                picture: None,
                role: Role::Member,
                zone: Zone::parse("Europe/Lisbon").expect("a zone"),
                unread: 0,
                looked: Looked::default(),
            },
            errand: Some(Errand::Session { slug: "thursday-drawing".into(), date: "2026-12-03".into(), what, by: None }),
            at: STARTS.plus_days(-1),
            tries: 1,
            brings: false,
            code: "code".into(),
            settings: MailSettings {
                address: Some(MailAddress::parse("bo@example.org").expect("an address")),
                waiting: None,
                wishes: MailWishes { reminders: true, changes: true, weekly: false },
            },
            reminders: Reminders::Both,
            secret: Some("secret".into()),
        }
    }

    fn holding(page: &SessionPage, now: Timestamp) -> Vec<&'static str> {
        What::ALL.into_iter().filter(|what| what.holds(page, false, now)).map(What::word).collect()
    }

    #[test]
    fn a_letter_holds_as_long_as_it_is_so_and_is_news() {
        let before = |hours: i64| STARTS.plus_seconds(-3600 * hours);
        assert_eq!(holding(&page(Some(Answer::Yes)), before(20)), ["tomorrow", "changed", "on", "room"]);
        assert_eq!(holding(&page(Some(Answer::Maybe)), before(1)), ["soon", "changed", "on", "room"], "one reminder, not two");
        assert_eq!(holding(&page(Some(Answer::Yes)), before(25)), ["changed", "on", "room"], "it moved away");
        assert_eq!(holding(&page(Some(Answer::No)), before(20)), ["changed"]);
        assert_eq!(holding(&page(None), before(20)), ["named"]);
        assert!(holding(&page(Some(Answer::Yes)), STARTS).is_empty(), "it has begun");
        let cancelled = SessionPage { cancelled: Some("Ill.".into()), ..page(Some(Answer::Yes)) };
        assert_eq!(holding(&cancelled, before(20)), ["cancelled"]);
        let mut waiting = page(Some(Answer::Yes));
        waiting.mine.as_mut().expect("said").waiting = true;
        assert_eq!(holding(&waiting, before(20)), ["changed", "on"]);
        let brings =
            |answer| What::ALL.into_iter().filter(|what| what.holds(&page(answer), true, before(20))).map(What::word).collect::<Vec<_>>();
        assert_eq!(brings(None), ["tomorrow", "changed", "on", "named", "room"], "who brings something means to come");
        assert_eq!(brings(Some(Answer::No)), ["changed"]);
        let far = |cancelled: Option<&str>| SessionPage { always: true, cancelled: cancelled.map(str::to_owned), ..page(None) };
        assert_eq!(
            holding(&far(None), before(9000)),
            ["changed", "on", "named", "room"],
            "who comes each time need not have said so of this one"
        );
        assert_eq!(holding(&far(Some("Ill.")), before(9000)), ["cancelled"]);
    }

    #[test]
    fn nobody_is_mailed_what_they_do_not_want() {
        let with = |wishes: MailWishes, reminders: Reminders| {
            let wanted = |what: &What| {
                is_wanted(&Claimed { settings: MailSettings { wishes, ..claimed(*what).settings }, reminders, ..claimed(*what) }, *what)
            };
            What::ALL.into_iter().filter(wanted).map(What::word).collect::<Vec<_>>()
        };
        assert_eq!(with(MailWishes { reminders: true, ..MailWishes::NONE }, Reminders::Hour), ["soon"]);
        assert_eq!(
            with(MailWishes { changes: true, ..MailWishes::NONE }, Reminders::Both),
            ["changed", "cancelled", "on", "named", "room"]
        );
        assert!(with(MailWishes::NONE, Reminders::Both).is_empty());
    }

    proptest! {
        #[test]
        fn pauses_grow_and_stay_within_bounds(tries in 1u32..200, jitter in 0.5f64..1.5) {
            let now = pause(tries, jitter);
            prop_assert!((FIRST_PAUSE / 2..=LONGEST_PAUSE * 3 / 2).contains(&now));
            prop_assert!(pause(tries + 1, jitter) >= now);
        }

        #[test]
        fn a_word_means_what_it_was_written_for(at in 0usize..7) {
            prop_assert_eq!(What::from_word(What::ALL[at].word()), Some(What::ALL[at]));
        }
    }
}
