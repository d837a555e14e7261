-- What was saved elsewhere, until when it is kept there, and what a check of it
-- said. The files hold the same in themselves: this list dies with the machine.
CREATE TABLE backup (
  workspace_id BIGINT NOT NULL, -- none: always 0
  id BIGINT NOT NULL, -- none: row id
  kind TEXT NOT NULL, -- none: data or keys
  name TEXT NOT NULL, -- none: name of the file
  state TEXT NOT NULL, -- none: writing, done, failed or gone
  reason TEXT NOT NULL, -- none: why it failed, in the program's words
  bytes BIGINT NOT NULL, -- none: size of the file
  sum TEXT NOT NULL, -- none: SHA-256 of the file
  held_rows BIGINT NOT NULL, -- none: rows in it
  files BIGINT NOT NULL, -- none: files of messages in it
  ledger_no BIGINT NOT NULL, -- none: latest privacy act when it began
  began_at BIGINT NOT NULL, -- none: time
  done_at BIGINT NOT NULL, -- none: time, 0 until it is whole
  ends_at BIGINT NOT NULL, -- none: when it is deleted
  gone_at BIGINT NOT NULL, -- none: when it was deleted, 0 while it is there
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX backup_state ON backup (workspace_id, state, kind, began_at);
