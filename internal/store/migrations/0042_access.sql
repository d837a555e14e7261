-- Keys are cut to some of their role's permissions, and end.
ALTER TABLE access_key ADD COLUMN scopes TEXT NOT NULL DEFAULT ''; -- none: permissions it is cut to, empty = all of its role
ALTER TABLE access_key ADD COLUMN expires_at BIGINT NOT NULL DEFAULT 0; -- none: time of its end
UPDATE access_key SET expires_at = created_at + 31536000000000;

-- Where a sign-in was begun, shortened, for the person's own list.
ALTER TABLE member_session ADD COLUMN network {{bytes}}; -- network/member: shortened address it was begun from
ALTER TABLE member_session ADD COLUMN place {{bytes}}; -- network/member: city and country of that address

-- A workspace the operator suspended: its members see why, and may appeal.
ALTER TABLE workspace ADD COLUMN suspended BOOLEAN NOT NULL DEFAULT FALSE; -- none: nothing leaves and nobody works
CREATE TABLE suspension (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  reason {{bytes}} NOT NULL, -- content: why, in the operator's words
  begun_at BIGINT NOT NULL, -- none: time
  lifted_at BIGINT NOT NULL, -- none: time of its end, 0 while it stands
  lifted_why {{bytes}}, -- content: why it was lifted
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE appeal (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  suspension_id BIGINT NOT NULL, -- none: against which
  member_id BIGINT NOT NULL, -- identifier/member: who sent it
  body {{bytes}} NOT NULL, -- content: what they say
  sent_at BIGINT NOT NULL, -- none: time
  answer {{bytes}}, -- content: what the operator decided and why
  granted BOOLEAN NOT NULL, -- none: the suspension was lifted for it
  decided_at BIGINT NOT NULL, -- none: time, 0 while it is open
  PRIMARY KEY (workspace_id, id)
);
