//! Many hands: whose week it is among the hosts, who is away, and how much of their time each gives.
//!
//! Reading order: [`weeks`] says what a week is and how weeks are shared out; here is the rota that comes of it; [`away`] and [`meter`] stand
//! by themselves. A rota is no lock: whose week it is keeps nobody from doing anything. Weeks are put down one by one, so that a swap, a week
//! that somebody takes, and one that nobody has are plain facts. All of it is for hosts alone; of the meter, for its host alone.

pub mod away;
pub mod meter;
pub mod weeks;

use crate::{
    community::CommunityStore,
    ids::MemberId,
    outcome::{AboutField, Error, OrRefuse, Unavailable},
    people::Byline,
    time::{Clock, Timestamp, Zone},
    viewer::{Host, Me},
};
use away::{Away, AwayForm, AwayRefusal};
use meter::Meter;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};
use weeks::{Week, share_out};

/// How many weeks the rota shows, this one included; further ahead nothing is taken.
pub const SHOWN_WEEKS: u32 = 12;

/// A host, as the others see them in the rota.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostHere {
    /// Who.
    pub who: Byline,
    /// That they are away, or will be.
    pub away: Option<Away>,
}

/// That somebody asked another to swap weeks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swap {
    /// The week that whoever asks would give.
    pub mine: Week,
    /// Who asks.
    pub by: MemberId,
    /// The week that they would take.
    pub theirs: Week,
    /// Whom they ask.
    pub asked: MemberId,
}

/// The rota, from this week on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rota {
    /// The hosts, by what they are called.
    pub hosts: Vec<HostHere>,
    /// Whose each week is; what is missing is nobody's.
    pub taken: BTreeMap<Week, MemberId>,
    /// Swaps that wait for an answer.
    pub swaps: Vec<Swap>,
    /// This week.
    pub this: Week,
}

impl Rota {
    /// The weeks that are shown, in their order.
    pub fn weeks(&self) -> impl Iterator<Item = Week> + use<> {
        let this = self.this;
        (0..SHOWN_WEEKS).map(move |later| this.plus(later))
    }
    /// Whose a week is.
    pub fn holder(&self, week: Week) -> Option<&HostHere> {
        self.taken.get(&week).and_then(|holder| self.host(*holder))
    }
    /// A host.
    pub fn host(&self, member: MemberId) -> Option<&HostHere> {
        self.hosts.iter().find(|host| host.who.id == member)
    }
    /// Whether whoever has a week misses some of it: it is offered to the others.
    pub fn is_offered(&self, week: Week, zone: &Zone) -> bool {
        self.holder(week).and_then(|host| host.away.as_ref()).is_some_and(|away| week.is_missed_by(away, zone))
    }
    /// The first week of those shown that nobody has.
    pub fn first_free(&self) -> Option<Week> {
        self.weeks().find(|week| self.holder(*week).is_none())
    }
}

/// The form for sharing weeks out, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShareForm {
    /// The hosts in their order, by number from 1; whoever is missing takes no turn.
    pub order: BTreeMap<String, String>,
    /// How many weeks, 1 to [`SHOWN_WEEKS`].
    pub weeks: String,
}

/// Why a week did not change hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum WeekRefusal {
    /// Somebody took it.
    #[error("{by} has that week by now.")]
    Taken {
        /// Who.
        by: String,
    },
    /// Not one of the weeks ahead.
    #[error("That week is over, or too far ahead to be taken yet.")]
    NotAhead,
    /// The weeks of a swap are not whose they were.
    #[error("These weeks are not as they were when the swap was thought of. Look at them once more.")]
    Changed,
    /// Nobody stands in the order.
    #[error("Choose at least one host for the order.")]
    Nobody,
    /// Not a number of weeks.
    #[error("For how many weeks is a number from 1 to {SHOWN_WEEKS}.")]
    Weeks,
    /// Whoever asks is no host any more.
    #[error("Only hosts have weeks, and you are not one any more.")]
    NotYours,
}

impl AboutField for WeekRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Weeks => Some("weeks"),
            Self::Nobody => Some("order-1"),
            _ => None,
        }
    }
}

