//! The law of who may see what, for every read and every viewer.

use crate::home::{chosen, heard_by, viewer};
use domain::{
    blocks::BlockStore,
    gatherings::{Answer, GatheringStore, sessions},
    ids::{MemberId, PostId},
    live::Hint,
    notifications::NotificationStore,
    people::Role,
    pictures::PictureStore,
    timeline::{Audience, NewPost, Standing, TimelineQuery, TimelineStore, may_see},
    viewer::{Me, Viewer},
};

const AUDIENCES: [Audience; 3] = [Audience::Public, Audience::Community, Audience::Named];

laws! {
    async fn what_the_law_hides_is_not_there_by_any_read(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        for audience in AUDIENCES {
            let picture = home.picture(&home.ana, &format!("root {audience:?}")).await;
            let of_reply = home.picture(&bo, &format!("reply {audience:?}")).await;
            let tag = format!("tag{}", audience.word());
            let named = if audience == Audience::Named { vec![bo.id] } else { Vec::new() };
            let mentioned = vec![home.ana.id, bo.id, cy.id];
            let before = home.newest().await;
            let new = NewPost {
                audience, named: named.clone(), mentioned: mentioned.clone(), tags: vec![tag.clone()],
                pictures: vec![chosen(picture, "a bowl")], ..home.text("hello")
            };
            let root = home.store.keep_post(&home.ana, &new).await.expect("keeps");
            let new = NewPost { mentioned, pictures: vec![chosen(of_reply, "")], ..home.text("back") };
            let reply = home.store.keep_reply(&bo, root, &new).await.expect("keeps");
            home.store.save_edit(&home.ana, root, &NewPost { pictures: vec![chosen(picture, "two bowls")], ..home.text("hello again") }).await.expect("keeps");
            home.store.react(&bo, reply, "🍲", true, home.now()).await.expect("keeps");

            let viewers = [Viewer::Visitor, viewer(&home.ana), viewer(&bo), viewer(&cy)];
            for viewer in &viewers {
                let may = may_see(viewer, &Standing { audience, author: home.ana.id, begun_by: home.ana.id, named: &named }, &[]);
                let who = format!("{audience:?} for {viewer:?}");
                let listed = async |query: TimelineQuery| {
                    home.store.timeline(viewer, &query, 50).await.expect("answers").iter().any(|post| post.id == root)
                };
                assert_eq!(listed(TimelineQuery::default()).await, may, "timeline, {who}");
                assert_eq!(listed(TimelineQuery { author: Some(home.ana.id), ..Default::default() }).await, may, "author, {who}");
                assert_eq!(listed(TimelineQuery { after: Some(PostId(1)), ..Default::default() }).await, may, "newer, {who}");
                assert_eq!(
                    home.store.timeline(viewer, &TimelineQuery { tag: Some(tag.clone()), ..Default::default() }, 50).await.expect("answers").len(),
                    0, "the edit took the tag away, {who}"
                );
                for id in [root, reply] {
                    let thread = home.store.thread(viewer, id, None, 50).await.expect("answers");
                    assert_eq!(thread.is_some_and(|thread| thread.root.id == root && thread.replies.len() == 1), may, "thread, {who}");
                    assert_eq!(home.store.post(viewer, id).await.expect("answers").is_some(), may, "post, {who}");
                    assert_eq!(home.store.history(viewer, id).await.expect("answers").is_some(), may, "history, {who}");
                }
                for picture in [picture, of_reply] {
                    assert_eq!(home.store.hash_for(viewer, picture).await.expect("answers").is_some(), may, "picture, {who}");
                }
                if let Some(me) = viewer.me() {
                    let notified = home.store.notifications(me, None, 100).await.expect("answers");
                    let points = |id: PostId| notified.iter().any(|line| format!("{:?}", line.happening).contains(&format!("post: {id:?}")));
                    assert_eq!(points(root), may && me.id != home.ana.id, "notification of the post, {who}");
                    assert_eq!(points(reply), may && me.id != bo.id, "notification of the reply, {who}");
                    assert_eq!(home.store.draft(me, root).await.expect("answers").is_some(), me.id == home.ana.id, "draft, {who}");
                }
            }
            let told = home.told_after(before).await;
            let mut everyone: Vec<Option<MemberId>> = if audience == Audience::Named { vec![Some(home.ana.id), Some(bo.id)] } else { vec![None] };
            everyone.sort();
            assert_eq!(heard_by(&told, |entry| entry.hint == Hint::Posted { post: root }), everyone);
            assert_eq!(heard_by(&told, |entry| entry.hint == Hint::Replied { post: reply, thread: root }), everyone);
            assert_eq!(heard_by(&told, |entry| entry.hint == Hint::PostChanged { post: root, thread: root }), everyone);
            assert_eq!(heard_by(&told, |entry| entry.hint == Hint::PostChanged { post: reply, thread: root }), everyone);
            if audience == Audience::Named {
                assert!(told.iter().all(|entry| entry.only.is_some() && entry.only != Some(cy.id)), "cy hears nothing of it: {told:?}");
            }
        }
    }

    async fn who_may_not_see_a_thread_can_do_nothing_with_it(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let root = home.post_for(&home.ana, Audience::Named, &[&bo]).await;
        let refused = crate::home::refusal(home.store.keep_reply(&cy, root, &home.text("me too")).await);
        assert_eq!(refused, domain::timeline::PostRefusal::Gone);
        let refused = crate::home::refusal(home.store.react(&cy, root, "🍲", true, home.now()).await);
        assert_eq!(refused, domain::timeline::ReactRefusal::Gone);
        assert!(!home.store.take_back(&cy, root).await.expect("answers"));
        let refused = crate::home::refusal(home.store.save_edit(&bo, root, &home.text("mine now")).await);
        assert_eq!(refused, domain::timeline::PostRefusal::Gone);
        assert!(!home.store.take_back(&bo, root).await.expect("answers"));
    }

    async fn the_timeline_of_every_viewer_is_what_the_law_says_in_pages_without_gaps_or_doubles(home: &Home) {
        let mut chance = fastrand::Rng::with_seed(7);
        let members = [home.ana.clone(), home.member("bo").await, home.member("cy").await, home.member("di").await];
        let mut posts: Vec<(PostId, Audience, MemberId, Vec<MemberId>, bool)> = Vec::new();
        let mut replies: Vec<(PostId, MemberId, usize)> = Vec::new();
        // Some blocked others; the host among them too.
        let mut blocks: Vec<(MemberId, MemberId)> = Vec::new();
        for (me, whom) in members.iter().flat_map(|me| members.iter().map(move |whom| (me, whom))) {
            if me.id != whom.id && chance.usize(..3) == 0 {
                home.store.block(me, whom.id, home.now()).await.expect("keeps");
                blocks.push((me.id, whom.id));
            }
        }
        assert!(blocks.iter().any(|(me, _)| *me == home.ana.id) && blocks.len() > 2, "chance gave some: {blocks:?}");
        for _ in 0..60 {
            let author = chance.choice(&members).expect("some").clone();
            let audience = AUDIENCES[chance.usize(..3)];
            let named: Vec<MemberId> = members.iter().filter(|_| audience == Audience::Named && chance.bool()).map(|me| me.id).collect();
            let tagged = chance.bool();
            let tags = if tagged { vec!["soup".to_owned()] } else { Vec::new() };
            let new = NewPost { audience, named: named.clone(), tags, ..home.text("one of many") };
            let id = home.store.keep_post(&author, &new).await.expect("keeps");
            if chance.bool() {
                let able: Vec<&Me> = members.iter().filter(|me| me.id == author.id || audience != Audience::Named).collect();
                let by = *chance.choice(&able).expect("some");
                // Who blocked the author has nothing to answer.
                if !blocks.contains(&(by.id, author.id)) || by.role == Role::Admin {
                    replies.push((home.reply(by, id, "and another thing").await, by.id, posts.len()));
                }
            }
            posts.push((id, audience, author.id, named, tagged));
        }
        let blocked_by = |viewer: &Viewer| -> Vec<MemberId> {
            blocks.iter().filter(|(me, _)| Some(*me) == viewer.id()).map(|(_, whom)| *whom).collect()
        };
        let every: Vec<Viewer> = members.iter().map(viewer).chain([Viewer::Visitor]).collect();
        for viewer in &every {
            // What a host opens by its address is all there.
            let blocked = if viewer.host().is_some() { Vec::new() } else { blocked_by(viewer) };
            for (reply, author, at) in &replies {
                let (root, audience, begun_by, named, _) = &posts[*at];
                let standing = Standing { audience: *audience, author: *author, begun_by: *begun_by, named };
                let may = may_see(viewer, &standing, &blocked);
                assert_eq!(home.store.post(viewer, *reply).await.expect("answers").is_some(), may, "{standing:?} {viewer:?}");
                let root_too = may_see(viewer, &Standing { author: *begun_by, ..standing }, &blocked);
                let thread = home.store.thread(viewer, *reply, None, 9).await.expect("answers");
                assert_eq!(thread.is_some(), root_too, "{begun_by:?} {viewer:?}");
                if let Some(thread) = thread {
                    assert_eq!(thread.replies.iter().map(|reply| reply.id).collect::<Vec<_>>(), if may { vec![*reply] } else { vec![] });
                    assert_eq!((thread.root.id, thread.root.replies), (*root, u32::from(may)), "the count says no more than is there");
                }
            }
        }
        posts.reverse();
        let viewers: Vec<Viewer> = members.iter().map(viewer).chain([Viewer::Visitor]).collect();
        for viewer in &viewers {
            for tag in [None, Some("soup".to_owned())] {
                for author in [None, Some(home.ana.id)] {
                    let lawful: Vec<PostId> = posts
                        .iter()
                        .filter(|(_, audience, by, named, tagged)| {
                            let standing = Standing { audience: *audience, author: *by, begun_by: *by, named };
                            may_see(viewer, &standing, &blocked_by(viewer)) && (tag.is_none() || *tagged) && author.is_none_or(|author| author == *by)
                        })
                        .map(|(id, ..)| *id)
                        .collect();
                    let mut read: Vec<PostId> = Vec::new();
                    loop {
                        let query = TimelineQuery { before: read.last().copied(), tag: tag.clone(), author, after: None };
                        let page = home.store.timeline(viewer, &query, 7).await.expect("answers");
                        if page.is_empty() {
                            break;
                        }
                        read.extend(page.iter().map(|post| post.id));
                    }
                    assert_eq!(read, lawful, "{tag:?} {author:?} {viewer:?}");
                }
            }
        }
    }

    async fn tags_of_what_a_member_may_not_see_are_not_suggested(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let tagged = |tag: &str, audience, named| NewPost { tags: vec![tag.into()], audience, named, ..home.text("tagged") };
        home.store.keep_post(&home.ana, &tagged("surprise", Audience::Named, vec![bo.id])).await.expect("keeps");
        home.store.keep_post(&home.ana, &tagged("suppe", Audience::Community, vec![])).await.expect("keeps");
        home.store.keep_post(&bo, &tagged("suppe", Audience::Public, vec![])).await.expect("keeps");
        home.store.keep_post(&bo, &tagged("s_x", Audience::Public, vec![])).await.expect("keeps");
        assert_eq!(home.store.tags_beginning_with(&bo, "su").await.expect("answers"), ["suppe", "surprise"]);
        assert_eq!(home.store.tags_beginning_with(&cy, "su").await.expect("answers"), ["suppe"]);
        assert_eq!(home.store.tags_beginning_with(&cy, "s_").await.expect("answers"), ["s_x"]);
    }

    async fn a_gathering_is_seen_by_its_audience_and_its_link_and_answers_by_members(home: &Home) {
        let bo = home.member("bo").await;
        for audience in [Audience::Public, Audience::Community] {
            let picture = home.picture(&home.ana, &format!("gathering {audience:?}")).await;
            let mut new = home.new_gathering(&format!("Soup {}", audience.word()), audience);
            new.picture = Some(picture);
            let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
            let date = new.schedule.first;
            let session = sessions::on(&new.schedule, date).expect("a session");
            let seen = |viewer: Viewer| { let slug = slug.clone(); async move { home.store.gathering(&viewer, &slug).await.expect("answers") } };
            let gathering = seen(viewer(&bo)).await.expect("members see it");
            home.answer(&bo, &gathering, session.date, Answer::Yes, "with bread").await;

            let public = audience == Audience::Public;
            for viewer in [Viewer::Visitor, viewer(&bo), viewer(&home.ana)] {
                let member = viewer.me().is_some();
                let found = seen(viewer.clone()).await;
                assert_eq!(found.is_some(), public || member);
                let listed = home.store.gatherings(&viewer, home.now()).await.expect("answers");
                assert_eq!(listed.iter().any(|one| one.slug == slug), public || member);
                if let Some(found) = found {
                    assert_eq!(found.link.is_empty(), !member);
                    assert_eq!(found.mine, viewer.id() == Some(home.ana.id));
                }
                assert_eq!(home.store.hash_for(&viewer, picture).await.expect("answers").is_some(), public || member);
                assert_eq!(home.store.rsvps(&viewer, gathering.id, date).await.expect("answers").len(), usize::from(member));
                let tallies = home.store.tallies(&viewer, (date, date)).await.expect("answers");
                assert_eq!(tallies.iter().any(|tally| tally.gathering == gathering.id && tally.yes == 1), member);
            }
        }
    }

    async fn a_visitor_meets_names_without_portraits(home: &Home) {
        let portrait = home.picture(&home.ana, "portrait").await;
        assert!(domain::people::PeopleStore::save_portrait(&home.store, &home.ana, Some(portrait)).await.expect("answers"));
        let post = home.post_for(&home.ana, Audience::Public, &[]).await;
        let author = |viewer: Viewer| async move { home.store.post(&viewer, post).await.expect("answers").expect("public").author };
        assert_eq!(author(Viewer::Visitor).await.picture, None);
        assert_eq!(author(viewer(&home.ana)).await.picture, Some(portrait));
        let hash = |viewer: Viewer| async move { home.store.hash_for(&viewer, portrait).await.expect("answers") };
        assert_eq!(hash(Viewer::Visitor).await, None);
        assert_eq!(hash(viewer(&home.member("bo").await)).await.as_deref(), Some("portrait"));
    }
}
