-- migrate:up
create table organisation (
    id uuid primary key, version bigint not null, sequence bigint not null, body jsonb not null, updated timestamptz not null
);
create index organisation_kind on organisation ((coalesce(body->>'kind', '')), id);
create index organisation_country on organisation ((coalesce(body->>'country', '')), id);
create index organisation_parent on organisation ((coalesce(body->>'parent_id', '')), id);
create index organisation_identifiers on organisation using gin ((body->'identifier_keys'));

create table person (
    id uuid primary key, version bigint not null, sequence bigint not null, body jsonb not null, updated timestamptz not null
);
create index person_accounts on person using gin ((body->'account_keys'));

create table agreement (
    id uuid primary key, version bigint not null, sequence bigint not null, body jsonb not null, updated timestamptz not null
);
create index agreement_status on agreement ((coalesce(body->>'status', '')), id);
create index agreement_starts_on on agreement ((coalesce(body->>'starts_on', '')), id);
create index agreement_areas on agreement using gin ((body->'areas'));
create index agreement_sides on agreement using gin ((body->'sides'));

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

-- migrate:down
