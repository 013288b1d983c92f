//! The address of each member's own calendar, which is a secret.

use crate::{
    connection::{Store, one, value, values},
    sign_in::{ME, MeRow},
};
use domain::{outcome::Unavailable, viewer::Me};

pub(super) async fn calendar_secret(store: &Store, me: &Me, fresh: &str) -> Result<String, Unavailable> {
    let write = store.write().await?;
    let keep = "UPDATE members SET calendar_secret = COALESCE(calendar_secret, $2) WHERE id = $1 RETURNING calendar_secret";
    let secret: Option<String> = value(write.db(), keep, values![me.id.0, fresh]).await?;
    write.commit().await?;
    secret.ok_or_else(|| Unavailable::because("there is no such member"))
}

pub(super) async fn renew_calendar_secret(store: &Store, me: &Me, fresh: &str) -> Result<(), Unavailable> {
    let write = store.write().await?;
    write.run("UPDATE members SET calendar_secret = $2 WHERE id = $1", values![me.id.0, fresh]).await?;
    write.commit().await
}

pub(super) async fn calendar_owner(store: &Store, secret: &str) -> Result<Option<Me>, Unavailable> {
    let sql = format!("{ME} WHERE m.calendar_secret = $1");
    one::<MeRow>(store.read(), sql, values![secret]).await?.map(MeRow::me).transpose()
}
