//! What every page knows: who is looking, and what this place is called and calls things.

use domain::{
    community::{Community, Words},
    ids::PictureId,
    time::Zone,
    viewer::{Me, Viewer},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The page's surroundings. It travels with the page to the client, so it holds nothing that the viewer may not know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Here {
    /// Who is looking.
    pub viewer: Viewer,
    /// The community's name.
    pub name: String,
    /// What it calls things.
    pub words: Words,
    /// The language that people write in here, as a tag.
    pub language: String,
    /// Its zone.
    pub zone: Zone,
    /// Its logo.
    pub logo: Option<PictureId>,
    /// Its reactions.
    pub reactions: Vec<String>,
    /// Whether the viewer may invite.
    pub may_invite: bool,
}

impl Here {
    /// The surroundings in a community.
    pub fn of(community: &Community, viewer: &Viewer) -> Self {
        Self {
            viewer: viewer.clone(),
            name: community.name.clone(),
            words: community.words.clone(),
            language: community.language.clone(),
            zone: community.zone.clone(),
            logo: community.logo,
            reactions: community.reactions.clone(),
            may_invite: viewer.me().is_some_and(|me| community.who_invites.lets(me)),
        }
    }
    /// The member who is looking, if one is.
    pub fn me(&self) -> Option<&Me> {
        self.viewer.me()
    }
    /// The zone in which to show times.
    pub fn zone(&self) -> &Zone {
        self.viewer.zone_or(&self.zone)
    }
}

/// The page's surroundings. Every page is inside of them, and every part of it asks.
pub fn here() -> Arc<Here> {
    expect_context::<StoredValue<Arc<Here>>>().get_value()
}

impl Here {
    /// Puts the surroundings into the page's context.
    pub fn provide(self) {
        provide_context(StoredValue::new(Arc::new(self)));
    }
}
