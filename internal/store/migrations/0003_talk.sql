CREATE TABLE channel_account (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  kind TEXT NOT NULL, -- none: channel
  outside_id TEXT NOT NULL, -- identifier: the business's own page, number or widget key
  name TEXT NOT NULL, -- none: name the business gave it
  state TEXT NOT NULL, -- none: active, off, reconnect_needed
  mode TEXT NOT NULL, -- none: AI mode, empty inherits
  paused BOOLEAN NOT NULL, -- none: the AI stops on this channel
  settings TEXT NOT NULL, -- none: the channel's settings
  connected_at BIGINT NOT NULL, -- none: older messages are history
  last_event_at BIGINT NOT NULL, -- none: health
  PRIMARY KEY (workspace_id, id)
);
-- One outside account belongs to one workspace of the install.
CREATE UNIQUE INDEX channel_account_outside ON channel_account (kind, outside_id);

CREATE TABLE arrival (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  account_id BIGINT NOT NULL, -- none: channel account
  hour BIGINT NOT NULL, -- none: hour key it is sealed under
  raw {{bytes}}, -- content/contact: the part as delivered, destroyed after 72 h
  at BIGINT NOT NULL, -- none: time of arrival
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX arrival_hour ON arrival (workspace_id, hour);

CREATE TABLE contact (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- identifier/contact: row id
  name {{bytes}}, -- contact/contact: name the person gave
  email {{bytes}}, -- contact/contact: e-mail the person gave
  phone {{bytes}}, -- contact/contact: phone the person gave
  language TEXT NOT NULL, -- none: language of their messages
  restricted BOOLEAN NOT NULL, -- none: processing is restricted
  no_automation BOOLEAN NOT NULL, -- none: no automatic replies
  created_at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE identity (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  contact_id BIGINT NOT NULL, -- identifier/contact: whose
  account_id BIGINT NOT NULL, -- none: on which channel account
  kind TEXT NOT NULL, -- none: kind of id
  hash {{bytes}} NOT NULL, -- identifier/contact: keyed hash for look-up
  value {{bytes}} NOT NULL, -- identifier/contact: the id as the channel gives it
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX identity_hash ON identity (workspace_id, account_id, kind, hash);
CREATE INDEX identity_contact ON identity (workspace_id, contact_id);

CREATE TABLE conversation (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- identifier/contact: row id
  contact_id BIGINT NOT NULL, -- identifier/contact: with whom
  account_id BIGINT NOT NULL, -- none: on which channel account
  subject {{bytes}}, -- content/contact: first words, for the list
  state TEXT NOT NULL, -- none: open, snoozed, closed
  snoozed_until BIGINT NOT NULL, -- none: time
  owner_kind TEXT NOT NULL, -- none: nobody, ai, member
  owner_id BIGINT NOT NULL, -- identifier/member: which member
  version BIGINT NOT NULL, -- none: compared when an AI reply is inserted
  owner_epoch BIGINT NOT NULL, -- none: moves when who may speak changes
  mode TEXT NOT NULL, -- none: AI mode, empty inherits
  paused BOOLEAN NOT NULL, -- none: the AI stops here
  engagement BIGINT NOT NULL, -- none: counts engagements
  began BIGINT NOT NULL, -- none: last message before the engagement
  turns BIGINT NOT NULL, -- none: AI answers in the engagement
  disclosed BIGINT NOT NULL, -- none: engagement of the last AI disclosure
  hand_over TEXT NOT NULL, -- none: why a person was called
  hand_over_at BIGINT NOT NULL, -- none: time
  language TEXT NOT NULL, -- none: language of the conversation
  window_until BIGINT NOT NULL, -- none: until when a free reply is allowed
  last_seq BIGINT NOT NULL, -- none: newest message
  last_in BIGINT NOT NULL, -- none: time of the contact's last act
  last_at BIGINT NOT NULL, -- none: time of the last message
  preview {{bytes}}, -- content/contact: start of the last message
  preview_by TEXT NOT NULL, -- none: who wrote it
  unread BIGINT NOT NULL, -- none: messages nobody read
  draft_ready BOOLEAN NOT NULL, -- none: a draft waits
  send_failed BOOLEAN NOT NULL, -- none: a send failed
  needs BOOLEAN NOT NULL, -- none: derived, a person is needed
  waiting BOOLEAN NOT NULL, -- none: derived, the contact's turn
  erase_at BIGINT NOT NULL, -- none: when an unsaved chat is erased
  labels TEXT NOT NULL, -- none: labels of the workspace
  created_at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX conversation_contact ON conversation (workspace_id, contact_id, account_id, id);
CREATE INDEX conversation_all ON conversation (workspace_id, last_at DESC, id DESC);
CREATE INDEX conversation_state ON conversation (workspace_id, state, last_at DESC, id DESC);
-- Partial where few rows qualify: every message moves last_at, and each index costs it a write.
CREATE INDEX conversation_needs ON conversation (workspace_id, last_at DESC, id DESC) WHERE needs = TRUE;
CREATE INDEX conversation_waiting ON conversation (workspace_id, last_at DESC, id DESC) WHERE waiting = TRUE;
CREATE INDEX conversation_owner ON conversation (workspace_id, state, owner_kind, owner_id, last_at DESC, id DESC);
CREATE INDEX conversation_erase ON conversation (workspace_id, erase_at, id) WHERE erase_at > 0;
CREATE INDEX conversation_snooze ON conversation (workspace_id, snoozed_until, id) WHERE snoozed_until > 0;

CREATE TABLE message (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- identifier/contact: row id
  conversation_id BIGINT NOT NULL, -- identifier/contact: conversation
  seq BIGINT NOT NULL, -- none: order in the conversation
  contact_id BIGINT NOT NULL, -- identifier/contact: whose key seals it
  account_id BIGINT NOT NULL, -- none: channel account
  direction TEXT NOT NULL, -- none: in, out, none
  author_kind TEXT NOT NULL, -- none: contact, member, ai, system
  author_id BIGINT NOT NULL, -- identifier/member: which member or key
  kind TEXT NOT NULL, -- none: text, note, event, choice, …
  body {{bytes}}, -- content/contact: what was said
  extra {{bytes}}, -- content/contact: buttons, sources, author's name, event details
  reply_to BIGINT NOT NULL, -- none: message it answers
  status TEXT NOT NULL, -- none: how far it came
  error_code TEXT NOT NULL, -- none: the channel's error code
  error_text {{bytes}}, -- content/contact: the channel's own words
  external_hash {{bytes}}, -- identifier/contact: keyed hash of the channel's id, drops repeats
  external_id {{bytes}}, -- identifier/contact: the channel's id
  client_id TEXT NOT NULL, -- none: the sender's own name for it
  run_id BIGINT NOT NULL, -- none: AI run that wrote it
  disclosed BOOLEAN NOT NULL, -- none: carries the AI disclosure
  owner_epoch BIGINT NOT NULL, -- none: compared before sending
  ai_epoch BIGINT NOT NULL, -- none: compared before sending
  at BIGINT NOT NULL, -- none: time
  sent_at BIGINT NOT NULL, -- none: time
  deleted BOOLEAN NOT NULL, -- none: unsent; text is gone
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX message_seq ON message (workspace_id, conversation_id, seq);
CREATE UNIQUE INDEX message_external ON message (workspace_id, account_id, external_hash);
CREATE UNIQUE INDEX message_client ON message (workspace_id, conversation_id, client_id) WHERE client_id <> '';

CREATE TABLE message_term (
  workspace_id BIGINT NOT NULL, -- none: workspace
  term BIGINT NOT NULL, -- content/contact: keyed hash of a word stem
  part BIGINT NOT NULL, -- none: which 4096 places
  places {{bytes}} NOT NULL, -- identifier/contact: places of the messages with the word, two bytes each
  PRIMARY KEY (workspace_id, term, part)
) {{clustered}};

CREATE TABLE message_place (
  workspace_id BIGINT NOT NULL, -- none: workspace
  message_id BIGINT NOT NULL, -- identifier/contact: message
  place BIGINT NOT NULL, -- none: its number in the search index
  terms {{bytes}} NOT NULL, -- content/contact: keyed hash of each of its words, to take them out again
  PRIMARY KEY (workspace_id, message_id)
) {{clustered}};
CREATE UNIQUE INDEX message_place_no ON message_place (workspace_id, place);

CREATE TABLE contact_term (
  workspace_id BIGINT NOT NULL, -- none: workspace
  term BIGINT NOT NULL, -- contact/contact: keyed hash of a prefix of name, e-mail or phone
  contact_id BIGINT NOT NULL, -- identifier/contact: contact
  PRIMARY KEY (workspace_id, term, contact_id)
) {{clustered}};
CREATE INDEX contact_term_contact ON contact_term (workspace_id, contact_id);

CREATE TABLE draft (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  conversation_id BIGINT NOT NULL, -- identifier/contact: conversation
  contact_id BIGINT NOT NULL, -- identifier/contact: whose key seals it
  body {{bytes}}, -- content/contact: proposed answer
  sources {{bytes}}, -- content/contact: quotes it rests on
  language TEXT NOT NULL, -- none: language
  confidence TEXT NOT NULL, -- none: high, middle, low
  decision TEXT NOT NULL, -- none: answer, did_you_mean
  run_id BIGINT NOT NULL, -- none: AI run
  version BIGINT NOT NULL, -- none: of the conversation then
  at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX draft_conversation ON draft (workspace_id, conversation_id);

CREATE TABLE ai_run (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  conversation_id BIGINT NOT NULL, -- identifier/contact: conversation
  trigger_id BIGINT NOT NULL, -- identifier/contact: message that caused it
  decision TEXT NOT NULL, -- none: what the engine decided
  outcome TEXT NOT NULL, -- none: sent, drafted, handed_over, dropped, nothing
  reason TEXT NOT NULL, -- none: why, a machine word
  engine TEXT NOT NULL, -- none: extractive or a model
  passages TEXT NOT NULL, -- none: passage ids
  checks TEXT NOT NULL, -- none: names and numbers
  micros BIGINT NOT NULL, -- none: duration
  at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX ai_run_conversation ON ai_run (workspace_id, conversation_id, id);
