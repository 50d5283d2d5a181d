import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTypes } from '../../src/app/run-types.ts';
import { inTenant } from '../../src/db/tenant-tx.ts';
import { graphHosts } from '../../src/graph/clouds.ts';
import { createGraph, type Graph, type GraphOptions } from '../../src/graph/create-graph.ts';
import type { JsonValue } from '../../src/kernel/canonical-json.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import type { TenantId, UserId } from '../../src/kernel/ids.ts';
import { Secret } from '../../src/kernel/secret.ts';
import type { RunType } from '../../src/runs/run-type.ts';
import { addConnection } from '../../src/tenants/add-connection.ts';
import { addTenant } from '../../src/tenants/add-tenant.ts';
import { connectGraph } from '../../src/tenants/connect-graph.ts';
import { readOrMakeKeyFile } from '../../src/tenants/key-file.ts';
import { type GraphKind, QueueWorld } from './queue-fixture.ts';
import {
  type SimulatedTenant,
  type SimulatorProcess,
  type SimulatorProcessOptions,
  startSimulatorProcess,
} from './simulator.ts';
import { createTestDatabase, type TestDatabase } from './test-server.ts';
import { LATE_VISIBILITY_MS } from './worker-settings.ts';

/** A customer's tenant that is connected to a simulated Graph, and a person who may back it up. */
export interface ConnectedTenant {
  readonly id: TenantId;
  readonly owner: UserId;
  readonly entra: SimulatedTenant;
}

/** The whole product but its ways in: database, worker, and a Graph in a process of its own. */
export class BackupWorld extends QueueWorld {
  readonly simulator: SimulatorProcess;
  readonly tenants: ConnectedTenant[] = [];
  readonly keyFile: string;
  readonly #graph: Graph;
  readonly #folder: string;

  private constructor(parts: {
    database: ConstructorParameters<typeof QueueWorld>[0];
    simulator: SimulatorProcess;
    folder: string;
    graph: Partial<GraphOptions>;
  }) {
    super(parts.database, runTypes.all());
    this.simulator = parts.simulator;
    this.#folder = parts.folder;
    this.keyFile = join(parts.folder, 'keys', 'key');
    this.#graph = createGraph({
      clock: systemClock,
      hosts: graphHosts(parts.simulator.url),
      lateVisibilityMs: LATE_VISIBILITY_MS,
      ...parts.graph,
    });
  }

  static async open(
    options: SimulatorProcessOptions = {},
    openDatabase: () => Promise<TestDatabase> = createTestDatabase,
    graph: Partial<GraphOptions> = {},
  ): Promise<BackupWorld> {
    const [database, simulator, folder] = await Promise.all([
      openDatabase(),
      startSimulatorProcess(options),
      mkdtemp(join(tmpdir(), 'tenantatlas-story-')),
    ]);
    const world = new BackupWorld({ database, simulator, folder, graph });
    for (const entra of simulator.tenants) world.tenants.push(await world.#connect(entra));
    return world;
  }

  get tenant(): ConnectedTenant {
    const [first] = this.tenants;
    if (first === undefined) throw new Error('the simulator has no tenant');
    return first;
  }

  override async openGraph(tenantId: TenantId, access: GraphKind) {
    const key = await readOrMakeKeyFile(this.keyFile);
    return connectGraph({ db: this.db, graph: this.#graph, key }, tenantId, access);
  }

  /** Starts a run as the owner of the tenant and waits for its end. */
  async runs<Input extends JsonValue>(
    tenant: ConnectedTenant,
    type: RunType<Input>,
    input: Input,
    withinMs = 60_000,
  ) {
    const { id } = await this.starts(tenant.id, tenant.owner, type, input);
    return this.ended(tenant.id, id, withinMs);
  }

  /** A worker of this world in a process of its own, and what it needs to reach this Graph. */
  readonly workerMain = 'backup-worker.ts';
  get workerEnvironment(): Record<string, string> {
    return { STORY_GRAPH_URL: this.simulator.url, STORY_KEY_FILE: this.keyFile };
  }

  override async close(): Promise<void> {
    await super.close();
    await this.#graph.close();
    await this.simulator.close();
    await rm(this.#folder, { recursive: true });
  }

  async #connect(entra: SimulatedTenant): Promise<ConnectedTenant> {
    const key = await readOrMakeKeyFile(this.keyFile);
    const owner = await this.hasUser();
    const actor = { kind: 'user', id: owner, label: 'an owner' } as const;
    const id = await addTenant(this.db, key, { name: entra.name, ownerId: owner }, actor);
    await inTenant(this.db, id, (tx) =>
      addConnection(
        tx,
        { key, clock: systemClock },
        { cloud: 'global', entraTenantId: entra.id, clientId: entra.clientId },
        new Secret({ kind: 'secret', secret: entra.clientSecret }),
        actor,
      ),
    );
    return { id, owner, entra };
  }
}
