//! `/gatherings/new` and `/gatherings/{slug}/edit`: a name, a time and a place; the rest waits in the fold. While one types, the dates
//! that it would give stand below (`/gatherings/new/dates`).

use super::{
    Asked, NoPage, Page,
    bring::RotaForm,
    fields::{Field, Refused},
    room_plan::RoomFields,
    sessions::{CallOff, ReachLinks, SingleDates},
    zones::ZoneSelect,
};
use crate::{
    chrome::{PageTitle, capital, with_article},
    forms::{FormState, use_form},
    gatherings::{
        plan::{ChangeGathering, Often, PlanGathering, PreviewGathering, gathering as typed_gathering},
        rooms::KeepOn,
    },
    here::here,
    safe_html::TextArea,
    shell,
    uploads::UploadRefusal,
    when::{local, now, on_clock},
};
use domain::{
    gatherings::{
        Gathering, PlanRefusal, PreviewedSession,
        calendar::Standing,
        clock::{RoomForm, RoomKind},
        coming,
        rule::{self, How, RepeatForm},
        sessions::{self, Schedule},
    },
    ids::PictureId,
    people::Byline,
    pictures::{LONGEST_ALT, Picture, Size},
    time::Zone,
    timeline::Audience,
};
use leptos::{prelude::*, server_fn::ServerFn};

type Refusal = UploadRefusal<PlanRefusal>;

/// `/gatherings/new`.
pub(super) async fn new(asked: Asked) -> Page {
    asked.me()?;
    let words = here().words.gatherings.clone();
    let title = format!("Plan {}", with_article(&here().words.gathering));
    let form = use_form::<PlanGathering, Refusal>().or_looked_at_by::<PreviewGathering>();
    let dates = form.fields().map(|fields| shown_dates(&asked, &fields, None));
    shell::aid(include_str!("dates.js"));
    Ok(view! {
        <PageTitle of=title.clone()/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href="/gatherings">{capital(&words)}</a></p>
                <h1>{title}</h1>
                <p class="lede">"Name it, say when and where, and it is on everybody's agenda. You can change all of it later."</p>
                <p class="quiet"><a href="/gatherings/import">"Have a calendar already? Bring it along."</a></p>
            </header>
            <Looked form/>
            <form class="form" method="post" action=form.address() enctype="multipart/form-data" data-dates=DATES>
                {fields(form, None, dates)}
                <label class="choice">
                    <input type="checkbox" name="announce" value="yes" checked=form.chosen("announce", "yes", true)/>
                    <span>"Tell of it on the timeline "<span class="choice-hint">"Those whom it is for see it there."</span></span>
                </label>
                <div class="actions">
                    <button class="button" type="submit">"Put it on the agenda"</button>
                    <a class="button plain" href="/gatherings">"Never mind"</a>
                </div>
            </form>
        </main>
    }
    .into_any())
}

/// Where the dates are asked for while one types.
const DATES: &str = "/gatherings/new/dates";

/// `/gatherings/new/dates`: the dates that a form would give, for the page that has the form.
pub(super) async fn dates(asked: Asked) -> Page {
    asked.me()?;
    let slug = asked.query.get("slug");
    let gathering = match slug {
        "" => None,
        slug => asked.request.services.gatherings.gathering(&asked.request.viewer, slug).await?,
    };
    let dates = shown_dates(&asked, asked.query.all(), gathering.as_ref());
    Ok(view! { <PageTitle of="The dates".to_owned()/><main class="page" id="page">{dates}</main> }.into_any())
}

/// Why a form is shown again: it was refused, or only looked at.
#[component]
fn Looked(form: FormState) -> impl IntoView {
    match use_form::<PreviewGathering, Refusal>().trouble() {
        Some(trouble) => view! { <p class="note" role="status"><a href="#dates">{trouble.sentence}</a></p> }.into_any(),
        None => view! { <Refused form/> }.into_any(),
    }
}

