-- What a sign-in was proved by, and when: some acts want a proof of minutes ago,
-- and who has a second factor owes it.
ALTER TABLE member_session ADD COLUMN way TEXT NOT NULL DEFAULT 'password'; -- none: how it was begun
ALTER TABLE member_session ADD COLUMN proved_at BIGINT NOT NULL DEFAULT 0; -- none: time of the last proof of who it is
ALTER TABLE member_session ADD COLUMN strong_at BIGINT NOT NULL DEFAULT 0; -- none: time a second factor was passed, 0 not yet

-- What a member proves themself by beside a password.
CREATE TABLE factor (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  member_id BIGINT NOT NULL, -- identifier/member: whose
  kind TEXT NOT NULL, -- none: totp or passkey
  name {{bytes}}, -- contact/member: what they call it
  secret {{bytes}}, -- secret/member: seed of the codes, or the public key and what is known of its device
  last_step BIGINT NOT NULL, -- none: time step of the last code that was taken
  created_at BIGINT NOT NULL, -- none: time
  used_at BIGINT NOT NULL, -- none: time of the last use, 0 never
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX factor_of ON factor (workspace_id, member_id, id);

-- Codes for the day on which every factor is lost; one that is used is gone.
CREATE TABLE recovery_code (
  workspace_id BIGINT NOT NULL, -- none: workspace
  member_id BIGINT NOT NULL, -- identifier/member: whose
  code_hash {{bytes}} NOT NULL, -- secret/member: SHA-256 of 120 random bits
  PRIMARY KEY (workspace_id, member_id, code_hash)
) {{clustered}};

-- Of whom a workspace demands a second factor; no row = of nobody.
CREATE TABLE factor_rule (
  workspace_id BIGINT NOT NULL, -- none: workspace
  demand TEXT NOT NULL, -- none: admins or everyone
  PRIMARY KEY (workspace_id)
);

-- Challenges that were answered, until they would be too old anyway.
CREATE TABLE spent_challenge (
  workspace_id BIGINT NOT NULL, -- none: always 0, its member may be in any
  challenge_hash {{bytes}} NOT NULL, -- none: SHA-256 of random bytes
  ends_at BIGINT NOT NULL, -- none: when it opens nothing any more
  PRIMARY KEY (workspace_id, challenge_hash)
) {{clustered}};
CREATE INDEX spent_challenge_age ON spent_challenge (ends_at);
