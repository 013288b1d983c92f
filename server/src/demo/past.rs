//! What the street's two oldest gatherings have behind them: two years of Thursdays and of soup, as they are remembered.
//!
//! Before the street talked here every day, some of it met here: so those people joined when the place was founded, and of each evening
//! there is who was there, for some a note of its host, and for the last ones a wall and what was said.

use super::{
    cast::CAST,
    dice::Dice,
    sketches::Motif::{self, Boats, Cat, Cups, Hills, Houses, Lanterns, Leaves, Sea, Window},
};
use domain::gatherings::{Session, clock::RoomForm, clock::RoomKind};

/// For how long the two have been going, in days.
pub const DAYS: i64 = 730;

/// What one gathering has behind it.
#[derive(Clone, Copy, Debug)]
pub struct Past {
    /// Which of the plans.
    pub plan: usize,
    /// Who comes, and to how many of a hundred evenings.
    pub people: &'static [(&'static str, usize)],
    /// Who came but a few times: how many evenings ago.
    pub few: &'static [(&'static str, &'static [usize])],
    /// Who used to come and has missed the last few: to how many of a hundred evenings before.
    pub missed: &'static [(&'static str, usize)],
    /// Who else was there now and then, without an account.
    pub others: &'static [&'static str],
    /// What its host wrote of an evening.
    pub notes: &'static [&'static str],
    /// What people said there.
    pub said: &'static [(&'static str, &'static str)],
    /// What hangs on the walls: by whom, what it is, and what it shows.
    pub walls: &'static [(&'static str, Motif, &'static str)],
    /// On how many of the last evenings something hangs and was said.
    pub remembered: usize,
}

/// How many evenings those who are missed have missed.
const MISSED: usize = 3;

/// The Thursday drawing party, and the soup night.
pub const PASTS: [Past; 2] = [
    Past {
        plan: 0,
        people: &[
            ("ines", 97),
            ("marco", 88),
            ("amara", 78),
            ("rosa", 66),
            ("leila", 62),
            ("yuki", 55),
            ("olga", 40),
            ("tomek", 34),
            ("diogo", 28),
            ("aoife", 24),
        ],
        few: &[("greta", &[2]), ("carlos", &[5, 31]), ("hannah", &[1, 6]), ("kofi", &[4])],
        missed: &[("sven", 74)],
        others: &["Dona Graça", "Rosa’s sister", "Two people from the tram"],
        notes: &[
            "The heater gave up at eight, so we drew in coats. Marco’s boats got warmer colours for it.\n\nRemember: the second key is with Rosa now.",
            "Prompt of the evening was **the thing you would save**. Three people drew the same bread knife without knowing of each other.",
            "Yuki drew with us from her breakfast. We put the call on the windowsill so that she had the street behind us.",
            "A quiet one, six of us. The kind of evening that nobody photographs and everybody mentions.",
            "Olga brought charcoal. The hall needs a mop, and was worth it.",
            "We drew each other for the first time. Nobody left, and Sven laughed until he had to sit down.",
            "First evening with the windows open. You could hear the number 28 in every drawing.",
            "Twelve people, eleven chairs. @tomek says the plank is a chair.",
        ],
        said: &[
            ("leila", "Who turned the lamp? I had a shadow I liked."),
            ("marco", "Me. You can have it back for a biscuit."),
            ("amara", "Round three and I have only drawn the kettle’s handle. It is a very good handle."),
            ("yuki", "The call froze and you were all a painting for a minute. I drew that."),
            ("rosa", "If anybody finds a thimble: it was in the blue cup."),
            ("ines", "It was in the blue cup."),
            ("olga", "Ten minutes is exactly too short. I like it."),
            ("tomek", "I drew the pump. I always draw the pump."),
        ],
        walls: &[
            ("marco", Boats, "Two boats at anchor, one with its sail half down"),
            ("amara", Window, "A kitchen window at night with a row of jars"),
            ("leila", Cups, "Four cups, none of them matching"),
            ("rosa", Leaves, "Leaves laid out like a pattern for a sleeve"),
            ("olga", Window, "A lit window with a curtain blowing out of it"),
            ("ines", Houses, "The street from the hall’s step, leaning a little"),
            ("yuki", Lanterns, "Paper lanterns, drawn from a screen"),
            ("marco", Sea, "Open water with one line of light"),
            ("amara", Cat, "The bakery’s cat, asleep on the flour sacks"),
            ("tomek", Hills, "The hill behind the depot, with the pump in front"),
        ],
        remembered: 6,
    },
    Past {
        plan: 1,
        people: &[
            ("kofi", 100),
            ("teresa", 90),
            ("ines", 74),
            ("carlos", 68),
            ("rosa", 60),
            ("marco", 58),
            ("tomek", 44),
            ("hannah", 40),
            ("diogo", 26),
            ("leila", 22),
        ],
        few: &[("amara", &[0, 7]), ("aoife", &[3])],
        missed: &[("sven", 60)],
        others: &["Dona Graça", "Teresa’s cousin from Évora", "The new baker", "Carlos’s brother"],
        notes: &[
            "**Caldo verde**, and a second pot because the first was a rumour by seven. Teresa’s spoon went missing and came back cleaner.",
            "Lentils with lemon. The table was one person too short, so we added the door.",
            "Nobody could agree on the pepper. We voted with bread.",
            "Pumpkin. Carlos carried it up the hill himself, and got to name it.",
            "It rained through the roof into the right pot. Seventeen bowls, and every one came back.",
        ],
        said: &[
            ("teresa", "Less salt next time, and more of the young man’s bread."),
            ("kofi", "The salt was yours, Dona Teresa."),
            ("carlos", "I have the big pot. It is drying on the balcony, please nobody worry."),
            ("hannah", "My bowl is the green one with the chip. It is a good chip, I want it back."),
        ],
        walls: &[
            ("kofi", Cups, "Bowls in a row along the counter"),
            ("teresa", Houses, "The canteen with all its windows steamed up"),
            ("rosa", Leaves, "Bay leaves on a cutting board"),
        ],
        remembered: 3,
    },
];

