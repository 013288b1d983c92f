//! Seats and who waits for them: whatever makes room, those who came earlier sit down before those who come later.

use crate::{
    care::past_the_store,
    home::{Home, viewer},
};
use chrono::NaiveDate;
use domain::{
    gatherings::{
        Answer, Gathering, GatheringStore, NewGathering, NewRsvp,
        calling_off::CallingOff,
        changes::{self, Reach, SeriesChange},
        coming::{Terms, moved_up},
    },
    ids::MemberId,
    notifications::{Happening, NotificationStore},
    time::Timestamp,
    timeline::Audience,
    viewer::Me,
};
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// A new gathering for so many.
fn small(home: &Home, seats: u32) -> NewGathering {
    NewGathering {
        terms: Terms { capacity: Some(seats), guests: 2, ..Terms::default() },
        ..home.new_gathering("Soup", Audience::Community)
    }
}

async fn plan(home: &Home, new: &NewGathering) -> String {
    home.store.keep_gathering(&home.ana, new).await.expect("keeps")
}

/// Changes a gathering, and nothing of when it is.
async fn change(home: &Home, slug: &str, new: NewGathering, reach: Reach) {
    let kept = home.kept(slug).await;
    let new = NewGathering { schedule: kept.schedule.clone(), at: home.now(), ..new };
    let answered = home.store.answered(kept.id, NaiveDate::MIN).await.expect("answers");
    let change = SeriesChange::decide(&kept, new, reach, &answered).expect("may be");
    home.store.save_gathering(&home.ana, &change).await.expect("keeps");
}

/// Calls a gathering off, or lets it go on.
async fn call_off(home: &Home, slug: &str, why: Option<&str>) {
    let off = CallingOff::decide(&home.kept(slug).await, why, home.now()).expect("may be");
    home.store.cancel_gathering(&home.ana, &off).await.expect("keeps");
}

/// Cancels a session, or lets it take place.
async fn cancel(home: &Home, slug: &str, on: NaiveDate, why: Option<&str>) {
    let off = changes::cancel(&home.kept(slug).await, on, why, home.now()).expect("may be");
    home.store.save_session(&home.ana, &off).await.expect("keeps");
}

async fn yes(home: &Home, slug: &str, me: &Me, on: NaiveDate) {
    home.answer(me, &home.kept(slug).await, on, Answer::Yes, "").await;
}

/// Those who said yes to a session: who has a seat, and who waits, in their order; each with how many they are.
type Seats = (BTreeMap<MemberId, u32>, Vec<(MemberId, u32)>);

async fn seats(home: &Home, kept: &Gathering, on: NaiveDate) -> Seats {
    let rsvps = home.store.rsvps(&viewer(&home.ana), kept.id, on).await.expect("answers");
    let (waiting, seated): (Vec<_>, Vec<_>) = rsvps.into_iter().filter(|rsvp| rsvp.answer == Answer::Yes).partition(|rsvp| rsvp.waiting);
    let party = |rsvp: domain::gatherings::Rsvp| (rsvp.who.id, 1 + rsvp.guests);
    (seated.into_iter().map(party).collect(), waiting.into_iter().map(party).collect())
}

async fn sits(home: &Home, slug: &str, me: &Me, on: NaiveDate) -> bool {
    seats(home, &home.kept(slug).await, on).await.0.contains_key(&me.id)
}

/// How often somebody was told that there is a seat.
async fn told_of_room(home: &Home, me: &Me) -> usize {
    let told = home.store.notifications(me, None, 99).await.expect("answers");
    told.iter().filter(|line| matches!(&line.happening, Happening::Session { news, .. } if news == "room")).count()
}

