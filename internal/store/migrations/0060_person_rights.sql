-- What a person may ask for beside erasure: an objection, a limit on what is
-- special about them, and the freeze of somebody too young.
ALTER TABLE contact ADD COLUMN objected BOOLEAN NOT NULL DEFAULT FALSE; -- none: objected to every use but the conversation
ALTER TABLE contact ADD COLUMN limit_sensitive BOOLEAN NOT NULL DEFAULT FALSE; -- none: what is special of them serves the conversation only
ALTER TABLE contact ADD COLUMN frozen BOOLEAN NOT NULL DEFAULT FALSE; -- none: too young; stored until a person decides

-- What a person says of a thing held of them that they hold for wrong.
CREATE TABLE person_statement (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  contact_id BIGINT NOT NULL, -- identifier/contact: who says it
  message_id BIGINT NOT NULL, -- identifier/contact: message it is about, 0 none
  member_id BIGINT NOT NULL, -- identifier/member: who noted it
  said {{bytes}}, -- content/contact: what they say
  at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX person_statement_of ON person_statement (workspace_id, contact_id, id);
