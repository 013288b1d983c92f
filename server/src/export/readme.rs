//! `readme.html`: what is in the file, for reading. It stands alone: no script, nothing from anywhere, pictures from the folder beside it.
//!
//! Whatever is not the sanitizer's own HTML is written as [`Text`], which escapes it.

use super::Contents;
use crate::plain::escaped;
use app::chrome::capital;
use chrono::NaiveTime;
use domain::{
    export::{At, Gathering, GatheringName, OwnSession, Picture, PictureFile, Post, Rhythm, Sentence, Session, Somebody},
    gatherings::{rule::in_words, sessions::Schedule},
    prose::SafeHtml,
    time::Zone,
};
use std::{
    collections::BTreeMap,
    fmt,
    io::{self, Write},
};

/// Says to browsers that nothing in the page may do anything, whatever a post says.
const POLICY: &str = "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE: &str = "\
:root { color-scheme: light dark; --ink: #2a2520; --quiet: #6b6259; --paper: #fbf7f1; --line: #e2d9cd; --link: #8a3a22 }
@media (prefers-color-scheme: dark) { :root { --ink: #ece5db; --quiet: #a89e92; --paper: #1f1b18; --line: #3d362f; --link: #eb9d7c } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.6 Georgia, 'Iowan Old Style', serif; overflow-wrap: anywhere }
main, header, footer { max-width: 40rem; margin: 0 auto; padding: 0 1.25rem }
header { padding-top: 3rem } footer { padding-bottom: 4rem; color: var(--quiet) }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .75rem } h2 { margin: 3.5rem 0 1rem; font-size: 1.5rem; line-height: 1.25 }
h3 { margin: 2.5rem 0 .5rem; font-size: 1.125rem }
a { color: var(--link) } .quiet, time, figcaption { color: var(--quiet); font-size: .9375rem }
article { padding: 1.25rem 0; border-top: 1px solid var(--line) } article > p:first-child { margin: 0 0 .5rem }
dl { display: grid; grid-template-columns: minmax(6rem, auto) 1fr; gap: .35rem 1.25rem } dt { color: var(--quiet) } dd { margin: 0 }
ul { padding-inline-start: 1.25rem } li { margin: .35rem 0 } nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem }
blockquote { margin: 1rem 0; padding-inline-start: 1rem; border-inline-start: 3px solid var(--line) }
.portrait { max-width: 9rem } img { max-width: 100%; height: auto; border-radius: .5rem; display: block } figure { margin: 1rem 0 }
pre { overflow-x: auto } code { font-size: .9em } summary { cursor: pointer; color: var(--quiet) }
";

/// Text, escaped.
struct Text<'a>(&'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&escaped(self.0))
    }
}

/// What is written about everything: where it was, and whose clock it is.
struct Page<'a, W> {
    out: &'a mut W,
    address: &'a str,
    zone: &'a Zone,
    pictures: BTreeMap<PictureFile, &'a Picture>,
}

