-- The schema as the migrations leave it, read from the catalog. Not to be edited: a
-- change is a migration, and "node scripts/bootstrap.mjs scripts/schema.ts" writes this page anew.

grant usage on schema public to atlas_person;
grant usage on schema public to atlas_system;
grant usage on schema public to atlas_tenant;
alter default privileges for role atlas_owner: functions have {atlas_owner=X/atlas_owner};
create sequence installation_entries_id_seq;
create sequence sign_in_failures_id_seq;

create table api_tokens (
  id uuid not null,
  user_id uuid not null,
  name text not null,
  token_hash bytea not null,
  scopes text[] not null,
  tenant_ids uuid[],
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  constraint api_tokens_pkey PRIMARY KEY (id),
  constraint api_tokens_token_hash_key UNIQUE (token_hash),
  constraint api_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint api_tokens_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint api_tokens_token_hash_check CHECK ((octet_length(token_hash) = 32))
);
CREATE INDEX api_tokens_user ON public.api_tokens USING btree (user_id);
CREATE TRIGGER created AFTER INSERT ON public.api_tokens FOR EACH ROW EXECUTE FUNCTION record_installation_deed('token', 'created');
CREATE TRIGGER revoked AFTER UPDATE OF revoked_at ON public.api_tokens FOR EACH ROW WHEN ((old.revoked_at IS DISTINCT FROM new.revoked_at)) EXECUTE FUNCTION record_installation_deed('token', 'revoked');
alter table api_tokens owner to atlas_owner;

create table audit_entries (
  tenant_id uuid not null,
  id uuid not null,
  at timestamp with time zone not null default now(),
  actor_kind text not null,
  actor_id uuid,
  actor_label text not null,
  action text not null,
  subject_kind text not null,
  subject_id text not null,
  details jsonb not null default '{}'::jsonb,
  constraint audit_entries_pkey PRIMARY KEY (tenant_id, id),
  constraint audit_entries_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id),
  constraint audit_entries_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['user'::text, 'token'::text, 'schedule'::text, 'system'::text])))
);
alter table audit_entries enable row level security;
alter table audit_entries force row level security;
create policy tenant_wall on audit_entries as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
grant insert, select on audit_entries to atlas_tenant;
alter table audit_entries owner to atlas_owner;

create table backup_items (
  tenant_id uuid not null,
  backup_id uuid not null,
  policy_id uuid not null,
  version_id uuid not null,
  is_new boolean not null,
  metadata_only boolean not null default false,
  secret_values_missing boolean not null default false,
  constraint backup_items_pkey PRIMARY KEY (tenant_id, backup_id, policy_id),
  constraint backup_items_tenant_id_backup_id_fkey FOREIGN KEY (tenant_id, backup_id) REFERENCES backups(tenant_id, id) ON DELETE CASCADE,
  constraint backup_items_tenant_id_policy_id_fkey FOREIGN KEY (tenant_id, policy_id) REFERENCES policies(tenant_id, id),
  constraint backup_items_tenant_id_version_id_fkey FOREIGN KEY (tenant_id, version_id) REFERENCES policy_versions(tenant_id, id)
);
CREATE INDEX backup_items_new ON public.backup_items USING btree (tenant_id, backup_id, policy_id) WHERE is_new;
CREATE INDEX backup_items_policy ON public.backup_items USING btree (tenant_id, policy_id);
CREATE INDEX backup_items_version ON public.backup_items USING btree (tenant_id, version_id);
alter table backup_items enable row level security;
alter table backup_items force row level security;
create policy tenant_wall on backup_items as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant insert, select on backup_items to atlas_tenant;
alter table backup_items owner to atlas_owner;

create table backups (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  state text not null default 'building'::text,
  selection jsonb not null,
  selection_hash bigint not null generated always as (jsonb_hash_extended(selection, (0)::bigint)) stored,
  run_id uuid,
  made_by text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  completed_at timestamp with time zone,
  constraint backups_pkey PRIMARY KEY (tenant_id, id),
  constraint backups_tenant_id_run_id_key UNIQUE (tenant_id, run_id),
  constraint backups_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id),
  constraint backups_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES runs(tenant_id, id) ON DELETE SET NULL (run_id),
  constraint backups_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint backups_state_check CHECK ((state = ANY (ARRAY['building'::text, 'complete'::text, 'incomplete'::text])))
);
CREATE INDEX backups_complete ON public.backups USING btree (tenant_id, id) WHERE ((state = 'complete'::text) AND ((selection ->> 'kind'::text) <> 'policies'::text));
CREATE INDEX backups_of_tenant ON public.backups USING btree (tenant_id, id) WHERE ((selection ->> 'kind'::text) <> 'policies'::text);
CREATE INDEX backups_selection ON public.backups USING btree (tenant_id, selection_hash, id);
alter table backups enable row level security;
alter table backups force row level security;
create policy own_tenants on backups as permissive for select to atlas_person
  using (is_member_of(tenant_id));
create policy tenant_wall on backups as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant select on backups to atlas_person;
grant insert, select, update on backups to atlas_tenant;
alter table backups owner to atlas_owner;

create table comparison_items (
  tenant_id uuid not null,
  comparison_id uuid not null,
  subject_id uuid not null,
  type text not null,
  name text not null,
  kind text not null,
  before_policy_id uuid,
  after_policy_id uuid,
  before_number integer,
  after_number integer,
  before_hash bytea,
  after_hash bytea,
  source_version_id uuid,
  differences json not null default '[]'::json,
  difference_count integer not null default 0,
  constraint comparison_items_pkey PRIMARY KEY (tenant_id, comparison_id, subject_id),
  constraint comparison_items_tenant_id_after_hash_fkey FOREIGN KEY (tenant_id, after_hash) REFERENCES snapshots(tenant_id, content_hash),
  constraint comparison_items_tenant_id_after_policy_id_fkey FOREIGN KEY (tenant_id, after_policy_id) REFERENCES policies(tenant_id, id),
  constraint comparison_items_tenant_id_before_hash_fkey FOREIGN KEY (tenant_id, before_hash) REFERENCES snapshots(tenant_id, content_hash),
  constraint comparison_items_tenant_id_before_policy_id_fkey FOREIGN KEY (tenant_id, before_policy_id) REFERENCES policies(tenant_id, id),
  constraint comparison_items_tenant_id_comparison_id_fkey FOREIGN KEY (tenant_id, comparison_id) REFERENCES comparisons(tenant_id, id) ON DELETE CASCADE,
  constraint comparison_items_tenant_id_comparison_id_source_version_id_fkey FOREIGN KEY (tenant_id, comparison_id, source_version_id) REFERENCES comparison_sources(tenant_id, comparison_id, version_id),
  constraint comparison_items_kind_check CHECK ((kind = ANY (ARRAY['new'::text, 'changed'::text, 'unchanged'::text, 'gone'::text, 'left_out'::text, 'ambiguous'::text, 'uncompared'::text])))
);
CREATE INDEX comparison_items_after ON public.comparison_items USING btree (tenant_id, after_hash) WHERE (after_hash IS NOT NULL);
CREATE INDEX comparison_items_after_policy ON public.comparison_items USING btree (tenant_id, after_policy_id) WHERE (after_policy_id IS NOT NULL);
CREATE INDEX comparison_items_before ON public.comparison_items USING btree (tenant_id, before_hash) WHERE (before_hash IS NOT NULL);
CREATE INDEX comparison_items_before_policy ON public.comparison_items USING btree (tenant_id, before_policy_id) WHERE (before_policy_id IS NOT NULL);
CREATE INDEX comparison_items_by_kind ON public.comparison_items USING btree (tenant_id, comparison_id, kind, subject_id);
CREATE INDEX comparison_items_by_source ON public.comparison_items USING btree (tenant_id, comparison_id, source_version_id);
alter table comparison_items enable row level security;
alter table comparison_items force row level security;
create policy tenant_wall on comparison_items as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant delete, insert, select, update on comparison_items to atlas_tenant;
alter table comparison_items owner to atlas_owner;

create table comparison_sources (
  tenant_id uuid not null,
  comparison_id uuid not null,
  version_id uuid not null,
  version_number integer not null,
  type text not null,
  name text not null,
  content_hash bytea not null,
  reference_names json not null,
  read_at timestamp with time zone not null,
  copied_by text not null,
  copied_at timestamp with time zone not null default clock_timestamp(),
  constraint comparison_sources_pkey PRIMARY KEY (tenant_id, comparison_id, version_id),
  constraint comparison_sources_tenant_id_comparison_id_fkey FOREIGN KEY (tenant_id, comparison_id) REFERENCES comparisons(tenant_id, id) ON DELETE CASCADE,
  constraint comparison_sources_tenant_id_content_hash_fkey FOREIGN KEY (tenant_id, content_hash) REFERENCES snapshots(tenant_id, content_hash)
);
CREATE INDEX comparison_sources_content ON public.comparison_sources USING btree (tenant_id, content_hash);
alter table comparison_sources enable row level security;
alter table comparison_sources force row level security;
create policy tenant_wall on comparison_sources as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant insert, select on comparison_sources to atlas_tenant;
alter table comparison_sources owner to atlas_owner;

create table comparisons (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null,
  state text not null,
  run_id uuid,
  before_label text not null,
  after_label text not null,
  policy_id uuid,
  version_id uuid,
  before_backup_id uuid,
  after_backup_id uuid,
  from_tenant_id uuid,
  unchanged integer not null default 0,
  counts jsonb,
  made_by text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  completed_at timestamp with time zone,
  constraint comparisons_pkey PRIMARY KEY (tenant_id, id),
  constraint comparisons_tenant_id_after_backup_id_fkey FOREIGN KEY (tenant_id, after_backup_id) REFERENCES backups(tenant_id, id) ON DELETE SET NULL (after_backup_id),
  constraint comparisons_tenant_id_before_backup_id_fkey FOREIGN KEY (tenant_id, before_backup_id) REFERENCES backups(tenant_id, id) ON DELETE SET NULL (before_backup_id),
  constraint comparisons_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id),
  constraint comparisons_tenant_id_policy_id_fkey FOREIGN KEY (tenant_id, policy_id) REFERENCES policies(tenant_id, id),
  constraint comparisons_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES runs(tenant_id, id) ON DELETE CASCADE,
  constraint comparisons_tenant_id_version_id_fkey FOREIGN KEY (tenant_id, version_id) REFERENCES policy_versions(tenant_id, id),
  constraint comparisons_check CHECK (((state = 'draft'::text) OR (run_id IS NOT NULL))),
  constraint comparisons_kind_check CHECK ((kind = ANY (ARRAY['live'::text, 'backups'::text, 'copies'::text]))),
  constraint comparisons_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'comparing'::text, 'complete'::text, 'incomplete'::text])))
);
CREATE INDEX comparisons_after_backup ON public.comparisons USING btree (tenant_id, after_backup_id) WHERE (after_backup_id IS NOT NULL);
CREATE INDEX comparisons_before_backup ON public.comparisons USING btree (tenant_id, before_backup_id) WHERE (before_backup_id IS NOT NULL);
CREATE INDEX comparisons_drafts ON public.comparisons USING btree (tenant_id, created_at) WHERE (run_id IS NULL);
CREATE INDEX comparisons_policy ON public.comparisons USING btree (tenant_id, policy_id) WHERE (policy_id IS NOT NULL);
CREATE INDEX comparisons_run ON public.comparisons USING btree (tenant_id, run_id);
CREATE INDEX comparisons_version ON public.comparisons USING btree (tenant_id, version_id) WHERE (version_id IS NOT NULL);
alter table comparisons enable row level security;
alter table comparisons force row level security;
create policy tenant_wall on comparisons as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant delete, insert, select, update on comparisons to atlas_tenant;
alter table comparisons owner to atlas_owner;

