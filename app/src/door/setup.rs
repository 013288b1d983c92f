//! Founding: `/setup`, one step at a time, and `/setup/done`. Until it is done, there is nothing else here.

use super::{
    Asked, NoPage, Page, Query,
    accent::{AccentFields, Choice, Palettes},
    fields::{AccountFields, CopyField, Field, FrameFields, Refused},
    plan::{OftenChoices, where_errors},
};
use crate::{
    chrome::{Mishap, PageTitle},
    fault::{Fault, Never, Trouble},
    forms::{FormState, use_form},
    here::Here,
    request::status,
    safe_html::{OwnMarkup, TextArea},
    setup::{FoundAccount, FoundGathering, FoundInvitation, FoundLooks, FoundPlace, FoundRules, LeaveGathering, LeaveInvitation},
};
use axum::http::StatusCode;
use domain::{
    community::{Community, DEFAULT_SIZE_CAP, palette},
    gatherings::PlanRefusal,
    invitations::{InviteRefusal, Invited, MOST_USES},
    setup::{FirstRefusal, Progress, SetupRefusal, Step},
    viewer::Viewer,
};
use leptos::{prelude::*, server_fn::ServerFn};
use std::sync::Arc;

/// The three sets of house rules to start from: a word for the address, a name, what it is like, and the rules.
const TEMPLATES: [(&str, &str, &str, &str); 3] = [
    ("friends", "Among friends", "Speak as at the kitchen table. What is said here stays here.", include_str!("templates/friends.md")),
    (
        "congregation",
        "A congregation or a club",
        "We come for the same thing, and for different reasons. Everyone is new once.",
        include_str!("templates/congregation.md"),
    ),
    (
        "neighbourhood",
        "A neighbourhood",
        "You will meet them at the bakery tomorrow. Talk about the noise, not the neighbour.",
        include_str!("templates/neighbourhood.md"),
    ),
];

/// Every page of a place that is not founded yet.
pub(super) async fn unfounded(asked: Asked) -> AnyView {
    let page = if asked.path.trim_end_matches('/') == "/setup" { founding(&asked).await } else { Err(NoPage::NotHere) };
    match page {
        Ok(page) => page,
        Err(NoPage::NotHere) => {
            if asked.path != "/" {
                status(StatusCode::NOT_FOUND);
            }
            view! { <Nothing/> }.into_any()
        }
        Err(NoPage::Mishap) => {
            status(StatusCode::INTERNAL_SERVER_ERROR);
            let trouble = Trouble::from(Fault::<Never>::Ours);
            view! { <Frame name=None><Mishap trouble/></Frame> }.into_any()
        }
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <PageTitle of="Nobody lives here yet"/>
        <Frame name=None>
            <main class="page narrow mishap" id="page" tabindex="-1">
                <img class="mishap-mark" src="/icons/favicon.svg" width="72" height="72" alt=""/>
                <h1>"Nobody lives here yet"</h1>
                <p class="lede">"This place is built and swept, but nobody has founded a community in it."</p>
                <p>
                    "Are you the one who runs it? A founding link was printed where the server runs, in its window or its log. \
                    Open that link and the first steps begin. It is printed again at every start until the community is founded."
                </p>
            </main>
        </Frame>
    }
}

/// The frame of these pages: there is nowhere else to go yet.
#[component]
fn Frame(name: Option<String>, children: Children) -> impl IntoView {
    view! {
        <div class="shell shell-visitor">
            <a class="skip" href="#page">"Skip to the page"</a>
            <header class="letterhead">
                <a class="letterhead-name" href="/setup">
                    <img class="letterhead-mark" src="/icons/favicon.svg" width="32" height="32" alt=""/>
                    <span dir="auto">{name.unwrap_or_else(|| "A new place".to_owned())}</span>
                </a>
            </header>
            {children()}
        </div>
    }
}

