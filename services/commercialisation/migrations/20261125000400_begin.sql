-- migrate:up

select make_aggregate_table('offer', sorts => '{"",trl}', filters => '{forms,status,technology_field}',
    lookups => '{agreement_id,initiative_id,organisation_id,technology_field}', search => '{summary,title}');

select make_aggregate_table('need', sorts => '{"",least_trl}', filters => '{forms,status,technology_field}',
    lookups => '{agreement_id,organisation_id,technology_field}', search => '{summary,title}');

select make_aggregate_table('match', sides => 'sides', sorts => '{"",score_key}', filters => '{status,technology_field}',
    lookups => '{agreement_id,need_id,offer_id}', search => '{need_title,offer_title}');

select make_aggregate_table('deal', sides => 'sides', filters => '{form,late,status,technology_field}',
    lookups => '{agreement_id,match_id,need_id,offer_id}', search => '{title}');

-- migrate:down
