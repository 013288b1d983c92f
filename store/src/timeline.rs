//! Posts' rows: the timeline, threads, reactions, revisions.
//!
//! A page is one statement whatever its length: the posts with their authors and all that hangs on them. A row is there as
//! long as its place is: what was taken back and has no reply is deleted, what has one is emptied until the last reply goes.
//! Every change to a thread first writes its root's row, so that changes to one thread come one after the other.

mod leaving;
mod reading;
mod writing;

use crate::connection::Store;
use domain::{
    ids::PostId,
    outcome::{Error, Unavailable},
    time::Timestamp,
    timeline::{Draft, Looked, NewPost, Post, PostRefusal, ReactRefusal, Revision, Thread, TimelineQuery, TimelineStore},
    viewer::{Me, Viewer},
};

#[async_trait::async_trait]
impl TimelineStore for Store {
    async fn timeline(&self, viewer: &Viewer, query: &TimelineQuery, most: usize) -> Result<Vec<Post>, Unavailable> {
        reading::timeline(self, viewer, query, most).await
    }
    async fn thread(&self, viewer: &Viewer, post: PostId, after: Option<PostId>, most: usize) -> Result<Option<Thread>, Unavailable> {
        reading::thread(self, viewer, post, after, most).await
    }
    async fn post(&self, viewer: &Viewer, post: PostId) -> Result<Option<Post>, Unavailable> {
        reading::post(self, viewer, post).await
    }
    async fn history(&self, viewer: &Viewer, post: PostId) -> Result<Option<Vec<Revision>>, Unavailable> {
        reading::history(self, viewer, post).await
    }
    async fn draft(&self, me: &Me, post: PostId) -> Result<Option<Draft>, Unavailable> {
        reading::draft(self, me, post).await
    }
    async fn keep_post(&self, author: &Me, post: &NewPost) -> Result<PostId, Error<PostRefusal>> {
        writing::keep_post(self, author, post).await
    }
    async fn keep_reply(&self, author: &Me, to: PostId, reply: &NewPost) -> Result<PostId, Error<PostRefusal>> {
        writing::keep_reply(self, author, to, reply).await
    }
    async fn save_edit(&self, author: &Me, post: PostId, edit: &NewPost) -> Result<(), Error<PostRefusal>> {
        writing::save_edit(self, author, post, edit).await
    }
    async fn take_back(&self, author: &Me, post: PostId) -> Result<bool, Unavailable> {
        writing::take_back(self, author, post).await
    }
    async fn react(&self, me: &Me, post: PostId, reaction: &str, on: bool, at: Timestamp) -> Result<(), Error<ReactRefusal>> {
        writing::react(self, me, post, reaction, on.then_some(at)).await
    }
    async fn save_looked(&self, me: &Me, looked: Looked) -> Result<(), Unavailable> {
        writing::save_looked(self, me, looked).await
    }
    async fn tags_beginning_with(&self, me: &Me, start: &str) -> Result<Vec<String>, Unavailable> {
        reading::tags_beginning_with(self, me, start).await
    }
}
