//! The timeline: posts, threads of replies, reactions, and the line up to which I have read.
//!
//! Time order, and an end to the list. Every read takes the `Viewer`, and what a viewer may not see is, by every address, the
//! same as what never existed. Replies are posts with a root; they have the audience of their root.

use crate::{
    gatherings::{GatheringStore, announced::Next},
    ids::{GatheringId, MemberId, PictureId, PostId},
    outcome::{AboutField, Error, OrRefuse, Unavailable},
    people::{Byline, Handle, PeopleStore, all_known},
    pictures::{LONGEST_ALT, Picture},
    prose::{self, Prose, SafeHtml},
    text::{self, Field, TextRefusal},
    time::{Clock, Timestamp},
    viewer::{Me, Viewer},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};

/// Longest post or reply, in characters of Markdown: some four pages.
pub const LONGEST_POST: usize = 10_000;
/// Most pictures of a post.
pub const MOST_PICTURES: usize = 4;
/// Most people a post for named people can be for; beyond that it is the community.
pub const MOST_NAMED: usize = 40;
/// How many posts a page holds.
pub const PAGE: usize = 20;
/// How many replies a thread's page holds.
pub const REPLIES_PAGE: usize = 200;
/// How long a visit lasts, in minutes without a look: within it the "new since you last looked" line stays where it is.
pub const VISIT_MINUTES: i64 = 30;

/// Who may see a post, from the widest to the narrowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Everybody, visitors too.
    Public,
    /// The members of this community.
    #[default]
    Community,
    /// Its author and the people it names.
    Named,
}

impl Audience {
    /// The word for it in records and forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Community => "community",
            Self::Named => "named",
        }
    }
    /// The audience of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Public, Self::Community, Self::Named].into_iter().find(|audience| audience.word() == word)
    }
}

/// What decides who may see a post or reply, but for what is said in rooms: that is seen by all who may see the gathering.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    /// Who is meant to.
    pub audience: Audience,
    /// Who wrote it.
    pub author: MemberId,
    /// Who began its thread; for a post, its author.
    pub begun_by: MemberId,
    /// Whom it names, for [`Audience::Named`].
    pub named: &'a [MemberId],
}

/// The one rule of who may see a post or reply: the law that every query must agree with. `blocked` are those whom the viewer blocked: what they
/// wrote is not there for the viewer, nor are threads that they began. (What a host opens by its address, or reads on the desk, is
/// as if they had blocked nobody.)
pub fn may_see(viewer: &Viewer, post: &Standing<'_>, blocked: &[MemberId]) -> bool {
    let Viewer::Member(me) = viewer else { return post.audience == Audience::Public };
    let named = || post.begun_by == me.id || post.named.contains(&me.id);
    let is_for_them = post.audience != Audience::Named || named();
    let apart = blocked.contains(&post.author) || blocked.contains(&post.begun_by);
    is_for_them && (post.author == me.id || !apart)
}

/// A reaction on a post, with who reacted: people, never a score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// One of the community's set (or of an earlier set).
    pub reaction: String,
    /// Who, in the order they did; by what they are called.
    pub by: Vec<String>,
    /// Whether the viewer is among them.
    pub mine: bool,
}

/// A gathering as shown on the post that announces it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// The gathering.
    pub id: GatheringId,
    /// Its address part.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// When it is next, or that nothing more is planned: a sentence or two, on its own clock and on the reader's. As sentences, since
    /// the calendars and the words that they are made of would all be downloaded.
    pub when: String,
    /// What the viewer said of its next session, or what they should know before they say it.
    pub said: Option<String>,
    /// The viewer said something of it.
    pub answered: bool,
    /// The next session's date on the gathering's own calendar, `yyyy-mm-dd`: its address part. Only where there is an answer to give
    /// or to change.
    pub date: Option<String>,
}

