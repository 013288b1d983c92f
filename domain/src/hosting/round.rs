//! The round: a host's walk through everybody who has been about, one person a card.
//!
//! **The deck** is fixed when a round begins: whoever wrote, answered, reacted, hung a picture up or joined since then, where every member
//! may see it (what is for named people makes nobody appear), but for the host who begins. Newcomers come first, then by name.
//!
//! **Several hosts** share one round. Opening a card takes it for [`LEASE_SECONDS`], renewed while it is open; so a crash or a closed tab
//! frees it by itself. A host has one card at a time. Going on skips what another has, what was seen (by one is by all), and oneself.
//! Whoever is removed leaves the deck. When every card was seen, the round is over.

use crate::{
    gatherings::Answer,
    hosting::{
        notes::{Note, NoteRefusal, Notes},
        sentences::{SentenceRefusal, Sentences, SentencesAbout},
    },
    ids::{MemberId, PostId, RoundId},
    introductions::Pair,
    outcome::{AboutField, Error, Unavailable},
    people::{Byline, Handle, PeopleStore, Person},
    time::{Clock, Timestamp},
    timeline::{LONGEST_POST, PostForm, PostRefusal, ReplyForm, Timeline},
    viewer::{Host, Me},
    welcome::is_newcomer,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};

/// How long a card is somebody's without being renewed, in seconds: a host who reads without script may well take two minutes.
pub const LEASE_SECONDS: i64 = 120;
/// Most of what somebody wrote that a card shows.
pub const MOST_WROTE: usize = 30;

/// From when on a round looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Since {
    /// Since the last round began; a day, where there was none.
    #[default]
    Last,
    /// The last 24 hours.
    Day,
    /// The last seven days.
    Week,
}

impl Since {
    /// From which instant on.
    pub fn from(self, last_round: Option<Timestamp>, now: Timestamp) -> Timestamp {
        match self {
            Self::Last => last_round.unwrap_or(now.plus_days(-1)),
            Self::Day => now.plus_days(-1),
            Self::Week => now.plus_days(-7),
        }
    }
}

/// Somebody who has been about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Active {
    /// Who.
    pub id: MemberId,
    /// Where their name stands in a list of names.
    pub sorted_as: String,
    /// When they joined.
    pub joined_at: Timestamp,
}

/// Who is in the deck, and in which order.
pub fn deck(mut active: Vec<Active>, begun_by: MemberId, now: Timestamp) -> Vec<MemberId> {
    active.retain(|one| one.id != begun_by);
    active.sort_by(|a, b| {
        let place = |one: &Active| !is_newcomer(one.joined_at, now);
        (place(a), &a.sorted_as, a.id).cmp(&(place(b), &b.sorted_as, b.id))
    });
    active.dedup_by_key(|one| one.id);
    active.into_iter().map(|one| one.id).collect()
}

/// A card of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Whose card it is.
    pub who: Byline,
    /// They were a newcomer when the round began.
    pub newcomer: bool,
    /// Who took it last, and until when.
    pub held: Option<(Byline, Timestamp)>,
    /// When it was seen.
    pub seen_at: Option<Timestamp>,
    /// Who saw it; nobody, where they have left.
    pub seen_by: Option<Byline>,
}

/// How a card stands for a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// It is theirs to open, or they have it.
    Open,
    /// Another host has it.
    Held(&'a Byline),
    /// It was seen.
    Seen,
    /// It is about the host.
    Oneself,
}

impl Card {
    /// How it stands for a host.
    pub fn stands_for(&self, host: MemberId, now: Timestamp) -> Standing<'_> {
        if self.seen_at.is_some() {
            return Standing::Seen;
        }
        if self.who.id == host {
            return Standing::Oneself;
        }
        match &self.held {
            Some((by, until)) if *until > now && by.id != host => Standing::Held(by),
            _ => Standing::Open,
        }
    }
}

/// What a host does for somebody in a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// Saw their card.
    Seen,
    /// Answered something of theirs.
    Answered,
    /// Wrote to them.
    Greeted,
    /// Wrote a sentence about them.
    Sentence,
    /// Introduced them to somebody.
    Introduced,
}

impl Deed {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Seen, Self::Answered, Self::Greeted, Self::Introduced, Self::Sentence];

    /// The word for it in records.
    pub fn word(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Answered => "answered",
            Self::Greeted => "greeted",
            Self::Sentence => "sentence",
            Self::Introduced => "introduced",
        }
    }
    /// The deed of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.word() == word)
    }
}

