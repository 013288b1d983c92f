//! Gatherings as people see them: the agenda, a series, one session, and saying whether one comes.
//!
//! Reading order: here what goes over the wire (made of the domain's types on the server, so that neither rules nor calendars
//! reach the client) and the calls; [`agenda`] has the line that every list of sessions is made of; then [`series`] and
//! [`session`], one page each. [`plan`] is the form, [`sessions`] what its host does with single ones, [`rooms`] what is done in
//! their rooms, [`bring`] what people bring and who hosts, and [`import`] takes the events of a calendar file in.

pub mod agenda;
pub mod bring;
pub mod import;
pub mod plan;
pub mod rooms;
pub mod series;
pub mod session;
pub mod sessions;
#[cfg(feature = "ssr")]
pub(crate) mod told;

use crate::{fault::Fault, when::Hours};
use domain::{
    gatherings::{Answer, Rsvp, RsvpForm, RsvpRefusal},
    ids::GatheringId,
    people::Byline,
    pictures::Picture,
    prose::{SafeHtml, SafeUrl},
    time::{Timestamp, Zone},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A session in a list, in words for its viewer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Occasion {
    /// Where its page is.
    pub address: String,
    /// What it is called in this list: the gathering's title, or on its own page the day.
    pub title: String,
    /// The day of the month on which it starts.
    pub day: u32,
    /// What stands below that: the day of the week, `Today`, or the month.
    pub below: String,
    /// Its date, where it stands below no month: `Thursday 3 March, `.
    pub date: String,
    /// When it starts.
    pub hours: Hours,
    /// Where, in words; may be empty, and is on its gathering's own page where it is the usual place.
    pub place: String,
    /// For members, that it is on, or its room open; else empty.
    pub now: String,
    /// Who comes, in words; may be empty, and is for a visitor.
    pub coming: String,
    /// What the viewer said of it, where that is not said by then; may be empty.
    pub said: String,
    /// The viewer's own answer.
    pub mine: Option<Answer>,
    /// It was cancelled.
    pub cancelled: bool,
}

/// A way on from a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Way {
    /// How it looks, as classes.
    pub look: String,
    /// Where to.
    pub address: String,
    /// What it says.
    pub words: String,
    /// That is not one of the pages that the client has taken over.
    pub leaves: bool,
}

/// One of several ways of looking at something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Where it is.
    pub address: String,
    /// What it is called.
    pub words: String,
    /// It is the one that is shown.
    pub current: bool,
    /// It is not one of the pages that the client has taken over.
    pub leaves: bool,
}

/// Something to know, and the ways on from there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// What it is.
    pub title: String,
    /// More of it; may be empty.
    pub text: String,
    /// The ways.
    pub ways: Vec<Way>,
}

/// A part of a list, with its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// By which its name is found.
    pub id: String,
    /// Its name, such as a month's.
    pub name: String,
    /// The sessions.
    pub sessions: Vec<Occasion>,
}

/// What is coming.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agenda {
    /// Where it stands, as far as it is shown.
    pub address: String,
    /// What it is called here.
    pub title: String,
    /// The way to plan something.
    pub plan: Option<Way>,
    /// What of it may be shown.
    pub choices: Vec<Choice>,
    /// That nothing is within its time.
    pub quiet: Option<String>,
    /// The sessions of each month within its time, soonest first.
    pub months: Vec<Section>,
    /// What is true at their end.
    pub end: Option<String>,
    /// What comes first after that time: one session of each gathering that has none within it.
    pub later: Option<Section>,
    /// What is to be done where there is nothing.
    pub note: Option<Note>,
    /// How to have it in one's own calendar.
    pub subscribe: Option<Note>,
}

