//! `/admin`: an admin shapes the place. What is saved holds at once, for everybody.

use super::{
    Asked, Page,
    accent::{AccentFields, Choice, Palettes},
    fields::{Done, Field, FrameFields, Refused, Subnav},
};
use crate::{
    chrome::{Mark, PageTitle, capital, with_article},
    community::{ChangeAccent, ChangeCommunity, ChangeLogo, ChangeRole, ChangeRules, ChangeWords, RemoveLogo},
    fault::{FaultNote, Never},
    forms::use_form,
    here::here,
    safe_html::TextArea,
    uploads::UploadRefusal,
};
use domain::{
    community::{CommunityRefusal, WhoInvites, palette::ColourRefusal},
    people::{PeopleOrder, Person, Role, RoleRefusal},
};
use leptos::{prelude::*, server_fn::ServerFn};

pub(super) fn head(current: &'static str) -> impl IntoView {
    let pages = vec![
        ("/admin", "Place"),
        ("/admin/looks", "Looks"),
        ("/admin/words", "Words"),
        ("/admin/rules", "House rules"),
        ("/admin/welcome", "Welcome"),
        ("/admin/roles", "Roles"),
        ("/admin/hand-over", "Hand over"),
    ];
    view! {
        <PageTitle of="The place"/>
        <header class="page-head"><h1>"The place"</h1></header>
        <Subnav label="The place" pages current/>
    }
}

/// `/admin`.
pub(super) async fn place(asked: Asked) -> Page {
    asked.admin()?;
    let community = asked.community()?;
    let size = asked.request.services.place.size().await?;
    let lying = asked.request.services.mail.lying().await?;
    let form = use_form::<ChangeCommunity, CommunityRefusal>();
    let name = form.value("form[name]", &community.name);
    let purpose = form.value("form[purpose]", &community.purpose);
    let greeting = form.value("form[greeting]", &community.greeting);
    let zone = form.value("form[time_zone]", community.zone.name());
    let language = form.value("form[language]", &community.language);
    let size_cap = form.value("form[size_cap]", &community.size_cap.to_string());
    let reactions = form.value("form[reactions]", &community.reactions.join(" "));
    let everyone = form.chosen("form[who_invites]", "everyone", community.who_invites == WhoInvites::Everyone);
    let asks_open = form.chosen("form[asks_open]", "yes", community.asks_open);
    let (member, members) = (here().words.member.clone(), here().words.members.clone());
    let now_here = if size == 1 { format!("One {member} is here now.") } else { format!("{size} {members} are here now.") };
    Ok(view! {
        <main class="page" id="page" tabindex="-1">
            {head("/admin")}
            <Done done=asked.query.get("done") says=&[("place", "Saved, for everybody.")]/>
            <Refused form/>
            <form class="form" method="post" action=form.address()>
                <Field id="name" label="Its name" error=form.error("name")>
                    <input id="name" name="form[name]" type="text" dir="auto" required=true maxlength="60" autocomplete="off" value=name/>
                </Field>
                <Field id="purpose" label="What it is for, in a sentence" error=form.error("purpose")>
                    <TextArea id="purpose" name="form[purpose]" text=purpose rows=2 required=true most=200/>
                </Field>
                <Field
                    id="greeting" label="Greeting" optional="if you like" hint="A few lines for whoever stands at the front door."
                    error=form.error("greeting")
                >
                    <TextArea id="greeting" name="form[greeting]" text=greeting rows=4 most=2000/>
                </Field>
                <FrameFields
                    form zone language size_cap
                    size_hint=format!("{now_here} Up to about a hundred people can still know each other by name.")
                />
                <fieldset class="choices">
                    <legend>"Who may invite?"</legend>
                    <label class="choice">
                        <input type="radio" name="form[who_invites]" value="everyone" checked=everyone/>
                        <span><strong>"Every "{member}</strong>" "<span class="choice-hint">"Groups bring groups. You always see who invited whom."</span></span>
                    </label>
                    <label class="choice">
                        <input type="radio" name="form[who_invites]" value="hosts" checked=!everyone/>
                        <span><strong>"Hosts only"</strong>" "<span class="choice-hint">"Slower, and sometimes right."</span></span>
                    </label>
                </fieldset>
                <fieldset class="choices">
                    <legend>"At the front door"</legend>
                    <label class="choice">
                        <input type="checkbox" name="form[asks_open]" value="yes" checked=asks_open/>
                        <span>"Visitors may ask to join "<span class="choice-hint">"Hosts read their words and answer."</span></span>
                    </label>
                </fieldset>
                <Field
                    id="reactions" label="Reactions" error=form.error("reactions")
                    hint="Up to twelve, with spaces between them. Reactions that were given before stay."
                >
                    <input
                        id="reactions" name="form[reactions]" type="text" required=true autocomplete="off" maxlength="160" value=reactions
                    />
                </Field>
                <div class="actions"><button class="button" type="submit">"Save for everybody"</button></div>
            </form>
            {lying.map(|lying| {
                let lying = match lying {
                    0 => "None lies there now.".to_owned(),
                    1 => "One lies there now.".to_owned(),
                    lying => format!("{lying} lie there now."),
                };
                view! {
                    <section class="section" aria-labelledby="mail">
                        <h2 id="mail">"Mail"</h2>
                        <p>
                            "No mail server is set up. Letters are laid down as files in the folder "<code>"mail"</code>" of the data folder, for you to pass on. "
                            {lying}
                        </p>
                        <p class="field-hint">"With "<code>"--mail-server"</code>" they are sent: "<code>"porchlight serve --help"</code>" says how."</p>
                    </section>
                }
            })}
        </main>
    }
    .into_any())
}

