//! Pictures that hang on nothing.

use crate::home::{chosen, viewer};
use domain::{
    pictures::PictureStore,
    time::{Clock, SystemClock},
    timeline::{NewPost, TimelineStore},
    viewer::Viewer,
};

laws! {
    async fn an_upload_is_its_owners_alone_until_it_hangs_on_something(home: &Home) {
        let bo = home.member("bo").await;
        let picture = home.picture(&bo, "p").await;
        for (viewer, sees) in [(Viewer::Visitor, false), (viewer(&home.ana), false), (viewer(&bo), true)] {
            assert_eq!(home.store.hash_for(&viewer, picture).await.expect("answers").is_some(), sees);
        }
    }

    async fn what_hung_on_nothing_for_long_is_forgotten_with_its_file_if_no_other_has_it(home: &Home) {
        for hash in ["alone", "twice", "twice"] {
            home.picture(&home.ana, hash).await;
        }
        let kept = home.picture(&home.ana, "twice").await;
        home.store.keep_post(&home.ana, &NewPost { pictures: vec![chosen(kept, "")], ..home.text("look") }).await.expect("keeps");
        let now = SystemClock.now();
        assert!(home.store.forget_unused(now.plus_days(-1)).await.expect("answers").is_empty());
        assert_eq!(home.store.hashes().await.expect("answers"), ["alone", "twice"]);
        assert_eq!(home.store.forget_unused(now.plus_days(1)).await.expect("answers"), ["alone"]);
        assert_eq!(home.store.hashes().await.expect("answers"), ["twice"]);
    }
}
