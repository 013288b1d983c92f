//! The pulse: how lively it is against this community's own usual, who used to come and has not for a while, and how deep it goes.
//!
//! Reading order: [`counting`] says what is counted, and when; [`quiet`], [`drifting`] and [`depth`] each say a rule, and here is who may be told
//! what. Hosts are told names, each member is told their own, and all are told figures that say nothing of fewer than a handful. There are
//! no ranks, no records and no streaks, and nobody is written to by itself. Only what all members may see is counted; what a host is told
//! of somebody comes of what that host may see.

pub mod counting;
pub mod depth;
pub mod drifting;
pub mod quiet;

use crate::{
    community::CommunityStore,
    ids::MemberId,
    outcome::Unavailable,
    people::{Byline, Handle},
    time::{Clock, Timestamp, Zone},
    viewer::{Host, Me, Viewer},
};
use chrono::NaiveDate;
use counting::{Counted, Happened, Month, count};
use depth::{Core, Figures, FirstWord, MINE_DAYS, NEW_DAYS, SESSIONS_DAYS, SPOKEN_DAYS, Said, Series, Unanswered, Unspoken, talks};
use drifting::{Drifting, FEWEST_AWAY, LEFT_BE_DAYS, LOOKED_BACK, LeftBe, MOST_SHOWN, Rhythm, drifting};
use quiet::{Hour, Hours, Quiet, day_of, looks_back, on_the_wall};
use std::{collections::BTreeMap, sync::Arc};

/// What counting needs of the store.
#[async_trait::async_trait]
pub trait CountStore: Send + Sync {
    /// When which month was counted, by its first day.
    async fn months_counted(&self) -> Result<BTreeMap<NaiveDate, Timestamp>, Unavailable>;
    /// What happened in a month, as far as all members may see it.
    async fn happened(&self, month: &Month) -> Result<Happened, Unavailable>;
    /// Keeps what was counted of a month, instead of what was kept of it before. What is older than `oldest` is forgotten.
    async fn keep_month(&self, month: &Month, counted: &Counted, oldest: NaiveDate, at: Timestamp) -> Result<(), Unavailable>;
}

/// What the pulse needs kept for hosts.
#[async_trait::async_trait]
pub trait PulseStore: Send + Sync {
    /// How much came in each hour since an instant, as it was counted; and since when the place is there.
    async fn hours(&self, since: Timestamp) -> Result<(Hours, Timestamp), Unavailable>;
    /// When people wrote and reacted since an instant, as far as all members may see it.
    async fn came_since(&self, since: Timestamp) -> Result<Vec<Timestamp>, Unavailable>;
    /// On which days people came from one day to another, of those who did not come after it; without the host and those who are left be now.
    async fn rhythms(&self, host: &Host, days: (NaiveDate, NaiveDate), now: Timestamp) -> Result<Vec<(MemberId, Rhythm)>, Unavailable>;
    /// Of these people, what a host may see: what they wrote last, where they were last, and whom they answered in what they wrote lately.
    async fn known_of(&self, host: &Host, who: &[(MemberId, Rhythm)]) -> Result<Vec<Drifting>, Unavailable>;
    /// Leaves somebody be until an instant, or no longer; for all hosts. False if there is nobody of that name.
    async fn leave_be(&self, host: &Host, name: &Handle, until: Option<Timestamp>) -> Result<bool, Unavailable>;
    /// Those who are left be now, by when it ends.
    async fn left_be(&self, host: &Host, now: Timestamp) -> Result<Vec<LeftBe>, Unavailable>;
    /// Those who did something since an instant, were at no session since, and whom nobody spoke with, as far as the host may see it.
    async fn unspoken(&self, host: &Host, since: Timestamp, day: NaiveDate) -> Result<Vec<Unspoken>, Unavailable>;
    /// Those who joined since an instant and have said something the host may see: their first word, and what came of it; newest first.
    async fn first_words(&self, host: &Host, since: Timestamp) -> Result<Vec<Unanswered>, Unavailable>;
}

/// What is read for every member.
#[async_trait::async_trait]
pub trait DepthStore: Send + Sync {
    /// The series that the viewer may see, and who came to them since a day.
    async fn series(&self, viewer: &Viewer, since: NaiveDate) -> Result<Vec<Series>, Unavailable>;
    /// What people are called.
    async fn called(&self, viewer: &Viewer, who: &[MemberId]) -> Result<BTreeMap<MemberId, Byline>, Unavailable>;
    /// The figures of the months that were counted, the oldest first.
    async fn months(&self, me: &Me) -> Result<Vec<(NaiveDate, Figures)>, Unavailable>;
    /// The threads in which the member wrote since an instant, as they may see them.
    async fn my_threads(&self, me: &Me, since: Timestamp) -> Result<Vec<Said>, Unavailable>;
}

