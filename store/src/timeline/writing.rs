//! What is written of posts: each function is one unit, with its notifications and hints.

use crate::{
    connection::{Store, Write, column, one, value, values},
    law,
    notifications::News,
};
use domain::{
    ids::{GatheringId, MemberId, PostId},
    live::{Hint, RoomPart},
    outcome::{Error, Unavailable},
    time::Timestamp,
    timeline::{Audience, Looked, NewPost, PostRefusal, ReactRefusal},
    viewer::{Me, Viewer},
};
use sea_orm::FromQueryResult;
use std::collections::BTreeSet;

/// A post in a thread that is being changed, with what is needed of its root.
#[derive(FromQueryResult)]
pub(super) struct PlaceRow {
    id: i64,
    root_id: i64,
    author_id: i64,
    audience: String,
    /// Nobody, where it was taken back and whoever wrote it left.
    root_author_id: Option<i64>,
    root_taken_back: bool,
}

/// The room in which something is said.
#[derive(FromQueryResult)]
pub(super) struct TalkRow {
    pub gathering_id: i64,
    pub date: String,
}

impl PlaceRow {
    pub fn post(&self) -> PostId {
        PostId(self.id)
    }
    pub fn thread(&self) -> PostId {
        PostId(self.root_id)
    }
    fn named(&self) -> bool {
        self.audience == Audience::Named.word()
    }
}

impl Write {
    /// The post, if the member may see it and it was not taken back; its thread is locked until the commit.
    async fn place(&self, me: &Me, post: PostId) -> Result<Option<PlaceRow>, Unavailable> {
        self.lock_thread(post).await?;
        let sql = format!(
            "SELECT p.id, p.root_id, p.author_id, p.audience, r.author_id AS root_author_id, r.taken_back AS root_taken_back \
             FROM posts p JOIN posts r ON r.id = p.root_id WHERE p.id = $2 AND NOT p.taken_back AND {}",
            law::post_opened(&Viewer::Member(me.clone()))
        );
        one(self.db(), sql, values![me.id.0, post.0]).await
    }

    /// Has whatever else writes in a post's thread wait.
    async fn lock_thread(&self, post: PostId) -> Result<(), Unavailable> {
        let lock = "UPDATE posts SET replies = replies WHERE id = (SELECT o.root_id FROM posts o WHERE o.id = $1)";
        self.run(lock, values![post.0]).await.map(drop)
    }

    /// Those who may see a post for named people.
    async fn audience_of(&self, root: PostId) -> Result<BTreeSet<i64>, Unavailable> {
        let named: Vec<i64> =
            column(self.db(), "SELECT member_id FROM post_named WHERE post_id = $1 AND NOT hidden", values![root.0]).await?;
        Ok(named.into_iter().collect())
    }

    /// Tells those who may see a thread: everybody (members, that is) unless it is for named people.
    pub(super) async fn tell_thread(&mut self, place: &PlaceRow, hint: Hint) -> Result<(), Unavailable> {
        if !place.named() {
            return self.tell(None, &hint).await;
        }
        for member in self.audience_of(place.thread()).await? {
            self.tell(Some(MemberId(member)), &hint).await?;
        }
        Ok(())
    }

    /// Tells those who are in the room where this is said, if it is said in one.
    async fn tell_talk(&mut self, place: &PlaceRow) -> Result<(), Unavailable> {
        let sql = "SELECT gathering_id, date FROM rooms WHERE talk_id = $1";
        let room: Option<TalkRow> = one(self.db(), sql, values![place.root_id]).await?;
        if let Some(TalkRow { gathering_id, date }) = room {
            let gathering = GatheringId(gathering_id);
            self.tell_who_may_see(gathering, &Hint::Room { gathering, date, part: RoomPart::Talk }).await?;
        }
        Ok(())
    }

    async fn keep_tags(&self, post: i64, tags: &[String]) -> Result<(), Unavailable> {
        for tag in tags {
            let insert = "INSERT INTO post_tags (tag, post_id) VALUES ($1, $2) ON CONFLICT (tag, post_id) DO NOTHING";
            self.run(insert, values![tag, post]).await?;
        }
        Ok(())
    }

