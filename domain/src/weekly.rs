//! The weekly letter: what the week was, from a host to everybody here; as a post of theirs, and as mail to those who want it.
//!
//! The tool reads the week and makes a draft ([`week`]); a host adds their own words and sends it, once, under their own name. Nothing goes
//! out by itself. There is one draft, which all hosts share: whoever keeps it says which version they saw, so nobody's words are written
//! over unread. By mail goes what the post says when the mail is delivered (`crate::mail::weekly`), to confirmed addresses of members who
//! asked for it; to whom is told to nobody.
//!
//! Of people who arrived the draft says their own line and not the sentence that a host said of them: that was let stand beside their name,
//! and nobody was told that it would be mailed.

pub mod week;

use crate::{
    gatherings::GatheringStore,
    ids::PostId,
    mail::words::encoded,
    outcome::{AboutField, Error, OrRefuse, Unavailable},
    people::Byline,
    prose::SafeHtml,
    text::{self, Field, TextRefusal},
    time::{Clock, Timestamp, Zone},
    timeline::{Audience, LONGEST_POST, NewPost, PostRefusal, Timeline},
    viewer::{Host, Viewer},
};
use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};
use week::{Arrived, Candidate, Week};

/// Longest title of a letter, in characters: mail programs show about half of it in a list.
pub const LONGEST_TITLE: usize = 100;
/// Most letters that are listed: more than a year of weeks.
pub const MOST_LISTED: usize = 60;
/// On which day a letter is due where no host chose one.
pub const DEFAULT_DAY: Weekday = Weekday::Sun;
/// How many days must have passed since a letter for the next one to be due: one that was late by two days doesn't put off the next.
const FEWEST_DAYS: i64 = 5;
/// How many days back a letter reaches where there was none before.
const WEEK_DAYS: i64 = 7;
/// How many days back a letter reaches at most, after weeks without one.
const FURTHEST_DAYS: i64 = 14;

/// The form for the letter, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LetterForm {
    /// Its title, and the mail's subject; up to [`LONGEST_TITLE`] characters.
    pub title: String,
    /// The host's own words before the week.
    pub opening: String,
    /// The week.
    pub week: String,
    /// The host's own words after it.
    pub closing: String,
    /// Which version of the draft they saw; 0 is none.
    pub seen: i64,
}

/// What a letter says, checked: the title as one line, the rest as Markdown. All of it together is a post.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LetterWords {
    /// Its title.
    pub title: String,
    /// The host's own words before the week.
    pub opening: String,
    /// The week.
    pub week: String,
    /// The host's own words after it.
    pub closing: String,
}

impl LetterForm {
    /// Checks the form; what a post has room for is all of it together.
    pub fn check(&self) -> Result<LetterWords, LetterRefusal> {
        let part = |name, label, typed: &str| text::lines(Field(name, label), typed, LONGEST_POST);
        let words = LetterWords {
            title: text::needed_line(Field("title", "The title"), &self.title, LONGEST_TITLE)?,
            opening: part("opening", "What you say first", &self.opening)?,
            week: part("week", "The week", &self.week)?,
            closing: part("closing", "What you say last", &self.closing)?,
        };
        let length = words.markdown().chars().count();
        if length > LONGEST_POST { Err(LetterRefusal::TooLong { length }) } else { Ok(words) }
    }
}

impl Draft {
    /// It with the week made anew: the host's own words stay, also a title of their own.
    pub fn renewed(&self, made: LetterWords, zone: &Zone) -> LetterWords {
        let title = if self.words.title == week::title(self.at, zone) { made.title } else { self.words.title.clone() };
        LetterWords { title, week: made.week, ..self.words.clone() }
    }
}

impl LetterWords {
    /// The post that it makes.
    pub fn markdown(&self) -> String {
        let title = format!("## {}", week::literal(&self.title));
        let parts = [title.as_str(), &self.opening, &self.week, &self.closing];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
    }

    /// There is nothing in it but a title.
    pub fn is_empty(&self) -> bool {
        [&self.opening, &self.week, &self.closing].into_iter().all(String::is_empty)
    }
}

/// The draft that the hosts share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What it says.
    pub words: LetterWords,
    /// Who kept it last; nobody, where that host is gone.
    pub by: Option<Byline>,
    /// When.
    pub at: Timestamp,
}

/// How it stands with the letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    /// On which day it is due.
    pub day: Weekday,
    /// The draft's version, which grows each time it is kept or sent; 0 where there never was one.
    pub version: i64,
    /// The draft, where one is begun.
    pub draft: Option<Draft>,
    /// When the last letter was sent.
    pub last: Option<Timestamp>,
}

