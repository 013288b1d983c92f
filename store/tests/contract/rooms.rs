//! The rooms of sessions: their clock, wall and talk, who is here and who was there, and the keepsake.

use crate::home::{At, Plain, chosen, refusal, viewer};
use domain::{
    gatherings::{
        Gathering, GatheringStore, Gatherings, NewGathering, Session,
        attendance::{AttendanceRefusal, KnownBy},
        changes::{self, Reach, SeriesChange},
        clock::{Act, RoomClock, RoomForm, RoomKind, RoomPlan},
        room::{BeingHere, NewAttendance, NewClock, OnPage, Place, RoomRefusal, RoomStore, Rooms, Wall},
        sessions,
    },
    ids::{MemberId, PictureId},
    live::{Hint, RoomPart},
    notifications::{Happening, NotificationStore},
    pictures::PictureStore,
    prose::SafeHtml,
    time::Timestamp,
    timeline::{Audience, NewPost, Timeline, TimelineQuery, TimelineStore},
    viewer::{Me, Viewer},
};
use std::{collections::BTreeMap, sync::Arc};

/// The first session of a gathering.
fn place(gathering: &Gathering) -> Place {
    let session: Session = gathering.session(gathering.schedule.first).expect("a session");
    Place { gathering: gathering.id, session }
}

fn party() -> RoomPlan {
    RoomForm { kind: RoomKind::Rounds, prompts: "Hands\nA window".into(), ..RoomForm::default() }.check().expect("a plan")
}

/// Somebody who is here, and was not a minute ago.
fn being(at: Timestamp, counts: bool) -> BeingHere {
    BeingHere { since: at.plus_seconds(-50), counts, at }
}

/// The service for rooms, at an instant.
fn rooms(home: &crate::home::Home, now: Timestamp) -> Rooms {
    let (kept, prose, clock) = (Arc::new(home.store.clone()), Arc::new(Plain), Arc::new(At(now)));
    let gatherings = Gatherings::new(kept.clone(), kept.clone(), prose.clone(), clock.clone());
    let timeline = Timeline::new(kept.clone(), (kept.clone(), kept.clone()), prose.clone(), clock.clone());
    Rooms::new((kept.clone(), kept.clone(), kept), (gatherings, timeline), prose, clock)
}

fn said(members: &[(&Me, bool)], known_by: KnownBy) -> NewAttendance {
    let members: BTreeMap<MemberId, bool> = members.iter().map(|(me, came)| (me.id, *came)).collect();
    NewAttendance { members, known_by, others: None, at: Timestamp(0) }
}

