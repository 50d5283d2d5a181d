-- People who sign in: who they are elsewhere, passwords, sessions, and links that work once. What
-- is secret is kept as its hash, in tables that nobody is granted: functions answer what may be
-- known.

-- Who somebody is to a provider of identities, never by e-mail. Accounts of our own are issuer
-- 'local', with the user's id as subject.
create table identities (
  issuer text not null check (length(issuer) between 1 and 500),
  subject text not null check (length(subject) between 1 and 500),
  user_id uuid not null references users (id) on delete cascade,
  created_at timestamptz not null default now(),
  primary key (issuer, subject)
);
create index identities_user on identities (user_id);

create table passwords (
  user_id uuid primary key references users (id) on delete cascade,
  -- argon2id, 19 MiB, 2 passes: access/password.ts
  salt bytea not null check (octet_length(salt) = 16),
  hash bytea not null check (octet_length(hash) = 32),
  changed_at timestamptz not null default now()
);

create table sessions (
  -- names it to its owner; the secret is in the cookie only
  id uuid primary key,
  id_hash bytea not null unique check (octet_length(id_hash) = 32),
  user_id uuid not null references users (id) on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp(),
  -- when the password was entered last
  authenticated_at timestamptz not null default clock_timestamp(),
  ends_at timestamptz not null,
  -- how long it may lie unused
  idle interval not null,
  browser text not null check (length(browser) <= 100),
  network text not null check (length(network) <= 100)
);
create index sessions_user on sessions (user_id);
create index sessions_ends on sessions (ends_at);

-- Work once, for a while: setting up the first admin, choosing a password, the demo.
create table one_time_links (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  purpose text not null check (purpose in ('set_up', 'password', 'demo')),
  user_id uuid references users (id) on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  check ((purpose = 'set_up') = (user_id is null))
);
create index one_time_links_user on one_time_links (user_id);

-- Failed sign-ins of the last minutes, by account and by network, both as hashes.
create table sign_in_failures (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  account_hash bytea not null check (octet_length(account_hash) = 32),
  network_hash bytea not null check (octet_length(network_hash) = 32)
);
create index sign_in_failures_account on sign_in_failures (account_hash, at);
create index sign_in_failures_network on sign_in_failures (network_hash, at);
create index sign_in_failures_at on sign_in_failures (at);

-- How many failures there were in the window; what is older is forgotten on the way.
create function count_sign_in_failures(p_account bytea, p_network bytea, p_window interval)
returns table (of_account integer, of_network integer)
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  delete from sign_in_failures f where f.id in (
    select o.id from sign_in_failures o where o.at < clock_timestamp() - p_window
    order by o.at limit 100 for update skip locked);
  return query select
    (select count(*)::integer from sign_in_failures f
      where f.account_hash = p_account and f.at > clock_timestamp() - p_window),
    (select count(*)::integer from sign_in_failures f
      where f.network_hash = p_network and f.at > clock_timestamp() - p_window);
end $$;

create function add_sign_in_failure(p_account bytea, p_network bytea) returns void
language sql security definer set search_path = pg_catalog, public as $$
  insert into sign_in_failures (account_hash, network_hash) values (p_account, p_network)
$$;

-- Somebody signed in: what failed before is forgiven to the account, not to the network.
create function forgive_sign_in_failures(p_account bytea) returns void
language sql security definer set search_path = pg_catalog, public as $$
  delete from sign_in_failures where account_hash = p_account
$$;

create function find_password(p_name text)
returns table (user_id uuid, user_name text, salt bytea, hash bytea)
language sql stable security definer set search_path = pg_catalog, public as $$
  select u.id, u.name, p.salt, p.hash from users u join passwords p on p.user_id = u.id
  where u.name = p_name and u.disabled_at is null
$$;

create function start_session(p_id uuid, p_id_hash bytea, p_user uuid, p_life interval,
  p_idle interval, p_browser text, p_network text) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
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
end $$;

-- Whose session this is; that it was seen is written at most once a minute.
create function find_session(p_id_hash bytea)
returns table (session_id uuid, user_id uuid, user_name text, is_admin boolean,
  created_at timestamptz, authenticated_at timestamptz, ends_at timestamptz)
