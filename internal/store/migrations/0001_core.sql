-- Every column line ends in its data class and purpose: class[/subject]: purpose.
-- Classes: none identifier contact content network secret special.

CREATE TABLE workspace (
  id BIGINT PRIMARY KEY, -- none: row id
  name TEXT NOT NULL, -- none: name of the business
  locale TEXT NOT NULL, -- none: language of Parley's own texts
  languages TEXT NOT NULL, -- none: languages the AI may answer in
  mode TEXT NOT NULL, -- none: default AI mode
  paused BOOLEAN NOT NULL, -- none: the AI stops everywhere
  ai_epoch BIGINT NOT NULL, -- none: moves with every AI rule
  burst_us BIGINT NOT NULL, -- none: wait for more lines before answering
  created_at BIGINT NOT NULL -- none: time
);

CREATE TABLE workspace_counter (
  workspace_id BIGINT PRIMARY KEY, -- none: workspace
  no BIGINT NOT NULL -- none: last event number
);

CREATE TABLE event (
  workspace_id BIGINT NOT NULL, -- none: workspace
  no BIGINT NOT NULL, -- none: order of commit
  at BIGINT NOT NULL, -- none: time
  kind TEXT NOT NULL, -- none: what happened
  conversation_id BIGINT NOT NULL, -- identifier/contact: which conversation
  message_id BIGINT NOT NULL, -- identifier/contact: which message
  object_id BIGINT NOT NULL, -- identifier/contact: which draft, source, account, contact or member
  seq BIGINT NOT NULL, -- none: place in the conversation
  PRIMARY KEY (workspace_id, no)
) {{clustered}};
CREATE INDEX event_at ON event (workspace_id, at);
