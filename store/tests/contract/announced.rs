//! The posts that announce gatherings: when those are next, what the reader said of that, and how many statements it takes to tell.

use crate::home::{At, Home, Plain, refusal, viewer};
use chrono::NaiveDate;
use domain::{
    gatherings::{
        Answer, GatheringStore, Gatherings, NewGathering, Rsvp, RsvpForm, RsvpRefusal, SessionWish, changes::SessionForm, coming::Terms,
    },
    ids::GatheringId,
    time::Timestamp,
    timeline::{Announced, Audience, Timeline, TimelineQuery, TimelineStore},
    viewer::{Me, Viewer},
};
use std::sync::Arc;

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn gatherings(home: &Home, now: Timestamp) -> Gatherings {
    let kept = Arc::new(home.store.clone());
    Gatherings::new(kept.clone(), kept, Arc::new(Plain), Arc::new(At(now)))
}

fn timeline(home: &Home, now: Timestamp) -> Timeline {
    let kept = Arc::new(home.store.clone());
    Timeline::new(kept.clone(), (kept.clone(), kept), Arc::new(Plain), Arc::new(At(now)))
}

/// The gatherings that are announced on somebody's timeline, the latest first.
async fn announced(home: &Home, viewer: &Viewer, now: Timestamp) -> Vec<Announced> {
    let page = timeline(home, now).page(viewer, &TimelineQuery::default()).await.expect("answers");
    page.posts.into_iter().filter_map(|post| post.announces).collect()
}

/// Plans a gathering on Thursdays from 3 December on, with a post.
async fn announce(home: &Home, title: &str, audience: Audience, terms: Terms) -> String {
    let new = NewGathering { announce: true, terms, ..home.new_gathering(title, audience) };
    home.store.keep_gathering(&home.ana, &new).await.expect("keeps")
}

/// A session that is on Saturday 5 December, at eleven.
fn moved() -> SessionForm {
    let (date, time) = ("2026-12-05".into(), "11:00".into());
    SessionForm { date, time, minutes: "60".into(), place: "The hall".into(), ..SessionForm::default() }
}

async fn mine(home: &Home, me: &Me, slug: &str, on: &str) -> Rsvp {
    let rsvps = home.store.rsvps(&viewer(me), home.kept(slug).await.id, date(on)).await.expect("answers");
    rsvps.into_iter().find(|rsvp| rsvp.who.id == me.id).expect("an answer")
}

