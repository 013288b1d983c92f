//! Many hands: whose week it is, being away, and the meter of one's own time. The pages are in [`crate::door`].

use crate::fault::{Fault, Never};
use domain::hands::{
    ShareForm, WeekRefusal,
    away::{AwayForm, AwayRefusal},
    weeks::Week,
};
use leptos::prelude::*;

/// Takes a week that nobody has, or that somebody has who is away then.
#[server(prefix = "/api", endpoint = "hosting/weeks/take")]
pub async fn take_week(week: Week) -> Result<(), Fault<WeekRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    let zone = request.community()?.zone.clone();
    answer(request.services.hands.take(&host, week, &zone).await)?;
    leptos_axum::redirect("/hosting/hands?done=taken");
    Ok(())
}

/// Gives a week of one's own back.
#[server(prefix = "/api", endpoint = "hosting/weeks/give-back")]
pub async fn give_week_back(week: Week) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    let mine = answer(request.services.hands.give_back(&host, week).await)?;
    leptos_axum::redirect(if mine { "/hosting/hands?done=given-back" } else { "/hosting/hands?done=changed" });
    Ok(())
}

/// Shares out the weeks that nobody has.
#[server(prefix = "/api", endpoint = "hosting/weeks/share")]
pub async fn share_weeks(#[server(default)] form: ShareForm) -> Result<(), Fault<WeekRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    let zone = request.community()?.zone.clone();
    let many = answer(request.services.hands.share(&host, &form, &zone).await)?;
    leptos_axum::redirect(if many > 0 { "/hosting/hands?done=shared" } else { "/hosting/hands?done=none-free" });
    Ok(())
}

/// Asks whoever has a week to swap it for one of one's own.
#[server(prefix = "/api", endpoint = "hosting/weeks/ask-swap")]
pub async fn ask_swap(mine: Week, theirs: Week) -> Result<(), Fault<WeekRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    let zone = request.community()?.zone.clone();
    answer(request.services.hands.ask_swap(&host, mine, theirs, &zone).await)?;
    leptos_axum::redirect("/hosting/hands?done=asked");
    Ok(())
}

/// Agrees to a swap (`agree` is any text), or not.
#[server(prefix = "/api", endpoint = "hosting/weeks/answer-swap")]
pub async fn answer_swap(mine: Week, #[server(default)] agree: String) -> Result<(), Fault<WeekRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    let zone = request.community()?.zone.clone();
    answer(request.services.hands.answer_swap(&host, mine, !agree.is_empty(), &zone).await)?;
    leptos_axum::redirect(if agree.is_empty() { "/hosting/hands?done=not-swapped" } else { "/hosting/hands?done=swapped" });
    Ok(())
}

/// Takes back that one asked for a swap.
#[server(prefix = "/api", endpoint = "hosting/weeks/unask-swap")]
pub async fn unask_swap(mine: Week) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    let asked = answer(request.services.hands.unask_swap(&host, mine).await)?;
    leptos_axum::redirect(if asked { "/hosting/hands?done=unasked" } else { "/hosting/hands?done=changed" });
    Ok(())
}

/// Says that I am away; `desk` is any text where a host says it at the desk.
#[server(prefix = "/api", endpoint = "settings/away")]
pub async fn go_away(#[server(default)] form: AwayForm, #[server(default)] desk: String) -> Result<(), Fault<AwayRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    let zone = request.community()?.zone.clone();
    answer(request.services.hands.go_away(&me, &form, &zone).await)?;
    leptos_axum::redirect(&said_at(&desk, "away"));
    Ok(())
}

/// Says that I am back, or do not go.
#[server(prefix = "/api", endpoint = "settings/back")]
pub async fn come_back(#[server(default)] desk: String) -> Result<(), Fault<AwayRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.hands.come_back(&me).await)?;
    leptos_axum::redirect(&said_at(&desk, "back"));
    Ok(())
}

/// Where one goes on after one said that one is away, or back.
#[cfg(feature = "ssr")]
fn said_at(desk: &str, done: &str) -> String {
    format!("{}?done={done}", if desk.is_empty() { "/settings/greeting" } else { "/hosting/hands" })
}

/// Turns the meter of my own time on (`on` is any text) or off.
#[server(prefix = "/api", endpoint = "hosting/meter")]
pub async fn turn_meter(#[server(default)] on: String) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    answer(request.services.hands.meter.turn(&host, !on.is_empty()).await)?;
    leptos_axum::redirect(if on.is_empty() { "/hosting/hands?done=not-measured#time" } else { "/hosting/hands?done=measured#time" });
    Ok(())
}
