-- migrate:up
create table notice (
    id uuid primary key, version bigint not null, sequence bigint not null, body jsonb not null, updated timestamptz not null
);
create index notice_at on notice ((coalesce(body->>'at', '')), id);
create index notice_status on notice ((coalesce(body->>'status', '')), id);
create index notice_event on notice ((coalesce(body->>'event_id', '')), id);
create index notice_subject on notice ((coalesce(body->>'subject', '')), id);

create table entry (
    id uuid primary key, version bigint not null, sequence bigint not null, body jsonb not null, updated timestamptz not null
);
create index entry_person on entry ((coalesce(body->>'person_id', '')), (coalesce(body->>'notified_at', '')), id);
create index entry_notified_at on entry ((coalesce(body->>'notified_at', '')), id);

create table contact (
    id uuid primary key, version bigint not null, sequence bigint not null, body jsonb not null, updated timestamptz not null
);
create index contact_person on contact ((coalesce(body->>'person_id', '')), id);

create table mutes (
    id uuid primary key, version bigint not null, sequence bigint not null, body jsonb not null, updated timestamptz not null
);
create index mutes_person on mutes ((coalesce(body->>'person_id', '')), id);

-- migrate:down
