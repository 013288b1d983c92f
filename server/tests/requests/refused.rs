//! Forms that are refused without script: each says why at the field that it is about, and at no other.

use crate::{
    app::{Client, PASSWORD, TestApp},
    doors::{with_files, without_script},
};
use domain::invitations::{AskForm, Invitation, InvitationForm};

/// A form of a page, as it is filled in when it fits.
struct Form<'a> {
    by: &'a Client,
    page: &'a str,
    path: &'a str,
    fits: &'a [(&'a str, &'a str)],
}

impl Form<'_> {
    /// The page that is shown when one field is filled in otherwise; with nothing, the field is left out.
    async fn refused(&self, field: &str, value: &str) -> String {
        let mut fields: Vec<(&str, &str)> = self.fits.iter().copied().filter(|(name, _)| *name != field).collect();
        if !value.is_empty() {
            fields.push((field, value));
        }
        let answer = if app::uploads::takes_files(self.path) {
            with_files(self.by, self.page, self.path, &fields).await
        } else {
            without_script(self.by, self.page, self.path, &fields).await
        };
        let location = answer.header("location");
        assert!(answer.status == 303 && location.contains("kept="), "{} took {field} {value}: {} {location}", self.path, answer.status);
        self.by.get(&location).await.text()
    }

    /// A field that is filled in like that is the one that the page marks.
    async fn marks(&self, field: &str, value: &str) {
        self.marks_at(field, field, value).await;
    }

    /// As [`Form::marks`], where what is shown for the field has another name.
    async fn marks_at(&self, shown: &str, field: &str, value: &str) {
        let page = self.refused(field, value).await;
        let marked = Marked::on(&page);
        assert_eq!(marked.name, shown, "{} {field} {value}", self.path);
        assert!(marked.says.contains(&marked.sentence), "{} {field} says {:?} of {}", self.path, marked.says, marked.sentence);
        let told = field.contains("password") || field == "file" || page.contains(value);
        assert!(told, "{} lost {field} {value}: {page}", self.path);
    }
}

/// The field that a page marks.
struct Marked {
    /// Its name.
    name: String,
    /// What describes it.
    says: Vec<String>,
    /// What stands above its form.
    sentence: String,
}

impl Marked {
    /// The one on this page.
    fn on(page: &str) -> Self {
        let controls: Vec<&str> = page.split('<').filter(|tag| tag.contains("aria-invalid=\"true\"")).collect();
        assert!(controls.len() == 1 && page.matches(" autofocus").count() == 1, "one field is marked: {controls:?} {page}");
        assert_eq!(page.matches("id=\"refused\"").count(), 1, "{page}");
        let says = attribute(controls[0], "aria-describedby").split(' ').map(|id| text(page, &format!("id=\"{id}\""))).collect();
        Self { name: attribute(controls[0], "name"), says, sentence: text(page, "href=\"#refused\"") }
    }
}

/// What an attribute of an element is.
fn attribute(tag: &str, name: &str) -> String {
    let rest = tag.split_once(&format!(" {name}=\"")).map(|(_, rest)| rest);
    rest.and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("no {name} in {tag}")).to_owned()
}

/// What the element says that has such an attribute.
fn text(page: &str, attribute: &str) -> String {
    let rest = page.split_once(attribute).and_then(|(_, rest)| rest.split_once('>')).map(|(_, rest)| rest);
    rest.and_then(|rest| rest.split('<').next()).unwrap_or_else(|| panic!("nothing with {attribute} in {page}")).to_owned()
}

async fn invited(app: &TestApp) -> Invitation {
    let form = InvitationForm { name: "Bo".into(), ..InvitationForm::default() };
    app.front.services.invitations.invite(&app.founder().await.me().await, &form).await.expect("an invitation")
}

/// One more than a field of so many characters takes.
fn over(most: usize) -> String {
    "x".repeat(most + 1)
}

const MANY_INTERESTS: &str = "a,b,c,d,e,f,g,h,i,j,k,l,m";