impl Default for Stand {
    fn default() -> Self {
        Self { day: DEFAULT_DAY, version: 0, draft: None, last: None }
    }
}

/// A letter that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its post; `None` where it was taken back.
    pub post: Option<PostId>,
    /// Its title.
    pub title: String,
    /// Who sent it.
    pub by: Option<Byline>,
    /// When.
    pub at: Timestamp,
    /// To how many it was written by mail.
    pub mails: u32,
    /// How many of those are still on their way.
    pub waiting: u32,
    /// How many of those could not be delivered, as long as that is known: some days.
    pub given_up: u32,
}

/// Why a letter was not kept, or not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum LetterRefusal {
    /// A field's text does not fit.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// All of it together is no post any more.
    #[error("The letter is too long: {length} characters, and there is room for {LONGEST_POST}. Please shorten it.")]
    TooLong {
        /// Its length, in characters.
        length: usize,
    },
    /// There is nothing in it.
    #[error("There is nothing in it yet but a title. Write a few words, or start again from the week.")]
    Empty,
    /// Somebody else kept it since it was looked at.
    #[error(
        "Another host kept the letter while you were writing, so yours was not put over theirs. Both stand below: take over what is missing, and keep it once more."
    )]
    Overtaken,
    /// It was sent since it was looked at.
    #[error(
        "The letter went out while you were writing, so yours was not put into it. What you wrote stands below: keep it for the next one, or write it as a reply to the letter."
    )]
    WentOut,
    /// It was changed or sent since the preview was shown.
    #[error("The letter has changed since you looked at it, so it was not sent. Here is how it stands now.")]
    NotAsSeen,
    /// It leads to something that not all members see.
    #[error("It leads to {address}, which is not there any more, or is not for everybody here. Take that line out, then look at it again.")]
    NotForAll {
        /// The address.
        address: String,
    },
    /// It does not do as a post.
    #[error(transparent)]
    Post(#[from] PostRefusal),
}

impl AboutField for LetterRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Text(reason) => reason.field(),
            Self::TooLong { .. } | Self::NotForAll { .. } => Some("week"),
            Self::Empty => Some("opening"),
            Self::Overtaken | Self::WentOut | Self::NotAsSeen | Self::Post(_) => None,
        }
    }
}

/// A letter before it goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Which version of the draft it is.
    pub version: i64,
    /// Its title.
    pub title: String,
    /// Its post, as shown.
    pub html: SafeHtml,
    /// Who kept it last; nobody, where that host is gone.
    pub by: Option<Byline>,
    /// How many want it by mail.
    pub readers: u32,
}

/// A letter that may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLetter {
    /// Of which version of the draft it is made: from each comes one letter.
    pub version: i64,
    /// Its title.
    pub title: String,
    /// Its post.
    pub post: NewPost,
    /// The posts that it leads to.
    pub leads_to: BTreeSet<PostId>,
}

/// Why a letter wants a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A draft is begun.
    Begun(Draft),
    /// The week has something to tell.
    Week(Week),
}

/// What the weekly letter needs kept.
#[async_trait::async_trait]
pub trait WeeklyStore: Send + Sync {
    /// Posts since an instant that every member may see, but for letters, for what announces something, and for what is folded away under a
    /// note; each with who reacted or replied. The newest, up to `most`.
    async fn posts_of_week(&self, host: &Host, since: Timestamp, most: usize) -> Result<Vec<Candidate>, Unavailable>;
    /// Who joined since an instant, the first to come first.
    async fn arrived(&self, host: &Host, since: Timestamp) -> Result<Vec<Arrived>, Unavailable>;
    /// How it stands with the letter.
    async fn letter_stands(&self, host: &Host) -> Result<Stand, Unavailable>;
    /// Keeps the draft, if it is at version `seen`, or says the same already. Refuses `Overtaken` and `WentOut`.
    async fn keep_letter(&self, host: &Host, words: &LetterWords, seen: i64, at: Timestamp) -> Result<(), Error<LetterRefusal>>;
    /// Keeps on which day a letter is due.
    async fn save_letter_day(&self, host: &Host, day: Weekday) -> Result<(), Unavailable>;
    /// How many have an address and want the letter there.
    async fn letter_readers(&self, host: &Host) -> Result<u32, Unavailable>;
    /// The first of these posts that is not there for every member.
    async fn not_for_all(&self, host: &Host, posts: &BTreeSet<PostId>) -> Result<Option<PostId>, Unavailable>;
    /// Sends the letter: the post, and a mail for each who wants one, all or nothing; the draft is gone. Of one version it is sent once: whoever is
    /// second gets the same post. Refuses `NotAsSeen` and `NotForAll`.
    async fn send_letter(&self, host: &Host, new: &NewLetter) -> Result<PostId, Error<LetterRefusal>>;
    /// The post of the letter that was made of a version of the draft.
    async fn letter_of(&self, host: &Host, version: i64) -> Result<Option<PostId>, Unavailable>;
    /// Letters that were sent, the last one first, up to `most`.
    async fn letters_sent(&self, host: &Host, most: usize) -> Result<Vec<Sent>, Unavailable>;
}

