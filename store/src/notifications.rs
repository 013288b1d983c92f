//! Notifications' rows: written by what causes them through [`Write::notify`], read here.

use crate::{
    connection::{Store, Write, all, value, values},
    law,
    people::maybe_byline,
};
use domain::{
    ids::{MemberId, NotificationId, PostId},
    live::Hint,
    notifications::{Happening, Notification, NotificationStore},
    outcome::Unavailable,
    people::Role,
    time::Timestamp,
    viewer::{Me, Viewer},
};
use sea_orm::FromQueryResult;

/// What is notified of, with what it points to.
pub(crate) enum News<'a> {
    Mentioned { post: i64 },
    Replied { post: i64 },
    Wrote { post: i64 },
    Reacted { post: i64, reaction: &'a str },
    Joined,
    Greet,
    Opened { post: i64 },
    Asked { ask: i64 },
    Answered { gathering: i64, date: String, answer: &'a str },
    Session { gathering: i64, date: String, what: &'a str },
    Introduced { post: i64 },
    Sentence,
    Brought,
    Greeter,
    Week,
    Swap { answer: &'a str },
    HandOver { step: &'a str },
}

/// The kinds of news, as they are kept, that need not be known: those of which [`News::has_to_be_known`] is false.
pub(crate) const NEED_NOT_BE_KNOWN: &str =
    "'mentioned', 'replied', 'wrote', 'reacted', 'joined', 'greet', 'greeter', 'answered', 'introduced', 'opened'";

impl News<'_> {
    /// It has to be known, whoever's doing it is: an evening, a duty, or what waits for one's consent.
    fn has_to_be_known(&self) -> bool {
        match self {
            Self::Asked { .. }
            | Self::Session { .. }
            | Self::Sentence
            | Self::Brought
            | Self::Week
            | Self::Swap { .. }
            | Self::HandOver { .. } => true,
            Self::Mentioned { .. }
            | Self::Replied { .. }
            | Self::Wrote { .. }
            | Self::Reacted { .. }
            | Self::Joined
            | Self::Greet
            | Self::Opened { .. }
            | Self::Answered { .. }
            | Self::Introduced { .. }
            | Self::Greeter => false,
        }
    }

    /// The post or reply that it is about.
    fn post(&self) -> Option<i64> {
        match self {
            Self::Mentioned { post }
            | Self::Replied { post }
            | Self::Wrote { post }
            | Self::Reacted { post, .. }
            | Self::Opened { post }
            | Self::Introduced { post } => Some(*post),
            _ => None,
        }
    }
}

impl Write {
    /// Notifies a member: writes the row and the hint, and a letter where that is something they want by mail.
    ///
    /// Nothing that somebody does is news to whoever blocked them, nor is what is said in a thread that they began, but what has to be known.
    pub async fn notify(&mut self, member: i64, by: Option<MemberId>, news: News<'_>, at: Timestamp) -> Result<(), Unavailable> {
        if !news.has_to_be_known() && self.is_kept_from(member, by, news.post()).await? {
            return Ok(());
        }
        if let News::Session { gathering, date, what } = &news {
            self.write_letter(member, by, (*gathering, date), what, at).await?;
        }
        let (kind, post, reaction, gathering, date, answer, ask) = match news {
            News::Mentioned { post } => ("mentioned", Some(post), None, None, None, None, None),
            News::Replied { post } => ("replied", Some(post), None, None, None, None, None),
            News::Wrote { post } => ("wrote", Some(post), None, None, None, None, None),
            News::Reacted { post, reaction } => ("reacted", Some(post), Some(reaction.to_owned()), None, None, None, None),
            News::Opened { post } => ("opened", Some(post), None, None, None, None, None),
            News::Joined => ("joined", None, None, None, None, None, None),
            News::Greet => ("greet", None, None, None, None, None, None),
            News::Asked { ask } => ("asked", None, None, None, None, None, Some(ask)),
            News::Answered { gathering, date, answer } => {
                ("answered", None, None, Some(gathering), Some(date), Some(answer.to_owned()), None)
            }
            News::Introduced { post } => ("introduced", Some(post), None, None, None, None, None),
            News::Sentence => ("sentence", None, None, None, None, None, None),
            News::Brought => ("brought", None, None, None, None, None, None),
            News::Greeter => ("greeter", None, None, None, None, None, None),
            News::Week => ("week", None, None, None, None, None, None),
            News::Swap { answer } => ("swap", None, None, None, None, Some(answer.to_owned()), None),
            News::HandOver { step } => ("hand-over", None, None, None, None, Some(step.to_owned()), None),
            News::Session { gathering, date, what } => ("session", None, None, Some(gathering), Some(date), Some(what.to_owned()), None),
        };
        let insert = "INSERT INTO notifications (id, member_id, kind, actor_id, post_id, reaction, gathering_id, date, answer, ask_id, at, unread) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, TRUE) ON CONFLICT (id) DO NOTHING";
        let values = values![member, kind, by.map(|by| by.0), post, reaction, gathering, date, answer, ask, at.0];
        self.insert(at, insert, values).await?;
        self.tell(Some(MemberId(member)), &Hint::Notified).await
    }
}

#[derive(FromQueryResult)]
struct NotificationRow {
    id: i64,
    kind: String,
    actor_id: Option<i64>,
    name: Option<String>,
    display_name: Option<String>,
    picture_id: Option<i64>,
    post_id: Option<i64>,
    root_id: Option<i64>,
    excerpt: Option<String>,
    reaction: Option<String>,
    slug: Option<String>,
    title: Option<String>,
    date: Option<String>,
    starts_at: Option<i64>,
    cancelled: Option<String>,
    answer: Option<String>,
    asker: Option<String>,
    met: Option<String>,
    at: i64,
    unread: bool,
}

impl NotificationRow {
    fn notification(self) -> Result<Notification, Unavailable> {
        let missing = || Unavailable::because("a notification lacks what its kind needs");
        let post = self.post_id.map(PostId).ok_or_else(missing);
        let thread = self.root_id.map(PostId).ok_or_else(missing);
        let excerpt = self.excerpt.unwrap_or_default();
        let happening = match self.kind.as_str() {
            "mentioned" => Happening::Mentioned { post: post?, thread: thread?, excerpt },
            "replied" => Happening::Replied { post: post?, thread: thread?, excerpt },
            "wrote" => Happening::WroteToMe { post: post?, excerpt },
            "reacted" => Happening::Reacted { post: post?, thread: thread?, reaction: self.reaction.ok_or_else(missing)?, excerpt },
            "introduced" => Happening::Introduced { post: post?, to: self.met.ok_or_else(missing)? },
            "opened" => Happening::Opened { post: post?, excerpt },
            "joined" => Happening::Joined,
            "greet" => Happening::Greet,
            "sentence" => Happening::Sentence,
            "brought" => Happening::Brought,
            "greeter" => Happening::Greeter,
            "week" => Happening::Week,
            "swap" => Happening::Swap { answer: self.answer.ok_or_else(missing)? },
            "hand-over" => Happening::HandOver { step: self.answer.ok_or_else(missing)? },
            "asked" => Happening::Asked { name: self.asker.ok_or_else(missing)? },
            "answered" => Happening::Answered {
                slug: self.slug.ok_or_else(missing)?,
                starts_at: Timestamp(self.starts_at.ok_or_else(missing)?),
                date: self.date.ok_or_else(missing)?,
                title: self.title.ok_or_else(missing)?,
                answer: self.answer.ok_or_else(missing)?,
            },
            "session" => Happening::Session {
                slug: self.slug.ok_or_else(missing)?,
                starts_at: Timestamp(self.starts_at.ok_or_else(missing)?),
                date: self.date.ok_or_else(missing)?,
                title: self.title.ok_or_else(missing)?,
                news: self.answer.ok_or_else(missing)?,
                why: self.cancelled.unwrap_or_default(),
            },
            _ => return Err(Unavailable::because("a notification is of no kind")),
        };
        let by = maybe_byline(self.actor_id, self.name, self.display_name, self.picture_id)?;
        Ok(Notification { id: NotificationId(self.id), by, happening, at: Timestamp(self.at), unread: self.unread })
    }
}

#[async_trait::async_trait]
impl NotificationStore for Store {
    async fn notifications(&self, me: &Me, before: Option<NotificationId>, most: usize) -> Result<Vec<Notification>, Unavailable> {
        let viewer = Viewer::Member(me.clone());
        let sql = format!(
            "SELECT n.id, n.kind, n.actor_id, a.name, a.display_name, a.picture_id, n.post_id, p.root_id, p.excerpt, n.reaction, \
             g.slug, g.title, n.date, s.starts_at, CASE WHEN n.answer = 'cancelled' THEN COALESCE(s.cancelled, g.cancelled) END AS cancelled, n.answer, k.name AS asker, o.display_name AS met, n.at, n.unread \
             FROM notifications n LEFT JOIN members a ON a.id = n.actor_id \
             LEFT JOIN posts p ON p.id = n.post_id AND NOT p.taken_back AND {} \
             LEFT JOIN gatherings g ON g.id = n.gathering_id AND {} \
             LEFT JOIN sessions s ON s.gathering_id = n.gathering_id AND s.date = n.date \
             LEFT JOIN asks k ON k.id = n.ask_id AND $4 \
             LEFT JOIN introductions i ON i.post_id = n.post_id AND n.kind = 'introduced' \
             LEFT JOIN members o ON o.id = CASE WHEN i.one_id = $1 THEN i.other_id ELSE i.one_id END \
             WHERE n.member_id = $1 AND n.id < $2 AND (n.post_id IS NULL OR p.id IS NOT NULL) \
             AND (n.gathering_id IS NULL OR g.id IS NOT NULL) AND (n.ask_id IS NULL OR k.id IS NOT NULL) \
             AND (n.kind <> 'introduced' OR o.id IS NOT NULL) \
             ORDER BY n.id DESC LIMIT $3",
            law::post(&viewer),
            law::gathering(&viewer)
        );
        let before = before.map_or(i64::MAX, |before| before.0);
        let values = values![me.id.0, before, most as i64, me.role >= Role::Host];
        let rows: Vec<NotificationRow> = all(self.read(), sql, values).await?;
        rows.into_iter().map(NotificationRow::notification).collect()
    }

    async fn mark_read(&self, me: &Me, newest: NotificationId) -> Result<(), Unavailable> {
        let mut write = self.write().await?;
        let read = "UPDATE notifications SET unread = FALSE WHERE member_id = $1 AND id <= $2 AND unread";
        if write.run(read, values![me.id.0, newest.0]).await? > 0 {
            write.tell(Some(me.id), &Hint::Notified).await?;
        }
        write.commit().await
    }

    async fn unread(&self, member: MemberId) -> Result<u32, Unavailable> {
        let sql = "SELECT COUNT(*) FROM notifications n WHERE n.member_id = $1 AND n.unread";
        Ok(value::<i64>(self.read(), sql, values![member.0]).await?.unwrap_or(0) as u32)
    }
}
