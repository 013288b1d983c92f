//! Posts as the server wrote them a moment ago.
//!
//! A timeline is asked for far more often than it changes, and a post looks the same to nearly everybody: only to its writer, to
//! those who reacted, by what they said of the gathering that it announces, and on another clock it looks different. So a post that was written once is written again from memory.

use super::post::{Place, Shown, Whole, WholeProps};
use crate::{
    again::Again,
    forms,
    here::{Here, here},
    when,
};
use domain::{community::Words, ids::PostId, time::Zone, timeline::Post};
use leptos::prelude::*;
use quick_cache::Equivalent;
use std::{
    borrow::Cow,
    hash::{Hash, Hasher},
};

static WRITTEN: Again<Kept> = Again::new();

/// The post, written now or before.
pub fn post(post: &Post, shown: Shown, place: Place, replying_to: Option<&(String, PostId)>) -> AnyView {
    let anew = || Whole(WholeProps { post: post.clone(), shown, place, replying_to: replying_to.cloned() });
    // A form on it that was refused is shown to one person, once.
    if forms::any_is_kept() {
        return anew().into_any();
    }
    WRITTEN.part(Look::of(post, place, replying_to, &here()), anew)
}

/// All that a post is written from.
#[derive(PartialEq, Eq)]
struct Look<'a> {
    place: Place,
    replying_to: Option<Cow<'a, (String, PostId)>>,
    member: bool,
    /// What the viewer is called, if they reacted.
    called: Option<Cow<'a, str>>,
    zone: Cow<'a, Zone>,
    language: Cow<'a, str>,
    words: Cow<'a, Words>,
    choices: Cow<'a, [String]>,
    /// The date on which it is read.
    read_on: (i32, u32, u32),
    /// How many days after it was written.
    read_after: i64,
    post: Cow<'a, Post>,
}

/// A look that is kept.
#[derive(PartialEq, Eq)]
struct Kept(Look<'static>);

impl<'a> Look<'a> {
    fn of(post: &'a Post, place: Place, replying_to: Option<&'a (String, PostId)>, here: &'a Here) -> Self {
        let reacted = post.reactions.iter().any(|reaction| reaction.mine);
        let now = when::now();
        let today = when::local(now, here.zone());
        Self {
            place,
            replying_to: replying_to.map(Cow::Borrowed),
            member: here.me().is_some(),
            called: here.me().filter(|_| reacted).map(|me| Cow::from(&me.display_name)),
            zone: Cow::Borrowed(here.zone()),
            language: Cow::from(&here.language),
            words: Cow::Borrowed(&here.words),
            choices: Cow::from(&here.reactions),
            read_on: (today.year, today.month, today.day),
            read_after: (now.0 - post.at.0).div_euclid(86_400_000),
            post: Cow::Borrowed(post),
        }
    }
}

impl From<Look<'_>> for Kept {
    fn from(look: Look<'_>) -> Self {
        let Look { place, replying_to, member, called, zone, language, words, choices, read_on, read_after, post } = look;
        Self(Look {
            place,
            replying_to: replying_to.map(|to| Cow::Owned(to.into_owned())),
            member,
            called: called.map(|called| Cow::Owned(called.into_owned())),
            zone: Cow::Owned(zone.into_owned()),
            language: Cow::Owned(language.into_owned()),
            words: Cow::Owned(words.into_owned()),
            choices: Cow::Owned(choices.into_owned()),
            read_on,
            read_after,
            post: Cow::Owned(post.into_owned()),
        })
    }
}

impl Hash for Look<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // A post looks different to each who reacted, and by what they said of a gathering.
        let gathering = self.post.announces.as_ref();
        (self.post.id, &self.called, gathering.map(|gathering| (&gathering.when, &gathering.said))).hash(state);
    }
}

impl Hash for Kept {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl Equivalent<Kept> for Look<'_> {
    fn equivalent(&self, kept: &Kept) -> bool {
        *self == kept.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        ids::{GatheringId, MemberId},
        people::{Byline, Handle, Role},
        prose::SafeHtml,
        time::Timestamp,
        timeline::{Announced, Audience, Looked, Reaction},
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
        read_post(viewer, soup(mine))
    }

    fn read_post(viewer: Viewer, soup: Post) -> (String, String) {
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
            let shown = Shown::new(soup.clone());
            let anew = Whole(WholeProps { post: soup.clone(), shown, place: Place::Timeline, replying_to: None });
            (post(&soup, shown, Place::Timeline, None).to_html(), anew.to_html())
        })
    }

    #[test]
    fn a_card_is_read_as_its_reader_answered_it() {
        let announcing = |said: Option<&str>, answered, date: Option<&str>| {
            let announces = Announced {
                id: GatheringId(3),
                slug: "soup".into(),
                title: "Soup".into(),
                when: "On the agenda: Thursday 26 November, 19:30 in Lisbon.".into(),
                said: said.map(Into::into),
                answered,
                date: date.map(Into::into),
            };
            Post { announces: Some(announces), ..soup(false) }
        };
        let (ana, bo) = (member("ana", "Europe/Lisbon"), member("bo", "Europe/Lisbon"));
        let coming = announcing(Some("You are coming."), true, Some("2026-11-26"));
        let asked = announcing(None, false, Some("2026-11-26"));
        let told = announcing(None, false, None);
        for _ in 0..2 {
            for (viewer, post) in [(&ana, &coming), (&bo, &asked), (&Viewer::Visitor, &told), (&ana, &asked)] {
                let (remembered, anew) = read_post(viewer.clone(), post.clone());
                assert_eq!(remembered, anew);
                assert_eq!(remembered.contains("You are coming."), post == &coming, "{remembered}");
                assert_eq!(remembered.contains("Will you come?"), post == &asked, "{remembered}");
            }
        }
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
