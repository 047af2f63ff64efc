-- migrate:up
-- Whom `entente first-operator` was asked to let in, by a digest of the account: it outlives an erasure, and names nobody.
create table admission (account bytea primary key, noted timestamptz not null default now());

-- migrate:down
