//! What the people of Lantern Street say to one another, in the order in which they said it.

use super::sketches::Motif;

/// A post and what was answered.
#[derive(Clone, Copy, Debug)]
pub struct Talk {
    /// Who began.
    pub by: &'static str,
    /// What they wrote.
    pub text: &'static str,
    /// Who answered what, in order.
    pub replies: &'static [(&'static str, &'static str)],
    /// A picture with its alt text.
    pub picture: Option<(Motif, &'static str)>,
    /// A content note; empty is none.
    pub note: &'static str,
    /// For everybody.
    pub public: bool,
    /// For these people only; empty is the community.
    pub named: &'static str,
    /// What it was edited to; empty is not at all.
    pub edited: &'static str,
}

const fn says(by: &'static str, text: &'static str) -> Talk {
    Talk { by, text, replies: &[], picture: None, note: "", public: false, named: "", edited: "" }
}

impl Talk {
    const fn answers(self, replies: &'static [(&'static str, &'static str)]) -> Self {
        Self { replies, ..self }
    }
    const fn shows(self, motif: Motif, alt: &'static str) -> Self {
        Self { picture: Some((motif, alt)), ..self }
    }
    const fn note(self, note: &'static str) -> Self {
        Self { note, ..self }
    }
    const fn public(self) -> Self {
        Self { public: true, ..self }
    }
    const fn only(self, named: &'static str) -> Self {
        Self { named, ..self }
    }
    const fn edited(self, edited: &'static str) -> Self {
        Self { edited, ..self }
    }
}

use Motif::{Boats, Cat, Cups, Hills, Houses, Lanterns, Leaves, Sea, Window};

/// The conversation of six weeks.
pub const TALKS: &[Talk] = &[
    says("ines", "Hello, Lantern Street. For two years this place has kept our Thursdays and our soup, and for everything else we have shouted up stairwells and lost it in three different chat groups. From today it is for all of it: no adverts, nobody counting, and it ends when you have read it.\n\nTell us which window is yours and what you like to draw. If you say you can't draw, tell us what you like to *look* at.").public().shows(Lanterns, "Five round paper lanterns strung between dark houses, one a little crooked").answers(&[
        ("marco", "Third floor, green shutters, the one with the telescope. Boats. Always boats."),
        ("teresa", "Number 9. Ground floor, so I see everyone's shoes. I don't draw, I crochet, and I have opinions."),
        ("amara", "Number 14, the window with the lamp that is on too late. Children, mostly, and what they do to chairs."),
        ("diogo", "I don't have a window on the street, I have forty on rails. Hello!"),
    ]),
    says("marco", "A test of the pictures: the old *Flor do Tejo*, as I remember her and not as she was.").shows(Boats, "Three small boats with white sails on a calm grey-blue river").answers(&[
        ("ines", "She had a red stripe, Marco. I was sick over it as a child."),
        ("marco", "You see, this is why I said *as I remember her*."),
    ]),
    says("ines", "The hall is ours every **Thursday at half past seven**, and for those who are far away there is the call. Bring anything that leaves a mark. #drawing"),
    says("teresa", "How do I make the letters larger? My grandson did it and left."),
    says("hugo", "Grandmother, press the key with the plus and Ctrl. I'm coming by at six anyway.").answers(&[("teresa", "Six is also when the bread comes. Bring bread.")]),
    says("tomek", "The pump by the tram stop works again. It was a coin. It was *my* coin from last year. I have kept it.").answers(&[
        ("carlos", "I swept around that pump for eleven months waiting for you."),
        ("noor", "Frame the coin."),
    ]),
    says("yuki", "Good evening from tomorrow. It is twenty to four in the morning here and I am awake to write in a place where people know which cat I mean when I say *the cat*.").answers(&[
        ("amara", "The cat sat on your old window sill the whole afternoon. I think he is keeping it for you."),
        ("sofija", "He is called Wednesday now. It was voted."),
        ("yuki", "Wednesday! On what grounds?"),
        ("sofija", "On the grounds that he comes on Tuesdays."),
    ]),
    says("leila", "Waiting room, from memory. Nobody looks at anybody and everybody is curious about the woman with the wrapped-up lamp.").shows(Cups, "A row of cups in muted colours standing like people who wait"),
    says("priya", "First drawing in nineteen years. It is a leaf. It was meant to be a different leaf. @amara told me to post it before I had time to be sensible. #firsts").shows(Leaves, "A scatter of green and ochre leaves in loose strokes, one larger than the rest").answers(&[
        ("amara", "Look at that stem. You can't teach that stem."),
        ("joana", "It is a perfectly good medlar leaf. You just hadn't met a medlar."),
        ("priya", "I have now looked up medlars and I agree with myself."),
        ("greta", "Draw the same one again in a month and put the two side by side."),
    ]),
    says("kofi", "Soup for Sunday: I am thinking white beans, kale, a lot of lemon. Anyone who can't eat something, tell me here or quietly. #soup").answers(&[
        ("nadia", "No shellfish for me, but you know that, you came with me in the ambulance."),
        ("ravi", "No meat, any soup, two bowls."),
        ("kofi", "Noted, and never again, and noted."),
    ]),
    says("sven", "The sea was nine degrees and I was in it for nine minutes. I don't recommend it. I will be there again tomorrow at seven by the ladder.").shows(Sea, "Long bands of green and grey sea under a pale yellow sky").answers(&[
        ("greta", "Eleven minutes. I was there before you."),
        ("sven", "I saw your towel and thought somebody had drowned politely."),
    ]),
    says("rosa", "To whoever left a bag of velvet at my door with the note *you'll know*: I know. There will be cushions in the hall."),
    says("diogo", "Sketched at the long red light at the bottom of the hill. Eleven seconds for the church, four for the lady with the leeks.").answers(&[
        ("fatima", "The lady with the leeks is me."),
        ("diogo", "Then I have your left elbow and most of a leek. You can have the original."),
    ]),
    says("hannah", "Who would sing? Not perform. Sing, in a kitchen, with bread. I have forty copies of four songs and a piano that is nearly in tune. #choir").answers(&[
        ("samuel", "Yes. Yes. When. Yes."),
        ("noor", "I'll bring a microphone and promise not to turn it on."),
        ("mei", "I only sing while folding dumplings. I can fold dumplings."),
        ("hannah", "@mei then it is a rehearsal with dumplings and I was wrong about the bread."),
    ]),
    says("minh", "03:10. A fox on the steps of the bank, entirely at home. I stood still, it stood still, then the bread van came and we both had somewhere to be.").answers(&[("aoife", "A FOX. On which steps exactly. Asking with a sketchbook."), ("minh", "Left side. It looked like it had an account there.")]),
    says("aoife", "Offcuts: two boxes of good paper, cream and grey, postcard size. They're on the shelf by the hall's kitchen. Take a stack. Take a *large* stack, I can't shut the door.").answers(&[
        ("wanjiru", "Took a large stack. Came back for a second, slightly ashamed, large stack."),
        ("aoife", "You are my favourite."),
    ]),
    says("amara", "This Thursday's prompt, in case your page is too white: **something you carry every day.** Keys count. Grudges are harder, but try.").edited("This Thursday's prompt, in case your page is too white: **something you carry every day.** Keys count. Grudges are harder, but try. (Online people: same prompt, hold it up to the camera at eight.)").answers(&[
        ("baptiste", "I will attempt the grudge."),
        ("rosa", "A thimble since 1974."),
        ("ravi", "A calculator. It is load-bearing."),
    ]),
    says("zeynep", "Swifts over the roofs again, or martins, I can never hold them long enough to tell. Thirty lines, no bird. I'm rather pleased.").answers(&[("peter", "Martins. Swifts have gone. But thirty lines and no bird is the correct drawing of both.")]),
    says("ines", "The drawing party had nineteen people and four chairs too few. Thank you to @tomek for the plank, to @rosa for the cushions on the plank, and to whoever drew the plank.").shows(Houses, "A row of narrow houses in terracotta and cream with small lit windows"),
    says("fatima", "A thing that several of you have asked me separately, so here it is for all: *a landlord may not come into your flat unannounced*, not for the boiler, not for the view. I have a one-page sheet in plain words. It is in the hall beside the paper offcuts.").answers(&[
        ("olga", "Thank you. I took three, one for each floor."),
        ("andrei", "And if the boiler really is broken, call me before you call anyone who wants an advance."),
    ]),
    says("eunji", "Seconds on the step tonight: six bowls that wobble. They are not sad about it and neither am I.").shows(Cups, "Six uneven bowls in blue and sand colours on a wooden board").answers(&[
        ("kofi", "Two are now soup bowls and hold soup with character."),
        ("tiago", "One holds the baby's spoons. All two of them."),
    ]),
    says("samuel", "The twins slept until seven. I drew for forty minutes. I don't know who to thank, so: thank you, everyone.").answers(&[("nadia", "You are welcome, I whispered to them.")]),
    says("carlos", "Six in the morning, the street is only mine and the pigeons'. If you leave your chairs out, leave them like this. It makes me laugh each time.").shows(Lanterns, "Two lanterns still lit above an empty street in the blue of early morning"),
    says("wanjiru", "Counted tile patterns from the corner to number 30 for the thesis: forty-one. One of them appears exactly once, behind the drainpipe of number 17. Who knows anything about it? #tiles").answers(&[
        ("teresa", "That was the dairy. The cow's name was Princesa. Come for coffee, I'll tell you."),
        ("wanjiru", "I have written twelve pages since that coffee."),
        ("baptiste", "I would like a map of where the cow went."),
    ]),
    says("noor", "What the number 28 sounds like going uphill in rain, drawn with my eyes shut. It's mostly a long diagonal and one regret."),
    says("mateus", "Tonight's boxes have octopuses on the lid. If yours has a *small* octopus, it was late."),
    says("olga", "Windows with the light on, number four in the series. Somebody in it is laughing but you can only tell from the curtain.").shows(Window, "A warm lit window in a dark blue wall, a curtain blown to one side").answers(&[
        ("leila", "I know that curtain and I know that laugh."),
        ("hannah", "It was the altos."),
        ("olga", "Then it is now called *The Altos*."),
    ]),
    says("marco", "To the new ones: nobody is good at this. Some of us are just further along in being bad. Come on Thursday."),
    says("baptiste", "A map of everyone's smells on the way to the tram: bread, starch, glue, bread again, pine soap, the canteen, the sea if the wind is right. Corrections welcome. #maps").answers(&[
        ("idris", "You left out bay rum at number 31."),
        ("joana", "And lilies. And me, apologising for lilies."),
        ("baptiste", "Second edition in preparation."),
    ]),
    says("hugo", "Tried drawing hands. They look like gloves full of smaller gloves.").answers(&[
        ("kofi", "Draw mine on Thursday. They don't move, they're holding a ladle."),
        ("amara", "Draw the gaps between the fingers instead of the fingers. Trust me once."),
        ("hugo", "ok the gaps thing is witchcraft"),
    ]),
    says("ravi", "Third column of the quarterly figures, decorated. The auditor asked whether the elephant was material."),
    says("lucia", "Buenos Aires, eleven at night, jacarandas. I drew with you by the call on Thursday with my feet in a basin of cold water. I miss the hill. I do not miss carrying shopping up it.").answers(&[
        ("rosa", "Your chair has your shawl on it. Nobody moves it."),
        ("lucia", "Now I'm crying into the basin."),
        ("diogo", "The hill sends regards and says it could take you any time."),
    ]),
    says("peter", "Honey: thirty-one jars. One a household first, then whoever needs a second. No money, but I like jars back and I love a drawing on the label."),
    says("joana", "That plant on the stairs of number 12 is not dead. It's resting. I've written it a note. Please don't throw it away again."),
    says("greta", "Stone of the week: gabbro, from the breakwater, came by ship from who knows where. Holds the warmth in a pocket for twenty minutes. I timed it.").answers(&[("hugo", "does every stone have a name"), ("greta", "This one is Ulrike.")]),
    says("idris", "Free beard trims for anyone who sits still for a portrait while I do it. Ten minutes of trim, ten of graphite, coffee included.").answers(&[
        ("tomek", "I have been waiting my whole beard for this."),
        ("sven", "Save me the Saturday."),
    ]),
    says("sofija", "Word for the week, from my mother's village: *inat*. Doing a thing well out of pure contrariness. I think this whole street was built on it."),
    says("tiago", "Three in the morning, left arm asleep, baby asleep on it, right hand drawing. This is him. He's mostly a blanket.").shows(Hills, "Soft rounded shapes in cream and rose, like hills or a blanket over somebody small").answers(&[
        ("nadia", "Look at him. I remember him when he was even more of a blanket."),
        ("minh", "I saw your light. I waved. You had no hand left to wave with."),
        ("tiago", "I blinked twice. That was the wave."),
    ]),
    says("ines", "A request from the stairs of number 20: the bell is broken, so knock, and knock *kindly*, she works nights."),
    says("elias", "Hello from Malmö. My uncle says I'm allowed if I bring biscuits, so here is a drawing of biscuits."),
    says("mei", "Bamboo, attempt forty. My teacher used to say that at a thousand you may throw away the first nine hundred. I'm keeping them all for the stove.").shows(Leaves, "Upright green strokes with narrow leaves, some drier than others").answers(&[("yuki", "Forty already has wind in it."), ("mei", "The wind is the window. But thank you.")]),
    says("kofi", "Soup night had forty-three bowls. It was all eaten. The pot was *apologised to*. Recipe, as promised:\n\n- white beans, soaked since yesterday\n- kale, more than you think\n- two lemons, all of them\n- the end of a hard cheese\n- time\n\n#soup").answers(&[
        ("teresa", "And a bay leaf. You left out the bay leaf."),
        ("kofi", "I left it out so that you would have something to say."),
        ("teresa", "Good."),
        ("ayla", "I made it from this list on my second evening here and it was like being told where to sit. Thank you."),
    ]),
    says("amara", "I got the book! Twelve double pages about a whale who is afraid of deep water. They want the first sketches in two months. I'm going to need every one of you to be a whale.").answers(&[
        ("ines", "AMARA."),
        ("marco", "I can do a whale. I was at sea with a bosun."),
        ("samuel", "The twins have been whales since breakfast. They'll take no payment."),
        ("leila", "So proud I told three customers and a courier."),
    ]),
    says("andrei", "Drew the roof of number 23 before I open it. You find the bad rafter by drawing it: your pencil doesn't want to go straight there."),
    says("carlos", "Lost: one chess partner, Wednesdays. He moved to Porto. I have the board, the bench and the thermos.").answers(&[
        ("hugo", "i can play. my grandmother taught me and she cheats so i'm good"),
        ("teresa", "I do not cheat. I *rearrange*."),
        ("carlos", "Wednesday then, boy. Bring a coat."),
    ]),
    says("leila", "A man waited forty minutes for his wife's prescription and told me about each of her hats. I drew the hats.").answers(&[("rosa", "Leave them with me. I'd like to make one of them real."), ("leila", "The green one with the *slope*. He was very exact about the slope.")]),
    says("zeynep", "Urgent and unimportant: does anyone have a *5B*? Not a 4B. I have turned the flat over.").answers(&[("aoife", "I have two. One has a bite mark, not mine."), ("zeynep", "I'll take the bitten one, we've both been through something.")]),
    says("priya", "Second leaf. I put it beside the first as @greta said. I can see what I see now that I didn't see then. That's a clumsy sentence but I'm leaving it in.").shows(Leaves, "Two leaves side by side, the right one drawn with finer veins").answers(&[
        ("greta", "It's not clumsy. It's exactly what happens."),
        ("ben", "I just joined and this post is why I bought a pencil."),
    ]),
    says("hannah", "Kitchen choir, first time: seventeen voices, two hundred dumplings, one neighbour who knocked on the wall and then came in. We have a bass now. #choir").answers(&[("idris", "I only came to ask what the second verse was."), ("samuel", "Nobody only comes to ask what the second verse was.")]),
    says("fatima", "We won. The stairwell at number 30 stays a stairwell and not a *luxury vestibule*. Nine families stay. I'd like to draw nine doors this week; tell me if yours may be one.").answers(&[
        ("olga", "Mine. With the lamp on."),
        ("carlos", "Mine, and please leave in the crack."),
        ("ines", "This is the best sentence ever posted here."),
        ("wanjiru", "Mine! With the tiles, obviously."),
    ]),
    says("minh", "Drew the night shift: eleven mugs, nobody's the same, everyone's cold.").shows(Cups, "Mugs of many colours on a steel counter"),
    says("diogo", "To the person who ran for my tram, waved me on, and then drew a heart on the wet window at the next stop because you'd caught up on foot: it's still faintly there.").public(),
    says("nadia", "A girl, number 18, at dawn. Everyone is well. They asked me to say that they'd love soup and no visitors until Sunday.").note("A birth, all well").answers(&[("kofi", "Soup at the door at noon each day. I won't ring."), ("teresa", "I have a blanket ready since March."), ("ines", "Welcome to the street, small one.")]),
    says("sven", "Elias asked what we do when it's cold and dark. I sent him the picture of last Thursday: twenty-two people, one heater, everybody's back to it."),
    says("ayla", "Hello. I moved in above the flowers. I write poems and practise letters, and I don't know anybody yet, except @joana who gave me a bucket of tulips for *having arrived*.").answers(&[
        ("ines", "Welcome, Ayla! Thursday, half past seven, the hall with the blue door. Sit beside Aoife, she has paper."),
        ("aoife", "I have SO much paper."),
        ("baptiste", "The good bread is at the second bakery, not the first. The first has the better name."),
        ("ayla", "This is the most useful thing anyone has told me in a month."),
    ]),
    says("aoife", "Binding evening, small one: bring twelve loose drawings and leave with a book. I'll have thread, needles, plasters.").answers(&[("leila", "Twelve waiting rooms, one book. Yes."), ("tiago", "May I bring twelve blankets?"), ("aoife", "You may bring twelve blankets.")]),
    says("rosa", "The hat is finished. The green one, with the slope. He came with his wife to collect it and she laughed so much that she had to sit down on my ironing.").answers(&[("leila", "I have nothing to say, I'm just going to stand in the stockroom for a minute."), ("amara", "Somebody make this a book. Somebody who isn't already making one.")]),
    says("mateus", "Lettering question for people who know: how do you make an **R** not look as if it is about to leave?").answers(&[("ayla", "Let its leg begin where the bowl ends, not where the stem is. And let it want to stay."), ("mateus", "I've redone the whole menu. Nothing is leaving.")]),
    says("noor", "I recorded the street for one hour, from four to five. Scales, a ball, scales, the shutter at the bakery, a laugh (Olga's curtain), scales, bees. I'd like us to draw to it on Thursday with the lights down.").answers(&[("hannah", "The scales are Mateus's sister. She's nine. She'll be delighted."), ("peter", "Minute forty-two is a queen. Trust me.")]),
    says("yuki", "The package came! Honey, a wobbling bowl, tulip bulbs, and a drawing of Wednesday asleep on my window sill. I've put the bowl where I can see it from bed. Thank you, all of you, I can't say it properly in this time zone.").shows(Cat, "A round grey cat asleep on a window sill in the sun").answers(&[
        ("amara", "He posed. He's never posed for anyone."),
        ("eunji", "That bowl was always going to travel. It leaned east."),
        ("sofija", "Wednesday asks when you are coming home. I translate."),
    ]),
    says("greta", "The swimming ladder has been mended. Whoever did it also sanded the third rung, which has had me by the heel since spring. Show yourself and be thanked.").answers(&[("tomek", "What ladder."), ("sven", "He smelled of sawdust on Tuesday."), ("greta", "There's cake at mine for people who know nothing about ladders.")]),
    says("ravi", "I was told by a four-year-old that my drawing of a cow is *a good table*. I've decided to go with it."),
    says("ines", "House matter. The heater in the hall gave up tonight, with a noise. Thursday happens anyway. Bring a jumper. If anybody has an oil radiator asleep in a cupboard, wake it.").answers(&[
        ("andrei", "I'll look at it tomorrow after work. Don't let anybody hit it."),
        ("tomek", "I hit it a bit."),
        ("andrei", "I know. I could tell by the description of the noise."),
        ("samuel", "Radiator: have one. Twins ride on it. They'll be told it went to sea."),
    ]),
    says("joana", "Lino print of the tulips that Ayla didn't know what to do with. Edition of ten. Ink still wet; so am I.").shows(Leaves, "Bold red and green shapes of tulips in a lino print"),
    says("wanjiru", "Chapter two is done. It's called *Princesa*. I put the dairy tile on the first page and @teresa in the thanks, before my supervisor."),
    says("peter", "Weather by bees: they stayed in today and hummed in a lower key. It'll rain by four.").answers(&[("diogo", "It rained at ten past four."), ("peter", "They allow themselves ten minutes.")]),
    says("olga", "I called my mother and held the phone at the window so that she could hear you all carrying chairs. She asked who these people are. I said: *mine*.").answers(&[("ines", "Yes."), ("leila", "Yes."), ("marco", "Yes. And tell her the chairs are heavy but the company is light.")]),
    says("marco", "Boat number two hundred. I counted. My wife counted too, before. She stopped at a hundred and forty and said I could do the rest by myself.").shows(Boats, "A single small boat far out on a wide evening river").note("About somebody who died").answers(&[
        ("teresa", "She'd have found the one with the wrong rigging."),
        ("marco", "Number sixty-one. She found it at once."),
        ("hannah", "Sing with us on Tuesday, Marco. You needn't sing."),
        ("marco", "I'll come and hold the bread."),
    ]),
    says("idris", "Six portraits so far. Nobody looks as they think they do. Everybody looks better."),
    says("hugo", "won against carlos. he says he let me. he did not let me").answers(&[("carlos", "I let him."), ("teresa", "I taught him. It's in the family.")]),
    says("baptiste", "Proposal: a sketch walk, from the hall down to the water by way of every staircase. Two hours, eleven stops, one custard tart at each end. I've drawn the map. #maps #walk").shows(Hills, "A loose map: a winding path over soft hills down to blue").answers(&[
        ("fatima", "I'll walk for a tart and run for two."),
        ("nadia", "Is there a way without the long stairs? For a pram and for a knee."),
        ("baptiste", "There is now: the tram to stop five, and we wait for you at the fountain. I've put it on the map as the *scenic route*."),
    ]),
    says("priya", "I taught somebody something! @ben didn't know that you can turn the paper instead of your wrist. I knew it for nine days. I was unbearable about it.").answers(&[("ben", "She was kind about it for a full minute first.")]),
    says("ben", "Hello, I'm Ben. I've been here since Tuesday. Tomek sold me a bicycle, told me about this, and drew me a map to the hall on the receipt. I own one pencil.").answers(&[
        ("ines", "Welcome, Ben! One pencil is how it starts. Ask Minh."),
        ("minh", "It started with one pencil. I now own a drawer I can't shut."),
        ("aoife", "PAPER, Ben. Shelf by the kitchen."),
    ]),
    says("samuel", "If anyone heard a noise like a whale from number 11: it was two whales. They're in character. It'll pass, or it won't."),
    says("amara", "Whale sketches one to six. The editor says he's *too calm to be afraid*. So: how do you look when you're afraid and don't want anyone to know? Send me faces. #whale").shows(Sea, "A large pale whale shape in deep green water, very small bubbles").answers(&[
        ("minh", "You tidy something."),
        ("ravi", "You read the safety card."),
        ("olga", "You say: *go on, I'll be right behind you.*"),
        ("amara", "@olga that's the book. That's the line. You've just written page nine."),
    ]),
    says("teresa", "In nineteen fifty-eight we strung lanterns from number 3 to number 40, every window one, and the lamplighter came to complain and stayed to dance. I'd like to see it once more before I'm old.").public().shows(Lanterns, "A long string of glowing lanterns between two rows of houses at night").answers(&[
        ("ines", "Who has string."),
        ("aoife", "I have PAPER."),
        ("tomek", "I have two hundred metres of string and a ladder I know nothing about."),
        ("mei", "I know how to fold a lantern that doesn't burn."),
        ("diogo", "I'll drive slowly."),
        ("ines", "Then it's decided. Date to follow. @teresa, you're in charge of the dancing."),
    ]),
    says("ines", "Only for the three of you: I'd like to give Teresa the first lantern to light. Don't tell Hugo, he can't keep a face.").only("marco amara rosa").answers(&[("rosa", "I'll make her a shawl with pockets. She'll want pockets."), ("amara", "I'll draw it while it happens. Somebody else must hold my tea.")]),
    says("marco", "Ayla hasn't come on Thursday yet. I'll knock and walk over with her this week; new doors are heavy.").only("ines amara").answers(&[("ines", "Yes please. She likes letters, so sit her where she can see Mateus.")]),
    says("eunji", "Kiln opened an hour ago. One of them came out the exact green of the tram at dusk. I didn't plan it; I'll pretend I did."),
    says("kofi", "Does anyone have a very big pot? Not a big pot. A *very* big pot. It's for the lanterns night, and for my peace.").answers(&[("sven", "Seventy litres. It was for crayfish. It's yours."), ("kofi", "Sven, I take back the thing about the herring.")]),
    says("andrei", "Heater: alive. It was a bird's nest, empty, very well built. I've drawn it and put the original on the shelf with a label.").answers(&[("zeynep", "I need to see this nest. I need to see it *tonight*."), ("ines", "Thank you, Andrei. Nineteen jumpers thank you.")]),
    says("sofija", "Translated the house rules into Serbian for my aunt, who'll never join but wanted to know *what sort of people*. Her verdict: strict about kindness, otherwise reasonable."),
    says("carlos", "Found on the pavement outside number 16: a child's drawing of a dog with seven legs. It's too good to sweep. It's in the hall's window until someone claims it.").answers(&[("samuel", "Ours. It's a *fast* dog."), ("carlos", "Of course. I should have seen.")]),
    says("lucia", "We drew *something you carry every day* here too, in the kitchen, with two women from my building who'd never heard of you. They're asking if there are other streets like ours. I said: there could be."),
    says("tomek", "Bicycle surgery, Saturday from ten, in front of the hall. Bring the patient and something to draw while you wait. I've spare chairs and no anaesthetic.").public().answers(&[("ben", "The patient is called Gerald. He whimpers on hills."), ("tomek", "They all whimper on this hill.")]),
    says("noor", "We drew in the dark to the recording. Somebody drew the laugh. I didn't know you could do that. If it's yours, the blue one with the dots, please tell me, I'd like to look at it for a year.").answers(&[("wanjiru", "Mine. It's yours now."), ("noor", "I've nothing clever to say. Thank you.")]),
    says("leila", "Small celebration: I've a whole book of waiting people. Twelve pages, sewn by @aoife, with a cover out of Rosa's velvet. I keep opening it to check that it's still there.").shows(Window, "A small book with a dark velvet cover standing in a lit window"),
    says("elias", "It snowed here and I drew it, which is to say I left the paper alone."),
    says("zeynep", "The nest, four views. It contains: moss, a bus ticket, somebody's ribbon, a single thread of very good wool.").shows(Leaves, "Tangled brown and green lines woven into a round nest").answers(&[("rosa", "That's my wool. I'm honoured."), ("diogo", "That's my ticket. Zone two, senior. It's not valid but I'll let it go.")]),
    says("mateus", "The pizza boxes now have a small R in the corner, staying. For Ayla."),
    says("greta", "Ulrike has gone missing from the hall's window sill. I don't accuse. I say only that she's warm to the touch and answers to her name.").answers(&[("hugo", "ok it was me, she's in my pocket, it was a cold tram"), ("greta", "Then that's where she should be. Bring her on Thursday, she likes to be asked.")]),
    says("nadia", "Pastel of the smallest foot on the street, with permission of its owner's mother. It's life-size. It's *that* small.").shows(Hills, "Soft rose and cream shapes, a very small foot in pastel"),
    says("ines", "Lantern folding, every evening this week from six, in the hall. No skill needed, Mei shows you, and there's tea. We have ninety-one windows and thirty-four lanterns. #lanterns").answers(&[
        ("mei", "Forty. I can't sleep, so I fold."),
        ("priya", "Fifty-two. We've become fast. It's a little frightening."),
        ("ravi", "I've made a table. We'll be done on Friday at twenty past eight."),
        ("ines", "Ninety-one! Friday, quarter past eight. Ravi, you were out by five minutes."),
    ]),
    says("hannah", "The choir will sing from the balcony of number 13 when the first lantern is lit. Two songs. The third if you won't go home. #choir #lanterns"),
    says("fatima", "I asked the town hall about closing the street for three hours. They asked what the event was. I wrote: *neighbours*. They approved it under *maintenance*."),
    says("peter", "Wax ends for lantern lights, free, smell of June."),
    says("ayla", "I walked over with Marco. I'd stood behind the blue door twice before and gone home. I only say it in case somebody else is standing there: it opens to the left, it sticks, and they look up and move a chair.").answers(&[
        ("marco", "You'd have done it the third time."),
        ("priya", "I stood there four times. Hello."),
        ("ben", "Twice. Hello."),
        ("tiago", "Once, with a pram, and then somebody held it open. Hello."),
        ("ayla", "Hello, everyone who stood there."),
    ]),
    says("minh", "Night off, so I saw the lanterns go up with everyone else instead of coming down with nobody. Ninety-one. I counted them the way you count people onto a boat.").shows(Lanterns, "Many small lanterns in a curve up the hill, the windows behind them lit"),
    says("ines", "I've no words, so only what happened: Teresa lit the first one. It went up the street, window by window, in eleven minutes. Diogo stopped the tram and rang the bell. Marco sang. That's all. That's everything. #lanterns").public().shows(Lanterns, "The whole street lit by lanterns from one end to the other, a tram standing still").answers(&[
        ("teresa", "I danced with the tram driver and with the lawyer. The lamplighter's grandson was there. He complained. He stayed."),
        ("amara", "I drew all of it and none of it is right and I don't mind."),
        ("yuki", "I watched by the call, at four in the morning, with the bowl in my hands. I could hear the bell."),
        ("lucia", "So could we. All three of us in the kitchen."),
        ("olga", "My mother asked again who these people are. I held the phone up for longer."),
        ("carlos", "I came at six to sweep. There was nothing to sweep. You'd done it. You'd even put the chairs the way I like."),
    ]),
    says("rosa", "The shawl had pockets. In the left one, when she gave it back for a stitch, was a note: *keep it warm until the next time*. So there's a next time."),
    says("samuel", "Marco sang. I repeat it because I was standing next to him and it was a tenor, the traitor, after he'd held the bread for three weeks.").answers(&[("marco", "I was only asking what the second verse was."), ("idris", "HA.")]),
    says("sven", "For the record: the seventy-litre pot came back clean, with a drawing of a crayfish in it, waving."),
    says("wanjiru", "My supervisor read *Princesa* and wrote in the margin: *who are these people?* I seem to be the third one this month to be asked."),
    says("joana", "Some of the lanterns are still up. Please leave them until they fall by themselves. It's good for a street to be a little untidy with joy."),
    says("baptiste", "Second edition of the smell map, with bay rum, lilies, June wax, and a dotted line where the soup was. Copies in the hall. #maps").edited("Second edition of the smell map, with bay rum, lilies, June wax, and a dotted line where the soup was. Copies in the hall, *and one behind the drainpipe of number 17 for those who know*. #maps"),
    says("mei", "Dumpling numbers for the choir, for next time, so that nobody has to guess: 14 a person. 20 for basses."),
    says("hugo", "my hands drawing got into the school show. it's the one of the ladle. thanks @kofi thanks @amara. grandmother has told the bakery, both bakeries").answers(&[("kofi", "My hands are famous. They'd like a holiday."), ("amara", "The GAPS, Hugo!"), ("teresa", "And the butcher.")]),
    says("aoife", "The fox. The FOX. Left side of the bank's steps, ten to four. I had a sketchbook. I used no page of it, I just stood there. Minh was right, it has an account.").answers(&[("minh", "It likes you. It stays longer than four seconds only for people it likes."), ("zeynep", "No lines and a fox. The opposite of my birds.")]),
    says("diogo", "Timetable note from your driver: from Monday the 28 leaves two minutes later in the morning. I asked for it. You know why. You, with the toast."),
    says("tiago", "He smiled. It may've been wind. I drew it before I could find out."),
    says("leila", "Does anybody else miss it already, the week of folding? I keep picking up receipts and making them into very small lanterns.").answers(&[("ravi", "I've eleven on my desk. The auditor has asked whether they're material."), ("priya", "Keep them. There's a next time, it's in Rosa's pocket.")]),
    says("eunji", "A workshop for those who'd like mud: Sunday at three, eight places, make the bowl you'd want soup out of. I fire them next week.").answers(&[("kofi", "One place for me. Professional interest."), ("sofija", "One for me, and Wednesday would like to supervise."), ("eunji", "Wednesday is banned since the glaze.")]),
    says("noor", "New recording, same hour. There's one more sound in it than six weeks ago: at a quarter to five somebody calls *good evening, Ben*, and somebody with a whimpering bicycle calls back.").answers(&[("ben", "Gerald is embarrassed. I'm not."), ("marco", "That was me. I'd like it kept.")]),
    says("olga", "Window number nine. It's mine, from outside, for the first time. I went down with the easel and stood where you stand. It looks like somebody lives there.").shows(Window, "A window with yellow light, a plant, and the back of a chair").answers(&[("ines", "Somebody does."), ("hannah", "I walked past you and didn't say anything because it was the sort of quiet you don't step on.")]),
    says("priya", "Third leaf tomorrow. I've told the tree.").answers(&[("greta", "Good. They like to know.")]),
    says("fatima", "Somebody slid a drawing of nine doors under mine. All nine. With the crack. I know every hand on this street by now and I don't know this one. *Thank you, whoever you are.*").note("Kindness, severe").answers(&[("wanjiru", "The tile behind the drainpipe is in it. Somebody looked properly."), ("carlos", "The crack is very good.")]),
    says("elias", "Booked a train. And then another train. I'd like to come on a Thursday and sit with my back to the heater like in the picture. Is there room on the plank?").answers(&[("sven", "There's room on the plank."), ("rosa", "There's a cushion on the room on the plank."), ("tomek", "I'll test the plank.")]),
    says("andrei", "Number 23 has its roof again. I drew it after, too. The pencil went straight."),
    says("ines", "For those who are new, and there are some this week: nothing here needs an answer, nobody sees whether you were here, and if you've read to the line, you've read it all. Go and look out of the window. #welcome").answers(&[("ben", "I did. There was a fox."), ("aoife", "THERE WAS A WHAT."), ("ines", "Go to bed, Aoife.")]),
    says("carlos", "First frost on the tram rails. They shone like drawn with a ruler, then the first one came down and rubbed it out.").answers(&[("diogo", "Sorry about that.")]),
    says("zeynep", "A line with a bird in it, finally. I waited by the nest shelf with the lights out. It's a *sparrow*, which has been sleeping in the hall on top of Greta's pebbles and nobody told me.").shows(Cat, "A round small grey-brown shape on a sill, half asleep").answers(&[("greta", "She's called Gisela and she's nobody's business but Ulrike's.")]),
    says("marco", "Thursday again tomorrow. Prompt, by popular vote of everybody who happened to be in the bakery (second one): **a thing that came back.**").answers(&[
        ("yuki", "I have booked a flight. It's a large answer to a small prompt. Don't tell Wednesday, I'd like to see his face."),
        ("amara", "YUKI."),
        ("sofija", "I've told him nothing. He's gone to sit on your sill anyway."),
    ]),
    says("kofi", "Sunday's soup is red lentil with the last of the preserved lemons. Please bring back the wobbling bowls, they know who they are. #soup").answers(&[("tiago", "Ours is in use as a drum, but we'll negotiate.")]),
    says("rosa", "I've a metre and a half of the green felt left. Who needs a hat with a slope?").answers(&[("ayla", "Is it very vain to say me?"), ("rosa", "It's very correct. Come at five, I'll measure your head and tell you the news.")]),
    says("peter", "They're in their cluster now, humming at twenty-five degrees in the middle whatever it is outside. Every few minutes the outer ones are let in and the inner ones go out. I always think of the heater in the hall.").answers(&[("sven", "I'm an outer one. Let me in at eight."), ("ines", "I'll stand up at eight, Sven. I've been warm since half past seven.")]),
];
