//! Who waits for an answer, what could be said, and that what is to come is said once.

use crate::home::{Home, handle, refusal};
use chrono::{NaiveDate, NaiveTime};
use domain::{
    gatherings::{
        attendance::KnownBy,
        room::{NewAttendance, Place, RoomStore},
    },
    ids::PostId,
    live::Hint,
    notifications::{Happening, NotificationStore},
    people::{PeopleStore, Role},
    sparks::{
        SparkRefusal,
        coming::{Coming, ComingStore, Held, MOST_TO_COME, NewComing},
        prompts::{Kind, MOST_OWN, Mood, PromptForm, PromptRefusal, PromptStore},
        proposals::{PAUSED_DAYS, ProposalStore},
        unanswered::UnansweredStore,
        went::{Became, Spark, TWICE_SECONDS, WentStore},
    },
    time::{Timestamp, Zone},
    timeline::{Audience, NewPost, TimelineStore},
    viewer::Host,
};
use std::collections::{BTreeMap, BTreeSet};
use store::Store;

/// Which posts wait, as the host sees it.
async fn waiting(home: &Home, host: &Host) -> Vec<PostId> {
    let posts = home.store.unanswered(host, (home.now().plus_days(-14), home.now().plus_days(1)), 9).await.expect("answers");
    posts.into_iter().map(|post| post.post).collect()
}

/// Another host.
async fn second_host(home: &Home, name: &str) -> Host {
    let me = home.member(name).await;
    home.store.save_role(&home.admin(), &handle(name), Role::Host).await.expect("a host");
    crate::home::viewer(&home.again(&me).await).host().expect("a host")
}

fn weekly(words: &[&str]) -> NewComing {
    NewComing {
        wordings: words.iter().map(|&words| words.to_owned()).collect(),
        prompt: Some("monday".into()),
        date: NaiveDate::from_ymd_opt(2026, 11, 30).expect("a date"),
        time: NaiveTime::from_hms_opt(9, 0, 0).expect("a time"),
        weekly: true,
    }
}

fn week(later: u64) -> Option<NaiveDate> {
    Some(weekly(&[]).date + chrono::Days::new(7 * later))
}

