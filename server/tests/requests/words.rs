//! The community's own words: where it calls a post a letter, no page says "post".

use crate::app::{Client, TestApp};
use domain::{
    community::Words,
    gatherings::GatheringForm,
    time::{Clock, SystemClock, Zone},
    timeline::Audience,
};
use std::collections::BTreeSet;

/// What a person reads or hears of a page: its texts, and the attributes that are read out.
fn said(page: &str) -> String {
    let mut said = String::new();
    let mut rest = page;
    while let Some((text, from_tag)) = rest.split_once('<') {
        said.push_str(text);
        said.push(' ');
        let (tag, after) = from_tag.split_once('>').unwrap_or((from_tag, ""));
        for name in [" aria-label=\"", " placeholder=\"", " title=\"", " alt=\""] {
            if let Some((_, value)) = tag.split_once(name) {
                said.push_str(value.split('"').next().unwrap_or_default());
                said.push(' ');
            }
        }
        rest = if tag.starts_with("script") { after.split_once("</script>").map_or("", |(_, after)| after) } else { after };
    }
    said + rest
}

async fn breaches(who: &str, client: &Client, pages: &[&str]) -> Vec<String> {
    const OURS: [&str; 6] = ["post", "posts", "gathering", "gatherings", "member", "members"];
    let mut found = Vec::new();
    for page in pages {
        let text = said(&client.get(page).await.text());
        let words: BTreeSet<String> = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect();
        found.extend(OURS.iter().filter(|word| words.contains(**word)).map(|word| format!("{who} reads {word:?} on {page}")));
    }
    found
}

#[tokio::test]
async fn where_a_place_has_words_of_its_own_no_page_uses_ours() {
    let app = TestApp::start().await.founded().await;
    let (founder, ana) = (app.founder().await, app.member("ana").await);
    let (me, services) = (founder.me().await, &app.front.services);
    let admin = founder.viewer().await.admin().expect("an admin");
    let form = GatheringForm {
        title: "Soup".into(),
        date: chrono::DateTime::<chrono::Utc>::from(SystemClock.now().plus_days(3)).format("%Y-%m-%d").to_string(),
        time: "19:30".into(),
        minutes: "90".into(),
        place: "The hall".into(),
        audience: Audience::Public,
        announce: Some("yes".into()),
        ..GatheringForm::default()
    };
    let slug = services.gatherings.plan(&me, &form, &Zone::utc()).await.expect("planned");
    let post = founder.posts_for("The kettle is on.", Audience::Public, "").await;
    ana.replies(post, "Coming.").await;
    let words = ["letter", "letters", "evening", "evenings", "neighbour", "neighbours"].map(String::from);
    let [post_word, posts, gathering, gatherings, member, members] = words;
    let words = Words { post: post_word, posts, gathering, gatherings, member, members };
    services.place.change_words(&admin, &words).await.expect("kept");

    let session = format!("/gatherings/{slug}/{}", form.date);
    let (thread, series, edit) = (format!("/posts/{post}"), format!("/gatherings/{slug}"), format!("/gatherings/{slug}/edit"));
    let for_all = ["/", &thread, "/gatherings", &series, &session, "/rules", "/about", "/posts/1", "/posts/1/edit"];
    let for_members = [
        "/people",
        "/people/ana",
        "/people?order=name",
        "/notifications",
        "/settings",
        "/settings/sign-in",
        "/settings/calendar",
        "/settings/export",
        "/settings/greeting",
        "/welcome",
        "/welcome/greeting",
        "/gatherings/new",
    ];
    // The page on which the words are chosen names ours, too.
    let for_hosts = [
        "/hosting/newcomers",
        "/hosting/newcomers/ana",
        "/hosting/invitations",
        "/hosting/sign-in-help",
        "/admin",
        "/admin/looks",
        "/admin/rules",
        "/admin/welcome",
        "/admin/roles",
        &edit,
    ];
    let visitor = app.visitor();
    let mut found = breaches("a visitor", &visitor, &for_all).await;
    found.extend(breaches("a visitor", &visitor, &["/sign-in?next=/people", "/join/nothing"]).await);
    found.extend(breaches("a member", &ana, &[&for_all[..], &for_members[..]].concat()).await);
    found.extend(breaches("an admin", &founder, &[&for_all[..], &for_members[..], &for_hosts[..]].concat()).await);
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(said(&ana.get("/gatherings").await.text()).contains("Evenings"), "and its own are used");
}
