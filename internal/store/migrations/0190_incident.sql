-- What went wrong with people's data: one row for an incident of a workspace, or
-- of the install (workspace 0), kept as the register for five years after its end.
CREATE TABLE incident (
  workspace_id BIGINT NOT NULL, -- none: workspace, 0 the install
  id BIGINT NOT NULL, -- none: row id
  drill BOOLEAN NOT NULL, -- none: a rehearsal with made-up people
  state TEXT NOT NULL, -- none: how far it is
  risk TEXT NOT NULL, -- none: how great the risk for people is, empty = not said yet
  law TEXT NOT NULL, -- none: whose authority is told
  alert_id BIGINT NOT NULL, -- none: the alert it was opened from, 0 none
  notice_id BIGINT NOT NULL, -- none: the news from whoever runs the install it was opened from, 0 none
  opened_at BIGINT NOT NULL, -- none: time
  opened_by BIGINT NOT NULL, -- identifier/member: who opened it
  aware_at BIGINT NOT NULL, -- none: since when it is known, 0 = not said yet
  decided_at BIGINT NOT NULL, -- none: when it was decided what the authority is told, 0 not yet
  outcome TEXT NOT NULL, -- none: notified, not_notifiable or undecided
  told_at BIGINT NOT NULL, -- none: when telling people or businesses began, 0 not
  notice_at BIGINT NOT NULL, -- none: when its public notice was shown, 0 not
  closed_at BIGINT NOT NULL, -- none: time, 0 = open
  warned BIGINT NOT NULL, -- none: hours after awareness of the last warning
  next_at BIGINT NOT NULL, -- none: when the clock comes next, 0 = never
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX incident_next ON incident (workspace_id, next_at) WHERE next_at > 0;

-- The one table of facts of an incident. A fact is never changed: the newest of a
-- name holds, and those before it stay with their times.
CREATE TABLE incident_fact (
  workspace_id BIGINT NOT NULL, -- none: workspace, 0 the install
  id BIGINT NOT NULL, -- none: row id
  incident_id BIGINT NOT NULL, -- none: incident
  name TEXT NOT NULL, -- none: which fact
  body {{bytes}}, -- content: what is known, sealed
  at BIGINT NOT NULL, -- none: time
  by_id BIGINT NOT NULL, -- identifier/member: who wrote it
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX incident_fact_of ON incident_fact (workspace_id, incident_id, id);

-- What an incident touched, counted: where, when, by whom or in which table. Each
-- counting stays with its time; the newest holds.
CREATE TABLE incident_count (
  workspace_id BIGINT NOT NULL, -- none: workspace, 0 the install
  id BIGINT NOT NULL, -- none: row id
  incident_id BIGINT NOT NULL, -- none: incident
  run_id BIGINT NOT NULL, -- none: which counting
  of_workspace BIGINT NOT NULL, -- none: the workspace that was touched
  from_at BIGINT NOT NULL, -- none: from when
  to_at BIGINT NOT NULL, -- none: until when
  actor_kind TEXT NOT NULL, -- none: member, key, operator or empty = anybody
  actor_id BIGINT NOT NULL, -- identifier/member: by whom, 0 = anybody
  of_table TEXT NOT NULL, -- none: which table, empty = what the audit log tells
  acts BIGINT NOT NULL, -- none: how many entries of the audit log
  persons BIGINT NOT NULL, -- none: how many people
  erased BIGINT NOT NULL, -- none: how many of them were erased since
  records BIGINT NOT NULL, -- none: about how many rows of them
  tables TEXT NOT NULL, -- none: in which tables, as names
  at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX incident_count_of ON incident_count (workspace_id, incident_id, run_id);

-- Words that were put in the place of those of the template, and what was sent.
CREATE TABLE incident_draft (
  workspace_id BIGINT NOT NULL, -- none: workspace, 0 the install
  id BIGINT NOT NULL, -- none: row id
  incident_id BIGINT NOT NULL, -- none: incident
  kind TEXT NOT NULL, -- none: for the authority, the businesses or the people
  locale TEXT NOT NULL, -- none: language
  body {{bytes}}, -- content: the words, sealed
  at BIGINT NOT NULL, -- none: when they were written
  by_id BIGINT NOT NULL, -- identifier/member: who wrote them
  sent_at BIGINT NOT NULL, -- none: when they were sent, 0 not
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX incident_draft_of ON incident_draft (workspace_id, incident_id, kind, locale);

-- Who is told of an incident, and what came of it: one row for a person and an
-- incident, in the transaction in which they are told. It ends with the person.
CREATE TABLE incident_person (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  incident_id BIGINT NOT NULL, -- none: incident
  contact_id BIGINT NOT NULL, -- identifier/contact: who; below 0 a made-up one of a drill
  state TEXT NOT NULL, -- none: mail, sending, message, told, notice or unsure
  way TEXT NOT NULL, -- none: mail, message, notice, hand or drill
  found_at BIGINT NOT NULL, -- none: since when they wait for their next message
  told_at BIGINT NOT NULL, -- none: when they were told, 0 not yet
  message_id BIGINT NOT NULL, -- identifier/contact: the message that told them, 0 none
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX incident_person_once ON incident_person (workspace_id, incident_id, contact_id);
CREATE INDEX incident_person_contact ON incident_person (workspace_id, contact_id);
CREATE INDEX incident_person_waits ON incident_person (workspace_id, found_at) WHERE state = 'message';

-- News from whoever runs the install to a business of what concerns it.
CREATE TABLE incident_notice (
  workspace_id BIGINT NOT NULL, -- none: workspace that is told
  id BIGINT NOT NULL, -- none: row id
  incident_id BIGINT NOT NULL, -- none: incident of the install
  body_en {{bytes}}, -- content: the words in English, sealed
  body_tr {{bytes}}, -- content: the words in Turkish, sealed
  from_at BIGINT NOT NULL, -- none: from when it was touched
  to_at BIGINT NOT NULL, -- none: until when
  aware_at BIGINT NOT NULL, -- none: since when whoever runs the install knows
  at BIGINT NOT NULL, -- none: when they were told
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX incident_notice_once ON incident_notice (workspace_id, incident_id);
