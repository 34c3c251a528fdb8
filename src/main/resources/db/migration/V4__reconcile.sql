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
  primary key (host, repository)
);

-- Work that one process does at a time.
create table turn (
  name text primary key,
  owner text not null,
  until_at bigint not null
);
