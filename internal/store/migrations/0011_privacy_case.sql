-- What somebody asked about their data, with the clock it runs by. A case of the
-- whole install has workspace 0.
CREATE TABLE privacy_case (
  workspace_id BIGINT NOT NULL, -- none: workspace, 0 the install
  id BIGINT NOT NULL, -- none: row id
  kind TEXT NOT NULL, -- none: what is asked
  state TEXT NOT NULL, -- none: received, working or done
  code_hash {{bytes}} NOT NULL, -- secret: hash of the code that opens the status page
  subject {{bytes}}, -- identifier/member: the provider's id of who asked, sealed under the workspace's key; gone when it is done
  asked_at BIGINT NOT NULL, -- none: when the person asked the provider
  opened_at BIGINT NOT NULL, -- none: when it arrived here
  due_at BIGINT NOT NULL, -- none: when it must be done
  done_at BIGINT NOT NULL, -- none: when it was done, 0 not yet
  outcome TEXT NOT NULL, -- none: what was matched, as names and counts
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX privacy_case_code ON privacy_case (workspace_id, code_hash);
