//! Gatherings, their answers, and calendar secrets.

use crate::home::{Plain, handle, refusal, viewer};
use chrono::NaiveDate;
use domain::{
    gatherings::{
        Answer, Gathering, GatheringStore, NewGathering, NewRsvp, PlanRefusal,
        calling_off::CallingOff,
        changes::{self, Reach, SeriesChange, SessionForm, SessionRefusal},
        coming::{Reminder, Reminders, Terms},
        sessions,
    },
    ids::{GatheringId, PictureId},
    notifications::{Happening, NotificationStore},
    people::{PeopleStore, Role},
    pictures::PictureStore,
    prose::SafeHtml,
    time::Timestamp,
    timeline::{Audience, TimelineQuery, TimelineStore},
    viewer::{Me, Viewer},
};

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn december() -> (NaiveDate, NaiveDate) {
    (date("2026-12-01"), date("2026-12-31"))
}

/// A change of the whole series, of which nobody answered a session.
fn whole(kept: &Gathering, new: &NewGathering) -> SeriesChange {
    SeriesChange::decide(kept, new.clone(), Reach::Whole, &[]).expect("may be")
}

laws! {
    async fn gatherings_of_one_title_have_addresses_of_their_own(home: &Home) {
        let mut slugs = Vec::new();
        for _ in 0..3 {
            slugs.push(home.gathering(&home.ana, "Soup Night", Audience::Community).await);
        }
        assert_eq!(slugs, ["soup-night", "soup-night-2", "soup-night-3"]);
    }

    async fn a_gathering_comes_back_as_it_was_kept(home: &Home) {
        let mut new = home.new_gathering("Soup", Audience::Community);
        new.schedule.rule = "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR;UNTIL=20280101".parse().ok();
        new.schedule.zone = domain::time::Zone::parse("America/New_York").expect("a zone");
        let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let kept = home.store.gathering(&viewer(&home.ana), &slug).await.expect("answers").expect("there");
        assert_eq!((&kept.schedule, kept.title.as_str(), kept.changes, kept.planned_at), (&new.schedule, "Soup", 0, new.at));
        let mut change = home.new_gathering("Stew", Audience::Community);
        change.slug = "ignored".into();
        home.store.save_gathering(&home.ana, &whole(&kept, &change)).await.expect("keeps");
        let changed = home.store.gathering(&viewer(&home.ana), &slug).await.expect("answers").expect("the address stays");
        assert_eq!((changed.title.as_str(), changed.changes, changed.changed_at, changed.planned_at), ("Stew", 1, change.at, new.at));
    }

    async fn what_is_over_is_not_listed(home: &Home) {
        let mut new = home.new_gathering("Once", Audience::Community);
        new.schedule.rule = None;
        home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let session = sessions::on(&new.schedule, new.schedule.first).expect("a session");
        let listed = |since| async move { home.store.gatherings(&viewer(&home.ana), since).await.expect("answers").len() };
        assert_eq!((listed(session.starts_at).await, listed(session.ends_at).await), (1, 0));
    }

    async fn a_gathering_is_changed_by_its_planner_or_a_host(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let slug = home.gathering(&bo, "Soup", Audience::Community).await;
        let now = async || home.store.gathering(&viewer(&bo), &slug).await.expect("answers").expect("there");
        let change = home.new_gathering("Stew", Audience::Community);
        assert_eq!(refusal(home.store.save_gathering(&cy, &whole(&now().await, &change)).await), PlanRefusal::Gone);
        let nowhere = SeriesChange { gathering: GatheringId(1), ..whole(&now().await, &change) };
        assert_eq!(refusal(home.store.save_gathering(&home.ana, &nowhere).await), PlanRefusal::Gone);
        home.store.save_gathering(&bo, &whole(&now().await, &change)).await.expect("his own");
        home.store.save_role(&home.admin(), &handle("cy"), Role::Host).await.expect("keeps");
        let cy = home.store.calendar_owner(&home.store.calendar_secret(&cy, "s").await.expect("keeps")).await.expect("answers").expect("cy");
        home.store.save_gathering(&cy, &whole(&now().await, &change)).await.expect("a host may");
        let mut with = home.new_gathering("Stew", Audience::Community);
        with.picture = Some(PictureId(1));
        assert_eq!(refusal(home.store.save_gathering(&bo, &whole(&now().await, &with)).await), PlanRefusal::PictureGone);
        assert_eq!(refusal(home.store.keep_gathering(&bo, &with).await), PlanRefusal::PictureGone);
    }

    async fn an_announcement_follows_its_gathering_inwards_and_never_outwards(home: &Home) {
        let mut new = home.new_gathering("Soup", Audience::Public);
        new.announce = true;
        let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let announced = |viewer: Viewer| async move {
            home.store.timeline(&viewer, &TimelineQuery::default(), 9).await.expect("answers").into_iter().filter_map(|post| post.announces).collect::<Vec<_>>()
        };
        let seen = announced(Viewer::Visitor).await;
        assert_eq!((seen[0].slug.as_str(), seen[0].title.as_str()), (slug.as_str(), "Soup"));
        home.store.save_gathering(&home.ana, &whole(&home.kept(&slug).await, &home.new_gathering("Soup", Audience::Community))).await.expect("keeps");
        assert!(announced(Viewer::Visitor).await.is_empty());
        assert_eq!(announced(viewer(&home.ana)).await.len(), 1);
        home.store.save_gathering(&home.ana, &whole(&home.kept(&slug).await, &home.new_gathering("Soup", Audience::Public))).await.expect("keeps");
        assert!(announced(Viewer::Visitor).await.is_empty());
    }

    async fn an_answer_takes_the_place_of_the_former(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let gathering = home.store.gathering(&viewer(&bo), &slug).await.expect("answers").expect("there");
        let date = gathering.schedule.first;
        let session = sessions::on(&gathering.schedule, date).expect("a session");
        for (me, answer, note) in [(&bo, Answer::Yes, "bread"), (&cy, Answer::Yes, ""), (&bo, Answer::No, "ill")] {
            home.answer(me, &gathering, session.date, answer, note).await;
        }
        let rsvps = home.store.rsvps(&viewer(&bo), gathering.id, date).await.expect("answers");
        let said: Vec<_> = rsvps.iter().map(|rsvp| (rsvp.who.name.as_str(), rsvp.answer, rsvp.note.as_str())).collect();
        assert_eq!(said, [("cy", Answer::Yes, ""), ("bo", Answer::No, "ill")]);
        let tallies = home.store.tallies(&viewer(&bo), (date, date)).await.expect("answers");
        assert_eq!((tallies.len(), tallies[0].yes, tallies[0].mine, tallies[0].date), (1, 1, Some(Answer::No), date));
        let (before, after) = (date.pred_opt().expect("a day"), date.succ_opt().expect("a day"));
        for others in [(before, before), (after, self::date("2099-12-31"))] {
            assert!(home.store.tallies(&viewer(&bo), others).await.expect("answers").is_empty());
        }
    }

    async fn up_to_three_of_those_who_come_are_named_beside_their_number(home: &Home) {
        let slug = home.gathering(&home.ana, "Soup", Audience::Public).await;
        let gathering = home.store.gathering(&viewer(&home.ana), &slug).await.expect("answers").expect("there");
        let session = sessions::on(&gathering.schedule, gathering.schedule.first).expect("a session");
        let tally = |viewer: Viewer| async move { home.store.tallies(&viewer, (session.date, session.date)).await.expect("answers") };
        let mut coming = Vec::new();
        for (name, answer) in [("bo", Answer::Yes), ("cy", Answer::No), ("dee", Answer::Yes), ("eli", Answer::Yes), ("fay", Answer::Yes)] {
            let member = home.member(name).await;
            home.answer(&member, &gathering, session.date, answer, "").await;
            coming.extend((answer == Answer::Yes).then_some(member.display_name));
        }
        home.answer(&home.ana, &gathering, session.date, Answer::Yes, "").await;
        let seen = tally(viewer(&home.ana)).await;
        assert_eq!((seen.len(), seen[0].yes, seen[0].names.as_slice()), (1, 5, &coming[..3]), "whoever looks is not named to themselves");
        assert!(tally(Viewer::Visitor).await.is_empty());
    }

    async fn a_picture_is_described_and_taken_away(home: &Home) {
        let mut new = home.new_gathering("Soup", Audience::Community);
        new.picture = Some(home.picture(&home.ana, "bowls").await);
        new.alt = "Bowls on a long table".into();
        let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let kept = || async { home.store.gathering(&viewer(&home.ana), &slug).await.expect("answers").expect("there") };
        assert_eq!(kept().await.picture.map(|picture| picture.alt).as_deref(), Some("Bowls on a long table"));
        home.store.save_gathering(&home.ana, &whole(&kept().await, &NewGathering { alt: "Five bowls".into(), ..new.clone() })).await.expect("keeps");
        assert_eq!(kept().await.picture.map(|picture| picture.alt).as_deref(), Some("Five bowls"));
        home.store.save_gathering(&home.ana, &whole(&kept().await, &NewGathering { picture: None, ..new.clone() })).await.expect("keeps");
        assert_eq!(kept().await.picture, None);
        assert_eq!(home.store.forget_unused(Timestamp(i64::MAX)).await.expect("forgets"), ["bowls"]);
    }

    async fn a_calendar_secret_is_made_once_and_renewed_at_will(home: &Home) {
        assert_eq!(home.store.calendar_secret(&home.ana, "one").await.expect("keeps"), "one");
        assert_eq!(home.store.calendar_secret(&home.ana, "two").await.expect("keeps"), "one");
        home.store.renew_calendar_secret(&home.ana, "three").await.expect("keeps");
        assert!(home.store.calendar_owner("one").await.expect("answers").is_none());
        assert_eq!(home.store.calendar_owner("three").await.expect("answers").map(|me| me.id), Some(home.ana.id));
    }

    async fn what_a_session_has_of_its_own_comes_back_as_it_was_kept(home: &Home) {
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let form = SessionForm {
            date: "2026-12-11".into(),
            time: "20:15".into(),
            minutes: "45".into(),
            place: "The attic".into(),
            link: "https://meet.example/attic".into(),
            door: "The green gate".into(),
            markdown: "Bring a lamp.".into(),
            seen: 0,
            room: None,
        };
        let kept = home.kept(&slug).await;
        let change = form.check(&kept, date("2026-12-10"), &Plain, home.now()).expect("may be");
        home.store.save_session(&home.ana, &change).await.expect("keeps");
        let kept = home.kept(&slug).await;
        assert_eq!((kept.exceptions.as_slice(), kept.changes), ([change.own.clone()].as_slice(), 1));
        assert_eq!(kept.session(date("2026-12-10")), Some(change.session));
        let stale = SessionForm { time: "21:00".into(), ..form };
        assert_eq!(stale.check(&kept, date("2026-12-10"), &Plain, home.now()), Err(SessionRefusal::Overtaken));
        assert_eq!(refusal(home.store.save_session(&home.ana, &change).await), SessionRefusal::Overtaken);
        let over = change.session.ends_at.plus_days(1);
        let listed = home.store.gatherings(&viewer(&home.ana), over).await.expect("answers");
        assert!(listed[0].exceptions.is_empty(), "what is over does not matter any more");
    }

    async fn a_list_has_all_of_a_gathering_but_words_and_pictures(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let mut new = home.new_gathering("Surprise", Audience::Named);
        (new.markdown, new.link, new.named, new.cohosts) = ("Bring a cake.".into(), "https://meet.example/cake".into(), vec![bo.id], vec![cy.id]);
        new.picture = Some(home.picture(&home.ana, "cake").await);
        new.terms = Terms { door: "Ring twice.".into(), capacity: Some(9), guests: 2, answer_by: Some(24), ..Terms::default() };
        let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let form = SessionForm {
            date: "2026-12-25".into(),
            time: "20:15".into(),
            minutes: "45".into(),
            place: "The attic".into(),
            link: String::new(),
            door: "The green gate".into(),
            markdown: "Bring a lamp.".into(),
            seen: 0,
            room: None,
        };
        let change = form.check(&home.kept(&slug).await, date("2026-12-24"), &Plain, home.now()).expect("may be");
        home.store.save_session(&home.ana, &change).await.expect("keeps");
        let elsewhere = NewGathering { place: "The garden".into(), ..new.clone() };
        let change = SeriesChange::decide(&home.kept(&slug).await, elsewhere, Reach::From(date("2026-12-17")), &[]).expect("may be");
        home.store.save_gathering(&home.ana, &change).await.expect("keeps");
        for who in [&home.ana, &bo, &cy] {
            let whole = home.store.gathering(&viewer(who), &slug).await.expect("answers").expect("named");
            assert!(whole.picture.is_some() && whole.exceptions[0].markdown == "Bring a lamp." && whole.former.len() == 1, "{whole:?}");
            let mut listed = whole.clone();
            (listed.markdown, listed.html, listed.picture) = (String::new(), SafeHtml::default(), None);
            (listed.exceptions[0].markdown, listed.exceptions[0].html) = (String::new(), SafeHtml::default());
            assert_eq!(home.store.gatherings(&viewer(who), home.now()).await.expect("answers"), [listed]);
            assert_eq!(home.store.calendar(&viewer(who), home.now()).await.expect("answers"), [whole]);
        }
    }

    async fn a_visitor_is_told_no_link_of_a_session_or_of_a_rhythm(home: &Home) {
        let slug = home.gathering(&home.ana, "Soup", Audience::Public).await;
        let mut with_link = home.new_gathering("Soup", Audience::Public);
        with_link.link = "https://meet.example/first".into();
        home.store.save_gathering(&home.ana, &whole(&home.kept(&slug).await, &with_link)).await.expect("keeps");
        let mut later = with_link.clone();
        later.link = "https://meet.example/second".into();
        let change = SeriesChange::decide(&home.kept(&slug).await, later, Reach::From(date("2026-12-17")), &[]).expect("may be");
        home.store.save_gathering(&home.ana, &change).await.expect("keeps");
        let form = SessionForm { link: "https://meet.example/third".into(), ..SessionForm::of(&home.kept(&slug).await, date("2026-12-24")) };
        let change = form.check(&home.kept(&slug).await, date("2026-12-24"), &Plain, home.now()).expect("may be");
        home.store.save_session(&home.ana, &change).await.expect("keeps");
        let member = format!("{:?}", home.kept(&slug).await);
        assert!(["first", "second", "third"].iter().all(|link| member.contains(&format!("example/{link}"))), "{member}");
        let visitor = home.store.gathering(&Viewer::Visitor, &slug).await.expect("answers").expect("there");
        assert!(!format!("{visitor:?}").contains("meet.example"), "{visitor:?}");
    }

    async fn whoever_answered_a_session_is_told_what_becomes_of_it(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let third = date("2026-12-17");
        home.answer(&bo, &home.kept(&slug).await, third, Answer::Maybe, "").await;
        home.answer(&home.ana, &home.kept(&slug).await, third, Answer::Yes, "").await;
        let told = async |me: &Me| {
            let lines = home.store.notifications(me, None, 50).await.expect("answers");
            let session = |happening| match happening {
                Happening::Session { date, news, why, .. } => Some((date, news, why)),
                _ => None,
            };
            lines.into_iter().filter_map(|line| session(line.happening)).collect::<Vec<_>>()
        };
        let cancelled = changes::cancel(&home.kept(&slug).await, third, Some("The hall is flooded."), home.now()).expect("may be");
        home.store.save_session(&home.ana, &cancelled).await.expect("keeps");
        let line = |news: &str, why: &str| (third.to_string(), news.to_owned(), why.to_owned());
        assert_eq!(told(&bo).await, [line("cancelled", "The hall is flooded.")]);
        assert!(told(&cy).await.is_empty() && told(&home.ana).await.is_empty());
        let on = changes::cancel(&home.kept(&slug).await, third, None, home.now()).expect("may be");
        home.store.save_session(&home.ana, &on).await.expect("keeps");
        assert_eq!(told(&bo).await, [line("on", "")], "what is true now takes the place of what was");
        let left_out = changes::leave_out(&home.kept(&slug).await, third, home.now()).expect("may be");
        assert_eq!(refusal(home.store.save_session(&home.ana, &left_out).await), SessionRefusal::Answered);
        let off = CallingOff::decide(&home.kept(&slug).await, Some("We moved away."), home.now()).expect("may be");
        home.store.cancel_gathering(&home.ana, &off).await.expect("keeps");
        assert_eq!(refusal(home.store.cancel_gathering(&home.ana, &off).await), SessionRefusal::Overtaken);
        assert_eq!(told(&bo).await, [line("cancelled", "We moved away.")]);
        assert_eq!(home.kept(&slug).await.not_over(home.now()).next(), None);
    }

    async fn answers_go_along_with_their_session_to_another_day(home: &Home) {
        let bo = home.member("bo").await;
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        for day in ["2026-12-10", "2026-12-17"] {
            home.answer(&bo, &home.kept(&slug).await, date(day), Answer::Yes, "with bread").await;
        }
        let mut friday = home.new_gathering("Soup", Audience::Community);
        friday.schedule.first = date("2026-12-04");
        friday.schedule.rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR".parse().ok();
        let kept = home.kept(&slug).await;
        let answered = home.store.answered(kept.id, date("2026-12-03")).await.expect("answers");
        assert_eq!(answered, [date("2026-12-10"), date("2026-12-17")]);
        let unaware = SeriesChange::decide(&kept, friday.clone(), Reach::Whole, &[]).expect("may be");
        assert_eq!(refusal(home.store.save_gathering(&home.ana, &unaware).await), PlanRefusal::Overtaken, "somebody answered meanwhile");
        let change = SeriesChange::decide(&kept, friday, Reach::Whole, &answered).expect("may be");
        home.store.save_gathering(&home.ana, &change).await.expect("keeps");
        let said = async |day: &str| {
            let rsvps = home.store.rsvps(&viewer(&bo), kept.id, date(day)).await.expect("answers");
            rsvps.into_iter().map(|rsvp| rsvp.note).collect::<Vec<_>>()
        };
        assert_eq!((said("2026-12-17").await, said("2026-12-18").await), (vec![], vec!["with bread".to_owned()]));
        // Two weeks apart, no Friday is near the tenth: it is cancelled, and those who answered it see why.
        assert_eq!(said("2026-12-10").await, ["with bread"]);
        let session = home.kept(&slug).await.session(date("2026-12-10")).expect("a session");
        assert!(session.cancelled);
        let late = NewRsvp { session, ..home.yes(&kept, date("2026-12-17")) };
        assert!(!home.store.record_rsvp(&bo, &late).await.expect("answers"), "who answers what was is asked to look again");
    }

    async fn a_session_is_found_by_every_date_that_it_had(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let named = NewGathering { named: vec![bo.id], ..home.new_gathering("Surprise", Audience::Named) };
        let slug = home.store.keep_gathering(&home.ana, &named).await.expect("keeps");
        for day in ["2026-12-10", "2026-12-17"] {
            home.answer(&bo, &home.kept(&slug).await, date(day), Answer::Yes, "").await;
        }
        for (first, day) in [("2026-12-04", "FR"), ("2026-12-05", "SA")] {
            let kept = home.kept(&slug).await;
            let mut new = named.clone();
            new.schedule.first = date(first);
            new.schedule.rule = format!("FREQ=WEEKLY;BYDAY={day}").parse().ok();
            let answered = home.store.answered(kept.id, NaiveDate::MIN).await.expect("answers");
            let change = SeriesChange::decide(&kept, new, Reach::Whole, &answered).expect("may be");
            home.store.save_gathering(&home.ana, &change).await.expect("keeps");
        }
        let now = async |who: &Viewer, was: &str| home.store.moved_to(who, &slug, date(was)).await.expect("answers").map(|date| date.to_string());
        for was in ["2026-12-17", "2026-12-18"] {
            assert_eq!(now(&viewer(&bo), was).await.as_deref(), Some("2026-12-19"), "{was}");
            assert_eq!((now(&viewer(&cy), was).await, now(&Viewer::Visitor, was).await), (None, None));
        }
        assert_eq!(now(&viewer(&bo), "2026-12-24").await, None, "nobody was told of that one");
    }

    async fn what_stands_at_the_door_belongs_to_the_place(home: &Home) {
        let mut new = home.new_gathering("Soup", Audience::Community);
        new.terms.door = "The blue lamp".into();
        let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let form = SessionForm { door: "Ring twice".into(), ..SessionForm::of(&home.kept(&slug).await, date("2026-12-10")) };
        let change = form.check(&home.kept(&slug).await, date("2026-12-10"), &Plain, home.now()).expect("may be");
        home.store.save_session(&home.ana, &change).await.expect("keeps");
        let (place, mut boathouse) = ("The boathouse".to_owned(), new.clone());
        boathouse.terms.door = "The green gate".into();
        let later = NewGathering { place, ..boathouse };
        let change = SeriesChange::decide(&home.kept(&slug).await, later, Reach::From(date("2026-12-17")), &[]).expect("may be");
        home.store.save_gathering(&home.ana, &change).await.expect("keeps");
        let kept = home.kept(&slug).await;
        let doors = ["2026-12-03", "2026-12-10", "2026-12-17"].map(|day| kept.as_on(date(day)).terms.door);
        assert_eq!(doors, ["The blue lamp", "Ring twice", "The green gate"]);
    }

    async fn the_last_seat_is_given_once_and_who_waits_moves_up(home: &Home) {
        let [bo, cy, di] = [home.member("bo").await, home.member("cy").await, home.member("di").await];
        let mut new = home.new_gathering("Soup", Audience::Community);
        new.terms = Terms { capacity: Some(2), guests: 1, ..Terms::default() };
        let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let kept = home.kept(&slug).await;
        let first = date("2026-12-03");
        let say = async |me: &Me, answer: Answer, guests: u32| {
            let new = NewRsvp { answer, guests, ..home.yes(&kept, first) };
            assert!(home.store.record_rsvp(me, &new).await.expect("keeps"));
        };
        let standing = async || {
            let rsvps = home.store.rsvps(&viewer(&home.ana), kept.id, first).await.expect("answers");
            rsvps.iter().map(|rsvp| (rsvp.who.name.to_string(), rsvp.guests, rsvp.waiting)).collect::<Vec<_>>()
        };
        let line = |name: &str, guests, waiting| (name.to_owned(), guests, waiting);
        say(&bo, Answer::Yes, 0).await;
        say(&cy, Answer::Yes, 1).await;
        say(&di, Answer::Yes, 0).await;
        assert_eq!(standing().await, [line("bo", 0, false), line("di", 0, false), line("cy", 1, true)], "a pair did not fit, one did");
        let tally = home.store.tallies(&viewer(&cy), (first, first)).await.expect("answers").remove(0);
        assert_eq!((tally.yes, tally.mine, tally.waiting), (2, Some(Answer::Yes), true));
        say(&bo, Answer::Yes, 1).await;
        assert_eq!(standing().await[0], line("di", 0, false), "with one more there is no room for him");
        say(&bo, Answer::No, 0).await;
        assert_eq!(standing().await, [line("di", 0, false), line("cy", 1, true), line("bo", 0, false)]);
        say(&di, Answer::Maybe, 0).await;
        assert_eq!(standing().await, [line("cy", 1, false), line("di", 0, false), line("bo", 0, false)], "now there is room for both");
        let told = home.store.notifications(&cy, None, 9).await.expect("answers");
        assert!(matches!(&told[0].happening, Happening::Session { news, .. } if news == "room"), "{told:?}");
        say(&bo, Answer::Yes, 0).await;
        assert!(standing().await.contains(&line("bo", 0, true)));
        let mut roomy = new.clone();
        roomy.terms.capacity = None;
        let change = SeriesChange::decide(&kept, roomy, Reach::Whole, &[first]).expect("may be");
        home.store.save_gathering(&home.ana, &change).await.expect("keeps");
        assert!(standing().await.contains(&line("bo", 0, false)), "where there is room for all, nobody waits");
    }

    async fn of_fifty_who_want_the_last_seat_at_once_one_gets_it(home: &Home) {
        home.allow_members(60).await;
        let mut new = home.new_gathering("Soup", Audience::Community);
        new.terms.capacity = Some(1);
        let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let kept = home.kept(&slug).await;
        let mut members = Vec::new();
        for number in 0..50 {
            members.push(home.member(&format!("member{number}")).await);
        }
        let yes = home.yes(&kept, date("2026-12-03"));
        let answers = members.into_iter().map(|me| {
            let (store, yes) = (home.store.clone(), yes.clone());
            tokio::spawn(async move { store.record_rsvp(&me, &yes).await.expect("keeps") })
        });
        for answer in answers.collect::<Vec<_>>() {
            assert!(answer.await.expect("ends"));
        }
        let rsvps = home.store.rsvps(&viewer(&home.ana), kept.id, date("2026-12-03")).await.expect("answers");
        assert_eq!((rsvps.len(), rsvps.iter().filter(|rsvp| !rsvp.waiting).count()), (50, 1));
    }

    async fn who_comes_each_time_is_on_every_list_some_weeks_ahead(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        let coming: Vec<_> = kept.not_over(Timestamp(0)).take(4).collect();
        let always = NewRsvp { always: Some(true), coming: coming.clone(), ..home.yes(&kept, date("2026-12-10")) };
        home.answer(&bo, &kept, date("2026-12-17"), Answer::No, "away").await;
        assert!(home.store.record_rsvp(&bo, &always).await.expect("keeps"));
        let said = async |me: &Me| {
            let mut tallies = home.store.tallies(&viewer(me), december()).await.expect("answers");
            tallies.sort_by_key(|tally| tally.date);
            tallies.into_iter().map(|tally| (tally.date.to_string(), tally.mine)).collect::<Vec<_>>()
        };
        let (yes, no) = (Some(Answer::Yes), Some(Answer::No));
        let line = |day: &str, mine| (format!("2026-12-{day}"), mine);
        assert_eq!(said(&bo).await, [line("03", yes), line("10", yes), line("17", no), line("24", yes)], "one may answer otherwise");
        // Some weeks later there is one more.
        let later: Vec<_> = kept.not_over(Timestamp(0)).take(5).collect();
        assert_eq!(home.store.with_standing_answers(home.now()).await.expect("answers").len(), 1);
        home.store.keep_up(kept.id, kept.changes - 1, &later, home.now()).await.expect("answers");
        assert_eq!(said(&bo).await.len(), 4, "not of a gathering that was changed meanwhile");
        for _ in 0..2 {
            home.store.keep_up(kept.id, kept.changes, &later, home.now()).await.expect("keeps");
        }
        assert!(home.store.comes_each_time(&bo, kept.id).await.expect("answers"));
        assert_eq!(said(&bo).await.len(), 5);
        assert!(said(&cy).await.iter().all(|(_, mine)| mine.is_none()));
        let rsvps = home.store.rsvps(&viewer(&cy), kept.id, date("2026-12-24")).await.expect("answers");
        assert!(rsvps.len() == 1 && rsvps[0].always);
        let no_longer = NewRsvp { always: Some(false), at: Timestamp(0), ..home.yes(&kept, date("2026-12-10")) };
        assert!(home.store.record_rsvp(&bo, &no_longer).await.expect("keeps"));
        assert_eq!(said(&bo).await, [line("10", yes), line("17", no)], "what was said of one session stays");
    }

    async fn a_gathering_for_named_people_is_theirs_alone(home: &Home) {
        let [bo, cy, di] = [home.member("bo").await, home.member("cy").await, home.member("di").await];
        let mut new = home.new_gathering("Surprise", Audience::Named);
        (new.named, new.cohosts, new.announce) = (vec![bo.id], vec![cy.id], true);
        let before = home.newest().await;
        let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let kept = home.kept(&slug).await;
        assert_eq!((kept.audience, kept.named[0].id, kept.cohosts[0].id), (Audience::Named, bo.id, cy.id));
        home.answer(&bo, &kept, date("2026-12-03"), Answer::Yes, "").await;
        let told = home.told_after(before).await;
        assert!(told.iter().all(|entry| entry.only.is_some_and(|only| only != di.id)), "{told:?}");
        for (who, sees) in [(viewer(&home.ana), true), (viewer(&bo), true), (viewer(&cy), true), (viewer(&di), false), (Viewer::Visitor, false)] {
            let found = home.store.gathering(&who, &slug).await.expect("answers");
            assert_eq!(found.is_some(), sees);
            assert_eq!(home.store.gatherings(&who, home.now()).await.expect("answers").len(), usize::from(sees));
            assert_eq!(home.store.tallies(&who, december()).await.expect("answers").len(), usize::from(sees));
            assert_eq!(home.store.rsvps(&who, kept.id, date("2026-12-03")).await.expect("answers").len(), usize::from(sees));
            let posts = home.store.timeline(&who, &TimelineQuery::default(), 9).await.expect("answers");
            assert_eq!(posts.iter().filter(|post| post.announces.is_some()).count(), usize::from(sees));
        }
        assert!(home.store.gathering(&viewer(&cy), &slug).await.expect("answers").expect("there").mine, "a co-host may change it");
        assert!(!home.store.gathering(&viewer(&bo), &slug).await.expect("answers").expect("there").mine);
        let without_bo = NewGathering { named: vec![di.id], ..new.clone() };
        let change = SeriesChange::decide(&home.kept(&slug).await, without_bo, Reach::Whole, &[date("2026-12-03")]).expect("may be");
        home.store.save_gathering(&cy, &change).await.expect("keeps");
        assert!(home.store.gathering(&viewer(&bo), &slug).await.expect("answers").is_none());
        for me in [&bo, &di] {
            let posts = home.store.timeline(&viewer(me), &TimelineQuery::default(), 9).await.expect("answers");
            assert!(posts.is_empty(), "the thread goes inwards with its gathering and never outwards");
        }
        assert!(home.store.problems().await.expect("answers").is_empty());
    }

    async fn whoever_comes_is_reminded_once_as_they_chose(home: &Home) {
        let [bo, cy, di, ed] = [home.member("bo").await, home.member("cy").await, home.member("di").await, home.member("ed").await];
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        let first = kept.session(date("2026-12-03")).expect("a session");
        let early = first.starts_at.plus_days(-3);
        for (me, answer, at) in [
            (&bo, Answer::Yes, early),
            (&cy, Answer::Maybe, early),
            (&di, Answer::No, early),
            (&ed, Answer::Yes, first.starts_at.plus_seconds(-7200)),
        ] {
            let new = NewRsvp { answer, at, ..home.yes(&kept, first.date) };
            assert!(home.store.record_rsvp(me, &new).await.expect("keeps"));
        }
        home.store.save_reminders(&cy, Reminders::Hour).await.expect("keeps");
        assert_eq!(home.store.reminders(&cy).await.expect("answers"), Reminders::Hour);
        let told = async |me: &Me| {
            let lines = home.store.notifications(me, None, 50).await.expect("answers");
            let news = lines.into_iter().filter_map(|line| if let Happening::Session { news, .. } = line.happening { Some(news) } else { None });
            news.collect::<Vec<_>>().join(" ")
        };
        let remind = async |reminder: Reminder, before: i64| {
            let now = first.starts_at.plus_seconds(-before);
            for _ in 0..2 {
                home.store.remind(reminder, reminder.due(now), now).await.expect("reminds");
            }
        };
        remind(Reminder::Day, 100_000).await;
        assert_eq!(told(&bo).await, "", "it is too early");
        remind(Reminder::Day, 80_000).await;
        assert_eq!((told(&bo).await, told(&cy).await, told(&di).await, told(&ed).await), ("tomorrow".into(), "".into(), "".into(), "".into()));
        remind(Reminder::Hour, 3000).await;
        let all = (told(&bo).await, told(&cy).await, told(&di).await, told(&ed).await);
        assert_eq!(all, ("soon tomorrow".into(), "soon".into(), "".into(), "soon".into()));
        let cancelled = changes::cancel(&kept, date("2026-12-10"), Some("Ill."), early).expect("may be");
        home.answer(&bo, &kept, date("2026-12-10"), Answer::Yes, "").await;
        home.store.save_session(&home.ana, &cancelled).await.expect("keeps");
        let before = told(&bo).await;
        let now = first.starts_at.plus_days(6);
        home.store.remind(Reminder::Day, Reminder::Day.due(now), now).await.expect("reminds");
        assert_eq!(told(&bo).await, before, "of what was cancelled nobody is reminded");
    }
}
