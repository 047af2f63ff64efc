-- migrate:up

select make_aggregate_table('organisation', sorts => '{"",sort_key}', filters => '{kind,status}',
    lookups => '{country,parent_id}', list_lookups => '{identifier_keys}', search => '{city,name}');

select make_aggregate_table('person', list_lookups => '{account_keys,organisation_ids}', search => '{name}');

select make_aggregate_table('agreement', sides => 'sides', sorts => '{"",ends_on,starts_on}',
    filters => '{areas,ends_on,kind,starts_on,status}', lookups => '{parent_agreement_id}', search => '{title}');

select make_aggregate_table('amendment', sides => 'sides', sorts => '{"",applies_on}', filters => '{applies_on,status}',
    lookups => '{agreement_id}', search => '{title}');

select make_aggregate_table('initiative', sides => 'sides', filters => '{area,kind,overdue,status}',
    lookups => '{agreement_id}', search => '{title}');

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

-- What agreements have delivered: one row for each event that counts.
create table delivery_item (
    event_id uuid primary key,
    agreement_id uuid not null,
    initiative_id uuid,
    origin_id uuid,
    area text not null,
    academic_year text not null,
    organisation_id uuid,
    fact text not null,
    aggregate_kind text not null,
    aggregate_id uuid not null,
    day date not null,
    attended int
);
create index delivery_item_page on delivery_item (agreement_id, day, event_id);
create index delivery_item_initiative on delivery_item (initiative_id) where initiative_id is not null;
create index delivery_item_origin on delivery_item (origin_id) where origin_id is not null;
create index delivery_item_aggregate on delivery_item (aggregate_id) where initiative_id is not null;

-- Whom `entente first-operator` was asked to let in, by a digest of the account: it outlives an erasure, and names nobody.
create table admission (account bytea primary key, noted timestamptz not null default now());

-- migrate:down
