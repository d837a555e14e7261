-- What passages mean, as numbers that a vendor made of their words: one row for a
-- passage, gone with it and with every word of it that changes.
CREATE TABLE passage_vector (
  workspace_id BIGINT NOT NULL, -- none: workspace
  passage_id BIGINT NOT NULL, -- none: passage
  vendor TEXT NOT NULL, -- none: who made it
  model TEXT NOT NULL, -- none: which model
  dimensions BIGINT NOT NULL, -- none: how many numbers
  version BIGINT NOT NULL, -- none: version of the passage
  stamp BIGINT NOT NULL, -- none: of meaning, when it was put in
  vector {{bytes}}, -- content: numbers that tell about the words; none where the vendor does not take them
  PRIMARY KEY (workspace_id, passage_id)
);

-- How the making of vectors goes.
CREATE TABLE meaning (
  workspace_id BIGINT NOT NULL, -- none: workspace
  stamp BIGINT NOT NULL, -- none: moves with every change of vectors
  fault TEXT NOT NULL, -- none: why the last call failed, a machine word; empty when it did not
  words {{bytes}}, -- content: the vendor's own words
  tries BIGINT NOT NULL, -- none: failures in a row
  fault_at BIGINT NOT NULL, -- none: time of the failure
  next_at BIGINT NOT NULL, -- none: when it is tried again
  PRIMARY KEY (workspace_id)
);

ALTER TABLE ai_run ADD COLUMN meant TEXT NOT NULL DEFAULT '[]'; -- none: place and likeness of each passage by meaning
