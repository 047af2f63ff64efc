-- migrate:up

create trigger listed after insert or delete or update of body on offer
    for each row execute function list_document('', '{"",trl}', '{forms,status,technology_field}');
insert into listing select l.* from offer, listed('offer', id, body, '', '{"",trl}', '{forms,status,technology_field}') l;

create trigger listed after insert or delete or update of body on need
    for each row execute function list_document('', '{"",least_trl}', '{forms,status,technology_field}');
insert into listing select l.* from need, listed('need', id, body, '', '{"",least_trl}', '{forms,status,technology_field}') l;

create trigger listed after insert or delete or update of body on match
    for each row execute function list_document('sides', '{"",score_key}', '{status}');
insert into listing select l.* from match, listed('match', id, body, 'sides', '{"",score_key}', '{status}') l;

create trigger listed after insert or delete or update of body on deal
    for each row execute function list_document('sides', '{""}', '{form,late,status}');
insert into listing select l.* from deal, listed('deal', id, body, 'sides', '{""}', '{form,late,status}') l;

-- migrate:down
