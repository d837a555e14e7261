CREATE TABLE source (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  kind TEXT NOT NULL, -- none: faq, text, markdown
  name {{bytes}} NOT NULL, -- content: name the business gave it
  name_hash {{bytes}} NOT NULL, -- content: keyed hash of the folded name, refuses doubles
  url {{bytes}}, -- content: where a reader finds it
  input {{bytes}} NOT NULL, -- content: text or pairs as handed in
  size BIGINT NOT NULL, -- none: bytes of the input
  language TEXT NOT NULL, -- none: language given, empty when it is to be guessed
  state TEXT NOT NULL, -- none: queued, reading, ready, failed
  reason TEXT NOT NULL, -- none: why it failed, a machine word
  passages BIGINT NOT NULL, -- none: how many it was cut into
  revision BIGINT NOT NULL, -- none: moves with every new input
  stamp BIGINT NOT NULL, -- none: knowledge version of its passages
  created_at BIGINT NOT NULL, -- none: time
  updated_at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX source_name ON source (workspace_id, name_hash);

CREATE TABLE passage (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  source_id BIGINT NOT NULL, -- none: source
  n BIGINT NOT NULL, -- none: place in the source
  language TEXT NOT NULL, -- none: language of the text
  body {{bytes}} NOT NULL, -- content: heading, question with other wordings, text
  body_from BIGINT NOT NULL, -- none: where it begins in the source's text
  body_to BIGINT NOT NULL, -- none: where it ends
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX passage_place ON passage (workspace_id, source_id, n);

-- The version moves with every change of passages, so that each node notices
-- that its index is old.
CREATE TABLE knowledge_version (
  workspace_id BIGINT NOT NULL, -- none: workspace
  version BIGINT NOT NULL, -- none: number of changes
  PRIMARY KEY (workspace_id)
);
