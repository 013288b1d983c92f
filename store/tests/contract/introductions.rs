//! Whom a host could introduce to whom, and what became of it.

use crate::home::{Home, handle, new_member, refusal, viewer};
use domain::{
    gatherings::{
        attendance::KnownBy,
        room::{NewAttendance, Place, RoomStore},
    },
    ids::{MemberId, PostId},
    introductions::{IntroductionRefusal, IntroductionStore, MOST_SAID, NewIntroduction, Pair, Went},
    invitations::InvitationStore,
    notifications::{Happening, NotificationStore},
    people::PeopleStore,
    time::Timestamp,
    timeline::{Audience, NewPost, TimelineStore},
    viewer::Me,
};
use std::collections::{BTreeMap, BTreeSet};

fn pair(one: &Me, other: &Me) -> Pair {
    Pair::of(one.id, other.id).expect("two people")
}

fn introduction(home: &Home, one: &Me, other: &Me, audience: Audience) -> NewIntroduction {
    let named = if audience == Audience::Named { pair(one, other).both().to_vec() } else { Vec::new() };
    NewIntroduction { pair: pair(one, other), post: NewPost { audience, named, ..home.text("Meet each other.") } }
}

async fn introduced(home: &Home, me: &Me) -> Vec<String> {
    let lines = home.store.notifications(me, None, 9).await.expect("answers");
    let mut to = Vec::new();
    for line in lines {
        match line.happening {
            Happening::Introduced { to: whom, .. } => to.push(whom),
            other => to.push(format!("{other:?}")),
        }
    }
    to
}