    async fn keep_pictures(&self, author: &Me, post: i64, new: &NewPost) -> Result<(), Error<PostRefusal>> {
        for (place, picture) in new.pictures.iter().enumerate() {
            if !self.hang(author, picture.id).await? {
                return Err(Error::Refused(PostRefusal::PictureGone));
            }
            let hang = "UPDATE pictures SET post_id = $2, place = $3, alt = $4 WHERE id = $1";
            self.run(hang, values![picture.id.0, post, place as i64, &picture.alt]).await?;
        }
        Ok(())
    }

    /// Keeps what stands in a post, and its tags; nobody is told yet.
    pub async fn insert_post(&self, author: MemberId, post: &NewPost) -> Result<i64, Unavailable> {
        let insert = "INSERT INTO posts (id, root_id, author_id, audience, markdown, html, note, excerpt, replies, at, taken_back) \
                      VALUES ($1, $1, $2, $3, $4, $5, $6, $7, 0, $8, FALSE) ON CONFLICT (id) DO NOTHING";
        let values =
            values![author.0, post.audience.word(), &post.markdown, post.html.as_str(), post.note.clone(), &post.excerpt, post.at.0];
        let id = self.insert(post.at, insert, values).await?;
        self.keep_tags(id, &post.tags).await?;
        Ok(id)
    }

    /// Keeps what stands in a reply within a thread, and its tags; it has the audience of its root, and nobody is told yet.
    pub async fn insert_reply(&self, author: MemberId, (root, parent): (i64, i64), reply: &NewPost) -> Result<i64, Unavailable> {
        let insert = "INSERT INTO posts (id, root_id, parent_id, author_id, audience, markdown, html, note, excerpt, replies, at, taken_back, in_room) \
                      SELECT $1, r.id, $3, $4, r.audience, $5, $6, $7, $8, 0, $9, FALSE, r.in_room FROM posts r WHERE r.id = $2 \
                      ON CONFLICT (id) DO NOTHING";
        let values = values![root, parent, author.0, &reply.markdown, reply.html.as_str(), reply.note.clone(), &reply.excerpt, reply.at.0];
        let id = self.insert_after(parent, reply.at, insert, values).await?;
        self.run("UPDATE posts SET replies = replies + 1 WHERE id = $1", values![root]).await?;
        self.keep_tags(id, &reply.tags).await?;
        Ok(id)
    }

    /// Keeps a post, and has open pages hear of it; nobody is notified. Returns its id, and who may see it where it is for named people.
    pub async fn put_post(&mut self, author: &Me, post: &NewPost) -> Result<(i64, Option<BTreeSet<i64>>), Error<PostRefusal>> {
        let id = self.insert_post(author.id, post).await?;
        self.keep_pictures(author, id, post).await?;
        let posted = Hint::Posted { post: PostId(id) };
        if post.audience != Audience::Named {
            self.tell(None, &posted).await?;
            return Ok((id, None));
        }
        let audience: BTreeSet<i64> = post.named.iter().chain([&author.id]).map(|member| member.0).collect();
        for member in &audience {
            self.run("INSERT INTO post_named (post_id, member_id) VALUES ($1, $2)", values![id, *member]).await?;
            self.tell(Some(MemberId(*member)), &posted).await?;
        }
        Ok((id, Some(audience)))
    }

    /// Keeps a post as somebody sends one: those it is for, and those it mentions, are notified.
    pub async fn send_post(&mut self, author: &Me, post: &NewPost) -> Result<PostId, Error<PostRefusal>> {
        let (id, may_see) = self.put_post(author, post).await?;
        let mut notified = BTreeSet::from([author.id.0]);
        for member in may_see.iter().flatten() {
            if notified.insert(*member) {
                self.notify(*member, Some(author.id), News::Wrote { post: id }, post.at).await?;
            }
        }
        for member in &post.mentioned {
            if may_see.as_ref().is_none_or(|audience| audience.contains(&member.0)) && notified.insert(member.0) {
                self.notify(member.0, Some(author.id), News::Mentioned { post: id }, post.at).await?;
            }
        }
        Ok(PostId(id))
    }

