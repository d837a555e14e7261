-- Counts by mail, to members who want them.
ALTER TABLE member ADD COLUMN digest TEXT NOT NULL DEFAULT ''; -- none: '' none, daily or weekly
ALTER TABLE member ADD COLUMN digest_at BIGINT NOT NULL DEFAULT 0; -- none: when the next one is due, 0 never
CREATE INDEX member_digest ON member (workspace_id, digest_at) WHERE digest_at > 0;
