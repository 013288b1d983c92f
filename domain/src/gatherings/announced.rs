//! A gathering as the post that announces it shows it: when it is next, and what the viewer said of that. The post may have been
//! written months ago, so this is told anew whenever it is read.

use super::{
    Answer, Gathering, Session, Tally,
    coming::{answer_by, has_room},
    rule,
};
use crate::{
    time::{Timestamp, Zone},
    timeline::Announced,
    viewer::Viewer,
};
use chrono::{DateTime, Datelike};
use chrono_tz::Tz;

/// The session that a gathering's post is about.
#[derive(Clone, Copy, Debug)]
pub struct Next<'a> {
    /// The first that is not over ([`Gathering::not_over`]), if there is one.
    pub session: Option<Session>,
    /// What was said of it, by the viewer and by all; for a visitor, nothing.
    pub said: Option<&'a Tally>,
}

/// How a gathering stands with its viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    /// Its next session can be answered.
    Open,
    /// That too, and whoever says yes now waits for room.
    Full,
    /// It is too late to say yes to its next session.
    Late,
    /// Its next session was cancelled; without one, all that was still to come.
    Cancelled,
    /// Nothing more is planned.
    Over,
}

impl Gathering {
    fn stands(&self, next: Next<'_>, now: Timestamp) -> Stands {
        let taken = next.said.map_or(0, |said| said.yes);
        match &next.session {
            None if self.cancelled.is_some() => Stands::Cancelled,
            None => Stands::Over,
            Some(next) if next.cancelled => Stands::Cancelled,
            Some(next) if answer_by(self, next).is_some_and(|by| by <= now) => Stands::Late,
            Some(_) if !has_room(self.terms.capacity, taken, 1) => Stands::Full,
            Some(_) => Stands::Open,
        }
    }

    /// What its post shows its viewer at `now`.
    pub fn announced(&self, viewer: &Viewer, next: Next<'_>, now: Timestamp) -> Announced {
        let stands = self.stands(next, now);
        let mine = next.said.and_then(|said| said.mine.map(|mine| (mine, said.waiting)));
        let answerable = viewer.me().is_some() && matches!(stands, Stands::Open | Stands::Full | Stands::Late);
        let said = match mine {
            Some((_, true)) => Some("You are on the waiting list."),
            Some((Answer::Yes, _)) => Some("You are coming."),
            Some((Answer::Maybe, _)) => Some("You said maybe."),
            Some((Answer::No, _)) => Some("You said not this time."),
            None if stands == Stands::Late => Some("It is too late to say yes."),
            None if stands == Stands::Full => Some("It is full. Whoever says yes now waits, and moves up when somebody can’t come."),
            None => None,
        };
        let date = next.session.filter(|_| answerable && (mine.is_some() || stands != Stands::Late)).map(|next| next.date.to_string());
        Announced {
            id: self.id,
            slug: self.slug.clone(),
            title: self.title.clone(),
            when: self.when_in_words(viewer, next.session, now),
            said: said.filter(|_| answerable).map(str::to_owned),
            answered: answerable && mine.is_some(),
            date,
        }
    }

    /// When it is next, on its own clock, and where the reader's differs, on that: `On the agenda: every second Thursday, next on Thursday
    /// 26 November, 19:30 in Lisbon (for you Friday 27 November, 04:30).`
    fn when_in_words(&self, viewer: &Viewer, next: Option<Session>, now: Timestamp) -> String {
        let zone = &self.schedule.zone;
        let readers = viewer.zone_or(zone);
        let repeats = self.open_schedules(now).into_iter().next().filter(|schedule| schedule.rule.is_some()).map(rule::in_words);
        let Some(next) = next else {
            return match (self.cancelled.is_some(), self.last_over(now, 1).first(), repeats) {
                (true, ..) => "It was cancelled.".to_owned(),
                (_, None, _) => "Nothing more is planned.".to_owned(),
                (_, Some(last), None) => format!("It was on {}.", day(last.starts_at, readers, now)),
                (_, Some(last), Some(_)) => {
                    format!("Nothing more is planned. The last one was on {}.", day(last.starts_at, readers, now))
                }
            };
        };
        let often = repeats.map(|repeats| format!("{repeats}, next on ")).unwrap_or_default();
        let time = |zone: &Zone| format!("{}, {}", day(next.starts_at, zone, now), local(next.starts_at, zone).format("%H:%M"));
        let (own, for_them) = (time(zone), time(readers));
        let for_them = if own == for_them { String::new() } else { format!(" (for you {for_them})") };
        let cancelled = if next.cancelled { " That one is cancelled." } else { "" };
        format!("On the agenda: {often}{own} {}{for_them}.{cancelled}", zone.in_words())
    }
}

fn local(at: Timestamp, zone: &Zone) -> DateTime<Tz> {
    DateTime::<chrono::Utc>::from(at).with_timezone(&zone.rules())
}

