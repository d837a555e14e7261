-- The picture of a member, read once from their account provider and drawn anew.
ALTER TABLE outside_identity ADD COLUMN picture {{bytes}}; -- contact/member: their face there, for colleagues
ALTER TABLE outside_identity ADD COLUMN picture_from {{bytes}}; -- identifier/member: keyed hash of the address it was read from
ALTER TABLE member ADD COLUMN pictured BOOLEAN NOT NULL DEFAULT TRUE; -- none: they let it be shown
