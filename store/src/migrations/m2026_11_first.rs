//! The first schema: everything that the first release keeps.
//!
//! Written once for both databases; the few words that differ stand in braces. Times are milliseconds since 1970, dates are
//! `yyyy-mm-dd`, lists and words are JSON text. Ids are minted by `ids`, so a key is also an order.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, DeriveMigrationName};
use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let postgres = db.get_database_backend() == DbBackend::Postgres;
        let words: [(&str, &str, &str); 6] = [
            ("{id}", "INTEGER PRIMARY KEY", "BIGINT PRIMARY KEY"),
            ("{position}", "INTEGER PRIMARY KEY AUTOINCREMENT", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
            // Compared byte by byte in both, so that ranges of words mean the same in both.
            ("{word}", "TEXT", "TEXT COLLATE \"C\""),
            ("{bytes}", "BLOB", "BYTEA"),
            ("{compact}", " WITHOUT ROWID", ""),
            // PostgreSQL wants the other table to exist first: there the reference is added at the end.
            ("{picture}", "BIGINT REFERENCES pictures (id)", "BIGINT"),
        ];
        let mut schema = TABLES.to_owned();
        for (word, in_sqlite, in_postgres) in words {
            schema = schema.replace(word, if postgres { in_postgres } else { in_sqlite });
        }
        db.execute_unprepared(&schema).await?;
        if postgres {
            db.execute_unprepared(
                "ALTER TABLE community ADD FOREIGN KEY (logo) REFERENCES pictures (id);
                 ALTER TABLE members ADD FOREIGN KEY (picture_id) REFERENCES pictures (id);
                 ALTER TABLE gatherings ADD FOREIGN KEY (picture_id) REFERENCES pictures (id);",
            )
            .await?;
        }
        Ok(())
    }
}

const TABLES: &str = "
-- The one community. It is there from the first step of setup; it is founded when founded_at says so.
CREATE TABLE community (
    id {id} CHECK (id = 1),
    name TEXT NOT NULL,
    purpose TEXT NOT NULL,
    greeting TEXT NOT NULL,
    greeting_html TEXT NOT NULL,
    language TEXT NOT NULL,
    zone TEXT NOT NULL,
    size_cap BIGINT NOT NULL,
    accent TEXT NOT NULL,
    logo {picture},
    words TEXT NOT NULL,
    who_invites TEXT NOT NULL CHECK (who_invites IN ('everyone', 'hosts')),
    asks_open BOOLEAN NOT NULL,
    reactions TEXT NOT NULL,
    revision BIGINT NOT NULL,
    founded_at BIGINT
);

CREATE TABLE members (
    id {id},
    name {word} NOT NULL,
    password_hash TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('member', 'host', 'admin')),
    display_name TEXT NOT NULL,
    pronouns TEXT NOT NULL,
    line TEXT NOT NULL,
    interests TEXT NOT NULL,
    zone TEXT NOT NULL,
    -- The name and each word of what they are called, in lower case, each after a space: what completion looks in.
    sought_as TEXT NOT NULL,
    picture_id {picture},
    joined_at BIGINT NOT NULL,
    invited_by BIGINT REFERENCES members (id),
    invitation_id BIGINT,
    calendar_secret {word},
    looked_line BIGINT,
    looked_newest BIGINT,
    looked_at BIGINT
);
CREATE UNIQUE INDEX members_name ON members (name);
CREATE UNIQUE INDEX members_calendar_secret ON members (calendar_secret);
CREATE INDEX members_picture ON members (picture_id);
CREATE INDEX members_invitation ON members (invitation_id, id);
CREATE INDEX members_role ON members (role);

-- The founding under way: one row until the community is founded.
CREATE TABLE setup (
    id {id} CHECK (id = 1),
    key {word} NOT NULL,
    step TEXT NOT NULL CHECK (step IN ('place', 'founder', 'looks', 'rules', 'gathering', 'invitation')),
    founder_id BIGINT REFERENCES members (id)
);

CREATE TABLE house_rules (
    version {id},
    markdown TEXT NOT NULL,
    html TEXT NOT NULL,
    since BIGINT NOT NULL,
    made_by BIGINT REFERENCES members (id)
);

-- The web's sign-in records, opaque here.
CREATE TABLE sign_ins (
    id {word} NOT NULL PRIMARY KEY,
    data {bytes} NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sign_ins_expires ON sign_ins (expires_at);

CREATE TABLE sign_in_failures (
    key {word} NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX sign_in_failures_key ON sign_in_failures (key, at);
CREATE INDEX sign_in_failures_at ON sign_in_failures (at);

CREATE TABLE password_resets (
    member_id {id} REFERENCES members (id) ON DELETE CASCADE,
    digest {word} NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX password_resets_digest ON password_resets (digest);

CREATE TABLE invitations (
    id {id},
    code {word} NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'group')),
    -- The person's name, or what the group is called.
    name TEXT NOT NULL,
    note TEXT NOT NULL,
    uses BIGINT NOT NULL CHECK (uses > 0),
    uses_left BIGINT NOT NULL CHECK (uses_left BETWEEN 0 AND uses),
    made_by BIGINT NOT NULL REFERENCES members (id),
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX invitations_code ON invitations (code);
CREATE INDEX invitations_made_by ON invitations (made_by, id);

CREATE TABLE asks (
    id {id},
    digest {word} NOT NULL,
    name TEXT NOT NULL,
    reach TEXT NOT NULL,
    words TEXT NOT NULL,
    at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'welcome', 'declined')),
    answer TEXT NOT NULL,
    answered_by BIGINT REFERENCES members (id),
    invitation_id BIGINT REFERENCES invitations (id)
);
CREATE UNIQUE INDEX asks_digest ON asks (digest);
CREATE INDEX asks_state ON asks (state, id);

