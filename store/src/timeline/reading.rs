//! What is read of posts, always as its viewer.

use crate::{
    connection::{Json, Store, all, from_json, one, value, values},
    law,
    people::{like, maybe_byline, sorted_as},
};
use domain::{
    ids::{GatheringId, PictureId, PostId},
    outcome::Unavailable,
    people::Byline,
    pictures::Picture,
    prose::SafeHtml,
    time::Timestamp,
    timeline::{Announced, Audience, Draft, Post, Reaction, Revision, Thread, TimelineQuery},
    viewer::{Me, Viewer},
};
use quick_cache::sync::Cache;
use sea_orm::{FromQueryResult, Value};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, LazyLock},
};

/// A post with all that hangs on it, in the order of [`whole`].
#[derive(Deserialize)]
struct PostRow {
    id: i64,
    root_id: i64,
    parent_id: Option<i64>,
    /// Nobody, where whoever wrote it left: then it is an empty place.
    author_id: Option<i64>,
    name: Option<String>,
    display_name: Option<String>,
    picture_id: Option<i64>,
    html: String,
    note: Option<String>,
    audience: String,
    replies: u32,
    at: i64,
    edited_at: Option<i64>,
    taken_back: u8,
    gathering_id: Option<i64>,
    slug: Option<String>,
    title: Option<String>,
    pictures: Option<Vec<HangingPicture>>,
    named: Option<Vec<String>>,
    reactions: Option<Vec<HangingReaction>>,
}

#[derive(Deserialize)]
struct HangingPicture {
    place: i64,
    id: i64,
    width: u32,
    height: u32,
    alt: String,
}

#[derive(Deserialize)]
struct HangingReaction {
    id: i64,
    reaction: String,
    member_id: i64,
    display_name: String,
}

/// The columns that [`whole`] needs, from posts `p`, their authors `m` and the gatherings `g` they announce.
fn columns(viewer: &Viewer) -> String {
    format!(
        "p.id, p.root_id, p.parent_id, p.author_id, m.name, m.display_name, m.picture_id, p.html, p.note, p.audience, \
         p.replies - {} AS replies, p.at, p.edited_at, p.taken_back, g.id AS gathering_id, g.slug, g.title",
        law::hidden_replies(viewer)
    )
}

/// The statement that completes the posts which another finds with all that hangs on them. It answers with one text: to hand row
/// after row from the database's thread to ours took longer than to find them.
fn whole(Json { array, list }: Json, finds: &str) -> String {
    format!(
        "SELECT CAST({list}({array}(\
         found.id, found.root_id, found.parent_id, found.author_id, found.name, found.display_name, found.picture_id, found.html, \
         found.note, found.audience, found.replies, found.at, found.edited_at, CASE WHEN found.taken_back THEN 1 ELSE 0 END, \
         found.gathering_id, found.slug, found.title, \
         (SELECT {list}({array}(c.place, c.id, c.width, c.height, c.alt)) FROM pictures c WHERE c.post_id = found.id), \
         CASE WHEN found.audience = 'named' THEN (SELECT {list}(m.display_name) FROM post_named n JOIN members m ON m.id = n.member_id \
          WHERE n.post_id = found.id AND n.member_id <> COALESCE(found.author_id, 0)) END, \
         (SELECT {list}({array}(r.id, r.reaction, r.member_id, m.display_name)) FROM reactions r JOIN members m ON m.id = r.member_id \
          WHERE r.post_id = found.id)\
         )) AS TEXT) FROM ({finds}) found"
    )
}

/// What was decoded a moment ago, by its text: nearly everybody reads the same timeline, and it is asked for far more often than it
/// changes.
static DECODED: LazyLock<Cache<String, Arc<[PostRow]>>> = LazyLock::new(|| Cache::new(32));

