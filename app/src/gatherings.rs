//! Gatherings as people see them: the agenda, a series, one session, and saying whether one comes.
//!
//! Reading order: here what goes over the wire (made of the domain's types on the server, so that neither rules nor calendars
//! reach the client) and the calls; [`agenda`] has the line that every list of sessions is made of; then [`series`] and
//! [`session`], one page each. [`plan`] is the form, and [`sessions`] what its host does with single ones.

pub mod agenda;
pub mod plan;
pub mod series;
pub mod session;
pub mod sessions;

use crate::fault::Fault;
use domain::{
    gatherings::{Answer, Rsvp, RsvpRefusal},
    ids::GatheringId,
    people::Byline,
    pictures::Picture,
    prose::{SafeHtml, SafeUrl},
    time::{Timestamp, Zone},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A session in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Occasion {
    /// The gathering's address part.
    pub slug: String,
    /// The session's date on the gathering's own calendar, `yyyy-mm-dd`: its address part.
    pub date: String,
    /// The gathering's title.
    pub title: String,
    /// The gathering's own zone.
    pub zone: Zone,
    /// Where, in words; may be empty.
    pub place: String,
    /// It is (also) online.
    pub online: bool,
    /// When it starts.
    pub starts_at: Timestamp,
    /// The viewer's own answer.
    pub mine: Option<Answer>,
    /// How many said yes; for a visitor, none.
    pub yes: u32,
    /// Some of those who said yes, other than the viewer.
    pub names: Vec<String>,
    /// It is further ahead than the agenda looks, and stands there as the next of its gathering.
    pub later: bool,
    /// It was cancelled.
    pub cancelled: bool,
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
    /// Where to click: an http(s) address, for members only.
    pub link: Option<SafeUrl>,
    /// Everybody may see it, visitors too.
    pub public: bool,
    /// Who planned it.
    pub host: Byline,
    /// The viewer may change it.
    pub mine: bool,
    /// Why all that was still to come was cancelled.
    pub cancelled: Option<String>,
}

/// A gathering's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// The gathering.
    pub about: About,
    /// The coming sessions, soonest first.
    pub next: Vec<Occasion>,
    /// Where nothing is coming: the last session.
    pub last: Option<Occasion>,
}

/// A session's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OneSession {
    /// The gathering.
    pub about: About,
    /// Its date on the gathering's own calendar, `yyyy-mm-dd`.
    pub date: String,
    /// When it starts.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// The clocks skip its usual start that night.
    pub skipped_hour: bool,
    /// It is over.
    pub over: bool,
    /// Why it was cancelled.
    pub cancelled: Option<String>,
    /// What happens this time; may be empty.
    pub html: SafeHtml,
    /// Who answered, yes first; nobody, for a visitor.
    pub rsvps: Vec<Rsvp>,
    /// The viewer's own answer.
    pub mine: Option<Rsvp>,
    /// For one that is over: the next one, if one comes.
    pub next: Option<Occasion>,
}

/// Answers a session.
#[server(name = SendRsvp, prefix = "/api", endpoint = "gatherings/rsvp")]
pub async fn rsvp(slug: String, date: String, answer: Answer, #[server(default)] note: String) -> Result<(), Fault<RsvpRefusal>> {
    let request = crate::request::request()?;
    let me = request.me()?;
    crate::request::answer(request.services.gatherings.rsvp(&me, &slug, &date, answer, &note).await)
}

#[cfg(feature = "ssr")]
pub(crate) use on_the_server::{agenda_for, series_for, session_for};

#[cfg(feature = "ssr")]
mod on_the_server {
    use super::{About, Occasion, OneSession, Series};
    use crate::{
        fault::{Fault, Never},
        request::{Request, answer},
    };
    use domain::{
        gatherings::{Gathering, Listed},
        prose::SafeUrl,
        timeline::Audience,
        viewer::Viewer,
    };

