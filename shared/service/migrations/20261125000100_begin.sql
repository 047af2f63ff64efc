-- migrate:up

-- What requests with an Idempotency-Key were answered, for a day.
create table idempotency (
    actor text not null,
    key text not null,
    request text not null,
    status int not null,
    headers jsonb not null,
    body text not null,
    at timestamptz not null default now(),
    primary key (actor, key)
);
create index idempotency_age on idempotency (at);

-- Work handed to the outside (a mail), worked off with back-off after the transaction that caused it.
create table outgoing (
    id uuid primary key,
    kind text not null,
    body jsonb not null,
    due timestamptz not null,
    attempts int not null default 0,
    problem text,
    traceparent text,
    at timestamptz not null default now()
);
create index outgoing_due on outgoing (kind, due);

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
create index listing_of on listing (id, scope, sort);

-- The rows of one document: `sides` is the field of who sees it ('' for everybody), a list or one; `said` is what lists
-- are filtered by and has few values, and the days that they are filtered by in ranges.
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
        -- Of its kind: a learning agreement has the id of its mobility.
        delete from listing where listing.id = old.id and listing.kind = tg_table_name;
    end if;
    if tg_op <> 'DELETE' then
        insert into listing select * from listed(tg_table_name, new.id, new.body, sides, sorts, filters);
    end if;
    return null;
end
$$;

-- Keeps the rows of `listing` of one kind of aggregate from now on, and makes those of what there is.
create function list_aggregates(kind text, sides text, sorts text[], filters text[]) returns void
    language plpgsql as $$
declare
    orders text[] := array(select distinct unnest(sorts) order by 1);
    said text[] := array(select distinct unnest(filters) order by 1);
begin
    execute format('create or replace trigger listed after insert or delete or update of body on %I
        for each row execute function list_document(%L, %L, %L)', kind, sides, orders, said);
    delete from listing l where l.kind = list_aggregates.kind;
    execute format('insert into listing select l.* from %I, listed(%L, id, body, %L, %L, %L) l',
        kind, kind, sides, orders, said);
end
$$;

-- The words of a text, as documents are found by: runs of Latin letters and digits without case and accents; of Chinese,
-- which has no spaces, every two characters that stand together, and the last one. What is asked for leaves the last one
-- out, since it begins every such pair; pg_trgm finds no word of two characters, and most Chinese words are.
create function words_in(said text, asked boolean default false) returns text[] language sql immutable as $$
    select coalesce(array_agg(distinct word), '{}')
    from regexp_matches(
            lower(regexp_replace(normalize(said, NFKD), '[\u0300-\u036f]', '', 'g')),
            '([0-9a-z\u00df-\u017f]+)|([\u3400-\u9fff]+)', 'g') run,
        lateral (
            select left(run[1], 50) as word where run[1] is not null
            union all select substr(run[2], n, 2)
                from generate_series(1, greatest(length(run[2]) - asked::int, 1)) n where run[2] is not null
        ) words
$$;

-- What a document is found by: the words of its fields, in all languages, and `=ID` for each of its sides.
create function words_of(body jsonb, search text[], sides text) returns tsvector language sql immutable as $$
    select array_to_tsvector(
        words_in(coalesce((select string_agg(said #>> '{}', ' ')
            from unnest(search) field, jsonb_path_query(body->field, '$.** ? (@.type() == "string")') said), ''))
        || array(select '=' || (side #>> '{}') from jsonb_path_query(body->sides, '$[*]') side)
    )
$$;

-- The query for all words of a text; each may be the beginning of a longer one.
create function words_asked(said text) returns tsquery language sql immutable as $$
    select coalesce(string_agg(format('%s:*', word), ' & '), '')::tsquery from unnest(words_in(said, true)) word
$$;

-- Makes the documents of a kind be found by the words of fields, and together with these by their sides.
create function search_aggregates(kind text, sides text, search text[]) returns void language plpgsql as $$
begin
    execute format('alter table %I drop column if exists words,
        add column words tsvector generated always as (words_of(body, %L, %L)) stored', kind, search, sides);
    execute format('create index %I on %I using gin (words)', kind || '_words', kind);
end
$$;

-- Adds orders, filters and lookups to the table of one kind of aggregate; writers wait meanwhile. Where that is too long,
-- make the index KIND_FIELD before, by `create index concurrently` in a migration of its own: what is there stays.
create function extend_aggregate_table(kind text, sorts text[] default '{}', filters text[] default '{}',
    lookups text[] default '{}', list_lookups text[] default '{}') returns void language plpgsql as $$
declare
    field text;
    had text[] := (select string_to_array(encode(tgargs, 'escape'), '\000') from pg_trigger
        where tgname = 'listed' and tgrelid = kind::regclass);
begin
    foreach field in array lookups loop
        execute format('create index if not exists %I on %I ((coalesce(body->>%L, '''')), id)',
            kind || '_' || field, kind, field);
    end loop;
    foreach field in array list_lookups loop
        execute format('create index if not exists %I on %I using gin ((body->%L))', kind || '_' || field, kind, field);
    end loop;
    if sorts || filters <> '{}' then
        if had is null then
            raise '% has no list yet: make one by list_aggregates(kind, sides, sorts, filters)', kind;
        end if;
        perform list_aggregates(kind, had[1], had[2]::text[] || sorts, had[3]::text[] || filters);
    end if;
end
$$;

-- The table of one kind of aggregate. Fields are the document's; which ones its lists need, main.py says:
--   sides         who sees it: `sides`, a list, or `person_id`; '' for everybody
--   sorts         what lists are ordered by, '' being the order by id; '{}' for what has no list
--   filters       what lists are filtered by and has few values, or is a day and given as a range
--   lookups       what documents are found by, each by an index of its own
--   list_lookups  the same, of fields that are lists
--   search        whose words documents are found by
create function make_aggregate_table(kind text, sides text default '', sorts text[] default '{""}',
    filters text[] default '{}', lookups text[] default '{}', list_lookups text[] default '{}',
    search text[] default '{}') returns void language plpgsql as $$
begin
    execute format('create table %I (id uuid primary key, version bigint not null, sequence bigint not null,
        body jsonb not null, updated timestamptz not null)', kind);
    if sorts <> '{}' then
        perform list_aggregates(kind, sides, sorts, filters);
    end if;
    perform extend_aggregate_table(kind, lookups => lookups, list_lookups => list_lookups);
    if sides = 'sides' or search <> '{}' then
        perform search_aggregates(kind, sides, search);
    end if;
    if sides not in ('', 'sides') then
        perform extend_aggregate_table(kind, lookups => array[sides]);
    end if;
end
$$;

-- migrate:down
