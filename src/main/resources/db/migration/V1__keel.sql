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
  deployment_id bigint
);
create index delivery_guid on delivery (guid);
create index delivery_time on delivery (received_at);

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
  link_expires_at bigint not null
);
-- GitHub numbers deployments per host. The repository stays out of the key: a caller of our API may
-- not be able to tell its id, and then the same deployment would be two.
create unique index deployment_identity on deployment (host, github_id);
create index deployment_environment on deployment (host, repository, environment, task, github_id);

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
  unique (deployment_id, number)
);
create unique index run_one_at_a_time on run (lock_key) where state = 'running';
create index run_line on run (lock_key, id) where state in ('queued', 'running');

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
  problem text
);
create index status_of_deployment on status (deployment_id, id);
create index status_waiting on status (due_at) where posted_at is null and given_up_at is null;

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