/// The posts that a statement finds, in the order of their ids, with all that hangs on them.
async fn posts(store: &Store, viewer: &Viewer, finds: &str, values: Vec<Value>) -> Result<Vec<Post>, Unavailable> {
    let text: Option<Option<String>> = value(store.read(), whole(Json::of(store.read()), finds), values).await?;
    let Some(text) = text.flatten() else { return Ok(Vec::new()) };
    let rows = DECODED.get_or_insert_with(text.as_str(), || decoded(&text))?;
    rows.iter().map(|row| row.post(viewer)).collect()
}

/// The rows that are written in a text, in the order of their ids, and what hangs on them in its own.
fn decoded(text: &str) -> Result<Arc<[PostRow]>, Unavailable> {
    let mut rows: Vec<PostRow> = from_json(text)?;
    rows.sort_unstable_by_key(|row| row.id);
    for row in &mut rows {
        row.pictures.iter_mut().for_each(|pictures| pictures.sort_by_key(|picture| picture.place));
        row.named.iter_mut().for_each(|named| named.sort_by_cached_key(|name| sorted_as(name)));
        row.reactions.iter_mut().for_each(|reactions| reactions.sort_by_key(|reaction| reaction.id));
    }
    Ok(rows.into())
}

fn audience(word: &str) -> Result<Audience, Unavailable> {
    Audience::from_word(word).ok_or_else(|| Unavailable::because("a kept audience is not one"))
}

impl PostRow {
    /// Whom a post for named people names. Where all of them left, it was for somebody all the same; a gathering may be for its host alone.
    fn for_whom(&self) -> Vec<String> {
        let named = self.named.clone().unwrap_or_default();
        let left = named.is_empty() && self.audience == Audience::Named.word() && self.gathering_id.is_none();
        if left { vec![Byline::left().display_name] } else { named }
    }

    fn post(&self, viewer: &Viewer) -> Result<Post, Unavailable> {
        let me = law::viewer_id(viewer);
        let mut reactions: Vec<Reaction> = Vec::new();
        // Who reacted is for members.
        for given in self.reactions.iter().flatten().filter(|_| me != 0) {
            let mine = given.member_id == me;
            match reactions.iter_mut().find(|known| known.reaction == given.reaction) {
                Some(known) => {
                    known.by.push(given.display_name.clone());
                    known.mine |= mine;
                }
                None => reactions.push(Reaction { reaction: given.reaction.clone(), by: vec![given.display_name.clone()], mine }),
            }
        }
        let announces = match (self.gathering_id, &self.slug, &self.title) {
            (Some(id), Some(slug), Some(title)) => Some(Announced {
                id: GatheringId(id),
                slug: slug.clone(),
                title: title.clone(),
                when: String::new(),
                said: None,
                answered: false,
                date: None,
            }),
            _ => None,
        };
        let picture = |p: &HangingPicture| Picture { id: PictureId(p.id), width: p.width, height: p.height, alt: p.alt.clone() };
        Ok(Post {
            id: PostId(self.id),
            root: PostId(self.root_id),
            parent: self.parent_id.map(PostId),
            // Portraits are for members.
            author: maybe_byline(self.author_id, self.name.clone(), self.display_name.clone(), self.picture_id.filter(|_| me != 0))?
                .unwrap_or_else(Byline::left),
            html: SafeHtml::from_sanitizer(self.html.clone()),
            note: self.note.clone(),
            audience: audience(&self.audience)?,
            named: self.for_whom(),
            pictures: self.pictures.iter().flatten().map(picture).collect(),
            reactions,
            replies: self.replies,
            at: Timestamp(self.at),
            edited_at: self.edited_at.map(Timestamp),
            taken_back: self.taken_back != 0,
            mine: self.author_id == Some(me),
            announces,
        })
    }
}