async fn founding(asked: &Asked) -> Page {
    let (setup, cookie) = (&asked.request.services.setup, &asked.request.cookie);
    let arriving = asked.query.get("key").to_owned();
    if !arriving.is_empty() {
        // The key goes into the cookie and out of the address, where others could read it over a shoulder.
        if setup.progress(&arriving).await?.is_none() {
            return Err(NoPage::NotHere);
        }
        cookie.keep_founding_key(arriving).await?;
        leptos_axum::redirect("/setup");
        return Ok(().into_any());
    }
    let key = cookie.founding_key().await.ok_or(NoPage::NotHere)?;
    let progress = setup.progress(&key).await?.ok_or(NoPage::NotHere)?;
    if let Some(founder) = progress.founder
        && asked.request.viewer == Viewer::Visitor
    {
        cookie.begin(founder).await?;
    }
    let so_far = asked.request.services.founding.so_far().await?;
    let rules = asked.request.services.place.rules().await?.map(|rules| rules.markdown);
    if let Some(so_far) = &so_far {
        expect_context::<StoredValue<Arc<Here>>>().set_value(Arc::new(Here::of(so_far, &Viewer::Visitor)));
    }
    // One may go back to what can be taken twice: not to the account, the gathering or the invitation.
    let wanted = Step::from_word(asked.query.get("step")).filter(|step| may_go_back(*step, &progress));
    let step = wanted.unwrap_or(progress.step);
    let query = &asked.query;
    let steps = view! { <Steps step progress=progress.clone()/> };
    let page = match step {
        Step::Place => view! { <PlaceStep so_far=so_far.clone()/> }.into_any(),
        Step::Founder => view! { <FounderStep/> }.into_any(),
        Step::Looks => looks_step(so_far.as_ref(), query),
        Step::Rules => rules_step(rules, query),
        Step::Gathering => view! { <GatheringStep/> }.into_any(),
        Step::Invitation => view! { <InvitationStep name=so_far.as_ref().map(|c| c.name.clone()).unwrap_or_default()/> }.into_any(),
    };
    let name = so_far.map(|community| community.name);
    Ok(view! {
        <PageTitle of="Founding"/>
        <Frame name>
            <main class="page narrow" id="page" tabindex="-1">
                {steps}
                {page}
            </main>
        </Frame>
    }
    .into_any())
}

fn may_go_back(step: Step, progress: &Progress) -> bool {
    step <= progress.step && (step == progress.step || matches!(step, Step::Place | Step::Looks | Step::Rules))
}

#[component]
fn Steps(step: Step, progress: Progress) -> impl IntoView {
    let name = |step: Step| match step {
        Step::Place => "The place",
        Step::Founder => "You",
        Step::Looks => "Looks",
        Step::Rules => "House rules",
        Step::Gathering => "First gathering",
        Step::Invitation => "Invitation",
    };
    let at = Step::ALL.into_iter().position(|s| s == step).unwrap_or_default() + 1;
    let items = Step::ALL
        .into_iter()
        .map(|each| {
            if each == step {
                view! { <li aria-current="step">{name(each)}</li> }.into_any()
            } else if may_go_back(each, &progress) {
                let done = (each < progress.step).then_some("");
                view! { <li data-done=done><a href=format!("/setup?step={}", each.word())>{name(each)}</a></li> }.into_any()
            } else if each < progress.step {
                view! { <li data-done="">{name(each)}</li> }.into_any()
            } else {
                view! { <li>{name(each)}</li> }.into_any()
            }
        })
        .collect_view();
    view! { <ol class="steps" aria-label=format!("Founding, step {at} of {}", Step::ALL.len())>{items}</ol> }
}

