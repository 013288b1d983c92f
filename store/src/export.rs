//! What is somebody's, read for the file that they take home: their own rows, and of others' no more than [`DECIDED`] says.
//!
//! Each statement asks for what is the member's, all of it at once, so that their number is the same for five posts and for five thousand.

mod decided;
mod rows;

pub use decided::{DECIDED, Goes};

use crate::{
    connection::{Among, Store, all, among_ids, column, from_json, one, values},
    gatherings::date,
    law,
};
use domain::{
    blocks::BlockStore,
    export::{
        At, Attendance, Away, Belongings, Block, Bringing, DayHere, Earlier, ExportStore, FromBefore, Gathering, Greeting, Hosting,
        Introduction, Invitation, MailWishes, Message, OnWall, OwnSession, Picture, Post, Profile, Prompt, Reaction, Rsvp, Sentence,
        SentencesAbout, Session, Somebody, Spark, SparkToCome, StandingAnswer, VERSION, WeekTime, Welcome,
    },
    hosting::sentences::{self, SentenceStore},
    introductions::said_of,
    outcome::Unavailable,
    time::Timestamp,
    viewer::{Me, Viewer},
};
use rows::{
    AttendanceRow, BringingRow, DayRow, EarlierRow, FormerRow, GatheringRow, GreetingRow, IntroductionRow, InvitationRow, MemberRow,
    MessageRow, NamedRow, OwnRow, PictureRow, PostRow, PromptRow, ReactionRow, RsvpRow, SparkRow, StandingRow, TagRow, TimeRow, ToComeRow,
    TurnRow, VoiceRow, WallRow, at, clock, html, named, picture_file, post_address, somebody, things,
};
use sea_orm::FromQueryResult;
use std::collections::BTreeMap;

/// What somebody's row `r` of a table says of a session: what they said, and which it was.
fn of_session(me: &Me, what: &str, table: &str) -> String {
    let law = law::gathering(&Viewer::Member(me.clone()));
    format!(
        "SELECT {what}, r.date, g.slug, g.title FROM {table} r LEFT JOIN gatherings g ON g.id = r.gathering_id AND {law} \
         WHERE r.member_id = $1"
    )
}

