-- migrate:up

-- When a timer that failed is tried again: it stays due at its moment.
alter table timer add column retry_at timestamptz;
create index timer_of on timer (aggregate_id);

-- migrate:down
