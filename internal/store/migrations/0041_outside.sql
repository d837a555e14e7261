-- Accounts at providers outside, such as Google, by which members sign in. Who
-- that is stands in the keyed hash alone; tokens of the provider are never kept.
CREATE TABLE outside_identity (
  subject_hash {{bytes}} NOT NULL, -- identifier/member: keyed hash of the provider's address and its id of the person
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  member_id BIGINT NOT NULL, -- identifier/member: whom it opens
  way TEXT NOT NULL, -- none: which provider
  email {{bytes}}, -- contact/member: address there, for the list
  linked_at BIGINT NOT NULL, -- none: time
  used_at BIGINT NOT NULL, -- none: time of the last sign-in by it, 0 never
  PRIMARY KEY (subject_hash, workspace_id)
) {{clustered}};
CREATE UNIQUE INDEX outside_identity_id ON outside_identity (workspace_id, id);
CREATE INDEX outside_identity_of ON outside_identity (workspace_id, member_id, id);

-- Sign-ins that are on their way at a provider, for ten minutes.
CREATE TABLE outside_trip (
  workspace_id BIGINT NOT NULL, -- none: always 0
  state_hash {{bytes}} NOT NULL, -- secret: SHA-256 of 256 random bits that come back once
  browser_hash {{bytes}} NOT NULL, -- secret: SHA-256 of what the cookie of the browser holds
  way TEXT NOT NULL, -- none: which provider
  link_session BIGINT NOT NULL, -- identifier/member: sign-in that links an account, 0 to sign in
  subject_hash {{bytes}}, -- identifier/member: who came, while they choose a workspace
  email_hash {{bytes}}, -- identifier/member: keyed hash of their address, where the provider verified it
  created_at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, state_hash)
) {{clustered}};
CREATE INDEX outside_trip_age ON outside_trip (created_at);

ALTER TABLE member ADD COLUMN verified_at BIGINT NOT NULL DEFAULT 0; -- none: when they showed that the address is theirs, 0 not yet
ALTER TABLE reset_ask ADD COLUMN kind TEXT NOT NULL DEFAULT 'reset'; -- none: which letter was asked for

-- What members were shown and agreed to, as proof.
CREATE TABLE acknowledgement (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  member_id BIGINT NOT NULL, -- identifier/member: who
  what TEXT NOT NULL, -- none: which text
  version TEXT NOT NULL, -- none: its version
  text_hash {{bytes}} NOT NULL, -- none: SHA-256 of the words that were shown
  locale TEXT NOT NULL, -- none: language they were shown in
  answer TEXT NOT NULL, -- none: agreed or declined
  at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX acknowledgement_of ON acknowledgement (workspace_id, member_id, what, id);