create table connections (
  tenant_id uuid not null,
  id uuid not null,
  cloud text not null,
  entra_tenant_id uuid not null,
  client_id uuid not null,
  credential_kind text not null,
  sealed_credential bytea not null,
  version integer not null default 1,
  verified_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  constraint connections_pkey PRIMARY KEY (tenant_id, id),
  constraint connections_tenant_id_key UNIQUE (tenant_id),
  constraint connections_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id),
  constraint connections_cloud_check CHECK ((cloud = ANY (ARRAY['global'::text, 'usGov'::text, 'china'::text]))),
  constraint connections_credential_kind_check CHECK ((credential_kind = ANY (ARRAY['secret'::text, 'certificate'::text])))
);
alter table connections enable row level security;
alter table connections force row level security;
create policy own_tenants on connections as permissive for select to atlas_person
  using (is_member_of(tenant_id));
create policy tenant_wall on connections as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant delete, insert, select, update on connections to atlas_tenant;
grant select (id) on connections to atlas_person;
grant select (tenant_id) on connections to atlas_person;
grant select (verified_at) on connections to atlas_person;
alter table connections owner to atlas_owner;

create table coverage (
  tenant_id uuid not null,
  policy_type text not null,
  state text not null,
  code text,
  checked_at timestamp with time zone not null default now(),
  constraint coverage_pkey PRIMARY KEY (tenant_id, policy_type),
  constraint coverage_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id),
  constraint coverage_state_check CHECK ((state = ANY (ARRAY['covered'::text, 'not_licensed'::text, 'not_permitted'::text, 'refused'::text])))
);
alter table coverage enable row level security;
alter table coverage force row level security;
create policy own_tenants on coverage as permissive for select to atlas_person
  using (is_member_of(tenant_id));
create policy tenant_wall on coverage as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant select on coverage to atlas_person;
grant insert, select, update on coverage to atlas_tenant;
alter table coverage owner to atlas_owner;

create table directory_groups (
  tenant_id uuid not null,
  graph_id text not null,
  name text not null,
  seen_at timestamp with time zone not null default clock_timestamp(),
  description text,
  membership_rule text,
  kind text,
  missing_since timestamp with time zone,
  name_key text generated always as (lower(name)) stored collate "C",
  name_key_reversed text generated always as (reverse(lower(name))) stored collate "C",
  constraint directory_groups_pkey PRIMARY KEY (tenant_id, graph_id),
  constraint directory_groups_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id),
  constraint directory_groups_kind_check CHECK ((kind = ANY (ARRAY['security'::text, 'mail_security'::text, 'microsoft365'::text, 'distribution'::text])))
);
CREATE INDEX directory_groups_by_name_end ON public.directory_groups USING btree (tenant_id, name_key_reversed);
CREATE INDEX directory_groups_by_name_key ON public.directory_groups USING btree (tenant_id, name_key);
CREATE INDEX directory_groups_in_order ON public.directory_groups USING btree (tenant_id, name, graph_id);
CREATE INDEX directory_groups_missing ON public.directory_groups USING btree (tenant_id, name, graph_id) WHERE (missing_since IS NOT NULL);
alter table directory_groups enable row level security;
alter table directory_groups force row level security;
create policy tenant_wall on directory_groups as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant insert, select, update on directory_groups to atlas_tenant;
alter table directory_groups owner to atlas_owner;

create table idempotency_keys (
  tenant_id uuid not null,
  principal_id uuid not null,
  route text not null,
  key text not null,
  body_hash bytea not null,
  status integer not null,
  response jsonb not null,
  created_at timestamp with time zone not null default now(),
  constraint idempotency_keys_pkey PRIMARY KEY (tenant_id, principal_id, route, key),
  constraint idempotency_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id),
  constraint idempotency_keys_body_hash_check CHECK ((octet_length(body_hash) = 32)),
  constraint idempotency_keys_key_check CHECK (((length(key) >= 1) AND (length(key) <= 200)))
);
CREATE INDEX idempotency_keys_age ON public.idempotency_keys USING btree (tenant_id, created_at);
alter table idempotency_keys enable row level security;
alter table idempotency_keys force row level security;
create policy system_duties on idempotency_keys as permissive for all to atlas_system
  using (true);
create policy tenant_wall on idempotency_keys as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant delete, select on idempotency_keys to atlas_system;
grant delete, insert, select, update on idempotency_keys to atlas_tenant;
alter table idempotency_keys owner to atlas_owner;

create table identities (
  issuer text not null,
  subject text not null,
  user_id uuid not null,
  created_at timestamp with time zone not null default now(),
  constraint identities_pkey PRIMARY KEY (issuer, subject),
  constraint identities_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint identities_issuer_check CHECK (((length(issuer) >= 1) AND (length(issuer) <= 500))),
  constraint identities_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 500)))
);
CREATE INDEX identities_user ON public.identities USING btree (user_id);
alter table identities owner to atlas_owner;

create table installation_entries (
  id bigint not null generated as identity,
  at timestamp with time zone not null default now(),
  signed_in_as text not null default SESSION_USER,
  action text not null,
  subject_kind text not null,
  subject_id uuid not null,
  constraint installation_entries_pkey PRIMARY KEY (id)
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.installation_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
alter table installation_entries owner to atlas_owner;

create table lanes (
  tenant_id uuid not null,
  lane text not null,
  ticket_no bigint not null default 0,
  ticket_at timestamp with time zone,
  busy_run_id uuid,
  constraint lanes_pkey PRIMARY KEY (tenant_id, lane),
  constraint lanes_tenant_id_busy_run_id_fkey FOREIGN KEY (tenant_id, busy_run_id) REFERENCES runs(tenant_id, id) ON DELETE SET NULL (busy_run_id),
  constraint lanes_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id),
  constraint lanes_lane_check CHECK ((lane = ANY (ARRAY['interactive'::text, 'bulk'::text])))
);
CREATE INDEX lanes_busy ON public.lanes USING btree (tenant_id, busy_run_id) WHERE (busy_run_id IS NOT NULL);
CREATE INDEX lanes_waiting ON public.lanes USING btree (lane, ticket_at) WHERE ((ticket_at IS NOT NULL) AND (busy_run_id IS NULL));
alter table lanes enable row level security;
alter table lanes force row level security;
create policy system_duties on lanes as permissive for all to atlas_system
  using (true)
  with check (true);
create policy tenant_wall on lanes as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant insert, select, update on lanes to atlas_system;
grant insert, select, update on lanes to atlas_tenant;
alter table lanes owner to atlas_owner;

create table memberships (
  tenant_id uuid not null,
  user_id uuid not null,
  role text not null,
  created_at timestamp with time zone not null default now(),
  constraint memberships_pkey PRIMARY KEY (tenant_id, user_id),
  constraint memberships_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id),
  constraint memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint memberships_role_check CHECK ((role = ANY (ARRAY['readonly'::text, 'operator'::text, 'manager'::text, 'owner'::text])))
);
CREATE INDEX memberships_user ON public.memberships USING btree (user_id, tenant_id);
alter table memberships enable row level security;
alter table memberships force row level security;
create policy own_memberships on memberships as permissive for select to atlas_person
  using ((user_id = current_person()));
create policy tenant_wall on memberships as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant select on memberships to atlas_person;
grant delete, insert, select, update on memberships to atlas_tenant;
alter table memberships owner to atlas_owner;

create table migrations (
  name text not null,
  hash text not null,
  run_at timestamp with time zone not null default now(),
  constraint migrations_pkey PRIMARY KEY (name)
);
alter table migrations owner to atlas_owner;

create table notifications (
  tenant_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  run_id uuid not null,
  state text not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  read_at timestamp with time zone,
  constraint notifications_pkey PRIMARY KEY (tenant_id, id),
  constraint notifications_tenant_id_run_id_user_id_key UNIQUE (tenant_id, run_id, user_id),
  constraint notifications_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES runs(tenant_id, id) ON DELETE CASCADE,
  constraint notifications_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint notifications_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'ended'::text])))
);
CREATE INDEX notifications_of_user ON public.notifications USING btree (user_id, id);
CREATE INDEX notifications_of_user_in_tenant ON public.notifications USING btree (tenant_id, user_id, id);
alter table notifications enable row level security;
alter table notifications force row level security;
create policy own_notifications on notifications as permissive for select to atlas_person
  using (((user_id = current_person()) AND (EXISTS ( SELECT 1
   FROM memberships m
  WHERE ((m.tenant_id = notifications.tenant_id) AND (m.user_id = current_person()))))));
create policy tenant_wall on notifications as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant select on notifications to atlas_person;
grant insert, select, update on notifications to atlas_tenant;
alter table notifications owner to atlas_owner;

create table one_time_links (
  token_hash bytea not null,
  purpose text not null,
  user_id uuid,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint one_time_links_pkey PRIMARY KEY (token_hash),
  constraint one_time_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint one_time_links_check CHECK (((purpose = 'set_up'::text) = (user_id IS NULL))),
  constraint one_time_links_purpose_check CHECK ((purpose = ANY (ARRAY['set_up'::text, 'password'::text, 'demo'::text]))),
  constraint one_time_links_token_hash_check CHECK ((octet_length(token_hash) = 32))
);
CREATE INDEX one_time_links_user ON public.one_time_links USING btree (user_id);
alter table one_time_links owner to atlas_owner;

create table passwords (
  user_id uuid not null,
  salt bytea not null,
  hash bytea not null,
  changed_at timestamp with time zone not null default now(),
  constraint passwords_pkey PRIMARY KEY (user_id),
  constraint passwords_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint passwords_hash_check CHECK ((octet_length(hash) = 32)),
  constraint passwords_salt_check CHECK ((octet_length(salt) = 16))
);
CREATE TRIGGER changed AFTER INSERT OR UPDATE ON public.passwords FOR EACH ROW EXECUTE FUNCTION record_person_deed('user.password_set');
alter table passwords owner to atlas_owner;

create table policies (
  tenant_id uuid not null,
  id uuid not null,
  type text not null,
  graph_id text not null,
  name text not null,
  platform text,
  last_modified_at text,
  first_seen_at timestamp with time zone not null default clock_timestamp(),
  last_seen_at timestamp with time zone not null default clock_timestamp(),
  missing_since timestamp with time zone,
  latest_version integer,
  last_read_at timestamp with time zone,
  constraint policies_pkey PRIMARY KEY (tenant_id, id),
  constraint policies_tenant_id_type_graph_id_key UNIQUE (tenant_id, type, graph_id),
  constraint policies_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id)
);
CREATE INDEX policies_by_name ON public.policies USING btree (tenant_id, name, id);
CREATE INDEX policies_by_type ON public.policies USING btree (tenant_id, type, name, id);
CREATE INDEX policies_missing_by_name ON public.policies USING btree (tenant_id, name, id) WHERE (missing_since IS NOT NULL);
CREATE INDEX policies_missing_by_type ON public.policies USING btree (tenant_id, type, name, id) WHERE (missing_since IS NOT NULL);
CREATE INDEX policies_missing_since ON public.policies USING btree (tenant_id, missing_since) WHERE (missing_since IS NOT NULL);
CREATE INDEX policies_modified ON public.policies USING btree (tenant_id, last_modified_at);
alter table policies enable row level security;
alter table policies force row level security;
create policy own_tenants on policies as permissive for select to atlas_person
  using (is_member_of(tenant_id));
create policy tenant_wall on policies as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant select on policies to atlas_person;
grant insert, select, update on policies to atlas_tenant;
alter table policies owner to atlas_owner;

