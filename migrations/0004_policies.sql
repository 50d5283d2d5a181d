-- What exists in a tenant (last observed), and what was kept of it (immutable).

create table policies (
  tenant_id uuid not null references tenants (id),
  id uuid not null,
  type text not null,
  graph_id text not null,
  name text not null,
  platform text,
  last_modified_at text,
  first_seen_at timestamptz not null default clock_timestamp(),
  last_seen_at timestamptz not null default clock_timestamp(),
  -- set when a complete listing of its type no longer held it
  missing_since timestamptz,
  latest_version integer,
  -- when the newest state that was compared with the versions was asked for; never goes back
  last_read_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, type, graph_id)
) with (fillfactor = 80);
create index policies_by_name on policies (tenant_id, name, id);
create index policies_by_type on policies (tenant_id, type, name, id);
create index policies_missing_by_name on policies (tenant_id, name, id)
  where missing_since is not null;
create index policies_missing_by_type on policies (tenant_id, type, name, id)
  where missing_since is not null;
alter table policies enable row level security;
alter table policies force row level security;
create policy tenant_wall on policies to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, update on policies to atlas_tenant;

-- Bodies, once per content. bytea, since jsonb changes numbers and refuses \u0000.
create table snapshots (
  tenant_id uuid not null references tenants (id),
  content_hash bytea not null,
  body bytea not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, content_hash),
  check (content_hash = sha256(body))
);
alter table snapshots enable row level security;
alter table snapshots force row level security;
create policy tenant_wall on snapshots to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert on snapshots to atlas_tenant;
create trigger immutable before update or truncate on snapshots
  for each statement execute function refuse_change();

create table policy_versions (
  tenant_id uuid not null,
  id uuid not null,
  policy_id uuid not null,
  number integer not null check (number > 0),
  content_hash bytea not null,
  assignments_hash bytea not null check (octet_length(assignments_hash) = 32),
  scope_tags_hash bytea not null check (octet_length(scope_tags_hash) = 32),
  name text not null,
  -- why it was kept, in the words of whoever asked
  reason text not null,
  made_by text not null,
  run_id uuid,
  read_at timestamptz not null,
  has_masked_secrets boolean not null,
  -- volatile fields as read; json keeps them to the letter
  meta json not null,
  -- groups that assignments and conditions of the body name
  group_ids text[] not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  unique (tenant_id, policy_id, number),
  foreign key (tenant_id, policy_id) references policies (tenant_id, id),
  foreign key (tenant_id, content_hash) references snapshots (tenant_id, content_hash),
  foreign key (tenant_id, run_id) references runs (tenant_id, id) on delete set null (run_id)
);
create index policy_versions_content on policy_versions (tenant_id, content_hash);
create index policy_versions_run on policy_versions (tenant_id, run_id);
alter table policy_versions enable row level security;
alter table policy_versions force row level security;
create policy tenant_wall on policy_versions to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert on policy_versions to atlas_tenant;
-- Only the run may be forgotten, by retention (the foreign key's own update). Rows are compared as
-- text: json has no equality, and to_jsonb refuses what meta may hold (\u0000, half characters).
create function refuse_version_change() returns trigger language plpgsql
set search_path = pg_catalog as $$
declare
  was public.policy_versions := old;
begin
  was.run_id := null;
  if new::text is distinct from was::text then
    raise exception 'policy_versions rows are never changed' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger immutable before update on policy_versions
  for each row execute function refuse_version_change();

create table backups (
  tenant_id uuid not null references tenants (id),
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  state text not null default 'building' check (state in ('building', 'complete', 'incomplete')),
  selection jsonb not null,
  -- to find the backups of one selection by an index; equal selections still are compared
  selection_hash bigint not null generated always as (jsonb_hash_extended(selection, 0)) stored,
  -- the run that made it; forgotten by retention
  run_id uuid,
  made_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  completed_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, run_id),
  foreign key (tenant_id, run_id) references runs (tenant_id, id) on delete set null (run_id)
);
create index backups_selection on backups (tenant_id, selection_hash, id);
alter table backups enable row level security;
alter table backups force row level security;
create policy tenant_wall on backups to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, update on backups to atlas_tenant;

