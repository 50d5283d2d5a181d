-- How all tenants of a person stand, on one page: read as that person, through memberships.

-- Asked by each row's tenant through the key of memberships. As a subquery in the policies it would
-- be answered from all memberships of the installation at once.
create function is_member_of(p_tenant uuid) returns boolean language plpgsql stable
set search_path = pg_catalog, public as $$
begin
  return exists (select 1 from memberships m
    where m.tenant_id = p_tenant and m.user_id = current_person());
end $$;
grant execute on function is_member_of(uuid) to atlas_person;
alter policy own_tenants on tenants using (is_member_of(id));

create policy own_tenants on runs for select to atlas_person
  using (is_member_of(tenant_id));
grant select on runs to atlas_person;

create policy own_tenants on backups for select to atlas_person
  using (is_member_of(tenant_id));
grant select on backups to atlas_person;

create policy own_tenants on coverage for select to atlas_person
  using (is_member_of(tenant_id));
grant select on coverage to atlas_person;

create policy own_tenants on connections for select to atlas_person
  using (is_member_of(tenant_id));
-- nothing of a credential, sealed or not
grant select (tenant_id, id, verified_at) on connections to atlas_person;

create policy own_tenants on policies for select to atlas_person
  using (is_member_of(tenant_id));
grant select on policies to atlas_person;

-- What changed since a time, as Graph tells it: its instants are ISO texts, which sort as they are.
create index policies_modified on policies (tenant_id, last_modified_at);
create index policies_missing_since on policies (tenant_id, missing_since)
  where missing_since is not null;
-- Backups of the tenant, not of policies chosen one by one, as a restore makes before it writes.
create index backups_of_tenant on backups (tenant_id, id) where selection ->> 'kind' <> 'policies';
create index backups_complete on backups (tenant_id, id)
  where state = 'complete' and selection ->> 'kind' <> 'policies';
create index runs_failed on runs (tenant_id, ended_at)
  where outcome in ('failed', 'partial', 'blocked');
