-- A lane is there exactly as long as it holds work.
CREATE TABLE lane (
  workspace_id BIGINT NOT NULL, -- none: workspace, 0 for the instance
  kind TEXT NOT NULL, -- none: kind of work
  key BIGINT NOT NULL, -- identifier/contact: what the order is kept for
  ver BIGINT NOT NULL, -- none: moves with each item added
  due BIGINT NOT NULL, -- none: when its head may run, 0 at once
  since BIGINT NOT NULL, -- none: when due was set
  claim BIGINT NOT NULL, -- none: the claim that holds it, 0 free
  lease BIGINT NOT NULL, -- none: until when, by the database's clock
  fault TEXT NOT NULL, -- none: why it is paused, a machine word
  PRIMARY KEY (workspace_id, kind, key)
) {{clustered}};
CREATE INDEX lane_due ON lane (kind, due, since);

CREATE TABLE work (
  workspace_id BIGINT NOT NULL, -- none: workspace
  kind TEXT NOT NULL, -- none: kind of work
  key BIGINT NOT NULL, -- identifier/contact: lane
  pos BIGINT NOT NULL, -- none: place in the lane, 0 for the one that merges
  id BIGINT NOT NULL, -- none: item id
  rev BIGINT NOT NULL, -- none: the lane's ver when it was written
  origin BIGINT NOT NULL, -- identifier/contact: key it was added under
  conversation_id BIGINT NOT NULL, -- identifier/contact: which conversation
  message_id BIGINT NOT NULL, -- identifier/contact: which message
  object_id BIGINT NOT NULL, -- identifier/contact: which other row
  seq BIGINT NOT NULL, -- none: place in the conversation
  attempt BIGINT NOT NULL, -- none: failures so far
  due BIGINT NOT NULL, -- none: when it may run, 0 at once
  at BIGINT NOT NULL, -- none: when it was added
  PRIMARY KEY (workspace_id, kind, key, pos)
) {{clustered}};
