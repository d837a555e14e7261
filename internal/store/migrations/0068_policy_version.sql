-- What was published, word for word and for ever, so that anybody can see what
-- held when. It holds no text about a person.
CREATE TABLE policy_version (
  workspace_id BIGINT NOT NULL, -- none: always 0
  id BIGINT NOT NULL, -- none: row id
  document TEXT NOT NULL, -- none: which page
  number BIGINT NOT NULL, -- none: its number, from 1
  body_en TEXT NOT NULL, -- none: the words in English
  body_tr TEXT NOT NULL, -- none: the words in Turkish
  text_hash {{bytes}} NOT NULL, -- none: SHA-256 of both
  material BOOLEAN NOT NULL, -- none: it matters, so that members are told before
  purpose TEXT NOT NULL, -- none: a new purpose that needs a yes of each member, empty = none
  reason TEXT NOT NULL, -- none: what changed and why, in the operator's words
  published_at BIGINT NOT NULL, -- none: time
  effective_at BIGINT NOT NULL, -- none: from when it holds
  by_id BIGINT NOT NULL, -- identifier/member: who published it
  told_to BIGINT NOT NULL, -- none: last member who was written to about it
  told_all BOOLEAN NOT NULL, -- none: everybody was written to
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX policy_version_number ON policy_version (workspace_id, document, number);