    /// Keeps the post that announces a gathering: it has no words of its own, and shows the gathering.
    pub async fn announce(
        &mut self,
        host: &Me,
        gathering: GatheringId,
        audience: Audience,
        title: &str,
        at: Timestamp,
    ) -> Result<(), Unavailable> {
        let insert = "INSERT INTO posts (id, root_id, author_id, audience, markdown, html, excerpt, gathering_id, replies, at, taken_back) \
                      VALUES ($1, $1, $2, $3, '', '', $4, $5, 0, $6, FALSE) ON CONFLICT (id) DO NOTHING";
        let id = self.insert(at, insert, values![host.id.0, audience.word(), title, gathering.0, at.0]).await?;
        let posted = Hint::Posted { post: PostId(id) };
        if audience != Audience::Named {
            return self.tell(None, &posted).await;
        }
        let named = "SELECT member_id FROM gathering_named WHERE gathering_id = $1";
        for member in column::<i64>(self.db(), named, values![gathering.0]).await? {
            self.run("INSERT INTO post_named (post_id, member_id) VALUES ($1, $2)", values![id, member]).await?;
            // That they are asked to come, they are told with the gathering.
            self.tell(Some(MemberId(member)), &posted).await?;
        }
        Ok(())
    }
}

pub(super) async fn keep_post(store: &Store, author: &Me, post: &NewPost) -> Result<PostId, Error<PostRefusal>> {
    let mut write = store.write().await?;
    let id = write.send_post(author, post).await?;
    write.commit().await?;
    Ok(id)
}

pub(super) async fn keep_reply(store: &Store, author: &Me, to: PostId, reply: &NewPost) -> Result<PostId, Error<PostRefusal>> {
    let mut write = store.write().await?;
    // Whoever leaves takes the thread first, too: so a reply comes before, or finds that it is gone.
    write.lock_thread(to).await?;
    let Some(parent) = write.place(author, to).await? else { return Err(Error::Refused(PostRefusal::Gone)) };
    let id = write.insert_reply(author.id, (parent.root_id, parent.id), reply).await?;
    write.keep_pictures(author, id, reply).await?;
    write.tell_thread(&parent, Hint::Replied { post: PostId(id), thread: parent.thread() }).await?;
    write.tell_talk(&parent).await?;
    let mut notified = BTreeSet::from([author.id.0]);
    let root_author = parent.root_author_id.filter(|_| !parent.root_taken_back);
    for member in [Some(parent.author_id), root_author].into_iter().flatten() {
        if notified.insert(member) {
            write.notify(member, Some(author.id), News::Replied { post: id }, reply.at).await?;
        }
    }
    write.notify_mentioned(author, &parent, id, reply, notified).await?;
    write.commit().await?;
    Ok(PostId(id))
}

impl Write {
    /// Adds to the talk of a room. Nobody is told that they were answered: they are there.
    pub async fn add_to_talk(&mut self, author: &Me, talk: i64, post: &NewPost) -> Result<i64, Unavailable> {
        let insert = "INSERT INTO posts (id, root_id, parent_id, author_id, audience, markdown, html, excerpt, replies, at, taken_back, in_room) \
                      SELECT $1, r.id, r.id, $3, r.audience, $4, $5, $6, 0, $7, FALSE, TRUE FROM posts r WHERE r.id = $2 ON CONFLICT (id) DO NOTHING";
        let values = values![talk, author.id.0, &post.markdown, post.html.as_str(), &post.excerpt, post.at.0];
        let id = self.insert_after(talk, post.at, insert, values).await?;
        self.run("UPDATE posts SET replies = replies + 1 WHERE id = $1", values![talk]).await?;
        Ok(id)
    }

    /// Notifies those mentioned in a post of a room's talk who may see it, and tells the pages that show it as a thread.
    pub async fn mention_in_talk(&mut self, author: &Me, talk: i64, post: i64, new: &NewPost) -> Result<(), Unavailable> {
        let Some(place) = self.place(author, PostId(post)).await? else { return Ok(()) };
        if post != talk {
            self.tell_thread(&place, Hint::Replied { post: PostId(post), thread: PostId(talk) }).await?;
        }
        self.keep_tags(post, &new.tags).await?;
        self.notify_mentioned(author, &place, post, new, BTreeSet::from([author.id.0])).await
    }

    /// Notifies those mentioned in a post of the thread who may see it and are not among those notified already.
    async fn notify_mentioned(
        &mut self,
        author: &Me,
        place: &PlaceRow,
        post: i64,
        new: &NewPost,
        mut notified: BTreeSet<i64>,
    ) -> Result<(), Unavailable> {
        let may_see = if place.named() { Some(self.audience_of(place.thread()).await?) } else { None };
        for member in &new.mentioned {
            if may_see.as_ref().is_none_or(|audience| audience.contains(&member.0)) && notified.insert(member.0) {
                self.notify(member.0, Some(author.id), News::Mentioned { post }, new.at).await?;
            }
        }
        Ok(())
    }
}