#[tokio::test]
async fn a_newcomer_whose_name_is_taken_is_told_so_at_the_name() {
    let app = TestApp::start().await.founded().await;
    app.member("ana").await;
    let (visitor, code) = (app.visitor(), invited(&app).await.code);
    let fits = [("code", code.as_str()), ("form[password]", PASSWORD), ("form[display_name]", "Ana María"), ("form[rules]", "read")];
    let form = Form { by: &visitor, page: &format!("/join/{code}"), path: "/api/join", fits: &fits };
    let page = form.refused("form[name]", "ana").await;
    let marked = Marked::on(&page);
    assert_eq!(marked.name, "form[name]");
    assert_eq!(marked.sentence, "Somebody here has that name already. Please choose another.");
    let [hint, error] = marked.says.as_slice() else { panic!("a hint and the refusal: {:?}", marked.says) };
    assert!(hint.starts_with("Short: letters from a to z") && *error == marked.sentence, "{hint} {error}");
    assert!(page.contains("value=\"ana\"") && page.contains("value=\"Ana María\""), "{page}");
    assert!(!page.contains(PASSWORD), "{page}");
}

#[tokio::test]
async fn what_an_outsider_s_form_is_refused_for_is_marked() {
    let app = TestApp::start().await.founded().await;
    let (visitor, code) = (app.visitor(), invited(&app).await.code);
    let fits = [
        ("code", code.as_str()),
        ("form[name]", "bo"),
        ("form[password]", PASSWORD),
        ("form[display_name]", "Bo"),
        ("form[time_zone]", "Europe/Lisbon"),
        ("form[rules]", "read"),
    ];
    let join = Form { by: &visitor, page: &format!("/join/{code}"), path: "/api/join", fits: &fits };
    for (field, value) in [
        ("name", "9"),
        ("name", "admin"),
        ("password", "short"),
        ("display_name", &over(60)),
        ("pronouns", &over(40)),
        ("line", &over(200)),
        ("interests", MANY_INTERESTS),
        ("time_zone", "Atlantis"),
        ("rules", ""),
    ] {
        join.marks(&format!("form[{field}]"), value).await;
    }
    let ask = Form { by: &visitor, page: "/", path: "/api/asks/ask", fits: &[("form[name]", "Bo"), ("form[words]", "May I?")] };
    for (field, value) in [("form[name]", ""), ("form[reach]", &over(120)), ("form[words]", "")] {
        ask.marks(field, value).await;
    }
    let host = app.founder().await.viewer().await.host().expect("a host");
    let code = app.front.services.sign_in.make_reset(&host, "house-host").await.expect("a link");
    let reset = Form { by: &visitor, page: &format!("/reset/{code}"), path: "/api/reset-password", fits: &[("code", &code)] };
    reset.marks("new_password", "short").await;
}

#[tokio::test]
async fn what_a_member_s_form_is_refused_for_is_marked() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    let fits = [("display_name", "Ana"), ("time_zone", "Europe/Lisbon")];
    let profile = Form { by: &ana, page: "/settings", path: "/api/settings/profile", fits: &fits };
    for (field, value) in [
        ("display_name", ""),
        ("pronouns", &over(40)),
        ("line", &over(200)),
        ("interests", MANY_INTERESTS),
        ("time_zone", "Atlantis"),
        ("file", "no picture at all"),
    ] {
        profile.marks(field, value).await;
    }
    let fits = [("present_password", PASSWORD), ("new_password", "another four words")];
    let password = Form { by: &ana, page: "/settings/sign-in", path: "/api/settings/password", fits: &fits };
    password.marks("present_password", "not that one").await;
    password.marks("new_password", "short").await;

    let (page, path) = ("/hosting/invitations", "/api/invitations/make");
    let person = Form { by: &ana, page, path, fits: &[("kind", "person"), ("form[name]", "Bo")] };
    for (field, value) in [("form[name]", ""), ("form[note]", &over(500)), ("form[days]", "400")] {
        person.marks(field, value).await;
    }
    let group = Form { by: &ana, page, path, fits: &[("kind", "group"), ("form[label]", "the choir"), ("form[uses]", "10")] };
    for (field, value) in [("form[label]", ""), ("form[label]", &over(60)), ("form[uses]", "lots")] {
        group.marks(field, value).await;
    }
}

