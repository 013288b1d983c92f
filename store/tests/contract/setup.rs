//! Founding: interrupted at each step and gone on with, from a database that is opened anew each time.

use crate::home::{self, BEGINNING, Place, new_gathering, new_member, new_place, refusal, rules, viewer};
use domain::{
    community::{CommunityStore, palette},
    gatherings::{GatheringStore, NewGathering, PlanRefusal},
    ids::PictureId,
    invitations::{InvitationStore, Invited, NewInvitation, NewMember},
    people::Role,
    prose::SafeHtml,
    setup::{SetupStore, Step},
    sign_in::{SignInStore, SignedIn},
    timeline::Audience,
};
use store::Store;

const KEY: &str = "the key";

/// Takes one step; `false` if the key did not let it.
async fn take(store: &Store, step: Step) -> bool {
    let founder = NewMember { role: Role::Admin, ..new_member("ana", BEGINNING) };
    let taken = match step {
        Step::Place => store.save_place(KEY, &new_place("The Porch")).await,
        Step::Founder => store.save_founder(KEY, &founder).await.map(|founder| founder.is_some()),
        Step::Looks => store.save_looks(KEY, palette::FIRST_ACCENT, "Come in.", &SafeHtml::default()).await,
        Step::Rules => store.save_first_rules(KEY, &rules("Be kind.")).await,
        Step::Gathering => store.pass(KEY, Step::Gathering).await,
        Step::Invitation => store.finish(KEY).await,
    };
    taken.expect("answers")
}

async fn interrupted_at_each_step(place: Place) {
    let mut founder: Option<SignedIn> = None;
    for step in Step::ALL {
        // A new process, which would make a new key if there were none.
        let store = Store::open(&place.location).await.expect("opens");
        let fresh = if step == Step::Place { KEY } else { "another" };
        assert_eq!(store.key(fresh).await.expect("answers").as_deref(), Some(KEY));
        assert_eq!(store.progress("wrong").await.expect("answers"), None);
        assert_eq!(store.community().await.expect("answers"), None, "not founded yet");
        let progress = store.progress(KEY).await.expect("answers").expect("the key is right");
        assert_eq!((progress.step, progress.founder), (step, founder));
        // The last two may be left for later; whatever else is not at its turn is refused, and what was taken may be taken again.
        for other in Step::ALL.into_iter().filter(|other| *other != step && *other != Step::Invitation) {
            assert_eq!(take(&store, other).await, other < step, "{other:?} at {step:?}");
        }
        assert_eq!(store.progress(KEY).await.expect("answers").expect("under way").step, step);
        assert!(take(&store, step).await);
        founder = store.progress(KEY).await.expect("answers").and_then(|progress| progress.founder);
        store.close().await;
    }
    let store = Store::open(&place.location).await.expect("opens");
    assert_eq!(store.key("another").await.expect("answers"), None, "the key is gone, and none is made again");
    for step in Step::ALL {
        assert!(!take(&store, step).await, "{step:?} when all is done");
    }
    assert_eq!(store.community().await.expect("answers").map(|community| community.name), Some("The Porch".into()));
    assert_eq!(store.rules().await.expect("answers").map(|rules| rules.version), Some(1));
    assert_eq!(store.size().await.expect("answers"), 1, "there is one founder");
    assert_eq!(store.problems().await.expect("answers"), Vec::<String>::new());
    store.close().await;
    place.end().await;
}

#[tokio::test]
async fn a_founding_goes_on_where_it_was_interrupted_in_sqlite() {
    interrupted_at_each_step(home::sqlite()).await;
}

#[tokio::test]
async fn a_founding_goes_on_where_it_was_interrupted_in_postgres() {
    interrupted_at_each_step(home::postgres().await).await;
}

/// A place that has come to the gathering's step, and its founder.
async fn at_the_gathering(place: &Place) -> (Store, SignedIn) {
    let store = Store::open(&place.location).await.expect("opens");
    store.key(KEY).await.expect("answers");
    for step in [Step::Place, Step::Founder, Step::Looks, Step::Rules] {
        assert!(take(&store, step).await, "{step:?}");
    }
    let founder = store.progress(KEY).await.expect("answers").and_then(|progress| progress.founder).expect("a founder");
    (store, founder)
}

/// How the last steps go when their buttons are pressed twenty times at once.
async fn pressed_often(place: Place) {
    let (store, founder) = at_the_gathering(&place).await;
    let me = store.me(founder).await.expect("answers").expect("the founder");

    let soup = new_gathering("Soup night", Audience::Community);
    assert!(!store.keep_first_gathering("wrong", &me, &soup).await.expect("answers"));
    let gone = NewGathering { picture: Some(PictureId(1)), ..soup.clone() };
    assert_eq!(refusal(store.keep_first_gathering(KEY, &me, &gone).await), PlanRefusal::PictureGone);
    let tries: Vec<_> = (0..20)
        .map(|_| {
            let (store, me, soup) = (store.clone(), me.clone(), soup.clone());
            tokio::spawn(async move { store.keep_first_gathering(KEY, &me, &soup).await.expect("answers") })
        })
        .collect();
    for one in tries {
        assert!(one.await.expect("ends"), "what was refused before is at its turn still");
    }
    let kept = store.gatherings(&viewer(&me), BEGINNING).await.expect("answers");
    assert_eq!(kept.iter().map(|gathering| gathering.title.as_str()).collect::<Vec<_>>(), ["Soup night"]);

    let invitation = |number: usize| NewInvitation {
        code: format!("code {number}"),
        invited: Invited::Person { name: "Bo".into(), note: String::new() },
        at: BEGINNING,
        expires_at: BEGINNING.plus_days(30),
    };
    let tries: Vec<_> = (0..20)
        .map(|number| {
            let (store, me, invitation) = (store.clone(), me.clone(), invitation(number));
            tokio::spawn(async move { store.finish_inviting(KEY, &me, &invitation).await.expect("answers") })
        })
        .collect();
    let mut made = Vec::new();
    for one in tries {
        made.extend(one.await.expect("ends"));
    }
    let kept = store.invitations(&me, None).await.expect("answers");
    assert_eq!(kept.iter().map(|invitation| invitation.id).collect::<Vec<_>>(), made);
    assert_eq!(made.len(), 1);
    assert!(store.community().await.expect("answers").is_some(), "founded");
    assert_eq!(store.problems().await.expect("answers"), Vec::<String>::new());
    store.close().await;
    place.end().await;
}

#[tokio::test]
async fn the_last_steps_make_one_thing_each_however_often_they_are_pressed_in_sqlite() {
    pressed_often(home::sqlite()).await;
}

#[tokio::test]
async fn the_last_steps_make_one_thing_each_however_often_they_are_pressed_in_postgres() {
    pressed_often(home::postgres().await).await;
}

#[tokio::test]
async fn the_place_is_read_before_it_is_founded_and_may_be_entered_again() {
    let place = home::sqlite();
    let store = Store::open(&place.location).await.expect("opens");
    store.key(KEY).await.expect("answers");
    assert_eq!(store.founding_community().await.expect("answers"), None);
    for name in ["The Porch", "The Other Porch"] {
        assert!(store.save_place(KEY, &new_place(name)).await.expect("keeps"));
        let founding = store.founding_community().await.expect("answers").expect("there");
        assert_eq!((founding.name.as_str(), founding.zone.name()), (name, "Europe/Lisbon"));
    }
    assert!(!store.finish(KEY).await.expect("answers"), "nobody would live there");
    store.close().await;
}
