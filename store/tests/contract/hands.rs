//! Many hands: whose week it is, who is away, the meter of one's own time; and handing the place over.

use crate::{
    home::{BEGINNING, Home, handle, refusal, viewer},
    hosting::{host, remove},
};
use domain::{
    hand_over::{HandOverRefusal, HandOverStore, OPEN_DAYS},
    hands::{
        HandsStore, Rota, Taking, WeekRefusal,
        away::{Away, AwayRefusal},
        meter::MeterStore,
        weeks::Week,
    },
    ids::MemberId,
    notifications::{Happening, NotificationStore},
    people::{PeopleStore, Role},
    sign_in::SignInStore,
    time::Timestamp,
    viewer::{Host, Me},
    welcome::greeters::{GreeterRefusal, GreeterStore, NewGreeting},
};
use std::collections::BTreeMap;

/// Monday 2 November 2026, when the tests begin.
fn this() -> Week {
    "2026-11-02".parse().expect("a Monday")
}

async fn rota(home: &Home) -> Rota {
    home.store.host_rota(&home.host(), this(), home.now()).await.expect("answers")
}

async fn takes(home: &Home, host: &Host, later: u32) {
    home.store.take_week(host, Taking { week: this().plus(later), from: None, begun: false }).await.expect("takes");
}

async fn told(home: &Home, me: &Me) -> Vec<Happening> {
    home.store.notifications(me, None, 99).await.expect("answers").into_iter().map(|line| line.happening).collect()
}

fn away(from: i64, until: i64) -> Away {
    Away { from: BEGINNING.plus_days(from), until: BEGINNING.plus_days(until), word: "At the sea.".into() }
}

/// The role of a member by now.
async fn role(home: &Home, me: &Me) -> Role {
    home.again(me).await.role
}

const EVER: Timestamp = Timestamp(0);

