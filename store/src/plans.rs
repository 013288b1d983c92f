//! How SQLite means to find the rows of every hot query: by an index, never by reading a whole table or by sorting it.
//!
//! The statements are caught as they are sent, so that what is explained is what is used.

use crate::{Location, Store};
use domain::{
    archives::{ArchiveStore, Kind, NewArchive},
    blocks::BlockStore,
    export::ExportStore,
    gatherings::{
        Answer, GatheringStore, NewGathering, NewRsvp,
        bring::BringStore,
        coming::Reminder,
        import::ImportStore,
        room::{OnPage, Place, RoomStore},
        sessions,
        sessions::Schedule,
    },
    hand_over::HandOverStore,
    hands::{HandsStore, meter::MeterStore, weeks::Week},
    hosting::{
        notes::NoteStore,
        round::{Deed, RoundStore},
        sentences::SentenceStore,
    },
    ids::{GatheringId, NotificationId, PictureId, PostId},
    introductions::IntroductionStore,
    invitations::{InvitationStore, NewMember},
    leaving::LeavingStore,
    live::Outbox,
    mail::MailStore,
    notifications::NotificationStore,
    people::{Handle, PeopleOrder, PeopleStore, Profile, Role},
    pictures::PictureStore,
    prose::SafeHtml,
    pulse::{CountStore, DepthStore, PulseStore, counting::Month, drifting::Rhythm},
    rosters::RosterStore,
    setup::{NewPlace, SetupStore},
    sign_in::SignInStore,
    sparks::{coming::ComingStore, prompts::PromptStore, proposals::ProposalStore, unanswered::UnansweredStore, went::WentStore},
    time::{Timestamp, Zone},
    timeline::{Audience, NewPost, TimelineQuery, TimelineStore},
    viewer::{Me, Viewer},
    weekly::{LetterWords, WeeklyStore},
    welcome::{WelcomeStore, board::BoardStore, greeters::GreeterStore},
};
use sea_orm::{ConnectionTrait, Statement};
use std::{
    mem,
    sync::{Mutex, PoisonError},
};

const NOW: Timestamp = Timestamp(1_793_620_800_000);

fn member(name: &str) -> NewMember {
    let profile = Profile {
        display_name: name.into(),
        pronouns: String::new(),
        line: String::new(),
        town: String::new(),
        interests: Vec::new(),
        zone: Zone::utc(),
    };
    let name = Handle::parse(name).expect("a name");
    NewMember { name, password_hash: String::new(), profile, role: Role::Admin, at: NOW }
}

fn text() -> NewPost {
    NewPost {
        markdown: "soup".into(),
        html: SafeHtml::default(),
        note: None,
        audience: Audience::Community,
        named: Vec::new(),
        pictures: Vec::new(),
        mentioned: Vec::new(),
        tags: vec!["soup".into()],
        excerpt: "soup".into(),
        at: NOW,
    }
}

async fn founder(store: &Store) -> Me {
    store.key("key").await.expect("answers");
    let place = NewPlace {
        name: "Porch".into(),
        purpose: String::new(),
        zone: Zone::utc(),
        language: "en".into(),
        size_cap: 9,
        reactions: vec!["🍲".into()],
        accent: domain::community::palette::FIRST_ACCENT,
    };
    assert!(store.save_place("key", &place).await.expect("keeps"));
    let founder = store.save_founder("key", &member("ana")).await.expect("keeps").expect("the key is right");
    store.me(founder).await.expect("answers").expect("there")
}