/// How lively it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Liveliness {
    /// It is quiet.
    pub quiet: Option<Quiet>,
    /// Today, hour by hour; empty for a place that is too young to have a usual.
    pub today: Vec<Hour>,
    /// The community's zone, in which all of it is.
    pub zone: Zone,
}

/// The pulse for all members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Together {
    /// The figures of up to twelve months that are over, and of the present one; the oldest first.
    pub months: Vec<(NaiveDate, Figures)>,
    /// The series that the reader may see, with how many their core is, in the order of their titles.
    pub series: Vec<(String, String, u32)>,
}

/// A member's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mine {
    /// With whom the member has spoken lately, and when last; the latest first.
    pub talked_with: Vec<(Byline, Timestamp)>,
    /// The series whose core they are of: address part and title.
    pub comes_to: Vec<(String, String)>,
}

/// The service for the pulse.
#[derive(Clone)]
pub struct Pulse {
    counting: Arc<dyn CountStore>,
    store: Arc<dyn PulseStore>,
    depth: Arc<dyn DepthStore>,
    community: Arc<dyn CommunityStore>,
    clock: Arc<dyn Clock>,
}

impl Pulse {
    /// Over stores.
    pub fn new(
        (counting, store, depth): (Arc<dyn CountStore>, Arc<dyn PulseStore>, Arc<dyn DepthStore>),
        community: Arc<dyn CommunityStore>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { counting, store, depth, community, clock }
    }

    /// Counts the months that are due; for the clock. Two processes that do it at once count the same.
    pub async fn count(&self) -> Result<(), Unavailable> {
        let Some(zone) = self.zone().await? else { return Ok(()) };
        let now = self.clock.now();
        let (months, counted) = (Month::counted(now, &zone), self.counting.months_counted().await?);
        let oldest = months.last().map_or_else(|| on_the_wall(now, &zone).date(), |month| month.first);
        for month in months.iter().filter(|month| month.is_due(counted.get(&month.first).copied(), now)) {
            let happened = self.counting.happened(month).await?;
            self.counting.keep_month(month, &count(month, &happened, &zone, now), oldest, now).await?;
        }
        Ok(())
    }

    /// How lively it is, for hosts.
    pub async fn liveliness(&self, _host: &Host) -> Result<Liveliness, Unavailable> {
        let zone = self.zone().await?.unwrap_or_else(Zone::utc);
        let now = self.clock.now();
        let (mut hours, place_since) = self.store.hours(looks_back(now)).await?;
        // Today is read as it is, and not as it was counted some minutes ago; and so is the evening before, early in the day.
        let since = day_of(now, &zone).min(quiet::hour_of(now, &zone).plus_seconds(-3600 * i64::from(quiet::LONGEST_STRETCH)));
        hours.retain(|hour, _| *hour < since);
        for at in self.store.came_since(since).await? {
            *hours.entry(quiet::hour_of(at, &zone)).or_default() += 1;
        }
        let quiet = quiet::quiet(&hours, &zone, place_since, now);
        Ok(Liveliness { quiet, today: quiet::day(&hours, &zone, place_since, now), zone })
    }

    /// Who drifts, who was here last first, up to [`MOST_SHOWN`].
    pub async fn drifting(&self, host: &Host) -> Result<Vec<Drifting>, Unavailable> {
        let now = self.clock.now();
        let zone = self.zone().await?.unwrap_or_else(Zone::utc);
        let today = on_the_wall(now, &zone).date();
        let days = [LOOKED_BACK, FEWEST_AWAY].map(|days| today - chrono::Duration::days(days));
        let mut found = drifting(self.store.rhythms(host, days.into(), now).await?, today);
        found.truncate(MOST_SHOWN);
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let known = self.store.known_of(host, &found).await?;
        // Whoever wrote to this host where others don't read it has been here, and the host knows.
        let wrote = |one: &Drifting| one.wrote.map_or(one.rhythm, |(_, at)| one.rhythm.and_on(on_the_wall(at, &zone).date()));
        Ok(known.into_iter().filter(|one| wrote(one).drifts(today)).collect())
    }

    /// Leaves somebody be for [`LEFT_BE_DAYS`], for all hosts. False if there is nobody of that name.
    pub async fn leave_be(&self, host: &Host, name: &str) -> Result<bool, Unavailable> {
        self.keep_left_be(host, name, Some(self.clock.now().plus_days(LEFT_BE_DAYS))).await
    }

    /// Looks out for somebody again who was left be.
    pub async fn look_out_for(&self, host: &Host, name: &str) -> Result<bool, Unavailable> {
        self.keep_left_be(host, name, None).await
    }

    async fn keep_left_be(&self, host: &Host, name: &str, until: Option<Timestamp>) -> Result<bool, Unavailable> {
        let Ok(name) = Handle::parse(name) else { return Ok(false) };
        self.store.leave_be(host, &name, until).await
    }

    /// Those who are left be.
    pub async fn left_be(&self, host: &Host) -> Result<Vec<LeftBe>, Unavailable> {
        self.store.left_be(host, self.clock.now()).await
    }

