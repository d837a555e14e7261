-- Answers of the AI that somebody reported, each with its case.
CREATE TABLE ai_report (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  case_id BIGINT NOT NULL, -- none: case
  contact_id BIGINT NOT NULL, -- identifier/contact: contact
  conversation_id BIGINT NOT NULL, -- identifier/contact: conversation
  message_id BIGINT NOT NULL, -- identifier/contact: message that was reported
  run_id BIGINT NOT NULL, -- none: turn it came from
  reason TEXT NOT NULL, -- none: wrong, biased, harmful, other
  by_kind TEXT NOT NULL, -- none: member, key or contact
  by_id BIGINT NOT NULL, -- identifier/contact: who reported it
  note {{bytes}}, -- content/contact: what they say about it, none = nothing
  outcome TEXT NOT NULL, -- none: corrected, rejected; empty while it is open
  at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX ai_report_once ON ai_report (workspace_id, message_id, by_kind, by_id);
CREATE INDEX ai_report_case ON ai_report (workspace_id, case_id);
CREATE INDEX ai_report_conversation ON ai_report (workspace_id, conversation_id);
CREATE INDEX ai_report_old ON ai_report (workspace_id, at);
