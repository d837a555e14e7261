CREATE TABLE member (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- identifier/member: row id
  name {{bytes}}, -- contact/member: name shown to colleagues and customers
  email {{bytes}}, -- contact/member: address they sign in with
  password {{bytes}}, -- secret/member: slow hash with its version
  role TEXT NOT NULL, -- none: what they may do
  locale TEXT NOT NULL, -- none: language of their screens
  active BOOLEAN NOT NULL, -- none: may sign in
  created_at BIGINT NOT NULL, -- none: time
  seen_at BIGINT NOT NULL, -- none: last request, coarse
  PRIMARY KEY (workspace_id, id)
);

-- The one place that finds a person before a workspace is known; it holds
-- keyed hashes of the instance and ids.
CREATE TABLE sign_in (
  email_hash {{bytes}} NOT NULL, -- identifier/member: keyed hash of the e-mail
  workspace_id BIGINT NOT NULL, -- none: workspace
  member_id BIGINT NOT NULL, -- identifier/member: who
  PRIMARY KEY (email_hash, workspace_id)
) {{clustered}};
CREATE INDEX sign_in_member ON sign_in (workspace_id, member_id);

CREATE TABLE member_session (
  token_hash {{bytes}} NOT NULL, -- secret/member: SHA-256 of a 256-bit token
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- identifier/member: row id
  member_id BIGINT NOT NULL, -- identifier/member: who
  device {{bytes}}, -- network/member: browser and system, for the list
  created_at BIGINT NOT NULL, -- none: time of sign-in
  seen_at BIGINT NOT NULL, -- none: last request, coarse
  expires_at BIGINT NOT NULL, -- none: end whatever happens
  PRIMARY KEY (token_hash)
) {{clustered}};
CREATE INDEX member_session_of ON member_session (workspace_id, member_id, id);
CREATE INDEX member_session_end ON member_session (expires_at);

CREATE TABLE access_key (
  token_hash {{bytes}} NOT NULL, -- secret: SHA-256 of a 256-bit token
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  name TEXT NOT NULL, -- none: name the business gave it
  role TEXT NOT NULL, -- none: what it may do
  created_by BIGINT NOT NULL, -- identifier/member: who made it
  created_at BIGINT NOT NULL, -- none: time
  used_at BIGINT NOT NULL, -- none: last use, coarse
  PRIMARY KEY (token_hash)
) {{clustered}};
CREATE UNIQUE INDEX access_key_id ON access_key (workspace_id, id);

CREATE TABLE first_start (
  id BIGINT PRIMARY KEY, -- none: always 1
  token_hash {{bytes}} NOT NULL, -- secret: SHA-256 of the link's token
  expires_at BIGINT NOT NULL -- none: time
);
