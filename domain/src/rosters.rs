//! Rosters: how a whole group moves in together. A host brings a list of people along; each gets a link of their own, and a name that is kept
//! for them while it works.
//!
//! Reading order: [`reading`] (what stands in a roster), [`handles`] (the name that is kept for somebody), [`checking`] (what each line becomes,
//! and what is to be said of it), then here the service. Nothing is kept before the host has seen what would become of each line and said yes:
//! until then the text waits, for half a day, for that host alone. A party may have an opening day ([`opening`]).
//!
//! A roster, mail addresses and who has not come yet are for hosts. What somebody who was invited is shown by their link is their own.

pub mod checking;
pub mod handles;
pub mod opening;
pub mod reading;
mod words;

use crate::{
    gatherings::{PlanRefusal, sessions::instant},
    ids::{InvitationId, LetterId, PartyId},
    mail::{self, Around, Delivered, End, NotCarried, address::MailAddress},
    outcome::{AboutField, Error, OrRefuse, Unavailable},
    people::{Byline, Handle},
    text::{self, Field, TextRefusal},
    time::{Timestamp, Zone},
    timeline::{NewPost, Timeline},
    viewer::{Host, Me, Viewer},
};
use checking::{Grounds, Guest, Look};
use opening::{Awaited, Due, First, FirstGathering, Opening, OpeningForm, OpeningRefusal};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Fewest lines of a roster: fewer people are better invited one by one.
pub const FEWEST: usize = 5;
/// Most lines of a roster: a community has room for 500 people, and some decline.
pub const MOST_LINES: usize = 1000;
/// Most bytes of a roster: a thousand lines of a thousand bytes each, far more than anybody writes of everybody.
pub const MOST_BYTES: usize = 1024 * 1024;
/// How long a text waits for its host's yes, in seconds: half a day, since whoever has to ask around about a line may need an evening.
pub const WAITS_SECONDS: i64 = 12 * 3600;
/// Most letters that the rosters of one host cause within a day: those of one whole roster.
pub const MOST_LETTERS: usize = MOST_LINES;
/// For how many days links work where nobody chose.
pub const DEFAULT_DAYS: i64 = 30;
/// Most parties that are listed.
pub const MOST_LISTED: usize = 100;

/// A roster as its host brought it, while it waits for their yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// What the party is called.
    pub called: String,
    /// For how many days the links work.
    pub days: i64,
    /// The roster.
    pub text: String,
    /// What it was encoded in was not said, and had to be guessed.
    #[serde(default)]
    pub guessed: bool,
}

/// What is typed beside a roster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RosterForm {
    /// What the party is called, up to 60 characters.
    pub called: String,
    /// Days until the links stop working, 1 to 365; empty is 30.
    pub days: String,
    /// The roster, where it is not brought as a file.
    pub text: String,
    /// The code of the text that this one takes the place of; empty for a new one.
    pub instead: String,
}

