-- Questions that a model suggests as ways to ask for a passage: which passages it
-- was asked about, and how far that is.
ALTER TABLE passage ADD COLUMN suggested BOOLEAN NOT NULL DEFAULT FALSE; -- none: a model was asked for questions about what it says now
CREATE INDEX passage_unasked ON passage (workspace_id, id) WHERE suggested = FALSE;
CREATE INDEX phrasing_waiting ON phrasing (workspace_id, source_id) WHERE state = 'suggested';

CREATE TABLE suggesting (
  workspace_id BIGINT NOT NULL, -- none: workspace
  fault TEXT NOT NULL, -- none: why no model answered last, a machine word; empty when one did
  next_at BIGINT NOT NULL, -- none: time it is tried again, 0 where nothing waits for that
  at BIGINT NOT NULL, -- none: time of the last call
  PRIMARY KEY (workspace_id)
);

-- Who did what to a passage. Until now only texts were kept, without who wrote them.
ALTER TABLE passage_edit ADD COLUMN act TEXT NOT NULL DEFAULT 'edited'; -- none: edited, restored, hidden, shown, approved, held
ALTER TABLE passage_edit ADD COLUMN by_kind TEXT NOT NULL DEFAULT ''; -- none: member, key or system; empty where it was not kept
ALTER TABLE passage_edit ADD COLUMN by_id BIGINT NOT NULL DEFAULT 0; -- identifier: member or key

-- Saved replies that the AI may use.
ALTER TABLE saved_reply ADD COLUMN answers BOOLEAN NOT NULL DEFAULT FALSE; -- none: the AI may use what it says
