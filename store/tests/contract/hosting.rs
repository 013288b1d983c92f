//! Sentences and private notes: what stands, who is told, and that both go away with the person.

use crate::{
    care::past_the_store,
    home::{Home, handle, refusal, viewer},
};
use domain::{
    hosting::{
        notes::{MOST_NOTES, NoteStore},
        sentences::{SentenceAnswer, SentenceRefusal, SentenceStore},
    },
    ids::NoteId,
    notifications::{Happening, NotificationStore},
    people::{PeopleOrder, PeopleStore, Role},
    sign_in::SignInStore,
    viewer::{Host, Me, Viewer},
};
use sea_orm::ConnectionTrait;

/// A host of that name.
pub async fn host(home: &Home, name: &str) -> Host {
    home.member(name).await;
    home.store.save_role(&home.admin(), &handle(name), Role::Host).await.expect("keeps");
    let credential = home.store.credential(&handle(name)).await.expect("answers").expect("a member");
    viewer(&home.me(credential.signed_in).await).host().expect("a host")
}

/// What is shown of somebody in the list of people and on their page.
async fn shown(home: &Home, to: &Viewer, name: &str) -> Option<String> {
    let person = home.store.person(to, &handle(name)).await.expect("answers")?;
    let everyone = home.store.everyone(to, PeopleOrder::Newest).await.expect("answers");
    let listed = everyone.into_iter().find(|listed| listed.who.id == person.who.id).expect("listed");
    assert_eq!(listed.sentence, person.sentence);
    Some(person.sentence)
}

async fn told(home: &Home, me: &Me) -> usize {
    let lines = home.store.notifications(me, None, 99).await.expect("answers");
    lines.iter().filter(|line| line.happening == Happening::Sentence).count()
}

async fn proposes(home: &Home, name: &str, words: &str) {
    home.store.propose_sentence(&home.host(), &handle(name), words, home.now()).await.expect("keeps");
}

async fn answers(home: &Home, me: &Me, answer: SentenceAnswer) {
    home.store.answer_sentence(me, &answer, home.now()).await.expect("keeps");
}

/// Removes somebody, as an operator would.
pub async fn remove(home: &Home, me: &Me) {
    let other = past_the_store(&home.place.location).await;
    let again = "UPDATE invitations SET uses_left = uses_left + 1 WHERE id = (SELECT invitation_id FROM members WHERE id";
    other.execute_unprepared(&format!("{again} = {})", me.id)).await.expect("gives the place back");
    other.execute_unprepared(&format!("DELETE FROM members WHERE id = {}", me.id)).await.expect("removes");
    other.close().await.expect("closes");
}

