//! Small charts, drawn by the server as SVG: bars, and a line before a band. Each has its figures in a table behind it.
//!
//! A chart is a picture with a name and a description for those who don't see it; its colours come from the style sheet, and nothing in it
//! tells by colour alone. It is drawn for the width of a phone, where its text is as large as small text is, and grows a little on wider
//! screens. Lengths are in the picture's own units, of which [`WIDTH`] are its width.

use leptos::prelude::*;
use std::fmt::Write;

/// The width of every chart.
const WIDTH: u32 = 320;
/// How high the tallest bar is, and the area of a band.
const TALL: u32 = 96;
/// What stands above it: a line of text.
const ABOVE: u32 = 20;
/// Where the text below it stands.
const BELOW: u32 = ABOVE + TALL + 17;
/// The height of the whole.
const HEIGHT: u32 = BELOW + 6;

/// What a chart is called, and says to those who don't see it.
#[derive(Clone)]
pub(super) struct Named {
    /// Its id on the page.
    pub id: &'static str,
    /// What it shows: `Conversations, month by month`.
    pub title: String,
    /// What one sees in it, in a sentence or two.
    pub says: String,
}

/// A bar.
#[derive(Clone)]
pub(super) struct Bar {
    /// What stands below it; three letters or so.
    pub label: String,
    /// Its number; `None` is not told.
    pub number: Option<u32>,
    /// It is not whole yet.
    pub unfinished: bool,
}

/// An hour, or another step, of a band: what is usual, and what was.
#[derive(Clone)]
pub(super) struct Step {
    /// What stands below it; most say nothing.
    pub label: String,
    /// The low and the high end of the usual.
    pub usual: (u32, u32),
    /// What was; `None` of what is still to come.
    pub was: Option<u32>,
}

/// A chart of bars, up to thirteen. A number that is not told has none, and a dash in its place.
#[component]
pub(super) fn Bars(
    /// What it is called.
    named: Named,
    /// The bars.
    bars: Vec<Bar>,
) -> impl IntoView {
    let most = bars.iter().filter_map(|bar| bar.number).max().unwrap_or(0).max(1);
    // A few bars stand together at the beginning, and are no wider for being few.
    let apart = WIDTH / (bars.len() as u32).max(8);
    let wide = apart * 3 / 5;
    let bar = |(place, bar): (usize, Bar)| {
        let left = apart * place as u32 + (apart - wide) / 2;
        let middle = apart * place as u32 + apart / 2;
        let high = bar.number.map_or(0, |number| TALL * number / most).max(u32::from(bar.number.is_some_and(|number| number > 0)));
        let top = ABOVE + TALL - high;
        let says = bar.number.map_or_else(|| "–".to_owned(), |number| number.to_string());
        let class = if bar.unfinished { "chart-bar unfinished" } else { "chart-bar" };
        view! {
            <g>
                <rect class=class x=left y=top width=wide height=high></rect>
                <text class="chart-number" x=middle y=top - 5>{says}</text>
                <text x=middle y=BELOW>{bar.label}</text>
            </g>
        }
    };
    let bars = bars.into_iter().enumerate().map(bar).collect_view();
    view! { <Drawn named>{bars}</Drawn> }
}

/// A chart of a line before the band of what is usual.
#[component]
pub(super) fn Band(
    /// What it is called.
    named: Named,
    /// Its steps, from the left.
    steps: Vec<Step>,
) -> impl IntoView {
    let most = steps.iter().map(|step| step.usual.1.max(step.was.unwrap_or(0))).max().unwrap_or(0).max(1);
    let count = (steps.len() as u32).max(1);
    let left = |place: usize| WIDTH * place as u32 / count;
    let level = |number: u32| ABOVE + TALL - TALL * number / most;
    // The band goes along its high end and back along its low end, in steps as wide as what they stand for.
    let mut band = String::new();
    let mut line = String::new();
    for (place, step) in steps.iter().enumerate() {
        let _ = write!(band, "{} {} {} {} ", left(place), level(step.usual.1), left(place + 1), level(step.usual.1));
        if let Some(was) = step.was {
            let _ = write!(line, "{} {} {} {} ", left(place), level(was), left(place + 1), level(was));
        }
    }
    for (place, step) in steps.iter().enumerate().rev() {
        let _ = write!(band, "{} {} {} {} ", left(place + 1), level(step.usual.0), left(place), level(step.usual.0));
    }
    let labels = steps.iter().enumerate().filter(|(_, step)| !step.label.is_empty());
    let labels =
        labels.map(|(place, step)| view! { <text class="chart-start" x=left(place) y=BELOW>{step.label.clone()}</text> }).collect_view();
    view! {
        <Drawn named>
            <polygon class="chart-band" points=band></polygon>
            <polyline class="chart-line" points=line></polyline>
            <text class="chart-start" x="0" y=ABOVE - 6>{most.to_string()}</text>
            {labels}
        </Drawn>
    }
}

/// The picture around a chart.
#[component]
fn Drawn(named: Named, children: Children) -> impl IntoView {
    let (title, says) = (format!("{}-title", named.id), format!("{}-says", named.id));
    let (labelled_by, described_by) = (title.clone(), says.clone());
    view! {
        <svg class="chart" role="img" aria-labelledby=labelled_by aria-describedby=described_by viewBox=format!("0 0 {WIDTH} {HEIGHT}")>
            <title id=title>{named.title}</title>
            <desc id=says>{named.says}</desc>
            <line class="chart-ground" x1="0" y1=ABOVE + TALL x2=WIDTH y2=ABOVE + TALL></line>
            {children()}
        </svg>
    }
}

/// The figures of a chart, for those who would rather read: the first column says of what each row is.
#[component]
pub(super) fn Behind(
    /// What it is of.
    caption: String,
    /// What stands above each column.
    columns: Vec<&'static str>,
    /// The rows.
    rows: Vec<Vec<String>>,
) -> impl IntoView {
    let head = columns.into_iter().map(|column| view! { <th scope="col">{column}</th> }).collect_view();
    let label = caption.clone();
    let row = |row: Vec<String>| {
        let mut cells = row.into_iter();
        let first = cells.next();
        view! { <tr><th scope="row">{first}</th>{cells.map(|cell| view! { <td>{cell}</td> }).collect_view()}</tr> }
    };
    view! {
        <details class="more">
            <summary>"The figures as a table"</summary>
            <div class="figures" tabindex="0" role="region" aria-label=label>
                <table>
                    <caption class="visually-hidden">{caption}</caption>
                    <thead><tr>{head}</tr></thead>
                    <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
}
