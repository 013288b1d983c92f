//! Where one writes: a post for the timeline, or a reply.
//!
//! A plain multipart form first. With the client come completion, pictures that are shown (and described) before they are
//! sent, a draft that survives a closed tab, and sending by keyboard.

use super::{
    CompletePeople, CompleteTags, UploadPicture, WritePost, WriteRefusal, WriteReply,
    completion::{Started, completed, name_started, started},
};
use crate::{
    address::encoded,
    chrome::Face,
    fault::{Fault, FaultNote, Trouble},
    forms::{Sending, submitted, use_form},
    here::here,
    icons::Icon,
    part::IntoPart,
    safe_html::TextArea,
    wire,
};
use domain::{
    ids::{PictureId, PostId},
    people::Byline,
    pictures::{Picture, PictureRefusal, Size},
    timeline::{Audience, LONGEST_POST, MOST_PICTURES, PostRefusal},
};
use leptos::{ev::SubmitEvent, html, prelude::*, server_fn::ServerFn, web_sys};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;

/// What is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// A post.
    Post,
    /// A reply to a post or another reply.
    Reply {
        /// To which.
        to: PostId,
    },
}

/// The id of the list of proposals; there is one composer on a page.
const SUGGESTIONS: &str = "suggestions";

/// One proposal of completion.
#[derive(Clone, PartialEq)]
enum Proposal {
    Person(Byline),
    Tag(String),
}

impl Proposal {
    fn word(&self) -> String {
        match self {
            Self::Person(who) => who.name.to_string(),
            Self::Tag(tag) => tag.clone(),
        }
    }
}

/// What is kept of an unsent text, in the browser.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Draft {
    text: String,
    note: String,
    audience: String,
    named: String,
    pictures: Vec<(Picture, String)>,
}

