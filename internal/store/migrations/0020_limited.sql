-- Limited Data Use: what is held serves the conversation and nothing optional.
ALTER TABLE contact ADD COLUMN limited BOOLEAN NOT NULL DEFAULT FALSE; -- none: used for the conversation only
ALTER TABLE workspace ADD COLUMN limited BOOLEAN NOT NULL DEFAULT FALSE; -- none: the same for every contact
