//! `/settings`: my page, my sign-in, my calendar.

use super::{
    Asked, NoPage, Page,
    calendars::AddTo,
    fields::{Done, Field, NewPassword, Refused, Subnav},
    zones::ZoneSelect,
};
use crate::{
    chrome::{Face, PageTitle},
    forms::use_form,
    gatherings::rooms::{BeShown, WasThere},
    here::here,
    settings::{
        ChangeMailAddress, ChangeMailWishes, ChangePassword, ChangeProfile, ChangeReminders, ForgetMailAddress, RemovePortrait,
        RenewCalendar, SignOutEverywhere,
    },
    uploads::UploadRefusal,
    when::{local, now},
};
use domain::{
    gatherings::{
        attendance::{AttendanceRefusal, MyAttendance},
        coming::Reminders,
    },
    mail::address::{AddressRefusal, LONGEST_ADDRESS, MailSettings},
    people::ProfileRefusal,
    pictures::{Picture, Size},
    sign_in::{LONGEST_PASSWORD, PasswordRefusal},
};
use leptos::{prelude::*, server_fn::ServerFn};

pub(super) fn head(current: &'static str) -> impl IntoView {
    let pages = vec![
        ("/settings", "Your page"),
        ("/settings/sentence", "Sentence"),
        ("/settings/sign-in", "Sign-in"),
        ("/settings/notifications", "Reminders"),
        ("/settings/calendar", "Calendar"),
        ("/settings/greeting", "Welcome"),
        ("/settings/archives", "From before"),
        ("/settings/blocks", "Blocks"),
        ("/settings/export", "Export"),
        ("/pulse/mine", "Your time here"),
        ("/settings/leave", "Leave"),
    ];
    view! {
        <PageTitle of="Settings"/>
        <header class="page-head"><h1>"Settings"</h1></header>
        <Subnav label="Settings" pages current/>
    }
}

/// `/settings`.
pub(super) async fn profile(asked: Asked) -> Page {
    let me = asked.me()?;
    let person = asked.request.services.people.person(&asked.request.viewer, me.name.as_str()).await?.ok_or(NoPage::NotHere)?;
    let form = use_form::<ChangeProfile, UploadRefusal<ProfileRefusal>>();
    // A picture that came with a refused try is kept; it only waits for the rest to be right.
    let waiting = form.value("picture", "");
    let waiting = waiting.parse().ok().map(|id| (id, Picture::address(id, Size::Small)));
    let has_picture = person.who.picture.is_some();
    let face = match &waiting {
        Some((_, address)) => view! { <img class="face large" src=address.clone() width="112" height="112" alt=""/> }.into_any(),
        None => view! { <Face who=person.who.clone() class="face large"/> }.into_any(),
    };
    let name = here().name.clone();
    Ok(view! {
        <main class="page" id="page" tabindex="-1">
            {head("/settings")}
            <Done
                done=asked.query.get("done")
                says=&[("profile", "Saved. That is how they see you now."), ("no-portrait", "Your picture is gone.")]
            />
            <Refused form/>
            <form class="form" method="post" action=form.address() enctype="multipart/form-data">
                {waiting.map(|(id, _): (domain::ids::PictureId, _)| view! { <input type="hidden" name="picture" value=id.to_string()/> })}
                <div class="picture-field">
                    {face}
                    <Field
                        id="portrait" label="Picture" error=form.error("picture")
                        hint=format!("Only \u{2068}{name}\u{2069} sees it. Where and when it was taken is removed.")
                    >
                        <input id="portrait" name="file" type="file" accept="image/*"/>
                    </Field>
                </div>
                <div class="field-row">
                    <Field id="display-name" label="Display name" error=form.error("display_name")>
                        <input
                            id="display-name" name="display_name" type="text" dir="auto" autocomplete="name" required=true maxlength="60"
                            value=form.value("display_name", &person.who.display_name)
                        />
                    </Field>
                    <Field id="pronouns" label="Pronouns" optional="if you like" error=form.error("pronouns")>
                        <input
                            id="pronouns" name="pronouns" type="text" dir="auto" autocomplete="off" maxlength="40"
                            value=form.value("pronouns", &person.pronouns)
                        />
                    </Field>
                </div>
                <Field
                    id="line" label="Your sentence" optional="if you like" error=form.error("line")
                    hint="Who you are in one line, as a friend would say it while introducing you."
                >
                    <input
                        id="line" name="line" type="text" dir="auto" autocomplete="off" maxlength="200" value=form.value("line", &person.line)
                    />
                </Field>
                <Field
                    id="town" label="Where you live" optional="if you like" error=form.error("town")
                    hint="A town, or a part of it: near enough for those who live around the corner to find you."
                >
                    <input
                        id="town" name="town" type="text" dir="auto" autocomplete="off" maxlength="60" value=form.value("town", &person.town)
                    />
                </Field>
                <Field
                    id="interests" label="Interests" optional="if you like" hint="A few words with commas between them."
                    error=form.error("interests")
                >
                    <input
                        id="interests" name="interests" type="text" dir="auto" autocomplete="off" maxlength="400"
                        value=form.value("interests", &person.interests.join(", "))
                    />
                </Field>
                <Field id="zone" label="Your clock" hint="Every time you read here is told by it." error=form.error("time_zone")>
                    <ZoneSelect id="zone" name="time_zone" chosen=form.value("time_zone", person.zone.name())/>
                </Field>
                <div class="actions">
                    <button class="button" type="submit">"Save"</button>
                    <a class="button plain" href=format!("/people/{}", me.name)>"Look at your page"</a>
                </div>
            </form>
            {has_picture.then(|| view! {
                <form method="post" action=RemovePortrait::url()><button class="button plain" type="submit">"Take your picture away"</button></form>
            })}
        </main>
    }
    .into_any())
}