/// The dates that the typed fields would give. Of a new gathering some can be left out; of one that is there it is said what single ones
/// have of their own.
fn shown_dates(asked: &Asked, fields: &[(String, String)], kept: Option<&Gathering>) -> AnyView {
    let zone = &here().zone;
    let readers = here().viewer.zone_or(zone).clone();
    let inside = match asked.request.services.gatherings.preview(&typed_gathering(fields), kept, zone) {
        Ok(preview) => {
            let Schedule { zone, rule, .. } = &preview.schedule;
            let (own, repeats) = (zone.clone(), rule.is_some());
            let words = if repeats { capital(&preview.repeats) } else { "Once".to_owned() };
            let today = local(now(), &own);
            let own_words = |date| match kept.and_then(|kept| kept.exception(date)) {
                Some(own) if own.standing == Standing::LeftOut => " (left out)",
                Some(own) if own.cancelled.is_some() => " (cancelled)",
                Some(own) if own.moved.is_some() => " (moved)",
                _ => "",
            };
            let line = |previewed: PreviewedSession| {
                let PreviewedSession { session, skipped_hour, left_out } = previewed;
                let starts = local(session.starts_at, &own);
                let yours = local(session.starts_at, &readers);
                let also = (yours != starts).then(|| format!(" (for you {}, {})", yours.date(), yours.clock()));
                let skipped = skipped_hour.then(|| format!(". The clocks go forward that night, so it is at {}.", starts.clock()));
                let day = starts.date_seen_from(today);
                let at = format!("{}{}", starts.clock(), own_words(session.date));
                view! {
                    <li class="dates-one">
                        <span>{format!("{day}, ")}<span class="dates-at">{at}</span>{also}{skipped}</span>
                        {(kept.is_none() && repeats).then(|| view! {
                            <label class="choice dates-without">
                                <input type="checkbox" name="without" value=session.date.to_string() checked=left_out/>
                                <span>"leave out"<span class="visually-hidden">{format!(" {day}")}</span></span>
                            </label>
                        })}
                    </li>
                }
            };
            let next = preview.next.into_iter().map(line).collect_view();
            let typed: Option<chrono::NaiveDate> =
                fields.iter().find(|(name, _)| name == "date").and_then(|(_, date)| date.trim().parse().ok());
            let begins = typed.filter(|typed| *typed != preview.schedule.first).map(|_| {
                let first = sessions::instant(preview.schedule.first.and_time(preview.schedule.time), zone);
                format!("The first day is none of its dates, so it begins on {}.", local(first, zone).date_seen_from(today))
            });
            view! {
                <p class="dates-words">{format!("{words}, {}", on_clock(zone))}</p>
                {begins.map(|begins| view! { <p class="field-hint">{begins}</p> })}
                <ol class="dates-list">{next}</ol>
            }
            .into_any()
        }
        Err(PlanRefusal::Date | PlanRefusal::Time) => {
            view! { <p class="field-hint">"With a day and a time above, the dates stand here."</p> }.into_any()
        }
        Err(refusal) => view! { <p class="field-error">{refusal.to_string()}</p> }.into_any(),
    };
    view! { <section class="dates" id="dates" aria-label="The next dates" aria-live="polite">{inside}</section> }.into_any()
}

