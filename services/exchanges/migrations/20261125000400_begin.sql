-- migrate:up

select make_aggregate_table('programme', sides => 'sides', sorts => '{"",ends_on,starts_on}',
    filters => '{area,ends_on,programme_kind,starts_on,status}', lookups => '{agreement_id,initiative_id}',
    search => '{title}');

select make_aggregate_table('call', sides => 'sides', sorts => '{"",closes_on,opens_on}',
    filters => '{area,closes_on,opens_on,programme_kind,status}', lookups => '{agreement_id,programme_id}',
    search => '{programme_title}');

select make_aggregate_table('exchange', sides => 'sides', filters => '{area,status}',
    lookups => '{agreement_id,call_id,nominee,programme_id,receiving,sending}', search => '{programme_title}');

select make_aggregate_table('activity', sides => 'sides', sorts => '{"",ends_on,starts_on}',
    filters => '{area,ends_on,kind,overdue,starts_on,status}', lookups => '{agreement_id,initiative_id,organiser}',
    list_lookups => '{hosts,senders}', search => '{title}');

create table participant_name (
    activity_id uuid,
    participant_id uuid,
    name_en text,
    name_zh text,
    primary key (activity_id, participant_id)
);

-- migrate:down
