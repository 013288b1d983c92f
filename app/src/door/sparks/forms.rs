//! Writing a spark, and changing one that is to come.

use super::{super::NoPage, Asked, Page, begun};
use crate::{
    chrome::PageTitle,
    door::fields::{Field, Refused},
    forms::{FormState, use_form},
    safe_html::TextArea,
    sparks::{ChangeSpark, LightSpark},
    when::{WEEKDAYS, now},
};
use chrono::{Datelike, Days};
use domain::{
    ids::SparkId,
    sparks::{SparkRefusal, coming::When},
    time::Zone,
    timeline::LONGEST_POST,
};
use leptos::prelude::*;

/// With what a form begins.
struct Begins {
    words: String,
    prompt: String,
    when: When,
    date: String,
    weekday: String,
    time: String,
}

/// `/hosting/sparks/new`.
pub(in crate::door) async fn new(asked: Asked) -> Page {
    let host = asked.host()?;
    let zone = asked.community()?.zone.clone();
    let (words, says, prompt) = begun(&asked, &host, &zone).await?;
    let when = if asked.query.get("when") == "weekly" { When::Weekly } else { When::Now };
    let tomorrow = zone.date(now()) + Days::new(1);
    let begins = Begins { words, prompt, when, date: tomorrow.to_string(), weekday: "0".into(), time: "09:00".into() };
    let form = use_form::<LightSpark, SparkRefusal>();
    let fields = fields(form, &begins, &zone, "It stands on the timeline at once.");
    Ok(view! {
        <PageTitle of="A spark"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href="/hosting/sparks">"Sparks"</a></p>
                <h1>"A spark"</h1>
            </header>
            {says.map(|says| view! { <p class="quiet"><bdi>{says}</bdi></p> })}
            <Refused form/>
            <form class="form spark-form" method="post" action=form.address()>
                {fields}
                <div class="actions">
                    <button class="button" type="submit"><span class="only-now">"Send it"</span><span class="only-later">"Have it come"</span></button>
                    <a class="button plain" href="/hosting/sparks">"Never mind"</a>
                </div>
            </form>
        </main>
    }
    .into_any())
}

/// `/hosting/sparks/{id}`: a spark to come, for its author alone.
pub(in crate::door) async fn change(asked: Asked, id: &str) -> Page {
    let host = asked.host()?;
    let id: SparkId = id.parse().map_err(|_| NoPage::NotHere)?;
    let zone = asked.community()?.zone.clone();
    let form = use_form::<ChangeSpark, SparkRefusal>();
    let spark = asked.request.services.sparks.my_coming(&host, id).await?;
    // Where it went by while it was being reworded, what was typed is shown once more.
    if spark.is_none() && form.trouble().is_none() {
        return Err(NoPage::NotHere);
    }
    let rests = spark.as_ref().is_some_and(|spark| spark.paused);
    let new = spark.map(|spark| spark.new);
    let begins = Begins {
        words: new.as_ref().map(|new| new.wordings.join("\n")).unwrap_or_default(),
        prompt: String::new(),
        when: if new.as_ref().is_some_and(|new| new.weekly) { When::Weekly } else { When::Day },
        date: new.as_ref().map(|new| new.date.to_string()).unwrap_or_default(),
        weekday: new.as_ref().map(|new| new.date.weekday().num_days_from_monday().to_string()).unwrap_or_default(),
        time: new.as_ref().map(|new| new.time.format("%H:%M").to_string()).unwrap_or_default(),
    };
    let fields = fields(form, &begins, &zone, "All of it as one post, at once; and it comes no more.");
    Ok(view! {
        <PageTitle of="Change a spark"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href="/hosting/sparks#coming">"Sparks"</a></p>
                <h1>"Change a spark"</h1>
                {rests.then(|| view! { <p class="lede">"It rests, and goes on resting when you keep this. You let it go on under “To come”."</p> })}
            </header>
            <Refused form/>
            <form class="form spark-form" method="post" action=form.address()>
                <input type="hidden" name="id" value=id.to_string()/>
                {fields}
                <div class="actions">
                    <button class="button" type="submit"><span class="only-now">"Send it"</span><span class="only-later">"Keep it so"</span></button>
                    <a class="button plain" href="/hosting/sparks#coming">"Never mind"</a>
                </div>
            </form>
        </main>
    }
    .into_any())
}

fn fields(form: FormState, begins: &Begins, zone: &Zone, at_once: &'static str) -> AnyView {
    let words = form.value("form[words]", &begins.words);
    let weekday = form.value("form[weekday]", &begins.weekday);
    let now_or_later = begins.when;
    let radio = |when: When, says: &'static str, hint: &'static str| {
        let chosen = form.chosen("form[when]", when.word(), now_or_later == when);
        view! {
            <label class="choice">
                <input type="radio" name="form[when]" value=when.word() checked=chosen/>
                <span>{says}" "<span class="choice-hint">{hint}</span></span>
            </label>
        }
    };
    let (date, time) = (form.value("form[date]", &begins.date), form.value("form[time]", &begins.time));
    let (prompt, clock) = (form.value("form[prompt]", &begins.prompt), zone.in_words());
    view! {
        <Field id="words" label="What you ask" error=form.error("words")>
            <TextArea id="words" name="form[words]" text=words rows=5 required=true most=LONGEST_POST/>
        </Field>
        <input type="hidden" name="form[prompt]" value=prompt/>
        <fieldset class="choices">
            <legend>"When"</legend>
            {radio(When::Now, "Now", at_once)}
            {radio(When::Day, "On a day", "Once, at a time that you choose.")}
            {radio(When::Weekly, "Each week", "Each line above is a wording of its own; they take turns.")}
        </fieldset>
        <div class="field-row only-later">
            <Field id="date" label="Day" error=form.error("date") class="field only-day">
                <input id="date" name="form[date]" type="date" value=date/>
            </Field>
            <Field id="weekday" label="Day of the week" error=form.error("weekday") class="field only-weekly">
                <select id="weekday" name="form[weekday]">
                    {WEEKDAYS.iter().enumerate().map(|(at, name)| {
                        let value = at.to_string();
                        view! { <option selected=value == weekday value=value>{*name}</option> }
                    }).collect_view()}
                </select>
            </Field>
            <Field id="time" label="At" error=form.error("time")>
                <input id="time" name="form[time]" type="time" value=time/>
            </Field>
        </div>
        <p class="field-hint only-later">
            {format!("By this place’s clock, {}. Until then it stands under “To come”, where the other hosts see it, too. If you are no host any more by then, it is not sent.", clock)}
        </p>
        <p class="field-hint">"It is a post of yours, for everybody here."</p>
    }
    .into_any()
}
