-- Counts of people who were made nameless. Days that may still change are counted
-- anew from what is there; these are added, and no row leads back from them.
CREATE TABLE ai_tally_kept (
  workspace_id BIGINT NOT NULL, -- none: workspace
  day BIGINT NOT NULL, -- none: UTC day number on which the engagements began
  part TEXT NOT NULL, -- none: all, channel, language, topic or confidence
  name TEXT NOT NULL, -- none: which channel, language, topic or twentieth
  figures TEXT NOT NULL, -- none: counts by name
  PRIMARY KEY (workspace_id, day, part, name)
) {{clustered}};
