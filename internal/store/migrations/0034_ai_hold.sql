-- What calls to models that are under way may cost at most: taken from the day's
-- budget before a call, given back when it is settled. Row 0 of a workspace is
-- what those who reserve wait for, one after the other.
CREATE TABLE ai_hold (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  day BIGINT NOT NULL, -- none: UTC day number
  tokens BIGINT NOT NULL, -- none: tokens held
  micros BIGINT NOT NULL, -- none: millionths of a US dollar held
  until BIGINT NOT NULL, -- none: when it ends by itself, if the program that held it is gone
  PRIMARY KEY (workspace_id, id)
);
