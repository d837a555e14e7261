-- Files of messages: a row says what is known of a file, its bytes lie sealed in
-- the folder of files under a random name.
CREATE TABLE media (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  contact_id BIGINT NOT NULL, -- identifier/contact: whose key seals it, 0 an upload without a conversation
  conversation_id BIGINT NOT NULL, -- identifier/contact: conversation, 0 an upload without one
  message_id BIGINT NOT NULL, -- identifier/contact: message, 0 an upload nobody sent yet
  place BIGINT NOT NULL, -- none: order within its message
  member_id BIGINT NOT NULL, -- identifier/member: who uploaded it, 0 it came by a channel
  kind TEXT NOT NULL, -- none: image, video, audio, file or sticker
  role TEXT NOT NULL, -- none: what it is to the message
  state TEXT NOT NULL, -- none: waiting, ready, failed or gone
  reason TEXT NOT NULL, -- none: why it is failed or gone
  blob TEXT NOT NULL, -- none: random name of the sealed bytes
  details {{bytes}}, -- content/contact: name, type, size and form of the file
  keep_until BIGINT NOT NULL, -- none: when the bytes must go, 0 with the message
  created_at BIGINT NOT NULL, -- none: when the row was made
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX media_message ON media (workspace_id, message_id, place);
CREATE INDEX media_contact ON media (workspace_id, contact_id);
CREATE INDEX media_blob ON media (workspace_id, blob);
CREATE INDEX media_keep ON media (workspace_id, keep_until) WHERE keep_until > 0;
-- Bytes whose row is gone already, until they are off the disk.
CREATE TABLE blob_drop (
  workspace_id BIGINT NOT NULL, -- none: workspace
  blob TEXT NOT NULL, -- none: random name of the sealed bytes
  PRIMARY KEY (workspace_id, blob)
);