/// A week that somebody takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taking {
    /// Which.
    pub week: Week,
    /// From whom, if it was somebody's who is away.
    pub from: Option<MemberId>,
    /// It has begun, so that they need not be told.
    pub begun: bool,
}

/// What the rota and being away need kept.
#[async_trait::async_trait]
pub trait HandsStore: Send + Sync {
    /// The rota from this week on, with who is away or will be, for hosts. Three queries.
    async fn host_rota(&self, host: &Host, this: Week, now: Timestamp) -> Result<Rota, Unavailable>;
    /// Gives a week to the host. Refuses where somebody else has it by then.
    async fn take_week(&self, host: &Host, taking: Taking) -> Result<(), Error<WeekRefusal>>;
    /// Gives a week of the host's back; `false` if it was not theirs.
    async fn give_week_back(&self, host: &Host, week: Week) -> Result<bool, Unavailable>;
    /// Gives weeks that nobody has to hosts; how many there were. The host is not told of their own if that is `this` one.
    async fn give_weeks(&self, host: &Host, weeks: &[(Week, MemberId)], this: Week) -> Result<u64, Error<WeekRefusal>>;
    /// Asks whoever has a week to swap it for one of the host's, and tells them. In place of what was asked for it before.
    async fn ask_swap(&self, host: &Host, mine: Week, theirs: Week, at: Timestamp) -> Result<(), Error<WeekRefusal>>;
    /// Answers for a week that somebody would give, and tells them.
    async fn answer_swap(&self, host: &Host, mine: Week, agree: bool, at: Timestamp) -> Result<(), Error<WeekRefusal>>;
    /// Takes back that the host asked; `false` if they did not.
    async fn unask_swap(&self, host: &Host, mine: Week) -> Result<bool, Unavailable>;
    /// Tells the host of a week that it has begun, once; not one who is away. And forgets who was away.
    async fn begin_week(&self, week: Week, now: Timestamp) -> Result<(), Unavailable>;
    /// Keeps that a member is away, or is back. Refuses whoever neither hosts nor greets.
    async fn save_away(&self, me: &Me, away: Option<&Away>) -> Result<(), Error<AwayRefusal>>;
    /// That the member is away, or will be.
    async fn my_away(&self, me: &Me, now: Timestamp) -> Result<Option<Away>, Unavailable>;
}

/// The service for many hands.
#[derive(Clone)]
pub struct Hands {
    /// The meter of each host's own time.
    pub meter: Meter,
    store: Arc<dyn HandsStore>,
    place: Arc<dyn CommunityStore>,
    clock: Arc<dyn Clock>,
}

impl Hands {
    /// Over a store, and the place whose clock it goes by.
    pub fn new(store: Arc<dyn HandsStore>, place: Arc<dyn CommunityStore>, meter: Meter, clock: Arc<dyn Clock>) -> Self {
        Self { meter, store, place, clock }
    }

    /// The rota from this week on.
    pub async fn rota(&self, host: &Host, zone: &Zone) -> Result<Rota, Unavailable> {
        let now = self.clock.now();
        self.store.host_rota(host, Week::at(now, zone), now).await
    }

    /// Takes a week that nobody has, or that somebody has who is away then.
    pub async fn take(&self, host: &Host, week: Week, zone: &Zone) -> Result<(), Error<WeekRefusal>> {
        let rota = self.rota(host, zone).await?;
        if !rota.weeks().any(|shown| shown == week) {
            return Err(Error::Refused(WeekRefusal::NotAhead));
        }
        let from = match rota.holder(week) {
            Some(holder) if holder.who.id == host.me().id => return Ok(()),
            Some(holder) if !rota.is_offered(week, zone) => {
                return Err(Error::Refused(WeekRefusal::Taken { by: holder.who.display_name.clone() }));
            }
            holder => holder.map(|holder| holder.who.id),
        };
        self.store.take_week(host, Taking { week, from, begun: week == rota.this }).await
    }

