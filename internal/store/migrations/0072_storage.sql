-- How many bytes of files and knowledge a workspace keeps. The counts move in the
-- transaction that keeps or drops them; told_at is 0 once there is room again.
CREATE TABLE workspace_storage (
  workspace_id BIGINT NOT NULL PRIMARY KEY, -- none: workspace
  files BIGINT NOT NULL, -- none: bytes of files
  knowledge BIGINT NOT NULL, -- none: bytes of what sources were given
  told_at BIGINT NOT NULL -- none: when the owners were told that it is full, 0 not since there was room
);
INSERT INTO workspace_storage (workspace_id, files, knowledge, told_at)
  SELECT id, 0, coalesce((SELECT sum(size) FROM source WHERE source.workspace_id = workspace.id), 0), 0 FROM workspace;
-- The size of a file is sealed in its details; what is here is what its folder shows anyway.
ALTER TABLE media ADD COLUMN stored BIGINT NOT NULL DEFAULT -1; -- none: bytes kept, -1 not measured yet
CREATE INDEX media_unmeasured ON media (workspace_id, id) WHERE stored < 0;
