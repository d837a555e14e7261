-- A person's way to what is held about them: a link that opens once, and what the
-- forms of the page behind it carry.
CREATE TABLE own_visit (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  contact_id BIGINT NOT NULL, -- identifier/contact: who may look
  conversation_id BIGINT NOT NULL, -- identifier/contact: in which they were proved, 0 by a request of theirs
  link {{bytes}}, -- secret: hash of the link, gone once it was opened
  pass {{bytes}}, -- secret: hash of what the forms carry
  ends_at BIGINT NOT NULL, -- none: when it opens nothing any more
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX own_visit_end ON own_visit (workspace_id, ends_at);

-- How often somebody tried something within its time, counted for all processes
-- together.
CREATE TABLE attempt (
  workspace_id BIGINT NOT NULL, -- none: workspace, 0 the install
  what TEXT NOT NULL, -- none: what was tried
  who {{bytes}} NOT NULL, -- identifier/contact: keyed hash of who tried
  since_at BIGINT NOT NULL, -- none: when the time began
  n BIGINT NOT NULL, -- none: how often since then
  PRIMARY KEY (workspace_id, what, who)
);
CREATE INDEX attempt_since ON attempt (workspace_id, since_at);