#[tokio::test]
async fn every_page_is_found_by_indexes() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&Location::Sqlite(folder.path().join("porchlight.sqlite"))).await.expect("opens");
    let ana = founder(&store).await;
    let post = store.keep_post(&ana, &text()).await.expect("keeps");
    let reply = store.keep_reply(&ana, post, &text()).await.expect("keeps");
    let gathering = NewGathering {
        slug: "soup".into(),
        title: "Soup".into(),
        markdown: String::new(),
        html: SafeHtml::default(),
        picture: None,
        alt: String::new(),
        schedule: Schedule::for_testing(),
        without: Vec::new(),
        place: "here".into(),
        link: String::new(),
        audience: Audience::Public,
        named: Vec::new(),
        cohosts: Vec::new(),
        terms: Default::default(),
        room: Default::default(),
        announce: true,
        at: NOW,
    };
    let slug = store.keep_gathering(&ana, &gathering).await.expect("keeps");
    let kept = store.gathering(&Viewer::Member(ana.clone()), &slug).await.expect("answers").expect("there");
    let session = sessions::on(&kept.schedule, kept.schedule.first).expect("a session");
    let answer = NewRsvp {
        gathering: kept.id,
        seen: 0,
        session,
        answer: Answer::Yes,
        note: String::new(),
        guests: 0,
        always: Some(true),
        coming: Vec::new(),
        at: NOW,
    };
    assert!(store.record_rsvp(&ana, &answer).await.expect("keeps"));

    let host = Viewer::Member(ana.clone()).host().expect("a host");
    let round = store.begin_round(&host, NOW, &[ana.id], NOW).await.expect("keeps");
    store.did(&host, ana.id, Deed::Greeted).await;

    let words = domain::archives::Message { voice: 0, at: NOW, words: "soup".into(), answers: None };
    let old = NewArchive {
        kind: Kind::Chat,
        called: "Soup Night".into(),
        left_behind: String::new(),
        voices: vec!["Ana".into()],
        messages: vec![words],
        at: NOW,
        until: NOW,
    };
    let chat = store.keep_chat(&host, &old).await.expect("keeps");
    assert!(store.ask_voices(&host, chat, &[(0, Some(ana.id))], NOW).await.expect("keeps"));
    assert!(ArchiveStore::answer(&store, &ana, chat, domain::archives::Answer::Yes, NOW).await.expect("keeps"));
    let words = LetterWords { title: "Our week".into(), ..LetterWords::default() };
    store.keep_letter(&host, &words, 0, NOW).await.expect("keeps");

    static SENT: Mutex<Vec<Statement>> = Mutex::new(Vec::new());
    let hear = |statement: &Statement| SENT.lock().unwrap_or_else(PoisonError::into_inner).push(statement.clone());
    let watched = Store::overheard(store.location().clone(), store.read().clone(), store.read().clone(), hear);
    // What is for members alone is asked with other words than for hosts.
    let member = Viewer::Member(Me { role: Role::Member, ..ana.clone() });
    for viewer in [Viewer::Visitor, Viewer::Member(ana.clone()), member] {
        for tag in [None, Some("soup".to_owned())] {
            for author in [None, Some(ana.id)] {
                let query = TimelineQuery { before: Some(PostId(i64::MAX)), after: Some(PostId(0)), tag: tag.clone(), author };
                watched.timeline(&viewer, &query, 20).await.expect("answers");
            }
        }
        watched.thread(&viewer, reply, None, 20).await.expect("answers");
        watched.post(&viewer, post).await.expect("answers");
        watched.history(&viewer, post).await.expect("answers");
        watched.gatherings(&viewer, NOW).await.expect("answers");
        watched.gathering(&viewer, &slug).await.expect("answers");
        watched.announced(&viewer, &[kept.id, GatheringId(1)], NOW).await.expect("answers");
        watched.tallies(&viewer, (kept.schedule.first, kept.schedule.first)).await.expect("answers");
        watched.remind(Reminder::Hour, (NOW, NOW.plus_days(1)), NOW).await.expect("answers");
        watched.comes_each_time(&ana, kept.id).await.expect("answers");
        watched.calendar(&Viewer::Visitor, NOW).await.expect("answers");
        watched.with_standing_answers(NOW).await.expect("answers");
        watched.answered(kept.id, kept.schedule.first).await.expect("answers");
        for shown in [None, Some(OnPage { last: PictureId(1), many: 0 })] {
            RoomStore::wall(&watched, &viewer, &slug, kept.schedule.first, shown).await.expect("answers");
        }
        if let Some(host) = viewer.host() {
            watched.evidence(&host, NOW, NOW).await.expect("answers");
            watched.talked(&host, &[]).await.expect("answers");
            watched.introductions(&host, 9).await.expect("answers");
            watched.introduced_elsewhere(&host, 9).await.expect("answers");
            watched.introduction(host.me(), post).await.expect("answers");
        }
        watched.set_up(kept.id).await.expect("answers");
        watched.moved_to(&viewer, &slug, kept.schedule.first).await.expect("answers");
        watched.left(&viewer, kept.id, &[kept.schedule.first, kept.schedule.first]).await.expect("answers");
        watched.bringing(&viewer, kept.id, kept.schedule.first).await.expect("answers");
        watched.brought(&viewer, Place { gathering: kept.id, session }).await.expect("answers");
        watched.rota(kept.id, kept.schedule.first).await.expect("answers");
        watched.rsvps(&viewer, kept.id, kept.schedule.first).await.expect("answers");
        watched.hash_for(&viewer, PictureId(1)).await.expect("answers");
        watched.everyone(&viewer, PeopleOrder::Newest).await.expect("answers");
        watched.person(&viewer, &ana.name).await.expect("answers");
    }
    let host = Viewer::Member(ana.clone()).host().expect("a host");
    watched.blocks(&ana).await.expect("answers");
    watched.blocks_anybody(ana.id).await.expect("answers");
    watched.is_hidden(ana.id, post).await.expect("answers");
    watched.welcome_path().await.expect("answers");
    watched.facts(&ana, NOW).await.expect("answers");
    for only in [None, Some(&ana.name)] {
        watched.newcomers(&host, Timestamp(0), only).await.expect("answers");
    }
    watched.open_invitations(&host, NOW).await.expect("answers");
    watched.looked_at_board(&host).await.expect("answers");
    watched.candidates(&host, Timestamp(0), NOW).await.expect("answers");
    watched.greetings(&ana, Timestamp(0)).await.expect("answers");
    watched.greets(&ana).await.expect("answers");
    let week: Week = "2026-11-02".parse().expect("a Monday");
    watched.host_rota(&host, week, NOW).await.expect("answers");
    watched.begin_week(week, NOW).await.expect("answers");
    watched.my_away(&ana, NOW).await.expect("answers");
    watched.my_time(&host, week).await.expect("answers");
    watched.my_hand_over(&Viewer::Member(ana.clone()).admin().expect("an admin"), NOW).await.expect("answers");
    watched.offered(&ana, NOW).await.expect("answers");
    watched.is_last_admin(&ana).await.expect("answers");
    RosterStore::draft(&watched, &host, "code", NOW).await.expect("answers");
    watched.grounds(&host, NOW).await.expect("answers");
    watched.party_of_draft(&host, "code").await.expect("answers");
    watched.parties(&host, NOW).await.expect("answers");
    watched.claim_invite(NOW, NOW).await.expect("answers");
    watched.due_openings(NOW).await.expect("answers");
    watched.awaited(&ana).await.expect("answers");
    watched.chats(&host).await.expect("answers");
    watched.chat(&host, chat).await.expect("answers");
    watched.mine(&ana).await.expect("answers");
    watched.waiting(&ana, chat, 0, 100).await.expect("answers");
    watched.to_bring(100).await.expect("answers");
    watched.import(&ana, "code", NOW).await.expect("answers");
    watched.imported(&Viewer::Member(ana.clone()), &["key".to_owned()].into()).await.expect("answers");
    TimelineStore::draft(&watched, &ana, post).await.expect("answers");
    watched.notifications(&ana, Some(NotificationId(i64::MAX)), 40).await.expect("answers");
    watched.unread(ana.id).await.expect("answers");
    watched.known(&[ana.name.clone()].into()).await.expect("answers");
    watched.invitations(&ana, None).await.expect("answers");
    watched.ask_answer("digest").await.expect("answers");
    watched.entries_after(0).await.expect("answers");
    watched.newest().await.expect("answers");
    watched.credential(&ana.name).await.expect("answers");
    watched.me(domain::sign_in::SignedIn { member: ana.id, epoch: 1 }).await.expect("answers");
    watched.failures("key", NOW).await.expect("answers");
    watched.reset_for("digest", NOW).await.expect("answers");
    watched.sign_in("id", NOW).await.expect("answers");
    watched.calendar_owner("secret").await.expect("answers");
    watched.mail_settings(&ana, NOW).await.expect("answers");
    watched.confirmation("code", NOW).await.expect("answers");
    watched.subscribed("secret").await.expect("answers");
    watched.claim(NOW, NOW, "code").await.expect("answers");
    watched.answers_for("code").await.expect("answers");
    watched.sentences_about(&host, &ana.name).await.expect("answers");
    watched.sentences_about_me(&ana).await.expect("answers");
    watched.notes(&host, &ana.name).await.expect("answers");
    watched.active_since(&host, NOW).await.expect("answers");
    watched.newest_round(&host).await.expect("answers");
    for which in [None, Some(round)] {
        watched.round(&host, which).await.expect("answers").expect("there");
    }
    watched.doings(&host, ana.id, NOW).await.expect("answers");
    watched.standing_sentences(&host, round).await.expect("answers");
    watched.unanswered(&host, (Timestamp(0), NOW), 9).await.expect("answers");
    watched.what_is_here(&host, NOW, &Zone::utc()).await.expect("answers");
    watched.prompts(&host).await.expect("answers");
    watched.coming(&host).await.expect("answers");
    watched.due(kept.schedule.first).await.expect("answers");
    watched.went(&host, Timestamp(0), 9).await.expect("answers");
    watched.posts_of_week(&host, NOW.plus_days(-7), 9).await.expect("answers");
    watched.arrived(&host, NOW.plus_days(-7)).await.expect("answers");
    watched.letter_stands(&host).await.expect("answers");
    watched.letter_readers(&host).await.expect("answers");
    watched.not_for_all(&host, &[post].into()).await.expect("answers");
    watched.letter_of(&host, 1).await.expect("answers");
    watched.letters_sent(&host, 9).await.expect("answers");
    let (day, rhythm) = (kept.schedule.first, Rhythm { days: 1, first: kept.schedule.first, last: kept.schedule.first });
    let month = Month::of(day, &Zone::utc());
    watched.months_counted().await.expect("answers");
    watched.happened(&month).await.expect("answers");
    watched.hours(NOW).await.expect("answers");
    watched.came_since(NOW).await.expect("answers");
    watched.rhythms(&host, (day, day), NOW).await.expect("answers");
    watched.known_of(&host, &[(ana.id, rhythm)]).await.expect("answers");
    watched.left_be(&host, NOW).await.expect("answers");
    watched.unspoken(&host, NOW, day).await.expect("answers");
    watched.first_words(&host, NOW).await.expect("answers");
    watched.series(&Viewer::Member(ana.clone()), day).await.expect("answers");
    watched.called(&Viewer::Member(ana.clone()), &[ana.id]).await.expect("answers");
    watched.months(&ana).await.expect("answers");
    watched.my_threads(&ana, NOW).await.expect("answers");
    watched.belongings(&ana, NOW).await.expect("answers");
    drop(watched);

    let sent = mem::take(&mut *SENT.lock().unwrap_or_else(PoisonError::into_inner));
    assert!(sent.len() > 40, "the statements were caught");
    let mut wrong = Vec::new();
    for statement in sent {
        let explain = Statement { sql: format!("EXPLAIN QUERY PLAN {}", statement.sql), ..statement.clone() };
        let plan = store.read().query_all_raw(explain).await.expect("explains");
        let steps: Vec<String> = plan.iter().map(|row| row.try_get("", "detail").expect("a step")).collect();
        // The list of ids that is bound as one value is read from end to end; that is what it is for.
        let reads_all = |step: &&String| step.starts_with("SCAN") && !step.contains("json_each") && !step.contains("VIRTUAL TABLE");
        // What a statement within found, by an index, is read from end to end by the one around it. The community is one row.
        let one_row = |step: &&String| *step == "SCAN found" || *step == "SCAN named" || *step == "SCAN y" || *step == "SCAN community";
        if steps.iter().any(|step| (reads_all(&step) && !one_row(&step)) || step.contains("TEMP B-TREE")) {
            wrong.push(format!("{}\n    {}", statement.sql, steps.join("\n    ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    store.close().await;
}