/// `/settings/sign-in`.
pub(super) fn sign_in(asked: Asked) -> Page {
    let me = asked.me()?;
    let form = use_form::<ChangePassword, PasswordRefusal>();
    Ok(view! {
        <main class="page" id="page" tabindex="-1">
            {head("/settings/sign-in")}
            <Done done=asked.query.get("done") says=&[("password", "Your password is changed. Everywhere else you are signed out; here you stay.")]/>
            <section class="section" aria-labelledby="password">
                <h2 id="password">"Password"</h2>
                <Refused form/>
                <form class="form" method="post" action=form.address()>
                    <input class="visually-hidden" type="text" autocomplete="username" readonly=true tabindex="-1" aria-label="Your name" value=me.name.to_string()/>
                    <Field id="present" label="The one you have" error=form.error("present_password")>
                        <input
                            id="present" name="present_password" type="password" autocomplete="current-password" required=true
                            maxlength=LONGEST_PASSWORD
                        />
                    </Field>
                    <NewPassword id="new" name="new_password" label="A new one" error=form.error("new_password")/>
                    <div class="actions"><button class="button" type="submit">"Change it"</button></div>
                </form>
            </section>
            <section class="section" aria-labelledby="everywhere">
                <h2 id="everywhere">"Where you are signed in"</h2>
                <p>"Lost a phone, or used somebody else's computer? Sign out everywhere at once: on every device, and on this one too."</p>
                <form method="post" action=SignOutEverywhere::url()>
                    <div class="actions"><button class="button danger" type="submit">"Sign out everywhere"</button></div>
                </form>
            </section>
        </main>
    }
    .into_any())
}

/// `/settings/notifications`.
pub(super) async fn notifications(asked: Asked) -> Page {
    let me = asked.me()?;
    let now = asked.request.services.gatherings.reminders(&me).await?;
    let mail = asked.request.services.mail.settings(&me).await?;
    let choices = Reminders::ALL.into_iter().map(|choice| {
        let name = match choice {
            Reminders::Both => "A day and an hour before",
            Reminders::Day => "A day before",
            Reminders::Hour => "An hour before",
            Reminders::None => "Not at all",
        };
        let checked = choice == now;
        view! { <label class="choice"><input type="radio" name="reminders" value=choice.word() checked=checked/><span>{name}</span></label> }
    });
    Ok(view! {
        <main class="page" id="page" tabindex="-1">
            {head("/settings/notifications")}
            <Done done=asked.query.get("done") says=&[("reminders", "Saved. That is when we remind you.")]/>
            <form class="form" method="post" action=ChangeReminders::url()>
                <fieldset class="choices">
                    <legend>"When shall we remind you?"</legend>
                    <p class="field-hint">"Of what you said yes or maybe to, among your notices. When something is moved or cancelled, you are told at once."</p>
                    {choices.collect_view()}
                </fieldset>
                <div class="actions"><button class="button" type="submit">"Save"</button></div>
            </form>
            {by_mail(mail, asked.query.get("done"))}
        </main>
    }
    .into_any())
}

