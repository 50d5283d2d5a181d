/**
 * What the catalog says about our schema, as SQL text. Each query gives `owner` (the object that a
 * line belongs to) and `line`, in an order that depends on nothing but names.
 */

/** All schemas but PostgreSQL's own and the queue engine's, whose owner keeps its own record. */
const OURS = `n.nspname not in ('pg_catalog', 'information_schema')
    and n.nspname not like 'pg\\_%' and n.nspname not like 'graphile\\_%'`;

/** Names without the default schema in front, as the migrations write them. */
const TABLES = `pg_class c join pg_namespace n on n.oid = c.relnamespace
    where ${OURS} and c.relkind in ('r', 'p', 'v', 'm')`;

export const TABLE_COLUMNS = `
  select c.oid::regclass::text as owner, format('%I %s%s%s%s', a.attname,
      format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then ' not null' end,
      case when a.attidentity <> '' then ' generated as identity'
           when a.attgenerated <> '' then
             format(' generated always as (%s) stored', pg_get_expr(d.adbin, d.adrelid))
           when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) end,
      case when a.attcollation <> t.typcollation then
        ' collate ' || a.attcollation::regcollation end) as line
    from pg_attribute a
    join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    join (select c.oid from ${TABLES} and c.relkind in ('r', 'p')) c on c.oid = a.attrelid
   where a.attnum > 0 and not a.attisdropped
   order by 1, a.attnum`;

/** Without NOT NULL, which PostgreSQL 18 lists as constraints and the columns show already. */
export const TABLE_CONSTRAINTS = `
  select c.oid::regclass::text as owner,
      format('constraint %I %s', k.conname, pg_get_constraintdef(k.oid)) as line
    from pg_constraint k
    join (select c.oid from ${TABLES}) c on c.oid = k.conrelid
   where k.contype in ('p', 'u', 'f', 'c', 'x')
   order by 1, position(k.contype in 'pufcx'), k.conname`;

/** Each line is a statement that follows its table. */
export const TABLE_STATEMENTS: readonly string[] = [
  `select i.indrelid::regclass::text as owner, pg_get_indexdef(i.indexrelid) as line
     from pg_index i join (select c.oid from ${TABLES}) c on c.oid = i.indrelid
    where not exists (select from pg_constraint k where k.conindid = i.indexrelid
                        and k.contype in ('p', 'u', 'x'))
    order by 1, 2`,
  `select c.oid::regclass::text as owner,
      format('alter table %s %s row level security', c.oid::regclass, word) as line
     from (select c.oid, c.relrowsecurity, c.relforcerowsecurity from ${TABLES}) c,
          lateral (values (1, 'enable', c.relrowsecurity), (2, 'force', c.relforcerowsecurity))
            as flag (no, word, is_set)
    where flag.is_set order by 1, flag.no`,
  `select p.polrelid::regclass::text as owner,
      format('create policy %I on %s as %s for %s to %s%s%s', p.polname, p.polrelid::regclass,
      case when p.polpermissive then 'permissive' else 'restrictive' end,
      case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
                    when 'd' then 'delete' else 'all' end,
      (select string_agg(case when r = 0 then 'public' else r::regrole::text end, ', ' order by
         case when r = 0 then 'public' else r::regrole::text end) from unnest(p.polroles) r),
      E'\\n  using (' || pg_get_expr(p.polqual, p.polrelid) || ')',
      E'\\n  with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')') as line
     from pg_policy p join (select c.oid from ${TABLES}) c on c.oid = p.polrelid
    order by 1, p.polname`,
  `select t.tgrelid::regclass::text as owner, pg_get_triggerdef(t.oid) as line
     from pg_trigger t join (select c.oid from ${TABLES}) c on c.oid = t.tgrelid
    where not t.tgisinternal order by 1, t.tgname`,
  `select c.oid::regclass::text as owner, format('grant %s on %s to %s',
      string_agg(lower(a.privilege_type), ', ' order by a.privilege_type), c.oid::regclass,
      case when a.grantee = 0 then 'public' else a.grantee::regrole::text end) as line
     from (select c.oid, c.relacl, c.relowner from ${TABLES}) c, aclexplode(c.relacl) a
    where a.grantee <> c.relowner
    group by c.oid, a.grantee
    order by 1, case when a.grantee = 0 then 'public' else a.grantee::regrole::text end`,
  `select c.oid::regclass::text as owner, format('grant %s (%I) on %s to %s',
      lower(a.privilege_type), t.attname, c.oid::regclass,
      case when a.grantee = 0 then 'public' else a.grantee::regrole::text end) as line
     from (select c.oid from ${TABLES}) c
     join pg_attribute t on t.attrelid = c.oid, aclexplode(t.attacl) a
    order by 1, 2`,
  `select c.oid::regclass::text as owner,
      format('alter table %s owner to %s', c.oid::regclass, c.relowner::regrole) as line
     from (select c.oid, c.relowner from ${TABLES}) c order by 1`,
];