/// What the pages of a gathering say of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// Its id, by which hints name it.
    pub id: GatheringId,
    /// Its address part.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What it is.
    pub html: SafeHtml,
    /// Its picture.
    pub picture: Option<Picture>,
    /// How often, in words; `None` for one that does not repeat.
    pub repeats: Option<String>,
    /// How long a session takes, in minutes.
    pub minutes: u32,
    /// Its own zone.
    pub zone: Zone,
    /// Where, in words; may be empty.
    pub place: String,
    /// It is (also) online.
    pub online: bool,
    /// Where to click: an http(s) address, for those who are shown it now.
    pub link: Option<SafeUrl>,
    /// Where there is none: who finds it, and where.
    pub link_note: String,
    /// What else is to be known: what it is called, and what it is.
    pub facts: Vec<(String, String)>,
    /// How many guests each may bring.
    pub guests: u32,
    /// Who planned it.
    pub host: Byline,
    /// Who keeps it beside them; for members.
    pub cohosts: Vec<Byline>,
    /// The viewer may change it.
    pub mine: bool,
    /// Why all that was still to come was cancelled.
    pub cancelled: Option<String>,
}

/// What is said where the last session is over, with when that was, and what one can do.
pub type Over = (String, Option<(String, String)>, Vec<Way>);

/// A gathering's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// The gathering.
    pub about: About,
    /// When it is: words, the hours of the next one, and words after that.
    pub when: (String, Option<Hours>, String),
    /// What one can do.
    pub ways: Vec<Way>,
    /// The coming sessions, soonest first.
    pub next: Vec<Occasion>,
    /// Where nothing is coming.
    pub over: Option<Over>,
    /// The last sessions that took place, the latest first: where each is, its date, and what is left of it.
    pub past: Vec<(String, String, String)>,
    /// Where those before them are.
    pub earlier: Option<String>,
}

/// A session's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OneSession {
    /// The gathering.
    pub about: About,
    /// Its date on the gathering's own calendar, `yyyy-mm-dd`.
    pub date: String,
    /// On which day it is, in words.
    pub day: String,
    /// When on that day.
    pub hours: Hours,
    /// When it starts.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// That the clocks skip its usual start that night, and when it starts.
    pub skipped_hour: Option<String>,
    /// Where and when the next one is that takes place, in words.
    pub next: Option<(String, String)>,
    /// Who comes, in words; nothing, for a visitor and where it is over or cancelled.
    pub coming: Option<String>,
    /// What else one can do.
    pub ways: Vec<Way>,
    /// It is over.
    pub over: bool,
    /// Why it was cancelled.
    pub cancelled: Option<String>,
    /// From when it was moved, in words.
    pub moved: Option<String>,
    /// What happens this time; may be empty.
    pub html: SafeHtml,
    /// Who answered, yes first; nobody, for a visitor.
    pub rsvps: Vec<Rsvp>,
    /// The viewer's own answer.
    pub mine: Option<Rsvp>,
    /// How much room there is, where that is bounded.
    pub room: Option<String>,
    /// It is too late for a yes.
    pub late: bool,
    /// The viewer comes each time.
    pub always: bool,
    /// There is a page of what to bring.
    pub bring: bool,
}

/// Answers a session.
#[server(name = SendRsvp, prefix = "/api", endpoint = "gatherings/rsvp")]
pub async fn rsvp(slug: String, date: String, answer: Answer, #[server(default)] form: RsvpForm) -> Result<(), Fault<RsvpRefusal>> {
    let request = crate::request::request()?;
    let me = request.me()?;
    crate::request::answer(request.services.gatherings.rsvp(&me, &slug, &date, answer, &form).await)
}

#[cfg(feature = "ssr")]
pub(crate) use on_the_server::{agenda_for, series_for, session_for, shown_session};

#[cfg(feature = "ssr")]
mod on_the_server {
    use super::{About, Agenda, OneSession, Series, told};
    use crate::{
        fault::{Fault, Never},
        request::{Request, answer},
    };
    use crate::{
        timeline::post::names_in_words,
        when::{Hours, in_zone, local, now},
    };
    use domain::{
        community::Words,
        gatherings::{
            Gathering, Session, SessionPage, Show,
            bring::Brought,
            calendar::Rhythm,
            coming::{LINK_ALWAYS, Terms},
            rule, sessions,
        },
        prose::SafeUrl,
        timeline::Audience,
        viewer::Viewer,
    };

    /// What is coming, soonest first, as far as it is shown.
    pub(crate) async fn agenda_for(request: &Request, show: Show) -> Result<Agenda, Fault<Never>> {
        let agenda = answer(request.services.gatherings.agenda(&request.viewer, show).await)?;
        Ok(told::agenda(&request.viewer, &words_of(request), agenda, show))
    }

