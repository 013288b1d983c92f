//! The words of the lists and pages of gatherings: chosen by the server, for the viewer, on their clock and as it is by now. The client
//! shows them.

use super::{Agenda, Choice, Note, Occasion, OneSession, Section, Series, Way};
use crate::{
    chrome::{capital, with_article},
    here::here,
    timeline::post::{in_words, names_in_words},
    when::{Hours, Local, WEEKDAYS, local, now},
};
use domain::{
    community::Words,
    gatherings::{AGENDA_MOST, Answer, GatheringPage, Listed, NAMED_COMING, Rsvp, Session, Show, clock::Phase},
    time::{Timestamp, Zone},
    viewer::Viewer,
};

impl Way {
    fn of(look: &str, address: impl Into<String>, words: impl Into<String>) -> Self {
        Self { look: look.to_owned(), address: address.into(), words: words.into(), leaves: true }
    }
    fn to_the_agenda(look: &str, words: &str) -> Self {
        Self { leaves: false, ..Self::of(look, "/gatherings", words) }
    }
}

/// What of the calendar is shown, each at its address, and the way to its other view.
pub(crate) fn choices(viewer: &Viewer, show: Show, address: &dyn Fn(Show) -> String, other: Choice) -> Vec<Choice> {
    let member = viewer.me().is_some();
    let choices = Show::ALL.into_iter().filter(|choice| member || !choice.is_for_members());
    let choice =
        |choice: Show| Choice { address: address(choice), words: choice.in_words().to_owned(), current: choice == show, leaves: false };
    choices.map(choice).chain([other]).collect()
}

/// The agenda.
pub(super) fn agenda(viewer: &Viewer, words: &Words, kept: domain::gatherings::Agenda, show: Show) -> Agenda {
    let member = viewer.me().is_some();
    let now = now();
    let nothing = kept.soon.is_empty() && kept.later.is_empty();
    let shown = !nothing || show != Show::All;
    let address = |show: Show| format!("/gatherings?show={}", show.word());
    let month =
        Choice { address: format!("/gatherings?month&show={}", show.word()), words: "As a month".into(), current: false, leaves: true };
    let soon = kept.soon.len();
    let quiet = if member { "Nothing is planned for the next two months." } else { "Nothing is open to everybody in the next two months." };
    let mut first = First::default();
    let dated = kept.soon.into_iter().map(|listed| {
        let starts = local(listed.session.starts_at, viewer.zone_or(&listed.zone));
        let first = first.is(&listed, now);
        (starts, occasion(viewer, listed, &InList::Agenda, first, now))
    });
    let months = months(dated.collect()).into_iter().map(|(first, sessions)| Section {
        id: format!("m-{}-{}", first.year, first.month),
        name: first.month_seen_from(local(now, viewer.zone_or(&Zone::utc()))),
        sessions,
    });
    let months = months.collect();
    let later = kept.later.into_iter().map(|listed| {
        let first = soon == 0 && first.is(&listed, now);
        occasion(viewer, listed, &InList::Later, first, now)
    });
    let later = Section { id: "later".into(), name: "Later".into(), sessions: later.collect() };
    Agenda {
        address: address(show),
        title: capital(&words.gatherings),
        plan: (member && shown).then(|| Way::of("button", "/gatherings/new", format!("Plan {}", with_article(&words.gathering)))),
        choices: if shown { choices(viewer, show, &address, month) } else { Vec::new() },
        quiet: (soon == 0 && !nothing).then(|| quiet.to_owned()),
        months,
        end: end_in_words(soon, member).filter(|_| show == Show::All),
        later: (!later.sessions.is_empty()).then_some(later),
        note: nothing.then(|| nothing_is_there(member, show)),
        subscribe: (!nothing).then(|| subscribe(member, &words.gatherings)),
    }
}