language plpgsql security definer set search_path = pg_catalog, public as $$
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
end $$;

-- The password was entered again: the session goes on under a new secret.
create function renew_session(p_id_hash bytea, p_new_hash bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  update sessions set id_hash = p_new_hash, authenticated_at = clock_timestamp(),
    seen_at = clock_timestamp()
  where id_hash = p_id_hash and user_id = current_person();
  return found;
end $$;

create function list_sessions()
returns table (id uuid, created_at timestamptz, seen_at timestamptz, ends_at timestamptz,
  browser text, network text)
language sql stable security definer set search_path = pg_catalog, public as $$
  select s.id, s.created_at, s.seen_at, s.ends_at, s.browser, s.network from sessions s
  where s.user_id = current_person() and s.ends_at > clock_timestamp()
    and s.seen_at + s.idle > clock_timestamp()
  order by s.seen_at desc limit 200
$$;

create function end_session(p_id uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  delete from sessions s where s.id = p_id and s.user_id = current_person();
  return found;
end $$;

-- A new password ends every session but the one that it was chosen in.
create function set_password(p_user uuid, p_salt bytea, p_hash bytea, p_kept uuid) returns void
language sql security definer set search_path = pg_catalog, public as $$
  insert into passwords (user_id, salt, hash) values (p_user, p_salt, p_hash)
    on conflict (user_id) do update
    set salt = excluded.salt, hash = excluded.hash, changed_at = clock_timestamp();
  insert into identities (issuer, subject, user_id) values ('local', p_user::text, p_user)
    on conflict do nothing;
  delete from sessions where user_id = p_user and id is distinct from p_kept;
$$;

create function look_at_link(p_token_hash bytea)
returns table (purpose text, user_id uuid, user_name text)
language sql stable security definer set search_path = pg_catalog, public as $$
  select l.purpose, u.id, u.name from one_time_links l left join users u on u.id = l.user_id
  where l.token_hash = p_token_hash and l.used_at is null and l.expires_at > clock_timestamp()
    and u.disabled_at is null
$$;

-- Whoever comes second finds nothing.
create function use_link(p_token_hash bytea) returns table (purpose text, user_id uuid)
language sql security definer set search_path = pg_catalog, public as $$
  update one_time_links l set used_at = clock_timestamp()
  where l.token_hash = p_token_hash and l.used_at is null and l.expires_at > clock_timestamp()
  returning l.purpose, l.user_id
$$;

-- Only while nobody can administer the installation: the link for it opens nothing afterwards.
create function add_first_admin(p_id uuid, p_name text) returns text
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  lock table passwords in exclusive mode;
  if exists (select 1 from users u join passwords p on p.user_id = u.id
      where u.is_admin and u.disabled_at is null) then
    return 'too_late';
  end if;
  insert into users (id, name, is_admin) values (p_id, p_name, true)
    on conflict (name) do nothing;
  return case when found then 'added' else 'name_taken' end;
end $$;

do $$
declare
  signature text;
begin
  foreach signature in array array[
    'count_sign_in_failures(bytea, bytea, interval)', 'add_sign_in_failure(bytea, bytea)',
    'forgive_sign_in_failures(bytea)', 'find_password(text)',
    'start_session(uuid, bytea, uuid, interval, interval, text, text)', 'find_session(bytea)',
    'renew_session(bytea, bytea)', 'list_sessions()', 'end_session(uuid)',
    'set_password(uuid, bytea, bytea, uuid)', 'look_at_link(bytea)', 'use_link(bytea)',
    'add_first_admin(uuid, text)'] loop
    execute 'revoke execute on function ' || signature || ' from public';
    execute 'grant execute on function ' || signature || ' to atlas_person';
  end loop;
end $$;

-- Deeds of the installation, as those of users and tokens are.
create function record_person_deed() returns trigger language plpgsql
security definer set search_path = pg_catalog, public as $$
begin
  insert into installation_entries (action, subject_kind, subject_id)
    values (tg_argv[0], 'user', new.user_id);
  return null;
end $$;
revoke execute on function record_person_deed() from public;
create trigger changed after insert or update on passwords
  for each row execute function record_person_deed('user.password_set');
create trigger signed_in after insert on sessions
  for each row execute function record_person_deed('user.signed_in');
