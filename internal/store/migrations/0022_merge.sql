-- A member says that two contacts are one person. Nothing moves: each keeps its
-- rows and its key, so that the merge can be undone and an erasure is whole.
ALTER TABLE contact ADD COLUMN merged_into BIGINT NOT NULL DEFAULT 0; -- identifier/contact: contact of the same person that stands for it, 0 itself
ALTER TABLE contact ADD COLUMN merged_at BIGINT NOT NULL DEFAULT 0; -- none: when a member said so
CREATE INDEX contact_merged ON contact (workspace_id, merged_into) WHERE merged_into > 0;