/// `/gatherings/{slug}/edit`: the whole series, or `?from=` a session on.
pub(super) async fn edit(asked: Asked, slug: &str) -> Page {
    asked.me()?;
    let gathering = asked.request.services.gatherings.gathering(&asked.request.viewer, slug).await?;
    let gathering = gathering.filter(|gathering| gathering.mine).ok_or(NoPage::NotHere)?;
    let (rota, done) = (asked.request.services.bring.rota(&gathering).await?, asked.query.get("done").to_owned());
    let form = use_form::<ChangeGathering, Refusal>().or_looked_at_by::<PreviewGathering>();
    let dates = form.fields().map(|fields| shown_dates(&asked, &fields, Some(&gathering)));
    shell::aid(include_str!("dates.js"));
    let address = format!("/gatherings/{}", gathering.slug);
    let from = asked.query.get("from").parse().ok().filter(|from| gathering.session(*from).is_some());
    let shown = from.map_or_else(|| gathering.clone(), |from| gathering.begun_with(from));
    let lede = match from {
        None => "Whoever has it in their calendar sees the change there by itself. What is over stays as it was.",
        Some(_) => {
            "When and where it is changes from then on; whoever has answered goes along, and is told. The title, the words and the rest are the series’ own, and change for all of it."
        }
    };
    Ok(view! {
        <PageTitle of=format!("Change {}", gathering.title)/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href=address.clone() dir="auto">{gathering.title.clone()}</a></p>
                <h1>"Change it"</h1>
                <ReachLinks gathering=gathering.clone() session=from reach="from"/>
                <p class="lede">{lede}</p>
            </header>
            {gathering.quiet.then(|| view! { <StillOn slug=gathering.slug.clone()/> })}
            <Looked form/>
            <form class="form" method="post" action=form.address() enctype="multipart/form-data" data-dates=DATES>
                <input type="hidden" name="slug" value=gathering.slug.clone()/>
                <input type="hidden" name="from" value=from.map(|from| from.to_string())/>
                <input type="hidden" name="seen" value=gathering.changes/>
                {fields(form, Some(&shown), dates)}
                <div class="actions">
                    <button class="button" type="submit">"Save"</button>
                    <a class="button plain" href=address>"Never mind"</a>
                </div>
            </form>
            <p class="actions"><a class="button plain" href=format!("/gatherings/{}/who", gathering.slug)>"Who comes to this"</a></p>
            {from.is_none().then(|| view! {
                <SingleDates gathering=gathering.clone()/>
                <RotaForm gathering=gathering.clone() rota done/>
                <CallOff gathering=gathering.clone()/>
            })}
        </main>
    }
    .into_any())
}

/// The question whether it is still on, where nobody came the last times.
#[component]
fn StillOn(slug: String) -> impl IntoView {
    view! {
        <section class="note" aria-labelledby="still-on">
            <h2 id="still-on">"Is it still on?"</h2>
            <p>"Nobody is known to have come the last two times, and nobody says that they will. Until you answer, only the next one is on the agenda."</p>
            <form method="post" action=KeepOn::url()>
                <input type="hidden" name="slug" value=slug/>
                <p class="actions">
                    <button class="button quiet" type="submit">"Yes, it goes on"</button>
                    <a class="button plain" href="#call-off">"No, call it off"</a>
                </p>
            </form>
        </section>
    }
}

