-- What browsers refused to load on our pages, counted by what and where. Neither
-- who looked at the page nor anything of an address beyond its site is here.
CREATE TABLE policy_report (
  workspace_id BIGINT NOT NULL, -- none: always 0
  directive TEXT NOT NULL, -- none: part of the policy
  blocked TEXT NOT NULL, -- none: site of what was refused, or a word such as inline
  page TEXT NOT NULL, -- none: first part of the page's path
  seen BIGINT NOT NULL, -- none: how often
  first_at BIGINT NOT NULL, -- none: time
  last_at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, directive, blocked, page)
);
