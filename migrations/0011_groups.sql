-- Groups of the directory as candidates for a mapping, what the items of a restore refer to, and
-- the groups that a restore would make.

alter table directory_groups
  add column description text,
  add column membership_rule text,
  -- null: only its name was ever asked for
  add column kind text
    check (kind in ('security', 'mail_security', 'microsoft365', 'distribution')),
  -- Graph said that it is not there; a later look that finds it takes this back
  add column missing_since timestamptz,
  -- Names as they are compared: row-level security lets an index be searched with plain columns
  -- only, never with what lower() makes of one. In "C", so that a prefix is a range.
  add column name_key text collate "C" generated always as (lower(name)) stored,
  add column name_key_reversed text collate "C" generated always as (reverse(lower(name))) stored;
create index directory_groups_in_order on directory_groups (tenant_id, name, graph_id);
create index directory_groups_missing on directory_groups (tenant_id, name, graph_id)
  where missing_since is not null;
create index directory_groups_by_name_key on directory_groups (tenant_id, name_key);
create index directory_groups_by_name_end on directory_groups (tenant_id, name_key_reversed);
drop index directory_groups_by_name;

alter table restores
  -- what needs a second person's consent in the tenant, as the preview found; null: not known
  add column approval_types text[];

alter table restore_items
  -- what the body refers to and what that means here: [{kind, id, name, how, target}]
  add column refers_to jsonb not null default '[]',
  -- groups of the source, in small letters, that have to be made before its steps can be sent
  add column new_group_ids text[] not null default '{}';

-- What the items of a restore refer to, each once, as its last finished preview resolved it.
create table restore_references (
  tenant_id uuid not null,
  restore_id uuid not null,
  kind text not null,
  -- in small letters
  source_id text not null,
  -- what the source calls it
  name text,
  how text not null check (how in ('by_hand', 'same_id', 'same_name', 'restore_item', 'new_group',
    'unchecked', 'nothing')),
  -- an id of this tenant, or what stands for one until the restore has made it
  target text,
  -- items that refer to it
  items integer not null,
  primary key (tenant_id, restore_id, kind, source_id),
  foreign key (tenant_id, restore_id) references restores (tenant_id, id) on delete cascade
);
create index restore_references_by_how
  on restore_references (tenant_id, restore_id, how, kind, source_id);
alter table restore_references enable row level security;
alter table restore_references force row level security;
create policy tenant_wall on restore_references to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, delete on restore_references to atlas_tenant;

-- Groups that somebody ticked to be made where they are missing, as the preview found them. One
-- row per group; whether it is needed is told by `items`.
create table restore_groups (
  tenant_id uuid not null,
  restore_id uuid not null,
  -- in small letters
  source_id text not null,
  name text,
  -- exists: one of that name is there and is used; blocked: the code says why it is not made
  action text not null check (action in ('create', 'exists', 'blocked')),
  code text,
  -- the one that exists
  graph_id text,
  -- the request that would make it, canonical
  step bytea,
  step_hash bytea,
  -- items that would be written and wait for it; one without any is not made
  items integer not null default 0,
  primary key (tenant_id, restore_id, source_id),
  foreign key (tenant_id, restore_id) references restores (tenant_id, id) on delete cascade,
  check ((action = 'blocked') = (code is not null)),
  check ((action = 'create') = (step is not null)),
  check ((step is null) = (step_hash is null)),
  check (step_hash = sha256(step))
);
alter table restore_groups enable row level security;
alter table restore_groups force row level security;
create policy tenant_wall on restore_groups to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, update, delete on restore_groups to atlas_tenant;