/// A round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// Its id.
    pub id: RoundId,
    /// From when on its cards tell.
    pub since: Timestamp,
    /// Who began it; nobody, where they have left.
    pub begun_by: Option<Byline>,
    /// When.
    pub begun_at: Timestamp,
    /// When it ended, if it has.
    pub ended_at: Option<Timestamp>,
    /// Its deck, in its order.
    pub cards: Vec<Card>,
    /// What was done, for whom, and by whom.
    pub deeds: Vec<(Deed, MemberId, Byline)>,
}

impl Round {
    /// The card about somebody.
    pub fn card(&self, name: &Handle) -> Option<&Card> {
        self.cards.iter().find(|card| card.who.name == *name)
    }
    /// The card to which a host goes on from another: the next that is open to them, and from the end round to the beginning.
    pub fn next(&self, host: MemberId, from: Option<&Handle>, now: Timestamp) -> Option<&Card> {
        let at = from.and_then(|from| self.cards.iter().position(|card| card.who.name == *from));
        let (before, after) = self.cards.split_at(at.map_or(0, |at| at + 1));
        let before = &before[..at.unwrap_or(0)];
        after.iter().chain(before).find(|card| card.stands_for(host, now) == Standing::Open)
    }
    /// The card before another in the deck, however it stands.
    pub fn back(&self, from: &Handle) -> Option<&Card> {
        let at = self.cards.iter().position(|card| card.who.name == *from)?;
        self.cards.get(at.checked_sub(1)?)
    }
    /// How many cards were seen.
    pub fn seen(&self) -> usize {
        self.cards.iter().filter(|card| card.seen_at.is_some()).count()
    }
    /// Every card was seen.
    pub fn is_through(&self) -> bool {
        self.seen() == self.cards.len()
    }
    /// For how many people something was done. Somebody may have been answered by two hosts.
    pub fn done_for(&self, deed: Deed) -> usize {
        self.deeds.iter().filter(|(done, ..)| *done == deed).map(|(_, about, _)| about).collect::<BTreeSet<_>>().len()
    }
    /// By whom something was done, and for how many people: who did it for most comes first.
    pub fn done_by(&self, deed: Deed) -> Vec<(&Byline, usize)> {
        let mut by: Vec<(&Byline, usize)> = Vec::new();
        for (_, _, host) in self.deeds.iter().filter(|(done, ..)| *done == deed) {
            match by.iter_mut().find(|(known, _)| known.id == host.id) {
                Some((_, many)) => *many += 1,
                None => by.push((host, 1)),
            }
        }
        by.sort_by_key(|(host, many)| (std::cmp::Reverse(*many), host.id));
        by
    }
}

/// Something that somebody wrote, as a card shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrote {
    /// The post or reply.
    pub id: PostId,
    /// Its thread.
    pub root: PostId,
    /// Who began the thread that it answers; `None` for a post.
    pub answers: Option<String>,
    /// How it begins, as plain text; may be empty.
    pub excerpt: String,
    /// How many pictures it has.
    pub pictures: u32,
    /// How many people it is for by name, its author among them; 0, where it is for all.
    pub named: u32,
    /// When.
    pub at: Timestamp,
    /// It announces a gathering: who answers, answers that.
    pub announces: bool,
    /// It was said in a room, where people answer aloud.
    pub in_room: bool,
    /// Somebody else replied in its thread.
    pub replied: bool,
    /// Somebody else reacted to it.
    pub reacted: bool,
}

impl Wrote {
    /// A post to which nobody else replied or reacted.
    pub fn is_unanswered(&self) -> bool {
        self.answers.is_none() && !self.announces && !self.in_room && !self.replied && !self.reacted
    }
}

/// An answer to a session, as a card shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Came {
    /// The gathering's address part.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// The session's date, `yyyy-mm-dd`: its address part.
    pub date: String,
    /// What they said.
    pub answer: Answer,
}

/// Pictures that somebody hung up in a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hung {
    /// The gathering's address part.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// The session's date, `yyyy-mm-dd`: its address part.
    pub date: String,
    /// How many.
    pub many: u32,
}

