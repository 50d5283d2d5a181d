import { inTenant, type TenantTx } from '../../src/db/tenant-tx.ts';
import { graphHosts } from '../../src/graph/clouds.ts';
import { createGraph } from '../../src/graph/create-graph.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import type { WriteRegistrationId } from '../../src/kernel/ids.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { connectGraph, type GraphDeps } from '../../src/tenants/connect-graph.ts';
import { findWriteRegistration } from '../../src/tenants/find-write-registration.ts';
import { readKeyFile } from '../../src/tenants/key-file.ts';
import { setWriteRegistration } from '../../src/tenants/set-write-registration.ts';
import { BackupWorld, type ConnectedTenant } from './backup-world.ts';
import type { LoggedCall } from './simulator.ts';

export const ADA = { kind: 'user', id: null, label: 'Ada' } as const;

/** Two customers whose Graph is simulated, a worker, and the rights to write in the first. */
export class WriteRights {
  readonly world: BackupWorld;
  readonly acme: ConnectedTenant;
  readonly deps: GraphDeps;

  private constructor(world: BackupWorld, deps: GraphDeps) {
    this.world = world;
    this.acme = world.tenant;
    this.deps = deps;
  }

  static async open(): Promise<WriteRights> {
    const world = await BackupWorld.open({ tenants: 2, limits: 'none' });
    await world.worker();
    const graph = createGraph({ clock: systemClock, hosts: graphHosts(world.simulator.url) });
    return new WriteRights(world, { db: world.db, graph, key: await readKeyFile(world.keyFile) });
  }

  inAcme<T>(work: (tx: TenantTx) => Promise<T>): Promise<T> {
    return inTenant(this.world.db, this.acme.id, work);
  }

  /** Sets the application that may write, or puts it there anew: neither armed nor verified. */
  registers(
    secret = this.acme.entra.writeClientSecret,
    clientId = this.acme.entra.writeClientId,
  ): Promise<WriteRegistrationId> {
    const credential = new Secret({ kind: 'secret', secret } as const);
    const deps = { key: this.deps.key, clock: systemClock };
    return this.inAcme((tx) => setWriteRegistration(tx, deps, { clientId }, credential, ADA));
  }

  registration() {
    return this.inAcme(findWriteRegistration);
  }

  opensWriter() {
    return connectGraph(this.deps, this.acme.id, 'write');
  }

  opensReader() {
    return connectGraph(this.deps, this.acme.id, 'read');
  }

  /** What Graph was asked, and by which application; sign-ins apart. */
  async calls(): Promise<string[]> {
    const calls = await this.#logged(({ bucket }) => bucket !== 'signIn' && bucket !== 'batch');
    return calls.map((call) => `${call.method} by ${this.#nameOf(call)}`);
  }

  async signIns(): Promise<string[]> {
    const calls = await this.#logged(({ bucket }) => bucket === 'signIn');
    return calls.map((call) => `${this.#nameOf(call)} ${call.status}`);
  }

  async close(): Promise<void> {
    await this.deps.graph.close();
    await this.world.close();
  }

  async #logged(isWanted: (call: LoggedCall) => boolean): Promise<LoggedCall[]> {
    return (await this.world.simulator.log(this.acme.entra.id)).filter(isWanted);
  }

  #nameOf({ appId }: LoggedCall): string {
    return appId === this.acme.entra.writeClientId ? 'what writes' : 'what reads';
  }
}