#[derive(FromQueryResult)]
struct FormerRow {
    markdown: String,
    html: String,
    note: Option<String>,
    since: i64,
}

pub(super) async fn save_edit(store: &Store, author: &Me, post: PostId, edit: &NewPost) -> Result<(), Error<PostRefusal>> {
    let mut write = store.write().await?;
    let gone = Error::Refused(PostRefusal::Gone);
    let Some(place) = write.place(author, post).await?.filter(|place| place.author_id == author.id.0) else { return Err(gone) };
    for picture in &edit.pictures {
        let describe = "UPDATE pictures SET alt = $3 WHERE id = $1 AND post_id = $2";
        if write.run(describe, values![picture.id.0, post.0, &picture.alt]).await? == 0 {
            return Err(Error::Refused(PostRefusal::PictureGone));
        }
    }
    let sql = "SELECT markdown, html, note, COALESCE(edited_at, at) AS since FROM posts WHERE id = $1";
    let Some(former) = one::<FormerRow>(write.db(), sql, values![post.0]).await? else { return Err(gone) };
    // New descriptions of pictures make no new state of the words.
    if former.markdown != edit.markdown || former.note != edit.note {
        let insert = "INSERT INTO revisions (id, post_id, html, note, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING";
        write.insert(edit.at, insert, values![post.0, former.html, former.note, former.since]).await?;
        let save = "UPDATE posts SET markdown = $2, html = $3, note = $4, excerpt = $5, edited_at = $6 WHERE id = $1";
        let values = values![post.0, &edit.markdown, edit.html.as_str(), edit.note.clone(), &edit.excerpt, edit.at.0];
        write.run(save, values).await?;
        write.run("DELETE FROM post_tags WHERE post_id = $1", values![post.0]).await?;
        write.keep_tags(post.0, &edit.tags).await?;
        // Of an introduction the two were told, or do not want to hear.
        let sql = "SELECT member_id FROM notifications WHERE post_id = $1 AND kind <> 'reacted' \
                   UNION ALL SELECT one_id FROM introductions WHERE post_id = $1 UNION ALL SELECT other_id FROM introductions WHERE post_id = $1";
        let before: Vec<i64> = column(write.db(), sql, values![post.0]).await?;
        let notified = before.into_iter().chain([author.id.0]).collect();
        write.notify_mentioned(author, &place, post.0, edit, notified).await?;
    }
    write.tell_thread(&place, Hint::PostChanged { post, thread: place.thread() }).await?;
    write.tell_talk(&place).await?;
    Ok(write.commit().await?)
}

#[derive(FromQueryResult)]
struct RemainsRow {
    parent_id: Option<i64>,
    taken_back: bool,
    answered: bool,
}

impl Write {
    async fn remains(&self, post: i64) -> Result<Option<RemainsRow>, Unavailable> {
        let sql = "SELECT p.parent_id, p.taken_back, EXISTS (SELECT 1 FROM posts a WHERE a.parent_id = p.id) AS answered \
                   FROM posts p WHERE p.id = $1";
        one(self.db(), sql, values![post]).await
    }
}

pub(super) async fn take_back(store: &Store, author: &Me, post: PostId) -> Result<bool, Unavailable> {
    let mut write = store.write().await?;
    let Some(place) = write.place(author, post).await?.filter(|place| place.author_id == author.id.0) else { return Ok(false) };
    write.empty(&place).await?;
    write.commit().await?;
    Ok(true)
}

impl Write {
    /// Takes back a post that stands, whoever wrote it, for them.
    pub async fn take_post_back(&mut self, post: PostId) -> Result<(), Unavailable> {
        self.lock_thread(post).await?;
        let sql = "SELECT p.id, p.root_id, p.author_id, p.audience, r.author_id AS root_author_id, r.taken_back AS root_taken_back \
                   FROM posts p JOIN posts r ON r.id = p.root_id WHERE p.id = $1 AND NOT p.taken_back";
        match one::<PlaceRow>(self.db(), sql, values![post.0]).await? {
            Some(place) => self.empty(&place).await,
            None => Ok(()),
        }
    }

