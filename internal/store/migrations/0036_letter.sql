-- Mails to members: what they say is made when they leave, so neither words nor
-- links nor addresses are here.
CREATE TABLE letter (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  member_id BIGINT NOT NULL, -- identifier/member: to whom
  kind TEXT NOT NULL, -- none: what it says
  about {{bytes}}, -- network/member: browser and system it tells of, or the role
  state TEXT NOT NULL, -- none: waiting, sent or failed
  fault TEXT NOT NULL, -- none: code of the mail server's answer
  created_at BIGINT NOT NULL, -- none: time
  sent_at BIGINT NOT NULL, -- none: time
  spent_at BIGINT NOT NULL, -- none: when its link was used
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX letter_of ON letter (workspace_id, member_id, kind, id);
CREATE INDEX letter_age ON letter (created_at);

-- Somebody typed an address to get a new password; who that is, if anybody, is
-- looked up afterwards, so that the answer takes as long for every address.
CREATE TABLE reset_ask (
  workspace_id BIGINT NOT NULL, -- none: always 0
  id BIGINT NOT NULL, -- none: row id
  email_hash {{bytes}} NOT NULL, -- identifier/member: keyed hash of what was typed
  created_at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, id)
);

-- Browsers a member was seen with, so that a new one is told of.
CREATE TABLE member_device (
  workspace_id BIGINT NOT NULL, -- none: workspace
  member_id BIGINT NOT NULL, -- identifier/member: who
  device_hash {{bytes}} NOT NULL, -- network/member: keyed hash of browser and system
  seen_at BIGINT NOT NULL, -- none: last sign-in
  PRIMARY KEY (workspace_id, member_id, device_hash)
) {{clustered}};
CREATE INDEX member_device_age ON member_device (seen_at);