/// The only spark to come.
async fn only(home: &Home) -> Coming {
    let mut all = home.store.coming(&home.host()).await.expect("answers");
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

async fn went(home: &Home) -> Vec<Spark> {
    home.store.went(&home.host(), Timestamp(0), 9).await.expect("answers")
}

fn words(of: &Spark) -> (&'static str, &str) {
    match &of.became {
        Became::Led(led) => ("led", &led.excerpt),
        Became::TakenBack => ("taken back", ""),
        Became::Late { words, .. } => ("late", words),
        Became::NoHost { words } => ("no host", words),
        Became::Stopped { words, .. } => ("stopped", words),
    }
}

laws! {
    async fn a_post_waits_until_somebody_else_answers_or_reacts_or_a_host_says_it_needs_none(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let host = home.host();
        let answered = home.post(&bo, "Answered?").await;
        let reacted = home.post(&bo, "Liked?").await;
        let alone = home.post(&bo, "Has anybody a kiln?").await;
        let aside = home.post(&bo, "Good night.").await;
        let back = home.post(&bo, "Never mind.").await;
        let own = home.post(&home.ana, "The host's own.").await;
        home.post_for(&bo, Audience::Named, &[&cy]).await;
        let named = home.post_for(&bo, Audience::Named, &[&home.ana]).await;
        home.gathering(&bo, "Soup night", Audience::Community).await;
        let old = NewPost { at: home.now().plus_days(-15), ..home.text("Long ago.") };
        home.store.keep_post(&bo, &old).await.expect("keeps");
        home.store.send_now(&second_host(home, "di").await, &home.text("A spark?"), None).await.expect("sends");
        assert!(home.store.take_back(&bo, back).await.expect("answers"));
        home.reply(&cy, answered, "Yes.").await;
        home.reply(&bo, alone, "Nobody?").await;
        home.store.react(&cy, reacted, "🍲", true, home.now()).await.expect("reacts");
        home.store.react(&bo, alone, "🍲", true, home.now()).await.expect("reacts");
        assert_eq!(waiting(home, &host).await, [named, aside, alone], "the newest first; what oneself adds is no answer");

        home.store.set_aside(&host, aside, true, home.now()).await.expect("keeps");
        home.store.set_aside(&host, aside, true, home.now()).await.expect("keeps");
        home.store.set_aside(&host, PostId(7), true, home.now()).await.expect("nothing is set aside anyway");
        assert_eq!(waiting(home, &host).await, [named, alone]);
        let other = second_host(home, "ed").await;
        assert_eq!(waiting(home, &other).await, [own, alone], "said for all hosts; and a host sees what they may see");
        home.store.set_aside(&other, named, true, home.now()).await.expect("nothing");
        home.store.set_aside(&other, aside, false, home.now()).await.expect("keeps");
        assert_eq!(waiting(home, &host).await, [named, aside, alone], "nobody sets aside what they may not see");

        let posts = home.store.unanswered(&host, (Timestamp(0), home.now().plus_days(1)), 9).await.expect("answers");
        let told: Vec<_> = posts.iter().map(|post| (post.says.as_str(), post.asks.is_some(), post.named, post.by.name.as_str())).collect();
        assert!(told.contains(&("Has anybody a kiln?", true, false, "bo")) && told.contains(&("Good night.", false, false, "bo")), "{told:?}");
        let removed = home.reply(&cy, alone, "Yes!").await;
        assert!(!waiting(home, &host).await.contains(&alone));
        assert!(home.store.take_back(&cy, removed).await.expect("answers"));
        assert!(waiting(home, &host).await.contains(&alone), "an answer that was taken back is none");
        let young = home.store.unanswered(&host, (home.now().plus_days(-14), home.now().plus_days(-1)), 9).await.expect("answers");
        assert!(young.is_empty(), "what is not a day old does not wait yet");
        assert_eq!(home.store.unanswered(&host, (Timestamp(0), home.now().plus_days(1)), 1).await.expect("answers").len(), 1);
    }

    async fn the_words_behind_a_content_note_are_not_shown_where_a_post_waits(home: &Home) {
        let bo = home.member("bo").await;
        let folded = NewPost { note: Some("A hospital".into()), ..home.text("It went badly?") };
        home.store.keep_post(&bo, &folded).await.expect("keeps");
        let posts = home.store.unanswered(&home.host(), (Timestamp(0), home.now().plus_days(1)), 9).await.expect("answers");
        assert_eq!(posts.iter().map(|post| (post.says.as_str(), post.folded)).collect::<Vec<_>>(), [("A hospital", true)]);
    }

    async fn what_a_host_may_see_and_everybody_could_is_what_proposals_are_made_of(home: &Home) {
        let [bo, cy] = [home.member("bo").await, home.member("cy").await];
        let host = home.host();
        let later = home.now().plus_days(PAUSED_DAYS + 1);
        let root = home.post(&bo, "A kiln").await;
        home.reply(&cy, root, "Whose?").await;
        let last = home.reply(&bo, root, "And who fires it?").await;
        let secret = home.post_for(&bo, Audience::Named, &[&cy, &home.ana]).await;
        home.reply(&bo, secret, "Our secret?").await;
        let folded = NewPost { note: Some("A hospital".into()), ..home.text("Oh") };
        let folded = home.store.keep_post(&bo, &folded).await.expect("keeps");
        home.reply(&bo, folded, "Is it bad?").await;
        let statement = home.post(&bo, "A statement").await;
        home.reply(&cy, statement, "So it is.").await;

        let grounds = home.store.what_is_here(&host, later, &Zone::utc()).await.expect("answers");
        let endings: Vec<_> = grounds.endings.iter().map(|end| (end.reply, end.root, end.words.as_str(), end.voices.len())).collect();
        assert_eq!(endings, [(last, root, "And who fires it?", 2)], "nothing for named people, nothing from behind a note");
        let joined: Vec<_> = grounds.joined.iter().map(|(who, _)| who.name.as_str()).collect();
        assert_eq!(joined, ["bo", "cy"], "a host is not told of themselves");
        assert!(grounds.founded_at.is_some());
        let early = home.store.what_is_here(&host, home.now(), &Zone::utc()).await.expect("answers");
        assert!(early.endings.is_empty(), "it has not waited yet");
        home.store.set_aside(&host, last, true, home.now()).await.expect("keeps");
        let aside = home.store.what_is_here(&host, later, &Zone::utc()).await.expect("answers");
        assert!(aside.endings.is_empty(), "nor what a host set aside");
    }

    async fn an_evening_of_last_year_is_one_that_everybody_could_come_to(home: &Home) {
        let bo = home.member("bo").await;
        let mut titles = Vec::new();
        for (title, audience) in [("Soup night", Audience::Community), ("Open day", Audience::Public), ("Secret", Audience::Named)] {
            let mut new = home.new_gathering(title, audience);
            if audience == Audience::Named {
                new.named = vec![bo.id];
            }
            let slug = domain::gatherings::GatheringStore::keep_gathering(&home.store, &home.ana, &new).await.expect("keeps");
            let kept = home.kept(&slug).await;
            let place = Place { gathering: kept.id, session: kept.session(kept.schedule.first).expect("a session") };
            let new = NewAttendance { members: BTreeMap::from([(bo.id, true)]), known_by: KnownBy::Themselves, others: None, at: home.now() };
            home.store.keep_attendance(place, &new).await.expect("keeps");
            titles.push((title, kept.session(kept.schedule.first).expect("a session").starts_at));
        }
        let year_later = titles[0].1.plus_days(366);
        let grounds = home.store.what_is_here(&home.host(), year_later, &Zone::utc()).await.expect("answers");
        let mut evenings: Vec<_> = grounds.evenings.iter().map(|evening| (evening.title.as_str(), evening.came)).collect();
        evenings.sort_unstable();
        assert_eq!(evenings, [("Open day", 1), ("Soup night", 1)]);
        let half_a_year = home.store.what_is_here(&home.host(), titles[0].1.plus_days(180), &Zone::utc()).await.expect("answers");
        assert!(half_a_year.evenings.is_empty());
    }

    async fn hosts_share_their_prompts(home: &Home) {
        let (host, other) = (home.host(), second_host(home, "bo").await);
        let tea = PromptForm { words: "Tea or coffee?".into(), kind: Kind::Food, mood: Mood::Warm };
        home.store.keep_prompt(&host, None, &tea, home.now()).await.expect("keeps");
        let kept = home.store.prompts(&other).await.expect("answers");
        assert_eq!(kept.iter().map(|prompt| (prompt.words.as_str(), prompt.kind, prompt.mood)).collect::<Vec<_>>(), [("Tea or coffee?", Kind::Food, Mood::Warm)]);
        assert_eq!(kept[0].by.as_ref().map(|by| by.id), Some(home.ana.id));
        let reworded = PromptForm { words: "Tea?".into(), ..tea.clone() };
        home.store.keep_prompt(&other, Some(kept[0].id), &reworded, home.now()).await.expect("keeps");
        assert_eq!(home.store.prompts(&host).await.expect("answers")[0].words, "Tea?");
        home.store.remove_prompt(&other, kept[0].id).await.expect("removes");
        home.store.remove_prompt(&other, kept[0].id).await.expect("there is none to remove");
        assert!(home.store.prompts(&host).await.expect("answers").is_empty());
        assert_eq!(refusal(home.store.keep_prompt(&other, Some(kept[0].id), &tea, home.now()).await), PromptRefusal::Gone);
        for _ in 0..MOST_OWN {
            home.store.keep_prompt(&host, None, &tea, home.now()).await.expect("keeps");
        }
        assert_eq!(refusal(home.store.keep_prompt(&host, None, &tea, home.now()).await), PromptRefusal::TooMany);
    }

    async fn a_spark_of_two_processes_is_sent_once_and_told_as_every_post(home: &Home) {
        let bo = home.member("bo").await;
        home.store.plan(&home.host(), &weekly(&["First?", "Second?"]), home.now()).await.expect("plans");
        let due = home.store.due(weekly(&[]).date).await.expect("answers");
        assert_eq!(due.len(), 1);
        assert!(home.store.due(weekly(&[]).date - chrono::Days::new(1)).await.expect("answers").is_empty());
        let post = NewPost { mentioned: vec![bo.id], ..home.text("First?") };
        let before = home.newest().await;
        // As another process has it: connections of its own to the same database.
        let other = Store::open(&home.place.location).await.expect("opens");
        let tries = (0..12).map(|number| {
            let store = if number % 2 == 0 { home.store.clone() } else { other.clone() };
            let (seen, post) = (due[0].clone(), post.clone());
            tokio::spawn(async move { store.send(&seen, &post, week(1)).await.expect("answers") })
        });
        let mut sent = Vec::new();
        for one in tries.collect::<Vec<_>>() {
            sent.extend(one.await.expect("ends"));
        }
        assert_eq!(sent.len(), 1, "twelve tried, one sent");
        other.close().await;
        let post = home.store.post(&crate::home::viewer(&bo), sent[0]).await.expect("answers").expect("there");
        assert_eq!((post.author.id, post.audience), (home.ana.id, Audience::Community));
        let told = home.told_after(before).await;
        assert!(told.iter().any(|entry| entry.only.is_none() && matches!(entry.hint, Hint::Posted { post } if post == sent[0])), "{told:?}");
        let notices = home.store.notifications(&bo, None, 9).await.expect("answers");
        assert!(notices.iter().any(|line| matches!(line.happening, Happening::Mentioned { .. })), "{notices:?}");
        let next = only(home).await;
        assert_eq!((Some(next.new.date), next.turn, next.words()), (week(1), 1, "Second?"));
        assert_eq!(went(home).await.iter().map(words).collect::<Vec<_>>(), [("led", "First?")]);
    }

    async fn a_spark_for_a_day_comes_no_more_once_it_was_sent(home: &Home) {
        home.store.plan(&home.host(), &NewComing { weekly: false, ..weekly(&["Once?"]) }, home.now()).await.expect("plans");
        let seen = only(home).await;
        assert!(home.store.send(&seen, &home.text("Once?"), None).await.expect("answers").is_some());
        assert!(home.store.send(&seen, &home.text("Once?"), None).await.expect("answers").is_none());
        assert!(home.store.coming(&home.host()).await.expect("answers").is_empty());
    }

    async fn nothing_is_said_in_the_name_of_somebody_who_is_no_host_any_more(home: &Home) {
        let host = second_host(home, "bo").await;
        home.store.plan(&host, &weekly(&["Mine?"]), home.now()).await.expect("plans");
        assert!(only(home).await.by_host);
        home.store.save_role(&home.admin(), &handle("bo"), Role::Member).await.expect("a member");
        let seen = only(home).await;
        assert!(!seen.by_host);
        let posts = async || home.store.timeline(&crate::home::viewer(&home.ana), &Default::default(), 9).await.expect("answers").len();
        let before = posts().await;
        assert_eq!(home.store.send(&seen, &home.text("Mine?"), week(1)).await.expect("answers"), None);
        assert_eq!(posts().await, before);
        assert!(home.store.coming(&home.host()).await.expect("answers").is_empty(), "nor next week");
        let gone = went(home).await;
        assert_eq!(gone.iter().map(words).collect::<Vec<_>>(), [("no host", "Mine?")]);
        assert_eq!(gone[0].by.as_ref().map(|by| by.name.as_str()), Some("bo"));
    }

    async fn what_was_missed_is_told_and_not_sent(home: &Home) {
        home.store.plan(&home.host(), &weekly(&["First?", "Second?"]), home.now()).await.expect("plans");
        let seen = only(home).await;
        home.store.miss(&seen, 2, week(3), home.now()).await.expect("keeps");
        home.store.miss(&seen, 2, week(3), home.now()).await.expect("somebody else did");
        assert_eq!(home.store.send(&seen, &home.text("First?"), week(1)).await.expect("answers"), None, "it has changed since");
        let next = only(home).await;
        assert_eq!((Some(next.new.date), next.words()), (week(3), "First?"), "its turn is still to come");
        let missed = went(home).await;
        assert_eq!(missed.len(), 1);
        assert_eq!(missed[0].became, Became::Late { words: "First?".into(), more: 2 });
    }

    async fn any_host_holds_back_and_only_the_author_rewords(home: &Home) {
        let (host, other) = (home.host(), second_host(home, "bo").await);
        home.store.plan(&host, &weekly(&["Mine?"]), home.now()).await.expect("plans");
        let seen = only(home).await;
        let says = |seen: &Coming, words: &str| seen.reworded(weekly(&[words]));
        assert!(!home.store.change(&other, &seen, &says(&seen, "Theirs?")).await.expect("answers"));
        assert_eq!(only(home).await, seen);

        assert!(home.store.hold(&other, &seen, Held::Paused, home.now()).await.expect("keeps"));
        assert!(!home.store.hold(&other, &seen, Held::Paused, home.now()).await.expect("it was seen before it changed"));
        let resting = only(home).await;
        assert_eq!((resting.paused, resting.paused_by.as_ref().map(|by| by.id)), (true, Some(other.me().id)));
        assert!(home.store.due(week(9).expect("a date")).await.expect("answers").is_empty(), "what rests is not due");
        assert_eq!(home.store.send(&seen, &home.text("Mine?"), week(1)).await.expect("answers"), None, "also where it was seen before");
        assert_eq!(home.store.send(&resting, &home.text("Mine?"), week(1)).await.expect("answers"), None);
        home.store.hold(&host, &resting, Held::On(week(2).expect("a date")), home.now()).await.expect("keeps");
        let on = only(home).await;
        assert_eq!((on.paused, on.paused_by.clone(), Some(on.new.date)), (false, None, week(2)));
        assert!(!home.store.hold(&host, &seen, Held::Stopped, home.now()).await.expect("it was seen before it changed"));
        assert!(!home.store.hold(&host, &seen, Held::On(week(5).expect("a date")), home.now()).await.expect("nor is another week left out"));
        assert!(!home.store.change(&host, &seen, &says(&seen, "Late?")).await.expect("answers"));
        assert_eq!(only(home).await, on);

        home.store.hold(&other, &on, Held::Paused, home.now()).await.expect("keeps");
        let resting = only(home).await;
        assert!(home.store.change(&host, &resting, &says(&resting, "Anew?")).await.expect("answers"));
        let anew = only(home).await;
        assert_eq!((anew.words(), anew.paused, anew.paused_by.clone(), Some(anew.new.date)), ("Anew?", true, resting.paused_by, week(2)));
        home.store.hold(&other, &only(home).await, Held::Stopped, home.now()).await.expect("keeps");
        assert!(home.store.coming(&host).await.expect("answers").is_empty());
        let Became::Stopped { by, words } = went(home).await.remove(0).became else { panic!("stopped") };
        assert_eq!((by.map(|by| by.id), words.as_str()), (Some(other.me().id), "Anew?"));
        assert!(!home.store.change(&host, &anew, &says(&anew, "Late?")).await.expect("answers"));

        home.store.plan(&host, &weekly(&["Mine?"]), home.now()).await.expect("plans");
        home.store.hold(&host, &only(home).await, Held::Stopped, home.now()).await.expect("keeps");
        assert_eq!(went(home).await.len(), 1, "what one stops oneself is no news");
    }

    async fn there_is_an_end_to_what_is_to_come(home: &Home) {
        for number in 0..MOST_TO_COME {
            home.store.plan(&home.host(), &weekly(&[&format!("Number {number}?")]), home.now()).await.expect("plans");
        }
        assert_eq!(refusal(home.store.plan(&home.host(), &weekly(&["Mine?"]), home.now()).await), SparkRefusal::TooManyToCome);
        home.store.plan(&home.host(), &weekly(&["Number 1?"]), home.now()).await.expect("that one is to come already");
    }

    async fn a_button_that_is_pressed_twice_speaks_once(home: &Home) {
        let (host, other) = (home.host(), second_host(home, "bo").await);
        let text = home.text("What are you making?");
        let tries = (0..6).map(|_| {
            let (store, host, text) = (home.store.clone(), home.host(), text.clone());
            tokio::spawn(async move { store.send_now(&host, &text, None).await.expect("sends") })
        });
        let mut posts = BTreeSet::new();
        for one in tries.collect::<Vec<_>>() {
            posts.insert(one.await.expect("ends"));
        }
        assert_eq!((posts.len(), went(home).await.len()), (1, 1), "six tried, one is said");
        let again = NewPost { at: text.at.plus_seconds(TWICE_SECONDS + 1), ..text.clone() };
        assert!(posts.insert(home.store.send_now(&host, &again, None).await.expect("sends")), "later on it is meant");
        assert!(posts.insert(home.store.send_now(&other, &text, None).await.expect("sends")), "another host says it, too");

        for by in [&host, &host, &other] {
            home.store.plan(by, &weekly(&["Each week?"]), home.now()).await.expect("plans");
        }
        home.store.plan(&host, &NewComing { weekly: false, ..weekly(&["Each week?"]) }, home.now()).await.expect("plans");
        assert_eq!(home.store.coming(&host).await.expect("answers").len(), 3);
    }

    async fn what_a_spark_led_to_is_counted_from_what_stands(home: &Home) {
        let [bo, cy, di] = [home.member("bo").await, home.member("cy").await, home.member("di").await];
        let post = home.store.send_now(&home.host(), &home.text("What are you making?"), Some("making-now")).await.expect("sends");
        let first = home.reply(&bo, post, "Soup.").await;
        home.reply(&cy, first, "Which?").await;
        home.reply(&home.ana, first, "Lovely.").await;
        let back = home.reply(&di, post, "Nothing.").await;
        assert!(home.store.take_back(&di, back).await.expect("answers"));
        home.store.react(&di, post, "🍲", true, home.now()).await.expect("reacts");
        home.store.react(&home.ana, post, "🍲", true, home.now()).await.expect("reacts");
        let spark = went(home).await.remove(0);
        assert_eq!((spark.prompt.as_deref(), spark.by.as_ref().map(|by| by.id)), (Some("making-now"), Some(home.ana.id)));
        let Became::Led(led) = spark.became else { panic!("sent") };
        assert_eq!((led.post, led.answered, led.reacted, led.between_others), (post, 2, 1, 1));
        assert!(home.store.went(&home.host(), home.now().plus_days(1), 9).await.expect("answers").is_empty());

        assert!(home.store.take_back(&home.ana, post).await.expect("answers"), "an empty place remains, since it was answered");
        let alone = home.store.send_now(&home.host(), &home.text("Anybody?"), None).await.expect("sends");
        assert!(home.store.take_back(&home.ana, alone).await.expect("answers"), "and nothing at all, where it was not");
        assert_eq!(went(home).await.iter().map(words).collect::<Vec<_>>(), [("taken back", ""), ("taken back", "")]);
        assert!(home.store.problems().await.expect("answers").is_empty());
    }

    async fn a_list_of_the_desk_is_a_fixed_number_of_queries(home: &Home) {
        let bo = home.member("bo").await;
        for number in 0..5 {
            home.post(&bo, &format!("Number {number}?")).await;
            home.store.send_now(&home.host(), &home.text("A spark?"), None).await.expect("sends");
        }
        let host = home.host();
        let before = home.store.queries();
        home.store.unanswered(&host, (Timestamp(0), home.now().plus_days(1)), 9).await.expect("answers");
        home.store.went(&host, Timestamp(0), 9).await.expect("answers");
        home.store.what_is_here(&host, home.now(), &Zone::utc()).await.expect("answers");
        assert_eq!(home.store.queries() - before, 1 + 1 + 4);
    }
}
