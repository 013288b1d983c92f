//! Rounds: who is in the deck, who has which card, and what a card tells to whom.

use crate::{
    home::{BEGINNING, Home, Plain, chosen, handle, refusal, viewer},
    hosting::{host, remove},
};
use domain::{
    gatherings::{
        Answer, Gathering, GatheringStore, NewGathering,
        room::{Place, RoomStore},
    },
    hosting::{
        notes::Notes,
        round::{Active, Deed, LEASE_SECONDS, Round, RoundRefusal, RoundStore, Rounds, Since, Standing, deck},
        sentences::{SentenceAnswer, SentenceStore, Sentences},
    },
    ids::MemberId,
    time::{Clock, Timestamp},
    timeline::{Audience, NewPost, ReplyForm, Timeline, TimelineStore},
    viewer::{Host, Me},
};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// A clock that goes on by a second whenever it is looked at.
struct Ticks(AtomicI64);

impl Clock for Ticks {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.fetch_add(1000, Ordering::Relaxed))
    }
}

/// The service, from an instant on.
fn rounds(home: &Home, from: Timestamp) -> Rounds {
    let (kept, clock) = (Arc::new(home.store.clone()), Arc::new(Ticks(from.0.into())));
    let timeline = Timeline::new(kept.clone(), (kept.clone(), kept.clone()), Arc::new(Plain), clock.clone());
    let (sentences, notes) = (Sentences::new(kept.clone(), clock.clone()), Notes::new(kept.clone(), clock.clone()));
    Rounds::new((kept.clone(), kept), (sentences, notes), timeline, clock)
}

/// The first session of a gathering.
fn first_of(gathering: &Gathering) -> Place {
    Place { gathering: gathering.id, session: gathering.session(gathering.schedule.first).expect("a session") }
}

async fn active(home: &Home, since: Timestamp) -> Vec<String> {
    let mut names: Vec<String> = home
        .store
        .active_since(&home.host(), since)
        .await
        .expect("answers")
        .into_iter()
        .map(|Active { sorted_as, .. }| sorted_as)
        .collect();
    names.sort();
    names
}

/// Begins a round of all that has been about since the beginning, at the next minute.
async fn begin(home: &Home) -> Round {
    let (host, at) = (home.host(), home.now());
    let about = home.store.active_since(&host, BEGINNING.plus_days(-1)).await.expect("answers");
    home.store.begin_round(&host, BEGINNING.plus_days(-1), &deck(about, home.ana.id, at), at).await.expect("keeps");
    going(home).await
}

async fn going(home: &Home) -> Round {
    home.store.round(&home.host(), None).await.expect("answers").expect("a round")
}

async fn takes(home: &Home, by: &Host, name: &str, at: Timestamp) -> bool {
    home.store.take_card(by, &handle(name), at).await.expect("answers")
}

/// How a card stands for ana.
async fn stands(home: &Home, name: &str, at: Timestamp) -> String {
    let round = going(home).await;
    match round.card(&handle(name)).expect("a card").stands_for(home.ana.id, at) {
        Standing::Open => "open".into(),
        Standing::Held(by) => format!("held by {}", by.name),
        Standing::Seen => "seen".into(),
        Standing::Oneself => "oneself".into(),
    }
}

