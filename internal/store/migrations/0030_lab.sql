-- What became of what the AI said, counted day by day.
ALTER TABLE ai_run ADD COLUMN engagement BIGINT NOT NULL DEFAULT 0; -- none: which engagement of its conversation, 0 where it was not noted
ALTER TABLE ai_run ADD COLUMN kept BIGINT NOT NULL DEFAULT -1; -- none: how many of a hundred words of its draft were left when a member sent it, -1 = no member changed it
ALTER TABLE ai_run ADD COLUMN reported TEXT NOT NULL DEFAULT ''; -- none: why somebody reported what it said, a machine word
CREATE INDEX ai_run_at ON ai_run (workspace_id, at, conversation_id);

CREATE TABLE ai_tally (
  workspace_id BIGINT NOT NULL, -- none: workspace
  day BIGINT NOT NULL, -- none: UTC day number on which the engagements began
  part TEXT NOT NULL, -- none: all, channel, language, topic or confidence
  name TEXT NOT NULL, -- none: which channel, language, topic or twentieth
  figures TEXT NOT NULL, -- none: counts by name
  PRIMARY KEY (workspace_id, day, part, name)
) {{clustered}};

CREATE TABLE ai_count (
  workspace_id BIGINT NOT NULL, -- none: workspace
  newest BIGINT NOT NULL, -- none: newest row that was counted
  counted_at BIGINT NOT NULL, -- none: time of the last count of the newest days
  settled_at BIGINT NOT NULL, -- none: time of the last count of all days that may still change
  took BIGINT NOT NULL, -- none: microseconds of the last count
  PRIMARY KEY (workspace_id)
);

-- Questions that the business wrote to hold the AI to.
CREATE TABLE lab_test (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  body {{bytes}} NOT NULL, -- content: question, ways other people ask it, and what is expected
  verdict TEXT NOT NULL, -- none: passed or failed when it last ran against what holds, empty for never
  checked_at BIGINT NOT NULL, -- none: time of that
  created_at BIGINT NOT NULL, -- none: time
  updated_at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, id)
);

-- Comparisons of what holds with what somebody thinks of changing.
CREATE TABLE lab_run (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  kind TEXT NOT NULL, -- none: manual, night
  state TEXT NOT NULL, -- none: running, done, cancelled
  body {{bytes}} NOT NULL, -- content: the change that is tried
  total BIGINT NOT NULL, -- none: questions it asks
  done BIGINT NOT NULL, -- none: questions asked so far
  changed BIGINT NOT NULL, -- none: of those, answered in another way
  failed BIGINT NOT NULL, -- none: of those, tests that did not hold
  models BOOLEAN NOT NULL, -- none: models were asked too
  tokens BIGINT NOT NULL, -- none: tokens of models
  micros BIGINT NOT NULL, -- none: cost in millionths of a US dollar
  by_kind TEXT NOT NULL, -- none: member, key or system
  by_id BIGINT NOT NULL, -- identifier: member or key
  at BIGINT NOT NULL, -- none: time
  ended_at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, id)
);

-- The questions of a comparison, each with what became of it: 30 days. Those of
-- people are held as the ids of their messages; what was answered is sealed under
-- the contact's key inside the day's.
CREATE TABLE lab_result (
  workspace_id BIGINT NOT NULL, -- none: workspace
  run_id BIGINT NOT NULL, -- none: comparison
  n BIGINT NOT NULL, -- none: its place in the comparison
  day BIGINT NOT NULL, -- none: UTC day number of the key it is sealed under
  test_id BIGINT NOT NULL, -- none: test, 0 for a person's question
  message_id BIGINT NOT NULL, -- identifier/contact: message that asked, 0 for a test
  contact_id BIGINT NOT NULL, -- identifier/contact: whose message, 0 for a test
  conversation_id BIGINT NOT NULL, -- identifier/contact: conversation, 0 for a test
  state TEXT NOT NULL, -- none: waiting, done, skipped
  changed BOOLEAN NOT NULL, -- none: answered in another way
  failed BOOLEAN NOT NULL, -- none: a test that did not hold
  body {{bytes}}, -- content/contact: what was answered before and after
  PRIMARY KEY (workspace_id, run_id, n)
);
CREATE INDEX lab_result_conversation ON lab_result (workspace_id, conversation_id);
CREATE INDEX lab_result_day ON lab_result (workspace_id, day);

-- Probes: does it matter who asks?
CREATE TABLE bias_probe (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  pairs BIGINT NOT NULL, -- none: groups of questions that differ in who asks
  differ BIGINT NOT NULL, -- none: of those, answered in different ways
  alarm BOOLEAN NOT NULL, -- none: more than the limit
  models BOOLEAN NOT NULL, -- none: models were asked too
  settings_version BIGINT NOT NULL, -- none: version of the AI settings
  body {{bytes}} NOT NULL, -- content: which groups differ, and in what
  at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, id)
);