create table policy_versions (
  tenant_id uuid not null,
  id uuid not null,
  policy_id uuid not null,
  number integer not null,
  content_hash bytea not null,
  assignments_hash bytea not null,
  scope_tags_hash bytea not null,
  name text not null,
  reason text not null,
  made_by text not null,
  run_id uuid,
  read_at timestamp with time zone not null,
  has_masked_secrets boolean not null,
  meta json not null,
  group_ids text[] not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint policy_versions_pkey PRIMARY KEY (tenant_id, id),
  constraint policy_versions_tenant_id_policy_id_number_key UNIQUE (tenant_id, policy_id, number),
  constraint policy_versions_tenant_id_content_hash_fkey FOREIGN KEY (tenant_id, content_hash) REFERENCES snapshots(tenant_id, content_hash),
  constraint policy_versions_tenant_id_policy_id_fkey FOREIGN KEY (tenant_id, policy_id) REFERENCES policies(tenant_id, id),
  constraint policy_versions_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES runs(tenant_id, id) ON DELETE SET NULL (run_id),
  constraint policy_versions_assignments_hash_check CHECK ((octet_length(assignments_hash) = 32)),
  constraint policy_versions_number_check CHECK ((number > 0)),
  constraint policy_versions_scope_tags_hash_check CHECK ((octet_length(scope_tags_hash) = 32))
);
CREATE INDEX policy_versions_content ON public.policy_versions USING btree (tenant_id, content_hash);
CREATE INDEX policy_versions_run ON public.policy_versions USING btree (tenant_id, run_id);
alter table policy_versions enable row level security;
alter table policy_versions force row level security;
create policy tenant_wall on policy_versions as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
CREATE TRIGGER immutable BEFORE UPDATE ON public.policy_versions FOR EACH ROW EXECUTE FUNCTION refuse_version_change();
grant insert, select on policy_versions to atlas_tenant;
alter table policy_versions owner to atlas_owner;

create table restore_dangling (
  tenant_id uuid not null,
  restore_id uuid not null,
  version_id uuid not null,
  policy_id uuid not null,
  at text not null,
  kind text not null,
  old_id text not null,
  new_id text not null,
  constraint restore_dangling_pkey PRIMARY KEY (tenant_id, restore_id, policy_id, at, old_id),
  constraint restore_dangling_tenant_id_policy_id_fkey FOREIGN KEY (tenant_id, policy_id) REFERENCES policies(tenant_id, id),
  constraint restore_dangling_tenant_id_restore_id_version_id_fkey FOREIGN KEY (tenant_id, restore_id, version_id) REFERENCES restore_items(tenant_id, restore_id, version_id) ON DELETE CASCADE
);
CREATE INDEX restore_dangling_item ON public.restore_dangling USING btree (tenant_id, restore_id, version_id);
CREATE INDEX restore_dangling_policy ON public.restore_dangling USING btree (tenant_id, policy_id);
alter table restore_dangling enable row level security;
alter table restore_dangling force row level security;
create policy tenant_wall on restore_dangling as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant insert, select on restore_dangling to atlas_tenant;
alter table restore_dangling owner to atlas_owner;

create table restore_groups (
  tenant_id uuid not null,
  restore_id uuid not null,
  source_id text not null,
  name text,
  action text not null,
  code text,
  graph_id text,
  step bytea,
  step_hash bytea,
  items integer not null default 0,
  run_id uuid,
  state text not null default 'planned'::text,
  attempt integer not null default 0,
  client_request_id uuid,
  intent_at timestamp with time zone,
  existing_ids text[],
  proof text,
  was_adopted boolean not null default false,
  failures integer not null default 0,
  made_graph_id text,
  write_code text,
  constraint restore_groups_pkey PRIMARY KEY (tenant_id, restore_id, source_id),
  constraint restore_groups_tenant_id_client_request_id_key UNIQUE (tenant_id, client_request_id),
  constraint restore_groups_tenant_id_restore_id_fkey FOREIGN KEY (tenant_id, restore_id) REFERENCES restores(tenant_id, id) ON DELETE CASCADE,
  constraint restore_groups_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES runs(tenant_id, id) ON DELETE SET NULL (run_id),
  constraint restore_groups_action_check CHECK ((action = ANY (ARRAY['create'::text, 'exists'::text, 'blocked'::text]))),
  constraint restore_groups_check CHECK (((action = 'blocked'::text) = (code IS NOT NULL))),
  constraint restore_groups_check1 CHECK (((action = 'create'::text) = (step IS NOT NULL))),
  constraint restore_groups_check2 CHECK (((step IS NULL) = (step_hash IS NULL))),
  constraint restore_groups_check3 CHECK ((step_hash = sha256(step))),
  constraint restore_groups_check4 CHECK (((state = 'planned'::text) OR (action = 'create'::text))),
  constraint restore_groups_check5 CHECK (((attempt = 0) = (client_request_id IS NULL))),
  constraint restore_groups_check6 CHECK (((attempt = 0) = (intent_at IS NULL))),
  constraint restore_groups_check7 CHECK (((state <> 'intent'::text) OR ((attempt > 0) AND (existing_ids IS NOT NULL)))),
  constraint restore_groups_check8 CHECK (((state <> 'planned'::text) OR (attempt = 0) OR (proof IS NOT NULL))),
  constraint restore_groups_check9 CHECK (((state <> ALL (ARRAY['applied'::text, 'verified'::text])) OR (made_graph_id IS NOT NULL))),
  constraint restore_groups_proof_check CHECK ((proof = ANY (ARRAY['refused'::text, 'not_sent'::text, 'not_found'::text]))),
  constraint restore_groups_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'intent'::text, 'applied'::text, 'verified'::text, 'failed'::text, 'unknown'::text])))
);
CREATE INDEX restore_groups_run ON public.restore_groups USING btree (tenant_id, run_id);
alter table restore_groups enable row level security;
alter table restore_groups force row level security;
create policy tenant_wall on restore_groups as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
CREATE TRIGGER guard BEFORE UPDATE ON public.restore_groups FOR EACH ROW WHEN (((new.state IS DISTINCT FROM old.state) OR (new.attempt IS DISTINCT FROM old.attempt))) EXECUTE FUNCTION guard_write();
grant delete, insert, select, update on restore_groups to atlas_tenant;
alter table restore_groups owner to atlas_owner;

create table restore_items (
  tenant_id uuid not null,
  restore_id uuid not null,
  version_id uuid not null,
  type text not null,
  name text not null,
  source_graph_id text not null,
  content_hash bytea not null,
  has_masked_secrets boolean not null,
  group_ids text[] not null,
  choice text,
  chosen_graph_id text,
  match_kind text,
  match_graph_id text,
  candidates jsonb not null default '[]'::jsonb,
  action text,
  code text,
  risk text,
  warnings json not null default '[]'::json,
  differences json not null default '[]'::json,
  difference_count integer not null default 0,
  listed_graph_id text,
  listed_body bytea,
  live_hash bytea,
  steps bytea,
  steps_hash bytea,
  depends_on uuid[] not null default '{}'::uuid[],
  "position" integer not null default 0,
  is_made boolean not null default false,
  made_hash bytea,
  result text,
  result_code text,
  result_differences json not null default '[]'::json,
  result_candidates jsonb not null default '[]'::jsonb,
  result_graph_id text,
  before_hash bytea,
  after_hash bytea,
  safety_version_id uuid,
  settled_at timestamp with time zone,
  decision text,
  decision_graph_id text,
  decided_by text,
  decided_user_id uuid,
  decided_at timestamp with time zone,
  refers_to jsonb not null default '[]'::jsonb,
  new_group_ids text[] not null default '{}'::text[],
  secret_places text[] not null default '{}'::text[],
  constraint restore_items_pkey PRIMARY KEY (tenant_id, restore_id, version_id),
  constraint restore_items_tenant_id_content_hash_fkey FOREIGN KEY (tenant_id, content_hash) REFERENCES snapshots(tenant_id, content_hash),
  constraint restore_items_tenant_id_restore_id_fkey FOREIGN KEY (tenant_id, restore_id) REFERENCES restores(tenant_id, id) ON DELETE CASCADE,
  constraint restore_items_tenant_id_safety_version_id_fkey FOREIGN KEY (tenant_id, safety_version_id) REFERENCES policy_versions(tenant_id, id),
  constraint restore_items_action_check CHECK ((action = ANY (ARRAY['create'::text, 'update'::text, 'unchanged'::text, 'skip'::text, 'blocked'::text, 'delete'::text]))),
  constraint restore_items_after_hash_check CHECK ((octet_length(after_hash) = 32)),
  constraint restore_items_before_hash_check CHECK ((octet_length(before_hash) = 32)),
  constraint restore_items_check CHECK (((steps IS NULL) = (steps_hash IS NULL))),
  constraint restore_items_check1 CHECK ((steps_hash = sha256(steps))),
  constraint restore_items_check2 CHECK (((action IS NULL) OR (action = ANY (ARRAY['skip'::text, 'blocked'::text, 'unchanged'::text])) OR (steps IS NOT NULL))),
  constraint restore_items_check3 CHECK (((result IS NULL) = (settled_at IS NULL))),
  constraint restore_items_check4 CHECK (((decision IS NULL) = (decided_at IS NULL))),
  constraint restore_items_check5 CHECK (((decision IS NULL) OR (result = 'unknown'::text) OR (result IS NULL))),
  constraint restore_items_check6 CHECK (((decision <> ALL (ARRAY['adopt'::text, 'delete_ours'::text])) OR (decision_graph_id IS NOT NULL))),
  constraint restore_items_check7 CHECK (((choice IS DISTINCT FROM 'delete'::text) OR is_made)),
  constraint restore_items_choice_check CHECK ((choice = ANY (ARRAY['create'::text, 'update'::text, 'skip'::text, 'delete'::text]))),
  constraint restore_items_decision_check CHECK ((decision = ANY (ARRAY['adopt'::text, 'delete_ours'::text, 'create_anew'::text, 'look_again'::text]))),
  constraint restore_items_live_hash_check CHECK ((octet_length(live_hash) = 32)),
  constraint restore_items_made_hash_check CHECK ((octet_length(made_hash) = 32)),
  constraint restore_items_match_kind_check CHECK ((match_kind = ANY (ARRAY['same_id'::text, 'same_name'::text, 'chosen'::text, 'ambiguous'::text, 'none'::text]))),
  constraint restore_items_result_check CHECK ((result = ANY (ARRAY['verified'::text, 'differs'::text, 'failed'::text, 'unknown'::text, 'not_written'::text, 'removed'::text]))),
  constraint restore_items_risk_check CHECK ((risk = ANY (ARRAY['low'::text, 'medium'::text, 'high'::text])))
);
CREATE INDEX restore_items_by_action ON public.restore_items USING btree (tenant_id, restore_id, action, "position", version_id);
CREATE INDEX restore_items_by_match ON public.restore_items USING btree (tenant_id, restore_id, type, match_graph_id);
CREATE INDEX restore_items_by_name ON public.restore_items USING btree (tenant_id, restore_id, type, name);
CREATE INDEX restore_items_by_result ON public.restore_items USING btree (tenant_id, restore_id, result, "position", version_id);
CREATE INDEX restore_items_by_source ON public.restore_items USING btree (tenant_id, restore_id, type, source_graph_id);
CREATE INDEX restore_items_content ON public.restore_items USING btree (tenant_id, content_hash);
CREATE INDEX restore_items_in_order ON public.restore_items USING btree (tenant_id, restore_id, "position", version_id);
CREATE INDEX restore_items_safety ON public.restore_items USING btree (tenant_id, safety_version_id);
alter table restore_items enable row level security;
alter table restore_items force row level security;
create policy tenant_wall on restore_items as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant delete, insert, select, update on restore_items to atlas_tenant;
alter table restore_items owner to atlas_owner;

