-- migrate:up

select make_aggregate_table('notice', sorts => '{at}', filters => '{at,status}', lookups => '{event_id,subject}');

select make_aggregate_table('entry', sides => 'person_id', sorts => '{notified_at}', filters => '{kind,notified_at,unread}',
    lookups => '{event_id,notified_at}', list_lookups => '{concerns}');

select make_aggregate_table('contact', sides => 'person_id');

select make_aggregate_table('mutes', sides => 'person_id', sorts => '{}');

-- migrate:down
