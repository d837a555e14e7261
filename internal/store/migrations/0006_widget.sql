CREATE TABLE widget_session (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  visit TEXT NOT NULL, -- identifier/visitor: random number of one visit
  contact_id BIGINT NOT NULL, -- identifier/contact: who
  conversation_id BIGINT NOT NULL, -- identifier/contact: conversation
  consent TEXT NOT NULL, -- none: what the visitor said about keeping things
  browser {{bytes}}, -- network/contact: browser and version, 90 days
  os {{bytes}}, -- network/contact: operating system, 90 days
  device {{bytes}}, -- network/contact: desktop, mobile or tablet, 90 days
  referrer {{bytes}}, -- network/contact: referring page, 90 days
  page_url {{bytes}}, -- network/contact: page with the chat, 90 days
  locale {{bytes}}, -- network/contact: language of the browser, 90 days
  ip {{bytes}}, -- network/contact: network address, 90 days
  started_at BIGINT NOT NULL, -- none: time
  seen_at BIGINT NOT NULL, -- none: time
  emptied BOOLEAN NOT NULL, -- none: the fields above are gone
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX widget_session_visit ON widget_session (workspace_id, visit);
CREATE INDEX widget_session_contact ON widget_session (workspace_id, contact_id, id);
CREATE INDEX widget_session_term ON widget_session (workspace_id, emptied, seen_at);
