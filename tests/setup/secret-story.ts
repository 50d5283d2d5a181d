import { vi } from 'vitest';
import { z } from 'zod';
import { runDetailSchema, startedRunSchema } from '../../src/api/runs.ts';
import { startAppWorker } from '../../src/app/start-app-worker.ts';
import { SYSTEM_ACTOR } from '../../src/audit/record-audit.ts';
import { withOwner } from '../../src/db/owner-client.ts';
import { inTenant } from '../../src/db/tenant-tx.ts';
import type { GraphCredential } from '../../src/graph/sign-in/credential.ts';
import { allRoutes } from '../../src/http/all-routes.ts';
import { createHttpApp } from '../../src/http/create-http-app.ts';
import type { ConnectionId, TenantId } from '../../src/kernel/ids.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { addConnection } from '../../src/tenants/add-connection.ts';
import { addTenant } from '../../src/tenants/add-tenant.ts';
import { readOrMakeKeyFile } from '../../src/tenants/key-file.ts';
import { setWriteRegistration } from '../../src/tenants/set-write-registration.ts';
import { type ApiAnswer, ApiClient } from './api-fixture.ts';
import { type Canary, canariesOfPem, canaryText } from './canaries.ts';
import { enterValues } from './enter-values.ts';
import { lastingFaults, passingFaults, type SpokenWords } from './secret-faults.ts';
import { openSecretPlace, type SecretPlace } from './secret-place.ts';
import { makeSelfSignedCertificate } from './self-signed-certificate.ts';
import type { SimulatedTenant } from './simulator.ts';

interface StoryTenant {
  readonly id: TenantId;
  readonly connectionId: ConnectionId;
  readonly entra: SimulatedTenant;
}

interface KeptAnswer {
  readonly status: number;
  readonly headers: string;
  readonly text: string;
  readonly showsBodies: boolean;
}

/** Where bodies and their differences are asked for. */
const SHOWS_BODIES = /\/versions\/\d+$|\/changes(\?|$)/;

/** An installation with a secret of every kind, in which everything happens that can. */
export class SecretStory {
  readonly tenants: StoryTenant[] = [];
  readonly canaries: Canary[] = [];
  readonly bodyCanary: Canary = { name: 'policy body', value: canaryText('body') };
  readonly answers: KeptAnswer[] = [];
  readonly outcomes: (string | null)[] = [];
  readonly logged: string[];
  readonly #place: SecretPlace;
  readonly #client: ApiClient;

  private constructor(place: SecretPlace, client: ApiClient) {
    this.#place = place;
    this.logged = place.logged;
    this.#client = client;
  }

  static async open(): Promise<SecretStory> {
    const place = await openSecretPlace();
    const { app, owner, token } = place;
    const story = new SecretStory(place, new ApiClient(createHttpApp(app), token, owner));
    await story.#hideSecrets(token);
    return story;
  }