pub(super) async fn timeline(store: &Store, viewer: &Viewer, query: &TimelineQuery, most: usize) -> Result<Vec<Post>, Unavailable> {
    let mut values = values![
        law::viewer_id(viewer),
        query.before.map_or(i64::MAX, |before| before.0),
        query.after.map_or(0, |after| after.0),
        most as i64
    ];
    let (from, key, mut only) = match &query.tag {
        Some(tag) => {
            values.push(tag.into());
            ("post_tags t JOIN posts p ON p.id = t.post_id", "t.post_id", String::from(" AND t.tag = $5"))
        }
        None => ("posts p", "p.id", String::new()),
    };
    if let Some(author) = query.author {
        values.push(author.0.into());
        only.push_str(&format!(" AND p.author_id = ${}", values.len()));
    }
    let sql = format!(
        "SELECT {} FROM {from} LEFT JOIN members m ON m.id = p.author_id \
         LEFT JOIN gatherings g ON g.id = p.gathering_id AND {} \
         WHERE p.parent_id IS NULL AND NOT p.in_room AND {key} < $2 AND {key} > $3 AND {}{only} ORDER BY {key} DESC LIMIT $4",
        columns(viewer),
        law::gathering(viewer),
        law::post(viewer)
    );
    let mut posts = posts(store, viewer, &sql, values).await?;
    posts.reverse();
    Ok(posts)
}

pub(super) async fn thread(
    store: &Store,
    viewer: &Viewer,
    post: PostId,
    after: Option<PostId>,
    most: usize,
) -> Result<Option<Thread>, Unavailable> {
    // The root's id is the lowest of its thread, so it comes first on every page.
    let sql = format!(
        "SELECT {} FROM posts p LEFT JOIN members m ON m.id = p.author_id LEFT JOIN gatherings g ON g.id = p.gathering_id AND {} \
         WHERE p.root_id = (SELECT o.root_id FROM posts o WHERE o.id = $2) AND (p.id = p.root_id OR p.id > $3) AND {} \
         ORDER BY p.id LIMIT $4",
        columns(viewer),
        law::gathering(viewer),
        law::post_opened(viewer)
    );
    let values = values![law::viewer_id(viewer), post.0, after.map_or(0, |after| after.0), most as i64 + 2];
    let mut posts = posts(store, viewer, &sql, values).await?;
    let more = posts.len() > most + 1;
    posts.truncate(most + 1);
    let mut posts = posts.into_iter();
    // Of a thread that somebody began whom the viewer blocked, their own words alone are left, and that is none.
    let Some(root) = posts.next().filter(|first| first.id == first.root) else { return Ok(None) };
    let replies: Vec<Post> = posts.collect();
    let next = replies.last().map(|reply| reply.id).filter(|_| more);
    Ok(Some(Thread { replies: with_empty_places(&root, replies, after), root, after: next }))
}

/// Replies, and an empty place for each that some of them answer and the viewer does not see: it looks as if it had been taken back.
/// `after` is where this page of the thread begins: what was before it is not missing.
fn with_empty_places(root: &Post, mut replies: Vec<Post>, after: Option<PostId>) -> Vec<Post> {
    let there: BTreeSet<PostId> = replies.iter().map(|reply| reply.id).chain([root.id]).collect();
    let missing = |reply: &Post| reply.parent.filter(|parent| !there.contains(parent) && after.is_none_or(|after| *parent > after));
    let empty: BTreeMap<PostId, Timestamp> = replies.iter().filter_map(|reply| Some((missing(reply)?, reply.at))).collect();
    let places = empty.into_iter().map(|(id, at)| Post {
        id,
        parent: Some(root.id),
        author: Byline::left(),
        html: SafeHtml::default(),
        note: None,
        pictures: Vec::new(),
        reactions: Vec::new(),
        replies: 0,
        at,
        edited_at: None,
        taken_back: true,
        mine: false,
        announces: None,
        ..root.clone()
    });
    replies.extend(places);
    replies.sort_by_key(|reply| reply.id);
    replies
}