/** What stands by itself, printed before the tables. */
export const FOREWORDS: readonly string[] = [
  `select n.nspname::text as owner, format('grant %s on schema %I to %s',
      string_agg(lower(a.privilege_type), ', ' order by a.privilege_type), n.nspname,
      case when a.grantee = 0 then 'public' else a.grantee::regrole::text end) as line
     from pg_namespace n, aclexplode(n.nspacl) a
    where ${OURS} and a.grantee <> n.nspowner
    group by n.nspname, a.grantee order by 1, 2`,
  `select 'default privileges' as owner, format(
      'alter default privileges for role %s%s: %s have %s', d.defaclrole::regrole,
      ' in schema ' || nullif(d.defaclnamespace, 0)::regnamespace,
      case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences'
        when 'f' then 'functions' when 'T' then 'types' else 'schemas' end,
      d.defaclacl::text) as line
     from pg_default_acl d order by 2`,
  `select e.extname::text as owner, format('create extension %I', e.extname) as line
     from pg_extension e where e.extname <> 'plpgsql' order by 1`,
  `select t.oid::regtype::text as owner, case t.typtype
      when 'e' then format('create type %s as enum (%s)', t.oid::regtype,
        (select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder)
           from pg_enum where enumtypid = t.oid))
      when 'c' then format('create type %s as (%s)', t.oid::regtype,
        (select string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', '
           order by attnum) from pg_attribute where attrelid = t.typrelid and attnum > 0))
      else format('create domain %s as %s%s', t.oid::regtype,
        format_type(t.typbasetype, t.typtypmod),
        (select string_agg(' ' || pg_get_constraintdef(oid), '' order by conname)
           from pg_constraint where contypid = t.oid)) end as line
     from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where ${OURS} and (t.typtype in ('e', 'd') or t.typtype = 'c'
      and exists (select from pg_class where oid = t.typrelid and relkind = 'c'))
    order by 1`,
  `select c.oid::regclass::text as owner, format('create sequence %s', c.oid::regclass) as line
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where ${OURS} and c.relkind = 'S' order by 1`,
];

export const VIEWS = `
  select c.oid::regclass::text as owner, format('create %sview %s%s as %s',
      case when c.relkind = 'm' then 'materialized ' end, c.oid::regclass,
      ' with (' || array_to_string(c.reloptions, ', ') || ')', pg_get_viewdef(c.oid)) as line
    from (select c.oid, c.relkind, c.reloptions from ${TABLES} and c.relkind in ('v', 'm')) c
   order by 1`;

/** Whoever may execute is part of what a function is: an empty list means its owner alone. */
export const FUNCTIONS = `
  select p.oid::regprocedure::text as owner, format(E'%s;\\n-- owner %s, executed by %s',
      rtrim(pg_get_functiondef(p.oid)), p.proowner::regrole,
      coalesce((select string_agg(distinct
          case when a.grantee = 0 then 'public' else a.grantee::regrole::text end, ', ')
        from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a), 'nobody')) as line
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   where ${OURS} and p.prokind in ('f', 'p', 'w')
     and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
   order by 1`;
