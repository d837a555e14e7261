-- What the install saw of itself, one row for a clause: the newest look only.
CREATE TABLE install_look (
  workspace_id BIGINT NOT NULL, -- none: 0, the install
  clause TEXT NOT NULL, -- none: id of the clause in the register
  state TEXT NOT NULL, -- none: proven, failed or unproven
  why TEXT NOT NULL, -- none: reason in words, without data of people
  evidence TEXT NOT NULL, -- none: SHA-256 of what was seen, in hexadecimal digits
  at BIGINT NOT NULL, -- none: when it was looked at
  PRIMARY KEY (workspace_id, clause)
);
