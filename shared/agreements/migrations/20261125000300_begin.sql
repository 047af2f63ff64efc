-- migrate:up

create table agreement_copy (
    agreement_id uuid primary key,
    parent_agreement_id uuid,
    status text not null,
    areas text[] not null,
    signatories uuid[] not null,
    participants uuid[] not null
);

-- What policies know of agreements' ends; `agreement_copy` hears of them by another consumer, before or after.
create table agreement_over (agreement_id uuid primary key);

-- migrate:down