/// The service for the weekly letter.
#[derive(Clone)]
pub struct Weekly {
    store: Arc<dyn WeeklyStore>,
    gatherings: Arc<dyn GatheringStore>,
    timeline: Timeline,
    clock: Arc<dyn Clock>,
}

impl Weekly {
    /// Over a store, one of gatherings, and the timeline by which it is posted.
    pub fn new(store: Arc<dyn WeeklyStore>, gatherings: Arc<dyn GatheringStore>, timeline: Timeline, clock: Arc<dyn Clock>) -> Self {
        Self { store, gatherings, timeline, clock }
    }

    /// How it stands with the letter.
    pub async fn stands(&self, host: &Host) -> Result<Stand, Unavailable> {
        self.store.letter_stands(host).await
    }

    /// Why a letter wants a host today, on the community's clock, if it does.
    pub async fn wanted(&self, host: &Host, zone: &Zone) -> Result<Option<Wanted>, Unavailable> {
        let (stand, now) = (self.store.letter_stands(host).await?, self.clock.now());
        if !is_due(stand.last.map(|last| zone.date(last)), zone.date(now), stand.day) {
            return Ok(None);
        }
        if let Some(draft) = stand.draft {
            return Ok(Some(Wanted::Begun(draft)));
        }
        let week = self.week(host, stand.last).await?;
        Ok(week.has_happened().then_some(Wanted::Week(week)))
    }

    /// What was since the last letter, and what is coming.
    async fn week(&self, host: &Host, last: Option<Timestamp>) -> Result<Week, Unavailable> {
        let now = self.clock.now();
        let since = since(last, now);
        let posts = self.store.posts_of_week(host, since, week::MOST_READ).await?;
        let arrived = self.store.arrived(host, since).await?;
        let gatherings = self.gatherings.gatherings(&Viewer::Member(host.me().clone()), now).await?;
        Ok(Week { loved: week::loved(posts), arrived, coming: week::coming(&gatherings, now) })
    }

    /// A letter made of the week, on the community's clock, with room for the host's own words. The first one ever says how it comes by mail.
    pub async fn made_of_week(&self, host: &Host, stand: &Stand, zone: &Zone) -> Result<LetterWords, Unavailable> {
        let week = self.week(host, stand.last).await?;
        let closing = if stand.last.is_none() { FIRST_CLOSING } else { "" };
        Ok(LetterWords {
            title: week::title(self.clock.now(), zone),
            opening: String::new(),
            week: week.in_words(zone),
            closing: closing.to_owned(),
        })
    }

    /// Keeps the draft.
    pub async fn keep(&self, host: &Host, form: &LetterForm) -> Result<(), Error<LetterRefusal>> {
        let words = form.check().or_refuse()?;
        self.store.keep_letter(host, &words, form.seen, self.clock.now()).await
    }

    /// Keeps on which day a letter is due.
    pub async fn choose_day(&self, host: &Host, day: Weekday) -> Result<(), Unavailable> {
        self.store.save_letter_day(host, day).await
    }

    /// Letters that were sent, the last one first.
    pub async fn sent(&self, host: &Host) -> Result<Vec<Sent>, Unavailable> {
        self.store.letters_sent(host, MOST_LISTED).await
    }

    /// The draft as it would go out; `None` where none is begun.
    pub async fn preview(&self, host: &Host) -> Result<Option<Preview>, Error<LetterRefusal>> {
        let stand = self.store.letter_stands(host).await?;
        let Some(draft) = stand.draft else { return Ok(None) };
        let new = self.ready(host, stand.version, &draft.words).await?;
        if let Some(post) = self.store.not_for_all(host, &new.leads_to).await? {
            return Err(Error::Refused(not_for_all(post)));
        }
        let readers = self.store.letter_readers(host).await?;
        Ok(Some(Preview { version: stand.version, title: new.title, html: new.post.html, by: draft.by, readers }))
    }

