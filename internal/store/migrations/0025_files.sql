-- Files as sources: how far their reading is, and passages that people look
-- after one by one.
ALTER TABLE source ADD COLUMN format TEXT NOT NULL DEFAULT ''; -- none: kind of file: pdf, docx, pptx, odt, xlsx, csv, html; empty for none
ALTER TABLE source ADD COLUMN stage TEXT NOT NULL DEFAULT ''; -- none: what its reading is at: opening, reading, keeping; empty for none
ALTER TABLE source ADD COLUMN pages_done BIGINT NOT NULL DEFAULT 0; -- none: pages read so far
ALTER TABLE source ADD COLUMN pages BIGINT NOT NULL DEFAULT 0; -- none: pages it has, 0 where it has none
ALTER TABLE passage ADD COLUMN hidden BOOLEAN NOT NULL DEFAULT FALSE; -- none: a member keeps it from being found
ALTER TABLE passage ADD COLUMN suspect TEXT NOT NULL DEFAULT ''; -- none: why its text is held back for review, a machine word
ALTER TABLE passage ADD COLUMN cleared BOOLEAN NOT NULL DEFAULT FALSE; -- none: a member approved it although it was held back
ALTER TABLE passage ADD COLUMN edited {{bytes}}; -- content: text a member put in place of what was read
ALTER TABLE passage ADD COLUMN version BIGINT NOT NULL DEFAULT 0; -- none: number of its edits

-- What a passage said after each edit.
CREATE TABLE passage_edit (
  workspace_id BIGINT NOT NULL, -- none: workspace
  passage_id BIGINT NOT NULL, -- none: passage
  version BIGINT NOT NULL, -- none: number of the edit
  source_id BIGINT NOT NULL, -- none: source
  text {{bytes}}, -- content: text from then on, none = as it was read
  created_at BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, passage_id, version)
);
CREATE INDEX passage_edit_source ON passage_edit (workspace_id, source_id);

-- A row of a price list, beside the passage that shows it.
CREATE TABLE catalogue_item (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: its passage
  source_id BIGINT NOT NULL, -- none: source
  facts {{bytes}} NOT NULL, -- content: name, variant, article number, link, and price and stock as written
  price BIGINT NOT NULL, -- none: price in hundredths, -1 for none
  currency TEXT NOT NULL, -- none: three letters, empty where it cannot be told
  stock BIGINT NOT NULL, -- none: how many there are, -1 where it cannot be told, 1 and 0 for yes and no
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX catalogue_item_source ON catalogue_item (workspace_id, source_id);
