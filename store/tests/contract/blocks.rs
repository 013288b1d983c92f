//! What holds for whoever blocked somebody, and that it changes nothing for anybody else.

use crate::home::{Home, viewer};
use domain::{
    blocks::BlockStore,
    gatherings::{Answer, GatheringStore, changes},
    hosting::round::RoundStore,
    ids::PostId,
    introductions::{IntroductionStore, NewIntroduction, Pair},
    notifications::NotificationStore,
    people::Role,
    pulse::PulseStore,
    sparks::unanswered::UnansweredStore,
    time::Timestamp,
    timeline::{Audience, NewPost, PostRefusal, Thread, TimelineQuery, TimelineStore},
    viewer::{Host, Me},
    weekly::WeeklyStore,
    welcome::{
        WelcomeStore,
        board::BoardStore,
        greeters::{GreeterStore, NewGreeting},
    },
};
use std::collections::BTreeSet;

async fn block(home: &Home, me: &Me, whom: &Me) {
    home.store.block(me, whom.id, home.now()).await.expect("keeps");
}

async fn notices(home: &Home, me: &Me) -> Vec<String> {
    let lines = home.store.notifications(me, None, 50).await.expect("answers");
    assert_eq!(home.store.unread(me.id).await.expect("answers") as usize, lines.len(), "as many are counted as are there");
    lines.into_iter().map(|line| format!("{} {:?}", line.by.map_or_else(String::new, |by| by.name.to_string()), line.happening)).collect()
}

async fn listed(home: &Home, me: &Me) -> Vec<PostId> {
    let posts = home.store.timeline(&viewer(me), &TimelineQuery::default(), 50).await.expect("answers");
    posts.into_iter().map(|post| post.id).collect()
}

async fn thread(home: &Home, me: &Me, post: PostId) -> Option<Thread> {
    home.store.thread(&viewer(me), post, None, 50).await.expect("answers")
}

fn pair(one: &Me, other: &Me) -> Pair {
    Pair::of(one.id, other.id).expect("two people")
}

async fn a_host(home: &Home, name: &str) -> (Me, Host) {
    let me = home.member(name).await;
    domain::people::PeopleStore::save_role(&home.store, &home.admin(), &me.name, Role::Host).await.expect("keeps");
    let me = home.again(&me).await;
    let host = viewer(&me).host().expect("a host");
    (me, host)
}

