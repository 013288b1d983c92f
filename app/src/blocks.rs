//! Blocking somebody, and taking it back: told to nobody. The page is in [`crate::door`].

use crate::fault::{Fault, Never};
use domain::blocks::BlockRefusal;
use leptos::prelude::*;

/// Blocks somebody, by their name or as they are called.
#[server(prefix = "/api", endpoint = "blocks/block")]
pub async fn block(#[server(default)] name: String) -> Result<(), Fault<BlockRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.blocks.block(&me, &name).await)?;
    leptos_axum::redirect("/settings/blocks?done=blocked");
    Ok(())
}

/// Takes a block of mine back. To take back what never was looks the same.
#[server(prefix = "/api", endpoint = "blocks/unblock")]
pub async fn unblock(#[server(default)] name: String) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.blocks.unblock(&me, &name).await)?;
    leptos_axum::redirect("/settings/blocks?done=back");
    Ok(())
}
