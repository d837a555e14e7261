-- A workspace may be closed for good: it waits for 29 days, in which an owner can
-- take it back, and then goes table by table, its own row last.
ALTER TABLE workspace ADD COLUMN closed_at BIGINT NOT NULL DEFAULT 0; -- none: when an owner asked for its deletion, 0 while it is open
ALTER TABLE workspace ADD COLUMN ending BOOLEAN NOT NULL DEFAULT FALSE; -- none: its rows are going, it cannot be taken back
-- What is left of a workspace that was closed, with the install: how who holds the
-- address finds its certificate.
CREATE TABLE workspace_end (
  workspace_id BIGINT NOT NULL, -- none: 0, the install
  id BIGINT NOT NULL, -- none: the workspace that was closed
  code_hash {{bytes}} NOT NULL, -- secret: hash of the code in the address of its certificate
  closed_at BIGINT NOT NULL, -- none: when its deletion was asked for
  reminded_at BIGINT NOT NULL, -- none: when its owners were told that the last day began, 0 before
  act_no BIGINT NOT NULL, -- none: number of the purge in the privacy ledger, 0 before it began
  newest BIGINT NOT NULL, -- none: ids of the install begin above it, 0 before the purge ended
  ended_at BIGINT NOT NULL, -- none: when the last row was gone, 0 before
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX workspace_end_code ON workspace_end (workspace_id, code_hash);
