//! Archives' rows: words wait for their person alone, become posts that nobody is told of, and go away again.

use crate::{
    connection::{Store, Write, all, column, one, value, values},
    ids,
    notifications::News,
    people::{byline, maybe_byline},
};
use domain::{
    archives::{Answer, ArchiveStore, BackDated, Chat, Coming, Kind, MOST_LISTED, Mine, NewArchive, Voice, Waiting},
    ids::{ArchiveId, MemberId, PostId},
    outcome::Unavailable,
    people::Byline,
    time::Timestamp,
    viewer::{Host, Me},
};
use sea_orm::FromQueryResult;
use std::collections::BTreeMap;

/// Whether the post or reply in table alias `p` was written here, and not before and brought along: what was is nobody's doing of that day, and
/// waits for nobody.
pub(crate) const WRITTEN_HERE: &str = "NOT EXISTS (SELECT 1 FROM archive_messages brought WHERE brought.post_id = p.id) \
     AND NOT EXISTS (SELECT 1 FROM archive_months begun WHERE begun.post_id = p.id)";

/// Most chats of one host about which nobody was asked yet: the next one takes the place of the oldest.
const MOST_UNASKED: i64 = 3;

#[derive(FromQueryResult)]
struct ArchiveRow {
    id: i64,
    called: String,
    by_id: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
    at: i64,
    until: i64,
    left_behind: String,
    first_at: i64,
    last_at: i64,
}

#[derive(FromQueryResult)]
struct VoiceRow {
    archive_id: i64,
    place: i64,
    called: String,
    said: i64,
    answer: Option<String>,
    member_id: Option<i64>,
    name: Option<String>,
    display_name: Option<String>,
    picture_id: Option<i64>,
}

impl VoiceRow {
    fn voice(self) -> Result<Voice, Unavailable> {
        let who = maybe_byline(self.member_id, self.name, self.display_name, self.picture_id)?;
        Ok(Voice {
            place: self.place as u32,
            called: self.called,
            messages: self.said as u32,
            who,
            came: self.answer.as_deref() == Some(Answer::Yes.word()),
        })
    }
}

/// Chats, and those of one that is `$1`.
const CHATS: &str = "SELECT c.id, c.called, c.brought_by AS by_id, m.name, m.display_name, m.picture_id, c.at, c.until, c.left_behind, c.first_at, \
     c.last_at FROM archives c JOIN members m ON m.id = c.brought_by WHERE c.kind = 'chat'";
const VOICES: &str = "SELECT v.archive_id, v.place, v.called, v.said, v.answer, v.member_id, m.name, m.display_name, m.picture_id \
     FROM archive_voices v LEFT JOIN members m ON m.id = v.member_id WHERE v.archive_id";

fn chat_of(row: ArchiveRow, voices: Vec<VoiceRow>) -> Result<Chat, Unavailable> {
    let mut voices = voices.into_iter().map(VoiceRow::voice).collect::<Result<Vec<_>, _>>()?;
    voices.sort_by_key(|voice| (std::cmp::Reverse(voice.messages), voice.place));
    Ok(Chat {
        id: ArchiveId(row.id),
        called: row.called,
        by: byline(row.by_id, &row.name, row.display_name, row.picture_id)?,
        at: Timestamp(row.at),
        until: Timestamp(row.until),
        left_behind: row.left_behind,
        span: (Timestamp(row.first_at), Timestamp(row.last_at)),
        voices,
    })
}

#[derive(FromQueryResult)]
struct MineRow {
    id: i64,
    kind: String,
    called: String,
    by_id: Option<i64>,
    name: Option<String>,
    display_name: Option<String>,
    picture_id: Option<i64>,
    until: i64,
    left_behind: String,
    voice: String,
    answer: Option<String>,
    waiting: i64,
    left_out: i64,
    came: i64,
}

#[derive(FromQueryResult)]
struct WaitingRow {
    place: i64,
    at: i64,
    words: String,
    left_out: bool,
}

#[derive(FromQueryResult)]
struct DueRow {
    archive_id: i64,
    place: i64,
    kind: String,
    called: String,
    member_id: i64,
}

#[derive(FromQueryResult)]
struct PlaceRow {
    id: i64,
    root_id: i64,
}

impl Write {
    /// Has whatever else writes of an archive wait.
    async fn lock_archive(&self, archive: ArchiveId) -> Result<bool, Unavailable> {
        Ok(self.run("UPDATE archives SET at = at WHERE id = $1", values![archive.0]).await? > 0)
    }

