-- Where a command of this run may be, and where the commands are that the run's owner can see.
alter table run add column place text;
alter table run add column owner_place text;