laws! {
    async fn whoever_does_something_that_all_may_see_has_been_about(home: &Home) {
        let people: Vec<Me> = {
            let mut people = Vec::new();
            for name in ["bo", "cy", "di", "eve", "flo", "gil"] {
                people.push(home.member(name).await);
            }
            people
        };
        let [bo, cy, di, eve, flo, gil] = &people[..] else { panic!("six") };
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        let secret = domain::gatherings::NewGathering { audience: Audience::Named, named: vec![gil.id], ..home.new_gathering("Secret", Audience::Named) };
        let secret = home.store.keep_gathering(&home.ana, &secret).await.expect("keeps");
        let secret = home.store.gathering(&viewer(gil), &secret).await.expect("answers").expect("there");
        let since = home.now();
        assert_eq!(active(home, since).await, Vec::<String>::new());
        let post = home.post(bo, "soup").await;
        home.reply(cy, post, "bread").await;
        home.store.react(di, post, "🍲", true, home.now()).await.expect("keeps");
        assert_eq!(active(home, BEGINNING.plus_days(900)).await, Vec::<String>::new());
        home.answer(eve, &kept, kept.schedule.first, Answer::Yes, "").await;
        // What is for named people makes nobody appear, not even to those who see it.
        home.post_for(flo, Audience::Named, &[&home.ana]).await;
        home.answer(gil, &secret, secret.schedule.first, Answer::Yes, "").await;
        let about = active(home, since).await;
        // A reaction has the machine's time for its own.
        assert_eq!(about, ["bo", "cy", "di", "eve"]);
        home.member("hal").await;
        assert!(active(home, since).await.contains(&"hal".to_owned()));
        assert!(home.store.take_back(bo, post).await.expect("answers"));
        assert!(!active(home, since).await.contains(&"bo".to_owned()));
    }

    async fn pictures_are_on_a_card_and_show_that_somebody_was_about(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        let slug = home.gathering(&home.ana, "Drawing", Audience::Community).await;
        let drawing = first_of(&home.kept(&slug).await);
        let new = NewGathering { named: vec![cy.id, home.ana.id], ..home.new_gathering("Secret", Audience::Named) };
        let secret = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let secret = first_of(&home.kept(&secret).await);
        let since = home.now();
        let hangs = async |who: &Me, place: Place, hashes: &[&str]| {
            for hash in hashes {
                let picture = chosen(home.picture(who, hash).await, "");
                home.store.hang_up(who, place, &[picture], "", home.now()).await.expect("hangs");
            }
        };
        hangs(&bo, drawing, &["one", "two"]).await;
        hangs(&cy, secret, &["three"]).await;
        // What hangs where not all may see it makes nobody appear.
        assert_eq!(active(home, since).await, ["bo"]);
        let post = NewPost { pictures: vec![chosen(home.picture(&cy, "four").await, ""), chosen(home.picture(&cy, "five").await, "")], ..home.text("") };
        home.store.keep_post(&cy, &post).await.expect("keeps");
        let doings = async |who: &Me, since| home.store.doings(&home.host(), who.id, since).await.expect("answers");
        let hung = async |who: &Me, since| {
            let hung: Vec<_> = doings(who, since).await.hung.into_iter().map(|hung| (hung.title, hung.date, hung.many)).collect();
            hung
        };
        let on = drawing.session.date.to_string();
        assert_eq!(hung(&bo, since).await, [("Drawing".to_owned(), on.clone(), 2)]);
        assert_eq!(hung(&cy, since).await, [("Secret".to_owned(), on, 1)]);
        assert_eq!(hung(&bo, home.now()).await, []);
        let wrote: Vec<_> = doings(&cy, since).await.wrote.into_iter().map(|wrote| wrote.pictures).collect();
        assert_eq!(wrote, [2]);
    }

    async fn of_two_who_begin_at_once_the_second_goes_along_with_the_first(home: &Home) {
        for name in ["bo", "cy"] {
            home.member(name).await;
        }
        let mut begun = Vec::new();
        for _ in 0..4 {
            let (store, host, at) = (home.store.clone(), home.host(), home.now());
            begun.push(tokio::spawn(async move {
                let deck = deck(store.active_since(&host, BEGINNING.plus_days(-1)).await.expect("answers"), host.me().id, at);
                store.begin_round(&host, BEGINNING, &deck, at).await.expect("keeps")
            }));
        }
        let mut ids = Vec::new();
        for one in begun {
            ids.push(one.await.expect("ends"));
        }
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        assert_eq!(going(home).await.cards.len(), 2);
    }

    async fn a_card_is_one_hosts_until_they_go_on_leave_or_fall_silent(home: &Home) {
        for name in ["bo", "cy"] {
            home.member(name).await;
        }
        let kofi = host(home, "kofi").await;
        begin(home).await;
        let at = home.now();
        assert!(takes(home, &kofi, "bo", at).await && !takes(home, &home.host(), "bo", at).await);
        assert_eq!(stands(home, "bo", at).await, "held by kofi");
        // Going on gives up the former.
        assert!(takes(home, &kofi, "cy", at).await);
        assert_eq!((stands(home, "bo", at).await.as_str(), stands(home, "cy", at).await.as_str()), ("open", "held by kofi"));
        home.store.give_up_card(&kofi).await.expect("keeps");
        assert_eq!(stands(home, "cy", at).await, "open");
        // A crash frees it when the lease ends; renewing keeps it.
        assert!(takes(home, &kofi, "bo", at).await && takes(home, &kofi, "bo", at.plus_seconds(LEASE_SECONDS - 1)).await);
        assert!(!takes(home, &home.host(), "bo", at.plus_seconds(LEASE_SECONDS)).await);
        assert!(takes(home, &home.host(), "bo", at.plus_seconds(2 * LEASE_SECONDS)).await);
        // Nobody has their own card.
        assert!(!takes(home, &kofi, "kofi", at).await && !takes(home, &kofi, "nobody", at).await);
    }

    async fn of_twenty_who_take_a_card_at_once_one_has_it(home: &Home) {
        home.member("bo").await;
        let mut hosts = Vec::new();
        for at in 0..10 {
            hosts.push(host(home, &format!("host{at}")).await);
        }
        begin(home).await;
        let at = home.now();
        let tries: Vec<_> = hosts
            .iter()
            .map(|host| {
                let (store, host) = (home.store.clone(), host.clone());
                tokio::spawn(async move { store.take_card(&host, &handle("bo"), at).await.expect("answers") })
            })
            .collect();
        let mut took = 0;
        for one in tries {
            took += usize::from(one.await.expect("ends"));
        }
        assert_eq!(took, 1);
    }

    async fn seen_by_one_is_seen_for_all_and_the_last_ends_the_round(home: &Home) {
        for name in ["bo", "cy"] {
            home.member(name).await;
        }
        let kofi = host(home, "kofi").await;
        let round = begin(home).await;
        let at = home.now();
        let see = async |by: &Host, name: &str| home.store.see_card(by, &handle(name), at).await;
        assert!(takes(home, &kofi, "bo", at).await);
        assert_eq!(refusal(see(&home.host(), "bo").await), RoundRefusal::Held { by: "Kofi".into(), who: "Bo".into() });
        assert_eq!((refusal(see(&kofi, "kofi").await), refusal(see(&kofi, "nobody").await)), (RoundRefusal::Oneself, RoundRefusal::Gone));
        assert_eq!(see(&kofi, "bo").await.expect("seen"), round.id);
        see(&home.host(), "bo").await.expect("seen before, which is as good");
        assert_eq!(stands(home, "bo", at).await, "seen");
        see(&kofi, "cy").await.expect("seen");
        see(&home.host(), "kofi").await.expect("seen");
        assert!(home.store.round(&home.host(), None).await.expect("answers").is_none());
        let over = home.store.round(&home.host(), Some(round.id)).await.expect("answers").expect("kept");
        assert_eq!((over.ended_at, over.seen(), over.is_through()), (Some(at), 3, true));
        let seen: Vec<_> = over.done_by(Deed::Seen).into_iter().map(|(by, many)| (by.display_name.as_str(), many)).collect();
        assert_eq!(seen, [("Kofi", 2), ("Ana", 1)]);
    }

    async fn a_person_removed_in_the_middle_leaves_the_deck(home: &Home) {
        let (bo, _cy) = (home.member("bo").await, home.member("cy").await);
        let kofi = host(home, "kofi").await;
        let round = begin(home).await;
        let at = home.now();
        assert!(takes(home, &home.host(), "bo", at).await && takes(home, &kofi, "cy", at).await);
        home.store.did(&home.host(), bo.id, Deed::Greeted).await;
        remove(home, &bo).await;
        assert_eq!(refusal(home.store.see_card(&home.host(), &handle("bo"), at).await), RoundRefusal::Gone);
        assert_eq!(going(home).await.cards.len(), round.cards.len() - 1);
        // A host who is removed gives up what they had.
        remove(home, kofi.me()).await;
        assert_eq!((going(home).await.cards.len(), stands(home, "cy", at).await.as_str()), (1, "open"));
        home.store.end_round(&home.host(), round.id, at).await.expect("ends");
        assert!(home.store.round(&home.host(), None).await.expect("answers").is_none());
    }

    async fn a_round_ends_when_whoever_was_left_in_it_is_removed(home: &Home) {
        let (_bo, cy) = (home.member("bo").await, home.member("cy").await);
        let round = begin(home).await;
        let rounds = rounds(home, home.now());
        rounds.see(&home.host(), "bo").await.expect("seen");
        assert!(rounds.going(&home.host()).await.expect("answers").is_some());
        remove(home, &cy).await;
        assert!(rounds.going(&home.host()).await.expect("answers").is_none());
        let over = home.store.round(&home.host(), Some(round.id)).await.expect("answers").expect("kept");
        assert!(over.ended_at.is_some());
    }

    async fn the_next_round_looks_back_to_before_the_deck_of_this_one_was_read(home: &Home) {
        home.member("bo").await;
        let now = home.now();
        let rounds = rounds(home, now);
        rounds.begin(&home.host(), Since::Week).await.expect("begins");
        assert_eq!(going(home).await.begun_at, now);
    }

    async fn an_answer_counts_for_whoever_wrote_what_was_answered(home: &Home) {
        let (bo, _cy) = (home.member("bo").await, home.member("cy").await);
        let post = home.post(&bo, "Who is in for soup?").await;
        begin(home).await;
        let form = ReplyForm { markdown: "I am.".into(), ..ReplyForm::default() };
        rounds(home, home.now()).reply(&home.host(), post, &form).await.expect("answers");
        let about: Vec<_> = going(home).await.deeds.into_iter().map(|(_, about, _)| about).collect();
        assert_eq!(about, [bo.id]);
    }

    async fn whoever_ends_a_round_ends_no_other_that_was_begun_meanwhile(home: &Home) {
        home.member("bo").await;
        let first = begin(home).await;
        home.store.end_round(&home.host(), first.id, home.now()).await.expect("ends");
        let second = begin(home).await;
        home.store.end_round(&home.host(), first.id, home.now()).await.expect("ends nothing");
        assert_eq!(going(home).await.id, second.id);
    }

    async fn somebody_whom_two_hosts_answered_is_one_person_and_oneself_is_none(home: &Home) {
        let bo = home.member("bo").await;
        let kofi = host(home, "kofi").await;
        begin(home).await;
        for (by, about) in [(&kofi, bo.id), (&home.host(), bo.id), (&kofi, kofi.me().id)] {
            home.store.did(by, about, Deed::Answered).await;
        }
        let round = going(home).await;
        assert_eq!((round.done_for(Deed::Answered), round.done_by(Deed::Answered).len()), (1, 2));
    }

    async fn a_deed_counts_once_for_each_person_and_only_in_a_round(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        home.store.did(&home.host(), bo.id, Deed::Answered).await;
        let round = begin(home).await;
        for _ in 0..3 {
            home.store.did(&home.host(), bo.id, Deed::Answered).await;
        }
        home.store.did(&home.host(), cy.id, Deed::Answered).await;
        home.store.did(&home.host(), MemberId(7), Deed::Answered).await;
        assert_eq!(going(home).await.done_by(Deed::Answered).into_iter().map(|(_, many)| many).collect::<Vec<_>>(), [2]);
        for deed in Deed::ALL {
            home.store.did(&home.host(), cy.id, deed).await;
        }
        let round_now = going(home).await;
        assert_eq!(Deed::ALL.map(|deed| round_now.done_for(deed)), [1, 2, 1, 1, 1], "each kind is kept");
        assert_eq!(home.store.newest_round(&home.host()).await.expect("answers"), Some((round.id, round.begun_at)));
    }

    async fn a_card_tells_what_the_host_may_see_and_nothing_else(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        let kofi = host(home, "kofi").await;
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        let new = domain::gatherings::NewGathering { named: vec![bo.id], ..home.new_gathering("Secret", Audience::Named) };
        let secret = home.store.keep_gathering(&cy, &new).await.expect("keeps");
        let secret = home.store.gathering(&viewer(&bo), &secret).await.expect("answers").expect("there");
        let since = home.now();
        let alone = home.post(&bo, "nobody answers").await;
        let answered = home.post(&bo, "somebody answers").await;
        let reacted = home.post(&bo, "somebody reacts").await;
        home.reply(&bo, alone, "I say it again myself").await;
        home.reply(&cy, answered, "here I am").await;
        home.store.react(&cy, reacted, "🍲", true, home.now()).await.expect("keeps");
        home.store.react(&bo, alone, "🍲", true, home.now()).await.expect("keeps");
        let to_ana = home.post_for(&bo, Audience::Named, &[&home.ana]).await;
        home.post_for(&bo, Audience::Named, &[&cy]).await;
        home.answer(&bo, &kept, kept.schedule.first, Answer::Maybe, "").await;
        home.answer(&bo, &secret, secret.schedule.first, Answer::Yes, "").await;
        let doings = async |by: &Host| home.store.doings(by, bo.id, since).await.expect("answers");
        let seen = doings(&home.host()).await;
        let wrote: Vec<_> = seen.wrote.iter().map(|wrote| (wrote.excerpt.as_str(), wrote.is_unanswered())).collect();
        assert_eq!(
            wrote,
            [("for some", true), ("I say it again myself", false), ("somebody reacts", false), ("somebody answers", false), ("nobody answers", true)]
        );
        assert_eq!((seen.wrote[0].id, seen.wrote[1].answers.as_deref()), (to_ana, Some("Bo")));
        assert_eq!(seen.wrote.iter().map(|wrote| wrote.named).collect::<Vec<_>>(), [2, 0, 0, 0, 0], "its author and the host");
        let came: Vec<_> = seen.came.iter().map(|came| (came.title.as_str(), came.answer)).collect();
        assert_eq!(came, [("Soup", Answer::Maybe)]);
        // Kofi is not among those for whom it was.
        assert_eq!(doings(&kofi).await.wrote.len(), 4);
        assert_eq!(home.store.doings(&home.host(), bo.id, home.now()).await.expect("answers").wrote, []);
    }

    async fn a_card_says_when_a_host_last_spoke_to_them_as_far_as_one_may_know(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        let kofi = host(home, "kofi").await;
        let spoken = async |by: &Host| home.store.doings(by, bo.id, BEGINNING).await.expect("answers").spoken.map(|spoken| spoken.post);
        let post = home.post(&bo, "soup").await;
        home.reply(&cy, post, "no host").await;
        assert_eq!(spoken(&home.host()).await, None);
        let reply = home.reply(kofi.me(), post, "a host").await;
        assert_eq!(spoken(&home.host()).await, Some(reply));
        let private = home.post_for(kofi.me(), Audience::Named, &[&bo]).await;
        assert_eq!((spoken(&home.host()).await, spoken(&kofi).await), (Some(reply), Some(private)));
        home.store.take_back(kofi.me(), private).await.expect("answers");
        assert_eq!(spoken(&kofi).await, Some(reply));
    }

    async fn a_card_takes_as_many_statements_for_much_as_for_nothing(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        for text in ["one", "two", "three", "four"] {
            let post = home.post(&bo, text).await;
            home.reply(&home.ana, post, "yes").await;
        }
        let statements = async |about: MemberId| {
            let before = home.store.queries();
            home.store.doings(&home.host(), about, BEGINNING).await.expect("answers");
            home.store.queries() - before
        };
        assert_eq!((statements(bo.id).await, statements(cy.id).await), (4, 4));
    }

    async fn the_draft_is_made_of_what_stands_in_the_order_of_the_deck(home: &Home) {
        for name in ["di", "bo", "cy"] {
            let me = home.member(name).await;
            let words = format!("Is {name}.");
            home.store.propose_sentence(&home.host(), &me.name, &words, home.now()).await.expect("keeps");
            if name != "cy" {
                home.store.answer_sentence(&me, &SentenceAnswer::Stand { seen: words }, home.now()).await.expect("keeps");
            }
        }
        let round = begin(home).await;
        let standing = home.store.standing_sentences(&home.host(), round.id).await.expect("answers");
        assert_eq!(standing, [(handle("bo"), "Is bo.".into()), (handle("di"), "Is di.".into())]);
    }
}
