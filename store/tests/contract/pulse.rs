//! The pulse: what is counted is what all may see, exactly; and what hosts and members are told of people is what they may see.

use crate::{
    home::{At, BEGINNING, Home, new_member},
    hosting::{host, remove},
};
use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use domain::{
    gatherings::{
        Answer, GatheringStore, NewGathering,
        attendance::KnownBy,
        room::{NewAttendance, Place, RoomStore},
    },
    ids::{MemberId, PostId},
    invitations::InvitationStore,
    pulse::{
        CountStore, DepthStore, Pulse, PulseStore,
        counting::Month,
        depth::Figures,
        drifting::{Rhythm, drifting},
    },
    time::{Timestamp, Zone},
    timeline::{Audience, NewPost, TimelineStore},
    viewer::Me,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The service, as of an instant.
fn pulse(home: &Home, now: Timestamp) -> Pulse {
    let store = Arc::new(home.store.clone());
    Pulse::new((store.clone(), store.clone(), store.clone()), store, Arc::new(At(now)))
}

fn utc(at: Timestamp) -> DateTime<Utc> {
    at.into()
}

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Numbers that look like chance and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % most as u64) as usize
    }
}

/// What a test knows of a post.
#[derive(Clone)]
struct Told {
    id: PostId,
    root: PostId,
    parent: Option<PostId>,
    author: MemberId,
    at: Timestamp,
    open: bool,
    gone: bool,
}

/// What a test knows of all that happened.
#[derive(Default)]
struct History {
    posts: Vec<Told>,
    reactions: Vec<(MemberId, Timestamp, PostId)>,
    joined: Vec<MemberId>,
}

impl History {
    fn find(&self, id: PostId) -> &Told {
        self.posts.iter().find(|post| post.id == id).expect("a post")
    }

    fn counts(&self) -> impl Iterator<Item = &Told> {
        self.posts.iter().filter(|post| post.open && !post.gone)
    }

    /// Whom a post answers: whoever wrote its parent, where that stands.
    fn answers(&self, post: &Told) -> Option<MemberId> {
        post.parent.map(|parent| self.find(parent)).filter(|parent| !parent.gone).map(|parent| parent.author)
    }

    /// Reactions on what stands and all may see.
    fn reacted(&self) -> impl Iterator<Item = (MemberId, Timestamp)> {
        let stands = |post: PostId| self.counts().any(|one| one.id == post);
        self.reactions.iter().filter(move |(.., post)| stands(*post)).map(|(who, at, _)| (*who, *at))
    }

    /// A month's figures, found by going through everything again and again.
    fn figures(&self, month: NaiveDate, now: Timestamp) -> Figures {
        let within = |at: Timestamp| (utc(at).year(), utc(at).month()) == (month.year(), month.month());
        let writers: BTreeSet<MemberId> = self.counts().filter(|post| within(post.at)).map(|post| post.author).collect();
        let (mut talkers, mut threads) = (BTreeSet::new(), BTreeSet::new());
        for back in self.counts().filter(|post| within(post.at)) {
            for answer in self.counts().filter(|post| post.root == back.root && post.id < back.id) {
                if answer.author != back.author && self.answers(answer) == Some(back.author) {
                    talkers.extend([answer.author, back.author]);
                    threads.insert(back.root);
                }
            }
        }
        let mut answered = Vec::new();
        for who in self.joined.iter().filter(|_| within(BEGINNING)) {
            let Some(first) = self.counts().filter(|post| post.author == *who).min_by_key(|post| post.id) else { continue };
            let whom = first.parent.map(|parent| self.find(parent).author);
            let answers = self.counts().filter(|post| post.root == first.root && post.id > first.id && post.author != *who);
            let answers = answers.filter(|post| post.parent == Some(first.id) || Some(post.author) == whom);
            let until = first.at.plus_days(1);
            match answers.map(|post| post.at).min() {
                Some(at) if at <= until => answered.push(true),
                _ if until < now => answered.push(false),
                _ => (),
            }
        }
        Figures {
            wrote: writers.len() as u32,
            talked: writers.intersection(&talkers).count() as u32,
            conversations: threads.len() as u32,
            newcomers: answered.len() as u32,
            answered: answered.iter().filter(|answered| **answered).count() as u32,
            sessions: 0,
            came: 0,
        }
    }