/// `/admin/looks`.
pub(super) async fn looks(asked: Asked) -> Page {
    asked.admin()?;
    let community = asked.community()?;
    let form = use_form::<ChangeAccent, CommunityRefusal>();
    let logo_form = use_form::<ChangeLogo, UploadRefusal<Never>>();
    let choice = Choice::of(form, &asked.query, community.accent);
    // In place of a colour that can't be read, the nearest that can.
    let nearest = match choice.colour {
        Ok(colour) => Some(colour),
        Err(ColourRefusal::TooFaint { instead, .. }) => Some(instead),
        Err(ColourRefusal::Unreadable) => None,
    };
    let caption = match (choice.colour.is_ok(), choice.previewed) {
        (true, false) => "How it looks now:",
        (true, true) => "How it would look; nothing is saved yet:",
        (false, _) => "The nearest colour that can be read:",
    };
    Ok(view! {
        <main class="page" id="page" tabindex="-1">
            {head("/admin/looks")}
            <Done
                done=asked.query.get("done")
                says=&[
                    ("accent", "Painted. Everybody sees it from now on."),
                    ("logo", "Your mark is on the door."),
                    ("no-logo", "The lantern is back."),
                ]
            />
            <Refused form/>
            {choice.note()}
            <form class="form" method="post" action=form.address()>
                <AccentFields choice/>
                {nearest.map(|accent| view! {
                    <p class="quiet">{caption}" "{accent.to_string()}</p>
                    <Palettes accent name=community.name.clone()/>
                })}
                <div class="actions">
                    <button class="button" type="submit">"Paint the door"</button>
                    <button class="button quiet" type="submit" formmethod="get" formaction="/admin/looks">"See how it looks"</button>
                </div>
            </form>
            <section class="section" aria-labelledby="mark">
                <h2 id="mark">"Its mark"</h2>
                <p>"A square picture in place of the lantern. Everybody who comes to the front door sees it."</p>
                <Refused form=logo_form/>
                <form class="form" method="post" action=logo_form.address() enctype="multipart/form-data">
                    <div class="picture-field">
                        <Mark logo=community.logo class="face large" side=112/>
                        <Field id="logo" label="Picture" error=logo_form.error("picture")>
                            <input id="logo" name="file" type="file" accept="image/*" required=true/>
                        </Field>
                    </div>
                    <div class="actions"><button class="button" type="submit">"Hang it up"</button></div>
                </form>
                {community.logo.map(|_| view! {
                    <form method="post" action=RemoveLogo::url()><button class="button plain" type="submit">"Back to the lantern"</button></form>
                })}
            </section>
        </main>
    }
    .into_any())
}