#[async_trait::async_trait]
impl ExportStore for Store {
    async fn belongings(&self, me: &Me, made_at: Timestamp) -> Result<Belongings, Unavailable> {
        let member = self.member_row(me, made_at).await?;
        let pictures: Vec<PictureRow> = self
            .mine(me, "SELECT id, hash, width, height, alt, post_id, place FROM pictures WHERE owner_id = $1 ORDER BY id".to_owned())
            .await?;
        let reactions = format!(
            "SELECT r.post_id, r.reaction FROM reactions r JOIN posts p ON p.id = r.post_id WHERE r.member_id = $1 AND {} ORDER BY r.id",
            law::post_for_host(&Viewer::Member(me.clone()))
        );
        let reactions: Vec<ReactionRow> = self.mine(me, reactions).await?;
        let days: Vec<DayRow> =
            self.mine(me, "SELECT day, wrote, came FROM pulse_days WHERE member_id = $1 ORDER BY day".to_owned()).await?;
        let invitations = "SELECT kind, name, note, made_at FROM invitations WHERE made_by = $1 AND party_id IS NULL \
                           AND NOT EXISTS (SELECT 1 FROM members m WHERE m.invitation_id = invitations.id \
                           AND (m.invited_by IS NULL OR m.invited_by <> $1)) ORDER BY id";
        let invitations: Vec<InvitationRow> = self.mine(me, invitations.to_owned()).await?;
        let greetings = "SELECT m.name, m.display_name, r.at FROM greetings r JOIN members m ON m.id = r.newcomer_id \
                         WHERE r.greeter_id = $1 AND r.state = 'accepted'";
        let greetings: Vec<GreetingRow> = self.mine(me, greetings.to_owned()).await?;
        let put_off = column(self.read(), "SELECT step FROM welcome_later WHERE member_id = $1 ORDER BY step", values![me.id.0]).await?;
        Ok(Belongings {
            version: VERSION,
            made_at: At(made_at),
            sentence: self.said_about(me).await?,
            posts: self.posts_of(me, &pictures).await?,
            reactions: reactions.into_iter().map(|row| Reaction { post: post_address(row.post_id), reaction: row.reaction }).collect(),
            rsvps: self.rsvps_of(me).await?,
            standing_answers: self.standing_answers_of(me).await?,
            attendance: self.attendance_of(me).await?,
            bringing: self.bringing_of(me).await?,
            turns: self.turns_of(me).await?,
            gatherings: self.gatherings_of(me).await?,
            wall: self.wall_of(me).await?,
            introductions: self.introductions_of(me).await?,
            welcome: Welcome {
                rules_accepted: member.accepted.unwrap_or_default(),
                put_away: member.put_away.unwrap_or_default(),
                put_off,
                greets: member.greets.unwrap_or_default(),
            },
            greetings: greetings
                .into_iter()
                .map(|row| Greeting { newcomer: Somebody { name: row.name, display_name: row.display_name }, at: at(row.at) })
                .collect(),
            blocks: BlockStore::blocks(self, me)
                .await?
                .into_iter()
                .map(|one| Block {
                    who: Somebody { name: one.who.name.to_string(), display_name: one.who.display_name },
                    since: At(one.at),
                })
                .collect(),
            from_before: self.words_from_before(me).await?,
            days_here: days
                .into_iter()
                .map(|row| Ok(DayHere { day: date(&row.day)?, wrote: row.wrote, came: row.came }))
                .collect::<Result<_, Unavailable>>()?,
            invitations: invitations
                .into_iter()
                .map(|row| Invitation { kind: row.kind, name: row.name, note: row.note, at: at(row.made_at) })
                .collect(),
            hosting: self.hosting_of(me, &member).await?,
            pictures: pictures
                .into_iter()
                .map(|row| Picture {
                    file: picture_file(row.id),
                    alt: row.alt,
                    width: row.width as u32,
                    height: row.height as u32,
                    post: row.post_id.map(post_address),
                    hash: row.hash,
                })
                .collect(),
            mail: MailWishes {
                address: member.mail_address,
                unconfirmed: member.unconfirmed,
                reminders: member.mail_reminders,
                changes: member.mail_changes,
                weekly: member.mail_weekly,
            },
            profile: Profile {
                name: member.name,
                display_name: member.display_name,
                pronouns: member.pronouns,
                line: member.line,
                town: member.town,
                interests: from_json(&member.interests)?,
                zone: member.zone,
                role: member.role,
                joined_at: at(member.joined_at),
                invited_by: somebody(member.inviter, member.inviter_shown),
                picture: member.picture_id.map(picture_file),
                reminders: member.reminders,
                shown_in_rooms: member.shown_here,
            },
        })
    }
}

impl Store {
    /// The rows of a statement about the member alone, who is `$1`.
    async fn mine<R: FromQueryResult>(&self, me: &Me, sql: String) -> Result<Vec<R>, Unavailable> {
        all(self.read(), sql, values![me.id.0]).await
    }

    async fn member_row(&self, me: &Me, now: Timestamp) -> Result<MemberRow, Unavailable> {
        let sql = "SELECT m.name, m.display_name, m.pronouns, m.line, m.town, m.interests, m.zone, m.role, m.joined_at, \
                   i.name AS inviter, i.display_name AS inviter_shown, m.picture_id, m.reminders, m.shown_here, m.mail_address, \
                   c.address AS unconfirmed, m.mail_reminders, m.mail_changes, m.mail_weekly, w.accepted, w.put_away, w.greets, \
                   a.from_at AS away_from, a.until_at AS away_until, a.word AS away_word \
                   FROM members m LEFT JOIN members i ON i.id = m.invited_by \
                   LEFT JOIN mail_confirmations c ON c.member_id = m.id AND c.used_at IS NULL AND c.expires_at > $2 \
                   LEFT JOIN welcomes w ON w.member_id = m.id LEFT JOIN aways a ON a.member_id = m.id WHERE m.id = $1";
        let found = one(self.read(), sql, values![me.id.0, now.0]).await?;
        found.ok_or_else(|| Unavailable::because("somebody went away while their belongings were read"))
    }