#[tokio::test]
async fn what_a_gathering_is_refused_for_is_marked() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    let fits = [
        ("title", "Soup night"),
        ("date", "2030-01-03"),
        ("time", "19:30"),
        ("minutes", "90"),
        ("often", "own"),
        ("every", "1"),
        ("unit", "weeks"),
        ("at", "both"),
        ("place", "The kitchen"),
        ("link", "https://meet.example"),
    ];
    let plan = Form { by: &ana, page: "/gatherings/new", path: "/api/gatherings/plan", fits: &fits };
    for (field, value) in [
        ("title", ""),
        ("date", "soon"),
        ("date", "2020-01-01"),
        ("time", "late"),
        ("minutes", "3"),
        ("every", "0"),
        ("until", "1999-01-01"),
        ("place", &over(200)),
        ("link", "ftp://meet.example"),
        ("markdown", &over(10_000)),
        ("file", "no picture at all"),
        ("alt", &over(500)),
        ("time_zone", "Atlantis"),
    ] {
        plan.marks(field, value).await;
    }
    plan.marks_at("file", "picture", "999").await;

    // Of where it is, what is asked for is marked.
    for (at, shown) in [("place", "place"), ("online", "link"), ("both", "place")] {
        let nowhere = [("title", "Soup night"), ("date", "2030-01-03"), ("time", "19:30"), ("at", at)];
        Form { fits: &nowhere, ..plan }.marks_at(shown, "link", "").await;
    }

    with_files(&ana, plan.page, plan.path, plan.fits).await;
    let fits: Vec<(&str, &str)> = plan.fits.iter().copied().chain([("slug", "soup-night")]).collect();
    let change = Form { by: &ana, page: "/gatherings/soup-night/edit", path: "/api/gatherings/change", fits: &fits };
    change.marks("link", "ftp://meet.example").await;
}

#[tokio::test]
async fn what_an_admin_s_form_is_refused_for_is_marked() {
    let app = TestApp::start().await.founded().await;
    let admin = app.founder().await;
    let fits = [
        ("form[name]", "Lantern Street"),
        ("form[purpose]", "Neighbours"),
        ("form[size_cap]", "100"),
        ("form[who_invites]", "everyone"),
        ("form[asks_open]", "yes"),
        ("form[reactions]", "🍲"),
    ];
    let place = Form { by: &admin, page: "/admin", path: "/api/community/change", fits: &fits };
    for (field, value) in [
        ("name", ""),
        ("purpose", ""),
        ("greeting", &over(2000)),
        ("time_zone", "Atlantis"),
        ("language", "the language of birds"),
        ("size_cap", "1"),
        ("reactions", ""),
    ] {
        place.marks(&format!("form[{field}]"), value).await;
    }
    let looks = Form { by: &admin, page: "/admin/looks", path: "/api/community/accent", fits: &[("accent", "own")] };
    looks.marks("own", "#ffe680").await;
    Form { path: "/api/community/logo", fits: &[], ..looks }.marks("file", "no picture at all").await;
    let words = ["post", "posts", "gathering", "gatherings", "member", "members"].map(|word| format!("words[{word}]"));
    let fits: Vec<(&str, &str)> = words.iter().map(|word| (word.as_str(), "thing")).collect();
    for word in &words {
        Form { by: &admin, page: "/admin/words", path: "/api/community/words", fits: &fits }.marks(word, " ").await;
    }
    Form { by: &admin, page: "/admin/rules", path: "/api/community/rules", fits: &[] }.marks("markdown", "").await;
    Form { by: &admin, page: "/admin/roles", path: "/api/community/role", fits: &[("role", "host")] }.marks("name", "nobody").await;
    Form { by: &admin, page: "/hosting/sign-in-help", path: "/api/hosting/sign-in-help", fits: &[] }.marks("name", "nobody").await;

    // Of several who knock, the one that is answered.
    let invitations = &app.front.services.invitations;
    for name in ["Otto", "Ulla"] {
        let form = AskForm { name: name.into(), words: "May I?".into(), ..AskForm::default() };
        invitations.ask(&form).await.expect("asked");
    }
    let host = admin.viewer().await.host().expect("a host");
    let ulla = invitations.asks(&host).await.expect("available")[1].id.to_string();
    let decline = Form { by: &admin, page: "/hosting/invitations", path: "/api/asks/decline", fits: &[("ask", &ulla)] };
    decline.marks("words", &over(1000)).await;
    assert!(decline.refused("words", &over(1000)).await.contains(&format!("aria-describedby=\"decline-{ulla}-error\"")));
}

