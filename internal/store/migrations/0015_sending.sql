-- How long nothing may leave through an account, because its provider said so:
-- on the account, so that every process of the install keeps to it.
ALTER TABLE channel_account ADD COLUMN rest_until BIGINT NOT NULL DEFAULT 0; -- none: nothing is sent before, 0 at once

-- The approved texts of an account as its provider lists them. Read whole, and
-- gone when it is disconnected.
CREATE TABLE template_list (
  workspace_id BIGINT NOT NULL, -- none: workspace
  account_id BIGINT NOT NULL, -- none: channel account
  list {{bytes}}, -- content: the business's approved texts, sealed under the workspace's key
  synced_at BIGINT NOT NULL, -- none: when it was read last
  fault TEXT NOT NULL, -- none: why it could not be read, a machine word
  PRIMARY KEY (workspace_id, account_id)
);

-- What a person allowed a business to send them unasked, and what they stopped.
CREATE TABLE opt_in (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- identifier/contact: row id
  contact_id BIGINT NOT NULL, -- identifier/contact: who allowed it
  account_id BIGINT NOT NULL, -- none: channel account it holds for
  topic TEXT NOT NULL, -- none: messages, marketing or a channel's own word
  source TEXT NOT NULL, -- none: person or member
  member_id BIGINT NOT NULL, -- identifier/member: who recorded it, 0 the person's own act
  note {{bytes}}, -- content/contact: how and where it was given, in the member's words
  at BIGINT NOT NULL, -- none: when it was given
  until BIGINT NOT NULL, -- none: when it ends, 0 never
  stopped_at BIGINT NOT NULL, -- none: when it was withdrawn, 0 it holds
  stopped_by TEXT NOT NULL, -- none: person or member
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX opt_in_topic ON opt_in (workspace_id, contact_id, account_id, topic);
