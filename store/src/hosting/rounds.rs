//! Rows of rounds: the deck, who has which card, and what was done; and what people did, as a host may see it.

use crate::{
    connection::{Store, Write, all, column, one, value, values},
    ids::before,
    law,
    people::{byline, handle, maybe_byline, sorted_as},
};
use domain::{
    gatherings::Answer,
    hosting::round::{
        Active, Came, Card, Deed, Doings, Hung, LEASE_SECONDS, MOST_WROTE, Round, RoundRefusal, RoundStore, Spoken, Standing, Wrote,
    },
    ids::{MemberId, PostId, RoundId},
    outcome::{Error, Unavailable},
    people::{Byline, Handle},
    time::Timestamp,
    viewer::Host,
    welcome::is_newcomer,
};
use sea_orm::{ConnectionTrait, FromQueryResult};

#[derive(FromQueryResult)]
struct ActiveRow {
    id: i64,
    display_name: String,
    joined_at: i64,
}

#[derive(FromQueryResult)]
struct RoundRow {
    id: i64,
    since: i64,
    begun_by: Option<i64>,
    name: Option<String>,
    display_name: Option<String>,
    picture_id: Option<i64>,
    begun_at: i64,
    ended_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct NewestRow {
    id: i64,
    begun_at: i64,
}

#[derive(FromQueryResult)]
struct CardRow {
    id: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
    joined_at: i64,
    held_by: Option<i64>,
    holder: Option<String>,
    holder_shown: Option<String>,
    holder_picture: Option<i64>,
    held_until: i64,
    seen_by: Option<i64>,
    seer: Option<String>,
    seer_shown: Option<String>,
    seer_picture: Option<i64>,
    seen_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct DeedRow {
    deed: String,
    member_id: i64,
    id: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
}

#[derive(FromQueryResult)]
struct WroteRow {
    id: i64,
    root_id: i64,
    parent_id: Option<i64>,
    /// Nobody, where the thread begins with an empty place of somebody who left.
    begun_by: Option<String>,
    excerpt: String,
    pictures: i64,
    named: i64,
    at: i64,
    announces: bool,
    in_room: bool,
    replied: bool,
    reacted: bool,
}

#[derive(FromQueryResult)]
struct CameRow {
    slug: String,
    title: String,
    date: String,
    answer: String,
}

#[derive(FromQueryResult)]
struct HungRow {
    slug: String,
    title: String,
    date: String,
}

#[derive(FromQueryResult)]
struct SpokenRow {
    id: i64,
    root_id: i64,
    at: i64,
    by_id: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
}

#[derive(FromQueryResult)]
struct StandingRow {
    name: String,
    stands: String,
}

impl CardRow {
    fn card(self, begun_at: Timestamp) -> Result<Card, Unavailable> {
        let holder = maybe_byline(self.held_by, self.holder, self.holder_shown, self.holder_picture)?;
        Ok(Card {
            who: byline(self.id, &self.name, self.display_name, self.picture_id)?,
            newcomer: is_newcomer(Timestamp(self.joined_at), begun_at),
            held: holder.map(|holder| (holder, Timestamp(self.held_until))),
            seen_at: self.seen_at.map(Timestamp),
            seen_by: maybe_byline(self.seen_by, self.seer, self.seer_shown, self.seer_picture)?,
        })
    }
}

impl WroteRow {
    fn wrote(self) -> Wrote {
        Wrote {
            id: PostId(self.id),
            root: PostId(self.root_id),
            answers: self.parent_id.map(|_| self.begun_by.unwrap_or_else(|| Byline::left().display_name)),
            excerpt: self.excerpt,
            pictures: self.pictures as u32,
            named: self.named as u32,
            at: Timestamp(self.at),
            announces: self.announces,
            in_room: self.in_room,
            replied: self.replied,
            reacted: self.reacted,
        }
    }
}

const CARDS: &str = "SELECT m.id, m.name, m.display_name, m.picture_id, m.joined_at, c.held_by, h.name AS holder, \
     h.display_name AS holder_shown, h.picture_id AS holder_picture, c.held_until, c.seen_by, s.name AS seer, s.display_name AS seer_shown, \
     s.picture_id AS seer_picture, c.seen_at FROM round_cards c JOIN members m ON m.id = c.member_id \
     LEFT JOIN members h ON h.id = c.held_by LEFT JOIN members s ON s.id = c.seen_by";

async fn cards(db: &impl ConnectionTrait, round: i64, begun_at: Timestamp) -> Result<Vec<Card>, Unavailable> {
    let rows: Vec<CardRow> = all(db, format!("{CARDS} WHERE c.round_id = $1 ORDER BY c.place"), values![round]).await?;
    rows.into_iter().map(|row| row.card(begun_at)).collect()
}

impl Write {
    /// The round that goes on, locked until the commit, and the card about somebody in it.
    async fn lock_card(&self, name: &Handle) -> Result<Option<(i64, Card)>, Unavailable> {
        self.run("UPDATE rounds SET going = 1 WHERE going = 1", values![]).await?;
        let going: Option<i64> = value(self.db(), "SELECT id FROM rounds WHERE going = 1", values![]).await?;
        let Some(going) = going else { return Ok(None) };
        let sql = format!("{CARDS} WHERE c.round_id = $1 AND m.name = $2");
        let row: Option<CardRow> = one(self.db(), sql, values![going, name.as_str()]).await?;
        Ok(row.map(|row| row.card(Timestamp(0))).transpose()?.map(|card| (going, card)))
    }