/// What is to be done where a list is empty.
fn nothing_is_there(member: bool, show: Show) -> Note {
    let (title, text, way) = match show {
        Show::All if member => (
            "Nothing is planned.",
            "A place comes alive when people meet in it. An hour is enough, online or at a kitchen table, and the same hour every week is better still.",
            Way::of("button", "/gatherings/new", "Plan the first one"),
        ),
        Show::All => (
            "Nothing is open to everybody just now.",
            "If you live here, sign in to see the rest.",
            Way::of("button quiet", "/sign-in?next=/gatherings", "Sign in"),
        ),
        Show::Mine => ("You have not said yes to anything yet.", "", everything()),
        Show::Kept => ("You host nothing yet.", "An hour at your table is enough.", Way::of("button", "/gatherings/new", "Plan one")),
        Show::InPerson => ("Nothing is planned in person.", "", everything()),
        Show::Online => ("Nothing is planned online.", "", everything()),
    };
    Note { title: title.into(), text: text.into(), ways: vec![way] }
}

fn everything() -> Way {
    Way::to_the_agenda("button quiet", "See everything that is coming")
}

fn subscribe(member: bool, gatherings: &str) -> Note {
    let title = "In your own calendar".to_owned();
    if member {
        let text = "The calendar on your phone can follow along: it takes an address that is yours alone, and from then on changes arrive by themselves.";
        let ways = [
            Way::of("button quiet", "/settings/calendar", "Your calendar address"),
            Way::of("button plain", "/calendar", "Only what is public"),
        ];
        Note { title, text: text.into(), ways: ways.into() }
    } else {
        let text = format!("The calendar on your phone can follow the public {gatherings}, and changes arrive by themselves.");
        Note { title, text, ways: vec![Way::of("button quiet", "/calendar", "Add to your calendar")] }
    }
}

/// What is true at the end of a list of so many sessions, of which a visitor sees those that are public.
fn end_in_words(soon: usize, member: bool) -> Option<String> {
    match soon {
        0 => None,
        AGENDA_MOST.. => Some(format!(
            "These are the next {}. What comes after them is on the page of each, and in your own calendar.",
            in_words(AGENDA_MOST as u32).to_lowercase()
        )),
        _ if member => Some("That is everything for the next two months.".to_owned()),
        _ => Some("That is everything open to everybody in the next two months.".to_owned()),
    }
}

/// The sessions of each month, in the order that they came.
fn months(dated: Vec<(Local, Occasion)>) -> Vec<(Local, Vec<Occasion>)> {
    let mut months: Vec<(Local, Vec<Occasion>)> = Vec::new();
    for (starts, occasion) in dated {
        match months.last_mut() {
            Some((first, month)) if (first.year, first.month) == (starts.year, starts.month) => month.push(occasion),
            _ => months.push((starts, vec![occasion])),
        }
    }
    months
}

/// Which session of a list is the next to which one can come: to it alone one is asked to come first.
#[derive(Default)]
struct First {
    found: bool,
}

impl First {
    fn is(&mut self, listed: &Listed, now: Timestamp) -> bool {
        let open = !listed.session.cancelled && listed.session.starts_at > now;
        open && !std::mem::replace(&mut self.found, true)
    }
}

/// Where a session is listed.
enum InList {
    /// In the agenda, below its month.
    Agenda,
    /// In the agenda, among what comes later than that.
    Later,
    /// On its own gathering's page. Its place stands there only where that is not the usual one, or it is not online as usual.
    Own {
        /// The usual place.
        place: String,
        /// It is usually online.
        online: bool,
    },
}

