-- The same text for SQLite and PostgreSQL. Times are milliseconds since 1970, booleans are 0 and 1.

create table delivery (
  id ${counted},
  guid text not null,
  event text not null,
  source text not null,
  secret text not null,
  digest text not null,
  received_at bigint not null,
  decision text not null,
  reason text not null,
  deployment_id bigint,
  -- The GitHub host that it came from; empty for an order that was not turned away
  host text not null,
  -- Which deployment of that host a delivery told of that was turned away
  github_id bigint,
  -- Which webhook sent it; empty where none is known. Hooks that tell of one event share its GUID
  hook text not null
);
create index delivery_guid on delivery (guid);
create index delivery_age on delivery (received_at, id);
create index delivery_source on delivery (source, host, received_at);
create index delivery_ping on delivery (host, received_at) where event = 'ping';
create index delivery_deployment on delivery (deployment_id, id) where deployment_id is not null;
create index delivery_turned_away on delivery (github_id) where github_id is not null;

-- Orders of the API that GitHub was asked to create a deployment for, before it was asked: what came of
-- one may be known to nobody, and then the same order must not be handed to GitHub again.
create table github_order (
  guid text primary key,
  asked_at bigint not null
);
create index github_order_age on github_order (asked_at);

-- When a delivery was last signed with each webhook secret, to the minute.
create table webhook_secret (
  name text primary key,
  last_used_at bigint not null
);

-- What stays known of an environment's deployments of one task, however old they are and whether or
-- not their rows were removed. These rows are never removed.
create table environment_task (
  id ${counted},
  host text not null,
  -- The names of the repository and of the environment in lower case
  repository_key text not null,
  environment_key text not null,
  task text not null,
  -- GitHub's highest number among those that joined a queue; 0 when none did
  newest_github_id bigint not null,
  -- GitHub's highest number among those whose rows were removed for their age; 0 when none was
  removed_github_id bigint not null,
  unique (host, repository_key, environment_key, task)
);

-- The commit that was deployed last, with success, to an environment. A task with a colon, such as
-- deploy:migrations, is a part of a deployment and leaves it as it is; a rollback does not.
create table live_commit (
  host text not null,
  repository_key text not null,
  environment_key text not null,
  deployment_id bigint not null,
  sha text,
  primary key (host, repository_key, environment_key)
)${by_key};

create table deployment (
  id ${identity},
  host text not null,
  repository_id bigint not null,
  repository text not null,
  repository_key text not null,
  -- The installation of the GitHub App that got the event; 0 when none is known
  installation_id bigint not null default 0,
  environment_task_id bigint not null references environment_task (id),
  github_id bigint,
  sha text,
  ref text not null,
  environment text not null,
  transient_environment integer not null,
  production_environment integer not null,
  task text not null,
  payload text not null,
  description text not null,
  creator text not null,
  created_at bigint not null,
  accepted_at bigint not null,
  -- How often the links to its log page were revoked
  link_generation integer not null default 0,
  link_expires_at bigint not null,
  -- When the log was removed for its age; a new run takes this back
  log_removed_at bigint
);
-- GitHub numbers deployments per host. The repository stays out of the key: a caller of our API may
-- not be able to tell its id, and then the same deployment would be two.
create unique index deployment_identity on deployment (host, github_id);
create index deployment_repository on deployment (repository_key, id);
create index deployment_transient on deployment (environment_task_id, id) where transient_environment = 1;
create index deployment_age on deployment (accepted_at, id);
create index deployment_log_age on deployment (accepted_at, id) where log_removed_at is null;

-- The transient environments that may stand: the deployment to each that joined a queue last, until a
-- run has destroyed the environment.
create table transient_environment (
  host text not null,
  repository_key text not null,
  environment_key text not null,
  deployment_id bigint not null references deployment (id) on delete cascade,
  primary key (host, repository_key, environment_key)
)${by_key};
create index transient_environment_deployment on transient_environment (deployment_id);

-- Deployments to be deleted at GitHub as soon as it has all their statuses.
create table github_deletion (
  deployment_id ${number} primary key references deployment (id) on delete cascade,
  host text not null,
  due_at bigint not null,
  tries integer not null
);
create index github_deletion_due on github_deletion (host, due_at);