/// A post or a reply, as its viewer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Its id; its address is `/posts/{id}`, for a reply `/posts/{root}#p{id}`.
    pub id: PostId,
    /// The root of its thread; for a post, itself.
    pub root: PostId,
    /// What a reply answers; `None` for a post.
    pub parent: Option<PostId>,
    /// Who wrote it.
    pub author: Byline,
    /// What it says; empty when it was taken back.
    pub html: SafeHtml,
    /// The content note that folds it, if any.
    pub note: Option<String>,
    /// Who may see it.
    pub audience: Audience,
    /// Whom it names, for [`Audience::Named`]; by what they are called.
    pub named: Vec<String>,
    /// Its pictures, up to [`MOST_PICTURES`].
    pub pictures: Vec<Picture>,
    /// Its reactions.
    pub reactions: Vec<Reaction>,
    /// How many replies its thread has (on the root; those taken back are not counted).
    pub replies: u32,
    /// When it was written.
    pub at: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// It was taken back by its author, or they left: it stands only for the sake of the replies.
    pub taken_back: bool,
    /// The viewer wrote it.
    pub mine: bool,
    /// The gathering that it announces, if it does.
    pub announces: Option<Announced>,
}

/// One page of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelinePage {
    /// Newest first.
    pub posts: Vec<Post>,
    /// Where the next page (further back) starts, if there is one.
    pub before: Option<PostId>,
    /// The newest post that the viewer had seen when this visit began: what is above it is new. `None` on a first visit.
    pub seen: Option<PostId>,
}

/// A thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// The post that began it.
    pub root: Post,
    /// Its replies, oldest first; each knows its parent.
    pub replies: Vec<Post>,
    /// Where more replies start, if there are more than [`REPLIES_PAGE`].
    pub after: Option<PostId>,
}

/// An earlier state of a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// What it said.
    pub html: SafeHtml,
    /// Its content note.
    pub note: Option<String>,
    /// Since when it said so.
    pub at: Timestamp,
}

/// A post as its author edits it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The post.
    pub id: PostId,
    /// Its thread.
    pub root: PostId,
    /// As typed.
    pub markdown: String,
    /// Its content note; may be empty.
    pub note: String,
    /// Its pictures.
    pub pictures: Vec<Picture>,
}

/// A picture chosen for a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenPicture {
    /// Uploaded before by the same member.
    pub id: PictureId,
    /// What it shows; may be empty.
    #[serde(default)]
    pub alt: String,
}

/// The composer's form, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PostForm {
    /// Markdown.
    pub markdown: String,
    /// The content note; may be empty.
    pub note: String,
    /// Who may see it.
    pub audience: Audience,
    /// For named people: their names, as `@ana @bo` or `ana, bo`.
    pub named: String,
    /// Up to [`MOST_PICTURES`].
    pub pictures: Vec<ChosenPicture>,
}

/// The reply form, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReplyForm {
    /// Markdown.
    pub markdown: String,
    /// Up to [`MOST_PICTURES`].
    pub pictures: Vec<ChosenPicture>,
}

/// The form by which an author edits, as typed. Audience and pictures stay; alt texts may change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EditForm {
    /// Markdown.
    pub markdown: String,
    /// The content note; may be empty.
    pub note: String,
    /// New alt texts for pictures that the post has.
    pub pictures: Vec<ChosenPicture>,
}

/// Why a post, reply or edit was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PostRefusal {
    /// A field's text does not fit.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// No text and no picture.
    #[error("There is nothing in it yet. Write a few words, or add a picture.")]
    Empty,
    /// More than [`MOST_PICTURES`].
    #[error("There is room for {MOST_PICTURES} pictures. Put the others into a reply.")]
    TooManyPictures,
    /// A picture that is not the author's, or hangs elsewhere already.
    #[error("One of the pictures did not arrive. Please add it again.")]
    PictureGone,
    /// For named people, but nobody named.
    #[error("Whom is it for? Name at least one person, such as @ana, or choose another audience.")]
    NobodyNamed,
    /// More than [`MOST_NAMED`].
    #[error("That is for more than {MOST_NAMED} people. Choose the whole community instead.")]
    TooManyNamed,
    /// A named person who is not here.
    #[error("Nobody here has the name {name}. Please check how it is written.")]
    Unknown {
        /// The name as typed.
        name: String,
    },
    /// The thread or post is not there (for this viewer), or was taken back.
    #[error("What you are writing to is not here any more. Your text is still in the box: copy it if you want to keep it.")]
    Gone,
}

