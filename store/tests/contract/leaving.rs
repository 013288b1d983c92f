//! Going away: nothing is left of whoever went but what is listed here, and everybody else goes on.

use crate::{
    care::past_the_store,
    home::{BEGINNING, Home, handle, heard_by, new_member, refusal, viewer},
};
use domain::{
    archives::{Answer as Said, ArchiveStore, Kind, Message, NewArchive},
    export::ExportStore,
    gatherings::{Answer, GatheringStore, NewGathering, coming::Terms},
    hosting::round::{Deed, RoundStore},
    ids::{MemberId, PostId},
    invitations::{InvitationStore, Invited, NewAsk, NewInvitation},
    leaving::{LeaveRefusal, LeavingStore, RemoveRefusal},
    live::Hint,
    notifications::NotificationStore,
    people::{PeopleStore, Role},
    pictures::PictureStore,
    sign_in::SignInStore,
    sparks::went::{Became, WentStore},
    time::Timestamp,
    timeline::{Audience, NewPost, TimelineQuery, TimelineStore},
    viewer::{Me, Viewer},
};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

/// The database, past the store.
struct Past<'a> {
    home: &'a Home,
    db: DatabaseConnection,
}

/// A column of a table.
struct Column {
    name: String,
    kind: String,
    needed: bool,
}

impl<'a> Past<'a> {
    async fn of(home: &'a Home) -> Self {
        Self { home, db: past_the_store(&home.place.location).await }
    }