    async fn insert_archive(&self, by: MemberId, new: &NewArchive, whose: Option<MemberId>) -> Result<i64, Unavailable> {
        let times = || new.messages.iter().map(|message| message.at);
        let (first, last) = (times().min().unwrap_or(new.at), times().max().unwrap_or(new.at));
        let insert = "INSERT INTO archives (id, kind, called, brought_by, at, until, left_behind, first_at, last_at, asked) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, FALSE) ON CONFLICT (id) DO NOTHING";
        let values = values![new.kind.word(), &new.called, by.0, new.at.0, new.until.0, &new.left_behind, first.0, last.0];
        let id = self.insert(new.at, insert, values).await?;
        for (place, called) in new.voices.iter().enumerate() {
            let said = new.messages.iter().filter(|message| message.voice == place).count();
            let insert = "INSERT INTO archive_voices (archive_id, place, called, said, member_id) VALUES ($1, $2, $3, $4, $5)";
            self.run(insert, values![id, place as i64, called, said as i64, whose.map(|member| member.0)]).await?;
        }
        // A hundred at once: both databases take many values in a statement, and neither takes any number of them.
        for (chunk, messages) in new.messages.chunks(100).enumerate() {
            let mut values = vec![id.into()];
            let mut rows = Vec::with_capacity(messages.len());
            for (at, message) in messages.iter().enumerate() {
                let first = values.len() + 1;
                rows.push(format!("($1, ${first}, ${}, ${}, ${}, ${}, FALSE)", first + 1, first + 2, first + 3, first + 4));
                values.extend(values![
                    (chunk * 100 + at) as i64,
                    message.voice as i64,
                    message.at.0,
                    &message.words,
                    message.answers.map(|answers| answers as i64)
                ]);
            }
            let insert =
                format!("INSERT INTO archive_messages (archive_id, place, voice, at, words, answers, left_out) VALUES {}", rows.join(", "));
            self.run(insert, values).await?;
        }
        Ok(id)
    }

    /// The thread of a month of a chat. If there is none yet, it is begun by whoever brought the chat; where they left, by whose words are brought.
    async fn month(
        &self,
        archive: ArchiveId,
        month: &str,
        begins: &domain::timeline::NewPost,
        author: MemberId,
    ) -> Result<i64, Unavailable> {
        let sql = "SELECT post_id FROM archive_months WHERE archive_id = $1 AND month = $2";
        if let Some(thread) = value(self.db(), sql, values![archive.0, month]).await? {
            return Ok(thread);
        }
        let by: Option<Option<i64>> = value(self.db(), "SELECT brought_by FROM archives WHERE id = $1", values![archive.0]).await?;
        let by = by.ok_or_else(|| Unavailable::because("an archive went away while it was locked"))?;
        let thread = self.insert_post(by.map_or(author, MemberId), begins).await?;
        self.run("INSERT INTO archive_months (archive_id, month, post_id) VALUES ($1, $2, $3)", values![archive.0, month, thread]).await?;
        Ok(thread)
    }

    /// Whether the author wrote the same at the same time already: the same chat was brought before.
    async fn is_here(&self, archive: ArchiveId, author: MemberId, post: &domain::timeline::NewPost) -> Result<bool, Unavailable> {
        let sql = "SELECT p.id FROM posts p JOIN archive_messages m ON m.post_id = p.id \
                   WHERE p.author_id = $1 AND p.id > $2 AND p.id < $3 AND p.at = $4 AND p.markdown = $5 AND m.archive_id <> $6 LIMIT 1";
        let (from, to) = (ids::before(post.at) - 1, ids::before(post.at.plus_seconds(1)));
        let found: Option<i64> = value(self.db(), sql, values![author.0, from, to, post.at.0, &post.markdown, archive.0]).await?;
        Ok(found.is_some())
    }
}

/// What a member's voices in an archive are, of whatever answer.
const MY_VOICES: &str = "SELECT place FROM archive_voices WHERE archive_id = $1 AND member_id = $2 ORDER BY place";

#[async_trait::async_trait]
impl ArchiveStore for Store {
    async fn keep_chat(&self, host: &Host, chat: &NewArchive) -> Result<ArchiveId, Unavailable> {
        let write = self.write().await?;
        let id = write.insert_archive(host.me().id, chat, None).await?;
        let unasked = "SELECT id FROM archives WHERE brought_by = $1 AND kind = 'chat' AND NOT asked ORDER BY id DESC LIMIT 100 OFFSET $2";
        for old in column::<i64>(write.db(), unasked, values![host.me().id.0, MOST_UNASKED]).await? {
            write.run("DELETE FROM archives WHERE id = $1", values![old]).await?;
        }
        write.commit().await?;
        Ok(ArchiveId(id))
    }

