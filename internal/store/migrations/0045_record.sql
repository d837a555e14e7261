-- How often which part of the program was used, by whom and on which day. After
-- twelve months nobody is named any more and the counts stay.
CREATE TABLE usage_count (
  workspace_id BIGINT NOT NULL, -- none: workspace
  day BIGINT NOT NULL, -- none: UTC day number
  actor_kind TEXT NOT NULL, -- none: member, key or nobody
  actor_id BIGINT NOT NULL, -- identifier/member: who; 0 after twelve months
  route TEXT NOT NULL, -- none: name of the operation
  calls BIGINT NOT NULL, -- none: how often
  failed BIGINT NOT NULL, -- none: how often it failed by our fault
  PRIMARY KEY (workspace_id, day, actor_kind, actor_id, route)
) {{clustered}};

-- Tries, refusals and what looks like abuse, for twelve months. Account and
-- network are keyed hashes and go after 90 days; the shortened address is sealed
-- under a key that ends then.
CREATE TABLE security_event (
  workspace_id BIGINT NOT NULL, -- none: workspace, 0 where nobody knows which
  id BIGINT NOT NULL, -- none: row id
  at BIGINT NOT NULL, -- none: time
  kind TEXT NOT NULL, -- none: what happened
  route TEXT NOT NULL, -- none: name of the operation
  actor_kind TEXT NOT NULL, -- none: member, key or nobody
  actor_id BIGINT NOT NULL, -- identifier/member: who
  account {{bytes}}, -- identifier/member: keyed hash of the e-mail address that was tried
  network {{bytes}}, -- network/member: keyed hash of the shortened address
  touched BIGINT NOT NULL, -- none: how many times, or how many rows
  source {{bytes}}, -- network/member: shortened address, under the day's key
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX security_event_at ON security_event (workspace_id, at);
CREATE INDEX security_event_new ON security_event (at);

-- What went wrong in the program, by kind and place. It holds no text of errors.
CREATE TABLE fault (
  workspace_id BIGINT NOT NULL, -- none: always 0
  fingerprint TEXT NOT NULL, -- none: hash of kind and place
  kind TEXT NOT NULL, -- none: constant words of the program
  place TEXT NOT NULL, -- none: function and line
  seen BIGINT NOT NULL, -- none: how often
  first_at BIGINT NOT NULL, -- none: time
  last_at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, fingerprint)
);

-- Single errors, for 90 days under the key of their day.
CREATE TABLE fault_event (
  workspace_id BIGINT NOT NULL, -- none: always 0
  id BIGINT NOT NULL, -- none: row id
  day BIGINT NOT NULL, -- none: UTC day number
  fingerprint TEXT NOT NULL, -- none: hash of kind and place
  at BIGINT NOT NULL, -- none: time
  detail {{bytes}} NOT NULL, -- identifier/member: ids of request, workspace and work, and the way through the code
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX fault_event_of ON fault_event (workspace_id, fingerprint, id);

-- Networks a key was used from, for 90 days, so that a new one is noticed.
CREATE TABLE key_network (
  workspace_id BIGINT NOT NULL, -- none: workspace
  key_id BIGINT NOT NULL, -- identifier: which key
  network {{bytes}} NOT NULL, -- network/member: keyed hash of the shortened address
  seen_at BIGINT NOT NULL, -- none: last use
  PRIMARY KEY (workspace_id, key_id, network)
) {{clustered}};

-- What looks like abuse and waits for a person.
CREATE TABLE alert (
  workspace_id BIGINT NOT NULL, -- none: workspace, 0 for the instance
  id BIGINT NOT NULL, -- none: row id
  rule TEXT NOT NULL, -- none: which rule
  subject_kind TEXT NOT NULL, -- none: member, key, account, network or conversation
  subject_id BIGINT NOT NULL, -- identifier/member: which member or key
  conversation_id BIGINT NOT NULL, -- identifier/contact: which conversation
  mark {{bytes}}, -- identifier/member: keyed hash of account or network
  touched BIGINT NOT NULL, -- none: how many times
  opened_at BIGINT NOT NULL, -- none: time
  last_at BIGINT NOT NULL, -- none: time
  closed_at BIGINT NOT NULL, -- none: time, 0 = open
  closed_by BIGINT NOT NULL, -- identifier/member: who closed it
  note {{bytes}}, -- content: what they found
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX alert_of ON alert (workspace_id, rule, subject_kind, subject_id, conversation_id, id);

-- Who allowed that their use of the program is told to an analytics service.
CREATE TABLE analytics_consent (
  workspace_id BIGINT NOT NULL, -- none: workspace
  member_id BIGINT NOT NULL, -- identifier/member: who
  version TEXT NOT NULL, -- none: hash of the words they read
  at BIGINT NOT NULL, -- none: when
  PRIMARY KEY (workspace_id, member_id)
) {{clustered}};
