//! One post or reply, as everybody sees it.

use super::{React, announced::AnnouncedCard, now};
use crate::{
    chrome::Face,
    forms::{SentForm, use_form},
    here::here,
    icons::Icon,
    live::on_hint,
    part::IntoPart,
    safe_html::{ChoiceItems, NameItems, Prose},
    when::When,
};
use domain::{
    ids::PostId,
    live::Hint,
    pictures::{Picture, Size},
    timeline::{Audience, Post, ReactRefusal, Reaction},
};
use leptos::prelude::*;

/// A post on the page: as it was loaded, and as it changes while the page is open. `None` once it is gone.
#[derive(Clone, Copy)]
pub struct Shown {
    /// Which.
    pub id: PostId,
    /// How it stands.
    pub post: RwSignal<Option<Post>>,
}

impl Shown {
    /// A post as it was loaded; from now on it keeps itself up to date.
    pub fn new(post: Post) -> Self {
        Self { id: post.id, post: RwSignal::new(Some(post)) }
    }

    /// Asks how it stands now.
    pub fn refresh(self) {
        leptos::task::spawn_local(async move {
            if let Ok(post) = now(self.id).await {
                self.post.try_set(post);
            }
        });
    }
}

/// Where a post is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On the timeline.
    Timeline,
    /// At the head of its thread.
    Opening,
    /// As a reply.
    Reply,
}

/// How many, in words as people say them: `Four`, `Twenty-three`; from a hundred on in digits.
pub fn in_words(count: u32) -> String {
    const WORDS: [&str; 20] = [
        "No",
        "One",
        "Two",
        "Three",
        "Four",
        "Five",
        "Six",
        "Seven",
        "Eight",
        "Nine",
        "Ten",
        "Eleven",
        "Twelve",
        "Thirteen",
        "Fourteen",
        "Fifteen",
        "Sixteen",
        "Seventeen",
        "Eighteen",
        "Nineteen",
    ];
    const TENS: [&str; 10] = ["", "", "Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"];
    match (count as usize / 10, count as usize % 10) {
        (0 | 1, _) => WORDS[count as usize].to_owned(),
        (tens @ 2..=9, 0) => TENS[tens].to_owned(),
        (tens @ 2..=9, ones) => format!("{}-{}", TENS[tens], WORDS[ones].to_lowercase()),
        _ => count.to_string(),
    }
}

/// Names in a sentence: `Amara, Yusuf and you`; long lists end in `and three others`.
pub fn names_in_words(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, two, three] => format!("{one}, {two} and {three}"),
        [one, two, rest @ ..] => format!("{one}, {two} and {} others", in_words(rest.len() as u32).to_lowercase()),
    }
}

/// The names with `you` in place of the viewer's own, at the end.
fn with_you(names: &[String], mine: bool, my_name: &str) -> Vec<String> {
    let mut others = names.to_vec();
    if mine && let Some(at) = others.iter().position(|name| name == my_name) {
        others.remove(at);
        others.push("you".into());
    }
    others
}

/// A post that stays up to date while it is shown.
#[component]
pub fn PostView(
    /// The post.
    shown: Shown,
    /// Where.
    place: Place,
    /// For a reply that does not stand right below what it answers: the name it answers, and its id.
    #[prop(optional)]
    replying_to: Option<(String, PostId)>,
) -> impl IntoView {
    on_hint(move |hint| match hint {
        Hint::PostChanged { post, .. } if post == shown.id => shown.refresh(),
        Hint::Replied { thread, .. } if thread == shown.id => shown.refresh(),
        _ => {}
    });
    move || {
        shown.post.with(|post| match post {
            None => ().part(),
            Some(post) if post.taken_back => view! {
                <article class="post gone" id=format!("p{}", post.id)><p>"What stood here is gone."</p></article>
            }
            .part(),
            Some(post) => whole(post, shown, place, replying_to.as_ref()),
        })
    }
}

#[cfg(feature = "ssr")]
use super::written::post as whole;
#[cfg(not(feature = "ssr"))]
fn whole(post: &Post, shown: Shown, place: Place, replying_to: Option<&(String, PostId)>) -> AnyView {
    Whole(WholeProps { post: post.clone(), shown, place, replying_to: replying_to.cloned() }).part()
}

