-- A conversation may be deleted while its person stays, and a provider delivers
-- again what it is not sure of: what was deleted is known by these, and dropped.
CREATE TABLE dropped_message (
  workspace_id BIGINT NOT NULL, -- none: workspace
  account_id BIGINT NOT NULL, -- none: channel account it came or left by
  external_hash {{bytes}} NOT NULL, -- identifier/contact: keyed hash of the channel's id of a message of a deleted conversation
  contact_id BIGINT NOT NULL, -- identifier/contact: whose conversation it was
  at BIGINT NOT NULL, -- none: when it was deleted
  PRIMARY KEY (workspace_id, account_id, external_hash)
);
CREATE INDEX dropped_message_of ON dropped_message (workspace_id, contact_id);
CREATE INDEX dropped_message_at ON dropped_message (workspace_id, at);
