-- Restores: what is to be put back into a tenant, and its preview. Nothing here writes to Graph.

create table restores (
  tenant_id uuid not null references tenants (id),
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  -- draft: no preview, or one that has not come to its end; planned: there is one
  state text not null default 'draft' check (state in ('draft', 'planned')),
  source_kind text not null check (source_kind in ('backup', 'versions', 'copies')),
  backup_id uuid,
  -- which items of the source, how they are written, and what ids of the source mean here
  selection jsonb not null,
  options jsonb not null,
  mapping jsonb not null,
  -- grows with each edit of what a preview is made from
  revision integer not null default 1,
  made_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  -- The preview: its run, when it began, what it was made from, and what it is worth.
  plan_run_id uuid,
  plan_began_at timestamptz,
  -- what the run has looked through: null is not yet, 'listed', or the code of its failure
  plan_looks jsonb not null default '{}',
  planned_at timestamptz,
  planned_revision integer,
  connection_id uuid,
  connection_version integer,
  contracts_version text,
  fingerprint bytea check (octet_length(fingerprint) = 32),
  -- items by what would become of them
  item_counts jsonb,
  primary key (tenant_id, id),
  foreign key (tenant_id, backup_id) references backups (tenant_id, id)
    on delete set null (backup_id),
  foreign key (tenant_id, plan_run_id) references runs (tenant_id, id)
    on delete set null (plan_run_id),
  foreign key (tenant_id, connection_id) references connections (tenant_id, id)
    on delete set null (connection_id),
  check ((state = 'draft') = (fingerprint is null)),
  check ((fingerprint is null) = (planned_at is null))
);
create index restores_backup on restores (tenant_id, backup_id) where backup_id is not null;
create index restores_plan_run on restores (tenant_id, plan_run_id);
create index restores_connection on restores (tenant_id, connection_id);
alter table restores enable row level security;
alter table restores force row level security;
create policy tenant_wall on restores to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, update on restores to atlas_tenant;

-- Where a snapshot came from that was copied out of another tenant: as text, since nothing here
-- may refer to what belongs to somebody else. Sealed values never come along.
create table restore_sources (
  tenant_id uuid not null,
  restore_id uuid not null,
  -- the version's id where it came from
  version_id uuid not null,
  version_number integer not null,
  from_tenant_id uuid not null,
  from_tenant_name text not null,
  from_policy_id uuid not null,
  read_at timestamptz not null,
  -- what the source calls the things that the body refers to: {"group:ID": "Finance"}
  reference_names jsonb not null,
  copied_by text not null,
  copied_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, restore_id, version_id),
  foreign key (tenant_id, restore_id) references restores (tenant_id, id) on delete cascade
);
alter table restore_sources enable row level security;
alter table restore_sources force row level security;
create policy tenant_wall on restore_sources to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert on restore_sources to atlas_tenant;

-- One row per (restore, version of the source). The upper half is what was chosen, the lower one
-- what the preview found out; the next preview writes it anew.
create table restore_items (
  tenant_id uuid not null,
  restore_id uuid not null,
  version_id uuid not null,
  type text not null,
  name text not null,
  source_graph_id text not null,
  content_hash bytea not null,
  has_masked_secrets boolean not null,
  -- groups that the body names, in small letters
  group_ids text[] not null,
  -- null: update what matches, create what is not there
  choice text check (choice in ('create', 'update', 'skip')),
  -- which of several objects is meant, chosen by hand
  chosen_graph_id text,
  match_kind text check (match_kind in ('same_id', 'same_name', 'chosen', 'ambiguous', 'none')),
  match_graph_id text,
  -- objects of this name, when there are several
  candidates jsonb not null default '[]',
  action text check (action in ('create', 'update', 'unchanged', 'skip', 'blocked')),
  -- why it is skipped or blocked
  code text,
  risk text check (risk in ('low', 'medium', 'high')),
  -- json, where a body may speak: it keeps what jsonb refuses
  warnings json not null default '[]',
  differences json not null default '[]',
  difference_count integer not null default 0,
  -- an object as a listing brought it that the item may mean, until the item is worked
  listed_graph_id text,
  listed_body bytea,
  live_hash bytea check (octet_length(live_hash) = 32),
  -- the requests as they will be sent, canonical
  steps bytea,
  steps_hash bytea,
  -- items of this restore that come first
  depends_on uuid[] not null default '{}',
  -- in the order in which they will be written
  position integer not null default 0,
  primary key (tenant_id, restore_id, version_id),
  foreign key (tenant_id, restore_id) references restores (tenant_id, id) on delete cascade,
  foreign key (tenant_id, content_hash) references snapshots (tenant_id, content_hash),
  check ((steps is null) = (steps_hash is null)),
  check (steps_hash = sha256(steps)),
  check (action is null or action in ('skip', 'blocked', 'unchanged') or steps is not null)
);
create index restore_items_in_order on restore_items (tenant_id, restore_id, position, version_id);
create index restore_items_by_action
  on restore_items (tenant_id, restore_id, action, position, version_id);
create index restore_items_by_source
  on restore_items (tenant_id, restore_id, type, source_graph_id);
create index restore_items_by_name on restore_items (tenant_id, restore_id, type, name);
create index restore_items_by_match on restore_items (tenant_id, restore_id, type, match_graph_id);
create index restore_items_content on restore_items (tenant_id, content_hash);
alter table restore_items enable row level security;
alter table restore_items force row level security;
create policy tenant_wall on restore_items to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, update, delete on restore_items to atlas_tenant;

-- A group of the source is looked for by its name.
create index directory_groups_by_name on directory_groups (tenant_id, name);
