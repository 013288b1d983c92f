//! What somebody takes home: all that is theirs, and of nobody else.

use crate::{
    care::past_the_store,
    home::{BEGINNING, Home, chosen},
    hosting::host,
};
use domain::{
    archives::{ArchiveStore, Kind, Message, NewArchive},
    blocks::BlockStore,
    export::{Belongings, ExportStore, PictureFile, PostAddress, Somebody},
    gatherings::{
        Answer, GatheringStore, NewGathering,
        attendance::KnownBy,
        bring::{BringStore, NewList, NewTaking, Thing},
        room::{NewAttendance, Place, RoomStore},
    },
    hands::{HandsStore, Taking},
    hosting::{
        notes::NoteStore,
        sentences::{SentenceAnswer, SentenceStore},
    },
    introductions::{IntroductionStore, NewIntroduction, Pair},
    people::PeopleStore,
    prose::SafeHtml,
    sparks::{
        coming::{ComingStore, NewComing},
        prompts::{PromptForm, PromptStore},
        went::WentStore,
    },
    timeline::{Audience, NewPost, TimelineStore},
    viewer::Me,
    welcome::{
        Step, WelcomeStore,
        greeters::{GreeterStore, NewGreeting},
    },
};
use sea_orm::{ConnectionTrait, Statement};
use std::collections::{BTreeMap, BTreeSet};
use store::{DECIDED, Goes};

async fn theirs(home: &Home, me: &Me) -> Belongings {
    home.store.belongings(&home.again(me).await, home.now()).await.expect("answers")
}

/// All of it as the file says it, to look for words in.
fn words(of: &Belongings) -> String {
    format!("{of:?}")
}

fn somebody(me: &Me) -> Somebody {
    Somebody { name: me.name.to_string(), display_name: me.display_name.clone() }
}

/// The first column of all rows.
async fn names(home: &Home, sql: &str) -> Vec<String> {
    let other = past_the_store(&home.place.location).await;
    let rows = other.query_all_raw(Statement::from_string(other.get_database_backend(), sql)).await.expect("answers");
    let names = rows.iter().map(|row| row.try_get_by_index(0).expect("a name")).collect();
    other.close().await.expect("closes");
    names
}