laws! {
    async fn room_that_is_made_from_some_session_on_is_room_for_all_who_wait(home: &Home) {
        let [bo, cy, di] = [home.member("bo").await, home.member("cy").await, home.member("di").await];
        let slug = plan(home, &small(home, 1)).await;
        let first = date("2026-12-03");
        for me in [&bo, &cy] {
            yes(home, &slug, me, first).await;
        }
        change(home, &slug, small(home, 2), Reach::From(date("2026-12-17"))).await;
        assert!(sits(home, &slug, &cy, first).await, "there are as many seats each time");
        yes(home, &slug, &di, first).await;
        assert_eq!((sits(home, &slug, &di, first).await, told_of_room(home, &cy).await), (false, 1));
    }

    async fn who_waited_while_it_was_cancelled_moves_up_when_it_is_on_again(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let [first, second] = [date("2026-12-03"), date("2026-12-10")];
        let slug = plan(home, &small(home, 1)).await;
        for on in [first, second] {
            for me in [&bo, &cy] {
                yes(home, &slug, me, on).await;
            }
        }
        cancel(home, &slug, first, Some("Ill.")).await;
        call_off(home, &slug, Some("We moved away.")).await;
        change(home, &slug, small(home, 2), Reach::Whole).await;
        assert!(!sits(home, &slug, &cy, first).await && !sits(home, &slug, &cy, second).await, "of what is off, nobody is told that there is room");
        call_off(home, &slug, None).await;
        assert!(!sits(home, &slug, &cy, first).await && sits(home, &slug, &cy, second).await, "the first one is still off by itself");
        cancel(home, &slug, first, None).await;
        assert!(sits(home, &slug, &cy, first).await);
        assert_eq!(told_of_room(home, &cy).await, 2);
    }

    async fn a_seat_of_somebody_who_is_named_no_more_goes_to_who_waits(home: &Home) {
        let [bo, cy, di] = [home.member("bo").await, home.member("cy").await, home.member("di").await];
        let among = |named: &[&Me]| NewGathering { audience: Audience::Named, named: named.iter().map(|me| me.id).collect(), ..small(home, 1) };
        let slug = plan(home, &among(&[&bo, &cy, &di])).await;
        let first = date("2026-12-03");
        for me in [&bo, &cy] {
            yes(home, &slug, me, first).await;
        }
        change(home, &slug, among(&[&cy, &di]), Reach::From(date("2026-12-17"))).await;
        assert!(sits(home, &slug, &cy, first).await);
        yes(home, &slug, &di, first).await;
        assert!(!sits(home, &slug, &di, first).await);
    }

    async fn who_waits_where_there_is_room_by_now_sits_down_before_a_newcomer(home: &Home) {
        let [bo, cy, di] = [home.member("bo").await, home.member("cy").await, home.member("di").await];
        let slug = plan(home, &small(home, 1)).await;
        let first = date("2026-12-03");
        for me in [&bo, &cy] {
            yes(home, &slug, me, first).await;
        }
        // As a version left it that did not move all up.
        let other = past_the_store(&home.place.location).await;
        other.execute_unprepared("UPDATE gatherings SET capacity = 2").await.expect("runs");
        other.close().await.expect("closes");
        yes(home, &slug, &di, first).await;
        assert!(sits(home, &slug, &cy, first).await && !sits(home, &slug, &di, first).await);
    }

    async fn whatever_happens_nobody_who_fits_waits_and_nobody_sits_down_past_who_came_earlier(home: &Home) {
        let mut chance = fastrand::Rng::with_seed(11);
        let mut members = Vec::new();
        for name in ["bo", "cy", "di", "ed", "fi", "gus", "hal"] {
            members.push(home.member(name).await);
        }
        let among = |named: &[Me], seats: u32| NewGathering { audience: Audience::Named, named: named.iter().map(|me| me.id).collect(), ..small(home, seats) };
        let (mut named, mut seats_now) = (members.clone(), 2);
        let slug = plan(home, &among(&named, seats_now)).await;
        let dates = ["2026-12-03", "2026-12-10", "2026-12-17"].map(date);
        let mut before = vec![Seats::default(); dates.len()];
        let (mut waited, mut moved) = (0, 0);
        for step in 0..250 {
            let kept = home.kept(&slug).await;
            let (me, on) = (chance.choice(&named).expect("some").clone(), dates[chance.usize(..dates.len())]);
            let session = kept.session(on).expect("a session");
            let what = chance.u8(..20);
            match what {
                0 | 1 => {
                    seats_now = chance.u32(1..6);
                    change(home, &slug, among(&named, seats_now), if what == 0 { Reach::Whole } else { Reach::From(dates[2]) }).await;
                }
                2 if kept.cancelled.is_none() => {
                    let off = kept.exception(on).is_some_and(|own| own.cancelled.is_some());
                    cancel(home, &slug, on, (!off).then_some("Ill.")).await;
                }
                3 if kept.cancelled.is_none() => call_off(home, &slug, Some("We moved away.")).await,
                _ if kept.cancelled.is_some() && chance.bool() => call_off(home, &slug, None).await,
                _ if kept.cancelled.is_none() && session.cancelled && chance.bool() => cancel(home, &slug, on, None).await,
                4 => {
                    named = members.iter().filter(|_| chance.u8(..4) > 0).cloned().collect();
                    named = if named.is_empty() { members.clone() } else { named };
                    change(home, &slug, among(&named, seats_now), Reach::From(dates[chance.usize(..3)])).await;
                }
                _ if session.cancelled => {}
                what => {
                    let open = dates.iter().filter_map(|on| kept.session(*on)).filter(|session| !session.cancelled).collect();
                    let always = (what < 7).then(|| chance.bool());
                    let (answer, guests) = (Answer::ALL[chance.usize(..4) % 3], chance.u32(..3));
                    let guests = if answer == Answer::Yes { guests } else { 0 };
                    let new = NewRsvp { answer, guests, always, coming: open, ..home.yes(&kept, on) };
                    assert!(home.store.record_rsvp(&me, &new).await.expect("keeps"));
                }
            }
            let kept = home.kept(&slug).await;
            for (at, on) in dates.iter().enumerate() {
                let (seated, waiting) = seats(home, &kept, *on).await;
                waited += waiting.len();
                if !kept.session(*on).expect("a session").cancelled {
                    let fit = moved_up(kept.terms.capacity, seated.values().sum(), &waiting);
                    assert!(fit.is_empty(), "step {step}, {on}: {fit:?} would fit beside {seated:?}, and wait: {waiting:?}");
                }
                let (were_seated, were_waiting) = &before[at];
                let newcomers = seated.iter().filter(|(who, _)| !were_seated.contains_key(who) && were_waiting.iter().all(|(other, _)| other != *who));
                for (newcomer, party) in newcomers {
                    let passed = were_waiting.iter().filter(|one| waiting.contains(one) && one.1 <= *party).collect::<Vec<_>>();
                    assert!(passed.is_empty(), "step {step}, {on}: {newcomer:?} with {party} sat down past {passed:?}");
                }
                moved += were_waiting.iter().filter(|(who, _)| seated.contains_key(who)).count();
                before[at] = (seated, waiting);
            }
        }
        assert!(waited > 100 && moved > 20, "{waited} waited, {moved} moved up");
        assert_eq!(home.store.gatherings(&viewer(&home.ana), Timestamp(0)).await.expect("answers").len(), 1);
    }
}