    async fn keep_posts(&self, me: &Me, posts: &NewArchive) -> Result<ArchiveId, Unavailable> {
        let write = self.write().await?;
        let waits = "DELETE FROM archives WHERE brought_by = $1 AND kind = 'posts' AND NOT EXISTS \
                     (SELECT 1 FROM archive_voices v WHERE v.archive_id = archives.id AND v.answer IS NOT NULL)";
        write.run(waits, values![me.id.0]).await?;
        let id = write.insert_archive(me.id, posts, Some(me.id)).await?;
        write.commit().await?;
        Ok(ArchiveId(id))
    }

    async fn chats(&self, _host: &Host) -> Result<Vec<Chat>, Unavailable> {
        let rows: Vec<ArchiveRow> = all(self.read(), format!("{CHATS} ORDER BY c.id DESC LIMIT $1"), values![MOST_LISTED as i64]).await?;
        let mut voices: BTreeMap<i64, Vec<VoiceRow>> = BTreeMap::new();
        let sql = format!("{VOICES} IN (SELECT c.id FROM archives c WHERE c.kind = 'chat' ORDER BY c.id DESC LIMIT $1)");
        for row in all::<VoiceRow>(self.read(), sql, values![MOST_LISTED as i64]).await? {
            voices.entry(row.archive_id).or_default().push(row);
        }
        rows.into_iter()
            .map(|row| {
                let voices = voices.remove(&row.id).unwrap_or_default();
                chat_of(row, voices)
            })
            .collect()
    }

    async fn chat(&self, _host: &Host, chat: ArchiveId) -> Result<Option<Chat>, Unavailable> {
        let Some(row) = one::<ArchiveRow>(self.read(), format!("{CHATS} AND c.id = $1"), values![chat.0]).await? else { return Ok(None) };
        let voices = all(self.read(), format!("{VOICES} = $1"), values![chat.0]).await?;
        chat_of(row, voices).map(Some)
    }

    async fn ask_voices(&self, host: &Host, chat: ArchiveId, who: &[(u32, Option<MemberId>)], at: Timestamp) -> Result<bool, Unavailable> {
        let mut write = self.write().await?;
        let is_chat = "UPDATE archives SET asked = TRUE WHERE id = $1 AND kind = 'chat'";
        if write.run(is_chat, values![chat.0]).await? == 0 {
            return Ok(false);
        }
        let mut asked = std::collections::BTreeSet::new();
        for (place, member) in who {
            let member = member.map(|member| member.0);
            // Whoever has said yes stays who they are, and whoever was asked before is not asked again.
            let ask = "UPDATE archive_voices SET member_id = $3, answer = NULL, due_at = NULL WHERE archive_id = $1 AND place = $2 \
                       AND (answer IS NULL OR answer <> 'yes') AND (due_at IS NULL OR answer IS NULL) \
                       AND COALESCE(member_id, -1) <> COALESCE(CAST($3 AS BIGINT), -1)";
            if write.run(ask, values![chat.0, i64::from(*place), member]).await? == 0 {
                continue;
            }
            let waits = "SELECT place FROM archive_messages WHERE archive_id = $1 AND voice = $2 LIMIT 1";
            let waits: Option<i64> = value(write.db(), waits, values![chat.0, i64::from(*place)]).await?;
            asked.extend(member.filter(|_| waits.is_some()));
        }
        for member in asked {
            write.notify(member, Some(host.me().id), News::Brought, at).await?;
        }
        write.commit().await?;
        Ok(true)
    }

