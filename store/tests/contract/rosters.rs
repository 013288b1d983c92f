//! Parties: what is kept for whom and from whom, what an undoing leaves, and one letter for each.

use crate::home::{BEGINNING, Home, handle, new_member, refusal, viewer};
use domain::{
    gatherings::{GatheringStore, NewGathering},
    ids::{InvitationId, PartyId},
    invitations::{InvitationStore, Invited, JoinRefusal, NewInvitation},
    mail::{End, address::MailAddress},
    notifications::{Happening, NotificationStore},
    rosters::{
        Draft, NewParty, PartyGuest, RosterRefusal, RosterStore, Written,
        checking::Guest,
        opening::{First, FirstGathering, Opening, OpensFor},
    },
    time::Timestamp,
    timeline::{self, Audience, TimelineQuery},
};
use std::collections::BTreeSet;

fn guest(name: &str, mail: bool) -> (Guest, String) {
    let guest = Guest {
        handle: handle(name),
        name: format!("{} Souza", name.to_uppercase()),
        mail: mail.then(|| MailAddress::parse(&format!("{name}@example.org")).expect("an address")),
        line: format!("{name} mends things"),
        interests: vec!["soup".into(), "birds".into()],
    };
    (guest, format!("code-of-{name}"))
}

fn party(draft: &str, guests: Vec<(Guest, String)>) -> NewParty {
    NewParty { draft: draft.into(), called: "Soup Night".into(), guests, at: BEGINNING, expires_at: BEGINNING.plus_days(30) }
}

async fn waits(home: &Home, draft: &str) {
    let text = Draft { called: "Soup Night".into(), days: 30, text: "Bo\nCy".into(), guessed: false };
    home.store.keep_draft(&home.host(), draft, &text, BEGINNING, BEGINNING.plus_days(1)).await.expect("keeps");
}

/// A party of those, of whom the first has an address.
pub(crate) async fn kept(home: &Home, names: &[&str]) -> PartyId {
    waits(home, "draft").await;
    let guests = names.iter().enumerate().map(|(at, name)| guest(name, at == 0)).collect();
    home.store.keep_party(&home.host(), &party("draft", guests)).await.expect("keeps")
}

async fn guests(home: &Home, party: PartyId, at: Timestamp) -> Vec<PartyGuest> {
    home.store.party(&home.host(), party, at).await.expect("answers").expect("there").1
}