fn occasion(viewer: &Viewer, listed: Listed, list: &InList, first: bool, at: Timestamp) -> Occasion {
    let member = viewer.me().is_some();
    let zone = viewer.zone_or(&listed.zone);
    let (starts, today) = (local(listed.session.starts_at, zone), local(at, zone));
    let day = if starts.same_day(today) { "Today" } else { starts.weekday_name() };
    // What has no place is online, also where the viewer is not told the link.
    let online = listed.online || listed.place.is_empty();
    let (title, below, place) = match list {
        InList::Own { place, online: usually } if *place == listed.place && *usually == online => (day.to_owned(), None, String::new()),
        InList::Own { .. } => (day.to_owned(), None, place_in_words(&listed.place, online)),
        InList::Agenda => (listed.title, Some(if day == "Today" { day } else { &day[..3] }), place_in_words(&listed.place, online)),
        InList::Later => (listed.title, None, place_in_words(&listed.place, online)),
    };
    let cancelled = listed.session.cancelled;
    let mine = listed.mine.filter(|_| !listed.waiting);
    let is_told = member && !cancelled;
    let open = is_told && Phase::of(&listed.session, at) == Phase::Room;
    Occasion {
        address: format!("/gatherings/{}/{}", listed.slug, listed.session.date),
        title,
        day: starts.day,
        below: below.unwrap_or(&starts.month_name()[..3]).to_owned(),
        date: if matches!(list, InList::Later) { format!("{}, ", starts.date_seen_from(today)) } else { String::new() },
        hours: Hours::of(viewer, listed.session.starts_at, None, &listed.zone),
        place,
        now: match open {
            true if listed.session.starts_at <= at => "On now. Go in".to_owned(),
            true => "The room is open. Go in".to_owned(),
            false => String::new(),
        },
        coming: if is_told { coming_in_words(listed.yes, listed.names, mine, first) } else { String::new() },
        said: match listed.mine.filter(|_| is_told) {
            Some(_) if listed.waiting => "You are on the waiting list.",
            Some(Answer::Maybe) => "You said maybe.",
            Some(Answer::No) => "You said not this time.",
            // It is said with those who come.
            Some(Answer::Yes) | None => "",
        }
        .to_owned(),
        mine: listed.mine,
        cancelled,
    }
}

/// A gathering with its coming sessions; `about` is what its page says of it, in the rhythm that the page tells of.
pub(super) fn series(viewer: &Viewer, words: &Words, page: GatheringPage, about: super::About) -> Series {
    let (at, zone) = (now(), &about.zone);
    let usually = InList::Own { place: about.place.clone(), online: about.online };
    let lasting = lasting_in_words(about.minutes);
    let next_at = page.usual.filter(|_| about.repeats.is_some()).or(page.next.first().map(|next| next.session.starts_at));
    let when = match (about.repeats.as_deref(), next_at) {
        (Some(repeats), Some(at)) => {
            let hours = Hours::usual(viewer, at, zone, &lasting, names_one_day(repeats));
            (format!("{}, ", capital(repeats)), Some(hours), String::new())
        }
        (None, Some(at)) => {
            let date = local(at, viewer.zone_or(zone)).date();
            (format!("{date}, "), Some(Hours::of(viewer, at, None, zone)), format!(", {lasting}"))
        }
        (repeats, None) => (repeats.map(capital).unwrap_or_default(), None, String::new()),
    };
    let base = format!("/gatherings/{}", about.slug);
    let day = |session: &Session| {
        let readers = viewer.zone_or(zone);
        (format!("{base}/{}", session.date), local(session.starts_at, readers).date_seen_from(local(at, readers)))
    };
    let edit = || Way::of("button plain", format!("{base}/edit"), "Change it");
    let over = page.next.is_empty().then(|| {
        let last = page.last.as_ref().filter(|_| about.cancelled.is_none() && about.repeats.is_none());
        let again = match viewer.me() {
            Some(_) if about.mine => Some(Way::of("button", format!("{base}/edit"), "Set a new date")),
            Some(_) => Some(Way::of("button", "/gatherings/new", format!("Plan {}", with_article(&words.gathering)))),
            None => None,
        };
        let said = if last.is_some() { "Nothing more is planned here. It was on " } else { "Nothing more is planned here." };
        (
            said.to_owned(),
            last.map(|last| day(&last.session)),
            again.into_iter().chain([Way::to_the_agenda("button plain", "See what else is coming")]).collect(),
        )
    });
    let past = page.past.iter().map(|(session, left)| {
        let (address, date) = day(session);
        (address, date, left.in_words().unwrap_or_default())
    });
    let earlier = page.earlier.as_ref().map(|session| {
        let month = local(session.starts_at, viewer.zone_or(zone));
        format!("/gatherings?month={}-{:02}", month.year, month.month)
    });
    let mut first = First::default();
    Series {
        when,
        ways: [Some(add_to_calendar(&about.slug)), about.mine.then(edit)].into_iter().flatten().collect(),
        over,
        past: past.collect(),
        earlier,
        next: page
            .next
            .into_iter()
            .map(|listed| {
                let first = first.is(&listed, at);
                occasion(viewer, listed, &usually, first, at)
            })
            .collect(),
        about,
    }
}

