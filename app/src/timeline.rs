//! The timeline: the page with the composer, threads, reactions, editing.
//!
//! Reading order: here the calls; [`post`] is one post as everybody sees it, and [`announced`] the gathering on it; [`composer`] is where one writes; [`page`] and
//! [`thread`] put them together and listen for what is new.

mod announced;
pub mod completion;
pub mod composer;
pub mod page;
pub mod post;
pub mod thread;
#[cfg(feature = "ssr")]
mod written;

use crate::{
    fault::{Fault, Never, Trouble},
    home::{Page, load},
};
use domain::{
    ids::PostId,
    outcome::AboutField,
    people::Byline,
    pictures::{Picture, PictureRefusal},
    timeline::{EditForm, Post, PostRefusal, ReactRefusal, TimelinePage},
};
use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, MultipartData, MultipartFormData},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a post or reply was not sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum WriteRefusal {
    /// What was written.
    Post(PostRefusal),
    /// A picture that came with it.
    Picture(PictureRefusal),
    /// The form did not arrive whole.
    Broken,
}

impl fmt::Display for WriteRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Post(reason) => reason.fmt(f),
            Self::Picture(reason) => reason.fmt(f),
            Self::Broken => f.write_str("That did not arrive whole. Please send it once more."),
        }
    }
}

impl AboutField for WriteRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Post(reason) => reason.field(),
            Self::Picture(_) | Self::Broken => None,
        }
    }
}

/// Sends a post: the composer's form, with or without files.
#[server(prefix = "/api", endpoint = "posts/write", input = MultipartFormData)]
pub async fn write_post(form: MultipartData) -> Result<PostId, Fault<WriteRefusal>> {
    use crate::request::{answer, request};
    use domain::timeline::{Audience, MOST_PICTURES, PostForm};
    let request = request()?;
    let me = request.me()?;
    let read = read(&request, &me, form, MOST_PICTURES + 1).await?;
    let form = PostForm {
        markdown: read.text("markdown"),
        note: read.text("note"),
        audience: Audience::from_word(&read.text("audience")).unwrap_or_default(),
        named: read.text("named"),
        pictures: read.pictures(),
    };
    answer(request.services.timeline.write(&me, &form).await.map_err(of_post))
}

/// Sends a reply to the post or reply `to`.
#[server(prefix = "/api", endpoint = "posts/reply", input = MultipartFormData)]
pub async fn write_reply(form: MultipartData) -> Result<PostId, Fault<WriteRefusal>> {
    use crate::request::{answer, request};
    use domain::{
        outcome::Error,
        timeline::{MOST_PICTURES, ReplyForm},
    };
    let request = request()?;
    let me = request.me()?;
    let read = read(&request, &me, form, MOST_PICTURES + 1).await?;
    let Ok(to) = read.text("to").parse() else { return answer(Err(Error::Refused(WriteRefusal::Post(PostRefusal::Gone)))) };
    let form = ReplyForm { markdown: read.text("markdown"), pictures: read.pictures() };
    answer(request.services.timeline.reply(&me, to, &form).await.map_err(of_post))
}

/// Uploads one picture, to be sent with a post later.
#[server(prefix = "/api", endpoint = "pictures/upload", input = MultipartFormData)]
pub async fn upload_picture(form: MultipartData) -> Result<Picture, Fault<WriteRefusal>> {
    use crate::request::{answer, request};
    use domain::outcome::Error;
    let request = request()?;
    let me = request.me()?;
    let read = read(&request, &me, form, 1).await?;
    answer(read.uploaded.into_iter().next().ok_or(Error::Refused(WriteRefusal::Picture(PictureRefusal::Nothing))))
}

/// Edits a post of my own, or a reply in the thread of `root`.
#[server(prefix = "/api", endpoint = "posts/edit")]
pub async fn edit_post(post: PostId, root: Option<PostId>, #[server(default)] form: EditForm) -> Result<(), Fault<PostRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.timeline.edit(&me, post, &form).await)?;
    leptos_axum::redirect(&match root {
        Some(root) if root != post => format!("/posts/{root}#p{post}"),
        _ => format!("/posts/{post}"),
    });
    Ok(())
}

