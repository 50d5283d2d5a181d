-- Values that Graph hides and a person entered for one restore: sealed, and erased when it ends.

-- places of hidden values that the requests of the item carry, as its preview found
alter table restore_items add column secret_places text[] not null default '{}';

create table restore_secrets (
  tenant_id uuid not null,
  restore_id uuid not null,
  version_id uuid not null,
  -- where in the saved body, as omaSettings[2]; empty is the policy itself
  place text not null check (length(place) <= 1000),
  -- another one for each value: what was made for an older value does not find this one
  id uuid not null,
  sealed bytea not null,
  -- tells that a value is another one; means nothing without the tenant's key
  keyed_hash bytea not null check (octet_length(keyed_hash) = 32),
  entered_by text not null,
  entered_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  unique (tenant_id, restore_id, version_id, place),
  -- an item that is not chosen any more takes its values along, and so does the restore
  foreign key (tenant_id, restore_id, version_id)
    references restore_items (tenant_id, restore_id, version_id) on delete cascade
);
alter table restore_secrets enable row level security;
alter table restore_secrets force row level security;
create policy tenant_wall on restore_secrets to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, delete on restore_secrets to atlas_tenant;
