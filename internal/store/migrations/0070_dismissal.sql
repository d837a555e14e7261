-- Who found a finding all right stands beside it, under its own class: it was part
-- of what stands there. What was dismissed before names nobody.
ALTER TABLE finding ADD COLUMN dismissed_kind TEXT NOT NULL DEFAULT ''; -- none: member, key or system; empty where nobody did or it was not kept
ALTER TABLE finding ADD COLUMN dismissed_by BIGINT NOT NULL DEFAULT 0; -- identifier/member: member or key who found it all right
ALTER TABLE finding ADD COLUMN dismissed_at BIGINT NOT NULL DEFAULT 0; -- none: time they did
