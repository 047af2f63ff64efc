-- migrate:up

-- Only a deal that runs is late. Stored bodies said it of terminated ones as well until they are saved again.
update deal set body = jsonb_set(body, '{late}', 'false')
    where body->>'status' <> 'running' and body->>'late' = 'true';

-- migrate:down