impl AboutField for PostRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Text(refusal) => refusal.field(),
            Self::NobodyNamed | Self::TooManyNamed | Self::Unknown { .. } => Some("named"),
            Self::Empty | Self::TooManyPictures | Self::PictureGone | Self::Gone => None,
        }
    }
}

/// Why a reaction was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ReactRefusal {
    /// Not one of the community's.
    #[error("That reaction is not one of those that this community uses.")]
    Unknown,
    /// The post is not there (for this viewer), or was taken back.
    #[error("That is not here any more.")]
    Gone,
}

impl AboutField for ReactRefusal {}

/// A post or reply that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPost {
    /// As typed.
    pub markdown: String,
    /// As shown.
    pub html: SafeHtml,
    /// The content note.
    pub note: Option<String>,
    /// Who may see it; a reply takes its root's.
    pub audience: Audience,
    /// Whom it names, for [`Audience::Named`].
    pub named: Vec<MemberId>,
    /// Its pictures.
    pub pictures: Vec<ChosenPicture>,
    /// Members mentioned in it; those who may see it are notified.
    pub mentioned: Vec<MemberId>,
    /// Its tags.
    pub tags: Vec<String>,
    /// How it begins, as plain text, for notifications.
    pub excerpt: String,
    /// When.
    pub at: Timestamp,
}

/// Where a page of the timeline starts, and what is on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TimelineQuery {
    /// Only what is older than this post.
    pub before: Option<PostId>,
    /// Only what is newer than this post (for "3 new posts"); still newest first.
    pub after: Option<PostId>,
    /// Only posts with this tag.
    pub tag: Option<String>,
    /// Only posts of this member.
    pub author: Option<MemberId>,
}

/// How far somebody has read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// The newest post seen when the present visit began: where the line is drawn.
    pub line: Option<PostId>,
    /// The newest post seen so far.
    pub newest: Option<PostId>,
    /// The last look, in milliseconds since 1970.
    pub at: Option<Timestamp>,
}

impl Looked {
    /// The state after a look at the timeline whose newest post is `newest`. A look more than [`VISIT_MINUTES`] after the last
    /// begins a new visit, and the line moves to what was newest then; within a visit it stays.
    pub fn look(self, now: Timestamp, newest: Option<PostId>) -> Self {
        let new_visit = self.at.is_none_or(|at| at.plus_seconds(60 * VISIT_MINUTES) < now);
        Self { line: if new_visit { self.newest } else { self.line }, newest: self.newest.max(newest), at: Some(now) }
    }
    /// Whether `self` is worth writing down after `before`: something other than the time changed, or five minutes passed.
    pub fn worth_keeping(self, before: Self) -> bool {
        (self.line, self.newest) != (before.line, before.newest)
            || self.at.zip(before.at).is_none_or(|(now, then)| then.plus_seconds(300) < now)
    }
}

