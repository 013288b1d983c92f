//! Things to bring to sessions, and who hosts which.

use crate::home::{refusal, viewer};
use chrono::NaiveDate;
use domain::{
    gatherings::{
        Answer, Gathering, GatheringStore, NewGathering, Session,
        bring::{BringRefusal, BringStore, NewList, NewTaking, Thing, read_list, written},
        changes::{Reach, SeriesChange, SessionRefusal, cancel, leave_out},
        room::Place,
        rota::{NewTurn, RotaRefusal, next_of},
        sessions::Schedule,
    },
    ids::MemberId,
    notifications::{Happening, NotificationStore},
    time::Timestamp,
    timeline::Audience,
    viewer::{Me, Viewer},
};

/// A session of a gathering, the first being 0.
fn place(gathering: &Gathering, at: usize) -> Place {
    let session: Session = gathering.not_over(Timestamp(0)).nth(at).expect("a session");
    Place { gathering: gathering.id, session }
}

fn list(typed: &str) -> Vec<Thing> {
    read_list(typed).expect("a list")
}

fn taking(name: &str, many: u32, seen: i64) -> NewTaking {
    NewTaking { name: name.into(), many, seen, at: Timestamp(1) }
}

/// Who brings how many of what, and whose turn it is, as ana sees it.
async fn brought(home: &crate::home::Home, place: Place) -> (Vec<String>, Option<MemberId>) {
    let record = home.store.brought(&viewer(&home.ana), place).await.expect("answers");
    (record.taken.iter().map(|taken| format!("{} {} {}", taken.who.name, taken.many, taken.name)).collect(), record.host)
}

/// Writes a list in place of the one that stands.
async fn writes(home: &crate::home::Home, at: Place, new: &NewList) {
    let record = home.store.brought(&viewer(&home.ana), at).await.expect("answers");
    let stands = written(&record.own.unwrap_or(record.usual));
    home.store.keep_list(at, &stands, new).await.expect("keeps");
}

/// A turn that nobody had.
fn turn(at: Place, host: Option<MemberId>) -> NewTurn {
    NewTurn { session: at.session, was: None, host }
}

async fn takes(home: &crate::home::Home, me: &Me, place: Place, name: &str, many: u32, seen: i64) {
    assert!(home.store.bring(me, place, &taking(name, many, seen)).await.expect("takes"));
}

/// Who was told by a notice that somebody answered, and what.
async fn told(home: &crate::home::Home, me: &Me) -> Vec<(NaiveDate, Answer)> {
    let notices = home.store.notifications(me, None, 99).await.expect("answers");
    let answered = notices.into_iter().filter_map(|notice| match notice.happening {
        Happening::Answered { date, answer, .. } => Some((date.parse().expect("a date"), Answer::from_word(&answer).expect("an answer"))),
        _ => None,
    });
    answered.collect()
}