/// Why a roster was not taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum RosterRefusal {
    /// A field's text does not fit.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// Not a number from 1 to 365.
    #[error("How long the links work is a number of days from 1 to 365.")]
    Days,
    /// There is nothing in it.
    #[error("There is nobody in it yet. Choose a file, or paste the names: one a line.")]
    Nothing,
    /// More than [`MOST_BYTES`].
    #[error(
        "That is more than 1 MB, and a roster of {MOST_LINES} people is smaller. Take out what is not about them, or bring it in parts."
    )]
    TooLarge,
    /// More than [`MOST_LINES`].
    #[error(
        "It has {lines} lines, and there is room for {MOST_LINES}. Bring those who come first, and the others in a roster of their own."
    )]
    TooMany {
        /// How many it has.
        lines: usize,
    },
    /// Fewer than [`FEWEST`].
    #[error(
        "It has {lines} of the {FEWEST} lines that make a roster. So few are better invited one by one: each gets a word of their own."
    )]
    TooFew {
        /// How many it has.
        lines: usize,
    },
    /// It is no text.
    #[error("That is no text that we can read. If it is a spreadsheet, save it as CSV first, or copy its columns and paste them here.")]
    NoText,
    /// It did not arrive whole.
    #[error("That did not arrive whole. Please send it once more.")]
    Broken,
    /// It waits no more.
    #[error("That was a while ago, and the roster waits no more. Please bring it once more.")]
    Gone,
    /// More letters than [`MOST_LETTERS`] within a day.
    #[error(
        "That would be {letters} letters, and {room} more can go out in your name until tomorrow. Invite the others then, or take their addresses out: there is a card for everybody."
    )]
    TooManyLetters {
        /// How many there would be.
        letters: usize,
        /// For how many there is room.
        room: usize,
    },
    /// None of its lines can go on.
    #[error("None of the lines can go on as they are. Mend them in the text above, and look again.")]
    NobodyFits,
    /// What the lines become is not what was looked at.
    #[error("Something has changed since you looked: somebody came in, or is invited by now. Look at the lines once more, then say yes.")]
    Changed,
    /// A name was taken in this very moment.
    #[error("Somebody took one of the names in this very moment. Look at the lines once more, then say yes.")]
    NameTaken,
}

impl AboutField for RosterRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Text(reason) => reason.field(),
            Self::Days => Some("days"),
            Self::Nothing | Self::TooLarge | Self::TooMany { .. } | Self::TooFew { .. } | Self::NoText => Some("text"),
            Self::Broken | Self::TooManyLetters { .. } | Self::Gone | Self::NobodyFits | Self::Changed | Self::NameTaken => None,
        }
    }
}

/// A party that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewParty {
    /// The code of the draft that it comes of: from each comes one party.
    pub draft: String,
    /// What it is called.
    pub called: String,
    /// Its people, each with the code of their link.
    pub guests: Vec<(Guest, String)>,
    /// When it is made.
    pub at: Timestamp,
    /// When its links stop working.
    pub expires_at: Timestamp,
}

/// A party, as hosts see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Its id.
    pub id: PartyId,
    /// What it is called.
    pub called: String,
    /// Who brought the roster.
    pub made_by: Byline,
    /// When.
    pub made_at: Timestamp,
    /// When its links stop working.
    pub expires_at: Timestamp,
    /// How many it has, without those whose link was taken back before they came.
    pub size: u32,
    /// How many of them have come in.
    pub came: u32,
    /// How many links work that nobody has used.
    pub open: u32,
    /// Whether what nobody had claimed was taken back.
    pub undone: bool,
    /// Its opening day, if it has one.
    pub opening: Option<Opening>,
    /// Whoever wrote the first thread of its opening hosts no more: until a host keeps it anew, it does not open.
    pub opening_rests: bool,
}

/// How it stands with the letter to somebody who is invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// There is no address, or it is not written to any more.
    Not,
    /// It is to be sent.
    Waits,
    /// It was sent.
    Sent,
    /// It could not be sent.
    GivenUp,
}

/// Somebody of a party, as hosts see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyGuest {
    /// Their invitation.
    pub invitation: InvitationId,
    /// What they are called in the roster.
    pub name: String,
    /// The name that is kept for them.
    pub handle: Handle,
    /// The code of their link; it works if they have not come, it was not taken back, and it has not ended.
    pub code: String,
    /// Whether it works.
    pub works: bool,
    /// Where they are written to, as long as they have not come.
    pub mail: Option<MailAddress>,
    /// How it stands with the letter.
    pub written: Written,
    /// Who they are here, when they have come.
    pub came: Option<Byline>,
}

/// A letter to somebody who is invited, to be delivered now, by nobody else. Of one whose link works no more there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedInvite {
    /// Their invitation.
    pub invitation: InvitationId,
    /// What they are called.
    pub name: String,
    /// To which address.
    pub mail: MailAddress,
    /// The code of their link.
    pub code: String,
    /// Who invites.
    pub by: String,
    /// What their party is called.
    pub party: String,
    /// When the link stops working.
    pub expires_at: Timestamp,
    /// When the letter was written down.
    pub at: Timestamp,
    /// How often it was tried, with this time.
    pub tries: u32,
}

