//! Gatherings' rows, the sessions on which something hangs, and answers.
//!
//! A session has a row only where something hangs on its date; all others follow from their gathering's rule. Every change to a
//! gathering and every answer first holds the gathering's row, so that they come one after the other and none is made on what
//! was seen before another.

mod addresses;
mod bring;
mod coming;
mod imports;
mod planning;
mod reading;
mod rooms;

pub(crate) use reading::date;

use crate::connection::Store;
use chrono::NaiveDate;
use domain::{
    gatherings::{
        Gathering, GatheringStore, Left, NewGathering, NewRsvp, PlanRefusal, Rsvp, Session, Tally,
        calling_off::CallingOff,
        changes::{SeriesChange, SessionChange, SessionRefusal},
        coming::{Reminder, Reminders},
    },
    ids::{GatheringId, MemberId},
    outcome::{Error, Unavailable},
    time::Timestamp,
    viewer::{Me, Viewer},
};

#[async_trait::async_trait]
impl GatheringStore for Store {
    async fn gatherings(&self, viewer: &Viewer, since: Timestamp) -> Result<Vec<Gathering>, Unavailable> {
        reading::gatherings(self, viewer, since).await
    }
    async fn calendar(&self, viewer: &Viewer, since: Timestamp) -> Result<Vec<Gathering>, Unavailable> {
        reading::calendar(self, viewer, since).await
    }
    async fn gathering(&self, viewer: &Viewer, slug: &str) -> Result<Option<Gathering>, Unavailable> {
        reading::gathering(self, viewer, slug).await
    }
    async fn tallies(&self, viewer: &Viewer, dates: (NaiveDate, NaiveDate)) -> Result<Vec<Tally>, Unavailable> {
        reading::tallies(self, viewer, dates).await
    }
    async fn announced(
        &self,
        viewer: &Viewer,
        gatherings: &[GatheringId],
        now: Timestamp,
    ) -> Result<Vec<(Gathering, Vec<Tally>)>, Unavailable> {
        reading::announced(self, viewer, gatherings, now).await
    }
    async fn rsvps(&self, viewer: &Viewer, gathering: GatheringId, date: NaiveDate) -> Result<Vec<Rsvp>, Unavailable> {
        reading::rsvps(self, viewer, gathering, date).await
    }
    async fn left(&self, viewer: &Viewer, gathering: GatheringId, dates: &[NaiveDate]) -> Result<Vec<Left>, Unavailable> {
        reading::left(self, viewer, gathering, dates).await
    }
    async fn keep_gathering(&self, host: &Me, gathering: &NewGathering) -> Result<String, Error<PlanRefusal>> {
        planning::keep_gathering(self, host, gathering).await
    }
    async fn answered(&self, gathering: GatheringId, from: NaiveDate) -> Result<Vec<NaiveDate>, Unavailable> {
        reading::answered(self.read(), gathering, from).await
    }
    async fn moved_to(&self, viewer: &Viewer, slug: &str, was: NaiveDate) -> Result<Option<NaiveDate>, Unavailable> {
        reading::moved_to(self, viewer, slug, was).await
    }
    async fn bringing(&self, viewer: &Viewer, gathering: GatheringId, date: NaiveDate) -> Result<Vec<MemberId>, Unavailable> {
        reading::bringing(self, viewer, gathering, date).await
    }
    async fn set_up(&self, gathering: GatheringId) -> Result<Vec<NaiveDate>, Unavailable> {
        reading::set_up(self.read(), gathering).await
    }
    async fn save_gathering(&self, by: &Me, change: &SeriesChange) -> Result<(), Error<PlanRefusal>> {
        planning::save_gathering(self, by, change).await
    }
    async fn save_session(&self, by: &Me, change: &SessionChange) -> Result<(), Error<SessionRefusal>> {
        planning::save_session(self, by, change).await
    }
    async fn cancel_gathering(&self, by: &Me, change: &CallingOff) -> Result<(), Error<SessionRefusal>> {
        planning::cancel_gathering(self, by, change).await
    }
    async fn record_rsvp(&self, me: &Me, new: &NewRsvp) -> Result<bool, Unavailable> {
        coming::record_rsvp(self, me, new).await
    }
    async fn with_standing_answers(&self, since: Timestamp) -> Result<Vec<Gathering>, Unavailable> {
        reading::with_standing_answers(self, since).await
    }
    async fn remind(&self, reminder: Reminder, between: (Timestamp, Timestamp), at: Timestamp) -> Result<(), Unavailable> {
        coming::remind(self, reminder, between, at).await
    }
    async fn reminders(&self, me: &Me) -> Result<Reminders, Unavailable> {
        coming::reminders(self, me).await
    }
    async fn save_reminders(&self, me: &Me, reminders: Reminders) -> Result<(), Unavailable> {
        coming::save_reminders(self, me, reminders).await
    }
    async fn comes_each_time(&self, me: &Me, gathering: GatheringId) -> Result<bool, Unavailable> {
        coming::comes_each_time(self, me, gathering).await
    }
    async fn keep_up(&self, gathering: GatheringId, seen: i64, coming: &[Session], at: Timestamp) -> Result<(), Unavailable> {
        coming::keep_up(self, gathering, seen, coming, at).await
    }
    async fn calendar_secret(&self, me: &Me, fresh: &str) -> Result<String, Unavailable> {
        addresses::calendar_secret(self, me, fresh).await
    }
    async fn renew_calendar_secret(&self, me: &Me, fresh: &str) -> Result<(), Unavailable> {
        addresses::renew_calendar_secret(self, me, fresh).await
    }
    async fn calendar_owner(&self, secret: &str) -> Result<Option<Me>, Unavailable> {
        addresses::calendar_owner(self, secret).await
    }
}