/// When a host last spoke to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// The host.
    pub by: Byline,
    /// What they wrote.
    pub post: PostId,
    /// Its thread.
    pub root: PostId,
    /// When.
    pub at: Timestamp,
}

/// What somebody did, as far as the host may see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doings {
    /// What they wrote, up to [`MOST_WROTE`].
    pub wrote: Vec<Wrote>,
    /// They wrote more than that.
    pub wrote_more: bool,
    /// What they answered.
    pub came: Vec<Came>,
    /// What they hung up.
    pub hung: Vec<Hung>,
    /// When a host last spoke to them.
    pub spoken: Option<Spoken>,
}

impl Doings {
    /// The order on a card: what nobody answered, and then the rest, each from the newest back; sessions as they come.
    pub fn in_order(mut self) -> Self {
        self.wrote.sort_by_key(|wrote| (!wrote.is_unanswered(), std::cmp::Reverse(wrote.id)));
        self.came.sort_by(|one, other| (&one.date, &one.title).cmp(&(&other.date, &other.title)));
        self
    }
}

/// The draft of the post that says who is here: a line for each whose sentence stands, as long as there is room.
pub fn whos_here(people: &[(Handle, String)]) -> String {
    let mut draft = "Who’s here".to_owned();
    for (name, sentence) in people {
        let line = format!("\n\n@{name}: {sentence}");
        if draft.chars().count() + line.chars().count() > LONGEST_POST {
            break;
        }
        draft.push_str(&line);
    }
    draft
}

/// A card with all that is on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCard {
    /// Its round.
    pub round: Round,
    /// The card.
    pub card: Card,
    /// Whose it is.
    pub person: Person,
    /// What is said of them.
    pub sentences: SentencesAbout,
    /// What hosts noted.
    pub notes: Vec<Note>,
    /// What they did.
    pub doings: Doings,
}

/// What a round would be, before it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ahead {
    /// When the last one began.
    pub last: Option<RoundId>,
    /// From when on it would look, and how many people that is.
    pub choices: Vec<(Since, Timestamp, usize)>,
}

/// Why something in a round was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum RoundRefusal {
    /// Nobody was about.
    #[error("Nobody has been about since then. Look further back, or come again tomorrow.")]
    NobodyAbout,
    /// There is no round, or no such card in it any more.
    #[error("That card is not in the round any more. Go on with the next one.")]
    Gone,
    /// Another host has the card.
    #[error("{by} has {who}’s card by now, so it was not marked as seen.")]
    Held {
        /// What that host is called.
        by: String,
        /// What whoever it is about is called.
        who: String,
    },
    /// The card is about the host.
    #[error("That card is about you, so it is another host’s to mark as seen.")]
    Oneself,
}

impl AboutField for RoundRefusal {}

/// What rounds need kept.
#[async_trait::async_trait]
pub trait RoundStore: Send + Sync {
    /// Who has been about since an instant, where every member may see it.
    async fn active_since(&self, host: &Host, since: Timestamp) -> Result<Vec<Active>, Unavailable>;
    /// The newest round, whether it goes on or not: its id and when it began.
    async fn newest_round(&self, host: &Host) -> Result<Option<(RoundId, Timestamp)>, Unavailable>;
    /// The round of that id; or the one that goes on.
    async fn round(&self, host: &Host, round: Option<RoundId>) -> Result<Option<Round>, Unavailable>;
    /// Begins a round; where one goes on, that one it is.
    async fn begin_round(&self, host: &Host, since: Timestamp, deck: &[MemberId], at: Timestamp) -> Result<RoundId, Unavailable>;
    /// Takes the card about somebody in the round that goes on, or renews it, and gives up all others, if [`Card::stands_for`] the host
    /// as open. `false`, if not.
    async fn take_card(&self, host: &Host, name: &Handle, at: Timestamp) -> Result<bool, Unavailable>;
    /// Gives up what the host has.
    async fn give_up_card(&self, host: &Host) -> Result<(), Unavailable>;
    /// Marks the card about somebody as seen; and ends the round, if it was the last. Returns in which round that was. Refuses `Gone`,
    /// `Held` and `Oneself`.
    async fn see_card(&self, host: &Host, name: &Handle, at: Timestamp) -> Result<RoundId, Error<RoundRefusal>>;
    /// Keeps that something was done for somebody else, if they are in the round that goes on. It is done by then and must not be done
    /// twice, so that a failure here is written to the log and told to nobody.
    async fn did(&self, host: &Host, about: MemberId, deed: Deed);
    /// Ends a round, if it goes on.
    async fn end_round(&self, host: &Host, round: RoundId, at: Timestamp) -> Result<(), Unavailable>;
    /// What somebody did since an instant, as far as the host may see it. A fixed number of queries.
    async fn doings(&self, host: &Host, about: MemberId, since: Timestamp) -> Result<Doings, Unavailable>;
    /// The sentences that stand of those in a round, in the order of its deck.
    async fn standing_sentences(&self, host: &Host, round: RoundId) -> Result<Vec<(Handle, String)>, Unavailable>;
}