fn fields(form: FormState, now: Option<&Gathering>, dates: Option<AnyView>) -> impl IntoView + use<> {
    let first = now.map(|gathering| gathering.schedule.first).unwrap_or_default();
    let repeat = RepeatForm::of(now.and_then(|gathering| gathering.schedule.rule.as_ref()), first);
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
    let stands = |field: &str, now_it_is: Option<String>| beside(form, now, field, now_it_is);
    let when_stands = stands("date", now.map(|g| g.schedule.first.to_string()));
    let time_stands = stands("time", now.map(|g| g.schedule.time.format("%H:%M").to_string()));
    let minutes_stands = stands("minutes", now.map(|g| g.schedule.minutes.to_string()));
    let title_stands = stands("title", now.map(|g| g.title.clone()));
    let place_stands = stands("place", now.map(|g| g.place.clone()));
    let link_stands = stands("link", now.map(|g| g.link.clone()));
    let markdown_stands = stands("markdown", now.map(|g| g.markdown.clone()));
    let zone_stands = stands("time_zone", now.map(|g| g.schedule.zone.name().to_owned()));
    let rhythm_stands = now.filter(|g| {
        let typed = form.fields().and_then(|fields| typed_gathering(&fields).schedule(&g.schedule.zone).ok());
        overtaken(form, now) && typed.is_some_and(|typed| typed.rule != g.schedule.rule)
    });
    let rhythm_stands =
        rhythm_stands.map(|g| view! { <p class="field-now">"Now it is "<strong>{rule::in_words(&g.schedule)}</strong></p> });
    let often = form.value("often", if now.is_some() { often.word() } else { "once" });
    let unit = form.value(
        "unit",
        match repeat.how {
            How::Daily => "days",
            How::MonthlyByWeekday => "months-weekday",
            How::MonthlyByDate => "months-date",
            How::Yearly => "years",
            How::Rule => "rule",
            How::Once | How::Weekly => "weeks",
        },
    );
    let every = form.value("every", if repeat.every.is_empty() { "1" } else { &repeat.every });
    let (until, count, rule) = (form.value("until", &repeat.until), form.value("count", &repeat.count), form.value("rule", &repeat.rule));
    let counted = counted_days(form, &repeat);
    let with_days = !repeat.days.is_empty();
    let days = [("mo", "Mon"), ("tu", "Tue"), ("we", "Wed"), ("th", "Thu"), ("fr", "Fri"), ("sa", "Sat"), ("su", "Sun")]
        .into_iter()
        .map(|(code, name)| {
            let checked = form.chosen("day", code, repeat.days.iter().any(|day| day == code));
            view! { <label class="choice"><input type="checkbox" name="day" value=code checked=checked/><span>{name}</span></label> }
        })
        .collect_view();
    let refused_there = ["every", "until", "count", "rule"].iter().any(|field| form.error(field).is_some());
    let rhythm_open = often == "own" || with_days || !until.is_empty() || !count.is_empty() || refused_there;
    let who = who_fields(form, now);
    let filled_in =
        |field: &str| form.typed(field).is_some_and(|typed| !typed.is_empty() && typed != "0" && typed != Audience::Community.word());
    let who_open = ["audience", "named", "cohosts", "capacity", "guests", "answer_by"].iter().any(|field| filled_in(field))
        || overtaken(form, now)
        || now.is_some_and(|g| {
            g.audience != Audience::Community || g.terms.capacity.is_some() || g.terms.guests > 0 || g.terms.answer_by.is_some()
        });
    let door_stands = stands("door", now.map(|g| g.terms.door.clone()));
    let door = text("door", now.map(|g| g.terms.door.clone()));
    let opens = form.value("link_opens", &now.map_or(coming::LINK_OPENS, |g| g.terms.link_opens).to_string());
    let opens_stands = stands("link_opens", now.map(|g| g.terms.link_opens.to_string())).map(|minutes| {
        let usual = LINK_OPENS.into_iter().find(|(value, _)| *value == minutes);
        usual.map_or_else(|| format!("{minutes} minutes before"), |(_, name)| name.to_owned())
    });
    let refused_below = ["picture", "alt", "time_zone"].iter().any(|field| form.error(field).is_some());
    let waiting = form.value("picture", "").parse::<PictureId>().ok();
    let shown = waiting.or(now.and_then(|g| g.picture.as_ref().map(|picture| picture.id)));
    let hangs = now.and_then(|g| g.picture.clone());
    let alt = text("alt", hangs.as_ref().map(|picture| picture.alt.clone()));
    let alt_stands = stands("alt", now.map(|_| hangs.as_ref().map(|picture| picture.alt.clone()).unwrap_or_default()));
    let seen_picture = hangs.as_ref().map(|picture| picture.id.to_string()).unwrap_or_default();
    let picture_stands = stands("picture_seen", now.map(|_| seen_picture.clone())).map(|_| hangs);
    let without = form.chosen("without_picture", "yes", false);
    let room = now.map(|g| RoomForm::of(&g.room)).unwrap_or_default();
    let room_refused = ["opening", "rounds", "round_minutes", "rest", "prompts", "silence"].iter().any(|field| form.error(field).is_some());
    let room_open = room_refused || overtaken(form, now) || form.value("room_kind", room.kind.word()) != RoomKind::Table.word();
    let looks = PreviewGathering::url();
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
        ("rule", "a rule that I write below"),
    ]
    .into_iter()
    .map(|(word, name)| {
        let selected = unit == word;
        view! { <option value=word selected=selected>{name}</option> }
    })
    .collect_view();
    view! {
        <Field id="title" label="What is it called?" now=title_stands error=form.error("title")>
            <input id="title" name="title" type="text" dir="auto" required=true maxlength="100" autocomplete="off" value=title/>
        </Field>
        <div class="field-row">
            <Field id="date" label="First day" now=when_stands error=form.error("date")>
                <input id="date" name="date" type="date" required=true value=date/>
            </Field>
            <Field id="time" label="At" now=time_stands described_by="time-hint" error=form.error("time")>
                <input id="time" name="time" type="time" required=true value=time/>
            </Field>
            <Field id="minutes" label="For" now=minutes_stands error=form.error("minutes")>
                <select id="minutes" name="minutes">{lengths}</select>
            </Field>
        </div>
        <p class="field-hint" id="time-hint">{format!("The time counts {clock}. Further down you can choose another.")}</p>
        <OftenChoices name="often" chosen=often/>
        {rhythm_stands}
        <details class="more" open=rhythm_open>
            <summary>"More about the rhythm"</summary>
            <div class="field-row only-own">
                <Field id="every" label="Every" error=form.error("every") class="field short only-counted">
                    <input id="every" name="every" type="number" min="1" max="99" value=every/>
                </Field>
                <Field id="unit" label="Of what?">
                    <select id="unit" name="unit">{units}</select>
                </Field>
            </div>
            <fieldset class="choices days only-weeks">
                <legend>"Within a week, on"</legend>
                <p class="field-hint">"Tick nothing, and it is the day of the week of the first day."</p>
                {days}
            </fieldset>
            <fieldset class="choices only-months">
                <legend>"Within a month, on the"</legend>
                <p class="field-hint">"Choose nothing, and it is the first day’s, as counted in its month."</p>
                {counted}
            </fieldset>
            <div class="field-row only-counted">
                <Field id="until" label="Last day" optional="if there is one" error=form.error("until") class="field short">
                    <input id="until" name="until" type="date" value=until/>
                </Field>
                <Field id="count" label="Or how many times?" error=form.error("count") class="field short">
                    <input id="count" name="count" type="number" min="1" max=rule::LARGEST_COUNT value=count/>
                </Field>
            </div>
            <Field
                id="rule" label="A rule" optional="for those who know them" error=form.error("rule") class="field only-rule"
                hint="As calendars write it, such as FREQ=MONTHLY;BYDAY=1TU,3SA."
            >
                <input id="rule" name="rule" type="text" maxlength=rule::LONGEST_RULE autocomplete="off" autocapitalize="characters" spellcheck="false" value=rule/>
            </Field>
        </details>
        {dates.unwrap_or_else(|| view! {
            <section class="dates" id="dates" aria-label="The next dates" aria-live="polite">
                <p class="field-hint">"With a day and a time above, the dates stand here."</p>
            </section>
        }.into_any())}
        <p class="actions dates-ask">
            <button class="button plain" type="submit" formaction=looks formnovalidate=true>"Show me the dates"</button>
        </p>
        <fieldset class="choices"><legend>"Where?"</legend>{where_choices}</fieldset>
        <Field id="place" label="Place" now=place_stands error=place_error class="field only-place">
            <input id="place" name="place" type="text" dir="auto" maxlength="200" autocomplete="off" value=place/>
        </Field>
        <Field
            id="door" label="What to look for at the door" optional="if it is hard to find" error=form.error("door") class="field only-place" now=door_stands
        >
            <input id="door" name="door" type="text" dir="auto" maxlength="300" autocomplete="off" placeholder="The blue lamp; ring twice" value=door/>
        </Field>
        <Field
            id="link" label="Link" hint="Shown on the page of each session to those who come, never to visitors." error=link_error
            class="field only-online" now=link_stands
        >
            <input id="link" name="link" type="url" maxlength="500" placeholder="https://" value=link/>
        </Field>
        <Field id="link_opens" label="From when on?" error=form.error("link_opens") now=opens_stands class="field short only-online">
            <select id="link_opens" name="link_opens">{choices(&LINK_OPENS, &opens, "minutes before")}</select>
        </Field>
        <Field id="markdown" label="What happens there?" now=markdown_stands optional="if you like" error=form.error("markdown")>
            <TextArea id="markdown" name="markdown" text=markdown rows=4 most=10_000/>
        </Field>
        <details class="more" open=who_open>
            <summary>"For whom, how many, and who else keeps it"</summary>
            {who}
        </details>
        <details class="more" open=room_open>
            <summary>"What happens in its room"</summary>
            <RoomFields form now=room overtaken=overtaken(form, now) name=|field| format!("room_{field}")/>
        </details>
        <details class="more" open=waiting.is_some() || refused_below || overtaken(form, now)>
            <summary>"A picture, another clock"</summary>
            {now.map(|_| view! { <input type="hidden" name="picture_seen" value=seen_picture/> })}
            {picture_stands.map(|stands| match stands {
                Some(stands) => {
                    // Where one’s own does not wait beside it, it stands below.
                    let beside = waiting.map(|_| view! {
                        <img class="gathering-picture" src=Picture::address(stands.id, Size::Small) width="320" height="180" alt=stands.alt dir="auto"/>
                    });
                    view! { <p class="field-now">"Now it has "<strong>"another picture"</strong></p>{beside} }.into_any()
                }
                None => view! { <p class="field-now">"Now it has "<strong>"no picture"</strong></p> }.into_any(),
            })}
            {waiting.map(|id| view! { <input type="hidden" name="picture" value=id.to_string()/> })}
            {shown.map(|id| view! { <img class="gathering-picture" src=Picture::address(id, Size::Small) width="320" height="180" alt=""/> })}
            <Field id="file" label="A picture" optional="if you like" error=form.error("picture")>
                <input id="file" name="file" type="file" accept="image/*"/>
            </Field>
            <Field
                id="alt" label="What does it show?" optional="please, if there is one" hint="A line for those who can’t see it."
                error=form.error("alt") now=alt_stands
            >
                <input id="alt" name="alt" type="text" dir="auto" maxlength=LONGEST_ALT autocomplete="off" value=alt/>
            </Field>
            {shown.map(|_| view! {
                <label class="choice">
                    <input type="checkbox" name="without_picture" value="yes" checked=without/>
                    <span>"Take the picture away"</span>
                </label>
            })}
            <Field id="zone" label="Whose clock?" now=zone_stands hint="It keeps to this clock in summer and in winter." error=form.error("time_zone")>
                <ZoneSelect id="zone" name="time_zone" chosen=zone/>
            </Field>
        </details>
    }
}

