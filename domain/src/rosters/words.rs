//! What the letter to somebody who is invited says.

use super::ClaimedInvite;
use crate::{
    ids::LetterId,
    mail::{
        Letter,
        words::{local, one_line},
    },
    time::Zone,
};

/// The letter with somebody's own link, from the community that calls itself `from`.
pub(super) fn invitation(claimed: &ClaimedInvite, from: &str, origin: &str, zone: &Zone) -> Letter {
    let ClaimedInvite { name, code, by, party, .. } = claimed;
    let until = local(claimed.expires_at, zone).format("%-d %B %Y");
    let text = format!(
        "Hello {name},\n\n\
         {by} would like to have you at {from}, with the others from {party}. The light is on, and there is a chair for you:\n\n\
         {origin}/join/{code}\n\n\
         The link is yours alone and works once, until {until}. If you would rather not, let it lie: there is no reminder.\n\n\
         -- \n{from}\n{origin}\n"
    );
    Letter {
        id: LetterId(claimed.invitation.0),
        to: claimed.mail.clone(),
        called: name.clone(),
        from: from.to_owned(),
        subject: one_line(&format!("{by} invites you to {from}")),
        text,
        html: None,
        unsubscribe: None,
        at: claimed.at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ids::InvitationId, mail::address::MailAddress, time::Timestamp};

    #[test]
    fn the_letter_says_who_invites_to_what_and_until_when() {
        let claimed = ClaimedInvite {
            invitation: InvitationId(7),
            name: "Ana".into(),
            mail: MailAddress::from_record("ana@example.org".into()),
            code: "code".into(),
            by: "Marco".into(),
            party: "Soup Night".into(),
            expires_at: Timestamp(1_796_326_200_000),
            at: Timestamp(0),
            tries: 1,
        };
        let letter = invitation(&claimed, "Lantern Street", "https://porch.example", &Zone::utc());
        assert_eq!((letter.subject.as_str(), letter.to.as_str()), ("Marco invites you to Lantern Street", "ana@example.org"));
        for said in ["Hello Ana,\n", "with the others from Soup Night", "https://porch.example/join/code\n", "until 3 December 2026"] {
            assert!(letter.text.contains(said), "{said}: {}", letter.text);
        }
    }
}