/// What rosters need kept.
#[async_trait::async_trait]
pub trait RosterStore: Send + Sync {
    /// Keeps a text that waits for its host's yes, beside a few others of theirs.
    async fn keep_draft(&self, host: &Host, code: &str, draft: &Draft, at: Timestamp, until: Timestamp) -> Result<(), Unavailable>;
    /// Forgets a text of this host that another one takes the place of.
    async fn forget_draft(&self, host: &Host, code: &str) -> Result<(), Unavailable>;
    /// A text that waits for this host.
    async fn draft(&self, host: &Host, code: &str, at: Timestamp) -> Result<Option<Draft>, Unavailable>;
    /// Forgets texts that wait no more, and what was noted of people whose link has ended.
    async fn forget_drafts(&self, at: Timestamp) -> Result<(), Unavailable>;
    /// Who is here, and whose names are kept.
    async fn grounds(&self, host: &Host, at: Timestamp) -> Result<Grounds, Unavailable>;
    /// The party that came of a draft.
    async fn party_of_draft(&self, host: &Host, draft: &str) -> Result<Option<PartyId>, Unavailable>;
    /// Keeps a party with an invitation for each, and a letter for each who has an address, all or nothing; its draft waits no more. Where a party
    /// has come of that draft already, it is that one. Refuses `NameTaken` where one of the names has been taken or is kept for somebody, and
    /// `TooManyLetters` where those of the host's last day would be more than [`MOST_LETTERS`].
    async fn keep_party(&self, host: &Host, party: &NewParty) -> Result<PartyId, Error<RosterRefusal>>;
    /// All parties, newest first, up to [`MOST_LISTED`].
    async fn parties(&self, host: &Host, at: Timestamp) -> Result<Vec<Party>, Unavailable>;
    /// One party, with its people in the roster's order.
    async fn party(&self, host: &Host, party: PartyId, at: Timestamp) -> Result<Option<(Party, Vec<PartyGuest>)>, Unavailable>;
    /// Takes back what nobody has claimed: those links are as if they had never been, and the names are free. Whoever came in stays. Returns how
    /// many it was; `None` if there is no such party.
    async fn undo(&self, host: &Host, party: PartyId, at: Timestamp) -> Result<Option<u32>, Unavailable>;
    /// Keeps a party's opening day, or that it has none; `false` where it has opened, or there is no such party.
    async fn save_opening(&self, host: &Host, party: PartyId, opening: Option<&Opening>) -> Result<bool, Unavailable>;
    /// Openings that are due.
    async fn due_openings(&self, now: Timestamp) -> Result<Vec<Due>, Unavailable>;
    /// Opens: shows the first gathering on the timeline, writes the first thread and tells those for whom it opens, once; `false` where somebody
    /// else did, or it was put off or worded otherwise.
    async fn open(&self, due: &Due, post: &NewPost, first: Option<&FirstGathering>) -> Result<bool, Unavailable>;
    /// Openings to come that the member may look forward to: those of their party, and those for everybody.
    async fn awaited(&self, me: &Me) -> Result<Vec<Awaited>, Unavailable>;
    /// Claims the letter that has waited longest among those that are due at `now`: nobody else gets it before `until`.
    async fn claim_invite(&self, now: Timestamp, until: Timestamp) -> Result<Option<ClaimedInvite>, Unavailable>;
    /// Keeps what became of a letter: it is not claimed again.
    async fn settle_invite(&self, invitation: InvitationId, end: End) -> Result<(), Unavailable>;
    /// Has a letter be due again, unless somebody else has claimed it since: `tries` is how often it was by then.
    async fn put_off_invite(&self, invitation: InvitationId, tries: u32, due_at: Timestamp) -> Result<(), Unavailable>;
}