laws! {
    async fn a_roster_waits_for_its_host_alone_and_not_for_ever(home: &Home) {
        waits(home, "draft").await;
        let bo = home.member("bo").await;
        domain::people::PeopleStore::save_role(&home.store, &home.admin(), &bo.name, domain::people::Role::Host).await.expect("keeps");
        let bo = viewer(&home.again(&bo).await).host().expect("a host");
        assert!(home.store.draft(&bo, "draft", BEGINNING).await.expect("answers").is_none(), "another host's");
        assert_eq!(home.store.draft(&home.host(), "draft", BEGINNING).await.expect("answers").expect("waits").text, "Bo\nCy");
        assert!(home.store.draft(&home.host(), "draft", BEGINNING.plus_days(1)).await.expect("answers").is_none());
        for number in 0..6 {
            let text = Draft { called: "Soup Night".into(), days: 30, text: "Bo".into(), guessed: false };
            let until = BEGINNING.plus_days(1).plus_seconds(number);
            home.store.keep_draft(&home.host(), &format!("draft {number}"), &text, BEGINNING, until).await.expect("keeps");
        }
        let mut waiting = 0;
        for number in 0..6 {
            let draft = home.store.draft(&home.host(), &format!("draft {number}"), BEGINNING).await.expect("answers");
            waiting += usize::from(draft.is_some());
        }
        assert_eq!(waiting, 5, "a few wait, and no more");
        home.store.forget_drafts(BEGINNING.plus_days(2)).await.expect("forgets");
        assert!(home.store.draft(&home.host(), "draft 5", BEGINNING).await.expect("answers").is_none());
    }

    async fn each_of_a_party_finds_what_is_filled_in_for_them_and_nothing_of_others(home: &Home) {
        let party = kept(home, &["bo", "cy", "di"]).await;
        let open = home.store.open_invitation("code-of-cy", BEGINNING).await.expect("answers").expect("works");
        assert_eq!(open.invited, Invited::Person { name: "CY Souza".into(), note: String::new() });
        let filled_in = open.filled_in.expect("by a roster");
        assert_eq!((filled_in.handle.as_str(), filled_in.line.as_str(), filled_in.interests.as_str()), ("cy", "cy mends things", "soup, birds"));
        assert_eq!((filled_in.party.as_str(), filled_in.of_party), ("Soup Night", 0));
        let joined = home.store.join("code-of-bo", &new_member("bo", home.now())).await.expect("joins");
        for number in 0..13 {
            home.member(&format!("later{number}")).await;
        }
        let open = home.store.open_invitation("code-of-cy", BEGINNING).await.expect("answers").expect("works");
        assert_eq!((open.here[0].as_str(), open.filled_in.expect("by a roster").of_party), ("Bo", 1));
        let (kept, guests) = home.store.party(&home.host(), party, BEGINNING).await.expect("answers").expect("there");
        assert_eq!((kept.size, kept.came, kept.open, kept.undone), (3, 1, 2, false));
        let names: Vec<_> = guests.iter().map(|guest| (guest.handle.as_str(), guest.works, guest.came.as_ref().map(|who| who.id))).collect();
        assert_eq!(names, [("bo", false, Some(joined.member)), ("cy", true, None), ("di", true, None)]);
        assert_eq!(guests[0].mail, None, "whoever has come speaks for themselves");
        assert!(home.store.invitations(&home.ana, None).await.expect("answers").iter().all(|one| one.code == "everyone"), "not among the others");
        assert!(home.store.invitations(&home.ana, Some(guests[1].invitation)).await.expect("answers").len() == 1, "each has its page");
        let bo = home.me(joined).await;
        assert!(home.store.invitations(&bo, Some(guests[1].invitation)).await.expect("answers").is_empty());
    }

    async fn a_name_is_kept_for_one_as_long_as_their_link_works(home: &Home) {
        let party = kept(home, &["bo", "cy"]).await;
        let everyone = |name: &str, at: Timestamp| new_member(name, at);
        assert_eq!(refusal(home.store.join("everyone", &everyone("cy", BEGINNING)).await), JoinRefusal::NameTaken);
        assert_eq!(refusal(home.store.join("code-of-bo", &everyone("cy", BEGINNING)).await), JoinRefusal::NameTaken);
        home.store.join("code-of-bo", &everyone("bobo", BEGINNING)).await.expect("another name is as good");
        home.store.join("everyone", &everyone("bo", BEGINNING)).await.expect("and theirs is free then");
        waits(home, "second").await;
        let again = home.store.keep_party(&home.host(), &self::party("second", vec![guest("cy", false)])).await;
        assert_eq!(refusal(again), RosterRefusal::NameTaken, "kept for the first");
        assert!(home.store.draft(&home.host(), "second", BEGINNING).await.expect("answers").is_some(), "and the second still waits");
        home.store.join("everyone", &everyone("cy", BEGINNING.plus_days(30))).await.expect("the link has ended");
        assert_eq!(guests(home, party, BEGINNING.plus_days(30)).await.iter().filter(|guest| guest.works).count(), 0);
    }

    async fn who_says_yes_twice_has_one_party(home: &Home) {
        waits(home, "draft").await;
        let tasks: Vec<_> = (0..8)
            .map(|number| {
                let (store, host) = (home.store.clone(), home.host());
                let (bo, _) = guest("bo", true);
                let new = party("draft", vec![(bo, format!("code {number}"))]);
                tokio::spawn(async move { store.keep_party(&host, &new).await })
            })
            .collect();
        let mut parties = BTreeSet::new();
        for task in tasks {
            parties.insert(task.await.expect("ends").expect("keeps, or finds it"));
        }
        assert_eq!(parties.len(), 1);
        assert_eq!(home.store.parties(&home.host(), BEGINNING).await.expect("answers").len(), 1);
        assert_eq!(home.store.party_of_draft(&home.host(), "draft").await.expect("answers"), parties.first().copied());
        let gone = home.store.keep_party(&home.host(), &party("never", vec![guest("cy", false)])).await;
        assert_eq!(refusal(gone), RosterRefusal::Gone);
    }

    async fn undoing_takes_back_what_nobody_claimed_and_whoever_came_stays(home: &Home) {
        let party = kept(home, &["bo", "cy", "di"]).await;
        let joined = home.store.join("code-of-bo", &new_member("bo", home.now())).await.expect("joins");
        let cy = guests(home, party, BEGINNING).await[1].invitation;
        assert_eq!(home.store.undo(&home.host(), party, BEGINNING).await.expect("answers"), Some(2));
        assert_eq!(home.store.undo(&home.host(), party, BEGINNING).await.expect("answers"), Some(0));
        assert_eq!(home.store.undo(&home.host(), PartyId(5), BEGINNING).await.expect("answers"), None);
        assert!(home.store.open_invitation("code-of-cy", BEGINNING).await.expect("answers").is_none());
        assert_eq!(refusal(home.store.join("code-of-cy", &new_member("cy", BEGINNING)).await), JoinRefusal::DeadInvitation);
        assert!(home.store.invitations(&home.ana, Some(cy)).await.expect("answers").is_empty(), "as if it had never been");
        home.store.join("everyone", &new_member("cy", BEGINNING)).await.expect("the name is free");
        let (kept, left) = home.store.party(&home.host(), party, BEGINNING).await.expect("answers").expect("there");
        assert_eq!((kept.size, kept.came, kept.open, kept.undone, left.len()), (1, 1, 0, true, 1));
        assert_eq!(left[0].came.as_ref().map(|who| who.id), Some(joined.member));
    }

    async fn an_undoing_and_one_who_comes_in_at_once_agree_on_who_was_first(home: &Home) {
        let names: Vec<String> = (0..10).map(|number| format!("guest{number}")).collect();
        let party = kept(home, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let joins: Vec<_> = names
            .iter()
            .map(|name| {
                let (store, member, code) = (home.store.clone(), new_member(name, BEGINNING), format!("code-of-{name}"));
                tokio::spawn(async move { store.join(&code, &member).await })
            })
            .collect();
        let undone = home.store.undo(&home.host(), party, BEGINNING).await.expect("answers").expect("there");
        let mut came = 0;
        for join in joins {
            match join.await.expect("ends") {
                Ok(_) => came += 1,
                refused => assert_eq!(refusal(refused), JoinRefusal::DeadInvitation),
            }
        }
        assert_eq!((came + undone, guests(home, party, BEGINNING).await.len() as u32), (10, came));
    }

    async fn each_who_has_an_address_is_written_to_once(home: &Home) {
        waits(home, "draft").await;
        let all = ["bo", "cy", "di", "ed"].map(|name| guest(name, name != "ed")).to_vec();
        let party = home.store.keep_party(&home.host(), &party("draft", all)).await.expect("keeps");
        let later = BEGINNING.plus_seconds(600);
        let tasks: Vec<_> = (0..6)
            .map(|_| {
                let store = home.store.clone();
                tokio::spawn(async move { store.claim_invite(BEGINNING, later).await.expect("answers") })
            })
            .collect();
        let mut claimed = Vec::new();
        for task in tasks {
            claimed.extend(task.await.expect("ends"));
        }
        while let Some(one) = home.store.claim_invite(BEGINNING, later).await.expect("answers") {
            claimed.push(one);
        }
        claimed.sort_by_key(|one| one.invitation);
        let said: Vec<_> = claimed.iter().map(|one| (one.mail.as_str(), one.code.as_str(), one.tries)).collect();
        assert_eq!(said, [("bo@example.org", "code-of-bo", 1), ("cy@example.org", "code-of-cy", 1), ("di@example.org", "code-of-di", 1)]);
        assert_eq!((claimed[0].by.as_str(), claimed[0].party.as_str(), claimed[0].name.as_str()), ("Ana", "Soup Night", "BO Souza"));
        home.store.settle_invite(claimed[0].invitation, End::Sent).await.expect("keeps");
        home.store.put_off_invite(claimed[1].invitation, 1, BEGINNING.plus_seconds(60)).await.expect("keeps");
        home.store.put_off_invite(claimed[2].invitation, 9, BEGINNING).await.expect("keeps");
        let written: Vec<_> = guests(home, party, BEGINNING).await.iter().map(|guest| guest.written).collect();
        assert_eq!(written, [Written::Sent, Written::Waits, Written::Waits, Written::Not]);
        let again = home.store.claim_invite(BEGINNING.plus_seconds(60), later).await.expect("answers").expect("is due again");
        assert_eq!((again.invitation, again.tries), (claimed[1].invitation, 2));
    }

    async fn nobody_is_written_to_whose_invitation_was_taken_back_or_who_has_come(home: &Home) {
        waits(home, "draft").await;
        let all = ["bo", "cy", "di"].map(|name| guest(name, true)).to_vec();
        let party = home.store.keep_party(&home.host(), &party("draft", all)).await.expect("keeps");
        home.store.join("code-of-bo", &new_member("bo", home.now())).await.expect("joins");
        let cy: InvitationId = guests(home, party, BEGINNING).await[1].invitation;
        assert!(home.store.revoke(&home.ana, cy).await.expect("answers"));
        let claimed = home.store.claim_invite(BEGINNING, BEGINNING.plus_seconds(600)).await.expect("answers").expect("one is left");
        assert_eq!(claimed.code, "code-of-di");
        assert!(home.store.claim_invite(BEGINNING, BEGINNING.plus_seconds(600)).await.expect("answers").is_none());
        home.store.undo(&home.host(), party, BEGINNING).await.expect("answers");
        assert!(home.store.claim_invite(BEGINNING.plus_days(1), BEGINNING.plus_days(2)).await.expect("answers").is_none());
    }

    async fn what_was_noted_of_somebody_is_forgotten_when_their_link_ends(home: &Home) {
        let party = kept(home, &["bo", "cy"]).await;
        home.store.forget_drafts(BEGINNING.plus_days(29)).await.expect("forgets");
        assert!(guests(home, party, BEGINNING).await[0].mail.is_some());
        home.store.forget_drafts(BEGINNING.plus_days(30)).await.expect("forgets");
        assert!(guests(home, party, BEGINNING).await[0].mail.is_none());
        for code in ["code-of-bo", "code-of-cy"] {
            let noted = home.store.open_invitation(code, BEGINNING).await.expect("answers").expect("there").filled_in.expect("by a roster");
            assert_eq!((noted.line.as_str(), noted.interests.as_str()), ("", ""), "{code}: with an address or without");
        }
    }

    async fn who_is_here_and_whose_name_is_kept_is_told_to_the_host(home: &Home) {
        kept(home, &["bo", "cy"]).await;
        home.allow_members(9).await;
        let grounds = home.store.grounds(&home.host(), BEGINNING).await.expect("answers");
        assert_eq!((grounds.members, grounds.room), (vec![(handle("ana"), "Ana".to_owned())], 8));
        assert_eq!(grounds.invited[0], (handle("bo"), "BO Souza".to_owned(), "Soup Night".to_owned()));
        let address = MailAddress::parse("bo@example.org").expect("an address");
        assert_eq!(grounds.written, [(address, "Soup Night".to_owned())].into(), "nobody is written to twice");
        let after = home.store.grounds(&home.host(), BEGINNING.plus_days(30)).await.expect("answers");
        assert!(after.invited.is_empty() && after.written.is_empty());
    }

    async fn one_invitation_by_hand_is_of_no_party(home: &Home) {
        let new = NewInvitation { code: "once".into(), invited: Invited::Person { name: "Bo".into(), note: String::new() }, at: BEGINNING, expires_at: BEGINNING.plus_days(1) };
        home.store.keep_invitation(&home.ana, &new).await.expect("keeps");
        let open = home.store.open_invitation("once", BEGINNING).await.expect("answers").expect("works");
        assert_eq!(open.filled_in, None);
        assert!(home.store.parties(&home.host(), BEGINNING).await.expect("answers").is_empty());
    }

    async fn the_place_opens_once_for_those_of_the_party_and_each_is_told_once(home: &Home) {
        let party = kept(home, &["bo", "cy", "di"]).await;
        let other = home.member("other").await;
        let bo = home.store.join("code-of-bo", &new_member("bo", home.now())).await.expect("joins");
        let cy = home.store.join("code-of-cy", &new_member("cy", home.now())).await.expect("joins");
        let (bo, cy) = (home.me(bo).await, home.me(cy).await);
        assert!(home.store.awaited(&bo).await.expect("answers").is_empty());
        let at = BEGINNING.plus_days(3);
        let opening = Opening { at, whom: OpensFor::Party, words: "Come in.".into(), first: None, done: false };
        assert!(home.store.save_opening(&home.host(), party, Some(&opening)).await.expect("keeps"));
        let awaited = home.store.awaited(&bo).await.expect("answers");
        let here: Vec<_> = awaited[0].here.iter().map(|who| who.name.as_str()).collect();
        assert_eq!((awaited[0].called.as_str(), awaited[0].size, awaited[0].at, here), ("Soup Night", 3, at, vec!["bo", "cy"]));
        assert!(home.store.awaited(&other).await.expect("answers").is_empty(), "it is not theirs");
        assert!(home.store.due_openings(at.plus_seconds(-1)).await.expect("answers").is_empty());
        let due = home.store.due_openings(at).await.expect("answers").remove(0);
        assert_eq!((due.party, due.by.id, due.words.as_str()), (party, home.ana.id, "Come in."));
        let early = domain::timeline::NewPost { at: at.plus_seconds(-1), ..home.text("Come in.") };
        assert!(!home.store.open(&due, &early, None).await.expect("answers"), "not before its day");
        let tasks: Vec<_> = (0..6)
            .map(|_| {
                let (store, due, post) = (home.store.clone(), due.clone(), domain::timeline::NewPost { at, ..home.text("Come in.") });
                tokio::spawn(async move { store.open(&due, &post, None).await.expect("answers") })
            })
            .collect();
        let mut opened = 0;
        for task in tasks {
            opened += u32::from(task.await.expect("ends"));
        }
        assert_eq!(opened, 1);
        for member in [&bo, &cy] {
            let lines = home.store.notifications(member, None, 9).await.expect("answers");
            let told = lines.iter().filter(|line| matches!(&line.happening, Happening::Opened { excerpt, .. } if excerpt == "Come in."));
            assert_eq!((told.count(), lines.len()), (1, 1));
            assert_eq!(lines[0].by.as_ref().map(|by| by.id), Some(home.ana.id));
        }
        assert!(home.store.notifications(&other, None, 9).await.expect("answers").is_empty());
        assert!(home.store.awaited(&bo).await.expect("answers").is_empty());
        assert!(home.store.due_openings(at).await.expect("answers").is_empty());
        assert!(!home.store.save_opening(&home.host(), party, None).await.expect("answers"), "it has opened");
        let (kept, _) = home.store.party(&home.host(), party, at).await.expect("answers").expect("there");
        assert_eq!(kept.opening, Some(Opening { done: true, ..opening }));
    }

    async fn the_letters_of_a_hosts_rosters_within_a_day_are_bounded_also_when_they_are_undone(home: &Home) {
        let brings = async |draft: &str, from: usize, many: usize, at: Timestamp| {
            home.store.keep_draft(&home.host(), draft, &Draft { called: "Soup Night".into(), days: 30, text: "Bo".into(), guessed: false }, at, at.plus_days(1)).await.expect("keeps");
            let guests = (from..from + many).map(|at| guest(&format!("g{at}"), true)).collect();
            home.store.keep_party(&home.host(), &NewParty { at, ..party(draft, guests) }).await
        };
        let first = brings("first", 0, 990, BEGINNING).await.expect("keeps");
        home.store.undo(&home.host(), first, BEGINNING).await.expect("undoes");
        let later = BEGINNING.plus_seconds(3600);
        assert_eq!(refusal(brings("second", 0, 11, later).await), RosterRefusal::TooManyLetters { letters: 11, room: 10 });
        assert!(home.store.draft(&home.host(), "second", later).await.expect("answers").is_some(), "it waits still");
        brings("third", 0, 10, later).await.expect("as many as there is room for");
        brings("fourth", 500, 11, later.plus_days(1)).await.expect("a day later there is room again");
    }

    async fn whoever_hosts_no_more_opens_nothing_and_nobody_says_their_words(home: &Home) {
        let party = kept(home, &["bo"]).await;
        let rests = async || home.store.party(&home.host(), party, BEGINNING).await.expect("answers").expect("there").0.opening_rests;
        let cy = home.member("cy").await;
        domain::people::PeopleStore::save_role(&home.store, &home.admin(), &cy.name, domain::people::Role::Host).await.expect("keeps");
        let host = viewer(&home.again(&cy).await).host().expect("a host");
        let opening = Opening { at: BEGINNING.plus_days(1), whom: OpensFor::Everybody, words: "Come in.".into(), done: false, first: None };
        assert!(home.store.save_opening(&host, party, Some(&opening)).await.expect("keeps"));
        assert_eq!(home.store.due_openings(opening.at).await.expect("answers")[0].by.id, cy.id);
        assert_eq!((home.store.awaited(&cy).await.expect("answers").len(), rests().await), (1, false));
        domain::people::PeopleStore::save_role(&home.store, &home.admin(), &cy.name, domain::people::Role::Member).await.expect("keeps");
        assert!(home.store.due_openings(opening.at).await.expect("answers").is_empty());
        assert!(home.store.awaited(&cy).await.expect("answers").is_empty(), "nobody looks forward to what does not come");
        assert!(rests().await && home.store.parties(&home.host(), BEGINNING).await.expect("answers")[0].opening_rests, "hosts can tell");
        assert!(home.store.save_opening(&home.host(), party, Some(&opening)).await.expect("keeps"));
        assert!(!rests().await && home.store.due_openings(opening.at).await.expect("answers")[0].by.id == home.ana.id, "a host makes it theirs");
    }

    async fn the_place_can_open_for_everybody_and_an_opening_can_be_called_off(home: &Home) {
        let party = kept(home, &["bo"]).await;
        let other = home.member("other").await;
        let opening = Opening { at: BEGINNING.plus_days(1), whom: OpensFor::Everybody, words: "Come in.".into(), first: None, done: false };
        assert!(!home.store.save_opening(&home.host(), PartyId(5), Some(&opening)).await.expect("answers"));
        assert!(home.store.save_opening(&home.host(), party, Some(&opening)).await.expect("keeps"));
        assert_eq!(home.store.awaited(&other).await.expect("answers").len(), 1);
        let due = home.store.due_openings(opening.at).await.expect("answers").remove(0);
        assert!(home.store.save_opening(&home.host(), party, None).await.expect("keeps"));
        let post = domain::timeline::NewPost { at: opening.at, ..home.text("Come in.") };
        assert!(!home.store.open(&due, &post, None).await.expect("answers"), "called off meanwhile");
        assert!(home.store.save_opening(&home.host(), party, Some(&opening)).await.expect("keeps"));
        assert!(home.store.open(&due, &post, None).await.expect("answers"));
        assert_eq!(home.store.notifications(&other, None, 9).await.expect("answers").len(), 1);
    }

    async fn a_first_gathering_comes_with_the_opening_once(home: &Home) {
        let party = kept(home, &["bo"]).await;
        let other = home.member("other").await;
        let at = BEGINNING.plus_days(1);
        let first = Some(First::New { title: "Songs".into(), date: "2026-12-03".into(), time: "20:00".into(), place: "The hall".into() });
        let opening = Opening { at, whom: OpensFor::Party, words: "Come in.".into(), first, done: false };
        assert!(home.store.save_opening(&home.host(), party, Some(&opening)).await.expect("keeps"));
        let (kept, _) = home.store.party(&home.host(), party, at).await.expect("answers").expect("there");
        assert_eq!(kept.opening, Some(opening.clone()));
        let due = home.store.due_openings(at).await.expect("answers").remove(0);
        assert_eq!(due.first, opening.first);
        assert!(home.store.gatherings(&viewer(&other), at).await.expect("answers").is_empty(), "not before its day");
        // Another one was chosen since it was looked at.
        let soup = Opening { first: Some(First::Planned("soup".into())), ..opening };
        assert!(home.store.save_opening(&home.host(), party, Some(&soup)).await.expect("keeps"));
        let new = FirstGathering::New(Box::new(NewGathering { announce: true, ..home.new_gathering("Songs", Audience::Community) }));
        let post = domain::timeline::NewPost { at, ..home.text("Come in.") };
        assert!(!home.store.open(&due, &post, Some(&new)).await.expect("answers"));
        let due = home.store.due_openings(at).await.expect("answers").remove(0);
        for opened in [true, false] {
            assert_eq!(home.store.open(&due, &post, Some(&new)).await.expect("answers"), opened);
        }
        let there = home.store.gatherings(&viewer(&other), at).await.expect("answers");
        assert_eq!(there.iter().map(|one| (one.title.as_str(), one.host.id)).collect::<Vec<_>>(), [("Songs", home.ana.id)]);
        let timeline = timeline::TimelineStore::timeline(&home.store, &viewer(&other), &TimelineQuery::default(), 9).await.expect("answers");
        let announced: Vec<_> = timeline.iter().map(|post| post.announces.is_some()).collect();
        assert_eq!(announced.iter().filter(|announces| **announces).count(), 1);
        assert_eq!(announced.len(), 2, "and the first thread");
    }
}