/// Whether somebody else changed what the form is about since it was filled in.
fn overtaken(form: FormState, now: Option<&Gathering>) -> bool {
    form.typed("seen").is_some_and(|seen| now.is_some_and(|now| seen != now.changes.to_string()))
}

/// What stands now beside a field in which something else was typed.
fn beside(form: FormState, now: Option<&Gathering>, field: &str, now_it_is: Option<String>) -> Option<String> {
    // A form sends its line breaks as the web does.
    let typed = form.typed(field).map(|typed| typed.replace("\r\n", "\n"));
    now_it_is.filter(|value| overtaken(form, now) && typed.as_ref() != Some(value))
}

/// Weekdays as counted in the month: as many as are chosen, and one more.
fn counted_days(form: FormState, repeat: &RepeatForm) -> impl IntoView + use<> {
    const NTHS: [(&str, &str); 7] =
        [("", "not on one"), ("1", "first"), ("2", "second"), ("3", "third"), ("4", "fourth"), ("5", "fifth"), ("-1", "last")];
    const DAYS: [(&str, &str); 7] = [
        ("mo", "Monday"),
        ("tu", "Tuesday"),
        ("we", "Wednesday"),
        ("th", "Thursday"),
        ("fr", "Friday"),
        ("sa", "Saturday"),
        ("su", "Sunday"),
    ];
    let typed: Vec<(String, String)> = form.all("nth").into_iter().zip(form.all("nth_day")).collect();
    let kept = repeat.counted_days.iter().filter_map(|day| day.split_at_checked(day.len().saturating_sub(2)));
    let kept = kept.map(|(nth, day)| (nth.to_owned(), day.to_owned()));
    let mut chosen: Vec<(String, String)> = if typed.is_empty() { kept.collect() } else { typed };
    while chosen.len() < 3 {
        chosen.push((String::new(), "mo".to_owned()));
    }
    let options = |choices: &'static [(&'static str, &'static str)], chosen: String| {
        let option = |(word, name): &'static (&'static str, &'static str)| {
            let selected = *word == chosen;
            view! { <option value=*word selected=selected>{*name}</option> }
        };
        choices.iter().map(option).collect_view()
    };
    let rows = chosen.into_iter().enumerate().map(|(at, (nth, day))| {
        let number = at + 1;
        view! {
            <div class="counted-day">
                <select name="nth" aria-label=format!("Which one of the month, {number}")>{options(&NTHS, nth)}</select>
                <select name="nth_day" aria-label=format!("Which day of the week, {number}")>{options(&DAYS, day)}</select>
            </div>
        }
    });
    rows.collect_view()
}

