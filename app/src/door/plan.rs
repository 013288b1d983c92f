//! `/gatherings/new` and `/gatherings/{slug}/edit`: a name, a time and a place; the rest waits in the fold.

use super::{
    Asked, NoPage, Page,
    fields::{Field, Refused},
    zones::ZoneSelect,
};
use crate::{
    chrome::{PageTitle, capital, with_article},
    forms::{FormState, use_form},
    gatherings::plan::{ChangeGathering, Often, PlanGathering},
    here::here,
    safe_html::TextArea,
    uploads::UploadRefusal,
    when::on_clock,
};
use domain::{
    gatherings::{
        Gathering, PlanRefusal,
        rule::{How, RepeatForm},
    },
    ids::PictureId,
    pictures::{LONGEST_ALT, Picture, Size},
    time::Zone,
    timeline::Audience,
};
use leptos::prelude::*;

type Refusal = UploadRefusal<PlanRefusal>;

/// `/gatherings/new`.
pub(super) async fn new(asked: Asked) -> Page {
    asked.me()?;
    let words = here().words.gatherings.clone();
    let title = format!("Plan {}", with_article(&here().words.gathering));
    let form = use_form::<PlanGathering, Refusal>();
    Ok(view! {
        <PageTitle of=title.clone()/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href="/gatherings">{capital(&words)}</a></p>
                <h1>{title}</h1>
                <p class="lede">"Name it, say when and where, and it is on everybody's agenda. You can change all of it later."</p>
            </header>
            <Refused form/>
            <form class="form" method="post" action=form.address() enctype="multipart/form-data">
                {fields(form, None)}
                <label class="choice">
                    <input type="checkbox" name="announce" value="yes" checked=form.chosen("announce", "yes", true)/>
                    <span>"Tell everybody on the timeline"</span>
                </label>
                <div class="actions">
                    <button class="button" type="submit">"Put it on the agenda"</button>
                    <a class="button plain" href="/gatherings">"Leave it"</a>
                </div>
            </form>
        </main>
    }
    .into_any())
}

/// `/gatherings/{slug}/edit`.
pub(super) async fn edit(asked: Asked, slug: &str) -> Page {
    asked.me()?;
    let gathering = asked.request.services.gatherings.gathering(&asked.request.viewer, slug).await?;
    let gathering = gathering.filter(|gathering| gathering.mine).ok_or(NoPage::NotHere)?;
    let form = use_form::<ChangeGathering, Refusal>();
    let address = format!("/gatherings/{}", gathering.slug);
    Ok(view! {
        <PageTitle of=format!("Change {}", gathering.title)/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href=address.clone() dir="auto">{gathering.title.clone()}</a></p>
                <h1>"Change it"</h1>
                <p class="lede">"Whoever has it in their calendar sees the change there by itself."</p>
            </header>
            <Refused form/>
            <form class="form" method="post" action=form.address() enctype="multipart/form-data">
                <input type="hidden" name="slug" value=gathering.slug.clone()/>
                {fields(form, Some(&gathering))}
                <div class="actions">
                    <button class="button" type="submit">"Save"</button>
                    <a class="button plain" href=address>"Leave it"</a>
                </div>
            </form>
        </main>
    }
    .into_any())
}