/// `/admin/words`.
pub(super) fn words(asked: Asked) -> Page {
    asked.admin()?;
    let words = here().words.clone();
    let form = use_form::<ChangeWords, CommunityRefusal>();
    let pairs = [
        ("post", "A post is called", &words.post, "posts", &words.posts),
        ("gathering", "A gathering is called", &words.gathering, "gatherings", &words.gatherings),
        ("member", "A member is called", &words.member, "members", &words.members),
    ];
    let field = |name: &'static str, label: &'static str, now: &str| {
        let field_name = format!("words[{name}]");
        let value = form.value(&field_name, now);
        view! {
            <Field id=name label error=form.error(name)>
                <input id=name name=field_name type="text" dir="auto" required=true maxlength="30" autocomplete="off" value=value/>
            </Field>
        }
    };
    let rows = pairs
        .into_iter()
        .map(|(one, label, word, several, words)| {
            view! { <div class="field-row">{field(one, label, word)}{field(several, "Several are", words)}</div> }
        })
        .collect_view();
    Ok(view! {
        <main class="page" id="page" tabindex="-1">
            {head("/admin/words")}
            <Done done=asked.query.get("done") says=&[("words", "Saved. From now on that is what everybody reads.")]/>
            <Refused form/>
            <p>"If nobody here says \u{201c}gathering\u{201d}, don't make them read it. Addresses keep the old words, so that no link breaks."</p>
            <form class="form" method="post" action=form.address()>
                {rows}
                <div class="actions"><button class="button" type="submit">"Save for everybody"</button></div>
            </form>
        </main>
    }
    .into_any())
}

/// `/admin/rules`.
pub(super) async fn rules(asked: Asked) -> Page {
    asked.admin()?;
    let kept = asked.request.services.place.rules().await?;
    let form = use_form::<ChangeRules, CommunityRefusal>();
    let version = kept.as_ref().map_or(0, |rules| rules.version);
    let text = form.value("markdown", kept.as_ref().map_or("", |rules| rules.markdown.as_str()));
    Ok(view! {
        <main class="page" id="page" tabindex="-1">
            {head("/admin/rules")}
            <Done done=asked.query.get("done") says=&[("rules", "The new rules are in force. Tell people what changed, and why.")]/>
            <Refused form/>
            <form class="form" method="post" action=form.address()>
                <Field
                    id="markdown" label="House rules" error=form.error("markdown")
                    hint=format!("This is version {version}; it is kept when you change it. A line that begins with a number makes a list; \
                        two stars on each side make words **bold**.")
                >
                    <TextArea id="markdown" name="markdown" text rows=18 required=true most=20_000/>
                </Field>
                <div class="actions">
                    <button class="button" type="submit">"Put them in force"</button>
                    <a class="button plain" href="/rules">"See how they read"</a>
                </div>
            </form>
        </main>
    }
    .into_any())
}