/// A post that is there.
#[component]
pub(super) fn Whole(
    /// The post.
    post: Post,
    /// The same, as it changes.
    shown: Shown,
    /// Where.
    place: Place,
    /// The name that it answers, where it does not stand right below.
    replying_to: Option<(String, PostId)>,
) -> impl IntoView {
    let id = post.id;
    let class = match place {
        Place::Timeline => "post",
        Place::Opening => "post opening",
        Place::Reply => "post reply",
    };
    let member = here().me().is_some();
    let address = if post.id == post.root { format!("/posts/{id}") } else { format!("/posts/{}#p{id}", post.root) };
    let author = format!("/people/{}", post.author.name);
    let body = view! { <Body post=post.clone() shown place/> };
    let body = match post.note.clone() {
        None => body.part(),
        Some(note) => view! {
            <details class="fold">
                <summary><span class="fold-label">"Content note"</span>" "<span dir="auto">{note}</span></summary>
                {body}
            </details>
        }
        .part(),
    };
    let label = format!("p{id}-by");
    view! {
        <article class=class id=format!("p{id}") tabindex="-1" aria-labelledby=label.clone()>
            <header class="post-head">
                <span class="post-face"><Face who=post.author.clone()/></span>
                <p class="post-by" id=label.clone()>
                    {if member {
                        view! { <a class="post-author" href=author dir="auto">{post.author.display_name.clone()}</a> }.part()
                    } else {
                        view! { <span class="post-author" dir="auto">{post.author.display_name.clone()}</span> }.part()
                    }}
                    " "<span class="handle">"@"{post.author.name.to_string()}</span>
                </p>
                <p class="post-when">
                    <a href=address.clone()><When at=post.at/></a>
                    {post.edited_at.map(|_| view! { " "<a class="post-edited" href=format!("/posts/{id}/history") rel="external">"edited"</a> })}
                    {(place != Place::Reply).then(|| view! { <AudienceMark audience=post.audience named=post.named.clone()/> })}
                </p>
            </header>
            {replying_to.map(|(name, to)| view! { <p class="replying-to">"to "<a href=format!("#p{to}") dir="auto">{name}</a></p> })}
            {body}
            <Foot post shown place address/>
        </article>
    }
}

#[component]
fn AudienceMark(audience: Audience, named: Vec<String>) -> impl IntoView {
    match audience {
        Audience::Community => ().part(),
        Audience::Public => view! { " "<span class="post-audience"><Icon name="globe"/>" Public"</span> }.part(),
        Audience::Named => {
            view! { " "<span class="post-audience"><Icon name="lock"/>" For "<span dir="auto">{names_in_words(&named)}</span></span> }
                .part()
        }
    }
}

#[component]
fn Body(post: Post, shown: Shown, place: Place) -> impl IntoView {
    let count = post.pictures.len();
    view! {
        <Prose html=post.html.clone() class="post-body prose"/>
        {post.announces.map(|gathering| view! { <AnnouncedCard gathering shown/> })}
        {(count > 0).then(|| view! {
            <div class="pictures" data-count=count>
                {post.pictures.into_iter().map(|picture| {
                    let size = if count == 1 && place != Place::Reply { Size::Large } else { Size::Small };
                    let described = if picture.alt.is_empty() { "A picture without a description" } else { "" };
                    let alt = if picture.alt.is_empty() { described.to_owned() } else { picture.alt.clone() };
                    view! {
                        <a href=Picture::address(picture.id, Size::Large) rel="external">
                            <img src=Picture::address(picture.id, size) width=picture.width height=picture.height alt=alt loading="lazy" dir="auto"/>
                        </a>
                    }
                }).collect_view()}
            </div>
        })}
    }
}

