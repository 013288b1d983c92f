//! The host's desk: sentences, private notes and rounds. The pages are in [`crate::door`].
//!
//! For whoever is no host there is nothing at these addresses: the same 404, whatever is asked.

use crate::fault::{Fault, Never};
use domain::{
    hosting::{
        notes::NoteRefusal,
        round::{RoundRefusal, Since},
        sentences::{SentenceForm, SentenceRefusal},
    },
    ids::{NoteId, PostId, RoundId},
    timeline::PostRefusal,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// How a round stands for a host, told to the script that goes round.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundStand {
    /// The deck in its order: the name on each card, and whether it is open to the host.
    pub deck: Vec<(String, bool)>,
    /// How the card that was asked for stands: `open`, `held`, `seen`, `oneself` or `gone`.
    pub state: String,
    /// How many cards were seen.
    pub seen: usize,
    /// How far the round is by that, in words.
    pub progress: String,
    /// Where its summary is, if it has ended.
    pub over: Option<String>,
}

/// Proposes a sentence about somebody: from their card in a round, or from the hosts' page about them.
#[server(prefix = "/api", endpoint = "hosting/sentences/propose")]
pub async fn propose_sentence(
    #[server(default)] name: String,
    #[server(default)] words: String,
    #[server(default)] card: bool,
) -> Result<(), Fault<SentenceRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    answer(request.services.hosting.rounds.propose(&host, &name, &words).await)?;
    leptos_axum::redirect(&about(&name, card, "sentence"));
    Ok(())
}

/// Notes something about somebody, for hosts alone.
#[server(prefix = "/api", endpoint = "hosting/notes/keep")]
pub async fn keep_note(
    #[server(default)] name: String,
    #[server(default)] words: String,
    #[server(default)] card: bool,
) -> Result<(), Fault<NoteRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    answer(request.services.hosting.rounds.note(&host, &name, &words).await)?;
    leptos_axum::redirect(&about(&name, card, "note"));
    Ok(())
}

/// Takes a note away.
#[server(prefix = "/api", endpoint = "hosting/notes/take-away")]
pub async fn take_note_away(note: NoteId, #[server(default)] name: String, #[server(default)] card: bool) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    answer(request.services.hosting.notes.take_away(&host, note).await)?;
    leptos_axum::redirect(&about(&name, card, "no-note"));
    Ok(())
}

/// Says what shall be with the sentence about oneself.
#[server(prefix = "/api", endpoint = "settings/sentence")]
pub async fn answer_sentence(#[server(default)] form: SentenceForm) -> Result<(), Fault<SentenceRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.hosting.sentences.answer(&me, &form).await)?;
    leptos_axum::redirect(&format!("/settings/sentence?done={}", form.answer));
    Ok(())
}

/// Begins a round, or goes along in the one that goes on.
#[server(prefix = "/api", endpoint = "hosting/round/begin")]
pub async fn begin_round(#[server(default)] since: Since) -> Result<(), Fault<RoundRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    let first = answer(request.services.hosting.rounds.begin(&host, since).await)?;
    leptos_axum::redirect(&first.map_or_else(|| "/hosting/round".to_owned(), |first| format!("/hosting/round/{first}")));
    Ok(())
}

/// Takes a card, or renews that one has it; and says how the round stands.
#[server(prefix = "/api", endpoint = "hosting/round/take")]
pub async fn take_card(#[server(default)] name: String) -> Result<RoundStand, Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    let round = answer(request.services.hosting.rounds.take(&host, &name).await)?;
    Ok(round.map_or_else(RoundStand::gone, |round| RoundStand::of(&round, host.me().id, &name)))
}

/// Marks a card as seen, and goes on to the next.
#[server(prefix = "/api", endpoint = "hosting/round/seen")]
pub async fn see_card(#[server(default)] name: String) -> Result<RoundStand, Fault<RoundRefusal>> {
    use crate::request::{answer, request};
    use domain::people::Handle;
    let request = request()?;
    let host = request.host()?;
    let round = answer(request.services.hosting.rounds.see(&host, &name).await)?;
    let stand = RoundStand::of(&round, host.me().id, &name);
    let next = round.next(host.me().id, Handle::parse(&name).ok().as_ref(), crate::when::now());
    let address = match (&stand.over, next) {
        (Some(over), _) => over.clone(),
        (None, Some(next)) => format!("/hosting/round/{}", next.who.name),
        (None, None) => "/hosting/round".to_owned(),
    };
    leptos_axum::redirect(&address);
    Ok(stand)
}

