//! Sparks: prompts that start a conversation, and the posts that nobody has answered yet.
//!
//! Reading order: [`unanswered`] (who waits for a word), [`proposals`] (what could be said, from what is here), [`prompts`] (the library, and
//! the hosts' own), [`coming`] (the clock: on a day, or each week), [`went`] (what became of those that went by). The desk notices and
//! proposes; the host speaks: a spark is a post of theirs like all others, because they wrote it and said when. Where that host is a host no
//! more when the time comes, nothing is said in their name.

pub mod coming;
mod library;
pub mod prompts;
pub mod proposals;
pub mod unanswered;
pub mod went;

use crate::{
    community::CommunityStore,
    ids::{PostId, PromptId, SparkId},
    outcome::{AboutField, Error, OrRefuse, Unavailable},
    text::TextRefusal,
    time::{Clock, Timestamp, Zone},
    timeline::{PostRefusal, Timeline},
    viewer::Host,
};
use coming::{Becomes, Coming, ComingStore, Hold, MOST_TO_COME, MOST_WORDINGS, Plan, SparkForm};
use prompts::{Listed, OwnPrompt, PromptForm, PromptRefusal, PromptStore, listed};
use proposals::{Proposal, ProposalStore, propose};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use unanswered::{MOST_UNANSWERED, Unanswered, UnansweredStore, WAITED_SECONDS, WITHIN_DAYS};
use went::{LATELY_DAYS, MOST_ASKED, MOST_SHOWN, Spark, WentStore};

/// Why a spark was not sent, kept or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum SparkRefusal {
    /// The words do not fit.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// The words make no post.
    #[error(transparent)]
    Post(PostRefusal),
    /// No day, or none that is one.
    #[error("On which day? Choose one.")]
    Day,
    /// No time, or none that is one.
    #[error("At what time? Write it as 09:00.")]
    Time,
    /// It is over, or more than a year away.
    #[error("That moment is not to come, or more than a year away. Choose another one.")]
    NotToCome,
    /// No day of the week.
    #[error("On which day of the week? Choose one.")]
    Weekday,
    /// More than [`MOST_WORDINGS`].
    #[error("That is more than {MOST_WORDINGS} wordings, which is a year of them. Keep the others for later.")]
    TooManyWordings,
    /// More than [`MOST_TO_COME`].
    #[error("There are {MOST_TO_COME} sparks to come already. Let a few of them happen first.")]
    TooManyToCome,
    /// It was sent, or stopped; or it is not the host's to reword.
    #[error("This one is not to come any more: it was sent, or somebody stopped it. What you wrote is still here; you can send it anew.")]
    Gone,
}

impl AboutField for SparkRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Text(reason) => reason.field(),
            Self::Post(_) | Self::TooManyWordings => Some("words"),
            Self::Day | Self::NotToCome => Some("date"),
            Self::Time => Some("time"),
            Self::Weekday => Some("weekday"),
            Self::TooManyToCome | Self::Gone => None,
        }
    }
}

/// What sparks need kept.
pub trait SparkStore: UnansweredStore + ProposalStore + PromptStore + ComingStore + WentStore {}

impl<S: UnansweredStore + ProposalStore + PromptStore + ComingStore + WentStore> SparkStore for S {}

/// What was asked for happened at once, or will happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// It was sent, and is this post.
    Sent(PostId),
    /// It is to come.
    Planned,
}

/// The service for sparks.
#[derive(Clone)]
pub struct Sparks {
    store: Arc<dyn SparkStore>,
    community: Arc<dyn CommunityStore>,
    timeline: Timeline,
    clock: Arc<dyn Clock>,
}

impl Sparks {
    /// Over stores, and the service that posts.
    pub fn new(store: Arc<dyn SparkStore>, community: Arc<dyn CommunityStore>, timeline: Timeline, clock: Arc<dyn Clock>) -> Self {
        Self { store, community, timeline, clock }
    }

    /// Posts that nobody but their author has answered or reacted to for a day, the newest first, up to [`MOST_UNANSWERED`]; and whether
    /// there are more. One query.
    pub async fn unanswered(&self, host: &Host) -> Result<(Vec<Unanswered>, bool), Unavailable> {
        let now = self.clock.now();
        self.unanswered_between(host, (now.plus_days(-WITHIN_DAYS), now.plus_seconds(-WAITED_SECONDS))).await
    }

