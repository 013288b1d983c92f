//! The page of notifications: one sentence each, newest first, and the new ones marked.

use crate::{
    chrome::{Face, PageTitle},
    here::here,
    home::{Page, load},
    live::on_hint,
    part::IntoPart,
    when::{When, local},
};
use domain::{
    gatherings::Answer,
    live::Hint,
    notifications::{Happening, Notification, NotificationPage},
    time::Timestamp,
};
use leptos::prelude::*;

/// `/notifications`, and `/notifications?before=…` for earlier ones.
#[component]
pub fn NotificationsView(
    /// The page.
    page: NotificationPage,
    /// It is a further page.
    earlier: bool,
) -> impl IntoView {
    let head = !earlier;
    let words = here().words.clone();
    let gathering = words.gathering.clone();
    let page = RwSignal::new(page);
    on_hint(move |hint| {
        if head && hint == Hint::Notified {
            leptos::task::spawn_local(async move {
                if let Ok(Page::Notifications(now, _)) = load("/notifications".into()).await {
                    page.try_update(|page| *page = still_new(page, now));
                }
            });
        }
    });
    view! {
        <PageTitle of="Notices"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head"><h1>"Notices"</h1></header>
            <ol class="notices">
                <For each=move || page.get().lines key=|line| (line.id, line.unread) let:line><Line line/></For>
            </ol>
            {move || match page.with(|page| (page.lines.is_empty(), page.before)) {
                (true, _) if head => view! {
                    <div class="empty">
                        <p class="empty-title">"Nothing is waiting for you."</p>
                        <p>"When someone answers you, mentions you or comes to your "{gathering.clone()}", it will say so here."</p>
                    </div>
                }.part(),
                (_, Some(before)) => view! {
                    <p class="earlier"><a class="button quiet" href=format!("/notifications?before={before}")>"Earlier"</a></p>
                }.part(),
                (_, None) => view! {
                    <div class="caught-up">
                        <p class="caught-up-title">"That is all."</p>
                        <p>"Nothing else has asked for you."</p>
                    </div>
                }.part(),
            }}
        </main>
    }
}

/// The page as it is now, on which what was new a moment ago is still shown as new: loading it read it.
fn still_new(before: &NotificationPage, mut now: NotificationPage) -> NotificationPage {
    for line in &mut now.lines {
        line.unread |= before.lines.iter().any(|known| known.id == line.id && known.unread);
    }
    now
}

#[component]
fn Line(line: Notification) -> impl IntoView {
    let telling = telling(&line.happening, line.by.as_ref().map(|by| by.name.as_str()), &here().words.post);
    let name = match (&line.happening, &line.by) {
        (Happening::Asked { name }, _) => name.clone(),
        (_, Some(by)) => by.display_name.clone(),
        (Happening::Session { .. }, None) => "Coming up".to_owned(),
        (_, None) => "Somebody".to_owned(),
    };
    let face = match line.by {
        Some(who) => view! { <Face who/> }.part(),
        None => {
            let letter = name.chars().find(|c| c.is_alphanumeric()).map_or_else(|| "·".to_owned(), |c| c.to_uppercase().to_string());
            view! { <span class="face" aria-hidden="true">{letter}</span> }.part()
        }
    };
    let sentence = view! {
        <span dir="auto">{name}</span>" "{telling.does}
        {telling.title.map(|title| view! { " "<bdi>{title}</bdi> })}
        {telling.starts_at.map(|at| format!(" on {}", local(at, here().zone()).date()))}
    };
    view! {
        <li class="notice" data-unread=line.unread.then_some("")>
            {face}
            <div class="notice-body">
                <p class="notice-what">
                    <a href=telling.address rel=telling.leaves.then_some("external")>{sentence}</a>
                    {line.unread.then(|| view! { " "<span class="visually-hidden">"new"</span> })}
                </p>
                {(!telling.excerpt.is_empty()).then(|| view! { <p class="notice-excerpt" dir="auto">"“"{telling.excerpt}"”"</p> })}
                <p class="notice-when"><When at=line.at/></p>
            </div>
        </li>
    }
}

/// The news that a host is asked whether a gathering is still on.
const STILL_ON: &str = "still-on";

/// A notification as it is told, after the name of whoever did it.
#[derive(Debug, Default, PartialEq)]
struct Telling {
    /// What they do.
    does: String,
    /// To which gathering.
    title: Option<String>,
    /// When that is.
    starts_at: Option<Timestamp>,
    /// Where it is to be seen.
    address: String,
    /// That is not one of the pages that the client has taken over.
    leaves: bool,
    /// How what it points to begins.
    excerpt: String,
}