#[component]
fn PlaceStep(so_far: Option<Community>) -> impl IntoView {
    let form = use_form::<FoundPlace, SetupRefusal>();
    let now = |field: fn(&Community) -> String, or: &str| so_far.as_ref().map_or_else(|| or.to_owned(), field);
    let name = form.value("form[name]", &now(|c| c.name.clone(), ""));
    let purpose = form.value("form[purpose]", &now(|c| c.purpose.clone(), ""));
    let zone = form.value("form[time_zone]", &now(|c| c.zone.name().to_owned(), ""));
    let language = form.value("form[language]", &now(|c| c.language.clone(), "en"));
    let size_cap = form.value("form[size_cap]", &now(|c| c.size_cap.to_string(), &DEFAULT_SIZE_CAP.to_string()));
    view! {
        <header class="page-head">
            <h1>"What will you call it?"</h1>
            <p class="lede">"This takes about five minutes. You can stop at any point and go on later with the same link."</p>
        </header>
        <Refused form/>
        <form class="form" method="post" action=form.address()>
            <Field id="name" label="Its name" error=form.error("name")>
                <input id="name" name="form[name]" type="text" dir="auto" required=true maxlength="60" autocomplete="off" value=name/>
            </Field>
            <Field
                id="purpose" label="What is it for, in a sentence?" hint="Whoever stands at the door reads it first." error=form.error("purpose")
            >
                <TextArea id="purpose" name="form[purpose]" text=purpose rows=2 required=true most=200/>
            </Field>
            <FrameFields
                form zone language size_cap
                size_hint="Up to about a hundred people can still know each other by name. You can raise it later, up to five hundred."
            />
            <div class="actions"><button class="button" type="submit">"Go on"</button></div>
        </form>
    }
}

#[component]
fn FounderStep() -> impl IntoView {
    let form = use_form::<FoundAccount, SetupRefusal>();
    view! {
        <header class="page-head">
            <h1>"And who are you?"</h1>
            <p class="lede">"You are the first person here, and you hold the keys. You can share them later."</p>
        </header>
        <Refused form/>
        <form class="form" method="post" action=form.address()>
            <AccountFields form asks="What are you called?"/>
            <div class="actions"><button class="button" type="submit">"Go on"</button></div>
        </form>
    }
}

fn looks_step(so_far: Option<&Community>, query: &Query) -> AnyView {
    let form = use_form::<FoundLooks, SetupRefusal>();
    let choice = Choice::of(form, query, so_far.map_or(palette::FIRST_ACCENT, |community| community.accent));
    let greeting = so_far.map_or("", |community| community.greeting.as_str());
    let greeting = form.value("greeting", if choice.previewed { query.get("greeting") } else { greeting });
    let name = so_far.map_or_else(String::new, |community| community.name.clone());
    let palettes = choice.colour.ok().map(|accent| view! { <Palettes accent name/> });
    view! {
        <header class="page-head">
            <h1>"What does the door look like?"</h1>
            <p class="lede">"One colour, and what you would say to somebody who stands outside."</p>
        </header>
        <Refused form/>
        {choice.note()}
        <form class="form" method="post" action=form.address()>
            <AccentFields choice/>
            {palettes}
            <div class="actions">
                <button class="button quiet" type="submit" formmethod="get" formaction="/setup" name="step" value="looks">"See how it looks"</button>
            </div>
            <Field
                id="greeting" label="Greeting" optional="if you like" error=form.error("greeting")
                hint="A few lines for the front door: who you are, when you meet, whom you hope to see."
            >
                <TextArea id="greeting" name="greeting" text=greeting rows=4 most=2000/>
            </Field>
            <div class="actions">
                <button class="button" type="submit">"Go on"</button>
                <a class="button plain" href="/setup?step=place">"Back"</a>
            </div>
        </form>
    }
    .into_any()
}

