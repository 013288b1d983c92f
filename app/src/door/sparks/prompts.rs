//! `/hosting/sparks/prompts`: the library and the hosts' own prompts, by kind and mood.

use super::super::{
    Asked, NoPage, Page,
    fields::{Done, Field, Refused},
    hosting::hosting_pages,
    words,
};
use crate::{
    chrome::{PageTitle, capital},
    forms::{FormState, use_form},
    here::here,
    safe_html::TextArea,
    sparks::{KeepPrompt, RemovePrompt},
};
use domain::{
    ids::PromptId,
    sparks::prompts::{Asked as AskedLately, Kind, LONGEST_PROMPT, Listed, Mood, PromptRefusal},
    time::Zone,
};
use leptos::{prelude::*, server_fn::ServerFn};

const DONE: [(&str, &str); 2] =
    [("kept", "Kept, for all hosts."), ("removed", "It is gone from the list. What was asked stays where it was asked.")];

/// When a prompt was asked: `asked on 3 November by Marco, seven answered`.
pub(super) fn asked_in_words(asked: &AskedLately, zone: &Zone) -> String {
    let by = asked.by.as_ref().map(|by| format!(" by {}", by.display_name)).unwrap_or_default();
    let answered = match asked.led {
        None => "taken back since".to_owned(),
        Some((_, 0)) => "nobody answered".to_owned(),
        Some((_, many)) => format!("{} answered", words::number(many)),
    };
    format!("asked on {}{by}, {answered}", words::day(asked.at, zone))
}

/// A prompt, and what can be done with it.
#[component]
pub(super) fn Line(prompt: Listed) -> impl IntoView {
    let Listed { key, words, kind, mood, own, asked } = prompt;
    let zone = here().zone().clone();
    let kept = own.as_ref().map(|(_, by)| by.as_ref().map_or_else(|| "kept here".to_owned(), |by| format!("kept by {}", by.display_name)));
    let about = [Some(kind.word().to_owned()), Some(mood.word().to_owned()), kept].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let asked_line = asked.as_ref().map(|asked| {
        let says = capital(&format!("{}.", asked_in_words(asked, &zone)));
        let thread = asked.led.map(|(post, _)| view! { " "<a href=format!("/posts/{post}")>"Read it"</a> });
        view! { <p class="quiet"><bdi>{says}</bdi>{thread}</p> }
    });
    let hidden = format!(": {words}");
    view! {
        <li class="row">
            <div class="row-what">
                <p class="prompt-words"><bdi>{words}</bdi></p>
                <p class="quiet"><bdi>{capital(&about)}</bdi></p>
                {asked_line}
            </div>
            <div class="actions">
                <a class="button quiet" href=format!("/hosting/sparks/new?prompt={key}")>
                    {if asked.is_some() { "Ask it again" } else { "Ask it" }}<span class="visually-hidden">{hidden.clone()}</span>
                </a>
                {own.map(|(id, _)| view! {
                    <a class="button plain" href=format!("/hosting/sparks/prompts/{id}")>"Reword it"<span class="visually-hidden">{hidden.clone()}</span></a>
                    <form method="post" action=RemovePrompt::url()>
                        <input type="hidden" name="id" value=id.to_string()/>
                        <button class="button plain" type="submit">"Take it away"<span class="visually-hidden">{hidden}</span></button>
                    </form>
                })}
            </div>
        </li>
    }
}

fn address(kind: Option<Kind>, mood: Option<Mood>) -> String {
    let parts = [kind.map(|kind| format!("kind={}", kind.word())), mood.map(|mood| format!("mood={}", mood.word()))];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "/hosting/sparks/prompts".to_owned() } else { format!("/hosting/sparks/prompts?{}", parts.join("&")) }
}

