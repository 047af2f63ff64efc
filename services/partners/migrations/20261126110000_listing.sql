-- migrate:up

create trigger listed after insert or delete or update of body on organisation
    for each row execute function list_document('', '{""}', '{kind}');
insert into listing select l.* from organisation, listed('organisation', id, body, '', '{""}', '{kind}') l;

create trigger listed after insert or delete or update of body on person
    for each row execute function list_document('', '{""}', '{}');
insert into listing select l.* from person, listed('person', id, body, '', '{""}', '{}') l;

create trigger listed after insert or delete or update of body on agreement
    for each row execute function list_document('sides', '{"",starts_on}', '{areas,status}');
insert into listing select l.* from agreement, listed('agreement', id, body, 'sides', '{"",starts_on}', '{areas,status}') l;

-- migrate:down
