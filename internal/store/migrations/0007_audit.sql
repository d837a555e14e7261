-- The record of who did what: ids, kinds and numbers in a chain of hashes.
CREATE TABLE audit_entry (
  workspace_id BIGINT NOT NULL, -- none: workspace, 0 for the instance
  no BIGINT NOT NULL, -- none: place in the chain
  id BIGINT NOT NULL, -- none: row id, binds the sealed reason
  at BIGINT NOT NULL, -- none: time
  verb TEXT NOT NULL, -- none: kind of processing
  action TEXT NOT NULL, -- none: what was done
  actor_kind TEXT NOT NULL, -- none: member, key, system
  actor_id BIGINT NOT NULL, -- identifier/member: who did it
  object_kind TEXT NOT NULL, -- none: kind of row
  object_id BIGINT NOT NULL, -- identifier/contact: to what
  touched BIGINT NOT NULL, -- none: how many rows
  reason {{bytes}}, -- content/contact: free text, under its subject's key
  hash {{bytes}} NOT NULL, -- none: covers this entry and the one before
  PRIMARY KEY (workspace_id, no)
);

CREATE TABLE audit_head (
  workspace_id BIGINT NOT NULL PRIMARY KEY, -- none: workspace
  no BIGINT NOT NULL, -- none: last entry
  hash {{bytes}} NOT NULL -- none: its hash, empty before the first
);

CREATE TABLE audit_mark (
  workspace_id BIGINT NOT NULL, -- none: workspace
  kind TEXT NOT NULL, -- none: checkpoint or prune
  no BIGINT NOT NULL, -- none: entry it speaks of
  mark TEXT NOT NULL, -- none: the signed statement
  PRIMARY KEY (workspace_id, kind, no)
);