/// Reads and checks rosters, aside from where requests are answered.
#[async_trait::async_trait]
pub trait RosterReader: Send + Sync {
    /// The text of a file, whatever it is encoded in; and whether that had to be guessed.
    async fn text(&self, file: Vec<u8>) -> Result<(String, bool), Error<RosterRefusal>>;
    /// What each line of a text becomes.
    async fn look(&self, text: String, grounds: Grounds) -> Result<Look, Error<RosterRefusal>>;
}

/// The service for rosters.
#[derive(Clone)]
pub struct Rosters {
    store: Arc<dyn RosterStore>,
    reader: Arc<dyn RosterReader>,
    timeline: Timeline,
    around: Around,
}

impl Rosters {
    /// Over a store.
    pub fn new(store: Arc<dyn RosterStore>, reader: Arc<dyn RosterReader>, timeline: Timeline, around: Around) -> Self {
        Self { store, reader, timeline, around }
    }

    /// Has a roster wait for its host's yes, under `code`, if it can be read. A file goes before what was pasted.
    pub async fn bring(&self, host: &Host, code: &str, form: &RosterForm, file: Vec<u8>) -> Result<(), Error<RosterRefusal>> {
        let refused = |reason: TextRefusal| Error::Refused(RosterRefusal::from(reason));
        let called = text::needed_line(Field("called", "What the party is called"), &form.called, 60).map_err(refused)?;
        let days = match form.days.trim() {
            "" => DEFAULT_DAYS,
            days => days.parse().ok().filter(|n| (1..=365).contains(n)).ok_or(RosterRefusal::Days).or_refuse()?,
        };
        let file = if file.is_empty() { form.text.clone().into_bytes() } else { file };
        if file.len() > MOST_BYTES {
            return Err(Error::Refused(RosterRefusal::TooLarge));
        }
        let (text, guessed) = self.reader.text(file).await?;
        let draft = Draft { called, days, text, guessed };
        let at = self.around.clock.now();
        // What can't be looked at need not wait.
        self.reader.look(draft.text.clone(), Grounds::default()).await?;
        self.store.keep_draft(host, code, &draft, at, at.plus_seconds(WAITS_SECONDS)).await?;
        if !form.instead.is_empty() {
            self.store.forget_draft(host, &form.instead).await?;
        }
        Ok(())
    }

    /// A roster that waits, and what would become of each of its lines.
    pub async fn look(&self, host: &Host, code: &str) -> Result<Option<(Draft, Look)>, Error<RosterRefusal>> {
        let at = self.around.clock.now();
        let Some(draft) = self.store.draft(host, code, at).await? else { return Ok(None) };
        let grounds = self.store.grounds(host, at).await?;
        let look = self.reader.look(draft.text.clone(), grounds).await?;
        Ok(Some((draft, look)))
    }

    /// Who is here, and whose names are kept.
    pub async fn grounds(&self, host: &Host) -> Result<Grounds, Unavailable> {
        self.store.grounds(host, self.around.clock.now()).await
    }

    /// Invites those whose lines can go on, if they are still what was looked at (by [`Look::mark`]). Said twice, it is the same party.
    pub async fn invite(&self, host: &Host, code: &str, mark: &str) -> Result<PartyId, Error<RosterRefusal>> {
        if let Some(party) = self.store.party_of_draft(host, code).await? {
            return Ok(party);
        }
        let (draft, look) = self.look(host, code).await?.ok_or(Error::Refused(RosterRefusal::Gone))?;
        if look.mark() != mark {
            return Err(Error::Refused(RosterRefusal::Changed));
        }
        let at = self.around.clock.now();
        let guests: Vec<_> = look.guests().map(|guest| (guest.clone(), self.around.codes.new_code())).collect();
        if guests.is_empty() {
            return Err(Error::Refused(RosterRefusal::NobodyFits));
        }
        let party = NewParty { draft: code.to_owned(), called: draft.called, guests, at, expires_at: at.plus_days(draft.days) };
        self.store.keep_party(host, &party).await
    }