    /// Keeps what was done for somebody who has a card in the round that goes on.
    async fn keep_deed(&self, about: MemberId, host: &Host, deed: Deed) -> Result<(), Unavailable> {
        let keep = "INSERT INTO round_deeds (round_id, member_id, by_id, deed) SELECT r.id, c.member_id, h.id, $3 \
                    FROM rounds r JOIN round_cards c ON c.round_id = r.id AND c.member_id = $1 JOIN members h ON h.id = $2 \
                    WHERE r.going = 1 AND h.id <> c.member_id ON CONFLICT DO NOTHING";
        self.run(keep, values![about.0, host.me().id.0, deed.word()]).await.map(drop)
    }

    async fn give_up(&self, host: &Host) -> Result<(), Unavailable> {
        let give_up = "UPDATE round_cards SET held_by = NULL, held_until = 0 \
                       WHERE round_id = (SELECT r.id FROM rounds r WHERE r.going = 1) AND held_by = $1";
        self.run(give_up, values![host.me().id.0]).await.map(drop)
    }

    async fn end(&self, round: i64, at: Timestamp) -> Result<(), Unavailable> {
        self.run("UPDATE rounds SET going = NULL, ended_at = $1 WHERE going = 1 AND id = $2", values![at.0, round]).await.map(drop)
    }
}

#[async_trait::async_trait]
impl RoundStore for Store {
    async fn active_since(&self, host: &Host, since: Timestamp) -> Result<Vec<Active>, Unavailable> {
        let viewer = host.viewer();
        let (post, gathering) = (law::post_for_host(&viewer), law::gathering(&viewer));
        // An answer that was made of a standing one shows nobody about.
        let sql = format!(
            "SELECT m.id, m.display_name, m.joined_at FROM members m WHERE m.id IN (\
             SELECT p.author_id FROM posts p WHERE p.id > $2 AND NOT p.taken_back AND p.audience <> 'named' AND {post} \
             UNION ALL SELECT r.member_id FROM reactions r JOIN posts p ON p.id = r.post_id \
             WHERE r.id > $2 AND p.audience <> 'named' AND {post} \
             UNION ALL SELECT v.member_id FROM rsvps v JOIN gatherings g ON g.id = v.gathering_id \
             WHERE v.at > $3 AND NOT v.standing AND NOT g.only_named AND {gathering} \
             UNION ALL SELECT w.member_id FROM wall w JOIN gatherings g ON g.id = w.gathering_id \
             WHERE w.picture_id > $2 AND w.at > $3 AND NOT g.only_named AND {gathering} \
             UNION ALL SELECT n.id FROM members n WHERE n.id > $2)"
        );
        let rows: Vec<ActiveRow> = all(self.read(), sql, values![host.me().id.0, before(since), since.0]).await?;
        let active =
            |row: ActiveRow| Active { id: MemberId(row.id), sorted_as: sorted_as(&row.display_name), joined_at: Timestamp(row.joined_at) };
        Ok(rows.into_iter().map(active).collect())
    }

