-- Creates the three roles of one service, or sets their passwords. First, in the same transaction, run:
--   set local entente.service = 'partners'; set local entente.owner_password = '…'; likewise service_password and operator_password.
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
