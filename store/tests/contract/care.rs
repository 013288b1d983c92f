//! Opening, reopening, refusing, backing up, checking.

use crate::home::{self, viewer};
use domain::{
    community::CommunityStore,
    gatherings::Answer,
    people::{PeopleOrder, PeopleStore},
    timeline::{Audience, TimelineQuery, TimelineStore},
    viewer::Viewer,
};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use store::{Location, OpenError, Store};

/// A connection past the store, to do what it never does.
pub async fn past_the_store(location: &Location) -> DatabaseConnection {
    let url = match location {
        Location::Sqlite(file) => format!("sqlite:{}", file.display()),
        Location::Postgres(url) => url.clone(),
    };
    Database::connect(url).await.expect("connects")
}

laws! {
    async fn what_was_kept_is_there_after_opening_again(home: &Home) {
        let post = home.post(&home.ana, "soup").await;
        let again = Store::open(&home.place.location).await.expect("opens");
        again.ready().await.expect("answers");
        assert_eq!(again.post(&viewer(&home.ana), post).await.expect("answers"), home.store.post(&viewer(&home.ana), post).await.expect("answers"));
        assert_eq!(again.counts().await.expect("answers"), home.store.counts().await.expect("answers"));
        again.close().await;
    }

    async fn counts_name_every_table(home: &Home) {
        let other = past_the_store(&home.place.location).await;
        let sql = if home.place.is_sqlite() {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        } else {
            "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename COLLATE \"C\""
        };
        let rows = other.query_all_raw(sea_orm::Statement::from_string(other.get_database_backend(), sql)).await.expect("answers");
        let tables: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).expect("a name")).collect();
        let counts = home.store.counts().await.expect("answers");
        assert_eq!(counts.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(), tables);
        assert!(counts.contains(&("members".into(), 1)) && counts.contains(&("community".into(), 1)));
        other.close().await.expect("closes");
    }

    async fn what_must_not_be_is_found(home: &Home) {
        let post = home.post(&home.ana, "soup").await;
        let other = past_the_store(&home.place.location).await;
        let spoil = async |sql: String| other.execute_unprepared(&sql).await.map(drop).expect("runs");
        spoil(format!("UPDATE posts SET replies = 3 WHERE id = {post}")).await;
        assert_eq!(home.store.problems().await.expect("answers"), ["There are 1 posts with a wrong number of replies."]);
        spoil(format!("UPDATE posts SET replies = 0 WHERE id = {post}")).await;
        spoil("UPDATE members SET role = 'member'".into()).await;
        assert_eq!(home.store.problems().await.expect("answers"), ["There are 1 founded communities without an admin."]);
        spoil("UPDATE members SET role = 'admin'".into()).await;
        let kept = home.kept(&home.gathering(&home.ana, "Soup", Audience::Community).await).await;
        let (gathering, date) = (kept.id, kept.schedule.first);
        home.answer(&home.ana, &kept, date, Answer::Yes, "").await;
        spoil(format!("INSERT INTO takings (gathering_id, date, thing, member_id, name, many, needed, at) VALUES ({gathering}, '{date}', 'bread', {}, 'Bread', 2, 1, 0)", home.ana.id)).await;
        assert_eq!(home.store.problems().await.expect("answers"), ["There are 1 things to bring of which more is taken than was needed."]);
        spoil("DELETE FROM takings".into()).await;
        other.close().await.expect("closes");
    }

    async fn a_database_of_a_newer_version_is_refused_and_left_untouched(home: &Home) {
        let other = past_the_store(&home.place.location).await;
        other.execute_unprepared("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m2099_01_wings', 1)").await.expect("runs");
        let contents = || match &home.place.location {
            Location::Sqlite(file) => std::fs::read(file).expect("reads"),
            Location::Postgres(_) => Vec::new(),
        };
        let before = (contents(), home.store.counts().await.expect("answers"));
        match Store::open(&home.place.location).await {
            Err(refused @ OpenError::Newer { .. }) => assert!(refused.to_string().contains("m2099_01_wings")),
            Err(other) => panic!("refused for another reason: {other}"),
            Ok(_) => panic!("opened a database of a newer version"),
        }
        assert_eq!((contents(), home.store.counts().await.expect("answers")), before);
        other.execute_unprepared("DELETE FROM seaql_migrations WHERE version = 'm2099_01_wings'").await.expect("runs");
        other.close().await.expect("closes");
    }

    async fn a_database_of_another_program_is_refused(home: &Home) {
        let other = past_the_store(&home.place.location).await;
        other.execute_unprepared("ALTER TABLE seaql_migrations RENAME TO things").await.expect("runs");
        assert!(matches!(Store::open(&home.place.location).await.err(), Some(OpenError::NotOurs { .. })));
        other.execute_unprepared("ALTER TABLE things RENAME TO seaql_migrations").await.expect("runs");
        other.close().await.expect("closes");
    }

    async fn a_backup_equals_what_it_was_made_of(home: &Home) {
        let bo = home.member("bo").await;
        let post = home.post_for(&home.ana, Audience::Named, &[&bo]).await;
        home.reply(&bo, post, "thanks").await;
        let file = home.place.file("backup");
        home.store.back_up_into(&file).await.expect("backs up");
        let restored = if home.place.is_sqlite() {
            Location::Sqlite(file)
        } else {
            let place = home::postgres().await;
            let Location::Postgres(url) = &place.location else { panic!("PostgreSQL") };
            let done = std::process::Command::new("psql").args(["--quiet", "--set=ON_ERROR_STOP=1", "--dbname", url, "--file"]).arg(&file).output().expect("psql");
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
            place.location
        };
        let copy = Store::open(&restored).await.expect("opens");
        assert_eq!(copy.counts().await.expect("answers"), home.store.counts().await.expect("answers"));
        assert_eq!(copy.problems().await.expect("answers"), Vec::<String>::new());
        assert_eq!(copy.community().await.expect("answers"), home.store.community().await.expect("answers"));
        let everyone = |store: Store| async move { store.everyone(&viewer(&home.ana), PeopleOrder::Newest).await.expect("answers") };
        assert_eq!(everyone(copy.clone()).await, everyone(home.store.clone()).await);
        let thread = |store: Store| async move { store.thread(&viewer(&home.ana), post, None, 9).await.expect("answers") };
        assert_eq!(thread(copy.clone()).await, thread(home.store.clone()).await);
        // Ids and outbox positions go on from where they were.
        let next = copy.keep_post(&home.ana, &home.text("new")).await.expect("keeps");
        assert!(next > post);
        copy.close().await;
    }

    async fn posts_are_multiplied_behind_those_that_are_there(home: &Home) {
        let bo = home.member("bo").await;
        home.post(&home.ana, "one").await;
        home.post_for(&home.ana, Audience::Named, &[&bo]).await;
        let newest = home.post_for(&bo, Audience::Public, &[]).await;
        home.store.multiply_posts(2_000).await.expect("multiplies");
        home.store.multiply_posts(2_000).await.expect("enough are there");
        let counts = home.store.counts().await.expect("answers");
        assert!(counts.contains(&("posts".into(), 2_000)), "{counts:?}");
        let page = home.store.timeline(&viewer(&bo), &TimelineQuery::default(), 20).await.expect("answers");
        assert_eq!((page.len(), page[0].id), (20, newest));
        let page = home.store.timeline(&Viewer::Visitor, &TimelineQuery::default(), 20).await.expect("answers");
        assert!(page.iter().all(|post| post.audience == Audience::Public) && page.len() == 20);
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    let place = home::sqlite();
    let missing = place.file("no/such/folder");
    let refused = Store::open(&Location::Sqlite(missing.join("porchlight.sqlite"))).await.err().expect("refused");
    assert!(refused.to_string().contains(&missing.display().to_string()), "{refused}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_as_it_is() {
    let place = home::sqlite();
    let Location::Sqlite(file) = &place.location else { panic!("SQLite") };
    std::fs::write(file, "Dear diary, ".repeat(1000)).expect("writes");
    assert!(matches!(Store::open(&place.location).await.err(), Some(OpenError::Corrupt { .. })));
    assert_eq!(std::fs::read_to_string(file).expect("reads"), "Dear diary, ".repeat(1000));
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_told_without_its_password() {
    let refused = Store::open(&Location::Postgres("postgres://porch:secret@127.0.0.1:1/home".into())).await.err().expect("refused");
    assert!(matches!(refused, OpenError::Unreachable { .. }));
    assert!(!format!("{refused} {refused:?}").contains("secret"));
}

#[tokio::test]
async fn processes_that_start_at_once_make_the_schema_once_in_postgres() {
    let place = home::postgres().await;
    let opening: Vec<_> = (0..4)
        .map(|_| {
            let location = place.location.clone();
            tokio::spawn(async move { Store::open(&location).await.expect("opens") })
        })
        .collect();
    for store in opening {
        store.await.expect("ends").close().await;
    }
    place.end().await;
}
