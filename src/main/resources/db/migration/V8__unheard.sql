-- Failed deliveries from before this were looked into.
alter table watch add column hook_swept_to bigint not null default 0;

-- Which deployment a delivery told of that was turned away.
alter table delivery add column host text;
alter table delivery add column github_id bigint;
create index delivery_told on delivery (github_id);
