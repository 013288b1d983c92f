//! Epochs, resets, failures, and the web's sign-in records.

use crate::home::{BEGINNING, handle, refusal, viewer};
use domain::{
    live::Hint,
    people::{PeopleStore, Role},
    sign_in::{MOST_FAILURES, ResetRefusal, SignInStore, Try},
    time::Timestamp,
};

laws! {
    async fn a_raised_epoch_ends_every_sign_in_and_says_so(home: &Home) {
        let credential = home.store.credential(&handle("ana")).await.expect("answers").expect("there");
        assert_eq!(credential.hash, "hash of ana");
        assert!(home.store.credential(&handle("nobody")).await.expect("answers").is_none());
        let before = home.newest().await;
        let again = home.store.end_everywhere(home.ana.id).await.expect("keeps");
        assert!(home.store.me(credential.signed_in).await.expect("answers").is_none());
        assert!(home.store.me(again).await.expect("answers").is_some());
        let newer = home.store.save_password(home.ana.id, "new hash").await.expect("keeps");
        assert!(home.store.me(again).await.expect("answers").is_none());
        let credential = home.store.credential(&handle("ana")).await.expect("answers").expect("there");
        assert_eq!((credential.signed_in, credential.hash.as_str()), (newer, "new hash"));
        let told = home.told_after(before).await;
        assert_eq!(told.iter().map(|entry| (&entry.hint, entry.only)).collect::<Vec<_>>(), [(&Hint::SignedOut, Some(home.ana.id)); 2]);
    }

    async fn who_is_signed_in_takes_one_statement(home: &Home) {
        let signed_in = home.store.credential(&handle("ana")).await.expect("answers").expect("there").signed_in;
        let before = home.store.queries();
        assert!(home.store.me(signed_in).await.expect("answers").is_some());
        assert_eq!(home.store.queries() - before, 1);
    }

    async fn of_twenty_who_use_a_reset_at_once_one_sets_the_password(home: &Home) {
        let save = |name: &'static str, digest: &'static str| async move {
            home.store.save_reset(None, &handle(name), digest, BEGINNING.plus_days(3)).await
        };
        save("ana", "former").await.expect("keeps");
        save("ana", "digest").await.expect("keeps");
        assert_eq!(refusal(save("nobody", "other").await), ResetRefusal::Nobody);
        assert!(home.store.reset_for("former", BEGINNING).await.expect("answers").is_none(), "only the newest works");
        assert!(home.store.reset_for("digest", BEGINNING.plus_days(3)).await.expect("answers").is_none(), "too late");
        assert_eq!(home.store.reset_for("digest", BEGINNING).await.expect("answers").map(|who| who.id), Some(home.ana.id));
        let tasks: Vec<_> = (0..20)
            .map(|number| {
                let store = home.store.clone();
                tokio::spawn(async move { store.use_reset("digest", BEGINNING, &format!("hash {number}")).await.expect("answers") })
            })
            .collect();
        let mut won = Vec::new();
        for task in tasks {
            won.extend(task.await.expect("ends"));
        }
        assert_eq!(won.len(), 1);
        assert!(home.store.me(won[0]).await.expect("answers").is_some());
    }

    async fn failures_count_within_their_window(home: &Home) {
        let keys = ["name".to_owned(), "from".to_owned()];
        let wrong = |keys: &[String], minute: i64| {
            let at = BEGINNING.plus_seconds(60 * minute);
            Try { keys: keys.to_vec(), wrong: true, at, since: at.plus_seconds(-60) }
        };
        for minute in 0..5 {
            let attempt = Try { since: BEGINNING.plus_seconds(-900), ..wrong(&keys, minute) };
            assert!(home.store.settle_try(&attempt).await.expect("keeps"));
        }
        let since = |minute: i64| home.store.failures("name", BEGINNING.plus_seconds(60 * minute));
        assert_eq!((since(0).await.expect("answers"), since(3).await.expect("answers")), (5, 2));
        assert!(home.store.settle_try(&wrong(&keys[..1], 5)).await.expect("keeps"));
        assert_eq!(since(0).await.expect("answers"), 2, "those before are forgotten");
    }

    async fn of_many_tries_at_once_ten_are_told_how_they_went(home: &Home) {
        let tasks: Vec<_> = (0..30)
            .map(|number| {
                let store = home.store.clone();
                let keys = vec!["name".to_owned(), format!("from {number}")];
                let attempt = Try { keys, wrong: true, at: BEGINNING, since: BEGINNING.plus_seconds(-900) };
                tokio::spawn(async move { store.settle_try(&attempt).await.expect("answers") })
            })
            .collect();
        let mut told = 0;
        for task in tasks {
            told += u32::from(task.await.expect("ends"));
        }
        assert_eq!(told, MOST_FAILURES);
        let right = |key: &str| Try { keys: vec![key.into()], wrong: false, at: BEGINNING, since: BEGINNING.plus_seconds(-900) };
        assert!(!home.store.settle_try(&right("name")).await.expect("answers"), "not even the right one");
        assert!(home.store.settle_try(&right("another")).await.expect("answers"));
        assert_eq!(home.store.failures("another", Timestamp(0)).await.expect("answers"), 0, "a right one is no failure");
    }

    async fn a_link_for_a_new_password_ends_with_what_it_was_made_for(home: &Home) {
        let bo = home.member("bo").await;
        let makes = |digest: &'static str| async move {
            home.store.save_reset(Some(&home.host()), &handle("bo"), digest, BEGINNING.plus_days(3)).await.expect("keeps");
            assert!(home.store.reset_for(digest, BEGINNING).await.expect("answers").is_some());
        };
        let works = |digest: &'static str| async move { home.store.reset_for(digest, BEGINNING).await.expect("answers").is_some() };
        makes("one").await;
        home.store.save_password(bo.id, "new hash").await.expect("keeps");
        assert!(!works("one").await, "he has a new password");
        makes("two").await;
        home.store.end_everywhere(bo.id).await.expect("keeps");
        assert!(!works("two").await, "he signed out everywhere");
        makes("three").await;
        home.store.save_role(&home.admin(), &handle("bo"), Role::Admin).await.expect("keeps");
        assert!(!works("three").await, "he looks after the place now");
    }

    async fn who_may_make_a_link_is_asked_when_it_is_made(home: &Home) {
        let bo = home.member("bo").await;
        home.member("cy").await;
        home.store.save_role(&home.admin(), &bo.name, Role::Host).await.expect("keeps");
        let bo = viewer(&home.again(&bo).await).host().expect("a host");
        let by = &bo;
        let save = |name: &'static str| async move {
            home.store.save_reset(Some(by), &handle(name), "digest", BEGINNING.plus_days(3)).await
        };
        save("cy").await.expect("keeps");
        assert_eq!(refusal(save("ana").await), ResetRefusal::AdminsOnly);
        assert_eq!(refusal(save("nobody").await), ResetRefusal::Nobody);
        home.store.save_role(&home.admin(), &handle("bo"), Role::Member).await.expect("keeps");
        assert_eq!(refusal(save("cy").await), ResetRefusal::HostsOnly);
    }

    async fn a_slow_save_does_not_bring_back_a_sign_in_that_ended(home: &Home) {
        let store = &home.store;
        let until = BEGINNING.plus_days(1);
        assert!(store.create_sign_in("id", b"one", until).await.expect("keeps"));
        assert!(!store.create_sign_in("id", b"two", until).await.expect("answers"), "the id exists");
        store.save_sign_in("id", b"three", until).await.expect("keeps");
        assert_eq!(store.sign_in("id", BEGINNING).await.expect("answers").as_deref(), Some(b"three".as_slice()));
        assert_eq!(store.sign_in("id", until).await.expect("answers"), None, "expired");
        store.forget_sign_in("id").await.expect("forgets");
        store.save_sign_in("id", b"late", until).await.expect("answers");
        assert_eq!(store.sign_in("id", BEGINNING).await.expect("answers"), None);
        assert!(store.create_sign_in("old", b"x", BEGINNING).await.expect("keeps"));
        store.forget_expired(BEGINNING).await.expect("forgets");
        assert!(store.create_sign_in("old", b"x", until).await.expect("the id is free again"));
    }
}