    /// Takes a post's words and what hangs on it away; where it has replies, an empty place remains.
    async fn empty(&mut self, place: &PlaceRow) -> Result<(), Unavailable> {
        let post = PostId(place.id);
        self.tell_thread(place, Hint::PostChanged { post, thread: place.thread() }).await?;
        self.tell_talk(place).await?;
        // Those whose unread notification goes with it hear of that.
        let sql = "SELECT DISTINCT member_id FROM notifications WHERE post_id = $1 AND unread";
        let unread: Vec<i64> = column(self.db(), sql, values![post.0]).await?;
        for member in unread {
            self.tell(Some(MemberId(member)), &Hint::Notified).await?;
        }
        // Free since ever: the next sweep deletes the files.
        self.run("UPDATE pictures SET post_id = NULL, free_since = 0 WHERE post_id = $1", values![post.0]).await?;
        for table in ["notifications", "reactions", "revisions", "post_tags"] {
            self.run(format!("DELETE FROM {table} WHERE post_id = $1"), values![post.0]).await?;
        }
        if post != place.thread() {
            self.run("UPDATE posts SET replies = replies - 1 WHERE id = $1", values![place.root_id]).await?;
        }
        let empty = "UPDATE posts SET markdown = '', html = '', note = NULL, excerpt = '', gathering_id = NULL, edited_at = NULL, \
                     taken_back = TRUE WHERE id = $1";
        self.run(empty, values![post.0]).await?;
        // An empty place that nothing hangs on goes, and with it the empty places that only it hung on.
        let mut empty_place = Some(post.0);
        while let Some(id) = empty_place {
            let Some(row) = self.remains(id).await?.filter(|row| row.taken_back && !row.answered) else { break };
            self.run("DELETE FROM posts WHERE id = $1", values![id]).await?;
            empty_place = row.parent_id;
        }
        Ok(())
    }
}

/// Puts a reaction on a post, as of an instant; or takes it away.
pub(super) async fn react(store: &Store, me: &Me, post: PostId, reaction: &str, on: Option<Timestamp>) -> Result<(), Error<ReactRefusal>> {
    let mut write = store.write().await?;
    // What is no longer one of them can still be taken away.
    if on.is_some() && !write.reactions().await?.iter().any(|one| one == reaction) {
        return Err(Error::Refused(ReactRefusal::Unknown));
    }
    let Some(place) = write.place(me, post).await? else { return Err(Error::Refused(ReactRefusal::Gone)) };
    let changed = if let Some(at) = on {
        react_once(&mut write, me, &place, reaction, at).await?
    } else {
        let take = "DELETE FROM reactions WHERE post_id = $1 AND reaction = $2 AND member_id = $3";
        let taken = write.run(take, values![post.0, reaction, me.id.0]).await? > 0;
        let forget = "DELETE FROM notifications WHERE kind = 'reacted' AND post_id = $1 AND reaction = $2 AND actor_id = $3";
        if write.run(forget, values![post.0, reaction, me.id.0]).await? > 0 {
            write.tell(Some(MemberId(place.author_id)), &Hint::Notified).await?;
        }
        taken
    };
    if changed {
        write.tell_thread(&place, Hint::PostChanged { post, thread: place.thread() }).await?;
    }
    Ok(write.commit().await?)
}

/// Puts the reaction on the post unless it is there already; the thread is locked, so nobody does so in between.
async fn react_once(write: &mut Write, me: &Me, place: &PlaceRow, reaction: &str, at: Timestamp) -> Result<bool, Unavailable> {
    let there = "SELECT id FROM reactions WHERE post_id = $1 AND reaction = $2 AND member_id = $3";
    if value::<i64>(write.db(), there, values![place.id, reaction, me.id.0]).await?.is_some() {
        return Ok(false);
    }
    let insert = "INSERT INTO reactions (id, post_id, reaction, member_id) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING";
    write.insert(at, insert, values![place.id, reaction, me.id.0]).await?;
    if place.author_id != me.id.0 {
        write.notify(place.author_id, Some(me.id), News::Reacted { post: place.id, reaction }, at).await?;
    }
    Ok(true)
}

pub(super) async fn save_looked(store: &Store, me: &Me, looked: Looked) -> Result<(), Unavailable> {
    let write = store.write().await?;
    let save = "UPDATE members SET looked_line = $2, looked_newest = $3, looked_at = $4 WHERE id = $1";
    let values = values![me.id.0, looked.line.map(|id| id.0), looked.newest.map(|id| id.0), looked.at.map(|at| at.0)];
    write.run(save, values).await?;
    write.commit().await
}
