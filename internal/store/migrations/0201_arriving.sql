-- A workspace that is being brought from another install is nobody's until all of
-- its rows are there: its row says "ending" meanwhile, and since when.
ALTER TABLE workspace ADD COLUMN arriving_at BIGINT NOT NULL DEFAULT 0; -- none: since when its rows are brought from another install, 0 = they are there
