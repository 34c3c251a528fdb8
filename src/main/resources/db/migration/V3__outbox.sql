-- A status that will not be posted because a later one says more; given_up_at is set with it.
alter table status add column replaced_by bigint;

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
