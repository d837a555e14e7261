CREATE INDEX account_card_ends ON account_card (ends_at);
CREATE INDEX account_card_renew ON account_card (renew_at);
CREATE INDEX acknowledgement_of ON acknowledgement (workspace_id, member_id, what, id);
CREATE INDEX ai_log_conversation ON ai_log (workspace_id, conversation_id, id);
CREATE INDEX ai_log_day ON ai_log (workspace_id, day, id);
CREATE INDEX ai_report_case ON ai_report (workspace_id, case_id);
CREATE INDEX ai_report_conversation ON ai_report (workspace_id, conversation_id);
CREATE INDEX ai_report_old ON ai_report (workspace_id, at);
CREATE INDEX ai_run_at ON ai_run (workspace_id, at, conversation_id);
CREATE INDEX ai_run_conversation ON ai_run (workspace_id, conversation_id, id);
CREATE INDEX alert_of ON alert (workspace_id, rule, subject_kind, subject_id, conversation_id, id);
CREATE INDEX arrival_hour ON arrival (hour, workspace_id);
CREATE INDEX attempt_since ON attempt (workspace_id, since_at);
CREATE INDEX backup_state ON backup (workspace_id, state, kind, began_at);
CREATE INDEX case_text_of ON case_text (workspace_id, case_id, id);
CREATE INDEX catalogue_item_source ON catalogue_item (workspace_id, source_id);
CREATE INDEX channel_account_group ON channel_account (kind, group_id);
CREATE INDEX consent_of ON consent (workspace_id, member_id, purpose, id);
CREATE INDEX contact_merged ON contact (workspace_id, merged_into) WHERE merged_into > 0;
CREATE INDEX contact_term_contact ON contact_term (workspace_id, contact_id);
CREATE INDEX conversation_all ON conversation (workspace_id, last_at DESC, id DESC);
CREATE INDEX conversation_contact ON conversation (workspace_id, contact_id, account_id, id);
CREATE INDEX conversation_erase ON conversation (workspace_id, erase_at, id) WHERE erase_at > 0;
CREATE INDEX conversation_needs ON conversation (workspace_id, last_at DESC, id DESC) WHERE needs = TRUE;
CREATE INDEX conversation_owner ON conversation (workspace_id, state, owner_kind, owner_id, last_at DESC, id DESC);
CREATE INDEX conversation_snooze ON conversation (workspace_id, snoozed_until, id) WHERE snoozed_until > 0;
CREATE INDEX conversation_state ON conversation (workspace_id, state, last_at DESC, id DESC);
CREATE INDEX conversation_waiting ON conversation (workspace_id, last_at DESC, id DESC) WHERE waiting = TRUE;
CREATE INDEX demand_ended ON demand (workspace_id, ended_at);
CREATE INDEX disclosure_end ON disclosure (workspace_id, last_at);
CREATE INDEX disclosure_for ON disclosure (workspace_id, demand_id, id);
CREATE INDEX disclosure_of ON disclosure (workspace_id, contact_id, id);
CREATE INDEX dropped_message_at ON dropped_message (workspace_id, at);
CREATE INDEX dropped_message_of ON dropped_message (workspace_id, contact_id);
CREATE INDEX duty_done ON duty (workspace_id, done, due_at);
CREATE INDEX duty_next ON duty (workspace_id, next_at) WHERE next_at > 0;
CREATE INDEX event_at ON event (workspace_id, at);
CREATE INDEX factor_of ON factor (workspace_id, member_id, id);
CREATE INDEX fault_event_of ON fault_event (workspace_id, fingerprint, id);
CREATE INDEX gap_empty ON gap (workspace_id) WHERE questions <= 0;
CREATE INDEX gap_question_conversation ON gap_question (workspace_id, conversation_id);
CREATE INDEX gap_question_gap ON gap_question (workspace_id, gap_id, id);
CREATE INDEX gap_recent ON gap (workspace_id, state, last_at, id);
CREATE INDEX identity_contact ON identity (workspace_id, contact_id);
CREATE INDEX incident_count_of ON incident_count (workspace_id, incident_id, run_id);
CREATE INDEX incident_fact_of ON incident_fact (workspace_id, incident_id, id);
CREATE INDEX incident_next ON incident (workspace_id, next_at) WHERE next_at > 0;
CREATE INDEX incident_person_contact ON incident_person (workspace_id, contact_id);
CREATE INDEX incident_person_waits ON incident_person (workspace_id, found_at) WHERE state = 'message';
CREATE INDEX lab_result_conversation ON lab_result (workspace_id, conversation_id);
CREATE INDEX lab_result_day ON lab_result (workspace_id, day);
CREATE INDEX lane_due ON lane (kind, due, since);
CREATE INDEX legal_hold_contact ON legal_hold (workspace_id, contact_id);
CREATE INDEX letter_age ON letter (created_at);
CREATE INDEX letter_of ON letter (workspace_id, member_id, kind, id);
CREATE INDEX media_blob ON media (workspace_id, blob);
CREATE INDEX media_contact ON media (workspace_id, contact_id);
CREATE INDEX media_keep ON media (workspace_id, keep_until) WHERE keep_until > 0;
CREATE INDEX media_loose ON media (workspace_id, created_at) WHERE message_id = 0 AND role <> 'profile';
CREATE INDEX media_message ON media (workspace_id, message_id, place);
CREATE INDEX media_unmeasured ON media (workspace_id, id) WHERE stored < 0;
CREATE INDEX member_device_age ON member_device (seen_at);
CREATE INDEX member_digest ON member (workspace_id, digest_at) WHERE digest_at > 0;
CREATE INDEX member_session_end ON member_session (expires_at);
CREATE INDEX member_session_of ON member_session (workspace_id, member_id, id);
CREATE INDEX message_piece_of ON message_piece (workspace_id, message_id);
CREATE INDEX message_place_in ON message (workspace_id, conversation_id, place, seq);
CREATE INDEX outside_identity_of ON outside_identity (workspace_id, member_id, id);
CREATE INDEX outside_trip_age ON outside_trip (created_at);
CREATE INDEX own_visit_end ON own_visit (workspace_id, ends_at);
CREATE INDEX passage_edit_source ON passage_edit (workspace_id, source_id);
CREATE INDEX passage_held ON passage (workspace_id, source_id) WHERE suspect <> '';
CREATE INDEX passage_unasked ON passage (workspace_id, id) WHERE suggested = FALSE;
CREATE INDEX person_copy_end ON person_copy (workspace_id, ends_at);
CREATE INDEX person_copy_of ON person_copy (workspace_id, contact_id, id);
CREATE INDEX person_statement_of ON person_statement (workspace_id, contact_id, id);
CREATE INDEX phrasing_conversation ON phrasing (workspace_id, conversation_id) WHERE conversation_id > 0;
CREATE INDEX phrasing_said ON phrasing (workspace_id, source_id, said);
CREATE INDEX phrasing_waiting ON phrasing (workspace_id, source_id) WHERE state = 'suggested';
CREATE INDEX privacy_case_contact ON privacy_case (workspace_id, contact_id) WHERE contact_id > 0;
CREATE INDEX privacy_case_next ON privacy_case (workspace_id, next_at) WHERE next_at > 0;
CREATE INDEX privacy_case_proof ON privacy_case (workspace_id, proof_hash) WHERE proof_hash IS NOT NULL;
CREATE INDEX recipient_reader_pending ON recipient_reader (workspace_id, confirmed_at, asked_at);
CREATE INDEX security_event_at ON security_event (workspace_id, at);
CREATE INDEX security_event_new ON security_event (at);
CREATE INDEX sign_in_member ON sign_in (workspace_id, member_id);
CREATE INDEX source_crawl_next ON source_crawl (workspace_id, next_at) WHERE next_at > 0;
CREATE INDEX spent_challenge_age ON spent_challenge (ends_at);
CREATE INDEX widget_session_contact ON widget_session (workspace_id, contact_id, id);
CREATE INDEX widget_session_term ON widget_session (workspace_id, emptied, seen_at);
CREATE TABLE access_key (
  token_hash BLOB NOT NULL,
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  created_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL, scopes TEXT NOT NULL DEFAULT '', expires_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (token_hash)
) WITHOUT ROWID;
CREATE TABLE account_card (
  workspace_id BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  details BLOB,
  renew_at BIGINT NOT NULL,
  fault TEXT NOT NULL,
  checked_at BIGINT NOT NULL, ends_at BIGINT NOT NULL DEFAULT 0, warned_at BIGINT NOT NULL DEFAULT 0, refused TEXT NOT NULL DEFAULT '', refused_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, account_id)
);
CREATE TABLE account_secret (
  workspace_id BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (workspace_id, account_id, name)
);
CREATE TABLE acknowledgement (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  what TEXT NOT NULL,
  version TEXT NOT NULL,
  text_hash BLOB NOT NULL,
  locale TEXT NOT NULL,
  answer TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE ai_count (
  workspace_id BIGINT NOT NULL,
  newest BIGINT NOT NULL,
  counted_at BIGINT NOT NULL,
  settled_at BIGINT NOT NULL,
  took BIGINT NOT NULL,
  PRIMARY KEY (workspace_id)
);
CREATE TABLE ai_hold (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  tokens BIGINT NOT NULL,
  micros BIGINT NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE ai_key (
  workspace_id BIGINT NOT NULL,
  vendor TEXT NOT NULL,
  token BLOB NOT NULL,
  hint TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, vendor)
);
CREATE TABLE ai_log (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  run_id BIGINT NOT NULL,
  purpose TEXT NOT NULL,
  vendor TEXT NOT NULL,
  model TEXT NOT NULL,
  body BLOB NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE ai_report (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  run_id BIGINT NOT NULL,
  reason TEXT NOT NULL,
  by_kind TEXT NOT NULL,
  by_id BIGINT NOT NULL,
  note BLOB,
  outcome TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE ai_run (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  trigger_id BIGINT NOT NULL,
  decision TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  engine TEXT NOT NULL,
  passages TEXT NOT NULL,
  checks TEXT NOT NULL,
  micros BIGINT NOT NULL,
  at BIGINT NOT NULL, settings_version BIGINT NOT NULL DEFAULT 0, vendor TEXT NOT NULL DEFAULT '', model TEXT NOT NULL DEFAULT '', tokens_in BIGINT NOT NULL DEFAULT 0, tokens_out BIGINT NOT NULL DEFAULT 0, cost BIGINT NOT NULL DEFAULT 0, confidence DOUBLE PRECISION NOT NULL DEFAULT 0, scores TEXT NOT NULL DEFAULT '[]', language TEXT NOT NULL DEFAULT '', about BLOB, engagement BIGINT NOT NULL DEFAULT 0, kept BIGINT NOT NULL DEFAULT -1, reported TEXT NOT NULL DEFAULT '', meant TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE ai_setting (
  workspace_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  body BLOB NOT NULL,
  by_kind TEXT NOT NULL,
  by_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, version)
);
CREATE TABLE ai_spend (
  workspace_id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  purpose TEXT NOT NULL,
  vendor TEXT NOT NULL,
  model TEXT NOT NULL,
  calls BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  tokens_in BIGINT NOT NULL,
  tokens_out BIGINT NOT NULL,
  micros BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, day, purpose, vendor, model)
);
CREATE TABLE ai_tally (
  workspace_id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  part TEXT NOT NULL,
  name TEXT NOT NULL,
  figures TEXT NOT NULL,
  PRIMARY KEY (workspace_id, day, part, name)
) WITHOUT ROWID;
CREATE TABLE ai_tally_kept (
  workspace_id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  part TEXT NOT NULL,
  name TEXT NOT NULL,
  figures TEXT NOT NULL,
  PRIMARY KEY (workspace_id, day, part, name)
) WITHOUT ROWID;
CREATE TABLE alert (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  rule TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  mark BLOB,
  touched BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL,
  closed_by BIGINT NOT NULL,
  note BLOB,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE analytics_consent (
  workspace_id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  version TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, member_id)
) WITHOUT ROWID;
CREATE TABLE appeal (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  suspension_id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  body BLOB NOT NULL,
  sent_at BIGINT NOT NULL,
  answer BLOB,
  granted BOOLEAN NOT NULL,
  decided_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE arrival (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  hour BIGINT NOT NULL,
  raw BLOB,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE attempt (
  workspace_id BIGINT NOT NULL,
  what TEXT NOT NULL,
  who BLOB NOT NULL,
  since_at BIGINT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, what, who)
);
CREATE TABLE audit_entry (
  workspace_id BIGINT NOT NULL,
  no BIGINT NOT NULL,
  id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  verb TEXT NOT NULL,
  action TEXT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id BIGINT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id BIGINT NOT NULL,
  touched BIGINT NOT NULL,
  reason BLOB,
  hash BLOB NOT NULL,
  PRIMARY KEY (workspace_id, no)
);
CREATE TABLE audit_head (
  workspace_id BIGINT NOT NULL PRIMARY KEY,
  no BIGINT NOT NULL,
  hash BLOB NOT NULL
);
CREATE TABLE audit_mark (
  workspace_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  no BIGINT NOT NULL,
  mark TEXT NOT NULL, mailed_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, kind, no)
);
CREATE TABLE backup (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  sum TEXT NOT NULL,
  held_rows BIGINT NOT NULL,
  files BIGINT NOT NULL,
  ledger_no BIGINT NOT NULL,
  began_at BIGINT NOT NULL,
  done_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  gone_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE bias_probe (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  pairs BIGINT NOT NULL,
  differ BIGINT NOT NULL,
  alarm BOOLEAN NOT NULL,
  models BOOLEAN NOT NULL,
  settings_version BIGINT NOT NULL,
  body BLOB NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE blob_drop (
  workspace_id BIGINT NOT NULL,
  blob TEXT NOT NULL,
  PRIMARY KEY (workspace_id, blob)
);
CREATE TABLE case_text (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  letter TEXT NOT NULL,
  author_id BIGINT NOT NULL,
  body BLOB NOT NULL,
  at BIGINT NOT NULL,
  mail TEXT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE catalogue_item (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  facts BLOB NOT NULL,
  price BIGINT NOT NULL,
  currency TEXT NOT NULL,
  stock BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE certificate (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  state TEXT NOT NULL,
  facts TEXT NOT NULL,
  signed TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  done_at BIGINT NOT NULL, act_no BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE channel_account (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  outside_id TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  mode TEXT NOT NULL,
  paused BOOLEAN NOT NULL,
  settings TEXT NOT NULL,
  connected_at BIGINT NOT NULL,
  last_event_at BIGINT NOT NULL, rest_until BIGINT NOT NULL DEFAULT 0, group_id TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE connect_offer (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  state_hash BLOB NOT NULL,
  member_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  way TEXT NOT NULL,
  offer BLOB,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE consent (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  purpose TEXT NOT NULL,
  version TEXT NOT NULL,
  text_hash BLOB NOT NULL,
  locale TEXT NOT NULL,
  source TEXT NOT NULL,
  given_at BIGINT NOT NULL,
  touched_at BIGINT NOT NULL,
  withdrawn_at BIGINT NOT NULL,
  withdrawn_by TEXT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE contact (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  name BLOB,
  email BLOB,
  phone BLOB,
  language TEXT NOT NULL,
  restricted BOOLEAN NOT NULL,
  no_automation BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL, limited BOOLEAN NOT NULL DEFAULT FALSE, merged_into BIGINT NOT NULL DEFAULT 0, merged_at BIGINT NOT NULL DEFAULT 0, objected BOOLEAN NOT NULL DEFAULT FALSE, limit_sensitive BOOLEAN NOT NULL DEFAULT FALSE, frozen BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE contact_profile (
  workspace_id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  details BLOB,
  media_id BIGINT NOT NULL,
  read_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, contact_id, account_id)
);
CREATE TABLE contact_term (
  workspace_id BIGINT NOT NULL,
  term BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, term, contact_id)
) WITHOUT ROWID;
CREATE TABLE conversation (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  subject BLOB,
  state TEXT NOT NULL,
  snoozed_until BIGINT NOT NULL,
  owner_kind TEXT NOT NULL,
  owner_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  owner_epoch BIGINT NOT NULL,
  mode TEXT NOT NULL,
  paused BOOLEAN NOT NULL,
  engagement BIGINT NOT NULL,
  began BIGINT NOT NULL,
  turns BIGINT NOT NULL,
  disclosed BIGINT NOT NULL,
  hand_over TEXT NOT NULL,
  hand_over_at BIGINT NOT NULL,
  language TEXT NOT NULL,
  window_until BIGINT NOT NULL,
  last_seq BIGINT NOT NULL,
  last_in BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  preview BLOB,
  preview_by TEXT NOT NULL,
  unread BIGINT NOT NULL,
  draft_ready BOOLEAN NOT NULL,
  send_failed BOOLEAN NOT NULL,
  needs BOOLEAN NOT NULL,
  waiting BOOLEAN NOT NULL,
  erase_at BIGINT NOT NULL,
  labels TEXT NOT NULL,
  created_at BIGINT NOT NULL, preview_kind TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE demand (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  state TEXT NOT NULL,
  body BLOB NOT NULL,
  parts TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  silent_until BIGINT NOT NULL,
  opened_by BIGINT NOT NULL,
  first_by BIGINT NOT NULL,
  second_by BIGINT NOT NULL,
  at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE disclosure (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  demand_id BIGINT NOT NULL,
  reason TEXT NOT NULL,
  recipient BLOB,
  what TEXT NOT NULL,
  opt_in_id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  times BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  silent_until BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE draft (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  body BLOB,
  sources BLOB,
  language TEXT NOT NULL,
  confidence TEXT NOT NULL,
  decision TEXT NOT NULL,
  run_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE dropped_message (
  workspace_id BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  external_hash BLOB NOT NULL,
  contact_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, account_id, external_hash)
);
CREATE TABLE duty (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  standing BOOLEAN NOT NULL,
  done BOOLEAN NOT NULL,
  body BLOB NOT NULL,
  member_id BIGINT NOT NULL,
  hash BLOB NOT NULL,
  basis TEXT NOT NULL,
  every_days BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  opened_by BIGINT NOT NULL,
  at BIGINT NOT NULL,
  done_by BIGINT NOT NULL,
  done_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE entitlement (
  workspace_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, name)
);
CREATE TABLE event (
  workspace_id BIGINT NOT NULL,
  no BIGINT NOT NULL,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  conversation_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  object_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, no)
) WITHOUT ROWID;
CREATE TABLE factor (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  name BLOB,
  secret BLOB,
  last_step BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE factor_rule (
  workspace_id BIGINT NOT NULL,
  demand TEXT NOT NULL,
  PRIMARY KEY (workspace_id)
);
CREATE TABLE fault (
  workspace_id BIGINT NOT NULL,
  fingerprint TEXT NOT NULL,
  kind TEXT NOT NULL,
  place TEXT NOT NULL,
  seen BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, fingerprint)
);
CREATE TABLE fault_event (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  fingerprint TEXT NOT NULL,
  at BIGINT NOT NULL,
  detail BLOB NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE finding (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  name BLOB NOT NULL,
  detail BLOB NOT NULL,
  dismissed BOOLEAN NOT NULL,
  found_at BIGINT NOT NULL, dismissed_kind TEXT NOT NULL DEFAULT '', dismissed_by BIGINT NOT NULL DEFAULT 0, dismissed_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE first_start (
  id BIGINT PRIMARY KEY,
  token_hash BLOB NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE TABLE gap (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  questions BIGINT NOT NULL,
  passage_id BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE gap_question (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  gap_id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  language TEXT NOT NULL,
  stems BLOB NOT NULL,
  grams BLOB NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE identity (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  hash BLOB NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE incident (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  drill BOOLEAN NOT NULL,
  state TEXT NOT NULL,
  risk TEXT NOT NULL,
  law TEXT NOT NULL,
  alert_id BIGINT NOT NULL,
  notice_id BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  opened_by BIGINT NOT NULL,
  aware_at BIGINT NOT NULL,
  decided_at BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  told_at BIGINT NOT NULL,
  notice_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL,
  warned BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE incident_count (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  incident_id BIGINT NOT NULL,
  run_id BIGINT NOT NULL,
  of_workspace BIGINT NOT NULL,
  from_at BIGINT NOT NULL,
  to_at BIGINT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id BIGINT NOT NULL,
  of_table TEXT NOT NULL,
  acts BIGINT NOT NULL,
  persons BIGINT NOT NULL,
  erased BIGINT NOT NULL,
  records BIGINT NOT NULL,
  tables TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE incident_draft (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  incident_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  locale TEXT NOT NULL,
  body BLOB,
  at BIGINT NOT NULL,
  by_id BIGINT NOT NULL,
  sent_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE incident_fact (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  incident_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  body BLOB,
  at BIGINT NOT NULL,
  by_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE incident_notice (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  incident_id BIGINT NOT NULL,
  body_en BLOB,
  body_tr BLOB,
  from_at BIGINT NOT NULL,
  to_at BIGINT NOT NULL,
  aware_at BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE incident_person (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  incident_id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  state TEXT NOT NULL,
  way TEXT NOT NULL,
  found_at BIGINT NOT NULL,
  told_at BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE install_look (
  workspace_id BIGINT NOT NULL,
  clause TEXT NOT NULL,
  state TEXT NOT NULL,
  why TEXT NOT NULL,
  evidence TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, clause)
);
CREATE TABLE key_network (
  workspace_id BIGINT NOT NULL,
  key_id BIGINT NOT NULL,
  network BLOB NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, key_id, network)
) WITHOUT ROWID;
CREATE TABLE knowledge_index (
  workspace_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  n BIGINT NOT NULL,
  part BLOB NOT NULL,
  PRIMARY KEY (workspace_id, version, n)
);
CREATE TABLE knowledge_version (
  workspace_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (workspace_id)
);
CREATE TABLE lab_result (
  workspace_id BIGINT NOT NULL,
  run_id BIGINT NOT NULL,
  n BIGINT NOT NULL,
  day BIGINT NOT NULL,
  test_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  state TEXT NOT NULL,
  changed BOOLEAN NOT NULL,
  failed BOOLEAN NOT NULL,
  body BLOB,
  PRIMARY KEY (workspace_id, run_id, n)
);
CREATE TABLE lab_run (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  body BLOB NOT NULL,
  total BIGINT NOT NULL,
  done BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  models BOOLEAN NOT NULL,
  tokens BIGINT NOT NULL,
  micros BIGINT NOT NULL,
  by_kind TEXT NOT NULL,
  by_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE lab_test (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  body BLOB NOT NULL,
  verdict TEXT NOT NULL,
  checked_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE lane (
  workspace_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  key BIGINT NOT NULL,
  ver BIGINT NOT NULL,
  due BIGINT NOT NULL,
  since BIGINT NOT NULL,
  claim BIGINT NOT NULL,
  lease BIGINT NOT NULL,
  fault TEXT NOT NULL,
  PRIMARY KEY (workspace_id, kind, key)
) WITHOUT ROWID;
CREATE TABLE legal_hold (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  reason BLOB NOT NULL,
  authority BLOB NOT NULL,
  by_kind TEXT NOT NULL,
  by_id BIGINT NOT NULL,
  begun_at BIGINT NOT NULL,
  released_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE letter (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  about BLOB,
  state TEXT NOT NULL,
  fault TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  sent_at BIGINT NOT NULL,
  spent_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE meaning (
  workspace_id BIGINT NOT NULL,
  stamp BIGINT NOT NULL,
  fault TEXT NOT NULL,
  words BLOB,
  tries BIGINT NOT NULL,
  fault_at BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id)
);
CREATE TABLE media (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  place BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  role TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  blob TEXT NOT NULL,
  details BLOB,
  keep_until BIGINT NOT NULL,
  created_at BIGINT NOT NULL, stored BIGINT NOT NULL DEFAULT -1,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE member (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  name BLOB,
  email BLOB,
  password BLOB,
  role TEXT NOT NULL,
  locale TEXT NOT NULL,
  active BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL, verified_at BIGINT NOT NULL DEFAULT 0, pictured BOOLEAN NOT NULL DEFAULT TRUE, digest TEXT NOT NULL DEFAULT '', digest_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE member_device (
  workspace_id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  device_hash BLOB NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, member_id, device_hash)
) WITHOUT ROWID;
CREATE TABLE member_session (
  token_hash BLOB NOT NULL,
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  device BLOB,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL, way TEXT NOT NULL DEFAULT 'password', proved_at BIGINT NOT NULL DEFAULT 0, strong_at BIGINT NOT NULL DEFAULT 0, network BLOB, place BLOB,
  PRIMARY KEY (token_hash)
) WITHOUT ROWID;
CREATE TABLE message (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  direction TEXT NOT NULL,
  author_kind TEXT NOT NULL,
  author_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  body BLOB,
  extra BLOB,
  reply_to BIGINT NOT NULL,
  status TEXT NOT NULL,
  error_code TEXT NOT NULL,
  error_text BLOB,
  external_hash BLOB,
  external_id BLOB,
  client_id TEXT NOT NULL,
  run_id BIGINT NOT NULL,
  disclosed BOOLEAN NOT NULL,
  owner_epoch BIGINT NOT NULL,
  ai_epoch BIGINT NOT NULL,
  at BIGINT NOT NULL,
  sent_at BIGINT NOT NULL,
  deleted BOOLEAN NOT NULL, place BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE message_piece (
  workspace_id BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  external_hash BLOB NOT NULL,
  message_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, account_id, external_hash)
);
CREATE TABLE message_place (
  workspace_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  place BIGINT NOT NULL,
  terms BLOB NOT NULL,
  PRIMARY KEY (workspace_id, message_id)
) WITHOUT ROWID;
CREATE TABLE message_term (
  workspace_id BIGINT NOT NULL,
  term BIGINT NOT NULL,
  part BIGINT NOT NULL,
  places BLOB NOT NULL,
  PRIMARY KEY (workspace_id, term, part)
) WITHOUT ROWID;
CREATE TABLE news (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  locale TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id, locale)
);
CREATE TABLE node (
  no BIGINT NOT NULL PRIMARY KEY,
  holder BIGINT NOT NULL,
  lease BIGINT NOT NULL
);
CREATE TABLE operator_letter (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  mark TEXT NOT NULL,
  about TEXT NOT NULL,
  state TEXT NOT NULL,
  fault TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  sent_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE operator_profile (
  workspace_id BIGINT NOT NULL,
  facts TEXT NOT NULL,
  by_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id)
);
CREATE TABLE opt_in (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  topic TEXT NOT NULL,
  source TEXT NOT NULL,
  member_id BIGINT NOT NULL,
  note BLOB,
  at BIGINT NOT NULL,
  until BIGINT NOT NULL,
  stopped_at BIGINT NOT NULL,
  stopped_by TEXT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE outside_identity (
  subject_hash BLOB NOT NULL,
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  way TEXT NOT NULL,
  email BLOB,
  linked_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL, picture BLOB, picture_from BLOB,
  PRIMARY KEY (subject_hash, workspace_id)
) WITHOUT ROWID;
CREATE TABLE outside_trip (
  workspace_id BIGINT NOT NULL,
  state_hash BLOB NOT NULL,
  browser_hash BLOB NOT NULL,
  way TEXT NOT NULL,
  link_session BIGINT NOT NULL,
  subject_hash BLOB,
  email_hash BLOB,
  created_at BIGINT NOT NULL, prove BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (workspace_id, state_hash)
) WITHOUT ROWID;
CREATE TABLE own_visit (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  link BLOB,
  pass BLOB,
  ends_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE passage (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  n BIGINT NOT NULL,
  language TEXT NOT NULL,
  body BLOB NOT NULL,
  body_from BIGINT NOT NULL,
  body_to BIGINT NOT NULL, hidden BOOLEAN NOT NULL DEFAULT FALSE, suspect TEXT NOT NULL DEFAULT '', cleared BOOLEAN NOT NULL DEFAULT FALSE, edited BLOB, version BIGINT NOT NULL DEFAULT 0, suggested BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE passage_edit (
  workspace_id BIGINT NOT NULL,
  passage_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  text BLOB,
  created_at BIGINT NOT NULL, act TEXT NOT NULL DEFAULT 'edited', by_kind TEXT NOT NULL DEFAULT '', by_id BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, passage_id, version)
);
CREATE TABLE passage_vector (
  workspace_id BIGINT NOT NULL,
  passage_id BIGINT NOT NULL,
  vendor TEXT NOT NULL,
  model TEXT NOT NULL,
  dimensions BIGINT NOT NULL,
  version BIGINT NOT NULL,
  stamp BIGINT NOT NULL,
  vector BLOB,
  PRIMARY KEY (workspace_id, passage_id)
);
CREATE TABLE person_copy (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  language TEXT NOT NULL,
  hidden BLOB,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  done BIGINT NOT NULL,
  total BIGINT NOT NULL,
  size BIGINT NOT NULL,
  blob TEXT NOT NULL,
  link BLOB,
  link_ends_at BIGINT NOT NULL,
  taken_at BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL, kind TEXT NOT NULL DEFAULT 'copy',
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE person_statement (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  said BLOB,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE phrasing (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  said BLOB NOT NULL,
  text BLOB NOT NULL,
  language TEXT NOT NULL,
  state TEXT NOT NULL,
  question BOOLEAN NOT NULL,
  contact_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE policy_report (
  workspace_id BIGINT NOT NULL,
  directive TEXT NOT NULL,
  blocked TEXT NOT NULL,
  page TEXT NOT NULL,
  seen BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, directive, blocked, page)
);
CREATE TABLE policy_version (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  document TEXT NOT NULL,
  number BIGINT NOT NULL,
  body_en TEXT NOT NULL,
  body_tr TEXT NOT NULL,
  text_hash BLOB NOT NULL,
  material BOOLEAN NOT NULL,
  purpose TEXT NOT NULL,
  reason TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  effective_at BIGINT NOT NULL,
  by_id BIGINT NOT NULL,
  told_to BIGINT NOT NULL,
  told_all BOOLEAN NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE privacy_case (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  code_hash BLOB NOT NULL,
  subject BLOB,
  asked_at BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  done_at BIGINT NOT NULL,
  outcome TEXT NOT NULL, door TEXT NOT NULL DEFAULT 'provider', law TEXT NOT NULL DEFAULT '', locale TEXT NOT NULL DEFAULT '', contact_id BIGINT NOT NULL DEFAULT 0, conversation_id BIGINT NOT NULL DEFAULT 0, erased BOOLEAN NOT NULL DEFAULT FALSE, assignee_id BIGINT NOT NULL DEFAULT 0, proof TEXT NOT NULL DEFAULT '', proof_hash BLOB, agent BOOLEAN NOT NULL DEFAULT FALSE, agent_checked BOOLEAN NOT NULL DEFAULT FALSE, extended_at BIGINT NOT NULL DEFAULT 0, decided_at BIGINT NOT NULL DEFAULT 0, decided_by BIGINT NOT NULL DEFAULT 0, decision TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', appeal_of BIGINT NOT NULL DEFAULT 0, next_at BIGINT NOT NULL DEFAULT 0, warned BIGINT NOT NULL DEFAULT 99,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE proof_run (
  workspace_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  signed TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, number)
);
CREATE TABLE recipient (
  workspace_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  facts TEXT NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, name)
) WITHOUT ROWID;
CREATE TABLE recipient_change (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  lines TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE recipient_reader (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  email_hash BLOB NOT NULL,
  email BLOB NOT NULL,
  locale TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  confirmed_at BIGINT NOT NULL,
  told BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE recovery_code (
  workspace_id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  code_hash BLOB NOT NULL,
  PRIMARY KEY (workspace_id, member_id, code_hash)
) WITHOUT ROWID;
CREATE TABLE reset_ask (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  email_hash BLOB NOT NULL,
  created_at BIGINT NOT NULL, kind TEXT NOT NULL DEFAULT 'reset',
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE retention (
  workspace_id BIGINT NOT NULL,
  rule TEXT NOT NULL,
  days BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, rule)
) WITHOUT ROWID;
CREATE TABLE saved_reply (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  name BLOB NOT NULL,
  name_hash BLOB NOT NULL,
  body BLOB NOT NULL,
  language TEXT NOT NULL,
  closes BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL, answers BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE schema_version (
version BIGINT PRIMARY KEY, name TEXT NOT NULL, sum TEXT NOT NULL, at BIGINT NOT NULL);
CREATE TABLE security_event (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  route TEXT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id BIGINT NOT NULL,
  account BLOB,
  network BLOB,
  touched BIGINT NOT NULL,
  source BLOB,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE sign_in (
  email_hash BLOB NOT NULL,
  workspace_id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  PRIMARY KEY (email_hash, workspace_id)
) WITHOUT ROWID;
CREATE TABLE source (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  name BLOB NOT NULL,
  name_hash BLOB NOT NULL,
  url BLOB,
  input BLOB NOT NULL,
  size BIGINT NOT NULL,
  language TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  passages BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  stamp BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL, format TEXT NOT NULL DEFAULT '', stage TEXT NOT NULL DEFAULT '', pages_done BIGINT NOT NULL DEFAULT 0, pages BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE source_crawl (
  workspace_id BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  schedule TEXT NOT NULL,
  page_limit BIGINT NOT NULL,
  round BIGINT NOT NULL,
  running BOOLEAN NOT NULL,
  robots BLOB,
  robots_round BIGINT NOT NULL,
  robots_tries BIGINT NOT NULL,
  strikes BIGINT NOT NULL,
  found BIGINT NOT NULL,
  done BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  limited BOOLEAN NOT NULL,
  started_at BIGINT NOT NULL,
  finished_at BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, source_id)
);
CREATE TABLE source_page (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  no BIGINT NOT NULL,
  map BOOLEAN NOT NULL,
  url BLOB NOT NULL,
  url_hash BLOB NOT NULL,
  path_hash BLOB NOT NULL,
  depth BIGINT NOT NULL,
  round BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  status BIGINT NOT NULL,
  hash BLOB,
  facts BLOB,
  passages BIGINT NOT NULL,
  misses BIGINT NOT NULL,
  stamp BIGINT NOT NULL,
  fetched_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE spent_challenge (
  workspace_id BIGINT NOT NULL,
  challenge_hash BLOB NOT NULL,
  ends_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, challenge_hash)
) WITHOUT ROWID;
CREATE TABLE suggesting (
  workspace_id BIGINT NOT NULL,
  fault TEXT NOT NULL,
  next_at BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id)
);
CREATE TABLE suppression (
  workspace_id BIGINT NOT NULL,
  email_hash BLOB NOT NULL,
  purpose TEXT NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, email_hash, purpose)
) WITHOUT ROWID;
CREATE TABLE suspension (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  reason BLOB NOT NULL,
  begun_at BIGINT NOT NULL,
  lifted_at BIGINT NOT NULL,
  lifted_why BLOB,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE synonym (
  workspace_id BIGINT NOT NULL,
  language TEXT NOT NULL,
  words BLOB NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, language)
);
CREATE TABLE template_list (
  workspace_id BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  list BLOB,
  synced_at BIGINT NOT NULL,
  fault TEXT NOT NULL,
  PRIMARY KEY (workspace_id, account_id)
);
CREATE TABLE usage_count (
  workspace_id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id BIGINT NOT NULL,
  route TEXT NOT NULL,
  calls BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, day, actor_kind, actor_id, route)
) WITHOUT ROWID;
CREATE TABLE widget_session (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  visit TEXT NOT NULL,
  contact_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  consent TEXT NOT NULL,
  browser BLOB,
  os BLOB,
  device BLOB,
  referrer BLOB,
  page_url BLOB,
  locale BLOB,
  ip BLOB,
  started_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  emptied BOOLEAN NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE work (
  workspace_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  key BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  id BIGINT NOT NULL,
  rev BIGINT NOT NULL,
  origin BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  object_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  attempt BIGINT NOT NULL,
  due BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, kind, key, pos)
) WITHOUT ROWID;
CREATE TABLE workspace (
  id BIGINT PRIMARY KEY,
  name TEXT NOT NULL,
  locale TEXT NOT NULL,
  languages TEXT NOT NULL,
  mode TEXT NOT NULL,
  paused BOOLEAN NOT NULL,
  ai_epoch BIGINT NOT NULL,
  burst_us BIGINT NOT NULL,
  created_at BIGINT NOT NULL
, limited BOOLEAN NOT NULL DEFAULT FALSE, suspended BOOLEAN NOT NULL DEFAULT FALSE, closed_at BIGINT NOT NULL DEFAULT 0, ending BOOLEAN NOT NULL DEFAULT FALSE, arriving_at BIGINT NOT NULL DEFAULT 0);
CREATE TABLE workspace_counter (
  workspace_id BIGINT PRIMARY KEY,
  no BIGINT NOT NULL
);
CREATE TABLE workspace_end (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  code_hash BLOB NOT NULL,
  closed_at BIGINT NOT NULL,
  reminded_at BIGINT NOT NULL,
  act_no BIGINT NOT NULL,
  newest BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE workspace_storage (
  workspace_id BIGINT NOT NULL PRIMARY KEY,
  files BIGINT NOT NULL,
  knowledge BIGINT NOT NULL,
  told_at BIGINT NOT NULL
, told_room BIGINT NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX access_key_id ON access_key (workspace_id, id);
CREATE UNIQUE INDEX ai_report_once ON ai_report (workspace_id, message_id, by_kind, by_id);
CREATE UNIQUE INDEX certificate_act ON certificate (workspace_id, act_no) WHERE act_no > 0;
CREATE UNIQUE INDEX channel_account_outside ON channel_account (kind, outside_id);
CREATE UNIQUE INDEX connect_offer_state ON connect_offer (workspace_id, state_hash);
CREATE UNIQUE INDEX draft_conversation ON draft (workspace_id, conversation_id);
CREATE UNIQUE INDEX duty_standing ON duty (workspace_id, kind) WHERE standing = TRUE AND done = FALSE;
CREATE UNIQUE INDEX finding_name ON finding (workspace_id, name);
CREATE UNIQUE INDEX gap_question_message ON gap_question (workspace_id, message_id);
CREATE UNIQUE INDEX identity_hash ON identity (workspace_id, account_id, kind, hash);
CREATE UNIQUE INDEX incident_draft_of ON incident_draft (workspace_id, incident_id, kind, locale);
CREATE UNIQUE INDEX incident_notice_once ON incident_notice (workspace_id, incident_id);
CREATE UNIQUE INDEX incident_person_once ON incident_person (workspace_id, incident_id, contact_id);
CREATE UNIQUE INDEX message_client ON message (workspace_id, conversation_id, client_id) WHERE client_id <> '';
CREATE UNIQUE INDEX message_external ON message (workspace_id, account_id, external_hash);
CREATE UNIQUE INDEX message_place_no ON message_place (workspace_id, place);
CREATE UNIQUE INDEX message_seq ON message (workspace_id, conversation_id, seq);
CREATE UNIQUE INDEX operator_letter_once ON operator_letter (workspace_id, kind, mark);
CREATE UNIQUE INDEX opt_in_topic ON opt_in (workspace_id, contact_id, account_id, topic);
CREATE UNIQUE INDEX outside_identity_id ON outside_identity (workspace_id, id);
CREATE UNIQUE INDEX passage_place ON passage (workspace_id, source_id, n);
CREATE UNIQUE INDEX policy_version_number ON policy_version (workspace_id, document, number);
CREATE UNIQUE INDEX privacy_case_code ON privacy_case (workspace_id, code_hash);
CREATE UNIQUE INDEX recipient_reader_address ON recipient_reader (workspace_id, email_hash);
CREATE UNIQUE INDEX saved_reply_name ON saved_reply (workspace_id, name_hash);
CREATE UNIQUE INDEX source_name ON source (workspace_id, name_hash);
CREATE UNIQUE INDEX source_page_no ON source_page (workspace_id, source_id, no);
CREATE UNIQUE INDEX source_page_url ON source_page (workspace_id, source_id, url_hash);
CREATE UNIQUE INDEX widget_session_visit ON widget_session (workspace_id, visit);
CREATE UNIQUE INDEX workspace_end_code ON workspace_end (workspace_id, code_hash);
