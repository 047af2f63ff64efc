-- migrate:up

select make_aggregate_table('programme', sides => 'sides', filters => '{area,kind,status}',
    lookups => '{academic_year,agreement_id,initiative_id,receiving,sending,subject_area}', search => '{title}');

select make_aggregate_table('call', sides => 'sides', sorts => '{"",closes_on,opens_on}',
    filters => '{area,closes_on,kind,opens_on,status}',
    lookups => '{academic_year,agreement_id,programme_id,receiving,sending,subject_area}',
    search => '{programme_title}');

select make_aggregate_table('mobility', sides => 'sides', sorts => '{"",arrived_on,departed_on}',
    filters => '{area,arrived_on,departed_on,kind,status}',
    lookups => '{academic_year,agreement_id,call_id,participant_id,programme_id,receiving,sending,subject_area}',
    search => '{programme_title}');

select make_aggregate_table('learning_agreement', sides => 'sides', filters => '{area,kind,status}',
    lookups => '{academic_year,agreement_id,participant_id,programme_id,receiving,sending,subject_area}',
    search => '{programme_title}');

-- migrate:down
