-- The three roles of one service, made or given new passwords. Say first, in the same transaction:
--   set local entente.service = 'partners'; set local entente.owner_password = '…'; and so for service and operator.
do $$
declare
    role text;
    secret text;
    kind text;
begin
    foreach kind in array array['owner', 'service', 'operator'] loop
        role := current_setting('entente.service') || '_' || kind;
        secret := current_setting('entente.' || kind || '_password');
        if not exists (select from pg_roles where rolname = role) then
            execute format('create role %I', role);
        end if;
        execute format(
            'alter role %I with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password %L',
            role, secret
        );
    end loop;
end
$$;
