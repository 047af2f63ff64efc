-- migrate:up

create trigger listed after insert or delete or update of body on programme
    for each row execute function list_document('sides', '{"",starts_on}', '{area,status}');
insert into listing select l.* from programme, listed('programme', id, body, 'sides', '{"",starts_on}', '{area,status}') l;

create trigger listed after insert or delete or update of body on call
    for each row execute function list_document('sides', '{"",closes_on}', '{area,status}');
insert into listing select l.* from call, listed('call', id, body, 'sides', '{"",closes_on}', '{area,status}') l;

create trigger listed after insert or delete or update of body on exchange
    for each row execute function list_document('sides', '{""}', '{area,status}');
insert into listing select l.* from exchange, listed('exchange', id, body, 'sides', '{""}', '{area,status}') l;

-- migrate:down