    async fn said_about(&self, me: &Me) -> Result<SentencesAbout, Unavailable> {
        let about = self.sentences_about_me(me).await?;
        let said = |sentence: sentences::Sentence| Sentence {
            words: sentence.words,
            by: sentence.by.map(|by| Somebody { name: by.name.to_string(), display_name: by.display_name }),
            at: At(sentence.at),
        };
        Ok(SentencesAbout { stands: about.stands.map(said), waits: about.waits.map(said), wants_none: about.wants_none })
    }

    async fn posts_of(&self, me: &Me, pictures: &[PictureRow]) -> Result<Vec<Post>, Unavailable> {
        const OF: &str = "p.author_id = $1 AND NOT p.taken_back";
        let posts = format!(
            "SELECT p.id, p.root_id, p.parent_id, p.audience, p.markdown, p.html, p.note, p.at, p.edited_at, p.in_room, \
             (SELECT COUNT(*) FROM archive_messages b WHERE b.post_id = p.id) AS brought, g.slug, g.title \
             FROM posts p LEFT JOIN gatherings g ON g.id = p.gathering_id AND {} WHERE {OF} ORDER BY p.id",
            law::gathering(&Viewer::Member(me.clone()))
        );
        let named = format!(
            "SELECT p.id AS of, m.name, m.display_name FROM posts p JOIN post_named n ON n.post_id = p.root_id AND n.member_id <> $1 \
             JOIN members m ON m.id = n.member_id WHERE {OF} AND p.audience = 'named' \
             AND EXISTS (SELECT 1 FROM post_named s WHERE s.post_id = p.root_id AND s.member_id = $1 AND NOT s.hidden)"
        );
        let tags = format!("SELECT t.post_id, t.tag FROM posts p JOIN post_tags t ON t.post_id = p.id WHERE {OF}");
        let earlier = format!("SELECT r.id, r.post_id, r.html, r.note, r.at FROM posts p JOIN revisions r ON r.post_id = p.id WHERE {OF}");
        let posts: Vec<PostRow> = self.mine(me, posts).await?;
        let named: Vec<NamedRow> = self.mine(me, named).await?;
        let tags: Vec<TagRow> = self.mine(me, tags).await?;
        let mut earlier: Vec<EarlierRow> = self.mine(me, earlier).await?;
        earlier.sort_by_key(|row| row.id);
        let mut hanging: Vec<&PictureRow> = pictures.iter().collect();
        hanging.sort_by_key(|row| row.place);

        // Ids rise with time.
        let mut posts: BTreeMap<i64, Post> = posts.into_iter().map(|row| (row.id, row.post())).collect();
        for NamedRow { of, name, display_name } in named {
            posts.entry(of).and_modify(|post| post.named.push(Somebody { name, display_name }));
        }
        for TagRow { post_id, tag } in tags {
            posts.entry(post_id).and_modify(|post| post.tags.push(tag));
        }
        for EarlierRow { post_id, html: shown, note, at: since, .. } in earlier {
            posts.entry(post_id).and_modify(|post| post.earlier.push(Earlier { at: at(since), note, html: html(shown) }));
        }
        for row in hanging {
            if let Some(post) = row.post_id {
                posts.entry(post).and_modify(|post| post.pictures.push(picture_file(row.id)));
            }
        }
        Ok(posts.into_values().collect())
    }

    async fn rsvps_of(&self, me: &Me) -> Result<Vec<Rsvp>, Unavailable> {
        let sql = of_session(me, "r.answer, r.note, r.guests, r.waiting, r.standing, r.at", "rsvps");
        let rows: Vec<RsvpRow> = self.mine(me, format!("{sql} ORDER BY r.at")).await?;
        let rsvp = |row: RsvpRow| {
            Ok(Rsvp {
                session: row.of.session()?,
                answer: row.answer,
                note: row.note,
                guests: row.guests as u32,
                waiting: row.waiting,
                standing: row.standing,
                at: at(row.at),
            })
        };
        rows.into_iter().map(rsvp).collect()
    }

