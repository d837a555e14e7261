-- A round at an account provider that renews the proof of who somebody signed in is.
ALTER TABLE outside_trip ADD COLUMN prove BOOLEAN NOT NULL DEFAULT FALSE; -- none: it renews a proof, and links nothing