    async fn rows(&self, sql: &str) -> Vec<sea_orm::QueryResult> {
        let asked = Statement::from_string(self.db.get_database_backend(), sql);
        self.db.query_all_raw(asked).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    async fn words(&self, sql: &str) -> Vec<String> {
        self.rows(sql).await.iter().map(|row| row.try_get_by_index(0).expect("a word")).collect()
    }

    async fn count(&self, sql: &str) -> i64 {
        self.rows(sql).await[0].try_get_by_index(0).expect("a number")
    }

    async fn run(&self, sql: &str) {
        self.db.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    async fn tables(&self) -> Vec<String> {
        self.home.store.counts().await.expect("answers").into_iter().map(|(table, _)| table).collect()
    }

    async fn columns(&self, table: &str) -> Vec<Column> {
        let sql = if self.home.place.is_sqlite() {
            format!("SELECT name, lower(type), \"notnull\" AND dflt_value IS NULL OR pk > 0 FROM pragma_table_info('{table}') ORDER BY cid")
        } else {
            format!(
                "SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT), is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO' \
                 FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}' ORDER BY ordinal_position"
            )
        };
        let column = |row: &sea_orm::QueryResult| Column {
            name: row.try_get_by_index(0).expect("a name"),
            kind: row.try_get_by_index(1).expect("a type"),
            needed: row.try_get_by_index(2).expect("a yes or a no"),
        };
        self.rows(&sql).await.iter().map(column).collect()
    }

    /// The columns of a table that refer to another table, by the schema.
    async fn referring(&self, table: &str, to: &str) -> Vec<String> {
        let sql = if self.home.place.is_sqlite() {
            format!("SELECT \"from\" FROM pragma_foreign_key_list('{table}') WHERE \"table\" = '{to}' ORDER BY \"from\"")
        } else {
            format!(
                "SELECT CAST(a.attname AS TEXT) FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) \
                 WHERE c.contype = 'f' AND c.conrelid = CAST('{table}' AS regclass) AND c.confrelid = CAST('{to}' AS regclass) ORDER BY 1"
            )
        };
        self.words(&sql).await
    }
}

/// What a made row says where its table allows only some words, and what a table needs to be sound.
fn made(table: &str, column: &str) -> Option<&'static str> {
    Some(match (table, column) {
        ("setup", "step") => "'place'",
        ("asks", "state") => "'declined'",
        ("greetings", "state") => "'asked'",
        ("invitations", "kind") => "'person'",
        ("invitations", "uses" | "uses_left") | ("setup" | "weekly_draft", "id") => "1",
        ("reminded", "reminder") => "'soon'",
        ("archives", "kind") => "'chat'",
        ("rsvps", "answer") => "'maybe'",
        ("takings", "many" | "needed") | ("attendance", "known_by") | ("weekly_draft", "day") => "1",
        ("hand_overs", "becomes") => "'member'",
        ("round_deeds", "deed") => "'seen'",
        ("rounds", "ended_at") => "1",
        ("sparks", "became") => "'no-host'",
        ("letters", "what") => "'changed'",
        ("notifications", "kind") => "'joined'",
        ("aways", "from_at") => "0",
        ("round_cards", "seen_at") => "1",
        ("members", _) | ("posts", _) | ("gatherings", _) => panic!("{table}.{column} is made by the store"),
        _ => return None,
    })
}

/// Whose rows are looked for, and what hangs about that made rows can refer to.
struct Around {
    member: i64,
    others: Vec<i64>,
    gathering: i64,
    date: String,
    archive: i64,
    picture: i64,
}

impl Past<'_> {
    /// Makes a row of which a column refers to the member, whatever else it needs.
    async fn make(&self, table: &str, by: &str, around: &Around, number: i64) {
        let (members, sessions) = (self.referring(table, "members").await, self.referring(table, "sessions").await);
        let others = around.others.iter().cycle().skip(number as usize % around.others.len());
        let mut others = others.copied();
        let (mut columns, mut values) = (Vec::new(), Vec::new());
        for column in self.columns(table).await {
            let name = column.name.as_str();
            let said = made(table, name);
            if !(column.needed || name == by || said.is_some()) {
                continue;
            }
            let value = match (name, said) {
                (name, _) if name == by => around.member.to_string(),
                (_, Some(said)) => said.to_owned(),
                // Of a pair, the one has the smaller id: ana was here first, and di came last.
                ("one_id", _) => around.others.iter().min().expect("ana").to_string(),
                ("other_id", _) => around.others.iter().max().expect("di").to_string(),
                (name, _) if members.iter().any(|member| member == name) => others.next().expect("another").to_string(),
                ("gathering_id", _) => around.gathering.to_string(),
                ("date", _) if !sessions.is_empty() => format!("'{}'", around.date),
                ("post_id", _) => self.home.post(&self.home.ana, "another").await.to_string(),
                ("archive_id", _) => around.archive.to_string(),
                ("picture_id", _) => around.picture.to_string(),
                ("round_id", _) => self.count("SELECT MAX(id) FROM rounds").await.to_string(),
                _ => match column.kind.as_str() {
                    "boolean" => "FALSE".to_owned(),
                    kind if kind.contains("int") => (1_000_000 + number).to_string(),
                    _ => format!("'made {number}'"),
                },
            };
            columns.push(column.name);
            values.push(value);
        }
        self.run(&format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), values.join(", "))).await;
    }

    /// Where something of a member is left: `table.column`, by their id and by a mark that all their words bear.
    async fn left_of(&self, member: i64, mark: &str) -> Vec<String> {
        let mut left = Vec::new();
        for table in self.tables().await {
            for Column { name, .. } in self.columns(&table).await {
                let sql = format!(
                    "SELECT COUNT(*) FROM {table} WHERE CAST({name} AS TEXT) LIKE '%{member}%' OR lower(CAST({name} AS TEXT)) LIKE '%{mark}%'"
                );
                if self.count(&sql).await > 0 {
                    left.push(format!("{table}.{name}"));
                }
            }
        }
        left
    }
}

async fn becomes(home: &Home, who: &Me, role: Role) -> Me {
    home.store.save_role(&home.admin(), &who.name, role).await.expect("changes");
    home.again(who).await
}

async fn leaves(home: &Home, who: &Me) {
    home.store.leave(who, home.now()).await.expect("leaves");
}

async fn told(home: &Home, who: &Me) -> usize {
    home.store.notifications(who, None, 50).await.expect("answers").len()
}

