-- What a workspace decided about its AI, one row a version; the newest holds.
CREATE TABLE ai_setting (
  workspace_id BIGINT NOT NULL, -- none: workspace
  version BIGINT NOT NULL, -- none: number of the version
  body {{bytes}} NOT NULL, -- content: the settings with the business's instructions
  by_kind TEXT NOT NULL, -- none: member, key or system
  by_id BIGINT NOT NULL, -- identifier: member or key
  at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, version)
);

-- Keys of the workspace's own accounts with model vendors.
CREATE TABLE ai_key (
  workspace_id BIGINT NOT NULL, -- none: workspace
  vendor TEXT NOT NULL, -- none: openai, anthropic or compatible
  token {{bytes}} NOT NULL, -- secret: the vendor's key
  hint TEXT NOT NULL, -- none: its last four characters
  at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, vendor)
);
