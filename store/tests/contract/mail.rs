//! Mail: to addresses that were confirmed, of what still holds, one letter each.

use crate::home::{BEGINNING, Home, Plain, refusal, viewer};
use chrono::NaiveDate;
use domain::{
    gatherings::{
        Answer, Gathering, GatheringStore, Gatherings, NewRsvp,
        bring::{BringStore, NewList, NewTaking, read_list},
        changes::{self, Reach, SeriesChange, SessionForm},
        coming::{Reminder, Reminders},
        room::Place,
    },
    ids::LetterId,
    mail::{
        Around, Carrier, Delivered, Letter, Mail, MailStore, NotCarried, SaidWith, What,
        address::{AddressRefusal, MOST_CONFIRMATIONS, MailAddress, MailWishes, NewConfirmation},
    },
    outcome::Unavailable,
    sign_in::{Codes, SignInStore},
    time::{Clock, Timestamp},
    timeline::Audience,
    viewer::Me,
};
use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
};
use store::Store;

/// Codes that differ.
#[derive(Default)]
struct Numbered;

impl Codes for Numbered {
    fn new_code(&self) -> String {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        format!("code-{}", NUMBER.fetch_add(1, Ordering::Relaxed))
    }
    fn digest(&self, code: &str) -> String {
        code.to_owned()
    }
}

/// A clock, and a place where letters are laid down as long as it is open.
pub struct Desk {
    now: AtomicI64,
    closed: AtomicBool,
    pub carried: Mutex<Vec<Letter>>,
}

impl Clock for Desk {
    fn now(&self) -> Timestamp {
        Timestamp(self.now.load(Ordering::Relaxed))
    }
}

#[async_trait::async_trait]
impl Carrier for Desk {
    async fn carry(&self, letter: &Letter) -> Result<(), NotCarried> {
        if letter.to.as_str().starts_with("nobody@") {
            return Err(NotCarried::Nobody("550 no such user".into()));
        }
        if self.closed.load(Ordering::Relaxed) {
            return Err(NotCarried::NotNow(Unavailable::because("closed")));
        }
        self.carried.lock().expect("whole").push(letter.clone());
        Ok(())
    }
    async fn lying(&self) -> Result<Option<usize>, Unavailable> {
        Ok(None)
    }
}

impl Desk {
    pub fn at(now: Timestamp) -> Arc<Self> {
        Arc::new(Self { now: AtomicI64::new(now.0), closed: AtomicBool::new(false), carried: Mutex::default() })
    }
    pub fn set(&self, now: Timestamp) {
        self.now.store(now.0, Ordering::Relaxed);
    }
    fn close(&self, closed: bool) {
        self.closed.store(closed, Ordering::Relaxed);
    }
    fn mail(self: &Arc<Self>, store: &Store) -> Mail {
        let kept = Arc::new(store.clone());
        let gatherings = Gatherings::new(kept.clone(), kept.clone(), Arc::new(Plain), self.clone());
        let around = Around {
            gatherings,
            community: kept.clone(),
            codes: Arc::new(Numbered),
            carrier: self.clone(),
            clock: self.clone(),
            origin: "https://porch.example".into(),
        };
        Mail::new(kept, around)
    }
    /// Delivers all that is due; how it went with each.
    pub async fn deliver(self: &Arc<Self>, store: &Store) -> Vec<Delivered> {
        let mail = self.mail(store);
        let mut all = Vec::new();
        loop {
            match mail.deliver(1.0).await.expect("answers") {
                Delivered::Nothing => return all,
                done => all.push(done),
            }
        }
    }
    /// The subjects of what was carried since the last time, with whom it went to.
    pub fn take(&self) -> Vec<String> {
        let mut all: Vec<_> = std::mem::take(&mut *self.carried.lock().expect("whole"))
            .into_iter()
            .map(|letter| format!("{}: {}", letter.to.as_str(), letter.subject))
            .collect();
        all.sort();
        all
    }
}

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Somebody who confirmed an address.
pub async fn reader(home: &Home, name: &str) -> Me {
    let me = home.member(name).await;
    mailed(home, &me, name).await;
    me
}