/// The way into one's calendar.
pub(super) fn add_to_calendar(slug: &str) -> Way {
    Way::of("button quiet", format!("/gatherings/{slug}/calendar"), "Add to your calendar")
}

/// What else one can do about a session that is not over.
pub(super) fn ways_of(session: &OneSession) -> Vec<Way> {
    let (slug, date) = (&session.about.slug, &session.date);
    let way = |part: &str, words: &str| Way::of("button plain", format!("/gatherings/{slug}/{date}/{part}"), words);
    let takes_place = session.cancelled.is_none();
    let ways = [
        takes_place.then(|| add_to_calendar(slug)),
        (takes_place && session.bring).then(|| way("bring", "What to bring")),
        session.about.mine.then(|| way("edit", "Change it")),
    ];
    if session.over { Vec::new() } else { ways.into_iter().flatten().collect() }
}

/// Where to go, in words: the place, `online`, or both.
fn place_in_words(place: &str, online: bool) -> String {
    match (place.is_empty(), online) {
        (false, true) => format!("{place} or online"),
        (false, false) => place.to_owned(),
        (true, true) => "online".to_owned(),
        (true, false) => String::new(),
    }
}

/// Who comes, in words, to a session that is not over; nothing, for a visitor.
pub(crate) fn who_comes(session: &OneSession) -> Option<String> {
    who_of(here().me()?.id, session)
}

/// As [`who_comes`], for a member.
pub(super) fn who_of(me: domain::ids::MemberId, session: &OneSession) -> Option<String> {
    let mine = session.mine.as_ref().filter(|mine| !mine.waiting).map(|mine| mine.answer);
    // Where nobody answered, the list below says so.
    let says = !session.rsvps.is_empty() || session.room.is_some() || session.late;
    (!session.over && session.cancelled.is_none() && says).then(|| {
        let yes: Vec<&Rsvp> = session.rsvps.iter().filter(|rsvp| rsvp.answer == Answer::Yes && !rsvp.waiting).collect();
        let others = yes.iter().filter(|rsvp| rsvp.who.id != me).map(|rsvp| rsvp.who.display_name.clone()).collect();
        if session.rsvps.is_empty() {
            String::new()
        } else {
            coming_in_words(yes.iter().map(|rsvp| 1 + rsvp.guests).sum(), others, mine, true)
        }
    })
}

/// Who is coming, in words: `names` are some of the others, of whom up to three are named with the reader; `yes` counts them all. Where
/// nobody is, whoever looks at the `first` of a list and has not answered is asked to be.
fn coming_in_words(yes: u32, mut names: Vec<String>, mine: Option<Answer>, first: bool) -> String {
    let me = mine == Some(Answer::Yes);
    names.truncate(NAMED_COMING - usize::from(me));
    names.extend(me.then(|| if names.is_empty() { "You" } else { "you" }.to_owned()));
    match (yes.saturating_sub(names.len() as u32), names.as_slice()) {
        (0, []) if mine.is_some() => "Nobody has said yes yet.".to_owned(),
        (0, []) if first => "Nobody has said yes yet. Be the first?".to_owned(),
        (0, []) => String::new(),
        (0, [_]) if me => "Only you so far.".to_owned(),
        (0, [one]) => format!("{one} is coming."),
        (0, names) => format!("{} are coming.", names_in_words(names)),
        (1, []) => "One is coming.".to_owned(),
        (others, []) => format!("{} are coming.", in_words(others)),
        (1, names) => format!("{} and one other are coming.", names.join(", ")),
        (others, names) => format!("{} and {} others are coming.", names.join(", "), in_words(others).to_lowercase()),
    }
}

/// Whether the words of a rule name just one day of the week.
fn names_one_day(repeats: &str) -> bool {
    WEEKDAYS.iter().filter(|day| repeats.contains(**day)).count() == 1
}

