-- Questions that found no answer, near ones together. What was asked stays with
-- its message; here are ids and keyed hashes.
CREATE TABLE gap (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  state TEXT NOT NULL, -- none: open, answered, dismissed
  reason TEXT NOT NULL, -- none: why the newest found no answer, a machine word
  questions BIGINT NOT NULL, -- none: how many there are
  passage_id BIGINT NOT NULL, -- none: passage nearest to the newest, 0 for none
  first_at BIGINT NOT NULL, -- none: time of the first
  last_at BIGINT NOT NULL, -- none: time of the newest
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX gap_recent ON gap (workspace_id, state, last_at, id);
CREATE INDEX gap_empty ON gap (workspace_id) WHERE questions <= 0;

CREATE TABLE gap_question (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  gap_id BIGINT NOT NULL, -- none: gap
  contact_id BIGINT NOT NULL, -- identifier/contact: contact
  conversation_id BIGINT NOT NULL, -- identifier/contact: conversation
  message_id BIGINT NOT NULL, -- identifier/contact: message that asks
  language TEXT NOT NULL, -- none: language of the question
  stems {{bytes}} NOT NULL, -- content/contact: keyed hash of each of its words
  grams {{bytes}} NOT NULL, -- content/contact: keyed hash of each of their pieces
  at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX gap_question_message ON gap_question (workspace_id, message_id);
CREATE INDEX gap_question_gap ON gap_question (workspace_id, gap_id, id);
CREATE INDEX gap_question_conversation ON gap_question (workspace_id, conversation_id);

-- Other ways to ask for a passage. They belong to what the passage says, so that
-- they outlast a new reading of it.
CREATE TABLE phrasing (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  source_id BIGINT NOT NULL, -- none: source
  said {{bytes}} NOT NULL, -- content: keyed hash of what the passage says, of a pair its question
  text {{bytes}} NOT NULL, -- content/contact: the words, without personal data
  language TEXT NOT NULL, -- none: language of the words
  state TEXT NOT NULL, -- none: active, suggested
  question BOOLEAN NOT NULL, -- none: the words are the question of the pair itself
  contact_id BIGINT NOT NULL, -- identifier/contact: whose words they were, 0 for nobody's
  conversation_id BIGINT NOT NULL, -- identifier/contact: their conversation
  message_id BIGINT NOT NULL, -- identifier/contact: their message
  at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX phrasing_said ON phrasing (workspace_id, source_id, said);
CREATE INDEX phrasing_conversation ON phrasing (workspace_id, conversation_id) WHERE conversation_id > 0;

-- Words that mean the same to a workspace.
CREATE TABLE synonym (
  workspace_id BIGINT NOT NULL, -- none: workspace
  language TEXT NOT NULL, -- none: language of the words
  words {{bytes}} NOT NULL, -- content: groups of words
  updated_at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, language)
);

-- What the knowledge doctor found.
CREATE TABLE finding (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  kind TEXT NOT NULL, -- none: contradiction, expired, stale, unused, quarantined
  name {{bytes}} NOT NULL, -- content: keyed hash of what was found, so that it is found once
  detail {{bytes}} NOT NULL, -- content: what stands there, passages and words
  dismissed BOOLEAN NOT NULL, -- none: a member said that it is all right
  found_at BIGINT NOT NULL, -- none: time it was first found
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX finding_name ON finding (workspace_id, name);