    /// Whom nobody spoke with in the last [`SPOKEN_DAYS`], though they were here and at no session.
    pub async fn unspoken(&self, host: &Host) -> Result<Vec<Unspoken>, Unavailable> {
        let since = self.today().await? - chrono::Duration::days(SPOKEN_DAYS);
        self.store.unspoken(host, self.clock.now().plus_days(-SPOKEN_DAYS), since).await
    }

    /// The newcomers of the last [`NEW_DAYS`] who were not answered within a day.
    pub async fn unanswered(&self, host: &Host) -> Result<Vec<Unanswered>, Unavailable> {
        let now = self.clock.now();
        let mut found = self.store.first_words(host, now.plus_days(-NEW_DAYS)).await?;
        found.retain(|newcomer| FirstWord::in_time(&newcomer.first, now) == Some(false));
        Ok(found)
    }

    /// The series that a host may see, each with its core.
    pub async fn cores(&self, host: &Host) -> Result<Vec<Core>, Unavailable> {
        let viewer = Viewer::Member(host.me().clone());
        let cores = self.cores_of(&viewer).await?;
        let everybody: Vec<MemberId> = cores.iter().flat_map(|(_, core, _)| core.iter().copied()).collect();
        let called = self.depth.called(&viewer, &everybody).await?;
        let core = |(series, core, sessions): (Series, Vec<MemberId>, usize)| {
            let mut who: Vec<Byline> = core.iter().filter_map(|id| called.get(id).cloned()).collect();
            who.sort_by_cached_key(|who| (who.display_name.to_lowercase(), who.id));
            Core { slug: series.slug, title: series.title, who, sessions }
        };
        Ok(cores.into_iter().map(core).collect())
    }

    /// The pulse for all members.
    pub async fn together(&self, me: &Me) -> Result<Together, Unavailable> {
        let mut months = self.depth.months(me).await?;
        // Before anything was ever said there is nothing to tell.
        let begun = months.iter().position(|(_, figures)| *figures != Figures::default()).unwrap_or(months.len());
        months.drain(..begun);
        let series = self.cores_of(&Viewer::Member(me.clone())).await?;
        let series = series.into_iter().map(|(series, core, _)| (series.slug, series.title, core.len() as u32)).collect();
        Ok(Together { months, series })
    }

    /// The figures of the last two months, for hosts; the older first.
    pub async fn lately(&self, host: &Host) -> Result<Vec<(NaiveDate, Figures)>, Unavailable> {
        let mut months = self.depth.months(host.me()).await?;
        Ok(months.split_off(months.len().saturating_sub(2)))
    }

    /// A member's own, which nobody else is told.
    pub async fn mine(&self, me: &Me) -> Result<Mine, Unavailable> {
        let viewer = Viewer::Member(me.clone());
        let said = self.depth.my_threads(me, self.clock.now().plus_days(-MINE_DAYS)).await?;
        let mut last: BTreeMap<MemberId, Timestamp> = BTreeMap::new();
        for talk in talks(&said) {
            let both = talk.pair.both();
            if let Some(other) = both.into_iter().find(|id| *id != me.id).filter(|_| both.contains(&me.id)) {
                let at = last.entry(other).or_insert(talk.at);
                *at = talk.at.max(*at);
            }
        }
        let ids: Vec<MemberId> = last.keys().copied().collect();
        let called = self.depth.called(&viewer, &ids).await?;
        let mut talked_with: Vec<(Byline, Timestamp)> =
            last.into_iter().filter_map(|(id, at)| called.get(&id).cloned().map(|who| (who, at))).collect();
        talked_with.sort_by_key(|(who, at)| (std::cmp::Reverse(*at), who.id));
        let comes = self.cores_of(&viewer).await?.into_iter().filter(|(_, core, _)| core.contains(&me.id));
        Ok(Mine { talked_with, comes_to: comes.map(|(series, _, _)| (series.slug, series.title)).collect() })
    }

    async fn cores_of(&self, viewer: &Viewer) -> Result<Vec<(Series, Vec<MemberId>, usize)>, Unavailable> {
        let today = self.today().await?;
        let mut series = self.depth.series(viewer, today - chrono::Duration::days(SESSIONS_DAYS)).await?;
        series.sort_by_cached_key(|series| series.title.to_lowercase());
        let core = |series: Series| series.core(today).map(|(core, sessions)| (series, core, sessions));
        Ok(series.into_iter().filter_map(core).filter(|(_, core, _)| !core.is_empty()).collect())
    }

    async fn today(&self) -> Result<NaiveDate, Unavailable> {
        let zone = self.zone().await?.unwrap_or_else(Zone::utc);
        Ok(on_the_wall(self.clock.now(), &zone).date())
    }

    async fn zone(&self) -> Result<Option<Zone>, Unavailable> {
        Ok(self.community.community().await?.map(|community| community.zone))
    }
}
