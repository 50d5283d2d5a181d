-- Tenants, the people who look after them, and how we sign in to their Graph.
-- The roles atlas_tenant, atlas_system and atlas_person exist before: db/create-roles.ts.

revoke all on schema public from public;
grant usage on schema public to atlas_tenant, atlas_system, atlas_person;
alter default privileges revoke execute on functions from public;

-- The tenant of this transaction. Raises when unset: a forgotten tenant is an error, never an
-- empty answer.
create function current_tenant() returns uuid language plpgsql stable
set search_path = pg_catalog as $$
declare
  tenant text := current_setting('app.tenant_id', true);
begin
  if tenant is null or tenant = '' then
    raise exception 'no tenant is set for this transaction' using errcode = '42501';
  end if;
  return tenant::uuid;
end $$;
grant execute on function current_tenant() to atlas_tenant;

create function current_person() returns uuid language plpgsql stable
set search_path = pg_catalog as $$
declare
  person text := current_setting('app.user_id', true);
begin
  if person is null or person = '' then
    raise exception 'no person is set for this transaction' using errcode = '42501';
  end if;
  return person::uuid;
end $$;
grant execute on function current_person() to atlas_person;

-- For what may only ever be added: audit entries, snapshots, versions.
create function refuse_change() returns trigger language plpgsql
set search_path = pg_catalog as $$
begin
  raise exception '% rows are never changed', tg_table_name using errcode = '42501';
end $$;

create table users (
  id uuid primary key,
  name text not null unique check (length(name) between 1 and 200),
  is_admin boolean not null default false,
  created_at timestamptz not null default now(),
  disabled_at timestamptz
);
grant select on users to atlas_tenant;

create table api_tokens (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  name text not null check (length(name) between 1 and 200),
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  -- capabilities; the token's rights are its user's role, cut down to these
  scopes text[] not null,
  -- null: every tenant of its user
  tenant_ids uuid[],
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index api_tokens_user on api_tokens (user_id);

create table security_events (
  id uuid primary key,
  at timestamptz not null default now(),
  kind text not null,
  user_id uuid,
  route text not null
);
grant insert on security_events to atlas_person;

create table tenants (
  id uuid primary key,
  name text not null unique check (length(name) between 1 and 200),
  created_at timestamptz not null default now()
);
alter table tenants enable row level security;
alter table tenants force row level security;
grant select on tenants to atlas_tenant, atlas_person;

create table memberships (
  tenant_id uuid not null references tenants (id),
  user_id uuid not null references users (id) on delete cascade,
  role text not null check (role in ('readonly', 'operator', 'manager', 'owner')),
  created_at timestamptz not null default now(),
  primary key (tenant_id, user_id)
);
create index memberships_user on memberships (user_id, tenant_id);
alter table memberships enable row level security;
alter table memberships force row level security;
create policy tenant_wall on memberships to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
-- A tenant's transaction sees its own people only.
alter table users enable row level security;
create policy members on users for select to atlas_tenant using (exists (
  select 1 from memberships m where m.tenant_id = current_tenant() and m.user_id = id));
create policy own_memberships on memberships for select to atlas_person
  using (user_id = current_person());
grant select, insert, update, delete on memberships to atlas_tenant;
grant select on memberships to atlas_person;

create policy tenant_wall on tenants to atlas_tenant
  using (id = current_tenant()) with check (id = current_tenant());
create policy own_tenants on tenants for select to atlas_person
  using (exists (
    select 1 from memberships m where m.tenant_id = id and m.user_id = current_person()));
grant insert, update on tenants to atlas_tenant;

-- A data key per tenant, wrapped by the key-encryption key that lives outside the database.
create table tenant_keys (
  tenant_id uuid primary key references tenants (id),
  wrapped bytea not null,
  created_at timestamptz not null default now()
);
alter table tenant_keys enable row level security;
alter table tenant_keys force row level security;
create policy tenant_wall on tenant_keys to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert on tenant_keys to atlas_tenant;

create table connections (
  tenant_id uuid not null references tenants (id),
  id uuid not null,
  cloud text not null check (cloud in ('global', 'usGov', 'china')),
  entra_tenant_id uuid not null,
  client_id uuid not null,
  credential_kind text not null check (credential_kind in ('secret', 'certificate')),
  -- AES-256-GCM, bound to tenant, row and column: tenants/seal.ts
  sealed_credential bytea not null,
  -- grows with each change of credentials; a token cache never outlives it
  version integer not null default 1,
  verified_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id)
);
alter table connections enable row level security;
alter table connections force row level security;
create policy tenant_wall on connections to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, update, delete on connections to atlas_tenant;

