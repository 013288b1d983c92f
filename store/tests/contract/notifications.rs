//! What concerns whom: written with its cause, once, never to who caused it.

use crate::home::{Home, viewer};
use domain::{
    notifications::{Happening, NotificationStore},
    timeline::{Audience, NewPost, TimelineStore},
    viewer::Me,
};

async fn lines(home: &Home, me: &Me) -> Vec<Happening> {
    home.store.notifications(me, None, 50).await.expect("answers").into_iter().map(|line| line.happening).collect()
}

laws! {
    async fn a_reply_that_also_mentions_is_one_notification(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let root = home.post(&bo, "soup").await;
        let reply = home.reply(&cy, root, "stew").await;
        let before = home.newest().await;
        let new = NewPost { mentioned: vec![bo.id, cy.id, home.ana.id], ..home.text("@bo @cy @ana") };
        let last = home.store.keep_reply(&home.ana, reply, &new).await.expect("keeps");
        for (me, count) in [(&bo, 2), (&cy, 1)] {
            let lines = lines(home, me).await;
            assert_eq!(lines.len(), count);
            assert_eq!(lines[0], Happening::Replied { post: last, thread: root, excerpt: "@bo @cy @ana".into() });
        }
        assert_eq!(lines(home, &home.ana).await, [Happening::Joined, Happening::Joined], "never of what she did herself");
        let told = home.told_after(before).await;
        assert_eq!(told.iter().filter(|entry| entry.hint == domain::live::Hint::Notified).count(), 2);
    }

    async fn a_letter_to_me_is_one_notification_and_a_mention_of_somebody_else_is_none(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let new = NewPost { audience: Audience::Named, named: vec![bo.id], mentioned: vec![bo.id, cy.id], ..home.text("of @cy") };
        let post = home.store.keep_post(&home.ana, &new).await.expect("keeps");
        assert_eq!(lines(home, &bo).await, [Happening::WroteToMe { post, excerpt: "of @cy".into() }]);
        assert!(lines(home, &cy).await.is_empty());
    }

    async fn looking_marks_as_read_up_to_what_was_seen(home: &Home) {
        let bo = home.member("bo").await;
        for _ in 0..5 {
            let new = NewPost { mentioned: vec![bo.id], ..home.text("@bo") };
            home.store.keep_post(&home.ana, &new).await.expect("keeps");
        }
        assert_eq!(home.store.unread(bo.id).await.expect("answers"), 5);
        let first = home.store.notifications(&bo, None, 2).await.expect("answers");
        let rest = home.store.notifications(&bo, Some(first[1].id), 50).await.expect("answers");
        assert_eq!((first.len(), rest.len()), (2, 3));
        assert!(first[1].id > rest[0].id && first.iter().all(|line| line.unread));
        home.store.mark_read(&bo, rest[0].id).await.expect("keeps");
        assert_eq!(home.store.unread(bo.id).await.expect("answers"), 2);
        let before = home.newest().await;
        home.store.mark_read(&bo, rest[0].id).await.expect("keeps");
        assert_eq!(home.newest().await, before, "what changes nothing tells nothing");
    }

    async fn the_answer_to_a_gathering_stands_once_and_newest(home: &Home) {
        use domain::gatherings::{Answer, GatheringStore, sessions};
        let bo = home.member("bo").await;
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let gathering = home.store.gathering(&viewer(&bo), &slug).await.expect("answers").expect("there");
        let session = sessions::on(&gathering.schedule, gathering.schedule.first).expect("a session");
        for answer in [Answer::Maybe, Answer::Yes, Answer::Yes] {
            home.answer(&bo, &gathering, session.date, answer, "").await;
        }
        home.answer(&home.ana, &gathering, session.date, Answer::Yes, "").await;
        let answered = Happening::Answered {
            slug,
            date: "2026-12-03".into(),
            starts_at: session.starts_at,
            title: "Soup".into(),
            answer: "yes".into(),
        };
        assert_eq!(lines(home, &home.ana).await, [answered, Happening::Joined]);
    }
}
