//! Coming in: single uses, the size cap, asks.

use crate::home::{BEGINNING, handle, new_member, refusal, viewer};
use domain::{
    community::WhoInvites,
    ids::AskId,
    invitations::{AskAnswer, AskRefusal, InvitationStore, InviteRefusal, Invited, JoinRefusal, MOST_WAITING, NewAsk, NewInvitation},
    notifications::{Happening, NotificationStore},
    people::{PeopleStore, Role},
};

fn invitation(code: &str, invited: Invited) -> NewInvitation {
    NewInvitation { code: code.into(), invited, at: BEGINNING, expires_at: BEGINNING.plus_days(30) }
}

fn for_one() -> Invited {
    Invited::Person { name: "Bo".into(), note: "you bake".into() }
}

fn ask(number: u32) -> NewAsk {
    NewAsk {
        name: format!("Asker {number}"),
        reach: String::new(),
        words: "please".into(),
        at: BEGINNING,
        digest: format!("digest {number}"),
    }
}

laws! {
    async fn of_twenty_who_try_a_single_use_at_once_one_comes_in(home: &Home) {
        home.store.keep_invitation(&home.ana, &invitation("once", for_one())).await.expect("keeps");
        let tasks: Vec<_> = (0..20)
            .map(|number| {
                let store = home.store.clone();
                let member = new_member(&format!("guest{number}"), BEGINNING);
                tokio::spawn(async move { store.join("once", &member).await })
            })
            .collect();
        let mut came = 0;
        for task in tasks {
            match task.await.expect("ends") {
                Ok(_) => came += 1,
                refused => assert_eq!(refusal(refused), JoinRefusal::DeadInvitation),
            }
        }
        assert_eq!(came, 1);
        assert_eq!(domain::community::CommunityStore::size(&home.store).await.expect("answers"), 2);
    }

    async fn of_twenty_who_try_the_last_place_at_once_one_comes_in(home: &Home) {
        home.allow_members(2).await;
        let group = Invited::Group { label: "Choir".into(), uses: 20 };
        home.store.keep_invitation(&home.ana, &invitation("choir", group)).await.expect("keeps");
        let tasks: Vec<_> = (0..20)
            .map(|number| {
                let store = home.store.clone();
                let member = new_member(&format!("guest{number}"), BEGINNING);
                tokio::spawn(async move { store.join("choir", &member).await })
            })
            .collect();
        let mut came = 0;
        for task in tasks {
            match task.await.expect("ends") {
                Ok(_) => came += 1,
                refused => assert_eq!(refusal(refused), JoinRefusal::Full),
            }
        }
        assert_eq!(came, 1);
    }

    async fn a_taken_name_is_refused_and_uses_nothing_up(home: &Home) {
        home.store.keep_invitation(&home.ana, &invitation("once", for_one())).await.expect("keeps");
        assert_eq!(refusal(home.store.join("once", &new_member("ana", BEGINNING)).await), JoinRefusal::NameTaken);
        home.store.join("once", &new_member("bo", BEGINNING)).await.expect("still works");
    }

    async fn whatever_is_wrong_with_a_code_it_opens_nothing(home: &Home) {
        let bo = home.member("bo").await;
        let kept = home.store.keep_invitation(&bo, &invitation("revoked", for_one())).await.expect("keeps");
        assert!(home.store.open_invitation("revoked", BEGINNING).await.expect("answers").is_some());
        assert!(home.store.open_invitation("revoked", BEGINNING.plus_days(30)).await.expect("answers").is_none(), "expired");
        let cy = home.member("cy").await;
        assert!(!home.store.revoke(&cy, kept.id).await.expect("answers"), "not hers to take back");
        assert!(home.store.revoke(&home.ana, kept.id).await.expect("answers"), "a host may");
        assert!(home.store.open_invitation("revoked", BEGINNING).await.expect("answers").is_none());
        assert!(home.store.open_invitation("never made", BEGINNING).await.expect("answers").is_none());
        assert_eq!(refusal(home.store.join("revoked", &new_member("di", BEGINNING)).await), JoinRefusal::DeadInvitation);
    }

    async fn who_came_by_the_same_link_stands_first(home: &Home) {
        for number in 0..13 {
            home.member(&format!("early{number}")).await;
        }
        let group = Invited::Group { label: "Choir".into(), uses: 5 };
        home.store.keep_invitation(&home.ana, &invitation("choir", group.clone())).await.expect("keeps");
        let singer = home.store.join("choir", &new_member("singer", BEGINNING.plus_seconds(1))).await.expect("joins");
        let open = home.store.open_invitation("choir", BEGINNING).await.expect("answers").expect("works");
        assert_eq!((open.invited, open.size, open.here.len(), open.here[0].as_str()), (group, 15, 12, "Singer"));
        let mine = home.store.invitations(&home.ana, None).await.expect("answers");
        let choir = mine.iter().find(|one| one.code == "choir").expect("listed");
        assert_eq!(choir.came.iter().map(|who| who.id).collect::<Vec<_>>(), [singer.member]);
        assert!(choir.works(BEGINNING));
        assert_eq!(home.store.invitations(&home.ana, Some(choir.id)).await.expect("answers"), std::slice::from_ref(choir));
        let singer = home.me(singer).await;
        for which in [None, Some(choir.id)] {
            assert!(home.store.invitations(&singer, which).await.expect("answers").is_empty(), "others' are not hers");
        }
        let person = home.store.person(&viewer(&singer), &handle("singer")).await.expect("answers").expect("there");
        assert_eq!(person.invited_by.map(|by| by.id), Some(home.ana.id));
    }

    async fn who_may_invite_is_asked_when_the_invitation_is_kept(home: &Home) {
        let bo = home.member("bo").await;
        home.store.keep_invitation(&bo, &invitation("while all may", for_one())).await.expect("keeps");
        home.let_invite(WhoInvites::Hosts).await;
        let late = home.store.keep_invitation(&bo, &invitation("too late", for_one())).await;
        assert_eq!(refusal(late), InviteRefusal::HostsOnly);
        home.store.save_role(&home.admin(), &bo.name, Role::Host).await.expect("keeps");
        home.store.keep_invitation(&bo, &invitation("as a host", for_one())).await.expect("what he is by now counts");
    }

    async fn an_ask_reaches_every_host_and_is_answered_once(home: &Home) {
        home.store.keep_ask(&ask(1)).await.expect("keeps");
        let lines = home.store.notifications(&home.ana, None, 9).await.expect("answers");
        assert_eq!(lines[0].happening, Happening::Asked { name: "Asker 1".into() });
        assert_eq!(home.store.ask_answer("digest 1").await.expect("answers"), Some(AskAnswer::Waiting));
        assert_eq!(home.store.ask_answer("digest 9").await.expect("answers"), None);
        let waiting = home.store.asks(&home.host()).await.expect("answers");
        assert_eq!(home.store.ask(&home.host(), waiting[0].id).await.expect("answers").as_ref(), waiting.first());
        let new = invitation("welcome", for_one());
        assert!(home.store.answer_ask(&home.host(), waiting[0].id, Some(&new), "").await.expect("answers"));
        assert!(!home.store.answer_ask(&home.host(), waiting[0].id, None, "sorry").await.expect("answers"), "answered already");
        assert_eq!(home.store.ask_answer("digest 1").await.expect("answers"), Some(AskAnswer::Welcome { code: "welcome".into() }));
        assert!(!home.store.answer_ask(&home.host(), AskId(5), None, "").await.expect("answers"));
        home.store.keep_ask(&ask(2)).await.expect("keeps");
        let waiting = home.store.asks(&home.host()).await.expect("answers");
        assert!(home.store.answer_ask(&home.host(), waiting[0].id, None, "not now").await.expect("answers"));
        assert_eq!(home.store.ask_answer("digest 2").await.expect("answers"), Some(AskAnswer::Declined { words: "not now".into() }));
    }

    async fn no_more_ask_than_the_hosts_can_read(home: &Home) {
        for number in 0..MOST_WAITING {
            home.store.keep_ask(&ask(number)).await.expect("keeps");
        }
        assert_eq!(refusal(home.store.keep_ask(&ask(1000)).await), AskRefusal::TooMany);
    }
}