create table restore_references (
  tenant_id uuid not null,
  restore_id uuid not null,
  kind text not null,
  source_id text not null,
  name text,
  how text not null,
  target text,
  items integer not null,
  constraint restore_references_pkey PRIMARY KEY (tenant_id, restore_id, kind, source_id),
  constraint restore_references_tenant_id_restore_id_fkey FOREIGN KEY (tenant_id, restore_id) REFERENCES restores(tenant_id, id) ON DELETE CASCADE,
  constraint restore_references_how_check CHECK ((how = ANY (ARRAY['by_hand'::text, 'same_id'::text, 'same_name'::text, 'restore_item'::text, 'new_group'::text, 'unchecked'::text, 'nothing'::text])))
);
CREATE INDEX restore_references_by_how ON public.restore_references USING btree (tenant_id, restore_id, how, kind, source_id);
alter table restore_references enable row level security;
alter table restore_references force row level security;
create policy tenant_wall on restore_references as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant delete, insert, select on restore_references to atlas_tenant;
alter table restore_references owner to atlas_owner;

create table restore_secrets (
  tenant_id uuid not null,
  restore_id uuid not null,
  version_id uuid not null,
  place text not null,
  id uuid not null,
  sealed bytea not null,
  keyed_hash bytea not null,
  entered_by text not null,
  entered_at timestamp with time zone not null default clock_timestamp(),
  constraint restore_secrets_pkey PRIMARY KEY (tenant_id, id),
  constraint restore_secrets_tenant_id_restore_id_version_id_place_key UNIQUE (tenant_id, restore_id, version_id, place),
  constraint restore_secrets_tenant_id_restore_id_version_id_fkey FOREIGN KEY (tenant_id, restore_id, version_id) REFERENCES restore_items(tenant_id, restore_id, version_id) ON DELETE CASCADE,
  constraint restore_secrets_keyed_hash_check CHECK ((octet_length(keyed_hash) = 32)),
  constraint restore_secrets_place_check CHECK ((length(place) <= 1000))
);
alter table restore_secrets enable row level security;
alter table restore_secrets force row level security;
create policy tenant_wall on restore_secrets as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant delete, insert, select on restore_secrets to atlas_tenant;
alter table restore_secrets owner to atlas_owner;

create table restore_sources (
  tenant_id uuid not null,
  restore_id uuid not null,
  version_id uuid not null,
  version_number integer not null,
  from_tenant_id uuid not null,
  from_tenant_name text not null,
  from_policy_id uuid not null,
  read_at timestamp with time zone not null,
  reference_names jsonb not null,
  copied_by text not null,
  copied_at timestamp with time zone not null default clock_timestamp(),
  constraint restore_sources_pkey PRIMARY KEY (tenant_id, restore_id, version_id),
  constraint restore_sources_tenant_id_restore_id_fkey FOREIGN KEY (tenant_id, restore_id) REFERENCES restores(tenant_id, id) ON DELETE CASCADE
);
alter table restore_sources enable row level security;
alter table restore_sources force row level security;
create policy tenant_wall on restore_sources as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant insert, select on restore_sources to atlas_tenant;
alter table restore_sources owner to atlas_owner;

create table restore_writes (
  tenant_id uuid not null,
  restore_id uuid not null,
  version_id uuid not null,
  step integer not null,
  run_id uuid,
  type text not null,
  name text not null,
  is_create boolean not null,
  state text not null default 'planned'::text,
  attempt integer not null default 0,
  client_request_id uuid,
  intent_at timestamp with time zone,
  existing_ids text[],
  proof text,
  graph_id text,
  was_adopted boolean not null default false,
  failures integer not null default 0,
  code text,
  constraint restore_writes_pkey PRIMARY KEY (tenant_id, restore_id, version_id, step),
  constraint restore_writes_tenant_id_client_request_id_key UNIQUE (tenant_id, client_request_id),
  constraint restore_writes_tenant_id_restore_id_version_id_fkey FOREIGN KEY (tenant_id, restore_id, version_id) REFERENCES restore_items(tenant_id, restore_id, version_id) ON DELETE CASCADE,
  constraint restore_writes_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES runs(tenant_id, id) ON DELETE SET NULL (run_id),
  constraint restore_writes_check CHECK (((attempt = 0) = (client_request_id IS NULL))),
  constraint restore_writes_check1 CHECK (((attempt = 0) = (intent_at IS NULL))),
  constraint restore_writes_check2 CHECK (((state <> 'intent'::text) OR (attempt > 0))),
  constraint restore_writes_check3 CHECK (((state <> 'planned'::text) OR (attempt = 0) OR (proof IS NOT NULL))),
  constraint restore_writes_check4 CHECK (((state <> 'intent'::text) OR (NOT is_create) OR (existing_ids IS NOT NULL))),
  constraint restore_writes_check5 CHECK (((state <> ALL (ARRAY['applied'::text, 'verified'::text])) OR (graph_id IS NOT NULL))),
  constraint restore_writes_proof_check CHECK ((proof = ANY (ARRAY['refused'::text, 'not_sent'::text, 'not_found'::text, 'read_again'::text, 'decided'::text]))),
  constraint restore_writes_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'intent'::text, 'applied'::text, 'verified'::text, 'failed'::text, 'unknown'::text]))),
  constraint restore_writes_step_check CHECK ((step >= 0))
);
CREATE INDEX restore_writes_run ON public.restore_writes USING btree (tenant_id, run_id);
CREATE UNIQUE INDEX restore_writes_created ON public.restore_writes USING btree (tenant_id, restore_id, type, graph_id) WHERE (is_create AND (graph_id IS NOT NULL));
alter table restore_writes enable row level security;
alter table restore_writes force row level security;
create policy tenant_wall on restore_writes as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON public.restore_writes FOR EACH ROW EXECUTE FUNCTION guard_write();
grant insert, select, update on restore_writes to atlas_tenant;
alter table restore_writes owner to atlas_owner;

create table restores (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  state text not null default 'draft'::text,
  source_kind text not null,
  backup_id uuid,
  selection jsonb not null,
  options jsonb not null,
  mapping jsonb not null,
  revision integer not null default 1,
  made_by text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  plan_run_id uuid,
  plan_began_at timestamp with time zone,
  plan_looks jsonb not null default '{}'::jsonb,
  planned_at timestamp with time zone,
  planned_revision integer,
  connection_id uuid,
  connection_version integer,
  contracts_version text,
  fingerprint bytea,
  item_counts jsonb,
  origin_kind text,
  origin_id uuid,
  confirmed_at timestamp with time zone,
  confirmed_by text,
  confirmed_user_id uuid,
  confirmed_fingerprint bytea,
  confirm_reason text,
  execute_run_id uuid,
  began_at timestamp with time zone,
  ended_at timestamp with time zone,
  outcome text,
  safety_backup_id uuid,
  result_counts jsonb,
  write_registration_id uuid,
  write_registration_version integer,
  approval_types text[],
  constraint restores_pkey PRIMARY KEY (tenant_id, id),
  constraint restores_tenant_id_backup_id_fkey FOREIGN KEY (tenant_id, backup_id) REFERENCES backups(tenant_id, id) ON DELETE SET NULL (backup_id),
  constraint restores_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connections(tenant_id, id) ON DELETE SET NULL (connection_id),
  constraint restores_tenant_id_execute_run_id_fkey FOREIGN KEY (tenant_id, execute_run_id) REFERENCES runs(tenant_id, id) ON DELETE SET NULL (execute_run_id),
  constraint restores_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id),
  constraint restores_tenant_id_origin_id_fkey FOREIGN KEY (tenant_id, origin_id) REFERENCES restores(tenant_id, id),
  constraint restores_tenant_id_plan_run_id_fkey FOREIGN KEY (tenant_id, plan_run_id) REFERENCES runs(tenant_id, id) ON DELETE SET NULL (plan_run_id),
  constraint restores_tenant_id_safety_backup_id_fkey FOREIGN KEY (tenant_id, safety_backup_id) REFERENCES backups(tenant_id, id) ON DELETE SET NULL (safety_backup_id),
  constraint restores_check CHECK (((state = 'draft'::text) = (fingerprint IS NULL))),
  constraint restores_check1 CHECK (((fingerprint IS NULL) = (planned_at IS NULL))),
  constraint restores_check2 CHECK (((origin_kind IS NULL) = (origin_id IS NULL))),
  constraint restores_check3 CHECK ((((confirmed_at IS NULL) = (confirmed_fingerprint IS NULL)) AND ((confirmed_at IS NULL) = (confirmed_by IS NULL)) AND ((confirmed_at IS NULL) = (confirm_reason IS NULL)))),
  constraint restores_check4 CHECK (((state = ANY (ARRAY['draft'::text, 'planned'::text])) OR (began_at IS NOT NULL))),
  constraint restores_check5 CHECK (((state = 'ended'::text) = (ended_at IS NOT NULL))),
  constraint restores_check6 CHECK (((began_at IS NULL) OR COALESCE((confirmed_fingerprint = fingerprint), false))),
  constraint restores_check7 CHECK (((write_registration_id IS NULL) = (write_registration_version IS NULL))),
  constraint restores_confirm_reason_check CHECK (((length(confirm_reason) >= 1) AND (length(confirm_reason) <= 500))),
  constraint restores_confirmed_fingerprint_check CHECK ((octet_length(confirmed_fingerprint) = 32)),
  constraint restores_fingerprint_check CHECK ((octet_length(fingerprint) = 32)),
  constraint restores_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint restores_origin_kind_check CHECK ((origin_kind = ANY (ARRAY['retry'::text, 'undo'::text, 'repair'::text]))),
  constraint restores_source_kind_check CHECK ((source_kind = ANY (ARRAY['backup'::text, 'versions'::text, 'copies'::text]))),
  constraint restores_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'planned'::text, 'executing'::text, 'ended'::text])))
);
CREATE INDEX restores_backup ON public.restores USING btree (tenant_id, backup_id) WHERE (backup_id IS NOT NULL);
CREATE INDEX restores_connection ON public.restores USING btree (tenant_id, connection_id);
CREATE INDEX restores_execute_run ON public.restores USING btree (tenant_id, execute_run_id);
CREATE INDEX restores_origin ON public.restores USING btree (tenant_id, origin_id) WHERE (origin_id IS NOT NULL);
CREATE INDEX restores_plan_run ON public.restores USING btree (tenant_id, plan_run_id);
CREATE INDEX restores_safety_backup ON public.restores USING btree (tenant_id, safety_backup_id);
alter table restores enable row level security;
alter table restores force row level security;
create policy tenant_wall on restores as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant insert, select, update on restores to atlas_tenant;
alter table restores owner to atlas_owner;

