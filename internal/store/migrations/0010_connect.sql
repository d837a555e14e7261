-- What a connected account has beside its row: what the provider tells of the
-- business, and the tokens. Gone when it is disconnected.
CREATE TABLE account_card (
  workspace_id BIGINT NOT NULL, -- none: workspace
  account_id BIGINT NOT NULL, -- none: channel account
  details {{bytes}}, -- identifier: the business's page, number and names, as the provider tells them
  renew_at BIGINT NOT NULL, -- none: when the token is renewed next, 0 never
  fault TEXT NOT NULL, -- none: what is wrong with it, empty nothing
  checked_at BIGINT NOT NULL, -- none: last health check
  PRIMARY KEY (workspace_id, account_id)
);
CREATE INDEX account_card_renew ON account_card (renew_at);

CREATE TABLE account_secret (
  workspace_id BIGINT NOT NULL, -- none: workspace
  account_id BIGINT NOT NULL, -- none: channel account
  name TEXT NOT NULL, -- none: which secret
  value {{bytes}} NOT NULL, -- secret: token, sealed under the workspace's key
  PRIMARY KEY (workspace_id, account_id, name)
);

-- A sign-in at a provider on its way, and what it offers until somebody ticks.
CREATE TABLE connect_offer (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  state_hash {{bytes}} NOT NULL, -- secret: hash of the word that comes back
  member_id BIGINT NOT NULL, -- identifier/member: who began it
  kind TEXT NOT NULL, -- none: channel
  way TEXT NOT NULL, -- none: way of connecting
  offer {{bytes}}, -- secret: accounts and their tokens, sealed under the workspace's key
  expires_at BIGINT NOT NULL, -- none: when it is forgotten
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX connect_offer_state ON connect_offer (workspace_id, state_hash);

CREATE TABLE entitlement (
  workspace_id BIGINT NOT NULL, -- none: workspace
  name TEXT NOT NULL, -- none: what it may use
  since BIGINT NOT NULL, -- none: time
  PRIMARY KEY (workspace_id, name)
);
