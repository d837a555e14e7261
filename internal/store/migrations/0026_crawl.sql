-- How a source of web pages is read: one row beside its source.
CREATE TABLE source_crawl (
  workspace_id BIGINT NOT NULL, -- none: workspace
  source_id BIGINT NOT NULL, -- none: source
  schedule TEXT NOT NULL, -- none: off, daily, weekly
  page_limit BIGINT NOT NULL, -- none: pages it may have
  round BIGINT NOT NULL, -- none: number of the reading
  running BOOLEAN NOT NULL, -- none: a reading goes on
  robots {{bytes}}, -- content: the site's rules for programs, as read in this round
  robots_round BIGINT NOT NULL, -- none: round in which they were read
  robots_tries BIGINT NOT NULL, -- none: attempts to read them in this round
  strikes BIGINT NOT NULL, -- none: failures in a row
  found BIGINT NOT NULL, -- none: pages known
  done BIGINT NOT NULL, -- none: pages looked at in this round
  failed BIGINT NOT NULL, -- none: of those, failed
  changed BIGINT NOT NULL, -- none: of those, with another content than before
  limited BOOLEAN NOT NULL, -- none: there were more pages than it may have
  started_at BIGINT NOT NULL, -- none: time this round began
  finished_at BIGINT NOT NULL, -- none: time the last round ended, 0 for never
  next_at BIGINT NOT NULL, -- none: time of the next round, 0 for none
  PRIMARY KEY (workspace_id, source_id)
);
CREATE INDEX source_crawl_next ON source_crawl (workspace_id, next_at) WHERE next_at > 0;

-- The pages of such a source, each with what became of it.
CREATE TABLE source_page (
  workspace_id BIGINT NOT NULL, -- none: workspace
  id BIGINT NOT NULL, -- none: row id
  source_id BIGINT NOT NULL, -- none: source
  no BIGINT NOT NULL, -- none: its number in the source, part of its passages' places
  map BOOLEAN NOT NULL, -- none: a sitemap, which only names pages
  url {{bytes}} NOT NULL, -- content: address
  url_hash {{bytes}} NOT NULL, -- content: keyed hash of the address, refuses doubles
  path_hash {{bytes}} NOT NULL, -- content: keyed hash of the address without its query, bounds variants
  depth BIGINT NOT NULL, -- none: links from the first page
  round BIGINT NOT NULL, -- none: round in which it was last looked at
  tries BIGINT NOT NULL, -- none: attempts in this round
  state TEXT NOT NULL, -- none: waiting, read, skipped, failed, missing
  reason TEXT NOT NULL, -- none: why it was not read, a machine word
  status BIGINT NOT NULL, -- none: HTTP status of the answer, 0 for none
  hash {{bytes}}, -- content: keyed hash of what it says
  facts {{bytes}}, -- content: title, entity tag and date of change as the site told them
  passages BIGINT NOT NULL, -- none: how many it was cut into
  misses BIGINT NOT NULL, -- none: times in a row that it was not there
  stamp BIGINT NOT NULL, -- none: knowledge version of its passages
  fetched_at BIGINT NOT NULL, -- none: time it was last asked for
  changed_at BIGINT NOT NULL, -- none: time its content last changed
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX source_page_url ON source_page (workspace_id, source_id, url_hash);
CREATE UNIQUE INDEX source_page_no ON source_page (workspace_id, source_id, no);
