-- The hour first: where both indexes begin with the workspace, PostgreSQL reads
-- a part by the wrong one whenever it last counted the table while it lay empty.
DROP INDEX arrival_hour;
CREATE INDEX arrival_hour ON arrival (hour, workspace_id);
