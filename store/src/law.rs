//! The law of who may see what, in SQL: what `domain::timeline::may_see` says, for every query that reads content.
//!
//! In each statement `$1` is the viewer's id, 0 for a visitor. There is one text for members and one for visitors, since they
//! are served by different indexes; each also holds when it is given the other's `$1`, so that a mistake shows too little.

use domain::viewer::Viewer;

/// The viewer's id, as `$1` of every statement that reads content.
pub(crate) fn viewer_id(viewer: &Viewer) -> i64 {
    viewer.id().map_or(0, |id| id.0)
}

/// Whether the viewer may see the post or reply in table alias `p`.
pub(crate) fn post(viewer: &Viewer) -> String {
    post_as(viewer, "p")
}

/// Whether the viewer may see the post or reply in a table alias.
pub(crate) fn post_as(viewer: &Viewer, p: &str) -> String {
    match viewer {
        Viewer::Visitor => format!("({p}.audience = 'public' AND $1 = 0)"),
        Viewer::Member(_) => format!(
            "($1 <> 0 AND ({p}.audience IN ('public', 'community') OR ({p}.audience = 'named' AND EXISTS (\
             SELECT 1 FROM post_named law WHERE law.post_id = {p}.root_id AND law.member_id = $1))))"
        ),
    }
}

/// Whether every member may see the post or reply in table alias `p`: what is told to all of them at once holds nothing else.
pub(crate) const POST_FOR_ALL: &str = "p.audience IN ('public', 'community')";

/// Whether the viewer may see the gathering in table alias `g`.
pub(crate) fn gathering(viewer: &Viewer) -> &'static str {
    match viewer {
        Viewer::Visitor => "(g.audience = 'public' AND $1 = 0)",
        Viewer::Member(_) => {
            "(g.audience IN ('public', 'community') AND $1 <> 0 AND (NOT g.only_named OR EXISTS (\
             SELECT 1 FROM gathering_named law WHERE law.gathering_id = g.id AND law.member_id = $1)))"
        }
    }
}