    /// Sends the draft as it was seen: as a post of the host's own, and by mail. Sent twice, it is the same letter.
    pub async fn send(&self, host: &Host, seen: i64) -> Result<PostId, Error<LetterRefusal>> {
        let stand = self.store.letter_stands(host).await?;
        let Some(draft) = stand.draft.filter(|_| stand.version == seen) else {
            return self.store.letter_of(host, seen).await?.ok_or(Error::Refused(LetterRefusal::NotAsSeen));
        };
        let new = self.ready(host, seen, &draft.words).await?;
        self.store.send_letter(host, &new).await
    }

    /// The letter that words make, if they may.
    async fn ready(&self, host: &Host, version: i64, words: &LetterWords) -> Result<NewLetter, Error<LetterRefusal>> {
        if words.is_empty() {
            return Err(Error::Refused(LetterRefusal::Empty));
        }
        let markdown = words.markdown();
        let all = self.gatherings.gatherings(&Viewer::Member(host.me().clone()), Timestamp(0)).await?;
        let for_all = all.iter().filter(|gathering| gathering.audience != Audience::Named);
        let for_all: BTreeSet<String> = for_all.map(|gathering| encoded(&gathering.slug)).collect();
        // What the host does not see either is not there for everybody: another host may have put it in.
        if let Some(slug) = gatherings_in(&markdown).into_iter().find(|slug| !for_all.contains(slug)) {
            return Err(Error::Refused(LetterRefusal::NotForAll { address: format!("/gatherings/{slug}") }));
        }
        let post = self.timeline.checked(&markdown, "", &[]).await.map_err(|error| match error {
            Error::Refused(reason) => Error::Refused(LetterRefusal::Post(reason)),
            Error::Unavailable(cause) => Error::Unavailable(cause),
        })?;
        Ok(NewLetter { version, title: words.title.clone(), post, leads_to: posts_in(&markdown) })
    }
}

/// What stands where a gathering's part of an address would, and is none.
const PAGES_OF_GATHERINGS: [&str; 2] = ["new", "import"];

/// What the first letter says last, unless its host would rather not.
const FIRST_CLOSING: &str =
    "This letter comes by mail as well, to those who want it. [Choose it in your settings](/settings/notifications#mail).";

/// The refusal of a letter that leads to a post which not everybody sees.
pub fn not_for_all(post: PostId) -> LetterRefusal {
    LetterRefusal::NotForAll { address: format!("/posts/{post}") }
}

/// Since when a letter tells what was.
pub fn since(last: Option<Timestamp>, now: Timestamp) -> Timestamp {
    last.map_or(now.plus_days(-WEEK_DAYS), |last| last.max(now.plus_days(-FURTHEST_DAYS)))
}

/// Whether a letter is due: its day has come since the last one, and that is not just a few days ago. Where there was none, on that day
/// itself, so that nobody who wants none is asked all the time.
pub fn is_due(last: Option<NaiveDate>, today: NaiveDate, day: Weekday) -> bool {
    let ago = today.weekday().days_since(day);
    let its_day = today - chrono::Duration::days(i64::from(ago));
    last.map_or(ago == 0, |last| (its_day - last).num_days() >= FEWEST_DAYS)
}

/// The posts that a text leads to.
fn posts_in(markdown: &str) -> BTreeSet<PostId> {
    let after = markdown.split("/posts/").skip(1);
    after.filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()).map(PostId).collect()
}

