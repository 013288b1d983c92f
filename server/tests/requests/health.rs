//! Whether the place says truly how it is.

use crate::app::TestApp;

#[tokio::test]
async fn a_place_that_can_answer_is_ready() {
    let app = TestApp::start().await;
    assert_eq!(app.visitor().get("/livez").await.status, 200);
    assert_eq!(app.visitor().get("/readyz").await.status, 200);
}

#[tokio::test]
async fn whoever_asks_at_once_is_told_the_same() {
    let app = TestApp::start().await;
    let asked = (0..20).map(|_| async { app.visitor().get("/readyz").await.status });
    assert_eq!(futures::future::join_all(asked).await, [200; 20]);
    let left =
        std::fs::read_dir(app.folder()).expect("a folder").flatten().filter(|entry| entry.file_name().to_string_lossy().contains("trial"));
    assert_eq!(left.count(), 0);
}

#[tokio::test]
async fn a_place_whose_database_is_gone_is_alive_but_not_ready() {
    let app = TestApp::start().await;
    app.front.store.clone().close().await;
    let ready = app.visitor().get("/readyz").await;
    assert_eq!((ready.status, ready.text()), (503, "the database does not answer\n".into()));
    assert_eq!(app.visitor().get("/livez").await.status, 200);
}

#[tokio::test]
async fn a_place_whose_folder_is_gone_is_not_ready() {
    let app = TestApp::start().await;
    std::fs::remove_dir_all(app.folder()).expect("removed");
    let ready = app.visitor().get("/readyz").await;
    assert_eq!(ready.status, 503, "{}", ready.text());
}

#[tokio::test]
async fn a_place_that_closes_is_not_ready() {
    let app = TestApp::start().await;
    app.front.closing.send_replace(true);
    assert_eq!(app.visitor().get("/readyz").await.status, 503);
}
