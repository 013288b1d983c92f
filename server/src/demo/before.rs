//! What was said on Lantern Street in the year before the story, a little of it: small talk between those who were there from the
//! beginning, so that a year of the pulse has something to tell. And who has not been about for a while.

/// A small conversation: what somebody said, and who said what to it, in turn.
pub struct Small {
    /// By whom, and what.
    pub first: (&'static str, &'static str),
    /// The answers.
    pub then: &'static [(&'static str, &'static str)],
}

/// Over how many days before the story it was said.
pub const DAYS: i64 = 380;

/// Who neither reacts nor answers of late, and for how many days.
pub const AWAY: [(&str, i64); 1] = [("nadia", 12)];

const fn small(first: (&'static str, &'static str), then: &'static [(&'static str, &'static str)]) -> Small {
    Small { first, then }
}

/// In the order in which it was said.
pub const SMALL: [Small; 42] = [
    small(
        ("tomek", "Whoever left a bicycle pump at the hall: it leaks. I have mended it."),
        &[("rosa", "Mine, and bless you."), ("tomek", "It only wanted a washer.")],
    ),
    small(
        ("diogo", "The 28 does not run on Sunday. They are washing the rails, I am told."),
        &[("leila", "All day?"), ("diogo", "Until four. Walk, it is good for the sketchbook.")],
    ),
    small(
        ("aoife", "A box of grey board offcuts is by my door. Please take some."),
        &[("amara", "How big?"), ("aoife", "Most are a hand wide. Some are two."), ("amara", "Then I take the twos.")],
    ),
    small(
        ("kofi", "What does one do with eleven pumpkins?"),
        &[
            ("teresa", "Jam, and you do not peel them first."),
            ("kofi", "You don’t?"),
            ("teresa", "You bake them whole. Everybody peels. Everybody is wrong."),
        ],
    ),
    small(
        ("marco", "The river was like oil this morning. I stood there far too long."),
        &[("sven", "I was in it. Eleven degrees."), ("marco", "You are a fish, Sven.")],
    ),
    small(
        ("hannah", "Does anybody have a music stand they don’t need?"),
        &[("carlos", "One, a bit rusty."), ("hannah", "Rust is fine. May I fetch it on Friday?"), ("carlos", "After six.")],
    ),
    small(("yuki", "It snows here. Is it raining there?"), &[("ines", "Sideways."), ("yuki", "I miss sideways.")]),
    small(
        ("olga", "The light on the corner is out again and I like the street better for it."),
        &[("leila", "I don’t, I walk home there at ten."), ("olga", "You are right. I shall write to them.")],
    ),
    small(
        ("rosa", "I have a metre of yellow wool felt. Who has an idea?"),
        &[("yuki", "Lanterns."), ("amara", "Lanterns!"), ("rosa", "Lanterns it is.")],
    ),
    small(
        ("greta", "Has anybody read the book about the lighthouse keepers?"),
        &[("aoife", "I bound it. I have not read it."), ("greta", "I can lend you the words.")],
    ),
    small(
        ("teresa", "Sixty years ago today the tram came up our street for the first time."),
        &[("diogo", "I did not know that. Which number?"), ("teresa", "It had no number. It was the tram.")],
    ),
    small(
        ("ines", "The hall’s heating is mended. Bring one pullover less."),
        &[("tomek", "What was it?"), ("ines", "A sock. Please nobody ask."), ("tomek", "I ask.")],
    ),
    small(
        ("leila", "Somebody’s reading glasses, red, on our counter since Tuesday."),
        &[("marco", "Not mine, mine are on my head."), ("leila", "For once.")],
    ),
    small(
        ("carlos", "First warm evening: I carry the table out at seven."),
        &[("kofi", "I bring olives."), ("hannah", "I bring nothing but myself."), ("carlos", "That is the main thing.")],
    ),
    small(
        ("amara", "How do you draw rain without drawing lines?"),
        &[("olga", "You draw what it hides."), ("amara", "That is annoyingly right.")],
    ),
    small(
        ("sven", "Sea swimming on Saturday at eight, for whoever dares."),
        &[("greta", "How cold?"), ("sven", "Thirteen, nearly soup."), ("greta", "I come and hold the towels.")],
    ),
    small(
        ("diogo", "I found a sketchbook on the tram with nothing but pigeons in it."),
        &[("tomek", "That is mine."), ("diogo", "They are good pigeons.")],
    ),
    small(
        ("rosa", "Who can carry a sewing machine down three floors?"),
        &[("tomek", "With whom?"), ("marco", "With me, slowly."), ("rosa", "There will be cake.")],
    ),
    small(
        ("aoife", "A fox at the recycling bins, twice this week."),
        &[("leila", "Draw it!"), ("aoife", "It does not hold still. I draw the bins.")],
    ),
    small(
        ("hannah", "The choir wants a second alto. Nobody has to be good."),
        &[("olga", "How not good?"), ("hannah", "Come and find out."), ("olga", "You have warned me of nothing.")],
    ),
    small(
        ("kofi", "The market has the small tomatoes again."),
        &[("teresa", "Too early, they taste of water."), ("kofi", "I bought two kilos."), ("teresa", "Then roast them.")],
    ),
    small(
        ("yuki", "I sent you all a card. It has a stamp with a crab."),
        &[("ines", "It is here! It hangs by the kettle."), ("yuki", "Good. It wanted to travel.")],
    ),
    small(("marco", "Does paint dry slower by the sea or do I?"), &[("amara", "Both."), ("marco", "I feared so.")]),
    small(
        ("ines", "Who has the ladder of the hall?"),
        &[("carlos", "I, since June. I am ashamed."), ("ines", "Keep it until the lamps are up.")],
    ),
    small(
        ("tomek", "Free chairs in front of number 20, they only want glue."),
        &[("greta", "Two for me, please."), ("tomek", "I hold them for you until tonight.")],
    ),
    small(
        ("olga", "I painted the bakery at five in the morning. They gave me bread."),
        &[("marco", "Is that how it is done?"), ("olga", "It is how everything is done.")],
    ),
    small(
        ("leila", "Does anybody speak Ukrainian? Somebody at the pharmacy needs a hand with forms."),
        &[("olga", "I do. When?"), ("leila", "Tomorrow at ten?"), ("olga", "I am there.")],
    ),
    small(("greta", "The swifts are back over the school."), &[("sven", "I counted forty."), ("greta", "They counted you, too.")]),
    small(
        ("teresa", "Somebody has cut the lemon tree without asking the lemon tree."),
        &[("rosa", "It was sick, Teresa."), ("teresa", "It was resting."), ("rosa", "I will bring you a cutting.")],
    ),
    small(
        ("carlos", "We have music on the steps tonight, if the neighbours at 17 agree."),
        &[("diogo", "17 agrees, 17 wants fado."), ("carlos", "Then 17 gets fado.")],
    ),
    small(
        ("amara", "I need a hand to draw. The hand of a cook, if possible."),
        &[("kofi", "Mine are free from three to four."), ("amara", "Don’t wash them.")],
    ),
    small(
        ("hannah", "Whose piano do I hear at nine in the evening? It is lovely."),
        &[("carlos", "My daughter’s. She stops at once when she hears that."), ("hannah", "Then I have said nothing.")],
    ),
    small(
        ("sven", "Rye bread, the third try. Edible."),
        &[("kofi", "Bring it on Sunday."), ("sven", "It has to be cut with a saw."), ("tomek", "I have saws.")],
    ),
    small(
        ("diogo", "Who draws the timetable for the stop? The official one has been a puddle since spring."),
        &[("olga", "I could."), ("diogo", "I know the times by heart. Let us sit down.")],
    ),
    small(
        ("rosa", "Costumes for the school play: I am three pairs of wings short."),
        &[("aoife", "Paper wings?"), ("rosa", "Paper wings!"), ("aoife", "Come by on Monday.")],
    ),
    small(
        ("yuki", "What does the street smell of today?"),
        &[("leila", "Rain on hot stone, and Kofi’s onions."), ("yuki", "Thank you. That will do until Thursday.")],
    ),
    small(
        ("ines", "The old photographs of the street are back from the library."),
        &[("teresa", "I am in the third one, with the goat."), ("ines", "That is you?"), ("teresa", "That is the goat. I am beside it.")],
    ),
    small(
        ("greta", "A jar of buttons was left at my door. Whoever you are: why?"),
        &[("rosa", "You said you collected them."), ("greta", "In 1987! But yes. Thank you.")],
    ),
    small(
        ("marco", "I am selling the small boat. It leaks and I am honest."),
        &[("sven", "How much does it leak?"), ("marco", "Like a tea strainer."), ("sven", "I come and look.")],
    ),
    small(
        ("kofi", "Somebody has returned my big spoon. After a year!"),
        &[("hannah", "It was at the bottom of the choir’s box."), ("kofi", "Of course it was.")],
    ),
    small(
        ("aoife", "The first cold morning. The glue is slow, and so am I."),
        &[("amara", "Come up, I have tea."), ("aoife", "In ten minutes.")],
    ),
    small(
        ("leila", "I drew the whole waiting room today. Nobody noticed, they were all waiting."),
        &[("marco", "Bring it on Thursday."), ("leila", "It is on four receipts."), ("marco", "The best paper there is.")],
    ),
];