async fn mailed(home: &Home, me: &Me, mailbox: &str) {
    let address = MailAddress::parse(&format!("{mailbox}@example.org")).expect("an address");
    // Long ago: letters that ask for it are dropped.
    let new = NewConfirmation::of(address, Numbered.new_code(), BEGINNING.plus_days(-2));
    home.store.ask_to_confirm(me, &new).await.expect("keeps");
    assert!(home.store.confirm(&new.code, &format!("secret of {mailbox}"), BEGINNING.plus_days(-1)).await.expect("keeps"));
}

/// Moves a session by hours, as the form does.
async fn move_by(home: &Home, kept: &Gathering, on: &str, time: &str, at: Timestamp) {
    let own = kept.exception(date(on));
    let form = SessionForm {
        date: on.into(),
        time: time.into(),
        minutes: "90".into(),
        place: "The kitchen".into(),
        link: String::new(),
        door: String::new(),
        markdown: String::new(),
        room: None,
        seen: own.map_or(0, |own| own.changes),
    };
    let change = form.check(kept, date(on), &Plain, at).expect("may be");
    home.store.save_session(&home.ana, &change).await.expect("keeps");
}

laws! {
    async fn an_address_is_the_members_when_they_said_so_and_only_once(home: &Home) {
        let bo = home.member("bo").await;
        let desk = Desk::at(BEGINNING);
        let mail = desk.mail(&home.store);
        mail.ask_to_confirm(&bo, "bo@example.org").await.expect("keeps");
        let settings = mail.settings(&bo).await.expect("answers");
        assert_eq!((settings.address, settings.waiting.as_ref().map(MailAddress::as_str)), (None, Some("bo@example.org")));
        assert!(settings.wishes.reminders && settings.wishes.changes);
        desk.deliver(&home.store).await;
        let letter = desk.carried.lock().expect("whole").remove(0);
        let code = letter.text.split("/mail/confirm/").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("a code").to_owned();
        let confirmation = mail.confirmation(&code).await.expect("answers").expect("works");
        assert_eq!((confirmation.address.as_str(), confirmation.done), ("bo@example.org", false));
        assert_eq!(mail.settings(&bo).await.expect("answers").address, None, "looking changes nothing");

        let tries = (0..20).map(|_| { let (mail, code) = (mail.clone(), code.clone()); tokio::spawn(async move { mail.confirm(&code).await.expect("answers") }) });
        let mut won = 0;
        for one in tries.collect::<Vec<_>>() {
            won += usize::from(one.await.expect("ends"));
        }
        assert_eq!(won, 1);
        assert_eq!(mail.settings(&bo).await.expect("answers").address.as_ref().map(MailAddress::as_str), Some("bo@example.org"));
        assert!(mail.confirmation(&code).await.expect("answers").expect("still says so").done);
        assert_eq!(refusal(mail.ask_to_confirm(&bo, "bo@EXAMPLE.org").await), AddressRefusal::Already);
        assert_eq!(mail.confirmation("code").await.expect("answers"), None);

        mail.ask_to_confirm(&bo, "new@example.org").await.expect("keeps");
        let waiting = mail.settings(&bo).await.expect("answers");
        assert_eq!(waiting.address.as_ref().map(MailAddress::as_str), Some("bo@example.org"), "the old one holds until then");
        desk.set(BEGINNING.plus_days(4));
        assert_eq!(mail.settings(&bo).await.expect("answers").waiting, None, "the link has run out");
        mail.ask_to_confirm(&bo, "eve@example.org").await.expect("keeps");
        home.store.end_everywhere(bo.id).await.expect("ends");
        assert_eq!(mail.settings(&bo).await.expect("answers").waiting, None, "who asked may have been somebody else");
        mail.forget_address(&bo).await.expect("keeps");
        assert_eq!(mail.settings(&bo).await.expect("answers").address, None);
        assert_eq!(mail.confirmation(&code).await.expect("answers"), None);
    }

    async fn letters_to_an_address_that_is_to_be_confirmed_are_few(home: &Home) {
        let bo = home.member("bo").await;
        let desk = Desk::at(BEGINNING);
        let mail = desk.mail(&home.store);
        for number in 0..MOST_CONFIRMATIONS {
            mail.ask_to_confirm(&bo, &format!("bo{number}@example.org")).await.expect("keeps");
        }
        assert_eq!(refusal(mail.ask_to_confirm(&bo, "bo@example.org").await), AddressRefusal::TooMany);
        desk.deliver(&home.store).await;
        assert_eq!(desk.take(), ["bo4@example.org: Is this your address? (The Porch)"], "only the last one is asked");
        desk.set(BEGINNING.plus_days(2));
        mail.ask_to_confirm(&bo, "bo@example.org").await.expect("another day");
    }

    async fn what_became_of_a_session_is_mailed_to_those_who_answered_and_want_it(home: &Home) {
        let [bo, cy] = [reader(home, "bo").await, reader(home, "cy").await];
        let di = home.member("di").await;
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        for me in [&bo, &cy, &di] {
            home.answer(me, &kept, date("2026-12-03"), Answer::Yes, "").await;
        }
        home.store.save_mail_wishes(&cy, MailWishes { reminders: true, ..MailWishes::NONE }).await.expect("keeps");
        let desk = Desk::at(home.now());
        assert!(desk.deliver(&home.store).await.iter().all(|done| matches!(done, Delivered::Dropped)), "of what is old");
        move_by(home, &home.kept(&slug).await, "2026-12-03", "21:00", desk.now()).await;
        assert!(matches!(desk.deliver(&home.store).await[..], [Delivered::Sent]));
        assert_eq!(desk.take(), ["bo@example.org: Changed: Soup is on Thursday 3 December at 21:00"]);
        assert!(desk.deliver(&home.store).await.is_empty());

        // Moved again: that is news again. But what was not delivered yet is said once.
        move_by(home, &home.kept(&slug).await, "2026-12-03", "18:00", desk.now().plus_seconds(60)).await;
        move_by(home, &home.kept(&slug).await, "2026-12-03", "18:30", desk.now().plus_seconds(120)).await;
        desk.set(desk.now().plus_seconds(180));
        desk.deliver(&home.store).await;
        assert_eq!(desk.take(), ["bo@example.org: Changed: Soup is on Thursday 3 December at 18:30"]);
    }

    async fn whoever_only_brings_something_is_reminded_and_hears_what_becomes_of_it(home: &Home) {
        let bo = reader(home, "bo").await;
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        let session = kept.session(date("2026-12-03")).expect("a session");
        let place = Place { gathering: kept.id, session };
        home.store.keep_list(place, "", &NewList::Usual(read_list("bread").expect("a list"))).await.expect("keeps");
        let taking = NewTaking { name: "bread".into(), many: 1, seen: 0, at: home.now() };
        assert!(home.store.bring(&bo, place, &taking).await.expect("takes"));
        let desk = Desk::at(session.starts_at.plus_seconds(-20 * 3600));
        for _ in 0..2 {
            home.store.remind(Reminder::Day, Reminder::Day.due(desk.now()), desk.now()).await.expect("reminds");
            desk.deliver(&home.store).await;
        }
        assert_eq!(desk.take(), ["bo@example.org: Soup is tomorrow at 00:00"]);
        let off = changes::cancel(&kept, session.date, Some("No kitchen."), desk.now()).expect("may be");
        home.store.save_session(&home.ana, &off).await.expect("keeps");
        desk.deliver(&home.store).await;
        assert_eq!(desk.take(), ["bo@example.org: Cancelled: Soup on Thursday 3 December"]);
    }

    async fn whoever_wants_no_letters_of_changes_is_reminded_all_the_same(home: &Home) {
        let [bo, cy] = [reader(home, "bo").await, reader(home, "cy").await];
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        for me in [&bo, &cy] {
            home.answer(me, &kept, date("2026-12-03"), Answer::Yes, "").await;
        }
        home.store.save_mail_wishes(&cy, MailWishes { reminders: true, ..MailWishes::NONE }).await.expect("keeps");
        let starts = kept.session(date("2026-12-03")).expect("a session").starts_at;
        let desk = Desk::at(starts.plus_seconds(-20 * 3600));
        home.store.remind(Reminder::Day, Reminder::Day.due(desk.now()), desk.now()).await.expect("reminds");
        // In another place, at the same time, before the reminder was delivered.
        move_by(home, &home.kept(&slug).await, "2026-12-03", "00:00", desk.now()).await;
        desk.set(desk.now().plus_seconds(1));
        desk.deliver(&home.store).await;
        assert_eq!(desk.take(), ["bo@example.org: Changed: Soup is on Thursday 3 December at 00:00", "cy@example.org: Soup is tomorrow at 00:00"]);
        // What moved further away meanwhile is not about to be.
        home.store.remind(Reminder::Hour, Reminder::Hour.due(starts.plus_seconds(-1800)), starts.plus_seconds(-1800)).await.expect("reminds");
        move_by(home, &home.kept(&slug).await, "2026-12-03", "23:30", starts.plus_seconds(-1799)).await;
        desk.set(starts.plus_seconds(-1798));
        desk.deliver(&home.store).await;
        assert_eq!(desk.take(), ["bo@example.org: Changed: Soup is on Thursday 3 December at 23:30"]);
    }

    async fn what_does_not_hold_any_more_is_not_mailed(home: &Home) {
        let bo = reader(home, "bo").await;
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        home.answer(&bo, &kept, date("2026-12-03"), Answer::Yes, "").await;
        let desk = Desk::at(home.now());
        desk.deliver(&home.store).await;
        let news = async |now: Timestamp| {
            desk.set(now);
            move_by(home, &home.kept(&slug).await, "2026-12-03", if now.0 % 120_000 == 0 { "20:00" } else { "21:00" }, now).await;
        };
        // Unsubscribed meanwhile.
        news(home.now()).await;
        assert!(home.store.unsubscribe("secret of bo").await.expect("answers"));
        assert!(!home.store.unsubscribe("secret of nobody").await.expect("answers"));
        assert!(matches!(desk.deliver(&home.store).await[..], [Delivered::Dropped]));
        assert_eq!(home.store.subscribed("secret of bo").await.expect("answers"), Some(MailWishes::NONE));
        // Cancelled meanwhile: that is said instead.
        home.store.save_mail_wishes(&bo, MailWishes { reminders: true, changes: true, weekly: false }).await.expect("keeps");
        news(home.now()).await;
        let off = changes::cancel(&home.kept(&slug).await, date("2026-12-03"), Some("Ill."), desk.now().plus_seconds(1)).expect("may be");
        home.store.save_session(&home.ana, &off).await.expect("keeps");
        desk.set(desk.now().plus_seconds(2));
        assert!(matches!(desk.deliver(&home.store).await[..], [Delivered::Sent]));
        assert_eq!(desk.take(), ["bo@example.org: Cancelled: Soup on Thursday 3 December"]);
        // Found again in a backup, or nobody served for long.
        let on = changes::cancel(&home.kept(&slug).await, date("2026-12-03"), None, desk.now().plus_seconds(3)).expect("may be");
        home.store.save_session(&home.ana, &on).await.expect("keeps");
        desk.set(desk.now().plus_days(2));
        assert!(matches!(desk.deliver(&home.store).await[..], [Delivered::Dropped]));
        // For named people only, and no longer for them.
        news(desk.now().plus_seconds(60)).await;
        let now = home.kept(&slug).await;
        let mut new = home.new_gathering("Soup", Audience::Named);
        new.at = desk.now();
        let change = SeriesChange::decide(&now, new, Reach::Whole, &[date("2026-12-03")]).expect("may be");
        home.store.save_gathering(&home.ana, &change).await.expect("keeps");
        desk.set(desk.now().plus_seconds(1));
        assert!(desk.deliver(&home.store).await.iter().all(|done| matches!(done, Delivered::Dropped)));
        assert!(desk.take().is_empty());
    }

    async fn a_letter_that_could_not_be_carried_is_tried_again_and_in_the_end_given_up(home: &Home) {
        let bo = reader(home, "bo").await;
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        home.answer(&bo, &kept, date("2026-12-03"), Answer::Yes, "").await;
        let begun = home.now();
        let desk = Desk::at(begun);
        desk.deliver(&home.store).await;
        move_by(home, &kept, "2026-12-03", "21:00", begun).await;
        desk.close(true);
        let mut tried = Vec::new();
        let cause = loop {
            match desk.mail(&home.store).deliver(1.0).await.expect("answers") {
                Delivered::Nothing => desk.set(desk.now().plus_seconds(60)),
                Delivered::Later(..) => tried.push((desk.now().0 - begun.0) / 60_000),
                Delivered::GivenUp(_, cause) => break cause,
                done => panic!("{done:?}"),
            }
        };
        assert_eq!(cause, "closed");
        // Found again in a backup, after it was tried: it is not sent weeks later.
        let moved = home.kept(&slug).await;
        move_by(home, &moved, "2026-12-03", "18:00", desk.now()).await;
        assert!(matches!(desk.deliver(&home.store).await[..], [Delivered::Later(..)]));
        desk.close(false);
        desk.set(desk.now().plus_days(4));
        assert!(matches!(desk.deliver(&home.store).await[..], [Delivered::Dropped]));
        desk.set(desk.now().plus_days(-4));
        desk.close(true);
        assert_eq!(tried[..8], [0, 1, 5, 21, 85, 341, 701, 1061], "minutes after it was written");
        assert!((begun.plus_days(2)..=begun.plus_days(3)).contains(&desk.now()));
        desk.close(false);
        desk.set(desk.now().plus_days(1));
        assert!(desk.deliver(&home.store).await.is_empty());
    }

    async fn an_address_that_nobody_has_is_written_to_once(home: &Home) {
        let bo = home.member("bo").await;
        mailed(home, &bo, "nobody").await;
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        home.answer(&bo, &kept, date("2026-12-03"), Answer::Yes, "").await;
        let desk = Desk::at(home.now());
        desk.deliver(&home.store).await;
        move_by(home, &kept, "2026-12-03", "21:00", desk.now()).await;
        assert!(matches!(desk.deliver(&home.store).await[..], [Delivered::GivenUp(..)]));
        desk.set(desk.now().plus_days(1));
        assert!(desk.deliver(&home.store).await.is_empty());
    }

    async fn a_letter_whose_server_died_is_delivered_by_another_under_the_same_id(home: &Home) {
        let bo = reader(home, "bo").await;
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        home.answer(&bo, &kept, date("2026-12-03"), Answer::Yes, "").await;
        let desk = Desk::at(home.now());
        desk.deliver(&home.store).await;
        move_by(home, &kept, "2026-12-03", "21:00", desk.now()).await;
        let until = desk.now().plus_seconds(600);
        let claimed = home.store.claim(desk.now(), until, "the code").await.expect("answers").expect("one is due");
        assert_eq!((claimed.tries, claimed.code.as_str()), (1, "the code"));
        // It may have been handed over before the end; nobody knows.
        assert!(desk.deliver(&home.store).await.is_empty(), "it is not due for anybody else yet");
        desk.set(until);
        assert!(matches!(desk.deliver(&home.store).await[..], [Delivered::Sent]));
        let letter = desk.carried.lock().expect("whole").remove(0);
        assert_eq!(letter.id, claimed.id);
        assert!(letter.text.contains("/answer/the code/yes"), "{}", letter.text);
        // Whoever comes late with an older claim puts nothing off.
        home.store.put_off(claimed.id, claimed.tries, desk.now()).await.expect("answers");
        assert!(desk.deliver(&home.store).await.is_empty());
    }

    async fn two_servers_that_remind_and_deliver_at_once_send_one_letter_each(home: &Home) {
        let mut readers = Vec::new();
        for number in 0..12 {
            readers.push(reader(home, &format!("reader{number}")).await);
        }
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        let first = kept.session(date("2026-12-03")).expect("a session");
        for me in &readers {
            home.answer(me, &kept, first.date, Answer::Yes, "").await;
        }
        home.store.save_reminders(&readers[0], Reminders::Hour).await.expect("keeps");
        let other = Store::open(&home.place.location).await.expect("opens");
        let desk = Desk::at(home.now());
        desk.deliver(&home.store).await;
        desk.take();
        for (reminder, before, subject, letters) in [
            (Reminder::Day, 80_000, "Soup is tomorrow at 00:00", 11),
            (Reminder::Hour, 3000, "Soup begins at 00:00", 12),
        ] {
            let now = first.starts_at.plus_seconds(-before);
            desk.set(now);
            // An hour and more pass between the two; what is older than a day would not be sent.
            let both = [&home.store, &other].map(|store| {
                let (store, desk) = (store.clone(), desk.clone());
                tokio::spawn(async move {
                    store.remind(reminder, reminder.due(now), now).await.expect("reminds");
                    desk.deliver(&store).await
                })
            });
            for server in both {
                server.await.expect("ends");
            }
            let mut sent: BTreeSet<LetterId> = BTreeSet::new();
            for letter in std::mem::take(&mut *desk.carried.lock().expect("whole")) {
                assert_eq!(letter.subject, subject);
                assert!(sent.insert(letter.id), "twice");
            }
            assert_eq!(sent.len(), letters);
            let due = home.store.claim(now, now, "x").await.expect("answers");
            assert_eq!(due.map(|claimed| claimed.errand), None);
        }
        other.close().await;
    }

    async fn a_letters_code_answers_its_session_as_its_member_until_that_is_over(home: &Home) {
        let bo = reader(home, "bo").await;
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        let first = kept.session(date("2026-12-03")).expect("a session");
        let new = NewRsvp { note: "with bread".into(), ..home.yes(&kept, first.date) };
        assert!(home.store.record_rsvp(&bo, &new).await.expect("keeps"));
        let desk = Desk::at(home.now());
        desk.deliver(&home.store).await;
        let code = async || {
            desk.deliver(&home.store).await;
            let letter = std::mem::take(&mut *desk.carried.lock().expect("whole")).pop().expect("a letter");
            letter.text.split("/answer/").nth(1).and_then(|rest| rest.split('/').next()).expect("a code").to_owned()
        };
        move_by(home, &kept, "2026-12-03", "21:00", desk.now()).await;
        let first_code = code().await;
        let mail = desk.mail(&home.store);
        let answering = mail.answering(&first_code).await.expect("answers").expect("works");
        assert_eq!((answering.me.id, answering.page.session.date), (bo.id, first.date));
        mail.answer(&first_code, Answer::No, &SaidWith::default()).await.expect("answered");
        let mine = async || home.store.rsvps(&viewer(&bo), kept.id, first.date).await.expect("answers").remove(0);
        assert_eq!((mine().await.answer, mine().await.note.as_str()), (Answer::No, "with bread"));
        assert!(mail.answering("code").await.expect("answers").is_none());

        // It goes along where the session goes, and ends with the sign-ins of its member.
        let now = home.kept(&slug).await;
        let mut friday = home.new_gathering("Soup", Audience::Community);
        friday.schedule.rule = "FREQ=WEEKLY;BYDAY=FR".parse().ok();
        friday.schedule.first = date("2026-12-04");
        friday.at = desk.now();
        let answered = [first.date];
        let change = SeriesChange::decide(&now, friday, Reach::Whole, &answered).expect("may be");
        home.store.save_gathering(&home.ana, &change).await.expect("keeps");
        let moved = mail.answering(&first_code).await.expect("answers").expect("went along").page;
        assert_eq!(moved.session.date, date("2026-12-04"));
        desk.set(moved.session.ends_at);
        assert!(mail.answering(&first_code).await.expect("answers").is_none(), "it is over");
        desk.set(home.now());
        home.store.end_everywhere(bo.id).await.expect("keeps");
        assert!(mail.answering(&first_code).await.expect("answers").is_none());
    }

    async fn letters_are_forgotten_when_they_can_not_be_answered_any_more(home: &Home) {
        let bo = reader(home, "bo").await;
        let slug = home.gathering(&home.ana, "Soup", Audience::Community).await;
        let kept = home.kept(&slug).await;
        home.answer(&bo, &kept, date("2026-12-03"), Answer::Yes, "").await;
        let desk = Desk::at(home.now());
        desk.deliver(&home.store).await;
        move_by(home, &kept, "2026-12-03", "21:00", desk.now()).await;
        desk.deliver(&home.store).await;
        let mail = desk.mail(&home.store);
        let letters = async || {
            mail.tidy().await.expect("tidies");
            let counts = home.store.counts().await.expect("answers");
            counts.into_iter().filter(|(name, _)| name == "letters" || name == "mail_confirmations").map(|(_, rows)| rows).collect::<Vec<_>>()
        };
        desk.set(desk.now().plus_days(8));
        assert_eq!(letters().await, [1, 0], "the one about what is to come");
        desk.set(kept.session(date("2026-12-03")).expect("a session").ends_at.plus_days(1));
        assert_eq!(letters().await, [0, 0]);
        assert!(What::from_word("confirm").is_none());
    }
}