#[tokio::test]
async fn a_colour_that_is_only_looked_at_is_marked_as_well() {
    let app = TestApp::start().await.founded().await;
    let looked = app.founder().await.get("/admin/looks?accent=own&own=%23ffe680").await.text();
    let marked = Marked::on(&looked);
    assert!(marked.name == "own" && marked.says.contains(&marked.sentence), "{looked}");
}

#[tokio::test]
async fn what_a_step_of_founding_is_refused_for_is_marked() {
    let app = TestApp::start().await;
    let (browser, key) = (app.visitor(), app.founding_key().await);
    browser.get(&format!("/setup?key={key}")).await;
    let form = |path, fits| Form { by: &browser, page: "/setup", path, fits };

    let fits = [
        ("form[name]", "Lantern Street"),
        ("form[purpose]", "Neighbours"),
        ("form[time_zone]", "Europe/Lisbon"),
        ("form[language]", "en"),
        ("form[size_cap]", "100"),
    ];
    let place = form("/api/setup/place", &fits);
    for (field, value) in [("name", ""), ("purpose", ""), ("time_zone", "Atlantis"), ("language", "birds' own"), ("size_cap", "1")] {
        place.marks(&format!("form[{field}]"), value).await;
    }
    without_script(&browser, "/setup", place.path, place.fits).await;

    let founder = form("/api/setup/founder", &[("form[name]", "ines"), ("form[password]", PASSWORD), ("form[display_name]", "Ines")]);
    for (field, value) in [("form[name]", "9"), ("form[password]", "short"), ("form[display_name]", &over(60))] {
        founder.marks(field, value).await;
    }
    without_script(&browser, "/setup", founder.path, founder.fits).await;

    let looks = form("/api/setup/looks", &[("accent", "own"), ("own", "#1d5b4c")]);
    looks.marks("own", "#ffe680").await;
    looks.marks("greeting", &over(2000)).await;
    without_script(&browser, "/setup", looks.path, looks.fits).await;

    let rules = form("/api/setup/rules", &[("markdown", "Be kind.")]);
    rules.marks("markdown", "").await;
    without_script(&browser, "/setup", rules.path, rules.fits).await;

    let fits = [
        ("form[title]", "Soup night"),
        ("form[date]", "2030-01-03"),
        ("form[time]", "19:30"),
        ("form[often]", "week"),
        ("form[at]", "place"),
        ("form[place]", "The kitchen"),
    ];
    let gathering = form("/api/setup/gathering", &fits);
    for (field, value) in [("title", ""), ("date", "soon"), ("date", "2020-01-01"), ("time", "late"), ("place", "")] {
        gathering.marks(&format!("form[{field}]"), value).await;
    }
    gathering.marks_at("form[link]", "form[at]", "online").await;
    without_script(&browser, "/setup", gathering.path, gathering.fits).await;

    let invitation = form("/api/setup/invitation", &[("kind", "person"), ("form[name]", "Bo")]);
    invitation.marks("form[name]", "").await;
    invitation.marks_at("form[label]", "kind", "group").await;
    invitation.marks("form[days]", "400").await;
}
