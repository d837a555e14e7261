-- Who asks only which kinds of data are held, and who was told, gets a report of
-- that instead of a copy.
ALTER TABLE person_copy ADD COLUMN kind TEXT NOT NULL DEFAULT 'copy'; -- none: copy, or report of categories and recipients