/// What the timeline needs kept. Of what a post announces, it says which gathering that is; how that stands is the service's to say.
#[async_trait::async_trait]
pub trait TimelineStore: Send + Sync {
    /// Up to `most` posts that the viewer may see, newest first. A fixed number of queries, whatever `most` is.
    async fn timeline(&self, viewer: &Viewer, query: &TimelineQuery, most: usize) -> Result<Vec<Post>, Unavailable>;
    /// A thread by the id of any post in it, with up to `most` replies after `after`. A root that was taken back is there as long
    /// as it has replies.
    async fn thread(&self, viewer: &Viewer, post: PostId, after: Option<PostId>, most: usize) -> Result<Option<Thread>, Unavailable>;
    /// One post or reply.
    async fn post(&self, viewer: &Viewer, post: PostId) -> Result<Option<Post>, Unavailable>;
    /// The states of a post, newest (the present one) first.
    async fn history(&self, viewer: &Viewer, post: PostId) -> Result<Option<Vec<Revision>>, Unavailable>;
    /// A post of the member's own, to edit.
    async fn draft(&self, me: &Me, post: PostId) -> Result<Option<Draft>, Unavailable>;
    /// Keeps a post with its audience, tags, pictures, notifications and outbox entry. Refuses `PictureGone`.
    async fn keep_post(&self, author: &Me, post: &NewPost) -> Result<PostId, Error<PostRefusal>>;
    /// Keeps a reply to any post of a thread that its author may see. Refuses `Gone` and `PictureGone`.
    async fn keep_reply(&self, author: &Me, to: PostId, reply: &NewPost) -> Result<PostId, Error<PostRefusal>>;
    /// Keeps an edit; the former state becomes a revision. Nobody who was notified before is notified again. Refuses `Gone`.
    async fn save_edit(&self, author: &Me, post: PostId, edit: &NewPost) -> Result<(), Error<PostRefusal>>;
    /// Takes a post of the member's own back: its words, pictures, revisions and reactions are gone; where it has replies an
    /// empty place remains. `false` if there is none such.
    async fn take_back(&self, author: &Me, post: PostId) -> Result<bool, Unavailable>;
    /// Puts a reaction on a post, as of an instant, or takes it away. Refuses both refusals.
    async fn react(&self, me: &Me, post: PostId, reaction: &str, on: bool, at: Timestamp) -> Result<(), Error<ReactRefusal>>;
    /// Keeps how far the member has read.
    async fn save_looked(&self, me: &Me, looked: Looked) -> Result<(), Unavailable>;
    /// Up to 8 tags that begin with `start`, most used first.
    async fn tags_beginning_with(&self, me: &Me, start: &str) -> Result<Vec<String>, Unavailable>;
}

/// The service for the timeline.
#[derive(Clone)]
pub struct Timeline {
    store: Arc<dyn TimelineStore>,
    people: Arc<dyn PeopleStore>,
    gatherings: Arc<dyn GatheringStore>,
    prose: Arc<dyn Prose>,
    clock: Arc<dyn Clock>,
}

impl Timeline {
    /// Over a store, and over those of the people who write and of the gatherings that are announced.
    pub fn new(
        store: Arc<dyn TimelineStore>,
        (people, gatherings): (Arc<dyn PeopleStore>, Arc<dyn GatheringStore>),
        prose: Arc<dyn Prose>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { store, people, gatherings, prose, clock }
    }

    /// A page of the timeline. A member's look at its head moves their line.
    pub async fn page(&self, viewer: &Viewer, query: &TimelineQuery) -> Result<TimelinePage, Unavailable> {
        let most = if query.after.is_some() { 5 * PAGE } else { PAGE };
        let mut posts = self.store.timeline(viewer, query, most + 1).await?;
        let more = posts.len() > most;
        posts.truncate(most);
        let whole = query.tag.is_none() && query.author.is_none();
        let seen = match viewer.me() {
            Some(me) if whole => {
                let before = me.looked;
                let head = query.before.is_none();
                let newest = posts.first().map(|post| post.id).filter(|_| head);
                let looked = if head { before.look(self.clock.now(), newest) } else { before };
                if head && looked.worth_keeping(before) {
                    self.store.save_looked(me, looked).await?;
                }
                looked.line
            }
            _ => None,
        };
        let before = posts.last().map(|post| post.id).filter(|_| more);
        self.bring_up_to_date(viewer, &mut posts).await?;
        Ok(TimelinePage { posts, before, seen })
    }

    /// Has the posts that announce gatherings say how those stand, and what the viewer answered. Where there are such posts, that is
    /// one statement for all of them; where there are none, none.
    async fn bring_up_to_date(&self, viewer: &Viewer, posts: &mut [Post]) -> Result<(), Unavailable> {
        let announced: BTreeSet<GatheringId> =
            posts.iter().filter_map(|post| post.announces.as_ref()).map(|gathering| gathering.id).collect();
        if announced.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let announced: Vec<GatheringId> = announced.into_iter().collect();
        let gatherings = self.gatherings.announced(viewer, &announced, now).await?;
        for post in posts {
            // What the viewer may see no more since the posts were read is not shown.
            let announced = post.announces.take();
            let found = announced.and_then(|announced| gatherings.iter().find(|(gathering, _)| gathering.id == announced.id));
            post.announces = found.map(|(gathering, tallies)| {
                let session = gathering.not_over(now).next();
                let said = session.and_then(|next| tallies.iter().find(|tally| tally.date == next.date));
                gathering.announced(viewer, Next { session, said }, now)
            });
        }
        Ok(())
    }

