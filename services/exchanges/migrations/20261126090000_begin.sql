-- migrate:up
create table programme (
    id uuid primary key, version bigint not null, sequence bigint not null, body jsonb not null, updated timestamptz not null
);
create index programme_status on programme ((coalesce(body->>'status', '')), id);
create index programme_area on programme ((coalesce(body->>'area', '')), id);
create index programme_agreement on programme ((coalesce(body->>'agreement_id', '')), id);
create index programme_starts_on on programme ((coalesce(body->>'starts_on', '')), id);
create index programme_sides on programme using gin ((body->'sides'));

create table call (
    id uuid primary key, version bigint not null, sequence bigint not null, body jsonb not null, updated timestamptz not null
);
create index call_status on call ((coalesce(body->>'status', '')), id);
create index call_area on call ((coalesce(body->>'area', '')), id);
create index call_agreement on call ((coalesce(body->>'agreement_id', '')), id);
create index call_programme on call ((coalesce(body->>'programme_id', '')), id);
create index call_closes_on on call ((coalesce(body->>'closes_on', '')), id);
create index call_sides on call using gin ((body->'sides'));

create table exchange (
    id uuid primary key, version bigint not null, sequence bigint not null, body jsonb not null, updated timestamptz not null
);
create index exchange_status on exchange ((coalesce(body->>'status', '')), id);
create index exchange_area on exchange ((coalesce(body->>'area', '')), id);
create index exchange_agreement on exchange ((coalesce(body->>'agreement_id', '')), id);
create index exchange_programme on exchange ((coalesce(body->>'programme_id', '')), id);
create index exchange_call on exchange ((coalesce(body->>'call_id', '')), id);
create index exchange_sides on exchange using gin ((body->'sides'));

create table framework (
    agreement_id uuid primary key,
    status text not null,
    areas text[] not null,
    signatories uuid[] not null,
    participants uuid[] not null
);

-- migrate:down
