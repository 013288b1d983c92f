//! Calendar files that wait for their sender's yes, and the gatherings that come out of them.

use crate::home::viewer;
use chrono::NaiveTime;
use domain::{
    gatherings::{
        GatheringStore, Session,
        calendar::{Exception, Moved, Standing},
        import::{Entry, ImportStore, ReadCalendar, Taken},
        sessions,
    },
    timeline::{Audience, TimelineQuery, TimelineStore},
    viewer::{Me, Viewer},
};
use std::collections::BTreeSet;

fn calendar(name: &str) -> ReadCalendar {
    ReadCalendar { name: name.into(), entries: vec![Entry::Task("Ünïcode \u{2028} \\ '; --".into())], ..ReadCalendar::default() }
}

fn keys(keys: &[&str]) -> BTreeSet<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

/// A weekly gathering out of a file, with a session that is left out, one that is moved, and one that is added.
fn taken(home: &crate::home::Home, key: &str, title: &str, audience: Audience) -> Taken {
    let new = home.new_gathering(title, audience);
    let date = |text: &str| text.parse().expect("a date");
    let on = |day: &str| sessions::on(&new.schedule, date(day)).expect("a session");
    let moved = Moved { date: date("2026-12-18"), time: NaiveTime::from_hms_opt(11, 0, 0).expect("a time"), minutes: 45 };
    let own = [
        (Exception { standing: Standing::LeftOut, ..Exception::none(date("2026-12-10")) }, on("2026-12-10")),
        (Exception { moved: Some(moved), place: Some("The attic".into()), ..Exception::none(date("2026-12-17")) }, on("2026-12-17")),
        (
            Exception { standing: Standing::Extra, ..Exception::none(date("2026-12-12")) },
            Session { date: date("2026-12-12"), ..on("2026-12-10") },
        ),
    ];
    let own = own.map(|(own, session)| (own, session, session.ends_at.plus_days(9))).into();
    Taken { key: key.into(), new, own, next: Vec::new(), changed: Vec::new(), private: false, twin: false }
}

