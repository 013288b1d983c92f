//! The page of notifications: one sentence each, newest first, and the new ones marked.

use super::{Notices, Told};
use crate::{
    chrome::{Face, PageTitle},
    home::{Page, load},
    icons::Icon,
    live::on_hint,
    part::IntoPart,
    when::When,
};
use domain::live::Hint;
use leptos::prelude::*;

/// `/notifications`, and `/notifications?before=…` for earlier ones.
#[component]
pub fn NotificationsView(
    /// The page.
    page: Notices,
) -> impl IntoView {
    let newest = page.newest;
    let page = RwSignal::new(page);
    on_hint(move |hint| {
        if newest && hint == Hint::Notified {
            leptos::task::spawn_local(async move {
                if let Ok(Page::Notifications(now)) = load("/notifications".into()).await {
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
            {move || {
                let Notices { lines, before, end: (title, more), .. } = page.get();
                match before {
                    Some(before) => view! {
                        <p class="earlier"><a class="button quiet" href=format!("/notifications?before={before}")>"Earlier"</a></p>
                    }.part(),
                    None => {
                        let (class, title_class) = if lines.is_empty() { ("empty", "empty-title") } else { ("caught-up", "caught-up-title") };
                        view! { <div class=class><p class=title_class>{title}</p><p>{more}</p></div> }.part()
                    }
                }
            }}
        </main>
    }
}

/// The page as it is now, on which what was new a moment ago is still shown as new: loading it read it.
fn still_new(before: &Notices, mut now: Notices) -> Notices {
    for line in &mut now.lines {
        line.unread |= before.lines.iter().any(|known| known.id == line.id && known.unread);
    }
    now
}

#[component]
fn Line(line: Told) -> impl IntoView {
    let face = match line.by {
        Some(who) => view! { <Face who/> }.part(),
        None if line.letter.is_empty() => view! { <span class="face"><Icon name="gatherings"/></span> }.part(),
        None => view! { <span class="face" aria-hidden="true">{line.letter}</span> }.part(),
    };
    view! {
        <li class="notice" data-unread=line.unread.then_some("")>
            {face}
            <div class="notice-body">
                <p class="notice-what">
                    <a href=line.address rel=line.leaves.then_some("external")>
                        {line.says.into_iter().map(|(name, words)| view! { <bdi>{name}</bdi>{words} }).collect_view()}
                    </a>
                    {line.unread.then(|| view! { " "<span class="visually-hidden">"new"</span> })}
                </p>
                {(!line.excerpt.is_empty()).then(|| view! { <p class="notice-excerpt" dir="auto">"“"{line.excerpt}"”"</p> })}
                <p class="notice-when"><When at=line.at/></p>
            </div>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{ids::NotificationId, time::Timestamp};

    #[test]
    fn what_was_new_a_moment_ago_is_still_shown_as_new() {
        let line = |id, unread| Told {
            id: NotificationId(id),
            by: None,
            letter: String::new(),
            says: Vec::new(),
            address: String::new(),
            leaves: false,
            excerpt: String::new(),
            at: Timestamp(0),
            unread,
        };
        let page = |lines| Notices { lines, before: None, newest: true, end: Default::default() };
        let (before, now) = (page(vec![line(1, true)]), page(vec![line(2, true), line(1, false)]));
        assert!(still_new(&before, now).lines.iter().all(|line| line.unread));
    }
}
