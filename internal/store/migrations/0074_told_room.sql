-- Whoever was told that their storage is full hears of it once more when a larger one is full.
ALTER TABLE workspace_storage ADD COLUMN told_room BIGINT NOT NULL DEFAULT 0; -- none: bytes there was room for when the owners were told
