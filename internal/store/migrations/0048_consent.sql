-- What members allowed us to mail them beyond what their account needs. A row is
-- one giving; withdrawing closes it, and giving again is another row.
CREATE TABLE consent (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  member_id BIGINT NOT NULL, -- identifier/member: who
  purpose TEXT NOT NULL, -- none: what for
  version TEXT NOT NULL, -- none: version of the words
  text_hash {{bytes}} NOT NULL, -- none: SHA-256 of the words that were shown
  locale TEXT NOT NULL, -- none: language they were shown in
  source TEXT NOT NULL, -- none: where it was given
  given_at BIGINT NOT NULL, -- none: time
  touched_at BIGINT NOT NULL, -- none: last act of theirs about it
  withdrawn_at BIGINT NOT NULL, -- none: time, 0 while it holds
  withdrawn_by TEXT NOT NULL, -- none: profile, link or left
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX consent_of ON consent (workspace_id, member_id, purpose, id);

-- Addresses that said no, so that it holds whatever becomes of their member.
CREATE TABLE suppression (
  workspace_id BIGINT NOT NULL, -- none: always 0
  email_hash {{bytes}} NOT NULL, -- identifier: keyed hash of the address
  purpose TEXT NOT NULL, -- none: what for
  since BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, email_hash, purpose)
) {{clustered}};

-- News of the product that the operator writes to who allowed it.
CREATE TABLE news (
  workspace_id BIGINT NOT NULL, -- none: always 0
  id BIGINT NOT NULL, -- none: row id
  locale TEXT NOT NULL, -- none: language
  subject TEXT NOT NULL, -- none: words of the operator
  body TEXT NOT NULL, -- none: words of the operator
  created_at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, id, locale)
);