    fn words_of(request: &Request) -> Words {
        request.community.as_ref().map(|community| community.words.clone()).unwrap_or_default()
    }

    /// A gathering with its coming sessions.
    pub(crate) async fn series_for(request: &Request, slug: &str) -> Result<Option<Series>, Fault<Never>> {
        let page = answer(request.services.gatherings.page(&request.viewer, slug).await)?;
        Ok(page.map(|page| {
            // Where it is and how long it takes is said of the rhythm whose words are shown.
            let Rhythm { schedule, place, online, link, door } = page.rhythm.clone();
            let terms = Terms { door, ..page.gathering.terms.clone() };
            let gathering = Gathering { place, online, link, terms, ..page.gathering.clone() };
            let about = About {
                minutes: schedule.minutes,
                repeats: schedule.rule.is_some().then(|| page.repeats.clone()),
                zone: schedule.zone,
                ..About::of(&gathering, page.repeats.clone(), &told_of(request), None)
            };
            told::series(&request.viewer, &words_of(request), page, about)
        }))
    }

    /// One session, by its date on the gathering's own calendar.
    pub(crate) async fn session_for(request: &Request, slug: &str, date: &str) -> Result<Option<OneSession>, Fault<Never>> {
        let page = answer(request.services.gatherings.session(&request.viewer, slug, date).await)?;
        let Some(page) = page else { return Ok(None) };
        let brought = answer(request.services.bring.of(&request.viewer, &page).await.map_err(domain::outcome::Error::from))?;
        Ok(Some(shown_session(request, &page, &brought)))
    }

    /// A session, as it is shown.
    pub(crate) fn shown_session(request: &Request, page: &SessionPage, brought: &Brought) -> OneSession {
        let member = request.viewer.me().is_some();
        let mut about = About::of(&page.gathering, page.repeats.clone(), &told_of(request), Some(page));
        let host = brought.host.as_ref().map(|who| who.display_name.clone());
        let taken_on = [("Hosted by", host), ("To bring", brought.in_words())];
        about.facts.extend(taken_on.into_iter().filter_map(|(name, fact)| Some((name.to_owned(), fact?))));
        let own = &page.gathering.schedule.zone;
        let day = |session: &Session| local(session.starts_at, request.viewer.zone_or(own)).date();
        let address = |session: &Session| format!("/gatherings/{}/{}", page.gathering.slug, session.date);
        let mut shown = OneSession {
            bring: member && (page.gathering.mine || brought.is_something()),
            room: page.room.filter(|_| member).map(room_in_words),
            late: page.late && member,
            always: page.always,
            about,
            date: page.session.date.to_string(),
            day: day(&page.session),
            hours: Hours::of(&request.viewer, page.session.starts_at, Some(page.session.ends_at), own),
            starts_at: page.session.starts_at,
            ends_at: page.session.ends_at,
            skipped_hour: (page.skipped_hour && !page.over).then(|| {
                let starts = local(page.session.starts_at, own).clock();
                format!("The clocks go forward that night: it starts at {starts} {}.", in_zone(own))
            }),
            over: page.over,
            moved: page.moved_from.map(|usual| {
                let usual = local(usual, request.viewer.zone_or(own));
                format!("Moved from {}, {}.", usual.date(), usual.clock())
            }),
            cancelled: page.cancelled.clone(),
            next: page.next.as_ref().map(|next| (address(next), day(next))),
            html: page.own.as_ref().map(|own| own.html.clone()).unwrap_or_default(),
            rsvps: page.rsvps.clone(),
            mine: page.mine.clone(),
            coming: None,
            ways: Vec::new(),
        };
        shown.coming = request.viewer.id().and_then(|me| told::who_of(me, &shown));
        shown.ways = told::ways_of(&shown);
        shown
    }