    /// The same of those before an instant, however long ago; without one, of those before the ones that [`Sparks::unanswered`] looks at.
    pub async fn unanswered_before(&self, host: &Host, before: Option<Timestamp>) -> Result<(Vec<Unanswered>, bool), Unavailable> {
        let now = self.clock.now();
        let until = before.map_or(now.plus_days(-WITHIN_DAYS), |before| before.min(now.plus_seconds(-WAITED_SECONDS)));
        self.unanswered_between(host, (Timestamp(0), until)).await
    }

    async fn unanswered_between(&self, host: &Host, between: (Timestamp, Timestamp)) -> Result<(Vec<Unanswered>, bool), Unavailable> {
        let mut posts = self.store.unanswered(host, between, MOST_UNANSWERED + 1).await?;
        let more = posts.len() > MOST_UNANSWERED;
        posts.truncate(MOST_UNANSWERED);
        Ok((posts, more))
    }

    /// Says for all hosts that a post needs no answer, or takes that back. What the host may not see is left as it is.
    pub async fn set_aside(&self, host: &Host, post: PostId, aside: bool) -> Result<(), Unavailable> {
        self.store.set_aside(host, post, aside, self.clock.now()).await
    }

    /// What could be said, from what is here; the unanswered are a list of their own.
    pub async fn proposals(&self, host: &Host) -> Result<Vec<Proposal>, Unavailable> {
        let (zone, now) = (self.zone().await?, self.clock.now());
        Ok(propose(&self.store.what_is_here(host, now, &zone).await?, &zone, now))
    }

    /// The library and the hosts' own prompts, those that were asked lately last.
    pub async fn prompts(&self, host: &Host) -> Result<Vec<Listed>, Unavailable> {
        let own = self.store.prompts(host).await?;
        let asked = self.store.went(host, self.clock.now().plus_days(-LATELY_DAYS), MOST_ASKED).await?;
        Ok(listed(own, &asked))
    }

    /// One of the hosts' own prompts.
    pub async fn own_prompt(&self, host: &Host, id: PromptId) -> Result<Option<OwnPrompt>, Unavailable> {
        Ok(self.store.prompts(host).await?.into_iter().find(|prompt| prompt.id == id))
    }

    /// Keeps a prompt of the hosts' own, for all of them; with an id it is reworded.
    pub async fn keep_prompt(&self, host: &Host, id: Option<PromptId>, form: &PromptForm) -> Result<(), Error<PromptRefusal>> {
        let prompt = form.check().or_refuse()?;
        self.store.keep_prompt(host, id, &prompt, self.clock.now()).await
    }

    /// Takes a prompt of the hosts' own away.
    pub async fn remove_prompt(&self, host: &Host, id: PromptId) -> Result<(), Unavailable> {
        self.store.remove_prompt(host, id).await
    }

    /// Sparks to come, the soonest first.
    pub async fn coming(&self, host: &Host) -> Result<Vec<Coming>, Unavailable> {
        let zone = self.zone().await?;
        let mut coming = self.store.coming(host).await?;
        coming.sort_by_key(|spark| (spark.paused, spark.at(&zone)));
        Ok(coming)
    }

    /// A spark to come that is the host's own, to change it.
    pub async fn my_coming(&self, host: &Host, id: SparkId) -> Result<Option<Coming>, Unavailable> {
        Ok(self.store.coming(host).await?.into_iter().find(|spark| spark.id == id && spark.is_by(host)))
    }

    /// Sends a spark now, or has it come.
    pub async fn light(&self, host: &Host, form: &SparkForm) -> Result<Done, Error<SparkRefusal>> {
        match self.checked(form).await? {
            Plan::Now(words) => {
                let post = self.timeline.checked(&words, "", &[]).await.map_err(as_spark)?;
                let id = self.store.send_now(host, &post, form.prompt()).await?;
                Ok(Done::Sent(id))
            }
            Plan::Later(new) => {
                self.store.plan(host, &new, self.clock.now()).await?;
                Ok(Done::Planned)
            }
        }
    }