    /// A thread, by any post in it.
    pub async fn thread(&self, viewer: &Viewer, post: PostId, after: Option<PostId>) -> Result<Option<Thread>, Unavailable> {
        let mut thread = self.store.thread(viewer, post, after, REPLIES_PAGE).await?;
        if let Some(thread) = &mut thread {
            self.bring_up_to_date(viewer, std::slice::from_mut(&mut thread.root)).await?;
        }
        Ok(thread)
    }

    /// One post or reply, as it stands now.
    pub async fn post(&self, viewer: &Viewer, post: PostId) -> Result<Option<Post>, Unavailable> {
        let mut post = self.store.post(viewer, post).await?;
        self.bring_up_to_date(viewer, post.as_mut_slice()).await?;
        Ok(post)
    }

    /// The states of a post, the present one first.
    pub async fn history(&self, viewer: &Viewer, post: PostId) -> Result<Option<Vec<Revision>>, Unavailable> {
        self.store.history(viewer, post).await
    }

    /// A post of the member's own, to edit.
    pub async fn draft(&self, me: &Me, post: PostId) -> Result<Option<Draft>, Unavailable> {
        self.store.draft(me, post).await
    }

    /// Sends a post.
    pub async fn write(&self, me: &Me, form: &PostForm) -> Result<PostId, Error<PostRefusal>> {
        let named = match form.audience {
            Audience::Named => self.named(me, &form.named).await?,
            Audience::Public | Audience::Community => Vec::new(),
        };
        let mut post = self.checked(&form.markdown, &form.note, &form.pictures).await?;
        post.audience = form.audience;
        post.named = named;
        self.store.keep_post(me, &post).await
    }

    /// Writes to people whom something else names, such as those who answered a session; however many they are.
    pub async fn write_to(&self, me: &Me, members: Vec<MemberId>, markdown: &str) -> Result<PostId, Error<PostRefusal>> {
        let named: Vec<MemberId> = members.into_iter().filter(|member| *member != me.id).collect();
        if named.is_empty() {
            return Err(Error::Refused(PostRefusal::NobodyNamed));
        }
        let mut post = self.checked(markdown, "", &[]).await?;
        (post.audience, post.named) = (Audience::Named, named);
        self.store.keep_post(me, &post).await
    }

    /// Sends a reply to a post or to another reply.
    pub async fn reply(&self, me: &Me, to: PostId, form: &ReplyForm) -> Result<PostId, Error<PostRefusal>> {
        let reply = self.checked(&form.markdown, "", &form.pictures).await?;
        self.store.keep_reply(me, to, &reply).await
    }

    /// Edits a post or reply of the member's own.
    pub async fn edit(&self, me: &Me, post: PostId, form: &EditForm) -> Result<(), Error<PostRefusal>> {
        let Some(draft) = self.store.draft(me, post).await? else { return Err(Error::Refused(PostRefusal::Gone)) };
        let pictures: Vec<ChosenPicture> = draft
            .pictures
            .iter()
            .map(|has| ChosenPicture {
                id: has.id,
                alt: form.pictures.iter().find(|p| p.id == has.id).map_or_else(|| has.alt.clone(), |p| p.alt.clone()),
            })
            .collect();
        let edit = self.checked(&form.markdown, &form.note, &pictures).await?;
        self.store.save_edit(me, post, &edit).await
    }

    /// Takes a post or reply of the member's own back.
    pub async fn take_back(&self, me: &Me, post: PostId) -> Result<bool, Unavailable> {
        self.store.take_back(me, post).await
    }

