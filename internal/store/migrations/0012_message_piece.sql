-- A long message leaves in several calls, and the channel knows each by an id of
-- its own: echoes, receipts and answers may name any of them.
CREATE TABLE message_piece (
  workspace_id BIGINT NOT NULL, -- none: workspace
  account_id BIGINT NOT NULL, -- none: channel account
  external_hash {{bytes}} NOT NULL, -- identifier/contact: keyed hash of the channel's id of a piece
  message_id BIGINT NOT NULL, -- identifier/contact: message it is a piece of
  PRIMARY KEY (workspace_id, account_id, external_hash)
);
CREATE INDEX message_piece_of ON message_piece (workspace_id, message_id);