fn fields(form: FormState, now: Option<&Gathering>) -> impl IntoView + use<> {
    let repeat = RepeatForm::of(now.and_then(|gathering| gathering.schedule.rule.as_ref()));
    let often = Often::of(&repeat);
    let text = |field: &str, now: Option<String>| form.value(field, &now.unwrap_or_default());
    let title = text("title", now.map(|g| g.title.clone()));
    let markdown = text("markdown", now.map(|g| g.markdown.clone()));
    let date = text("date", now.map(|g| g.schedule.first.to_string()));
    let time = text("time", now.map(|g| g.schedule.time.format("%H:%M").to_string()));
    let minutes = form.value("minutes", &now.map_or(90, |g| g.schedule.minutes).to_string());
    let zone = form.value("time_zone", now.map_or(&here().zone, |g| &g.schedule.zone).name());
    let place = text("place", now.map(|g| g.place.clone()));
    let link = text("link", now.map(|g| g.link.clone()));
    let at = form.value(
        "at",
        match now {
            Some(g) if g.place.is_empty() => "online",
            Some(g) if !g.link.is_empty() => "both",
            _ => "place",
        },
    );
    let (place_error, link_error) = where_errors(form, &at);
    let often = form.value("often", if now.is_some() { often.word() } else { "once" });
    let unit = form.value(
        "unit",
        match repeat.how {
            How::Daily => "days",
            How::MonthlyByWeekday => "months-weekday",
            How::MonthlyByDate => "months-date",
            How::Yearly => "years",
            How::Once | How::Weekly => "weeks",
        },
    );
    let every = form.value("every", if repeat.every.is_empty() { "1" } else { &repeat.every });
    let until = form.value("until", &repeat.until);
    let several_days = repeat.days.len() > 1;
    let days = [("mo", "Mon"), ("tu", "Tue"), ("we", "Wed"), ("th", "Thu"), ("fr", "Fri"), ("sa", "Sat"), ("su", "Sun")]
        .into_iter()
        .map(|(code, name)| {
            // One day that is the first date's needs no tick; a tick would keep the old day when the date is moved.
            let checked = form.chosen("day", code, several_days && repeat.days.iter().any(|day| day == code));
            view! { <label class="choice"><input type="checkbox" name="day" value=code checked=checked/><span>{name}</span></label> }
        })
        .collect_view();
    let refused_there = ["every", "until"].iter().any(|field| form.error(field).is_some());
    let rhythm_open = often == "own" || several_days || !until.is_empty() || refused_there;
    let public = form.chosen("public", "yes", now.is_some_and(|g| g.audience == Audience::Public));
    let refused_below = ["picture", "alt", "time_zone"].iter().any(|field| form.error(field).is_some());
    let waiting = form.value("picture", "").parse::<PictureId>().ok();
    let shown = waiting.or(now.and_then(|g| g.picture.as_ref().map(|picture| picture.id)));
    let alt = text("alt", now.and_then(|g| g.picture.as_ref().map(|picture| picture.alt.clone())));
    let without = form.chosen("without_picture", "yes", false);
    let clock = on_clock(&Zone::from_record(zone.clone()));
    let lengths = lengths(&minutes);
    let where_choices = [("place", "At a place"), ("online", "Online"), ("both", "Both")]
        .into_iter()
        .map(|(word, name)| {
            let checked = at == word;
            view! { <label class="choice"><input type="radio" name="at" value=word checked=checked/><span>{name}</span></label> }
        })
        .collect_view();
    let units = [
        ("days", "days"),
        ("weeks", "weeks"),
        ("months-weekday", "months, on the same weekday"),
        ("months-date", "months, on the same date"),
        ("years", "years"),
    ]
    .into_iter()
    .map(|(word, name)| {
        let selected = unit == word;
        view! { <option value=word selected=selected>{name}</option> }
    })
    .collect_view();
    view! {
        <Field id="title" label="What is it called?" error=form.error("title")>
            <input id="title" name="title" type="text" dir="auto" required=true maxlength="100" autocomplete="off" value=title/>
        </Field>
        <div class="field-row">
            <Field id="date" label="First day" error=form.error("date")>
                <input id="date" name="date" type="date" required=true value=date/>
            </Field>
            <Field id="time" label="At" described_by="time-hint" error=form.error("time")>
                <input id="time" name="time" type="time" required=true value=time/>
            </Field>
            <Field id="minutes" label="For" error=form.error("minutes")>
                <select id="minutes" name="minutes">{lengths}</select>
            </Field>
        </div>
        <p class="field-hint" id="time-hint">{format!("The time counts {clock}. Further down you can choose another.")}</p>
        <OftenChoices name="often" chosen=often/>
        <details class="more" open=rhythm_open>
            <summary>"More about the rhythm"</summary>
            <div class="field-row">
                <Field id="every" label="Every" described_by="every-hint" error=form.error("every") class="field short">
                    <input id="every" name="every" type="number" min="1" max="99" value=every/>
                </Field>
                <Field id="unit" label="Of what?">
                    <select id="unit" name="unit">{units}</select>
                </Field>
            </div>
            <p class="field-hint" id="every-hint">"These two count when \u{201c}In another rhythm\u{201d} is taken above."</p>
            <fieldset class="choices">
                <legend>"Within a week, on"</legend>
                <p class="field-hint">"Tick nothing, and it is the day of the week of the first day."</p>
                {days}
            </fieldset>
            <Field id="until" label="Last day" optional="if there is one" error=form.error("until") class="field short">
                <input id="until" name="until" type="date" value=until/>
            </Field>
        </details>
        <fieldset class="choices"><legend>"Where?"</legend>{where_choices}</fieldset>
        <Field id="place" label="Place" error=place_error class="field only-place">
            <input id="place" name="place" type="text" dir="auto" maxlength="200" autocomplete="off" value=place/>
        </Field>
        <Field
            id="link" label="Link" hint="Shown to those who are signed in, never to visitors." error=link_error class="field only-online"
        >
            <input id="link" name="link" type="url" maxlength="500" placeholder="https://" value=link/>
        </Field>
        <Field id="markdown" label="What happens there?" optional="if you like" error=form.error("markdown")>
            <TextArea id="markdown" name="markdown" text=markdown rows=4 most=10_000/>
        </Field>
        <details class="more" open=waiting.is_some() || public || refused_below>
            <summary>"A picture, another clock, the front door"</summary>
            {waiting.map(|id| view! { <input type="hidden" name="picture" value=id.to_string()/> })}
            {shown.map(|id| view! { <img class="gathering-picture" src=Picture::address(id, Size::Small) width="320" height="180" alt=""/> })}
            <Field id="file" label="A picture" optional="if you like" error=form.error("picture")>
                <input id="file" name="file" type="file" accept="image/*"/>
            </Field>
            <Field
                id="alt" label="What does it show?" optional="please, if there is one" hint="A line for those who can’t see it."
                error=form.error("alt")
            >
                <input id="alt" name="alt" type="text" dir="auto" maxlength=LONGEST_ALT autocomplete="off" value=alt/>
            </Field>
            {shown.map(|_| view! {
                <label class="choice">
                    <input type="checkbox" name="without_picture" value="yes" checked=without/>
                    <span>"Take the picture away"</span>
                </label>
            })}
            <Field id="zone" label="Whose clock?" hint="It keeps to this clock in summer and in winter." error=form.error("time_zone")>
                <ZoneSelect id="zone" name="time_zone" chosen=zone/>
            </Field>
            <label class="choice">
                <input type="checkbox" name="public" value="yes" checked=public/>
                <span>
                    "Show it at the front door "
                    <span class="choice-hint">"Visitors see the title, the time and the place, never who comes."</span>
                </span>
            </label>
        </details>
    }
}

