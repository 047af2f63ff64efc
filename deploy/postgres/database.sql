-- The present database is for the services' roles only: each is let in by schema.sql. May be run again.
do $$
begin
    execute format('revoke all on database %I from public', current_database());
end
$$;
revoke all on schema public from public;
