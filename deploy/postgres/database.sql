-- Closes the current database to everyone; schema.sql lets each service's roles in. Safe to run again.
do $$
begin
    execute format('revoke all on database %I from public', current_database());
end
$$;
revoke all on schema public from public;