laws! {
    async fn a_file_waits_for_its_sender_until_its_time_is_over(home: &Home) {
        let (bo, at) = (home.member("bo").await, home.now());
        let until = at.plus_seconds(1800);
        home.store.keep_import(&home.ana, "one", &calendar("Soup"), at, until).await.expect("keeps");
        let found = async |me: &Me, code: &str, at| home.store.import(me, code, at).await.expect("answers").map(|calendar: ReadCalendar| calendar.name);
        assert_eq!(home.store.import(&home.ana, "one", at).await.expect("answers"), Some(calendar("Soup")));
        assert_eq!(found(&bo, "one", at).await, None);
        assert_eq!(found(&home.ana, "two", at).await, None);
        assert_eq!(found(&home.ana, "one", until).await, None);
        home.store.forget_imports(at).await.expect("forgets");
        assert!(found(&home.ana, "one", at).await.is_some());
        home.store.forget_imports(until).await.expect("forgets");
        assert_eq!(found(&home.ana, "one", at).await, None);
    }

    async fn few_files_wait_and_the_oldest_go(home: &Home) {
        let kept = async |me: &Me, code: &str| {
            let at = home.now();
            home.store.keep_import(me, code, &calendar(code), at, at.plus_seconds(86_400)).await.expect("keeps");
        };
        let waits = async |me: &Me, code: &str| home.store.import(me, code, home.now()).await.expect("answers").is_some();
        for code in ["one", "two", "three", "four"] {
            kept(&home.ana, code).await;
        }
        assert_eq!((waits(&home.ana, "one").await, waits(&home.ana, "two").await, waits(&home.ana, "four").await), (false, true, true));
        for number in 0..14 {
            let member = home.member(&format!("member-{number}")).await;
            for file in 0..2 {
                kept(&member, &format!("{number}-{file}")).await;
            }
        }
        assert_eq!((waits(&home.ana, "two").await, waits(&home.ana, "four").await), (false, true), "thirty wait of all");
    }

    async fn what_is_taken_in_is_kept_at_once_with_all_its_dates(home: &Home) {
        let before = home.newest().await;
        let all = [taken(home, "soup", "Soup", Audience::Community), taken(home, "stew", "Stew", Audience::Public)];
        assert_eq!(home.store.keep_imported(&home.ana, &all).await.expect("keeps"), ["soup", "stew"]);
        assert_eq!(home.told_after(before).await.len(), 1, "whoever has the agenda open loads it anew once");
        let soup = home.kept("soup").await;
        assert_eq!((&soup.schedule, soup.place.as_str(), soup.changes), (&all[0].new.schedule, "The kitchen", 0));
        let sessions: Vec<_> = soup.not_over(domain::time::Timestamp(0)).take(5).map(|session| session.date.to_string()).collect();
        assert_eq!(sessions, ["2026-12-03", "2026-12-12", "2026-12-17", "2026-12-24", "2026-12-31"]);
        let moved = soup.exception("2026-12-17".parse().expect("a date")).expect("there");
        assert_eq!((moved.moved, moved.place.as_deref()), (all[0].own[1].0.moved, Some("The attic")));
        assert!(home.store.timeline(&viewer(&home.ana), &TimelineQuery::default(), 9).await.expect("answers").is_empty());
        assert_eq!(home.store.gatherings(&Viewer::Visitor, home.now()).await.expect("answers").len(), 1);
    }

    async fn what_is_here_already_is_passed_over(home: &Home) {
        let bo = home.member("bo").await;
        let soup = [taken(home, "soup", "Soup", Audience::Community)];
        assert_eq!(home.store.keep_imported(&home.ana, &soup).await.expect("keeps"), ["soup"]);
        let both = [soup[0].clone(), taken(home, "stew", "Stew", Audience::Community)];
        assert_eq!(home.store.keep_imported(&bo, &both).await.expect("keeps"), ["stew"], "whoever brought it");
        assert_eq!(home.store.keep_imported(&home.ana, &both).await.expect("keeps"), Vec::<String>::new());
        let known = home.store.imported(&viewer(&bo), &keys(&["soup", "stew", "none"])).await.expect("answers");
        assert_eq!(known, keys(&["soup", "stew"]));
        assert_eq!(home.store.imported(&Viewer::Visitor, &keys(&["soup"])).await.expect("answers"), keys(&[]));
        assert_eq!(home.store.imported(&viewer(&bo), &keys(&[])).await.expect("answers"), keys(&[]));
    }

    async fn of_two_who_say_yes_at_once_one_takes_it_in(home: &Home) {
        let soup = [taken(home, "soup", "Soup", Audience::Community), taken(home, "stew", "Stew", Audience::Community)];
        let (one, other) = tokio::join!(home.store.keep_imported(&home.ana, &soup), home.store.keep_imported(&home.ana, &soup));
        assert_eq!(one.expect("keeps").len() + other.expect("keeps").len(), 2);
        assert_eq!(home.store.gatherings(&viewer(&home.ana), home.now()).await.expect("answers").len(), 2);
    }

    async fn where_one_can_not_be_kept_none_is(home: &Home) {
        let mut all = [taken(home, "soup", "Soup", Audience::Community), taken(home, "stew", "Stew", Audience::Community)];
        all[1].new.picture = Some(domain::ids::PictureId(77));
        assert!(home.store.keep_imported(&home.ana, &all).await.is_err());
        assert!(home.store.gatherings(&viewer(&home.ana), home.now()).await.expect("answers").is_empty());
        assert_eq!(home.store.imported(&viewer(&home.ana), &keys(&["soup", "stew"])).await.expect("answers"), keys(&[]));
    }

    async fn what_the_viewer_may_not_see_is_not_known_to_be_here(home: &Home) {
        let bo = home.member("bo").await;
        let mut soup = taken(home, "soup", "Soup", Audience::Named);
        soup.new.named = vec![home.member("cy").await.id];
        assert_eq!(home.store.keep_imported(&home.ana, &[soup]).await.expect("keeps").len(), 1);
        assert_eq!(home.store.imported(&viewer(&home.ana), &keys(&["soup"])).await.expect("answers"), keys(&["soup"]));
        assert_eq!(home.store.imported(&viewer(&bo), &keys(&["soup"])).await.expect("answers"), keys(&[]));
    }
}
