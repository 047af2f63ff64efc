-- migrate:up

select make_aggregate_table('programme', sides => 'sides', filters => '{area,kind,status}',
    lookups => '{academic_year,agreement_id,initiative_id,receiving,sending,field_of_study}', search => '{title}');

select make_aggregate_table('call', sides => 'sides', sorts => '{"",closes_on,opens_on}',
    filters => '{area,closes_on,kind,opens_on,status}',
    lookups => '{academic_year,agreement_id,programme_id,receiving,sending,field_of_study}',
    search => '{programme_title}');

select make_aggregate_table('mobility', sides => 'sides', sorts => '{"",arrived_on,departed_on}',
    filters => '{area,arrived_on,departed_on,kind,status}',
    lookups => '{academic_year,agreement_id,call_id,participant_id,programme_id,receiving,sending,field_of_study}',
    search => '{programme_title}');

select make_aggregate_table('learning_agreement', sides => 'sides', filters => '{area,kind,status}',
    lookups => '{academic_year,agreement_id,participant_id,programme_id,receiving,sending,field_of_study}',
    search => '{programme_title}');

select make_aggregate_table('participant', sides => 'sides', sorts => '{"",kept_until}',
    filters => '{kept_until,purpose,status}', lookups => '{home,participant_id,person_id}', search => '{name}');

-- With which account a participant signs in: no two share one.
create table participant_account (
    issuer text not null,
    subject text not null,
    participant_id uuid not null references participant (id),
    primary key (issuer, subject)
);
create index participant_account_of on participant_account (participant_id);

-- One-time links and sessions, by the SHA-256 of their secret.
create table participant_access (
    digest bytea primary key,
    participant_id uuid not null references participant (id),
    kind text not null check (kind in ('link', 'session')),
    expires_at timestamptz not null
);
create index participant_access_of on participant_access (participant_id);
create index participant_access_age on participant_access (expires_at);

select make_aggregate_table('activity', sides => 'sides', sorts => '{"",ends_on,starts_on}',
    filters => '{area,ends_on,kind,overdue,starts_on,status}', lookups => '{agreement_id,initiative_id,organiser}',
    list_lookups => '{hosts,places,senders}', search => '{title}');

-- migrate:down