    async fn standing_answers_of(&self, me: &Me) -> Result<Vec<StandingAnswer>, Unavailable> {
        let sql = format!(
            "SELECT g.slug, g.title, r.guests, r.at FROM standing_answers r LEFT JOIN gatherings g ON g.id = r.gathering_id AND {} \
             WHERE r.member_id = $1",
            law::gathering(&Viewer::Member(me.clone()))
        );
        let rows: Vec<StandingRow> = self.mine(me, sql).await?;
        let answer = |row: StandingRow| StandingAnswer { gathering: named(row.slug, row.title), guests: row.guests as u32, at: at(row.at) };
        Ok(rows.into_iter().map(answer).collect())
    }

    async fn attendance_of(&self, me: &Me) -> Result<Vec<Attendance>, Unavailable> {
        let sql = of_session(me, "r.came, r.known_by, r.at", "attendance");
        let rows: Vec<AttendanceRow> = self.mine(me, format!("{sql} ORDER BY r.date")).await?;
        let attendance = |row: AttendanceRow| {
            let known_by = match row.known_by {
                2 => "themselves",
                1 => "host",
                _ => "room",
            };
            Ok(Attendance { session: row.of.session()?, came: row.came, known_by, at: at(row.at) })
        };
        rows.into_iter().map(attendance).collect()
    }

    async fn bringing_of(&self, me: &Me) -> Result<Vec<Bringing>, Unavailable> {
        let rows: Vec<BringingRow> = self.mine(me, of_session(me, "r.name, r.many, r.at", "takings")).await?;
        let bringing =
            |row: BringingRow| Ok(Bringing { session: row.of.session()?, thing: row.name, many: row.many as u32, at: at(row.at) });
        rows.into_iter().map(bringing).collect()
    }

    async fn turns_of(&self, me: &Me) -> Result<Vec<Session>, Unavailable> {
        let rows: Vec<TurnRow> = self.mine(me, of_session(me, "r.member_id", "rota")).await?;
        rows.into_iter().map(|row| row.of.session()).collect()
    }

    async fn wall_of(&self, me: &Me) -> Result<Vec<OnWall>, Unavailable> {
        let rows: Vec<WallRow> = self.mine(me, of_session(me, "r.picture_id, r.turn, r.agreed, r.at", "wall")).await?;
        let on_wall = |row: WallRow| {
            Ok(OnWall {
                session: row.of.session()?,
                picture: picture_file(row.picture_id),
                turn: row.turn,
                agreed: row.agreed,
                at: at(row.at),
            })
        };
        rows.into_iter().map(on_wall).collect()
    }

