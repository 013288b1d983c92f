//! Gatherings, their answers, and calendar secrets.

use crate::home::{handle, refusal, viewer};
use domain::{
    gatherings::{Answer, GatheringStore, NewGathering, PlanRefusal, sessions},
    ids::{GatheringId, PictureId},
    people::{PeopleStore, Role},
    pictures::PictureStore,
    time::Timestamp,
    timeline::{Audience, TimelineQuery, TimelineStore},
    viewer::Viewer,
};

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
        home.store.save_gathering(&home.ana, kept.id, &change).await.expect("keeps");
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
        let id = home.store.gathering(&viewer(&bo), &slug).await.expect("answers").expect("there").id;
        let change = home.new_gathering("Stew", Audience::Community);
        assert_eq!(refusal(home.store.save_gathering(&cy, id, &change).await), PlanRefusal::Gone);
        assert_eq!(refusal(home.store.save_gathering(&home.ana, GatheringId(1), &change).await), PlanRefusal::Gone);
        home.store.save_gathering(&bo, id, &change).await.expect("his own");
        home.store.save_role(&home.admin(), &handle("cy"), Role::Host).await.expect("keeps");
        let cy = home.store.calendar_owner(&home.store.calendar_secret(&cy, "s").await.expect("keeps")).await.expect("answers").expect("cy");
        home.store.save_gathering(&cy, id, &change).await.expect("a host may");
        let mut with = home.new_gathering("Stew", Audience::Community);
        with.picture = Some(PictureId(1));
        assert_eq!(refusal(home.store.save_gathering(&bo, id, &with).await), PlanRefusal::PictureGone);
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
        assert_eq!(seen[0].repeats.as_deref(), Some("every Thursday"));
        assert_eq!(seen[0].starts_at, sessions::on(&new.schedule, new.schedule.first).expect("a session").starts_at);
        home.store.save_gathering(&home.ana, seen[0].id, &home.new_gathering("Soup", Audience::Community)).await.expect("keeps");
        assert!(announced(Viewer::Visitor).await.is_empty());
        assert_eq!(announced(viewer(&home.ana)).await.len(), 1);
        home.store.save_gathering(&home.ana, seen[0].id, &home.new_gathering("Soup", Audience::Public)).await.expect("keeps");
        assert!(announced(Viewer::Visitor).await.is_empty());
    }

    async fn an_answer_takes_the_place_of_the_former(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let gathering = home.store.gathering(&viewer(&bo), &slug).await.expect("answers").expect("there");
        let date = gathering.schedule.first;
        let session = sessions::on(&gathering.schedule, date).expect("a session");
        for (me, answer, note) in [(&bo, Answer::Yes, "bread"), (&cy, Answer::Yes, ""), (&bo, Answer::No, "ill")] {
            home.store.record_rsvp(me, gathering.id, session, answer, note, home.now()).await.expect("keeps");
        }
        let rsvps = home.store.rsvps(&viewer(&bo), gathering.id, date).await.expect("answers");
        let said: Vec<_> = rsvps.iter().map(|rsvp| (rsvp.who.name.as_str(), rsvp.answer, rsvp.note.as_str())).collect();
        assert_eq!(said, [("cy", Answer::Yes, ""), ("bo", Answer::No, "ill")]);
        let tallies = home.store.tallies(&viewer(&bo), date).await.expect("answers");
        assert_eq!((tallies.len(), tallies[0].yes, tallies[0].mine, tallies[0].date), (1, 1, Some(Answer::No), date));
        let later = date.succ_opt().expect("a day");
        assert!(home.store.tallies(&viewer(&bo), later).await.expect("answers").is_empty());
    }

    async fn up_to_three_of_those_who_come_are_named_beside_their_number(home: &Home) {
        let slug = home.gathering(&home.ana, "Soup", Audience::Public).await;
        let gathering = home.store.gathering(&viewer(&home.ana), &slug).await.expect("answers").expect("there");
        let session = sessions::on(&gathering.schedule, gathering.schedule.first).expect("a session");
        let tally = |viewer: Viewer| async move { home.store.tallies(&viewer, session.date).await.expect("answers") };
        let mut coming = Vec::new();
        for (name, answer) in [("bo", Answer::Yes), ("cy", Answer::No), ("dee", Answer::Yes), ("eli", Answer::Yes), ("fay", Answer::Yes)] {
            let member = home.member(name).await;
            home.store.record_rsvp(&member, gathering.id, session, answer, "", home.now()).await.expect("keeps");
            coming.extend((answer == Answer::Yes).then_some(member.display_name));
        }
        home.store.record_rsvp(&home.ana, gathering.id, session, Answer::Yes, "", home.now()).await.expect("keeps");
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
        let id = kept().await.id;
        assert_eq!(kept().await.picture.map(|picture| picture.alt).as_deref(), Some("Bowls on a long table"));
        home.store.save_gathering(&home.ana, id, &NewGathering { alt: "Five bowls".into(), ..new.clone() }).await.expect("keeps");
        assert_eq!(kept().await.picture.map(|picture| picture.alt).as_deref(), Some("Five bowls"));
        home.store.save_gathering(&home.ana, id, &NewGathering { picture: None, ..new.clone() }).await.expect("keeps");
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
}
