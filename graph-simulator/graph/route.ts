import { KINDS } from '../kinds/all-kinds.ts';
import type { Kind } from '../kinds/kind.ts';
import type { GraphCall } from './graph-call.ts';

/** What an address means. */
export type Route =
  | { readonly to: 'collection'; readonly kind: Kind }
  | { readonly to: 'object'; readonly kind: Kind; readonly id: string }
  | {
      readonly to: 'member';
      readonly kind: Kind;
      readonly id: string;
      /** A part, an action, or a function with its parameters. */
      readonly member: string;
      readonly rest: readonly string[];
    }
  | { readonly to: 'getByIds'; readonly kind: Kind }
  | { readonly to: 'nothing' };

const TREE = KINDS.map((kind) => ({ kind, segments: kind.path.toLowerCase().split('/') }));

/** Resolves an address; names are compared without case, type casts are passed over. */
export function resolveRoute(call: GraphCall): Route {
  const segments = call.segments.flatMap(withoutCast);
  const lower = segments.map((segment) => segment.toLowerCase());
  const groups = TREE.find((entry) => entry.kind.name === 'groups')?.kind;
  if (groups !== undefined && lower[0] === 'directoryobjects') {
    if (lower[1] === 'getbyids') return { to: 'getByIds', kind: groups };
    const id = segments[1];
    return id === undefined ? { to: 'nothing' } : { to: 'object', kind: groups, id };
  }
  if (groups !== undefined && lower[0] === 'groups' && lower[1] === 'getbyids') {
    return { to: 'getByIds', kind: groups };
  }
  const entry = TREE.find(({ segments: path }) => path.every((part, at) => part === lower[at]));
  if (entry === undefined || !entry.kind.versions.includes(call.version)) return { to: 'nothing' };
  const [id, member, ...rest] = segments.slice(entry.segments.length);
  const { kind } = entry;
  if (id === undefined) return { to: 'collection', kind };
  return member === undefined
    ? { to: 'object', kind, id }
    : { to: 'member', kind, id, member, rest };
}

/** microsoft.graph.windows10CustomConfiguration is a cast; microsoft.graph.assign is an action. */
function withoutCast(segment: string): string[] {
  const name = /^microsoft\.graph\.(.+)$/i.exec(segment)?.[1];
  if (name === undefined) return [segment];
  return /(Policy|Configuration|Location|Filter|Tag|group)$/.test(name) ? [] : [name];
}