    async fn gatherings_of(&self, me: &Me) -> Result<Vec<Gathering>, Unavailable> {
        let law = law::gathering(&Viewer::Member(me.clone()));
        let kept = |by: &str| {
            format!(
                "SELECT g.id, g.slug, g.title, g.host_id, g.audience, g.only_named, g.markdown, g.html, g.first_date, g.start_time, g.minutes, \
                 g.zone, g.rule, g.place, g.link, g.door, g.capacity, g.guests, g.answer_by, g.things, g.planned_at, g.cancelled_at, g.cancelled \
                 FROM gatherings g WHERE {by} AND {law}"
            )
        };
        let mut rows: Vec<GatheringRow> = self.mine(me, kept("g.host_id = $1")).await?;
        let together = kept("g.id IN (SELECT h.gathering_id FROM gathering_hosts h WHERE h.member_id = $1)");
        rows.extend(self.mine::<GatheringRow>(me, together).await?);
        rows.sort_by_key(|row| row.id);
        rows.dedup_by_key(|row| row.id);

        let Among { sql: among, value: ids } = among_ids(self.read(), rows.iter().map(|row| row.id));
        let with = || [me.id.0.into(), ids.clone()];
        // `$1` keeps nobody out here: whose gatherings these are was asked before.
        let people = |table: &str| {
            format!(
                "SELECT r.gathering_id AS of, m.name, m.display_name FROM {table} r JOIN members m ON m.id = r.member_id \
                 WHERE r.gathering_id {among} AND m.id <> $1"
            )
        };
        let cohosts: Vec<NamedRow> = all(self.read(), people("gathering_hosts"), with()).await?;
        let guests: Vec<NamedRow> = all(self.read(), people("gathering_named"), with()).await?;
        let former = format!(
            "SELECT r.gathering_id, r.first_date, r.start_time, r.minutes, r.zone, r.rule, r.place, r.link, r.door FROM rhythms r \
             WHERE r.gathering_id {among} AND $1 <> 0"
        );
        let former: Vec<FormerRow> = all(self.read(), former, with()).await?;
        let own = format!(
            "SELECT s.gathering_id, s.date, s.standing, s.moved_date, s.moved_time, s.moved_minutes, s.cancelled, s.place, s.link, s.door, \
             s.markdown, s.html, t.things, r.note AS keepsake, r.note_html AS keepsake_html, r.published FROM sessions s \
             LEFT JOIN own_things t ON t.gathering_id = s.gathering_id AND t.date = s.date \
             LEFT JOIN rooms r ON r.gathering_id = s.gathering_id AND r.date = s.date WHERE s.gathering_id {among} AND $1 <> 0"
        );
        let own: Vec<OwnRow> = all(self.read(), own, with()).await?;

        let mut gatherings: BTreeMap<i64, Gathering> = BTreeMap::new();
        for row in rows {
            let gathering = Gathering {
                title: row.title,
                address: format!("/gatherings/{}", row.slug),
                planned: row.host_id == me.id.0,
                cohosts: Vec::new(),
                audience: if row.only_named { "named".to_owned() } else { row.audience },
                named: Vec::new(),
                markdown: row.markdown,
                html: html(row.html),
                rhythm: row.rhythm.rhythm()?,
                former: Vec::new(),
                sessions: Vec::new(),
                capacity: row.capacity.map(|seats| seats as u32),
                guests: row.guests as u32,
                answer_by_hours: row.answer_by.map(|hours| hours as u32),
                things: things(&row.things)?,
                planned_at: at(row.planned_at),
                cancelled_at: row.cancelled_at.map(at),
                cancelled: row.cancelled,
            };
            gatherings.insert(row.id, gathering);
        }
        for NamedRow { of, name, display_name } in cohosts {
            gatherings.entry(of).and_modify(|gathering| gathering.cohosts.push(Somebody { name, display_name }));
        }
        for NamedRow { of, name, display_name } in guests {
            gatherings.entry(of).and_modify(|gathering| gathering.named.push(Somebody { name, display_name }));
        }
        for row in former {
            let rhythm = row.rhythm.rhythm()?;
            gatherings.entry(row.gathering_id).and_modify(|gathering| gathering.former.push(rhythm));
        }
        for row in own {
            let (gathering, session) = (row.gathering_id, row.session()?);
            if session != OwnSession::usual(session.date) {
                gatherings.entry(gathering).and_modify(|gathering| gathering.sessions.push(session));
            }
        }
        for gathering in gatherings.values_mut() {
            gathering.former.sort_by_key(|rhythm| rhythm.first_date);
            gathering.sessions.sort_by_key(|session| session.date);
        }
        Ok(gatherings.into_values().collect())
    }

    async fn introductions_of(&self, me: &Me) -> Result<Vec<Introduction>, Unavailable> {
        let law = law::post_for_host(&Viewer::Member(me.clone()));
        let of = |mine: &str, others: &str, declined: &str| {
            format!(
                "SELECT i.post_id, i.at, p.markdown, b.name AS by_name, b.display_name AS by_shown, o.name AS with_name, \
                 o.display_name AS with_shown, i.{declined} AS declined FROM introductions i JOIN posts p ON p.id = i.post_id \
                 JOIN members b ON b.id = i.host_id JOIN members o ON o.id = i.{others} \
                 WHERE i.{mine} = $1 AND NOT p.taken_back AND {law}"
            )
        };
        let mut rows: Vec<IntroductionRow> = self.mine(me, of("one_id", "other_id", "one_declined")).await?;
        rows.extend(self.mine::<IntroductionRow>(me, of("other_id", "one_id", "other_declined")).await?);
        rows.sort_by_key(|row| row.post_id);
        let introduction = |row: IntroductionRow| Introduction {
            thread: post_address(row.post_id),
            by: Somebody { name: row.by_name, display_name: row.by_shown },
            sentence: said_of(&row.markdown, me.name.as_str()).map(str::to_owned),
            with: Somebody { name: row.with_name, display_name: row.with_shown },
            declined: row.declined,
            at: at(row.at),
        };
        Ok(rows.into_iter().map(introduction).collect())
    }

