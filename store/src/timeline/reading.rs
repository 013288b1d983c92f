//! What is read of posts, always as its viewer.

use crate::{
    connection::{Store, all, among_ids, one, values},
    law,
    people::{byline, like},
};
use domain::{
    ids::{GatheringId, PictureId, PostId},
    outcome::Unavailable,
    pictures::Picture,
    prose::SafeHtml,
    time::Timestamp,
    timeline::{Announced, Audience, Draft, Post, Reaction, Revision, Thread, TimelineQuery},
    viewer::{Me, Viewer},
};
use sea_orm::FromQueryResult;
use std::collections::HashMap;

#[derive(FromQueryResult)]
struct PostRow {
    id: i64,
    root_id: i64,
    parent_id: Option<i64>,
    author_id: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
    html: String,
    note: Option<String>,
    audience: String,
    replies: i64,
    at: i64,
    edited_at: Option<i64>,
    taken_back: bool,
    gathering_id: Option<i64>,
    slug: Option<String>,
    title: Option<String>,
}

/// The columns of [`PostRow`], from posts `p`, their authors `m` and the gatherings `g` they announce.
const COLUMNS: &str = "p.id, p.root_id, p.parent_id, p.author_id, m.name, m.display_name, m.picture_id, p.html, p.note, p.audience, \
     p.replies, p.at, p.edited_at, p.taken_back, g.id AS gathering_id, g.slug, g.title";

/// One thing that hangs on a post: a picture, a named person or a reaction.
#[derive(FromQueryResult)]
struct HangingRow {
    kind: i64,
    post_id: i64,
    place: i64,
    id: i64,
    width: i64,
    height: i64,
    called: String,
    reaction: String,
}

const PICTURE: i64 = 1;
const NAMED: i64 = 2;

fn audience(word: &str) -> Result<Audience, Unavailable> {
    Audience::from_word(word).ok_or_else(|| Unavailable::because("a kept audience is not one"))
}

/// Completes rows that the viewer may see with all that hangs on them, by one statement.
async fn complete(store: &Store, viewer: &Viewer, rows: Vec<PostRow>) -> Result<Vec<Post>, Unavailable> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let among = among_ids(store.read(), rows.iter().map(|row| row.id));
    // `$1` stands in the statement so that lists are `$2` everywhere.
    let sql = format!(
        "SELECT CAST(1 AS BIGINT) AS kind, c.post_id, c.place, c.id, c.width, c.height, c.alt AS called, '' AS reaction \
         FROM pictures c WHERE c.post_id {among} AND $1 >= 0 \
         UNION ALL SELECT CAST(2 AS BIGINT), n.post_id, CAST(0 AS BIGINT), n.member_id, CAST(0 AS BIGINT), CAST(0 AS BIGINT), m.display_name, '' \
         FROM post_named n JOIN members m ON m.id = n.member_id WHERE n.post_id {among} \
         UNION ALL SELECT CAST(3 AS BIGINT), r.post_id, r.id, r.member_id, CAST(0 AS BIGINT), CAST(0 AS BIGINT), m.display_name, r.reaction \
         FROM reactions r JOIN members m ON m.id = r.member_id WHERE r.post_id {among}",
        among = among.sql
    );
    let mut hanging: HashMap<i64, Vec<HangingRow>> = HashMap::new();
    for row in all::<HangingRow>(store.read(), sql, [law::viewer_value(viewer), among.value]).await? {
        hanging.entry(row.post_id).or_default().push(row);
    }
    rows.into_iter()
        .map(|row| {
            let hanging = hanging.remove(&row.id).unwrap_or_default();
            row.post(viewer, hanging)
        })
        .collect()
}

