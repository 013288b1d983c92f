//! `/posts/{id}`: a post and what people said to it.

use super::{
    composer::{Composer, Writing},
    now,
    post::{Place, PostView, Shown, in_words},
};
use crate::{chrome::PageTitle, here::here, live::on_hint, part::IntoPart};
use domain::{
    ids::PostId,
    live::Hint,
    timeline::{Post, Thread},
};
use leptos::prelude::*;

/// A reply with its place in the thread: nested once below what it answers, deeper ones flat in that inner list.
#[derive(Clone)]
struct Placed {
    shown: Shown,
    /// Whom it answers, where that is not the post that it stands below.
    replying_to: Option<(String, PostId)>,
}

/// The replies to the root in order, each with those below it.
fn placed(root: PostId, replies: &[Post]) -> Vec<(Placed, Vec<Placed>)> {
    let mut tops: Vec<(Placed, Vec<Placed>)> = Vec::new();
    // For each reply, the index of the top reply that it stands below.
    let mut under: Vec<(PostId, usize)> = Vec::new();
    for reply in replies {
        let parent = reply.parent.unwrap_or(root);
        match under.iter().find(|(id, _)| *id == parent).map(|(_, top)| *top).filter(|_| parent != root) {
            None => {
                under.push((reply.id, tops.len()));
                tops.push((Placed { shown: Shown::new(reply.clone()), replying_to: None }, Vec::new()));
            }
            Some(top) => {
                under.push((reply.id, top));
                let deeper = tops[top].0.shown.id != parent;
                let answered = replies.iter().find(|other| other.id == parent).filter(|_| deeper);
                let replying_to = answered.map(|other| (other.author.display_name.clone(), other.id));
                tops[top].1.push(Placed { shown: Shown::new(reply.clone()), replying_to });
            }
        }
    }
    tops
}

/// `/posts/{id}`.
#[component]
pub fn ThreadView(
    /// The thread.
    thread: Thread,
    /// Which reply is to be answered, if not the post.
    to: Option<PostId>,
) -> impl IntoView {
    let root = thread.root.id;
    let title = format!("{}: a thread", thread.root.author.display_name);
    let opening = Shown::new(thread.root);
    let replies = RwSignal::new(thread.replies);
    let after = thread.after;
    let tops = Memo::new_with_compare(move |_| replies.with(|all| placed(root, all)), |_, _| true);
    let bring = move |post: PostId| {
        if replies.with_untracked(|all| all.iter().any(|reply| reply.id == post)) {
            return;
        }
        leptos::task::spawn_local(async move {
            if let Ok(Some(reply)) = now(post).await {
                replies.try_update(|all| {
                    if !all.iter().any(|other| other.id == reply.id) {
                        all.push(reply);
                        all.sort_by_key(|reply| reply.id);
                    }
                });
            }
        });
    };
    on_hint(move |hint| match hint {
        Hint::Replied { post, thread } if thread == root => bring(post),
        _ => {}
    });
    let member = here().me().is_some();
    // Whom one answers changes only when that reply goes: what is being written stays as it is when others arrive.
    let to = Memo::new(move |_| {
        let answered = replies
            .with(|all| all.iter().find(|reply| Some(reply.id) == to && !reply.taken_back).map(|reply| reply.author.display_name.clone()));
        to.zip(answered)
    });
    let post_word = here().words.post.clone();
    let sent = Callback::new(bring);
    view! {
        <PageTitle of=title/>
        <main class="page thread" id="page" tabindex="-1">
            <h1 class="visually-hidden">"Thread"</h1>
            <PostView shown=opening place=Place::Opening/>
            <section class="replies-section" aria-labelledby="replies-title">
                <h2 class="label" id="replies-title">
                    {move || match replies.with(|all| all.iter().filter(|reply| !reply.taken_back).count()) {
                        0 => "No reply yet".to_owned(),
                        1 => "One reply".to_owned(),
                        count => format!("{} replies", in_words(count as u32)),
                    }}
                </h2>
                <ol class="replies">
                    {move || tops.get().into_iter().map(|(top, below)| view! {
                        <li>
                            <PostView shown=top.shown place=Place::Reply/>
                            {(!below.is_empty()).then(|| view! {
                                <ol class="replies">
                                    {below.into_iter().map(|placed| view! {
                                        <li>
                                            {match placed.replying_to {
                                                Some(replying_to) => view! { <PostView shown=placed.shown place=Place::Reply replying_to/> }.part(),
                                                None => view! { <PostView shown=placed.shown place=Place::Reply/> }.part(),
                                            }}
                                        </li>
                                    }).collect_view()}
                                </ol>
                            })}
                        </li>
                    }).collect_view()}
                </ol>
                {after.map(|after| view! { <p class="earlier"><a class="button quiet" href=format!("/posts/{root}?after={after}")>"More replies"</a></p> })}
                {member.then(|| view! {
                    {move || {
                        let answered = to.get();
                        let to = answered.as_ref().map_or(root, |(to, _)| *to);
                        view! {
                            {answered.map(|(_, name)| view! {
                                <p class="replying-to">
                                    "You answer "<span dir="auto">{name}</span>". "<a href=format!("/posts/{root}#reply")>"Answer the "{post_word.clone()}" instead"</a>
                                </p>
                            })}
                            <Composer writing=Writing::Reply { to } sent/>
                        }
                    }}
                })}
            </section>
        </main>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        ids::MemberId,
        people::{Byline, Handle},
        prose::SafeHtml,
        time::Timestamp,
        timeline::Audience,
    };

    fn reply(id: i64, parent: i64) -> Post {
        let name = Handle::parse("ana").expect("a name");
        Post {
            id: PostId(id),
            root: PostId(1),
            parent: Some(PostId(parent)),
            author: Byline { id: MemberId(1), name, display_name: "Ana".into(), picture: None },
            html: SafeHtml::default(),
            note: None,
            audience: Audience::Community,
            named: Vec::new(),
            pictures: Vec::new(),
            reactions: Vec::new(),
            replies: 0,
            at: Timestamp(0),
            edited_at: None,
            taken_back: false,
            mine: false,
            announces: None,
        }
    }

    #[test]
    fn replies_nest_once_and_deeper_ones_say_whom_they_answer() {
        Owner::new().with(|| {
            let tops = placed(PostId(1), &[reply(2, 1), reply(3, 2), reply(4, 3), reply(5, 1)]);
            let ids: Vec<(i64, Vec<i64>)> =
                tops.iter().map(|(top, below)| (top.shown.id.0, below.iter().map(|b| b.shown.id.0).collect())).collect();
            assert_eq!(ids, [(2, vec![3, 4]), (5, vec![])]);
            assert_eq!(tops[0].1[0].replying_to, None);
            assert_eq!(tops[0].1[1].replying_to, Some(("Ana".into(), PostId(3))));
        });
    }
}