laws! {
    async fn what_is_set_up_for_rooms_comes_back_and_one_session_may_have_its_own(home: &Home) {
        let slug = home.store.keep_gathering(&home.ana, &NewGathering { room: party(), ..home.new_gathering("Drawing", Audience::Community) }).await.expect("keeps");
        let kept = home.kept(&slug).await;
        assert_eq!((&kept.room, kept.room_on(kept.schedule.first)), (&party(), &party()));
        let second = kept.not_over(Timestamp(0)).nth(1).expect("a second").date;
        let mut form = domain::gatherings::changes::SessionForm::of(&kept, second);
        form.room = Some(RoomForm { kind: RoomKind::Silence, silence: "15".into(), ..RoomForm::default() });
        let change = form.check(&kept, second, &Plain, home.now()).expect("may be");
        home.store.save_session(&home.ana, &change).await.expect("keeps");
        let kept = home.kept(&slug).await;
        assert_eq!((kept.room_on(second).kind, kept.room_on(second).minutes), (RoomKind::Silence, 15));
        assert_eq!(kept.room_on(kept.schedule.first), &party());
        // As usual again, it has nothing of its own.
        let mut form = domain::gatherings::changes::SessionForm::of(&kept, second);
        form.room = Some(RoomForm::of(&party()));
        home.store.save_session(&home.ana, &form.check(&kept, second, &Plain, home.now()).expect("may be")).await.expect("keeps");
        assert_eq!(home.kept(&slug).await.exception(second).and_then(|own| own.room.clone()), None);
    }

    async fn a_clock_is_as_it_was_set_and_two_who_set_it_at_once_do_so_once(home: &Home) {
        let slug = home.gathering(&home.ana, "Drawing", Audience::Community).await;
        let place = place(&home.kept(&slug).await);
        let turns = party().turns();
        let clock = RoomClock::Waiting.after(Act::Start, &turns, home.now()).expect("started");
        let new = NewClock { turns: turns.clone(), clock, seen: 0 };
        let before = home.newest().await;
        assert!(home.store.set_clock(place, &new).await.expect("answers"));
        assert!(!home.store.set_clock(place, &new).await.expect("answers"), "somebody was quicker");
        let room = home.store.room(&viewer(&home.ana), place, Timestamp(0)).await.expect("answers");
        assert_eq!((room.clock, room.turns, room.sets), (clock, turns, 1));
        let told: Vec<_> = home.told_after(before).await.into_iter().map(|entry| (entry.only, entry.hint)).collect();
        let part = RoomPart::Clock { clock, sets: 1 };
        assert_eq!(told, [(None, Hint::Room { gathering: place.gathering, date: place.session.date.to_string(), part })]);
        let seen = home.store.room(&Viewer::Visitor, place, Timestamp(0)).await.expect("answers");
        assert_eq!((seen.clock, seen.turns.len()), (RoomClock::Waiting, 0));
    }

    async fn who_is_here_is_seen_unless_they_do_not_want_that(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let slug = home.gathering(&home.ana, "Drawing", Audience::Public).await;
        let place = place(&home.kept(&slug).await);
        let now = home.now();
        let here = |viewer: Viewer, since: Timestamp| async move {
            let room = home.store.room(&viewer, place, since).await.expect("answers");
            (room.here.iter().map(|who| who.name.as_str().to_owned()).collect::<Vec<_>>(), room.attendance.len(), room.shown)
        };
        home.store.be_shown(&cy, false, Timestamp(0)).await.expect("keeps");
        for me in [&bo, &cy] {
            home.store.be_here(me, place, being(now, true)).await.expect("keeps");
        }
        assert_eq!(here(viewer(&home.ana), now).await, (vec!["bo".into()], 1, true));
        assert_eq!(here(viewer(&cy), now).await, (vec!["bo".into()], 1, false), "they know that they are not shown");
        assert_eq!(here(viewer(&home.ana), now.plus_seconds(1)).await.0, Vec::<String>::new(), "who was not heard of is gone");
        assert_eq!(here(Viewer::Visitor, now).await, (vec![], 0, true), "who is here is for members");
        // Whoever is here for longer is news once.
        let before = home.newest().await;
        home.store.be_here(&bo, place, being(now.plus_seconds(25), true)).await.expect("keeps");
        assert!(home.told_after(before).await.is_empty());
        home.store.be_gone(&bo, place).await.expect("keeps");
        assert_eq!(home.told_after(before).await.len(), 1);
        // Whoever hides was not seen by the room either.
        home.store.be_here(&bo, place, being(now, true)).await.expect("keeps");
        home.store.be_shown(&bo, false, now.plus_seconds(1)).await.expect("keeps");
        home.store.be_shown(&bo, true, now).await.expect("keeps");
        assert_eq!(here(viewer(&home.ana), now).await.1, 1, "of evenings that are long over, nothing is forgotten by chance");
        home.store.be_here(&bo, place, being(now, true)).await.expect("keeps");
        home.store.be_shown(&bo, false, now).await.expect("keeps");
        assert_eq!(here(viewer(&home.ana), now).await, (vec![], 0, true));
    }

    async fn what_one_says_of_oneself_stands_against_a_host_and_the_room(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let slug = home.gathering(&home.ana, "Drawing", Audience::Community).await;
        let place = place(&home.kept(&slug).await);
        let came = async || {
            let room = home.store.room(&viewer(&home.ana), place, Timestamp(0)).await.expect("answers");
            room.attendance.iter().map(|one| (one.who.name.as_str().to_owned(), one.came)).collect::<Vec<_>>()
        };
        home.store.be_here(&bo, place, being(home.now(), true)).await.expect("keeps");
        home.store.be_here(&cy, place, being(home.now(), false)).await.expect("keeps");
        assert_eq!(came().await, [("bo".into(), true)], "at a place, to open the page is not to be there");
        home.store.keep_attendance(place, &said(&[(&bo, false), (&cy, true), (&home.ana, false)], KnownBy::Host)).await.expect("keeps");
        assert_eq!(came().await, [("bo".into(), false), ("cy".into(), true)]);
        home.store.be_here(&bo, place, being(home.now(), true)).await.expect("keeps");
        assert_eq!(came().await[0], ("bo".into(), false), "the room says nothing against a host");
        home.store.keep_attendance(place, &said(&[(&bo, true), (&home.ana, false)], KnownBy::Themselves)).await.expect("keeps");
        home.store.keep_attendance(place, &said(&[(&bo, false)], KnownBy::Host)).await.expect("keeps");
        assert_eq!(came().await, [("ana".into(), false), ("bo".into(), true), ("cy".into(), true)]);
        let mine = home.store.my_attendance(&bo, 9).await.expect("answers");
        assert_eq!((mine.len(), mine[0].came, mine[0].known_by, mine[0].slug.as_str()), (1, true, KnownBy::Themselves, slug.as_str()));
    }

    async fn whoever_is_not_asked_any_more_can_still_put_right_what_is_known_of_them(home: &Home) {
        let [bo, cy, di] = [home.member("bo").await, home.member("cy").await, home.member("di").await];
        let new = NewGathering { named: vec![bo.id, cy.id], ..home.new_gathering("Surprise", Audience::Named) };
        let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let kept = home.kept(&slug).await;
        let place = place(&kept);
        home.store.keep_attendance(place, &said(&[(&bo, true)], KnownBy::Host)).await.expect("keeps");
        let known = async || home.store.my_attendance(&bo, 9).await.expect("answers").remove(0);
        assert_eq!(known().await.title.as_deref(), Some("Surprise"));
        let answered = home.store.answered(kept.id, place.session.date).await.expect("answers");
        let change = SeriesChange::decide(&kept, NewGathering { named: vec![cy.id], ..new }, Reach::Whole, &answered).expect("may be");
        home.store.save_gathering(&home.ana, &change).await.expect("keeps");
        assert_eq!((known().await.title, known().await.came), (None, true), "what it is called by now is for those who are asked");
        let (rooms, date) = (rooms(home, place.session.ends_at), place.session.date.to_string());
        rooms.was_there(&bo, (&slug, &date), false).await.expect("corrected");
        assert_eq!((known().await.came, known().await.known_by), (false, KnownBy::Themselves));
        assert_eq!(refusal(rooms.was_there(&di, (&slug, &date), true).await), AttendanceRefusal::Gone);
        assert!(home.store.my_attendance(&di, 9).await.expect("answers").is_empty());
    }

    async fn names_of_those_without_an_account_are_kept_in_order_and_put_in_place_of_the_former(home: &Home) {
        let slug = home.gathering(&home.ana, "Soup", Audience::Public).await;
        let place = place(&home.kept(&slug).await);
        for names in [vec!["Zoe", "Oma Lise", "Abel"], vec!["Oma Lise"]] {
            let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
            let new = NewAttendance { others: Some(names.clone()), ..said(&[], KnownBy::Host) };
            home.store.keep_attendance(place, &new).await.expect("keeps");
            assert_eq!(home.store.room(&viewer(&home.ana), place, Timestamp(0)).await.expect("answers").others, names);
        }
        assert!(home.store.room(&Viewer::Visitor, place, Timestamp(0)).await.expect("answers").others.is_empty());
    }

    async fn who_came_is_known_of_the_last_sessions_at_which_anybody_was(home: &Home) {
        let bo = home.member("bo").await;
        let slug = home.gathering(&home.ana, "Drawing", Audience::Community).await;
        let kept = home.kept(&slug).await;
        let all: Vec<Session> = sessions::all(&kept.schedule).take(5).collect();
        for (at, members) in [(0, vec![(&bo, true)]), (1, vec![(&bo, false)]), (2, vec![(&bo, true), (&home.ana, true)]), (4, vec![(&home.ana, true)])] {
            let place = Place { gathering: kept.id, session: all[at] };
            home.store.keep_attendance(place, &said(&members, KnownBy::Themselves)).await.expect("keeps");
        }
        let nothing = home.store.came(kept.id, 2, all[0].ends_at.plus_seconds(-1)).await.expect("answers");
        assert_eq!(nothing, (vec![], vec![]), "one that is still on counts for nobody");
        let named = NewAttendance { others: Some(vec!["Oma Lise".into()]), ..said(&[], KnownBy::Host) };
        home.store.keep_attendance(Place { gathering: kept.id, session: all[3] }, &named).await.expect("keeps");
        assert_eq!(home.store.came(kept.id, 2, all[4].ends_at).await.expect("answers").0, [all[4].date, all[3].date], "somebody was there");
        let (dates, came) = home.store.came(kept.id, 3, all[4].ends_at).await.expect("answers");
        assert_eq!(dates, [all[4].date, all[3].date, all[2].date]);
        let mut came: Vec<_> = came.iter().map(|(date, who)| (*date, who.name.as_str())).collect();
        came.sort();
        assert_eq!(came, [(all[2].date, "ana"), (all[2].date, "bo"), (all[4].date, "ana")]);
    }

    async fn a_wall_is_for_members_and_for_visitors_only_what_was_published_and_agreed_to(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let slug = home.gathering(&home.ana, "Drawing", Audience::Public).await;
        let (place, slug) = (place(&home.kept(&slug).await), slug.as_str());
        let [one, other] = [home.picture(&bo, "one").await, home.picture(&cy, "other").await];
        home.store.hang_up(&bo, place, &[chosen(one, "Two hands")], "Round 1: Hands", home.now()).await.expect("hangs");
        home.store.hang_up(&cy, place, &[chosen(other, "")], "", home.now()).await.expect("hangs");
        assert_eq!(refusal(home.store.hang_up(&bo, place, &[chosen(other, "")], "", home.now()).await), RoomRefusal::PictureGone);
        let wall = |viewer: Viewer| async move {
            let room = home.store.room(&viewer, place, Timestamp(0)).await.expect("answers");
            let seen: Vec<_> = room.wall.iter().map(|on| (on.picture.alt.clone(), on.turn.clone(), on.mine)).collect();
            let gathering = home.store.gathering(&viewer, slug).await.expect("answers").expect("there");
            let by_itself = home.store.wall(&viewer, slug, place.session.date, None).await.expect("answers");
            assert_eq!(by_itself, Some(Wall { pictures: room.wall, published: room.published, mine: gathering.mine, after: None }));
            let mut files = Vec::new();
            for picture in [one, other] {
                files.push(home.store.hash_for(&viewer, picture).await.expect("answers").is_some());
            }
            (seen, files)
        };
        let hands = |mine| ("Two hands".to_owned(), "Round 1: Hands".to_owned(), mine);
        assert_eq!(wall(viewer(&bo)).await, (vec![hands(true), (String::new(), String::new(), false)], vec![true, true]));
        assert_eq!(wall(Viewer::Visitor).await, (vec![], vec![false, false]));
        assert_eq!(wall(viewer(&home.ana)).await.0, [hands(false), (String::new(), String::new(), false)]);
        assert!(home.store.agree(&bo, place, one, true).await.expect("answers"));
        assert!(!home.store.agree(&bo, place, other, true).await.expect("answers"), "it is not his to say");
        assert_eq!(wall(Viewer::Visitor).await, (vec![], vec![false, false]), "it is not published");
        home.store.keep_note(place, ("We drew hands.", &SafeHtml::from_sanitizer("<p>We drew hands.</p>".into())), true).await.expect("keeps");
        assert_eq!(wall(Viewer::Visitor).await, (vec![hands(false)], vec![true, false]));
        let seen = home.store.room(&Viewer::Visitor, place, Timestamp(0)).await.expect("answers");
        assert_eq!((seen.note.as_str(), seen.note_html.as_str()), ("", "<p>We drew hands.</p>"));
        home.store.keep_note(place, ("We drew hands.", &SafeHtml::default()), false).await.expect("keeps");
        assert_eq!(wall(Viewer::Visitor).await, (vec![], vec![false, false]));
        assert!(!home.store.take_down(&cy, place, one, false).await.expect("answers"));
        assert!(home.store.take_down(&home.ana, place, one, true).await.expect("answers"), "a host may");
        assert!(home.store.take_down(&cy, place, other, false).await.expect("answers"));
        assert_eq!(wall(viewer(&cy)).await, (vec![], vec![false, true]), "what was taken down is its owner's until it is swept away");
        assert_eq!(home.store.forget_unused(Timestamp(1)).await.expect("answers").len(), 2);
    }

    async fn of_a_wall_that_hangs_as_it_did_a_page_is_told_what_is_new_and_else_all_of_it(home: &Home) {
        let slug = home.gathering(&home.ana, "Drawing", Audience::Community).await;
        let (place, slug) = (place(&home.kept(&slug).await), slug.as_str());
        let mut hung = Vec::new();
        for name in ["one", "two", "three", "four"] {
            hung.push(home.picture(&home.ana, name).await);
        }
        let hang = |at: usize| {
            let picture = [chosen(hung[at], "")];
            async move { home.store.hang_up(&home.ana, place, &picture, "", home.now()).await.expect("hangs") }
        };
        let new = |last: usize, many: u64| {
            let (shown, hung) = (OnPage { last: hung[last], many }, &hung);
            async move {
                let wall = home.store.wall(&viewer(&home.ana), slug, place.session.date, Some(shown)).await.expect("answers").expect("there");
                let at = |id: PictureId| hung.iter().position(|one| *one == id).expect("hangs");
                (wall.pictures.iter().map(|on| at(on.picture.id)).collect::<Vec<_>>(), wall.after.map(at))
            }
        };
        for at in [0, 2] {
            hang(at).await;
        }
        assert_eq!(new(2, 2).await, (vec![], Some(2)), "nothing is new");
        assert_eq!(new(0, 1).await, (vec![2], Some(0)));
        hang(1).await;
        assert_eq!(new(2, 2).await, (vec![0, 1, 2], None), "one came between");
        hang(3).await;
        assert_eq!(new(2, 3).await, (vec![3], Some(2)));
        assert!(home.store.take_down(&home.ana, place, hung[0], false).await.expect("answers"));
        assert_eq!(new(3, 4).await, (vec![1, 2, 3], None), "one was taken down");
        assert_eq!(new(2, 3).await, (vec![1, 2, 3], None), "one was taken down before what is new");
    }

    async fn what_is_left_of_a_session_is_for_members_and_for_visitors_only_what_was_published(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let slug = home.gathering(&home.ana, "Drawing", Audience::Public).await;
        let kept = home.kept(&slug).await;
        let place = place(&kept);
        let other_day = kept.not_over(place.session.ends_at).next().expect("a second").date;
        let left = |viewer: Viewer, dates: Vec<chrono::NaiveDate>| async move {
            let left = home.store.left(&viewer, place.gathering, &dates).await.expect("answers");
            left.into_iter().map(|left| (left.date, left.note.as_str().to_owned(), left.pictures)).collect::<Vec<_>>()
        };
        let on = place.session.date;
        let both = vec![on, other_day];
        assert_eq!(left(viewer(&bo), both.clone()).await, [], "nothing is left of either");
        let [one, other] = [home.picture(&bo, "one").await, home.picture(&cy, "other").await];
        home.store.hang_up(&bo, place, &[chosen(one, "Two hands")], "", home.now()).await.expect("hangs");
        home.store.hang_up(&cy, place, &[chosen(other, "")], "", home.now()).await.expect("hangs");
        let note = SafeHtml::from_sanitizer("<p>We drew hands.</p>".into());
        home.store.keep_note(place, ("We drew hands.", &note), false).await.expect("keeps");
        home.store.agree(&bo, place, one, true).await.expect("answers");
        let all = (on, note.as_str().to_owned(), 2);
        assert_eq!(left(viewer(&cy), both.clone()).await, std::slice::from_ref(&all));
        assert_eq!(left(viewer(&cy), vec![other_day]).await, [], "it is not asked for");
        assert_eq!(left(Viewer::Visitor, both.clone()).await, [(on, String::new(), 0)], "it is not published");
        home.store.keep_note(place, ("We drew hands.", &note), true).await.expect("keeps");
        assert_eq!(left(Viewer::Visitor, both.clone()).await, [(on, note.as_str().to_owned(), 1)], "of the pictures, the one that may be seen");
        assert_eq!(left(viewer(&cy), both).await, [all]);
    }

    async fn what_is_left_of_a_session_for_named_people_is_theirs(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let new = NewGathering { named: vec![bo.id], ..home.new_gathering("A surprise", Audience::Named) };
        let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let (place, slug) = (place(&home.kept(&slug).await), slug.as_str());
        home.store.keep_note(place, ("Cake.", &SafeHtml::from_sanitizer("Cake.".into())), true).await.expect("keeps");
        let left = |viewer: Viewer| async move {
            let wall = home.store.wall(&viewer, slug, place.session.date, None).await.expect("answers");
            (home.store.left(&viewer, place.gathering, &[place.session.date]).await.expect("answers").len(), wall.map(|wall| wall.mine))
        };
        let seen = [left(viewer(&home.ana)).await, left(viewer(&bo)).await, left(viewer(&cy)).await, left(Viewer::Visitor).await];
        assert_eq!(seen, [(1, Some(true)), (1, Some(false)), (0, None), (0, None)]);
    }

    async fn what_is_said_in_a_room_is_a_thread_on_no_timeline(home: &Home) {
        let bo = home.member("bo").await;
        let slug = home.gathering(&home.ana, "Drawing", Audience::Public).await;
        let place = place(&home.kept(&slug).await);
        let first = home.store.say(&bo, place, &home.text("Whose idea was hands?")).await.expect("says");
        let second = home.store.say(&home.ana, place, &NewPost { mentioned: vec![bo.id], ..home.text("Mine, @bo") }).await.expect("says");
        let room = home.store.room(&viewer(&bo), place, Timestamp(0)).await.expect("answers");
        assert_eq!(room.talk, Some(first));
        let thread = home.store.thread(&viewer(&bo), second, None, 9).await.expect("answers").expect("there");
        assert_eq!((thread.root.id, thread.replies.len(), thread.root.replies), (first, 1, 1));
        assert_eq!(thread.root.announces.map(|gathering| gathering.slug), Some(slug));
        for author in [None, Some(bo.id)] {
            let query = TimelineQuery { author, ..TimelineQuery::default() };
            assert!(home.store.timeline(&viewer(&bo), &query, 9).await.expect("answers").is_empty());
        }
        let told = home.store.notifications(&bo, None, 9).await.expect("answers");
        assert!(matches!(told[..], [domain::notifications::Notification { happening: Happening::Mentioned { .. }, .. }]), "{told:?}");
        assert_eq!(home.store.room(&Viewer::Visitor, place, Timestamp(0)).await.expect("answers").talk, None);
        assert!(home.store.thread(&Viewer::Visitor, first, None, 9).await.expect("answers").is_none(), "a public gathering’s talk is the community’s");
        // What its first word was is taken back, and the talk goes on.
        assert!(home.store.take_back(&bo, first).await.expect("answers"));
        home.store.say(&bo, place, &home.text("Never mind.")).await.expect("says");
        let thread = home.store.thread(&viewer(&bo), first, None, 9).await.expect("answers").expect("there");
        assert_eq!((thread.root.taken_back, thread.replies.len()), (true, 2));
    }

    async fn twenty_who_begin_to_talk_at_once_talk_in_one_thread(home: &Home) {
        let slug = home.gathering(&home.ana, "Drawing", Audience::Community).await;
        let place = place(&home.kept(&slug).await);
        let says = (0..20).map(|_| (home.store.clone(), home.ana.clone(), home.text("Hello!")));
        let all: Vec<_> = says.map(|(store, me, text)| tokio::spawn(async move { store.say(&me, place, &text).await })).collect();
        for one in all {
            one.await.expect("ends").expect("says");
        }
        let talk = home.store.room(&viewer(&home.ana), place, Timestamp(0)).await.expect("answers").talk.expect("a talk");
        let thread = home.store.thread(&viewer(&home.ana), talk, None, 99).await.expect("answers").expect("there");
        assert_eq!((thread.root.id, thread.replies.len()), (talk, 19));
    }

    async fn a_host_is_asked_once_whether_it_is_still_on_until_somebody_comes_or_they_say_so(home: &Home) {
        let bo = home.member("bo").await;
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let once = NewGathering { schedule: sessions::Schedule { rule: None, ..home.kept(&slug).await.schedule }, ..home.new_gathering("Once", Audience::Community) };
        home.store.keep_gathering(&home.ana, &once).await.expect("keeps");
        let kept = home.kept(&slug).await;
        let all: Vec<Session> = sessions::all(&kept.schedule).take(3).collect();
        let maybe = async || home.store.maybe_over().await.expect("answers").into_iter().map(|(one, sign, since)| (one.slug, sign, since)).collect::<Vec<_>>();
        assert_eq!(maybe().await, [(slug.clone(), None, kept.planned_at)], "what ends by itself is not asked about");
        let at = |number: usize| Place { gathering: kept.id, session: all[number] };
        home.store.keep_attendance(at(0), &said(&[(&home.ana, true)], KnownBy::Themselves)).await.expect("keeps");
        assert_eq!(maybe().await[0].1, None, "its host alone is nobody");
        home.store.keep_attendance(at(1), &said(&[(&bo, true)], KnownBy::Host)).await.expect("keeps");
        assert_eq!(maybe().await[0].1, Some(all[1].date));
        home.answer(&bo, &home.kept(&slug).await, all[2].date, domain::gatherings::Answer::Yes, "").await;
        assert_eq!(maybe().await[0].1, Some(all[2].date));

        for _ in 0..2 {
            home.store.ask_if_on(kept.id, all[1], home.now()).await.expect("asks");
        }
        let asked = home.store.notifications(&home.ana, None, 9).await.expect("answers");
        let asked = asked.iter().filter(|one| matches!(&one.happening, Happening::Session { news, .. } if news == "still-on")).count();
        assert_eq!((asked, home.kept(&slug).await.quiet, maybe().await.len()), (1, true, 0));
        home.answer(&bo, &home.kept(&slug).await, all[2].date, domain::gatherings::Answer::No, "").await;
        assert!(home.kept(&slug).await.quiet);
        home.answer(&home.ana, &home.kept(&slug).await, all[2].date, domain::gatherings::Answer::Yes, "").await;
        assert!(home.kept(&slug).await.quiet, "its host’s own yes is no answer");
        home.answer(&bo, &home.kept(&slug).await, all[2].date, domain::gatherings::Answer::Maybe, "").await;
        assert!(!home.kept(&slug).await.quiet, "whoever comes says that it is on");
        assert!(maybe().await[0].2 > kept.planned_at, "and it is not asked again for what was before");
        home.store.ask_if_on(kept.id, all[1], home.now()).await.expect("asks");
        home.store.keep_attendance(at(2), &said(&[(&bo, true)], KnownBy::Host)).await.expect("keeps");
        assert!(!home.kept(&slug).await.quiet, "whoever came says so, too");
        home.store.ask_if_on(kept.id, all[1], home.now()).await.expect("asks");
        let now = home.now();
        home.store.keep_on(kept.id, now).await.expect("keeps");
        assert_eq!((home.kept(&slug).await.quiet, maybe().await[0].2), (false, now));
    }

    async fn those_who_may_go_into_a_room_hear_that_it_opens(home: &Home) {
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        let session = place(&kept).session;
        let before = home.newest().await;
        // Also where nobody answered: then nothing is kept of the session.
        for (minutes, hears) in [(-32, 0), (-30, 1), (-27, 1)] {
            rooms(home, session.starts_at.plus_seconds(60 * minutes)).open().await.expect("opens");
            let told: Vec<_> = home.told_after(before).await.into_iter().map(|entry| entry.hint).collect();
            assert_eq!(told, vec![Hint::GatheringChanged { gathering: kept.id }; hears], "{minutes} minutes");
        }
        let off = changes::cancel(&kept, session.date, Some("Ill."), home.now()).expect("may be");
        home.store.save_session(&home.ana, &off).await.expect("keeps");
        let before = home.newest().await;
        rooms(home, session.starts_at.plus_seconds(-1800)).open().await.expect("opens");
        assert!(home.told_after(before).await.is_empty());
    }

    async fn a_standing_answer_keeps_nothing_alive(home: &Home) {
        let bo = home.member("bo").await;
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        let coming: Vec<Session> = sessions::all(&kept.schedule).take(3).collect();
        let always = domain::gatherings::NewRsvp { always: Some(true), coming: coming.clone(), ..home.yes(&kept, coming[0].date) };
        assert!(home.store.record_rsvp(&bo, &always).await.expect("keeps"));
        let signs: Vec<_> = home.store.maybe_over().await.expect("answers").into_iter().map(|(_, sign, _)| sign).collect();
        assert_eq!(signs, [Some(coming[0].date)], "what Bo said himself");
    }

    async fn a_talk_follows_its_gathering_inwards_also_when_its_first_word_was_taken_back(home: &Home) {
        let [bo, di] = [home.member("bo").await, home.member("di").await];
        let slug = home.gathering(&home.ana, "Surprise", Audience::Community).await;
        let place = place(&home.kept(&slug).await);
        let first = home.store.say(&bo, place, &home.text("Psst.")).await.expect("says");
        home.store.say(&di, place, &home.text("What?")).await.expect("says");
        assert!(home.store.take_back(&bo, first).await.expect("answers"));
        let named = NewGathering { named: vec![bo.id], ..home.new_gathering("Surprise", Audience::Named) };
        home.store.save_gathering(&home.ana, &SeriesChange::decide(&home.kept(&slug).await, named, Reach::Whole, &[place.session.date]).expect("may be")).await.expect("keeps");
        let before = home.newest().await;
        home.store.say(&bo, place, &home.text("The cake is at nine.")).await.expect("says");
        assert!(home.told_after(before).await.iter().all(|entry| entry.only.is_some_and(|only| only != di.id)));
        let thread = async |me: &Me| home.store.thread(&viewer(me), first, None, 9).await.expect("answers").map(|thread| thread.replies.len());
        assert_eq!((thread(&bo).await, thread(&home.ana).await, thread(&di).await), (Some(2), Some(2), None));
    }

    async fn what_was_among_named_people_stays_among_them(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let new = NewGathering { named: vec![bo.id], ..home.new_gathering("Surprise", Audience::Named) };
        let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let place = place(&home.kept(&slug).await);
        let widen = async |answered: &[chrono::NaiveDate]| {
            let wide = home.new_gathering("Surprise", Audience::Community);
            home.store.save_gathering(&home.ana, &SeriesChange::decide(&home.kept(&slug).await, wide, Reach::Whole, answered).expect("may be")).await
        };
        home.store.keep_note(place, ("Cake.", &SafeHtml::default()), false).await.expect("keeps");
        assert_eq!(refusal(widen(&[place.session.date]).await), domain::gatherings::PlanRefusal::AmongThem);
        assert!(home.store.gathering(&viewer(&cy), &slug).await.expect("answers").is_none());
        // Where nothing was among them yet, it may be for everybody.
        let other = NewGathering { named: vec![bo.id], ..home.new_gathering("Other", Audience::Named) };
        let slug = home.store.keep_gathering(&home.ana, &other).await.expect("keeps");
        let wide = home.new_gathering("Other", Audience::Community);
        home.store.save_gathering(&home.ana, &SeriesChange::decide(&home.kept(&slug).await, wide, Reach::Whole, &[]).expect("may be")).await.expect("keeps");
        assert!(home.store.gathering(&viewer(&cy), &slug).await.expect("answers").is_some());
    }

    async fn those_in_a_room_hear_of_what_is_changed_or_answered_in_its_thread(home: &Home) {
        let bo = home.member("bo").await;
        let slug = home.gathering(&home.ana, "Drawing", Audience::Community).await;
        let place = place(&home.kept(&slug).await);
        let first = home.store.say(&bo, place, &home.text("Hello!")).await.expect("says");
        let heard = async |before: i64| {
            let talk = Hint::Room { gathering: place.gathering, date: place.session.date.to_string(), part: RoomPart::Talk };
            home.told_after(before).await.iter().filter(|entry| entry.hint == talk).count()
        };
        let before = home.newest().await;
        let reply = home.store.keep_reply(&home.ana, first, &home.text("From the thread.")).await.expect("replies");
        assert_eq!(heard(before).await, 1);
        home.store.save_edit(&home.ana, reply, &home.text("From the thread!")).await.expect("edits");
        assert_eq!(heard(before).await, 2);
        home.store.take_back(&home.ana, reply).await.expect("takes back");
        assert_eq!(heard(before).await, 3);
        let before = home.newest().await;
        let post = home.post(&bo, "Elsewhere").await;
        home.reply(&home.ana, post, "Yes").await;
        assert_eq!(heard(before).await, 0);
    }

    async fn a_room_goes_along_with_its_session_to_another_weekday(home: &Home) {
        let slug = home.gathering(&home.ana, "Drawing", Audience::Community).await;
        let kept = home.kept(&slug).await;
        let place = place(&kept);
        home.store.say(&home.ana, place, &home.text("I am early.")).await.expect("says");
        let picture = home.picture(&home.ana, "early").await;
        home.store.hang_up(&home.ana, place, &[chosen(picture, "")], "", home.now()).await.expect("hangs");
        let mut fridays = home.new_gathering("Drawing", Audience::Community);
        fridays.schedule = sessions::Schedule { first: kept.schedule.first.succ_opt().expect("a day"), rule: "FREQ=WEEKLY;BYDAY=FR".parse().ok(), ..kept.schedule.clone() };
        let answered = home.store.answered(kept.id, chrono::NaiveDate::MIN).await.expect("answers");
        assert_eq!(answered, [place.session.date], "what hangs on it counts");
        let change = SeriesChange::decide(&kept, fridays, Reach::Whole, &answered).expect("may be");
        home.store.save_gathering(&home.ana, &change).await.expect("keeps");
        let moved = home.kept(&slug).await;
        let friday = Place { gathering: kept.id, session: moved.session(moved.schedule.first).expect("a session") };
        let room = home.store.room(&viewer(&home.ana), friday, Timestamp(0)).await.expect("answers");
        assert_eq!((room.wall.len(), room.talk.is_some()), (1, true));
    }

    async fn the_room_of_a_gathering_for_named_people_is_theirs(home: &Home) {
        let [bo, cy, di] = [home.member("bo").await, home.member("cy").await, home.member("di").await];
        let new = NewGathering { named: vec![bo.id], ..home.new_gathering("Surprise", Audience::Named) };
        let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let place = place(&home.kept(&slug).await);
        let picture = home.picture(&bo, "cake").await;
        let before = home.newest().await;
        home.store.hang_up(&bo, place, &[chosen(picture, "The cake")], "", home.now()).await.expect("hangs");
        home.store.keep_note(place, ("Cake.", &SafeHtml::from_sanitizer("Cake.".into())), false).await.expect("keeps");
        let talk = home.store.say(&bo, place, &home.text("The cake is here.")).await.expect("says");
        assert!(home.told_after(before).await.iter().all(|entry| entry.only.is_some_and(|only| only == home.ana.id || only == bo.id)));
        for me in [&cy, &di] {
            let seen = home.store.room(&viewer(me), place, Timestamp(0)).await.expect("answers");
            assert_eq!((seen.wall.len(), seen.talk, seen.note.as_str(), seen.sets), (0, None, "", 0));
            assert_eq!(home.store.hash_for(&viewer(me), picture).await.expect("answers"), None);
            assert!(home.store.thread(&viewer(me), talk, None, 9).await.expect("answers").is_none());
        }
        // Whoever is named later reads along from the next word on.
        let kept = home.kept(&slug).await;
        let with_di = NewGathering { named: vec![bo.id, di.id], ..new };
        home.store.save_gathering(&home.ana, &SeriesChange::decide(&kept, with_di, Reach::Whole, &[place.session.date]).expect("may be")).await.expect("keeps");
        home.store.say(&di, place, &home.text("Am I late?")).await.expect("says");
        assert!(home.store.thread(&viewer(&di), talk, None, 9).await.expect("answers").is_some());
        assert!(home.store.thread(&viewer(&cy), talk, None, 9).await.expect("answers").is_none());
    }
}
