//! What the hosts of Lantern Street ask, what they have in mind to ask, and two who wait for an answer.

use super::{REACTIONS, Street, told};
use chrono::{DateTime, Datelike, Days, NaiveTime, Utc};
use domain::{
    gatherings::sessions::instant,
    outcome::Unavailable,
    sparks::{
        coming::{SparkForm, When},
        prompts::{Kind, Mood, PromptForm},
        went::Became,
    },
    time::Timestamp,
    timeline::{PostForm, ReplyForm},
};

/// What was answered: by whom, what, whom it answers (0 is the spark, else the so manieth answer), and how many hours later.
type Said = (&'static str, &'static str, usize, i64);

/// Marco's Mondays, one wording after the other; and what was said to those that are over, the longest ago first.
const MONDAYS: [(&str, &[Said]); 4] = [
    (
        "It is Monday. What is on your table, and what will it be by Sunday?",
        &[
            ("leila", "Twelve waiting-room faces, and no feet. I'll give them feet.", 0, 2),
            ("aoife", "A fox, again. By Sunday it will be somebody else's fox.", 0, 3),
            ("idris", "Can I be the somebody?", 2, 4),
            ("aoife", "You can be the somebody.", 3, 6),
            ("teresa", "A tablecloth. It was going to be a curtain.", 0, 9),
        ],
    ),
    (
        "Monday. What did the weekend leave half done at your place?",
        &[
            ("tomek", "A bicycle with one wheel. It leans very well.", 0, 1),
            ("hugo", "My homework. Also a portrait of somebody doing theirs.", 0, 7),
        ],
    ),
    (
        "Monday again: what do you want to look at properly this week?",
        &[
            ("minh", "The street between four and five. I have drawn it for years and never the drains.", 0, 11),
            ("olga", "Draw them with rain in, they shine.", 1, 12),
            ("kofi", "Onions. Cut through the middle they are better than most windows.", 0, 13),
        ],
    ),
    ("It is Monday. Whose work here would you like to see more of? Say it to them.", &[]),
];

/// What Amara asked on an evening, so many days ago, out of the library.
const ASKED: (&str, &str, i64) = ("Who has too much of something? Name it; somebody here wants it.", "too-much-of", 8);
const ANSWERED: &[Said] = &[
    ("hannah", "Mint. Next door’s, over the fence. Please.", 0, 1),
    ("peter", "Jars. All with lids, none with the right one.", 0, 2),
    ("sofija", "I'll take six jars and bring them back full.", 2, 3),
    ("teresa", "Wool, in colours that nobody forgives.", 0, 5),
];

/// Who waits for an answer: by whom, what, and so many hours ago.
const WAITING: [(&str, &str, i64); 2] = [
    (
        "andrei",
        "Eleven bricks from the old bakery oven are on my landing, and I can't bring myself to wall them in anywhere dull. Who has a use for them?",
        27,
    ),
    (
        "rosa",
        "I have a dozen small pots and no courage to carry them across town for nothing. Does anybody know whether the kiln in the old school still fires?",
        52,
    ),
];

impl Street {
    /// Everything of it, up to `now`.
    pub(super) async fn light_sparks(&self, now: Timestamp) -> Result<(), Unavailable> {
        let (marco, ines, amara) = (self.host("marco")?, self.host("ines")?, self.host("amara")?);
        let morning = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
        let yesterday = DateTime::<Utc>::from(now.plus_days(-1)).with_timezone(&self.zone.rules()).date_naive();
        let last = yesterday - Days::new(u64::from(yesterday.weekday().num_days_from_monday()));
        let mondays = [14, 7, 0].map(|days| instant((last - Days::new(days)).and_time(morning), &self.zone));

        self.clock.set(mondays[0].plus_days(-2));
        let words = MONDAYS.map(|(words, _)| words).join("\n");
        let weekly = SparkForm { words, when: When::Weekly, weekday: "0".into(), time: "09:00".into(), ..SparkForm::default() };
        told("a weekly spark", self.sparks.light(&marco, &weekly).await)?;
        for (at, (_, said)) in mondays.into_iter().zip(MONDAYS) {
            self.clock.set(at.plus_seconds(2));
            self.sparks.send_due().await?;
            self.answer_spark(&marco, said, (at, now)).await?;
        }

        let at = now.plus_days(-ASKED.2);
        self.clock.set(at);
        told(
            "a spark",
            self.sparks.light(&amara, &SparkForm { words: ASKED.0.into(), prompt: ASKED.1.into(), ..SparkForm::default() }).await,
        )?;
        self.answer_spark(&amara, ANSWERED, (at, now)).await?;
        for (by, text, hours) in WAITING {
            self.clock.set(now.plus_seconds(-3600 * hours));
            let form = PostForm { markdown: text.into(), ..PostForm::default() };
            told("a question", self.timeline.write(self.by(by)?, &form).await)?;
        }

        self.clock.set(now);
        let own = PromptForm { words: "Which stair in your house creaks, and under whom?".into(), kind: Kind::Looking, mood: Mood::Warm };
        told("a prompt", self.sparks.keep_prompt(&amara, None, &own).await)?;
        let day = DateTime::<Utc>::from(now.plus_days(6)).with_timezone(&self.zone.rules()).date_naive();
        let once = SparkForm {
            words: "The days are short now. Which light do you leave on for whom?".into(),
            when: When::Day,
            date: day.to_string(),
            time: "18:00".into(),
            ..SparkForm::default()
        };
        told("a spark to come", self.sparks.light(&ines, &once).await).map(drop)
    }

    /// People answer the spark that was sent at that moment, as far as that was before now; and one of them likes it.
    async fn answer_spark(&self, host: &domain::viewer::Host, said: &[Said], (at, now): (Timestamp, Timestamp)) -> Result<(), Unavailable> {
        let then = self.sparks.went(host).await?.into_iter().find(|spark| (0..60_000).contains(&(spark.at.0 - at.0)));
        let Some(Became::Led(led)) = then.map(|spark| spark.became) else { return Ok(()) };
        let mut answers = vec![led.post];
        for (by, text, to, hours) in said {
            let then = at.plus_seconds(3600 * hours + 120);
            let (Some(to), true) = (answers.get(*to), then < now) else { return Ok(()) };
            self.clock.set(then);
            let reply = ReplyForm { markdown: (*text).to_owned(), pictures: Vec::new() };
            let id = told("an answer", self.timeline.reply(self.by(by)?, *to, &reply).await)?;
            answers.push(id);
        }
        told("a reaction", self.timeline.react(self.by("teresa")?, led.post, REACTIONS[0], true).await)
    }
}

/// How many posts and answers all of it is.
#[cfg(test)]
pub(super) fn posts() -> usize {
    let mondays: usize = MONDAYS.iter().take(3).map(|(_, said)| 1 + said.len()).sum();
    mondays + 1 + ANSWERED.len() + WAITING.len()
}