/// The service for rounds.
#[derive(Clone)]
pub struct Rounds {
    store: Arc<dyn RoundStore>,
    people: Arc<dyn PeopleStore>,
    sentences: Sentences,
    notes: Notes,
    timeline: Timeline,
    clock: Arc<dyn Clock>,
}

impl Rounds {
    /// Over a store and that of people; a host says on a card what the other services say.
    pub fn new(
        (store, people): (Arc<dyn RoundStore>, Arc<dyn PeopleStore>),
        (sentences, notes): (Sentences, Notes),
        timeline: Timeline,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { store, people, sentences, notes, timeline, clock }
    }

    /// The round that goes on. Where whoever was left in it has been removed, it ends by that.
    pub async fn going(&self, host: &Host) -> Result<Option<Round>, Unavailable> {
        let going = self.store.round(host, None).await?;
        match going {
            Some(through) if through.is_through() => {
                self.store.end_round(host, through.id, self.clock.now()).await?;
                Ok(None)
            }
            going => Ok(going),
        }
    }

    /// A round by its id, whether it goes on or not.
    pub async fn round(&self, host: &Host, round: RoundId) -> Result<Option<Round>, Unavailable> {
        self.store.round(host, Some(round)).await
    }

    /// What a round would be.
    pub async fn ahead(&self, host: &Host) -> Result<Ahead, Unavailable> {
        let (newest, now) = (self.store.newest_round(host).await?, self.clock.now());
        let mut choices = Vec::new();
        for since in [Since::Last, Since::Day, Since::Week] {
            // Without a last round, since then is since a day ago.
            if since != Since::Last || newest.is_some() {
                let from = since.from(newest.map(|(_, at)| at), now);
                choices.push((since, from, self.deck(host, from).await?.len()));
            }
        }
        Ok(Ahead { last: newest.map(|(id, _)| id), choices })
    }

    /// Since when a round that began now would look, and how many people that is.
    pub async fn waiting(&self, host: &Host) -> Result<(Timestamp, usize), Unavailable> {
        let last = self.store.newest_round(host).await?.map(|(_, at)| at);
        let from = Since::Last.from(last, self.clock.now());
        Ok((from, self.deck(host, from).await?.len()))
    }

    async fn deck(&self, host: &Host, since: Timestamp) -> Result<Vec<MemberId>, Unavailable> {
        Ok(deck(self.store.active_since(host, since).await?, host.me().id, self.clock.now()))
    }

    /// Begins a round, or joins the one that goes on. Returns the first card.
    pub async fn begin(&self, host: &Host, since: Since) -> Result<Option<Handle>, Error<RoundRefusal>> {
        if self.going(host).await?.is_none() {
            let last = self.store.newest_round(host).await?.map(|(_, at)| at);
            // The next round looks from here on: what is done while the deck is read is on a card of both, rather than of none.
            let now = self.clock.now();
            let from = since.from(last, now);
            let deck = self.deck(host, from).await?;
            if deck.is_empty() {
                return Err(Error::Refused(RoundRefusal::NobodyAbout));
            }
            self.store.begin_round(host, from, &deck, now).await?;
        }
        let round = self.going(host).await?;
        Ok(round.and_then(|round| round.next(host.me().id, None, self.clock.now()).map(|card| card.who.name.clone())))
    }