    /// To whom something is told.
    pub(super) struct ToldTo<'a> {
        /// The viewer.
        pub viewer: &'a Viewer,
        /// What it calls its members.
        pub members: String,
    }

    fn told_of(request: &Request) -> ToldTo<'_> {
        let community = request.community.as_ref();
        ToldTo { viewer: &request.viewer, members: community.map(|community| community.words.members.clone()).unwrap_or_default() }
    }

    fn room_in_words(left: u32) -> String {
        match left {
            0 => "It is full. Whoever says yes now waits, and moves up when somebody can’t come.".to_owned(),
            1 => "There is room for one more.".to_owned(),
            left => format!("There is room for {left} more."),
        }
    }

    /// `30 minutes`, `an hour`, `2 days`.
    fn how_long(minutes: u32) -> String {
        match minutes {
            60 => "an hour".to_owned(),
            1440 => "a day".to_owned(),
            days if days.is_multiple_of(1440) => format!("{} days", days / 1440),
            hours if hours.is_multiple_of(60) => format!("{} hours", hours / 60),
            minutes => format!("{minutes} minutes"),
        }
    }

    impl About {
        /// What is told of a gathering, or of a session of it.
        pub(super) fn of(gathering: &Gathering, repeats: String, to: &ToldTo<'_>, session: Option<&SessionPage>) -> Self {
            let me = to.viewer.me();
            let link = match session {
                Some(page) => page.link.clone().filter(|_| page.cancelled.is_none()),
                None => Some(gathering.link.clone()).filter(|_| gathering.mine),
            };
            let at = |instant| {
                let at = local(instant, to.viewer.zone_or(&gathering.schedule.zone));
                format!("{}, {}", at.date(), at.clock())
            };
            let opens = gathering.terms.link_opens;
            let link_note = match session {
                _ if me.is_none() => format!("The link is for {}", to.members),
                Some(SessionPage { cancelled: Some(_), .. }) => "It was to be online".to_owned(),
                Some(SessionPage { link_from: Some(from), .. }) => format!("Those who come find the link here from {} on", at(*from)),
                Some(SessionPage { over: true, .. }) => "It was online".to_owned(),
                Some(_) => "Those who come find the link here".to_owned(),
                None if opens == 0 => "Those who come find the link on the page of each, when it begins".to_owned(),
                None if opens >= LINK_ALWAYS => "Those who come find the link on the page of each".to_owned(),
                None => format!("Those who come find the link on the page of each, {} before it begins", how_long(opens)),
            };
            Self {
                id: gathering.id,
                slug: gathering.slug.clone(),
                title: gathering.title.clone(),
                html: gathering.html.clone(),
                picture: gathering.picture.clone(),
                repeats: gathering.schedule.rule.is_some().then_some(repeats),
                minutes: gathering.schedule.minutes,
                zone: gathering.schedule.zone.clone(),
                online: gathering.online || gathering.place.is_empty(),
                place: gathering.place.clone(),
                link: link.and_then(|link| SafeUrl::try_from(link).ok()).filter(|_| me.is_some()),
                link_note,
                facts: facts(gathering, to, session.and_then(|page| page.answer_by).map(at)),
                guests: if me.is_some() { gathering.terms.guests } else { 0 },
                host: gathering.host.clone(),
                cohosts: gathering.cohosts.clone(),
                mine: gathering.mine,
                cancelled: gathering.cancelled.as_ref().map(|cancelled| cancelled.why.clone()),
            }
        }
    }

    /// What else is to be known of a gathering. For whom it is, how many may come and until when to answer is for members.
    fn facts(gathering: &Gathering, to: &ToldTo<'_>, answer_by: Option<String>) -> Vec<(String, String)> {
        let terms = &gathering.terms;
        let door = Some(terms.door.clone()).filter(|door| !door.is_empty()).map(|door| ("At the door".to_owned(), door));
        // Its rhythm becomes another one: from when on, and which.
        let later = gathering.open_schedules(now()).into_iter().skip(1).map(|schedule| {
            let first = local(sessions::instant(schedule.first.and_time(schedule.time), &schedule.zone), &schedule.zone);
            ("Later".to_owned(), format!("{}, {}, from {} on", rule::in_words(schedule), first.clock(), first.date()))
        });
        let door = later.chain(door).collect::<Vec<_>>();
        if to.viewer.me().is_none() {
            return door;
        }
        let guests = match terms.guests {
            0 => String::new(),
            1 => ", and each may bring a guest".to_owned(),
            most => format!(", and each may bring up to {most} guests"),
        };
        let room = terms.capacity.map(|seats| format!("For {seats}{guests}"));
        let room = room.or_else(|| (terms.guests > 0).then(|| format!("For all who come{guests}")));
        let by = answer_by.or_else(|| terms.answer_by.map(|hours| format!("{} before it begins", how_long(hours * 60))));
        let named = (gathering.audience == Audience::Named).then(|| {
            let names: Vec<_> = gathering.named.iter().map(|who| who.display_name.clone()).collect();
            names_in_words(&names)
        });
        let further = [("Room", room), ("Answer by", by), ("Only for", named)];
        door.into_iter().chain(further.into_iter().filter_map(|(name, fact)| Some((name.to_owned(), fact?)))).collect()
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use domain::{
            gatherings::sessions::Schedule,
            ids::{GatheringId, MemberId},
            people::{Byline, Handle, Role},
            prose::SafeHtml,
            time::{Timestamp, Zone},
            timeline::Looked,
            viewer::Me,
        };

        fn gathering(link: &str) -> Gathering {
            let name = Handle::parse("ana").expect("a name");
            Gathering {
                id: GatheringId(1),
                slug: "drawing".into(),
                title: "Drawing".into(),
                markdown: String::new(),
                html: SafeHtml::default(),
                picture: None,
                schedule: Schedule::for_testing(),
                former: Vec::new(),
                exceptions: Vec::new(),
                cancelled: None,
                place: "The hall".into(),
                online: !link.is_empty(),
                link: link.into(),
                audience: Audience::Public,
                host: Byline { id: MemberId(1), name, display_name: "Ana".into(), picture: None },
                cohosts: Vec::new(),
                named: Vec::new(),
                terms: Default::default(),
                room: Default::default(),
                quiet: false,
                changes: 0,
                planned_at: Timestamp(0),
                changed_at: Timestamp(0),
                mine: false,
            }
        }

        fn member() -> Viewer {
            let name = Handle::parse("bo").expect("a name");
            let display_name = "Bo".into();
            Viewer::Member(Me {
                id: MemberId(2),
                name,
                display_name,
                picture: None,
                role: Role::Member,
                zone: Zone::utc(),
                unread: 0,
                looked: Looked::default(),
            })
        }

        fn told(viewer: &Viewer, gathering: &Gathering) -> About {
            About::of(gathering, "once".into(), &ToldTo { viewer, members: "members".into() }, None)
        }

        #[test]
        fn the_link_is_told_to_whoever_keeps_it_and_others_are_told_where_it_is() {
            let mut kept = gathering("https://meet.example.org/a");
            let link = |about: &About| about.link.clone().map(String::from);
            let (visitor, other) = (told(&Viewer::Visitor, &kept), told(&member(), &kept));
            assert_eq!((link(&visitor), visitor.online, visitor.link_note.as_str()), (None, true, "The link is for members"));
            assert_eq!(link(&other), None);
            assert_eq!(other.link_note, "Those who come find the link on the page of each, 30 minutes before it begins");
            kept.mine = true;
            assert_eq!(link(&told(&member(), &kept)).as_deref(), Some("https://meet.example.org/a"));
            kept.link = "javascript:alert(1)".into();
            assert_eq!(link(&told(&member(), &kept)), None, "only web addresses become links");
        }

        #[test]
        fn how_many_may_come_is_for_members() {
            let mut kept = gathering("");
            kept.terms = domain::gatherings::coming::Terms {
                door: "The blue lamp".into(),
                capacity: Some(12),
                guests: 1,
                answer_by: Some(48),
                ..Default::default()
            };
            let facts =
                |viewer: &Viewer| told(viewer, &kept).facts.into_iter().map(|(name, fact)| format!("{name}: {fact}")).collect::<Vec<_>>();
            assert_eq!(facts(&Viewer::Visitor), ["At the door: The blue lamp"]);
            assert_eq!(
                facts(&member()),
                ["At the door: The blue lamp", "Room: For 12, and each may bring a guest", "Answer by: 2 days before it begins",]
            );
        }
    }
}