/// What is set up for the drawing party's room.
pub fn drawing_room() -> RoomForm {
    RoomForm {
        kind: RoomKind::Rounds,
        opening: "Four rounds of ten minutes, then we lay everything on the long table and look. Any pen will do.".into(),
        minutes: "10".into(),
        rest: "2".into(),
        prompts: "What is in your pocket\nThe person beside you, without looking down\nA window\nAnything, with the other hand".into(),
        ..RoomForm::default()
    }
}

/// Who keeps the soup together with whoever planned it.
pub const COOKS: &str = "@carlos @teresa";
/// What is to be brought to each soup.
pub const THINGS: [&str; 4] = ["4 loaves of bread", "2 salads", "lemons", "something sweet"];
/// Who brings what to the next one.
pub const BROUGHT: [(&str, &str, u32); 3] = [("carlos", "loaves of bread", 2), ("rosa", "salads", 1), ("teresa", "something sweet", 1)];

/// Who of the cast joined when the place was founded: those who have a past here.
pub fn is_early(name: &str) -> bool {
    let of =
        |past: &Past| past.people.iter().chain(past.missed).any(|(who, _)| *who == name) || past.few.iter().any(|(who, _)| *who == name);
    PASTS.iter().any(of)
}

/// One evening that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evening {
    /// Who was there, by their places in the cast.
    pub came: Vec<usize>,
    /// Who else.
    pub others: Vec<&'static str>,
    /// What its host wrote of it.
    pub note: Option<&'static str>,
    /// What was said: by whom, and what.
    pub said: Vec<(usize, &'static str)>,
    /// What hangs on the wall: by whom, what it is, and what it shows.
    pub wall: Vec<(usize, Motif, &'static str)>,
}

fn place(name: &str) -> Option<usize> {
    CAST.iter().position(|character| character.name == name)
}

impl Past {
    /// The evenings of its sessions, which are given from the first to the last.
    pub fn evenings(&self, sessions: &[Session]) -> Vec<Evening> {
        let mut dice = Dice::new(1900 + self.plan as u64);
        let (mut said, mut walls, mut notes) = (self.said.iter().cycle(), self.walls.iter().cycle(), self.notes.iter().cycle());
        let mut evening = |at: usize| {
            let ago = sessions.len() - 1 - at;
            let mut names: Vec<&str> = Vec::new();
            names.extend(self.people.iter().filter(|(_, often)| dice.below(100) < *often).map(|(name, _)| *name));
            names.extend(self.missed.iter().filter(|(_, often)| dice.below(100) < *often && ago >= MISSED).map(|(name, _)| *name));
            names.extend(self.few.iter().filter(|(_, evenings)| evenings.contains(&ago)).map(|(name, _)| *name));
            let is_there = |name: &str| names.contains(&name);
            let remembered = ago < self.remembered;
            // Only who was there says something or hangs something up.
            let mut lines: Vec<_> = said.by_ref().take(if remembered { 3 } else { 0 }).copied().collect();
            let mut wall: Vec<_> = walls.by_ref().take(if remembered { 4 } else { 0 }).copied().collect();
            lines.retain(|(name, _)| is_there(name));
            wall.retain(|(name, ..)| is_there(name));
            let note = (ago % 4 == 1 || ago == 0).then(|| notes.next().copied()).flatten();
            Evening {
                others: if dice.below(4) == 0 { vec![*dice.pick(self.others)] } else { Vec::new() },
                note,
                said: lines.into_iter().filter_map(|(name, text)| Some((place(name)?, text))).collect(),
                wall: wall.into_iter().filter_map(|(name, motif, alt)| Some((place(name)?, motif, alt))).collect(),
                came: names.iter().filter_map(|name| place(name)).collect(),
            }
        };
        (0..sessions.len()).map(&mut evening).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_with_a_past_is_in_the_cast() {
        for past in PASTS {
            let names = past.people.iter().chain(past.missed).map(|(name, _)| *name).chain(past.few.iter().map(|(name, _)| *name));
            let names = names.chain(past.said.iter().map(|(name, _)| *name)).chain(past.walls.iter().map(|(name, ..)| *name));
            for name in names {
                assert!(place(name).is_some() && is_early(name), "{name}");
            }
        }
    }
}