    /// Puts a reaction on a post, or takes it away.
    pub async fn react(&self, me: &Me, post: PostId, reaction: &str, on: bool) -> Result<(), Error<ReactRefusal>> {
        self.store.react(me, post, reaction, on, self.clock.now()).await
    }

    /// Tags that begin with `start`, for completion while typing.
    pub async fn tags_beginning_with(&self, me: &Me, start: &str) -> Result<Vec<String>, Unavailable> {
        self.store.tags_beginning_with(me, &start.trim().trim_start_matches('#').to_lowercase()).await
    }

    /// The post that texts and pictures make, if they may.
    pub(crate) async fn checked(&self, markdown: &str, note: &str, pictures: &[ChosenPicture]) -> Result<NewPost, Error<PostRefusal>> {
        let text_refused = |r: TextRefusal| Error::Refused(PostRefusal::from(r));
        let markdown = text::lines(Field("markdown", "Your text"), markdown, LONGEST_POST).map_err(text_refused)?;
        let note = text::line(Field("note", "The content note"), note, 140).map_err(text_refused)?;
        if markdown.is_empty() && pictures.is_empty() {
            return Err(Error::Refused(PostRefusal::Empty));
        }
        if pictures.len() > MOST_PICTURES {
            return Err(Error::Refused(PostRefusal::TooManyPictures));
        }
        let mut chosen = Vec::with_capacity(pictures.len());
        for picture in pictures {
            chosen.push(ChosenPicture {
                id: picture.id,
                alt: text::line(Field("alt", "The picture's description"), &picture.alt, LONGEST_ALT).map_err(text_refused)?,
            });
        }
        let known = self.people.known(&prose::mentions(&markdown)).await?;
        let names: BTreeSet<Handle> = known.iter().map(|(name, _)| name.clone()).collect();
        Ok(NewPost {
            html: self.prose.render(&markdown, &names),
            note: Some(note).filter(|note| !note.is_empty()),
            audience: Audience::default(),
            named: Vec::new(),
            pictures: chosen,
            mentioned: known.iter().map(|(_, id)| *id).collect(),
            tags: prose::tags(&markdown).into_iter().take(20).collect(),
            excerpt: excerpt(&markdown),
            at: self.clock.now(),
            markdown,
        })
    }

    /// The post that words from elsewhere make, on the day on which they were written: it mentions nobody, since nobody is to be told.
    pub(crate) fn dated_back(&self, markdown: &str, at: Timestamp) -> NewPost {
        NewPost {
            html: self.prose.render(markdown, &BTreeSet::new()),
            note: None,
            audience: Audience::Community,
            named: Vec::new(),
            pictures: Vec::new(),
            mentioned: Vec::new(),
            tags: prose::tags(markdown).into_iter().take(20).collect(),
            excerpt: excerpt(markdown),
            at,
            markdown: markdown.to_owned(),
        }
    }

    async fn named(&self, me: &Me, typed: &str) -> Result<Vec<MemberId>, Error<PostRefusal>> {
        let listed = Handle::listed(typed).map_err(|word| PostRefusal::Unknown { name: word.chars().take(40).collect() });
        let mut names = listed.or_refuse()?;
        names.remove(&me.name);
        if names.is_empty() {
            return Err(Error::Refused(PostRefusal::NobodyNamed));
        }
        if names.len() > MOST_NAMED {
            return Err(Error::Refused(PostRefusal::TooManyNamed));
        }
        let known = all_known(self.people.as_ref(), &names).await?;
        known.map_err(|unknown| PostRefusal::Unknown { name: unknown.to_string() }).or_refuse()
    }
}

/// A text as one line, without the commonest marks of Markdown.
pub fn as_one_line(markdown: &str) -> String {
    let plain: String = markdown.chars().filter(|c| !matches!(c, '*' | '`' | '>' | '\\')).collect();
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    words.trim_start_matches(['#', ' ']).to_owned()
}