/// Tells what happened; `by` is the name of whoever did it, `post` the community's word for a post.
fn telling(happening: &Happening, by: Option<&str>, post: &str) -> Telling {
    let word = post;
    match happening {
        Happening::Mentioned { post, thread, excerpt } => Telling {
            does: "mentioned you".into(),
            address: format!("/posts/{thread}#p{post}"),
            excerpt: excerpt.clone(),
            ..Telling::default()
        },
        Happening::Replied { post, thread, excerpt } => Telling {
            does: "replied to you".into(),
            address: format!("/posts/{thread}#p{post}"),
            excerpt: excerpt.clone(),
            ..Telling::default()
        },
        Happening::WroteToMe { post, excerpt } => {
            Telling { does: "wrote to you".into(), address: format!("/posts/{post}"), excerpt: excerpt.clone(), ..Telling::default() }
        }
        Happening::Reacted { post, thread, reaction, excerpt } => Telling {
            does: format!("left {reaction} on your {}", if post == thread { word } else { "reply" }),
            address: format!("/posts/{thread}#p{post}"),
            excerpt: excerpt.clone(),
            ..Telling::default()
        },
        Happening::Joined => Telling {
            does: "came in by your invitation".into(),
            address: by.map_or_else(|| "/people".to_owned(), |name| format!("/people/{name}")),
            ..Telling::default()
        },
        Happening::Asked { .. } => {
            Telling { does: "asks to join".into(), address: "/hosting/invitations".into(), leaves: true, ..Telling::default() }
        }
        Happening::Answered { slug, date, starts_at, title, answer } => Telling {
            does: match Answer::from_word(answer) {
                Some(Answer::Yes) => "will come to",
                Some(Answer::Maybe) => "might come to",
                Some(Answer::No) => "can’t come to",
                None => "answered",
            }
            .into(),
            title: Some(title.clone()),
            starts_at: Some(*starts_at),
            address: format!("/gatherings/{slug}/{date}"),
            ..Telling::default()
        },
        Happening::Session { slug, date, starts_at, title, news, why } => Telling {
            does: match news.as_str() {
                "cancelled" => "cancelled",
                "on" => "says that it takes place after all:",
                "room" => "has room for you at",
                "named" => "asks you to come to",
                "tomorrow" => "tomorrow:",
                "soon" => "within the hour:",
                STILL_ON => "nobody came the last two times. Is it still on?",
                _ => "changed when or where it is:",
            }
            .into(),
            title: Some(title.clone()),
            starts_at: Some(*starts_at),
            address: format!("/gatherings/{slug}/{}", if news == STILL_ON { "edit" } else { date }),
            leaves: news == STILL_ON,
            excerpt: why.clone(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::{NotificationId, PostId};

    #[test]
    fn a_reply_points_to_its_place_in_the_thread() {
        let happening = Happening::Replied { post: PostId(43), thread: PostId(42), excerpt: "Hang the ferry.".into() };
        assert_eq!(telling(&happening, Some("kofi"), "post").address, "/posts/42#p43");
    }

    #[test]
    fn a_reaction_uses_the_communitys_word() {
        let happening = Happening::Reacted { post: PostId(1), thread: PostId(1), reaction: "🍲".into(), excerpt: String::new() };
        assert_eq!(telling(&happening, Some("kofi"), "letter").does, "left 🍲 on your letter");
        let happening = Happening::Reacted { post: PostId(2), thread: PostId(1), reaction: "🍲".into(), excerpt: String::new() };
        assert_eq!(telling(&happening, Some("kofi"), "letter").does, "left 🍲 on your reply");
    }

    #[test]
    fn an_answer_names_the_gathering_and_the_day() {
        let happening = Happening::Answered {
            slug: "thursday-drawing".into(),
            date: "2026-11-26".into(),
            starts_at: Timestamp(1_795_721_400_000),
            title: "Thursday drawing".into(),
            answer: "maybe".into(),
        };
        let telling = telling(&happening, Some("ravi"), "post");
        assert_eq!((telling.does.as_str(), telling.starts_at), ("might come to", Some(Timestamp(1_795_721_400_000))));
        assert_eq!(telling.address, "/gatherings/thursday-drawing/2026-11-26");
    }

    #[test]
    fn what_was_new_a_moment_ago_is_still_shown_as_new() {
        let line = |id, unread| Notification { id: NotificationId(id), by: None, happening: Happening::Joined, at: Timestamp(0), unread };
        let before = NotificationPage { lines: vec![line(1, true)], before: None };
        let now = NotificationPage { lines: vec![line(2, true), line(1, false)], before: None };
        assert!(still_new(&before, now).lines.iter().all(|line| line.unread));
    }
}
