//! What a change of a gathering does to those whom it concerns, and to what they said, showed and agreed to. And how many statements it
//! takes to show what is coming.

use crate::home::{At, Home, Plain, chosen, refusal, viewer};
use chrono::NaiveDate;
use domain::{
    gatherings::{
        Answer, Gathering, GatheringStore, Gatherings, NewGathering, NewRsvp, PlanRefusal, SessionWish, Show,
        bring::{BringStore, NewList, NewTaking, read_list},
        changes::{Reach, SeriesChange, SessionForm},
        coming::{Reminder, Terms},
        room::{Place, RoomStore},
        sessions,
    },
    notifications::{Happening, NotificationStore},
    prose::SafeHtml,
    time::{Timestamp, Zone},
    timeline::Audience,
    viewer::{Me, Viewer},
};
use std::{collections::BTreeSet, sync::Arc};

fn gatherings(home: &Home, now: Timestamp) -> Gatherings {
    let kept = Arc::new(home.store.clone());
    Gatherings::new(kept.clone(), kept, Arc::new(Plain), Arc::new(At(now)))
}

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn noon(text: &str) -> Timestamp {
    sessions::instant(date(text).and_hms_opt(12, 0, 0).expect("a time"), &Zone::utc())
}

/// Changes a gathering at an instant.
async fn change(
    home: &Home,
    slug: &str,
    new: NewGathering,
    reach: Reach,
    at: Timestamp,
) -> Result<(), domain::outcome::Error<PlanRefusal>> {
    let kept = home.kept(slug).await;
    let answered = home.store.answered(kept.id, NaiveDate::MIN).await.expect("answers");
    let change = SeriesChange::decide(&kept, NewGathering { at, ..new }, reach, &answered).expect("may be");
    home.store.save_gathering(&home.ana, &change).await
}

/// What somebody was told of sessions, the latest first.
async fn told(home: &Home, me: &Me) -> Vec<(String, String)> {
    let lines = home.store.notifications(me, None, 99).await.expect("answers");
    let session = |happening| if let Happening::Session { date, news, .. } = happening { Some((date, news)) } else { None };
    lines.into_iter().filter_map(|line| session(line.happening)).collect()
}

fn line(on: &str, news: &str) -> (String, String) {
    (on.to_owned(), news.to_owned())
}

/// Says yes to a session and comes each time from then on, as far as a few sessions are concerned.
async fn always(home: &Home, me: &Me, kept: &Gathering, on: NaiveDate, coming: usize) {
    let coming = kept.not_over(Timestamp(0)).take(coming).collect();
    let new = NewRsvp { always: Some(true), coming, ..home.yes(kept, on) };
    assert!(home.store.record_rsvp(me, &new).await.expect("keeps"));
}

