//! `/hosting/invitations`: who is asked in, who knocks, and one invitation with its link and card.

use super::{
    Asked, NoPage, Page,
    fields::{CopyField, Done, Field, Refused},
    hosting::hosting_pages,
    rosters::how_many_are_here,
    setup::InvitationFields,
    words,
};
use crate::{
    chrome::{PageTitle, capital},
    forms::use_form,
    here::here,
    invitations::{DeclineAsker, MakeInvitation, RevokeInvitation, WelcomeAsker},
    safe_html::{OwnMarkup, TextArea},
    timeline::post::names_in_words,
    when::When,
};
use domain::{
    invitations::{Ask, Invitation, InviteRefusal, Invited, MOST_LISTED},
    text::TextRefusal,
    time::Timestamp,
    viewer::Me,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/hosting/invitations`. Members see their own, hosts all; whoever may not invite here and never did sees nothing.
pub(super) async fn list(asked: Asked) -> Page {
    let me = asked.me()?;
    let services = &asked.request.services.invitations;
    let may_invite = services.may_invite(&me).await?;
    let all = services.list(&me).await?;
    let form = use_form::<MakeInvitation, InviteRefusal>();
    // Somebody may have been writing one when that became the hosts' alone: they are told so.
    if !may_invite && all.is_empty() && form.trouble().is_none() {
        return Err(NoPage::NotHere);
    }
    let asks = match asked.request.viewer.host() {
        Some(host) => services.asks(&host).await?,
        None => Vec::new(),
    };
    let parties = match asked.request.viewer.host() {
        Some(host) => asked.request.services.rosters.all(&host).await?,
        None => Vec::new(),
    };
    let is_host = asked.host().is_ok();
    let now = crate::when::now();
    let cut = all.len() == MOST_LISTED;
    let (open, past): (Vec<_>, Vec<_>) = all.into_iter().partition(|invitation| invitation.works(now));
    let lede = lede(asks.len(), open.len());
    let (nobody_invited, nothing_past, many_past) = (open.is_empty(), past.is_empty(), past.len());
    let rows = |invitations: Vec<Invitation>, me: &Me| {
        invitations.into_iter().map(|invitation| view! { <Row invitation me=me.clone() now/> }).collect_view()
    };
    let (open, past) = (rows(open, &me), rows(past, &me));
    Ok(view! {
        <PageTitle of="Invitations"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"Invitations"</h1>
                <p class="lede">{lede}</p>
            </header>
            {hosting_pages("/hosting/invitations", is_host)}
            <Done
                done=asked.query.get("done")
                says=&[
                    ("taken-back", "Taken back. The link opens nothing any more."),
                    ("welcomed", "They are welcome now: their page shows them the way in. If they left an address, tell them to look."),
                    ("declined", "Declined. They will read your words on their page."),
                    ("answered-before", "Another host was quicker: that one is answered."),
                ]
            />
            {(!may_invite).then(|| view! { <Refused form/> })}
            {(!asks.is_empty()).then(|| view! {
                <section class="section" aria-labelledby="asks">
                    <h2 id="asks">"At the door"</h2>
                    <ul class="rows">{asks.into_iter().map(|ask| view! { <Knock ask/> }).collect_view()}</ul>
                </section>
            })}
            {may_invite.then(|| view! {
                <section class="section" aria-labelledby="make">
                    <h2 id="make">"Invite somebody"</h2>
                    <Refused form/>
                    <form class="form" method="post" action=form.address()>
                        <InvitationFields form/>
                        <div class="actions"><button class="button" type="submit">"Make the invitation"</button></div>
                    </form>
                </section>
            })}
            {is_host.then(|| view! {
                <section class="section" aria-labelledby="groups">
                    <h2 id="groups">"Whole groups"</h2>
                    <ul class="rows">
                        {parties.into_iter().map(|party| {
                            let (address, standing) = (format!("/hosting/invitations/roster/{}", party.id), how_many_are_here(&party));
                            view! {
                                <li class="row">
                                    <div class="row-what">
                                        <p class="row-title" dir="auto">{party.called.clone()}</p>
                                        <p class="quiet">{standing}</p>
                                    </div>
                                    <div class="actions">
                                        <a class="button quiet" href=address>"People and cards"<span class="visually-hidden">" of "{party.called}</span></a>
                                    </div>
                                </li>
                            }
                        }).collect_view()}
                    </ul>
                    <p>"A choir, a book club, a stairwell: bring their list along, and each gets a link of their own."</p>
                    <p class="actions">
                        <a class="button quiet" href="/hosting/invitations/roster">"Bring a whole group along"</a>
                        <a class="button plain" href="/hosting/invitations/chats">"And their old chat"</a>
                    </p>
                </section>
            })}
            <section class="section" aria-labelledby="out">
                <h2 id="out">"Out in the world"</h2>
                {if nobody_invited {
                    view! { <div class="empty"><p class="empty-title">"Nobody is on their way."</p><p>{if may_invite { "Whom did you think of last week? Invite them." } else { "Here the hosts do the inviting. Tell one of them whom you would love to have here." }}</p></div> }.into_any()
                } else {
                    view! { <ul class="rows">{open}</ul> }.into_any()
                }}
            </section>
            {(!nothing_past).then(|| view! {
                <section class="section" aria-labelledby="past">
                    <h2 id="past">"Done"</h2>
                    <details class="more">
                        <summary>{capital(&words::number(many_past))}{if many_past == 1 { " invitation" } else { " invitations" }}", the newest first"</summary>
                        <ul class="rows">{past}</ul>
                    </details>
                </section>
            })}
            {cut.then(|| view! {
                <p class="quiet">{format!("These are the newest {MOST_LISTED}. Those before them work until they end, and who came by them is on each person’s page.")}</p>
            })}
        </main>
    }
    .into_any())
}

fn lede(asks: usize, open: usize) -> String {
    let people = |n: usize| if n == 1 { "one person".to_owned() } else { format!("{} people", words::number(n)) };
    let out = |n: usize| if n == 1 { "one invitation".to_owned() } else { format!("{} invitations", words::number(n)) };
    match (asks, open) {
        (0, 0) => "A place grows by people who bring people.".to_owned(),
        (0, open) => capital(&format!("{} out in the world.", out(open))),
        (asks, 0) => capital(&format!("{} at the door.", people(asks))),
        (asks, open) => capital(&format!("{} at the door, and {} out in the world.", people(asks), out(open))),
    }
}

/// What an invitation is called in a list.
fn title(invitation: &Invitation) -> String {
    match &invitation.invited {
        Invited::Person { name, .. } => format!("For {name}"),
        Invited::Group { label, .. } => format!("For {label}"),
    }
}

/// How an invitation stands, in words.
fn standing(invitation: &Invitation, now: Timestamp, until: &str) -> String {
    let came: Vec<String> = invitation.came.iter().map(|who| who.display_name.clone()).collect();
    let moved_in = names_in_words(&came);
    match &invitation.invited {
        Invited::Person { .. } if !came.is_empty() => format!("{moved_in} has moved in"),
        Invited::Person { .. } if invitation.revoked => "taken back".to_owned(),
        Invited::Person { .. } if invitation.works(now) => format!("not used yet, works until {until}"),
        Invited::Person { .. } => format!("not used, ended on {until}"),
        Invited::Group { uses, .. } => {
            let count = match came.len() {
                0 => format!("nobody of {} has moved in yet", words::number(*uses as usize)),
                n if n == *uses as usize => format!("all {} have moved in: {moved_in}", words::number(n)),
                n => format!("{} of {} moved in: {moved_in}", words::number(n), words::number(*uses as usize)),
            };
            if invitation.revoked {
                format!("{count}; taken back")
            } else if came.len() >= *uses as usize {
                count
            } else if invitation.works(now) {
                format!("{count}; works until {until}")
            } else {
                format!("{count}; ended on {until}")
            }
        }
    }
}

#[component]
fn Row(invitation: Invitation, me: Me, now: Timestamp) -> impl IntoView {
    let until = words::day(invitation.expires_at, here().zone());
    let from = if invitation.made_by.id == me.id { "from you".to_owned() } else { format!("from {}", invitation.made_by.display_name) };
    let works = invitation.works(now);
    let title = title(&invitation);
    let (id, said) = (invitation.id, standing(&invitation, now, &until));
    view! {
        <li class="row">
            <div class="row-what">
                <p class="row-title" dir="auto">{title.clone()}</p>
                <p class="quiet">{from}", "{said}</p>
            </div>
            {works.then(|| view! {
                <div class="actions">
                    <a class="button quiet" href=format!("/hosting/invitations/{id}")>"Link and card"<span class="visually-hidden">" "{title.clone()}</span></a>
                    <form method="post" action=RevokeInvitation::url()>
                        <input type="hidden" name="invitation" value=id.to_string()/>
                        <button class="button plain" type="submit">"Take back"<span class="visually-hidden">" the invitation "{title}</span></button>
                    </form>
                </div>
            })}
        </li>
    }
}

/// Somebody who knocks.
#[component]
fn Knock(ask: Ask) -> impl IntoView {
    let id = ask.id.to_string();
    let form = use_form::<DeclineAsker, TextRefusal>().about("ask", &id);
    let (words_id, name) = (format!("decline-{id}"), ask.name.clone());
    let typed = form.typed("words");
    let refused_here = typed.is_some();
    view! {
        <li class="row">
            <div class="row-what">
                <p class="row-title" dir="auto">{ask.name}</p>
                <blockquote class="row-words" dir="auto">{ask.words}</blockquote>
                <p class="quiet">
                    "asked "<When at=ask.at/>
                    {if ask.reach.is_empty() {
                        view! { ", left no address" }.into_any()
                    } else {
                        view! { ", can be reached at "<span dir="auto">{ask.reach}</span> }.into_any()
                    }}
                </p>
                <Refused form/>
                <details class="more" open=refused_here>
                    <summary>"Decline kindly"<span class="visually-hidden">": "{name.clone()}</span></summary>
                    <form class="form" method="post" action=form.address()>
                        <input type="hidden" name="ask" value=id.clone()/>
                        <Field id=words_id.clone() label="A few words for them" optional="if you like" error=form.error("words")>
                            <TextArea id=words_id name="words" text=typed.unwrap_or_default() rows=3 most=1000/>
                        </Field>
                        <div class="actions"><button class="button quiet" type="submit">"Decline"</button></div>
                    </form>
                </details>
            </div>
            <div class="actions">
                <form method="post" action=WelcomeAsker::url()>
                    <input type="hidden" name="ask" value=id/>
                    <button class="button" type="submit">"Let them in"<span class="visually-hidden">": "{name}</span></button>
                </form>
            </div>
        </li>
    }
}

/// `/hosting/invitations/{id}`: the link, the QR code and a card to print.
pub(super) async fn one(asked: Asked, id: &str) -> Page {
    let me = asked.me()?;
    let id = id.parse().map_err(|_| NoPage::NotHere)?;
    let invitation = asked.request.services.invitations.one(&me, id).await?.ok_or(NoPage::NotHere)?;
    let now = crate::when::now();
    let until = words::day(invitation.expires_at, here().zone());
    let (title, said) = (title(&invitation), standing(&invitation, now, &until));
    let works = invitation.works(now);
    let link = format!("{}/join/{}", asked.request.origin, invitation.code);
    let shown_link = link.split_once("://").map_or(link.clone(), |(_, rest)| rest.to_owned());
    let qr = (asked.request.services.qr)(&link);
    let community = asked.community()?;
    let (greeting, note) = match &invitation.invited {
        Invited::Person { name, note } => (format!("Dear {name}, the light is on, and there is a chair for you."), note.clone()),
        Invited::Group { .. } => ("The light is on, and there is a chair for you.".to_owned(), String::new()),
    };
    Ok(view! {
        <PageTitle of=title.clone()/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href="/hosting/invitations">"Invitations"</a></p>
                <h1 dir="auto">{title}</h1>
                <p class="lede">{capital(&said)}"."</p>
            </header>
            {if works {
                view! {
                    <p>"Send them this link, or print the page: only the card comes out on paper."</p>
                    <CopyField text=link label="Invitation link"/>
                    <section class="invite-card" aria-label="Card">
                        <p class="invite-card-place" dir="auto">{community.name.clone()}</p>
                        <p dir="auto">{greeting}</p>
                        {(!note.is_empty()).then(|| view! { <p dir="auto">{note}</p> })}
                        <OwnMarkup markup=qr class="qr"/>
                        <p class="invite-card-link">{shown_link}</p>
                    </section>
                    <form method="post" action=RevokeInvitation::url()>
                        <input type="hidden" name="invitation" value=invitation.id.to_string()/>
                        <div class="actions"><button class="button danger" type="submit">"Take it back"</button></div>
                    </form>
                }
                .into_any()
            } else {
                here().may_invite.then(|| view! { <p class="actions"><a class="button" href="/hosting/invitations">"Make a new one"</a></p> }).into_any()
            }}
        </main>
    }
    .into_any())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        ids::*,
        people::{Byline, Handle},
    };

    fn invitation(invited: Invited, came: &[&str]) -> Invitation {
        let byline =
            |name: &str| Byline { id: MemberId(1), name: Handle::parse(name).expect("a name"), display_name: name.into(), picture: None };
        Invitation {
            id: InvitationId(1),
            code: "code".into(),
            invited,
            made_by: byline("mei"),
            made_at: Timestamp(0),
            expires_at: Timestamp(1000),
            revoked: false,
            came: came.iter().map(|name| byline(name)).collect(),
        }
    }

    #[test]
    fn how_an_invitation_stands_is_said_in_words() {
        let person = || Invited::Person { name: "Ngozi".into(), note: String::new() };
        let group = || Invited::Group { label: "us".into(), uses: 3 };
        let said = |invitation: &Invitation, now: i64| standing(invitation, Timestamp(now), "7 December");
        assert_eq!(said(&invitation(person(), &[]), 0), "not used yet, works until 7 December");
        assert_eq!(said(&invitation(person(), &[]), 2000), "not used, ended on 7 December");
        assert_eq!(said(&invitation(person(), &["ngozi"]), 0), "ngozi has moved in");
        assert_eq!(said(&invitation(group(), &["ana", "bo"]), 0), "two of three moved in: ana and bo; works until 7 December");
        assert_eq!(said(&Invitation { revoked: true, ..invitation(person(), &[]) }, 0), "taken back");
    }
}