/// How many of the sessions at which one was stand open on the page: those that one still remembers.
const LATELY: usize = 8;

/// One session at which one was, or was thought to be, and putting it right.
#[component]
fn Been(one: MyAttendance) -> impl IntoView {
    let form = use_form::<WasThere, AttendanceRefusal>();
    let day = local(one.starts_at, here().zone()).date_seen_from(local(now(), here().zone()));
    let address = format!("/gatherings/{}/{}", one.slug, one.date);
    let (says, button) = if one.came { ("", "I wasn’t there") } else { ("You were not there.", "I was there") };
    let what = match one.title {
        Some(title) => view! { <a href=address>{day.clone()}</a>" "<bdi>{title}</bdi>" " }.into_any(),
        None => format!("{day}: something that you are not asked to any more. ").into_any(),
    };
    view! {
        <li>
            {what}{says}
            <form method="post" action=form.address()>
                <input type="hidden" name="slug" value=one.slug/>
                <input type="hidden" name="session" value=one.date.to_string()/>
                <input type="hidden" name="came" value=(!one.came).to_string()/>
                <input type="hidden" name="from" value="settings"/>
                <button class="button plain" type="submit">{button}<span class="visually-hidden">{format!(", {day}")}</span></button>
            </form>
        </li>
    }
}

/// Where and what I get by mail.
fn by_mail(mail: MailSettings, done: &str) -> AnyView {
    let form = use_form::<ChangeMailAddress, AddressRefusal>();
    let has_address = mail.address.is_some();
    let confirmed = mail.address.map(|address| view! {
        <p>"We write to "<strong class="mail-address">{address.as_str().to_owned()}</strong>"."</p>
        <form class="form" method="post" action=ChangeMailWishes::url()>
            <fieldset class="choices">
                <legend>"What comes by mail?"</legend>
                <label class="choice">
                    <input type="checkbox" name="reminders" value="yes" checked=mail.wishes.reminders/>
                    <span>"Reminders "<span class="choice-hint">"When you chose to be reminded, above."</span></span>
                </label>
                <label class="choice">
                    <input type="checkbox" name="changes" value="yes" checked=mail.wishes.changes/>
                    <span>
                        "What changes "
                        <span class="choice-hint">"When something you answered is moved, cancelled or on after all, when there is room for you, and when you are asked to come."</span>
                    </span>
                </label>
                <label class="choice">
                    <input type="checkbox" name="weekly" value="yes" checked=mail.wishes.weekly/>
                    <span>"The weekly letter "<span class="choice-hint">"What was loved, who arrived and what is coming, as a host tells it."</span></span>
                </label>
            </fieldset>
            <div class="actions"><button class="button" type="submit">"Save what comes by mail"</button></div>
        </form>
    });
    let waiting = mail.waiting.as_ref().map(|address| {
        let address = address.as_str().to_owned();
        view! {
            <div class="note warning">
                <p>
                    "We have written to "<strong class="mail-address">{address}</strong>". Follow the link in that letter: until then nothing else is sent there. \
                    Not there? Look among what your mail took for spam."
                </p>
            </div>
        }
    });
    let asked = has_address || mail.waiting.is_some();
    let (label, button) = match (has_address, mail.waiting.is_some()) {
        (true, _) => ("Another address", "Write there instead"),
        (false, true) => ("Your address", "Write once more"),
        (false, false) => ("Your address", "Send me the link"),
    };
    let typed = mail.waiting.filter(|_| !has_address).map(|address| address.as_str().to_owned()).unwrap_or_default();
    let forget = asked.then(|| {
        view! {
            <form method="post" action=ForgetMailAddress::url()>
                <div class="actions"><button class="button plain" type="submit">"Forget my address"</button></div>
            </form>
        }
    });
    let told = match done {
        "asked" => Some("The letter is on its way."),
        "wishes" => Some("Saved. That is what comes by mail."),
        "no-mail" => Some("Your address is forgotten. Nothing comes by mail any more."),
        _ => None,
    };
    view! {
        <section class="section" aria-labelledby="mail">
            <h2 id="mail">"By mail"</h2>
            {told.map(|told| view! { <p class="note" role="status">{told}</p> })}
            {(!asked).then(|| view! {
                <p>"If you like, reminders find you by mail as well, what changes at short notice, and the hosts’ weekly letter. You can answer reminders from there without signing in."</p>
            })}
            {confirmed}
            {waiting}
            <Refused form/>
            <form class="form" method="post" action=form.address()>
                <Field id="mail-address" label error=form.error("address") hint="It is shown to nobody here.">
                    <input
                        id="mail-address" name="address" type="email" autocomplete="email" required=true maxlength=LONGEST_ADDRESS
                        value=form.value("address", &typed)
                    />
                </Field>
                <div class="actions"><button class="button quiet" type="submit">{button}</button></div>
            </form>
            {forget}
        </section>
    }
    .into_any()
}

