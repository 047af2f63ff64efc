-- migrate:up

-- When the state was told that gave the account to the person: states of two people come in no order.
alter table directory_account add column stated_at timestamptz not null default '-infinity';

-- migrate:down