    fn hours(&self) -> BTreeMap<Timestamp, u32> {
        let mut hours = BTreeMap::new();
        let all = self.counts().map(|post| post.at).chain(self.reacted().map(|(_, at)| at));
        for at in all {
            let hour = utc(at).with_minute(0).and_then(|at| at.with_second(0)).and_then(|at| at.with_nanosecond(0)).expect("an hour");
            *hours.entry(Timestamp::from(hour)).or_default() += 1;
        }
        hours
    }

    fn rhythms(&self, but: MemberId) -> BTreeMap<MemberId, Rhythm> {
        let mut days: BTreeMap<MemberId, BTreeSet<NaiveDate>> = BTreeMap::new();
        let all = self.counts().map(|post| (post.author, post.at)).chain(self.reacted());
        for (who, at) in all.filter(|(who, _)| *who != but) {
            days.entry(who).or_default().insert(utc(at).date_naive());
        }
        let rhythm = |days: BTreeSet<NaiveDate>| Rhythm {
            days: days.len() as i64,
            first: *days.first().expect("a day"),
            last: *days.last().expect("a day"),
        };
        days.into_iter().map(|(who, days)| (who, rhythm(days))).collect()
    }

    async fn is_what_was_counted(&self, home: &Home, now: Timestamp) {
        let counted = home.store.months(&home.ana).await.expect("answers");
        assert_eq!(counted.len(), 13);
        for (month, figures) in counted {
            assert_eq!(figures, self.figures(month, now), "{month}");
        }
        let (hours, since) = home.store.hours(Timestamp(0)).await.expect("answers");
        assert_eq!((hours, since), (self.hours(), BEGINNING));
        let rhythms = home.store.rhythms(&home.host(), (date("2026-01-01"), date("2099-01-01")), now).await.expect("answers");
        assert_eq!(rhythms.into_iter().collect::<BTreeMap<_, _>>(), self.rhythms(home.ana.id));
    }
}

/// Lets chance live in a place for two months: people write, answer, react and take back.
async fn lives(home: &Home, dice: &mut Dice, people: &[Me], history: &mut History, deeds: usize) {
    for number in 0..deeds {
        let at = BEGINNING.plus_seconds(3600 + (58 * 86_400 / deeds * number + dice.below(3600)) as i64);
        let me = &people[dice.below(people.len())];
        let standing: Vec<Told> = history.posts.iter().filter(|post| !post.gone).cloned().collect();
        let text = NewPost { at, ..home.text("said") };
        match (dice.below(10), standing.is_empty()) {
            (0, _) | (_, true) => {
                let open = dice.below(4) > 0;
                let (audience, named) = match dice.below(3) {
                    _ if !open => (Audience::Named, people.iter().map(|one| one.id).filter(|id| *id != me.id).collect()),
                    0 => (Audience::Public, Vec::new()),
                    _ => (Audience::Community, Vec::new()),
                };
                let id = home.store.keep_post(me, &NewPost { audience, named, ..text }).await.expect("keeps");
                history.posts.push(Told { id, root: id, parent: None, author: me.id, at, open, gone: false });
            }
            (1..=6, _) => {
                let to = &standing[dice.below(standing.len().min(12)) + standing.len().saturating_sub(12)];
                let id = home.store.keep_reply(me, to.id, &text).await.expect("keeps");
                history.posts.push(Told { id, root: to.root, parent: Some(to.id), author: me.id, at, open: to.open, gone: false });
            }
            (7..=8, _) => {
                let on = &standing[dice.below(standing.len())];
                let before = history.reactions.iter().any(|(who, _, post)| *who == me.id && *post == on.id);
                home.store.react(me, on.id, "🍲", true, at).await.expect("keeps");
                if !before {
                    history.reactions.push((me.id, at, on.id));
                }
            }
            _ => takes_back(home, dice, people, history).await,
        }
    }
}