-- One row per queue in which a run waits or is running. Whatever adds to a queue, removes from it or
-- takes its first run holds the row for the time of the transaction.
create table queue (
  queue_key text primary key,
  -- The run that goes on, if one does
  running_run_id bigint,
  -- The first of those that wait, if any does
  head_run_id bigint,
  waiting bigint not null,
  -- Until then the head was found to be held by a lock or a freeze window and is not looked at again;
  -- 0 when it is not. Never set while a run goes on, and whatever changes the head takes it back
  held_until bigint not null default 0
)${by_key};
create index queue_ready on queue (held_until, head_run_id)
  where running_run_id is null and head_run_id is not null;

-- What somebody has locked. Host, repository and environment are in lower case; an empty one stands
-- for all.
create table environment_lock (
  id ${counted},
  host text not null,
  repository_key text not null,
  environment_key text not null,
  -- Repository and environment as they were written
  repository text not null,
  environment text not null,
  owner text not null,
  reason text not null,
  created_at bigint not null,
  -- When it ends by itself, if it does
  expires_at bigint,
  unique (host, repository_key, environment_key)
);

-- A deployment has one run, and one more for each retry. The smallest id is first in its queue.
create table run (
  id ${identity},
  deployment_id bigint not null references deployment (id) on delete cascade,
  number integer not null,
  route text not null,
  chain text not null,
  purpose text not null,
  -- Why an environment is destroyed
  purpose_reason text,
  queue_key text not null,
  environment_task_id bigint not null,
  state text not null check (state in ('queued', 'running', 'ended')),
  queued_at bigint not null,
  started_at bigint,
  ended_at bigint,
  -- Where its log begins in that of its deployment
  log_start bigint,
  owner text,
  lease_until bigint,
  fence bigint not null,
  end_kind text,
  end_reason text,
  environment_url text,
  -- When a run that is worked on was asked to stop; the fact beside it says for whom
  stop_requested_at bigint,
  -- The host where a command of this run may be, and the host whose commands its owner can see
  command_host text,
  owner_host text,
  -- When a process could not read what another version has kept of it
  unreadable_at bigint,
  -- Somebody said that it starts within freeze windows too
  freeze_overridden integer not null default 0,
  -- Since when the configuration does not lead to where the deploy of this run goes on
  detached_at bigint,
  unique (deployment_id, number)
);
-- What was live before, newest first
create index run_succeeded on run (environment_task_id, ended_at) where end_kind = 'succeeded';
create unique index run_one_at_a_time on run (queue_key) where state = 'running';
create index run_waiting on run (queue_key, id) where state = 'queued';
create index run_waiting_of_task on run (environment_task_id, queue_key, id) where state = 'queued';
create index run_lease on run (lease_until, id) where state = 'running';
create index run_command_host on run (command_host, id) where state = 'running' and command_host is not null
  and (owner_host is null or owner_host <> command_host) and unreadable_at is null;
create index run_detached on run (detached_at) where detached_at is not null and state = 'running';
create index run_stop_requested on run (owner) where stop_requested_at is not null and state = 'running';

create table fact (
  run_id bigint not null references run (id) on delete cascade,
  number integer not null,
  at bigint not null,
  kind text not null,
  target text,
  code text,
  note text,
  ref text,
  until_at bigint,
  boot text,
  primary key (run_id, number)
)${by_key};
create index fact_accepted on fact (ref) where code = 'accepted';

-- What is said about a deployment, in this order.
create table status (
  id ${identity},
  deployment_id bigint not null references deployment (id) on delete cascade,
  run integer not null,
  state text not null,
  description text not null,
  environment_url text,
  created_at bigint not null,
  -- Grows with each claim; a write of an earlier claim changes nothing
  fence integer not null,
  -- GitHub may have it: it was about to be posted, and nobody knows what became of that
  in_doubt integer not null,
  posted_at bigint,
  github_id bigint,
  given_up_at bigint,
  problem text,
  -- The later status that says more, so that this one is not posted; given_up_at is set with it
  replaced_by bigint
);
create index status_of_deployment on status (deployment_id, id);

