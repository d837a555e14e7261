-- What was deleted when an account was disconnected, as a signed proof without
-- personal data; while the history is still being deleted it is a draft.
CREATE TABLE certificate (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  account_id BIGINT NOT NULL, -- none: channel account it is about
  state TEXT NOT NULL, -- none: working or done
  facts TEXT NOT NULL, -- none: what was deleted and what stays, as names, counts and times
  signed TEXT NOT NULL, -- none: the same, signed by the install; empty until it is done
  opened_at BIGINT NOT NULL, -- none: time
  done_at BIGINT NOT NULL, -- none: when it was signed, 0 not yet
  PRIMARY KEY (workspace_id, id)
);

-- The end of a token stands in clear so that a sweep finds it; a provider's last
-- refusal that concerns the whole account is shown until it is old.
ALTER TABLE account_card ADD COLUMN ends_at BIGINT NOT NULL DEFAULT 0; -- none: end of the token, 0 without end
ALTER TABLE account_card ADD COLUMN warned_at BIGINT NOT NULL DEFAULT 0; -- none: when its end was announced, 0 not yet
ALTER TABLE account_card ADD COLUMN refused TEXT NOT NULL DEFAULT ''; -- none: why the provider refused a message, a machine word
ALTER TABLE account_card ADD COLUMN refused_at BIGINT NOT NULL DEFAULT 0; -- none: when it did
CREATE INDEX account_card_ends ON account_card (ends_at);
