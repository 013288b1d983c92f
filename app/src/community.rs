//! The community.