/// The composer. `sent` is told of what was sent.
#[component]
pub fn Composer(
    /// What is written.
    writing: Writing,
    /// Called with the new post or reply.
    #[prop(into)]
    sent: Callback<PostId>,
) -> impl IntoView {
    let here = here();
    let Some(me) = here.me().cloned() else { return ().part() };
    let form = match writing {
        Writing::Post => use_form::<WritePost, WriteRefusal>(),
        Writing::Reply { .. } => use_form::<WriteReply, WriteRefusal>(),
    };
    let sending = Sending::new(form.trouble());
    let named_refused = move || sending.fault.get().is_some_and(|trouble| trouble.is_about("named"));
    let typed = form.value("markdown", "");
    let audience = Audience::from_word(&form.value("audience", "community")).unwrap_or_default();

    let form_ref = NodeRef::<html::Form>::new();
    let text = RwSignal::new(typed.clone());
    let pictures = RwSignal::new(Vec::<(Picture, RwSignal<String>)>::new());
    let uploading = RwSignal::new(0_u32);
    let upload_fault = RwSignal::new(None::<Trouble>);
    let kept = RwSignal::new(false);
    let on_its_way = StoredValue::new(String::new());
    let note = form.value("note", "");
    let note_open = RwSignal::new(!note.is_empty());
    // What came with a form that was sent without script and refused: the pictures are kept, and what was said of them.
    let said: Vec<String> = form.all("alt").into_iter().chain(form.all("new_alt")).collect();
    let before = form.all("picture").into_iter().enumerate().map(|(at, id)| (id, said.get(at).cloned().unwrap_or_default()));
    let before = RwSignal::new(before.filter_map(|(id, alt)| Some((id.parse().ok()?, alt))).collect::<Vec<(PictureId, String)>>());
    let proposals = RwSignal::new(Vec::<Proposal>::new());
    let chosen = RwSignal::new(0_usize);
    let under_way = StoredValue::new(None::<Started>);
    // Whether it is the field for named people in which a name is completed, and not the text.
    let in_named = RwSignal::new(false);

    let draft_key = match writing {
        Writing::Post => format!("draft:{}", me.id),
        Writing::Reply { to } => format!("draft:{}:{to}", me.id),
    };
    let draft_key = StoredValue::new(draft_key);
    let keep = move || {
        let Some(form) = form_ref.get_untracked() else { return };
        let draft = Draft {
            text: text.get_untracked(),
            note: field(&form, "note"),
            audience: field(&form, "audience"),
            named: field(&form, "named"),
            pictures: pictures.get_untracked().into_iter().map(|(picture, alt)| (picture, alt.get_untracked())).collect(),
        };
        let empty = draft.text.trim().is_empty() && draft.pictures.is_empty() && draft.note.is_empty();
        draft_key.with_value(|key| if empty { forget_draft(key) } else { keep_draft(key, &draft) });
        kept.set(!empty);
    };
    Effect::new(move |_| {
        let (Some(form), Some(draft)) = (form_ref.get(), draft_key.with_value(|key| kept_draft(key))) else { return };
        if text.get_untracked().is_empty() {
            set_text(&form, &draft.text);
            text.set(draft.text);
            set_field(&form, "note", &draft.note);
            note_open.set(!draft.note.is_empty());
            set_field(&form, "audience", &draft.audience);
            set_field(&form, "named", &draft.named);
            pictures.set(draft.pictures.into_iter().map(|(picture, alt)| (picture, RwSignal::new(alt))).collect());
            kept.set(true);
        }
    });
    // The box says which suggestion is chosen, for those who hear the page, and the field for names that it was refused.
    Effect::new(move |_| {
        let (open, named, at) = (proposals.with(|all| !all.is_empty()), in_named.get(), chosen.get());
        let Some(form) = form_ref.get() else { return };
        let refused = named_refused();
        for (name, here) in [("markdown", !named), ("named", named)] {
            let Some(field) = control(&form, name) else { continue };
            if refused && name == "named" {
                _ = field.set_attribute("aria-invalid", "true");
                _ = field.unchecked_ref::<web_sys::HtmlElement>().focus();
            } else {
                _ = field.remove_attribute("aria-invalid");
            }
            _ = field.set_attribute("aria-autocomplete", "list");
            if open && here {
                _ = field.set_attribute("aria-controls", SUGGESTIONS);
                _ = field.set_attribute("aria-activedescendant", &format!("{SUGGESTIONS}-{at}"));
            } else {
                _ = field.remove_attribute("aria-controls");
                _ = field.remove_attribute("aria-activedescendant");
            }
        }
    });
    let done = Callback::new(move |answer: String| {
        // What was typed while it was on its way stays.
        let left = text.get_untracked().strip_prefix(&on_its_way.get_value()).map(str::to_owned).unwrap_or_else(|| text.get_untracked());
        if let Some(form) = form_ref.get_untracked() {
            form.reset();
            set_text(&form, &left);
            // Opened by hand, it is open whatever the signal says.
            if let Ok(Some(note)) = form.query_selector(".composer-note") {
                _ = note.remove_attribute("open");
            }
        }
        text.set(left);
        before.set(Vec::new());
        pictures.set(Vec::new());
        note_open.set(false);
        keep();
        if let Ok(id) = serde_json::from_slice::<PostId>(answer.as_bytes()) {
            sent.run(id);
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if uploading.get_untracked() > 0 {
            return;
        }
        if let Some(form) = form_ref.get_untracked()
            && let Some(data) = submitted(&event, &form)
        {
            // Files were uploaded when they were chosen; the form holds their ids.
            data.delete("files");
            on_its_way.set_value(text.get_untracked());
            sending.send(&form, data, done);
        }
    };
    let choose = move |proposal: Proposal| {
        let (Some(form), Some(started)) = (form_ref.get_untracked(), under_way.get_value()) else { return };
        let named = in_named.get_untracked();
        let typed = if named { field(&form, "named") } else { text.get_untracked() };
        let (now, caret) = completed(&typed, &started, &proposal.word());
        let caret = caret as u32;
        if named {
            if let Some(input) = control(&form, "named").and_then(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok()) {
                input.set_value(&now);
                _ = input.focus();
                _ = input.set_selection_range(caret, caret);
            }
        } else {
            set_text(&form, &now);
            if let Some(area) = text_area(&form) {
                _ = area.focus();
                _ = area.set_selection_range(caret, caret);
            }
            text.set(now);
        }
        proposals.set(Vec::new());
        keep();
    };
    let propose = move |named: bool, found: Option<Started>| {
        in_named.set(named);
        under_way.set_value(found.clone());
        let Some(found) = found else { return proposals.set(Vec::new()) };
        leptos::task::spawn_local(async move {
            let list: Vec<Proposal> = match found.mark {
                '@' => complete::<Byline>(CompletePeople::PATH, &found.start).await.into_iter().map(Proposal::Person).collect(),
                _ => complete::<String>(CompleteTags::PATH, &found.start).await.into_iter().map(Proposal::Tag).collect(),
            };
            // By the time the answer comes, something else may stand at the caret.
            if under_way.try_get_value().flatten().as_ref() == Some(&found) {
                chosen.set(0);
                proposals.set(list);
            }
        });
    };
    let input = move |event: web_sys::Event| {
        let Some(target) = event.target() else { return };
        // Whoever goes on has read what was wrong.
        for fault in [sending.fault, upload_fault] {
            if fault.with_untracked(Option::is_some) {
                fault.set(None);
            }
        }
        let caret = |at: Result<Option<u32>, _>| at.ok().flatten().unwrap_or_default() as usize;
        if let Some(area) = target.dyn_ref::<web_sys::HtmlTextAreaElement>() {
            text.set(area.value());
            propose(false, started(&area.value(), caret(area.selection_start())));
        } else if let Some(input) = target.dyn_ref::<web_sys::HtmlInputElement>()
            && input.name() == "named"
        {
            propose(true, name_started(&input.value(), caret(input.selection_start())));
        }
        keep();
    };
    let key = move |event: web_sys::KeyboardEvent| {
        // Keys are for the list only in the field that it belongs to.
        let field =
            event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()).and_then(|field| field.get_attribute("name"));
        let its_own = field.as_deref() == Some(if in_named.get_untracked() { "named" } else { "markdown" });
        let open = if its_own { proposals.with(Vec::len) } else { 0 };
        match event.key().as_str() {
            "Enter" if event.ctrl_key() || event.meta_key() => {
                event.prevent_default();
                if let Some(form) = form_ref.get_untracked() {
                    _ = form.request_submit();
                }
            }
            "ArrowDown" if open > 0 => {
                event.prevent_default();
                chosen.update(|at| *at = (*at + 1) % open);
            }
            "ArrowUp" if open > 0 => {
                event.prevent_default();
                chosen.update(|at| *at = (*at + open - 1) % open);
            }
            "Enter" | "Tab" if open > 0 => {
                event.prevent_default();
                if let Some(proposal) = proposals.with(|all| all.get(chosen.get_untracked()).cloned()) {
                    choose(proposal);
                }
            }
            "Escape" if open > 0 => proposals.set(Vec::new()),
            _ => {}
        }
    };
    let add_files = move |event: web_sys::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok()) else { return };
        let Some(files) = input.files() else { return };
        upload_fault.set(None);
        for at in 0..files.length() {
            let Some(file) = files.get(at) else { continue };
            if pictures.with_untracked(Vec::len) + uploading.get_untracked() as usize >= MOST_PICTURES {
                upload_fault.set(Some(Fault::Refused(PostRefusal::TooManyPictures).into()));
                break;
            }
            if file.size() > domain::pictures::MOST_UPLOAD_BYTES as f64 {
                upload_fault.set(Some(Fault::Refused(PictureRefusal::TooManyBytes).into()));
                continue;
            }
            let Ok(form) = web_sys::FormData::new() else { continue };
            _ = form.append_with_blob("file", &file);
            uploading.update(|count| *count += 1);
            leptos::task::spawn_local(async move {
                let answer = upload(form).await;
                uploading.try_update(|count| *count -= 1);
                match answer {
                    Ok(picture) => {
                        pictures.try_update(|all| all.push((picture, RwSignal::new(String::new()))));
                        keep();
                    }
                    Err(fault) => {
                        upload_fault.try_set(Some(fault));
                    }
                }
            });
        }
        input.set_value("");
    };

    let suggestions = move |named: bool| {
        move || {
            let list = proposals.get();
            (!list.is_empty() && in_named.get() == named).then(|| view! {
                    <ul class="suggest" role="listbox" id=SUGGESTIONS aria-label="Suggestions">
                        {list.into_iter().enumerate().map(|(at, proposal)| {
                            let put = proposal.clone();
                            view! {
                                <li role="option" id=format!("{SUGGESTIONS}-{at}") aria-selected=move || if chosen.get() == at { "true" } else { "false" }
                                    on:mousedown=move |event| { event.prevent_default(); choose(put.clone()); }>
                                    {match proposal {
                                        Proposal::Person(who) => view! {
                                            <Face who=who.clone() class="face small"/>
                                            <span dir="auto">{who.display_name.clone()}</span>" "<span class="handle">"@"{who.name.to_string()}</span>
                                        }.part(),
                                        Proposal::Tag(tag) => view! { <span dir="auto">"#"{tag}</span> }.part(),
                                    }}
                                </li>
                            }
                        }).collect_view()}
                    </ul>
                })
        }
    };

    let id = match writing {
        Writing::Post => "compose".to_owned(),
        Writing::Reply { .. } => "reply".to_owned(),
    };
    let (label, placeholder) = match writing {
        Writing::Post => (format!("Write to {}", here.name), "What would you tell them at the door?"),
        Writing::Reply { .. } => ("Write a reply".to_owned(), "What do you say to that?"),
    };
    let class = if writing == Writing::Post { "composer" } else { "composer reply-composer" };
    let community_only = format!("{} only", here.name);
    let file_words = format!("Pictures, up to {MOST_PICTURES}");
    view! {
        <form node_ref=form_ref class=class method="post" action=form.address() enctype="multipart/form-data" aria-busy=move || sending.busy.get().then_some("true")
            on:submit=submit on:input=input on:keydown=key on:change=move |_| keep()>
            {match writing {
                Writing::Post => ().part(),
                Writing::Reply { to } => view! { <input type="hidden" name="to" value=to.to_string()/> }.part(),
            }}
            <div class="field">
                <label class="visually-hidden" for=id.clone()>{label}</label>
                <TextArea name="markdown" id=id text=typed rows=3 placeholder=placeholder most=LONGEST_POST class="composer-text"/>
            </div>
            {suggestions(false)}
            {move || {
                let list = before.get();
                (!list.is_empty()).then(|| view! {
                    <ul class="composer-pictures">
                        {list.into_iter().map(|(id, alt)| {
                            let alt_id = format!("alt-of-{id}");
                            view! {
                                <li class="composer-picture">
                                    <img src=Picture::address(id, Size::Small) alt=""/>
                                    <input type="hidden" name="picture" value=id.to_string()/>
                                    <div class="field">
                                        <label for=alt_id.clone()>"What does it show?"</label>
                                        <input id=alt_id.clone() name="alt" type="text" dir="auto" maxlength=domain::pictures::LONGEST_ALT value=alt/>
                                    </div>
                                </li>
                            }
                        }).collect_view()}
                    </ul>
                })
            }}
            {move || {
                let list = pictures.get();
                (!list.is_empty()).then(|| view! {
                    <ul class="composer-pictures">
                        {list.into_iter().enumerate().map(|(at, (picture, alt))| {
                            let (alt_id, hint_id) = (format!("alt-{at}"), format!("alt-{at}-hint"));
                            let gone = picture.id;
                            view! {
                                <li class="composer-picture">
                                    <img src=Picture::address(picture.id, Size::Small) width=picture.width height=picture.height alt=""/>
                                    <input type="hidden" name="picture" value=picture.id.to_string()/>
                                    <div class="field">
                                        <label for=alt_id.clone()>"What does it show?"</label>
                                        <input id=alt_id name="alt" type="text" dir="auto" maxlength=domain::pictures::LONGEST_ALT aria-describedby=hint_id.clone()
                                            prop:value=alt on:input=move |event| alt.set(event_target_value(&event))/>
                                        <p class="field-hint" id=hint_id>"A line for those who can't see it."</p>
                                    </div>
                                    <button class="button plain" type="button"
                                        on:click=move |_| { pictures.update(|all| all.retain(|(picture, _)| picture.id != gone)); keep(); }>"Remove"</button>
                                </li>
                            }
                        }).collect_view()}
                    </ul>
                })
            }}
            {move || (uploading.get() > 0).then(|| view! { <p class="loading" role="status">"The picture is on its way …"</p> })}
            {(writing == Writing::Post).then(|| view! {
                <div class="field composer-named">
                    <label for="named">"Who?"</label>
                    <input id="named" name="named" type="text" placeholder="@kofi @mei" value=form.value("named", "") autocomplete="off"
                        autofocus=named_refused() aria-invalid=named_refused().then_some("true") aria-describedby="named-hint composer-fault"/>
                    {suggestions(true)}
                    <p class="field-hint" id="named-hint">"Only they and you will ever see it."</p>
                </div>
                <p class="audience-warning">"Anybody on the web will be able to read this."</p>
            })}
            <div id="composer-fault"><FaultNote fault=sending.fault/></div>
            <FaultNote fault=upload_fault/>
            // Without script, files go with the form, and there is room for their descriptions.
            <details class="more without-script">
                <summary>"Descriptions of the pictures"</summary>
                {(1..=MOST_PICTURES).map(|at| {
                    let id = format!("new-alt-{at}");
                    view! { <div class="field"><label for=id.clone()>{format!("What does picture {at} show?")}</label><input id=id.clone() name="new_alt" type="text" dir="auto"/></div> }
                }).collect_view()}
            </details>
            <div class="composer-foot">
                <label class="composer-tool">
                    <Icon name="picture"/><span>"Pictures"</span>
                    <input class="visually-hidden" type="file" name="files" accept="image/jpeg,image/png,image/gif,image/webp" multiple aria-label=file_words on:change=add_files/>
                </label>
                {(writing == Writing::Post).then(|| view! {
                    <details class="composer-note" open=move || note_open.get()>
                        <summary class="composer-tool"><Icon name="note"/><span>"Content note"</span></summary>
                        <div class="field">
                            <label for="note">"What is it about?"</label>
                            <p class="field-hint" id="note-hint">"The text is folded below this line until somebody opens it."</p>
                            <input id="note" name="note" type="text" dir="auto" maxlength="140" value=note.clone() aria-describedby="note-hint"/>
                        </div>
                    </details>
                })}
                <div class="composer-send">
                    {(writing == Writing::Post).then(|| view! {
                        <label class="audience">
                            <span class="visually-hidden">"Who can read this"</span>
                            <Icon name="porch"/>
                            <select name="audience">
                                <option value="community" selected=audience == Audience::Community>{community_only}</option>
                                <option value="public" selected=audience == Audience::Public>"Everyone, public"</option>
                                <option value="named" selected=audience == Audience::Named>"Named people …"</option>
                            </select>
                        </label>
                    })}
                    <button class="button" type="submit" aria-keyshortcuts="Control+Enter" title="Or Ctrl and Enter">"Send"</button>
                </div>
            </div>
            <p class="composer-draft quiet" role="status">{move || kept.get().then_some("Draft kept")}</p>
        </form>
    }
    .part()
}