/// `/settings/calendar`.
pub(super) async fn calendar(asked: Asked) -> Page {
    let me = asked.me()?;
    let services = &asked.request.services;
    let secret = services.gatherings.calendar_secret(&me, &services.codes.new_code()).await?;
    let address = format!("{}/calendar/{secret}.ics", asked.request.origin);
    let gatherings = here().words.gatherings.clone();
    let (mut lately, shown) = (services.rooms.mine(&me).await?, services.rooms.is_shown(&me).await?);
    let earlier = lately.split_off(lately.len().min(LATELY));
    Ok(view! {
        <main class="page" id="page" tabindex="-1">
            {head("/settings/calendar")}
            <Done done=asked.query.get("done") says=&[("calendar", "This is your new address. The old one answers nobody any more.")]/>
            <section class="section" aria-labelledby="calendar">
                <h2 id="calendar">"Your calendar address"</h2>
                <p>"Give this to the calendar on your phone, and the "{gatherings}" here will show up in it by themselves and stay up to date."</p>
                <AddTo address name=here().name.clone()/>
            </section>
            <section class="section" aria-labelledby="renew">
                <h2 id="renew">"If it got out"</h2>
                <p>"Whoever has this address can read your agenda. A new one puts an end to that; your own calendar then needs the new one, too."</p>
                <form method="post" action=RenewCalendar::url()>
                    <div class="actions"><button class="button quiet" type="submit">"Make a new address"</button></div>
                </form>
            </section>
            <section class="section" aria-labelledby="been">
                <h2 id="been">"Where you were"</h2>
                <p>"The room, the hosts’ lists and you yourself say it. What you say stands. Hosts see how often somebody comes, so that they notice who is missed; nobody else does."</p>
                <form method="post" action=BeShown::url()>
                    <input type="hidden" name="shown" value=(!shown).to_string()/>
                    <p class="actions">
                        {if shown { "Others see when you are in a room." } else { "Nobody sees when you are in a room." }}" "
                        <button class="button plain" type="submit">{if shown { "Don’t show it" } else { "Show it" }}</button>
                    </p>
                </form>
                {lately.is_empty().then(|| view! { <p class="quiet">"Nothing is known yet."</p> })}
                <ul class="plain-list">{lately.into_iter().map(|one| view! { <Been one/> }).collect_view()}</ul>
                {(!earlier.is_empty()).then(|| view! {
                    <details class="more">
                        <summary>"Earlier"</summary>
                        <ul class="plain-list">{earlier.into_iter().map(|one| view! { <Been one/> }).collect_view()}</ul>
                    </details>
                })}
            </section>
        </main>
    }
    .into_any())
}