/// `Thursday 26 November`, and with the year if it is not this one.
fn day(at: Timestamp, zone: &Zone, now: Timestamp) -> String {
    let (at, now) = (local(at, zone), local(now, zone));
    let year = if at.year() == now.year() { "" } else { " %Y" };
    at.format(&format!("%A %-d %B{year}")).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        gatherings::{
            calendar::{Cancelled, Exception, Moved, Rhythm, Standing},
            sessions::Schedule,
            tests::{NOW, gathering},
        },
        ids::{GatheringId, MemberId},
        people::{Handle, Role},
        timeline::Looked,
        viewer::Me,
    };
    use chrono::{NaiveDate, NaiveTime};
    use proptest::prelude::*;

    /// Monday 23 November 2026, in the evening.
    const LISBON: Timestamp = Timestamp(1_795_721_400_000 - 3 * 86_400_000);

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    /// A Thursday after the other, long before and after [`NOW`].
    fn thursdays() -> Gathering {
        gathering("drawing", "2026-11-05", "FREQ=WEEKLY;BYDAY=TH")
    }

    fn with(change: impl FnOnce(&mut Exception), on: &str, mut gathering: Gathering) -> Gathering {
        let mut exception = Exception::none(date(on));
        change(&mut exception);
        gathering.exceptions.push(exception);
        gathering.exceptions.sort_by_key(|exception| exception.date);
        gathering
    }

    fn next(gathering: &Gathering, now: Timestamp) -> Next<'static> {
        Next { session: gathering.not_over(now).next(), said: None }
    }

    fn me(zone: &str) -> Viewer {
        Viewer::Member(Me {
            id: MemberId(2),
            name: Handle::parse("bo").expect("a name"),
            display_name: "Bo".into(),
            picture: None,
            role: Role::Member,
            zone: Zone::parse(zone).expect("a zone"),
            unread: 0,
            looked: Looked::default(),
        })
    }

    /// How it stands, and the date of the session that is shown.
    fn shown(gathering: &Gathering, now: Timestamp) -> (Stands, Option<String>) {
        let next = next(gathering, now);
        (gathering.stands(next, now), next.session.map(|session| session.date.to_string()))
    }

    /// When it is, as a visitor reads it.
    fn when(gathering: &Gathering, now: Timestamp) -> String {
        gathering.announced(&Viewer::Visitor, next(gathering, now), now).when
    }

    fn on(stands: Stands, date: &str) -> (Stands, Option<String>) {
        (stands, Some(date.to_owned()))
    }

    #[test]
    fn the_next_session_is_the_one_that_really_takes_place() {
        let usual = thursdays();
        let days = usual.not_over(NOW).take(2).map(|session| session.date.to_string()).collect::<Vec<_>>();
        let [first, second] = [days[0].as_str(), days[1].as_str()];
        assert_eq!(shown(&usual, NOW), on(Stands::Open, first));
        assert_eq!(shown(&with(|own| own.standing = Standing::LeftOut, first, usual.clone()), NOW), on(Stands::Open, second));
        assert_eq!(shown(&with(|own| own.cancelled = Some("ill".into()), first, usual.clone()), NOW), on(Stands::Cancelled, first));
        // One that was moved behind the next keeps its date, and comes later.
        let time = NaiveTime::MIN;
        let later = Moved { date: date(second) + chrono::Days::new(1), time, minutes: 60 };
        assert_eq!(shown(&with(|own| own.moved = Some(later), first, usual.clone()), NOW), on(Stands::Open, second));
        let soon = date(first).pred_opt().expect("a day");
        let extra = |own: &mut Exception| own.standing = Standing::Extra;
        assert_eq!(shown(&with(extra, &soon.to_string(), usual), NOW), on(Stands::Open, &soon.to_string()));
    }

    #[test]
    fn a_rhythm_that_is_not_over_is_told_before_the_one_that_follows_it() {
        let mut drawing = gathering("drawing", "2027-01-05", "FREQ=WEEKLY;BYDAY=TU");
        let thursdays = Schedule { rule: "FREQ=WEEKLY;BYDAY=TH;UNTIL=20261231".parse().ok(), ..thursdays().schedule };
        drawing.former =
            vec![Rhythm { schedule: thursdays, place: "here".into(), online: false, link: String::new(), door: String::new() }];
        assert!(when(&drawing, NOW).starts_with("On the agenda: every Thursday, until 31 December 2026, next on Thursday "));
        assert!(when(&drawing, NOW.plus_days(60)).starts_with("On the agenda: every Tuesday, next on Tuesday "));
    }

    #[test]
    fn what_is_to_come_is_told_on_its_own_clock_and_on_the_readers() {
        let mut drawing = thursdays();
        (drawing.schedule.zone, drawing.schedule.time) =
            (Zone::parse("Europe/Lisbon").expect("a zone"), NaiveTime::from_hms_opt(19, 30, 0).expect("a time"));
        let told = |gathering: &Gathering, who: &Viewer| gathering.announced(who, next(gathering, LISBON), LISBON).when;
        let often = "On the agenda: every Thursday, next on Thursday 26 November, 19:30 in Lisbon";
        assert_eq!(told(&drawing, &Viewer::Visitor), format!("{often}."));
        assert_eq!(told(&drawing, &me("Europe/Lisbon")), format!("{often}."));
        assert_eq!(told(&drawing, &me("Asia/Tokyo")), format!("{often} (for you Friday 27 November, 04:30)."));
        let cancelled = with(|own| own.cancelled = Some("ill".into()), "2026-11-26", drawing.clone());
        assert_eq!(told(&cancelled, &Viewer::Visitor), format!("{often}. That one is cancelled."));
        drawing.schedule.rule = None;
        drawing.schedule.first = date("2027-03-04");
        assert_eq!(told(&drawing, &Viewer::Visitor), "On the agenda: Thursday 4 March 2027, 19:30 in Lisbon.");
    }

    #[test]
    fn what_is_over_says_when_it_last_took_place() {
        let once = gathering("spring", "2026-11-05", "");
        assert_eq!((shown(&once, NOW), when(&once, NOW).as_str()), ((Stands::Over, None), "It was on Thursday 5 November."));
        assert_eq!(when(&once, NOW.plus_days(90)), "It was on Thursday 5 November 2026.");
        assert_eq!(when(&with(|own| own.cancelled = Some("ill".into()), "2026-11-05", once), NOW), "Nothing more is planned.");
        let three = gathering("course", "2026-11-05", "FREQ=WEEKLY;BYDAY=TH;COUNT=3");
        let two = with(|own| own.cancelled = Some("ill".into()), "2026-11-19", three);
        assert_eq!(when(&two, NOW), "Nothing more is planned. The last one was on Thursday 12 November.");
        let mut off = thursdays();
        off.cancelled = Some(Cancelled { at: NOW.plus_days(-1), why: "moving away".into() });
        assert_eq!((shown(&off, NOW), when(&off, NOW).as_str()), ((Stands::Cancelled, None), "It was cancelled."));
    }

    #[test]
    fn an_answer_is_asked_for_where_one_can_be_given_and_shown_where_it_was() {
        let mut drawing = thursdays();
        let next = drawing.not_over(NOW).next().expect("a session");
        (drawing.terms.capacity, drawing.terms.answer_by) = (Some(3), Some(2));
        let late = next.starts_at.plus_seconds(-7200);
        let card = |who: &Viewer, (yes, mine, waiting), now| {
            let said = Tally { gathering: GatheringId(1), date: next.date, yes, mine, waiting, names: Vec::new() };
            let card = drawing.announced(who, Next { session: Some(next), said: Some(&said) }, now);
            (card.said.unwrap_or_default(), card.answered, card.date.is_some())
        };
        let told = |said: &str, answered, date| (said.to_owned(), answered, date);
        let (bo, just) = (me("UTC"), late.plus_seconds(-1));
        assert_eq!(card(&bo, (2, None, false), just), told("", false, true));
        assert_eq!(
            card(&bo, (3, None, false), just),
            told("It is full. Whoever says yes now waits, and moves up when somebody can’t come.", false, true)
        );
        assert_eq!(card(&bo, (3, Some(Answer::Yes), true), just), told("You are on the waiting list.", true, true));
        assert_eq!(card(&bo, (3, Some(Answer::Yes), false), just), told("You are coming.", true, true));
        assert_eq!(card(&bo, (3, None, false), late), told("It is too late to say yes.", false, false));
        assert_eq!(
            card(&bo, (3, Some(Answer::Maybe), false), late),
            told("You said maybe.", true, true),
            "one can still say no, on its page"
        );
        assert_eq!(card(&Viewer::Visitor, (0, None, false), just), told("", false, false));
        let off = with(|own| own.cancelled = Some("ill".into()), &next.date.to_string(), drawing.clone());
        let card = off.announced(&bo, Next { session: off.not_over(NOW).next(), said: None }, NOW);
        assert_eq!((card.said, card.answered, card.date), (None, false, None));
    }

    proptest! {
        #[test]
        fn a_session_that_is_over_is_never_called_the_next(hours in 0i64..24 * 120, left_out in proptest::collection::vec(0u64..20, 0..6)) {
            let mut drawing = gathering("drawing", "2026-11-05", "FREQ=WEEKLY;BYDAY=TH;COUNT=16");
            for week in left_out {
                let on = date("2026-11-05") + chrono::Days::new(7 * week);
                if drawing.exception(on).is_none() {
                    drawing = with(|own| own.standing = Standing::LeftOut, &on.to_string(), drawing);
                }
            }
            let now = Timestamp(1_793_620_800_000).plus_seconds(3600 * hours);
            let card = drawing.announced(&me("UTC"), next(&drawing, now), now);
            match card.date {
                Some(on) => {
                    let session = drawing.session(date(&on)).expect("it takes place");
                    prop_assert!(session.ends_at > now);
                    let earlier = drawing.not_over(Timestamp(0)).filter(|other| other.starts_at < session.starts_at);
                    prop_assert!(earlier.into_iter().all(|other| other.ends_at <= now));
                }
                None => prop_assert_eq!(drawing.not_over(now).count(), 0),
            }
        }
    }
}