    async fn throw_away(&self, _host: &Host, chat: ArchiveId) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let found = write.run("UPDATE archives SET at = at WHERE id = $1 AND kind = 'chat'", values![chat.0]).await? > 0;
        if found {
            write.forget_waiting(chat).await?;
        }
        write.commit().await?;
        Ok(found)
    }

    async fn mine(&self, me: &Me) -> Result<Vec<Mine>, Unavailable> {
        let count = |what: &str| {
            format!("(SELECT COUNT(*) FROM archive_messages w WHERE w.archive_id = v.archive_id AND w.voice = v.place AND {what})")
        };
        let sql = format!(
            "SELECT c.id, c.kind, c.called, c.brought_by AS by_id, m.name, m.display_name, m.picture_id, c.until, c.left_behind, \
             v.called AS voice, v.answer, {} AS waiting, {} AS left_out, {} AS came \
             FROM archive_voices v JOIN archives c ON c.id = v.archive_id LEFT JOIN members m ON m.id = c.brought_by \
             WHERE v.member_id = $1 ORDER BY v.archive_id DESC, v.place DESC LIMIT $2",
            count("w.post_id IS NULL AND w.words <> ''"),
            count("w.post_id IS NULL AND w.left_out"),
            count("w.post_id IS NOT NULL"),
        );
        let mut mine: Vec<Mine> = Vec::new();
        for row in all::<MineRow>(self.read(), sql, values![me.id.0, MOST_LISTED as i64]).await? {
            let answer = row.answer.as_deref().and_then(Answer::from_word);
            if row.waiting + row.came == 0 {
                continue;
            }
            match mine.last_mut().filter(|last| last.id.0 == row.id) {
                Some(same) => {
                    same.voices.insert(0, row.voice);
                    same.waiting += row.waiting as u32;
                    same.left_out += row.left_out as u32;
                    same.came += row.came as u32;
                    same.answer = same.answer.or(answer);
                }
                None => mine.push(Mine {
                    id: ArchiveId(row.id),
                    kind: Kind::from_word(&row.kind).ok_or_else(|| Unavailable::because("an archive is of no kind"))?,
                    called: row.called,
                    by: maybe_byline(row.by_id, row.name, row.display_name, row.picture_id)?.unwrap_or_else(Byline::left),
                    voices: vec![row.voice],
                    left_behind: row.left_behind,
                    waiting: row.waiting as u32,
                    left_out: row.left_out as u32,
                    came: row.came as u32,
                    answer,
                    until: Timestamp(row.until),
                }),
            }
        }
        Ok(mine)
    }

    async fn waiting(&self, me: &Me, archive: ArchiveId, from: u32, most: usize) -> Result<Vec<Waiting>, Unavailable> {
        let sql = "SELECT place, at, words, left_out FROM archive_messages \
                   WHERE archive_id = $1 AND voice = $2 AND place >= $3 AND post_id IS NULL AND words <> '' ORDER BY place LIMIT $4";
        let mut waiting = Vec::new();
        for voice in column::<i64>(self.read(), MY_VOICES, values![archive.0, me.id.0]).await? {
            let rows: Vec<WaitingRow> = all(self.read(), sql, values![archive.0, voice, i64::from(from), most as i64]).await?;
            waiting.extend(rows.into_iter().map(|row| Waiting {
                place: row.place as u32,
                at: Timestamp(row.at),
                words: row.words,
                left_out: row.left_out,
            }));
        }
        waiting.sort_by_key(|message| message.place);
        waiting.truncate(most);
        Ok(waiting)
    }

    async fn leave_out(&self, me: &Me, archive: ArchiveId, shown: &[u32], left_out: &[u32]) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        write.lock_archive(archive).await?;
        let voices: Vec<i64> = column(write.db(), MY_VOICES, values![archive.0, me.id.0]).await?;
        let mut found = false;
        for voice in voices {
            for place in shown {
                let set =
                    "UPDATE archive_messages SET left_out = $4 WHERE archive_id = $1 AND place = $2 AND voice = $3 AND post_id IS NULL";
                found |= write.run(set, values![archive.0, i64::from(*place), voice, left_out.contains(place)]).await? > 0;
            }
        }
        write.commit().await?;
        Ok(found)
    }

    async fn answer(&self, me: &Me, archive: ArchiveId, answer: Answer, at: Timestamp) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        write.lock_archive(archive).await?;
        let voices: Vec<i64> = column(write.db(), MY_VOICES, values![archive.0, me.id.0]).await?;
        let goes = match answer {
            Answer::Yes => "AND left_out",
            Answer::No => "",
        };
        let mut found = false;
        for voice in voices {
            let forget = format!("DELETE FROM archive_messages WHERE archive_id = $1 AND voice = $2 AND post_id IS NULL {goes}");
            write.run(forget, values![archive.0, voice]).await?;
            let keep = "UPDATE archive_voices SET answer = $3, due_at = $4 WHERE archive_id = $1 AND place = $2";
            found |= write.run(keep, values![archive.0, voice, answer.word(), at.0]).await? > 0;
        }
        write.commit().await?;
        Ok(found)
    }

    async fn not_me(&self, me: &Me, archive: ArchiveId) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let nobody = "UPDATE archive_voices SET member_id = NULL WHERE archive_id = $1 AND member_id = $2 AND answer IS NULL \
                      AND EXISTS (SELECT 1 FROM archives c WHERE c.id = archive_voices.archive_id AND c.kind = 'chat')";
        let found = write.run(nobody, values![archive.0, me.id.0]).await? > 0;
        write.commit().await?;
        Ok(found)
    }

    async fn to_bring(&self, most: usize) -> Result<Option<Coming>, Unavailable> {
        loop {
            let sql = "SELECT v.archive_id, v.place, c.kind, c.called, v.member_id FROM archive_voices v JOIN archives c ON c.id = v.archive_id \
                       WHERE v.answer = 'yes' AND v.due_at IS NOT NULL AND v.member_id IS NOT NULL ORDER BY v.due_at LIMIT 1";
            let Some(due) = one::<DueRow>(self.read(), sql, values![]).await? else { return Ok(None) };
            let sql = "SELECT place, at, words, left_out FROM archive_messages WHERE archive_id = $1 AND voice = $2 AND post_id IS NULL AND words <> '' \
                       ORDER BY place LIMIT $3";
            let rows: Vec<WaitingRow> = all(self.read(), sql, values![due.archive_id, due.place, most as i64]).await?;
            if rows.is_empty() {
                let write = self.write().await?;
                // Seen to, unless they have thought better of it since.
                let done = "UPDATE archive_voices SET due_at = NULL WHERE archive_id = $1 AND place = $2 AND answer = 'yes'";
                write.run(done, values![due.archive_id, due.place]).await?;
                write.commit().await?;
                continue;
            }
            return Ok(Some(Coming {
                archive: ArchiveId(due.archive_id),
                kind: Kind::from_word(&due.kind).ok_or_else(|| Unavailable::because("an archive is of no kind"))?,
                called: due.called,
                author: MemberId(due.member_id),
                messages: rows.into_iter().map(|row| (row.place as u32, Timestamp(row.at), row.words)).collect(),
            }));
        }
    }

    async fn bring(&self, coming: &Coming, posts: &[BackDated]) -> Result<(), Unavailable> {
        let write = self.write().await?;
        write.lock_archive(coming.archive).await?;
        for BackDated { place, post, month } in posts {
            // What somebody else brought in this moment, or what was said no to, is not there any more.
            let claim = "UPDATE archive_messages SET words = '' WHERE archive_id = $1 AND place = $2 AND post_id IS NULL AND words <> '' \
                         AND EXISTS (SELECT 1 FROM archive_voices v WHERE v.archive_id = $1 AND v.place = archive_messages.voice \
                         AND v.member_id = $3 AND v.answer = 'yes')";
            let claimed = write.run(claim, values![coming.archive.0, i64::from(*place), coming.author.0]).await? > 0;
            if !claimed {
                continue;
            }
            if write.is_here(coming.archive, coming.author, post).await? {
                write
                    .run("DELETE FROM archive_messages WHERE archive_id = $1 AND place = $2", values![coming.archive.0, i64::from(*place)])
                    .await?;
                continue;
            }
            let goes_on = "SELECT p.id, p.root_id FROM archive_messages m JOIN archive_messages a ON a.archive_id = m.archive_id AND a.place = m.answers \
                           JOIN posts p ON p.id = a.post_id WHERE m.archive_id = $1 AND m.place = $2 AND NOT p.taken_back";
            let id = match month {
                Some((month, begins)) => {
                    let thread = write.month(coming.archive, month, begins, coming.author).await?;
                    write.insert_reply(coming.author, (thread, thread), post).await?
                }
                None => match one::<PlaceRow>(write.db(), goes_on, values![coming.archive.0, i64::from(*place)]).await? {
                    Some(parent) => write.insert_reply(coming.author, (parent.root_id, parent.id), post).await?,
                    None => write.insert_post(coming.author, post).await?,
                },
            };
            let keep = "UPDATE archive_messages SET post_id = $3 WHERE archive_id = $1 AND place = $2";
            write.run(keep, values![coming.archive.0, i64::from(*place), id]).await?;
        }
        write.commit().await
    }

    async fn take_back_some(&self, most: usize) -> Result<bool, Unavailable> {
        // Nearly always there is none, and then nobody has to wait for the one who writes.
        let due = "SELECT v.archive_id FROM archive_voices v WHERE v.answer = 'no' AND v.due_at IS NOT NULL LIMIT 1";
        if value::<i64>(self.read(), due, values![]).await?.is_none() {
            return Ok(false);
        }
        let mut write = self.write().await?;
        let sql = "SELECT v.archive_id, v.place, c.kind, c.called, v.member_id FROM archive_voices v JOIN archives c ON c.id = v.archive_id \
                   WHERE v.answer = 'no' AND v.due_at IS NOT NULL AND v.member_id IS NOT NULL ORDER BY v.due_at LIMIT 1";
        let Some(due) = one::<DueRow>(write.db(), sql, values![]).await? else { return Ok(false) };
        write.lock_archive(ArchiveId(due.archive_id)).await?;
        let sql = "SELECT post_id FROM archive_messages WHERE archive_id = $1 AND voice = $2 AND post_id IS NOT NULL ORDER BY place DESC LIMIT $3";
        let posts: Vec<i64> = column(write.db(), sql, values![due.archive_id, due.place, most as i64]).await?;
        if posts.is_empty() {
            let done = "UPDATE archive_voices SET due_at = NULL WHERE archive_id = $1 AND place = $2 AND answer = 'no'";
            write.run(done, values![due.archive_id, due.place]).await?;
            // A month of which nothing is left goes with it; and one that was begun by their words, since whoever brought the chat has left, stands
            // under their name no more.
            let empty = "SELECT p.id FROM archive_months m JOIN posts p ON p.id = m.post_id JOIN archives c ON c.id = m.archive_id \
                         WHERE m.archive_id = $1 AND NOT p.taken_back AND (NOT EXISTS (SELECT 1 FROM posts a WHERE a.parent_id = p.id) \
                         OR (c.brought_by IS NULL AND p.author_id = $2))";
            for thread in column::<i64>(write.db(), empty, values![due.archive_id, due.member_id]).await? {
                write.take_post_back(PostId(thread)).await?;
            }
            write.commit().await?;
            return Ok(true);
        }
        for post in posts {
            write.take_post_back(PostId(post)).await?;
            // Where it stands as an empty place for the sake of replies, it came along by nothing any more.
            let forget = "DELETE FROM archive_messages WHERE post_id = $1";
            write.run(forget, values![post]).await?;
        }
        write.commit().await?;
        Ok(true)
    }

    async fn forget(&self, now: Timestamp) -> Result<(), Unavailable> {
        let write = self.write().await?;
        let old = "SELECT id FROM archives WHERE until <= $1 ORDER BY until LIMIT 100";
        for archive in column::<i64>(write.db(), old, values![now.0]).await? {
            write.forget_waiting(ArchiveId(archive)).await?;
        }
        write.commit().await
    }
}