laws! {
    async fn a_page_takes_one_more_statement_for_all_that_it_announces_and_none_where_it_announces_nothing(home: &Home) {
        let (bo, now) = (home.member("bo").await, home.now());
        home.post(&home.ana, "soup").await;
        let counted = async |viewer: &Viewer| {
            // How far one has read is written once a visit.
            timeline(home, now).page(viewer, &TimelineQuery::default()).await.expect("answers");
            let me = match viewer { Viewer::Member(me) => Viewer::Member(home.again(me).await), Viewer::Visitor => Viewer::Visitor };
            let before = home.store.queries();
            let page = timeline(home, now).page(&me, &TimelineQuery::default()).await.expect("answers");
            (page.posts.len(), home.store.queries() - before)
        };
        assert_eq!(counted(&viewer(&bo)).await, (1, 1));
        for number in 0..9 {
            let slug = announce(home, &format!("Soup {number}"), Audience::Public, Terms::default()).await;
            home.answer(&bo, &home.kept(&slug).await, date("2026-12-03"), Answer::Yes, "").await;
            assert_eq!(counted(&viewer(&bo)).await, (number + 2, 2));
            assert_eq!(counted(&Viewer::Visitor).await, (number + 1, 2));
        }
        assert!(announced(home, &viewer(&bo), now).await.iter().all(|card| card.said.as_deref() == Some("You are coming.")));
    }

    async fn a_post_says_when_its_gathering_is_next_however_old_the_post_is(home: &Home) {
        let slug = announce(home, "Soup", Audience::Community, Terms::default()).await;
        let (ana, now) = (viewer(&home.ana), home.now());
        let next = async |now| {
            let card = announced(home, &ana, now).await.remove(0);
            (card.when.strip_prefix("On the agenda: every Thursday, next on ").expect("it goes on").to_owned(), card.date)
        };
        let kept = home.kept(&slug).await;
        let january = kept.session(date("2027-01-07")).expect("a session").starts_at;
        assert_eq!(next(now).await.1.as_deref(), Some("2026-12-03"));
        let (when, on) = next(january.plus_days(-6)).await;
        assert!(when.starts_with("Thursday 7 January, ") && on.as_deref() == Some("2027-01-07"), "months later: {when}");

        let change = async |on: &str, wish: SessionWish<'_>| gatherings(home, now).change_session(&home.ana, &slug, on, wish).await.expect("changed");
        change("2026-12-03", SessionWish::LeaveOut).await;
        assert_eq!(next(now).await.1.as_deref(), Some("2026-12-10"));
        change("2026-12-10", SessionWish::Cancel("No kitchen.")).await;
        let (when, on) = next(now).await;
        assert!(when.starts_with("Thursday 10 December, ") && when.ends_with(" That one is cancelled.") && on.is_none(), "{when}");
        change("2026-12-17", SessionWish::Change(&moved())).await;
        let (when, on) = next(now).await;
        assert!(when.starts_with("Saturday 5 December, 11:00 "), "moved to the front: {when}");
        assert_eq!(on.as_deref(), Some("2026-12-17"), "and it keeps its address");
    }

    async fn what_is_over_says_when_it_was_also_where_that_had_been_moved(home: &Home) {
        let mut new = NewGathering { announce: true, ..home.new_gathering("Soup", Audience::Public) };
        new.schedule.rule = None;
        let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        gatherings(home, home.now()).change_session(&home.ana, &slug, "2026-12-03", SessionWish::Change(&moved())).await.expect("changed");
        let really = home.kept(&slug).await.session(date("2026-12-03")).expect("a session").starts_at;
        for who in [viewer(&home.ana), Viewer::Visitor] {
            let card = announced(home, &who, really.plus_days(20)).await.remove(0);
            assert_eq!((card.when.as_str(), card.date), ("It was on Saturday 5 December.", None));
        }
        let slug = announce(home, "Stew", Audience::Public, Terms::default()).await;
        gatherings(home, home.now()).cancel(&home.ana, &slug, Some("We moved away.")).await.expect("cancelled");
        let card = announced(home, &Viewer::Visitor, home.now()).await.remove(0);
        assert_eq!((card.when.as_str(), card.date), ("It was cancelled.", None));
    }

    async fn an_answer_is_told_on_ones_own_card_alone(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let slug = announce(home, "Soup", Audience::Public, Terms { capacity: Some(1), ..Terms::default() }).await;
        let now = home.now();
        let said = async |who: &Viewer| announced(home, who, now).await.remove(0).said.unwrap_or_default();
        let all = async || [said(&viewer(&bo)).await, said(&viewer(&cy)).await, said(&Viewer::Visitor).await];
        assert_eq!(all().await, ["", "", ""]);
        let say = async |me: &Me, answer| gatherings(home, now).rsvp(me, &slug, "2026-12-03", answer, &RsvpForm::default()).await.expect("answered");
        say(&bo, Answer::Yes).await;
        // A visitor is not told how many come.
        assert_eq!(all().await, ["You are coming.", "It is full. Whoever says yes now waits, and moves up when somebody can’t come.", ""]);
        say(&cy, Answer::Yes).await;
        assert_eq!(all().await, ["You are coming.", "You are on the waiting list.", ""]);
        say(&bo, Answer::No).await;
        assert_eq!(all().await, ["You said not this time.", "You are coming.", ""]);
    }

    async fn of_a_gathering_for_named_people_others_are_told_neither_the_session_nor_an_answer(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let new = NewGathering { named: vec![bo.id], announce: true, ..home.new_gathering("Surprise", Audience::Named) };
        let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let (kept, now) = (home.kept(&slug).await, home.now());
        home.answer(&bo, &kept, date("2026-12-03"), Answer::Yes, "").await;
        home.answer(&home.ana, &kept, date("2026-12-03"), Answer::Maybe, "").await;
        for (who, sees) in [(viewer(&home.ana), true), (viewer(&bo), true), (viewer(&cy), false), (Viewer::Visitor, false)] {
            assert_eq!(announced(home, &who, now).await.len(), usize::from(sees));
            // Also where the id is known: from an earlier day, or by a guess.
            let asked = [kept.id, GatheringId(1)];
            let told = home.store.announced(&who, &asked, now).await.expect("answers");
            assert_eq!(told.len(), usize::from(sees));
            let tallies: Vec<_> = told.into_iter().flat_map(|(_, tallies)| tallies).collect();
            assert_eq!(tallies.len(), usize::from(sees));
            assert!(tallies.iter().all(|tally| tally.yes == 1 && tally.mine.is_some() && tally.names.is_empty()));
        }
        // The post may be known, and the gathering not any more.
        let post = home.store.timeline(&viewer(&bo), &TimelineQuery::default(), 9).await.expect("answers")[0].id;
        assert!(timeline(home, now).post(&viewer(&bo), post).await.expect("answers").expect("there").announces.is_some());
        let root = timeline(home, now).thread(&viewer(&bo), post, None).await.expect("answers").expect("there").root;
        assert_eq!(root.announces.and_then(|card| card.said).as_deref(), Some("You are coming."));
        assert!(timeline(home, now).post(&viewer(&cy), post).await.expect("answers").is_none());
    }

    async fn an_answer_by_a_button_keeps_the_note_and_the_guests_that_were_given_before(home: &Home) {
        let bo = home.member("bo").await;
        let slug = announce(home, "Soup", Audience::Community, Terms { guests: 2, answer_by: Some(2), ..Terms::default() }).await;
        let now = home.now();
        let by_form = RsvpForm { note: "with bread".into(), guests: "2".into(), ..RsvpForm::default() };
        let by_button = RsvpForm { keep: Some("yes".into()), ..RsvpForm::default() };
        let say = async |now, answer, form: &RsvpForm| gatherings(home, now).rsvp(&bo, &slug, "2026-12-03", answer, form).await;
        let said = async || {
            let mine = mine(home, &bo, &slug, "2026-12-03").await;
            (mine.answer, mine.note, mine.guests)
        };
        say(now, Answer::Maybe, &by_button).await.expect("answered");
        assert_eq!(said().await, (Answer::Maybe, String::new(), 0));
        say(now, Answer::Yes, &by_form).await.expect("answered");
        say(now, Answer::Yes, &by_button).await.expect("answered");
        assert_eq!(said().await, (Answer::Yes, "with bread".into(), 2));
        say(now, Answer::Maybe, &by_button).await.expect("answered");
        assert_eq!(said().await, (Answer::Maybe, "with bread".into(), 0));
        say(now, Answer::Yes, &by_form).await.expect("answered");
        say(now, Answer::Yes, &RsvpForm::default()).await.expect("answered");
        assert_eq!(said().await, (Answer::Yes, String::new(), 0), "the form that asks for both is taken at its word");

        let starts_at = home.kept(&slug).await.session(date("2026-12-03")).expect("a session").starts_at;
        let late = starts_at.plus_seconds(-3600);
        assert_eq!(refusal(say(late, Answer::Maybe, &by_button).await), RsvpRefusal::Late);
        assert_eq!(refusal(say(late, Answer::Yes, &by_form).await), RsvpRefusal::Late, "with more than were counted on");
        say(late, Answer::Yes, &RsvpForm { note: "a little later".into(), ..RsvpForm::default() }).await.expect("something else about it");
        assert_eq!(said().await, (Answer::Yes, "a little later".into(), 0));
        let card = announced(home, &viewer(&bo), late).await.remove(0);
        assert_eq!((card.said.as_deref(), card.answered), (Some("You are coming."), true));
    }
}