fn chat() -> NewArchive {
    let message = |(voice, words): (usize, &str)| Message { voice, at: BEGINNING.plus_days(-700), words: words.into(), answers: None };
    NewArchive {
        kind: Kind::Chat,
        called: "Soup Night".into(),
        left_behind: String::new(),
        voices: ["Zora Z", "Bo B", "Cy C"].map(String::from).into(),
        messages: [(0, "zora was here"), (1, "so was bo"), (2, "and cy")].map(message).into(),
        at: BEGINNING,
        until: BEGINNING.plus_days(90),
    }
}

/// Brings what is said yes to, as the service does it.
async fn keeps_up(home: &Home) {
    while let Some(coming) = home.store.to_bring(3).await.expect("answers") {
        let month = || Some(("2024-11".to_owned(), NewPost { at: BEGINNING.plus_days(-710), ..home.text("From our chat") }));
        let dated = |(place, at, words): &(u32, Timestamp, String)| domain::archives::BackDated {
            place: *place,
            post: NewPost { at: *at, ..home.text(words) },
            month: month(),
        };
        let posts: Vec<_> = coming.messages.iter().map(dated).collect();
        home.store.bring(&coming, &posts).await.expect("keeps");
    }
}

laws! {
    async fn nothing_is_left_of_whoever_went_but_what_is_listed(home: &Home) {
        let zora = home.member("zora").await;
        let zora = becomes(home, &zora, Role::Host).await;
        let (bo, cy, di) = (home.member("bo").await, home.member("cy").await, home.member("di").await);
        let store = &home.store;
        // What the store makes of what they do.
        home.post(&zora, "zora wrote this").await;
        let answered = home.post(&zora, "zora asked something").await;
        home.reply(&bo, answered, "an answer").await;
        let of_bo = home.post(&bo, "bo wrote this").await;
        home.reply(&zora, of_bo, "zora answers").await;
        home.post_for(&bo, Audience::Named, &[&zora, &cy]).await;
        store.react(&zora, of_bo, "🍲", true, home.now()).await.expect("reacts");
        let picture = home.picture(&zora, "zora-portrait").await;
        assert!(store.save_portrait(&zora, Some(picture)).await.expect("keeps"));
        let slug = home.gathering(&zora, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        home.answer(&zora, &kept, kept.schedule.first, Answer::Yes, "zora brings bread").await;
        home.answer(&bo, &kept, kept.schedule.first, Answer::Yes, "").await;
        let archive = store.keep_chat(&viewer(&zora).host().expect("a host"), &chat()).await.expect("keeps");
        let invited = Invited::Person { name: "Pat".into(), note: "zora would love to see you".into() };
        let new = NewInvitation { code: "pat".into(), invited, at: home.now(), expires_at: home.now().plus_days(9) };
        store.keep_invitation(&zora, &new).await.expect("keeps");
        let past = Past::of(home).await;
        past.run(&format!("UPDATE members SET invited_by = {} WHERE id = {}", zora.id, bo.id)).await;
        let hangs = home.picture(&zora, "zora-wall").await;
        past.run(&format!("UPDATE pictures SET free_since = NULL WHERE id = {hangs}")).await;
        // Where the tables refer to members beside that, a row is made, whatever table it is: one that comes later is among them.
        let around = Around {
            member: zora.id.0,
            others: vec![bo.id.0, cy.id.0, di.id.0, home.ana.id.0],
            gathering: kept.id.0,
            date: kept.schedule.first.to_string(),
            archive: archive.0,
            picture: hangs.0,
        };
        let mut number = 0;
        let mut refer = Vec::new();
        for table in past.tables().await {
            for column in past.referring(&table, "members").await {
                refer.push((table.clone(), column));
            }
        }
        // Cards hang on rounds.
        refer.sort_by_key(|(table, _)| !["rounds"].contains(&table.as_str()));
        for (table, column) in &refer {
            let theirs = format!("SELECT COUNT(*) FROM {table} WHERE {column} = {}", zora.id);
            if past.count(&theirs).await == 0 {
                number += 1;
                // Of a table with one row, or of a pair, there is no room for another.
                if ["setup", "weekly_draft"].contains(&table.as_str()) {
                    past.run(&format!("DELETE FROM {table}")).await;
                }
                past.make(table, column, &around, number).await;
            }
            assert!(past.count(&theirs).await > 0, "{table}.{column} has no row of theirs");
        }
        assert!(refer.len() > 60, "{} columns refer to members", refer.len());

        let picture_rows = past.count("SELECT COUNT(*) FROM pictures").await;
        store.remove(&home.admin(), &zora.name, home.now()).await.expect("removes");

        assert_eq!(past.left_of(zora.id.0, "zora").await, [
            // Their open pages are told to close: an id, and forgotten with the entries around it.
            "outbox.only_member",
            // The names of files, until the sweep that follows has taken them away; nobody owns them, and nobody may see them.
            "pictures.hash",
        ]);
        assert_eq!(past.count("SELECT COUNT(*) FROM pictures WHERE owner_id IS NULL AND free_since = 0").await, picture_rows);
        assert_eq!(store.forget_unused(Timestamp(1)).await.expect("sweeps").len() as i64, picture_rows);
        past.run("DELETE FROM setup").await;
        past.db.close().await.expect("closes");
        let thread = store.thread(&viewer(&bo), answered, None, 9).await.expect("answers").expect("stands for the answer");
        assert!(thread.root.taken_back && thread.root.author.id == MemberId(0) && !thread.root.mine, "{:?}", thread.root);
        assert_eq!((thread.root.replies, thread.replies.len()), (1, 1));
        assert_eq!(home.kept(&slug).await.host.id, home.ana.id, "it goes on with an admin");
        assert!(store.person(&viewer(&bo), &handle("zora")).await.expect("answers").is_none());
        assert!(store.credential(&handle("zora")).await.expect("answers").is_none());
        assert!(store.beginning_with(&bo, "zo").await.expect("answers").is_empty());
    }

    async fn a_place_that_nobody_wrote_is_nobodys(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        let root = home.post_for(&bo, Audience::Named, &[&cy]).await;
        let first = home.reply(&cy, root, "cy answers").await;
        let middle = home.reply(&bo, first, "bo goes on").await;
        let last = home.reply(&cy, middle, "and cy").await;
        let alone = home.reply(&bo, last, "bo ends it").await;
        leaves(home, &bo).await;
        let thread = home.store.thread(&viewer(&cy), root, None, 9).await.expect("answers").expect("stands");
        let places: Vec<_> = thread.replies.iter().map(|reply| (reply.id, reply.taken_back, reply.author.id, reply.mine)).collect();
        assert_eq!(places, [(first, false, cy.id, true), (middle, true, MemberId(0), false), (last, false, cy.id, true)]);
        assert_eq!((thread.root.taken_back, thread.root.mine, thread.root.replies), (true, false, 2));
        assert!(home.store.post(&viewer(&cy), alone).await.expect("answers").is_none());
        // An admin gets to see nothing of it: it was for two.
        assert!(home.store.thread(&viewer(&home.ana), root, None, 9).await.expect("answers").is_none());
        let before = told(home, &home.ana).await;
        home.reply(&cy, first, "still here").await;
        assert_eq!(told(home, &home.ana).await, before, "nobody is told for whoever left");
        assert!(home.store.keep_reply(&cy, root, &home.text("to nobody")).await.is_err());
        assert_eq!(home.store.timeline(&viewer(&cy), &TimelineQuery::default(), 9).await.expect("answers").len(), 1);
        let doings = home.store.doings(&home.host(), cy.id, BEGINNING).await.expect("answers");
        assert!(doings.wrote.is_empty(), "it was not for the host");
        // With the last word the empty places go as well.
        for post in [thread.replies.last().expect("a reply").id, first] {
            assert!(home.store.take_back(&cy, post).await.expect("takes back"));
        }
        let left = home.store.thread(&viewer(&cy), root, None, 9).await.expect("answers").expect("one reply stands");
        assert_eq!(left.replies.iter().filter(|reply| !reply.taken_back).count(), 1);
    }

    async fn what_was_for_somebody_who_left_alone_still_says_so(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        let (for_bo, for_two) =
            (home.post_for(&cy, Audience::Named, &[&bo]).await, home.post_for(&cy, Audience::Named, &[&bo, &home.ana]).await);
        leaves(home, &bo).await;
        let named = async |post: PostId| home.store.post(&viewer(&cy), post).await.expect("answers").expect("stands").named;
        assert_eq!((named(for_bo).await, named(for_two).await), (vec!["Somebody who left".to_owned()], vec!["Ana".to_owned()]));
    }

    async fn what_was_said_to_somebody_who_left_still_counts_for_whoever_said_it(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        let root = home.post(&bo, "bo asks").await;
        let reply = home.reply(&cy, root, "cy answers").await;
        let spark = home.store.send_now(&home.host(), &home.text("What are you making?"), None).await.expect("sends");
        let of_bo = home.reply(&bo, spark, "soup").await;
        home.reply(&cy, of_bo, "lovely").await;
        leaves(home, &bo).await;
        let doings = home.store.doings(&home.host(), cy.id, BEGINNING).await.expect("answers");
        let answers: Vec<_> = doings.wrote.iter().map(|wrote| (wrote.root, wrote.answers.as_deref())).collect();
        assert_eq!(answers, [(spark, Some("Ana")), (root, Some("Somebody who left"))]);
        assert_eq!(doings.wrote[1].id, reply);
        let went = home.store.went(&home.host(), BEGINNING, 9).await.expect("answers");
        let Became::Led(led) = &went[0].became else { panic!("{:?}", went[0].became) };
        assert_eq!((led.answered, led.between_others), (1, 0), "cy answered; with nobody who is here");
    }

    async fn thousands_of_posts_go_by_a_fixed_number_of_statements(home: &Home) {
        let measured = async |name: &str, many: usize| {
            let who = home.member(name).await;
            for number in 0..many {
                let post = home.post(&who, "words").await;
                if number % 3 == 0 {
                    home.reply(&home.ana, post, "an answer").await;
                }
            }
            let (before, heard) = (home.store.queries(), home.newest().await);
            leaves(home, &who).await;
            let hints = home.told_after(heard).await.len() as u64;
            home.store.queries() - before - hints
        };
        assert_eq!(measured("bo", 3).await, measured("cy", 60).await, "beside one for each hint");
    }

    async fn only_an_admin_removes_and_no_admin_is_removed(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        let remove = async |by: &Me, who: &str| home.store.remove(&viewer(by).admin().expect("an admin"), &handle(who), home.now()).await;
        assert_eq!(refusal(remove(&home.ana, "ana").await), RemoveRefusal::Yourself);
        assert_eq!(refusal(remove(&home.ana, "pat").await), RemoveRefusal::Nobody);
        let as_admin = becomes(home, &bo, Role::Admin).await;
        assert_eq!(refusal(remove(&home.ana, "bo").await), RemoveRefusal::Admin);
        becomes(home, &bo, Role::Host).await;
        assert_eq!(refusal(remove(&as_admin, "cy").await), RemoveRefusal::NotYours);
        remove(&home.ana, "bo").await.expect("a host can be removed");
        remove(&home.ana, "cy").await.expect("removes");
        assert!(matches!(remove(&home.ana, "cy").await, Err(domain::outcome::Error::Refused(RemoveRefusal::Nobody))));
        leaves(home, &cy).await;
    }

    async fn the_last_admin_stays_and_another_may_go(home: &Home) {
        let bo = home.member("bo").await;
        assert!(home.store.is_last_admin(&home.ana).await.expect("answers") && !home.store.is_last_admin(&bo).await.expect("answers"));
        assert_eq!(refusal(home.store.leave(&home.ana, home.now()).await), LeaveRefusal::LastAdmin);
        let bo = becomes(home, &bo, Role::Admin).await;
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        assert!(!home.store.is_last_admin(&home.ana).await.expect("answers"));
        // Of two who go at once, one stays.
        let (one, other) = tokio::join!(home.store.leave(&home.ana, home.now()), home.store.leave(&bo, home.now()));
        assert_eq!((u8::from(one.is_ok()) + u8::from(other.is_ok())), 1);
        let (went, stayed) = if one.is_ok() { (&home.ana, &bo) } else { (&bo, &home.ana) };
        assert_eq!(refusal(one.and(other)), LeaveRefusal::LastAdmin);
        assert!(home.store.person(&viewer(stayed), &went.name).await.expect("answers").is_none());
        let kept = home.store.gathering(&viewer(stayed), &slug).await.expect("answers").expect("goes on");
        assert_eq!(kept.host.id, stayed.id);
    }

    async fn open_pages_hear_of_it_and_nobody_is_notified(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        let post = home.post(&bo, "bo wrote this").await;
        let for_cy = home.post_for(&bo, Audience::Named, &[&cy]).await;
        assert_eq!(told(home, &cy).await, 1);
        let heard = home.newest().await;
        let before = told(home, &home.ana).await;
        leaves(home, &bo).await;
        let entries = home.told_after(heard).await;
        let changed = |which: PostId| move |entry: &domain::live::Entry| entry.hint == Hint::PostChanged { post: which, thread: which };
        assert_eq!(heard_by(&entries, changed(post)), [None]);
        assert_eq!(heard_by(&entries, changed(for_cy)), [Some(cy.id)]);
        assert_eq!(heard_by(&entries, |entry| entry.hint == Hint::SignedOut), [Some(bo.id)]);
        assert_eq!(heard_by(&entries, |entry| entry.hint == Hint::Notified), [Some(home.ana.id), Some(cy.id)], "what was unread and goes");
        // That bo came in by ana's link is forgotten as well.
        assert_eq!((told(home, &cy).await, told(home, &home.ana).await), (0, before - 1));
    }

    async fn whoever_waits_for_a_seat_moves_up(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        let new = NewGathering { terms: Terms { capacity: Some(1), ..Terms::default() }, ..home.new_gathering("Soup", Audience::Community) };
        let slug = home.store.keep_gathering(&home.ana, &new).await.expect("keeps");
        let kept = home.kept(&slug).await;
        let date = kept.schedule.first;
        for who in [&bo, &cy] {
            home.answer(who, &kept, date, Answer::Yes, "").await;
        }
        let seats = async |who: &Me| home.store.notifications(who, None, 9).await.expect("answers").len();
        assert_eq!(seats(&cy).await, 0, "cy waits");
        leaves(home, &bo).await;
        assert_eq!(seats(&cy).await, 1, "cy has bo's seat, and is told");
    }

    async fn a_gathering_for_named_people_stays_among_them(home: &Home) {
        let (bo, cy, di) = (home.member("bo").await, home.member("cy").await, home.member("di").await);
        let named = |title: &str, named: &[&Me], cohosts: &[&Me]| NewGathering {
            named: named.iter().map(|who| who.id).collect(),
            cohosts: cohosts.iter().map(|who| who.id).collect(),
            ..home.new_gathering(title, Audience::Named)
        };
        let alone = home.store.keep_gathering(&bo, &named("Alone", &[], &[])).await.expect("keeps");
        let together = home.store.keep_gathering(&bo, &named("Together", &[&cy], &[&di])).await.expect("keeps");
        let for_cy = home.store.keep_gathering(&bo, &named("For cy", &[&cy], &[])).await.expect("keeps");
        leaves(home, &bo).await;
        let host = async |viewer: &Viewer, slug: &str| home.store.gathering(viewer, slug).await.expect("answers").map(|kept| kept.host.id);
        assert_eq!(host(&viewer(&cy), &together).await, Some(di.id), "with whoever kept it with them");
        assert_eq!(host(&viewer(&cy), &for_cy).await, Some(cy.id), "with whom it is for");
        for slug in [&together, &for_cy, &alone] {
            assert_eq!(host(&viewer(&home.ana), slug).await, None, "an admin sees nothing of it");
        }
        let past = Past::of(home).await;
        assert_eq!(past.count("SELECT COUNT(*) FROM gatherings").await, 2, "what nobody sees any more is gone");
        past.db.close().await.expect("closes");
    }

    async fn invitations_end_and_how_they_came_is_forgotten(home: &Home) {
        let invite = async |by: &Me, code: &str, uses: u32| {
            let invited = if uses == 1 { Invited::Person { name: "Bo".into(), note: String::new() } } else { Invited::Group { label: "Us".into(), uses } };
            let new = NewInvitation { code: code.into(), invited, at: home.now(), expires_at: home.now().plus_days(9) };
            home.store.keep_invitation(by, &new).await.expect("keeps")
        };
        invite(&home.ana, "for-bo", 1).await;
        let bo = home.store.join("for-bo", &new_member("bo", home.now())).await.expect("joins");
        let bo = home.me(bo).await;
        home.let_invite(domain::community::WhoInvites::Everyone).await;
        let (used, open) = (invite(&bo, "used", 2).await, invite(&bo, "open", 1).await);
        assert!(home.store.keep_ask(&NewAsk { digest: "pat".into(), name: "Pat".into(), reach: "here".into(), words: "May I?".into(), at: home.now() }).await.is_ok());
        let host = viewer(&becomes(home, &bo, Role::Host).await).host().expect("a host");
        let ask = home.store.asks(&host).await.expect("answers")[0].id;
        let yes = NewInvitation { code: "welcome".into(), invited: Invited::Person { name: "Pat".into(), note: String::new() }, at: home.now(), expires_at: home.now().plus_days(9) };
        assert!(home.store.answer_ask(&host, ask, Some(&yes), "").await.expect("keeps"));
        let cy = home.store.join("used", &new_member("cy", home.now())).await.expect("joins");
        let cy = home.me(cy).await;
        leaves(home, &bo).await;
        for code in ["used", "open", "for-bo"] {
            assert!(home.store.join(code, &new_member("di", home.now())).await.is_err(), "{code} lets nobody in any more");
        }
        let all = home.store.invitations(&home.ana, None).await.expect("answers");
        let left: Vec<_> = all.iter().filter(|one| [used.id, open.id].contains(&one.id)).map(|one| (one.id, one.made_by.id, one.revoked)).collect();
        assert_eq!(left, [(used.id, home.ana.id, true)], "what nobody came by is gone");
        assert!(ExportStore::belongings(&home.store, &home.ana, home.now()).await.expect("answers").invitations.iter().all(|one| one.name != "Us"));
        home.store.join("welcome", &new_member("pat", home.now())).await.expect("whom the place welcomed may still come in");
        assert!(all.iter().all(|one| one.code != "for-bo"), "it had bo's name on it");
        let person = home.store.person(&viewer(&home.ana), &cy.name).await.expect("answers").expect("stays");
        assert!(person.invited_by.is_none());
        // A link for many forgets one of them.
        leaves(home, &home.member("ed").await).await;
    }

    async fn of_a_chat_stays_what_others_said_yes_to(home: &Home) {
        let (bo, cy, di) = (home.member("bo").await, home.member("cy").await, home.member("di").await);
        let di = becomes(home, &di, Role::Host).await;
        let host = viewer(&di).host().expect("a host");
        let chat = home.store.keep_chat(&host, &chat()).await.expect("keeps");
        let who = [(0, Some(di.id)), (1, Some(bo.id)), (2, Some(cy.id))];
        assert!(home.store.ask_voices(&host, chat, &who, home.now()).await.expect("asks"));
        for who in [&di, &bo] {
            assert!(home.store.answer(who, chat, Said::Yes, home.now()).await.expect("answers"));
        }
        keeps_up(home).await;
        leaves(home, &di).await;
        assert!(home.store.mine(&cy).await.expect("answers").is_empty(), "what waited is gone");
        let mine = home.store.mine(&bo).await.expect("answers");
        assert_eq!((mine.len(), mine[0].came, mine[0].by.id), (1, 1, MemberId(0)));
        let posts = home.store.timeline(&viewer(&cy), &TimelineQuery::default(), 9).await.expect("answers");
        assert!(posts.len() == 1 && posts[0].taken_back && posts[0].replies == 1, "the month stands for bo's words: {posts:?}");
        assert!(home.store.chats(&home.host()).await.expect("answers").is_empty());
        // They are bo's as before: still no news of today, and bo can take them away again.
        let doings = home.store.doings(&home.host(), bo.id, BEGINNING.plus_days(-900)).await.expect("answers");
        assert_eq!(doings.wrote.len(), 1);
        assert!(home.store.answer(&bo, chat, Said::No, home.now()).await.expect("answers"));
        while home.store.take_back_some(3).await.expect("keeps") {}
        assert!(home.store.timeline(&viewer(&cy), &TimelineQuery::default(), 9).await.expect("answers").is_empty());
    }

    async fn words_that_are_still_on_their_way_come_without_whoever_brought_them(home: &Home) {
        let (bo, di) = (home.member("bo").await, home.member("di").await);
        let di = becomes(home, &di, Role::Host).await;
        let host = viewer(&di).host().expect("a host");
        let chat = home.store.keep_chat(&host, &chat()).await.expect("keeps");
        assert!(home.store.ask_voices(&host, chat, &[(1, Some(bo.id))], home.now()).await.expect("asks"));
        assert!(home.store.answer(&bo, chat, Said::Yes, home.now()).await.expect("answers"));
        leaves(home, &di).await;
        keeps_up(home).await;
        let posts = home.store.timeline(&viewer(&bo), &TimelineQuery::default(), 9).await.expect("answers");
        assert_eq!((posts.len(), posts[0].author.id, posts[0].replies), (1, bo.id, 1), "their month is begun by whose words came");
        // Where somebody has answered there, it stays when they say no, but not under their name.
        home.reply(&home.ana, posts[0].id, "I remember that.").await;
        assert!(home.store.answer(&bo, chat, Said::No, home.now()).await.expect("answers"));
        while home.store.take_back_some(3).await.expect("keeps") {}
        let posts = home.store.timeline(&viewer(&bo), &TimelineQuery::default(), 9).await.expect("answers");
        assert!(posts.len() == 1 && posts[0].taken_back && posts[0].replies == 1, "{posts:?}");
    }

    async fn a_round_goes_on_without_whoever_went(home: &Home) {
        let (bo, cy, di) = (home.member("bo").await, home.member("cy").await, home.member("di").await);
        let host_di = viewer(&becomes(home, &di, Role::Host).await).host().expect("a host");
        let deck = [bo.id, cy.id, home.ana.id];
        let round = home.store.begin_round(&home.host(), BEGINNING, &deck, home.now()).await.expect("begins");
        let cards = async || home.store.round(&home.host(), Some(round)).await.expect("answers").expect("there");
        assert!(home.store.take_card(&home.host(), &bo.name, home.now()).await.expect("takes"));
        assert!(home.store.take_card(&host_di, &cy.name, home.now()).await.expect("takes"));
        home.store.did(&host_di, home.ana.id, Deed::Answered).await;
        // Whose card ana has is removed; who has the other card leaves.
        home.store.remove(&home.admin(), &bo.name, home.now()).await.expect("removes");
        leaves(home, &di).await;
        let now = cards().await;
        assert_eq!(now.cards.iter().map(|card| card.who.id).collect::<Vec<_>>(), [cy.id, home.ana.id]);
        assert!(now.cards.iter().all(|card| card.held.is_none()) && now.deeds.is_empty() && now.ended_at.is_none(), "{now:?}");
        assert!(home.store.see_card(&home.host(), &bo.name, home.now()).await.is_err(), "there is no such card");
        assert!(home.store.take_card(&home.host(), &cy.name, home.now()).await.expect("takes"), "it is let go of");
        let past = Past::of(home).await;
        // Their own card is what nobody has to see; here it is seen already.
        past.run("UPDATE round_cards SET seen_at = 1 WHERE member_id <> (SELECT id FROM members WHERE name = 'cy')").await;
        past.db.close().await.expect("closes");
        home.store.remove(&home.admin(), &cy.name, home.now()).await.expect("removes");
        assert!(cards().await.ended_at.is_some(), "the last card is gone, so it is walked");
    }
}
