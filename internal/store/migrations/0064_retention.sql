-- How long a workspace keeps something, where that is shorter than the table
-- everybody has.
CREATE TABLE retention (
  workspace_id BIGINT NOT NULL, -- none: workspace
  rule TEXT NOT NULL, -- none: which rule
  days BIGINT NOT NULL, -- none: how long
  at BIGINT NOT NULL, -- none: when it was set
  PRIMARY KEY (workspace_id, rule)
) {{clustered}};

-- Whom nobody may erase while a law or an authority wants it kept.
CREATE TABLE legal_hold (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  contact_id BIGINT NOT NULL, -- identifier/contact: who is held
  reason {{bytes}} NOT NULL, -- content: why, under the workspace's key
  authority {{bytes}} NOT NULL, -- content: who wants it, under the workspace's key
  by_kind TEXT NOT NULL, -- none: member or key
  by_id BIGINT NOT NULL, -- identifier/member: who set it
  begun_at BIGINT NOT NULL, -- none: time
  released_at BIGINT NOT NULL, -- none: time, 0 while it holds
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX legal_hold_contact ON legal_hold (workspace_id, contact_id);
