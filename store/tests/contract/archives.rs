//! Words from before: whose they are, when they come along, and that nobody is told.

use crate::home::{BEGINNING, Home, viewer};
use domain::{
    archives::{Answer, ArchiveStore, BackDated, Coming, Kind, Message, NewArchive},
    ids::{ArchiveId, MemberId},
    notifications::{Happening, NotificationStore},
    pulse::{CountStore, DepthStore, PulseStore, counting::Month, drifting::Rhythm},
    sparks::unanswered::UnansweredStore,
    time::{Timestamp, Zone},
    timeline::{NewPost, Post, TimelineQuery, TimelineStore},
    viewer::Me,
};

/// A day two years before the place began.
const THEN: Timestamp = Timestamp(BEGINNING.0 - 2 * 365 * 86_400_000);

fn archive(kind: Kind, voices: &[&str], said: &[(usize, i64, &str, Option<usize>)]) -> NewArchive {
    let message = |(voice, minute, words, answers): &(usize, i64, &str, Option<usize>)| Message {
        voice: *voice,
        at: THEN.plus_seconds(60 * minute),
        words: (*words).to_owned(),
        answers: *answers,
    };
    NewArchive {
        kind,
        called: "Soup Night".into(),
        left_behind: "What stays behind: 1 picture or file.".into(),
        voices: voices.iter().map(|voice| (*voice).to_owned()).collect(),
        messages: said.iter().map(message).collect(),
        at: BEGINNING,
        until: BEGINNING.plus_days(90),
    }
}

async fn chat(home: &Home) -> ArchiveId {
    let said = [(0, 0, "who brings bread?", None), (1, 1, "I do", None), (0, 2, "lovely", None), (1, 3, "and cheese", None)];
    home.store.keep_chat(&home.host(), &archive(Kind::Chat, &["Bo ☕", "Cy"], &said)).await.expect("keeps")
}

async fn asks(home: &Home, chat: ArchiveId, who: &[(u32, Option<&Me>)]) {
    let who: Vec<(u32, Option<MemberId>)> = who.iter().map(|(place, who)| (*place, who.map(|who| who.id))).collect();
    assert!(home.store.ask_voices(&home.host(), chat, &who, BEGINNING).await.expect("keeps"));
}

fn as_posts(home: &Home, coming: &Coming) -> Vec<BackDated> {
    let month =
        (coming.kind == Kind::Chat).then(|| ("2024-11".to_owned(), NewPost { at: THEN.plus_days(-1), ..home.text("From our chat") }));
    let dated = |(place, at, words): &(u32, Timestamp, String)| BackDated {
        place: *place,
        post: NewPost { at: *at, ..home.text(words) },
        month: month.clone(),
    };
    coming.messages.iter().map(dated).collect()
}

/// As the service does it, three at once.
async fn keeps_up(home: &Home) {
    while let Some(coming) = home.store.to_bring(3).await.expect("answers") {
        home.store.bring(&coming, &as_posts(home, &coming)).await.expect("keeps");
    }
    while home.store.take_back_some(3).await.expect("keeps") {}
}

async fn says(home: &Home, who: &Me, archive: ArchiveId, answer: Answer) {
    assert!(home.store.answer(who, archive, answer, BEGINNING).await.expect("keeps"));
}

async fn timeline(home: &Home) -> Vec<Post> {
    home.store.timeline(&viewer(&home.ana), &TimelineQuery::default(), 20).await.expect("answers")
}

async fn told(home: &Home, who: &Me) -> usize {
    let all = home.store.notifications(who, None, 50).await.expect("answers");
    all.iter().filter(|notification| notification.happening == Happening::Brought).count()
}

