//! What happened, told in a sentence for whoever reads it: in their zone, in the community's words, and as it is by now.

use super::{Notices, Told};
use crate::{
    fault::{Fault, Never},
    request::{Request, answer},
    when::{local, now},
};
use domain::{
    gatherings::Answer,
    ids::NotificationId,
    notifications::{Happening, Notification},
    time::{Timestamp, Zone},
    viewer::Me,
};

/// A page of the member's notices. Looking at the newest marks them as read.
pub(crate) async fn look(request: &Request, me: &Me, before: Option<NotificationId>) -> Result<Notices, Fault<Never>> {
    let page = answer(request.services.notifications.look(me, before).await)?;
    let words = request.community.as_ref().map(|community| community.words.clone()).unwrap_or_default();
    let to = To { post: &words.post, zone: &me.zone, now: now() };
    let newest = before.is_none();
    let (title, more) = if newest && page.lines.is_empty() {
        let more = format!("When someone answers you, mentions you or comes to your {}, it will say so here.", words.gathering);
        ("Nothing is waiting for you.", more)
    } else {
        ("That is all.", "Nothing else has asked for you.".to_owned())
    };
    Ok(Notices {
        lines: page.lines.into_iter().map(|line| to.tell(line)).collect(),
        before: page.before,
        newest,
        end: (title.into(), more),
    })
}

/// To whom it is told.
struct To<'a> {
    /// The community's word for a post.
    post: &'a str,
    /// The reader's zone.
    zone: &'a Zone,
    /// When it is read.
    now: Timestamp,
}

impl To<'_> {
    fn tell(&self, line: Notification) -> Told {
        let Notification { id, by, happening, at, unread } = line;
        let nobody = by.is_none()
            && match &happening {
                Happening::Week => true,
                Happening::Session { news, .. } => matches!(news.as_str(), "tomorrow" | "soon" | STILL_ON),
                _ => false,
            };
        let who = match (&happening, &by) {
            (Happening::Asked { name }, _) => name.clone(),
            (_, Some(by)) => by.display_name.clone(),
            (_, None) => "Somebody".to_owned(),
        };
        let letter = if by.is_some() || nobody {
            String::new()
        } else {
            who.chars().find(|c| c.is_alphanumeric()).map_or_else(|| "·".to_owned(), |c| c.to_uppercase().to_string())
        };
        let by_name = by.as_ref().map(|by| by.name.as_str().to_owned());
        let does = |does: &str| vec![(who.clone(), format!(" {does}"))];
        let (says, address, excerpt) = match happening {
            Happening::Mentioned { post, thread, excerpt } => (does("mentioned you"), format!("/posts/{thread}#p{post}"), excerpt),
            Happening::Replied { post, thread, excerpt } => (does("replied to you"), format!("/posts/{thread}#p{post}"), excerpt),
            Happening::WroteToMe { post, excerpt } => (does("wrote to you"), format!("/posts/{post}"), excerpt),
            Happening::Reacted { post, thread, reaction, excerpt } => {
                let what = if post == thread { self.post } else { "reply" };
                (does(&format!("left {reaction} on your {what}")), format!("/posts/{thread}#p{post}"), excerpt)
            }
            Happening::Introduced { post, to } => {
                (vec![(who, " introduces you to ".to_owned()), (to, String::new())], format!("/introductions/{post}"), String::new())
            }
            Happening::Opened { post, excerpt } => (does("opened the place. Here is the first thread"), format!("/posts/{post}"), excerpt),
            Happening::Joined => {
                let address = by_name.map_or_else(|| "/people".to_owned(), |name| format!("/people/{name}"));
                (does("came in by your invitation"), address, String::new())
            }
            Happening::Greet => (does("is new here. Would you show them round?"), "/welcome/greeting".to_owned(), String::new()),
            Happening::Brought => {
                (does("brought an old chat along. May your words in it come, too?"), "/settings/archives".to_owned(), String::new())
            }
            Happening::Greeter => (does("would like to show you round"), "/welcome".to_owned(), String::new()),
            Happening::Week => {
                (vec![(String::new(), "This week is yours as a host.".to_owned())], "/hosting/hands".to_owned(), String::new())
            }
            Happening::Swap { answer } => {
                let says = match answer.as_str() {
                    "yes" => "swaps weeks with you",
                    "no" => "can’t swap weeks with you",
                    _ => "asks whether you would swap weeks",
                };
                (does(says), "/hosting/hands".to_owned(), String::new())
            }
            Happening::HandOver { step } => {
                let (says, address) = match step.as_str() {
                    "accepted" => ("would look after the place. The last step is yours", "/admin/hand-over"),
                    "done" => ("has handed the place to you", "/admin/hand-over"),
                    _ => ("would hand the place to you", "/settings/hand-over"),
                };
                (does(says), address.to_owned(), String::new())
            }
            Happening::Sentence => (does("wrote a sentence about you"), "/settings/sentence".to_owned(), String::new()),
            Happening::Asked { .. } => (does("asks to join"), "/hosting/invitations".to_owned(), String::new()),
            Happening::Answered { slug, date, starts_at, title, answer } => {
                let does = match Answer::from_word(&answer) {
                    Some(Answer::Yes) => "will come to",
                    Some(Answer::Maybe) => "might come to",
                    Some(Answer::No) => "can’t come to",
                    None => "answered",
                };
                let says = vec![(who, format!(" {does} ")), (title, format!(" on {}", self.date(starts_at)))];
                (says, format!("/gatherings/{slug}/{date}"), String::new())
            }
            Happening::Session { slug, date, starts_at, title, news, why } => {
                let address = format!("/gatherings/{slug}/{}", if news == STILL_ON { "edit" } else { &date });
                (self.session(who, title, starts_at, &news), address, why)
            }
        };
        let leaves = ["/admin", "/hosting", "/introductions", "/settings", "/welcome"].iter().any(|door| address.starts_with(door));
        let leaves = leaves || address.ends_with("/edit");
        Told { id, by, letter, says, address, leaves, excerpt, at, unread }
    }

    /// What is new of a session.
    fn session(&self, who: String, title: String, starts_at: Timestamp, news: &str) -> Vec<(String, String)> {
        let date = self.date(starts_at);
        let clock = local(starts_at, self.zone).clock();
        let (is, now) = if starts_at > self.now { ("is", " now") } else { ("was", "") };
        let does = |does: &str| vec![(who.clone(), format!(" {does} ")), (title.clone(), format!(" on {date}"))];
        match news {
            STILL_ON => vec![(String::new(), "Is ".to_owned()), (title, " still on? Nobody came the last two times.".to_owned())],
            // Written within the hour before it, so there is but one day that is meant.
            "soon" if starts_at > self.now => vec![(title, format!(" begins at {clock}."))],
            "tomorrow" | "soon" => vec![(title, format!(" {is} on {date}, {clock}."))],
            "cancelled" => does("cancelled"),
            "on" => does("says that it takes place after all:"),
            "room" => does("has room for you at"),
            "named" => does("asks you to come to"),
            _ => vec![(who, " changed ".to_owned()), (title, format!(": it {is} on {date}, {clock}{now}"))],
        }
    }

    /// The day of an instant, with its year if that is another one.
    fn date(&self, at: Timestamp) -> String {
        local(at, self.zone).date_seen_from(local(self.now, self.zone))
    }
}