    async fn newest_round(&self, _host: &Host) -> Result<Option<(RoundId, Timestamp)>, Unavailable> {
        let sql = "SELECT r.id, r.begun_at FROM rounds r WHERE r.id > 0 ORDER BY r.id DESC LIMIT 1";
        let row: Option<NewestRow> = one(self.read(), sql, values![]).await?;
        Ok(row.map(|row| (RoundId(row.id), Timestamp(row.begun_at))))
    }

    async fn round(&self, _host: &Host, round: Option<RoundId>) -> Result<Option<Round>, Unavailable> {
        let which = if round.is_some() { "r.id = $1" } else { "r.going = $1" };
        let sql = format!(
            "SELECT r.id, r.since, r.begun_by, m.name, m.display_name, m.picture_id, r.begun_at, r.ended_at \
             FROM rounds r LEFT JOIN members m ON m.id = r.begun_by WHERE {which}"
        );
        let Some(row) = one::<RoundRow>(self.read(), sql, values![round.map_or(1, |round| round.0)]).await? else { return Ok(None) };
        let sql = "SELECT d.deed, d.member_id, m.id, m.name, m.display_name, m.picture_id FROM round_deeds d JOIN members m ON m.id = d.by_id \
                   WHERE d.round_id = $1";
        let deeds: Vec<DeedRow> = all(self.read(), sql, values![row.id]).await?;
        let deed = |row: DeedRow| {
            let deed = Deed::from_word(&row.deed).ok_or_else(|| Unavailable::because("a kept deed is not one"))?;
            Ok((deed, MemberId(row.member_id), byline(row.id, &row.name, row.display_name, row.picture_id)?))
        };
        let begun_at = Timestamp(row.begun_at);
        Ok(Some(Round {
            id: RoundId(row.id),
            since: Timestamp(row.since),
            begun_by: maybe_byline(row.begun_by, row.name, row.display_name, row.picture_id)?,
            begun_at,
            ended_at: row.ended_at.map(Timestamp),
            cards: cards(self.read(), row.id, begun_at).await?,
            deeds: deeds.into_iter().map(deed).collect::<Result<_, Unavailable>>()?,
        }))
    }

    async fn begin_round(&self, host: &Host, since: Timestamp, deck: &[MemberId], at: Timestamp) -> Result<RoundId, Unavailable> {
        let write = self.write().await?;
        // Of two who begin at once, the second goes along with the first.
        write.lock_community().await?;
        let going: Option<i64> = value(write.db(), "SELECT id FROM rounds WHERE going = 1", values![]).await?;
        if let Some(going) = going {
            return Ok(RoundId(going));
        }
        let insert = "INSERT INTO rounds (id, since, begun_by, begun_at, going) VALUES ($1, $2, $3, $4, 1) ON CONFLICT (id) DO NOTHING";
        let round = write.insert(at, insert, values![since.0, host.me().id.0, at.0]).await?;
        for (place, member) in deck.iter().enumerate() {
            // Whoever was removed a moment ago has no card.
            let insert = "INSERT INTO round_cards (round_id, place, member_id) SELECT $1, $2, m.id FROM members m WHERE m.id = $3";
            write.run(insert, values![round, place as i64, member.0]).await?;
        }
        write.commit().await?;
        Ok(RoundId(round))
    }

