-- migrate:up

create index exchange_nominee on exchange ((coalesce(body->>'nominee', '')), id);

-- migrate:down
