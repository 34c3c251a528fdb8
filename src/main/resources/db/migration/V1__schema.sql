-- The same text for SQLite and PostgreSQL. Times are milliseconds since 1970, booleans are 0 and 1.

create table delivery (
  id ${identity},
  guid text not null,
  event text not null,
  source text not null,
  secret text not null,
  digest text not null,
  received_at bigint not null,
  decision text not null,
  reason text not null,
  deployment_id bigint,
  -- Which deployment a delivery told of that was turned away
  host text,
  github_id bigint
);
create index delivery_guid on delivery (guid);
create index delivery_time on delivery (received_at);
create index delivery_told on delivery (github_id);

create table deployment (
  id ${identity},
  host text not null,
  repository_id bigint not null,
  repository text not null,
  github_id bigint,
  sha text,
  ref text not null,
  environment text not null,
  passing integer not null,
  production integer not null,
  task text not null,
  payload text not null,
  description text not null,
  creator text not null,
  created_at bigint not null,
  accepted_at bigint not null,
  link_expires_at bigint not null,
  -- When the log was removed for its age; a new run takes this back
  log_removed_at bigint
);
-- GitHub numbers deployments per host. The repository stays out of the key: a caller of our API may
-- not be able to tell its id, and then the same deployment would be two.
create unique index deployment_identity on deployment (host, github_id);
create index deployment_environment on deployment (host, repository, environment, task, github_id);
create index deployment_age on deployment (accepted_at);
create index deployment_log_age on deployment (accepted_at) where log_removed_at is null;

-- The queue: a deployment has one run, and one more for each retry. The smallest id is first in line.
create table run (
  id ${identity},
  deployment_id bigint not null references deployment (id) on delete cascade,
  number integer not null,
  route text not null,
  chain text not null,
  lock_key text not null,
  state text not null check (state in ('queued', 'running', 'ended')),
  queued_at bigint not null,
  started_at bigint,
  ended_at bigint,
  owner text,
  lease_until bigint,
  fence bigint not null,
  end_word text,
  end_reason text,
  environment_url text,
  -- When a run that is worked on was asked to stop; the fact beside it says for whom
  stop_asked_at bigint,
  -- Where a command of this run may be, and where the commands are that the run's owner can see
  place text,
  owner_place text,
  unique (deployment_id, number)
);
create unique index run_one_at_a_time on run (lock_key) where state = 'running';
create index run_line on run (lock_key, id) where state in ('queued', 'running');
create index run_asked_to_stop on run (owner) where stop_asked_at is not null and state = 'running';

create table fact (
  run_id bigint not null references run (id) on delete cascade,
  number integer not null,
  at bigint not null,
  kind text not null,
  target text,
  word text,
  note text,
  ref text,
  until_at bigint,
  primary key (run_id, number)
);

-- The outbox: posted in the order of their ids within a deployment.
create table status (
  id ${identity},
  deployment_id bigint not null references deployment (id) on delete cascade,
  run integer not null,
  state text not null,
  description text not null,
  environment_url text,
  created_at bigint not null,
  due_at bigint not null,
  tries integer not null,
  doubt integer not null,
  held_until bigint not null,
  posted_at bigint,
  github_id bigint,
  given_up_at bigint,
  problem text,
  -- The later status that says more, so that this one is not posted; given_up_at is set with it
  replaced_by bigint
);
create index status_of_deployment on status (deployment_id, id);
create index status_waiting on status (due_at) where posted_at is null and given_up_at is null;

-- Posts that were sent to GitHub within the last hour: what its content limits are counted by.
create table status_post (
  id ${identity},
  status_id bigint not null,
  at bigint not null
);
create index status_post_time on status_post (at);
create index status_post_status on status_post (status_id);

-- One row: until when nothing is posted. Whoever counts a post holds it for the transaction.
create table status_pause (
  until_at bigint not null
);
insert into status_pause (until_at) values (0);

create table log_chunk (
  deployment_id bigint not null references deployment (id) on delete cascade,
  start bigint not null,
  size integer not null,
  body text not null,
  primary key (deployment_id, start)
);

-- One row per queue key: whoever joins or leaves a line holds it for the time of the transaction.
create table line (
  lock_key text primary key,
  joined bigint not null
);

create table setting (
  name text primary key,
  value text not null
);

-- The repositories whose deployments GitHub is asked for, and what was last seen there.
create table watch (
  host text not null,
  repository text not null,
  name text not null,
  repository_id bigint not null,
  since bigint not null,
  asked_at bigint not null,
  rest_until bigint not null,
  etag text,
  unheard integer not null,
  unheard_newest_at bigint not null,
  hook_id bigint,
  hook_asked_at bigint not null,
  hook_etag text,
  -- Failed deliveries from before this were looked into
  hook_swept_to bigint not null default 0,
  primary key (host, repository)
);

-- Work that one process does at a time.
create table turn (
  name text primary key,
  owner text not null,
  until_at bigint not null
);

-- How many rows were removed for their age, so that what is counted never goes back.
create table removed (
  kind text not null,
  source text not null,
  word text not null,
  number bigint not null,
  primary key (kind, source, word)
);
