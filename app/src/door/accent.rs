//! The choice of the accent, and how the place looks in it by day and by evening.

use super::{
    Query,
    fields::{Field, FieldNote},
};
use crate::{
    community::chosen_accent,
    forms::{FormState, any_is_kept},
};
use domain::community::palette::{self, Colour, ColourRefusal, DARK, LIGHT, Palette, Scheme, Shades};
use leptos::prelude::*;

/// Colours that read well, with names.
const SWATCHES: [(&str, &str); 6] = [
    ("#1d5b4c", "Door green"),
    ("#7a2e3a", "Wine"),
    ("#2c4a7c", "Ink blue"),
    ("#7a4a12", "Brass"),
    ("#5b3a73", "Plum"),
    ("#3d4a2a", "Olive"),
];

/// The choice as it stands on the page.
pub struct Choice {
    /// What the field `accent` says: a colour of ours, or `own`.
    accent: String,
    /// What the field `own` says: a colour of one's own.
    own: String,
    /// Why the form was refused, if that was about the colour.
    error: Option<String>,
    /// The colour is only looked at: nothing is saved.
    pub previewed: bool,
    /// The colour, if it can be read.
    pub colour: Result<Colour, ColourRefusal>,
}

impl Choice {
    /// As it was refused, else as it is looked at, else as it is.
    pub fn of(form: FormState, query: &Query, now: Colour) -> Self {
        let previewed = !query.get("accent").is_empty();
        let (accent, own) = if previewed { (query.get("accent").to_owned(), query.get("own").to_owned()) } else { fields_for(now) };
        let (accent, own) = (form.value("accent", &accent), form.value("own", &own));
        let colour = palette::choose(chosen_accent(&accent, &own));
        Self { accent, own, error: form.error("accent"), previewed, colour }
    }

    /// While looking, the colour is told before it is refused. A form that was refused has the page's attention first.
    fn too_faint(&self) -> Option<String> {
        self.colour.as_ref().err().filter(|_| self.previewed && !any_is_kept()).map(ToString::to_string)
    }

    /// Above the form, why a colour that is looked at can't be had.
    pub fn note(&self) -> Option<impl IntoView + use<>> {
        self.too_faint().map(|sentence| view! { <FieldNote sentence/> })
    }
}

/// The fields `accent` and `own`.
#[component]
pub fn AccentFields(
    /// What they say.
    choice: Choice,
) -> impl IntoView {
    let error = choice.too_faint().or(choice.error);
    let (accent, own) = (choice.accent, choice.own);
    let is_ours = SWATCHES.iter().any(|(colour, _)| *colour == accent);
    let ours = SWATCHES
        .into_iter()
        .map(|(colour, name)| {
            let checked = colour == accent;
            view! {
                <label class="swatch">
                    <input type="radio" name="accent" value=colour checked=checked/>
                    <Swatch colour=colour.to_owned()/>
                    <span>{name}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="swatches">
            <legend>"Its colour"</legend>
            {ours}
            <label class="swatch">
                <input type="radio" name="accent" value="own" checked=!is_ours/>
                <Swatch colour=own.clone()/>
                <span>"A colour of our own"</span>
            </label>
        </fieldset>
        <Field id="own" label="Our own colour" hint="It counts when the last choice above is taken." error>
            <input id="own" name="own" type="color" value=own/>
        </Field>
    }
}

#[component]
fn Swatch(colour: String) -> impl IntoView {
    view! { <svg viewBox="0 0 44 44" width="44" height="44" aria-hidden="true"><path d="M0 0h44v44H0z" fill=colour/></svg> }
}

/// What the two fields are to say for a colour.
fn fields_for(colour: Colour) -> (String, String) {
    let colour = colour.to_string();
    if SWATCHES.iter().any(|(ours, _)| *ours == colour) { (colour.clone(), colour) } else { ("own".to_owned(), colour) }
}

/// The palettes that a colour makes.
#[component]
pub fn Palettes(
    /// The colour.
    accent: Colour,
    /// The community's name, for the picture.
    name: String,
) -> impl IntoView {
    let palette = Palette::of(accent);
    view! {
        <div class="palettes">
            <PalettePicture name=name.clone() when="By day" scheme=LIGHT shades=palette.light/>
            <PalettePicture name when="By evening" scheme=DARK shades=palette.dark/>
        </div>
    }
}

#[component]
fn PalettePicture(name: String, when: &'static str, scheme: Scheme, shades: Shades) -> impl IntoView {
    // Longer names would leave the picture.
    let name: String = if name.chars().count() > 24 { name.chars().take(23).chain(['…']).collect() } else { name };
    let (paper, ink) = (scheme.paper.to_string(), scheme.ink.to_string());
    let (accent, on_accent, soft) = (shades.accent.to_string(), shades.on_accent.to_string(), shades.soft.to_string());
    view! {
        <figure class="palette">
            <svg viewBox="0 0 320 190" width="320" height="190" role="img" aria-label=format!("{when}: a page with a link and a button")>
                <rect width="320" height="190" fill=paper/>
                <text x="24" y="46" font-size="22" font-style="italic" fill=ink.clone()>{name}</text>
                <text x="24" y="80" font-size="15" fill=ink.clone()>"The kettle is on. Come"</text>
                <text x="24" y="102" font-size="15" fill=accent.clone() text-decoration="underline">"on Thursday"</text>
                <rect x="24" y="126" width="76" height="38" rx="6" fill=accent/>
                <text x="62" y="150" font-size="15" text-anchor="middle" fill=on_accent>"Send"</text>
                <rect x="112" y="126" width="116" height="38" rx="6" fill=soft/>
                <text x="170" y="150" font-size="15" text-anchor="middle" fill=ink>"You said yes"</text>
            </svg>
            <figcaption>{when}</figcaption>
        </figure>
    }
}