/// Takes a post of my own back, or a reply in the thread of `root`.
#[server(prefix = "/api", endpoint = "posts/take-back")]
pub async fn take_back(post: PostId, root: Option<PostId>) -> Result<(), Fault<PostRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.timeline.take_back(&me, post).await)?;
    // What was a post is nowhere any more; what was a reply stood in a thread.
    leptos_axum::redirect(&root.filter(|root| *root != post).map_or_else(|| "/".to_owned(), |root| format!("/posts/{root}")));
    Ok(())
}

/// Puts a reaction on a post (`+` before it) or takes mine away (`-` before it): one field, so that a plain button can say it.
#[server(prefix = "/api", endpoint = "posts/react")]
pub async fn react(post: PostId, choice: String) -> Result<(), Fault<ReactRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    let (on, reaction) = match choice.strip_prefix('-') {
        Some(reaction) => (false, reaction),
        None => (true, choice.strip_prefix('+').unwrap_or(&choice)),
    };
    answer(request.services.timeline.react(&me, post, reaction, on).await)
}

/// Whom `@start` could mean.
#[server(prefix = "/api", endpoint = "complete/people", input = GetUrl)]
pub async fn complete_people(start: String) -> Result<Vec<Byline>, Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    let found = answer(request.services.people.beginning_with(&me, &start).await)?;
    let blocked = answer(request.services.blocks.mine(&me).await)?;
    Ok(found.into_iter().filter(|who| !blocked.iter().any(|blocked| blocked.who.id == who.id)).collect())
}

/// Which tags begin with `start`.
#[server(prefix = "/api", endpoint = "complete/tags", input = GetUrl)]
pub async fn complete_tags(start: String) -> Result<Vec<String>, Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.timeline.tags_beginning_with(&me, &start).await)
}

/// A post as it stands now; `None` if it is not there any more.
pub async fn now(post: PostId) -> Result<Option<Post>, Trouble> {
    match load(format!("/posts/{post}?alone")).await? {
        Page::Post(post) => Ok(Some(*post)),
        _ => Ok(None),
    }
}

/// The page of the timeline at an address.
pub async fn timeline_at(address: String) -> Result<TimelinePage, Trouble> {
    match load(address).await? {
        Page::Timeline(page, _) => Ok(page),
        _ => Err(Trouble::unreached()),
    }
}

#[cfg(feature = "ssr")]
pub(crate) use on_the_server::{of_post, read};

#[cfg(feature = "ssr")]
mod on_the_server {
    use super::WriteRefusal;
    use crate::{
        fault::Fault,
        request::{FormTrouble, ReadForm, Request, answer, read_form},
    };
    use domain::{outcome::Error, timeline::PostRefusal, viewer::Me};
    use leptos::server_fn::codec::MultipartData;

    /// Reads a form with pictures, as a refusal to write where it can't be read.
    pub(crate) async fn read(
        request: &Request,
        me: &Me,
        form: MultipartData,
        most_pictures: usize,
    ) -> Result<ReadForm, Fault<WriteRefusal>> {
        answer(read_form(request, me, form, most_pictures).await.map_err(|trouble| match trouble {
            FormTrouble::Picture(Error::Refused(reason)) => Error::Refused(WriteRefusal::Picture(reason)),
            FormTrouble::Picture(Error::Unavailable(cause)) => Error::Unavailable(cause),
            FormTrouble::Broken => Error::Refused(WriteRefusal::Broken),
        }))
    }

    pub(crate) fn of_post(error: Error<PostRefusal>) -> Error<WriteRefusal> {
        match error {
            Error::Refused(reason) => Error::Refused(WriteRefusal::Post(reason)),
            Error::Unavailable(cause) => Error::Unavailable(cause),
        }
    }
}
