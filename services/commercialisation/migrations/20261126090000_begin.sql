-- migrate:up
create table offer (
    id uuid primary key, version bigint not null, sequence bigint not null, body jsonb not null, updated timestamptz not null
);
create index offer_status on offer ((coalesce(body->>'status', '')), id);
create index offer_agreement on offer ((coalesce(body->>'agreement_id', '')), id);
create index offer_organisation on offer ((coalesce(body->>'organisation_id', '')), id);
create index offer_technology_field on offer ((coalesce(body->>'technology_field', '')), id);
create index offer_trl on offer ((coalesce(body->>'trl', '')), id);
create index offer_forms on offer using gin ((body->'forms'));

create table need (
    id uuid primary key, version bigint not null, sequence bigint not null, body jsonb not null, updated timestamptz not null
);
create index need_status on need ((coalesce(body->>'status', '')), id);
create index need_agreement on need ((coalesce(body->>'agreement_id', '')), id);
create index need_organisation on need ((coalesce(body->>'organisation_id', '')), id);
create index need_technology_field on need ((coalesce(body->>'technology_field', '')), id);
create index need_least_trl on need ((coalesce(body->>'least_trl', '')), id);
create index need_forms on need using gin ((body->'forms'));

create table match (
    id uuid primary key, version bigint not null, sequence bigint not null, body jsonb not null, updated timestamptz not null
);
create index match_status on match ((coalesce(body->>'status', '')), id);
create index match_agreement on match ((coalesce(body->>'agreement_id', '')), id);
create index match_offer on match ((coalesce(body->>'offer_id', '')), id);
create index match_need on match ((coalesce(body->>'need_id', '')), id);
create index match_score_key on match ((coalesce(body->>'score_key', '')), id);
create index match_sides on match using gin ((body->'sides'));

create table deal (
    id uuid primary key, version bigint not null, sequence bigint not null, body jsonb not null, updated timestamptz not null
);
create index deal_status on deal ((coalesce(body->>'status', '')), id);
create index deal_agreement on deal ((coalesce(body->>'agreement_id', '')), id);
create index deal_match on deal ((coalesce(body->>'match_id', '')), id);
create index deal_late on deal ((coalesce(body->>'late', '')), id);
create index deal_form on deal ((coalesce(body->>'form', '')), id);
create index deal_sides on deal using gin ((body->'sides'));

create table framework (
    agreement_id uuid primary key,
    status text not null,
    areas text[] not null,
    signatories uuid[] not null,
    participants uuid[] not null
);

-- migrate:down