CREATE TABLE gatherings (
    id {id},
    slug {word} NOT NULL,
    title TEXT NOT NULL,
    markdown TEXT NOT NULL,
    html TEXT NOT NULL,
    picture_id {picture},
    first_date {word} NOT NULL,
    start_time TEXT NOT NULL,
    minutes BIGINT NOT NULL,
    zone TEXT NOT NULL,
    rule TEXT,
    -- When the last session ends; the largest number where the rule never ends.
    over_at BIGINT NOT NULL,
    place TEXT NOT NULL,
    link TEXT NOT NULL,
    audience TEXT NOT NULL CHECK (audience IN ('public', 'community')),
    host_id BIGINT NOT NULL REFERENCES members (id),
    changes BIGINT NOT NULL,
    planned_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX gatherings_slug ON gatherings (slug);
CREATE INDEX gatherings_over ON gatherings (over_at);
CREATE INDEX gatherings_picture ON gatherings (picture_id);

-- A date of a gathering on which something hangs.
CREATE TABLE sessions (
    gathering_id BIGINT NOT NULL REFERENCES gatherings (id) ON DELETE CASCADE,
    date {word} NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (gathering_id, date)
){compact};

CREATE TABLE rsvps (
    gathering_id BIGINT NOT NULL,
    date {word} NOT NULL,
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    answer TEXT NOT NULL CHECK (answer IN ('yes', 'maybe', 'no')),
    note TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (gathering_id, date, member_id),
    FOREIGN KEY (gathering_id, date) REFERENCES sessions (gathering_id, date) ON DELETE CASCADE
){compact};
CREATE INDEX rsvps_date ON rsvps (date, gathering_id, answer, member_id);

-- Posts and replies. A post is its own root and has no parent; a reply has the audience of its root, and a higher id.
CREATE TABLE posts (
    id {id},
    root_id BIGINT NOT NULL REFERENCES posts (id),
    parent_id BIGINT REFERENCES posts (id),
    author_id BIGINT NOT NULL REFERENCES members (id),
    audience TEXT NOT NULL CHECK (audience IN ('public', 'community', 'named')),
    markdown TEXT NOT NULL,
    html TEXT NOT NULL,
    note TEXT,
    excerpt TEXT NOT NULL,
    gathering_id BIGINT REFERENCES gatherings (id),
    -- On a root, how many replies the thread has that were not taken back.
    replies BIGINT NOT NULL,
    at BIGINT NOT NULL,
    edited_at BIGINT,
    -- Without its words, it stands only as long as a reply hangs on it.
    taken_back BOOLEAN NOT NULL
);
CREATE INDEX posts_parent ON posts (parent_id, id);
CREATE INDEX posts_public ON posts (parent_id, id) WHERE audience = 'public';
CREATE INDEX posts_root ON posts (root_id, id);
CREATE INDEX posts_author ON posts (author_id, parent_id, id);
CREATE INDEX posts_gathering ON posts (gathering_id) WHERE gathering_id IS NOT NULL;

-- Who may see a post for named people: those it names, and its author.
CREATE TABLE post_named (
    post_id BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    PRIMARY KEY (post_id, member_id)
){compact};
CREATE INDEX post_named_member ON post_named (member_id, post_id);

CREATE TABLE post_tags (
    tag {word} NOT NULL,
    post_id BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    PRIMARY KEY (tag, post_id)
){compact};
CREATE INDEX post_tags_post ON post_tags (post_id);

-- Earlier states of posts; the present one is in the post.
CREATE TABLE revisions (
    id {id},
    post_id BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    html TEXT NOT NULL,
    note TEXT,
    at BIGINT NOT NULL
);
CREATE INDEX revisions_post ON revisions (post_id, id);

CREATE TABLE reactions (
    id {id},
    post_id BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    reaction TEXT NOT NULL,
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX reactions_once ON reactions (post_id, reaction, member_id);

-- A picture hangs on a post (here), or is somebody's portrait, a gathering's picture or the logo (there). One that hangs on
-- nothing says since when.
CREATE TABLE pictures (
    id {id},
    owner_id BIGINT NOT NULL REFERENCES members (id),
    hash {word} NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    alt TEXT NOT NULL,
    post_id BIGINT REFERENCES posts (id),
    place BIGINT NOT NULL,
    free_since BIGINT
);
CREATE INDEX pictures_post ON pictures (post_id, place) WHERE post_id IS NOT NULL;
CREATE INDEX pictures_free ON pictures (free_since) WHERE free_since IS NOT NULL;
CREATE INDEX pictures_hash ON pictures (hash);

CREATE TABLE notifications (
    id {id},
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('mentioned', 'replied', 'wrote', 'reacted', 'joined', 'asked', 'answered')),
    actor_id BIGINT REFERENCES members (id) ON DELETE CASCADE,
    post_id BIGINT REFERENCES posts (id) ON DELETE CASCADE,
    reaction TEXT,
    gathering_id BIGINT REFERENCES gatherings (id) ON DELETE CASCADE,
    date TEXT,
    answer TEXT,
    ask_id BIGINT REFERENCES asks (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    unread BOOLEAN NOT NULL
);
CREATE INDEX notifications_member ON notifications (member_id, id);
CREATE INDEX notifications_unread ON notifications (member_id) WHERE unread;
CREATE INDEX notifications_post ON notifications (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX notifications_gathering ON notifications (gathering_id) WHERE gathering_id IS NOT NULL;

CREATE TABLE outbox (
    position {position},
    only_member BIGINT,
    hint TEXT NOT NULL
);
";
