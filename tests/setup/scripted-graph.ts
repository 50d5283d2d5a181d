import { policyFace, toPolicyDocument } from '../../src/graph/canonical-form.ts';
import { contractOf, type PolicyType } from '../../src/graph/contracts/list.ts';
import type {
  DirectoryGroup,
  GraphReader,
  ListedPolicy,
  ReaderConnection,
} from '../../src/graph/port.ts';
import { canonicalText, type JsonObject } from '../../src/kernel/canonical-json.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { AppError } from '../../src/kernel/errors.ts';

/** What a story may put before an answer: it waits, changes the tenant, or throws. */
type Before<Args extends readonly unknown[]> = (...args: Args) => void | Promise<void>;

/**
 * A tenant's Graph behind the reading port, for stories in which it matters what happens between
 * two steps of a run. Whatever concerns HTTP is told with the simulator instead.
 */
export class ScriptedGraph {
  readonly #objects = new Map<PolicyType, Map<string, JsonObject>>();
  /** There, and left out of every listing, as half a page leaves them out. */
  readonly hidden = new Set<string>();
  readonly groups = new Map<string, string>();
  pageSize = 2;
  readonly reads: string[] = [];
  readonly listings: PolicyType[] = [];
  /** The connection was looked up; nothing has been asked yet. */
  afterOpen: Before<[]> = () => {};
  /** Before a whole listing. */
  beforeList: Before<[PolicyType]> = () => {};
  /** Before each page, by its number from 0; one beyond the last is asked before the end. */
  beforePage: Before<[PolicyType, number]> = () => {};
  /** Before a policy is looked up. */
  beforeRead: Before<[PolicyType, string]> = () => {};
  /** After it was looked up: the answer is on its way. */
  afterRead: Before<[PolicyType, string]> = () => {};
  beforeProbe: Before<[PolicyType]> = () => {};
  beforeGroupNames: Before<[]> = () => {};
  /** Before the application that may write signs in. */
  beforeWriteSignIn: Before<[]> = () => {};
  /** What its token tells. */
  grantedToWrite: readonly string[] | null = [];
  /** Changes what a complete listing brings of a policy. */
  damage: ((graphId: string) => Error | undefined) | undefined;

  /** Puts a policy there, or another body in its place. */
  has(type: PolicyType, graphId: string, body: JsonObject = {}): void {
    const name = { [contractOf(type).nameProperty]: `name of ${graphId}` };
    this.#ofType(type).set(graphId, { id: graphId, ...name, ...body });
  }

  loses(type: PolicyType, graphId: string): void {
    this.#ofType(type).delete(graphId);
  }

  reader(connection: ReaderConnection): GraphReader {
    return {
      connection,
      usage: { calls: 0, callsSaved: 0, throttled: 0 },
      list: (type) => this.#list(type),
      read: async (type, graphId, signal) => {
        await orAborted(this.beforeRead(type, graphId), signal);
        this.reads.push(`${type}/${graphId}`);
        const raw = this.#ofType(type).get(graphId);
        if (raw === undefined) throw new AppError('graph.not_found');
        const document = toPolicyDocument(type, raw, systemClock.now());
        await this.afterRead(type, graphId);
        return document;
      },
      groupNames: async (ids) => {
        await this.beforeGroupNames();
        return new Map([...this.groups].filter(([id]) => ids.includes(id)));
      },
      listGroups: () => this.#listGroups(),
      groupsNamed: async (name) => this.#allGroups().filter((group) => group.name === name),
      approvalPolicies: async () => new Set(),
      probe: async (type) => this.beforeProbe(type),
      grantedToWrite: async () => {
        await this.beforeWriteSignIn();
        return connection.writeRegistration === undefined ? null : this.grantedToWrite;
      },
    };
  }

  async *#listGroups(): AsyncGenerator<readonly DirectoryGroup[]> {
    yield this.#allGroups();
  }

  #allGroups(): DirectoryGroup[] {
    const rest = { description: null, membershipRule: null, kind: 'security' } as const;
    return [...this.groups].map(([id, name]) => ({ id, name, ...rest }));
  }

  async *#list(type: PolicyType): AsyncGenerator<readonly ListedPolicy[]> {
    this.listings.push(type);
    await this.beforeList(type);
    const rows = [...this.#ofType(type)]
      .filter(([id]) => !this.hidden.has(id))
      .map(([, raw]) => raw);
    const pages = Math.max(1, Math.ceil(rows.length / this.pageSize));
    for (let page = 0; page < pages; page += 1) {
      await this.beforePage(type, page);
      const from = page * this.pageSize;
      yield rows.slice(from, from + this.pageSize).map((raw) => this.#listed(type, raw));
    }
    await this.beforePage(type, pages);
  }

  #listed(type: PolicyType, raw: JsonObject): ListedPolicy {
    const face = policyFace(type, raw);
    if (!contractOf(type).listing.isComplete) return { ...face, document: undefined };
    const document = toPolicyDocument(type, raw, systemClock.now());
    return { ...face, document: this.damage?.(face.graphId) ?? document };
  }

  #ofType(type: PolicyType): Map<string, JsonObject> {
    const objects = this.#objects.get(type) ?? new Map<string, JsonObject>();
    this.#objects.set(type, objects);
    return objects;
  }
}

/** A call that is held breaks off with its signal, as a socket does. */
async function orAborted(work: void | Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** A body of about the size and shape of a settings catalog policy, told apart by its value. */
export function catalogBody(value: string | number, groups: readonly string[] = []): JsonObject {
  return {
    platforms: 'windows10',
    settings: [
      {
        '@odata.type': '#microsoft.graph.deviceManagementConfigurationSetting',
        settingInstance: {
          settingDefinitionId: 'device_vendor_msft_bitlocker_requiredeviceencryption',
          simpleSettingValue: { value: canonicalText(value) },
        },
      },
    ],
    assignments: groups.map((groupId) => ({
      target: { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId },
    })),
  };
}