    async fn take_card(&self, host: &Host, name: &Handle, at: Timestamp) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let card = write.lock_card(name).await?;
        write.give_up(host).await?;
        let mut taken = false;
        if let Some((round, card)) = card.filter(|(_, card)| card.stands_for(host.me().id, at) == Standing::Open) {
            let take = "UPDATE round_cards SET held_by = $3, held_until = $4 WHERE round_id = $1 AND member_id = $2";
            let until = at.plus_seconds(LEASE_SECONDS);
            taken = write.run(take, values![round, card.who.id.0, host.me().id.0, until.0]).await? > 0;
        }
        write.commit().await?;
        Ok(taken)
    }

    async fn give_up_card(&self, host: &Host) -> Result<(), Unavailable> {
        let write = self.write().await?;
        write.give_up(host).await?;
        write.commit().await
    }

    async fn see_card(&self, host: &Host, name: &Handle, at: Timestamp) -> Result<RoundId, Error<RoundRefusal>> {
        let write = self.write().await?;
        let Some((round, card)) = write.lock_card(name).await? else { return Err(Error::Refused(RoundRefusal::Gone)) };
        match card.stands_for(host.me().id, at) {
            Standing::Seen => return Ok(RoundId(round)),
            Standing::Held(by) => {
                let (by, who) = (by.display_name.clone(), card.who.display_name);
                return Err(Error::Refused(RoundRefusal::Held { by, who }));
            }
            Standing::Oneself => return Err(Error::Refused(RoundRefusal::Oneself)),
            Standing::Open => (),
        }
        let see =
            "UPDATE round_cards SET seen_by = $3, seen_at = $4, held_by = NULL, held_until = 0 WHERE round_id = $1 AND member_id = $2";
        write.run(see, values![round, card.who.id.0, host.me().id.0, at.0]).await?;
        write.keep_deed(card.who.id, host, Deed::Seen).await?;
        let unseen = "SELECT c.member_id FROM round_cards c WHERE c.round_id = $1 AND c.seen_at IS NULL LIMIT 1";
        if column::<i64>(write.db(), unseen, values![round]).await?.is_empty() {
            write.end(round, at).await?;
        }
        write.commit().await?;
        Ok(RoundId(round))
    }

    async fn did(&self, host: &Host, about: MemberId, deed: Deed) {
        let keep = async {
            let write = self.write().await?;
            write.keep_deed(about, host, deed).await?;
            write.commit().await
        };
        if let Err(cause) = keep.await {
            tracing::error!(cause = %cause.0, "could not keep what was done in a round");
        }
    }

    async fn end_round(&self, _host: &Host, round: RoundId, at: Timestamp) -> Result<(), Unavailable> {
        let write = self.write().await?;
        write.end(round.0, at).await?;
        write.commit().await
    }

