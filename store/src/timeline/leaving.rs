//! What somebody wrote, when they leave: taken back all at once, as by themselves one by one. The places that remain are nobody's.

use super::writing::{PlaceRow, TalkRow};
use crate::connection::{Write, all, among_ids, column, values};
use domain::{
    ids::{GatheringId, MemberId},
    live::{Hint, RoomPart},
    outcome::Unavailable,
};
use sea_orm::FromQueryResult;
use std::collections::BTreeMap;

/// Of how many posts, the newest, open pages are told one by one: what is further back stands on no page that is open for long, and is shown as it
/// is by the next.
const MOST_TOLD: i64 = 200;

/// A place in a thread in which somebody wrote.
#[derive(FromQueryResult)]
struct StandsRow {
    id: i64,
    parent_id: Option<i64>,
    /// It holds no words, or will not.
    empty: bool,
}

impl Write {
    /// Takes everything back that a member wrote. Where others answered, an empty place remains, which nobody wrote; its statements are as many for
    /// five posts as for five thousand.
    pub async fn take_all_back(&mut self, member: i64) -> Result<(), Unavailable> {
        // Counts what will be left in each of the threads, and has whatever else writes in them wait.
        let count = "UPDATE posts SET replies = replies - (SELECT COUNT(*) FROM posts l WHERE l.root_id = posts.id AND l.author_id = $1 \
                     AND l.id <> posts.id AND NOT l.taken_back) WHERE id IN (SELECT t.root_id FROM posts t WHERE t.author_id = $1)";
        self.run(count, values![member]).await?;
        self.tell_of_all(member).await?;
        let threads = "SELECT p.id, p.parent_id, p.taken_back OR p.author_id = $1 AS empty FROM posts p \
                       WHERE p.root_id IN (SELECT t.root_id FROM posts t WHERE t.author_id = $1) ORDER BY p.id DESC";
        let stands: Vec<StandsRow> = all(self.db(), threads, values![member]).await?;
        for table in ["notifications", "reactions", "revisions", "post_tags"] {
            let theirs = format!("DELETE FROM {table} WHERE post_id IN (SELECT p.id FROM posts p WHERE p.author_id = $1)");
            self.run(theirs, values![member]).await?;
        }
        let pictures =
            "UPDATE pictures SET post_id = NULL, free_since = 0 WHERE post_id IN (SELECT p.id FROM posts p WHERE p.author_id = $1)";
        self.run(pictures, values![member]).await?;
        let empty = "UPDATE posts SET markdown = '', html = '', note = NULL, excerpt = '', gathering_id = NULL, edited_at = NULL, \
                     taken_back = TRUE, author_id = NULL WHERE author_id = $1";
        self.run(empty, values![member]).await?;
        let among = among_ids(self.db(), held_for_nothing(&stands));
        // `$1` only has to be there: lists are always `$2`.
        self.run(format!("DELETE FROM posts WHERE $1 <> 0 AND id {}", among.sql), [member.into(), among.value]).await.map(drop)
    }

    /// Tells open pages of what goes, and those who have an unread notice of it.
    async fn tell_of_all(&mut self, member: i64) -> Result<(), Unavailable> {
        let sql = "SELECT p.id, p.root_id, p.author_id, p.audience, r.author_id AS root_author_id, r.taken_back AS root_taken_back \
                   FROM posts p JOIN posts r ON r.id = p.root_id WHERE p.author_id = $1 AND NOT p.taken_back ORDER BY p.id DESC LIMIT $2";
        let newest: Vec<PlaceRow> = all(self.db(), sql, values![member, MOST_TOLD]).await?;
        for place in &newest {
            self.tell_thread(place, Hint::PostChanged { post: place.post(), thread: place.thread() }).await?;
        }
        let said = "SELECT r.gathering_id, r.date FROM rooms r WHERE r.talk_id IN (SELECT p.root_id FROM posts p WHERE p.author_id = $1) \
                    ORDER BY r.talk_id DESC LIMIT $2";
        for TalkRow { gathering_id, date } in all::<TalkRow>(self.db(), said, values![member, MOST_TOLD]).await? {
            let gathering = GatheringId(gathering_id);
            self.tell_who_may_see(gathering, &Hint::Room { gathering, date, part: RoomPart::Talk }).await?;
        }
        let unread = "SELECT n.member_id FROM notifications n WHERE n.unread AND n.member_id <> $1 AND (n.actor_id = $1 \
                      OR n.post_id IN (SELECT p.id FROM posts p WHERE p.author_id = $1)) GROUP BY n.member_id";
        for other in column::<i64>(self.db(), unread, values![member]).await? {
            self.tell(Some(MemberId(other)), &Hint::Notified).await?;
        }
        Ok(())
    }
}

/// Of places from the newest to the oldest, the empty ones that no reply hangs on, or only such.
fn held_for_nothing(stands: &[StandsRow]) -> Vec<i64> {
    let mut answers: BTreeMap<i64, u32> = BTreeMap::new();
    for parent in stands.iter().filter_map(|place| place.parent_id) {
        *answers.entry(parent).or_default() += 1;
    }
    let mut gone = Vec::new();
    // A reply is newer than what it answers, so it has been decided of before.
    for place in stands {
        if place.empty && answers.get(&place.id).is_none_or(|answers| *answers == 0) {
            gone.push(place.id);
            if let Some(answers) = place.parent_id.and_then(|parent| answers.get_mut(&parent)) {
                *answers -= 1;
            }
        }
    }
    gone
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(id: i64, parent_id: Option<i64>, empty: bool) -> StandsRow {
        StandsRow { id, parent_id, empty }
    }

    #[test]
    fn an_empty_place_goes_with_the_last_that_hung_on_it() {
        let thread = [place(4, Some(2), true), place(3, Some(1), false), place(2, Some(1), true), place(1, None, true)];
        assert_eq!(held_for_nothing(&thread), [4, 2]);
        let alone = [place(3, Some(2), true), place(2, Some(1), true), place(1, None, true)];
        assert_eq!(held_for_nothing(&alone), [3, 2, 1]);
    }

    #[test]
    fn what_is_left_says_something_or_is_answered() {
        // All threads of five places, and each of them empty or not: 24 ways to hang, 32 to be empty.
        for (hangs, empty) in (0..24).flat_map(|hangs| (0..32).map(move |empty| (hangs, empty))) {
            let parents = [None, Some(1), Some(1 + hangs % 2), Some(1 + hangs / 2 % 3), Some(1 + hangs / 6)];
            let made = (1_i64..).zip(parents).map(|(id, parent)| place(id, parent, empty >> (id - 1) & 1 == 1));
            let mut thread: Vec<StandsRow> = made.collect();
            thread.reverse();
            let gone = held_for_nothing(&thread);
            let left: Vec<&StandsRow> = thread.iter().filter(|place| !gone.contains(&place.id)).collect();
            for place in &left {
                assert!(
                    !place.empty || left.iter().any(|other| other.parent_id == Some(place.id)),
                    "{hangs} {empty}: {} is empty",
                    place.id
                );
                assert!(
                    place.parent_id.is_none_or(|parent| left.iter().any(|other| other.id == parent)),
                    "{hangs} {empty}: hangs on nothing"
                );
            }
            assert!(thread.iter().all(|place| place.empty || !gone.contains(&place.id)), "{hangs} {empty}: words went");
        }
    }
}