    /// All parties, newest first.
    pub async fn all(&self, host: &Host) -> Result<Vec<Party>, Unavailable> {
        self.store.parties(host, self.around.clock.now()).await
    }

    /// One party and its people.
    pub async fn one(&self, host: &Host, party: PartyId) -> Result<Option<(Party, Vec<PartyGuest>)>, Unavailable> {
        self.store.party(host, party, self.around.clock.now()).await
    }

    /// Takes back what nobody of a party has claimed; `None` if there is no such party.
    pub async fn undo(&self, host: &Host, party: PartyId) -> Result<Option<u32>, Unavailable> {
        self.store.undo(host, party, self.around.clock.now()).await
    }

    /// Gives a party an opening day, on the community's clock, or another one.
    pub async fn set_opening(&self, host: &Host, party: PartyId, form: &OpeningForm, zone: &Zone) -> Result<(), Error<OpeningRefusal>> {
        let at = form.when(zone, self.around.clock.now()).or_refuse()?;
        let post = self.timeline.checked(&form.words, "", &[]).await.map_err(|error| match error {
            Error::Refused(reason) => Error::Refused(reason.into()),
            Error::Unavailable(cause) => Error::Unavailable(cause),
        })?;
        let first = form.first().or_refuse()?;
        if let Some(first) = &first {
            self.may_be_first(host.me(), first, at, zone).await?;
        }
        let opening = Opening { at, whom: form.whom, words: post.markdown, first, done: false };
        if self.store.save_opening(host, party, Some(&opening)).await? { Ok(()) } else { Err(Error::Refused(OpeningRefusal::Opened)) }
    }

    /// Whether a gathering may be the first of a place that opens at that instant.
    async fn may_be_first(&self, me: &Me, first: &First, opens: Timestamp, zone: &Zone) -> Result<(), Error<OpeningRefusal>> {
        let shown = self.first_gathering(me, first, opens, zone).await?.map_err(OpeningRefusal::from).or_refuse()?;
        match shown.ok_or(Error::Refused(OpeningRefusal::NoSuch))? {
            FirstGathering::New(new) => {
                let schedule = &new.schedule;
                let starts = instant(schedule.first.and_time(schedule.time), &schedule.zone);
                if starts < opens { Err(Error::Refused(OpeningRefusal::BeforeOpening)) } else { Ok(()) }
            }
            FirstGathering::Planned(..) => Ok(()),
        }
    }

    /// The first gathering as it is shown at that instant; `None` where one that was planned is not there any more.
    async fn first_gathering(
        &self,
        me: &Me,
        first: &First,
        at: Timestamp,
        zone: &Zone,
    ) -> Result<Result<Option<FirstGathering>, PlanRefusal>, Unavailable> {
        let gatherings = &self.around.gatherings;
        match first {
            First::Planned(slug) => {
                let found = gatherings.gathering(&Viewer::Member(me.clone()), slug).await?;
                Ok(Ok(found.and_then(|gathering| FirstGathering::of(gathering, at))))
            }
            new @ First::New { .. } => {
                let form = new.form().unwrap_or_default();
                Ok(gatherings.ready(&form, zone).map(|new| Some(FirstGathering::New(Box::new(new)))))
            }
        }
    }

    /// Takes a party's opening day away; `false` where it has opened, or there is no such party.
    pub async fn call_off_opening(&self, host: &Host, party: PartyId) -> Result<bool, Unavailable> {
        self.store.save_opening(host, party, None).await
    }

    /// Openings to come that the member may look forward to.
    pub async fn awaited(&self, me: &Me) -> Result<Vec<Awaited>, Unavailable> {
        self.store.awaited(me).await
    }