#[component]
fn Foot(post: Post, shown: Shown, place: Place, address: String) -> impl IntoView {
    let id = post.id;
    let here = here();
    let replies = match post.replies {
        0 => "Reply".to_owned(),
        1 => "One reply".to_owned(),
        count => format!("{} replies", in_words(count)),
    };
    let replies_address = match place {
        Place::Timeline => address.clone(),
        Place::Opening => "#reply".to_owned(),
        Place::Reply => format!("/posts/{}?to={id}#reply", post.root),
    };
    let reply_label = if place == Place::Timeline { replies } else { "Reply".to_owned() };
    if here.me().is_none() {
        // Visitors read; who reacted is for members.
        return (place == Place::Timeline && post.replies > 0)
            .then(|| view! { <footer class="post-foot"><a class="post-replies" href=replies_address>{reply_label}</a></footer> })
            .part();
    }
    view! {
        <footer class="post-foot">
            <a class="post-replies" href=replies_address>{reply_label}</a>
            <Reactions shown id reactions=post.reactions.clone() choices=here.reactions.clone()/>
            {post.mine.then(|| view! {
                <a class="button plain post-more" href=format!("/posts/{id}/edit") rel="external"><Icon name="pen"/>" Edit"</a>
            })}
        </footer>
    }
    .part()
}

#[component]
fn Reactions(shown: Shown, id: PostId, reactions: Vec<Reaction>, choices: Vec<String>) -> impl IntoView {
    let form = use_form::<React, ReactRefusal>().about("post", &id.to_string());
    let done = Callback::new(move |_| shown.refresh());
    let my_name = here().me().map(|me| me.display_name.clone()).unwrap_or_default();
    let reactions: Vec<Reaction> =
        reactions.into_iter().map(|reaction| Reaction { by: with_you(&reaction.by, reaction.mine, &my_name), ..reaction }).collect();
    let who_menu = format!("who-{id}");
    let react_menu = format!("react-{id}");
    let everybody: Vec<String> = {
        let mut names: Vec<String> = Vec::new();
        for name in reactions.iter().flat_map(|reaction| &reaction.by) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    };
    let given = !reactions.is_empty();
    let mine: Vec<String> = reactions.iter().filter(|r| r.mine).map(|r| r.reaction.clone()).collect();
    let choices =
        choices.into_iter().map(|choice| (format!("{}{choice}", if mine.contains(&choice) { '-' } else { '+' }), choice)).collect();
    view! {
            <SentForm form done class="reactions-form">
    {view! {
                <input type="hidden" name="post" value=id.to_string()/>
                {given.then(|| view! {
                    <ul class="reactions">
                        {reactions.iter().map(|reaction| {
                            let names = names_in_words(&reaction.by);
                            let sign = if reaction.mine { '-' } else { '+' };
                            view! {
                                <li>
                                    <button class="reaction" type="submit" name="choice" value=format!("{sign}{}", reaction.reaction)
                                        aria-pressed=if reaction.mine { "true" } else { "false" }
                                        aria-label=format!("{}: {names}", reaction.reaction)>
                                        <span aria-hidden="true">{reaction.reaction.clone()}</span>
                                    </button>
                                </li>
                            }
                        }).collect_view()}
                    </ul>
                    <button class="reaction-names" type="button" popovertarget=who_menu.clone()>{names_in_words(&everybody)}</button>
                    <div class="menu who-menu" id=who_menu.clone() popover="auto">
                        <NameItems names=reactions.iter().flat_map(|reaction| reaction.by.iter().map(|name| (reaction.reaction.clone(), name.clone()))).collect()/>
                    </div>
                })}
                <button class="button plain react" type="button" popovertarget=react_menu.clone()><Icon name="smile"/><span>"React"</span></button>
                <div class="menu react-menu" id=react_menu popover="auto">
                    <ChoiceItems name="choice" choices=choices/>
                </div>
            }.part()}
    </SentForm>
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_below_a_hundred_are_words() {
        assert_eq!([1, 19, 20, 43, 99, 100].map(in_words), ["One", "Nineteen", "Twenty", "Forty-three", "Ninety-nine", "100"]);
    }

    #[test]
    fn the_viewer_reads_you() {
        let names = ["Mei", "Ana"].map(String::from);
        assert_eq!(with_you(&names, true, "Mei"), ["Ana", "you"]);
        assert_eq!(with_you(&names, false, "Mei"), ["Mei", "Ana"]);
    }

    #[test]
    fn many_names_end_in_how_many_others() {
        let names = ["Kofi", "Inês", "Tomasz", "Mei", "you"].map(String::from);
        assert_eq!(names_in_words(&names), "Kofi, Inês and three others");
        assert_eq!(names_in_words(&names[..2]), "Kofi and Inês");
    }
}