    /// Changes a spark to come of the host's own: its words and its time. One that rests goes on resting. Sent "now" it is sent, and comes no more.
    pub async fn change(&self, host: &Host, id: SparkId, form: &SparkForm) -> Result<Done, Error<SparkRefusal>> {
        let gone = || Error::Refused(SparkRefusal::Gone);
        match self.checked(form).await? {
            Plan::Now(words) => {
                let coming = self.my_coming(host, id).await?.ok_or_else(gone)?;
                let post = self.timeline.checked(&words, "", &[]).await.map_err(as_spark)?;
                self.store.send(&coming, &post, None).await?.map(Done::Sent).ok_or_else(gone)
            }
            Plan::Later(new) => {
                // Where it went by meanwhile, that is taken into account.
                while let Some(coming) = self.my_coming(host, id).await? {
                    if self.store.change(host, &coming, &coming.reworded(new.clone())).await? {
                        return Ok(Done::Planned);
                    }
                }
                Err(gone())
            }
        }
    }

    /// Holds a spark to come back, or lets it go on. Any host may hold back what another wrote; it goes on by its author alone. `seen` is its
    /// `changes` as the host saw them: where it has changed since, nothing is done, and that is `false`.
    pub async fn hold(&self, host: &Host, id: SparkId, seen: i64, hold: Hold) -> Result<bool, Unavailable> {
        let (zone, now) = (self.zone().await?, self.clock.now());
        let coming = self.store.coming(host).await?.into_iter().find(|spark| spark.id == id && spark.changes == seen);
        let held = coming.and_then(|coming| Some((coming.held(hold, host.me().id, &zone, now)?, coming)));
        match held {
            Some((held, coming)) => self.store.hold(host, &coming, held, now).await,
            None => Ok(false),
        }
    }

    /// What became of the sparks that went by last, the newest first, up to [`MOST_SHOWN`].
    pub async fn went(&self, host: &Host) -> Result<Vec<Spark>, Unavailable> {
        self.store.went(host, Timestamp(0), MOST_SHOWN).await
    }

    /// Sends what is due, each once, however many processes do so; done every minute, or at the instant that this returns if that is sooner. One
    /// that can't be sent keeps back no other.
    pub async fn send_due(&self) -> Result<Option<Timestamp>, Unavailable> {
        let zone = self.zone().await?;
        let (mut next, mut failed): (Option<Timestamp>, _) = (None, Ok(()));
        for coming in self.store.due(coming::looks_until(self.clock.now())).await? {
            match self.send_if_due(&coming, &zone).await {
                Ok(at) => next = next.into_iter().chain(at).min(),
                Err(cause) => failed = Err(cause),
            }
        }
        failed.map(|()| next)
    }

    /// Sends a spark if it is due; returns when it will be, if it is not yet.
    async fn send_if_due(&self, coming: &Coming, zone: &Zone) -> Result<Option<Timestamp>, Unavailable> {
        let now = self.clock.now();
        match coming.becomes(zone, now) {
            Becomes::Ahead(at) => return Ok(Some(at)),
            Becomes::Late { missed, then } => self.store.miss(coming, missed, then, now).await?,
            Becomes::Due { then } => {
                let post = self.timeline.checked(coming.words(), "", &[]).await.map_err(|error| match error {
                    // It was checked when it was kept.
                    Error::Refused(reason) => Unavailable::because(format!("a spark was refused as a post: {reason}")),
                    Error::Unavailable(cause) => cause,
                })?;
                self.store.send(coming, &post, then).await?;
            }
        }
        Ok(None)
    }

    /// The community's zone, in which sparks have their times.
    pub async fn zone(&self) -> Result<Zone, Unavailable> {
        Ok(self.community.community().await?.map_or_else(Zone::utc, |community| community.zone))
    }

    async fn checked(&self, form: &SparkForm) -> Result<Plan, Error<SparkRefusal>> {
        form.check(&self.zone().await?, self.clock.now()).or_refuse()
    }
}

fn as_spark(error: Error<PostRefusal>) -> Error<SparkRefusal> {
    match error {
        Error::Refused(reason) => Error::Refused(SparkRefusal::Post(reason)),
        Error::Unavailable(cause) => Error::Unavailable(cause),
    }
}