/// How a text begins, in up to 120 characters of one line, without the commonest marks of Markdown. It ends between two words, but within
/// one that is longer than half of that.
pub fn excerpt(markdown: &str) -> String {
    let words = as_one_line(markdown);
    if words.chars().count() <= 120 {
        return words;
    }
    let cut: String = words.chars().take(120).collect();
    let whole = cut.rsplit_once(' ').map(|(whole, _)| whole).filter(|whole| whole.chars().count() >= 60);
    format!("{}…", whole.unwrap_or(&cut[..cut.char_indices().nth(119).map_or(cut.len(), |(at, _)| at)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{people::Role, time::Zone};
    use proptest::prelude::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp(minutes * 60_000)
    }

    #[test]
    fn the_line_stays_within_a_visit_and_moves_with_the_next() {
        let first = Looked::default().look(at(0), Some(PostId(5)));
        assert_eq!(first.line, None);
        let reloaded = first.look(at(10), Some(PostId(7)));
        assert_eq!(reloaded.line, None);
        let next_day = reloaded.look(at(1440), Some(PostId(9)));
        assert_eq!(next_day.line, Some(PostId(7)));
        assert_eq!(next_day.look(at(1450), Some(PostId(9))).line, Some(PostId(7)));
    }

    #[test]
    fn a_look_that_finds_nothing_new_is_not_written_each_time() {
        let before = Looked { line: None, newest: Some(PostId(5)), at: Some(at(0)) };
        assert!(!before.look(at(1), Some(PostId(5))).worth_keeping(before));
        assert!(before.look(at(6), Some(PostId(5))).worth_keeping(before));
        assert!(before.look(at(1), Some(PostId(6))).worth_keeping(before));
    }

    #[test]
    fn an_excerpt_is_one_short_line() {
        assert_eq!(excerpt("## **Soup**\n\non Friday"), "Soup on Friday");
        assert_eq!(excerpt(&"long ".repeat(50)).chars().count(), 120);
        assert_eq!(excerpt(&"x".repeat(121)), format!("{}…", "x".repeat(119)));
    }

    fn me(id: i64) -> Me {
        Me {
            id: MemberId(id),
            name: Handle::parse("ana").expect("a name"),
            display_name: "Ana".into(),
            picture: None,
            role: Role::Member,
            zone: Zone::utc(),
            unread: 0,
            looked: Looked::default(),
        }
    }

    proptest! {
        #[test]
        fn a_block_takes_from_its_member_what_the_other_wrote_and_began_and_shows_nobody_more(
            kind in 0_usize..3, viewer in 0_i64..5, author in 1_i64..5, begun_by in 1_i64..5, named in proptest::collection::vec(1_i64..5, 0..4),
            blocked in proptest::collection::vec(1_i64..5, 0..4)
        ) {
            let named: Vec<MemberId> = named.into_iter().map(MemberId).collect();
            let blocked: Vec<MemberId> = blocked.into_iter().map(MemberId).filter(|id| id.0 != viewer).collect();
            let audience = [Audience::Public, Audience::Community, Audience::Named][kind];
            let post = Standing { audience, author: MemberId(author), begun_by: MemberId(begun_by), named: &named };
            let viewer = if viewer == 0 { Viewer::Visitor } else { Viewer::Member(me(viewer)) };
            let (before, after) = (may_see(&viewer, &post, &[]), may_see(&viewer, &post, &blocked));
            let apart = blocked.contains(&post.author) || blocked.contains(&post.begun_by);
            let touched = viewer.id().is_some_and(|id| id != post.author) && apart;
            prop_assert_eq!(after, before && !touched);
        }
    }

    proptest! {
        #[test]
        fn an_excerpt_breaks_no_word(words in proptest::collection::vec("[a-zü]{1,30}", 0..60)) {
            let text = words.join(" ");
            let excerpt = excerpt(&text);
            prop_assert!(excerpt.chars().count() <= 120);
            match excerpt.strip_suffix('…') {
                Some(begins) => prop_assert!(text.starts_with(&format!("{begins} ")) && begins.chars().count() > 88, "{excerpt}"),
                None => prop_assert_eq!(excerpt, text),
            }
        }
    }
}