laws! {
    async fn what_a_host_may_see_of_people_is_evidence_and_nothing_else(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        home.post(&bo, "I fire a kiln.").await;
        home.post_for(&bo, Audience::Named, &[&cy]).await;
        home.post_for(&bo, Audience::Named, &[&home.ana]).await;
        let early = NewPost { at: home.now().plus_days(-40), ..home.text("Long ago.") };
        home.store.keep_post(&bo, &early).await.expect("keeps");
        let taken = home.post(&cy, "Never mind.").await;
        assert!(home.store.take_back(&cy, taken).await.expect("answers"));
        let slug = home.gathering(&home.ana, "Soup night", Audience::Community).await;
        let kept = home.kept(&slug).await;
        let place = Place { gathering: kept.id, session: kept.session(kept.schedule.first).expect("a session") };
        let members = BTreeMap::from([(bo.id, true), (cy.id, false)]);
        let new = NewAttendance { members, known_by: KnownBy::Themselves, others: None, at: home.now() };
        home.store.keep_attendance(place, &new).await.expect("keeps");
        home.store.leave_alone(&home.host(), pair(&bo, &cy), home.now()).await.expect("keeps");
        home.store.leave_alone(&home.host(), pair(&bo, &cy), home.now()).await.expect("keeps");
        let nobody = Pair::of(bo.id, MemberId(7)).expect("two ids");
        home.store.leave_alone(&home.host(), nobody, home.now()).await.expect("nobody is left alone anyway");

        let known = home.store.evidence(&home.host(), home.now().plus_days(-30), Timestamp(0)).await.expect("answers");
        let names: Vec<_> = known.people.iter().map(|known| known.who.name.as_str()).collect();
        assert_eq!(names, ["bo", "cy"], "a host is not introduced by themselves");
        let mut said = known.people[0].said.clone();
        said.sort();
        assert_eq!((said.len(), said[0].as_str()), (2, "I fire a kiln."), "what is for others, or long ago, is no evidence: {said:?}");
        assert_eq!(known.people[1].said, Vec::<String>::new(), "nor what was taken back");
        home.post(&cy, &format!("{}🍲 and so on", "ü".repeat(MOST_SAID.1 - 1))).await;
        let known = home.store.evidence(&home.host(), home.now().plus_days(-30), Timestamp(0)).await.expect("answers");
        assert!(known.people[1].said[0].ends_with('🍲'), "of a long post, its beginning");
        let came = BTreeSet::from([(kept.id.0, kept.schedule.first.to_string())]);
        assert_eq!((&known.people[0].came, known.people[1].came.len()), (&came, 0));
        assert_eq!(known.gatherings, BTreeMap::from([(kept.id.0, "Soup night".to_owned())]));
        assert_eq!(known.left_alone, BTreeSet::from([pair(&bo, &cy)]));
        let later = home.store.evidence(&home.host(), home.now(), home.now().plus_days(9000)).await.expect("answers");
        assert!(later.people.iter().all(|known| known.came.is_empty()), "an evening that is long over is none");
    }

    async fn who_moved_in_with_a_party_is_known_by_it_whose_link_it_ever_was(home: &Home) {
        let party = crate::rosters::kept(home, &["bo", "cy"]).await;
        home.allow_members(9).await;
        for name in ["bo", "cy"] {
            home.store.join(&format!("code-of-{name}"), &new_member(name, home.now())).await.expect("joins");
        }
        home.member("di").await;
        let known = home.store.evidence(&home.host(), Timestamp(0), Timestamp(0)).await.expect("answers");
        let parties: Vec<_> = known.people.iter().map(|known| (known.who.name.as_str(), known.party)).collect();
        assert_eq!(parties, [("bo", Some(party)), ("cy", Some(party)), ("di", None)]);
        assert_ne!(known.people[0].invitation, known.people[1].invitation, "each came by their own link");
    }

    async fn who_answered_the_other_has_spoken_with_them_as_far_as_the_host_may_see_it(home: &Home) {
        let [bo, cy, di] = [home.member("bo").await, home.member("cy").await, home.member("di").await];
        let post = home.post(&bo, "Who has a ladder?").await;
        home.reply(&cy, post, "I do.").await;
        let secret = home.post_for(&bo, Audience::Named, &[&di]).await;
        home.reply(&di, secret, "I saw it.").await;
        let pairs = [pair(&bo, &cy), pair(&bo, &di), pair(&cy, &di)];
        assert_eq!(home.store.talked(&home.host(), &pairs).await.expect("answers"), BTreeSet::from([pair(&bo, &cy)]));
        assert_eq!(home.store.talked(&home.host(), &pairs[1..]).await.expect("answers"), BTreeSet::new());
        assert_eq!(home.store.talked(&home.host(), &[]).await.expect("answers"), BTreeSet::new());
    }

    async fn an_introduction_opens_a_thread_and_tells_the_two_once(home: &Home) {
        let [bo, cy, di] = [home.member("bo").await, home.member("cy").await, home.member("di").await];
        let new = introduction(home, &bo, &cy, Audience::Named);
        let post = home.store.introduce(&home.host(), &new).await.expect("introduces");
        assert_eq!(introduced(home, &bo).await, ["Cy"]);
        assert_eq!(introduced(home, &cy).await, ["Bo"]);
        assert!(home.store.post(&viewer(&bo), post).await.expect("answers").is_some());
        assert!(home.store.post(&viewer(&di), post).await.expect("answers").is_none());
        assert_eq!(
            refusal(home.store.introduce(&home.host(), &new).await),
            IntroductionRefusal::Before { by: Some(home.ana.display_name.clone()) }
        );
        let seen = async |me: &Me, post: PostId| home.store.introduction(me, post).await.expect("answers");
        assert!(seen(&bo, post).await.is_some() && seen(&home.ana, post).await.is_some() && seen(&di, post).await.is_none());
        let open = home.store.introduce(&home.host(), &introduction(home, &bo, &di, Audience::Community)).await.expect("introduces");
        let made = home.store.introductions(&home.host(), 9).await.expect("answers");
        let told: Vec<_> = made.iter().map(|one| (one.post, one.on_timeline, one.two.clone().map(|who| who.name))).collect();
        let names = |one: &str, other: &str| [handle(one), handle(other)];
        assert_eq!(told, [(open, true, names("bo", "di")), (post, false, names("bo", "cy"))]);
        assert_eq!(home.store.introductions(&home.host(), 1).await.expect("answers").len(), 1);
        let known = home.store.evidence(&home.host(), Timestamp(0), Timestamp(0)).await.expect("answers");
        assert_eq!(known.left_alone, BTreeSet::from([pair(&bo, &cy), pair(&bo, &di)]), "they are not proposed again");
    }

    async fn what_became_of_it_is_seen_in_its_thread_and_elsewhere(home: &Home) {
        let [bo, cy, di] = [home.member("bo").await, home.member("cy").await, home.member("di").await];
        let post = home.store.introduce(&home.host(), &introduction(home, &bo, &cy, Audience::Named)).await.expect("introduces");
        let other = home.store.introduce(&home.host(), &introduction(home, &bo, &di, Audience::Named)).await.expect("introduces");
        let went = async |post: PostId| {
            let made = home.store.introductions(&home.host(), 9).await.expect("answers");
            made.into_iter().find(|one| one.post == post).expect("made").went(home.now().plus_days(1))
        };
        assert_eq!(went(post).await, Went::Neither);
        home.reply(&cy, post, "Hello Bo.").await;
        assert_eq!(went(post).await, Went::One(1));
        home.reply(&bo, post, "Hello Cy.").await;
        assert_eq!(went(post).await, Went::Both);
        let secret = home.post_for(&di, Audience::Named, &[&bo]).await;
        home.reply(&bo, secret, "Yes.").await;
        assert_eq!(went(other).await, Went::Neither, "what is for others does not count");
        let asked = home.post(&di, "Where do you meet?").await;
        home.reply(&bo, asked, "At the well.").await;
        assert_eq!(went(other).await, Went::Both);
    }

    async fn who_would_rather_not_says_so_to_nobody(home: &Home) {
        let [bo, cy, di] = [home.member("bo").await, home.member("cy").await, home.member("di").await];
        let post = home.store.introduce(&home.host(), &introduction(home, &bo, &cy, Audience::Named)).await.expect("introduces");
        let before = home.newest().await;
        assert!(home.store.decline(&cy, post, home.now()).await.expect("answers"));
        assert!(!home.store.decline(&di, post, home.now()).await.expect("answers"), "it is not about them");
        assert!(home.told_after(before).await.is_empty());
        let declined = async |me: &Me| home.store.introduction(me, post).await.expect("answers").expect("there").1;
        assert_eq!([declined(&bo).await, declined(&cy).await, declined(&home.ana).await], [false, true, false]);
        assert_eq!(introduced(home, &bo).await.len(), 1);
    }

    async fn who_was_introduced_is_not_again_when_the_host_takes_it_back(home: &Home) {
        let [bo, cy, di] = [home.member("bo").await, home.member("cy").await, home.member("di").await];
        home.store.leave_alone(&home.host(), pair(&bo, &cy), home.now()).await.expect("keeps");
        for (one, other, declined) in [(&bo, &cy, true), (&bo, &di, false)] {
            let new = introduction(home, one, other, Audience::Named);
            let post = home.store.introduce(&home.host(), &new).await.expect("introduces, also whom a host passed over");
            assert!(!declined || home.store.decline(other, post, home.now()).await.expect("answers"));
            assert!(home.store.take_back(&home.ana, post).await.expect("answers"));
            assert!(home.store.introduction(one, post).await.expect("answers").is_none());
            // It is refused in the same words whether or not one of them declined.
            assert_eq!(refusal(home.store.introduce(&home.host(), &new).await), IntroductionRefusal::Before { by: None });
        }
    }

    async fn where_somebody_lives_is_kept_with_their_profile(home: &Home) {
        let bo = home.member("bo").await;
        let mut profile = new_member("bo", home.now()).profile;
        profile.town = "Alfama".into();
        home.store.save_profile(&bo, &profile).await.expect("keeps");
        let known = home.store.evidence(&home.host(), Timestamp(0), Timestamp(0)).await.expect("answers");
        assert_eq!(known.people[0].town, "Alfama");
        let person = home.store.person(&viewer(&home.ana), &handle("bo")).await.expect("answers").expect("there");
        assert_eq!(person.town, "Alfama");
    }

    async fn another_host_hears_that_two_were_introduced_and_nothing_of_what_was_said(home: &Home) {
        let (bo, cy, di) = (home.member("bo").await, home.member("cy").await, crate::hosting::host(home, "di").await);
        let post = home.store.introduce(&home.host(), &introduction(home, &bo, &cy, Audience::Named)).await.expect("introduces");
        home.reply(&bo, post, "A secret of the kiln.").await;
        assert!(home.store.decline(&cy, post, home.now()).await.expect("answers"));
        assert!(home.store.introductions(&di, 9).await.expect("answers").is_empty(), "the thread is not theirs to read");
        let heard = home.store.introduced_elsewhere(&di, 9).await.expect("answers");
        let facts: Vec<_> = heard.iter().map(|fact| (fact.by.id, fact.two.clone().map(|who| who.id))).collect();
        assert_eq!(facts, [(home.ana.id, [bo.id, cy.id])]);
        let all = format!("{heard:?}");
        assert!(!all.contains("secret") && !all.contains("Meet each other") && !all.contains(&post.to_string()), "{all}");
        assert!(home.store.introduced_elsewhere(&home.host(), 9).await.expect("answers").is_empty(), "whoever made it sees it all");
        // What stands on the timeline is seen anyway; and what was taken back is no fact.
        let ed = home.member("ed").await;
        home.store.introduce(&home.host(), &introduction(home, &bo, &ed, Audience::Community)).await.expect("introduces");
        assert_eq!(home.store.introduced_elsewhere(&di, 9).await.expect("answers").len(), 1);
        assert!(home.store.take_back(&home.ana, post).await.expect("answers"));
        assert!(home.store.introduced_elsewhere(&di, 9).await.expect("answers").is_empty());
    }
}