/// Proposals that begin with `start`; none where they can't be had.
async fn complete<T: serde::de::DeserializeOwned>(address: &str, start: &str) -> Vec<T> {
    wire::get(address, &format!("start={}", encoded(start))).await.unwrap_or_default()
}

async fn upload(form: web_sys::FormData) -> Result<Picture, Trouble> {
    let answer = wire::send(UploadPicture::PATH, form, true).await?;
    serde_json::from_slice(answer.as_bytes()).map_err(|_| Trouble::told(""))
}

fn text_area(form: &web_sys::HtmlFormElement) -> Option<web_sys::HtmlTextAreaElement> {
    control(form, "markdown")?.dyn_into().ok()
}

fn control(form: &web_sys::HtmlFormElement, name: &str) -> Option<web_sys::Element> {
    form.query_selector(&format!("[name={name}]")).ok().flatten()
}

fn set_text(form: &web_sys::HtmlFormElement, text: &str) {
    if let Some(area) = text_area(form) {
        area.set_value(text);
    }
}

fn field(form: &web_sys::HtmlFormElement, name: &str) -> String {
    web_sys::FormData::new_with_form(form).ok().and_then(|data| data.get(name).as_string()).unwrap_or_default()
}

fn set_field(form: &web_sys::HtmlFormElement, name: &str, value: &str) {
    let Some(element) = control(form, name) else { return };
    if value.is_empty() {
        return;
    }
    match element.dyn_into::<web_sys::HtmlInputElement>() {
        Ok(input) => input.set_value(value),
        Err(other) => {
            if let Ok(select) = other.dyn_into::<web_sys::HtmlSelectElement>() {
                select.set_value(value);
            }
        }
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn kept_draft(key: &str) -> Option<Draft> {
    serde_json::from_slice(storage()?.get_item(key).ok()??.as_bytes()).ok()
}

fn keep_draft(key: &str, draft: &Draft) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(draft)) {
        // A full or forbidden storage keeps no draft; writing goes on.
        _ = storage.set_item(key, &text);
    }
}

fn forget_draft(key: &str) {
    if let Some(storage) = storage() {
        _ = storage.remove_item(key);
    }
}