    async fn words_from_before(&self, me: &Me) -> Result<Vec<FromBefore>, Unavailable> {
        // That a voice in a chat is theirs is what a host thinks, until they say so themselves.
        const THEIRS: &str = "v.member_id = $1 AND (v.answer = 'yes' OR c.kind = 'posts')";
        let voices = format!(
            "SELECT v.archive_id, v.place, c.called, c.kind, v.called AS voice FROM archive_voices v \
             JOIN archives c ON c.id = v.archive_id WHERE {THEIRS} ORDER BY v.archive_id, v.place"
        );
        let messages = format!(
            "SELECT w.archive_id, w.voice, w.at, w.words, w.left_out FROM archive_voices v JOIN archives c ON c.id = v.archive_id \
             JOIN archive_messages w ON w.archive_id = v.archive_id AND w.voice = v.place \
             WHERE {THEIRS} AND w.post_id IS NULL AND w.words <> ''"
        );
        let voices: Vec<VoiceRow> = self.mine(me, voices).await?;
        let mut messages: Vec<MessageRow> = self.mine(me, messages).await?;
        messages.sort_by_key(|row| row.at);
        let mut said: BTreeMap<(i64, i64), Vec<Message>> = BTreeMap::new();
        for row in messages {
            let message = Message { at: at(row.at), words: row.words, left_out: row.left_out };
            said.entry((row.archive_id, row.voice)).or_default().push(message);
        }
        let waiting = |row: VoiceRow| {
            let messages = said.remove(&(row.archive_id, row.place))?;
            Some(FromBefore { called: row.called, kind: row.kind, voice: row.voice, messages })
        };
        Ok(voices.into_iter().filter_map(waiting).collect())
    }

    async fn hosting_of(&self, me: &Me, member: &MemberRow) -> Result<Hosting, Unavailable> {
        let weeks: Vec<String> =
            column(self.read(), "SELECT week FROM host_weeks WHERE member_id = $1 ORDER BY week", values![me.id.0]).await?;
        let time = "SELECT week, seconds FROM host_time WHERE member_id = $1 ORDER BY week";
        let time: Vec<TimeRow> = self.mine(me, time.to_owned()).await?;
        let sparks = "SELECT at, became, post_id, words FROM sparks WHERE host_id = $1 ORDER BY id";
        let sparks: Vec<SparkRow> = self.mine(me, sparks.to_owned()).await?;
        let to_come = "SELECT wordings, date, time, weekly, paused FROM sparks_to_come WHERE host_id = $1 ORDER BY id";
        let to_come: Vec<ToComeRow> = self.mine(me, to_come.to_owned()).await?;
        let prompts: Vec<PromptRow> = self.mine(me, "SELECT words, at FROM prompts WHERE by_id = $1 ORDER BY id".to_owned()).await?;
        let away = member.away_from.zip(member.away_until).map(|(from, until)| Away {
            from: at(from),
            until: at(until),
            word: member.away_word.clone().unwrap_or_default(),
        });
        let spark = |row: SparkRow| Spark { at: at(row.at), became: row.became, post: row.post_id.map(post_address), words: row.words };
        let spark_to_come = |row: ToComeRow| {
            let wordings = from_json(&row.wordings)?;
            Ok(SparkToCome { wordings, date: date(&row.date)?, time: clock(&row.time), weekly: row.weekly, paused: row.paused })
        };
        Ok(Hosting {
            weeks: weeks.iter().map(|week| date(week)).collect::<Result<_, _>>()?,
            away,
            time: time
                .into_iter()
                .map(|row| Ok(WeekTime { week: date(&row.week)?, seconds: row.seconds }))
                .collect::<Result<_, Unavailable>>()?,
            sparks: sparks.into_iter().map(spark).collect(),
            sparks_to_come: to_come.into_iter().map(spark_to_come).collect::<Result<_, Unavailable>>()?,
            prompts: prompts.into_iter().map(|row| Prompt { words: row.words, at: at(row.at) }).collect(),
        })
    }
}