impl Write {
    /// Has what a member brought belong to nobody: of a chat, what others said yes to goes on, and what waits is forgotten.
    pub async fn leave_archives(&self, member: i64) -> Result<(), Unavailable> {
        self.run("DELETE FROM archives WHERE brought_by = $1 AND kind = 'posts'", values![member]).await?;
        self.run("DELETE FROM archive_voices WHERE member_id = $1", values![member]).await?;
        for chat in column::<i64>(self.db(), "SELECT id FROM archives WHERE brought_by = $1", values![member]).await? {
            self.forget_waiting(ArchiveId(chat)).await?;
        }
        self.run("UPDATE archives SET brought_by = NULL WHERE brought_by = $1", values![member]).await.map(drop)
    }

    /// Forgets an archive but for what is to come along, or came along and can be taken back.
    async fn forget_waiting(&self, archive: ArchiveId) -> Result<(), Unavailable> {
        let waits = "DELETE FROM archive_messages WHERE archive_id = $1 AND post_id IS NULL AND EXISTS \
                     (SELECT 1 FROM archive_voices v WHERE v.archive_id = $1 AND v.place = archive_messages.voice AND (v.answer IS NULL OR v.answer = 'no'))";
        self.run(waits, values![archive.0]).await?;
        let silent = "DELETE FROM archive_voices WHERE archive_id = $1 AND (answer IS NULL OR (answer = 'no' AND due_at IS NULL))";
        self.run(silent, values![archive.0]).await?;
        // What came along can be taken back for as long as it is there.
        let gone = "DELETE FROM archives WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM archive_voices v WHERE v.archive_id = $1)";
        self.run(gone, values![archive.0]).await?;
        self.run("UPDATE archives SET until = $2 WHERE id = $1", values![archive.0, i64::MAX]).await.map(drop)
    }
}