    /// The card about somebody with all that is on it. A fixed number of queries.
    pub async fn card(&self, host: &Host, name: &str) -> Result<Option<OpenCard>, Unavailable> {
        let Ok(name) = Handle::parse(name) else { return Ok(None) };
        let Some(round) = self.going(host).await? else { return Ok(None) };
        let Some(card) = round.card(&name).cloned() else { return Ok(None) };
        let Some(person) = self.people.person(&host.viewer(), &name).await? else { return Ok(None) };
        let sentences = self.sentences.about(host, &name).await?.unwrap_or_default();
        let notes = self.notes.about(host, &name).await?;
        let doings = self.store.doings(host, card.who.id, round.since).await?.in_order();
        Ok(Some(OpenCard { round, card, person, sentences, notes, doings }))
    }

    /// Takes a card, or renews it. Returns the round as it stands then; `None` if there is none.
    pub async fn take(&self, host: &Host, name: &str) -> Result<Option<Round>, Unavailable> {
        if let Ok(name) = Handle::parse(name) {
            self.store.take_card(host, &name, self.clock.now()).await?;
        }
        self.going(host).await
    }

    /// Gives up what the host has.
    pub async fn give_up(&self, host: &Host) -> Result<(), Unavailable> {
        self.store.give_up_card(host).await
    }

    /// Marks a card as seen. Returns the round as it stands then, which may have ended with it.
    pub async fn see(&self, host: &Host, name: &str) -> Result<Round, Error<RoundRefusal>> {
        let gone = || Error::Refused(RoundRefusal::Gone);
        let name = Handle::parse(name).map_err(|_| gone())?;
        let round = self.store.see_card(host, &name, self.clock.now()).await?;
        self.round(host, round).await?.ok_or_else(gone)
    }

    /// Ends a round, if it goes on. One that others began meanwhile does.
    pub async fn end(&self, host: &Host, round: RoundId) -> Result<(), Unavailable> {
        self.store.end_round(host, round, self.clock.now()).await
    }

    /// Answers a post or reply, whoever wrote it.
    pub async fn reply(&self, host: &Host, to: PostId, form: &ReplyForm) -> Result<PostId, Error<PostRefusal>> {
        let author = self.timeline.post(&host.viewer(), to).await?.map(|post| post.author.id);
        let reply = self.timeline.reply(host.me(), to, form).await?;
        if let Some(author) = author {
            self.store.did(host, author, Deed::Answered).await;
        }
        Ok(reply)
    }

    /// Writes to somebody, and to nobody else.
    pub async fn greet(&self, host: &Host, about: &str, words: &str) -> Result<PostId, Error<PostRefusal>> {
        let unknown = || Error::Refused(PostRefusal::Unknown { name: about.chars().take(40).collect() });
        let member = self.member(about).await?.ok_or_else(unknown)?;
        let post = self.timeline.write_to(host.me(), vec![member], words).await?;
        self.store.did(host, member, Deed::Greeted).await;
        Ok(post)
    }

    /// Proposes a sentence about somebody.
    pub async fn propose(&self, host: &Host, about: &str, words: &str) -> Result<(), Error<SentenceRefusal>> {
        let member = self.sentences.propose(host, about, words).await?;
        self.store.did(host, member, Deed::Sentence).await;
        Ok(())
    }

    /// Keeps that somebody was introduced from their card, unless the two became others there.
    pub async fn introduced(&self, host: &Host, card: &Handle, pair: Pair) -> Result<(), Unavailable> {
        if let Some(member) = self.member(card.as_str()).await?.filter(|member| pair.both().contains(member)) {
            self.store.did(host, member, Deed::Introduced).await;
        }
        Ok(())
    }

    /// Notes something about somebody.
    pub async fn note(&self, host: &Host, about: &str, words: &str) -> Result<(), Error<NoteRefusal>> {
        self.notes.keep(host, about, words).await
    }

    async fn member(&self, name: &str) -> Result<Option<MemberId>, Unavailable> {
        let Ok(name) = Handle::parse(name) else { return Ok(None) };
        Ok(self.people.known(&[name].into()).await?.into_iter().next().map(|(_, member)| member))
    }

    /// The draft of a post that says who is here; empty if no sentence stands of those in the round.
    pub async fn draft(&self, host: &Host, round: &Round) -> Result<String, Unavailable> {
        let people = self.store.standing_sentences(host, round.id).await?;
        Ok(if people.is_empty() { String::new() } else { whos_here(&people) })
    }

