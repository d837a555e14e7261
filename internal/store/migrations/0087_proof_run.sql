-- What a run of the checks of the policies found, signed by the install and tied
-- to the run before. It holds ids of clauses and hashes, nothing about a person.
CREATE TABLE proof_run (
  workspace_id BIGINT NOT NULL, -- none: always 0
  number BIGINT NOT NULL, -- none: its number, from 1
  signed TEXT NOT NULL, -- none: the signed document
  at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, number)
);