async fn takes_back(home: &Home, dice: &mut Dice, people: &[Me], history: &mut History) {
    let standing: Vec<usize> = history.posts.iter().enumerate().filter(|(_, post)| !post.gone).map(|(at, _)| at).collect();
    let post = &mut history.posts[standing[dice.below(standing.len())]];
    let author = people.iter().find(|one| one.id == post.author).expect("the author");
    assert!(home.store.take_back(author, post.id).await.expect("answers"));
    post.gone = true;
}

/// Whoever came to a session of a gathering.
async fn came(home: &Home, slug: &str, on: NaiveDate, who: &[&Me]) {
    let kept = home.kept(slug).await;
    let place = Place { gathering: kept.id, session: kept.session(on).expect("a session") };
    let members = who.iter().map(|me| (me.id, true)).collect();
    let new = NewAttendance { members, known_by: KnownBy::Host, others: None, at: home.now() };
    home.store.keep_attendance(place, &new).await.expect("keeps");
}

async fn counted_as_it_happened(home: &Home, mut dice: Dice) {
    let mut people = vec![home.ana.clone()];
    for name in ["bo", "cy", "di", "eve"] {
        let signed_in = home.store.join("everyone", &new_member(name, BEGINNING)).await.expect("joins");
        people.push(home.me(signed_in).await);
    }
    let mut history = History { joined: people.iter().map(|me| me.id).collect(), ..History::default() };
    lives(home, &mut dice, &people, &mut history, 240).await;
    let now = BEGINNING.plus_days(59);
    pulse(home, now).count().await.expect("counts");
    history.is_what_was_counted(home, now).await;
    let november = history.figures(date("2026-11-01"), now);
    assert!(november.conversations > 0 && november.answered > 0, "there was something to count: {november:?}");
    // The next day, some of it is gone.
    for _ in 0..20 {
        takes_back(home, &mut dice, &people, &mut history).await;
    }
    let now = now.plus_days(1);
    pulse(home, now).count().await.expect("counts");
    history.is_what_was_counted(home, now).await;
}

