//! Newcomers: what is known of each by their own deeds, what the board counts for which host, and who greets whom.

use crate::home::{BEGINNING, Home, handle, refusal, viewer};
use domain::{
    gatherings::{
        Answer, GatheringStore, NewGathering,
        attendance::KnownBy,
        room::{NewAttendance, Place, RoomStore},
    },
    ids::{MemberId, PostId},
    invitations::{InvitationStore, Invited, NewInvitation},
    notifications::{Happening, NotificationStore},
    people::{PeopleStore, Role},
    time::Timestamp,
    timeline::{Audience, NewPost, TimelineStore},
    viewer::{Host, Me},
    welcome::{
        Facts, Step, WelcomePath, WelcomeStore,
        board::{BoardStore, NewcomerRecord, Stage, reached},
        greeters::{GreeterRefusal, GreeterStore, NewGreeting},
    },
};

const EVER: Timestamp = Timestamp(0);

async fn facts(home: &Home, me: &Me) -> Facts {
    home.store.facts(me, home.now()).await.expect("answers")
}

async fn record(home: &Home, by: &Host, name: &str) -> NewcomerRecord {
    home.store.newcomers(by, EVER, Some(&handle(name))).await.expect("answers").pop().expect("a newcomer")
}

async fn stages(home: &Home, by: &Host, me: &Me) -> Vec<Stage> {
    let record = record(home, by, me.name.as_str()).await;
    reached(me.id, &record.trail).into_iter().map(|(stage, _)| stage).collect()
}

/// The member as a host.
async fn made_host(home: &Home, me: &Me) -> Host {
    home.store.save_role(&home.admin(), &me.name, Role::Host).await.expect("keeps");
    viewer(&home.again(me).await).host().expect("a host")
}

/// Ana asks somebody to greet somebody.
async fn ask(home: &Home, newcomer: MemberId, greeter: MemberId) -> Result<(), domain::outcome::Error<GreeterRefusal>> {
    home.store.ask_greeter(&home.host(), NewGreeting { newcomer, greeter, since: EVER, at: home.now() }).await
}

async fn were_at(home: &Home, slug: &str, members: &[&Me]) {
    let kept = home.kept(slug).await;
    let session = kept.session(kept.schedule.first).expect("a session");
    let members = members.iter().map(|me| (me.id, true)).collect();
    let said = NewAttendance { members, others: None, known_by: KnownBy::Host, at: home.now() };
    home.store.keep_attendance(Place { gathering: kept.id, session }, &said).await.expect("keeps");
}