/// [`coming::LINK_ALWAYS`], as a form says it.
const LINK_ALWAYS: &str = "52704000";
const LINK_OPENS: [(&str, &str); 5] = [
    ("10", "10 minutes before"),
    ("30", "30 minutes before"),
    ("60", "an hour before"),
    ("1440", "a day before"),
    (LINK_ALWAYS, "as soon as somebody says that they come"),
];

/// The options of a field that may also hold a number of its own, so many of a unit.
fn choices(usual: &'static [(&'static str, &'static str)], chosen: &str, unit: &str) -> impl IntoView + use<> {
    let own = (!usual.iter().any(|(value, _)| *value == chosen))
        .then(|| view! { <option value=chosen.to_owned() selected=true>{format!("{chosen} {unit}")}</option> });
    let chosen = chosen.to_owned();
    let usual = usual.iter().map(|(value, name)| {
        let selected = *value == chosen;
        view! { <option value=*value selected=selected>{*name}</option> }
    });
    (own, usual.collect_view())
}

/// For whom it is, how many may come, until when they answer, and who keeps it besides.
fn who_fields(form: FormState, now: Option<&Gathering>) -> impl IntoView + use<> {
    const ANSWER_BY: [(&str, &str); 6] = [
        ("", "until it is over"),
        ("3", "three hours before"),
        ("24", "a day before"),
        ("48", "two days before"),
        ("72", "three days before"),
        ("168", "a week before"),
    ];
    const GUESTS: [(&str, &str); 4] = [("0", "nobody"), ("1", "one guest"), ("2", "two guests"), ("3", "three guests")];
    let names = |people: &[Byline]| people.iter().map(|who| format!("@{}", who.name)).collect::<Vec<_>>().join(" ");
    let audience = now.map_or(Audience::Community, |g| g.audience);
    let audiences = [
        (Audience::Community, "Everybody here", ""),
        (
            Audience::Public,
            "Everybody, and it stands at the front door",
            "Visitors see the title, the time, the place, what you write about it and your name, never who comes.",
        ),
        (Audience::Named, "Only those I name", "Nobody else sees that there is one."),
    ];
    let audiences = audiences.into_iter().map(|(of, name, hint)| {
        let checked = form.chosen("audience", of.word(), of == audience);
        view! {
            <label class="choice">
                <input type="radio" name="audience" value=of.word() checked=checked/>
                <span>{name}{(!hint.is_empty()).then(|| view! { " "<span class="choice-hint">{hint}</span> })}</span>
            </label>
        }
    });
    let terms = now.map(|g| g.terms.clone()).unwrap_or_default();
    let number_now = |of: Option<u32>| of.map(|n| n.to_string()).unwrap_or_default();
    let stands = |field: &str, now_it_is: String| beside(form, now, field, now.map(|_| now_it_is));
    let named_stands = stands("named", now.map(|g| names(&g.named)).unwrap_or_default());
    let cohosts_stands = stands("cohosts", now.map(|g| names(&g.cohosts)).unwrap_or_default());
    let capacity_stands = stands("capacity", number_now(terms.capacity));
    let guests_stands = stands("guests", terms.guests.to_string());
    let answer_by_stands = stands("answer_by", number_now(terms.answer_by))
        .map(|hours| if hours.is_empty() { hours } else { format!("{hours} hours before") });
    let audience_stands = stands("audience", audience.word().to_owned()).map(|_| match audience {
        Audience::Community => "everybody here",
        Audience::Public => "everybody, and it stands at the front door",
        Audience::Named => "only those who are named",
    });
    let number = number_now;
    let (capacity, answer_by) = (form.value("capacity", &number(terms.capacity)), form.value("answer_by", &number(terms.answer_by)));
    let guests = form.value("guests", &terms.guests.to_string());
    let (named, cohosts) = (
        form.value("named", &now.map(|g| names(&g.named)).unwrap_or_default()),
        form.value("cohosts", &now.map(|g| names(&g.cohosts)).unwrap_or_default()),
    );
    view! {
        <fieldset class="choices">
            <legend>"For whom?"</legend>
            {audience_stands.map(|now| view! { <p class="field-now">"Now it is "<strong>{now}</strong></p> })}
            {audiences.collect_view()}
        </fieldset>
        <Field id="named" label="Whom?" hint="Their names, such as @ana @bo." error=form.error("named") class="field only-named" now=named_stands>
            <input id="named" name="named" type="text" autocapitalize="none" spellcheck="false" autocomplete="off" value=named/>
        </Field>
        <div class="field-row">
            <Field id="capacity" now=capacity_stands label="Room for how many?" error=form.error("capacity") described_by="capacity-hint">
                <input id="capacity" name="capacity" type="number" min="1" max=coming::MOST_SEATS value=capacity/>
            </Field>
            <Field id="guests" label="Each may bring" error=form.error("guests") now=guests_stands>
                <select id="guests" name="guests">{choices(&GUESTS, &guests, "guests")}</select>
            </Field>
            <Field id="answer_by" label="They can say yes" error=form.error("answer_by") now=answer_by_stands>
                <select id="answer_by" name="answer_by">{choices(&ANSWER_BY, &answer_by, "hours before")}</select>
            </Field>
        </div>
        <p class="field-hint" id="capacity-hint">"When it is full, whoever says yes waits, and moves up by themselves when somebody can\u{2019}t come."</p>
        <Field
            id="cohosts" label="Who keeps it with you?" optional="if somebody does" hint="Their names, such as @ana @bo. They can change all of it."
            error=form.error("cohosts") now=cohosts_stands
        >
            <input id="cohosts" name="cohosts" type="text" autocapitalize="none" spellcheck="false" autocomplete="off" value=cohosts/>
        </Field>
    }
}

/// What is wrong with the place and with the link. Of a gathering that is online alone the place is not asked for: what is missing then
/// is the link.
pub(super) fn where_errors(form: FormState, at: &str) -> (Option<String>, Option<String>) {
    let (place, link) = (form.error("place"), form.error("link"));
    if at == "online" { (None, link.or(place)) } else { (place, link) }
}

pub(super) fn lengths(chosen: &str) -> impl IntoView + use<> {
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
