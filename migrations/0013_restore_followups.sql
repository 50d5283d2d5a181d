-- What follows from a restore: policies that still refer to objects by ids that are gone.

-- Only what a restore has made is deleted by one, and only on demand.
alter table restore_items
  add check (choice is distinct from 'delete' or is_made);

create table restore_dangling (
  tenant_id uuid not null,
  restore_id uuid not null,
  -- the item that made the object anew
  version_id uuid not null,
  -- who refers to the old one, and where
  policy_id uuid not null,
  at text not null,
  kind text not null,
  old_id text not null,
  new_id text not null,
  primary key (tenant_id, restore_id, policy_id, at, old_id),
  foreign key (tenant_id, restore_id, version_id)
    references restore_items (tenant_id, restore_id, version_id) on delete cascade,
  foreign key (tenant_id, policy_id) references policies (tenant_id, id)
);
create index restore_dangling_item on restore_dangling (tenant_id, restore_id, version_id);
create index restore_dangling_policy on restore_dangling (tenant_id, policy_id);
alter table restore_dangling enable row level security;
alter table restore_dangling force row level security;
create policy tenant_wall on restore_dangling to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert on restore_dangling to atlas_tenant;
