//! The frame around every page: the letterhead, the few ways to go, and the small parts that many pages show.

use crate::{
    fault::Trouble,
    here::{Here, here},
    icons::Icon,
    live::on_hint,
    notifications::CountUnread,
    part::IntoPart,
    wire,
};
#[cfg(feature = "ssr")]
use domain::people::Handle;
use domain::{
    ids::PictureId,
    live::Hint,
    people::{Byline, Role},
    pictures::{Picture, Size},
    viewer::Me,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// Makes the first letter a capital, for words that begin a line.
pub fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A word with its article, for words that a community chose: `a gathering`, `an evening`.
pub fn with_article(word: &str) -> String {
    let vowel = word.chars().next().is_some_and(|first| matches!(first.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u'));
    format!("{} {word}", if vowel { "an" } else { "a" })
}

/// The frame of a member's page.
#[component]
pub fn MemberFrame(
    /// The path that is shown, to mark where one is.
    #[prop(into)]
    path: Signal<String>,
    /// The page.
    children: Children,
) -> impl IntoView {
    let here = here();
    let Some(me) = here.me().cloned() else { return view! { <VisitorFrame>{children()}</VisitorFrame> }.part() };
    let unread = RwSignal::new(me.unread);
    on_hint(move |hint| {
        if hint == Hint::Notified {
            leptos::task::spawn_local(async move {
                if let Ok(count) = wire::get::<u32>(CountUnread::PATH, "").await {
                    unread.set(count);
                }
            });
        }
    });
    // Opening the notifications reads them.
    Effect::new(move |_| {
        if path.get() == "/notifications" {
            unread.set(0);
        }
    });
    let section = Memo::new(move |_| {
        let path = path.get();
        let inside = |root: &str| path == root || (root != "/" && path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/')));
        ["/", "/people", "/gatherings", "/notifications", "/hosting"].into_iter().find(|root| inside(root))
    });
    #[cfg(feature = "ssr")]
    let ways = WAYS.part(
        Ways {
            name: here.name.clone(),
            logo: here.logo,
            gatherings: here.words.gatherings.clone(),
            may_invite: here.may_invite,
            me: me.name.clone(),
            role: me.role,
            unread: me.unread,
            section: section.get_untracked(),
        },
        || ways(&here, &me, unread, section),
    );
    #[cfg(not(feature = "ssr"))]
    let ways = ways(&here, &me, unread, section);
    view! { <div class="shell">{ways}{children()}</div> }.part()
}

#[cfg(feature = "ssr")]
static WAYS: crate::again::Again<Ways> = crate::again::Again::new();

/// All that [`ways`] is made from.
#[cfg(feature = "ssr")]
#[derive(PartialEq, Eq, Hash)]
struct Ways {
    name: String,
    logo: Option<PictureId>,
    gatherings: String,
    may_invite: bool,
    me: Handle,
    role: Role,
    unread: u32,
    section: Option<&'static str>,
}

/// What stands before a member's page: the letterhead, and the ways to go.
fn ways(here: &Here, me: &Me, unread: RwSignal<u32>, section: Memo<Option<&'static str>>) -> impl IntoView + use<> {
    let current = move |root: &'static str| move || (section.get() == Some(root)).then_some("page");
    let gatherings = capital(&here.words.gatherings);
    view! {
        <a class="skip" href="#page">"Skip to the page"</a>
        <header class="letterhead">
            <a class="letterhead-name" href="/"><Mark logo=here.logo class="letterhead-mark" side=32/><span dir="auto">{here.name.clone()}</span></a>
        </header>
        <nav class="nav" aria-label="Main">
            <ul>
                <li><a href="/" aria-current=current("/")><Icon name="timeline"/><span class="nav-word">"Timeline"</span></a></li>
                <li><a href="/people" aria-current=current("/people")><Icon name="people"/><span class="nav-word">"People"</span></a></li>
                <li><a href="/gatherings" aria-current=current("/gatherings")><Icon name="gatherings"/><span class="nav-word">{gatherings}</span></a></li>
                <li>
                    <a href="/notifications" aria-current=current("/notifications")>
                        <Icon name="bell"/>
                        <span class="nav-word">"Notices"</span>
                        {move || {
                            let count = unread.get();
                            (count > 0).then(|| view! { <span class="nav-badge">{if count > 20 { "20+".to_owned() } else { count.to_string() }}<span class="visually-hidden">" new"</span></span> })
                        }}
                    </a>
                </li>
                {(me.role != Role::Member).then(|| view! {
                    <li class="wide-only"><a href="/hosting" rel="external" aria-current=current("/hosting")><span class="nav-word">"Hosting"</span></a></li>
                })}
                <li><button type="button" popovertarget="you-menu"><Icon name="you"/><span class="nav-word">"You"</span></button></li>
            </ul>
        </nav>
        <div class="menu" id="you-menu" popover="auto">
            <ul>
                <li><a href=format!("/people/{}", me.name)>"Your page"</a></li>
                <li><a href="/settings" rel="external">"Settings"</a></li>
                <li><a href="/welcome" rel="external">"Welcome"</a></li>
                {match me.role {
                    Role::Member => here.may_invite.then_some(("", "/hosting/invitations", "Invitations")),
                    Role::Host | Role::Admin => Some(("narrow-only", "/hosting", "Hosting")),
                }.map(|(class, address, says)| view! { <li class=class><a href=address rel="external">{says}</a></li> })}
                {(me.role == Role::Admin).then(|| view! { <li><a href="/admin" rel="external">"The place"</a></li> })}
                <li><a href="/rules" rel="external">"House rules"</a></li>
                <li>
                    <form method="post" action=crate::sign_in::sign_out_address()><button type="submit">"Sign out"</button></form>
                </li>
            </ul>
        </div>
    }
}

/// The frame of a visitor's page.
#[component]
pub fn VisitorFrame(
    /// The page.
    children: Children,
) -> impl IntoView {
    let here = here();
    view! {
        <div class="shell shell-visitor">
            <a class="skip" href="#page">"Skip to the page"</a>
            <header class="letterhead">
                <a class="letterhead-name" href="/"><Mark logo=here.logo class="letterhead-mark" side=32/><span dir="auto">{here.name.clone()}</span></a>
                <a class="letterhead-aside" href="/sign-in">"Sign in"</a>
            </header>
            {children()}
            <footer class="foot">
                <p><a href="/rules">"House rules"</a>" "<a href="/about">"About"</a></p>
                <p>"A Porchlight home. No adverts, no ranking, no scores."</p>
            </footer>
        </div>
    }
}

/// The community's mark: its logo, or the lantern.
#[component]
pub fn Mark(
    /// The logo.
    logo: Option<PictureId>,
    /// The image's class.
    class: &'static str,
    /// Its side, in pixels.
    side: u32,
) -> impl IntoView {
    let address = logo.map_or_else(|| "/icons/favicon.svg".to_owned(), |logo| Picture::address(logo, Size::Small));
    view! { <img class=class src=address width=side height=side alt=""/> }
}

/// Somebody's face, beside their name (so it has no text of its own).
#[component]
pub fn Face(
    /// Whose.
    who: Byline,
    /// `face`, `face small` or `face large`.
    #[prop(default = "face")]
    class: &'static str,
) -> impl IntoView {
    let side = match class {
        "face small" => 28,
        "face large" => 112,
        _ => 44,
    };
    // Portraits are for members; a visitor sees the letter.
    match who.picture.filter(|_| here().me().is_some()) {
        Some(picture) => {
            view! { <img class=class src=Picture::address(picture, Size::Small) width=side height=side alt="" loading="lazy"/> }.part()
        }
        None => {
            let letter =
                who.display_name.chars().find(|c| c.is_alphanumeric()).map(|c| c.to_uppercase().to_string()).unwrap_or_else(|| "·".into());
            view! { <span class=class aria-hidden="true">{letter}</span> }.part()
        }
    }
}

/// The name of the page, for the window's title bar.
#[component]
pub fn PageTitle(
    /// What the page is.
    #[prop(into)]
    of: String,
) -> impl IntoView {
    let place = here().name.clone();
    let title = if of.is_empty() { place } else { format!("{of} · {place}") };
    #[cfg(feature = "ssr")]
    crate::shell::name(title);
    #[cfg(not(feature = "ssr"))]
    document().set_title(&title);
}

/// What is not there, or not for this viewer: one page for both.
#[component]
pub fn NotHere() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::request::status(axum::http::StatusCode::NOT_FOUND);
    let visitor = here().me().is_none();
    view! {
        <PageTitle of="Not here"/>
        <main class="page narrow mishap" id="page" tabindex="-1">
            <img class="mishap-mark" src="/icons/favicon.svg" width="72" height="72" alt=""/>
            <h1>"There is nothing here"</h1>
            <p class="lede">
                {if visitor {
                    format!("The address may be mistyped, it may have been taken away, or it is for {}.", here().words.members.clone())
                } else {
                    "The address may be mistyped, it may have been taken away, or it is for others.".to_owned()
                }}
            </p>
            <p class="actions">
                <a class="button" href="/">{if visitor { "To the front door" } else { "To the timeline" }}</a>
                {visitor.then(|| view! { <a class="button quiet" href="/sign-in">"Sign in"</a> })}
            </p>
        </main>
    }
}

/// We failed to show a page.
#[component]
pub fn Mishap(
    /// What went wrong.
    trouble: Trouble,
) -> impl IntoView {
    view! {
        <PageTitle of="That did not work"/>
        <main class="page narrow mishap" id="page" tabindex="-1">
            <img class="mishap-mark" src="/icons/favicon.svg" width="72" height="72" alt=""/>
            <h1>"That did not work"</h1>
            <p class="lede">{trouble.sentence}</p>
            <p class="actions"><a class="button" href="">"Try again"</a></p>
        </main>
    }
}
