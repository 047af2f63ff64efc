-- migrate:up

-- What the policies know of agreements' ends; the copy in `framework` hears of them by another consumer.
create table agreement_over (
    agreement_id uuid primary key
);

-- migrate:down