-- The outbox: one row for each deployment of GitHub's of which GitHub has not got every status.
-- Outlives the deployment until a poster has taken notice, so that what is counted stays right.
create table outbox (
  deployment_id ${number} primary key,
  host text not null,
  -- Host and repository in lower case: rows with the same key are served together
  flow_key text not null,
  -- Statuses were added that the columns below do not tell of yet
  changed integer not null,
  -- The first status that waits; how many wait, whether a final one is among them, since when
  status_id bigint not null,
  waiting integer not null,
  has_final integer not null,
  since bigint not null,
  due_at bigint not null,
  -- Until when it is kept for who is posting it
  claimed_until bigint
);
create index outbox_changed on outbox (host, deployment_id) where changed = 1;
create index outbox_flow_order on outbox (flow_key, has_final, due_at, deployment_id)
  where claimed_until is null;
create index outbox_claimed on outbox (host, claimed_until) where claimed_until is not null;
create index outbox_age on outbox (host, since);

-- The rows of a repository in the outbox, those with a final status apart; who was served longest
-- ago is next. Only the posters of the host write here, one at a time.
create table outbox_flow (
  host text not null,
  flow_key text not null,
  has_final integer not null,
  due_at bigint not null,
  ready integer not null,
  served bigint not null,
  primary key (flow_key, has_final)
)${by_key};
create index outbox_flow_next on outbox_flow (host, has_final desc, served, flow_key)
  where ready = 1;
create index outbox_flow_due on outbox_flow (host, due_at);
create index outbox_flow_sleeping on outbox_flow (host, due_at) where ready = 0;

-- The repositories whose statuses GitHub refuses, and when it is asked again.
create table outbox_refusal (
  host text not null,
  flow_key text primary key,
  times integer not null,
  until_at bigint not null,
  problem text not null
);
create index outbox_refusal_host on outbox_refusal (host);

-- One row about all posting to a GitHub host. Every poster of the host holds it for its transaction.
create table posting (
  host text primary key,
  -- Nothing is posted until then: GitHub asked us to wait, or is away
  paused_until bigint not null default 0,
  -- GitHub refuses the credential, or is not behind its address: how often, until when, and why
  refusals integer not null default 0,
  refused_until bigint not null default 0,
  problem text,
  -- How often a repository was served
  served bigint not null default 0,
  -- How many statuses wait, without those of changed rows, and how many were given up so far
  waiting bigint not null default 0,
  lost bigint not null default 0,
  -- Somebody asked for all that waits to be tried at once
  retry_requested integer not null default 0
);

-- Posts to GitHub within the last hour, and those about to be made: what its content limits are
-- counted by.
create table status_post (
  id ${counted},
  host text not null,
  status_id bigint not null,
  at bigint not null
);
create index status_post_time on status_post (host, at);
create index status_post_status on status_post (status_id);

-- One row for each outgoing webhook and deployment of which notifications wait. Whoever adds one,
-- claims the first or says what became of it holds the row. It stands before notification so that
-- PostgreSQL removes it first with its deployment, in the order in which senders take both.
create table notification_queue (
  webhook text not null,
  deployment_id ${number} not null references deployment (id) on delete cascade,
  -- The first that waits, how many wait, and when the first is due
  notification_id bigint not null,
  waiting integer not null,
  due_at bigint not null,
  -- Until when it is kept for who is sending it
  claimed_until bigint,
  primary key (webhook, deployment_id)
)${by_key};
create index notification_queue_of_deployment on notification_queue (deployment_id);
create index notification_queue_due on notification_queue (webhook, due_at, deployment_id)
  where claimed_until is null;
create index notification_queue_claimed on notification_queue (webhook, claimed_until)
  where claimed_until is not null;

-- A status that an outgoing webhook is told of, and what became of that.
create table notification (
  id ${identity},
  webhook text not null,
  deployment_id bigint not null references deployment (id) on delete cascade,
  status_id bigint not null,
  -- What the receiver tells repeats by
  event_id text not null,
  created_at bigint not null,
  -- How many tries failed
  failures integer not null,
  -- Grows with each claim; a write of an earlier claim changes nothing
  fence integer not null,
  -- Of a command: when it was about to start, and what it is followed under
  begun_at bigint,
  command text,
  delivered_at bigint,
  given_up_at bigint,
  problem text
);
create index notification_of_deployment on notification (deployment_id, webhook, id);

