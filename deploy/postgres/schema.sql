-- Creates one service's schema in the current database and grants rights on it. First, in the same transaction, run:
--   set local entente.service = 'partners';
-- The owner migrates; service and operator may only change rows; others have no access. Safe to run again.
do $$
declare
    schema text := current_setting('entente.service');
    owner text := schema || '_owner';
    members text := format('%I, %I', schema || '_service', schema || '_operator');
    role text;
begin
    execute format('create schema if not exists %I authorization %I', schema, owner);
    execute format('revoke all on schema %I from public', schema);
    execute format('grant usage on schema %I to %s', schema, members);
    execute format('grant connect on database %I to %I, %s', current_database(), owner, members);

    execute format('grant select, insert, update, delete on all tables in schema %I to %s', schema, members);
    execute format('grant usage, select on all sequences in schema %I to %s', schema, members);
    execute format(
        'alter default privileges for role %I in schema %I grant select, insert, update, delete on tables to %s',
        owner, schema, members
    );
    execute format(
        'alter default privileges for role %I in schema %I grant usage, select on sequences to %s',
        owner, schema, members
    );
    execute format('alter default privileges for role %I revoke execute on functions from public', owner);
    execute format(
        'alter default privileges for role %I in schema %I grant execute on functions to %s', owner, schema, members
    );

    foreach role in array array[owner, schema || '_service', schema || '_operator'] loop
        execute format('alter role %I in database %I set search_path = %I', role, current_database(), schema);
    end loop;
end
$$;