laws! {
    async fn what_is_counted_is_what_happened_also_after_it_was_taken_back(home: &Home) {
        counted_as_it_happened(home, Dice(1)).await;
    }

    async fn so_it_is_of_another_history(home: &Home) {
        counted_as_it_happened(home, Dice(2)).await;
    }

    async fn a_month_is_counted_again_when_it_is_due_and_what_is_old_is_forgotten(home: &Home) {
        let bo = home.member("bo").await;
        let post = home.post(&bo, "Who has a ladder?").await;
        let now = BEGINNING.plus_days(40);
        pulse(home, now).count().await.expect("counts");
        let november = date("2026-11-01");
        let wrote = async || {
            let months = home.store.months(&home.ana).await.expect("answers");
            months.into_iter().find(|(month, _)| *month == november).map(|(_, figures)| figures.wrote)
        };
        assert_eq!(wrote().await, Some(1));
        assert!(home.store.take_back(&bo, post).await.expect("answers"));
        pulse(home, now.plus_seconds(900)).count().await.expect("counts");
        assert_eq!(wrote().await, Some(1), "a month that is over is counted once a day");
        pulse(home, now.plus_days(1)).count().await.expect("counts");
        assert_eq!(wrote().await, Some(0));
        assert_eq!(home.store.months_counted().await.expect("answers")[&november], now.plus_days(1));
        pulse(home, now.plus_days(400)).count().await.expect("counts");
        assert_eq!(wrote().await, None);
        assert_eq!(home.store.months(&home.ana).await.expect("answers").len(), 13);
    }

    async fn sessions_count_with_who_came_unless_they_are_for_named_people(home: &Home) {
        let [bo, cy, di] = [home.member("bo").await, home.member("cy").await, home.member("di").await];
        let soup = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let few = NewGathering { named: vec![bo.id], ..home.new_gathering("For few", Audience::Named) };
        let few = home.store.keep_gathering(&home.ana, &few).await.expect("keeps");
        came(home, &soup, date("2026-12-03"), &[&bo, &cy]).await;
        came(home, &soup, date("2026-12-10"), &[&bo]).await;
        came(home, &soup, date("2026-12-17"), &[&bo]).await;
        for day in ["2026-12-03", "2026-12-10", "2026-12-17"] {
            came(home, &few, date(day), &[&bo, &di]).await;
        }
        let kept = home.kept(&soup).await;
        let now = Timestamp::from(date("2026-12-20").and_hms_opt(12, 0, 0).expect("noon").and_utc());
        home.answer(&cy, &kept, date("2026-12-24"), Answer::Yes, "").await;
        pulse(home, now).count().await.expect("counts");
        let (_, december) = *home.store.months(&di).await.expect("answers").last().expect("counted");
        assert_eq!((december.sessions, december.came), (3, 2));
        let rhythms: BTreeMap<_, _> = home.store.rhythms(&home.host(), (date("2026-11-01"), date("2099-01-01")), now).await.expect("answers").into_iter().collect();
        assert_eq!(rhythms[&bo.id], Rhythm { days: 3, first: date("2026-12-03"), last: date("2026-12-17") });
        assert_eq!(rhythms[&cy.id].days, 2, "an answer shows somebody about, too");
        assert!(!rhythms.contains_key(&di.id), "where only some may look, nobody was seen");
        // The series and its core: by name for hosts, in a number for all, and what one may not see not at all.
        let pulse = pulse(home, now);
        let cores = pulse.cores(&home.host()).await.expect("answers");
        let told: Vec<_> = cores.iter().map(|core| (core.title.as_str(), core.sessions, core.who.iter().map(|who| who.id).collect())).collect();
        assert_eq!(told, [("For few", 3, vec![bo.id, di.id]), ("Soup", 3, vec![bo.id])]);
        let series = async |me: &Me| pulse.together(me).await.expect("answers").series.into_iter().map(|(_, title, _)| title).collect::<Vec<_>>();
        assert_eq!(series(&bo).await, ["For few", "Soup"]);
        assert_eq!(series(&cy).await, ["Soup"]);
        assert_eq!(pulse.mine(&bo).await.expect("answers").comes_to.len(), 2);
        assert_eq!(pulse.mine(&cy).await.expect("answers").comes_to, []);
    }

    async fn who_drifts_is_told_with_what_the_host_may_see_and_nothing_else(home: &Home) {
        let [bo, cy, di] = [home.member("bo").await, home.member("cy").await, home.member("di").await];
        let eve = host(home, "eve").await;
        for day in 0..6 {
            let at = |hour: i64| BEGINNING.plus_days(2 * day).plus_seconds(3600 * hour);
            let post = home.store.keep_post(&cy, &NewPost { at: at(1), ..home.text("Look.") }).await.expect("keeps");
            home.store.keep_reply(&bo, post, &NewPost { at: at(2), ..home.text("Seen.") }).await.expect("keeps");
            let secret = NewPost { audience: Audience::Named, named: vec![bo.id], at: at(3), ..home.text("Secret.") };
            let secret = home.store.keep_post(&di, &secret).await.expect("keeps");
            for hour in 4..6 {
                home.store.keep_reply(&bo, secret, &NewPost { at: at(hour), ..home.text("Hush.") }).await.expect("keeps");
            }
        }
        let now = BEGINNING.plus_days(31);
        let told = async |host: &domain::viewer::Host, now: Timestamp| pulse(home, now).drifting(host).await.expect("answers");
        pulse(home, now).count().await.expect("counts");
        let drifts = told(&home.host(), now).await;
        let names: Vec<&str> = drifts.iter().map(|one| one.who.name.as_str()).collect();
        assert_eq!(names, ["bo", "cy"], "di was never seen");
        assert_eq!(drifts[0].rhythm.in_words(), "every other day");
        assert_eq!(drifts[0].talks_with.iter().map(|who| who.name.as_str()).collect::<Vec<_>>(), ["cy"], "with whom else is not the host's to know");
        let last = drifts[0].wrote.map(|(_, at)| at);
        assert_eq!(last, Some(BEGINNING.plus_days(10).plus_seconds(2 * 3600)), "nor what they wrote to others");
        // Who wrote to a host where others don't read it has been here, for that host.
        let mail = NewPost { audience: Audience::Named, named: vec![home.ana.id], at: now.plus_days(-1), ..home.text("I am well.") };
        home.store.keep_post(&bo, &mail).await.expect("keeps");
        let names = async |host: &domain::viewer::Host, now| told(host, now).await.into_iter().map(|one| one.who.name.to_string()).collect::<Vec<_>>();
        assert_eq!(names(&home.host(), now).await, ["cy"]);
        assert_eq!(names(&eve, now).await, ["bo", "cy"]);
        // They are left be for all hosts, for some time.
        assert!(pulse(home, now).leave_be(&eve, "cy").await.expect("keeps"));
        assert!(!pulse(home, now).leave_be(&eve, "nobody").await.expect("answers"));
        assert_eq!(names(&home.host(), now).await, Vec::<String>::new());
        let left: Vec<_> = pulse(home, now).left_be(&home.host()).await.expect("answers").into_iter().map(|left| (left.who.id, left.until)).collect();
        assert_eq!(left, [(cy.id, now.plus_days(60))]);
        assert_eq!(names(&home.host(), now.plus_days(61)).await, ["bo", "cy"], "until then; and bo has been away as long");
        assert!(pulse(home, now).look_out_for(&home.host(), "cy").await.expect("keeps"));
        assert_eq!(names(&home.host(), now).await, ["cy"]);
        assert_eq!(pulse(home, now).left_be(&home.host()).await.expect("answers"), []);
    }

    async fn whom_nobody_spoke_with_is_known_as_far_as_the_host_may_see_it(home: &Home) {
        let people = [home.member("bo").await, home.member("cy").await, home.member("di").await, home.member("eve").await, home.member("fay").await];
        let [bo, cy, di, eve, fay] = &people;
        let other = host(home, "gil").await;
        let asked = home.post(bo, "Who has a ladder?").await;
        home.reply(cy, asked, "I do.").await;
        let secret = home.post_for(di, Audience::Named, &[fay]).await;
        home.reply(fay, secret, "Hush.").await;
        home.post(di, "Hello?").await;
        home.post(eve, "Hello!").await;
        let late = home.post(fay, "Rain again.").await;
        let now = BEGINNING.plus_days(2);
        let names = async |host: &domain::viewer::Host| {
            pulse(home, now).count().await.expect("counts");
            let unspoken = pulse(home, now).unspoken(host).await.expect("answers");
            unspoken.into_iter().map(|one| one.who.name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(names(&home.host()).await, ["fay", "eve", "di", "cy"], "cy answered, and bo has not come back yet");
        home.reply(bo, asked, "Thank you.").await;
        assert_eq!(names(&home.host()).await, ["fay", "eve", "di"]);
        // What a host wrote to somebody privately is known to that host.
        home.store.keep_post(&home.ana, &NewPost { audience: Audience::Named, named: vec![eve.id], ..home.text("Hello Eve.") }).await.expect("keeps");
        assert_eq!(names(&home.host()).await, ["fay", "di"]);
        assert_eq!(names(&other).await, ["fay", "eve", "di"]);
        // Whoever sat at a table with others has been spoken with.
        let soup = home.gathering(&home.ana, "Soup", Audience::Community).await;
        came(home, &soup, date("2026-12-03"), &[di]).await;
        let december = BEGINNING.plus_days(29);
        pulse(home, december.plus_days(5)).count().await.expect("counts");
        let unspoken = pulse(home, december).unspoken(&home.host()).await.expect("answers");
        assert_eq!(unspoken.iter().map(|one| (one.who.name.as_str(), one.wrote.map(|(post, _)| post))).collect::<Vec<_>>(), [("fay", Some(late))]);
        home.reply(bo, late, "And snow.").await;
        assert_eq!(names(&other).await, ["eve"]);
    }

    async fn a_newcomers_first_word_waits_for_its_answer(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let hello = home.post(&bo, "Hello, I am Bo.").await;
        home.post_for(&cy, Audience::Named, &[&bo]).await;
        let now = BEGINNING.plus_days(2);
        let waits = async |now: Timestamp| {
            let found = pulse(home, now).unanswered(&home.host()).await.expect("answers");
            found.into_iter().map(|one| (one.who.name.to_string(), one.post, one.first.answered.is_some())).collect::<Vec<_>>()
        };
        assert_eq!(waits(BEGINNING.plus_seconds(7200)).await, [], "a day has not passed");
        assert_eq!(waits(now).await, [("bo".to_owned(), hello, false)], "what is for others is no first word that a host may see");
        home.store.keep_reply(&cy, hello, &NewPost { at: now, ..home.text("Hello Bo.") }).await.expect("keeps");
        assert_eq!(waits(now).await, [("bo".to_owned(), hello, true)], "it came late");
        assert_eq!(waits(BEGINNING.plus_days(40)).await, [], "they are no newcomer any more");
        // Whoever begins with an answer is answered when the other comes back to it.
        let eve = home.member("eve").await;
        let open = home.post(&bo, "Who has a ladder?").await;
        let first = home.reply(&eve, open, "I do, and hello.").await;
        let names = waits(now).await.into_iter().map(|(name, ..)| name).collect::<Vec<_>>();
        assert_eq!(names, ["eve", "bo"]);
        home.reply(&bo, open, "Thank you, and welcome.").await;
        assert!(waits(now).await.iter().all(|(_, post, _)| *post != first));
    }

    async fn each_is_told_their_own_conversations_and_nobody_elses(home: &Home) {
        let [bo, cy, di] = [home.member("bo").await, home.member("cy").await, home.member("di").await];
        let secret = home.post_for(&bo, Audience::Named, &[&cy]).await;
        home.reply(&cy, secret, "Hush.").await;
        let back = NewPost { at: BEGINNING.plus_days(1), ..home.text("Shh.") };
        home.store.keep_reply(&bo, secret, &back).await.expect("keeps");
        let open = home.post(&di, "Who has a ladder?").await;
        home.reply(&bo, open, "I do.").await;
        home.reply(&cy, open, "I do.").await;
        let now = BEGINNING.plus_days(3);
        let talked_with = async |me: &Me| {
            let mine = pulse(home, now).mine(me).await.expect("answers");
            mine.talked_with.into_iter().map(|(who, _)| who.name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!((talked_with(&bo).await, talked_with(&cy).await), (vec!["cy".to_owned()], vec!["bo".to_owned()]));
        assert_eq!((talked_with(&di).await, talked_with(&home.ana).await), (Vec::<String>::new(), Vec::new()));
        home.reply(&di, open, "Thank you both.").await;
        assert_eq!(talked_with(&di).await.len(), 2);
        assert_eq!(talked_with(&bo).await, ["cy", "di"], "the latest first");
        // What is for the two of them is in no figure.
        pulse(home, now).count().await.expect("counts");
        let (_, november) = *home.store.months(&di).await.expect("answers").last().expect("counted");
        assert_eq!((november.conversations, november.talked, november.wrote), (1, 3, 3));
    }

    async fn whoever_is_removed_vanishes_from_the_pulse(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        for day in 0..6 {
            let post = home.store.keep_post(&cy, &NewPost { at: BEGINNING.plus_days(day), ..home.text("Look.") }).await.expect("keeps");
            home.store.react(&bo, post, "🍲", true, BEGINNING.plus_days(day).plus_seconds(60)).await.expect("keeps");
        }
        let now = BEGINNING.plus_days(25);
        pulse(home, now).count().await.expect("counts");
        let rhythms = async || home.store.rhythms(&home.host(), (date("2026-01-01"), date("2099-01-01")), now).await.expect("answers");
        let found = rhythms().await;
        let last = found.iter().map(|(_, rhythm)| rhythm.last).max().expect("one");
        let until = async |day| home.store.rhythms(&home.host(), (date("2026-01-01"), day), now).await.expect("answers").len();
        assert_eq!((until(last).await, until(last.pred_opt().expect("a day")).await), (2, 0), "who came since is not asked about");
        assert_eq!(drifting(found, date("2026-11-27")).len(), 2);
        let month = Month::of(date("2026-11-02"), &Zone::utc());
        let happened = home.store.happened(&month).await.expect("answers");
        assert!(pulse(home, now).leave_be(&home.host(), "bo").await.expect("keeps"));
        remove(home, &bo).await;
        assert_eq!(rhythms().await.into_iter().map(|(who, _)| who).collect::<Vec<_>>(), [cy.id]);
        assert_eq!(pulse(home, now).left_be(&home.host()).await.expect("answers"), []);
        // Whoever was removed while it was counted is not kept again.
        let counted = domain::pulse::counting::count(&month, &happened, &Zone::utc(), now);
        home.store.keep_month(&month, &counted, date("2025-11-01"), now).await.expect("keeps");
        assert_eq!(rhythms().await.len(), 1);
        pulse(home, now.plus_days(1)).count().await.expect("counts");
        let (hours, _) = home.store.hours(Timestamp(0)).await.expect("answers");
        assert_eq!(hours.values().sum::<u32>(), 6, "nor do their reactions count any more");
    }

    async fn a_lively_afternoon_that_falls_silent_is_noticed(home: &Home) {
        let bo = home.member("bo").await;
        let quiet_at = BEGINNING.plus_days(70).plus_seconds(80 * 60);
        for week in 1..=10 {
            for minute in 0..5 {
                let at = BEGINNING.plus_days(70 - 7 * week).plus_seconds(60 * (3 + minute));
                home.store.keep_post(&bo, &NewPost { at, ..home.text("Here.") }).await.expect("keeps");
            }
        }
        home.post_for(&bo, Audience::Named, &[&home.ana]).await;
        pulse(home, quiet_at).count().await.expect("counts");
        let lively = async |now| pulse(home, now).liveliness(&home.host()).await.expect("answers");
        let found = lively(quiet_at).await;
        let quiet = found.quiet.expect("quiet");
        assert_eq!((quiet.usual.low, quiet.usual.high, quiet.came), (5, 5, 0));
        assert_eq!(found.today[12].usual.low, 5);
        assert_eq!(lively(quiet_at.plus_seconds(6 * 3600)).await.quiet, None, "in the evening it always is");
        // What comes now is seen at once, and what is for named people is not.
        for minute in 0..3 {
            home.store.keep_post(&bo, &NewPost { at: quiet_at.plus_seconds(minute - 60), ..home.text("Here.") }).await.expect("keeps");
        }
        assert_eq!(lively(quiet_at).await.quiet, None);
    }
}
