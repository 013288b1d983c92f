//! Signing in, a new password by a link, and the page where a host makes such a link.

use super::{
    Asked, NoPage, Page,
    fields::{CopyField, Done, Field, NewPassword, Refused},
    hosting::hosting_pages,
};
use crate::{
    chrome::PageTitle,
    fault::Trouble,
    forms::use_form,
    here::here,
    sign_in::{HelpSignIn, ResetPassword, SignIn, local},
};
use domain::sign_in::{LONGEST_PASSWORD, PasswordRefusal, RESET_DAYS, ResetRefusal, SignInRefusal};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/sign-in`.
pub(super) fn sign_in(asked: Asked) -> Page {
    let next = local(asked.query.get("next")).unwrap_or_else(|| "/".to_owned());
    if asked.me().is_ok() {
        leptos_axum::redirect(&next);
        return Ok(().into_any());
    }
    let form = use_form::<SignIn, SignInRefusal>();
    let done = asked.query.get("done").to_owned();
    // Another form, which somebody sent who was signed in when they began it: it waits where they go on to.
    let waiting = asked.request.kept.as_ref().filter(|kept| kept.path != SignIn::PATH).map(|kept| Trouble::told(&kept.fault).sentence);
    let sent_here = next != "/";
    Ok(view! {
        <PageTitle of="Sign in"/>
        <main class="page narrow" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"Come in"</h1>
                <p class="lede">{if sent_here {
                    format!("That page is for {}. Sign in, and we take you there.", here().words.members.clone())
                } else {
                    "Good to have you back.".to_owned()
                }}</p>
            </header>
            <Done done says=&[("everywhere", "You are signed out everywhere, on this device too.")]/>
            <Refused form/>
            {waiting.map(|sentence| view! { <p class="note refusal" role="alert">{sentence}" What you wrote is kept for half an hour."</p> })}
            <form class="form" method="post" action=form.address()>
                <input type="hidden" name="next" value=form.value("next", &next)/>
                <Field id="name" label="Name">
                    <input
                        id="name" name="name" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required=true
                        maxlength="60" value=form.value("name", "")
                    />
                </Field>
                <Field id="password" label="Password">
                    <input id="password" name="password" type="password" autocomplete="current-password" required=true maxlength=LONGEST_PASSWORD/>
                </Field>
                <div class="actions"><button class="button" type="submit">"Sign in"</button></div>
            </form>
            <p class="quiet">"Forgotten it? Any host can make you a link by which you choose a new password."</p>
        </main>
    }
    .into_any())
}

/// `/reset/{code}`.
pub(super) async fn reset(asked: Asked, code: &str) -> Page {
    let who = asked.request.services.sign_in.reset_for(code).await?.ok_or(NoPage::NotHere)?;
    let form = use_form::<ResetPassword, PasswordRefusal>();
    Ok(view! {
        <PageTitle of="A new password"/>
        <main class="page narrow" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"A new password"</h1>
                <p class="lede">"For "<span dir="auto">{who.display_name}</span>". Wherever you were signed in before, you will be signed out."</p>
            </header>
            <Refused form/>
            <form class="form" method="post" action=form.address()>
                <input type="hidden" name="code" value=code.to_owned()/>
                <Field id="name" label="Your name">
                    <input id="name" type="text" autocomplete="username" readonly=true value=who.name.to_string()/>
                </Field>
                <NewPassword id="password" name="new_password" label="The new password" error=form.error("new_password")/>
                <div class="actions"><button class="button" type="submit">"Set it and come in"</button></div>
            </form>
        </main>
    }
    .into_any())
}

/// `/hosting/sign-in-help`.
pub(super) async fn help(asked: Asked) -> Page {
    asked.host()?;
    let form = use_form::<HelpSignIn, ResetRefusal>();
    let code = asked.query.get("code").to_owned();
    let made = if code.is_empty() { None } else { asked.request.services.sign_in.reset_for(&code).await? };
    let made = made.map(|who| {
        let link = format!("{}/reset/{code}", asked.request.origin);
        view! {
            <section class="section" aria-labelledby="made">
                <h2 id="made">"A link for "<span dir="auto">{who.display_name}</span></h2>
                <CopyField text=link label="Link for a new password"/>
                <p>
                    {format!("Send it to them yourself, by a way on which nobody else reads along. It works once, for {RESET_DAYS} days. \
                        Whoever has it can sign in as them, so keep it nowhere: if it is lost, make another.")}
                </p>
            </section>
        }
    });
    let member = here().words.member.clone();
    Ok(view! {
        <PageTitle of="Help with signing in"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"Help with signing in"</h1>
                <p class="lede">"Somebody has forgotten their password? Make them a link by which they choose a new one."</p>
            </header>
            {hosting_pages("/hosting/sign-in-help", true)}
            {made}
            <Refused form/>
            <form class="form" method="post" action=form.address()>
                <Field
                    id="name" label=format!("Name of the {member}") error=form.error("name")
                    hint="The short one with which they sign in. You know their voice? Then you know it is them who asks."
                >
                    <input
                        id="name" name="name" type="text" autocomplete="off" autocapitalize="none" spellcheck="false" required=true maxlength="31"
                        value=form.value("name", "")
                    />
                </Field>
                <div class="actions"><button class="button" type="submit">"Make the link"</button></div>
            </form>
        </main>
    }
    .into_any())
}
