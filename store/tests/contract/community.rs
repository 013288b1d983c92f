//! The community's settings, rules and logo.

use crate::home::viewer;
use domain::{
    community::{CommunityStore, Words},
    live::Hint,
    pictures::PictureStore,
    prose::SafeHtml,
    viewer::Viewer,
};

laws! {
    async fn every_change_of_the_place_is_kept_counted_and_told(home: &Home) {
        let first = home.store.community().await.expect("answers").expect("founded");
        let before = home.newest().await;
        let words = Words { posts: "letters".into(), ..Words::default() };
        home.store.save_words(&home.admin(), &words).await.expect("keeps");
        home.store.save_accent(&home.admin(), "#204060".parse().expect("a colour")).await.expect("keeps");
        home.allow_members(40).await;
        let now = home.store.community().await.expect("answers").expect("founded");
        assert_eq!((now.words, now.accent.to_string(), now.size_cap), (words, "#204060".into(), 40));
        assert_eq!(now.revision, first.revision + 3);
        assert_eq!(home.told_after(before).await.iter().filter(|entry| entry.hint == Hint::PlaceChanged && entry.only.is_none()).count(), 3);
    }

    async fn house_rules_are_kept_as_versions(home: &Home) {
        home.store.save_rules(home.ana.id, "Be kinder.", &SafeHtml::from_sanitizer("<p>Be kinder.</p>".into()), home.now()).await.expect("keeps");
        let rules = home.store.rules().await.expect("answers").expect("there");
        assert_eq!((rules.version, rules.markdown.as_str()), (2, "Be kinder."));
    }

    async fn the_logo_is_for_everybody_and_only_an_uploaded_one_of_the_admins(home: &Home) {
        let bo = home.member("bo").await;
        let bos = home.picture(&bo, "bos").await;
        assert!(!home.store.save_logo(&home.admin(), Some(bos)).await.expect("answers"));
        let logo = home.picture(&home.ana, "logo").await;
        assert_eq!(home.store.hash_for(&Viewer::Visitor, logo).await.expect("answers"), None);
        assert!(home.store.save_logo(&home.admin(), Some(logo)).await.expect("answers"));
        assert_eq!(home.store.hash_for(&Viewer::Visitor, logo).await.expect("answers").as_deref(), Some("logo"));
        assert_eq!(home.store.community().await.expect("answers").and_then(|community| community.logo), Some(logo));
        assert!(home.store.save_logo(&home.admin(), None).await.expect("answers"));
        assert_eq!(home.store.hash_for(&Viewer::Visitor, logo).await.expect("answers"), None);
        assert!(home.store.hash_for(&viewer(&home.ana), logo).await.expect("answers").is_some(), "hers again");
    }
}
