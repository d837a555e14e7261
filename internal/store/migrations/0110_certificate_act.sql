-- An erasure has a certificate, too: it is found by its act of the privacy
-- ledger, which has one at most, so that a crash or a second door makes no other.
ALTER TABLE certificate ADD COLUMN act_no BIGINT NOT NULL DEFAULT 0; -- none: number of the erasure in the privacy ledger, 0 for a disconnection
CREATE UNIQUE INDEX certificate_act ON certificate (workspace_id, act_no) WHERE act_no > 0;
