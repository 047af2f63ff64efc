-- migrate:up
create table delivery (
    agreement_id uuid not null,
    area text not null,
    fact text not null,
    number bigint not null,
    primary key (agreement_id, area, fact)
);

-- migrate:down
