//! Posts, threads, edits, taking back, reactions; and how many statements a page takes.

use crate::home::{chosen, refusal, viewer};
use domain::{
    ids::PostId,
    notifications::NotificationStore,
    pictures::PictureStore,
    timeline::{Audience, Looked, NewPost, PostRefusal, ReactRefusal, TimelineQuery, TimelineStore},
};

laws! {
    async fn a_thread_is_read_in_pages_without_gaps_or_doubles(home: &Home) {
        let root = home.post(&home.ana, "begin").await;
        let mut replies = Vec::new();
        for number in 0..23 {
            let to = *replies.get(number / 2).unwrap_or(&root);
            replies.push(home.reply(&home.ana, to, "and").await);
        }
        let me = viewer(&home.ana);
        let mut read: Vec<PostId> = Vec::new();
        loop {
            let thread = home.store.thread(&me, replies[3], read.last().copied(), 5).await.expect("answers").expect("there");
            assert_eq!((thread.root.id, thread.root.replies), (root, 23));
            read.extend(thread.replies.iter().map(|reply| reply.id));
            assert_eq!(thread.after, thread.replies.last().map(|reply| reply.id).filter(|_| read.len() < 23));
            if thread.after.is_none() {
                break;
            }
        }
        assert_eq!(read, replies);
    }

    async fn a_reply_dated_before_its_thread_still_comes_after_it(home: &Home) {
        let root = home.post(&home.ana, "begin").await;
        let reply = NewPost { at: crate::home::BEGINNING.plus_days(-400), ..home.text("long ago") };
        let reply = home.store.keep_reply(&home.ana, root, &reply).await.expect("keeps");
        let thread = home.store.thread(&viewer(&home.ana), reply, None, 5).await.expect("answers").expect("there");
        assert_eq!((thread.root.id, thread.replies.len()), (root, 1));
    }

    async fn a_page_takes_one_statement_however_long_it_is(home: &Home) {
        let bo = home.member("bo").await;
        let me = viewer(&home.ana);
        for number in 0..20 {
            let picture = home.picture(&home.ana, &format!("p{number}")).await;
            let new = NewPost { pictures: vec![chosen(picture, "")], audience: Audience::Named, named: vec![bo.id], ..home.text("much") };
            let post = home.store.keep_post(&home.ana, &new).await.expect("keeps");
            home.store.react(&bo, post, "🍲", true, home.now()).await.expect("keeps");
            home.reply(&bo, post, "yes").await;
        }
        let first = home.store.timeline(&me, &TimelineQuery::default(), 1).await.expect("answers")[0].id;
        for most in [1, 20] {
            let before = home.store.queries();
            let page = home.store.timeline(&me, &TimelineQuery::default(), most).await.expect("answers");
            assert_eq!((page.len(), home.store.queries() - before), (most, 1));
            assert!(page.iter().all(|post| post.pictures.len() == 1 && post.reactions.len() == 1 && post.named == ["Bo"] && post.replies == 1));
        }
        let before = home.store.queries();
        home.store.thread(&me, first, None, 200).await.expect("answers").expect("there");
        assert_eq!(home.store.queries() - before, 1);
    }

    async fn an_edit_keeps_the_former_state_and_notifies_only_those_newly_mentioned(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let picture = home.picture(&home.ana, "p").await;
        let new = NewPost { mentioned: vec![bo.id], pictures: vec![chosen(picture, "old")], note: Some("food".into()), ..home.text("soup @bo") };
        let post = home.store.keep_post(&home.ana, &new).await.expect("keeps");
        let edit = NewPost { mentioned: vec![bo.id, cy.id], pictures: vec![chosen(picture, "new")], ..home.text("stew @bo @cy") };
        home.store.save_edit(&home.ana, post, &edit).await.expect("keeps");
        let states = home.store.history(&viewer(&bo), post).await.expect("answers").expect("there");
        let texts: Vec<_> = states.iter().map(|state| (state.html.as_str(), state.note.as_deref(), state.at)).collect();
        assert_eq!(texts, [("<p>stew @bo @cy</p>", None, edit.at), ("<p>soup @bo</p>", Some("food"), new.at)]);
        let seen = home.store.post(&viewer(&bo), post).await.expect("answers").expect("there");
        assert_eq!((seen.edited_at, seen.pictures[0].alt.as_str()), (Some(edit.at), "new"));
        for member in [&bo, &cy] {
            assert_eq!(home.store.notifications(member, None, 10).await.expect("answers").len(), 1);
        }
        let only_alt = NewPost { pictures: vec![chosen(picture, "newer")], at: home.now(), ..edit.clone() };
        home.store.save_edit(&home.ana, post, &only_alt).await.expect("keeps");
        let states = home.store.history(&viewer(&bo), post).await.expect("answers").expect("there");
        assert_eq!(states.len(), 2, "a new description is no new state");
        let draft = home.store.draft(&home.ana, post).await.expect("answers").expect("hers");
        assert_eq!((draft.markdown.as_str(), draft.pictures[0].alt.as_str()), ("stew @bo @cy", "newer"));
    }

    async fn what_was_taken_back_is_gone_and_leaves_a_place_only_under_replies(home: &Home) {
        let bo = home.member("bo").await;
        let picture = home.picture(&home.ana, "p").await;
        let new = NewPost { pictures: vec![chosen(picture, "")], tags: vec!["soup".into()], mentioned: vec![bo.id], ..home.text("oops") };
        let root = home.store.keep_post(&home.ana, &new).await.expect("keeps");
        let reply = home.reply(&bo, root, "what?").await;
        let below = home.reply(&home.ana, reply, "nothing").await;
        home.store.react(&bo, root, "🍲", true, home.now()).await.expect("keeps");
        assert!(home.store.take_back(&home.ana, root).await.expect("answers"));
        assert!(!home.store.take_back(&home.ana, root).await.expect("answers"), "once is enough");

        let bos = viewer(&bo);
        let place = home.store.post(&bos, root).await.expect("answers").expect("an empty place");
        assert!(place.taken_back && place.html.as_str().is_empty() && place.pictures.is_empty() && place.reactions.is_empty());
        assert_eq!(place.replies, 2);
        assert_eq!(home.store.history(&bos, root).await.expect("answers"), None);
        assert_eq!(home.store.hash_for(&bos, picture).await.expect("answers"), None);
        assert_eq!(home.store.draft(&home.ana, root).await.expect("answers"), None);
        assert_eq!(refusal(home.store.keep_reply(&bo, root, &home.text("too late")).await), PostRefusal::Gone);
        assert_eq!(refusal(home.store.react(&bo, root, "🍲", true, home.now()).await), ReactRefusal::Gone);
        assert!(home.store.timeline(&bos, &TimelineQuery { tag: Some("soup".into()), ..Default::default() }, 9).await.expect("answers").is_empty());
        let lines = home.store.notifications(&bo, None, 10).await.expect("answers");
        assert_eq!(lines.len(), 1, "the mention went, the answer to bo stayed: {lines:?}");

        // Bo's reply has one below it: an empty place. When that goes, all of the thread goes.
        assert!(home.store.take_back(&bo, reply).await.expect("answers"));
        let thread = home.store.thread(&bos, below, None, 9).await.expect("answers").expect("there");
        assert_eq!((thread.root.replies, thread.replies.len(), thread.replies[0].taken_back), (1, 2, true));
        assert!(home.store.take_back(&home.ana, below).await.expect("answers"));
        for id in [root, reply, below] {
            assert_eq!(home.store.post(&bos, id).await.expect("answers"), None);
        }
        assert!(home.store.timeline(&bos, &TimelineQuery::default(), 9).await.expect("answers").is_empty());
        assert_eq!(home.store.forget_unused(home.now()).await.expect("answers"), ["p"]);
    }

    async fn a_reaction_is_put_once_and_can_be_taken_away(home: &Home) {
        let bo = home.member("bo").await;
        let post = home.post(&home.ana, "soup").await;
        assert_eq!(refusal(home.store.react(&bo, post, "💩", true, home.now()).await), ReactRefusal::Unknown);
        for _ in 0..3 {
            home.store.react(&bo, post, "🍲", true, home.now()).await.expect("keeps");
        }
        home.store.react(&home.ana, post, "🍲", true, home.now()).await.expect("keeps");
        home.store.react(&home.ana, post, "❤️", true, home.now()).await.expect("keeps");
        let seen = home.store.post(&viewer(&bo), post).await.expect("answers").expect("there").reactions;
        let told: Vec<_> = seen.iter().map(|one| (one.reaction.as_str(), one.by.join(" "), one.mine)).collect();
        assert_eq!(told, [("🍲", "Bo Ana".to_owned(), true), ("❤️", "Ana".to_owned(), false)]);
        assert_eq!(home.store.unread(home.ana.id).await.expect("answers"), 2, "one reaction, and bo joined");
        home.store.react(&bo, post, "🍲", false, home.now()).await.expect("keeps");
        assert_eq!(home.store.unread(home.ana.id).await.expect("answers"), 1);
        let seen = home.store.post(&viewer(&bo), post).await.expect("answers").expect("there").reactions;
        assert_eq!(seen[0].by, ["Ana"]);
    }

    async fn a_picture_of_somebody_else_or_of_another_post_is_refused_and_nothing_is_kept(home: &Home) {
        let bo = home.member("bo").await;
        let bos = home.picture(&bo, "bos").await;
        let with = |picture| NewPost { pictures: vec![chosen(picture, "")], ..home.text("look") };
        assert_eq!(refusal(home.store.keep_post(&home.ana, &with(bos)).await), PostRefusal::PictureGone);
        assert!(home.store.timeline(&viewer(&bo), &TimelineQuery::default(), 9).await.expect("answers").is_empty());
        let post = home.store.keep_post(&bo, &with(bos)).await.expect("keeps");
        assert_eq!(refusal(home.store.keep_reply(&bo, post, &with(bos)).await), PostRefusal::PictureGone);
        let post = home.store.post(&viewer(&bo), post).await.expect("answers").expect("there");
        assert_eq!((post.replies, post.pictures.len()), (0, 1));
    }

    async fn the_timeline_after_a_post_is_what_is_newer(home: &Home) {
        let mut posts = Vec::new();
        for _ in 0..5 {
            posts.push(home.post(&home.ana, "one").await);
        }
        let query = TimelineQuery { after: Some(posts[1]), ..Default::default() };
        let newer: Vec<_> = home.store.timeline(&viewer(&home.ana), &query, 9).await.expect("answers").iter().map(|post| post.id).collect();
        assert_eq!(newer, [posts[4], posts[3], posts[2]]);
    }

    async fn how_far_a_member_has_read_is_kept(home: &Home) {
        assert_eq!(home.again(&home.ana).await.looked, Looked::default());
        let looked = Looked { line: None, newest: Some(PostId(7)), at: Some(home.now()) };
        home.store.save_looked(&home.ana, looked).await.expect("keeps");
        assert_eq!(home.again(&home.ana).await.looked, looked);
    }

    async fn replies_and_take_backs_at_the_same_time_leave_the_right_count(home: &Home) {
        let root = home.post(&home.ana, "busy").await;
        let tasks: Vec<_> = (0..16)
            .map(|number| {
                let (store, ana, text) = (home.store.clone(), home.ana.clone(), home.text("and"));
                tokio::spawn(async move {
                    let reply = store.keep_reply(&ana, root, &text).await.expect("keeps");
                    number % 2 == 0 && store.take_back(&ana, reply).await.expect("answers")
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("ends");
        }
        let thread = home.store.thread(&viewer(&home.ana), root, None, 50).await.expect("answers").expect("there");
        assert_eq!((thread.root.replies, thread.replies.len()), (8, 8));
    }
}