laws! {
    async fn words_wait_for_their_person_alone_who_is_asked_once(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        let chat = chat(home).await;
        assert!(home.store.mine(&bo).await.expect("answers").is_empty(), "nobody said that they are in it");
        assert!(!home.store.answer(&bo, chat, Answer::Yes, BEGINNING).await.expect("answers"));
        asks(home, chat, &[(0, Some(&bo)), (1, None)]).await;
        asks(home, chat, &[(0, Some(&bo))]).await;
        assert_eq!((told(home, &bo).await, told(home, &cy).await), (1, 0));
        let mine = home.store.mine(&bo).await.expect("answers");
        assert_eq!((mine.len(), mine[0].voices.as_slice(), mine[0].waiting, mine[0].answer), (1, ["Bo ☕".to_owned()].as_slice(), 2, None));
        let words = |waiting: Vec<domain::archives::Waiting>| waiting.into_iter().map(|message| message.words).collect::<Vec<_>>();
        assert_eq!(words(home.store.waiting(&bo, chat, 0, 10).await.expect("answers")), ["who brings bread?", "lovely"]);
        assert_eq!(words(home.store.waiting(&bo, chat, 1, 10).await.expect("answers")), ["lovely"]);
        assert!(home.store.waiting(&cy, chat, 0, 10).await.expect("answers").is_empty());
        assert!(!home.store.leave_out(&cy, chat, &[0, 1], &[0, 1]).await.expect("answers"));
        assert!(!home.store.not_me(&cy, chat).await.expect("answers"));
        assert!(timeline(home).await.is_empty());
        assert!(home.store.not_me(&bo, chat).await.expect("keeps"));
        assert!(home.store.mine(&bo).await.expect("answers").is_empty());
        asks(home, chat, &[(0, Some(&cy))]).await;
        assert_eq!((told(home, &cy).await, home.store.mine(&cy).await.expect("answers")[0].waiting), (1, 2));
    }

    async fn what_is_said_yes_to_comes_once_on_its_day_and_nobody_is_told(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        let chat = chat(home).await;
        asks(home, chat, &[(0, Some(&bo)), (1, Some(&cy))]).await;
        assert!(home.store.leave_out(&bo, chat, &[0, 2], &[2]).await.expect("keeps"));
        assert_eq!(home.store.mine(&bo).await.expect("answers")[0].left_out, 1);
        let heard = home.newest().await;
        says(home, &bo, chat, Answer::Yes).await;
        let coming = home.store.to_bring(3).await.expect("answers").expect("waits");
        assert_eq!((coming.author, coming.messages.len(), coming.called.as_str()), (bo.id, 1, "Soup Night"));
        for _ in 0..2 {
            home.store.bring(&coming, &as_posts(home, &coming)).await.expect("the second finds it done");
        }
        keeps_up(home).await;
        let posts = timeline(home).await;
        assert_eq!((posts.len(), posts[0].author.id, posts[0].replies), (1, home.ana.id, 1));
        let thread = home.store.thread(&viewer(&cy), posts[0].id, None, 10).await.expect("answers").expect("there");
        assert_eq!((thread.replies[0].author.id, thread.replies[0].at), (bo.id, THEN));
        says(home, &cy, chat, Answer::Yes).await;
        keeps_up(home).await;
        let thread = home.store.thread(&viewer(&bo), posts[0].id, None, 10).await.expect("answers").expect("there");
        let said: Vec<_> = thread.replies.iter().map(|reply| (reply.author.id, reply.at)).collect();
        assert_eq!(said, [(bo.id, THEN), (cy.id, THEN.plus_seconds(60)), (cy.id, THEN.plus_seconds(180))]);
        assert!(home.told_after(heard).await.is_empty(), "no page hears of it");
        for who in [&home.ana, &bo, &cy] {
            let told = home.store.notifications(who, None, 50).await.expect("answers");
            assert!(told.iter().all(|told| matches!(told.happening, Happening::Brought | Happening::Joined)), "{told:?}");
        }
        let mine = home.store.mine(&bo).await.expect("answers");
        assert_eq!((mine[0].waiting, mine[0].came, mine[0].answer), (0, 1, Some(Answer::Yes)));
    }

    async fn words_from_before_are_nothing_that_happened_and_wait_for_nobody(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        let month = Month::of(chrono::DateTime::from_timestamp_millis(THEN.0).expect("a time").date_naive(), &Zone::utc());
        let happened = async || home.store.happened(&month).await.expect("answers");
        let asked = || home.text("who is in?");
        // What somebody wrote here on such a day counts, as what others brought does not.
        let here = home.store.keep_post(&bo, &NewPost { at: THEN.plus_seconds(600), ..asked() }).await.expect("posts");
        let before = happened().await;
        assert_eq!(before.wrote.len(), 1);
        let posts = archive(Kind::Posts, &["cy@example.social"], &[(0, 0, "who is in?", None), (0, 1, "soup", Some(0))]);
        let posts = home.store.keep_posts(&cy, &posts).await.expect("keeps");
        let chat = chat(home).await;
        asks(home, chat, &[(0, Some(&bo)), (1, Some(&cy))]).await;
        for (who, archive) in [(&cy, posts), (&bo, chat), (&cy, chat)] {
            says(home, who, archive, Answer::Yes).await;
        }
        keeps_up(home).await;
        assert_eq!(timeline(home).await.len(), 3);
        assert_eq!(happened().await, before);
        let waits = home.store.unanswered(&home.host(), (THEN.plus_days(-9), THEN.plus_days(9)), 9).await.expect("answers");
        assert_eq!(waits.iter().map(|post| post.post).collect::<Vec<_>>(), [here]);
        // Nor is it what somebody wrote last, whom they talk with, or a conversation of theirs.
        let day = chrono::DateTime::from_timestamp_millis(THEN.0).expect("a time").date_naive();
        let rhythm = Rhythm { days: 6, first: day, last: day };
        let known = home.store.known_of(&home.host(), &[(bo.id, rhythm), (cy.id, rhythm)]).await.expect("answers");
        let told: Vec<_> = known.into_iter().map(|one| (one.wrote.map(|(post, _)| post), one.talks_with)).collect();
        assert_eq!(told, [(Some(here), vec![]), (None, vec![])]);
        let threads = home.store.my_threads(&cy, THEN.plus_days(-9)).await.expect("answers");
        assert_eq!(threads.into_iter().map(|said| said.post).collect::<Vec<_>>(), []);
    }

    async fn a_no_forgets_the_words_and_looks_to_hosts_like_no_answer(home: &Home) {
        let bo = home.member("bo").await;
        let chat = chat(home).await;
        asks(home, chat, &[(0, Some(&bo))]).await;
        let before = home.store.chat(&home.host(), chat).await.expect("answers").expect("there");
        says(home, &bo, chat, Answer::No).await;
        keeps_up(home).await;
        assert!(home.store.waiting(&bo, chat, 0, 10).await.expect("answers").is_empty());
        assert!(home.store.mine(&bo).await.expect("answers").is_empty());
        assert_eq!(home.store.chat(&home.host(), chat).await.expect("answers").expect("there"), before);
        asks(home, chat, &[(0, None)]).await;
        asks(home, chat, &[(0, Some(&bo))]).await;
        assert_eq!(told(home, &bo).await, 1, "nothing waits that they could be asked about");
        assert_eq!(home.store.chat(&home.host(), chat).await.expect("answers").expect("there"), before);
    }

    async fn whoever_said_yes_can_take_all_of_it_away_again(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        let chat = chat(home).await;
        asks(home, chat, &[(0, Some(&bo)), (1, Some(&cy))]).await;
        says(home, &bo, chat, Answer::Yes).await;
        says(home, &cy, chat, Answer::Yes).await;
        keeps_up(home).await;
        let root = timeline(home).await[0].id;
        let thread = home.store.thread(&viewer(&bo), root, None, 10).await.expect("answers").expect("there");
        home.reply(&home.ana, thread.replies[0].id, "we still ask that").await;
        // A host can't make them somebody else's.
        asks(home, chat, &[(0, Some(&cy)), (1, None)]).await;
        assert_eq!(home.store.mine(&bo).await.expect("answers")[0].came, 2);
        says(home, &bo, chat, Answer::No).await;
        keeps_up(home).await;
        let thread = home.store.thread(&viewer(&cy), root, None, 10).await.expect("answers").expect("there");
        let stands: Vec<_> = thread.replies.iter().map(|reply| (reply.author.id, reply.taken_back)).collect();
        assert_eq!(stands, [(bo.id, true), (cy.id, false), (cy.id, false), (home.ana.id, false)]);
        assert!(home.store.mine(&bo).await.expect("answers").is_empty());
        says(home, &cy, chat, Answer::No).await;
        keeps_up(home).await;
        assert_eq!(timeline(home).await.len(), 1, "somebody answered in it since");
    }

    async fn a_month_of_which_nothing_is_left_goes_with_it(home: &Home) {
        let bo = home.member("bo").await;
        let chat = chat(home).await;
        asks(home, chat, &[(0, Some(&bo))]).await;
        says(home, &bo, chat, Answer::Yes).await;
        keeps_up(home).await;
        assert_eq!(timeline(home).await.len(), 1);
        says(home, &bo, chat, Answer::No).await;
        keeps_up(home).await;
        assert!(timeline(home).await.is_empty());
    }

    async fn ones_own_posts_come_with_what_goes_on_from_them_and_never_twice(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        let posts = archive(Kind::Posts, &["bo@example.social"], &[(0, 0, "soup", None), (0, 1, "and bread", Some(0)), (0, 2, "rain", None)]);
        home.store.keep_posts(&bo, &posts).await.expect("keeps");
        let archive = home.store.keep_posts(&bo, &posts).await.expect("keeps");
        assert_eq!(home.store.mine(&bo).await.expect("answers").len(), 1, "the second took the place of the first");
        assert!(home.store.chat(&home.host(), archive).await.expect("answers").is_none(), "it is nobody else's");
        assert!(home.store.chats(&home.host()).await.expect("answers").is_empty());
        assert!(!home.store.answer(&cy, archive, Answer::Yes, BEGINNING).await.expect("answers"));
        assert!(!home.store.not_me(&bo, archive).await.expect("answers"));
        says(home, &bo, archive, Answer::Yes).await;
        keeps_up(home).await;
        let again = home.store.keep_posts(&bo, &posts).await.expect("keeps");
        says(home, &bo, again, Answer::Yes).await;
        keeps_up(home).await;
        let stands: Vec<_> = timeline(home).await.iter().map(|post| (post.author.id, post.at, post.replies)).collect();
        assert_eq!(stands, [(bo.id, THEN.plus_seconds(120), 0), (bo.id, THEN, 1)]);
    }

    async fn what_waits_too_long_or_is_thrown_away_is_forgotten_and_what_came_stays(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        let first = chat(home).await;
        asks(home, first, &[(0, Some(&bo)), (1, Some(&cy))]).await;
        says(home, &bo, first, Answer::Yes).await;
        home.store.forget(BEGINNING.plus_days(89)).await.expect("forgets");
        assert_eq!(home.store.mine(&cy).await.expect("answers")[0].waiting, 2);
        home.store.forget(BEGINNING.plus_days(90)).await.expect("forgets");
        keeps_up(home).await;
        assert!(home.store.mine(&cy).await.expect("answers").is_empty());
        assert_eq!(home.store.mine(&bo).await.expect("answers")[0].came, 2, "it was said yes to before");
        let second = chat(home).await;
        assert!(home.store.throw_away(&home.host(), second).await.expect("keeps"));
        assert!(!home.store.throw_away(&home.host(), second).await.expect("answers"));
        for _ in 0..5 {
            chat(home).await;
        }
        assert_eq!(home.store.chats(&home.host()).await.expect("answers").len(), 4, "three about which nobody was asked, and the first");
    }
}