    /// Gives a week back; `false` if it was not the host's.
    pub async fn give_back(&self, host: &Host, week: Week) -> Result<bool, Unavailable> {
        self.store.give_week_back(host, week).await
    }

    /// Shares out the weeks that nobody has, in an order that goes round; how many there were.
    pub async fn share(&self, host: &Host, form: &ShareForm, zone: &Zone) -> Result<u64, Error<WeekRefusal>> {
        let many = form.weeks.trim().parse().ok().filter(|many| (1..=SHOWN_WEEKS).contains(many)).ok_or(WeekRefusal::Weeks).or_refuse()?;
        let rota = self.rota(host, zone).await?;
        let mut turns: Vec<(u32, &str)> =
            form.order.iter().filter_map(|(at, name)| Some((at.parse().ok()?, name.trim()))).filter(|(_, name)| !name.is_empty()).collect();
        turns.sort_by_key(|(at, _)| *at);
        let of_name = |name: &str| rota.hosts.iter().find(|host| host.who.name.as_str() == name).map(|host| host.who.id);
        let order: Vec<MemberId> = turns.into_iter().filter_map(|(_, name)| of_name(name)).collect();
        if order.is_empty() {
            return Err(Error::Refused(WeekRefusal::Nobody));
        }
        let misses = |member: MemberId, week: Week| {
            rota.host(member).and_then(|host| host.away.as_ref()).is_some_and(|away| week.is_missed_by(away, zone))
        };
        let taken = rota.weeks().filter_map(|week| Some((week, rota.holder(week)?.who.id))).collect();
        let shared = share_out(&order, rota.weeks().take(many as usize), &taken, misses);
        self.store.give_weeks(host, &shared, rota.this).await
    }

    /// Asks whoever has a week to swap it for one of the host's.
    pub async fn ask_swap(&self, host: &Host, mine: Week, theirs: Week, zone: &Zone) -> Result<(), Error<WeekRefusal>> {
        let now = self.clock.now();
        let rota = self.store.host_rota(host, Week::at(now, zone), now).await?;
        let holds = |week: Week| rota.weeks().any(|shown| shown == week).then(|| rota.holder(week)).flatten().map(|holder| holder.who.id);
        match (holds(mine), holds(theirs)) {
            (Some(me), Some(other)) if me == host.me().id && other != me => self.store.ask_swap(host, mine, theirs, now).await,
            _ => Err(Error::Refused(WeekRefusal::Changed)),
        }
    }

    /// Agrees to a swap, or not. One of which a week is over by now is none any more.
    pub async fn answer_swap(&self, host: &Host, mine: Week, agree: bool, zone: &Zone) -> Result<(), Error<WeekRefusal>> {
        let rota = self.rota(host, zone).await?;
        if !rota.swaps.iter().any(|swap| swap.mine == mine) {
            return Err(Error::Refused(WeekRefusal::Changed));
        }
        self.store.answer_swap(host, mine, agree, self.clock.now()).await
    }

    /// Takes back that the host asked for a swap.
    pub async fn unask_swap(&self, host: &Host, mine: Week) -> Result<bool, Unavailable> {
        self.store.unask_swap(host, mine).await
    }

    /// Tells whoever has the week that has begun, once.
    pub async fn begin_week(&self) -> Result<(), Unavailable> {
        let Some(community) = self.place.community().await? else { return Ok(()) };
        let now = self.clock.now();
        self.store.begin_week(Week::at(now, &community.zone), now).await
    }

    /// Keeps that the member is away.
    pub async fn go_away(&self, me: &Me, form: &AwayForm, zone: &Zone) -> Result<(), Error<AwayRefusal>> {
        let away = form.check(self.clock.now(), zone).or_refuse()?;
        self.store.save_away(me, Some(&away)).await
    }

    /// The member is back, or does not go.
    pub async fn come_back(&self, me: &Me) -> Result<(), Error<AwayRefusal>> {
        self.store.save_away(me, None).await
    }

    /// That the member is away, or will be.
    pub async fn my_away(&self, me: &Me) -> Result<Option<Away>, Unavailable> {
        self.store.my_away(me, self.clock.now()).await
    }
}
