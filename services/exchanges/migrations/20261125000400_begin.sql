-- migrate:up

select make_aggregate_table('programme', sides => 'sides', sorts => '{"",starts_on}', filters => '{area,status}',
    lookups => '{agreement_id,initiative_id}');

select make_aggregate_table('call', sides => 'sides', sorts => '{"",closes_on}', filters => '{area,status}',
    lookups => '{agreement_id,programme_id}');

select make_aggregate_table('exchange', sides => 'sides', filters => '{area,status}',
    lookups => '{agreement_id,call_id,nominee,programme_id}');

-- migrate:down