laws! {
    async fn whom_somebody_blocked_is_their_own_to_read_and_to_take_back(home: &Home) {
        let [bo, cy, di] = [home.member("bo").await, home.member("cy").await, home.member("di").await];
        block(home, &bo, &cy).await;
        block(home, &bo, &cy).await;
        block(home, &bo, &di).await;
        let names = async |me: &Me| -> Vec<String> {
            home.store.blocks(me).await.expect("answers").into_iter().map(|blocked| blocked.who.name.to_string()).collect()
        };
        assert_eq!((names(&bo).await, names(&cy).await, names(&home.ana).await), (vec!["di".into(), "cy".into()], vec![], vec![]));
        assert!(home.store.blocks_anybody(bo.id).await.expect("answers") && !home.store.blocks_anybody(cy.id).await.expect("answers"));
        assert!(!home.store.unblock(&cy, &bo.name).await.expect("answers"), "it is not theirs");
        assert!(home.store.unblock(&bo, &cy.name).await.expect("answers"));
        assert!(!home.store.unblock(&bo, &cy.name).await.expect("answers"));
        assert_eq!(names(&bo).await, ["di"]);
        home.store.block(&bo, domain::ids::MemberId(7), home.now()).await.expect("nobody is blocked by it");
        assert_eq!(names(&bo).await, ["di"]);
    }

    async fn what_somebody_does_is_no_news_to_whoever_blocked_them(home: &Home) {
        let [bo, cy, di] = [home.member("bo").await, home.member("cy").await, home.member("di").await];
        let mine = home.post(&bo, "Soup is on.").await;
        home.reply(&cy, mine, "Coming.").await;
        let theirs = home.post(&cy, "Who has a ladder?").await;
        let asked = home.reply(&bo, theirs, "I do.").await;
        home.reply(&di, asked, "May I have it after?").await;
        home.reply(&di, mine, "Me too.").await;
        assert_eq!(notices(home, &bo).await.len(), 3);
        block(home, &bo, &cy).await;
        let left = notices(home, &bo).await;
        assert!(left.len() == 1 && left[0].starts_with("di "), "what they did, and what was said in their threads, is gone: {left:?}");

        let mention = |text: &str| NewPost { mentioned: vec![bo.id], ..home.text(text) };
        home.store.keep_post(&cy, &mention("@bo, look.")).await.expect("keeps");
        home.post_for(&cy, Audience::Named, &[&bo, &di]).await;
        let again = home.reply(&cy, mine, "Is there more?").await;
        home.store.react(&cy, mine, "🍲", true, home.now()).await.expect("keeps");
        home.store.save_edit(&cy, again, &mention("@bo, is there more?")).await.expect("keeps");
        home.store.keep_reply(&di, theirs, &mention("@bo has one.")).await.expect("keeps");
        home.reply(&di, asked, "Please?").await;
        let slug = home.gathering(&bo, "Soup night", Audience::Community).await;
        let kept = home.kept(&slug).await;
        home.answer(&cy, &kept, kept.schedule.first, Answer::Yes, "").await;
        assert_eq!(notices(home, &bo).await, left);
        home.reply(&di, again, "Ask @bo.").await;
        assert_eq!(notices(home, &bo).await.len(), 2, "what others do in threads of one's own is news as ever");
        // The blocked one hears all that they heard before.
        home.reply(&bo, mine, "There is.").await;
        home.store.react(&bo, mine, "🍲", true, home.now()).await.expect("keeps");
        home.store.keep_post(&bo, &NewPost { mentioned: vec![cy.id], ..home.text("@cy, there is.") }).await.expect("keeps");
        assert!(notices(home, &cy).await.iter().any(|line| line.starts_with("bo Mentioned")));
        assert!(home.store.unblock(&bo, &cy.name).await.expect("answers"));
        home.store.keep_post(&cy, &mention("@bo, thanks.")).await.expect("keeps");
        assert_eq!(notices(home, &bo).await.len(), 3, "from then on it is news again");
    }

    async fn that_an_evening_is_off_is_told_whoever_hosts_it(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let slug = home.gathering(&cy, "Soup night", Audience::Community).await;
        let kept = home.kept(&slug).await;
        block(home, &bo, &cy).await;
        home.answer(&bo, &kept, kept.schedule.first, Answer::Yes, "").await;
        let rsvps = home.store.rsvps(&viewer(&bo), kept.id, kept.schedule.first).await.expect("answers");
        assert_eq!(rsvps.len(), 1, "they come to it as everybody");
        assert!(home.store.gathering(&viewer(&bo), &slug).await.expect("answers").is_some());
        let off = changes::cancel(&home.kept(&slug).await, kept.schedule.first, Some("The hall is flooded."), home.now()).expect("may be");
        home.store.save_session(&cy, &off).await.expect("keeps");
        let told = notices(home, &bo).await;
        assert!(told.len() == 1 && told[0].contains("The hall is flooded."), "{told:?}");
    }

    async fn what_somebody_wrote_is_not_there_for_whoever_blocked_them_and_as_ever_for_all_others(home: &Home) {
        let [bo, cy, di] = [home.member("bo").await, home.member("cy").await, home.member("di").await];
        let tagged = NewPost { tags: vec!["kiln".into()], ..home.text("The #kiln is hot.") };
        let theirs = home.store.keep_post(&cy, &tagged).await.expect("keeps");
        let mine = home.post(&di, "What a day.").await;
        let first = home.reply(&cy, mine, "It was.").await;
        let second = home.reply(&di, first, "Yes!").await;
        let third = home.reply(&bo, mine, "Very much.").await;
        let own = home.reply(&bo, theirs, "May I come?").await;
        let picture = home.picture(&cy, "a pot").await;
        let shown = NewPost { pictures: vec![crate::home::chosen(picture, "a pot")], ..home.text("My pot.") };
        home.store.keep_post(&cy, &shown).await.expect("keeps");
        let announced = NewPost { audience: Audience::Public, ..home.text("For all the world.") };
        let public = home.store.keep_post(&cy, &announced).await.expect("keeps");
        let others = async || (listed(home, &di).await, thread(home, &di, mine).await, listed(home, &cy).await, thread(home, &cy, theirs).await);
        let before = others().await;
        block(home, &bo, &cy).await;

        assert_eq!(listed(home, &bo).await, [mine]);
        for post in [theirs, public] {
            assert_eq!(thread(home, &bo, post).await, None);
            assert_eq!(home.store.post(&viewer(&bo), post).await.expect("answers"), None);
            assert_eq!(home.store.history(&viewer(&bo), post).await.expect("answers"), None);
        }
        assert_eq!(home.store.tags_beginning_with(&bo, "ki").await.expect("answers"), Vec::<String>::new());
        assert_eq!(domain::pictures::PictureStore::hash_for(&home.store, &viewer(&bo), picture).await.expect("answers"), None);
        let seen = thread(home, &bo, mine).await.expect("it is di's");
        let places: Vec<_> = seen.replies.iter().map(|reply| (reply.id, reply.taken_back, reply.html.as_str())).collect();
        assert_eq!(places, [(first, true, ""), (second, false, "<p>Yes!</p>"), (third, false, "<p>Very much.</p>")]);
        assert!(!serde_json::to_string(&seen).expect("JSON").contains("cy"), "an empty place has nobody's name");
        assert_eq!(seen.root.replies, 2);
        let refused = crate::home::refusal(home.store.keep_reply(&bo, theirs, &home.text("Hello?")).await);
        assert_eq!(refused, PostRefusal::Gone);
        // Later pages of a thread begin anywhere.
        let page = home.store.thread(&viewer(&bo), mine, Some(second), 50).await.expect("answers").expect("there");
        assert_eq!(page.replies.iter().map(|reply| reply.id).collect::<Vec<_>>(), [third]);
        assert!(home.store.is_hidden(bo.id, public).await.expect("answers") && !home.store.is_hidden(bo.id, mine).await.expect("answers"));
        assert!(!home.store.is_hidden(di.id, public).await.expect("answers"));

        assert_eq!(others().await, before, "nobody else sees anything of it");
        assert!(home.store.take_back(&bo, own).await.expect("answers"), "one's own words stay one's own");
        assert!(home.store.unblock(&bo, &cy.name).await.expect("answers"));
        assert_eq!(listed(home, &bo).await, before.0);
        assert_eq!(thread(home, &bo, mine).await.expect("there").root.replies, 3);
    }

    async fn what_is_said_in_a_room_is_for_all_who_are_there(home: &Home) {
        use domain::gatherings::room::{Place, RoomStore};
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let slug = home.gathering(&home.ana, "Soup night", Audience::Community).await;
        let kept = home.kept(&slug).await;
        let place = Place { gathering: kept.id, session: kept.session(kept.schedule.first).expect("a session") };
        block(home, &bo, &cy).await;
        let talk = home.store.say(&cy, place, &home.text("Who has salt?")).await.expect("says");
        home.store.say(&bo, place, &home.text("I do.")).await.expect("says");
        home.store.say(&cy, place, &home.text("Thank you.")).await.expect("says");
        let seen = thread(home, &bo, talk).await.expect("the talk is for all");
        assert_eq!((seen.root.html.as_str(), seen.replies.len(), seen.root.replies), ("<p>Who has salt?</p>", 2, 2));
    }

    async fn a_pair_that_is_kept_apart_is_proposed_nowhere_in_either_direction(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let since = home.now().plus_days(-9);
        let about = async |me: &Me| home.store.facts(me, home.now()).await.expect("answers");
        let newcomers = async || -> Vec<(String, Vec<domain::ids::MemberId>)> {
            let records = home.store.newcomers(&home.host(), since, None).await.expect("answers");
            records.into_iter().map(|record| (record.person.who.name.to_string(), record.kept_apart)).collect()
        };
        assert_eq!(newcomers().await, [("cy".into(), vec![]), ("bo".into(), vec![])]);
        block(home, &bo, &cy).await;
        let known = home.store.evidence(&home.host(), Timestamp(0), Timestamp(0)).await.expect("answers");
        assert_eq!(known.left_alone, BTreeSet::from([pair(&bo, &cy)]));
        assert_eq!(newcomers().await, [("cy".into(), vec![bo.id]), ("bo".into(), vec![cy.id])]);
        let (mine, theirs) = (about(&bo).await, about(&cy).await);
        assert_eq!((mine.kept_apart, mine.blocked), (BTreeSet::from([cy.id]), BTreeSet::from([cy.id])));
        assert_eq!((theirs.kept_apart, theirs.blocked), (BTreeSet::from([bo.id]), BTreeSet::new()));
        assert!(home.store.unblock(&bo, &cy.name).await.expect("answers"));
        // Whom a host left alone looks the same, so that neither tells which it was.
        home.store.leave_alone(&home.host(), pair(&bo, &cy), home.now()).await.expect("keeps");
        assert_eq!(newcomers().await, [("cy".into(), vec![bo.id]), ("bo".into(), vec![cy.id])]);
        assert_eq!(about(&cy).await.kept_apart, BTreeSet::from([bo.id]));
    }

    async fn an_introduction_by_hand_is_made_as_ever_and_whoever_blocked_hears_nothing(home: &Home) {
        let [bo, cy, di, ed] = [home.member("bo").await, home.member("cy").await, home.member("di").await, home.member("ed").await];
        block(home, &cy, &bo).await;
        let new = |one: &Me, other: &Me, audience| {
            let named = if audience == Audience::Named { pair(one, other).both().to_vec() } else { Vec::new() };
            NewIntroduction { pair: pair(one, other), post: NewPost { audience, named, ..home.text("Meet each other.") } }
        };
        let before = home.newest().await;
        let post = home.store.introduce(&home.host(), &new(&bo, &cy, Audience::Named)).await.expect("introduces");
        let like = home.store.introduce(&home.host(), &new(&di, &ed, Audience::Named)).await.expect("introduces");
        assert_eq!(notices(home, &cy).await, Vec::<String>::new());
        assert_eq!((listed(home, &cy).await, thread(home, &cy, post).await), (vec![], None));
        assert_eq!(home.store.introduction(&cy, post).await.expect("answers"), None);
        assert!(home.store.is_hidden(cy.id, post).await.expect("answers"));
        // To the host and to the other it looks like any that nobody has answered.
        let made = home.store.introductions(&home.host(), 9).await.expect("answers");
        assert_eq!(made.iter().map(|one| (one.post, one.spoke, one.talked)).collect::<Vec<_>>(), [(like, [None, None], None), (post, [None, None], None)]);
        let named = async |me: &Me, post| home.store.post(&viewer(me), post).await.expect("answers").expect("there").named;
        assert_eq!(named(&home.ana, post).await, ["Bo", "Cy"]);
        assert_eq!((named(&bo, post).await, named(&di, like).await), (vec!["Bo".into(), "Cy".into()], vec!["Di".into(), "Ed".into()]));
        assert!(notices(home, &bo).await[0].contains("Introduced") && notices(home, &bo).await.len() == notices(home, &di).await.len());
        assert!(!home.store.introduction(&bo, post).await.expect("answers").expect("there").1);
        // What is said in it reaches whoever sees it.
        home.reply(&bo, post, "Hello Cy.").await;
        let mention = NewPost { mentioned: vec![bo.id, cy.id], ..home.text("@cy, are you there?") };
        home.store.keep_reply(&home.ana, post, &mention).await.expect("keeps");
        home.store.save_edit(&home.ana, post, &NewPost { mentioned: vec![bo.id, cy.id], ..home.text("@bo, meet @cy.") }).await.expect("keeps");
        assert_eq!(notices(home, &cy).await, Vec::<String>::new());
        let told = home.told_after(before).await;
        assert!(told.iter().all(|entry| entry.only != Some(cy.id) || matches!(entry.hint, domain::live::Hint::Posted { .. })), "{told:?}");

        // On the timeline all read it; only the notice is left out.
        let open = home.store.introduce(&home.host(), &new(&cy, &di, Audience::Community)).await.expect("introduces");
        assert!(notices(home, &cy).await.len() == 1, "cy did not block di");
        block(home, &ed, &bo).await;
        let wide = home.store.introduce(&home.host(), &new(&bo, &ed, Audience::Community)).await.expect("introduces");
        assert_eq!(listed(home, &ed).await, [wide, open, like]);
        home.store.save_edit(&home.ana, wide, &NewPost { mentioned: vec![bo.id, ed.id], ..home.text("@bo, meet @ed.") }).await.expect("keeps");
        assert_eq!(notices(home, &ed).await.len(), 1, "of the one with di: {:?}", notices(home, &ed).await);
        // When the block is taken back, the thread is there for them as for any who let it pass.
        assert_eq!(thread(home, &cy, post).await, None);
        assert!(home.store.unblock(&cy, &bo.name).await.expect("answers"));
        assert!(thread(home, &cy, post).await.is_some());
        assert!(home.store.introduction(&cy, post).await.expect("answers").expect("there").1, "they let it pass");
    }

    async fn who_greets_does_not_see_a_newcomer_whom_they_blocked_and_the_host_sees_an_ask_like_any(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        home.store.save_greets(&bo, true).await.expect("keeps");
        block(home, &bo, &cy).await;
        let asked = NewGreeting { newcomer: cy.id, greeter: bo.id, since: Timestamp(0), at: home.now() };
        home.store.ask_greeter(&home.host(), asked).await.expect("a host is not refused for it");
        assert_eq!(notices(home, &bo).await, Vec::<String>::new());
        assert_eq!(home.store.greetings(&bo, Timestamp(0)).await.expect("answers"), []);
        let records = home.store.newcomers(&home.host(), Timestamp(0), Some(&cy.name)).await.expect("answers");
        assert!(records[0].asked.as_ref().is_some_and(|asked| asked.greeter.id == bo.id && !asked.accepted));
        // The other way round: the newcomer is not told, and reads of no greeter.
        let [di, ed] = [home.member("di").await, home.member("ed").await];
        home.store.save_greets(&di, true).await.expect("keeps");
        block(home, &ed, &di).await;
        home.store.ask_greeter(&home.host(), NewGreeting { newcomer: ed.id, greeter: di.id, ..asked }).await.expect("asks");
        assert!(home.store.answer_greeting(&di, &ed.name, true, home.now()).await.expect("answers"));
        assert_eq!(notices(home, &ed).await, Vec::<String>::new());
        assert_eq!(home.store.facts(&ed, home.now()).await.expect("answers").greeter, None);
    }

    async fn the_desk_of_a_host_who_blocked_somebody_loses_nobody(home: &Home) {
        let (bo, host) = a_host(home, "bo").await;
        let cy = home.member("cy").await;
        let since = Timestamp(0);
        let post = home.post(&cy, "Hello, I am new.").await;
        let reply = home.reply(&cy, home.post(&home.ana, "What a day.").await, "It was. Who knows a good baker?").await;
        let seen = async || {
            let store = &home.store;
            let active: Vec<_> = store.active_since(&host, since).await.expect("answers").into_iter().map(|active| active.id).collect();
            let doings = store.doings(&host, cy.id, since).await.expect("answers");
            let unanswered = store.unanswered(&host, (since, home.now().plus_days(9)), 9).await.expect("answers");
            let newcomers = store.newcomers(&host, since, Some(&cy.name)).await.expect("answers");
            let first = store.first_words(&host, since).await.expect("answers");
            let week = store.posts_of_week(&host, since, 9).await.expect("answers");
            let said = store.evidence(&host, since, since).await.expect("answers");
            let said: Vec<_> = said.people.into_iter().map(|known| known.said).collect();
            let opened = (thread(home, &bo, post).await, store.post(&viewer(&bo), reply).await.expect("answers"));
            (active, format!("{doings:?} {unanswered:?} {:?} {first:?} {week:?} {said:?} {opened:?}", newcomers[0].trail))
        };
        let before = seen().await;
        assert!(before.0.contains(&cy.id) && before.1.contains("Hello, I am new.") && before.1.contains("baker"), "{before:?}");
        block(home, &bo, &cy).await;
        let after = seen().await;
        assert_eq!(after, before);
        assert!(!listed(home, &bo).await.contains(&post), "on the timeline they do not read them");
        home.reply(&bo, post, "Welcome, Cy.").await;
        home.store.react(&bo, post, "🍲", true, home.now()).await.expect("keeps");
    }
}
