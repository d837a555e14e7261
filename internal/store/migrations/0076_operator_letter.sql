-- Mails about the install itself, to whoever runs it: what of, and what came of
-- each. The address stands in the settings of the machine alone.
CREATE TABLE operator_letter (
  workspace_id BIGINT NOT NULL, -- none: always 0
  id BIGINT NOT NULL, -- none: row id
  kind TEXT NOT NULL, -- none: what it says
  mark TEXT NOT NULL, -- none: which time of it: one letter each
  about TEXT NOT NULL, -- none: what of, as a word of ours or a signed checkpoint
  state TEXT NOT NULL, -- none: waiting, sent, failed
  fault TEXT NOT NULL, -- none: what the mail server answered
  created_at BIGINT NOT NULL, -- none: time
  sent_at BIGINT NOT NULL, -- none: time it left or failed
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX operator_letter_once ON operator_letter (workspace_id, kind, mark);

ALTER TABLE audit_mark ADD COLUMN mailed_at BIGINT NOT NULL DEFAULT 0; -- none: when it was mailed out of the house, 0 not