laws! {
    async fn the_path_is_good_as_it_is_until_an_admin_changes_it(home: &Home) {
        assert_eq!(home.store.welcome_path().await.expect("answers"), WelcomePath::default());
        for hours in [1, 168] {
            let path = WelcomePath { steps: [Step::Hello, Step::Line].into(), questions: vec!["What do you cook?".into()], within_hours: hours };
            home.store.save_welcome_path(&home.admin(), &path).await.expect("keeps");
            assert_eq!(home.store.welcome_path().await.expect("answers"), path);
        }
    }

    async fn each_step_is_known_by_what_somebody_did(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        let nothing = facts(home, &bo).await;
        assert_eq!((nothing.hello, nothing.answered, nothing.put_away, nothing.accepted), (None, false, false, 0));
        assert_eq!(nothing.party.iter().map(|who| who.id).collect::<Vec<_>>(), [cy.id], "by the same link");

        home.post_for(&bo, Audience::Named, &[&cy]).await;
        assert_eq!(facts(home, &bo).await.hello, None, "to write to one person is no hello");
        assert_eq!(facts(home, &bo).await.spoken_to, [cy.id].into());
        let hello = home.post(&bo, "Hello all").await;
        home.post(&bo, "And another").await;
        home.reply(&cy, hello, "Hello Bo").await;
        home.reply(&cy, hello, "and welcome").await;
        let anas = home.post(&home.ana, "Soup?").await;
        home.reply(&bo, anas, "Yes!").await;
        let now = facts(home, &bo).await;
        let said = now.hello.expect("said hello");
        assert_eq!((said.post, said.answered_by.iter().map(|who| who.id).collect::<Vec<_>>()), (hello, vec![cy.id]));
        assert_eq!(now.spoken_to, [cy.id, home.ana.id].into());

        let kept = home.kept(&home.gathering(&home.ana, "Soup", Audience::Community).await).await;
        home.answer(&cy, &kept, kept.schedule.first, Answer::Yes, "").await;
        home.answer(&bo, &kept, kept.schedule.first, Answer::Maybe, "").await;
        let now = facts(home, &bo).await;
        assert!(now.answered);
        assert_eq!(now.coming_along, [(cy.id, "Soup".to_owned())]);
        home.answer(&cy, &kept, kept.schedule.first, Answer::No, "").await;
        assert_eq!(facts(home, &bo).await.coming_along, []);
    }

    async fn what_is_from_before_somebody_came_is_no_hello_and_no_talk(home: &Home) {
        let bo = home.member("bo").await;
        let anas = home.post(&home.ana, "Soup?").await;
        let old = || domain::timeline::NewPost { at: crate::home::BEGINNING.plus_days(-400), ..home.text("from before") };
        home.store.keep_post(&bo, &old()).await.expect("keeps");
        home.store.keep_reply(&bo, anas, &old()).await.expect("keeps");
        let facts = facts(home, &bo).await;
        assert_eq!((facts.hello, facts.spoken_to.len()), (None, 0));
        assert_eq!(stages(home, &home.host(), &bo).await, [Stage::Joined]);
    }

    async fn those_of_one_roster_came_together_though_each_has_a_link_of_their_own(home: &Home) {
        crate::rosters::kept(home, &["bo", "cy", "di"]).await;
        let other = home.member("other").await;
        let mut came = Vec::new();
        for code in ["code-of-bo", "code-of-cy"] {
            let joined = home.store.join(code, &crate::home::new_member(&code[8..], home.now())).await.expect("joins");
            came.push(home.me(joined).await);
        }
        let with = |facts: Facts| facts.party.iter().map(|who| who.id).collect::<Vec<_>>();
        assert_eq!(with(facts(home, &came[0]).await), [came[1].id]);
        assert!(with(facts(home, &other).await).is_empty());
        let since = home.now().plus_days(-56);
        let records = home.store.newcomers(&home.host(), since, Some(&came[0].name)).await.expect("answers");
        assert_eq!(records[0].came_with, [came[1].id]);
        assert!(home.store.open_invitations(&home.host(), home.now()).await.expect("answers").is_empty(), "a party stands on its own page");
    }

    async fn a_line_is_changed_and_nothing_beside_it(home: &Home) {
        use domain::people::PeopleStore;
        let bo = home.member("bo").await;
        home.store.save_about(&bo, Some("mends things"), None).await.expect("keeps");
        home.store.save_about(&bo, None, Some(&["birds".to_owned()])).await.expect("keeps");
        let person = home.store.person(&viewer(&home.ana), &bo.name).await.expect("answers").expect("there");
        assert_eq!((person.line.as_str(), person.interests, person.who.display_name.as_str()), ("mends things", vec!["birds".to_owned()], "Bo"));
    }

    async fn a_hello_that_was_taken_back_is_none(home: &Home) {
        let bo = home.member("bo").await;
        let hello = home.post(&bo, "Hello all").await;
        assert!(home.store.take_back(&bo, hello).await.expect("answers"));
        assert_eq!(facts(home, &bo).await.hello, None);
        assert_eq!(stages(home, &home.host(), &bo).await, [Stage::Joined]);
    }

    async fn what_is_put_off_or_away_can_be_taken_up_again(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        for _ in 0..2 {
            home.store.put_off(&bo, Step::Line, true).await.expect("keeps");
            home.store.put_away(&bo, true).await.expect("keeps");
            home.store.accept_rules(&bo, 1).await.expect("keeps");
        }
        home.store.accept_rules(&bo, 0).await.expect("a page that was open for long takes nothing back");
        let now = facts(home, &bo).await;
        assert_eq!((now.later, now.put_away, now.accepted), ([Step::Line].into(), true, 1));
        assert_eq!((facts(home, &cy).await.later.len(), facts(home, &cy).await.put_away), (0, false));
        home.store.put_off(&bo, Step::Line, false).await.expect("keeps");
        home.store.put_away(&bo, false).await.expect("keeps");
        let now = facts(home, &bo).await;
        assert_eq!((now.later.len(), now.put_away, now.accepted), (0, false, 1));
    }

    async fn the_board_follows_what_happens(home: &Home) {
        let (bo, cy, host) = (home.member("bo").await, home.member("cy").await, home.host());
        assert_eq!(stages(home, &host, &bo).await, [Stage::Joined]);
        let hello = home.post(&bo, "Hello all").await;
        home.reply(&bo, hello, "and I forgot").await;
        assert_eq!(stages(home, &host, &bo).await, [Stage::Joined, Stage::SaidHello], "to answer oneself is nothing");
        let answer = home.reply(&cy, hello, "Hello Bo").await;
        assert_eq!(stages(home, &host, &bo).await, [Stage::Joined, Stage::SaidHello, Stage::Answered]);
        home.reply(&bo, answer, "Thank you").await;
        assert_eq!(stages(home, &host, &bo).await, [Stage::Joined, Stage::SaidHello, Stage::Answered, Stage::Met]);
        assert_eq!(stages(home, &host, &cy).await, [Stage::Joined, Stage::Answered, Stage::Met], "and so has cy, who never said hello");
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        were_at(home, &slug, &[&bo]).await;
        let record = record(home, &host, "bo").await;
        assert_eq!(record.trail.been.len(), 1);
        assert!(!record.trail.been[0].with_others);
        were_at(home, &slug, &[&cy]).await;
        assert_eq!(stages(home, &host, &bo).await.last(), Some(&Stage::Came));
    }

    async fn what_a_host_may_not_see_counts_for_nothing_on_their_board(home: &Home) {
        let (bo, cy, di) = (home.member("bo").await, home.member("cy").await, home.member("di").await);
        let (ana, dis) = (home.host(), made_host(home, &di).await);
        // Bo, cy and di among themselves.
        let letter = home.post_for(&bo, Audience::Named, &[&cy, &di]).await;
        let answer = home.reply(&cy, letter, "Between us").await;
        home.reply(&bo, answer, "Yes").await;
        let between = NewGathering { named: vec![bo.id, cy.id], ..home.new_gathering("Between us", Audience::Named) };
        let slug = home.store.keep_gathering(&di, &between).await.expect("keeps");
        let kept = home.store.gathering(&viewer(&di), &slug).await.expect("answers").expect("there");
        let session = kept.session(kept.schedule.first).expect("a session");
        let said = NewAttendance { members: [(bo.id, true), (cy.id, true)].into(), others: None, known_by: KnownBy::Host, at: home.now() };
        home.store.keep_attendance(Place { gathering: kept.id, session }, &said).await.expect("keeps");
        assert_eq!(stages(home, &ana, &bo).await, [Stage::Joined]);
        assert_eq!(stages(home, &dis, &bo).await, [Stage::Joined, Stage::Answered, Stage::Met, Stage::Came]);
    }

    async fn what_was_brought_along_from_before_is_no_hello(home: &Home) {
        let bo = home.member("bo").await;
        let before = NewPost { at: BEGINNING.plus_days(-400), ..home.text("From another place") };
        home.store.keep_post(&bo, &before).await.expect("keeps");
        assert_eq!(stages(home, &home.host(), &bo).await, [Stage::Joined]);
        home.post(&bo, "Hello all").await;
        assert_eq!(stages(home, &home.host(), &bo).await, [Stage::Joined, Stage::SaidHello]);
    }

    async fn newcomers_are_members_who_joined_of_late_and_hosts_are_none(home: &Home) {
        let early = home.member("bo").await;
        let since = home.now();
        let (late, host) = (home.member("cy").await, home.member("di").await);
        made_host(home, &host).await;
        let names = |records: Vec<NewcomerRecord>| records.into_iter().map(|record| record.person.who.id).collect::<Vec<_>>();
        let by = home.host();
        assert_eq!(names(home.store.newcomers(&by, since, None).await.expect("answers")), [late.id]);
        assert_eq!(names(home.store.newcomers(&by, EVER, None).await.expect("answers")), [late.id, early.id]);
        assert_eq!(names(home.store.newcomers(&by, since, Some(&early.name)).await.expect("answers")), []);
    }

    async fn personal_invitations_are_on_the_board_while_they_work(home: &Home) {
        let new = |code: &str, days| NewInvitation {
            code: code.into(),
            invited: Invited::Person { name: code.into(), note: String::new() },
            at: BEGINNING,
            expires_at: BEGINNING.plus_days(days),
        };
        home.store.keep_invitation(&home.ana, &new("early", 1)).await.expect("keeps");
        home.store.keep_invitation(&home.ana, &new("late", 30)).await.expect("keeps");
        let revoked = home.store.keep_invitation(&home.ana, &new("revoked", 30)).await.expect("keeps");
        assert!(home.store.revoke(&home.ana, revoked.id).await.expect("answers"));
        home.store.keep_invitation(&home.ana, &new("used", 30)).await.expect("keeps");
        home.store.join("used", &crate::home::new_member("bo", home.now())).await.expect("joins");
        let codes = async |now| {
            let open = home.store.open_invitations(&home.host(), now).await.expect("answers");
            open.into_iter().map(|invitation| invitation.code).collect::<Vec<_>>()
        };
        assert_eq!(codes(BEGINNING).await, ["early", "late"]);
        assert_eq!(codes(BEGINNING.plus_days(2)).await, ["late"]);
    }

    async fn whoever_is_set_aside_can_be_put_back(home: &Home) {
        let (bo, by) = (home.member("bo").await, home.host());
        for aside in [true, true, false] {
            assert!(home.store.set_aside(&by, &bo.name, aside).await.expect("answers"));
            assert_eq!(record(home, &by, "bo").await.aside, aside);
        }
        assert!(!home.store.set_aside(&by, &handle("nobody"), true).await.expect("answers"));
    }

    async fn each_host_is_told_since_they_last_looked_themselves(home: &Home) {
        let bo = home.member("bo").await;
        let (ana, bo) = (home.host(), made_host(home, &bo).await);
        assert_eq!(home.store.looked_at_board(&ana).await.expect("answers"), None);
        for at in [BEGINNING, BEGINNING.plus_days(1)] {
            home.store.look_at_board(&ana, at).await.expect("keeps");
            assert_eq!(home.store.looked_at_board(&ana).await.expect("answers"), Some(at));
        }
        assert_eq!(home.store.looked_at_board(&bo).await.expect("answers"), None);
    }

    async fn a_greeter_is_asked_and_told_and_the_newcomer_sees_them_once_they_said_yes(home: &Home) {
        let (bo, cy, by) = (home.member("bo").await, home.member("cy").await, home.host());
        assert_eq!(refusal(ask(home, bo.id, cy.id).await), GreeterRefusal::NotWilling, "nobody is asked who does not want to");
        home.store.save_greets(&cy, true).await.expect("keeps");
        assert!(home.store.greets(&cy).await.expect("answers") && !home.store.greets(&bo).await.expect("answers"));
        ask(home, bo.id, cy.id).await.expect("asks");
        let told = home.store.notifications(&cy, None, 9).await.expect("answers").into_iter().next().expect("told");
        assert_eq!((told.happening, told.by.map(|by| by.id)), (Happening::Greet, Some(bo.id)));
        assert_eq!(facts(home, &bo).await.greeter, None);
        assert!(!record(home, &by, "bo").await.asked.expect("asked").accepted);
        let greetings = home.store.greetings(&cy, EVER).await.expect("answers");
        assert_eq!(greetings.iter().map(|(who, accepted, spoken)| (who.who.id, *accepted, *spoken)).collect::<Vec<_>>(), [(bo.id, false, false)]);
        assert_eq!(home.store.greetings(&bo, EVER).await.expect("answers").len(), 0);

        assert!(!home.store.answer_greeting(&home.ana, &bo.name, true, home.now()).await.expect("answers"), "whoever was not asked can't");
        assert!(home.store.answer_greeting(&cy, &bo.name, true, home.now()).await.expect("answers"));
        assert_eq!(facts(home, &bo).await.greeter.map(|who| who.id), Some(cy.id));
        home.post_for(&cy, Audience::Named, &[&bo]).await;
        assert!(home.store.greetings(&cy, EVER).await.expect("answers")[0].2, "they have spoken");
        assert!(home.store.unask_greeter(&by, &bo.name).await.expect("answers"));
        assert!(!home.store.unask_greeter(&by, &bo.name).await.expect("answers"));
        assert_eq!(facts(home, &bo).await.greeter, None);
    }

    async fn whoever_passed_is_not_asked_again_and_somebody_else_can_be(home: &Home) {
        let (bo, cy, di) = (home.member("bo").await, home.member("cy").await, home.member("di").await);
        for me in [&cy, &di] {
            home.store.save_greets(me, true).await.expect("keeps");
        }
        ask(home, bo.id, cy.id).await.expect("asks");
        assert_eq!(refusal(ask(home, bo.id, di.id).await), GreeterRefusal::Taken);
        assert!(home.store.answer_greeting(&cy, &bo.name, false, home.now()).await.expect("answers"));
        assert!(!home.store.answer_greeting(&cy, &bo.name, true, home.now()).await.expect("answers"), "that is over");
        let now = record(home, &home.host(), "bo").await;
        assert_eq!((now.asked, now.passed), (None, vec![cy.id]));
        assert_eq!(home.store.greetings(&cy, EVER).await.expect("answers").len(), 0);
        assert_eq!(refusal(ask(home, bo.id, cy.id).await), GreeterRefusal::NotWilling);
        ask(home, bo.id, di.id).await.expect("asks");
    }

    async fn nobody_looks_after_more_than_three_and_only_newcomers_count(home: &Home) {
        let cy = home.member("cy").await;
        home.store.save_greets(&cy, true).await.expect("keeps");
        let mut newcomers = Vec::new();
        for name in ["di", "ed", "flo", "gus"] {
            newcomers.push(home.member(name).await);
        }
        for newcomer in &newcomers[..3] {
            ask(home, newcomer.id, cy.id).await.expect("asks");
        }
        assert_eq!(refusal(ask(home, newcomers[3].id, cy.id).await), GreeterRefusal::NotWilling);
        let busy = async |since| home.store.candidates(&home.host(), since, home.now()).await.expect("answers")[0].looks_after;
        assert_eq!((busy(EVER).await, busy(home.now()).await), (3, 0));
        assert_eq!(refusal(ask(home, MemberId(1), cy.id).await), GreeterRefusal::NoNewcomer);
    }

    async fn of_two_hosts_who_ask_at_once_one_does(home: &Home) {
        let (bo, mut greeters) = (home.member("bo").await, Vec::new());
        for number in 0..8 {
            let greeter = home.member(&format!("greeter{number}")).await;
            home.store.save_greets(&greeter, true).await.expect("keeps");
            greeters.push(greeter);
        }
        let tasks: Vec<_> = greeters
            .into_iter()
            .map(|greeter| {
                let (store, by, at) = (home.store.clone(), home.host(), home.now());
                tokio::spawn(async move { store.ask_greeter(&by, NewGreeting { newcomer: bo.id, greeter: greeter.id, since: EVER, at }).await })
            })
            .collect();
        let mut asked = 0;
        for task in tasks {
            match task.await.expect("ends") {
                Ok(()) => asked += 1,
                refused => assert_eq!(refusal(refused), GreeterRefusal::Taken),
            }
        }
        assert_eq!(asked, 1);
    }

    async fn the_board_takes_as_many_statements_for_many_as_for_one(home: &Home) {
        let by = home.host();
        let count = async || {
            let before = home.store.queries();
            home.store.newcomers(&by, EVER, None).await.expect("answers");
            home.store.queries() - before
        };
        let mut posts: Vec<PostId> = Vec::new();
        let mut counts = Vec::new();
        for name in ["bo", "cy", "di", "ed"] {
            let member = home.member(name).await;
            for post in &posts {
                home.reply(&member, *post, "hello").await;
            }
            posts.push(home.post(&member, "Hello all").await);
            counts.push(count().await);
        }
        assert!(counts.iter().all(|many| *many == counts[0]), "{counts:?}");
    }
}
