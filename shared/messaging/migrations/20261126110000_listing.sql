-- migrate:up

-- What pages of lists are cut from: a narrow row for each order of a document and for each organisation or person that
-- sees it; '' stands for those who see all, and for the order by id alone. An organisation's page is then one range of
-- an index, whether it is a side of ten documents or of half of all; sides in a GIN index have no order.
create table listing (
    kind text not null,
    scope text not null,
    sort text not null,
    value text not null,
    id uuid not null,
    said jsonb not null,
    primary key (kind, scope, sort, value, id) include (said)
);
create index listing_of on listing (id);

-- The rows of one document: `sides` is the field of who sees it ('' for everybody), a list or one; `said` is what lists
-- are filtered by and has few values.
create function listed(kind text, id uuid, body jsonb, sides text, sorts text[], filters text[])
    returns setof listing language sql immutable as $$
    select kind, w.scope, o.sort, coalesce(body->>o.sort, ''), id,
        (select coalesce(jsonb_object_agg(f, body->f), '{}') from unnest(filters) f)
    from unnest(sorts) o(sort), (
        select '' as scope where jsonb_typeof(body->sides) is distinct from 'string'
        union select body->>sides where jsonb_typeof(body->sides) = 'string'
        union select jsonb_array_elements_text(
            case jsonb_typeof(body->sides) when 'array' then body->sides else '[]' end)
    ) w
$$;

-- After each save of a document, in its transaction. Arguments: sides, sorts, filters, as of `listed`.
create function list_document() returns trigger language plpgsql as $$
declare
    sides text := tg_argv[0];
    sorts text[] := tg_argv[1];
    filters text[] := tg_argv[2];
begin
    if tg_op = 'UPDATE' then
        if not exists (select from unnest(sides || sorts || filters) f where old.body->f is distinct from new.body->f)
        then
            return null;
        end if;
    end if;
    if tg_op <> 'INSERT' then
        delete from listing where listing.id = old.id;
    end if;
    if tg_op <> 'DELETE' then
        insert into listing select * from listed(tg_table_name, new.id, new.body, sides, sorts, filters);
    end if;
    return null;
end
$$;

-- migrate:down
