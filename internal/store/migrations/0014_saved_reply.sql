-- Replies that a business keeps ready for its members.
CREATE TABLE saved_reply (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  name {{bytes}} NOT NULL, -- content: what members call it
  name_hash {{bytes}} NOT NULL, -- content: keyed hash of the folded name, refuses doubles
  body {{bytes}} NOT NULL, -- content: what it says, with the label it puts on a conversation
  language TEXT NOT NULL, -- none: language of the text, empty when it does not matter
  closes BOOLEAN NOT NULL, -- none: sending it closes the conversation
  created_at BIGINT NOT NULL, -- none: time
  updated_at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX saved_reply_name ON saved_reply (workspace_id, name_hash);