laws! {
    async fn of_every_table_that_has_to_do_with_members_it_is_decided_whether_it_goes_along(home: &Home) {
        // Which table refers to which, as the schema says it.
        let sql = if home.place.is_sqlite() {
            "SELECT DISTINCT t.name || ' ' || f.\"table\" FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'"
        } else {
            "SELECT DISTINCT CAST(conrelid AS regclass) || ' ' || CAST(confrelid AS regclass) FROM pg_constraint WHERE contype = 'f'"
        };
        let refers: Vec<(String, String)> = names(home, sql).await.iter().map(|pair| pair.split_once(' ').map(|(from, to)| (from.into(), to.into())).expect("two tables")).collect();
        let mut members: BTreeSet<String> = BTreeSet::from(["members".to_owned()]);
        loop {
            let more: Vec<String> = refers.iter().filter(|(from, to)| members.contains(to) && !members.contains(from)).map(|(from, _)| from.clone()).collect();
            if more.is_empty() {
                break;
            }
            members.extend(more);
        }
        assert!(members.len() > 40 && members.contains("revisions") && members.contains("host_notes"), "{members:?}");
        // Columns that name a member without a reference.
        let sql = if home.place.is_sqlite() {
            "SELECT DISTINCT t.name FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND c.name LIKE '%member%'"
        } else {
            "SELECT DISTINCT CAST(table_name AS TEXT) FROM information_schema.columns WHERE table_schema = 'public' AND column_name LIKE '%member%'"
        };
        members.extend(names(home, sql).await);
        let decided: BTreeSet<String> = DECIDED.iter().map(|(table, _)| (*table).to_owned()).collect();
        assert_eq!(decided.len(), DECIDED.len(), "each table is decided once");
        let undecided: Vec<_> = members.difference(&decided).collect();
        assert!(undecided.is_empty(), "say in DECIDED (store/src/export.rs) whether what is the member's in it goes along, and why not: {undecided:?}");
        let tables: BTreeSet<String> = home.store.counts().await.expect("answers").into_iter().map(|(name, _)| name).collect();
        assert!(decided.is_subset(&tables), "{:?}", decided.difference(&tables));
        assert!(DECIDED.iter().all(|(_, Goes::Along(why) | Goes::Not(why))| why.len() > 5));
    }

    async fn what_somebody_wrote_goes_along_with_all_that_belongs_to_it(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        let portrait = home.picture(&bo, "portrait").await;
        assert!(home.store.save_portrait(&bo, Some(portrait)).await.expect("keeps"));
        let (first, second) = (home.picture(&bo, "first").await, home.picture(&bo, "second").await);
        home.picture(&cy, "somebody-elses").await;
        let new = NewPost {
            audience: Audience::Named,
            named: vec![cy.id],
            pictures: vec![chosen(second, "a pot"), chosen(first, "a ladle")],
            tags: vec!["soup".into()],
            note: Some("food".into()),
            ..home.text("my first soup")
        };
        let post = home.store.keep_post(&bo, &new).await.expect("keeps");
        home.store.save_edit(&bo, post, &NewPost { tags: vec!["soup".into(), "bread".into()], ..home.text("my best soup") }).await.expect("keeps");
        let threads = home.post(&cy, "a thread of cy").await;
        let answered = home.reply(&cy, threads, "cy goes on").await;
        let reply = home.reply(&bo, answered, "bo answers").await;
        let gone = home.post(&bo, "thought better of it").await;
        assert!(home.store.take_back(&bo, gone).await.expect("answers"));
        home.store.react(&bo, threads, "🍲", true, home.now()).await.expect("keeps");
        home.store.react(&cy, post, "❤️", true, home.now()).await.expect("keeps");

        let mine = theirs(home, &bo).await;
        assert_eq!(mine.posts.iter().map(|post| post.address).collect::<Vec<_>>(), [PostAddress(post), PostAddress(reply)]);
        let (wrote, answer) = (&mine.posts[0], &mine.posts[1]);
        assert_eq!((wrote.markdown.as_str(), wrote.html.as_str(), wrote.audience.as_str()), ("my best soup", "<p>my best soup</p>", "named"));
        assert_eq!((wrote.named.as_slice(), wrote.thread, wrote.answers), ([somebody(&cy)].as_slice(), PostAddress(post), None));
        assert_eq!(wrote.tags.iter().collect::<BTreeSet<_>>().len(), 2);
        assert_eq!(wrote.pictures, [PictureFile(second), PictureFile(first)], "in the order in which they hang");
        assert_eq!((wrote.earlier.len(), wrote.earlier[0].html.as_str(), wrote.earlier[0].note.as_deref()), (1, "<p>my first soup</p>", Some("food")));
        assert!(wrote.edited_at.is_some() && !wrote.in_room && !wrote.from_before);
        assert_eq!((answer.thread, answer.answers, answer.named.len()), (PostAddress(threads), Some(PostAddress(answered)), 0));
        assert_eq!(mine.reactions.iter().map(|one| (one.post, one.reaction.as_str())).collect::<Vec<_>>(), [(PostAddress(threads), "🍲")]);
        assert_eq!(mine.profile.picture, Some(PictureFile(portrait)));
        let pictures: Vec<_> = mine.pictures.iter().map(|picture| (picture.hash.as_str(), picture.alt.as_str(), picture.post)).collect();
        assert_eq!(pictures, [("portrait", "", None), ("first", "a ladle", Some(PostAddress(post))), ("second", "a pot", Some(PostAddress(post)))]);
        let all = words(&mine);
        for never in ["a thread of cy", "cy goes on", "thought better", "somebody-elses"] {
            assert!(!all.contains(never), "{never}: {all}");
        }
    }

    async fn who_somebody_is_goes_along_and_what_hosts_note_does_not(home: &Home) {
        let bo = home.member("bo").await;
        let cy = host(home, "cy").await;
        let propose = async |words: &str| home.store.propose_sentence(&cy, &bo.name, words, home.now()).await.expect("keeps");
        propose("Draws boats.").await;
        home.store.answer_sentence(&bo, &SentenceAnswer::Stand { seen: "Draws boats.".into() }, home.now()).await.expect("keeps");
        propose("Draws ferries.").await;
        assert!(NoteStore::keep_note(&home.store, &cy, &bo.name, "Owes me a ladle.", home.now()).await.expect("keeps"));
        assert!(NoteStore::keep_note(&home.store, &cy, &home.ana.name, "Sings flat.", home.now()).await.expect("keeps"));
        WelcomeStore::put_off(&home.store, &bo, Step::Line, true).await.expect("keeps");
        home.store.save_greets(&bo, true).await.expect("keeps");
        let mine = theirs(home, &bo).await;
        let said = |sentence: &Option<domain::export::Sentence>| sentence.clone().map(|one| (one.words, one.by));
        assert_eq!(said(&mine.sentence.stands), Some(("Draws boats.".into(), Some(somebody(cy.me())))));
        assert_eq!(said(&mine.sentence.waits), Some(("Draws ferries.".into(), Some(somebody(cy.me())))));
        assert_eq!((mine.profile.name.as_str(), mine.profile.role.as_str(), mine.profile.zone.as_str()), ("bo", "member", "UTC"));
        assert_eq!(mine.profile.invited_by, Some(somebody(&home.ana)));
        assert_eq!((mine.welcome.put_off.len(), mine.welcome.greets), (1, true));
        assert_eq!((mine.mail.address, mine.mail.reminders), (None, true));
        // Not the note about them, nor, where they are a host, what they noted of others.
        for all in [words(&theirs(home, &bo).await), words(&theirs(home, cy.me()).await)] {
            for never in ["ladle", "flat", "hash of"] {
                assert!(!all.contains(never), "{never}: {all}");
            }
        }
    }

    async fn what_somebody_keeps_and_where_they_come_goes_along(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        let soup = NewGathering { cohosts: vec![bo.id], ..home.new_gathering("Soup", Audience::Public) };
        let soup = home.kept(&home.store.keep_gathering(&home.ana, &soup).await.expect("keeps")).await;
        let own = NewGathering { named: vec![home.ana.id], ..home.new_gathering("Boats", Audience::Named) };
        home.store.keep_gathering(&bo, &own).await.expect("keeps");
        home.store.keep_gathering(&cy, &home.new_gathering("Songs of cy", Audience::Community)).await.expect("keeps");
        let hidden = NewGathering { named: vec![home.ana.id], ..home.new_gathering("Secret", Audience::Named) };
        home.store.keep_gathering(&cy, &hidden).await.expect("keeps");
        let date = soup.schedule.first;
        let place = Place { gathering: soup.id, session: soup.session(date).expect("a session") };
        home.answer(&bo, &soup, date, Answer::Yes, "I bring a friend").await;
        home.answer(&cy, &soup, date, Answer::No, "Not in the mood").await;
        let taking = |name: &str| NewTaking { name: name.into(), many: 1, seen: 0, at: home.now() };
        let list = NewList::Usual(vec![Thing { name: "bread".into(), needed: 2 }]);
        home.store.keep_list(place, "", &list).await.expect("keeps");
        assert!(BringStore::bring(&home.store, &bo, place, &taking("bread")).await.expect("keeps"));
        let came = NewAttendance { members: BTreeMap::from([(bo.id, true), (cy.id, true)]), known_by: KnownBy::Host, others: None, at: home.now() };
        home.store.keep_attendance(place, &came).await.expect("keeps");
        RoomStore::keep_note(&home.store, place, ("A good pot.", &SafeHtml::from_sanitizer("<p>A good pot.</p>".into())), true).await.expect("keeps");
        let hung = home.picture(&bo, "hung").await;
        home.store.hang_up(&bo, place, &[chosen(hung, "the pot")], "Hands", home.now()).await.expect("hangs");

        let mine = theirs(home, &bo).await;
        let kept: Vec<_> = mine.gatherings.iter().map(|one| (one.title.as_str(), one.planned, one.audience.as_str())).collect();
        assert_eq!(kept, [("Soup", false, "public"), ("Boats", true, "named")]);
        let rhythm = &mine.gatherings[0].rhythm;
        assert_eq!((rhythm.rule.as_deref(), rhythm.start_time.len()), (Some("FREQ=WEEKLY;BYDAY=TH"), "19:30".len()));
        assert_eq!(mine.gatherings[0].sessions[0].keepsake_html.as_str(), "<p>A good pot.</p>");
        assert_eq!(mine.gatherings[0].things, [Thing { name: "bread".into(), needed: 2 }]);
        assert_eq!(mine.gatherings[0].sessions.iter().map(|one| (one.date, one.keepsake.as_str(), one.keepsake_published)).collect::<Vec<_>>(), [(date, "A good pot.", true)]);
        assert_eq!(mine.gatherings[1].named, [somebody(&home.ana)]);
        assert_eq!(mine.rsvps.iter().map(|one| (one.answer.as_str(), one.note.as_str(), one.session.date)).collect::<Vec<_>>(), [("yes", "I bring a friend", date)]);
        assert_eq!(mine.attendance.iter().map(|one| (one.came, one.known_by)).collect::<Vec<_>>(), [(true, "host")]);
        assert_eq!(mine.bringing.iter().map(|one| (one.thing.as_str(), one.many)).collect::<Vec<_>>(), [("bread", 1)]);
        assert_eq!(mine.wall.iter().map(|one| (one.picture, one.turn.as_str())).collect::<Vec<_>>(), [(PictureFile(hung), "Hands")]);
        let all = words(&mine);
        for never in ["Songs", "Secret", "mood"] {
            assert!(!all.contains(never), "{never}: {all}");
        }
    }

    async fn of_a_session_to_which_one_is_not_asked_any_more_only_ones_own_goes_along(home: &Home) {
        let bo = home.member("bo").await;
        let slug = home.gathering(&home.ana, "Boats", Audience::Community).await;
        let kept = home.kept(&slug).await;
        home.answer(&bo, &kept, kept.schedule.first, Answer::Yes, "gladly").await;
        let other = past_the_store(&home.place.location).await;
        other.execute_unprepared("UPDATE gatherings SET only_named = TRUE").await.expect("runs");
        other.close().await.expect("closes");
        let mine = theirs(home, &bo).await;
        assert_eq!(mine.rsvps.iter().map(|one| (one.note.as_str(), &one.session.gathering)).collect::<Vec<_>>(), [("gladly", &None)]);
        assert!(!words(&mine).contains("Boats"));
    }

    async fn of_an_introduction_goes_along_what_was_said_of_oneself(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        let pair = Pair::of(bo.id, cy.id).expect("two people");
        let text = home.text("@bo, meet @cy. He sings at dawn.\n\n@cy, meet @bo. She draws boats.\n\nYou both begin early.");
        let post = NewPost { audience: Audience::Named, named: pair.both().to_vec(), ..text };
        let thread = home.store.introduce(&home.host(), &NewIntroduction { pair, post }).await.expect("keeps");
        home.store.save_greets(&bo, true).await.expect("keeps");
        home.store.ask_greeter(&home.host(), NewGreeting { newcomer: cy.id, greeter: bo.id, since: BEGINNING, at: home.now() }).await.expect("asks");
        assert!(theirs(home, &bo).await.greetings.is_empty(), "they have not agreed yet");
        assert!(home.store.answer_greeting(&bo, &cy.name, true, home.now()).await.expect("keeps"));
        BlockStore::block(&home.store, &bo, home.ana.id, BEGINNING).await.expect("keeps");
        let mine = theirs(home, &bo).await;
        assert_eq!(mine.blocks.iter().map(|one| &one.who).collect::<Vec<_>>(), [&somebody(&home.ana)]);
        assert!(theirs(home, &home.ana).await.blocks.is_empty(), "who blocked them is not theirs to know");
        BlockStore::unblock(&home.store, &bo, &home.ana.name).await.expect("keeps");
        let mine = theirs(home, &bo).await;
        assert_eq!(mine.introductions.len(), 1);
        let one = &mine.introductions[0];
        assert_eq!((one.thread, one.sentence.as_deref()), (PostAddress(thread), Some("She draws boats.")));
        assert_eq!((&one.by, &one.with, one.declined), (&somebody(&home.ana), &somebody(&cy), false));
        assert_eq!(mine.greetings.iter().map(|one| &one.newcomer).collect::<Vec<_>>(), [&somebody(&cy)]);
        assert!(!words(&mine).contains("dawn") && !words(&mine).contains("early"));
        assert_eq!(theirs(home, &cy).await.introductions[0].sentence.as_deref(), Some("He sings at dawn."));
    }

    async fn words_from_before_go_along_once_their_person_said_that_they_are_theirs(home: &Home) {
        let bo = home.member("bo").await;
        let message = |words: &str| Message { voice: 0, at: BEGINNING, words: words.into(), answers: None };
        let archive = |kind, words| NewArchive {
            kind,
            called: "Soup Night".into(),
            left_behind: String::new(),
            voices: vec!["Bo ☕".into()],
            messages: vec![message(words)],
            at: BEGINNING,
            until: BEGINNING.plus_days(90),
        };
        let chat = home.store.keep_chat(&home.host(), &archive(Kind::Chat, "who brings bread?")).await.expect("keeps");
        assert!(home.store.ask_voices(&home.host(), chat, &[(0, Some(bo.id))], BEGINNING).await.expect("keeps"));
        assert!(theirs(home, &bo).await.from_before.is_empty(), "a host may be wrong about whose words they are");
        assert!(theirs(home, &home.ana).await.from_before.is_empty());
        assert!(ArchiveStore::answer(&home.store, &bo, chat, domain::archives::Answer::Yes, BEGINNING).await.expect("keeps"));
        home.store.keep_posts(&bo, &archive(Kind::Posts, "posted elsewhere")).await.expect("keeps");
        let said: Vec<_> = theirs(home, &bo).await.from_before.into_iter().map(|from| (from.kind, from.messages[0].words.clone())).collect();
        assert_eq!(said, [("chat".into(), "who brings bread?".into()), ("posts".into(), "posted elsewhere".into())]);
    }

    async fn what_a_host_did_goes_along_and_what_another_did_does_not(home: &Home) {
        let cy = host(home, "cy").await;
        let week: domain::hands::weeks::Week = "2026-11-02".parse().expect("a Monday");
        home.store.take_week(&cy, Taking { week, from: None, begun: false }).await.expect("takes");
        home.store.take_week(&home.host(), Taking { week: week.plus(1), from: None, begun: false }).await.expect("takes");
        let sent = home.store.send_now(&cy, &home.text("What are you making?"), None).await.expect("sends");
        for (by, words) in [(&cy, "What do you read?"), (&home.host(), "A spark of ana")] {
            let new = NewComing { wordings: vec![words.into()], prompt: None, date: "2026-11-30".parse().expect("a date"), time: "09:00:00".parse().expect("a time"), weekly: true };
            home.store.plan(by, &new, home.now()).await.expect("keeps");
        }
        let prompt = PromptForm { words: "Show us your hands.".into(), ..PromptForm::default() };
        home.store.keep_prompt(&cy, None, &prompt, home.now()).await.expect("keeps");
        let other = past_the_store(&home.place.location).await;
        for member in [cy.me().id, home.ana.id] {
            other.execute_unprepared(&format!("INSERT INTO pulse_days (member_id, day, wrote, came) VALUES ({member}, '2026-11-02', TRUE, FALSE)")).await.expect("runs");
            other.execute_unprepared(&format!("INSERT INTO host_time (member_id, week, seconds) VALUES ({member}, '2026-11-02', 600)")).await.expect("runs");
        }
        other.close().await.expect("closes");
        let mine = theirs(home, cy.me()).await;
        assert_eq!(mine.hosting.weeks, ["2026-11-02".parse().expect("a date")]);
        assert_eq!(mine.hosting.sparks.iter().map(|spark| (spark.became.as_str(), spark.post)).collect::<Vec<_>>(), [("sent", Some(PostAddress(sent)))]);
        assert_eq!(mine.hosting.sparks_to_come.iter().map(|spark| spark.wordings.as_slice()).collect::<Vec<_>>(), [["What do you read?"].as_slice()]);
        assert_eq!((mine.hosting.prompts.len(), mine.hosting.time.len(), mine.days_here.len()), (1, 1, 1));
        let member = home.member("bo").await;
        assert_eq!(theirs(home, &member).await.hosting, domain::export::Hosting::default());
    }

    async fn many_posts_take_as_many_statements_as_few(home: &Home) {
        let bo = home.member("bo").await;
        let asked = async || {
            let before = home.store.queries();
            let mine = home.store.belongings(&bo, home.now()).await.expect("answers");
            (mine.posts.len(), home.store.queries() - before)
        };
        let post = home.post(&bo, "one").await;
        let (few, statements) = asked().await;
        for number in 0..60 {
            let picture = home.picture(&bo, &format!("picture-{number}")).await;
            let new = NewPost { pictures: vec![chosen(picture, "")], tags: vec!["soup".into()], ..home.text("again") };
            home.store.keep_post(&bo, &new).await.expect("keeps");
            home.reply(&bo, post, "and again").await;
        }
        assert_eq!((few, asked().await), (1, (121, statements)));
        assert!(statements < 50, "{statements}");
    }
}
