//! Calling off all that is still to come of a gathering, and letting it go on after all.
//!
//! What would have begun between the two did not take place, and stays cancelled for the reason that was given; what is over by then
//! can't be let take place any more.

use super::{
    Gathering, Session,
    calendar::{Cancelled, Exception},
    changes::{SessionRefusal, WHY},
};
use crate::{ids::GatheringId, text, time::Timestamp};

/// All that is still to come of a gathering, called off, or on again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallingOff {
    /// Which gathering.
    pub gathering: GatheringId,
    /// How often it had been changed when this was decided.
    pub seen: i64,
    /// From when on and why it is cancelled; `None` where it goes on.
    pub cancelled: Option<Cancelled>,
    /// Where it goes on: what the dates have of their own from now on that went by meanwhile, each with its session and until when it matters.
    pub missed: Vec<(Exception, Session, Timestamp)>,
    /// The next session that is off by this, or on.
    pub next: Option<Session>,
    /// When there is nothing more to tell of it.
    pub over_at: Timestamp,
    /// When.
    pub at: Timestamp,
}

impl CallingOff {
    /// Decides it; without a reason the gathering goes on.
    pub fn decide(gathering: &Gathering, why: Option<&str>, at: Timestamp) -> Result<Self, SessionRefusal> {
        let why = why.map(|why| text::needed_line(WHY, why, 300)).transpose()?;
        let on = Gathering { cancelled: None, ..gathering.clone() };
        let (cancelled, missed) = match (why, &gathering.cancelled) {
            (Some(why), None) => (Some(Cancelled { at, why }), Vec::new()),
            (None, Some(cancelled)) => (None, missed(&on, cancelled, at)),
            (Some(_), Some(_)) | (None, None) => return Err(SessionRefusal::Overtaken),
        };
        let next = on.not_over(at).find(|session| session.starts_at >= at && !session.cancelled);
        let after = Gathering { cancelled: cancelled.clone(), ..gathering.clone() };
        Ok(Self { gathering: gathering.id, seen: gathering.changes, cancelled, missed, next, over_at: after.over_at(), at })
    }
}

/// The sessions of a gathering that would have begun while it was cancelled, until `now`.
fn missed(on: &Gathering, cancelled: &Cancelled, now: Timestamp) -> Vec<(Exception, Session, Timestamp)> {
    let meanwhile = on.not_over(cancelled.at).filter(|session| session.starts_at >= cancelled.at);
    let meanwhile = meanwhile.take_while(|session| session.starts_at < now).filter(|session| !session.cancelled);
    meanwhile
        .map(|session| {
            let own = on.exception(session.date).cloned().unwrap_or_else(|| Exception::none(session.date));
            let own = Exception { cancelled: Some(cancelled.why.clone()), changes: own.changes + 1, changed_at: now, ..own };
            let (session, until) = on.own_time(&own);
            (own, session, until)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gatherings::{
        calendar::{Moved, Standing},
        sessions,
        tests::gathering,
    };
    use chrono::NaiveDate;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn noon(text: &str) -> Timestamp {
        sessions::instant(date(text).and_hms_opt(12, 0, 0).expect("a time"), &crate::time::Zone::utc())
    }

    /// On Thursdays at midnight, called off on Saturday 5 December.
    fn called_off() -> Gathering {
        let mut soup = gathering("soup", "2026-11-26", "FREQ=WEEKLY;BYDAY=TH");
        soup.cancelled = CallingOff::decide(&soup, Some("We moved away."), noon("2026-12-05")).expect("may be").cancelled;
        soup
    }

    #[test]
    fn what_would_have_been_while_it_was_called_off_stays_cancelled() {
        let mut soup = called_off();
        let moved = |day: &str| Moved { date: date(day), ..soup.usual_clock(date("2026-12-17")) };
        soup.exceptions = vec![
            // Moved out of the time when it was off.
            Exception { moved: Some(moved("2026-12-30")), ..Exception::none(date("2026-12-10")) },
            Exception { cancelled: Some("Ana is ill.".into()), ..Exception::none(date("2026-12-17")) },
            Exception { standing: Standing::Extra, changes: 4, ..Exception::none(date("2026-12-20")) },
            Exception { standing: Standing::LeftOut, ..Exception::none(date("2026-12-24")) },
        ];
        let on = CallingOff::decide(&soup, None, noon("2026-12-25")).expect("may be");
        let stays: Vec<_> = on.missed.iter().map(|(own, ..)| (own.date, own.cancelled.as_deref(), own.standing, own.changes)).collect();
        assert_eq!(stays, [(date("2026-12-20"), Some("We moved away."), Standing::Extra, 5)]);
        assert_eq!((on.cancelled, on.next.map(|next| next.date)), (None, Some(date("2026-12-10"))));

        soup.exceptions.clear();
        let on = CallingOff::decide(&soup, None, noon("2026-12-25")).expect("may be");
        let stays: Vec<_> = on.missed.iter().map(|(own, ..)| own.date).collect();
        assert_eq!(stays, [date("2026-12-10"), date("2026-12-17"), date("2026-12-24")]);
        let after = Gathering { cancelled: None, exceptions: on.missed.into_iter().map(|(own, ..)| own).collect(), ..soup };
        let over: Vec<_> = after.last_over(noon("2027-01-01"), 3).into_iter().map(|session| session.date).collect();
        assert_eq!(over, [date("2026-12-31"), date("2026-12-03"), date("2026-11-26")], "nobody can have been there");
        let session = after.session(date("2026-12-17")).expect("its page stays");
        assert_eq!(after.why_cancelled(&session), Some("We moved away."));
    }

    #[test]
    fn what_goes_on_at_once_misses_nothing() {
        let on = CallingOff::decide(&called_off(), None, noon("2026-12-06")).expect("may be");
        assert_eq!((on.missed.len(), on.next.map(|next| next.date)), (0, Some(date("2026-12-10"))));
    }

    #[test]
    fn it_is_called_off_once_for_a_reason() {
        let (off, at) = (called_off(), noon("2026-12-06"));
        let on = Gathering { cancelled: None, ..off.clone() };
        assert_eq!(CallingOff::decide(&off, Some("Again."), at), Err(SessionRefusal::Overtaken));
        assert_eq!(CallingOff::decide(&on, None, at), Err(SessionRefusal::Overtaken));
        assert!(matches!(CallingOff::decide(&on, Some(" "), at), Err(SessionRefusal::Text(_))));
    }
}