/// Writes the page.
pub(super) fn write(out: &mut impl Write, contents: &Contents) -> io::Result<()> {
    let (mine, community) = (&contents.mine, &contents.community);
    let pictures = mine.pictures.iter().map(|picture| (picture.file, picture)).collect();
    let mut page = Page { out, address: &community.address, zone: &contents.zone, pictures };
    let (who, place) = (Text(&mine.profile.display_name), Text(&community.name));
    write!(
        page.out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{who} at {place}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header>\n<h1><bdi>{who}</bdi> at <bdi>{place}</bdi></h1>\n\
         <p>What you brought to <a href=\"{address}\" dir=\"auto\">{place}</a>, as it was on {day}. Times are told on your clock ({zone}).</p>\n",
        address = Text(&community.address),
        day = page.time(mine.made_at),
        zone = Text(contents.zone.name()),
    )?;
    let sections: [(&str, &str, bool); 8] = [
        ("you", "Who you are", true),
        ("written", "What you wrote", true),
        ("gatherings", "What you keep", !mine.gatherings.is_empty()),
        ("coming", "Where you come", !(mine.rsvps.is_empty() && mine.attendance.is_empty() && mine.bringing.is_empty())),
        (
            "people",
            "How you came to know people",
            !(mine.introductions.is_empty() && mine.greetings.is_empty() && mine.blocks.is_empty() && mine.invitations.is_empty()),
        ),
        ("before", "From before", !mine.from_before.is_empty()),
        ("hosting", "As a host", is_host(contents)),
        ("pictures", "Your pictures", !mine.pictures.is_empty()),
    ];
    page.out.write_all(b"<nav aria-label=\"In this file\"><ul>\n")?;
    for (id, title, _) in sections.iter().filter(|(.., there)| *there) {
        writeln!(page.out, "<li><a href=\"#{id}\">{title}</a></li>")?;
    }
    page.out.write_all(b"</ul></nav>\n</header>\n<main>\n")?;
    for (id, title, _) in sections.into_iter().filter(|(.., there)| *there) {
        writeln!(page.out, "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title}</h2>")?;
        match id {
            "you" => page.you(contents)?,
            "written" => page.written(contents)?,
            "gatherings" => mine.gatherings.iter().try_for_each(|gathering| page.gathering(gathering))?,
            "coming" => page.coming(contents)?,
            "people" => page.people(contents)?,
            "before" => page.before(contents)?,
            "hosting" => page.hosting(contents)?,
            _ => page.loose_pictures(contents)?,
        }
        page.out.write_all(b"</section>\n")?;
    }
    write!(
        page.out,
        "</main>\n<footer>\n<p>The same is in <code>porchlight.json</code>, for other programs (version {version}): UTF-8, instants as RFC 3339 in UTC, \
         addresses below <code>{address}</code>, pictures by where they lie in this folder. Of what others wrote it has only what stands about you, and what belongs to gatherings that you keep.</p>\n</footer>\n</body>\n</html>\n",
        version = mine.version,
        address = Text(&community.address),
    )
}

fn is_host(Contents { mine, .. }: &Contents) -> bool {
    let hosting = &mine.hosting;
    !(hosting.weeks.is_empty() && hosting.sparks.is_empty() && hosting.sparks_to_come.is_empty() && hosting.prompts.is_empty())
}

fn names(people: &[Somebody]) -> String {
    people.iter().map(|who| format!("<bdi>{}</bdi>", Text(&who.display_name))).collect::<Vec<_>>().join(", ")
}