  /** Every secret there is; the credentials of three tenants, one right, one wrong, one key. */
  async #hideSecrets(token: Secret<string>): Promise<void> {
    const { simulator, app } = this.#place;
    const [right, wrong, certified] = simulator.tenants;
    if (right === undefined || wrong === undefined || certified === undefined) throw new Error('3');
    const wrongSecret = canaryText('wrong-secret');
    const { certificatePem, privateKeyPem } = makeSelfSignedCertificate();
    await this.#connect(right, { kind: 'secret', secret: right.clientSecret });
    await this.#connect(wrong, { kind: 'secret', secret: wrongSecret });
    await this.#connect(certified, { kind: 'certificate', certificatePem, privateKeyPem });
    const key = await readOrMakeKeyFile(app.config.keyFile);
    this.canaries.push(
      { name: 'client secret', value: right.clientSecret },
      { name: 'wrong client secret', value: wrongSecret },
      { name: 'API token', value: token.reveal() },
      { name: 'token in a refused request', value: `ta_${'canary'.repeat(8).slice(0, 43)}` },
      { name: 'field of a refused request', value: canaryText('field') },
      { name: 'entered value', value: canaryText('entered') },
      { name: 'refused value', value: canaryText('refused') },
      { name: 'words of Graph', value: canaryText('graph-words') },
      { name: 'words of Entra', value: canaryText('entra-words') },
      { name: 'key-encryption key', value: key.reveal().toString('hex') },
      { name: 'key-encryption key', value: key.reveal().toString('base64') },
      ...[app.database.loginUrl, app.database.ownerUrl].map((url) => {
        return { name: 'database password', value: new URL(url.reveal()).password };
      }),
      ...canariesOfPem('certificate key', privateKeyPem),
    );
    await simulator.addObject(right.id, 'deviceConfigurations', 'with-key', {
      '@odata.type': '#microsoft.graph.iosWiFiConfiguration',
      displayName: 'Hides a key',
      wiFiSecurityType: 'wpa2Personal',
    });
    await simulator.addObject(right.id, 'deviceConfigurations', 'with-canary', {
      '@odata.type': '#microsoft.graph.windows10GeneralConfiguration',
      displayName: 'Holds a canary',
      description: this.bodyCanary.value,
      assignments: [],
    });
  }

  async #connect(entra: SimulatedTenant, credential: GraphCredential): Promise<void> {
    const { app, owner } = this.#place;
    const key = await readOrMakeKeyFile(app.config.keyFile);
    const tenant = { name: entra.name, ownerId: owner };
    const id = await addTenant(app.db, key, tenant, SYSTEM_ACTOR);
    const open = { cloud: 'global', entraTenantId: entra.id, clientId: entra.clientId } as const;
    const deps = { key, clock: app.clock };
    const connectionId = await inTenant(app.db, id, async (tx) => {
      const added = await addConnection(tx, deps, open, new Secret(credential), SYSTEM_ACTOR);
      const writing = new Secret({ kind: 'secret' as const, secret: entra.writeClientSecret });
      const registration = { clientId: entra.writeClientId };
      await setWriteRegistration(tx, deps, registration, writing, SYSTEM_ACTOR);
      return added;
    });
    this.canaries.push({ name: 'secret of what writes', value: entra.writeClientSecret });
    this.tenants.push({ id, connectionId, entra });
  }

  #valueOf(name: string): string {
    const canary = this.canaries.find((each) => each.name === name);
    if (canary === undefined) throw new Error(`no canary ${name}`);
    return canary.value;
  }

  #words(first: StoryTenant, third: StoryTenant): SpokenWords {
    return {
      graph: this.#valueOf('words of Graph'),
      ofTenant: first.entra.id,
      entra: this.#valueOf('words of Entra'),
      signingIn: third.entra.id,
    };
  }

  /** Runs of every type: first all well, then with Graph saying its worst. */
  async runAll(): Promise<void> {
    const { simulator, app } = this.#place;
    const [first, second, third] = this.tenants;
    if (first === undefined || second === undefined || third === undefined) throw new Error('3');
    const worker = await startAppWorker(app, () => this.logged.push('declared dead'));
    await simulator.befall(...passingFaults(this.#words(first, third)));
    const backup = await this.#runEach(first);
    await simulator.editObject(first.entra.id, 'deviceConfigurations', 'with-canary', {
      description: `${this.bodyCanary.value}, changed`,
    });
    await this.#runEach(first);
    await this.#enterValues(first, backup);
    await simulator.befall(...lastingFaults(this.#words(first, third)));
    await this.#runEach(first, backup);
    await this.#run(second, 'connection.verify', { connectionId: second.connectionId });
    await this.#run(second, 'policy.sync', {});
    await this.#run(third, 'connection.verify', { connectionId: third.connectionId });
    await this.#run(third, 'policy.sync', {});
    await worker.stop();
    const path = `/api/tenants/${third.id}/runs`;
    const waiting = (await this.#ask('POST', `${path}/policy.sync`, {})).as(startedRunSchema);
    await this.#ask('POST', `${path}/${waiting.id}/cancel`, {});
    await this.#awaitEnd(`${path}/${waiting.id}`);
  }

  /** A value that Graph hides: entered as it should be, previewed, and where it does not belong. */
  async #enterValues(tenant: StoryTenant, backupId: string): Promise<void> {
    await this.#place.simulator.removeObject(tenant.entra.id, 'deviceConfigurations', 'with-key');
    const ask = (path: string, body?: object) =>
      this.#ask(body === undefined ? 'GET' : 'POST', path, body);
    const sendText = async (path: string, text: string) =>
      void this.#keep(path, await this.#client.send('POST', path, { text }));
    const previews = (restoreId: string) => this.#run(tenant, 'restore.plan', { restoreId });
    const asAdmin = (statement: string) => this.asAdmin(statement);
    await enterValues({ ask, sendText, previews, asAdmin }, tenant.id, backupId, {
      kept: this.#valueOf('entered value'),
      refused: this.#valueOf('refused value'),
    });
  }

  async #runEach(tenant: StoryTenant, backupId?: string): Promise<string> {
    await this.#run(tenant, 'connection.verify', { connectionId: tenant.connectionId });
    await this.#run(tenant, 'policy.sync', {});
    const policies = (await this.#ask('GET', `/api/tenants/${tenant.id}/policies?q=canary`)).as(
      z.object({ items: z.array(z.object({ id: z.string() })) }),
    );
    const [policyId] = policies.items.map(({ id }) => id);
    await this.#run(tenant, 'policy.capture_snapshot', { policyId, reason: 'a story' });
    const made = await this.#run(tenant, 'backup.create', { selection: { kind: 'all' } });
    const added = { backupId: backupId ?? made, policyIds: [policyId] };
    await this.#run(tenant, 'backup.add_policies', added);
    return made;
  }

  async #run(tenant: StoryTenant, type: string, input: object): Promise<string> {
    const path = `/api/tenants/${tenant.id}/runs`;
    const { id } = (await this.#ask('POST', `${path}/${type}`, input)).as(startedRunSchema);
    await this.#awaitEnd(`${path}/${id}`);
    return id;
  }

  async #awaitEnd(path: string): Promise<void> {
    const run = await vi.waitFor(
      async () => {
        const run = (await this.#client.get(path)).as(runDetailSchema);
        if (run.phase !== 'ended') throw new Error(`${path} goes on`);
        return run;
      },
      { timeout: 30_000, interval: 20 },
    );
    this.outcomes.push(run.outcome);
  }

  /** Requests that are refused, with secrets where they do not belong. */
  async misuseApi(): Promise<void> {
    const [tenant] = this.tenants;
    if (tenant === undefined) throw new Error('no tenant');
    const path = `/api/tenants/${tenant.id}`;
    const token = this.#valueOf('token in a refused request');
    const field = this.#valueOf('field of a refused request');
    const escaped = encodeURIComponent(field);
    const stranger = new ApiClient(createHttpApp(this.#place.app), new Secret(token), undefined);
    this.#keep(path, await stranger.get(path));
    await this.#ask('GET', `/api/tenants/${escaped}/policies`);
    await this.#ask('GET', `${path}/policies?type=${escaped}`);
    await this.#ask('GET', `${path}/policies?cursor=${escaped}`);
    const runs = `${path}/runs`;
    await this.#ask('POST', `${runs}/policy.sync`, { [field]: field });
    await this.#ask('POST', `${runs}/backup.create`, { name: field, selection: { kind: field } });
    await this.#ask('POST', `${runs}/backup.create`, { selection: { kind: 'all' }, name: 'One' });
    await this.#ask('POST', `${runs}/backup.create`, { selection: { kind: 'all' }, name: 'Two' });
  }

  /** Each page of the first tenant that there is a route for. */
  async readEveryPage(): Promise<void> {
    const { app } = this.#place;
    const [tenant] = this.tenants;
    const rows = await this.asAdmin(
      `select r.id as run, b.id as backup, p.id as policy
       from policies p, backups b, runs r
       where p.graph_id = 'with-canary' and b.state <> 'building' and r.type = 'policy.sync'
         and r.tenant_id = p.tenant_id and b.tenant_id = p.tenant_id
       order by b.id, r.id desc`,
    );
    for (const ids of [rows.rows[0], rows.rows.at(-1)]) {
      const params: Record<string, string> = { ...ids, tenant: tenant?.id, number: '1' };
      for (const route of allRoutes(app.runTypes)) {
        if (route.method !== 'get') continue;
        await this.#ask(
          'GET',
          route.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => params[name] ?? name),
        );
      }
    }
  }

  /** An answer that fails inside, with the body at hand. */
  async readDamagedBody(): Promise<void> {
    const { rows } = await this.asAdmin(
      `select p.tenant_id, p.id from policies p where p.graph_id = 'with-canary'`,
    );
    await this.asAdmin(
      `alter table snapshots disable trigger all;
       alter table snapshots drop constraint snapshots_check;
       update snapshots set body = body || '\\x20'::bytea`,
    );
    const [policy] = rows;
    await this.#ask('GET', `/api/tenants/${policy.tenant_id}/policies/${policy.id}/versions/1`);
  }

  async #ask(method: 'GET' | 'POST', path: string, body?: object): Promise<ApiAnswer> {
    const request = body === undefined ? {} : { body };
    return this.#keep(path, await this.#client.send(method, path, request));
  }

  #keep(path: string, answer: ApiAnswer): ApiAnswer {
    const { status, text } = answer;
    const headers = JSON.stringify([...answer.headers]);
    this.answers.push({ status, headers, text, showsBodies: SHOWS_BODIES.test(path) });
    return answer;
  }

  /** Faults that nobody met: the story would not tell what it seems to. */
  async unmetFaults(): Promise<unknown[]> {
    const { faults } = z
      .object({ faults: z.array(z.looseObject({ hits: z.number() })) })
      .parse(await this.#place.simulator.page('faults'));
    return faults.filter(({ hits }) => hits === 0);
  }

  /** As the administrator of the database, past every wall. */
  asAdmin(statement: string, values: unknown[] = []) {
    return withOwner(this.#place.database.adminUrl, (client) => client.query(statement, values));
  }

  close(): Promise<void> {
    return this.#place.close();
  }
}
