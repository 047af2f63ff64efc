-- migrate:up

create table initiative_copy (
    initiative_id uuid primary key,
    agreement_id uuid not null,
    status text not null
);

-- migrate:down
