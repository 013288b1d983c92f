//! Posts as the server wrote them a moment ago.
//!
//! A timeline is asked for far more often than it changes, and a post looks the same to nearly everybody: only to its writer, to
//! those who reacted, and on another clock it looks different. So a post that was written once is written again from memory. What
//! it was written from is compared in full, so that nobody is shown what was written for somebody to whom it looks different.

use super::post::{Place, Whole, WholeProps};
use crate::{
    forms,
    here::{Here, here},
    safe_html::written,
    when,
};
use domain::{
    community::Words,
    ids::PostId,
    time::{Timestamp, Zone},
    timeline::Post,
};
use leptos::prelude::*;
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

/// Most posts kept; past this all are forgotten. The pages that people look at are of some dozens.
const MOST_POSTS: usize = 200;
/// Most looks of one post.
const MOST_LOOKS: usize = 4;

static WRITTEN: LazyLock<Mutex<HashMap<PostId, Vec<Written>>>> = LazyLock::new(Mutex::default);

struct Written {
    from: From,
    html: Arc<str>,
}

/// All that a post is written from.
struct From {
    post: Post,
    place: Place,
    replying_to: Option<(String, PostId)>,
    member: bool,
    /// What the viewer is called, if they reacted.
    called: Option<String>,
    zone: Zone,
    language: String,
    words: Words,
    choices: Vec<String>,
    /// The date on which it is read, and how many days after it was written.
    read: (i32, u32, u32, i64),
}

/// The post, written now or before.
pub fn post(props: WholeProps) -> AnyView {
    // A form on it that was refused is shown to one person, once.
    if forms::any_is_kept() {
        return Whole(props).into_any();
    }
    let (here, id) = (here(), props.post.id);
    let read = read(props.post.at, here.zone());
    let known = {
        let all = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&id).and_then(|looks| looks.iter().find(|written| written.from.is(&props, &here, read))).map(|written| written.html.clone())
    };
    let html = known.unwrap_or_else(|| {
        let from = From::of(&props, &here, read);
        let html: Arc<str> = Whole(props).to_html().into();
        let mut all = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST_POSTS && !all.contains_key(&id) {
            all.clear();
        }
        let looks = all.entry(id).or_default();
        if looks.len() >= MOST_LOOKS {
            looks.remove(0);
        }
        looks.push(Written { from, html: html.clone() });
        html
    });
    written(String::from(&*html)).into_any()
}

/// The date on which a post is read, and how many days after it was written.
fn read(written_at: Timestamp, zone: &Zone) -> (i32, u32, u32, i64) {
    let now = when::now();
    let today = when::local(now, zone);
    (today.year, today.month, today.day, (now.0 - written_at.0).div_euclid(86_400_000))
}

/// What the viewer is called, if they reacted.
fn called<'a>(post: &Post, here: &'a Here) -> Option<&'a str> {
    let reacted = post.reactions.iter().any(|reaction| reaction.mine);
    here.me().filter(|_| reacted).map(|me| me.display_name.as_str())
}

impl From {
    fn of(props: &WholeProps, here: &Here, read: (i32, u32, u32, i64)) -> Self {
        Self {
            post: props.post.clone(),
            place: props.place,
            replying_to: props.replying_to.clone(),
            member: here.me().is_some(),
            called: called(&props.post, here).map(str::to_owned),
            zone: here.zone().clone(),
            language: here.language.clone(),
            words: here.words.clone(),
            choices: here.reactions.clone(),
            read,
        }
    }

    /// Whether [`From::of`] of the same would be equal.
    fn is(&self, props: &WholeProps, here: &Here, today: (i32, u32, u32, i64)) -> bool {
        let Self { post, place, replying_to, member, called: name, zone, language, words, choices, read } = self;
        *read == today
            && *member == here.me().is_some()
            && *place == props.place
            && name.as_deref() == called(&props.post, here)
            && zone == here.zone()
            && *language == here.language
            && *choices == here.reactions
            && *words == here.words
            && *replying_to == props.replying_to
            && *post == props.post
    }
}

#[cfg(test)]
mod tests {
    use super::{super::post::Shown, *};
    use domain::{
        ids::MemberId,
        people::{Byline, Handle, Role},
        prose::SafeHtml,
        timeline::{Audience, Looked, Reaction},
        viewer::{Me, Viewer},
    };

    fn member(name: &str, zone: &str) -> Viewer {
        Viewer::Member(Me {
            id: MemberId(1),
            name: Handle::parse(name).expect("a name"),
            display_name: name.to_uppercase(),
            picture: None,
            role: Role::Member,
            zone: Zone::parse(zone).expect("a zone"),
            unread: 0,
            looked: Looked::default(),
        })
    }

    fn soup(mine: bool) -> Post {
        let name = Handle::parse("kofi").expect("a name");
        Post {
            id: PostId(7),
            root: PostId(7),
            parent: None,
            author: Byline { id: MemberId(2), name, display_name: "Kofi".into(), picture: None },
            html: SafeHtml::default(),
            note: None,
            audience: Audience::Community,
            named: Vec::new(),
            pictures: Vec::new(),
            reactions: vec![Reaction { reaction: "🍲".into(), by: vec!["ANA".into(), "BO".into()], mine }],
            replies: 1,
            at: Timestamp(1_795_721_400_000),
            edited_at: None,
            taken_back: false,
            mine: false,
            announces: None,
        }
    }

    /// The post as the viewer reads it: from memory, and written anew.
    fn read(viewer: Viewer, mine: bool) -> (String, String) {
        Owner::new().with(|| {
            Here {
                viewer,
                name: "Porch".into(),
                words: Words::default(),
                language: "en".into(),
                zone: Zone::utc(),
                logo: None,
                reactions: vec!["🍲".into()],
                may_invite: true,
            }
            .provide();
            let props = || WholeProps { post: soup(mine), shown: Shown::new(soup(mine)), place: Place::Timeline, replying_to: None };
            (post(props()).to_html(), Whole(props()).to_html())
        })
    }

    #[test]
    fn what_was_written_for_others_is_read_by_those_alone_to_whom_it_looks_the_same() {
        let readers = [
            (member("ana", "Europe/Lisbon"), true),
            (member("bo", "Europe/Lisbon"), true),
            (member("mei", "Europe/Lisbon"), false),
            (member("yuki", "Asia/Tokyo"), false),
            (Viewer::Visitor, false),
        ];
        for _ in 0..2 {
            for (viewer, mine) in readers.clone() {
                let (remembered, anew) = read(viewer.clone(), mine);
                assert_eq!(remembered, anew, "{viewer:?}");
            }
        }
        let (ana, bo) = (read(readers[0].0.clone(), true).0, read(readers[1].0.clone(), true).0);
        assert!(ana.contains("BO and you") && bo.contains("ANA and you"), "{ana}\n{bo}");
    }
}
