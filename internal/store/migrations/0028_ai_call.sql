-- Calls to models by day: budget and ledger.
CREATE TABLE ai_spend (
  workspace_id BIGINT NOT NULL, -- none: workspace
  day BIGINT NOT NULL, -- none: UTC day number
  purpose TEXT NOT NULL, -- none: what the calls were for
  vendor TEXT NOT NULL, -- none: whom they went to
  model TEXT NOT NULL, -- none: which model
  calls BIGINT NOT NULL, -- none: how many
  failed BIGINT NOT NULL, -- none: how many of them failed
  tokens_in BIGINT NOT NULL, -- none: tokens sent
  tokens_out BIGINT NOT NULL, -- none: tokens that came back
  micros BIGINT NOT NULL, -- none: cost in millionths of a US dollar
  PRIMARY KEY (workspace_id, day, purpose, vendor, model)
);

-- Prompts and completions, sealed twice: inside under the contact's key, outside
-- under the key of the day, which ends after 30 days.
CREATE TABLE ai_log (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  day BIGINT NOT NULL, -- none: UTC day number
  conversation_id BIGINT NOT NULL, -- identifier/contact: conversation
  contact_id BIGINT NOT NULL, -- identifier/contact: contact
  run_id BIGINT NOT NULL, -- none: turn it belongs to
  purpose TEXT NOT NULL, -- none: what the call was for
  vendor TEXT NOT NULL, -- none: whom it went to
  model TEXT NOT NULL, -- none: which model
  body {{bytes}} NOT NULL, -- content/contact: prompt and completion
  at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX ai_log_conversation ON ai_log (workspace_id, conversation_id, id);
CREATE INDEX ai_log_day ON ai_log (workspace_id, day, id);

-- What a turn rested on and cost.
ALTER TABLE ai_run ADD COLUMN settings_version BIGINT NOT NULL DEFAULT 0; -- none: version of the AI settings
ALTER TABLE ai_run ADD COLUMN vendor TEXT NOT NULL DEFAULT ''; -- none: whom a call went to
ALTER TABLE ai_run ADD COLUMN model TEXT NOT NULL DEFAULT ''; -- none: which model
ALTER TABLE ai_run ADD COLUMN tokens_in BIGINT NOT NULL DEFAULT 0; -- none: tokens sent
ALTER TABLE ai_run ADD COLUMN tokens_out BIGINT NOT NULL DEFAULT 0; -- none: tokens that came back
ALTER TABLE ai_run ADD COLUMN cost BIGINT NOT NULL DEFAULT 0; -- none: millionths of a US dollar
ALTER TABLE ai_run ADD COLUMN confidence DOUBLE PRECISION NOT NULL DEFAULT 0; -- none: 0 to 1
ALTER TABLE ai_run ADD COLUMN scores TEXT NOT NULL DEFAULT '[]'; -- none: how well each passage fits
ALTER TABLE ai_run ADD COLUMN language TEXT NOT NULL DEFAULT ''; -- none: language of the question
ALTER TABLE ai_run ADD COLUMN about {{bytes}}; -- special/contact: topics of the question
