-- When a deployment's log was removed; a new run takes this back.
alter table deployment add column log_removed_at bigint;
create index deployment_age on deployment (accepted_at);
create index deployment_log_age on deployment (accepted_at) where log_removed_at is null;