/// `/hosting/sparks/prompts`.
pub(in crate::door) async fn list(asked: Asked) -> Page {
    let host = asked.host()?;
    let (kind, mood) = (Kind::from_word(asked.query.get("kind")), Mood::from_word(asked.query.get("mood")));
    let all = asked.request.services.sparks.prompts(&host).await?;
    let fits = |prompt: &Listed| kind.is_none_or(|kind| prompt.kind == kind) && mood.is_none_or(|mood| prompt.mood == mood);
    let shown: Vec<Listed> = all.into_iter().filter(fits).collect();
    let many = match shown.len() {
        0 => "None of that kind and mood so far.".to_owned(),
        1 => "One prompt.".to_owned(),
        many => format!("{many} prompts; those that were asked lately come last."),
    };
    let link = |to: String, says: String, current: bool| view! { <li><a href=to aria-current=current.then_some("true")>{says}</a></li> };
    let kinds = std::iter::once(link(address(None, mood), "All".into(), kind.is_none()))
        .chain(Kind::ALL.into_iter().map(|one| link(address(Some(one), mood), capital(one.word()), kind == Some(one))))
        .collect_view();
    let moods = std::iter::once(link(address(kind, None), "All".into(), mood.is_none()))
        .chain(Mood::ALL.into_iter().map(|one| link(address(kind, Some(one)), capital(one.word()), mood == Some(one))))
        .collect_view();
    let form = use_form::<KeepPrompt, PromptRefusal>();
    let fields = fields(form, ("", kind.unwrap_or_default(), mood.unwrap_or_default()));
    Ok(view! {
        <PageTitle of="Prompts"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href="/hosting/sparks">"Sparks"</a></p>
                <h1>"Prompts"</h1>
                <p class="lede">"Small, true things that anybody here can answer in a sentence or with a picture."</p>
            </header>
            {hosting_pages("/hosting/sparks", true)}
            <Done done=asked.query.get("done") says=&DONE/>
            <nav class="filters" aria-label="Which prompts">
                <p id="by-kind">"About"</p>
                <ul aria-labelledby="by-kind">{kinds}</ul>
                <p id="by-mood">"Mood"</p>
                <ul aria-labelledby="by-mood">{moods}</ul>
            </nav>
            <p class="quiet">{many}" "<a href="#own">"Keep one of your own"</a></p>
            <ul class="rows">{shown.into_iter().map(|prompt| view! { <Line prompt/> }).collect_view()}</ul>
            <section class="section" aria-labelledby="own">
                <h2 id="own">"Keep one of your own"</h2>
                <p class="quiet">"All hosts see it, and may reword it."</p>
                <Refused form/>
                <form class="form" method="post" action=form.address()>
                    {fields}
                    <div class="actions"><button class="button" type="submit">"Keep it"</button></div>
                </form>
            </section>
        </main>
    }
    .into_any())
}

/// `/hosting/sparks/prompts/{id}`: rewording one of the hosts' own.
pub(in crate::door) async fn one(asked: Asked, id: &str) -> Page {
    let host = asked.host()?;
    let id: PromptId = id.parse().map_err(|_| NoPage::NotHere)?;
    let form = use_form::<KeepPrompt, PromptRefusal>();
    let prompt = asked.request.services.sparks.own_prompt(&host, id).await?;
    if prompt.is_none() && form.trouble().is_none() {
        return Err(NoPage::NotHere);
    }
    let begins = prompt.as_ref().map_or(("", Kind::default(), Mood::default()), |prompt| (prompt.words.as_str(), prompt.kind, prompt.mood));
    let fields = fields(form, begins);
    // Where somebody took it away meanwhile, what was typed can be kept as a new one.
    let there = prompt.is_some().then(|| view! { <input type="hidden" name="id" value=id.to_string()/> });
    Ok(view! {
        <PageTitle of="Reword a prompt"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href="/hosting/sparks/prompts">"Prompts"</a></p>
                <h1>"Reword a prompt"</h1>
            </header>
            <Refused form/>
            <form class="form" method="post" action=form.address()>
                {there}
                {fields}
                <div class="actions">
                    <button class="button" type="submit">"Keep it so"</button>
                    <a class="button plain" href="/hosting/sparks/prompts">"Never mind"</a>
                </div>
            </form>
        </main>
    }
    .into_any())
}

fn fields(form: FormState, (words, kind, mood): (&str, Kind, Mood)) -> AnyView {
    let (kind, mood) = (form.value("form[kind]", kind.word()), form.value("form[mood]", mood.word()));
    let words = form.value("form[words]", words);
    let option = |word: &'static str, chosen: bool| view! { <option value=word selected=chosen>{capital(word)}</option> };
    view! {
        <Field id="words" label="The prompt" error=form.error("words")>
            <TextArea id="words" name="form[words]" text=words rows=2 required=true most=LONGEST_PROMPT/>
        </Field>
        <div class="field-row">
            <Field id="kind" label="About">
                <select id="kind" name="form[kind]">{Kind::ALL.into_iter().map(|one| option(one.word(), one.word() == kind)).collect_view()}</select>
            </Field>
            <Field id="mood" label="Mood">
                <select id="mood" name="form[mood]">{Mood::ALL.into_iter().map(|one| option(one.word(), one.word() == mood)).collect_view()}</select>
            </Field>
        </div>
    }
    .into_any()
}
