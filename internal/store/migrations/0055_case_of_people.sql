-- What people ask about their data goes its own way to an answer, beside what a
-- provider passes on and a machine carries out.
ALTER TABLE privacy_case ADD COLUMN door TEXT NOT NULL DEFAULT 'provider'; -- none: by which way it came
ALTER TABLE privacy_case ADD COLUMN law TEXT NOT NULL DEFAULT ''; -- none: whose law holds
ALTER TABLE privacy_case ADD COLUMN locale TEXT NOT NULL DEFAULT ''; -- none: language of its letters
ALTER TABLE privacy_case ADD COLUMN contact_id BIGINT NOT NULL DEFAULT 0; -- identifier/contact: whom it is about, 0 not known or erased
ALTER TABLE privacy_case ADD COLUMN conversation_id BIGINT NOT NULL DEFAULT 0; -- identifier/contact: in which it was asked, 0 none
ALTER TABLE privacy_case ADD COLUMN erased BOOLEAN NOT NULL DEFAULT FALSE; -- none: the person was erased since it was opened
ALTER TABLE privacy_case ADD COLUMN assignee_id BIGINT NOT NULL DEFAULT 0; -- identifier/member: who works on it, 0 nobody
ALTER TABLE privacy_case ADD COLUMN proof TEXT NOT NULL DEFAULT ''; -- none: how the person was proved
ALTER TABLE privacy_case ADD COLUMN proof_hash {{bytes}}; -- secret: hash of what proves it, gone when it did
ALTER TABLE privacy_case ADD COLUMN agent BOOLEAN NOT NULL DEFAULT FALSE; -- none: somebody asks for the person
ALTER TABLE privacy_case ADD COLUMN agent_checked BOOLEAN NOT NULL DEFAULT FALSE; -- none: and showed that they may
ALTER TABLE privacy_case ADD COLUMN extended_at BIGINT NOT NULL DEFAULT 0; -- none: when its end was moved, 0 never
ALTER TABLE privacy_case ADD COLUMN decided_at BIGINT NOT NULL DEFAULT 0; -- none: when it was decided, 0 not yet
ALTER TABLE privacy_case ADD COLUMN decided_by BIGINT NOT NULL DEFAULT 0; -- identifier/member: who decided, 0 nobody or the clock
ALTER TABLE privacy_case ADD COLUMN decision TEXT NOT NULL DEFAULT ''; -- none: answered, withdrawn, or how it ended else
ALTER TABLE privacy_case ADD COLUMN reason TEXT NOT NULL DEFAULT ''; -- none: why it was refused, a machine word
ALTER TABLE privacy_case ADD COLUMN appeal_of BIGINT NOT NULL DEFAULT 0; -- none: the case that it appeals against, 0 none
ALTER TABLE privacy_case ADD COLUMN next_at BIGINT NOT NULL DEFAULT 0; -- none: when the clock acts or warns next, 0 never
ALTER TABLE privacy_case ADD COLUMN warned BIGINT NOT NULL DEFAULT 99; -- none: days before its end at which somebody was warned last
CREATE INDEX privacy_case_next ON privacy_case (workspace_id, next_at) WHERE next_at > 0;
CREATE INDEX privacy_case_contact ON privacy_case (workspace_id, contact_id) WHERE contact_id > 0;
CREATE INDEX privacy_case_proof ON privacy_case (workspace_id, proof_hash) WHERE proof_hash IS NOT NULL;

-- What was said in a case. It is sealed under a key of the case, which ends with
-- it; letters stay readable for who asked after all else of them is erased.
CREATE TABLE case_text (
  workspace_id BIGINT NOT NULL, -- none: workspace, 0 the install
  id BIGINT NOT NULL, -- none: row id
  case_id BIGINT NOT NULL, -- none: case
  kind TEXT NOT NULL, -- none: asked, address, note or letter
  letter TEXT NOT NULL, -- none: which letter it is
  author_id BIGINT NOT NULL, -- identifier/member: who wrote it, 0 the program or who asked
  body {{bytes}} NOT NULL, -- content/contact: the words, or the mail address, sealed under the case's key
  at BIGINT NOT NULL, -- none: when it was written
  mail TEXT NOT NULL, -- none: whether it was mailed: empty, waiting, sent or failed
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX case_text_of ON case_text (workspace_id, case_id, id);