/// Gives up the card that one has.
#[server(prefix = "/api", endpoint = "hosting/round/leave")]
pub async fn leave_round() -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    answer(request.services.hosting.rounds.give_up(&host).await)?;
    leptos_axum::redirect("/hosting/round");
    Ok(())
}

/// Ends a round, if it goes on.
#[server(prefix = "/api", endpoint = "hosting/round/end")]
pub async fn end_round(round: RoundId) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    answer(request.services.hosting.rounds.end(&host, round).await)?;
    leptos_axum::redirect(&format!("/hosting/rounds/{round}"));
    Ok(())
}

/// Answers a post or reply from the card of whoever wrote it.
#[server(prefix = "/api", endpoint = "hosting/round/reply")]
pub async fn reply_on_card(
    #[server(default)] name: String,
    post: PostId,
    #[server(default)] markdown: String,
) -> Result<(), Fault<PostRefusal>> {
    use crate::request::{answer, request};
    use domain::timeline::ReplyForm;
    let request = request()?;
    let host = request.host()?;
    let form = ReplyForm { markdown, ..ReplyForm::default() };
    answer(request.services.hosting.rounds.reply(&host, post, &form).await)?;
    leptos_axum::redirect(&about(&name, true, "reply"));
    Ok(())
}

/// Writes to somebody from their card: a post for them alone.
#[server(prefix = "/api", endpoint = "hosting/round/greet")]
pub async fn greet(#[server(default)] name: String, #[server(default)] markdown: String) -> Result<(), Fault<PostRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    answer(request.services.hosting.rounds.greet(&host, &name, &markdown).await)?;
    leptos_axum::redirect(&about(&name, true, "greet"));
    Ok(())
}

/// Sends the post that says who is here, as the host's own.
#[server(prefix = "/api", endpoint = "hosting/round/whos-here")]
pub async fn say_whos_here(#[server(default)] markdown: String) -> Result<(), Fault<PostRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    let post = answer(request.services.hosting.rounds.say_whos_here(host.me(), &markdown).await)?;
    leptos_axum::redirect(&format!("/posts/{post}"));
    Ok(())
}

#[cfg(feature = "ssr")]
mod on_the_server {
    use super::RoundStand;
    use crate::when::now;
    use domain::{
        hosting::round::{Round, Standing},
        ids::MemberId,
        people::Handle,
    };

    /// Where one goes on after something was done for somebody.
    pub(crate) fn about(name: &str, card: bool, done: &str) -> String {
        // What is no name leads nowhere else either.
        let name = Handle::parse(name).map(|name| name.to_string()).unwrap_or_default();
        format!("/hosting/{}/{name}?done={done}", if card { "round" } else { "people" })
    }

    /// The word for how a card stands.
    pub(crate) fn state(standing: Standing<'_>) -> &'static str {
        match standing {
            Standing::Open => "open",
            Standing::Held(_) => "held",
            Standing::Seen => "seen",
            Standing::Oneself => "oneself",
        }
    }

    impl RoundStand {
        /// Where there is no round any more.
        pub(super) fn gone() -> Self {
            Self { state: "gone".to_owned(), ..Self::default() }
        }

        /// How a round stands for a host who asked for a card.
        pub(crate) fn of(round: &Round, host: MemberId, name: &str) -> Self {
            let now = now();
            let asked = Handle::parse(name).ok().and_then(|name| round.card(&name).map(|card| state(card.stands_for(host, now))));
            Self {
                deck: round.cards.iter().map(|card| (card.who.name.to_string(), card.stands_for(host, now) == Standing::Open)).collect(),
                state: asked.unwrap_or("gone").to_owned(),
                seen: round.seen(),
                progress: progress(round),
                over: round.ended_at.map(|_| format!("/hosting/rounds/{}", round.id)),
            }
        }
    }

    /// How far a round is.
    pub(crate) fn progress(round: &Round) -> String {
        format!("{} of {} seen", round.seen(), round.cards.len())
    }
}

#[cfg(feature = "ssr")]
pub(crate) use on_the_server::{about, progress, state};