    /// Opens what is due; done every minute. Two processes that do it at once open once, and one that can't be opened keeps no other closed.
    pub async fn open(&self) -> Result<(), Unavailable> {
        let mut failed = None;
        for due in self.store.due_openings(self.around.clock.now()).await? {
            if let Err(cause) = self.open_for(&due).await {
                failed.get_or_insert(cause);
            }
        }
        failed.map_or(Ok(()), Err)
    }

    async fn open_for(&self, due: &Due) -> Result<(), Unavailable> {
        let post = self.timeline.checked(&due.words, "", &[]).await.map_err(|error| match error {
            // It was checked when it was kept.
            Error::Refused(reason) => Unavailable::because(reason.to_string()),
            Error::Unavailable(cause) => cause,
        })?;
        let zone = self.around.community.community().await?.map_or_else(Zone::utc, |community| community.zone);
        let first = match &due.first {
            // What can't be planned any more, or is gone, keeps nobody out.
            Some(first) => self.first_gathering(&due.by, first, post.at, &zone).await?.ok().flatten(),
            None => None,
        };
        // Whoever it opens for is told that, and nothing else beside it.
        self.store.open(due, &NewPost { mentioned: Vec::new(), ..post }, first.as_ref()).await.map(drop)
    }

    /// The names and links of those of a party whose links work, as a table for a spreadsheet.
    pub fn sheet(&self, guests: &[PartyGuest]) -> String {
        let head = ["Name", "Name to sign in with", "Mail", "Link"].map(str::to_owned);
        let open = guests.iter().filter(|guest| guest.works).map(|guest| {
            let mail = guest.mail.as_ref().map(|mail| mail.as_str().to_owned()).unwrap_or_default();
            [guest.name.clone(), guest.handle.to_string(), mail, format!("{}/join/{}", self.around.origin, guest.code)]
        });
        reading::written([head].into_iter().chain(open))
    }

    /// Forgets what nobody needs any more; done every now and then.
    pub async fn tidy(&self) -> Result<(), Unavailable> {
        self.store.forget_drafts(self.around.clock.now()).await
    }

    /// Delivers the invitation that has waited longest, if one is due; as [`mail::Mail::deliver`].
    pub async fn deliver(&self, jitter: f64) -> Result<Delivered, Unavailable> {
        let now = self.around.clock.now();
        let Some(claimed) = self.store.claim_invite(now, now.plus_seconds(mail::LEASE)).await? else { return Ok(Delivered::Nothing) };
        let id = claimed.invitation;
        let letter = match self.around.community.community().await? {
            Some(community) if !mail::is_too_old(claimed.at, claimed.tries, now) => {
                words::invitation(&claimed, &community.name, &self.around.origin, &community.zone)
            }
            _ => {
                self.store.settle_invite(id, End::Dropped).await?;
                return Ok(Delivered::Dropped);
            }
        };
        match self.around.carrier.carry(&letter).await {
            Ok(()) => {
                self.store.settle_invite(id, End::Sent).await?;
                Ok(Delivered::Sent)
            }
            Err(NotCarried::Nobody(cause)) => {
                self.store.settle_invite(id, End::GivenUp).await?;
                Ok(Delivered::GivenUp(LetterId(id.0), cause))
            }
            Err(NotCarried::NotNow(Unavailable(cause))) => match mail::try_again(claimed.at, claimed.tries, jitter, now) {
                Some(again) => {
                    self.store.put_off_invite(id, claimed.tries, again).await?;
                    Ok(Delivered::Later(LetterId(id.0), Unavailable(cause)))
                }
                None => {
                    self.store.settle_invite(id, End::GivenUp).await?;
                    Ok(Delivered::GivenUp(LetterId(id.0), cause.to_string()))
                }
            },
        }
    }
}

/// What somebody who was invited by a roster is shown by their link, to be changed freely.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilledIn {
    /// The name that is kept for them.
    pub handle: String,
    /// A line about them; may be empty.
    pub line: String,
    /// What they care about, with commas between.
    pub interests: String,
    /// What their party is called.
    pub party: String,
    /// How many of it are here.
    pub of_party: u32,
}
