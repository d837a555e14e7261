-- Uploads that wait to be sent, without the pictures of people, of which there
-- are many more.
CREATE INDEX media_loose ON media (workspace_id, created_at) WHERE message_id = 0 AND role <> 'profile';
