//! The forty people of Lantern Street who are in its story. All of them are invented.

use super::sketches::Looks;

/// Somebody invented.
#[derive(Clone, Copy, Debug)]
pub struct Character {
    /// Their name in addresses.
    pub name: &'static str,
    /// What they are called.
    pub called: &'static str,
    /// Their pronouns.
    pub pronouns: &'static str,
    /// A line about them.
    pub line: &'static str,
    /// Their interests, comma-separated.
    pub interests: &'static str,
    /// Where they are, if not where the community is.
    pub zone: &'static str,
    /// Who invited them.
    pub by: &'static str,
}

/// Where the community is.
pub const HOME: &str = "Europe/Lisbon";

const fn person(
    name: &'static str,
    called: &'static str,
    pronouns: &'static str,
    line: &'static str,
    interests: &'static str,
    by: &'static str,
) -> Character {
    Character { name, called, pronouns, line, interests, zone: HOME, by }
}

const fn away(zone: &'static str, person: Character) -> Character {
    Character { zone, ..person }
}

/// In the order in which they came; the first founded the place.
pub const CAST: [Character; 40] = [
    person("ines", "Inês Carvalho", "she/her", "I keep the key to the hall and the good scissors.", "ink, soup, the street's history", ""),
    person(
        "marco",
        "Marco Bellini",
        "he/him",
        "Retired ferry mate. I draw boats because they hold still in my head.",
        "boats, watercolour, bread",
        "ines",
    ),
    person(
        "amara",
        "Amara Okafor",
        "she/her",
        "Illustrator, number 14, two floors up from the bakery smell.",
        "children's books, gouache, running late",
        "ines",
    ),
    person(
        "teresa",
        "Teresa Nunes",
        "she/her",
        "Eighty-one. Born at number 9, still at number 9.",
        "crochet, stories, correcting recipes",
        "ines",
    ),
    person(
        "tomek",
        "Tomek Zieliński",
        "he/him",
        "I fix bicycles and most other things that turn.",
        "bikes, technical drawing, pierogi",
        "marco",
    ),
    away(
        "Asia/Tokyo",
        person(
            "yuki",
            "Yuki Tanaka",
            "they/them",
            "Lived above the tram stop for six years, now in Nagoya and homesick on Thursdays.",
            "brush pen, cats, letters",
            "amara",
        ),
    ),
    person("leila", "Leila Haddad", "she/her", "Pharmacist by day. I draw people who wait.", "portraits, waiting rooms, cardamom", "ines"),
    person(
        "diogo",
        "Diogo Fonseca",
        "he/him",
        "Tram driver, line 28. I know every one of your umbrellas.",
        "trams, fado, sketching at red lights",
        "marco",
    ),
    person(
        "priya",
        "Priya Raman",
        "she/her",
        "New to drawing, old at apologising for it. Working on the second part.",
        "botanical drawing, maths, pickles",
        "amara",
    ),
    person("sven", "Sven Lindqvist", "he/him", "I came for one winter, eleven winters ago.", "charcoal, sea swimming, rye bread", "marco"),
    person(
        "rosa",
        "Rosa Jiménez",
        "she/her",
        "Seamstress on the corner. If it has a seam I have an opinion.",
        "fabric, colour, gossip of the kind sort",
        "teresa",
    ),
    person("kofi", "Kofi Mensah", "he/him", "Cook at the canteen behind the school.", "soup, markets, drawing hands", "ines"),
    person("hannah", "Hannah Weiss", "she/her", "Piano teacher. The scales you hear at four are not me.", "music, pencil, choir", "ines"),
    person("minh", "Minh Trần", "he/him", "Night nurse, so I see the street when nobody else does.", "night scenes, tea, comics", "leila"),
    person("aoife", "Aoife Byrne", "she/her", "Bookbinder with too many offcuts. Take some, please.", "paper, books, foxes", "amara"),
    person(
        "baptiste",
        "Baptiste Moreau",
        "he/him",
        "Geography teacher. I draw maps of places that are nearly there.",
        "maps, walking, cheese",
        "sven",
    ),
    person(
        "zeynep",
        "Zeynep Aydın",
        "she/her",
        "Architect who draws everything except buildings on weekends.",
        "birds, line, strong tea",
        "leila",
    ),
    person(
        "joana",
        "Joana Pires",
        "she/her",
        "I run the flower stall and I will tell you what that leaf is.",
        "flowers, lino print, dogs",
        "rosa",
    ),
    person(
        "samuel",
        "Samuel Adeyemi",
        "he/him",
        "Choirmaster, father of twins, owner of one quiet hour a week.",
        "singing, coloured pencil, sleep",
        "hannah",
    ),
    person("olga", "Olga Petrenko", "she/her", "From Kharkiv. I paint windows with the light on.", "oil, windows, beetroot", "ines"),
    person("mateus", "Mateus Ribeiro", "he/him", "I make pizza and doodle on the boxes.", "lettering, pizza, football", "diogo"),
    person(
        "fatima",
        "Fátima Alves",
        "she/her",
        "Lawyer for tenants. Ask me about your stairwell.",
        "urban sketching, rights, custard tarts",
        "ines",
    ),
    person("noor", "Noor van Dijk", "they/them", "Sound engineer. I draw what things sound like.", "abstract, sound, cycling", "tomek"),
    person("eunji", "Park Eun-ji", "she/her", "Ceramicist. Seconds and thirds are on the step, free.", "clay, brush, persimmons", "aoife"),
    person("carlos", "Carlos Medina", "he/him", "I sweep this street at six and it sweeps me back.", "mornings, pigeons, chess", "teresa"),
    person(
        "wanjiru",
        "Wanjiru Kamau",
        "she/her",
        "Writing a thesis about tiles and avoiding it with drawing.",
        "tiles, pattern, coffee",
        "fatima",
    ),
    away(
        "Europe/Stockholm",
        person(
            "elias",
            "Elias Johansson",
            "he/him",
            "Sven's nephew. In Malmö, online, always with a biscuit.",
            "comics, dogs, snow",
            "sven",
        ),
    ),
    person("ravi", "Ravi Desai", "he/him", "Accountant. My margins are where the art happens.", "ballpoint, cricket, tea", "priya"),
    person("mei", "Chen Mei-lin", "she/her", "I paint bamboo badly and dumplings well.", "ink, dumplings, tai chi", "yuki"),
    person("andrei", "Andrei Popescu", "he/him", "Builder. I draw the houses before I mend them.", "roofs, pencil, grilling", "tomek"),
    person("sofija", "Sofija Marković", "she/her", "Translator between five languages and one cat.", "words, cats, linocut", "olga"),
    person(
        "hugo",
        "Hugo Tavares",
        "he/him",
        "Seventeen. Yes, I am allowed to be here, my grandmother is Teresa.",
        "manga, skateboards, sneakers",
        "teresa",
    ),
    person(
        "nadia",
        "Nadia Benali",
        "she/her",
        "Midwife. Half this street met me before they met anybody.",
        "babies' feet, pastel, mint",
        "leila",
    ),
    person(
        "peter",
        "Peter Novák",
        "he/him",
        "Beekeeper on the school roof. The honey is real, the queue is real.",
        "bees, engraving, weather",
        "kofi",
    ),
    away(
        "America/Argentina/Buenos_Aires",
        person(
            "lucia",
            "Lucía Ferrer",
            "she/her",
            "Left for Buenos Aires, kept my chair in the circle.",
            "tango shoes, watercolour, late nights",
            "rosa",
        ),
    ),
    person("idris", "Idris Yusuf", "he/him", "Barber. I practise fades in graphite.", "faces, graphite, radio", "kofi"),
    person(
        "greta",
        "Greta Hoffmann",
        "she/her",
        "Retired geologist. Every pebble on my sill has a name.",
        "stones, sketchbooks, swimming",
        "sven",
    ),
    person(
        "tiago",
        "Tiago Lopes",
        "he/him",
        "New father at number 22. I draw at three in the morning, one-handed.",
        "sleeping babies, ink, cold coffee",
        "nadia",
    ),
    person(
        "ayla",
        "Ayla Rahimi",
        "she/her",
        "Just moved in above the flower stall. Looking for the good bread.",
        "poetry, calligraphy, pomegranates",
        "joana",
    ),
    person("ben", "Ben Whitaker", "he/him", "Here since Hallowe’en. I own one pencil.", "beginning, bicycles, birdsong", "tomek"),
];

/// How those look who gave a portrait: the person's place in [`CAST`], skin, hair, whether it is long, glasses.
const PORTRAITS: [(usize, usize, usize, bool, bool); 21] = [
    (0, 1, 1, true, false),
    (1, 1, 4, false, true),
    (2, 4, 0, true, false),
    (4, 0, 3, false, false),
    (6, 2, 0, true, false),
    (8, 3, 0, true, true),
    (10, 2, 1, true, false),
    (12, 0, 2, true, true),
    (14, 0, 5, true, false),
    (16, 1, 0, true, false),
    (18, 5, 0, false, true),
    (20, 2, 1, false, false),
    (22, 0, 3, false, true),
    (24, 2, 4, false, false),
    (26, 0, 3, false, true),
    (28, 1, 0, false, false),
    (30, 0, 1, true, false),
    (32, 3, 1, true, false),
    (34, 1, 5, true, false),
    (36, 0, 4, false, true),
    (38, 2, 0, true, false),
];

/// How somebody looks, if they gave a portrait.
pub fn looks(at: usize) -> Option<Looks> {
    PORTRAITS.iter().find(|(who, ..)| *who == at).map(|&(_, skin, hair, long, glasses)| Looks { skin, hair, long, glasses })
}
