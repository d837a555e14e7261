-- What waits for review is counted wherever sources are listed.
CREATE INDEX passage_held ON passage (workspace_id, source_id) WHERE suspect <> '';
