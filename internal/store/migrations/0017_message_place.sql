-- Where a message stands in its conversation, as people see it: a provider may
-- deliver an older message after a newer one. seq stays the order of filing.
ALTER TABLE message ADD COLUMN place BIGINT NOT NULL DEFAULT 0; -- none: order in the conversation by the provider's time
UPDATE message SET place = seq * 1048576;
CREATE INDEX message_place_in ON message (workspace_id, conversation_id, place, seq);