fn rules_step(kept: Option<String>, query: &Query) -> AnyView {
    let form = use_form::<FoundRules, SetupRefusal>();
    let template = TEMPLATES.into_iter().find(|(word, ..)| *word == query.get("template"));
    let start = template.map(|(.., rules)| rules.to_owned()).or(kept).unwrap_or_else(|| TEMPLATES[0].3.to_owned());
    let text = form.value("markdown", &start);
    let rows = TEMPLATES
        .into_iter()
        .map(|(word, name, hint, rules)| {
            let is_chosen = text.trim() == rules.trim();
            view! {
                <li class="row">
                    <div class="row-what">
                        <p class="row-title">{name}</p>
                        <p class="quiet">{hint}</p>
                    </div>
                    <div class="actions">
                        {if is_chosen {
                            view! { <span class="quiet">"in the field below"</span> }.into_any()
                        } else {
                            view! {
                                // A link, since these pages run no script: what stands in the field is replaced.
                                <a class="button quiet" href=format!("/setup?step=rules&template={word}#markdown") title="It replaces what stands in the field">
                                    "Start from this"<span class="visually-hidden">": "{name}</span>
                                </a>
                            }
                            .into_any()
                        }}
                    </div>
                </li>
            }
        })
        .collect_view();
    view! {
        <header class="page-head">
            <h1>"How will you be with each other?"</h1>
            <p class="lede">"Start from one of these and change every word you like. Whoever joins reads the rules first."</p>
        </header>
        <Refused form/>
        <ul class="rows">{rows}</ul>
        <form class="form" method="post" action=form.address()>
            <Field
                id="markdown" label="Your house rules" error=form.error("markdown")
                hint="A line that begins with a number makes a list; two stars on each side make words **bold**. \
                    You can change the rules at any time; earlier versions are kept."
            >
                <TextArea id="markdown" name="markdown" text rows=16 required=true most=20_000/>
            </Field>
            <div class="actions">
                <button class="button" type="submit">"Go on"</button>
                <a class="button plain" href="/setup?step=looks">"Back"</a>
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn GatheringStep() -> impl IntoView {
    let form = use_form::<FoundGathering, FirstRefusal<PlanRefusal>>();
    let online = form.chosen("form[at]", "online", false);
    let (place_error, link_error) = where_errors(form, &form.value("form[at]", "place"));
    view! {
        <header class="page-head">
            <h1>"When do you first meet?"</h1>
            <p class="lede">"People who meet come back. An hour is plenty. It is announced on the timeline, so that nobody finds an empty room."</p>
        </header>
        <Refused form/>
        <form class="form" method="post" action=form.address()>
            <Field id="title" label="What is it called?" error=form.error("title")>
                <input
                    id="title" name="form[title]" type="text" dir="auto" required=true maxlength="100" autocomplete="off"
                    placeholder="Thursday drawing" value=form.value("form[title]", "")
                />
            </Field>
            <div class="field-row">
                <Field id="date" label="First day" error=form.error("date")>
                    <input id="date" name="form[date]" type="date" required=true value=form.value("form[date]", "")/>
                </Field>
                <Field id="time" label="At" error=form.error("time")>
                    <input id="time" name="form[time]" type="time" required=true value=form.value("form[time]", "19:30")/>
                </Field>
            </div>
            <OftenChoices name="form[often]" chosen=form.value("form[often]", "week") short=true/>
            <fieldset class="choices">
                <legend>"Where?"</legend>
                <label class="choice"><input type="radio" name="form[at]" value="place" checked=!online/><span>"At a place"</span></label>
                <label class="choice"><input type="radio" name="form[at]" value="online" checked=online/><span>"Online"</span></label>
            </fieldset>
            <Field id="place" label="Place" error=place_error class="field only-place">
                <input
                    id="place" name="form[place]" type="text" dir="auto" maxlength="200" autocomplete="off" placeholder="At Mei's, second floor"
                    value=form.value("form[place]", "")
                />
            </Field>
            <Field id="link" label="Link" error=link_error class="field only-online">
                <input id="link" name="form[link]" type="url" maxlength="500" placeholder="https://" value=form.value("form[link]", "")/>
            </Field>
            <div class="actions"><button class="button" type="submit">"Go on"</button></div>
        </form>
        <form method="post" action=LeaveGathering::url()>
            <button class="button plain" type="submit">"Not yet"</button>
        </form>
    }
}

#[component]
fn InvitationStep(name: String) -> impl IntoView {
    let form = use_form::<FoundInvitation, FirstRefusal<InviteRefusal>>();
    view! {
        <header class="page-head">
            <h1>"Whom would you love to have here?"</h1>
            <p class="lede"><span dir="auto">{name}</span>" is nearly ready. What it needs now is a second person."</p>
        </header>
        <Refused form/>
        <form class="form" method="post" action=form.address()>
            <InvitationFields form/>
            <div class="actions"><button class="button" type="submit">"Make the invitation and open the door"</button></div>
        </form>
        <form method="post" action=LeaveInvitation::url()>
            <button class="button plain" type="submit">"Not yet: just open the door"</button>
        </form>
    }
}

/// The fields of an invitation: for one person, or for a group.
#[component]
pub(super) fn InvitationFields(
    /// The form that they are in.
    form: FormState,
) -> impl IntoView {
    let is_group = form.chosen("kind", "group", false);
    let value = move |field: &str| form.value(&format!("form[{field}]"), if field == "uses" { "10" } else { "" });
    // For a group, what is missing is what the group is called.
    let nobody = form.error("name");
    let (name_error, label_error) = if is_group { (None, form.error("label").or(nobody)) } else { (nobody, None) };
    view! {
        <fieldset class="choices">
            <legend class="visually-hidden">"For whom"</legend>
            <label class="choice">
                <input type="radio" name="kind" value="person" checked=!is_group/>
                <span><strong>"One person"</strong>" "<span class="choice-hint">"A letter with their name on it. Works once."</span></span>
            </label>
            <label class="choice">
                <input type="radio" name="kind" value="group" checked=is_group/>
                <span><strong>"A group"</strong>" "<span class="choice-hint">"One link for all of them, as often as you say."</span></span>
            </label>
        </fieldset>
        <Field id="invite-name" label="Their name" error=name_error class="field only-person">
            <input id="invite-name" name="form[name]" type="text" dir="auto" maxlength="60" autocomplete="off" value=value("name")/>
        </Field>
        <Field
            id="invite-note" label="Why you'd love them here" optional="if you like" error=form.error("note") class="field only-person"
        >
            <TextArea id="invite-note" name="form[note]" text=value("note") rows=3 most=500/>
        </Field>
        <Field id="invite-label" label="What the group is called" error=label_error class="field only-group">
            <input
                id="invite-label" name="form[label]" type="text" dir="auto" maxlength="60" autocomplete="off" placeholder="the reading circle"
                value=value("label")
            />
        </Field>
        <div class="field-row">
            <Field id="invite-uses" label="How many may use it" error=form.error("uses") class="field only-group">
                <input id="invite-uses" name="form[uses]" type="number" min="1" max=MOST_USES value=value("uses")/>
            </Field>
            <Field id="invite-days" label="It works for how many days" error=form.error("days")>
                <input id="invite-days" name="form[days]" type="number" min="1" max="365" placeholder="30" value=value("days")/>
            </Field>
        </div>
    }
}

/// `/setup/done`: the light is on.
pub(super) async fn done(asked: Asked) -> Page {
    let admin = asked.admin()?;
    let community = asked.community()?;
    let invitation = match asked.query.get("invitation").parse() {
        Ok(id) => asked.request.services.invitations.one(admin.me(), id).await?,
        Err(_) => None,
    };
    let invitation = invitation.map(|invitation| {
        let link = format!("{}/join/{}", asked.request.origin, invitation.code);
        let qr = (asked.request.services.qr)(&link);
        let whom = match &invitation.invited {
            Invited::Person { name, .. } => name.clone(),
            Invited::Group { label, .. } => label.clone(),
        };
        view! {
            <section class="section" aria-labelledby="send">
                <h2 id="send">"Send this to "<span dir="auto">{whom}</span></h2>
                <CopyField text=link label="Invitation link"/>
                <OwnMarkup markup=qr class="qr"/>
                <p class="quiet">"Or let them point a phone at it."</p>
                <p class="actions"><a class="button quiet" href=format!("/hosting/invitations/{}", invitation.id)>"A card to print"</a></p>
            </section>
        }
    });
    let nobody = invitation.is_none();
    Ok(view! {
        <PageTitle of="The light is on"/>
        <main class="page narrow" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"The light is on"</h1>
                <p class="lede">
                    <span dir="auto">{community.name.clone()}</span>
                    {if nobody { " is founded. When you are ready, invite somebody: a place begins with the second person." } else { " is founded. Now it needs a second person." }}
                </p>
            </header>
            {invitation}
            <p class="actions">
                <a class="button" href="/">"Go in"</a>
                {nobody.then(|| view! { <a class="button quiet" href="/hosting/invitations">"Invite somebody"</a> })}
            </p>
        </main>
    }
    .into_any())
}