create table run_items (
  tenant_id uuid not null,
  run_id uuid not null,
  seq integer not null,
  subject_kind text not null,
  subject_id text not null,
  label text not null,
  discovers boolean not null default false,
  outcome text not null default 'pending'::text,
  code text,
  details jsonb,
  attempts smallint not null default 0,
  is_suspect boolean not null default false,
  crashes smallint not null default 0,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  constraint run_items_pkey PRIMARY KEY (tenant_id, run_id, seq),
  constraint run_items_tenant_id_run_id_subject_kind_subject_id_key UNIQUE (tenant_id, run_id, subject_kind, subject_id),
  constraint run_items_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES runs(tenant_id, id) ON DELETE CASCADE,
  constraint run_items_check CHECK (((outcome = 'pending'::text) = (ended_at IS NULL))),
  constraint run_items_outcome_check CHECK ((outcome = ANY (ARRAY['pending'::text, 'succeeded'::text, 'skipped'::text, 'failed'::text, 'unknown'::text])))
);
CREATE INDEX run_items_by_outcome ON public.run_items USING btree (tenant_id, run_id, outcome, seq);
CREATE INDEX run_items_discovering ON public.run_items USING btree (tenant_id, run_id, seq) WHERE ((outcome = 'pending'::text) AND discovers);
CREATE INDEX run_items_pending ON public.run_items USING btree (tenant_id, run_id, seq) WHERE (outcome = 'pending'::text);
CREATE INDEX run_items_suspect ON public.run_items USING btree (tenant_id, run_id, seq) WHERE ((outcome = 'pending'::text) AND is_suspect);
alter table run_items enable row level security;
alter table run_items force row level security;
create policy system_duties on run_items as permissive for select to atlas_system
  using (true);
create policy tenant_wall on run_items as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
CREATE TRIGGER fence_insert AFTER INSERT ON public.run_items REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_stale_fence();
CREATE TRIGGER fence_update AFTER UPDATE ON public.run_items REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_stale_fence();
grant select on run_items to atlas_system;
grant insert, select, update on run_items to atlas_tenant;
alter table run_items owner to atlas_owner;

create table run_requesters (
  tenant_id uuid not null,
  run_id uuid not null,
  user_id uuid not null,
  label text not null,
  requested_at timestamp with time zone not null default now(),
  constraint run_requesters_pkey PRIMARY KEY (tenant_id, run_id, user_id),
  constraint run_requesters_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES runs(tenant_id, id) ON DELETE CASCADE,
  constraint run_requesters_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX run_requesters_user ON public.run_requesters USING btree (user_id);
alter table run_requesters enable row level security;
alter table run_requesters force row level security;
create policy tenant_wall on run_requesters as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant insert, select on run_requesters to atlas_tenant;
alter table run_requesters owner to atlas_owner;

create table runs (
  tenant_id uuid not null,
  id uuid not null,
  type text not null,
  target text not null,
  input jsonb not null,
  input_hash bytea not null,
  lane text not null,
  priority integer not null default 100,
  phase text not null default 'queued'::text,
  outcome text,
  code text,
  items_total integer not null default 0,
  items_succeeded integer not null default 0,
  items_skipped integer not null default 0,
  items_failed integer not null default 0,
  items_unknown integer not null default 0,
  next_seq integer not null default 1,
  graph_calls integer not null default 0,
  graph_calls_saved integer not null default 0,
  throttled integer not null default 0,
  initiator_kind text not null,
  initiator_id uuid,
  initiator_label text not null,
  fence integer not null default 0,
  worker_id uuid,
  takeovers integer not null default 0,
  takeovers_seen integer not null default 0,
  attempts integer not null default 0,
  crashes integer not null default 0,
  run_at timestamp with time zone not null default now(),
  cancel_requested_at timestamp with time zone,
  revision bigint not null default 1,
  planned_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  batch_id uuid,
  connection_id uuid,
  policy_id uuid,
  backup_id uuid,
  constraint runs_pkey PRIMARY KEY (tenant_id, id),
  constraint runs_tenant_id_backup_id_fkey FOREIGN KEY (tenant_id, backup_id) REFERENCES backups(tenant_id, id) ON DELETE SET NULL (backup_id),
  constraint runs_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connections(tenant_id, id) ON DELETE SET NULL (connection_id),
  constraint runs_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id),
  constraint runs_tenant_id_policy_id_fkey FOREIGN KEY (tenant_id, policy_id) REFERENCES policies(tenant_id, id),
  constraint runs_check CHECK (((phase = 'ended'::text) = (outcome IS NOT NULL))),
  constraint runs_check1 CHECK (((phase = 'ended'::text) = (ended_at IS NOT NULL))),
  constraint runs_check2 CHECK (((phase = 'running'::text) = (worker_id IS NOT NULL))),
  constraint runs_check3 CHECK (((outcome IS DISTINCT FROM 'blocked'::text) OR (started_at IS NULL))),
  constraint runs_check4 CHECK (((((items_succeeded + items_skipped) + items_failed) + items_unknown) <= items_total)),
  constraint runs_check5 CHECK (((outcome IS NULL) OR (outcome <> ALL (ARRAY['succeeded'::text, 'partial'::text])) OR ((((items_succeeded + items_skipped) + items_failed) + items_unknown) = items_total))),
  constraint runs_initiator_kind_check CHECK ((initiator_kind = ANY (ARRAY['user'::text, 'token'::text, 'schedule'::text, 'system'::text]))),
  constraint runs_input_hash_check CHECK ((octet_length(input_hash) = 32)),
  constraint runs_lane_check CHECK ((lane = ANY (ARRAY['interactive'::text, 'bulk'::text]))),
  constraint runs_outcome_check CHECK ((outcome = ANY (ARRAY['succeeded'::text, 'partial'::text, 'failed'::text, 'cancelled'::text, 'blocked'::text]))),
  constraint runs_phase_check CHECK ((phase = ANY (ARRAY['queued'::text, 'running'::text, 'ended'::text])))
);
CREATE INDEX runs_backup ON public.runs USING btree (tenant_id, backup_id, id) WHERE (backup_id IS NOT NULL);
CREATE INDEX runs_by_type ON public.runs USING btree (tenant_id, type, id);
CREATE INDEX runs_connection ON public.runs USING btree (tenant_id, connection_id) WHERE (connection_id IS NOT NULL);
CREATE INDEX runs_ended ON public.runs USING btree (tenant_id, ended_at) WHERE (phase = 'ended'::text);
CREATE INDEX runs_failed ON public.runs USING btree (tenant_id, ended_at) WHERE (outcome = ANY (ARRAY['failed'::text, 'partial'::text, 'blocked'::text]));
CREATE INDEX runs_live_by_id ON public.runs USING btree (tenant_id, id) WHERE (phase <> 'ended'::text);
CREATE INDEX runs_next ON public.runs USING btree (tenant_id, lane, priority, run_at, id) WHERE (phase = 'queued'::text);
CREATE INDEX runs_policy ON public.runs USING btree (tenant_id, policy_id, id) WHERE (policy_id IS NOT NULL);
CREATE INDEX runs_working ON public.runs USING btree (worker_id) WHERE (phase = 'running'::text);
CREATE UNIQUE INDEX runs_live ON public.runs USING btree (tenant_id, type, target) WHERE (phase <> 'ended'::text);
CREATE UNIQUE INDEX runs_one_writer ON public.runs USING btree (tenant_id) WHERE ((phase <> 'ended'::text) AND (target = 'tenant-write'::text));
alter table runs enable row level security;
alter table runs force row level security;
create policy own_tenants on runs as permissive for select to atlas_person
  using (is_member_of(tenant_id));
create policy system_duties on runs as permissive for all to atlas_system
  using (true)
  with check (true);
create policy tenant_wall on runs as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
CREATE TRIGGER told AFTER INSERT OR UPDATE OF revision ON public.runs FOR EACH ROW EXECUTE FUNCTION tell_run_changed();
grant select on runs to atlas_person;
grant select, update on runs to atlas_system;
grant delete, insert, select, update on runs to atlas_tenant;
alter table runs owner to atlas_owner;

create table security_events (
  id uuid not null,
  at timestamp with time zone not null default now(),
  kind text not null,
  user_id uuid,
  route text not null,
  constraint security_events_pkey PRIMARY KEY (id)
);
grant insert on security_events to atlas_person;
alter table security_events owner to atlas_owner;

create table sessions (
  id uuid not null,
  id_hash bytea not null,
  user_id uuid not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  seen_at timestamp with time zone not null default clock_timestamp(),
  authenticated_at timestamp with time zone not null default clock_timestamp(),
  ends_at timestamp with time zone not null,
  idle interval not null,
  browser text not null,
  network text not null,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_id_hash_key UNIQUE (id_hash),
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint sessions_browser_check CHECK ((length(browser) <= 100)),
  constraint sessions_id_hash_check CHECK ((octet_length(id_hash) = 32)),
  constraint sessions_network_check CHECK ((length(network) <= 100))
);
CREATE INDEX sessions_ends ON public.sessions USING btree (ends_at);
CREATE INDEX sessions_user ON public.sessions USING btree (user_id);
CREATE TRIGGER signed_in AFTER INSERT ON public.sessions FOR EACH ROW EXECUTE FUNCTION record_person_deed('user.signed_in');
alter table sessions owner to atlas_owner;

create table sign_in_failures (
  id bigint not null generated as identity,
  at timestamp with time zone not null default clock_timestamp(),
  account_hash bytea not null,
  network_hash bytea not null,
  constraint sign_in_failures_pkey PRIMARY KEY (id),
  constraint sign_in_failures_account_hash_check CHECK ((octet_length(account_hash) = 32)),
  constraint sign_in_failures_network_hash_check CHECK ((octet_length(network_hash) = 32))
);
CREATE INDEX sign_in_failures_account ON public.sign_in_failures USING btree (account_hash, at);
CREATE INDEX sign_in_failures_at ON public.sign_in_failures USING btree (at);
CREATE INDEX sign_in_failures_network ON public.sign_in_failures USING btree (network_hash, at);
alter table sign_in_failures owner to atlas_owner;

create table snapshots (
  tenant_id uuid not null,
  content_hash bytea not null,
  body bytea not null,
  created_at timestamp with time zone not null default now(),
  constraint snapshots_pkey PRIMARY KEY (tenant_id, content_hash),
  constraint snapshots_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id),
  constraint snapshots_check CHECK ((content_hash = sha256(body)))
);
alter table snapshots enable row level security;
alter table snapshots force row level security;
create policy tenant_wall on snapshots as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
CREATE TRIGGER immutable BEFORE UPDATE OR TRUNCATE ON public.snapshots FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
grant insert, select on snapshots to atlas_tenant;
alter table snapshots owner to atlas_owner;

create table tenant_keys (
  tenant_id uuid not null,
  wrapped bytea not null,
  created_at timestamp with time zone not null default now(),
  constraint tenant_keys_pkey PRIMARY KEY (tenant_id),
  constraint tenant_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id)
);
alter table tenant_keys enable row level security;
alter table tenant_keys force row level security;
create policy tenant_wall on tenant_keys as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant insert, select on tenant_keys to atlas_tenant;
alter table tenant_keys owner to atlas_owner;

