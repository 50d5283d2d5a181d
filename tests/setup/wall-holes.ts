/** One hole per question that the catalog is asked, each with how it must be named. */
export const WALL_HOLES: readonly { hole: string; punch: string; found: RegExp }[] = [
  {
    hole: 'a table without a tenant',
    punch: 'create table loose (id uuid primary key)',
    found: /loose: has no tenant_id/,
  },
  {
    hole: 'a tenant that may be null',
    punch: 'create table loose (tenant_id uuid, id uuid)',
    found: /loose: has no tenant_id/,
  },
  {
    hole: 'row-level security switched off',
    punch: 'alter table policies disable row level security',
    found: /policies: row-level security is not forced/,
  },
  {
    hole: 'row-level security not forced on the owner',
    punch: 'alter table snapshots no force row level security',
    found: /snapshots: row-level security is not forced/,
  },
  {
    hole: 'no policy',
    punch: 'drop policy tenant_wall on policies',
    found: /policies: no tenant_wall policy for all commands/,
  },
  {
    hole: 'a policy that lets everything through',
    punch: 'alter policy tenant_wall on backups using (true)',
    found: /backups: no tenant_wall policy for all commands/,
  },
  {
    hole: 'a policy that lets everything in',
    punch: 'alter policy tenant_wall on backups with check (true)',
    found: /backups: no tenant_wall policy for all commands/,
  },
  {
    hole: 'a second policy beside the wall',
    punch: 'create policy beside on runs to atlas_tenant using (true)',
    found: /runs: policy beside is open to atlas_tenant/,
  },
  {
    hole: 'a policy for everybody',
    punch: 'create policy beside on runs using (true)',
    found: /runs: policy beside is open to everybody/,
  },
  {
    hole: 'the system in rooms that are not its own',
    punch: 'create policy beside on snapshots to atlas_system using (true)',
    found: /snapshots: policy beside is open to atlas_system/,
  },
  {
    hole: 'a primary key that does not begin with the tenant',
    punch: `create table loose (tenant_id uuid not null references tenants (id),
      id uuid primary key)`,
    found: /loose: primary key does not begin with tenant_id/,
  },
  {
    hole: 'a foreign key across tenants',
    punch: `alter table policies add unique (id);
      alter table backup_items add foreign key (policy_id) references policies (id)`,
    found: /backup_items: foreign key backup_items_policy_id_fkey leaves the tenant out/,
  },
  {
    hole: 'a foreign key without an index',
    punch: 'drop index backup_items_version',
    found: /backup_items: foreign key \w+ has no index/,
  },
  {
    hole: 'a grant to the login',
    punch: 'grant select on policies to atlas_login',
    found: /policies: atlas_login holds a grant/,
  },
  {
    hole: 'a grant to the login on a table without a tenant',
    punch: 'grant select on api_tokens to atlas_login',
    found: /api_tokens: atlas_login holds a grant/,
  },
  {
    hole: 'a view that looks over the wall',
    punch: 'create view over as select * from policies; grant select on over to atlas_tenant',
    found: /over: a view that reads with the rights of its owner/,
  },
  {
    hole: 'tokens that a tenant may list',
    punch: 'grant select on api_tokens to atlas_tenant',
    found: /api_tokens: granted to atlas_tenant/,
  },
  {
    hole: 'a grant to everybody',
    punch: 'grant select on policies to public',
    found: /policies: atlas_login holds a grant/,
  },
  {
    hole: 'a definer function open to everybody',
    punch: `create function leak() returns integer language sql security definer
      set search_path = pg_catalog as 'select 1'; grant execute on function leak() to public`,
    found: /leak: a definer function open to everyone/,
  },
  {
    hole: 'a definer function without a search path',
    punch: `create function leak() returns integer language sql security definer as 'select 1';
      revoke execute on function leak() from public`,
    found: /leak: a definer function open to everyone or without a search_path/,
  },
];