impl PostRow {
    fn post(self, viewer: &Viewer, mut hanging: Vec<HangingRow>) -> Result<Post, Unavailable> {
        let me = law::viewer_id(viewer);
        hanging.sort_by_key(|row| row.place);
        let (mut pictures, mut named, mut reactions): (Vec<Picture>, Vec<String>, Vec<Reaction>) = Default::default();
        for row in hanging {
            match row.kind {
                PICTURE => pictures.push(row.picture()),
                NAMED if row.id == self.author_id => {}
                NAMED => named.push(row.called),
                _ => {
                    let at = match reactions.iter().position(|reaction| reaction.reaction == row.reaction) {
                        Some(at) => at,
                        None => {
                            reactions.push(Reaction { reaction: row.reaction, by: Vec::new(), mine: false });
                            reactions.len() - 1
                        }
                    };
                    reactions[at].by.push(row.called);
                    reactions[at].mine |= row.id == me;
                }
            }
        }
        named.sort_by_key(|name| name.to_lowercase());
        let announces = match (self.gathering_id, self.slug, self.title) {
            (Some(id), Some(slug), Some(title)) => Some(Announced { id: GatheringId(id), slug, title }),
            _ => None,
        };
        Ok(Post {
            id: PostId(self.id),
            root: PostId(self.root_id),
            parent: self.parent_id.map(PostId),
            // Portraits are for members.
            author: byline(self.author_id, &self.name, self.display_name, self.picture_id.filter(|_| me != 0))?,
            html: SafeHtml::from_sanitizer(self.html),
            note: self.note,
            audience: audience(&self.audience)?,
            named,
            pictures,
            reactions,
            replies: self.replies as u32,
            at: Timestamp(self.at),
            edited_at: self.edited_at.map(Timestamp),
            taken_back: self.taken_back,
            mine: self.author_id == me,
            announces,
        })
    }
}

impl HangingRow {
    fn picture(self) -> Picture {
        Picture { id: PictureId(self.id), width: self.width as u32, height: self.height as u32, alt: self.called }
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
        "SELECT {COLUMNS} FROM {from} JOIN members m ON m.id = p.author_id \
         LEFT JOIN gatherings g ON g.id = p.gathering_id AND {} \
         WHERE p.parent_id IS NULL AND {key} < $2 AND {key} > $3 AND {}{only} ORDER BY {key} DESC LIMIT $4",
        law::gathering(viewer),
        law::post(viewer)
    );
    let rows = all(store.read(), sql, values).await?;
    complete(store, viewer, rows).await
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
        "SELECT {COLUMNS} FROM posts p JOIN members m ON m.id = p.author_id LEFT JOIN gatherings g ON g.id = p.gathering_id AND {} \
         WHERE p.root_id = (SELECT o.root_id FROM posts o WHERE o.id = $2) AND (p.id = p.root_id OR p.id > $3) AND {} \
         ORDER BY p.id LIMIT $4",
        law::gathering(viewer),
        law::post(viewer)
    );
    let values = values![law::viewer_id(viewer), post.0, after.map_or(0, |after| after.0), most as i64 + 2];
    let mut rows: Vec<PostRow> = all(store.read(), sql, values).await?;
    let more = rows.len() > most + 1;
    rows.truncate(most + 1);
    let mut posts = complete(store, viewer, rows).await?.into_iter();
    let Some(root) = posts.next() else { return Ok(None) };
    let replies: Vec<Post> = posts.collect();
    let after = replies.last().map(|reply| reply.id).filter(|_| more);
    Ok(Some(Thread { root, replies, after }))
}

pub(super) async fn post(store: &Store, viewer: &Viewer, post: PostId) -> Result<Option<Post>, Unavailable> {
    let sql = format!(
        "SELECT {COLUMNS} FROM posts p JOIN members m ON m.id = p.author_id LEFT JOIN gatherings g ON g.id = p.gathering_id AND {} \
         WHERE p.id = $2 AND {}",
        law::gathering(viewer),
        law::post(viewer)
    );
    let rows = all(store.read(), sql, values![law::viewer_id(viewer), post.0]).await?;
    Ok(complete(store, viewer, rows).await?.into_iter().next())
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
        law::post(viewer)
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
