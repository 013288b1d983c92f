//! The law of who may see what, in SQL: what `domain::timeline::may_see` says, for every query that reads content.
//!
//! In each statement `$1` is the viewer's id, 0 for a visitor. There is one text for members and one for visitors, since they
//! are served by different indexes; each also holds when it is given the other's `$1`, so that a mistake shows too little.

use domain::{people::Role, viewer::Viewer};

/// The viewer's id, as `$1` of every statement that reads content.
pub(crate) fn viewer_id(viewer: &Viewer) -> i64 {
    viewer.id().map_or(0, |id| id.0)
}

/// Whether the viewer may see the post or reply in table alias `p`, and did not block whoever wrote it or began its thread.
pub(crate) fn post(viewer: &Viewer) -> String {
    post_as(viewer, "p")
}

/// As [`post`], in a table alias.
pub(crate) fn post_as(viewer: &Viewer, p: &str) -> String {
    let audience = audience_of(viewer, p);
    match viewer {
        Viewer::Visitor => audience,
        // Whether one blocked anybody is asked once in a statement, and nearly nobody did. What is said in a room is for all who are there; and what
        // one wrote oneself stays one's own to take back.
        Viewer::Member(_) => format!(
            "({audience} AND (NOT EXISTS (SELECT 1 FROM blocks any_by WHERE any_by.member_id = $1) \
             OR {p}.in_room OR {p}.author_id = $1 OR NOT EXISTS (SELECT 1 FROM blocks law WHERE law.member_id = $1 \
             AND (law.blocked_id = {p}.author_id OR law.blocked_id = (SELECT begun.author_id FROM posts begun WHERE begun.id = {p}.root_id)))))"
        ),
    }
}

/// As [`post`], for what is opened by its address. A host who blocked somebody looks after them all the same: what they open is all there.
pub(crate) fn post_opened(viewer: &Viewer) -> String {
    post_opened_as(viewer, "p")
}

/// As [`post_opened`], in a table alias.
pub(crate) fn post_opened_as(viewer: &Viewer, p: &str) -> String {
    if looks_after(viewer) { audience_of(viewer, p) } else { post_as(viewer, p) }
}

/// As [`post`], whomever the viewer blocked: for the host's desk, which loses nobody, and for what is one's own to take home.
pub(crate) fn post_for_host(viewer: &Viewer) -> String {
    audience_of(viewer, "p")
}

/// Whether the viewer is a host.
fn looks_after(viewer: &Viewer) -> bool {
    viewer.me().is_some_and(|me| me.role >= Role::Host)
}

/// Whether the viewer is among those for whom the post or reply in a table alias is.
fn audience_of(viewer: &Viewer, p: &str) -> String {
    match viewer {
        Viewer::Visitor => format!("({p}.audience = 'public' AND $1 = 0)"),
        Viewer::Member(_) => format!(
            "($1 <> 0 AND ({p}.audience IN ('public', 'community') OR ({p}.audience = 'named' AND EXISTS (\
             SELECT 1 FROM post_named law WHERE law.post_id = {p}.root_id AND law.member_id = $1 AND NOT law.hidden))))"
        ),
    }
}

/// How many of a thread's replies a member does not see since they blocked who wrote them, of the post in table alias `p`.
pub(crate) fn hidden_replies(viewer: &Viewer) -> &'static str {
    if viewer.me().is_none() || looks_after(viewer) {
        return "0";
    }
    // Those whom one blocked come first, mostly nobody; and then the thread, which is shorter than all that they wrote (so the `+`).
    "(SELECT COUNT(*) FROM blocks law CROSS JOIN posts hidden WHERE law.member_id = $1 AND +hidden.author_id = law.blocked_id \
     AND hidden.root_id = p.id AND hidden.id <> p.id AND NOT hidden.taken_back AND p.parent_id IS NULL AND NOT p.in_room)"
}

/// Who is kept apart from the members whose id is as said, as `one_id` and `other_id`: one of the two blocked the other, or a host said to leave
/// them alone. That it is the one or the other can't be told, and so whoever is not proposed does not show that somebody blocked somebody.
pub(crate) fn kept_apart(of: &str) -> String {
    format!(
        "SELECT k.member_id AS one_id, k.blocked_id AS other_id FROM blocks k WHERE k.member_id {of} \
         UNION ALL SELECT k.blocked_id, k.member_id FROM blocks k WHERE k.blocked_id {of} \
         UNION ALL SELECT l.one_id, l.other_id FROM left_alone l WHERE l.one_id {of} AND NOT l.introduced \
         UNION ALL SELECT l.other_id, l.one_id FROM left_alone l WHERE l.other_id {of} AND NOT l.introduced"
    )
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