laws! {
    async fn a_session_has_the_usual_list_or_one_of_its_own(home: &Home) {
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        let (first, second) = (place(&kept, 0), place(&kept, 1));
        let lists = |at: Place| async move {
            let record = home.store.brought(&viewer(&home.ana), at).await.expect("answers");
            (record.usual, record.own)
        };
        assert_eq!(lists(first).await, (Vec::new(), None));
        writes(home, first, &NewList::Usual(list("3 loaves of bread\nsalt"))).await;
        writes(home, second, &NewList::Own(list("olives"))).await;
        assert_eq!(lists(first).await, (list("3 loaves of bread\nsalt"), None));
        assert_eq!(lists(second).await, (list("3 loaves of bread\nsalt"), Some(list("olives"))));
        // Nothing at all may be the list of one session.
        writes(home, second, &NewList::Own(Vec::new())).await;
        assert_eq!(lists(second).await.1, Some(Vec::new()));
        home.store.keep_usual(second).await.expect("keeps");
        assert_eq!(lists(second).await, (list("3 loaves of bread\nsalt"), None));
        // What is written for each time takes the place of what this one had.
        writes(home, second, &NewList::Own(list("olives"))).await;
        writes(home, second, &NewList::Usual(list("bread"))).await;
        assert_eq!(lists(second).await, (list("bread"), None));
    }

    async fn of_two_who_change_a_list_at_once_the_second_sees_what_the_first_wrote(home: &Home) {
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let at = place(&home.kept(&slug).await, 0);
        let tries = ["bread", "olives"].map(|typed| {
            let store = home.store.clone();
            tokio::spawn(async move { store.keep_list(at, "", &NewList::Usual(list(typed))).await })
        });
        let mut kept = Vec::new();
        for (one, typed) in tries.into_iter().zip(["bread", "olives"]) {
            match one.await.expect("ends") {
                Ok(()) => kept.push(typed),
                refused => assert_eq!(refusal(refused), BringRefusal::Overtaken),
            }
        }
        let stands = home.store.brought(&viewer(&home.ana), at).await.expect("answers").usual;
        assert_eq!((kept.len(), written(&stands)), (1, kept[0].to_owned()));
        assert_eq!(refusal(home.store.keep_list(at, "salt", &NewList::Own(Vec::new())).await), BringRefusal::Overtaken);
    }

    async fn of_two_who_give_a_turn_away_at_once_the_second_sees_whose_it_is_by_now(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let new = NewGathering { cohosts: vec![bo.id, cy.id], ..home.new_gathering("Soup", Audience::Community) };
        let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let kept = home.kept(&slug).await;
        let (first, second) = (place(&kept, 0), place(&kept, 1));
        assert!(home.store.keep_rota(kept.id, 0, &[turn(first, Some(bo.id))]).await.expect("keeps"));
        // Refused, and then nothing of it is kept.
        let both = [turn(second, Some(cy.id)), turn(first, Some(cy.id))];
        assert_eq!(refusal(home.store.keep_rota(kept.id, 0, &both).await), RotaRefusal::Overtaken);
        assert_eq!((brought(home, first).await.1, brought(home, second).await.1), (Some(bo.id), None));
        let seen = NewTurn { was: Some(bo.id), ..turn(first, Some(cy.id)) };
        assert!(home.store.keep_rota(kept.id, 0, &[both[0], seen]).await.expect("keeps"));
        assert_eq!((brought(home, first).await.1, brought(home, second).await.1), (Some(cy.id), Some(cy.id)));
    }

    async fn of_twenty_who_take_a_thing_at_once_as_many_get_it_as_are_needed(home: &Home) {
        home.allow_members(40).await;
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let at = place(&home.kept(&slug).await, 0);
        writes(home, at, &NewList::Usual(list("7 loaves of bread"))).await;
        let mut all = Vec::new();
        for number in 0..20 {
            let (store, me) = (home.store.clone(), home.member(&format!("member-{number}")).await);
            all.push((store, me));
        }
        let tries = all.into_iter().map(|(store, me)| {
            tokio::spawn(async move { store.bring(&me, at, &taking("Loaves of bread", 1, 0)).await })
        });
        let tries: Vec<_> = tries.collect();
        let mut got = 0;
        for one in tries {
            match one.await.expect("ends") {
                Ok(taken) => got += usize::from(taken),
                refused => assert_eq!(refusal(refused), BringRefusal::Full { name: "loaves of bread".into() }),
            }
        }
        assert_eq!((got, brought(home, at).await.0.len()), (7, 7));
        assert_eq!(home.store.problems().await.expect("answers"), Vec::<String>::new());
    }

    async fn one_takes_as_many_as_are_open_and_gives_back_what_one_took(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let at = place(&home.kept(&slug).await, 0);
        writes(home, at, &NewList::Usual(list("3 salads"))).await;
        takes(home, &bo, at, "salads", 2, 0).await;
        // A form that is sent twice takes once.
        takes(home, &bo, at, "salads", 2, 0).await;
        let full = BringRefusal::Full { name: "salads".into() };
        assert_eq!(refusal(home.store.bring(&cy, at, &taking("salads", 2, 0)).await), full);
        takes(home, &cy, at, "Salads", 1, 0).await;
        assert_eq!(brought(home, at).await.0, ["bo 2 salads", "cy 1 Salads"]);
        takes(home, &bo, at, "salads", 1, 0).await;
        takes(home, &cy, at, "salads", 0, 0).await;
        assert_eq!(brought(home, at).await.0, ["bo 1 salads"]);
        assert_eq!(refusal(home.store.bring(&cy, at, &taking("olives", 1, 0)).await), BringRefusal::NotOnList);
        assert!(!home.store.bring(&cy, at, &taking("salads", 1, 7)).await.expect("answers"), "the gathering was changed meanwhile");
        let before = home.newest().await;
        takes(home, &cy, at, "salads", 1, 0).await;
        assert_eq!(home.told_after(before).await.len(), 1, "open pages hear of it");
    }

    async fn what_was_taken_stays_taken_when_the_list_is_another_one(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let at = place(&home.kept(&slug).await, 0);
        writes(home, at, &NewList::Usual(list("3 salads\nbread"))).await;
        takes(home, &bo, at, "salads", 2, 0).await;
        takes(home, &cy, at, "bread", 1, 0).await;
        writes(home, at, &NewList::Own(list("salads\nolives"))).await;
        assert_eq!(brought(home, at).await.0, ["bo 2 salads", "cy 1 bread"]);
        assert_eq!(refusal(home.store.bring(&cy, at, &taking("salads", 1, 0)).await), BringRefusal::Full { name: "salads".into() });
        assert_eq!(home.store.problems().await.expect("answers"), Vec::<String>::new(), "fewer are needed now than were taken");
        // What is not on the list any more can be given back.
        takes(home, &cy, at, "bread", 0, 0).await;
        takes(home, &bo, at, "salads", 1, 0).await;
        assert_eq!(brought(home, at).await.0, ["bo 1 salads"]);
        assert_eq!(home.store.problems().await.expect("answers"), Vec::<String>::new());
    }

    async fn whoever_says_no_gives_back_what_they_took_of_that_session(home: &Home) {
        let bo = home.member("bo").await;
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        let (first, second) = (place(&kept, 0), place(&kept, 1));
        writes(home, first, &NewList::Usual(list("2 salads\nbread"))).await;
        for at in [first, second] {
            takes(home, &bo, at, "salads", 1, 0).await;
        }
        takes(home, &home.ana, first, "bread", 1, 0).await;
        home.answer(&bo, &kept, first.session.date, Answer::Maybe, "").await;
        assert_eq!(brought(home, first).await.0, ["ana 1 bread", "bo 1 salads"]);
        home.answer(&bo, &kept, first.session.date, Answer::No, "").await;
        assert_eq!(brought(home, first).await.0, ["ana 1 bread"]);
        assert_eq!(brought(home, second).await.0, ["bo 1 salads"]);
    }

    async fn what_is_brought_is_for_members_who_may_see_the_session(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let new = NewGathering { named: vec![bo.id], ..home.new_gathering("Surprise", Audience::Named) };
        let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let public = home.gathering(&home.ana, "Soup", Audience::Public).await;
        for (slug, unseen) in [(slug, vec![viewer(&cy), Viewer::Visitor]), (public, vec![Viewer::Visitor])] {
            let kept = home.kept(&slug).await;
            let at = place(&kept, 0);
            writes(home, at, &NewList::Usual(list("cake"))).await;
            writes(home, at, &NewList::Own(list("cake\ncandles"))).await;
            takes(home, &bo, at, "cake", 1, 0).await;
            let seen = home.store.brought(&viewer(&bo), at).await.expect("answers");
            assert_eq!((seen.usual.len(), seen.own.map(|own| own.len()), seen.taken.len()), (1, Some(2), 1));
            for viewer in unseen {
                let seen = home.store.brought(&viewer, at).await.expect("answers");
                assert_eq!((seen.usual.len(), seen.own, seen.taken.len()), (0, None, 0), "{viewer:?}");
            }
        }
    }

    async fn whoever_is_not_named_any_more_brings_nothing_to_what_is_to_come(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let new = NewGathering { named: vec![bo.id, cy.id], ..home.new_gathering("Surprise", Audience::Named) };
        let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let kept = home.kept(&slug).await;
        let at = place(&kept, 0);
        writes(home, at, &NewList::Usual(list("2 cakes"))).await;
        for me in [&bo, &cy] {
            takes(home, me, at, "cakes", 1, 0).await;
        }
        let without = NewGathering { named: vec![cy.id], ..new };
        let answered = home.store.answered(kept.id, NaiveDate::MIN).await.expect("answers");
        home.store.save_gathering(&home.ana, &SeriesChange::decide(&kept, without, Reach::Whole, &answered).expect("may be")).await.expect("keeps");
        assert_eq!(brought(home, at).await.0, ["cy 1 cakes"]);
    }

    async fn a_series_that_moves_takes_lists_and_turns_and_what_is_brought_along(home: &Home) {
        let bo = home.member("bo").await;
        let cohost = NewGathering { cohosts: vec![bo.id], ..home.new_gathering("Soup", Audience::Community) };
        let slug = home.store.keep_gathering(&home.ana, &cohost).await.expect("keeps");
        let kept = home.kept(&slug).await;
        let at: Vec<Place> = (0..4).map(|number| place(&kept, number)).collect();
        writes(home, at[0], &NewList::Usual(list("2 salads"))).await;
        writes(home, at[1], &NewList::Own(list("olives"))).await;
        takes(home, &bo, at[0], "salads", 2, 0).await;
        let turns: Vec<_> = at.iter().map(|at| turn(*at, Some(bo.id))).take(3).collect();
        assert!(home.store.keep_rota(kept.id, 0, &turns).await.expect("keeps"));
        // From Thursdays to Fridays.
        let schedule = Schedule { first: kept.schedule.first.succ_opt().expect("a day"), ..kept.schedule.clone() };
        let rule = kept.schedule.rule.as_ref().map(ToString::to_string).expect("a rule");
        let schedule = Schedule { rule: rule.replace("BYDAY=TH", "BYDAY=FR").parse().ok(), ..schedule };
        let (answered, set_up) = (
            home.store.answered(kept.id, NaiveDate::MIN).await.expect("answers"),
            home.store.set_up(kept.id).await.expect("answers"),
        );
        assert_eq!((answered.len(), set_up.len()), (1, 3), "who brings something counts as somebody who answered");
        let new = NewGathering { schedule, ..cohost };
        let change = SeriesChange::decide_with(&kept, new, Reach::Whole, &answered, &set_up).expect("may be");
        home.store.save_gathering(&home.ana, &change).await.expect("keeps");
        let moved = home.kept(&slug).await;
        let now: Vec<Place> = (0..4).map(|number| place(&moved, number)).collect();
        assert_eq!(now[0].session.date, at[0].session.date.succ_opt().expect("a day"));
        assert_eq!(brought(home, now[0]).await, (vec!["bo 2 salads".into()], Some(bo.id)));
        assert_eq!(home.store.brought(&viewer(&home.ana), now[1]).await.expect("answers").own, Some(list("olives")));
        assert_eq!((brought(home, now[2]).await.1, brought(home, now[3]).await.1), (Some(bo.id), None));
        assert_eq!(brought(home, at[0]).await, (Vec::new(), None));
    }

    async fn what_was_set_for_a_date_gives_way_to_those_who_come_there(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let daily = NewGathering { cohosts: vec![bo.id, cy.id], ..home.new_gathering("Soup", Audience::Community) };
        let slug = home.store.keep_gathering(&home.ana, &daily).await.expect("keeps");
        let kept = home.kept(&slug).await;
        let (first, second) = (place(&kept, 0), place(&kept, 1));
        writes(home, first, &NewList::Usual(list("bread"))).await;
        takes(home, &bo, first, "bread", 1, 0).await;
        assert!(home.store.keep_rota(kept.id, 0, &[turn(first, Some(bo.id)), turn(second, Some(cy.id))]).await.expect("keeps"));
        // The first is gone, and those who come to it go along to the second.
        let mut change = SeriesChange::decide(&kept, daily, Reach::Whole, &[first.session.date]).expect("may be");
        change.carried[0].session = second.session;
        home.store.save_gathering(&home.ana, &change).await.expect("keeps");
        assert_eq!(brought(home, second).await, (vec!["bo 1 bread".into()], Some(bo.id)));
        assert_eq!(brought(home, first).await, (Vec::new(), None));
    }

    async fn whoever_brings_something_hears_that_it_is_cancelled_and_it_can_not_just_be_left_out(home: &Home) {
        let bo = home.member("bo").await;
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        let at = place(&kept, 0);
        writes(home, at, &NewList::Usual(list("bread"))).await;
        takes(home, &bo, at, "bread", 1, 0).await;
        let now = at.session.starts_at.plus_days(-1);
        let out = leave_out(&kept, at.session.date, now).expect("may be");
        assert_eq!(refusal(home.store.save_session(&home.ana, &out).await), SessionRefusal::Answered);
        let off = cancel(&kept, at.session.date, Some("No kitchen."), now).expect("may be");
        home.store.save_session(&home.ana, &off).await.expect("keeps");
        assert_eq!(home.store.notifications(&bo, None, 9).await.expect("answers").len(), 1);
    }

    async fn whose_turn_it_is_hears_who_comes_as_long_as_they_keep_it(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let new = NewGathering { cohosts: vec![bo.id], ..home.new_gathering("Soup", Audience::Community) };
        let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let kept = home.kept(&slug).await;
        let places = (place(&kept, 0), place(&kept, 1));
        let (first, second) = (places.0.session, places.1.session);
        assert!(home.store.keep_rota(kept.id, 0, &[turn(places.0, Some(bo.id)), turn(places.1, None)]).await.expect("keeps"));
        assert!(!home.store.keep_rota(kept.id, 5, &[turn(places.0, None)]).await.expect("answers"), "the gathering was changed meanwhile");
        for session in [first, second] {
            home.answer(&cy, &kept, session.date, Answer::Yes, "").await;
        }
        assert_eq!(told(home, &bo).await, [(first.date, Answer::Yes)]);
        assert_eq!(told(home, &home.ana).await, [(second.date, Answer::Yes)]);
        // Where it is another's turn meanwhile, what the former host was told goes.
        let swapped = [NewTurn { was: Some(bo.id), ..turn(places.0, Some(home.ana.id)) }, turn(places.1, Some(bo.id))];
        assert!(home.store.keep_rota(kept.id, 0, &swapped).await.expect("keeps"));
        for session in [first, second] {
            home.answer(&cy, &kept, session.date, Answer::No, "").await;
        }
        assert_eq!(told(home, &bo).await, [(second.date, Answer::No)]);
        assert_eq!(told(home, &home.ana).await, [(first.date, Answer::No)]);
        let (turns, last) = home.store.rota(kept.id, second.date).await.expect("answers");
        assert_eq!((turns, last), (vec![(second.date, bo.id)], Some(home.ana.id)));
        // Whoever keeps it no longer is not told.
        let answered = home.store.answered(kept.id, NaiveDate::MIN).await.expect("answers");
        let without = NewGathering { cohosts: Vec::new(), ..new };
        home.store.save_gathering(&home.ana, &SeriesChange::decide(&kept, without, Reach::Whole, &answered).expect("may be")).await.expect("keeps");
        let kept = home.kept(&slug).await;
        home.answer(&cy, &kept, second.date, Answer::Yes, "").await;
        assert_eq!(told(home, &home.ana).await.len(), 2);
        assert_eq!(kept.host_of(home.store.brought(&viewer(&cy), place(&kept, 1)).await.expect("answers").host), None);
        assert_eq!(next_of(&kept, first.starts_at)[0].date, first.date);
    }
}
