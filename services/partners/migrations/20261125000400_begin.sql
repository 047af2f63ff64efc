-- migrate:up

select make_aggregate_table('organisation', sorts => '{"",sort_key}', filters => '{kind,status}',
    lookups => '{country,parent_id}',
    list_lookups => '{identifier_keys}');

select make_aggregate_table('person', list_lookups => '{account_keys,organisation_ids}');

select make_aggregate_table('agreement', sides => 'sides', sorts => '{"",starts_on}', filters => '{areas,status}');

-- What must be unique across documents. The document is saved after its claim: checked at the end of the transaction.
create table identifier (
    scheme text not null,
    value text not null,
    organisation_id uuid not null references organisation (id) deferrable initially deferred,
    primary key (scheme, value)
);
create index identifier_organisation on identifier (organisation_id);

create table account (
    issuer text not null,
    subject text not null,
    person_id uuid not null references person (id) deferrable initially deferred,
    primary key (issuer, subject)
);
create index account_person on account (person_id);

-- What agreements have delivered.
create table delivery (
    agreement_id uuid not null,
    area text not null,
    fact text not null,
    number bigint not null,
    primary key (agreement_id, area, fact)
);

-- Whom `entente first-operator` was asked to let in, by a digest of the account: it outlives an erasure, and names nobody.
create table admission (account bytea primary key, noted timestamptz not null default now());

-- migrate:down
