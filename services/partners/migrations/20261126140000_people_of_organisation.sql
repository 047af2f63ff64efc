-- migrate:up

-- Bodies have the list from their next save on: those from before get it here.
update person set body = body || jsonb_build_object('organisation_ids', (
    select coalesce(jsonb_agg(office->'organisation_id'), '[]') from jsonb_array_elements(body->'offices') office
));
create index person_organisations on person using gin ((body->'organisation_ids'));

-- migrate:down