/// What is wrong with the place and with the link. Of a gathering that is online alone the place is not asked for: what is missing then
/// is the link.
pub(super) fn where_errors(form: FormState, at: &str) -> (Option<String>, Option<String>) {
    let (place, link) = (form.error("place"), form.error("link"));
    if at == "online" { (None, link.or(place)) } else { (place, link) }
}

fn lengths(chosen: &str) -> impl IntoView + use<> {
    const USUAL: [(&str, &str); 9] = [
        ("30", "half an hour"),
        ("45", "three quarters of an hour"),
        ("60", "an hour"),
        ("90", "an hour and a half"),
        ("120", "two hours"),
        ("180", "three hours"),
        ("240", "four hours"),
        ("480", "eight hours"),
        ("1440", "a whole day"),
    ];
    let unusual = (!USUAL.iter().any(|(minutes, _)| *minutes == chosen))
        .then(|| view! { <option value=chosen.to_owned() selected=true>{format!("{chosen} minutes")}</option> });
    let usual = USUAL
        .into_iter()
        .map(|(minutes, name)| {
            let selected = minutes == chosen;
            view! { <option value=minutes selected=selected>{name}</option> }
        })
        .collect_view();
    (unusual, usual)
}

/// How often: what people usually mean.
#[component]
pub(super) fn OftenChoices(
    /// The field's name.
    name: &'static str,
    /// What is chosen.
    chosen: String,
    /// Without the choice that needs further fields.
    #[prop(optional)]
    short: bool,
) -> impl IntoView {
    let choices = Often::ALL
        .into_iter()
        .filter(|(often, ..)| !short || *often != Often::Own)
        .map(|(_, word, said)| {
            let checked = chosen == word;
            view! { <label class="choice"><input type="radio" name=name value=word checked=checked/><span>{said}</span></label> }
        })
        .collect_view();
    view! { <fieldset class="choices"><legend>"How often?"</legend>{choices}</fieldset> }
}