laws! {
    async fn what_was_answered_among_named_people_stays_among_them(home: &Home) {
        let [bo, cy, teresa] = [home.member("bo").await, home.member("cy").await, home.member("teresa").await];
        let first = date("2026-12-03");
        let among = |title: &str| NewGathering { named: vec![bo.id], cohosts: vec![cy.id], ..home.new_gathering(title, Audience::Named) };
        let wide = |title: &str| NewGathering { cohosts: vec![cy.id], ..home.new_gathering(title, Audience::Community) };
        let plan = async |title: &str| home.store.keep_gathering(&home.ana, &among(title)).await.expect("keeps");
        let widen = async |slug: &str, new: NewGathering| change(home, slug, new, Reach::Whole, home.now()).await;

        let slug = plan("A song").await;
        for (answer, note) in [(Answer::Yes, "don’t tell Teresa"), (Answer::No, "and I can’t")] {
            home.answer(&bo, &home.kept(&slug).await, first, answer, note).await;
            for audience in [Audience::Community, Audience::Public] {
                let new = NewGathering { audience, ..wide("A song") };
                assert_eq!(refusal(widen(&slug, new).await), PlanRefusal::AmongThem);
            }
        }
        // Also when he is not named any more, and it was some time ago.
        let without = NewGathering { named: Vec::new(), ..among("A song") };
        change(home, &slug, without, Reach::Whole, noon("2026-12-05")).await.expect("keeps");
        assert_eq!(refusal(widen(&slug, wide("A song")).await), PlanRefusal::AmongThem);
        let kept = home.kept(&slug).await;
        assert_eq!(home.store.rsvps(&viewer(&teresa), kept.id, first).await.expect("answers").len(), 0);

        // What those wrote who keep it, and go on to, is theirs to show.
        let slug = plan("A cake").await;
        for me in [&home.ana, &cy] {
            home.answer(me, &home.kept(&slug).await, first, Answer::Yes, "").await;
        }
        let alone = home.new_gathering("A cake", Audience::Community);
        assert_eq!(refusal(widen(&slug, alone).await), PlanRefusal::AmongThem, "Cy keeps it no more");
        widen(&slug, wide("A cake")).await.expect("keeps");
        assert!(home.store.gathering(&viewer(&teresa), &slug).await.expect("answers").is_some());

        // It may become one for named people, and what is answered then stays with these.
        let slug = home.store.keep_gathering(&home.ana, &wide("Soup")).await.expect("keeps");
        widen(&slug, among("Soup")).await.expect("keeps");
        widen(&slug, wide("Soup")).await.expect("nobody has answered");
        widen(&slug, among("Soup")).await.expect("keeps");
        home.answer(&bo, &home.kept(&slug).await, first, Answer::Maybe, "psst").await;
        assert_eq!(refusal(widen(&slug, wide("Soup")).await), PlanRefusal::AmongThem);
    }

    async fn what_was_off_meanwhile_did_not_take_place_and_its_host_is_not_asked_whether_it_is_on(home: &Home) {
        let bo = home.member("bo").await;
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let [tenth, last] = [date("2026-12-10"), date("2026-12-24")];
        for on in [tenth, last] {
            home.answer(&bo, &home.kept(&slug).await, on, Answer::Yes, "").await;
        }
        let kept = home.kept(&slug).await;
        home.store.ask_if_on(kept.id, kept.session(date("2026-12-03")).expect("a session"), noon("2026-12-04")).await.expect("asks");
        gatherings(home, noon("2026-12-05")).cancel(&home.ana, &slug, Some("No kitchen.")).await.expect("called off");
        let now = noon("2026-12-20");
        gatherings(home, now).cancel(&home.ana, &slug, None).await.expect("goes on");
        let kept = home.kept(&slug).await;
        assert!(kept.cancelled.is_none() && !kept.quiet);
        for (on, why) in [("2026-12-03", None), ("2026-12-10", Some("No kitchen.")), ("2026-12-17", Some("No kitchen.")), ("2026-12-24", None)] {
            let page = gatherings(home, now).session(&viewer(&bo), &slug, on).await.expect("answers").expect("its page");
            assert_eq!((page.cancelled.as_deref(), page.session.cancelled), (why, why.is_some()), "{on}");
        }
        let over: Vec<_> = kept.last_over(noon("2026-12-27"), 9).into_iter().map(|session| session.date).collect();
        assert_eq!(over, [last, date("2026-12-03")]);
        let maybe = home.store.maybe_over().await.expect("answers");
        assert_eq!(maybe.iter().map(|(one, _, since)| (one.id, *since)).collect::<Vec<_>>(), [(kept.id, now)]);
        assert_eq!(told(home, &bo).await, [line("2026-12-24", "on"), line("2026-12-10", "cancelled")], "of what is over, nothing new is true");
        let before = gatherings(home, noon("2026-12-21"));
        before.cancel(&home.ana, &slug, Some("The pipes.")).await.expect("called off");
        gatherings(home, noon("2026-12-26")).cancel(&home.ana, &slug, None).await.expect("goes on");
        let kept = home.kept(&slug).await;
        let why = |on: NaiveDate| kept.exception(on).and_then(|own| own.cancelled.as_deref());
        assert_eq!((why(tenth), why(last), kept.exceptions.len()), (Some("No kitchen."), Some("The pipes."), 3), "each time for its own reason");
    }

    async fn who_comes_each_time_hears_of_a_change_of_what_is_too_far_ahead_to_be_answered(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let yearly = |time: &str, place: &str| {
            let mut new = home.new_gathering("Midwinter", Audience::Community);
            (new.schedule.rule, new.schedule.time, new.place) = ("FREQ=YEARLY".parse().ok(), time.parse().expect("a time"), place.into());
            new
        };
        let new = yearly("19:30:00", "The kitchen");
        let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let kept = home.kept(&slug).await;
        for me in [&bo, &home.ana] {
            always(home, me, &kept, kept.schedule.first, 1).await;
        }
        home.answer(&cy, &kept, kept.schedule.first, Answer::Yes, "").await;
        let later = noon("2027-02-01");
        let service = gatherings(home, later);
        service.cancel(&home.ana, &slug, Some("No snow.")).await.expect("called off");
        assert_eq!(told(home, &bo).await, [line("2027-12-03", "cancelled")]);
        service.cancel(&home.ana, &slug, None).await.expect("goes on");
        assert_eq!(told(home, &bo).await, [line("2027-12-03", "on")], "what is true now takes the place of what was");
        service.change_session(&home.ana, &slug, "2028-12-03", SessionWish::Cancel("Away.")).await.expect("cancelled");
        assert_eq!(told(home, &bo).await[0], line("2028-12-03", "cancelled"));
        let form = SessionForm { place: "The barn".into(), ..SessionForm::of(&home.kept(&slug).await, date("2029-12-03")) };
        service.change_session(&home.ana, &slug, "2029-12-03", SessionWish::Change(&form)).await.expect("changed");
        assert_eq!(told(home, &bo).await[0], line("2029-12-03", "changed"));

        let count = told(home, &bo).await.len();
        let renamed = NewGathering { title: "Midwinter!".into(), ..new.clone() };
        change(home, &slug, renamed, Reach::Whole, later).await.expect("keeps");
        assert_eq!(told(home, &bo).await.len(), count, "it is when and where it was");
        change(home, &slug, yearly("18:00:00", "The kitchen"), Reach::Whole, later).await.expect("keeps");
        assert_eq!((told(home, &bo).await.len(), told(home, &bo).await[0].clone()), (count, line("2027-12-03", "changed")), "once");
        change(home, &slug, yearly("18:00:00", "The hall"), Reach::From(date("2030-12-03")), later).await.expect("keeps");
        assert_eq!((told(home, &bo).await.len(), told(home, &bo).await[0].clone()), (count + 1, line("2030-12-03", "changed")));
        assert!(told(home, &cy).await.is_empty() && told(home, &home.ana).await.is_empty(), "neither who came once nor who changed it");
    }

    async fn who_comes_each_time_hears_of_a_change_once(home: &Home) {
        let bo = home.member("bo").await;
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        always(home, &bo, &kept, kept.schedule.first, 3).await;
        let mut earlier = home.new_gathering("Soup", Audience::Community);
        earlier.schedule.time = "18:00:00".parse().expect("a time");
        change(home, &slug, earlier, Reach::Whole, home.now()).await.expect("keeps");
        assert_eq!(told(home, &bo).await, [line("2026-12-03", "changed")]);
        gatherings(home, home.now()).cancel(&home.ana, &slug, Some("No kitchen.")).await.expect("called off");
        assert_eq!(told(home, &bo).await, [line("2026-12-03", "cancelled")]);
    }

    async fn what_is_not_public_any_more_is_published_again_by_a_new_yes_alone(home: &Home) {
        let bo = home.member("bo").await;
        let slug = home.gathering(&home.ana, "Drawing", Audience::Public).await;
        let kept = home.kept(&slug).await;
        let place = Place { gathering: kept.id, session: kept.session(kept.schedule.first).expect("a session") };
        let picture = home.picture(&bo, "a window").await;
        home.store.hang_up(&bo, place, &[chosen(picture, "A window")], "", home.now()).await.expect("hangs");
        home.store.keep_note(place, ("Lovely.", &SafeHtml::from_sanitizer("Lovely.".into())), true).await.expect("keeps");
        assert!(home.store.agree(&bo, place, picture, true).await.expect("agrees"));
        let seen = async || {
            let room = home.store.room(&Viewer::Visitor, place, Timestamp(0)).await.expect("answers");
            (room.published, room.wall.len(), room.note_html.as_str().to_owned())
        };
        let becomes = async |audience| change(home, &slug, home.new_gathering("Drawing", audience), Reach::Whole, home.now()).await.expect("keeps");
        becomes(Audience::Public).await;
        assert_eq!(seen().await, (true, 1, "Lovely.".into()), "a change of something else takes nothing back");
        becomes(Audience::Community).await;
        becomes(Audience::Public).await;
        assert_eq!(seen().await, (false, 0, String::new()));
        home.store.keep_note(place, ("Lovely.", &SafeHtml::from_sanitizer("Lovely.".into())), true).await.expect("keeps");
        assert_eq!(seen().await, (true, 0, "Lovely.".into()), "Bo has not been asked anew yet");
        let room = home.store.room(&viewer(&home.ana), place, Timestamp(0)).await.expect("answers");
        assert_eq!((room.wall.len(), room.note.as_str()), (1, "Lovely."), "with the community, all of it stayed");
    }

    async fn one_is_reminded_again_of_what_starts_at_another_time_and_not_of_what_is_elsewhere(home: &Home) {
        let bo = home.member("bo").await;
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let first = date("2026-12-03");
        for me in [&bo, &home.ana] {
            home.answer(me, &home.kept(&slug).await, first, Answer::Yes, "").await;
        }
        let now = home.kept(&slug).await.session(first).expect("a session").starts_at.plus_seconds(-80_000);
        let reminded = async || {
            home.store.remind(Reminder::Day, Reminder::Day.due(now), now).await.expect("reminds");
            let count = |told: Vec<(String, String)>| told.iter().filter(|(_, news)| news == "tomorrow").count();
            (count(told(home, &bo).await), count(told(home, &home.ana).await))
        };
        assert_eq!(reminded().await, (1, 1));
        let move_to = async |place: &str, time: &str| {
            let form = SessionForm { place: place.into(), time: time.into(), ..SessionForm::of(&home.kept(&slug).await, first) };
            gatherings(home, now).change_session(&home.ana, &slug, "2026-12-03", SessionWish::Change(&form)).await.expect("changed");
        };
        let usual = SessionForm::of(&home.kept(&slug).await, first).time;
        move_to("The attic", &usual).await;
        // The news took the place of what Bo had been told; the host was told nothing.
        assert_eq!(reminded().await, (0, 1));
        let mut hall = home.new_gathering("Soup", Audience::Community);
        (hall.place, hall.link) = ("The hall".into(), "https://meet.example/hall".into());
        change(home, &slug, hall, Reach::Whole, now).await.expect("keeps");
        assert_eq!(reminded().await, (0, 1));
        move_to("The attic", "00:15").await;
        assert_eq!(reminded().await, (1, 2), "it is earlier");
    }

    async fn to_go_quiet_and_to_go_on_is_a_change_that_calendars_are_told_of(home: &Home) {
        let bo = home.member("bo").await;
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        let first = kept.session(kept.schedule.first).expect("a session");
        let next = async |expected: (bool, i64), at: Timestamp| {
            let now = home.kept(&slug).await;
            assert_eq!((now.quiet, now.changes, now.changed_at), (expected.0, expected.1, at));
        };
        let at = home.now();
        for _ in 0..2 {
            home.store.ask_if_on(kept.id, first, at).await.expect("asks");
        }
        next((true, 1), at).await;
        let at = home.now();
        for _ in 0..2 {
            home.store.keep_on(kept.id, at).await.expect("keeps");
        }
        next((false, 2), at).await;
        home.store.ask_if_on(kept.id, first, home.now()).await.expect("asks");
        // Whoever says that they always come says two things at once.
        let coming: Vec<_> = kept.not_over(Timestamp(0)).take(3).collect();
        let new = NewRsvp { always: Some(true), coming, ..home.yes(&home.kept(&slug).await, first.date) };
        assert!(home.store.record_rsvp(&bo, &new).await.expect("keeps"));
        next((false, 4), new.at).await;
        let said = home.store.tallies(&viewer(&bo), (first.date, date("2026-12-31"))).await.expect("answers");
        assert_eq!(said.iter().filter(|tally| tally.mine == Some(Answer::Yes)).count(), 3);
        home.store.ask_if_on(kept.id, first, home.now()).await.expect("asks");
        gatherings(home, home.now()).cancel(&home.ana, &slug, Some("We moved away.")).await.expect("called off");
        gatherings(home, home.now()).cancel(&home.ana, &slug, None).await.expect("goes on");
        let now = home.kept(&slug).await;
        assert_eq!((now.quiet, now.changes), (false, 7));
    }

    async fn a_host_writes_to_those_who_come_or_might_and_to_all_who_answered(home: &Home) {
        let [bo, cy, di, ed, fi] = ["bo", "cy", "di", "ed", "fi"].map(|name| home.member(name));
        let [bo, cy, di, ed, fi] = [bo.await, cy.await, di.await, ed.await, fi.await];
        let new = NewGathering { terms: Terms { capacity: Some(1), ..Terms::default() }, ..home.new_gathering("Soup", Audience::Community) };
        let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let kept = home.kept(&slug).await;
        let place = Place { gathering: kept.id, session: kept.session(kept.schedule.first).expect("a session") };
        let list = read_list("2 loaves of bread").expect("a list");
        home.store.keep_list(place, "", &NewList::Usual(list.clone())).await.expect("keeps");
        for (me, answer) in [(&bo, Answer::Yes), (&cy, Answer::Maybe), (&di, Answer::No), (&fi, Answer::Yes)] {
            home.answer(me, &kept, place.session.date, answer, "").await;
        }
        for me in [&bo, &ed] {
            let bread = NewTaking { name: list[0].name.clone(), many: 1, seen: kept.changes, at: home.now() };
            home.store.bring(me, place, &bread).await.expect("brings");
        }
        let who = gatherings(home, home.now()).who_answered(&home.ana, &slug, "2026-12-03").await.expect("answers");
        let ids = |members: &[&Me]| members.iter().map(|me| me.id).collect::<BTreeSet<_>>();
        assert_eq!(who.come.iter().copied().collect::<BTreeSet<_>>(), ids(&[&bo, &cy, &ed, &fi]), "also who waits, and who only brings bread");
        assert_eq!((who.come.len(), who.not), (4, vec![di.id]));
        assert!(gatherings(home, home.now()).who_answered(&bo, &slug, "2026-12-03").await.is_err(), "it is for those who keep it");
    }

    async fn the_agenda_and_a_month_take_as_many_statements_for_many_gatherings_as_for_one(home: &Home) {
        let bo = home.member("bo").await;
        let now = home.now();
        let plan = async |number: usize| {
            let new = NewGathering { cohosts: vec![bo.id], ..home.new_gathering(&format!("Soup {number}"), Audience::Public) };
            let kept = home.kept(&home.store.keep_gathering(&home.ana, &new).await.expect("keeps")).await;
            always(home, &bo, &kept, kept.schedule.first, 4).await;
            let form = SessionForm { place: "The attic".into(), ..SessionForm::of(&home.kept(&kept.slug).await, date("2026-12-10")) };
            gatherings(home, now).change_session(&home.ana, &kept.slug, "2026-12-10", SessionWish::Change(&form)).await.expect("changed");
        };
        let counted = async |viewer: &Viewer, show: Show| {
            let service = gatherings(home, now);
            let before = home.store.queries();
            let agenda = service.agenda(viewer, show).await.expect("answers");
            let between = home.store.queries();
            let month = service.between(viewer, noon("2026-12-01"), noon("2026-12-31"), show).await.expect("answers");
            (agenda.soon.len() + month.len(), between - before, home.store.queries() - between)
        };
        let viewers = [viewer(&bo), viewer(&home.ana), Viewer::Visitor];
        plan(0).await;
        let mut few = Vec::new();
        for viewer in &viewers {
            for show in Show::ALL {
                few.push(counted(viewer, show).await);
            }
        }
        assert!(few.iter().all(|(_, agenda, month)| *agenda <= 2 && *month <= 2), "{few:?}");
        for number in 1..25 {
            plan(number).await;
        }
        let mut few = few.into_iter();
        for viewer in &viewers {
            for show in Show::ALL {
                let (many, few) = (counted(viewer, show).await, few.next().expect("as many"));
                assert_eq!((many.1, many.2), (few.1, few.2), "{show:?} for {viewer:?}");
                assert!(few.0 == 0 || many.0 > 10 * few.0, "{show:?} for {viewer:?}: {} of {}", many.0, few.0);
            }
        }
    }
}
