-- Failed deliveries from before this were looked into.
alter table watch add column hook_swept_to bigint not null default 0;

-- Which deployment a delivery told of that was turned away.
alter table delivery add column host text;
alter table delivery add column github_id bigint;
create index delivery_told on delivery (github_id);

-- How many rows were removed for their age, so that what is counted never goes back.
create table removed (
  kind text not null,
  source text not null,
  word text not null,
  number bigint not null,
  primary key (kind, source, word)
);
