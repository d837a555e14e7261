-- Who runs the install, as the operator publishes it: name, address and whom to
-- ask. It is public by its purpose, so that it is kept readable.
CREATE TABLE operator_profile (
  workspace_id BIGINT NOT NULL, -- none: always 0
  facts TEXT NOT NULL, -- none: name, address, mails, hosting and role in law, as the public pages print them
  by_id BIGINT NOT NULL, -- identifier/member: who wrote it last
  at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id)
);
