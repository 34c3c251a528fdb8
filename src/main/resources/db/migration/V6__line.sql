-- When a run that is worked on was asked to stop; the fact beside it says for whom.
alter table run add column stop_asked_at bigint;
create index run_asked_to_stop on run (owner) where stop_asked_at is not null and state = 'running';