create table backup_items (
  tenant_id uuid not null,
  backup_id uuid not null,
  policy_id uuid not null,
  version_id uuid not null,
  -- this backup made the version; else it refers to one that was there
  is_new boolean not null,
  metadata_only boolean not null default false,
  secret_values_missing boolean not null default false,
  primary key (tenant_id, backup_id, policy_id),
  foreign key (tenant_id, backup_id) references backups (tenant_id, id) on delete cascade,
  foreign key (tenant_id, policy_id) references policies (tenant_id, id),
  foreign key (tenant_id, version_id) references policy_versions (tenant_id, id)
);
create index backup_items_new on backup_items (tenant_id, backup_id, policy_id) where is_new;
create index backup_items_policy on backup_items (tenant_id, policy_id);
create index backup_items_version on backup_items (tenant_id, version_id);
alter table backup_items enable row level security;
alter table backup_items force row level security;
create policy tenant_wall on backup_items to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert on backup_items to atlas_tenant;

-- Names of the groups that assignments point to, as last seen.
create table directory_groups (
  tenant_id uuid not null references tenants (id),
  graph_id text not null,
  name text not null,
  seen_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, graph_id)
);
alter table directory_groups enable row level security;
alter table directory_groups force row level security;
create policy tenant_wall on directory_groups to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, update on directory_groups to atlas_tenant;

alter table runs
  add foreign key (tenant_id, connection_id) references connections (tenant_id, id)
    on delete set null (connection_id),
  add foreign key (tenant_id, policy_id) references policies (tenant_id, id),
  add foreign key (tenant_id, backup_id) references backups (tenant_id, id)
    on delete set null (backup_id);
create index runs_connection on runs (tenant_id, connection_id) where connection_id is not null;
create index runs_policy on runs (tenant_id, policy_id, id) where policy_id is not null;
create index runs_backup on runs (tenant_id, backup_id, id) where backup_id is not null;

-- Keeps a document as a version of its policy, unless the latest version says the same. Under the
-- policy's row lock, compared with the latest only, and only if asked for later than whatever was
-- compared before: a slow reader never puts an old state on top of a newer one, also when the newer
-- one was no change. p_read_at is from before Graph was asked, by this database's clock.
create function keep_version(p_id uuid, p_policy uuid, p_hash bytea, p_body bytea,
  p_assignments_hash bytea, p_scope_tags_hash bytea, p_name text, p_reason text, p_made_by text,
  p_run uuid, p_read_at timestamptz, p_masked boolean, p_meta json, p_group_ids text[],
  out version_id uuid, out number integer, out is_new boolean, out is_new_body boolean)
language plpgsql set search_path = pg_catalog, public as $$
declare
  latest policy_versions;
  v_last_read_at timestamptz;
begin
  select last_read_at into v_last_read_at from policies
    where tenant_id = current_tenant() and id = p_policy for no key update;
  select v.* into latest from policy_versions v
    where v.tenant_id = current_tenant() and v.policy_id = p_policy
    order by v.number desc limit 1;
  is_new_body := false;
  if latest.id is null or (latest.content_hash <> p_hash and p_read_at > v_last_read_at) then
    insert into snapshots (tenant_id, content_hash, body)
      values (current_tenant(), p_hash, p_body) on conflict do nothing;
    is_new_body := found;
    version_id := p_id;
    number := coalesce(latest.number, 0) + 1;
    is_new := true;
    insert into policy_versions (tenant_id, id, policy_id, number, content_hash, assignments_hash,
      scope_tags_hash, name, reason, made_by, run_id, read_at, has_masked_secrets, meta, group_ids)
    values (current_tenant(), p_id, p_policy, keep_version.number, p_hash, p_assignments_hash,
      p_scope_tags_hash, p_name, p_reason, p_made_by, p_run, p_read_at, p_masked, p_meta,
      p_group_ids);
  else
    version_id := latest.id;
    number := latest.number;
    -- the run that made it repeats itself after a crash: it is still the one that made it
    is_new := coalesce(latest.content_hash = p_hash and latest.run_id = p_run, false);
  end if;
  update policies set latest_version = keep_version.number,
      last_read_at = greatest(last_read_at, p_read_at)
    where tenant_id = current_tenant() and id = p_policy;
end $$;
grant execute on function keep_version(uuid, uuid, bytea, bytea, bytea, bytea, text, text, text,
  uuid, timestamptz, boolean, json, text[]) to atlas_tenant;