    /// Sends it, as the host's own post to the community.
    pub async fn say_whos_here(&self, me: &Me, markdown: &str) -> Result<PostId, Error<PostRefusal>> {
        self.timeline.write(me, &PostForm { markdown: markdown.to_owned(), ..PostForm::default() }).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp(1_795_721_400_000);

    fn name(id: i64) -> Handle {
        Handle::parse(&format!("m{id}")).expect("a name")
    }

    fn who(id: i64) -> Byline {
        Byline { id: MemberId(id), name: name(id), display_name: format!("M {id}"), picture: None }
    }

    fn active(id: i64, sorted_as: &str, days: i64) -> Active {
        Active { id: MemberId(id), sorted_as: sorted_as.into(), joined_at: NOW.plus_days(-days) }
    }

    fn card(id: i64, held: Option<(i64, i64)>, seen: bool) -> Card {
        Card {
            who: who(id),
            newcomer: false,
            held: held.map(|(by, seconds)| (who(by), NOW.plus_seconds(seconds))),
            seen_at: seen.then_some(NOW),
            seen_by: None,
        }
    }

    fn round(cards: Vec<Card>) -> Round {
        Round { id: RoundId(1), since: NOW, begun_by: None, begun_at: NOW, ended_at: None, cards, deeds: Vec::new() }
    }

    fn wrote(id: i64) -> Wrote {
        Wrote {
            id: PostId(id),
            root: PostId(id),
            answers: None,
            excerpt: "Soup?".into(),
            pictures: 0,
            named: 0,
            at: NOW,
            announces: false,
            in_room: false,
            replied: false,
            reacted: false,
        }
    }

    #[test]
    fn newcomers_come_first_then_all_by_name_and_whoever_begins_has_no_card() {
        let all = vec![active(1, "zoe", 400), active(2, "amara", 400), active(3, "yusuf", 55), active(4, "ben", 2), active(9, "marco", 1)];
        assert_eq!(deck(all, MemberId(9), NOW), [4, 3, 2, 1].map(MemberId));
    }

    #[test]
    fn without_a_last_round_it_looks_a_day_back() {
        assert_eq!(Since::Last.from(None, NOW), NOW.plus_days(-1));
        assert_eq!(Since::Last.from(Some(NOW.plus_days(-3)), NOW), NOW.plus_days(-3));
        assert_eq!(Since::Week.from(Some(NOW.plus_days(-3)), NOW), NOW.plus_days(-7));
    }

    #[test]
    fn a_card_is_anothers_until_the_lease_ends() {
        let kofi = who(7);
        assert_eq!(card(1, Some((7, 1)), false).stands_for(MemberId(9), NOW), Standing::Held(&kofi));
        assert_eq!(card(1, Some((7, 1)), false).stands_for(MemberId(7), NOW), Standing::Open);
        assert_eq!(card(1, Some((7, 0)), false).stands_for(MemberId(9), NOW), Standing::Open);
        assert_eq!(card(1, Some((7, 1)), true).stands_for(MemberId(9), NOW), Standing::Seen);
        assert_eq!(card(9, None, false).stands_for(MemberId(9), NOW), Standing::Oneself);
    }

    #[test]
    fn going_on_skips_what_another_has_what_was_seen_and_oneself() {
        let round = round(vec![
            card(1, None, false),
            card(2, Some((7, 60)), false),
            card(3, None, true),
            card(9, None, false),
            card(4, None, false),
        ]);
        let next = |from: Option<i64>| round.next(MemberId(9), from.map(name).as_ref(), NOW).map(|card| card.who.id.0);
        assert_eq!((next(None), next(Some(1)), next(Some(4))), (Some(1), Some(4), Some(1)));
        // Whoever was removed is in no deck: from there one begins anew.
        assert_eq!(next(Some(55)), Some(1));
        assert_eq!(round.back(&name(3)).map(|card| card.who.id.0), Some(2));
        assert_eq!((round.back(&name(1)), round.seen(), round.is_through()), (None, 1, false));
    }

    #[test]
    fn a_card_alone_has_no_next() {
        assert_eq!(round(vec![card(1, None, false)]).next(MemberId(9), Some(&name(1)), NOW), None);
    }

    #[test]
    fn a_post_is_unanswered_while_nobody_else_replied_or_reacted() {
        assert!(wrote(1).is_unanswered());
        for answered in [
            Wrote { replied: true, ..wrote(1) },
            Wrote { reacted: true, ..wrote(1) },
            Wrote { answers: Some("Leila".into()), ..wrote(1) },
            Wrote { announces: true, ..wrote(1) },
            Wrote { in_room: true, ..wrote(1) },
        ] {
            assert!(!answered.is_unanswered(), "{answered:?}");
        }
    }

    #[test]
    fn what_nobody_answered_comes_first() {
        let wrote = vec![wrote(1), Wrote { replied: true, ..wrote(4) }, wrote(3), Wrote { reacted: true, ..wrote(2) }];
        let doings = Doings { wrote, ..Doings::default() }.in_order();
        assert_eq!(doings.wrote.iter().map(|wrote| wrote.id.0).collect::<Vec<_>>(), [3, 1, 4, 2]);
    }

    #[test]
    fn sessions_stand_in_the_order_in_which_they_come() {
        let came =
            |title: &str, date: &str| Came { slug: title.to_lowercase(), title: title.into(), date: date.into(), answer: Answer::Yes };
        let came = vec![came("Soup", "2026-12-06"), came("Choir", "2026-12-03"), came("Soup", "2026-11-26"), came("Art", "2026-12-06")];
        let doings = Doings { came, ..Doings::default() }.in_order();
        let order: Vec<_> = doings.came.iter().map(|came| (came.title.as_str(), &came.date[5..])).collect();
        assert_eq!(order, [("Soup", "11-26"), ("Choir", "12-03"), ("Art", "12-06"), ("Soup", "12-06")]);
    }

    #[test]
    fn a_summary_says_who_did_what_for_how_many() {
        let did = |deed: Deed, about: i64, by: i64| (deed, MemberId(about), who(by));
        let deeds = vec![did(Deed::Answered, 1, 7), did(Deed::Answered, 1, 9), did(Deed::Answered, 2, 9), did(Deed::Greeted, 3, 7)];
        let round = Round { deeds, ..round(Vec::new()) };
        assert_eq!((round.done_for(Deed::Answered), round.done_by(Deed::Answered)), (2, vec![(&who(9), 2), (&who(7), 1)]));
        assert_eq!((round.done_for(Deed::Seen), round.done_by(Deed::Seen)), (0, vec![]));
    }

    #[test]
    fn a_draft_names_each_whose_sentence_stands() {
        let draft = whos_here(&[(name(1), "Draws boats.".into()), (name(2), "Bakes.".into())]);
        assert_eq!(draft, "Who’s here\n\n@m1: Draws boats.\n\n@m2: Bakes.");
    }

    proptest! {
        #[test]
        fn a_draft_always_fits_into_a_post(many in 0..400_usize, length in 1..160_usize) {
            let people: Vec<_> = (0..many).map(|id| (name(id as i64), "ü".repeat(length))).collect();
            prop_assert!(whos_here(&people).chars().count() <= LONGEST_POST);
        }

        // However a round stands, two hosts who go on from anywhere never come to one card that one of them has.
        #[test]
        fn two_hosts_never_have_one_card(states in proptest::collection::vec((0..4_u8, any::<bool>()), 1..12), from in 0..14_i64) {
            let cards = states.iter().enumerate().map(|(id, (held, seen))| {
                let held = match held { 0 => None, 1 => Some((101, 60)), 2 => Some((102, 60)), _ => Some((101, -1)) };
                card(id as i64, held, *seen)
            });
            let round = round(cards.collect());
            let next = |host: i64| round.next(MemberId(host), Some(&name(from)), NOW);
            for (host, other) in [(101, 102), (102, 101)] {
                if let Some(card) = next(host) {
                    prop_assert!(card.seen_at.is_none());
                    prop_assert!(card.held.as_ref().is_none_or(|(by, until)| by.id.0 != other || *until <= NOW));
                }
            }
        }

        #[test]
        fn a_deck_has_everybody_once_and_newcomers_before_the_others(people in proptest::collection::btree_map(1..40_i64, ("[a-c]{1,2}", 0..120_i64), 0..20)) {
            let all: Vec<_> = people.iter().map(|(id, (name, days))| active(*id, name, *days)).collect();
            let deck = deck(all, MemberId(0), NOW);
            prop_assert_eq!(deck.len(), people.len());
            let new: Vec<bool> = deck.iter().map(|id| people[&id.0].1 < crate::welcome::NEWCOMER_DAYS).collect();
            prop_assert!(new.is_sorted_by(|a, b| a >= b));
        }
    }
}