create table tenants (
  id uuid not null,
  name text not null,
  created_at timestamp with time zone not null default now(),
  constraint tenants_pkey PRIMARY KEY (id),
  constraint tenants_name_key UNIQUE (name),
  constraint tenants_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
alter table tenants enable row level security;
alter table tenants force row level security;
create policy own_tenants on tenants as permissive for select to atlas_person
  using (is_member_of(id));
create policy tenant_wall on tenants as permissive for all to atlas_tenant
  using ((id = current_tenant()))
  with check ((id = current_tenant()));
grant select on tenants to atlas_person;
grant insert, select, update on tenants to atlas_tenant;
alter table tenants owner to atlas_owner;

create table users (
  id uuid not null,
  name text not null,
  is_admin boolean not null default false,
  created_at timestamp with time zone not null default now(),
  disabled_at timestamp with time zone,
  constraint users_pkey PRIMARY KEY (id),
  constraint users_name_key UNIQUE (name),
  constraint users_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
alter table users enable row level security;
create policy members on users as permissive for select to atlas_tenant
  using ((EXISTS ( SELECT 1
   FROM memberships m
  WHERE ((m.tenant_id = current_tenant()) AND (m.user_id = users.id)))));
CREATE TRIGGER added AFTER INSERT ON public.users FOR EACH ROW EXECUTE FUNCTION record_installation_deed('user', 'added');
CREATE TRIGGER disabled AFTER UPDATE OF disabled_at ON public.users FOR EACH ROW WHEN ((old.disabled_at IS DISTINCT FROM new.disabled_at)) EXECUTE FUNCTION record_installation_deed('user', 'disabled');
grant select on users to atlas_tenant;
alter table users owner to atlas_owner;

create table workers (
  id uuid not null,
  engine_id text not null,
  beat_at timestamp with time zone not null default clock_timestamp(),
  started_at timestamp with time zone not null default clock_timestamp(),
  constraint workers_pkey PRIMARY KEY (id)
);
grant delete, insert, select, update on workers to atlas_system;
grant select on workers to atlas_tenant;
alter table workers owner to atlas_owner;

create table write_registrations (
  tenant_id uuid not null,
  connection_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  credential_kind text not null,
  sealed_credential bytea not null,
  version integer not null default 1,
  verified_at timestamp with time zone,
  granted text[],
  armed_until timestamp with time zone,
  armed_by text,
  armed_reason text,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint write_registrations_pkey PRIMARY KEY (tenant_id, connection_id),
  constraint write_registrations_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connections(tenant_id, id) ON DELETE CASCADE,
  constraint write_registrations_armed_reason_check CHECK (((length(armed_reason) >= 1) AND (length(armed_reason) <= 500))),
  constraint write_registrations_check CHECK ((num_nulls(armed_until, armed_by, armed_reason) = ANY (ARRAY[0, 3]))),
  constraint write_registrations_credential_kind_check CHECK ((credential_kind = ANY (ARRAY['secret'::text, 'certificate'::text])))
);
alter table write_registrations enable row level security;
alter table write_registrations force row level security;
create policy tenant_wall on write_registrations as permissive for all to atlas_tenant
  using ((tenant_id = current_tenant()))
  with check ((tenant_id = current_tenant()));
grant delete, insert, select, update on write_registrations to atlas_tenant;
alter table write_registrations owner to atlas_owner;

CREATE OR REPLACE FUNCTION public.add_first_admin(p_id uuid, p_name text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
  lock table passwords in exclusive mode;
  if exists (select 1 from users u join passwords p on p.user_id = u.id
      where u.is_admin and u.disabled_at is null) then
    return 'too_late';
  end if;
  insert into users (id, name, is_admin) values (p_id, p_name, true)
    on conflict (name) do nothing;
  return case when found then 'added' else 'name_taken' end;
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_person

CREATE OR REPLACE FUNCTION public.add_password_link(p_user uuid, p_token_hash bytea, p_life interval)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
  perform require_admin();
  insert into one_time_links (token_hash, purpose, user_id, expires_at)
  select p_token_hash, 'password', u.id, clock_timestamp() + p_life
  from users u where u.id = p_user and u.disabled_at is null;
  return found;
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_person

CREATE OR REPLACE FUNCTION public.add_run_items(p_id uuid, p_fence integer, p_items jsonb)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
  v_seq integer;
  v_added integer;
begin
  perform set_config('app.fence', p_fence::text, true);
  select next_seq into v_seq from runs
    where tenant_id = current_tenant() and id = p_id and fence = p_fence and phase = 'running'
    for no key update;
  if not found then raise exception 'run fence lost' using errcode = 'TA001'; end if;
  with given as (
    select i.*, g.n from jsonb_array_elements(p_items) with ordinality as g (value, n),
      jsonb_to_record(g.value) as i (kind text, id text, label text, discovers boolean,
        outcome text, code text, details jsonb)
  ), added as (
    insert into run_items (tenant_id, run_id, seq, subject_kind, subject_id, label, discovers,
      outcome, code, details, started_at, ended_at)
    select current_tenant(), p_id, v_seq + n - 1, kind, id, label, discovers, outcome, code,
      details,
      case when outcome <> 'pending' then clock_timestamp() end,
      case when outcome <> 'pending' then clock_timestamp() end
    from given order by n
    on conflict (tenant_id, run_id, subject_kind, subject_id) do nothing
    returning outcome
  ), counted as (
    select count(*)::integer as total,
      (count(*) filter (where outcome = 'succeeded'))::integer as succeeded,
      (count(*) filter (where outcome = 'skipped'))::integer as skipped,
      (count(*) filter (where outcome = 'failed'))::integer as failed,
      (count(*) filter (where outcome = 'unknown'))::integer as unknown
    from added
  )
  update runs r set next_seq = v_seq + jsonb_array_length(p_items),
      items_total = r.items_total + c.total, items_succeeded = r.items_succeeded + c.succeeded,
      items_skipped = r.items_skipped + c.skipped, items_failed = r.items_failed + c.failed,
      items_unknown = r.items_unknown + c.unknown,
      crashes = case when c.total > 0 then 0 else r.crashes end, revision = r.revision + 1
    from counted c where r.tenant_id = current_tenant() and r.id = p_id
    returning c.total into v_added;
  return v_added;
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_tenant

CREATE OR REPLACE FUNCTION public.add_sign_in_failure(p_account bytea, p_network bytea)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  insert into sign_in_failures (account_hash, network_hash) values (p_account, p_network)
$function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_person

CREATE OR REPLACE FUNCTION public.add_user(p_id uuid, p_name text, p_admin boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
  perform require_admin();
  insert into users (id, name, is_admin) values (p_id, p_name, p_admin)
    on conflict (name) do nothing;
  return found;
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_person

CREATE OR REPLACE FUNCTION public.cancel_run(p_id uuid)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
  found_run runs;
begin
  -- both, in order: a join may just be moving the run from one to the other
  perform 1 from lanes where tenant_id = current_tenant() order by lane for update;
  select * into found_run from runs
    where tenant_id = current_tenant() and id = p_id and phase <> 'ended' for update;
  if not found then return null; end if;
  if found_run.phase = 'queued' and found_run.started_at is null then
    update runs set cancel_requested_at = clock_timestamp(), revision = revision + 1,
        phase = 'ended', outcome = 'cancelled', code = null, ended_at = clock_timestamp()
      where tenant_id = current_tenant() and id = p_id;
    return 'ended';
  end if;
  update runs set revision = revision + 1, run_at = least(run_at, clock_timestamp()),
      cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp())
    where tenant_id = current_tenant() and id = p_id;
  if found_run.phase = 'queued' then
    perform ensure_ticket(found_run.lane, clock_timestamp());
  else
    perform pg_notify('run_cancel', p_id::text);
  end if;
  return 'stopping';
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_tenant

CREATE OR REPLACE FUNCTION public.checkpoint_items(p_id uuid, p_fence integer, p_results jsonb, p_calls integer, p_saved integer, p_throttled integer, p_plan_ended boolean)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
  perform set_config('app.fence', p_fence::text, true);
  perform 1 from runs where tenant_id = current_tenant() and id = p_id and fence = p_fence
    and phase = 'running' for no key update;
  if not found then raise exception 'run fence lost' using errcode = 'TA001'; end if;
  with given as (
    select * from jsonb_to_recordset(p_results) as r (seq integer, outcome text, code text,
      details jsonb, attempts smallint, "startedAt" timestamptz, "endedAt" timestamptz)
  ), settled as (
    update run_items i set outcome = g.outcome, code = g.code, details = g.details,
        attempts = g.attempts, started_at = g."startedAt", is_suspect = false, crashes = 0,
        ended_at = case when g.outcome <> 'pending' then g."endedAt" end
      from given g
      where i.tenant_id = current_tenant() and i.run_id = p_id and i.seq = g.seq
        and i.outcome = 'pending'
      returning i.outcome
  ), counted as (
    select (count(*) filter (where outcome = 'succeeded'))::integer as succeeded,
      (count(*) filter (where outcome = 'skipped'))::integer as skipped,
      (count(*) filter (where outcome = 'failed'))::integer as failed,
      (count(*) filter (where outcome = 'unknown'))::integer as unknown,
      count(*) as written
    from settled
  )
  update runs r set items_succeeded = r.items_succeeded + c.succeeded,
      items_skipped = r.items_skipped + c.skipped, items_failed = r.items_failed + c.failed,
      items_unknown = r.items_unknown + c.unknown, graph_calls = r.graph_calls + p_calls,
      graph_calls_saved = r.graph_calls_saved + p_saved, throttled = r.throttled + p_throttled,
      crashes = case when c.written > 0 then 0 else r.crashes end, revision = r.revision + 1
    from counted c where r.tenant_id = current_tenant() and r.id = p_id;
  -- The total is final once the plan has come to its end and no item is left that may find more.
  if p_plan_ended then
    update runs r set planned_at = clock_timestamp()
      where r.tenant_id = current_tenant() and r.id = p_id and r.planned_at is null
        and not exists (select 1 from run_items i where i.tenant_id = current_tenant()
          and i.run_id = p_id and i.outcome = 'pending' and i.discovers);
  end if;
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_tenant

CREATE OR REPLACE FUNCTION public.claim_next(p_lane text, p_worker uuid)
 RETURNS runs
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
  claimed runs;
  v_id uuid;
begin
  for tries in 1..3 loop
    select id into v_id from runs
      where tenant_id = current_tenant() and lane = p_lane and phase = 'queued'
        and run_at <= clock_timestamp()
      order by priority, run_at, id limit 1;
    exit when v_id is null;
    update runs set phase = 'running', fence = fence + 1, worker_id = p_worker, code = null,
        revision = revision + 1
      where tenant_id = current_tenant() and id = v_id and phase = 'queued' and lane = p_lane
      returning * into claimed;
    -- not found: cancelled or moved meanwhile, so look again
    exit when found;
  end loop;
  return claimed;
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_tenant

CREATE OR REPLACE FUNCTION public.claim_run(p_lane text, p_ticket_no bigint, p_worker uuid, OUT status text, OUT run jsonb)
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
  held lanes;
  claimed runs;
begin
  select * into held from lanes
    where tenant_id = current_tenant() and lane = p_lane for update;
  if not found or held.ticket_no <> p_ticket_no or held.busy_run_id is not null
      or held.ticket_at is null then
    status := 'stale';
    return;
  end if;
  if not exists (select 1 from workers where id = p_worker) then
    status := 'dead';
    return;
  end if;
  claimed := claim_next(p_lane, p_worker);
  if claimed.id is null then
    perform free_lane(p_lane);
    status := 'empty';
    return;
  end if;
  update lanes set busy_run_id = claimed.id where tenant_id = current_tenant() and lane = p_lane;
  status := 'claimed';
  run := to_jsonb(claimed);
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_tenant

CREATE OR REPLACE FUNCTION public.count_sign_in_failures(p_account bytea, p_network bytea, p_window interval)
 RETURNS TABLE(of_account integer, of_network integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
  delete from sign_in_failures f where f.id in (
    select o.id from sign_in_failures o where o.at < clock_timestamp() - p_window
    order by o.at limit 100 for update skip locked);
  return query select
    (select count(*)::integer from sign_in_failures f
      where f.account_hash = p_account and f.at > clock_timestamp() - p_window),
    (select count(*)::integer from sign_in_failures f
      where f.network_hash = p_network and f.at > clock_timestamp() - p_window);
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_person

CREATE OR REPLACE FUNCTION public.current_person()
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog'
AS $function$
declare
  person text := current_setting('app.user_id', true);
begin
  if person is null or person = '' then
    raise exception 'no person is set for this transaction' using errcode = '42501';
  end if;
  return person::uuid;
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_person

CREATE OR REPLACE FUNCTION public.current_tenant()
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog'
AS $function$
declare
  tenant text := current_setting('app.tenant_id', true);
begin
  if tenant is null or tenant = '' then
    raise exception 'no tenant is set for this transaction' using errcode = '42501';
  end if;
  return tenant::uuid;
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_tenant

CREATE OR REPLACE FUNCTION public.end_session(p_id uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
  delete from sessions s where s.id = p_id and s.user_id = current_person();
  return found;
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_person

CREATE OR REPLACE FUNCTION public.end_slice(p_id uuid, p_fence integer, p_phase text, p_outcome text, p_code text, p_run_at timestamp with time zone, p_attempts integer, p_go_on boolean, p_worker uuid, OUT next_run jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
  v_lane text;
  claimed runs;
begin
  select lane into v_lane from runs where tenant_id = current_tenant() and id = p_id;
  perform 1 from lanes where tenant_id = current_tenant() and lane = v_lane for update;
  update runs set phase = p_phase, outcome = p_outcome, code = p_code, worker_id = null,
      attempts = p_attempts, crashes = 0, revision = revision + 1,
      run_at = coalesce(p_run_at, clock_timestamp()),
      ended_at = case when p_phase = 'ended' then clock_timestamp() end
    where tenant_id = current_tenant() and id = p_id and fence = p_fence and phase = 'running';
  if not found then raise exception 'run fence lost' using errcode = 'TA001'; end if;
  if p_go_on then
    claimed := claim_next(v_lane, p_worker);
    if claimed.id is not null then
      update lanes set busy_run_id = claimed.id
        where tenant_id = current_tenant() and lane = v_lane;
      next_run := to_jsonb(claimed);
      return;
    end if;
  end if;
  perform free_lane(v_lane);
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_tenant

CREATE OR REPLACE FUNCTION public.ensure_ticket(p_lane text, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
  v_no bigint;
begin
  insert into lanes as l (tenant_id, lane, ticket_no, ticket_at)
    values (current_tenant(), p_lane, 1, p_at)
  -- locks the lane even where the condition is false: that serialises with the end of a slice
  on conflict (tenant_id, lane) do update
    set ticket_no = l.ticket_no + 1, ticket_at = excluded.ticket_at
    where l.busy_run_id is null and (l.ticket_at is null or l.ticket_at > excluded.ticket_at)
  returning l.ticket_no into v_no;
  if found then perform issue_ticket(p_lane, v_no, p_at); end if;
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_tenant

CREATE OR REPLACE FUNCTION public.enter_slice(p_id uuid, p_fence integer, p_roles text[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
  current_run runs;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended(p_id::text, 1));
  perform set_config('app.fence', p_fence::text, true);
  select * into current_run from runs where tenant_id = current_tenant() and id = p_id;
  if current_run.phase is distinct from 'running' or current_run.fence <> p_fence then
    raise exception 'run fence lost' using errcode = 'TA001';
  end if;
  if p_roles is null then return; end if;
  if current_run.cancel_requested_at is not null then
    raise exception 'run cancelled' using errcode = 'TA002';
  end if;
  if not run_has_right(p_id, p_roles) then
    raise exception 'rights lost' using errcode = 'TA003';
  end if;
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_tenant

CREATE OR REPLACE FUNCTION public.find_password(p_name text)
 RETURNS TABLE(user_id uuid, user_name text, salt bytea, hash bytea)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  select u.id, u.name, p.salt, p.hash from users u join passwords p on p.user_id = u.id
  where u.name = p_name and u.disabled_at is null
$function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_person

CREATE OR REPLACE FUNCTION public.find_session(p_id_hash bytea)
 RETURNS TABLE(session_id uuid, user_id uuid, user_name text, is_admin boolean, created_at timestamp with time zone, authenticated_at timestamp with time zone, ends_at timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
  found_session sessions;
begin
  select s.* into found_session from sessions s join users u on u.id = s.user_id
  where s.id_hash = p_id_hash and s.ends_at > clock_timestamp()
    and s.seen_at + s.idle > clock_timestamp() and u.disabled_at is null;
  if found_session.id is null then return; end if;
  if found_session.seen_at < clock_timestamp() - interval '1 minute' then
    update sessions s set seen_at = clock_timestamp() where s.id = found_session.id;
  end if;
  return query select found_session.id, u.id, u.name, u.is_admin, found_session.created_at,
    found_session.authenticated_at, found_session.ends_at
  from users u where u.id = found_session.user_id;
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_person

CREATE OR REPLACE FUNCTION public.find_token(p_hash bytea)
 RETURNS TABLE(token_id uuid, user_id uuid, user_name text, is_admin boolean, token_name text, scopes text[], tenant_ids uuid[])
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  select t.id, u.id, u.name, u.is_admin, t.name, t.scopes, t.tenant_ids
  from api_tokens t join users u on u.id = t.user_id
  where t.token_hash = p_hash and t.revoked_at is null and t.expires_at > now()
    and u.disabled_at is null
$function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_person

CREATE OR REPLACE FUNCTION public.find_user(p_name text)
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  select id from users where name = p_name and disabled_at is null
$function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_tenant

CREATE OR REPLACE FUNCTION public.forgive_sign_in_failures(p_account bytea)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  delete from sign_in_failures where account_hash = p_account
$function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_person

CREATE OR REPLACE FUNCTION public.free_lane(p_lane text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
  v_at timestamptz;
  v_no bigint;
begin
  select case when min(run_at) is not null then greatest(min(run_at), clock_timestamp()) end
    into v_at from runs
    where tenant_id = current_tenant() and lane = p_lane and phase = 'queued';
  update lanes set busy_run_id = null, ticket_at = v_at,
      ticket_no = ticket_no + case when v_at is null then 0 else 1 end
    where tenant_id = current_tenant() and lane = p_lane returning ticket_no into v_no;
  if v_at is not null then perform issue_ticket(p_lane, v_no, v_at); end if;
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_tenant

CREATE OR REPLACE FUNCTION public.guard_write()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
  if tg_op = 'UPDATE' and new.run_id is null then
    -- retention forgets the run, and nothing else
    if (to_jsonb(new) - 'run_id') = (to_jsonb(old) - 'run_id') then return new; end if;
  end if;
  perform pg_advisory_xact_lock_shared(hashtextextended(new.run_id::text, 1));
  if not exists (
    select 1 from runs r where r.tenant_id = new.tenant_id and r.id = new.run_id
      and r.phase = 'running' and r.fence::text = current_setting('app.fence', true)
  ) then
    raise exception 'run fence lost' using errcode = 'TA001';
  end if;
  if tg_op = 'INSERT' then
    if new.state <> 'planned' or new.attempt <> 0 then
      raise exception 'a write begins planned' using errcode = '23514';
    end if;
    return new;
  end if;
  if old.state <> new.state and not (
    (old.state = 'planned' and new.state in ('intent', 'applied', 'failed'))
    or (old.state = 'intent' and new.state in ('planned', 'applied', 'failed', 'unknown'))
    or (old.state = 'applied' and new.state in ('verified', 'failed'))
    -- a person decided
    or (old.state = 'unknown' and new.state in ('intent', 'planned', 'applied', 'failed'))
  ) then
    raise exception 'a write does not go from % to %', old.state, new.state using errcode = '23514';
  end if;
  if old.state = 'planned' and new.state = 'intent'
      and (new.attempt <> old.attempt + 1 or new.client_request_id = old.client_request_id) then
    raise exception 'an intent is a new attempt' using errcode = '23514';
  end if;
  return new;
end $function$
;
-- owner atlas_owner, executed by atlas_owner

CREATE OR REPLACE FUNCTION public.hasten_run(p_id uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
  v_at timestamptz;
begin
  perform 1 from lanes where tenant_id = current_tenant() order by lane for update;
  update runs set lane = 'interactive', revision = revision + 1,
      run_at = case when code = 'graph.throttled' then run_at else least(run_at, now()) end
    where tenant_id = current_tenant() and id = p_id and phase = 'queued' and lane = 'bulk'
    returning run_at into v_at;
  if found then perform ensure_ticket('interactive', v_at); end if;
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_tenant

CREATE OR REPLACE FUNCTION public.is_member_of(p_tenant uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
  return exists (select 1 from memberships m
    where m.tenant_id = p_tenant and m.user_id = current_person());
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_person

CREATE OR REPLACE FUNCTION public.is_session_open(p_id_hash bytea)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  select exists (select 1 from sessions s join users u on u.id = s.user_id
    where s.id_hash = p_id_hash and s.ends_at > clock_timestamp()
      and s.seen_at + s.idle > clock_timestamp() and u.disabled_at is null)
$function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_person

CREATE OR REPLACE FUNCTION public.issue_ticket(p_lane text, p_no bigint, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  select issue_ticket_for(current_tenant(), p_lane, p_no, p_at)
$function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_tenant

CREATE OR REPLACE FUNCTION public.issue_ticket_for(p_tenant uuid, p_lane text, p_no bigint, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  select graphile_worker.add_job(
    'lane', json_build_object('tenantId', p_tenant, 'lane', p_lane, 'ticketNo', p_no),
    run_at => p_at, max_attempts => 3,
    job_key => 'lane/' || p_tenant || '/' || p_lane || '/' || p_no,
    priority => case p_lane when 'interactive' then 0 else 10 end)
$function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_system

CREATE OR REPLACE FUNCTION public.keep_version(p_id uuid, p_policy uuid, p_hash bytea, p_body bytea, p_assignments_hash bytea, p_scope_tags_hash bytea, p_name text, p_reason text, p_made_by text, p_run uuid, p_read_at timestamp with time zone, p_masked boolean, p_meta json, p_group_ids text[], OUT version_id uuid, OUT number integer, OUT is_new boolean, OUT is_new_body boolean)
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
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
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_tenant

CREATE OR REPLACE FUNCTION public.leave_slice(p_id uuid, p_fence integer)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
  perform pg_advisory_xact_lock(hashtextextended(p_id::text, 1));
  perform enter_slice(p_id, p_fence, null);
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_tenant

CREATE OR REPLACE FUNCTION public.list_sessions()
 RETURNS TABLE(id uuid, created_at timestamp with time zone, seen_at timestamp with time zone, ends_at timestamp with time zone, browser text, network text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  select s.id, s.created_at, s.seen_at, s.ends_at, s.browser, s.network from sessions s
  where s.user_id = current_person() and s.ends_at > clock_timestamp()
    and s.seen_at + s.idle > clock_timestamp()
  order by s.seen_at desc limit 200
$function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_person

CREATE OR REPLACE FUNCTION public.list_users()
 RETURNS TABLE(id uuid, name text, is_admin boolean, created_at timestamp with time zone, disabled_at timestamp with time zone, can_sign_in boolean)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
  perform require_admin();
  return query select u.id, u.name, u.is_admin, u.created_at, u.disabled_at,
    exists (select 1 from passwords p where p.user_id = u.id)
  from users u order by lower(u.name), u.id limit 2000;
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_person

CREATE OR REPLACE FUNCTION public.look_at_link(p_token_hash bytea)
 RETURNS TABLE(purpose text, user_id uuid, user_name text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  select l.purpose, u.id, u.name from one_time_links l left join users u on u.id = l.user_id
  where l.token_hash = p_token_hash and l.used_at is null and l.expires_at > clock_timestamp()
    and u.disabled_at is null
$function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_person

CREATE OR REPLACE FUNCTION public.mark_suspects(p_id uuid, p_limit integer)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  update run_items set is_suspect = true
    where tenant_id = current_tenant() and run_id = p_id and seq in (
      (select seq from run_items
        where tenant_id = current_tenant() and run_id = p_id and outcome = 'pending'
          and code is null
        order by discovers desc, seq limit p_limit)
      union all
      (select seq from run_items
        where tenant_id = current_tenant() and run_id = p_id and outcome = 'pending'
          and code is not null
        order by discovers desc, seq limit p_limit));
  update runs set takeovers_seen = takeovers where tenant_id = current_tenant() and id = p_id;
$function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_tenant

CREATE OR REPLACE FUNCTION public.mend_lane(p_lane text, p_ticket_no bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
  held lanes;
begin
  -- only where there is none: an insert that conflicts would wait for whoever holds the row
  insert into lanes (tenant_id, lane) select current_tenant(), p_lane
    where not exists (select 1 from lanes where tenant_id = current_tenant() and lane = p_lane)
    on conflict do nothing;
  select * into held from lanes
    where tenant_id = current_tenant() and lane = p_lane for update skip locked;
  if not found or held.ticket_no <> p_ticket_no then return false; end if;
  if held.busy_run_id is not null and exists (
    select 1 from runs where tenant_id = current_tenant() and id = held.busy_run_id
      and phase = 'running') then
    return false;
  end if;
  perform free_lane(p_lane);
  return true;
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_tenant

CREATE OR REPLACE FUNCTION public.record_installation_deed()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
  insert into installation_entries (action, subject_kind, subject_id)
    values (tg_argv[0] || '.' || tg_argv[1], tg_argv[0], new.id);
  return null;
end $function$
;
-- owner atlas_owner, executed by atlas_owner

CREATE OR REPLACE FUNCTION public.record_person_deed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
  insert into installation_entries (action, subject_kind, subject_id)
    values (tg_argv[0], 'user', new.user_id);
  return null;
end $function$
;
-- owner atlas_owner, executed by atlas_owner

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  raise exception '% rows are never changed', tg_table_name using errcode = '42501';
end $function$
;
-- owner atlas_owner, executed by atlas_owner

CREATE OR REPLACE FUNCTION public.refuse_stale_fence()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended(c.run_id::text, 1))
    from (select distinct run_id from changed) c;
  if exists (
    select 1 from (select distinct tenant_id, run_id from changed) c
    join runs r on r.tenant_id = c.tenant_id and r.id = c.run_id
    where r.phase <> 'running' or r.fence::text is distinct from current_setting('app.fence', true)
  ) then
    raise exception 'run fence lost' using errcode = 'TA001';
  end if;
  return null;
end $function$
;
-- owner atlas_owner, executed by atlas_owner

CREATE OR REPLACE FUNCTION public.refuse_version_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  was public.policy_versions := old;
begin
  was.run_id := null;
  if new::text is distinct from was::text then
    raise exception 'policy_versions rows are never changed' using errcode = '42501';
  end if;
  return new;
end $function$
;
-- owner atlas_owner, executed by atlas_owner

CREATE OR REPLACE FUNCTION public.release_jobs(p_engine_ids text[])
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  select graphile_worker.force_unlock_workers(p_engine_ids)
$function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_system

CREATE OR REPLACE FUNCTION public.remove_given_up_tickets()
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  select graphile_worker.complete_jobs(array(
    select id from graphile_worker.jobs
    where task_identifier = 'lane' and attempts >= max_attempts and locked_at is null
    limit 1000))
$function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_system

CREATE OR REPLACE FUNCTION public.renew_session(p_id_hash bytea, p_new_hash bytea)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
  update sessions set id_hash = p_new_hash, authenticated_at = clock_timestamp(),
    seen_at = clock_timestamp()
  where id_hash = p_id_hash and user_id = current_person();
  return found;
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_person

CREATE OR REPLACE FUNCTION public.require_admin()
 RETURNS void
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
  if not exists (select 1 from users u
      where u.id = current_person() and u.is_admin and u.disabled_at is null) then
    raise exception 'only admins may do this' using errcode = '42501';
  end if;
end $function$
;
-- owner atlas_owner, executed by atlas_owner

CREATE OR REPLACE FUNCTION public.run_has_right(p_id uuid, p_roles text[])
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  select exists (
      select 1 from run_requesters q
      join memberships m on m.tenant_id = q.tenant_id and m.user_id = q.user_id
      join users u on u.id = m.user_id
      where q.tenant_id = current_tenant() and q.run_id = p_id
        and m.role = any (p_roles) and u.disabled_at is null)
    or exists (
      select 1 from runs r where r.tenant_id = current_tenant() and r.id = p_id
        and r.initiator_kind in ('schedule', 'system'))
$function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_tenant

CREATE OR REPLACE FUNCTION public.set_password(p_user uuid, p_salt bytea, p_hash bytea, p_kept uuid)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  insert into passwords (user_id, salt, hash) values (p_user, p_salt, p_hash)
    on conflict (user_id) do update
    set salt = excluded.salt, hash = excluded.hash, changed_at = clock_timestamp();
  insert into identities (issuer, subject, user_id) values ('local', p_user::text, p_user)
    on conflict do nothing;
  delete from sessions where user_id = p_user and id is distinct from p_kept;
$function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_person

CREATE OR REPLACE FUNCTION public.set_user_disabled(p_user uuid, p_is_disabled boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
  perform require_admin();
  if p_user = current_person() then return false; end if;
  update users set disabled_at = case when p_is_disabled
    then coalesce(disabled_at, clock_timestamp()) end where id = p_user;
  return found;
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_person

CREATE OR REPLACE FUNCTION public.start_run(p_id uuid, p_type text, p_target text, p_input jsonb, p_input_hash bytea, p_lane text, p_priority integer, p_initiator_kind text, p_initiator_id uuid, p_initiator_label text, p_connection_id uuid, p_policy_id uuid, p_backup_id uuid, p_batch_id uuid, OUT run_id uuid, OUT status text)
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
  live runs;
begin
  -- bounded: each further try means that a live run ended just between two statements
  for tries in 1..20 loop
    insert into runs (tenant_id, id, type, target, input, input_hash, lane, priority,
      initiator_kind, initiator_id, initiator_label, connection_id, policy_id, backup_id, batch_id)
    values (current_tenant(), p_id, p_type, p_target, p_input, p_input_hash, p_lane, p_priority,
      p_initiator_kind, p_initiator_id, p_initiator_label, p_connection_id, p_policy_id,
      p_backup_id, p_batch_id)
    -- either of the two live indexes
    on conflict do nothing;
    if found then
      run_id := p_id;
      status := 'created';
      perform ensure_ticket(p_lane, now());
      return;
    end if;
    select r.* into live from runs r
      where r.tenant_id = current_tenant() and r.target = p_target and r.phase <> 'ended'
        and (r.type = p_type or p_target = 'tenant-write');
    continue when not found;
    run_id := live.id;
    status := case when live.input_hash = p_input_hash and p_target <> 'tenant-write'
      then 'joined' else 'conflict' end;
    if status = 'conflict' then return; end if;
    if live.lane = 'bulk' and p_lane = 'interactive' then perform hasten_run(live.id); end if;
    -- The end of the run waits for this join to commit, so it tells the joiner too.
    perform 1 from runs where tenant_id = current_tenant() and id = live.id and phase <> 'ended'
      for share;
    if found then return; end if;
  end loop;
  raise exception 'run % keeps ending while it is joined', run_id;
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_tenant

CREATE OR REPLACE FUNCTION public.start_run_for(p_id uuid, p_type text, p_target text, p_input jsonb, p_input_hash bytea, p_lane text, p_priority integer, p_initiator_kind text, p_initiator_id uuid, p_initiator_label text, p_connection_id uuid, p_policy_id uuid, p_backup_id uuid, p_batch_id uuid, p_user_id uuid, p_notification_id uuid, p_audit_id uuid, OUT run_id uuid, OUT status text)
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
  v_person uuid;
  v_phase text := 'queued';
begin
  select s.run_id, s.status into run_id, status from start_run(p_id, p_type, p_target, p_input,
    p_input_hash, p_lane, p_priority, p_initiator_kind, p_initiator_id, p_initiator_label,
    p_connection_id, p_policy_id, p_backup_id, p_batch_id) s;
  if status = 'conflict' then return; end if;
  select u.id into v_person from users u where u.id = p_user_id;
  if found then
    insert into run_requesters (tenant_id, run_id, user_id, label)
      values (current_tenant(), start_run_for.run_id, v_person, p_initiator_label)
      on conflict do nothing;
    if status = 'joined' then
      select r.phase into v_phase from runs r
        where r.tenant_id = current_tenant() and r.id = start_run_for.run_id;
    end if;
    insert into notifications (tenant_id, id, user_id, run_id, state)
      values (current_tenant(), p_notification_id, v_person, start_run_for.run_id, v_phase)
      on conflict on constraint notifications_tenant_id_run_id_user_id_key do nothing;
  end if;
  insert into audit_entries (tenant_id, id, actor_kind, actor_id, actor_label, action,
    subject_kind, subject_id, details)
  values (current_tenant(), p_audit_id, p_initiator_kind, p_initiator_id, p_initiator_label,
    case status when 'joined' then 'run.joined' else 'run.started' end, 'run', run_id,
    jsonb_build_object('type', p_type));
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_tenant

CREATE OR REPLACE FUNCTION public.start_session(p_id uuid, p_id_hash bytea, p_user uuid, p_life interval, p_idle interval, p_browser text, p_network text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
  delete from sessions s where s.id in (
    select o.id from sessions o where o.ends_at < clock_timestamp()
    order by o.ends_at limit 100 for update skip locked);
  insert into sessions (id, id_hash, user_id, ends_at, idle, browser, network)
  select p_id, p_id_hash, u.id, clock_timestamp() + p_life, p_idle, p_browser, p_network
  from users u where u.id = p_user and u.disabled_at is null;
  if not found then
    raise exception 'this user may not sign in' using errcode = '42501';
  end if;
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_person

CREATE OR REPLACE FUNCTION public.take_back(p_id uuid, p_fence integer, p_left_by uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
  v_lane text;
begin
  perform pg_advisory_xact_lock(hashtextextended(p_id::text, 1));
  select lane into v_lane from runs where tenant_id = current_tenant() and id = p_id;
  perform 1 from lanes where tenant_id = current_tenant() and lane = v_lane for update;
  update runs set phase = 'queued', fence = fence + 1, worker_id = null, crashes = crashes + 1,
      takeovers = takeovers + case when p_left_by is null then 1 else 0 end,
      run_at = clock_timestamp(), revision = revision + 1
    where tenant_id = current_tenant() and id = p_id and fence = p_fence and phase = 'running'
      and (worker_id = p_left_by or not exists (select 1 from workers w where w.id = worker_id));
  if not found then return false; end if;
  perform free_lane(v_lane);
  return true;
end $function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_tenant

CREATE OR REPLACE FUNCTION public.tell_run_changed()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
  perform pg_notify('run_changed', new.tenant_id || ' ' || new.id);
  return null;
end $function$
;
-- owner atlas_owner, executed by atlas_owner

CREATE OR REPLACE FUNCTION public.ticket_is_alive(p_tenant uuid, p_lane text, p_no bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  select exists (
    select 1 from graphile_worker.jobs j
    where j.key = 'lane/' || p_tenant || '/' || p_lane || '/' || p_no
      and j.attempts < j.max_attempts
      and (j.locked_at is null or j.locked_at > now() - interval '5 seconds'))
$function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_system

CREATE OR REPLACE FUNCTION public.use_link(p_token_hash bytea)
 RETURNS TABLE(purpose text, user_id uuid)
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  update one_time_links l set used_at = clock_timestamp()
  where l.token_hash = p_token_hash and l.used_at is null and l.expires_at > clock_timestamp()
  returning l.purpose, l.user_id
$function$
;
-- owner atlas_owner, executed by atlas_owner, atlas_person
