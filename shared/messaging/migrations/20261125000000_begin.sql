-- migrate:up

-- When this service was first installed: policies do not act on what happened before.
create table installation (since timestamptz not null default now());
insert into installation default values;

create table outbox (
    id bigint generated always as identity primary key,
    topic text not null,
    key text not null,
    event_id uuid not null,
    type text not null,
    sequence bigint not null,
    time timestamptz not null,
    traceparent text,
    value bytea
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
create index outbox_lane on outbox (topic, id);

-- Who sends a topic's rows. The owner keeps changing `beat`; when it stands still, another process takes over.
create table lane (
    topic text primary key,
    owner uuid not null,
    beat uuid not null default gen_random_uuid()
);

-- A key whose oldest outbox row Kafka refuses for good; its rows stay in the outbox until an operator acts.
create table stuck (
    topic text not null,
    key text not null,
    outbox_id bigint not null,
    reason text not null,
    at timestamptz not null default now(),
    primary key (topic, key)
);

create table history (
    id bigint generated always as identity primary key,
    xid xid8 not null default pg_current_xact_id(),
    kind text not null,
    aggregate_id uuid not null,
    version bigint not null,
    actor text not null,
    organisation_id uuid,
    use_case text not null,
    cause text,
    at timestamptz not null,
    events jsonb not null,
    body jsonb -- as this version left it, of kinds without personal data
);
create index history_of on history (aggregate_id, version);
create index history_walk on history (xid, id);

create table timer (
    kind text not null,
    aggregate_id uuid not null,
    due timestamptz not null,
    attempts int not null default 0,
    problem text,
    retry_at timestamptz, -- after a failure; it stays due at its moment
    primary key (kind, aggregate_id)
);
create index timer_due on timer (due);
create index timer_of on timer (aggregate_id);

create table offsets (
    consumer text not null,
    topic text not null,
    partition int not null,
    next bigint not null,
    lives int not null default 0, -- times that the partition was sought since it last advanced
    primary key (consumer, topic, partition)
);

-- An event tried alone, since a process may have died on it; a row that is left says that it died again.
create table trial (
    consumer text not null,
    topic text not null,
    partition int not null,
    "offset" bigint not null,
    deaths int not null default 0,
    primary key (consumer, topic, partition, "offset")
);

-- A consumer that has read a topic to the end that it had when it first looked. Never taken back.
create table caught_up (
    consumer text not null,
    topic text not null,
    at timestamptz not null default now(),
    primary key (consumer, topic)
);

create table positions (
    consumer text not null,
    topic text not null,
    key text not null,
    sequence bigint not null,
    event_id uuid,
    parked boolean not null default false,
    primary key (consumer, topic, key)
) with (fillfactor = 70);

create table dead_letter (
    id bigint generated always as identity primary key,
    consumer text not null,
    topic text not null,
    partition int not null,
    "offset" bigint not null,
    key text,
    sequence bigint,
    event_id uuid,
    type text,
    state text not null check (state in ('waiting', 'parked', 'exhausted', 'crashed')),
    reason text not null,
    headers jsonb not null,
    raw_key bytea,
    value bytea,
    at timestamptz not null default now(),
    attempts int not null default 0, -- those that failed and count
    due timestamptz, -- when it is tried again; null if another event or an operator releases it
    deaths int not null default 0, -- times that a process died while it tried it again
    unique (consumer, topic, partition, "offset")
);
create unique index dead_letter_sequence on dead_letter (consumer, topic, key, sequence);
create index dead_letter_due on dead_letter (consumer, due) where due is not null;

-- migrate:down
