-- Who wants to be told when the public list of recipients changes. They need no
-- account; nobody else learns that they asked.
CREATE TABLE recipient_reader (
  workspace_id BIGINT NOT NULL, -- none: always 0
  id BIGINT NOT NULL, -- none: row id
  email_hash {{bytes}} NOT NULL, -- identifier: keyed hash of the address
  email {{bytes}} NOT NULL, -- contact: where they are written to, sealed under a key of the row
  locale TEXT NOT NULL, -- none: language of the letters
  asked_at BIGINT NOT NULL, -- none: time
  confirmed_at BIGINT NOT NULL, -- none: when the address said yes, 0 not yet
  told BIGINT NOT NULL, -- none: last change they were written about
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX recipient_reader_address ON recipient_reader (workspace_id, email_hash);
CREATE INDEX recipient_reader_pending ON recipient_reader (workspace_id, confirmed_at, asked_at);

-- The list of recipients as it was published last, and since when each is on it.
CREATE TABLE recipient (
  workspace_id BIGINT NOT NULL, -- none: always 0
  name TEXT NOT NULL, -- none: what it is for and which company
  facts TEXT NOT NULL, -- none: what the list says of it, as JSON
  since BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, name)
) {{clustered}};

-- What changed in that list, by which letters are written.
CREATE TABLE recipient_change (
  workspace_id BIGINT NOT NULL, -- none: always 0
  id BIGINT NOT NULL, -- none: row id
  lines TEXT NOT NULL, -- none: what came, changed or went, as JSON
  at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, id)
);
