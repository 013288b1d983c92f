//! The weekly letter: what a week holds, one draft for all hosts, one letter of each, and mail to those who want it.

use crate::{
    care::past_the_store,
    home::{BEGINNING, Home, handle, new_member, refusal, viewer},
    mail::{Desk, reader},
};
use chrono::Weekday;
use domain::{
    gatherings::GatheringStore,
    ids::{MemberId, PostId},
    mail::{Delivered, MailStore, address::MailWishes},
    notifications::{Happening, NotificationStore},
    people::{PeopleStore, Role},
    time::Timestamp,
    timeline::{Audience, NewPost, TimelineQuery, TimelineStore},
    viewer::Me,
    weekly::{LetterRefusal, LetterWords, NewLetter, Stand, WeeklyStore, week::Candidate},
};
use sea_orm::ConnectionTrait;
use std::collections::BTreeSet;
use store::Store;

fn words(week: &str) -> LetterWords {
    LetterWords { title: "Our week".into(), opening: "Dear all,".into(), week: week.into(), closing: String::new() }
}

/// The letter of a version of the draft.
fn letter(home: &Home, version: i64) -> NewLetter {
    NewLetter { version, title: "Our week".into(), post: home.text("Our week"), leads_to: BTreeSet::new() }
}

/// Keeps a draft, and sends it.
async fn sent(home: &Home) -> PostId {
    let version = home.store.letter_stands(&home.host()).await.expect("answers").version;
    home.store.keep_letter(&home.host(), &words("Soup."), version, home.now()).await.expect("keeps");
    home.store.send_letter(&home.host(), &letter(home, version + 1)).await.expect("sends")
}

/// Somebody who confirmed an address and wants the letter there.
async fn wants_it(home: &Home, name: &str) -> Me {
    let me = reader(home, name).await;
    home.store.save_mail_wishes(&me, MailWishes { weekly: true, ..MailWishes::NONE }).await.expect("keeps");
    me
}

async fn week_of(home: &Home, since: Timestamp) -> Vec<(PostId, Vec<MemberId>)> {
    let posts = home.store.posts_of_week(&home.host(), since, 100).await.expect("answers");
    posts.into_iter().map(|Candidate { post, moved, .. }| (post, moved.into_iter().collect())).collect()
}

