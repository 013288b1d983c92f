//! The weekly letters of Lantern Street: three that went out, who has them by mail, and the one that is being written.

use super::{Deed, RandomCodes, Street, told};
use domain::{
    mail::{
        End,
        address::{MailAddress, MailWishes, NewConfirmation},
    },
    outcome::Unavailable,
    sign_in::Codes,
    time::Timestamp,
    weekly::LetterForm,
};

/// By whom, so many days ago, with what they said first and last.
type Letter = (&'static str, i64, &'static str, &'static str);

pub(super) const SENT: [Letter; 3] = [
    (
        "marco",
        21,
        "Good evening, street.\n\nThis is the first of these letters: one a week, and no longer than a cup of tea. If you missed something, here it is. If you \
         missed nothing, here it is again, and you can nod.",
        "It comes by mail as well, to those who want it: [choose it in your settings](/settings/notifications).\n\nLeave the light on.\n\nMarco",
    ),
    (
        "ines",
        14,
        "Dear all,\n\nsomebody has been leaving pears on the landing of number 9. Whoever you are: they were eaten before anybody could draw them, which is the \
         highest praise this street has to give.",
        "Come when you can, leave when you must.\n\nInês",
    ),
    (
        "amara",
        7,
        "To the street,\n\nI counted on Thursday: eleven chairs, fourteen people, and nobody stood for long. That is all I have to report. The rest you did \
         yourselves.",
        "If you have been meaning to write something here and thought it too small: it is the size we like.\n\nAmara",
    ),
];

/// The one for this week, so many hours old.
const BEGUN: (&str, i64, &str, &str) = (
    "ines",
    2,
    "Dear all,\n\nI read your week in one go with the kettle on, and laughed twice, loud enough that the cat left the room. You will find both reasons below.",
    "Knock if you need anything. Knock if you don’t.\n\nInês",
);

/// Who has the letter by mail.
const READERS: [&str; 3] = ["olga", "peter", "hannah"];

/// The letters, with when.
pub(super) fn deeds(now: Timestamp) -> Vec<(Timestamp, Deed)> {
    let sent = SENT.iter().enumerate().map(|(number, letter)| (now.plus_days(-letter.1), Deed::SendLetter(number)));
    sent.collect()
}

impl Street {
    pub(super) async fn send_letter(&self, number: usize, at: Timestamp) -> Result<(), Unavailable> {
        if number == 0 {
            self.have_it_mailed(at).await?;
        }
        let (by, _, opening, closing) = SENT[number];
        let version = self.write_letter(by, (opening, closing)).await?;
        told("a letter", self.weekly.send(&self.host(by)?, version).await)?;
        // Those by mail were read long ago.
        while let Some(letter) = self.mail.claim(at, at.plus_seconds(600), &RandomCodes.new_code()).await? {
            self.mail.settle(letter.id, End::Sent, at).await?;
        }
        Ok(())
    }

    /// Begins the letter of this week, which is due today.
    pub(super) async fn begin_letter(&self, now: Timestamp) -> Result<(), Unavailable> {
        let (by, hours, opening, closing) = BEGUN;
        self.clock.set(now.plus_seconds(-3600 * hours));
        self.write_letter(by, (opening, closing)).await?;
        let today = chrono::DateTime::<chrono::Utc>::from(now).with_timezone(&self.zone.rules());
        self.weekly.choose_day(&self.host(by)?, chrono::Datelike::weekday(&today)).await?;
        self.clock.set(now);
        Ok(())
    }

    /// Keeps a draft made of the week with somebody's own words around it; its version.
    async fn write_letter(&self, by: &str, (opening, closing): (&str, &str)) -> Result<i64, Unavailable> {
        let host = self.host(by)?;
        let stand = self.weekly.stands(&host).await?;
        let made = self.weekly.made_of_week(&host, &stand, &self.zone).await?;
        let (opening, closing, seen) = (opening.to_owned(), closing.to_owned(), stand.version);
        told(
            "a draft of the letter",
            self.weekly.keep(&host, &LetterForm { title: made.title, opening, week: made.week, closing, seen }).await,
        )?;
        Ok(self.weekly.stands(&host).await?.version)
    }

    /// Some gave an address, and want nothing there but the letter.
    async fn have_it_mailed(&self, at: Timestamp) -> Result<(), Unavailable> {
        for name in READERS {
            let me = self.by(name)?;
            let address = MailAddress::parse(&format!("{name}@example.org")).map_err(|reason| Unavailable::because(reason.to_string()))?;
            let new = NewConfirmation::of(address, RandomCodes.new_code(), at);
            told("an address", self.mail.ask_to_confirm(me, &new).await)?;
            self.mail.confirm(&new.code, &RandomCodes.new_code(), at).await?;
            self.mail.save_mail_wishes(me, MailWishes { weekly: true, ..MailWishes::NONE }).await?;
        }
        Ok(())
    }
}
