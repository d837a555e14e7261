-- What an authority demands of a workspace: whom and what it is about, and the two
-- members who approved that it is handed over.
CREATE TABLE demand (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  state TEXT NOT NULL, -- none: open, approved, handed or refused
  body {{bytes}} NOT NULL, -- content: the authority, its reference, the law that it names, and what was said of it
  parts TEXT NOT NULL, -- none: kinds of data that it is about, words with a space between
  from_at BIGINT NOT NULL, -- none: begin of the time that it is about, 0 when that does not matter
  until_at BIGINT NOT NULL, -- none: end of that time
  due_at BIGINT NOT NULL, -- none: when it must be answered
  silent_until BIGINT NOT NULL, -- none: until when its persons must not be told, 0 they may be
  opened_by BIGINT NOT NULL, -- identifier/member: who wrote it down
  first_by BIGINT NOT NULL, -- identifier/member: who approved it first, 0 nobody yet
  second_by BIGINT NOT NULL, -- identifier/member: who approved it second, 0 nobody yet
  at BIGINT NOT NULL, -- none: when it was written down
  ended_at BIGINT NOT NULL, -- none: when it was handed over first, or refused
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX demand_ended ON demand (workspace_id, ended_at);
-- To whom something of a person was disclosed by a decision of people. The persons
-- of a demand stand here from its begin; what was not handed over has no time.
CREATE TABLE disclosure (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  contact_id BIGINT NOT NULL, -- identifier/contact: whose data
  demand_id BIGINT NOT NULL, -- none: the demand that it answers, 0 none
  reason TEXT NOT NULL, -- none: law, terms, safety, consent or marketing
  recipient {{bytes}}, -- content/contact: who received it
  what TEXT NOT NULL, -- none: kinds of data, words with a space between
  opt_in_id BIGINT NOT NULL, -- none: the consent that allows it, 0 none is needed
  member_id BIGINT NOT NULL, -- identifier/member: who disclosed it
  times BIGINT NOT NULL, -- none: how often
  first_at BIGINT NOT NULL, -- none: when first, 0 not yet
  last_at BIGINT NOT NULL, -- none: when last
  silent_until BIGINT NOT NULL, -- none: until when the person must not be told of it
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX disclosure_of ON disclosure (workspace_id, contact_id, id);
CREATE INDEX disclosure_for ON disclosure (workspace_id, demand_id, id);
CREATE INDEX disclosure_end ON disclosure (workspace_id, last_at);