laws! {
    async fn what_a_week_holds_is_what_every_member_may_see(home: &Home) {
        let [bo, cy, di] = [home.member("bo").await, home.member("cy").await, home.member("di").await];
        let long_ago = home.post(&bo, "Long ago.").await;
        home.reply(&cy, long_ago, "So it is.").await;
        let since = home.now();
        let loved = home.post(&bo, "I drew the pump.").await;
        home.store.react(&cy, loved, "🍲", true, home.now()).await.expect("reacts");
        home.store.react(&cy, loved, "❤️", true, home.now()).await.expect("reacts");
        let answer = home.reply(&di, loved, "Again?").await;
        home.reply(&bo, answer, "Always.").await;
        let taken = home.reply(&home.ana, loved, "Never mind.").await;
        assert!(home.store.take_back(&home.ana, taken).await.expect("answers"));
        let public = home.post_for(&cy, Audience::Public, &[]).await;
        // None of these is for everybody, or to be quoted.
        for secret in [home.post_for(&bo, Audience::Named, &[&home.ana]).await, home.post_for(&bo, Audience::Named, &[&cy]).await] {
            let who = if home.store.post(&viewer(&cy), secret).await.expect("answers").is_some() { &cy } else { &home.ana };
            home.reply(who, secret, "A secret.").await;
        }
        let folded = NewPost { note: Some("blood".into()), ..home.text("My knee.") };
        home.store.keep_post(&bo, &folded).await.expect("keeps");
        let gone = home.post(&bo, "Oh.").await;
        home.reply(&cy, gone, "What?").await;
        assert!(home.store.take_back(&bo, gone).await.expect("answers"));
        let mut announced = home.new_gathering("Soup", Audience::Community);
        announced.announce = true;
        home.store.keep_gathering(&bo, &announced).await.expect("keeps");
        let moved = vec![bo.id, cy.id, di.id];
        assert_eq!(week_of(home, since).await, [(public, vec![]), (loved, moved.clone())]);
        let posts = home.store.posts_of_week(&home.host(), since, 100).await.expect("answers");
        assert_eq!((posts[1].by.name.as_str(), posts[1].excerpt.as_str()), ("bo", "I drew the pump."));
        assert_eq!(home.store.posts_of_week(&home.host(), since, 1).await.expect("answers").len(), 1, "the newest");
        assert_eq!(week_of(home, home.now()).await, []);
        // A letter is not what was loved in the next one.
        sent(home).await;
        assert_eq!(week_of(home, since).await, [(public, vec![]), (loved, moved)]);
    }

    async fn who_arrived_is_told_by_their_own_line(home: &Home) {
        home.member("bo").await;
        let since = home.now();
        let cy = home.member("cy").await;
        home.member("di").await;
        let mut profile = new_member("cy", home.now()).profile;
        profile.line = "I fire a kiln.".into();
        home.store.save_profile(&cy, &profile).await.expect("keeps");
        let arrived = home.store.arrived(&home.host(), since).await.expect("answers");
        let told: Vec<_> = arrived.iter().map(|one| (one.who.name.as_str(), one.line.as_str())).collect();
        assert_eq!(told, [("cy", "I fire a kiln."), ("di", "")]);
    }

    async fn nobodys_words_are_kept_over_words_that_they_have_not_seen(home: &Home) {
        let (store, host) = (&home.store, home.host());
        assert_eq!(store.letter_stands(&host).await.expect("answers"), Stand::default());
        store.keep_letter(&host, &words("Mine."), 0, home.now()).await.expect("keeps");
        assert_eq!(refusal(store.keep_letter(&host, &words("Theirs."), 0, home.now()).await), LetterRefusal::Overtaken);
        store.keep_letter(&host, &words("Mine."), 0, home.now()).await.expect("pressed twice, it is kept once");
        let stand = store.letter_stands(&host).await.expect("answers");
        let draft = stand.draft.expect("kept");
        assert_eq!((stand.version, draft.words, draft.by.map(|by| by.id)), (1, words("Mine."), Some(home.ana.id)));
        let bo = home.member("bo").await;
        store.save_role(&home.admin(), &handle("bo"), Role::Host).await.expect("a host");
        let looker = viewer(&home.again(&bo).await).host().expect("a host");
        store.keep_letter(&looker, &words("Mine."), 1, home.now()).await.expect("whoever only looks has written nothing");
        assert_eq!(store.letter_stands(&host).await.expect("answers").draft.and_then(|draft| draft.by).map(|by| by.id), Some(home.ana.id));
        store.keep_letter(&host, &words("Both."), 1, home.now()).await.expect("keeps");
        let other = Store::open(&home.place.location).await.expect("opens");
        let tries = [(store.clone(), "One."), (other.clone(), "Two.")].map(|(store, week)| {
            let (host, at) = (home.host(), home.now());
            tokio::spawn(async move { store.keep_letter(&host, &words(week), 2, at).await })
        });
        let mut kept = 0;
        for one in tries {
            match one.await.expect("ends") {
                Ok(()) => kept += 1,
                refused => assert_eq!(refusal(refused), LetterRefusal::Overtaken),
            }
        }
        assert_eq!((kept, store.letter_stands(&host).await.expect("answers").version), (1, 3));
        other.close().await;
    }

    async fn whoever_kept_it_after_it_went_out_is_told_so(home: &Home) {
        let (store, host) = (&home.store, home.host());
        store.keep_letter(&host, &words("Mine."), i64::MAX, home.now()).await.expect("the first is the first, whatever was seen");
        assert_eq!(store.letter_stands(&host).await.expect("answers").version, 1);
        store.send_letter(&host, &letter(home, 1)).await.expect("sends");
        assert_eq!(refusal(store.keep_letter(&host, &words("More."), 1, home.now()).await), LetterRefusal::WentOut);
        let stand = store.letter_stands(&host).await.expect("answers");
        assert_eq!((stand.version, stand.draft), (2, None));
        store.keep_letter(&host, &words("More."), 2, home.now()).await.expect("for the next one");
    }

    async fn the_day_is_chosen_whether_or_not_there_is_a_draft(home: &Home) {
        let (store, host) = (&home.store, home.host());
        store.save_letter_day(&host, Weekday::Fri).await.expect("keeps");
        assert_eq!(store.letter_stands(&host).await.expect("answers"), Stand { day: Weekday::Fri, ..Stand::default() });
        store.keep_letter(&host, &words("Soup."), 0, home.now()).await.expect("keeps");
        store.save_letter_day(&host, Weekday::Mon).await.expect("keeps");
        let stand = store.letter_stands(&host).await.expect("answers");
        assert_eq!((stand.day, stand.version, stand.draft.map(|draft| draft.words)), (Weekday::Mon, 1, Some(words("Soup."))));
    }

    async fn a_letter_is_sent_once_however_often_and_by_however_many_servers(home: &Home) {
        wants_it(home, "bo").await;
        home.store.keep_letter(&home.host(), &words("Soup."), 0, home.now()).await.expect("keeps");
        assert_eq!(refusal(home.store.send_letter(&home.host(), &letter(home, 0)).await), LetterRefusal::NotAsSeen);
        let other = Store::open(&home.place.location).await.expect("opens");
        let tries: Vec<_> = (0..6)
            .map(|number| {
                let store = if number % 2 == 0 { home.store.clone() } else { other.clone() };
                let (host, new) = (home.host(), letter(home, 1));
                tokio::spawn(async move { store.send_letter(&host, &new).await })
            })
            .collect();
        let mut posts = BTreeSet::new();
        for one in tries {
            posts.insert(one.await.expect("ends").expect("it is the same letter"));
        }
        assert_eq!(posts.len(), 1);
        let timeline = home.store.timeline(&viewer(&home.ana), &TimelineQuery::default(), 9).await.expect("answers");
        assert_eq!(timeline.iter().map(|post| post.id).collect::<BTreeSet<_>>(), posts);
        let all = home.store.letters_sent(&home.host(), 9).await.expect("answers");
        assert_eq!(all.iter().map(|one| (one.mails, one.waiting)).collect::<Vec<_>>(), [(1, 1)]);
        assert_eq!(home.store.letter_of(&home.host(), 1).await.expect("answers"), posts.first().copied());
        let stand = home.store.letter_stands(&home.host()).await.expect("answers");
        assert_eq!((stand.version, stand.draft, stand.last), (2, None, Some(all[0].at)), "the next one begins anew");
        assert_eq!(refusal(home.store.send_letter(&home.host(), &letter(home, 2)).await), LetterRefusal::NotAsSeen);
        other.close().await;
    }

    async fn a_letter_is_a_post_of_its_hosts_and_tells_those_whom_it_mentions(home: &Home) {
        let bo = home.member("bo").await;
        home.store.keep_letter(&home.host(), &words("Soup."), 0, home.now()).await.expect("keeps");
        let before = home.newest().await;
        let post = NewPost { mentioned: vec![bo.id, home.ana.id], ..home.text("Our week") };
        let post = home.store.send_letter(&home.host(), &NewLetter { post, ..letter(home, 1) }).await.expect("sends");
        let seen = home.store.post(&viewer(&bo), post).await.expect("answers").expect("for everybody");
        assert_eq!((seen.author.id, seen.audience), (home.ana.id, Audience::Community));
        let notices = home.store.notifications(&bo, None, 9).await.expect("answers");
        assert!(matches!(&notices[..], [one] if matches!(one.happening, Happening::Mentioned { post: told, .. } if told == post)));
        assert!(home.store.notifications(&home.ana, None, 9).await.expect("answers").iter().all(|line| !matches!(line.happening, Happening::Mentioned { .. })));
        assert!(home.told_after(before).await.iter().any(|entry| entry.only.is_none()), "open pages hear of it");
    }

    async fn it_goes_by_mail_to_those_who_want_it_by_then(home: &Home) {
        let bo = wants_it(home, "bo").await;
        reader(home, "cy").await;
        let di = home.member("di").await;
        home.store.save_mail_wishes(&di, MailWishes { weekly: true, ..MailWishes::NONE }).await.expect("keeps");
        let (_ed, fay, gus) = (wants_it(home, "ed").await, wants_it(home, "fay").await, wants_it(home, "gus").await);
        assert_eq!(home.store.letter_readers(&home.host()).await.expect("answers"), 4);
        let desk = Desk::at(home.now());
        desk.deliver(&home.store).await;
        desk.take();
        let post = sent(home).await;
        desk.set(home.now());
        // Meanwhile these change their minds, each in another way.
        assert!(home.store.unsubscribe_weekly("secret of ed").await.expect("answers"));
        assert!(!home.store.unsubscribe_weekly("secret of nobody").await.expect("answers"));
        home.store.forget_address(&fay, home.now()).await.expect("keeps");
        assert!(home.store.unsubscribe("secret of gus").await.expect("answers"));
        assert_eq!(home.store.subscribed("secret of gus").await.expect("answers"), Some(MailWishes::NONE));
        let done = desk.deliver(&home.store).await;
        assert_eq!(done.iter().filter(|done| matches!(done, Delivered::Dropped)).count(), 3, "{done:?}");
        let carried = desk.carried.lock().expect("whole").clone();
        assert_eq!(desk.take(), ["bo@example.org: Our week"]);
        assert!(carried[0].text.contains(&format!("Answer it there: https://porch.example/posts/{post}\n")), "{}", carried[0].text);
        assert_eq!(carried[0].unsubscribe.as_deref(), Some("https://porch.example/unsubscribe/secret of bo/letter"));
        assert!(carried[0].html.as_ref().is_some_and(|html| html.contains("<p>Our week</p>")));
        let all = home.store.letters_sent(&home.host(), 9).await.expect("answers");
        assert_eq!((all[0].post, all[0].mails, all[0].waiting), (Some(post), 4, 0));
        assert!(desk.deliver(&home.store).await.is_empty(), "each once");
        // What ends the letter leaves the rest.
        home.store.save_mail_wishes(&bo, MailWishes { reminders: true, changes: true, weekly: true }).await.expect("keeps");
        assert!(home.store.unsubscribe_weekly("secret of bo").await.expect("answers"));
        let left = MailWishes { reminders: true, changes: true, weekly: false };
        assert_eq!(home.store.subscribed("secret of bo").await.expect("answers"), Some(left));
        assert!(gus.id != bo.id);
    }

    async fn by_mail_goes_what_the_post_says_then_and_nothing_once_it_is_taken_back(home: &Home) {
        wants_it(home, "bo").await;
        let desk = Desk::at(home.now());
        desk.deliver(&home.store).await;
        let post = sent(home).await;
        home.store.save_edit(&home.ana, post, &home.text("Our week, mended")).await.expect("edits");
        desk.set(home.now());
        desk.deliver(&home.store).await;
        assert!(desk.carried.lock().expect("whole").pop().is_some_and(|letter| letter.text.starts_with("Our week, mended\n")));
        desk.take();
        let post = sent(home).await;
        assert!(home.store.take_back(&home.ana, post).await.expect("answers"));
        desk.set(home.now());
        assert!(matches!(desk.deliver(&home.store).await[..], [Delivered::Dropped]));
        let all = home.store.letters_sent(&home.host(), 1).await.expect("answers");
        assert_eq!((all.len(), all[0].post, all[0].given_up), (1, None, 0), "what was taken back is no failure");
    }

    async fn a_host_learns_to_how_many_it_could_not_be_delivered(home: &Home) {
        wants_it(home, "bo").await;
        wants_it(home, "nobody").await;
        let desk = Desk::at(home.now());
        desk.deliver(&home.store).await;
        sent(home).await;
        desk.set(home.now());
        desk.deliver(&home.store).await;
        let all = home.store.letters_sent(&home.host(), 1).await.expect("answers");
        assert_eq!((all[0].mails, all[0].waiting, all[0].given_up), (2, 0, 1));
    }

    async fn what_is_not_for_everybody_is_not_led_to(home: &Home) {
        let bo = home.member("bo").await;
        let (open, named) = (home.post(&bo, "For all.").await, home.post_for(&bo, Audience::Named, &[&home.ana]).await);
        let gone = home.post(&bo, "Oh.").await;
        home.reply(&home.ana, gone, "What?").await;
        assert!(home.store.take_back(&bo, gone).await.expect("answers"));
        home.store.keep_letter(&home.host(), &words("Soup."), 0, home.now()).await.expect("keeps");
        for (which, leads_to) in [(named, [open, named]), (gone, [open, gone]), (PostId(7), [open, PostId(7)])] {
            let leads_to = BTreeSet::from(leads_to);
            assert_eq!(home.store.not_for_all(&home.host(), &leads_to).await.expect("answers"), Some(which));
            let new = NewLetter { leads_to, ..letter(home, 1) };
            let address = format!("/posts/{which}");
            assert_eq!(refusal(home.store.send_letter(&home.host(), &new).await), LetterRefusal::NotForAll { address });
        }
        assert!(home.store.letter_stands(&home.host()).await.expect("answers").draft.is_some(), "the draft is as it was");
        assert_eq!(home.store.not_for_all(&home.host(), &BTreeSet::from([open])).await.expect("answers"), None);
        home.store.send_letter(&home.host(), &NewLetter { leads_to: BTreeSet::from([open]), ..letter(home, 1) }).await.expect("sends");
    }

    async fn many_are_written_to_at_once_and_each_gets_one(home: &Home) {
        for number in 0..120 {
            home.member(&format!("reader{number}")).await;
        }
        let past = past_the_store(&home.place.location).await;
        let all = "UPDATE members SET mail_weekly = TRUE, mail_address = name || '@example.org', mail_secret = name";
        past.execute_unprepared(all).await.expect("runs");
        past.close().await.expect("closes");
        let host = home.host();
        home.store.keep_letter(&host, &words("Soup."), 0, home.now()).await.expect("keeps");
        let before = home.store.queries();
        let post = home.store.send_letter(&host, &letter(home, 1)).await.expect("sends");
        let took = home.store.queries() - before;
        assert!(took < 121 + 20, "a statement a letter, and a few for all: {took}");
        let other = Store::open(&home.place.location).await.expect("opens");
        let desk = Desk::at(home.now().plus_seconds(60));
        let both = [&home.store, &other].map(|store| {
            let (store, desk) = (store.clone(), desk.clone());
            tokio::spawn(async move { desk.deliver(&store).await })
        });
        for server in both {
            server.await.expect("ends");
        }
        let carried = std::mem::take(&mut *desk.carried.lock().expect("whole"));
        let to: BTreeSet<_> = carried.iter().map(|letter| letter.to.as_str()).collect();
        assert_eq!((carried.len(), to.len()), (121, 121));
        let sent = home.store.letters_sent(&host, 9).await.expect("answers");
        assert_eq!((sent[0].post, sent[0].mails, sent[0].waiting), (Some(post), 121, 0));
        assert!(BEGINNING < sent[0].at);
        other.close().await;
    }
}