pub(super) async fn post(store: &Store, viewer: &Viewer, post: PostId) -> Result<Option<Post>, Unavailable> {
    let sql = format!(
        "SELECT {} FROM posts p LEFT JOIN members m ON m.id = p.author_id LEFT JOIN gatherings g ON g.id = p.gathering_id AND {} \
         WHERE p.id = $2 AND {}",
        columns(viewer),
        law::gathering(viewer),
        law::post_opened(viewer)
    );
    Ok(posts(store, viewer, &sql, values![law::viewer_id(viewer), post.0]).await?.into_iter().next())
}

#[derive(FromQueryResult)]
struct HistoryRow {
    html: String,
    note: Option<String>,
    at: i64,
    former_html: Option<String>,
    former_note: Option<String>,
    former_at: Option<i64>,
}

pub(super) async fn history(store: &Store, viewer: &Viewer, post: PostId) -> Result<Option<Vec<Revision>>, Unavailable> {
    let sql = format!(
        "SELECT p.html, p.note, COALESCE(p.edited_at, p.at) AS at, r.html AS former_html, r.note AS former_note, r.at AS former_at \
         FROM posts p LEFT JOIN revisions r ON r.post_id = p.id WHERE p.id = $2 AND NOT p.taken_back AND {} ORDER BY r.id DESC",
        law::post_opened(viewer)
    );
    let rows: Vec<HistoryRow> = all(store.read(), sql, values![law::viewer_id(viewer), post.0]).await?;
    let mut states: Vec<Revision> = Vec::with_capacity(rows.len() + 1);
    for row in rows {
        let state = |html, note, at| Revision { html: SafeHtml::from_sanitizer(html), note, at: Timestamp(at) };
        if states.is_empty() {
            states.push(state(row.html, row.note, row.at));
        }
        if let Some((html, at)) = row.former_html.zip(row.former_at) {
            states.push(state(html, row.former_note, at));
        }
    }
    Ok(Some(states).filter(|states| !states.is_empty()))
}

#[derive(FromQueryResult)]
struct DraftRow {
    root_id: i64,
    markdown: String,
    note: Option<String>,
}

#[derive(FromQueryResult)]
struct PictureRow {
    id: i64,
    width: i64,
    height: i64,
    alt: String,
}

pub(super) async fn draft(store: &Store, me: &Me, post: PostId) -> Result<Option<Draft>, Unavailable> {
    let sql = "SELECT root_id, markdown, note FROM posts WHERE id = $2 AND author_id = $1 AND NOT taken_back";
    let Some(row) = one::<DraftRow>(store.read(), sql, values![me.id.0, post.0]).await? else { return Ok(None) };
    let sql = "SELECT id, width, height, alt FROM pictures WHERE post_id = $1 ORDER BY place";
    let pictures: Vec<PictureRow> = all(store.read(), sql, values![post.0]).await?;
    let picture = |row: PictureRow| Picture { id: PictureId(row.id), width: row.width as u32, height: row.height as u32, alt: row.alt };
    Ok(Some(Draft {
        id: post,
        root: PostId(row.root_id),
        markdown: row.markdown,
        note: row.note.unwrap_or_default(),
        pictures: pictures.into_iter().map(picture).collect(),
    }))
}

#[derive(FromQueryResult)]
struct TagRow {
    tag: String,
}

pub(super) async fn tags_beginning_with(store: &Store, me: &Me, start: &str) -> Result<Vec<String>, Unavailable> {
    // A tag that is only on what the member may not see is not suggested either.
    let sql = format!(
        "SELECT t.tag FROM post_tags t JOIN posts p ON p.id = t.post_id \
         WHERE t.tag >= $2 AND t.tag < $3 AND t.tag LIKE $4 ESCAPE '\\' AND {} GROUP BY t.tag ORDER BY COUNT(*) DESC, t.tag LIMIT 8",
        law::post(&Viewer::Member(me.clone()))
    );
    let end = format!("{start}\u{10FFFF}");
    let rows: Vec<TagRow> = all(store.read(), sql, values![me.id.0, start, end, format!("{}%", like(start))]).await?;
    Ok(rows.into_iter().map(|row| row.tag).collect())
}
