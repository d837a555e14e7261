-- A process of an install that may have several (PostgreSQL) takes a number of
-- its own, so that no two make the same id.
CREATE TABLE node (
  no BIGINT NOT NULL PRIMARY KEY, -- none: part of every id the process makes
  holder BIGINT NOT NULL, -- none: random number of the process
  lease BIGINT NOT NULL -- none: until when, by the database's clock
);

-- The search index of a workspace's knowledge as it stands in memory, in parts,
-- so that a restart need not cut and stem everything anew. Part 0 is written
-- last: a set without it is not whole. Removed with the first source that goes.
CREATE TABLE knowledge_index (
  workspace_id BIGINT NOT NULL, -- none: workspace
  version BIGINT NOT NULL, -- none: knowledge version it was made of
  n BIGINT NOT NULL, -- none: place of the part, 0 is the first
  part {{bytes}} NOT NULL, -- content: hashed words of the passages, sealed under the workspace's key
  PRIMARY KEY (workspace_id, version, n)
);
