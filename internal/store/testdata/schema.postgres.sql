CREATE INDEX account_card_ends ON account_card USING btree (ends_at);
CREATE INDEX account_card_renew ON account_card USING btree (renew_at);
CREATE INDEX acknowledgement_of ON acknowledgement USING btree (workspace_id, member_id, what, id);
CREATE INDEX ai_log_conversation ON ai_log USING btree (workspace_id, conversation_id, id);
CREATE INDEX ai_log_day ON ai_log USING btree (workspace_id, day, id);
CREATE INDEX ai_report_case ON ai_report USING btree (workspace_id, case_id);
CREATE INDEX ai_report_conversation ON ai_report USING btree (workspace_id, conversation_id);
CREATE INDEX ai_report_old ON ai_report USING btree (workspace_id, at);
CREATE INDEX ai_run_at ON ai_run USING btree (workspace_id, at, conversation_id);
CREATE INDEX ai_run_conversation ON ai_run USING btree (workspace_id, conversation_id, id);
CREATE INDEX alert_of ON alert USING btree (workspace_id, rule, subject_kind, subject_id, conversation_id, id);
CREATE INDEX arrival_hour ON arrival USING btree (hour, workspace_id);
CREATE INDEX attempt_since ON attempt USING btree (workspace_id, since_at);
CREATE INDEX backup_state ON backup USING btree (workspace_id, state, kind, began_at);
CREATE INDEX case_text_of ON case_text USING btree (workspace_id, case_id, id);
CREATE INDEX catalogue_item_source ON catalogue_item USING btree (workspace_id, source_id);
CREATE INDEX channel_account_group ON channel_account USING btree (kind, group_id);
CREATE INDEX consent_of ON consent USING btree (workspace_id, member_id, purpose, id);
CREATE INDEX contact_merged ON contact USING btree (workspace_id, merged_into) WHERE (merged_into > 0);
CREATE INDEX contact_term_contact ON contact_term USING btree (workspace_id, contact_id);
CREATE INDEX conversation_all ON conversation USING btree (workspace_id, last_at DESC, id DESC);
CREATE INDEX conversation_contact ON conversation USING btree (workspace_id, contact_id, account_id, id);
CREATE INDEX conversation_erase ON conversation USING btree (workspace_id, erase_at, id) WHERE (erase_at > 0);
CREATE INDEX conversation_needs ON conversation USING btree (workspace_id, last_at DESC, id DESC) WHERE (needs = true);
CREATE INDEX conversation_owner ON conversation USING btree (workspace_id, state, owner_kind, owner_id, last_at DESC, id DESC);
CREATE INDEX conversation_snooze ON conversation USING btree (workspace_id, snoozed_until, id) WHERE (snoozed_until > 0);
CREATE INDEX conversation_state ON conversation USING btree (workspace_id, state, last_at DESC, id DESC);
CREATE INDEX conversation_waiting ON conversation USING btree (workspace_id, last_at DESC, id DESC) WHERE (waiting = true);
CREATE INDEX demand_ended ON demand USING btree (workspace_id, ended_at);
CREATE INDEX disclosure_end ON disclosure USING btree (workspace_id, last_at);
CREATE INDEX disclosure_for ON disclosure USING btree (workspace_id, demand_id, id);
CREATE INDEX disclosure_of ON disclosure USING btree (workspace_id, contact_id, id);
CREATE INDEX dropped_message_at ON dropped_message USING btree (workspace_id, at);
CREATE INDEX dropped_message_of ON dropped_message USING btree (workspace_id, contact_id);
CREATE INDEX duty_done ON duty USING btree (workspace_id, done, due_at);
CREATE INDEX duty_next ON duty USING btree (workspace_id, next_at) WHERE (next_at > 0);
CREATE INDEX event_at ON event USING btree (workspace_id, at);
CREATE INDEX factor_of ON factor USING btree (workspace_id, member_id, id);
CREATE INDEX fault_event_of ON fault_event USING btree (workspace_id, fingerprint, id);
CREATE INDEX gap_empty ON gap USING btree (workspace_id) WHERE (questions <= 0);
CREATE INDEX gap_question_conversation ON gap_question USING btree (workspace_id, conversation_id);
CREATE INDEX gap_question_gap ON gap_question USING btree (workspace_id, gap_id, id);
CREATE INDEX gap_recent ON gap USING btree (workspace_id, state, last_at, id);
CREATE INDEX identity_contact ON identity USING btree (workspace_id, contact_id);
CREATE INDEX incident_count_of ON incident_count USING btree (workspace_id, incident_id, run_id);
CREATE INDEX incident_fact_of ON incident_fact USING btree (workspace_id, incident_id, id);
CREATE INDEX incident_next ON incident USING btree (workspace_id, next_at) WHERE (next_at > 0);
CREATE INDEX incident_person_contact ON incident_person USING btree (workspace_id, contact_id);
CREATE INDEX incident_person_waits ON incident_person USING btree (workspace_id, found_at) WHERE (state = 'message'::text);
CREATE INDEX lab_result_conversation ON lab_result USING btree (workspace_id, conversation_id);
CREATE INDEX lab_result_day ON lab_result USING btree (workspace_id, day);
CREATE INDEX lane_due ON lane USING btree (kind, due, since);
CREATE INDEX legal_hold_contact ON legal_hold USING btree (workspace_id, contact_id);
CREATE INDEX letter_age ON letter USING btree (created_at);
CREATE INDEX letter_of ON letter USING btree (workspace_id, member_id, kind, id);
CREATE INDEX media_blob ON media USING btree (workspace_id, blob);
CREATE INDEX media_contact ON media USING btree (workspace_id, contact_id);
CREATE INDEX media_keep ON media USING btree (workspace_id, keep_until) WHERE (keep_until > 0);
CREATE INDEX media_loose ON media USING btree (workspace_id, created_at) WHERE ((message_id = 0) AND (role <> 'profile'::text));
CREATE INDEX media_message ON media USING btree (workspace_id, message_id, place);
CREATE INDEX media_unmeasured ON media USING btree (workspace_id, id) WHERE (stored < 0);
CREATE INDEX member_device_age ON member_device USING btree (seen_at);
CREATE INDEX member_digest ON member USING btree (workspace_id, digest_at) WHERE (digest_at > 0);
CREATE INDEX member_session_end ON member_session USING btree (expires_at);
CREATE INDEX member_session_of ON member_session USING btree (workspace_id, member_id, id);
CREATE INDEX message_piece_of ON message_piece USING btree (workspace_id, message_id);
CREATE INDEX message_place_in ON message USING btree (workspace_id, conversation_id, place, seq);
CREATE INDEX outside_identity_of ON outside_identity USING btree (workspace_id, member_id, id);
CREATE INDEX outside_trip_age ON outside_trip USING btree (created_at);
CREATE INDEX own_visit_end ON own_visit USING btree (workspace_id, ends_at);
CREATE INDEX passage_edit_source ON passage_edit USING btree (workspace_id, source_id);
CREATE INDEX passage_held ON passage USING btree (workspace_id, source_id) WHERE (suspect <> ''::text);
CREATE INDEX passage_unasked ON passage USING btree (workspace_id, id) WHERE (suggested = false);
CREATE INDEX person_copy_end ON person_copy USING btree (workspace_id, ends_at);
CREATE INDEX person_copy_of ON person_copy USING btree (workspace_id, contact_id, id);
CREATE INDEX person_statement_of ON person_statement USING btree (workspace_id, contact_id, id);
CREATE INDEX phrasing_conversation ON phrasing USING btree (workspace_id, conversation_id) WHERE (conversation_id > 0);
CREATE INDEX phrasing_said ON phrasing USING btree (workspace_id, source_id, said);
CREATE INDEX phrasing_waiting ON phrasing USING btree (workspace_id, source_id) WHERE (state = 'suggested'::text);
CREATE INDEX privacy_case_contact ON privacy_case USING btree (workspace_id, contact_id) WHERE (contact_id > 0);
CREATE INDEX privacy_case_next ON privacy_case USING btree (workspace_id, next_at) WHERE (next_at > 0);
CREATE INDEX privacy_case_proof ON privacy_case USING btree (workspace_id, proof_hash) WHERE (proof_hash IS NOT NULL);
CREATE INDEX recipient_reader_pending ON recipient_reader USING btree (workspace_id, confirmed_at, asked_at);
CREATE INDEX security_event_at ON security_event USING btree (workspace_id, at);
CREATE INDEX security_event_new ON security_event USING btree (at);
CREATE INDEX sign_in_member ON sign_in USING btree (workspace_id, member_id);
CREATE INDEX source_crawl_next ON source_crawl USING btree (workspace_id, next_at) WHERE (next_at > 0);
CREATE INDEX spent_challenge_age ON spent_challenge USING btree (ends_at);
CREATE INDEX widget_session_contact ON widget_session USING btree (workspace_id, contact_id, id);
CREATE INDEX widget_session_term ON widget_session USING btree (workspace_id, emptied, seen_at);
CREATE TABLE access_key (
  token_hash bytea NOT NULL,
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  created_by bigint NOT NULL,
  created_at bigint NOT NULL,
  used_at bigint NOT NULL,
  scopes text NOT NULL,
  expires_at bigint NOT NULL,
  PRIMARY KEY (token_hash)
);
CREATE TABLE account_card (
  workspace_id bigint NOT NULL,
  account_id bigint NOT NULL,
  details bytea,
  renew_at bigint NOT NULL,
  fault text NOT NULL,
  checked_at bigint NOT NULL,
  ends_at bigint NOT NULL,
  warned_at bigint NOT NULL,
  refused text NOT NULL,
  refused_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, account_id)
);
CREATE TABLE account_secret (
  workspace_id bigint NOT NULL,
  account_id bigint NOT NULL,
  name text NOT NULL,
  value bytea NOT NULL,
  PRIMARY KEY (workspace_id, account_id, name)
);
CREATE TABLE acknowledgement (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  member_id bigint NOT NULL,
  what text NOT NULL,
  version text NOT NULL,
  text_hash bytea NOT NULL,
  locale text NOT NULL,
  answer text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE ai_count (
  workspace_id bigint NOT NULL,
  newest bigint NOT NULL,
  counted_at bigint NOT NULL,
  settled_at bigint NOT NULL,
  took bigint NOT NULL,
  PRIMARY KEY (workspace_id)
);
CREATE TABLE ai_hold (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  day bigint NOT NULL,
  tokens bigint NOT NULL,
  micros bigint NOT NULL,
  until bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE ai_key (
  workspace_id bigint NOT NULL,
  vendor text NOT NULL,
  token bytea NOT NULL,
  hint text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id, vendor)
);
CREATE TABLE ai_log (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  day bigint NOT NULL,
  conversation_id bigint NOT NULL,
  contact_id bigint NOT NULL,
  run_id bigint NOT NULL,
  purpose text NOT NULL,
  vendor text NOT NULL,
  model text NOT NULL,
  body bytea NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE ai_report (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  case_id bigint NOT NULL,
  contact_id bigint NOT NULL,
  conversation_id bigint NOT NULL,
  message_id bigint NOT NULL,
  run_id bigint NOT NULL,
  reason text NOT NULL,
  by_kind text NOT NULL,
  by_id bigint NOT NULL,
  note bytea,
  outcome text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE ai_run (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  conversation_id bigint NOT NULL,
  trigger_id bigint NOT NULL,
  decision text NOT NULL,
  outcome text NOT NULL,
  reason text NOT NULL,
  engine text NOT NULL,
  passages text NOT NULL,
  checks text NOT NULL,
  micros bigint NOT NULL,
  at bigint NOT NULL,
  settings_version bigint NOT NULL,
  vendor text NOT NULL,
  model text NOT NULL,
  tokens_in bigint NOT NULL,
  tokens_out bigint NOT NULL,
  cost bigint NOT NULL,
  confidence double precision NOT NULL,
  scores text NOT NULL,
  language text NOT NULL,
  about bytea,
  engagement bigint NOT NULL,
  kept bigint NOT NULL,
  reported text NOT NULL,
  meant text NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE ai_setting (
  workspace_id bigint NOT NULL,
  version bigint NOT NULL,
  body bytea NOT NULL,
  by_kind text NOT NULL,
  by_id bigint NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id, version)
);
CREATE TABLE ai_spend (
  workspace_id bigint NOT NULL,
  day bigint NOT NULL,
  purpose text NOT NULL,
  vendor text NOT NULL,
  model text NOT NULL,
  calls bigint NOT NULL,
  failed bigint NOT NULL,
  tokens_in bigint NOT NULL,
  tokens_out bigint NOT NULL,
  micros bigint NOT NULL,
  PRIMARY KEY (workspace_id, day, purpose, vendor, model)
);
CREATE TABLE ai_tally (
  workspace_id bigint NOT NULL,
  day bigint NOT NULL,
  part text NOT NULL,
  name text NOT NULL,
  figures text NOT NULL,
  PRIMARY KEY (workspace_id, day, part, name)
);
CREATE TABLE ai_tally_kept (
  workspace_id bigint NOT NULL,
  day bigint NOT NULL,
  part text NOT NULL,
  name text NOT NULL,
  figures text NOT NULL,
  PRIMARY KEY (workspace_id, day, part, name)
);
CREATE TABLE alert (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  rule text NOT NULL,
  subject_kind text NOT NULL,
  subject_id bigint NOT NULL,
  conversation_id bigint NOT NULL,
  mark bytea,
  touched bigint NOT NULL,
  opened_at bigint NOT NULL,
  last_at bigint NOT NULL,
  closed_at bigint NOT NULL,
  closed_by bigint NOT NULL,
  note bytea,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE analytics_consent (
  workspace_id bigint NOT NULL,
  member_id bigint NOT NULL,
  version text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id, member_id)
);
CREATE TABLE appeal (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  suspension_id bigint NOT NULL,
  member_id bigint NOT NULL,
  body bytea NOT NULL,
  sent_at bigint NOT NULL,
  answer bytea,
  granted boolean NOT NULL,
  decided_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE arrival (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  account_id bigint NOT NULL,
  hour bigint NOT NULL,
  raw bytea,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE attempt (
  workspace_id bigint NOT NULL,
  what text NOT NULL,
  who bytea NOT NULL,
  since_at bigint NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (workspace_id, what, who)
);
CREATE TABLE audit_entry (
  workspace_id bigint NOT NULL,
  no bigint NOT NULL,
  id bigint NOT NULL,
  at bigint NOT NULL,
  verb text NOT NULL,
  action text NOT NULL,
  actor_kind text NOT NULL,
  actor_id bigint NOT NULL,
  object_kind text NOT NULL,
  object_id bigint NOT NULL,
  touched bigint NOT NULL,
  reason bytea,
  hash bytea NOT NULL,
  PRIMARY KEY (workspace_id, no)
);
CREATE TABLE audit_head (
  workspace_id bigint NOT NULL,
  no bigint NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (workspace_id)
);
CREATE TABLE audit_mark (
  workspace_id bigint NOT NULL,
  kind text NOT NULL,
  no bigint NOT NULL,
  mark text NOT NULL,
  mailed_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, kind, no)
);
CREATE TABLE backup (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  state text NOT NULL,
  reason text NOT NULL,
  bytes bigint NOT NULL,
  sum text NOT NULL,
  held_rows bigint NOT NULL,
  files bigint NOT NULL,
  ledger_no bigint NOT NULL,
  began_at bigint NOT NULL,
  done_at bigint NOT NULL,
  ends_at bigint NOT NULL,
  gone_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE bias_probe (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  pairs bigint NOT NULL,
  differ bigint NOT NULL,
  alarm boolean NOT NULL,
  models boolean NOT NULL,
  settings_version bigint NOT NULL,
  body bytea NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE blob_drop (
  workspace_id bigint NOT NULL,
  blob text NOT NULL,
  PRIMARY KEY (workspace_id, blob)
);
CREATE TABLE case_text (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  case_id bigint NOT NULL,
  kind text NOT NULL,
  letter text NOT NULL,
  author_id bigint NOT NULL,
  body bytea NOT NULL,
  at bigint NOT NULL,
  mail text NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE catalogue_item (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  source_id bigint NOT NULL,
  facts bytea NOT NULL,
  price bigint NOT NULL,
  currency text NOT NULL,
  stock bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE certificate (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  account_id bigint NOT NULL,
  state text NOT NULL,
  facts text NOT NULL,
  signed text NOT NULL,
  opened_at bigint NOT NULL,
  done_at bigint NOT NULL,
  act_no bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE channel_account (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  kind text NOT NULL,
  outside_id text NOT NULL,
  name text NOT NULL,
  state text NOT NULL,
  mode text NOT NULL,
  paused boolean NOT NULL,
  settings text NOT NULL,
  connected_at bigint NOT NULL,
  last_event_at bigint NOT NULL,
  rest_until bigint NOT NULL,
  group_id text NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE connect_offer (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  state_hash bytea NOT NULL,
  member_id bigint NOT NULL,
  kind text NOT NULL,
  way text NOT NULL,
  offer bytea,
  expires_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE consent (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  member_id bigint NOT NULL,
  purpose text NOT NULL,
  version text NOT NULL,
  text_hash bytea NOT NULL,
  locale text NOT NULL,
  source text NOT NULL,
  given_at bigint NOT NULL,
  touched_at bigint NOT NULL,
  withdrawn_at bigint NOT NULL,
  withdrawn_by text NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE contact (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  name bytea,
  email bytea,
  phone bytea,
  language text NOT NULL,
  restricted boolean NOT NULL,
  no_automation boolean NOT NULL,
  created_at bigint NOT NULL,
  limited boolean NOT NULL,
  merged_into bigint NOT NULL,
  merged_at bigint NOT NULL,
  objected boolean NOT NULL,
  limit_sensitive boolean NOT NULL,
  frozen boolean NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE contact_profile (
  workspace_id bigint NOT NULL,
  contact_id bigint NOT NULL,
  account_id bigint NOT NULL,
  details bytea,
  media_id bigint NOT NULL,
  read_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, contact_id, account_id)
);
CREATE TABLE contact_term (
  workspace_id bigint NOT NULL,
  term bigint NOT NULL,
  contact_id bigint NOT NULL,
  PRIMARY KEY (workspace_id, term, contact_id)
);
CREATE TABLE conversation (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  contact_id bigint NOT NULL,
  account_id bigint NOT NULL,
  subject bytea,
  state text NOT NULL,
  snoozed_until bigint NOT NULL,
  owner_kind text NOT NULL,
  owner_id bigint NOT NULL,
  version bigint NOT NULL,
  owner_epoch bigint NOT NULL,
  mode text NOT NULL,
  paused boolean NOT NULL,
  engagement bigint NOT NULL,
  began bigint NOT NULL,
  turns bigint NOT NULL,
  disclosed bigint NOT NULL,
  hand_over text NOT NULL,
  hand_over_at bigint NOT NULL,
  language text NOT NULL,
  window_until bigint NOT NULL,
  last_seq bigint NOT NULL,
  last_in bigint NOT NULL,
  last_at bigint NOT NULL,
  preview bytea,
  preview_by text NOT NULL,
  unread bigint NOT NULL,
  draft_ready boolean NOT NULL,
  send_failed boolean NOT NULL,
  needs boolean NOT NULL,
  waiting boolean NOT NULL,
  erase_at bigint NOT NULL,
  labels text NOT NULL,
  created_at bigint NOT NULL,
  preview_kind text NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE demand (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  state text NOT NULL,
  body bytea NOT NULL,
  parts text NOT NULL,
  from_at bigint NOT NULL,
  until_at bigint NOT NULL,
  due_at bigint NOT NULL,
  silent_until bigint NOT NULL,
  opened_by bigint NOT NULL,
  first_by bigint NOT NULL,
  second_by bigint NOT NULL,
  at bigint NOT NULL,
  ended_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE disclosure (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  contact_id bigint NOT NULL,
  demand_id bigint NOT NULL,
  reason text NOT NULL,
  recipient bytea,
  what text NOT NULL,
  opt_in_id bigint NOT NULL,
  member_id bigint NOT NULL,
  times bigint NOT NULL,
  first_at bigint NOT NULL,
  last_at bigint NOT NULL,
  silent_until bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE draft (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  conversation_id bigint NOT NULL,
  contact_id bigint NOT NULL,
  body bytea,
  sources bytea,
  language text NOT NULL,
  confidence text NOT NULL,
  decision text NOT NULL,
  run_id bigint NOT NULL,
  version bigint NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE dropped_message (
  workspace_id bigint NOT NULL,
  account_id bigint NOT NULL,
  external_hash bytea NOT NULL,
  contact_id bigint NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id, account_id, external_hash)
);
CREATE TABLE duty (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  kind text NOT NULL,
  standing boolean NOT NULL,
  done boolean NOT NULL,
  body bytea NOT NULL,
  member_id bigint NOT NULL,
  hash bytea NOT NULL,
  basis text NOT NULL,
  every_days bigint NOT NULL,
  due_at bigint NOT NULL,
  next_at bigint NOT NULL,
  opened_by bigint NOT NULL,
  at bigint NOT NULL,
  done_by bigint NOT NULL,
  done_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE entitlement (
  workspace_id bigint NOT NULL,
  name text NOT NULL,
  since bigint NOT NULL,
  PRIMARY KEY (workspace_id, name)
);
CREATE TABLE event (
  workspace_id bigint NOT NULL,
  no bigint NOT NULL,
  at bigint NOT NULL,
  kind text NOT NULL,
  conversation_id bigint NOT NULL,
  message_id bigint NOT NULL,
  object_id bigint NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (workspace_id, no)
);
CREATE TABLE factor (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  member_id bigint NOT NULL,
  kind text NOT NULL,
  name bytea,
  secret bytea,
  last_step bigint NOT NULL,
  created_at bigint NOT NULL,
  used_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE factor_rule (
  workspace_id bigint NOT NULL,
  demand text NOT NULL,
  PRIMARY KEY (workspace_id)
);
CREATE TABLE fault (
  workspace_id bigint NOT NULL,
  fingerprint text NOT NULL,
  kind text NOT NULL,
  place text NOT NULL,
  seen bigint NOT NULL,
  first_at bigint NOT NULL,
  last_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, fingerprint)
);
CREATE TABLE fault_event (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  day bigint NOT NULL,
  fingerprint text NOT NULL,
  at bigint NOT NULL,
  detail bytea NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE finding (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  kind text NOT NULL,
  name bytea NOT NULL,
  detail bytea NOT NULL,
  dismissed boolean NOT NULL,
  found_at bigint NOT NULL,
  dismissed_kind text NOT NULL,
  dismissed_by bigint NOT NULL,
  dismissed_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE first_start (
  id bigint NOT NULL,
  token_hash bytea NOT NULL,
  expires_at bigint NOT NULL,
  PRIMARY KEY (id)
);
CREATE TABLE gap (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  state text NOT NULL,
  reason text NOT NULL,
  questions bigint NOT NULL,
  passage_id bigint NOT NULL,
  first_at bigint NOT NULL,
  last_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE gap_question (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  gap_id bigint NOT NULL,
  contact_id bigint NOT NULL,
  conversation_id bigint NOT NULL,
  message_id bigint NOT NULL,
  language text NOT NULL,
  stems bytea NOT NULL,
  grams bytea NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE identity (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  contact_id bigint NOT NULL,
  account_id bigint NOT NULL,
  kind text NOT NULL,
  hash bytea NOT NULL,
  value bytea NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE incident (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  drill boolean NOT NULL,
  state text NOT NULL,
  risk text NOT NULL,
  law text NOT NULL,
  alert_id bigint NOT NULL,
  notice_id bigint NOT NULL,
  opened_at bigint NOT NULL,
  opened_by bigint NOT NULL,
  aware_at bigint NOT NULL,
  decided_at bigint NOT NULL,
  outcome text NOT NULL,
  told_at bigint NOT NULL,
  notice_at bigint NOT NULL,
  closed_at bigint NOT NULL,
  warned bigint NOT NULL,
  next_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE incident_count (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  incident_id bigint NOT NULL,
  run_id bigint NOT NULL,
  of_workspace bigint NOT NULL,
  from_at bigint NOT NULL,
  to_at bigint NOT NULL,
  actor_kind text NOT NULL,
  actor_id bigint NOT NULL,
  of_table text NOT NULL,
  acts bigint NOT NULL,
  persons bigint NOT NULL,
  erased bigint NOT NULL,
  records bigint NOT NULL,
  tables text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE incident_draft (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  incident_id bigint NOT NULL,
  kind text NOT NULL,
  locale text NOT NULL,
  body bytea,
  at bigint NOT NULL,
  by_id bigint NOT NULL,
  sent_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE incident_fact (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  incident_id bigint NOT NULL,
  name text NOT NULL,
  body bytea,
  at bigint NOT NULL,
  by_id bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE incident_notice (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  incident_id bigint NOT NULL,
  body_en bytea,
  body_tr bytea,
  from_at bigint NOT NULL,
  to_at bigint NOT NULL,
  aware_at bigint NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE incident_person (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  incident_id bigint NOT NULL,
  contact_id bigint NOT NULL,
  state text NOT NULL,
  way text NOT NULL,
  found_at bigint NOT NULL,
  told_at bigint NOT NULL,
  message_id bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE install_look (
  workspace_id bigint NOT NULL,
  clause text NOT NULL,
  state text NOT NULL,
  why text NOT NULL,
  evidence text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id, clause)
);
CREATE TABLE key_network (
  workspace_id bigint NOT NULL,
  key_id bigint NOT NULL,
  network bytea NOT NULL,
  seen_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, key_id, network)
);
CREATE TABLE knowledge_index (
  workspace_id bigint NOT NULL,
  version bigint NOT NULL,
  n bigint NOT NULL,
  part bytea NOT NULL,
  PRIMARY KEY (workspace_id, version, n)
);
CREATE TABLE knowledge_version (
  workspace_id bigint NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (workspace_id)
);
CREATE TABLE lab_result (
  workspace_id bigint NOT NULL,
  run_id bigint NOT NULL,
  n bigint NOT NULL,
  day bigint NOT NULL,
  test_id bigint NOT NULL,
  message_id bigint NOT NULL,
  contact_id bigint NOT NULL,
  conversation_id bigint NOT NULL,
  state text NOT NULL,
  changed boolean NOT NULL,
  failed boolean NOT NULL,
  body bytea,
  PRIMARY KEY (workspace_id, run_id, n)
);
CREATE TABLE lab_run (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  body bytea NOT NULL,
  total bigint NOT NULL,
  done bigint NOT NULL,
  changed bigint NOT NULL,
  failed bigint NOT NULL,
  models boolean NOT NULL,
  tokens bigint NOT NULL,
  micros bigint NOT NULL,
  by_kind text NOT NULL,
  by_id bigint NOT NULL,
  at bigint NOT NULL,
  ended_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE lab_test (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  body bytea NOT NULL,
  verdict text NOT NULL,
  checked_at bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE lane (
  workspace_id bigint NOT NULL,
  kind text NOT NULL,
  key bigint NOT NULL,
  ver bigint NOT NULL,
  due bigint NOT NULL,
  since bigint NOT NULL,
  claim bigint NOT NULL,
  lease bigint NOT NULL,
  fault text NOT NULL,
  PRIMARY KEY (workspace_id, kind, key)
);
CREATE TABLE legal_hold (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  contact_id bigint NOT NULL,
  reason bytea NOT NULL,
  authority bytea NOT NULL,
  by_kind text NOT NULL,
  by_id bigint NOT NULL,
  begun_at bigint NOT NULL,
  released_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE letter (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  member_id bigint NOT NULL,
  kind text NOT NULL,
  about bytea,
  state text NOT NULL,
  fault text NOT NULL,
  created_at bigint NOT NULL,
  sent_at bigint NOT NULL,
  spent_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE meaning (
  workspace_id bigint NOT NULL,
  stamp bigint NOT NULL,
  fault text NOT NULL,
  words bytea,
  tries bigint NOT NULL,
  fault_at bigint NOT NULL,
  next_at bigint NOT NULL,
  PRIMARY KEY (workspace_id)
);
CREATE TABLE media (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  contact_id bigint NOT NULL,
  conversation_id bigint NOT NULL,
  message_id bigint NOT NULL,
  place bigint NOT NULL,
  member_id bigint NOT NULL,
  kind text NOT NULL,
  role text NOT NULL,
  state text NOT NULL,
  reason text NOT NULL,
  blob text NOT NULL,
  details bytea,
  keep_until bigint NOT NULL,
  created_at bigint NOT NULL,
  stored bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE member (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  name bytea,
  email bytea,
  password bytea,
  role text NOT NULL,
  locale text NOT NULL,
  active boolean NOT NULL,
  created_at bigint NOT NULL,
  seen_at bigint NOT NULL,
  verified_at bigint NOT NULL,
  pictured boolean NOT NULL,
  digest text NOT NULL,
  digest_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE member_device (
  workspace_id bigint NOT NULL,
  member_id bigint NOT NULL,
  device_hash bytea NOT NULL,
  seen_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, member_id, device_hash)
);
CREATE TABLE member_session (
  token_hash bytea NOT NULL,
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  member_id bigint NOT NULL,
  device bytea,
  created_at bigint NOT NULL,
  seen_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  way text NOT NULL,
  proved_at bigint NOT NULL,
  strong_at bigint NOT NULL,
  network bytea,
  place bytea,
  PRIMARY KEY (token_hash)
);
CREATE TABLE message (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  conversation_id bigint NOT NULL,
  seq bigint NOT NULL,
  contact_id bigint NOT NULL,
  account_id bigint NOT NULL,
  direction text NOT NULL,
  author_kind text NOT NULL,
  author_id bigint NOT NULL,
  kind text NOT NULL,
  body bytea,
  extra bytea,
  reply_to bigint NOT NULL,
  status text NOT NULL,
  error_code text NOT NULL,
  error_text bytea,
  external_hash bytea,
  external_id bytea,
  client_id text NOT NULL,
  run_id bigint NOT NULL,
  disclosed boolean NOT NULL,
  owner_epoch bigint NOT NULL,
  ai_epoch bigint NOT NULL,
  at bigint NOT NULL,
  sent_at bigint NOT NULL,
  deleted boolean NOT NULL,
  place bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE message_piece (
  workspace_id bigint NOT NULL,
  account_id bigint NOT NULL,
  external_hash bytea NOT NULL,
  message_id bigint NOT NULL,
  PRIMARY KEY (workspace_id, account_id, external_hash)
);
CREATE TABLE message_place (
  workspace_id bigint NOT NULL,
  message_id bigint NOT NULL,
  place bigint NOT NULL,
  terms bytea NOT NULL,
  PRIMARY KEY (workspace_id, message_id)
);
CREATE TABLE message_term (
  workspace_id bigint NOT NULL,
  term bigint NOT NULL,
  part bigint NOT NULL,
  places bytea NOT NULL,
  PRIMARY KEY (workspace_id, term, part)
);
CREATE TABLE news (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  locale text NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id, locale)
);
CREATE TABLE node (
  no bigint NOT NULL,
  holder bigint NOT NULL,
  lease bigint NOT NULL,
  PRIMARY KEY (no)
);
CREATE TABLE operator_letter (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  kind text NOT NULL,
  mark text NOT NULL,
  about text NOT NULL,
  state text NOT NULL,
  fault text NOT NULL,
  created_at bigint NOT NULL,
  sent_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE operator_profile (
  workspace_id bigint NOT NULL,
  facts text NOT NULL,
  by_id bigint NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id)
);
CREATE TABLE opt_in (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  contact_id bigint NOT NULL,
  account_id bigint NOT NULL,
  topic text NOT NULL,
  source text NOT NULL,
  member_id bigint NOT NULL,
  note bytea,
  at bigint NOT NULL,
  until bigint NOT NULL,
  stopped_at bigint NOT NULL,
  stopped_by text NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE outside_identity (
  subject_hash bytea NOT NULL,
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  member_id bigint NOT NULL,
  way text NOT NULL,
  email bytea,
  linked_at bigint NOT NULL,
  used_at bigint NOT NULL,
  picture bytea,
  picture_from bytea,
  PRIMARY KEY (subject_hash, workspace_id)
);
CREATE TABLE outside_trip (
  workspace_id bigint NOT NULL,
  state_hash bytea NOT NULL,
  browser_hash bytea NOT NULL,
  way text NOT NULL,
  link_session bigint NOT NULL,
  subject_hash bytea,
  email_hash bytea,
  created_at bigint NOT NULL,
  prove boolean NOT NULL,
  PRIMARY KEY (workspace_id, state_hash)
);
CREATE TABLE own_visit (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  contact_id bigint NOT NULL,
  conversation_id bigint NOT NULL,
  link bytea,
  pass bytea,
  ends_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE passage (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  source_id bigint NOT NULL,
  n bigint NOT NULL,
  language text NOT NULL,
  body bytea NOT NULL,
  body_from bigint NOT NULL,
  body_to bigint NOT NULL,
  hidden boolean NOT NULL,
  suspect text NOT NULL,
  cleared boolean NOT NULL,
  edited bytea,
  version bigint NOT NULL,
  suggested boolean NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE passage_edit (
  workspace_id bigint NOT NULL,
  passage_id bigint NOT NULL,
  version bigint NOT NULL,
  source_id bigint NOT NULL,
  text bytea,
  created_at bigint NOT NULL,
  act text NOT NULL,
  by_kind text NOT NULL,
  by_id bigint NOT NULL,
  PRIMARY KEY (workspace_id, passage_id, version)
);
CREATE TABLE passage_vector (
  workspace_id bigint NOT NULL,
  passage_id bigint NOT NULL,
  vendor text NOT NULL,
  model text NOT NULL,
  dimensions bigint NOT NULL,
  version bigint NOT NULL,
  stamp bigint NOT NULL,
  vector bytea,
  PRIMARY KEY (workspace_id, passage_id)
);
CREATE TABLE person_copy (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  contact_id bigint NOT NULL,
  case_id bigint NOT NULL,
  member_id bigint NOT NULL,
  language text NOT NULL,
  hidden bytea,
  state text NOT NULL,
  reason text NOT NULL,
  done bigint NOT NULL,
  total bigint NOT NULL,
  size bigint NOT NULL,
  blob text NOT NULL,
  link bytea,
  link_ends_at bigint NOT NULL,
  taken_at bigint NOT NULL,
  made_at bigint NOT NULL,
  ends_at bigint NOT NULL,
  kind text NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE person_statement (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  contact_id bigint NOT NULL,
  message_id bigint NOT NULL,
  member_id bigint NOT NULL,
  said bytea,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE phrasing (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  source_id bigint NOT NULL,
  said bytea NOT NULL,
  text bytea NOT NULL,
  language text NOT NULL,
  state text NOT NULL,
  question boolean NOT NULL,
  contact_id bigint NOT NULL,
  conversation_id bigint NOT NULL,
  message_id bigint NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE policy_report (
  workspace_id bigint NOT NULL,
  directive text NOT NULL,
  blocked text NOT NULL,
  page text NOT NULL,
  seen bigint NOT NULL,
  first_at bigint NOT NULL,
  last_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, directive, blocked, page)
);
CREATE TABLE policy_version (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  document text NOT NULL,
  number bigint NOT NULL,
  body_en text NOT NULL,
  body_tr text NOT NULL,
  text_hash bytea NOT NULL,
  material boolean NOT NULL,
  purpose text NOT NULL,
  reason text NOT NULL,
  published_at bigint NOT NULL,
  effective_at bigint NOT NULL,
  by_id bigint NOT NULL,
  told_to bigint NOT NULL,
  told_all boolean NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE privacy_case (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  code_hash bytea NOT NULL,
  subject bytea,
  asked_at bigint NOT NULL,
  opened_at bigint NOT NULL,
  due_at bigint NOT NULL,
  done_at bigint NOT NULL,
  outcome text NOT NULL,
  door text NOT NULL,
  law text NOT NULL,
  locale text NOT NULL,
  contact_id bigint NOT NULL,
  conversation_id bigint NOT NULL,
  erased boolean NOT NULL,
  assignee_id bigint NOT NULL,
  proof text NOT NULL,
  proof_hash bytea,
  agent boolean NOT NULL,
  agent_checked boolean NOT NULL,
  extended_at bigint NOT NULL,
  decided_at bigint NOT NULL,
  decided_by bigint NOT NULL,
  decision text NOT NULL,
  reason text NOT NULL,
  appeal_of bigint NOT NULL,
  next_at bigint NOT NULL,
  warned bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE proof_run (
  workspace_id bigint NOT NULL,
  number bigint NOT NULL,
  signed text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id, number)
);
CREATE TABLE recipient (
  workspace_id bigint NOT NULL,
  name text NOT NULL,
  facts text NOT NULL,
  since bigint NOT NULL,
  PRIMARY KEY (workspace_id, name)
);
CREATE TABLE recipient_change (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  lines text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE recipient_reader (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  email_hash bytea NOT NULL,
  email bytea NOT NULL,
  locale text NOT NULL,
  asked_at bigint NOT NULL,
  confirmed_at bigint NOT NULL,
  told bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE recovery_code (
  workspace_id bigint NOT NULL,
  member_id bigint NOT NULL,
  code_hash bytea NOT NULL,
  PRIMARY KEY (workspace_id, member_id, code_hash)
);
CREATE TABLE reset_ask (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  email_hash bytea NOT NULL,
  created_at bigint NOT NULL,
  kind text NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE retention (
  workspace_id bigint NOT NULL,
  rule text NOT NULL,
  days bigint NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id, rule)
);
CREATE TABLE saved_reply (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  name bytea NOT NULL,
  name_hash bytea NOT NULL,
  body bytea NOT NULL,
  language text NOT NULL,
  closes boolean NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  answers boolean NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE schema_version (
  version bigint NOT NULL,
  name text NOT NULL,
  sum text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (version)
);
CREATE TABLE security_event (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  at bigint NOT NULL,
  kind text NOT NULL,
  route text NOT NULL,
  actor_kind text NOT NULL,
  actor_id bigint NOT NULL,
  account bytea,
  network bytea,
  touched bigint NOT NULL,
  source bytea,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE sign_in (
  email_hash bytea NOT NULL,
  workspace_id bigint NOT NULL,
  member_id bigint NOT NULL,
  PRIMARY KEY (email_hash, workspace_id)
);
CREATE TABLE source (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  kind text NOT NULL,
  name bytea NOT NULL,
  name_hash bytea NOT NULL,
  url bytea,
  input bytea NOT NULL,
  size bigint NOT NULL,
  language text NOT NULL,
  state text NOT NULL,
  reason text NOT NULL,
  passages bigint NOT NULL,
  revision bigint NOT NULL,
  stamp bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  format text NOT NULL,
  stage text NOT NULL,
  pages_done bigint NOT NULL,
  pages bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE source_crawl (
  workspace_id bigint NOT NULL,
  source_id bigint NOT NULL,
  schedule text NOT NULL,
  page_limit bigint NOT NULL,
  round bigint NOT NULL,
  running boolean NOT NULL,
  robots bytea,
  robots_round bigint NOT NULL,
  robots_tries bigint NOT NULL,
  strikes bigint NOT NULL,
  found bigint NOT NULL,
  done bigint NOT NULL,
  failed bigint NOT NULL,
  changed bigint NOT NULL,
  limited boolean NOT NULL,
  started_at bigint NOT NULL,
  finished_at bigint NOT NULL,
  next_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, source_id)
);
CREATE TABLE source_page (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  source_id bigint NOT NULL,
  no bigint NOT NULL,
  map boolean NOT NULL,
  url bytea NOT NULL,
  url_hash bytea NOT NULL,
  path_hash bytea NOT NULL,
  depth bigint NOT NULL,
  round bigint NOT NULL,
  tries bigint NOT NULL,
  state text NOT NULL,
  reason text NOT NULL,
  status bigint NOT NULL,
  hash bytea,
  facts bytea,
  passages bigint NOT NULL,
  misses bigint NOT NULL,
  stamp bigint NOT NULL,
  fetched_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE spent_challenge (
  workspace_id bigint NOT NULL,
  challenge_hash bytea NOT NULL,
  ends_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, challenge_hash)
);
CREATE TABLE suggesting (
  workspace_id bigint NOT NULL,
  fault text NOT NULL,
  next_at bigint NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id)
);
CREATE TABLE suppression (
  workspace_id bigint NOT NULL,
  email_hash bytea NOT NULL,
  purpose text NOT NULL,
  since bigint NOT NULL,
  PRIMARY KEY (workspace_id, email_hash, purpose)
);
CREATE TABLE suspension (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  reason bytea NOT NULL,
  begun_at bigint NOT NULL,
  lifted_at bigint NOT NULL,
  lifted_why bytea,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE synonym (
  workspace_id bigint NOT NULL,
  language text NOT NULL,
  words bytea NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, language)
);
CREATE TABLE template_list (
  workspace_id bigint NOT NULL,
  account_id bigint NOT NULL,
  list bytea,
  synced_at bigint NOT NULL,
  fault text NOT NULL,
  PRIMARY KEY (workspace_id, account_id)
);
CREATE TABLE usage_count (
  workspace_id bigint NOT NULL,
  day bigint NOT NULL,
  actor_kind text NOT NULL,
  actor_id bigint NOT NULL,
  route text NOT NULL,
  calls bigint NOT NULL,
  failed bigint NOT NULL,
  PRIMARY KEY (workspace_id, day, actor_kind, actor_id, route)
);
CREATE TABLE widget_session (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  visit text NOT NULL,
  contact_id bigint NOT NULL,
  conversation_id bigint NOT NULL,
  consent text NOT NULL,
  browser bytea,
  os bytea,
  device bytea,
  referrer bytea,
  page_url bytea,
  locale bytea,
  ip bytea,
  started_at bigint NOT NULL,
  seen_at bigint NOT NULL,
  emptied boolean NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE work (
  workspace_id bigint NOT NULL,
  kind text NOT NULL,
  key bigint NOT NULL,
  pos bigint NOT NULL,
  id bigint NOT NULL,
  rev bigint NOT NULL,
  origin bigint NOT NULL,
  conversation_id bigint NOT NULL,
  message_id bigint NOT NULL,
  object_id bigint NOT NULL,
  seq bigint NOT NULL,
  attempt bigint NOT NULL,
  due bigint NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (workspace_id, kind, key, pos)
);
CREATE TABLE workspace (
  id bigint NOT NULL,
  name text NOT NULL,
  locale text NOT NULL,
  languages text NOT NULL,
  mode text NOT NULL,
  paused boolean NOT NULL,
  ai_epoch bigint NOT NULL,
  burst_us bigint NOT NULL,
  created_at bigint NOT NULL,
  limited boolean NOT NULL,
  suspended boolean NOT NULL,
  closed_at bigint NOT NULL,
  ending boolean NOT NULL,
  arriving_at bigint NOT NULL,
  PRIMARY KEY (id)
);
CREATE TABLE workspace_counter (
  workspace_id bigint NOT NULL,
  no bigint NOT NULL,
  PRIMARY KEY (workspace_id)
);
CREATE TABLE workspace_end (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  code_hash bytea NOT NULL,
  closed_at bigint NOT NULL,
  reminded_at bigint NOT NULL,
  act_no bigint NOT NULL,
  newest bigint NOT NULL,
  ended_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE workspace_storage (
  workspace_id bigint NOT NULL,
  files bigint NOT NULL,
  knowledge bigint NOT NULL,
  told_at bigint NOT NULL,
  told_room bigint NOT NULL,
  PRIMARY KEY (workspace_id)
);
CREATE UNIQUE INDEX access_key_id ON access_key USING btree (workspace_id, id);
CREATE UNIQUE INDEX ai_report_once ON ai_report USING btree (workspace_id, message_id, by_kind, by_id);
CREATE UNIQUE INDEX certificate_act ON certificate USING btree (workspace_id, act_no) WHERE (act_no > 0);
CREATE UNIQUE INDEX channel_account_outside ON channel_account USING btree (kind, outside_id);
CREATE UNIQUE INDEX connect_offer_state ON connect_offer USING btree (workspace_id, state_hash);
CREATE UNIQUE INDEX draft_conversation ON draft USING btree (workspace_id, conversation_id);
CREATE UNIQUE INDEX duty_standing ON duty USING btree (workspace_id, kind) WHERE ((standing = true) AND (done = false));
CREATE UNIQUE INDEX finding_name ON finding USING btree (workspace_id, name);
CREATE UNIQUE INDEX gap_question_message ON gap_question USING btree (workspace_id, message_id);
CREATE UNIQUE INDEX identity_hash ON identity USING btree (workspace_id, account_id, kind, hash);
CREATE UNIQUE INDEX incident_draft_of ON incident_draft USING btree (workspace_id, incident_id, kind, locale);
CREATE UNIQUE INDEX incident_notice_once ON incident_notice USING btree (workspace_id, incident_id);
CREATE UNIQUE INDEX incident_person_once ON incident_person USING btree (workspace_id, incident_id, contact_id);
CREATE UNIQUE INDEX message_client ON message USING btree (workspace_id, conversation_id, client_id) WHERE (client_id <> ''::text);
CREATE UNIQUE INDEX message_external ON message USING btree (workspace_id, account_id, external_hash);
CREATE UNIQUE INDEX message_place_no ON message_place USING btree (workspace_id, place);
CREATE UNIQUE INDEX message_seq ON message USING btree (workspace_id, conversation_id, seq);
CREATE UNIQUE INDEX operator_letter_once ON operator_letter USING btree (workspace_id, kind, mark);
CREATE UNIQUE INDEX opt_in_topic ON opt_in USING btree (workspace_id, contact_id, account_id, topic);
CREATE UNIQUE INDEX outside_identity_id ON outside_identity USING btree (workspace_id, id);
CREATE UNIQUE INDEX passage_place ON passage USING btree (workspace_id, source_id, n);
CREATE UNIQUE INDEX policy_version_number ON policy_version USING btree (workspace_id, document, number);
CREATE UNIQUE INDEX privacy_case_code ON privacy_case USING btree (workspace_id, code_hash);
CREATE UNIQUE INDEX recipient_reader_address ON recipient_reader USING btree (workspace_id, email_hash);
CREATE UNIQUE INDEX saved_reply_name ON saved_reply USING btree (workspace_id, name_hash);
CREATE UNIQUE INDEX source_name ON source USING btree (workspace_id, name_hash);
CREATE UNIQUE INDEX source_page_no ON source_page USING btree (workspace_id, source_id, no);
CREATE UNIQUE INDEX source_page_url ON source_page USING btree (workspace_id, source_id, url_hash);
CREATE UNIQUE INDEX widget_session_visit ON widget_session USING btree (workspace_id, visit);
CREATE UNIQUE INDEX workspace_end_code ON workspace_end USING btree (workspace_id, code_hash);
