-- migrate:up

create trigger listed after insert or delete or update of body on entry
    for each row execute function list_document('person_id', '{notified_at}', '{kind,unread}');
insert into listing select l.* from entry, listed('entry', id, body, 'person_id', '{notified_at}', '{kind,unread}') l;

create trigger listed after insert or delete or update of body on contact
    for each row execute function list_document('person_id', '{""}', '{}');
insert into listing select l.* from contact, listed('contact', id, body, 'person_id', '{""}', '{}') l;

create trigger listed after insert or delete or update of body on notice
    for each row execute function list_document('', '{at}', '{status}');
insert into listing select l.* from notice, listed('notice', id, body, '', '{at}', '{status}') l;

-- migrate:down