    /// What is coming, soonest first.
    pub(crate) async fn agenda_for(request: &Request) -> Result<Vec<Occasion>, Fault<Never>> {
        let agenda = answer(request.services.gatherings.agenda(&request.viewer).await)?;
        let later = agenda.later.into_iter().map(|listed| Occasion { later: true, ..Occasion::from(listed) });
        Ok(agenda.soon.into_iter().map(Occasion::from).chain(later).collect())
    }

    /// A gathering with its coming sessions.
    pub(crate) async fn series_for(request: &Request, slug: &str) -> Result<Option<Series>, Fault<Never>> {
        let page = answer(request.services.gatherings.page(&request.viewer, slug).await)?;
        Ok(page.map(|page| Series {
            about: About::of(page.gathering, page.repeats, &request.viewer),
            next: page.next.into_iter().map(Occasion::from).collect(),
            last: page.last.map(Occasion::from),
        }))
    }

    /// One session, by its date on the gathering's own calendar.
    pub(crate) async fn session_for(request: &Request, slug: &str, date: &str) -> Result<Option<OneSession>, Fault<Never>> {
        let gatherings = &request.services.gatherings;
        let Some(page) = answer(gatherings.session(&request.viewer, slug, date).await)? else { return Ok(None) };
        let next = if page.over { answer(gatherings.page(&request.viewer, slug).await)? } else { None };
        Ok(Some(OneSession {
            about: About::of(page.gathering, page.repeats, &request.viewer),
            date: page.session.date.to_string(),
            starts_at: page.session.starts_at,
            ends_at: page.session.ends_at,
            skipped_hour: page.skipped_hour,
            over: page.over,
            cancelled: page.own.as_ref().and_then(|own| own.cancelled.clone()),
            html: page.own.map(|own| own.html).unwrap_or_default(),
            rsvps: page.rsvps,
            mine: page.mine,
            next: next.and_then(|page| page.next.into_iter().next()).map(Occasion::from),
        }))
    }

    impl From<Listed> for Occasion {
        fn from(listed: Listed) -> Self {
            Self {
                slug: listed.slug,
                date: listed.session.date.to_string(),
                title: listed.title,
                zone: listed.zone,
                // What has no place is online, also where the viewer is not told the link.
                online: listed.online || listed.place.is_empty(),
                place: listed.place,
                starts_at: listed.session.starts_at,
                mine: listed.mine,
                yes: listed.yes,
                names: listed.names,
                later: false,
                cancelled: listed.session.cancelled,
            }
        }
    }

    impl About {
        /// What `viewer` is told of a gathering that they may see.
        pub(super) fn of(gathering: Gathering, repeats: String, viewer: &Viewer) -> Self {
            let link = SafeUrl::try_from(gathering.link).ok();
            Self {
                id: gathering.id,
                slug: gathering.slug,
                title: gathering.title,
                html: gathering.html,
                picture: gathering.picture,
                repeats: gathering.schedule.rule.is_some().then_some(repeats),
                minutes: gathering.schedule.minutes,
                zone: gathering.schedule.zone,
                online: gathering.online || gathering.place.is_empty(),
                place: gathering.place,
                link: link.filter(|_| viewer.me().is_some()),
                public: gathering.audience == Audience::Public,
                host: gathering.host,
                mine: gathering.mine,
                cancelled: gathering.cancelled.map(|cancelled| cancelled.why),
            }
        }
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

        #[test]
        fn a_visitor_is_not_told_the_link() {
            let about = About::of(gathering("https://meet.example.org/a"), "once".into(), &Viewer::Visitor);
            assert_eq!((about.link, about.online), (None, true));
        }

        #[test]
        fn only_web_addresses_become_links() {
            let link = |link: &str| About::of(gathering(link), "once".into(), &member()).link;
            assert_eq!(link("https://meet.example.org/a").map(String::from).as_deref(), Some("https://meet.example.org/a"));
            assert_eq!(link("javascript:alert(1)"), None);
        }
    }
}
