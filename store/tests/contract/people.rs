//! Members: who is seen, whom a name means, roles, portraits.

use crate::home::{handle, refusal, viewer};
use domain::{
    invitations::{InvitationStore, NewAsk},
    notifications::NotificationStore,
    people::{PeopleOrder, PeopleStore, Profile, Role, RoleRefusal},
    pictures::PictureStore,
    time::Zone,
    viewer::Viewer,
};
use std::collections::BTreeSet;

laws! {
    async fn everyone_is_for_members(home: &Home) {
        for name in ["bo", "cy"] {
            home.member(name).await;
        }
        let names = |order| async move {
            let people = home.store.everyone(&viewer(&home.ana), order).await.expect("answers");
            people.into_iter().map(|person| person.who.name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(names(PeopleOrder::Newest).await, ["cy", "bo", "ana"]);
        assert_eq!(names(PeopleOrder::Name).await, ["ana", "bo", "cy"]);
        assert!(home.store.everyone(&Viewer::Visitor, PeopleOrder::Name).await.expect("answers").is_empty());
        assert_eq!(home.store.person(&Viewer::Visitor, &handle("bo")).await.expect("answers"), None);
        assert!(home.store.person(&viewer(&home.ana), &handle("bo")).await.expect("answers").is_some());
        assert_eq!(home.store.person(&viewer(&home.ana), &handle("nobody")).await.expect("answers"), None);
    }

    async fn names_stand_in_their_order_whatever_their_case_and_accents(home: &Home) {
        for (name, display_name) in [("ana", "amber"), ("zoe", "Zoe"), ("elodie", "Élodie"), ("eduard", "eduard"), ("emil", "Emil"), ("angstrom", "Ångström")] {
            let me = if name == "ana" { home.again(&home.ana).await } else { home.member(name).await };
            let profile = Profile {
                display_name: display_name.into(), pronouns: String::new(), line: String::new(), town: String::new(), interests: Vec::new(), zone: Zone::utc(),
            };
            home.store.save_profile(&me, &profile).await.expect("keeps");
        }
        let people = home.store.everyone(&viewer(&home.ana), PeopleOrder::Name).await.expect("answers");
        let names: Vec<_> = people.iter().map(|person| person.who.display_name.as_str()).collect();
        assert_eq!(names, ["amber", "Ångström", "eduard", "Élodie", "Emil", "Zoe"]);
    }

    async fn completion_finds_the_beginning_of_each_word_in_any_case_and_script(home: &Home) {
        let bo = home.member("bo").await;
        let profile = Profile {
            display_name: "Élodie Мария O_o".into(), pronouns: "she".into(), line: "bakes".into(), town: "Porto".into(),
            interests: vec!["soup".into(), "Birds".into()], zone: Zone::parse("Asia/Tokyo").expect("a zone"),
        };
        home.store.save_profile(&bo, &profile).await.expect("keeps");
        for (start, found) in [("bo", 1), ("ÉLO", 1), ("мар", 1), ("O_", 1), ("x_", 0), ("odie", 0), ("", 2), ("%", 0)] {
            assert_eq!(home.store.beginning_with(&home.ana, start).await.expect("answers").len(), found, "{start}");
        }
        let person = home.store.person(&viewer(&bo), &handle("bo")).await.expect("answers").expect("there");
        assert_eq!((person.interests, person.zone.name(), person.pronouns.as_str()), (profile.interests, "Asia/Tokyo", "she"));
    }

    async fn known_are_those_who_are_here(home: &Home) {
        let bo = home.member("bo").await;
        let names = BTreeSet::from([handle("bo"), handle("nobody")]);
        assert_eq!(home.store.known(&names).await.expect("answers"), [(handle("bo"), bo.id)]);
        assert!(home.store.known(&BTreeSet::new()).await.expect("answers").is_empty());
    }

    async fn the_last_admin_stays_one(home: &Home) {
        let bo = home.member("bo").await;
        assert_eq!(refusal(home.store.save_role(&home.admin(), &handle("ana"), Role::Host).await), RoleRefusal::LastAdmin);
        assert_eq!(refusal(home.store.save_role(&home.admin(), &handle("nobody"), Role::Host).await), RoleRefusal::Nobody);
        home.store.save_role(&home.admin(), &handle("bo"), Role::Admin).await.expect("keeps");
        home.store.save_role(&home.admin(), &handle("ana"), Role::Member).await.expect("keeps");
        assert_eq!(refusal(home.store.save_role(&home.admin(), &handle("bo"), Role::Member).await), RoleRefusal::NotYours);
        let bo = viewer(&home.again(&bo).await).admin().expect("an admin");
        assert_eq!(refusal(home.store.save_role(&bo, &handle("bo"), Role::Member).await), RoleRefusal::LastAdmin);
    }

    async fn two_admins_who_step_down_at_once_leave_one(home: &Home) {
        home.member("bo").await;
        home.store.save_role(&home.admin(), &handle("bo"), Role::Admin).await.expect("keeps");
        let down = |name: &'static str| {
            let (store, admin) = (home.store.clone(), home.admin());
            tokio::spawn(async move { store.save_role(&admin, &handle(name), Role::Member).await.is_ok() })
        };
        let (ana, bo) = (down("ana"), down("bo"));
        assert_eq!(usize::from(ana.await.expect("ends")) + usize::from(bo.await.expect("ends")), 1);
    }

    async fn who_is_no_host_any_more_reads_no_asks(home: &Home) {
        let bo = home.member("bo").await;
        home.store.save_role(&home.admin(), &handle("bo"), Role::Host).await.expect("keeps");
        let ask = NewAsk { name: "Di".into(), reach: "+351".into(), words: "hi".into(), at: home.now(), digest: "d".into() };
        home.store.keep_ask(&ask).await.expect("keeps");
        assert_eq!(home.store.unread(bo.id).await.expect("answers"), 1);
        assert!(home.store.notifications(&bo, None, 9).await.expect("answers").is_empty(), "as the member he was, he reads none");
        home.store.save_role(&home.admin(), &handle("bo"), Role::Member).await.expect("keeps");
        assert_eq!(home.store.unread(bo.id).await.expect("answers"), 0);
    }

    async fn a_portrait_is_ones_own_and_lets_go_of_the_former(home: &Home) {
        let bo = home.member("bo").await;
        let (one, two) = (home.picture(&bo, "one").await, home.picture(&bo, "two").await);
        assert!(!home.store.save_portrait(&home.ana, Some(one)).await.expect("answers"));
        for portrait in [Some(one), Some(one), Some(two)] {
            assert!(home.store.save_portrait(&bo, portrait).await.expect("answers"));
        }
        assert_eq!(home.store.hash_for(&viewer(&home.ana), one).await.expect("answers"), None);
        assert_eq!(home.store.hash_for(&viewer(&home.ana), two).await.expect("answers").as_deref(), Some("two"));
        assert!(home.store.save_portrait(&bo, None).await.expect("answers"));
        assert_eq!(home.store.hash_for(&viewer(&home.ana), two).await.expect("answers"), None);
    }
}