-- What a connection can see of each policy type, as last found out.
create table coverage (
  tenant_id uuid not null references tenants (id),
  policy_type text not null,
  state text not null check (state in ('covered', 'not_licensed', 'not_permitted', 'refused')),
  code text,
  checked_at timestamptz not null default now(),
  primary key (tenant_id, policy_type)
);
alter table coverage enable row level security;
alter table coverage force row level security;
create policy tenant_wall on coverage to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, update on coverage to atlas_tenant;

-- Append-only: no grant to change, and a trigger for whoever has one.
create table audit_entries (
  tenant_id uuid not null references tenants (id),
  id uuid not null,
  at timestamptz not null default now(),
  actor_kind text not null check (actor_kind in ('user', 'token', 'schedule', 'system')),
  actor_id uuid,
  actor_label text not null,
  action text not null,
  subject_kind text not null,
  subject_id text not null,
  details jsonb not null default '{}',
  primary key (tenant_id, id)
);
alter table audit_entries enable row level security;
alter table audit_entries force row level security;
create policy tenant_wall on audit_entries to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert on audit_entries to atlas_tenant;
create trigger append_only before update or delete or truncate on audit_entries
  for each statement execute function refuse_change();

-- Who holds this token: one look-up by hash, the only way to the token table.
create function find_token(p_hash bytea)
returns table (token_id uuid, user_id uuid, user_name text, is_admin boolean,
  token_name text, scopes text[], tenant_ids uuid[])
language sql stable security definer set search_path = pg_catalog, public as $$
  select t.id, u.id, u.name, u.is_admin, t.name, t.scopes, t.tenant_ids
  from api_tokens t join users u on u.id = t.user_id
  where t.token_hash = p_hash and t.revoked_at is null and t.expires_at > now()
    and u.disabled_at is null
$$;
revoke execute on function find_token(bytea) from public;
grant execute on function find_token(bytea) to atlas_person;

-- Deeds that belong to no tenant: who was let in. Written by triggers, so that no command can
-- forget it; whoever can make them is the owner of the database, at its machine.
create table installation_entries (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  signed_in_as text not null default session_user,
  action text not null,
  subject_kind text not null,
  subject_id uuid not null
);
create trigger append_only before update or delete or truncate on installation_entries
  for each statement execute function refuse_change();

create function record_installation_deed() returns trigger language plpgsql
set search_path = pg_catalog, public as $$
begin
  insert into installation_entries (action, subject_kind, subject_id)
    values (tg_argv[0] || '.' || tg_argv[1], tg_argv[0], new.id);
  return null;
end $$;
create trigger added after insert on users
  for each row execute function record_installation_deed('user', 'added');
create trigger disabled after update of disabled_at on users
  for each row when (old.disabled_at is distinct from new.disabled_at)
  execute function record_installation_deed('user', 'disabled');
create trigger created after insert on api_tokens
  for each row execute function record_installation_deed('token', 'created');
create trigger revoked after update of revoked_at on api_tokens
  for each row when (old.revoked_at is distinct from new.revoked_at)
  execute function record_installation_deed('token', 'revoked');
