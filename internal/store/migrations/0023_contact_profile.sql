-- What a channel tells of a person beside their name, as it was when it was asked.
CREATE TABLE contact_profile (
  workspace_id BIGINT NOT NULL, -- none: workspace
  contact_id BIGINT NOT NULL, -- identifier/contact: whose profile it is
  account_id BIGINT NOT NULL, -- none: channel account that was asked
  details {{bytes}}, -- contact/contact: user name, follower count and flags
  media_id BIGINT NOT NULL, -- identifier/contact: their picture, 0 none
  read_at BIGINT NOT NULL, -- none: when the channel was asked
  PRIMARY KEY (workspace_id, contact_id, account_id)
);