laws! {
    async fn a_week_is_taken_by_one_and_given_back_by_whoever_has_it(home: &Home) {
        let (bo, cy) = (host(home, "bo").await, host(home, "cy").await);
        takes(home, &bo, 1).await;
        takes(home, &bo, 1).await;
        let taking = Taking { week: this().plus(1), from: None, begun: false };
        assert_eq!(refusal(home.store.take_week(&cy, taking).await), WeekRefusal::Taken { by: "Bo".into() });
        let now = rota(home).await;
        assert_eq!(now.hosts.iter().map(|host| host.who.name.as_str()).collect::<Vec<_>>(), ["ana", "bo", "cy"]);
        assert_eq!(now.taken, BTreeMap::from([(this().plus(1), bo.me().id)]));
        assert_eq!(now.first_free(), Some(this()));
        assert!(!home.store.give_week_back(&cy, this().plus(1)).await.expect("answers"));
        assert!(home.store.give_week_back(&bo, this().plus(1)).await.expect("answers"));
        assert!(rota(home).await.taken.is_empty());
    }

    async fn of_several_who_take_a_week_at_once_one_has_it(home: &Home) {
        let mut tasks = Vec::new();
        for name in ["bo", "cy", "di", "ed"] {
            let (store, host) = (home.store.clone(), host(home, name).await);
            tasks.push(tokio::spawn(async move { store.take_week(&host, Taking { week: this(), from: None, begun: true }).await.is_ok() }));
        }
        let mut took = 0;
        for task in tasks {
            took += usize::from(task.await.expect("ends"));
        }
        assert_eq!((took, rota(home).await.taken.len()), (1, 1));
    }

    async fn shared_out_is_what_nobody_has_and_only_to_hosts(home: &Home) {
        let (bo, cy) = (host(home, "bo").await, home.member("cy").await);
        takes(home, &bo, 1).await;
        let weeks: Vec<_> = [home.ana.id, home.ana.id, cy.id, bo.me().id].into_iter().enumerate().map(|(n, who)| (this().plus(n as u32), who)).collect();
        assert_eq!(home.store.give_weeks(&home.host(), &weeks, this()).await.expect("gives"), 2);
        let taken = BTreeMap::from([(this(), home.ana.id), (this().plus(1), bo.me().id), (this().plus(3), bo.me().id)]);
        assert_eq!(rota(home).await.taken, taken);
    }

    async fn a_swap_holds_when_the_other_agrees(home: &Home) {
        let (bo, cy) = (host(home, "bo").await, host(home, "cy").await);
        takes(home, &bo, 0).await;
        takes(home, &cy, 1).await;
        takes(home, &cy, 2).await;
        assert_eq!(refusal(home.store.ask_swap(&bo, this().plus(1), this(), home.now()).await), WeekRefusal::Changed, "not theirs to give");
        assert_eq!(refusal(home.store.ask_swap(&bo, this(), this().plus(3), home.now()).await), WeekRefusal::Changed, "nobody's");
        home.store.ask_swap(&bo, this(), this().plus(1), home.now()).await.expect("asks");
        home.store.ask_swap(&bo, this(), this().plus(2), home.now()).await.expect("asks for another");
        assert_eq!(told(home, cy.me()).await, [Happening::Swap { answer: "asked".into() }], "told once");
        assert_eq!(refusal(home.store.answer_swap(&home.host(), this(), true, home.now()).await), WeekRefusal::Changed, "nobody asked ana");
        home.store.answer_swap(&cy, this(), true, home.now()).await.expect("answers");
        let taken = BTreeMap::from([(this(), cy.me().id), (this().plus(1), cy.me().id), (this().plus(2), bo.me().id)]);
        let now = rota(home).await;
        assert_eq!((now.taken, now.swaps.len()), (taken, 0));
        assert_eq!(told(home, bo.me()).await, [Happening::Swap { answer: "yes".into() }]);
        assert_eq!(refusal(home.store.answer_swap(&cy, this(), true, home.now()).await), WeekRefusal::Changed, "that is over");
    }

    async fn a_swap_that_is_declined_or_taken_back_changes_nothing(home: &Home) {
        let (bo, cy) = (host(home, "bo").await, host(home, "cy").await);
        takes(home, &bo, 0).await;
        takes(home, &cy, 1).await;
        let before = rota(home).await.taken;
        home.store.ask_swap(&bo, this(), this().plus(1), home.now()).await.expect("asks");
        assert!(!home.store.unask_swap(&cy, this()).await.expect("answers"));
        assert!(home.store.unask_swap(&bo, this()).await.expect("answers"));
        assert!(told(home, cy.me()).await.is_empty(), "there is nothing left to tell");
        home.store.ask_swap(&bo, this(), this().plus(1), home.now()).await.expect("asks");
        home.store.answer_swap(&cy, this(), false, home.now()).await.expect("answers");
        assert_eq!((rota(home).await.taken, told(home, bo.me()).await), (before, vec![Happening::Swap { answer: "no".into() }]));
        // A week that is given back takes what was thought of it along.
        home.store.ask_swap(&bo, this(), this().plus(1), home.now()).await.expect("asks");
        assert!(home.store.give_week_back(&cy, this().plus(1)).await.expect("answers"));
        takes(home, &home.host(), 1).await;
        assert!(rota(home).await.swaps.is_empty());
    }

    async fn whoever_has_the_week_is_told_once_when_it_begins(home: &Home) {
        let (bo, cy) = (host(home, "bo").await, host(home, "cy").await);
        takes(home, &bo, 0).await;
        takes(home, &cy, 1).await;
        let tasks: Vec<_> = (0..6)
            .map(|_| {
                let (store, now) = (home.store.clone(), home.now());
                tokio::spawn(async move { store.begin_week(this(), now).await })
            })
            .collect();
        for task in tasks {
            task.await.expect("ends").expect("answers");
        }
        assert_eq!((told(home, bo.me()).await, told(home, cy.me()).await), (vec![Happening::Week], vec![]));
        // Whoever takes the week that goes on knows it.
        assert!(home.store.give_week_back(&bo, this()).await.expect("answers"));
        home.store.take_week(&cy, Taking { week: this(), from: None, begun: true }).await.expect("takes");
        home.store.begin_week(this(), home.now()).await.expect("answers");
        assert!(told(home, cy.me()).await.is_empty());
    }

    async fn a_week_of_somebody_who_is_away_can_be_taken_and_is_told_to_them_when_they_are_back(home: &Home) {
        let (bo, cy) = (host(home, "bo").await, host(home, "cy").await);
        takes(home, &bo, 0).await;
        takes(home, &bo, 1).await;
        home.store.save_away(bo.me(), Some(&away(-1, 20))).await.expect("keeps");
        home.store.begin_week(this(), home.now()).await.expect("answers");
        assert!(told(home, bo.me()).await.is_empty(), "whoever is away is left alone");
        let seen = rota(home).await;
        assert_eq!(seen.hosts[1].away.as_ref().map(|away| away.word.as_str()), Some("At the sea."));
        let taking = Taking { week: this().plus(1), from: Some(bo.me().id), begun: false };
        home.store.take_week(&cy, taking).await.expect("takes");
        home.store.save_away(bo.me(), None).await.expect("keeps");
        let taking = Taking { week: this(), from: Some(bo.me().id), begun: true };
        assert_eq!(refusal(home.store.take_week(&cy, taking).await), WeekRefusal::Taken { by: "Bo".into() }, "they came back");
        home.store.begin_week(this(), home.now()).await.expect("answers");
        assert_eq!(told(home, bo.me()).await, [Happening::Week]);
        assert_eq!(rota(home).await.taken, BTreeMap::from([(this(), bo.me().id), (this().plus(1), cy.me().id)]));
    }

    async fn being_away_ends_by_itself_and_is_forgotten(home: &Home) {
        let bo = host(home, "bo").await;
        home.store.save_away(bo.me(), Some(&away(1, 3))).await.expect("keeps");
        assert!(home.store.my_away(bo.me(), BEGINNING).await.expect("answers").is_some());
        assert_eq!(home.store.my_away(bo.me(), BEGINNING.plus_days(3)).await.expect("answers"), None);
        home.store.begin_week(this(), BEGINNING.plus_days(2)).await.expect("answers");
        let rows = async || home.store.counts().await.expect("answers").into_iter().find(|(table, _)| table == "aways").map(|(_, rows)| rows);
        assert_eq!(rows().await, Some(1));
        home.store.begin_week(this(), BEGINNING.plus_days(3)).await.expect("answers");
        assert_eq!(rows().await, Some(0));
    }

    async fn nobody_who_is_away_is_asked_to_greet(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        assert_eq!(refusal(home.store.save_away(&cy, Some(&away(-1, 20))).await), AwayRefusal::Nothing);
        home.store.save_greets(&cy, true).await.expect("keeps");
        home.store.save_away(&cy, Some(&away(-1, 20))).await.expect("keeps");
        let candidates = async |now| home.store.candidates(&home.host(), EVER, now).await.expect("answers").len();
        assert_eq!((candidates(home.now()).await, candidates(BEGINNING.plus_days(20)).await), (0, 1));
        let ask = NewGreeting { newcomer: bo.id, greeter: cy.id, since: EVER, at: home.now() };
        assert_eq!(refusal(home.store.ask_greeter(&home.host(), ask).await), GreeterRefusal::NotWilling);
        home.store.save_away(&cy, None).await.expect("keeps");
        home.store.ask_greeter(&home.host(), ask).await.expect("asks");
    }

    async fn a_newcomer_is_told_who_would_show_them_round_as_long_as_they_would(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        home.store.save_greets(&cy, true).await.expect("keeps");
        let ask = NewGreeting { newcomer: bo.id, greeter: cy.id, since: EVER, at: home.now() };
        home.store.ask_greeter(&home.host(), ask).await.expect("asks");
        assert!(told(home, &bo).await.is_empty(), "nobody has said yes");
        assert!(home.store.answer_greeting(&cy, &bo.name, true, home.now()).await.expect("answers"));
        assert_eq!(told(home, &bo).await, [Happening::Greeter]);
        assert!(home.store.answer_greeting(&cy, &bo.name, false, home.now()).await.expect("answers"));
        assert!(told(home, &bo).await.is_empty(), "it is not so any more");
    }

    async fn a_hosts_time_is_their_own_and_adds_up(home: &Home) {
        let (bo, cy) = (host(home, "bo").await, host(home, "cy").await);
        let add = async |host: &Host, seconds, at| {
            home.store.add_time(host, &BTreeMap::from([(this(), seconds)]), BEGINNING.plus_seconds(at)).await.expect("answers")
        };
        assert!(add(&bo, 100, 0).await && add(&bo, 180, 600).await);
        // Another process measured the same minutes: no more than has passed since is added.
        assert!(add(&bo, 180, 630).await && add(&bo, 50, 630).await);
        let time = async |host: &Host, week| home.store.my_time(host, week).await.expect("answers");
        assert_eq!((time(&bo, this()).await, time(&bo, this().plus(1)).await, time(&cy, this()).await), (Some(310), Some(0), Some(0)));
        home.store.turn_meter(&bo, false).await.expect("keeps");
        assert!(!add(&bo, 60, 900).await, "nothing is kept");
        assert_eq!(time(&bo, this()).await, None);
        home.store.turn_meter(&bo, true).await.expect("keeps");
        assert_eq!(time(&bo, this()).await, Some(0), "what was kept is forgotten");
    }

    async fn the_same_minutes_that_several_processes_measured_count_once(home: &Home) {
        let bo = host(home, "bo").await;
        assert!(home.store.add_time(&bo, &BTreeMap::from([(this(), 1)]), BEGINNING).await.expect("answers"));
        let tasks: Vec<_> = (0..6)
            .map(|_| {
                let (store, bo) = (home.store.clone(), bo.clone());
                tokio::spawn(async move { store.add_time(&bo, &BTreeMap::from([(this(), 50)]), BEGINNING.plus_seconds(120)).await })
            })
            .collect();
        for task in tasks {
            assert!(task.await.expect("ends").expect("answers"));
        }
        assert_eq!(home.store.my_time(&bo, this()).await.expect("answers"), Some(51));
    }

    async fn what_goes_with_hosting_goes_with_it_and_with_the_person(home: &Home) {
        let (bo, cy) = (host(home, "bo").await, host(home, "cy").await);
        for host in [&bo, &cy] {
            assert!(home.store.add_time(host, &BTreeMap::from([(this(), 60)]), home.now()).await.expect("answers"));
            home.store.save_away(host.me(), Some(&away(1, 9))).await.expect("keeps");
        }
        takes(home, &bo, 0).await;
        takes(home, &cy, 1).await;
        home.store.ask_swap(&bo, this(), this().plus(1), home.now()).await.expect("asks");
        home.store.begin_week(this(), home.now()).await.expect("answers");
        home.store.save_role(&home.admin(), &handle("bo"), Role::Member).await.expect("keeps");
        remove(home, cy.me()).await;
        let counts = home.store.counts().await.expect("answers");
        for table in ["host_weeks", "week_swaps", "host_time", "host_meters", "aways"] {
            assert!(counts.contains(&(table.to_owned(), 0)), "{table}: {counts:?}");
        }
        assert!(told(home, bo.me()).await.is_empty());
        assert!(!home.store.add_time(&bo, &BTreeMap::from([(this(), 60)]), home.now()).await.expect("answers"), "who is no host is not measured");
        let taking = Taking { week: this(), from: None, begun: true };
        assert_eq!(refusal(home.store.take_week(&bo, taking).await), WeekRefusal::NotYours);
        assert_eq!(refusal(home.store.give_weeks(&bo, &[(this(), MemberId(1))], this()).await), WeekRefusal::NotYours);
    }

    async fn the_place_changes_hands_in_three_steps_and_never_without_an_admin(home: &Home) {
        let (bo, admin) = (home.member("bo").await, home.admin());
        let finish = async || home.store.finish_hand_over(&admin, &handle("bo"), EVER, home.now()).await;
        assert_eq!(refusal(finish().await), HandOverRefusal::Gone, "nothing has begun");
        home.store.begin_hand_over(&admin, &handle("bo"), Role::Member, home.now()).await.expect("begins");
        assert_eq!(refusal(finish().await), HandOverRefusal::Gone, "nobody has accepted");
        assert_eq!((role(home, &home.ana).await, role(home, &bo).await), (Role::Admin, Role::Member));
        assert!(home.store.answer_hand_over(&bo, &handle("ana"), true, EVER, home.now()).await.expect("answers"));
        let begun = home.store.my_hand_over(&admin, EVER).await.expect("answers").expect("begun");
        assert_eq!((begun.taker.id, begun.becomes, begun.accepted_at.is_some()), (bo.id, Role::Member, true));
        assert_eq!(finish().await.expect("finishes"), Role::Member);
        assert_eq!((role(home, &home.ana).await, role(home, &bo).await), (Role::Member, Role::Admin));
        assert_eq!(refusal(finish().await), HandOverRefusal::NotYours, "once is enough");
        let step = |step: &str| Happening::HandOver { step: step.into() };
        assert_eq!((told(home, &bo).await, told(home, &home.ana).await[0].clone()), (vec![step("done")], step("accepted")));
    }

    async fn whoever_stays_an_admin_has_somebody_beside_them(home: &Home) {
        let bo = home.member("bo").await;
        home.store.save_reset(None, &bo.name, "digest", home.now().plus_days(3)).await.expect("keeps");
        home.store.begin_hand_over(&home.admin(), &bo.name, Role::Admin, home.now()).await.expect("begins");
        assert!(home.store.answer_hand_over(&bo, &home.ana.name, true, EVER, home.now()).await.expect("answers"));
        assert_eq!(home.store.finish_hand_over(&home.admin(), &bo.name, EVER, home.now()).await.expect("finishes"), Role::Admin);
        assert_eq!((role(home, &home.ana).await, role(home, &bo).await), (Role::Admin, Role::Admin));
        assert_eq!(home.store.reset_for("digest", home.now()).await.expect("answers"), None, "a host could have made it");
        assert_eq!(refusal(home.store.begin_hand_over(&home.admin(), &bo.name, Role::Host, home.now()).await), HandOverRefusal::AdminAlready);
        assert_eq!(refusal(home.store.begin_hand_over(&home.admin(), &home.ana.name, Role::Host, home.now()).await), HandOverRefusal::Yourself);
        assert_eq!(refusal(home.store.begin_hand_over(&home.admin(), &handle("nobody"), Role::Host, home.now()).await), HandOverRefusal::Nobody);
    }

    async fn either_may_stop_and_that_one_declined_is_told_to_nobody(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        let begin = async || home.store.begin_hand_over(&home.admin(), &bo.name, Role::Host, home.now()).await.expect("begins");
        let answer = async |me: &Me, accept| home.store.answer_hand_over(me, &home.ana.name, accept, EVER, home.now()).await.expect("answers");
        begin().await;
        let before = (home.store.my_hand_over(&home.admin(), EVER).await.expect("answers"), told(home, &home.ana).await);
        assert!(!answer(&cy, true).await, "it is not theirs to answer");
        assert!(answer(&bo, false).await);
        assert_eq!((home.store.my_hand_over(&home.admin(), EVER).await.expect("answers"), told(home, &home.ana).await), before, "nothing tells");
        assert!(home.store.offered(&bo, EVER).await.expect("answers").is_empty());
        assert!(!answer(&bo, true).await, "that is over");
        begin().await;
        assert!(answer(&bo, true).await && answer(&bo, false).await, "one may think better of it");
        assert_eq!(told(home, &home.ana).await, before.1, "and the notice of the yes goes with it");
        assert_eq!(refusal(home.store.finish_hand_over(&home.admin(), &bo.name, EVER, home.now()).await), HandOverRefusal::Gone);
        begin().await;
        assert!(answer(&bo, true).await);
        begin().await;
        assert_eq!(told(home, &bo).await.len(), 1, "asked anew, they are told once");
        home.store.begin_hand_over(&home.admin(), &cy.name, Role::Host, home.now()).await.expect("begins");
        assert_eq!((told(home, &bo).await.len(), told(home, &cy).await.len()), (0, 1), "somebody else is asked in their place");
        begin().await;
        assert!(answer(&bo, true).await);
        assert!(home.store.take_hand_over_back(&home.admin()).await.expect("answers"));
        assert!(told(home, &bo).await.is_empty(), "no notice leads to what is not there");
        assert!(home.store.offered(&bo, EVER).await.expect("answers").is_empty());
        assert_eq!(refusal(home.store.finish_hand_over(&home.admin(), &bo.name, EVER, home.now()).await), HandOverRefusal::Gone);
        assert_eq!(role(home, &home.ana).await, Role::Admin);
    }

    async fn what_is_not_finished_in_time_is_over(home: &Home) {
        let (bo, at) = (home.member("bo").await, home.now());
        home.store.begin_hand_over(&home.admin(), &bo.name, Role::Host, at).await.expect("begins");
        let late = at.plus_days(OPEN_DAYS).plus_days(-OPEN_DAYS);
        assert!(!home.store.answer_hand_over(&bo, &home.ana.name, true, late, home.now()).await.expect("answers"));
        assert!(home.store.answer_hand_over(&bo, &home.ana.name, true, late.plus_seconds(-1), home.now()).await.expect("answers"));
        assert_eq!(refusal(home.store.finish_hand_over(&home.admin(), &bo.name, late, home.now()).await), HandOverRefusal::Gone);
        assert!(home.store.offered(&bo, late).await.expect("answers").is_empty());
        assert_eq!(home.store.my_hand_over(&home.admin(), late).await.expect("answers"), None);
    }

    async fn who_is_no_admin_any_more_gives_nothing(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        home.store.save_role(&home.admin(), &cy.name, Role::Admin).await.expect("keeps");
        home.store.begin_hand_over(&home.admin(), &bo.name, Role::Host, home.now()).await.expect("begins");
        let cy = viewer(&home.again(&cy).await).admin().expect("an admin");
        home.store.save_role(&cy, &home.ana.name, Role::Host).await.expect("keeps");
        assert!(home.store.offered(&bo, EVER).await.expect("answers").is_empty());
        assert!(!home.store.answer_hand_over(&bo, &home.ana.name, true, EVER, home.now()).await.expect("answers"));
        for refused in [
            home.store.finish_hand_over(&home.admin(), &bo.name, EVER, home.now()).await.map(drop),
            home.store.begin_hand_over(&home.admin(), &bo.name, Role::Host, home.now()).await,
        ] {
            assert_eq!(refusal(refused), HandOverRefusal::NotYours);
        }
    }

    async fn two_who_finish_and_step_down_at_once_leave_an_admin(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        home.store.save_role(&home.admin(), &cy.name, Role::Admin).await.expect("keeps");
        let second = viewer(&home.again(&cy).await).admin().expect("an admin");
        for giver in [home.admin(), second.clone()] {
            home.store.begin_hand_over(&giver, &bo.name, Role::Member, home.now()).await.expect("begins");
            assert!(home.store.answer_hand_over(&bo, &giver.me().name, true, EVER, home.now()).await.expect("answers"));
        }
        let tasks: Vec<_> = [home.admin(), home.admin(), second.clone(), second]
            .into_iter()
            .map(|giver| {
                let (store, at) = (home.store.clone(), home.now());
                tokio::spawn(async move { store.finish_hand_over(&giver, &handle("bo"), EVER, at).await.is_ok() })
            })
            .collect();
        let mut finished = 0;
        for task in tasks {
            finished += usize::from(task.await.expect("ends"));
        }
        // Whoever was second had nobody to hand it to any more, since bo has it: so they are an admin still.
        assert_eq!((finished, role(home, &bo).await), (1, Role::Admin));
        let still = [role(home, &home.ana).await, role(home, &cy).await];
        assert!(still.contains(&Role::Admin) && still.contains(&Role::Member), "{still:?}");
    }
}