/// `/admin/roles`.
pub(super) async fn roles(asked: Asked) -> Page {
    asked.admin()?;
    let everyone = asked.request.services.people.everyone(&asked.request.viewer, PeopleOrder::Name).await?;
    let names = everyone
        .iter()
        .map(|person| view! { <option value=person.who.name.to_string()>{person.who.display_name.clone()}</option> })
        .collect_view();
    let holders: Vec<Person> = everyone.into_iter().filter(|person| person.role > Role::Member).collect();
    let admins = holders.iter().filter(|person| person.role == Role::Admin).count();
    // The rows below have forms of their own.
    let form = use_form::<ChangeRole, RoleRefusal>().about("row", "");
    let member = here().words.member.clone();
    let role = form.value("role", "host");
    let choices = [Role::Host, Role::Admin, Role::Member]
        .into_iter()
        .map(|each| {
            let (name, hint) = match each {
                Role::Member => (member.clone(), "Reads, writes and comes along."),
                Role::Host => {
                    ("host".to_owned(), "Welcomes people, answers those who knock, helps with signing in, changes what anybody planned.")
                }
                Role::Admin => ("admin".to_owned(), "A host who also shapes the place: everything on these pages."),
            };
            let checked = role == each.word();
            view! {
                <label class="choice">
                    <input type="radio" name="role" value=each.word() checked=checked/>
                    <span><strong>{capital(&with_article(&name))}</strong>" "<span class="choice-hint">{hint}</span></span>
                </label>
            }
        })
        .collect_view();
    Ok(view! {
        <main class="page" id="page" tabindex="-1">
            {head("/admin/roles")}
            <Done done=asked.query.get("done") says=&[
                ("role", "Done. It holds from their next step on."),
                ("removed", "They are removed, and what was theirs is gone."),
            ]/>
            <section class="section" aria-labelledby="holders">
                <h2 id="holders">"Who looks after the place"</h2>
                <ul class="rows">{holders.into_iter().map(|person| view! { <Holder person admins/> }).collect_view()}</ul>
            </section>
            <section class="section" aria-labelledby="change">
                <h2 id="change">"Share the keys"</h2>
                <p>"A place that hangs on one person is tired in a year. Ask somebody who is here often and kind when it is hard."</p>
                <Refused form/>
                <form class="form" method="post" action=form.address()>
                    <Field id="name" label="Name" hint="The short one, after the @." error=form.error("name")>
                        <input
                            id="name" name="name" type="text" list="names" autocomplete="off" autocapitalize="none" spellcheck="false" required=true
                            maxlength="31" value=form.value("name", "")
                        />
                    </Field>
                    <datalist id="names">{names}</datalist>
                    <fieldset class="choices"><legend>"They are to be"</legend>{choices}</fieldset>
                    <div class="actions"><button class="button" type="submit">"Make it so"</button></div>
                </form>
            </section>
            <section class="section" aria-labelledby="remove">
                <h2 id="remove">"When somebody has to go"</h2>
                <p>"It happens, rarely. Talk first, with them and with the other hosts. "<a href="/admin/remove">"Remove somebody"</a></p>
            </section>
        </main>
    }
    .into_any())
}

/// Somebody who looks after the place, and what else they may be. The only admin stays one.
#[component]
fn Holder(person: Person, admins: usize) -> impl IntoView {
    let (role, other) = match person.role {
        Role::Admin => ("admin", Role::Host),
        _ => ("host", Role::Admin),
    };
    let name = person.who.name.to_string();
    let member = here().words.member.clone();
    let form = use_form::<ChangeRole, RoleRefusal>().about("row", &name);
    let button = |role: Role, said: String| {
        view! {
            <form method="post" action=form.address()>
                <input type="hidden" name="row" value=name.clone()/>
                <input type="hidden" name="name" value=name.clone()/>
                <input type="hidden" name="role" value=role.word()/>
                <button class="button quiet" type="submit">{said}<span class="visually-hidden">": "{person.who.display_name.clone()}</span></button>
            </form>
        }
    };
    view! {
        <li class="row">
            <div class="row-what">
                <p class="row-title"><span dir="auto">{person.who.display_name.clone()}</span>" "<span class="handle">"@"{name.clone()}</span></p>
                <p class="quiet">{role}</p>
                <FaultNote fault=form.fault()/>
            </div>
            {if person.role == Role::Admin && admins == 1 {
                view! { <p class="quiet">"The only one: make somebody else an admin to step back."</p> }.into_any()
            } else {
                view! {
                    <div class="actions">
                        {button(other, format!("Make {}", if other == Role::Host { "host" } else { "admin" }))}
                        {button(Role::Member, format!("Back to {member}"))}
                    </div>
                }
                .into_any()
            }}
        </li>
    }
}