/// The gatherings that a text leads to, by the part of their address, as it stands in one.
fn gatherings_in(markdown: &str) -> BTreeSet<String> {
    let after = markdown.split("/gatherings/").skip(1);
    let slugs = after.filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '%' | '_')).next());
    let slugs = slugs.filter(|slug| !slug.is_empty() && !PAGES_OF_GATHERINGS.contains(slug));
    // Whoever writes an address by hand may write it as it reads.
    slugs.map(|slug| if slug.is_ascii() { slug.to_owned() } else { encoded(slug) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn a_letter_is_due_when_its_day_has_come_since_the_last() {
        // 2026-11-29 is a Sunday.
        let due = |last: &str, today: &str| is_due(Some(date(last)), date(today), Weekday::Sun);
        assert!(due("2026-11-22", "2026-11-29") && due("2026-11-22", "2026-12-02"), "and stays so until it is sent");
        assert!(!due("2026-11-22", "2026-11-28"));
        assert!(due("2026-11-24", "2026-11-29"), "one that was late by two days doesn't put off the next");
        assert!(!due("2026-11-27", "2026-11-29") && due("2026-11-27", "2026-12-06"));
        assert!(is_due(None, date("2026-11-29"), Weekday::Sun) && !is_due(None, date("2026-11-30"), Weekday::Sun));
    }

    #[test]
    fn a_letter_reaches_back_to_the_last_one_within_bounds() {
        let now = Timestamp(1_795_721_400_000);
        assert_eq!(since(None, now), now.plus_days(-7));
        assert_eq!(since(Some(now.plus_days(-9)), now), now.plus_days(-9));
        assert_eq!(since(Some(now.plus_days(-90)), now), now.plus_days(-14));
    }

    #[test]
    fn a_letter_is_a_post_with_its_title_above_it() {
        let words =
            LetterWords { title: "Soup *and* [rain]".into(), opening: "Dear all,".into(), week: String::new(), closing: "Yours".into() };
        assert_eq!(words.markdown(), "## Soup \\*and\\* \\[rain\\]\n\nDear all,\n\nYours");
        assert!(!words.is_empty() && LetterWords { title: "Soup".into(), ..LetterWords::default() }.is_empty());
    }

    #[test]
    fn a_week_made_anew_has_its_title_unless_a_host_gave_it_another() {
        let (zone, wednesday) = (Zone::utc(), Timestamp(1_795_635_000_000));
        let sunday = wednesday.plus_days(4);
        let made = LetterWords { title: week::title(sunday, &zone), week: "- Soup".into(), ..LetterWords::default() };
        let draft = |title: &str| Draft {
            words: LetterWords { title: title.into(), opening: "Dear all,".into(), week: "- Bread".into(), closing: "Yours".into() },
            by: None,
            at: wednesday,
        };
        let renewed = draft(&week::title(wednesday, &zone)).renewed(made.clone(), &zone);
        assert_eq!(
            (renewed.title.as_str(), renewed.week.as_str(), renewed.opening.as_str()),
            ("The week until Sunday 29 November", "- Soup", "Dear all,")
        );
        assert_eq!(draft("Rain").renewed(made, &zone).title, "Rain");
    }

    #[test]
    fn a_form_is_bounded_as_a_whole() {
        let form = |title: &str, length: usize| LetterForm {
            title: title.into(),
            opening: "x".repeat(length),
            closing: "y".repeat(5000),
            ..LetterForm::default()
        };
        assert!(form("A\r\nBcc: eve@example.org", 9).check().is_ok_and(|words| words.title == "A Bcc: eve@example.org"));
        assert!(matches!(form("A", 5000).check(), Err(LetterRefusal::TooLong { length: 10_008 })));
        assert_eq!(form(" ", 1).check().expect_err("no title").field(), Some("title"));
        assert_eq!(form(&"x".repeat(101), 1).check().expect_err("a long title").field(), Some("title"));
    }

    #[test]
    fn what_a_letter_leads_to_is_found() {
        let text = "[a](/posts/12) https://porch.example/posts/13#p14, /posts/ and [b](/gatherings/soup/2026-12-03)";
        assert_eq!(posts_in(text), [PostId(12), PostId(13)].into());
        let text = "[b](/gatherings/soup/2026-12-03), /gatherings/soup-night.ics /gatherings/ /gatherings/new (/gatherings/sopa%20%C3%A0 [c](/gatherings/súp)";
        let found: Vec<_> = gatherings_in(text).into_iter().collect();
        assert_eq!(found, ["s%C3%BAp", "sopa%20%C3%A0", "soup", "soup-night"]);
    }

    proptest! {
        #[test]
        fn a_letter_that_was_sent_today_is_not_due_today(days in 0..3000_i64, day in 0..7_u8) {
            let today = date("2026-01-01") + chrono::Duration::days(days);
            let day = Weekday::try_from(day).expect("a day");
            prop_assert!(!is_due(Some(today), today, day));
            // Whatever day it is, within two weeks the next is due.
            prop_assert!((0..14).any(|more| is_due(Some(today), today + chrono::Duration::days(more), day)));
        }

        #[test]
        fn a_title_is_one_line_whatever_was_typed(title in "\\PC{0,20}[\r\n\t]{0,3}\\PC{1,20}") {
            if let Ok(words) = (LetterForm { title, ..LetterForm::default() }).check() {
                prop_assert!(!words.title.contains(char::is_control));
            }
        }
    }
}