/// The news that a host is asked whether a gathering is still on.
const STILL_ON: &str = "still-on";

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        ids::{MemberId, PostId},
        people::{Byline, Handle},
    };

    /// Thursday 26 November 2026, 19:30 UTC.
    const STARTS: Timestamp = Timestamp(1_795_721_400_000);

    fn kofi() -> Option<Byline> {
        Some(Byline { id: MemberId(2), name: Handle::parse("kofi").expect("a name"), display_name: "Kofi Mensah".into(), picture: None })
    }

    fn told_in(zone: &str, now: Timestamp, by: Option<Byline>, happening: Happening) -> (Told, String) {
        let zone = Zone::parse(zone).expect("a zone");
        let line = Notification { id: NotificationId(1), by, happening, at: Timestamp(0), unread: true };
        let told = To { post: "letter", zone: &zone, now }.tell(line);
        let sentence = told.says.iter().map(|(name, words)| format!("{name}{words}")).collect();
        (told, sentence)
    }

    fn told(by: Option<Byline>, happening: Happening) -> (Told, String) {
        told_in("UTC", STARTS.plus_days(-7), by, happening)
    }

    fn session(news: &str) -> Happening {
        let (slug, date, title) = ("glue".into(), "2026-11-26".into(), "Glue evening".into());
        Happening::Session { slug, date, starts_at: STARTS, title, news: news.into(), why: String::new() }
    }

    #[test]
    fn a_reply_points_to_its_place_in_the_thread() {
        let happening = Happening::Replied { post: PostId(43), thread: PostId(42), excerpt: "Hang the ferry.".into() };
        let (told, sentence) = told(kofi(), happening);
        assert_eq!((told.address.as_str(), sentence.as_str()), ("/posts/42#p43", "Kofi Mensah replied to you"));
    }

    #[test]
    fn a_reaction_uses_the_communitys_word() {
        let reacted = |post| Happening::Reacted { post: PostId(post), thread: PostId(1), reaction: "🍲".into(), excerpt: String::new() };
        assert_eq!(told(kofi(), reacted(1)).1, "Kofi Mensah left 🍲 on your letter");
        assert_eq!(told(kofi(), reacted(2)).1, "Kofi Mensah left 🍲 on your reply");
    }

    #[test]
    fn an_answer_names_the_gathering_and_the_day() {
        let (slug, date, title) = ("glue".into(), "2026-11-26".into(), "Glue evening".into());
        let happening = Happening::Answered { slug, date, starts_at: STARTS, title, answer: "maybe".into() };
        let (told, sentence) = told(kofi(), happening);
        assert_eq!(sentence, "Kofi Mensah might come to Glue evening on Thursday 26 November");
        assert_eq!((told.address.as_str(), told.leaves), ("/gatherings/glue/2026-11-26", false));
    }

    #[test]
    fn a_change_says_when_it_is_now_on_the_readers_clock() {
        let read = |zone, now| told_in(zone, now, kofi(), session("changed")).1;
        let before = STARTS.plus_days(-7);
        assert_eq!(read("UTC", before), "Kofi Mensah changed Glue evening: it is on Thursday 26 November, 19:30 now");
        assert_eq!(read("Asia/Tokyo", before), "Kofi Mensah changed Glue evening: it is on Friday 27 November, 04:30 now");
        assert_eq!(read("UTC", STARTS.plus_days(400)), "Kofi Mensah changed Glue evening: it was on Thursday 26 November 2026, 19:30");
    }

    #[test]
    fn a_reminder_is_true_whenever_it_is_read() {
        let read = |news, now| told_in("UTC", now, None, session(news));
        let (told, sentence) = read("tomorrow", STARTS.plus_days(-1));
        assert_eq!(sentence, "Glue evening is on Thursday 26 November, 19:30.");
        assert_eq!(told.letter, "", "nobody did it");
        assert_eq!(read("tomorrow", STARTS.plus_days(1)).1, "Glue evening was on Thursday 26 November, 19:30.");
        assert_eq!(read("soon", STARTS.plus_seconds(-60)).1, "Glue evening begins at 19:30.");
        assert_eq!(read("soon", STARTS).1, "Glue evening was on Thursday 26 November, 19:30.");
    }

    #[test]
    fn a_host_is_asked_whether_it_is_still_on_and_led_to_where_that_is_said() {
        let (told, sentence) = told(None, session(STILL_ON));
        assert_eq!(sentence, "Is Glue evening still on? Nobody came the last two times.");
        assert_eq!((told.address.as_str(), told.leaves, told.letter.as_str()), ("/gatherings/glue/edit", true, ""));
    }

    #[test]
    fn whoever_is_written_about_is_led_to_where_they_answer() {
        let (told, sentence) = told(kofi(), Happening::Sentence);
        assert_eq!((told.address.as_str(), told.leaves), ("/settings/sentence", true));
        assert_eq!(sentence, "Kofi Mensah wrote a sentence about you");
    }

    #[test]
    fn a_host_whose_week_begins_is_told_by_nobody_and_led_to_the_rota() {
        let (told, sentence) = told(None, Happening::Week);
        assert_eq!((told.address.as_str(), told.leaves, told.letter.as_str()), ("/hosting/hands", true, ""));
        assert_eq!(sentence, "This week is yours as a host.");
    }

    #[test]
    fn whoever_is_offered_the_place_is_led_to_their_own_page_and_who_offers_it_to_theirs() {
        let step = |step: &str| told(kofi(), Happening::HandOver { step: step.into() });
        let (offered, sentence) = step("offered");
        assert_eq!((offered.address.as_str(), sentence.as_str()), ("/settings/hand-over", "Kofi Mensah would hand the place to you"));
        for (word, says) in [("accepted", "would look after the place. The last step is yours"), ("done", "has handed the place to you")] {
            let (told, sentence) = step(word);
            assert_eq!((told.address.as_str(), told.leaves, sentence), ("/admin/hand-over", true, format!("Kofi Mensah {says}")));
        }
    }

    #[test]
    fn whoever_is_no_member_has_their_letter() {
        let (asks, sentence) = told(None, Happening::Asked { name: "ömer".into() });
        assert_eq!((asks.letter.as_str(), sentence.as_str(), asks.leaves), ("Ö", "ömer asks to join", true));
        let (left, sentence) = told(None, session("cancelled"));
        assert_eq!((left.letter.as_str(), sentence.as_str()), ("S", "Somebody cancelled Glue evening on Thursday 26 November"));
    }
}
