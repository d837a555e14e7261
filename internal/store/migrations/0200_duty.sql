-- What a business does again and again to protect data, and can show afterwards: a
-- balancing of interests, an assessment of effects, a review of access, a training,
-- an agreement to confidentiality, a rehearsal. An open one waits until its day, a
-- done one is the record, kept for five years.
CREATE TABLE duty (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  kind TEXT NOT NULL, -- none: interests, assessment, access, training, agreement or drill
  standing BOOLEAN NOT NULL, -- none: opened by the program, again and again
  done BOOLEAN NOT NULL, -- none: signed off
  body {{bytes}} NOT NULL, -- content/member: title, whom it is about, note, the document that was signed and what was decided on each of its lines
  member_id BIGINT NOT NULL, -- identifier/member: whom it is about, 0 nobody or nobody who signs in
  hash {{bytes}} NOT NULL, -- none: SHA-256 of the document that was signed
  basis TEXT NOT NULL, -- none: of an assessment: the model's company and the mode it was signed for
  every_days BIGINT NOT NULL, -- none: after how many days it is due again, 0 never
  due_at BIGINT NOT NULL, -- none: by when
  next_at BIGINT NOT NULL, -- none: when its next reminder goes, 0 none
  opened_by BIGINT NOT NULL, -- identifier/member: who opened it, 0 the program
  at BIGINT NOT NULL, -- none: when it was opened
  done_by BIGINT NOT NULL, -- identifier/member: who signed it off, 0 nobody yet
  done_at BIGINT NOT NULL, -- none: when, 0 not yet
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX duty_standing ON duty (workspace_id, kind) WHERE standing = TRUE AND done = FALSE;
CREATE INDEX duty_next ON duty (workspace_id, next_at) WHERE next_at > 0;
CREATE INDEX duty_done ON duty (workspace_id, done, due_at);
