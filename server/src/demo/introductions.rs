//! Whom the hosts of Lantern Street introduced to whom, and where a few of its people say they live.

/// An introduction, and what was said to it.
pub struct Made {
    /// The host's name.
    pub by: &'static str,
    /// The two, each with who they are for the other.
    pub two: [(&'static str, &'static str); 2],
    /// Why.
    pub why: &'static str,
    /// On the timeline, for all.
    pub on_timeline: bool,
    /// How many days ago.
    pub days_ago: i64,
    /// What was answered: by whom, what, and how many hours later.
    pub said: &'static [(&'static str, &'static str, i64)],
}

pub const MADE: [Made; 4] = [
    Made {
        by: "marco",
        two: [
            ("olga", "She paints windows with the light on, and knows how dark a blue can be."),
            ("wanjiru", "She is writing a thesis about tiles and would rather draw them."),
        ],
        why: "You look at the same walls, one of you by day and one by night.",
        on_timeline: false,
        days_ago: 34,
        said: &[
            ("wanjiru", "Which windows are yours? I think I have drawn two of them without knowing.", 3),
            ("olga", "Number 17, both floors. Come up and look out of them instead.", 5),
            ("wanjiru", "Saturday, with coffee?", 6),
        ],
    },
    Made {
        by: "ines",
        two: [
            ("nadia", "A midwife who grows more mint than any of us can drink."),
            ("peter", "He keeps the bees on the school roof, and they will want your mint."),
        ],
        why: "",
        on_timeline: false,
        days_ago: 16,
        said: &[
            ("peter", "Mint honey. I have been looking for a neighbour with mint for two years.", 20),
            ("nadia", "It is on the back stairs, and it is winning. Take a bucket.", 26),
        ],
    },
    Made {
        by: "marco",
        two: [
            ("hugo", "Seventeen, and draws people faster than they can turn away."),
            ("idris", "Our barber, who practises fades in graphite and looks at faces all day."),
        ],
        why: "I would pay to see the two of you draw the queue at the shop.",
        on_timeline: false,
        days_ago: 9,
        said: &[("hugo", "I get my hair cut on Friday. Can I bring the sketchbook?", 2)],
    },
    Made {
        by: "ines",
        two: [
            ("ayla", "She moved in above the flower stall, and writes her poems by hand."),
            ("sofija", "She translates between five languages and one cat, and cuts what she likes best into lino."),
        ],
        why: "A poem in five languages, printed once each. I only say what I see.",
        on_timeline: true,
        days_ago: 3,
        said: &[],
    },
];

/// Where some say they live.
pub const TOWNS: [(&str, &str); 7] = [
    ("elias", "Malmö"),
    ("lucia", "Buenos Aires"),
    ("baptiste", "Penha de França"),
    ("minh", "Penha de França"),
    ("greta", "Graça"),
    ("samuel", "Graça"),
    ("noor", "Graça"),
];
