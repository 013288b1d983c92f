//! Who is asking. Every read of content takes a [`Viewer`]; there is no query without one.
//!
//! Rights live in types: what only a host may do takes a [`Host`], which can only be had from a viewer who is one.

use crate::{
    ids::{MemberId, PictureId},
    people::{Handle, Role},
    time::Zone,
    timeline::Looked,
};
use serde::{Deserialize, Serialize};

/// The one on whose behalf a request is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Viewer {
    /// Not signed in.
    Visitor,
    /// Signed in.
    Member(Me),
}

/// The signed-in member, as far as every page needs to know them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Their id.
    pub id: MemberId,
    /// Their name (handle).
    pub name: Handle,
    /// What they are called.
    pub display_name: String,
    /// Their picture, if they gave one.
    pub picture: Option<PictureId>,
    /// What they may do.
    pub role: Role,
    /// The zone in which they read times.
    pub zone: Zone,
    /// Notifications not yet read.
    pub unread: u32,
    /// How far they have read on the timeline. Stays on the server.
    #[serde(skip)]
    pub looked: Looked,
}

/// Proof that somebody is signed in as a host or an admin.
#[derive(Clone, Debug)]
pub struct Host(Me);

/// Proof that somebody is signed in as an admin.
#[derive(Clone, Debug)]
pub struct Admin(Me);

impl Viewer {
    /// The member, if signed in.
    pub fn me(&self) -> Option<&Me> {
        match self {
            Self::Visitor => None,
            Self::Member(me) => Some(me),
        }
    }
    /// The member's id, if signed in.
    pub fn id(&self) -> Option<MemberId> {
        self.me().map(|me| me.id)
    }
    /// The host, if the viewer is one. Admins are hosts.
    pub fn host(&self) -> Option<Host> {
        self.me().filter(|me| me.role >= Role::Host).cloned().map(Host)
    }
    /// The admin, if the viewer is one.
    pub fn admin(&self) -> Option<Admin> {
        self.me().filter(|me| me.role == Role::Admin).cloned().map(Admin)
    }
    /// The zone in which to show times: the member's own, else the given one.
    pub fn zone_or<'a>(&'a self, community: &'a Zone) -> &'a Zone {
        self.me().map_or(community, |me| &me.zone)
    }
}

impl Host {
    /// The member who is the host.
    pub fn me(&self) -> &Me {
        &self.0
    }
    /// The host, as one who reads.
    pub fn viewer(&self) -> Viewer {
        Viewer::Member(self.0.clone())
    }
}

impl Admin {
    /// The member who is the admin.
    pub fn me(&self) -> &Me {
        &self.0
    }
}