    async fn doings(&self, host: &Host, about: MemberId, since: Timestamp) -> Result<Doings, Unavailable> {
        let (viewer, me) = (host.viewer(), host.me().id.0);
        let (post, gathering) = (law::post_for_host(&viewer), law::gathering(&viewer));
        let sql = format!(
            "SELECT p.id, p.root_id, p.parent_id, m.display_name AS begun_by, p.excerpt, \
             (SELECT COUNT(*) FROM pictures c WHERE c.post_id = p.id) AS pictures, \
             (SELECT COUNT(*) FROM post_named n WHERE n.post_id = p.root_id) AS named, p.at, p.gathering_id IS NOT NULL AS announces, p.in_room, \
             EXISTS (SELECT 1 FROM posts a WHERE a.root_id = p.id AND a.author_id <> p.author_id AND NOT a.taken_back) AS replied, \
             EXISTS (SELECT 1 FROM reactions r WHERE r.post_id = p.id AND r.member_id <> p.author_id) AS reacted \
             FROM posts p JOIN posts o ON o.id = p.root_id LEFT JOIN members m ON m.id = o.author_id \
             WHERE p.author_id = $2 AND p.id > $3 AND NOT p.taken_back AND {post} ORDER BY p.id DESC LIMIT $4"
        );
        let values = values![me, about.0, before(since), MOST_WROTE as i64 + 1];
        let mut wrote: Vec<WroteRow> = all(self.read(), sql, values).await?;
        let wrote_more = wrote.len() > MOST_WROTE;
        wrote.truncate(MOST_WROTE);
        let sql = format!(
            "SELECT g.slug, g.title, v.date, v.answer FROM rsvps v JOIN gatherings g ON g.id = v.gathering_id \
             WHERE v.at > $3 AND v.member_id = $2 AND NOT v.standing AND {gathering} ORDER BY v.at DESC LIMIT 20"
        );
        let came: Vec<CameRow> = all(self.read(), sql, values![me, about.0, since.0]).await?;
        let sql = format!(
            "SELECT g.slug, g.title, w.date FROM wall w JOIN gatherings g ON g.id = w.gathering_id \
             WHERE w.picture_id > $3 AND w.at > $4 AND w.member_id = $2 AND {gathering} ORDER BY w.picture_id DESC LIMIT 100"
        );
        let pictures: Vec<HungRow> = all(self.read(), sql, values![me, about.0, before(since), since.0]).await?;
        let mut hung: Vec<Hung> = Vec::new();
        for HungRow { slug, title, date } in pictures {
            match hung.iter_mut().find(|known| known.slug == slug && known.date == date) {
                Some(known) => known.many += 1,
                None => hung.push(Hung { slug, title, date, many: 1 }),
            }
        }
        let spoke = |which: &str| {
            format!("(SELECT MAX(p.id) FROM {which} AND p.author_id <> $2 AND h.role IN ('host', 'admin') AND NOT p.taken_back AND {post})")
        };
        let sql = format!(
            "SELECT s.id, s.root_id, s.at, m.id AS by_id, m.name, m.display_name, m.picture_id FROM posts s JOIN members m ON m.id = s.author_id \
             WHERE s.id IN ({}, {})",
            spoke("posts t JOIN posts p ON p.parent_id = t.id JOIN members h ON h.id = p.author_id WHERE t.author_id = $2"),
            spoke("post_named n JOIN posts p ON p.id = n.post_id JOIN members h ON h.id = p.author_id WHERE n.member_id = $2"),
        );
        let spoken: Vec<SpokenRow> = all(self.read(), sql, values![me, about.0]).await?;
        let spoken = spoken.into_iter().max_by_key(|row| row.id).map(|row| {
            let by = byline(row.by_id, &row.name, row.display_name, row.picture_id)?;
            Ok(Spoken { by, post: PostId(row.id), root: PostId(row.root_id), at: Timestamp(row.at) })
        });
        let came = came.into_iter().map(|CameRow { slug, title, date, answer }| {
            let answer = Answer::from_word(&answer).ok_or_else(|| Unavailable::because("a kept answer is not one"))?;
            Ok(Came { slug, title, date, answer })
        });
        Ok(Doings {
            wrote: wrote.into_iter().map(WroteRow::wrote).collect(),
            wrote_more,
            came: came.collect::<Result<_, Unavailable>>()?,
            hung,
            spoken: spoken.transpose()?,
        })
    }

    async fn standing_sentences(&self, _host: &Host, round: RoundId) -> Result<Vec<(Handle, String)>, Unavailable> {
        let sql = "SELECT m.name, t.stands FROM round_cards c JOIN members m ON m.id = c.member_id \
                   JOIN sentences t ON t.member_id = c.member_id WHERE c.round_id = $1 AND t.stands <> '' ORDER BY c.place";
        let rows: Vec<StandingRow> = all(self.read(), sql, values![round.0]).await?;
        rows.into_iter().map(|row| Ok((handle(&row.name)?, row.stands))).collect()
    }
}
