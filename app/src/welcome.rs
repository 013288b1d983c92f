//! Newcomers: what they do on their welcome path, what hosts do for them, and greeting. The pages are in [`crate::door`].

use crate::fault::{Fault, Never};
use domain::{
    people::ProfileRefusal,
    timeline::PostRefusal,
    welcome::{PathForm, PathRefusal, Step, greeters::GreeterRefusal},
};
use leptos::prelude::*;

/// Accepts the house rules of that version.
#[server(prefix = "/api", endpoint = "welcome/rules")]
pub async fn accept_rules(version: i64) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.welcome.accept_rules(&me, version).await)?;
    leptos_axum::redirect("/welcome");
    Ok(())
}

/// Keeps my line.
#[server(prefix = "/api", endpoint = "welcome/line")]
pub async fn write_line(#[server(default)] line: String) -> Result<(), Fault<ProfileRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.welcome.write_line(&me, &line).await)?;
    leptos_axum::redirect("/welcome");
    Ok(())
}

/// Keeps what I care about.
#[server(prefix = "/api", endpoint = "welcome/interests")]
pub async fn write_interests(#[server(default)] interests: String) -> Result<(), Fault<ProfileRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.welcome.write_interests(&me, &interests).await)?;
    leptos_axum::redirect("/welcome");
    Ok(())
}

/// Says hello to everybody.
#[server(prefix = "/api", endpoint = "welcome/hello")]
pub async fn say_hello(#[server(default)] markdown: String) -> Result<(), Fault<PostRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.welcome.say_hello(&me, &markdown).await)?;
    leptos_axum::redirect("/welcome?done=hello");
    Ok(())
}

/// Puts a step off, or takes it up again; `off` is any text for the former.
#[server(prefix = "/api", endpoint = "welcome/later")]
pub async fn put_step_off(step: Step, #[server(default)] off: String) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.welcome.put_off(&me, step, !off.is_empty()).await)?;
    leptos_axum::redirect("/welcome");
    Ok(())
}

/// Puts my path away, or takes it up again; `away` is any text for the former.
#[server(prefix = "/api", endpoint = "welcome/away")]
pub async fn put_path_away(#[server(default)] away: String) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.welcome.put_away(&me, !away.is_empty()).await)?;
    // Whoever knows their way goes it.
    leptos_axum::redirect(if away.is_empty() { "/welcome" } else { "/" });
    Ok(())
}

/// Changes the community's welcome path.
#[server(prefix = "/api", endpoint = "welcome/path")]
pub async fn change_welcome_path(#[server(default)] form: PathForm) -> Result<(), Fault<PathRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let admin = request.admin()?;
    answer(request.services.welcome.change_path(&admin, &form).await)?;
    leptos_axum::redirect("/admin/welcome?done=path");
    Ok(())
}

/// Sets a newcomer aside, who knows their way, or takes that back; `aside` is any text for the former.
#[server(prefix = "/api", endpoint = "newcomers/aside")]
pub async fn set_newcomer_aside(#[server(default)] name: String, #[server(default)] aside: String) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    let done = answer(request.services.welcome.set_aside(&host, &name, !aside.is_empty()).await)?;
    leptos_axum::redirect(match (done, aside.is_empty()) {
        (false, _) => "/hosting/newcomers?done=gone",
        (true, true) => "/hosting/newcomers?done=back",
        (true, false) => "/hosting/newcomers?done=aside",
    });
    Ok(())
}

/// Writes to a newcomer as a host: a post for them alone.
#[server(prefix = "/api", endpoint = "newcomers/greet")]
pub async fn greet_newcomer(#[server(default)] name: String, #[server(default)] markdown: String) -> Result<(), Fault<PostRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    answer(request.services.welcome.greet(&host, &name, &markdown).await)?;
    leptos_axum::redirect("/hosting/newcomers?done=greeted");
    Ok(())
}

/// Asks a member to greet a newcomer.
#[server(prefix = "/api", endpoint = "newcomers/ask-greeter")]
pub async fn ask_greeter(#[server(default)] name: String, #[server(default)] greeter: String) -> Result<(), Fault<GreeterRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    answer(request.services.welcome.ask_greeter(&host, &name, &greeter).await)?;
    leptos_axum::redirect("/hosting/newcomers?done=asked");
    Ok(())
}

/// Takes back that somebody was asked to greet a newcomer, or greets them.
#[server(prefix = "/api", endpoint = "newcomers/unask-greeter")]
pub async fn unask_greeter(#[server(default)] name: String) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    let done = answer(request.services.welcome.unask_greeter(&host, &name).await)?;
    leptos_axum::redirect(if done { "/hosting/newcomers?done=unasked" } else { "/hosting/newcomers?done=gone" });
    Ok(())
}

/// Accepts to greet a newcomer (`accept` is any text), or passes.
#[server(prefix = "/api", endpoint = "greeting/answer")]
pub async fn answer_greeting(#[server(default)] name: String, #[server(default)] accept: String) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    let accept = !accept.is_empty();
    let asked = answer(request.services.welcome.answer_greeting(&me, &name, accept).await)?;
    let done = match (asked, accept) {
        (true, true) => "accepted",
        (true, false) => "passed",
        // Never asked, or not any more: it looks the same.
        (false, _) => "gone",
    };
    leptos_axum::redirect(&format!("/welcome/greeting?done={done}"));
    Ok(())
}

/// Writes to a newcomer whom I greet: a post for them alone.
#[server(prefix = "/api", endpoint = "greeting/write")]
pub async fn write_to_newcomer(#[server(default)] name: String, #[server(default)] markdown: String) -> Result<(), Fault<PostRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    let post = answer(request.services.welcome.write_to_newcomer(&me, &name, &markdown).await)?;
    leptos_axum::redirect(&format!("/posts/{post}"));
    Ok(())
}

/// Keeps whether I like to greet newcomers; `greets` is any text for yes.
#[server(prefix = "/api", endpoint = "settings/greeting")]
pub async fn change_greeting(#[server(default)] greets: String) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.welcome.change_greets(&me, !greets.is_empty()).await)?;
    leptos_axum::redirect(if greets.is_empty() { "/settings/greeting?done=not" } else { "/settings/greeting?done=greets" });
    Ok(())
}
