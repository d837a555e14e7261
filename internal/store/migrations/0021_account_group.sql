-- Some things are told of a group of accounts: a business account's numbers.
ALTER TABLE channel_account ADD COLUMN group_id TEXT NOT NULL DEFAULT ''; -- identifier: the business's own account at the provider, empty none
CREATE INDEX channel_account_group ON channel_account (kind, group_id);
