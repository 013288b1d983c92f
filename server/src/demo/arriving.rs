//! Who came in the last days, and has not been met yet.

use super::{PASSWORD, Street, told};
use domain::{
    invitations::{InvitationForm, JoinForm},
    outcome::Unavailable,
    time::Timestamp,
};

/// Somebody who came.
struct Arriving {
    /// Who invited them, by name.
    by: &'static str,
    /// Their name in addresses.
    name: &'static str,
    /// What they are called.
    called: &'static str,
    /// What they wrote about themselves at the door.
    line: &'static str,
    /// What they care about.
    interests: &'static str,
    /// How many hours ago they came.
    hours_ago: i64,
    /// Their hello, and how many hours ago it was.
    hello: Option<(&'static str, i64)>,
}

const ARRIVING: [Arriving; 2] = [
    Arriving {
        by: "rosa",
        name: "odile",
        called: "Odile Marchand",
        line: "I mend clocks, and would like to draw one that is wrong on purpose.",
        interests: "clocks, ink, listening",
        hours_ago: 54,
        hello: Some((
            "Good evening, I am Odile, from the second floor of number 12. Rosa hemmed my curtains and told me about this place. I mend clocks and \
             have never drawn anything but gears. Is there somebody who could show me where one begins?",
            31,
        )),
    },
    Arriving { by: "kofi", name: "farid", called: "Farid Sayegh", line: "", interests: "bread, birds", hours_ago: 20, hello: None },
];

/// How many they are.
#[cfg(test)]
pub const MANY: usize = ARRIVING.len();

/// How many of them said hello.
#[cfg(test)]
pub fn hellos() -> usize {
    ARRIVING.iter().filter(|one| one.hello.is_some()).count()
}

impl Street {
    /// They come in by letters of their own, and walk their welcome path as far as they have got.
    pub(super) async fn arrive(&self, now: Timestamp) -> Result<(), Unavailable> {
        for one in ARRIVING {
            self.clock.set(now.plus_seconds(-3600 * one.hours_ago));
            let letter = InvitationForm { name: one.called.into(), ..InvitationForm::default() };
            let letter = told("a letter", self.invitations.invite(self.by(one.by)?, &letter).await)?;
            let form = JoinForm {
                name: one.name.into(),
                password: PASSWORD.into(),
                display_name: one.called.into(),
                line: one.line.into(),
                interests: one.interests.into(),
                time_zone: self.zone.name().into(),
                rules: Some("on".into()),
                ..JoinForm::default()
            };
            let joined = told("somebody who joins", self.invitations.join(&letter.code, &form, self.zone.name()).await)?;
            let me = self.sign_in.me(joined).await?.ok_or_else(|| Unavailable::because("whoever joined the demo is not here"))?;
            if let Some((words, hours_ago)) = one.hello {
                self.clock.set(now.plus_seconds(-3600 * hours_ago));
                told("a hello", self.welcome.say_hello(&me, words).await)?;
            }
        }
        self.clock.set(now);
        Ok(())
    }
}
