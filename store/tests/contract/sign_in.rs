//! Epochs, resets, failures, and the web's sign-in records.

use crate::home::{BEGINNING, handle};
use domain::{live::Hint, sign_in::SignInStore};

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
        home.store.save_reset(&handle("ana"), "former", BEGINNING.plus_days(3)).await.expect("keeps");
        assert_eq!(home.store.save_reset(&handle("ana"), "digest", BEGINNING.plus_days(3)).await.expect("keeps"), Some(home.ana.id));
        assert_eq!(home.store.save_reset(&handle("nobody"), "other", BEGINNING.plus_days(3)).await.expect("keeps"), None);
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
        for minute in 0..5 {
            home.store.record_failure(&keys, BEGINNING.plus_seconds(60 * minute), BEGINNING.plus_seconds(-900)).await.expect("keeps");
        }
        let since = |minute: i64| home.store.failures("name", BEGINNING.plus_seconds(60 * minute));
        assert_eq!((since(0).await.expect("answers"), since(3).await.expect("answers")), (5, 2));
        home.store.record_failure(&keys[..1], BEGINNING.plus_seconds(300), BEGINNING.plus_seconds(240)).await.expect("keeps");
        assert_eq!(since(0).await.expect("answers"), 2, "those before are forgotten");
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