/// How long, in words: `for an hour and a half`.
pub(crate) fn lasting_in_words(minutes: u32) -> String {
    let number = |count: u32| in_words(count).to_lowercase();
    let hours = |count: u32| if count == 1 { "an hour".to_owned() } else { format!("{} hours", number(count)) };
    let how_long = match (minutes / 60, minutes % 60) {
        (24.., 0) if minutes == 1440 => "a day".to_owned(),
        (24.., 0) if minutes.is_multiple_of(1440) => format!("{} days", number(minutes / 1440)),
        (0, minutes) => format!("{minutes} minutes"),
        (full, 0) => hours(full),
        (1, 30) => "an hour and a half".to_owned(),
        (full, 30) => format!("{} and a half hours", number(full)),
        (full, rest) => format!("{} and {rest} minutes", hours(full)),
    };
    format!("for {how_long}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        ids::MemberId,
        people::{Handle, Role},
        timeline::Looked,
        viewer::Me,
    };

    /// Thursday 26 November 2026, 19:30 UTC.
    const STARTS: Timestamp = Timestamp(1_795_721_400_000);

    fn bo() -> Viewer {
        let name = Handle::parse("bo").expect("a name");
        let (display_name, zone) = ("Bo".into(), Zone::utc());
        Viewer::Member(Me {
            id: MemberId(2),
            name,
            display_name,
            picture: None,
            role: Role::Member,
            zone,
            unread: 0,
            looked: Looked::default(),
        })
    }

    fn listed() -> Listed {
        let date = "2026-11-26".parse().expect("a date");
        Listed {
            slug: "drawing".into(),
            title: "Drawing".into(),
            zone: Zone::utc(),
            place: String::new(),
            online: true,
            session: Session { date, starts_at: STARTS, ends_at: STARTS.plus_seconds(7200), cancelled: false },
            mine: None,
            waiting: false,
            yes: 0,
            names: Vec::new(),
        }
    }

    fn in_agenda(viewer: &Viewer, listed: Listed, minutes: i64) -> Occasion {
        occasion(viewer, listed, &InList::Agenda, true, STARTS.plus_seconds(60 * minutes))
    }

    #[test]
    fn what_is_on_is_entered_from_the_list_as_soon_as_its_room_is_open() {
        let said = |viewer: &Viewer, minutes| in_agenda(viewer, listed(), minutes).now;
        let bo = bo();
        assert_eq!([-31, -30, 0, 119].map(|at| said(&bo, at)), ["", "The room is open. Go in", "On now. Go in", "On now. Go in"]);
        assert_eq!(said(&Viewer::Visitor, 10), "", "visitors have no room");
        let cancelled = Listed { session: Session { cancelled: true, ..listed().session }, ..listed() };
        assert_eq!(in_agenda(&bo, cancelled, 10).now, "");
    }

    #[test]
    fn what_is_today_says_so_on_the_readers_clock() {
        assert_eq!(in_agenda(&bo(), listed(), -60).below, "Today");
        assert_eq!(in_agenda(&bo(), listed(), -1440).below, "Thu");
        let own = InList::Own { place: String::new(), online: true };
        let on_its_page = |minutes: i64| occasion(&bo(), listed(), &own, true, STARTS.plus_seconds(60 * minutes));
        let (today, before) = (on_its_page(-60), on_its_page(-1440));
        assert_eq!((today.title.as_str(), today.below.as_str()), ("Today", "Nov"));
        assert_eq!((before.title.as_str(), before.place.as_str()), ("Thursday", ""));
    }

    #[test]
    fn ones_own_yes_is_said_once() {
        let said = |mine, yes| {
            let one = in_agenda(&bo(), Listed { mine: Some(mine), yes, names: vec!["Ana".into()], ..listed() }, -60);
            format!("{} {}", one.coming, one.said)
        };
        assert_eq!(said(Answer::Yes, 2), "Ana and you are coming. ");
        assert_eq!(said(Answer::Maybe, 1), "Ana is coming. You said maybe.");
        let waits = in_agenda(&bo(), Listed { mine: Some(Answer::Yes), waiting: true, ..listed() }, -60);
        assert_eq!(waits.said, "You are on the waiting list.");
    }

    #[test]
    fn sessions_stand_below_their_month() {
        let on = |year, month, day| {
            let starts = Local { year, month, day, weekday: 0, hour: 0, minute: 0 };
            (starts, in_agenda(&Viewer::Visitor, listed(), 0))
        };
        let months = months(vec![on(2026, 11, 26), on(2026, 12, 10), on(2026, 12, 24), on(2027, 12, 1)]);
        let counts: Vec<_> = months.iter().map(|(first, month)| (first.year, first.month_name(), month.len())).collect();
        assert_eq!(counts, [(2026, "November", 1), (2026, "December", 2), (2027, "December", 1)]);
    }

    #[test]
    fn who_comes_is_said_in_words() {
        let said =
            |yes, names: &[&str], mine, first| coming_in_words(yes, names.iter().map(|name| (*name).to_owned()).collect(), mine, first);
        let coming = |yes, names: &[&str], mine| said(yes, names, mine, true);
        assert_eq!(coming(0, &[], None), "Nobody has said yes yet. Be the first?");
        assert_eq!(said(0, &[], None, false), "", "asked once in a list");
        assert_eq!(coming(0, &[], Some(Answer::No)), "Nobody has said yes yet.");
        assert_eq!(coming(1, &[], Some(Answer::Yes)), "Only you so far.");
        assert_eq!(coming(3, &[], Some(Answer::Yes)), "You and two others are coming.");
        assert_eq!(coming(1, &["Ana"], Some(Answer::Maybe)), "Ana is coming.");
        assert_eq!(coming(3, &["Ana", "Bo"], Some(Answer::Yes)), "Ana, Bo and you are coming.");
        assert_eq!(coming(4, &["Ana", "Bo", "Cy"], None), "Ana, Bo, Cy and one other are coming.");
        assert_eq!(coming(23, &["Ana", "Bo", "Cy"], Some(Answer::Yes)), "Ana, Bo, you and twenty others are coming.");
    }

    #[test]
    fn whoever_looks_is_asked_to_be_the_first_of_the_next_that_they_can_come_to() {
        let mut first = First::default();
        let cancelled = Listed { session: Session { cancelled: true, ..listed().session }, ..listed() };
        let at = STARTS.plus_days(-1);
        assert_eq!([&cancelled, &listed(), &listed()].map(|listed| first.is(listed, at)), [false, true, false]);
    }

    #[test]
    fn the_agenda_does_not_say_that_it_is_everything_where_it_was_cut() {
        assert_eq!(end_in_words(0, true), None);
        assert_eq!(end_in_words(99, true).as_deref(), Some("That is everything for the next two months."));
        assert_eq!(end_in_words(99, false).as_deref(), Some("That is everything open to everybody in the next two months."));
        assert!(end_in_words(AGENDA_MOST, true).is_some_and(|end| end.starts_with("These are the next 100.")));
    }

    #[test]
    fn an_empty_list_leads_to_a_fuller_one() {
        for show in Show::ALL {
            let note = nothing_is_there(true, show);
            let to = &note.ways[0];
            assert!(note.title.ends_with('.') && (to.address == "/gatherings" || to.address == "/gatherings/new"), "{note:?}");
        }
        assert_eq!(nothing_is_there(true, Show::Mine).title, "You have not said yes to anything yet.");
    }

    #[test]
    fn a_session_may_be_in_a_place_and_online() {
        assert_eq!(place_in_words("Rua da Lanterna 12", true), "Rua da Lanterna 12 or online");
        assert_eq!(place_in_words("", true), "online");
    }

    #[test]
    fn how_long_is_said_in_words() {
        let words: Vec<_> = [45, 60, 80, 90, 150, 1440, 2880, 1500].into_iter().map(lasting_in_words).collect();
        assert_eq!(
            words,
            [
                "for 45 minutes",
                "for an hour",
                "for an hour and 20 minutes",
                "for an hour and a half",
                "for two and a half hours",
                "for a day",
                "for two days",
                "for twenty-five hours",
            ]
        );
    }

    #[test]
    fn one_day_of_the_week_is_told_from_several_and_from_none() {
        assert!(names_one_day("every second Thursday") && names_one_day("on the last Friday of each month"));
        assert!(!names_one_day("every week on Monday and Wednesday") && !names_one_day("on the 3rd of each month"));
    }
}
