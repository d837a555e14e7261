-- A copy of what is held of a person, made for them: a sealed file that ends by
-- itself. The link to it opens it once.
CREATE TABLE person_copy (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  contact_id BIGINT NOT NULL, -- identifier/contact: whose copy, the one who stands for the person
  case_id BIGINT NOT NULL, -- none: case that it answers, 0 none
  member_id BIGINT NOT NULL, -- identifier/member: who had it made
  language TEXT NOT NULL, -- none: language of its pages
  hidden {{bytes}}, -- content/contact: words that are left out of what others wrote
  state TEXT NOT NULL, -- none: waiting, working, ready or failed
  reason TEXT NOT NULL, -- none: why it failed, a machine word
  done BIGINT NOT NULL, -- none: messages written so far
  total BIGINT NOT NULL, -- none: messages there are
  size BIGINT NOT NULL, -- none: bytes
  blob TEXT NOT NULL, -- none: random name of the sealed bytes
  link {{bytes}}, -- none: hash of the link that opens it once
  link_ends_at BIGINT NOT NULL, -- none: end of that link
  taken_at BIGINT NOT NULL, -- none: when the link was used, 0 not yet
  made_at BIGINT NOT NULL, -- none: when it was asked for
  ends_at BIGINT NOT NULL, -- none: when it goes
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX person_copy_of ON person_copy (workspace_id, contact_id, id);
CREATE INDEX person_copy_end ON person_copy (workspace_id, ends_at);
