-- migrate:up

create table directory_organisation (
    id uuid primary key,
    parent_id uuid,
    kind text not null,
    name_en text,
    name_zh text,
    country text not null,
    status text not null default 'active',
    successor_id uuid
);
create index directory_organisation_parent on directory_organisation (parent_id);

create table directory_identifier (
    scheme text not null,
    value text not null,
    organisation_id uuid not null,
    -- Two may have the same for a moment: what moved from one to the other comes in no order.
    primary key (scheme, value, organisation_id)
);
create index directory_identifier_organisation on directory_identifier (organisation_id);

create table directory_person (
    id uuid primary key,
    name_en text,
    name_zh text
);

create table directory_account (
    issuer text not null,
    subject text not null,
    person_id uuid not null,
    -- When the state was told that gave the account to the person: states of two people come in no order.
    stated_at timestamptz not null default '-infinity',
    primary key (issuer, subject)
);
create index directory_account_person on directory_account (person_id);

create table directory_office (
    id uuid primary key,
    person_id uuid not null,
    organisation_id uuid not null,
    title_en text,
    title_zh text,
    roles text[] not null,
    since timestamptz not null,
    until timestamptz,
    -- False for what another organisation offers: it counts for nothing.
    accepted boolean not null
);
create index directory_office_person on directory_office (person_id);
create index directory_office_organisation on directory_office (organisation_id);

-- The offices that count now.
create view directory_held as
    select * from directory_office where accepted and since <= now() and (until is null or until > now());

-- migrate:down
