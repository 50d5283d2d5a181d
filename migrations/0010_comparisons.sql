-- Comparisons: what differs between two backups, between a version and the live policy, or between
-- two tenants. Results only: bodies stay in snapshots, and nothing here is written to Graph.

create table comparisons (
  tenant_id uuid not null references tenants (id),
  -- that of the run, where the run makes it; copies are brought in before theirs begins
  id uuid not null,
  kind text not null check (kind in ('live', 'backups', 'copies')),
  state text not null check (state in ('draft', 'comparing', 'complete', 'incomplete')),
  -- the run that compares, and with whose retention the result goes
  run_id uuid,
  -- what is compared, in words, as it was called then
  before_label text not null,
  after_label text not null,
  -- live: what is read; its other side, and the own side of a single copy, is a version
  policy_id uuid,
  version_id uuid,
  before_backup_id uuid,
  after_backup_id uuid,
  -- copies: whose they are. No key: nothing here may refer to what belongs to somebody else.
  from_tenant_id uuid,
  -- policies that are the same on both sides have no row of their own
  unchanged integer not null default 0,
  -- policies by what became of them; null until all were looked at
  counts jsonb,
  made_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  completed_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, run_id) references runs (tenant_id, id) on delete cascade,
  foreign key (tenant_id, policy_id) references policies (tenant_id, id),
  foreign key (tenant_id, version_id) references policy_versions (tenant_id, id),
  foreign key (tenant_id, before_backup_id) references backups (tenant_id, id)
    on delete set null (before_backup_id),
  foreign key (tenant_id, after_backup_id) references backups (tenant_id, id)
    on delete set null (after_backup_id),
  check (state = 'draft' or run_id is not null)
);
create index comparisons_run on comparisons (tenant_id, run_id);
create index comparisons_policy on comparisons (tenant_id, policy_id) where policy_id is not null;
create index comparisons_version on comparisons (tenant_id, version_id)
  where version_id is not null;
create index comparisons_before_backup on comparisons (tenant_id, before_backup_id)
  where before_backup_id is not null;
create index comparisons_after_backup on comparisons (tenant_id, after_backup_id)
  where after_backup_id is not null;
-- drafts without a run are not found by the retention of runs
create index comparisons_drafts on comparisons (tenant_id, created_at) where run_id is null;
alter table comparisons enable row level security;
alter table comparisons force row level security;
create policy tenant_wall on comparisons to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, update, delete on comparisons to atlas_tenant;

-- Versions of another tenant that were copied to be compared. Sealed values never come along.
create table comparison_sources (
  tenant_id uuid not null,
  comparison_id uuid not null,
  -- the version's id where it came from
  version_id uuid not null,
  version_number integer not null,
  type text not null,
  name text not null,
  content_hash bytea not null,
  -- what the source calls the things that the body refers to: {"group:ID": "Finance"}
  reference_names json not null,
  read_at timestamptz not null,
  copied_by text not null,
  copied_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, comparison_id, version_id),
  foreign key (tenant_id, comparison_id) references comparisons (tenant_id, id) on delete cascade,
  foreign key (tenant_id, content_hash) references snapshots (tenant_id, content_hash)
);
create index comparison_sources_content on comparison_sources (tenant_id, content_hash);
alter table comparison_sources enable row level security;
alter table comparison_sources force row level security;
create policy tenant_wall on comparison_sources to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert on comparison_sources to atlas_tenant;

-- One row per policy that is not the same on both sides.
create table comparison_items (
  tenant_id uuid not null,
  comparison_id uuid not null,
  -- the policy here; where there is none, the version that was copied
  subject_id uuid not null,
  type text not null,
  name text not null,
  -- uncompared: on both sides, and not looked into yet, or it failed
  kind text not null check (kind in
    ('new', 'changed', 'unchanged', 'gone', 'left_out', 'ambiguous', 'uncompared')),
  -- null where a side has none of this tenant: it is live, or a copy, or not there
  before_policy_id uuid,
  after_policy_id uuid,
  before_number integer,
  after_number integer,
  before_hash bytea,
  after_hash bytea,
  -- the copy that stands for it in the other tenant
  source_version_id uuid,
  -- json, where a body may speak: it keeps what jsonb refuses
  differences json not null default '[]',
  difference_count integer not null default 0,
  primary key (tenant_id, comparison_id, subject_id),
  foreign key (tenant_id, comparison_id) references comparisons (tenant_id, id) on delete cascade,
  foreign key (tenant_id, before_policy_id) references policies (tenant_id, id),
  foreign key (tenant_id, after_policy_id) references policies (tenant_id, id),
  foreign key (tenant_id, before_hash) references snapshots (tenant_id, content_hash),
  foreign key (tenant_id, after_hash) references snapshots (tenant_id, content_hash),
  foreign key (tenant_id, comparison_id, source_version_id)
    references comparison_sources (tenant_id, comparison_id, version_id)
);
create index comparison_items_by_kind
  on comparison_items (tenant_id, comparison_id, kind, subject_id);
create index comparison_items_by_source
  on comparison_items (tenant_id, comparison_id, source_version_id);
create index comparison_items_before_policy on comparison_items (tenant_id, before_policy_id)
  where before_policy_id is not null;
create index comparison_items_after_policy on comparison_items (tenant_id, after_policy_id)
  where after_policy_id is not null;
create index comparison_items_before on comparison_items (tenant_id, before_hash)
  where before_hash is not null;
create index comparison_items_after on comparison_items (tenant_id, after_hash)
  where after_hash is not null;
alter table comparison_items enable row level security;
alter table comparison_items force row level security;
create policy tenant_wall on comparison_items to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, update, delete on comparison_items to atlas_tenant;