create table log_chunk (
  deployment_id bigint not null references deployment (id) on delete cascade,
  start bigint not null,
  size integer not null,
  body text not null,
  primary key (deployment_id, start)
);

-- Where something may have happened to a deploy, by a provider's word; whoever follows one there
-- looks at once. The number grows with each word.
create table poll_request (
  destination text primary key,
  number bigint not null
);

-- How far the log that a provider writes about a deploy was read into ours.
create table provider_log (
  run_id bigint not null references run (id) on delete cascade,
  target text not null,
  -- What the target reads on from
  cursor text not null,
  -- How many bytes of it are in our log
  size bigint not null,
  primary key (run_id, target)
)${by_key};

-- What a provider sent to the callback address of an attempt; the first wins.
create table callback (
  deployment_id bigint not null references deployment (id) on delete cascade,
  attempt text not null,
  body text not null,
  received_at bigint not null,
  primary key (deployment_id, attempt)
);

-- What a ChatOps task, which is a run of its own deployment, did to another one or to a lock. Written
-- with it, so that a task that is done again after a crash knows.
create table chatops_act (
  deployment_id bigint not null references deployment (id) on delete cascade,
  run integer not null,
  -- Our number of the other deployment or of the lock; it may have been removed since
  about_id bigint not null,
  primary key (deployment_id, run)
)${by_key};

-- Values that are made once, such as the secret that signs log links.
create table stored_value (
  name text primary key,
  value text not null
);

-- The repositories whose deployments GitHub is asked for, and what was last seen there.
create table reconcile_repository (
  host text not null,
  -- Its name in lower case, and as GitHub spells it
  repository_key text not null,
  full_name text not null,
  repository_id bigint not null,
  -- Deployments from before this were never ours to run
  since bigint not null,
  -- When its deployments were last listed
  listed_at bigint not null,
  -- GitHub hides it from us; it is not asked about before this
  hidden_until bigint not null,
  etag text,
  -- How many deployments for us the host made since its last delivery, and when the newest was made
  missed integer not null,
  missed_newest_at bigint not null,
  hook_id bigint,
  hook_asked_at bigint not null,
  hook_etag text,
  -- Failed deliveries from before this were looked into
  hook_checked_until bigint not null default 0,
  primary key (host, repository_key)
)${by_key};
create index reconcile_repository_order on reconcile_repository (host, listed_at, full_name);
create index reconcile_repository_missed on reconcile_repository (host, missed_newest_at)
  where missed > 0;

-- The webhook of the GitHub App of a host, and what was last seen of its deliveries.
create table reconcile_app (
  host text primary key,
  -- Deployments from before this were never ours to run, where nothing was known of their repository
  since bigint not null,
  -- 1 when it leads here
  hook_id bigint,
  hook_asked_at bigint not null,
  hook_etag text,
  -- Failed deliveries from before this were looked into
  hook_checked_until bigint not null
);

-- Work that one process does at a time.
create table cluster_lock (
  name text primary key,
  owner text not null,
  until_at bigint not null
);

-- What there was and is, counted in the transactions that cause it. A sort has several rows, so that
-- processes that count at once do not wait for each other; its number is their sum.
create table counter (
  kind text not null,
  source text not null,
  code text not null,
  shard integer not null,
  number bigint not null,
  primary key (kind, source, code, shard)
)${by_key};

-- Tokens of the API. What is kept of one is its SHA-256, so that nobody who reads this can use it.
-- Revoked ones stay, for the audit tells of them by name.
create table api_token (
  name text primary key,
  hash text not null,
  -- Codes of scopes, with commas between them
  scopes text not null,
  -- Patterns of owner/name, with commas between them; empty for all
  repositories text not null,
  created_at bigint not null,
  -- To the minute
  last_used_at bigint,
  revoked_at bigint
)${by_key};
create unique index api_token_hash on api_token (hash);

-- Who did what, written in the transaction of the act.
create table audit (
  id ${identity},
  at bigint not null,
  actor text not null,
  via text not null,
  action text not null,
  deployment_id bigint,
  -- The repository that it is about; empty when it is about none
  repository text not null,
  subject text not null,
  reason text not null
);
create index audit_age on audit (at, id);