laws! {
    async fn others_see_a_sentence_only_when_it_was_let_stand(home: &Home) {
        let (bo, cy) = (home.member("bo").await, home.member("cy").await);
        let cy_sees = viewer(&cy);
        let seen = || shown(home, &cy_sees, "bo");
        proposes(home, "bo", "Draws boats.").await;
        assert_eq!((seen().await.as_deref(), told(home, &bo).await, told(home, &cy).await), (Some(""), 1, 0));
        answers(home, &bo, SentenceAnswer::Stand { seen: "Draws boats.".into() }).await;
        assert_eq!(seen().await.as_deref(), Some("\u{2068}Ana\u{2069} says: “\u{2068}Draws boats.\u{2069}”"));
        // While a new one waits, the former goes on standing.
        proposes(home, "bo", "Draws ferries.").await;
        assert!(seen().await.expect("a member").contains("boats"));
        answers(home, &bo, SentenceAnswer::Reword { words: "I draw.".into() }).await;
        assert_eq!(seen().await.as_deref(), Some("I draw."));
        answers(home, &bo, SentenceAnswer::Hide).await;
        assert_eq!(seen().await.as_deref(), Some(""));
        assert_eq!(shown(home, &Viewer::Visitor, "bo").await, None);
    }

    async fn a_proposal_takes_the_place_of_the_one_that_waited_and_is_told_once(home: &Home) {
        let bo = home.member("bo").await;
        proposes(home, "bo", "Draws boats.").await;
        proposes(home, "bo", "Draws ferries.").await;
        assert_eq!((told(home, &bo).await, home.store.unread(bo.id).await.expect("answers")), (1, 1));
        // Whoever answers the one that is gone is told so, and nothing comes to stand.
        let late = home.store.answer_sentence(&bo, &SentenceAnswer::Stand { seen: "Draws boats.".into() }, home.now()).await;
        assert_eq!(refusal(late), SentenceRefusal::Overtaken);
        answers(home, &bo, SentenceAnswer::Decline { seen: "Draws ferries.".into() }).await;
        let about = home.store.sentences_about_me(&bo).await.expect("answers");
        assert_eq!((about.stands, about.waits, told(home, &bo).await), (None, None, 0));
    }

    async fn whoever_wants_none_is_proposed_none(home: &Home) {
        let bo = home.member("bo").await;
        proposes(home, "bo", "Draws boats.").await;
        answers(home, &bo, SentenceAnswer::Want { any: false }).await;
        let propose = async |name: &str| refusal(home.store.propose_sentence(&home.host(), &handle(name), "Draws.", home.now()).await);
        assert_eq!((propose("bo").await, propose("nobody").await), (SentenceRefusal::WantsNone, SentenceRefusal::Nobody));
        assert_eq!(propose("ana").await, SentenceRefusal::Yourself);
        let about = home.store.sentences_about(&home.host(), &handle("bo")).await.expect("answers").expect("there");
        assert!(about.wants_none && about.stands.is_none() && about.waits.is_none());
    }

    async fn of_a_host_and_the_person_at_once_one_comes_first(home: &Home) {
        let bo = home.member("bo").await;
        proposes(home, "bo", "Draws boats.").await;
        let (store, host, at) = (home.store.clone(), home.host(), home.now());
        let other = tokio::spawn(async move { store.propose_sentence(&host, &handle("bo"), "Draws ferries.", at).await });
        let stood = home.store.answer_sentence(&bo, &SentenceAnswer::Stand { seen: "Draws boats.".into() }, home.now()).await;
        other.await.expect("ends").expect("keeps");
        let about = home.store.sentences_about_me(&bo).await.expect("answers");
        let stands = about.stands.map(|stands| stands.words);
        assert_eq!(stands.as_deref(), stood.is_ok().then_some("Draws boats."));
        assert_eq!(about.waits.map(|waits| waits.words).as_deref(), Some("Draws ferries."));
    }

    async fn a_note_says_whose_it_is_and_is_taken_away_by_them_or_an_admin(home: &Home) {
        home.member("bo").await;
        let (cy, di) = (host(home, "cy").await, host(home, "di").await);
        let keep = async |by: &Host, words: &str| home.store.keep_note(by, &handle("bo"), words, home.now()).await.expect("keeps");
        assert!(keep(&cy, "Moved here in May.").await && keep(&di, "Has a dog.").await);
        assert!(!home.store.keep_note(&cy, &handle("nobody"), "x", home.now()).await.expect("answers"));
        let notes = async || home.store.notes(&cy, &handle("bo")).await.expect("answers");
        let all: Vec<(String, String)> =
            notes().await.into_iter().map(|note| (note.words, note.by.expect("somebody").display_name)).collect();
        assert_eq!(all, [("Has a dog.".into(), "Di".into()), ("Moved here in May.".into(), "Cy".into())]);
        let dog = notes().await[0].id;
        assert!(!home.store.take_note_away(&cy, dog).await.expect("answers"));
        assert!(home.store.take_note_away(&home.host(), dog).await.expect("answers"));
        assert!(!home.store.take_note_away(&di, NoteId(1)).await.expect("answers"));
        assert_eq!(notes().await.len(), 1);
    }

    async fn of_the_notes_about_somebody_the_newest_hundred_are_kept(home: &Home) {
        home.member("bo").await;
        home.member("cy").await;
        let keep = async |name: &str, words: String| home.store.keep_note(&home.host(), &handle(name), &words, home.now()).await.expect("keeps");
        assert!(keep("cy", "Sings.".into()).await);
        for number in 0..=MOST_NOTES {
            assert!(keep("bo", format!("Note {number}.")).await);
        }
        let notes = home.store.notes(&home.host(), &handle("bo")).await.expect("answers");
        assert_eq!((notes.len(), notes.last().map(|note| note.words.as_str())), (MOST_NOTES, Some("Note 1.")));
        assert_eq!(home.store.notes(&home.host(), &handle("cy")).await.expect("answers").len(), 1);
    }

    async fn what_was_noted_about_somebody_they_do_not_read_when_they_are_a_host(home: &Home) {
        home.member("bo").await;
        let cy = host(home, "cy").await;
        assert!(home.store.keep_note(&cy, &handle("bo"), "Has a dog.", home.now()).await.expect("keeps"));
        home.store.save_role(&home.admin(), &handle("bo"), Role::Admin).await.expect("keeps");
        let credential = home.store.credential(&handle("bo")).await.expect("answers").expect("a member");
        let bo = viewer(&home.me(credential.signed_in).await).host().expect("a host");
        let notes = async |by: &Host| home.store.notes(by, &handle("bo")).await.expect("answers");
        assert_eq!((notes(&bo).await.len(), notes(&cy).await.len()), (0, 1));
        assert!(!home.store.take_note_away(&bo, notes(&cy).await[0].id).await.expect("answers"), "nor do they take it away");
    }

    async fn sentences_and_notes_go_away_with_the_person_and_stay_when_a_host_leaves(home: &Home) {
        let (bo, eve) = (home.member("bo").await, home.member("eve").await);
        let cy = host(home, "cy").await;
        for me in [&bo, &eve] {
            home.store.propose_sentence(&cy, &me.name, "Draws boats.", home.now()).await.expect("keeps");
            answers(home, me, SentenceAnswer::Stand { seen: "Draws boats.".into() }).await;
            home.store.keep_note(&cy, &me.name, "Has a dog.", home.now()).await.expect("keeps");
        }
        remove(home, &bo).await;
        remove(home, cy.me()).await;
        assert!(home.store.sentences_about(&home.host(), &bo.name).await.expect("answers").is_none());
        assert_eq!(shown(home, &viewer(&eve), "eve").await.as_deref(), Some("A host says: “\u{2068}Draws boats.\u{2069}”"));
        let notes = home.store.notes(&home.host(), &eve.name).await.expect("answers");
        assert_eq!((notes.len(), notes[0].by.is_none()), (1, true));
        assert!(home.store.notes(&home.host(), &bo.name).await.expect("answers").is_empty());
    }
}