impl<W: Write> Page<'_, W> {
    /// An instant in words, and as programs read it.
    fn time(&self, At(at): At) -> String {
        let then = chrono::DateTime::from(at).with_timezone(&self.zone.rules());
        let at = chrono::DateTime::from(at).to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        format!("<time datetime=\"{at}\">{}</time>", then.format("%-d %B %Y, %H:%M"))
    }

    /// Sanitized HTML, whose links lead to where it came from.
    fn html(&self, html: &SafeHtml) -> String {
        html.as_str().replace("href=\"/", &format!("href=\"{}/", Text(self.address)))
    }

    fn link(&self, path: &str, says: &str) -> String {
        format!("<a href=\"{}{}\">{says}</a>", Text(self.address), Text(path))
    }

    fn gathering_name(&self, gathering: Option<&GatheringName>) -> String {
        match gathering {
            Some(gathering) => self.link(&gathering.address, &format!("<bdi>{}</bdi>", Text(&gathering.title))),
            None => "something that you are not asked to any more".to_owned(),
        }
    }

    fn session(&self, session: &Session) -> String {
        format!("{}, {}", session.date.format("%-d %B %Y"), self.gathering_name(session.gathering.as_ref()))
    }

    /// A term and what it is; nothing, where it is empty.
    fn line(&mut self, term: &str, text: &str) -> io::Result<()> {
        if text.is_empty() { Ok(()) } else { writeln!(self.out, "<dt>{term}</dt><dd dir=\"auto\">{}</dd>", Text(text)) }
    }

    /// A list under a heading; nothing, where it is empty. The lines are HTML.
    fn list(&mut self, title: &str, lines: impl IntoIterator<Item = String>) -> io::Result<()> {
        let mut lines = lines.into_iter().peekable();
        if lines.peek().is_none() {
            return Ok(());
        }
        writeln!(self.out, "<h3>{title}</h3>\n<ul>")?;
        for line in lines {
            writeln!(self.out, "<li>{line}</li>")?;
        }
        self.out.write_all(b"</ul>\n")
    }

    fn picture(&mut self, file: PictureFile) -> io::Result<()> {
        let Some(picture) = self.pictures.get(&file) else { return Ok(()) };
        writeln!(
            self.out,
            "<figure><img src=\"{file}\" width=\"{}\" height=\"{}\" loading=\"lazy\" alt=\"{}\"></figure>",
            picture.width,
            picture.height,
            Text(&picture.alt)
        )
    }

    fn you(&mut self, Contents { mine, .. }: &Contents) -> io::Result<()> {
        let (me, mail) = (&mine.profile, &mine.mail);
        if let Some(picture) = me.picture {
            self.out.write_all(b"<div class=\"portrait\">")?;
            self.picture(picture)?;
            self.out.write_all(b"</div>\n")?;
        }
        self.out.write_all(b"<dl>\n")?;
        self.line("Name", &me.name)?;
        self.line("Called", &me.display_name)?;
        self.line("Pronouns", &me.pronouns)?;
        self.line("Your line", &me.line)?;
        self.line("Where you live", &me.town)?;
        self.line("Interests", &me.interests.join(", "))?;
        self.line("Your clock", &me.zone)?;
        self.line("Here as", &me.role)?;
        writeln!(self.out, "<dt>Here since</dt><dd>{}</dd>", self.time(me.joined_at))?;
        self.line("Invited by", me.invited_by.as_ref().map_or("", |who| &who.display_name))?;
        self.line("Mail address", mail.address.as_deref().unwrap_or_default())?;
        self.line("Not confirmed yet", mail.unconfirmed.as_deref().unwrap_or_default())?;
        let wishes = [(mail.reminders, "reminders"), (mail.changes, "what changes"), (mail.weekly, "the weekly letter")];
        let wishes: Vec<&str> = wishes.into_iter().filter_map(|(wanted, what)| wanted.then_some(what)).collect();
        self.line("Comes by mail", if mail.address.is_some() { &wishes } else { &[][..] }.join(", ").as_str())?;
        if !mine.days_here.is_empty() {
            self.line("Days here", &mine.days_here.len().to_string())?;
        }
        self.out.write_all(b"</dl>\n")?;
        let sentence = &mine.sentence;
        self.sentence("What stands about you", sentence.stands.as_ref())?;
        self.sentence("What waits for your yes", sentence.waits.as_ref())?;
        if sentence.wants_none {
            self.out.write_all(b"<p>You want no sentence said of you.</p>\n")?;
        }
        Ok(())
    }

    fn sentence(&mut self, title: &str, sentence: Option<&Sentence>) -> io::Result<()> {
        let Some(Sentence { words, by, at }) = sentence else { return Ok(()) };
        let by = by.as_ref().map_or_else(|| "a host".to_owned(), |by| names(std::slice::from_ref(by)));
        let at = self.time(*at);
        writeln!(self.out, "<h3>{title}</h3>\n<blockquote dir=\"auto\">{}</blockquote>\n<p class=\"quiet\">{by}, {at}</p>", Text(words))
    }

    fn written(&mut self, Contents { mine, .. }: &Contents) -> io::Result<()> {
        if mine.posts.is_empty() {
            self.out.write_all(b"<p>You have not written anything yet.</p>\n")?;
        }
        let mut month = String::new();
        for post in &mine.posts {
            let then = chrono::DateTime::from(post.at.0).with_timezone(&self.zone.rules()).format("%B %Y").to_string();
            if month != then {
                writeln!(self.out, "<h3>{then}</h3>")?;
                month = then;
            }
            self.post(post)?;
        }
        let reactions: Vec<String> = mine
            .reactions
            .iter()
            .map(|reaction| self.link(&format!("/posts/{}", reaction.post.0), &Text(&reaction.reaction).to_string()))
            .collect();
        if !reactions.is_empty() {
            writeln!(self.out, "<h3>Your reactions to others</h3>\n<p>{}</p>", reactions.join(" "))?;
        }
        Ok(())
    }

    fn post(&mut self, post: &Post) -> io::Result<()> {
        let mut about = vec![self.link(&format!("/posts/{}", post.address.0), &self.time(post.at))];
        if post.answers.is_some() {
            about.push(format!("in {}", self.link(&format!("/posts/{}", post.thread.0), "this thread")));
        }
        about.push(match post.audience.as_str() {
            "named" if post.named.is_empty() => "for a few people".to_owned(),
            "named" => format!("for {}", names(&post.named)),
            "public" => "for everybody".to_owned(),
            _ => "for the community".to_owned(),
        });
        if let Some(gathering) = &post.gathering {
            about.push(format!("announces {}", self.gathering_name(Some(gathering))));
        }
        if post.in_room {
            about.push("in a room".to_owned());
        }
        if post.from_before {
            about.push("from before".to_owned());
        }
        writeln!(self.out, "<article>\n<p class=\"quiet\">{}</p>", about.join(" · "))?;
        if let Some(note) = &post.note {
            writeln!(self.out, "<p><strong dir=\"auto\">{}</strong></p>", Text(note))?;
        }
        writeln!(self.out, "<div dir=\"auto\">{}</div>", self.html(&post.html))?;
        post.pictures.iter().try_for_each(|picture| self.picture(*picture))?;
        if !post.earlier.is_empty() {
            self.out.write_all(b"<details><summary>How it stood before</summary>\n")?;
            for earlier in &post.earlier {
                writeln!(self.out, "<p class=\"quiet\">{}</p>", self.time(earlier.at))?;
                if let Some(note) = &earlier.note {
                    writeln!(self.out, "<p><strong dir=\"auto\">{}</strong></p>", Text(note))?;
                }
                writeln!(self.out, "<div dir=\"auto\">{}</div>", self.html(&earlier.html))?;
            }
            self.out.write_all(b"</details>\n")?;
        }
        self.out.write_all(b"</article>\n")
    }

    fn gathering(&mut self, gathering: &Gathering) -> io::Result<()> {
        let title = self.link(&gathering.address, &format!("<bdi>{}</bdi>", Text(&gathering.title)));
        writeln!(self.out, "<article>\n<h3>{title}</h3>\n<dl>")?;
        self.rhythm("When", &gathering.rhythm)?;
        self.line("Where", &gathering.rhythm.place)?;
        self.line("Online", &gathering.rhythm.link)?;
        self.line("At the door", &gathering.rhythm.door)?;
        for former in &gathering.former {
            self.rhythm("Before", former)?;
        }
        if !gathering.cohosts.is_empty() {
            writeln!(self.out, "<dt>Kept with</dt><dd>{}</dd>", names(&gathering.cohosts))?;
        }
        if gathering.audience == "named" {
            writeln!(self.out, "<dt>For</dt><dd>{}</dd>", names(&gathering.named))?;
        }
        self.line("To bring", &domain::gatherings::bring::written(&gathering.things).lines().collect::<Vec<_>>().join(", "))?;
        self.line("Cancelled", gathering.cancelled.as_deref().unwrap_or_default())?;
        writeln!(self.out, "</dl>\n<div dir=\"auto\">{}</div>", self.html(&gathering.html))?;
        let sessions: Vec<String> = gathering.sessions.iter().map(|session| self.own_session(session)).collect();
        self.list("Sessions of their own", sessions)?;
        self.out.write_all(b"</article>\n")
    }

    fn rhythm(&mut self, term: &str, rhythm: &Rhythm) -> io::Result<()> {
        let (first, zone) = (rhythm.first_date, Zone::from_record(rhythm.zone.clone()));
        let at = format!("at {} {}, for {} minutes", rhythm.start_time, zone.in_words(), rhythm.minutes);
        // How often, in words; a rule that this program can't read stands as it is.
        let often = rhythm.rule.as_ref().map(|rule| match (rule.parse(), NaiveTime::parse_from_str(&rhythm.start_time, "%H:%M")) {
            (Ok(rule), Ok(time)) => in_words(&Schedule { first, time, minutes: rhythm.minutes as u32, zone, rule: Some(rule) }),
            _ => rule.clone(),
        });
        let day = first.format("%-d %B %Y");
        let when = often.map_or_else(|| format!("{day}, {at}"), |often| format!("{often}, {at}, since {day}"));
        self.line(term, &capital(&when))
    }

    fn coming(&mut self, Contents { mine, .. }: &Contents) -> io::Result<()> {
        let mut rsvps: Vec<_> = mine.rsvps.iter().collect();
        rsvps.sort_by_key(|rsvp| rsvp.session.date);
        let rsvps: Vec<String> = rsvps
            .into_iter()
            .map(|rsvp| {
                let mut line = format!("{}: {}", self.session(&rsvp.session), Text(&rsvp.answer));
                if rsvp.guests > 0 {
                    line.push_str(&format!(", with {} more", rsvp.guests));
                }
                if !rsvp.note.is_empty() {
                    line.push_str(&format!(", “<bdi>{}</bdi>”", Text(&rsvp.note)));
                }
                line
            })
            .collect();
        self.list("What you answered", rsvps)?;
        let each: Vec<String> = mine.standing_answers.iter().map(|answer| self.gathering_name(answer.gathering.as_ref())).collect();
        self.list("Where you come each time", each)?;
        let was: Vec<String> = mine
            .attendance
            .iter()
            .map(|one| format!("{}{}", self.session(&one.session), if one.came { "" } else { ": you were not there" }))
            .collect();
        self.list("Where you were", was)?;
        let bringing: Vec<String> = mine
            .bringing
            .iter()
            .map(|one| format!("{}: {} <bdi>{}</bdi>", self.session(&one.session), one.many, Text(&one.thing)))
            .collect();
        self.list("What you bring", bringing)?;
        let turns: Vec<String> = mine.turns.iter().map(|turn| self.session(turn)).collect();
        self.list("When it is your turn to host", turns)
    }

    fn people(&mut self, Contents { mine, .. }: &Contents) -> io::Result<()> {
        let introductions: Vec<String> = mine
            .introductions
            .iter()
            .map(|one| {
                let said = one.sentence.as_ref().map(|said| format!(" “<bdi>{}</bdi>”", Text(said))).unwrap_or_default();
                let thread = self.link(&format!("/posts/{}", one.thread.0), "the thread");
                let (by, with) = (names(std::slice::from_ref(&one.by)), names(std::slice::from_ref(&one.with)));
                format!("{}: {by} introduced you and {with} to each other ({thread}).{said}", self.time(one.at))
            })
            .collect();
        self.list("Introductions", introductions)?;
        let greetings: Vec<String> =
            mine.greetings.iter().map(|one| format!("{}, {}", names(std::slice::from_ref(&one.newcomer)), self.time(one.at))).collect();
        self.list("Newcomers whom you agreed to greet", greetings)?;
        let blocks: Vec<String> =
            mine.blocks.iter().map(|one| format!("{}, {}", names(std::slice::from_ref(&one.who)), self.time(one.since))).collect();
        self.list("Whom you blocked", blocks)?;
        let invitations: Vec<String> = mine
            .invitations
            .iter()
            .map(|one| format!("<bdi>{}</bdi>, {} <bdi>{}</bdi>", Text(&one.name), self.time(one.at), Text(&one.note)))
            .collect();
        self.list("Whom you invited", invitations)
    }

    fn before(&mut self, Contents { mine, .. }: &Contents) -> io::Result<()> {
        self.out.write_all(b"<p>These words are not here yet. Those that are stand above, each on its day.</p>\n")?;
        for from in &mine.from_before {
            let messages: Vec<String> =
                from.messages.iter().map(|one| format!("{} <bdi>{}</bdi>", self.time(one.at), Text(&one.words))).collect();
            self.list(&format!("<bdi>{}</bdi>", Text(&from.called)), messages)?;
        }
        Ok(())
    }

    fn hosting(&mut self, Contents { mine, .. }: &Contents) -> io::Result<()> {
        let hosting = &mine.hosting;
        self.list("Your weeks", hosting.weeks.iter().map(|week| format!("from {}", week.format("%-d %B %Y"))))?;
        let sparks: Vec<String> = hosting
            .sparks
            .iter()
            .map(|spark| match spark.post {
                Some(post) => self.link(&format!("/posts/{}", post.0), &self.time(spark.at)),
                None => format!("{} <bdi>{}</bdi>", self.time(spark.at), Text(&spark.words)),
            })
            .collect();
        self.list("Your sparks", sparks)?;
        let to_come = hosting.sparks_to_come.iter().map(|spark| {
            let words = spark.wordings.iter().map(|words| format!("<bdi>{}</bdi>", Text(words))).collect::<Vec<_>>().join(" / ");
            format!("{} at {}: {words}", spark.date.format("%-d %B %Y"), Text(&spark.time))
        });
        self.list("Sparks to come", to_come)?;
        self.list("Your prompts", hosting.prompts.iter().map(|prompt| format!("<bdi>{}</bdi>", Text(&prompt.words))))
    }

    /// Pictures that hang on no post: portraits, those of gatherings, those on walls.
    fn loose_pictures(&mut self, Contents { mine, .. }: &Contents) -> io::Result<()> {
        writeln!(self.out, "<p>{} of them, in the folder beside this page.</p>", mine.pictures.len())?;
        for picture in mine.pictures.iter().filter(|picture| picture.post.is_none() && Some(picture.file) != mine.profile.picture) {
            self.picture(picture.file)?;
            if let Some(wall) = mine.wall.iter().find(|wall| wall.picture == picture.file) {
                writeln!(self.out, "<p class=\"quiet\">On the wall: {}</p>", self.session(&wall.session))?;
            }
        }
        Ok(())
    }

    fn own_session(&self, session: &OwnSession) -> String {
        let mut says = vec![session.date.format("%-d %B %Y").to_string()];
        match session.standing.as_str() {
            "left-out" => says.push("left out".to_owned()),
            "extra" => says.push("one more".to_owned()),
            _ => {}
        }
        let moved: Vec<&str> = session.moved_date.iter().chain(&session.moved_time).map(String::as_str).collect();
        if !moved.is_empty() {
            says.push(format!("moved to {}", Text(&moved.join(" "))));
        }
        if let Some(why) = &session.cancelled {
            says.push(format!("cancelled <bdi>{}</bdi>", Text(why)));
        }
        for own in session.place.iter().chain(&session.link).chain(&session.door) {
            says.push(format!("<bdi>{}</bdi>", Text(own)));
        }
        let mut line = says.join(", ");
        for words in [&session.html, &session.keepsake_html].into_iter().filter(|words| !words.as_str().is_empty()) {
            line.push_str(&format!("<blockquote dir=\"auto\">{}</blockquote>", self.html(words)));
        }
        line
    }
}
