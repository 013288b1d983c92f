//! The outbox: an entry exists exactly when its change does.

use crate::home::{chosen, refusal};
use domain::{
    ids::PictureId,
    live::{Hint, Outbox},
    timeline::{NewPost, TimelineStore},
};

laws! {
    async fn what_is_refused_tells_nobody(home: &Home) {
        let before = home.newest().await;
        let committed = home.store.committed();
        let new = NewPost { pictures: vec![chosen(PictureId(1), "")], mentioned: vec![home.ana.id], ..home.text("look") };
        refusal(home.store.keep_post(&home.ana, &new).await);
        assert_eq!(home.newest().await, before);
        assert!(!committed.has_changed().expect("the store is there"));
    }

    async fn what_is_kept_is_told_in_order_and_wakes_who_waits(home: &Home) {
        let before = home.newest().await;
        let mut committed = home.store.committed();
        let mut posts = Vec::new();
        for _ in 0..3 {
            posts.push(home.post(&home.ana, "one").await);
        }
        committed.changed().await.expect("the store is there");
        let told: Vec<_> = home.told_after(before).await.into_iter().map(|entry| entry.hint).collect();
        assert_eq!(told, posts.into_iter().map(|post| Hint::Posted { post }).collect::<Vec<_>>());
    }

    async fn pruning_keeps_the_newest(home: &Home) {
        for _ in 0..5 {
            home.post(&home.ana, "one").await;
        }
        let newest = home.newest().await;
        home.store.prune(2).await.expect("prunes");
        let left = home.told_after(0).await;
        assert_eq!((left.len(), left.last().map(|entry| entry.position)), (2, Some(newest)));
        home.store.prune(2).await.expect("prunes");
        assert_eq!(home.told_after(0).await.len(), 2);
    }
}
