import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { buildWeb } from '../../scripts/web/build-web.ts';
import { type CliWorld, openCliWorld } from './cli-process.ts';

/** Debian's; nothing is ever downloaded. */
const CHROMIUM = '/usr/bin/chromium';
/** Nothing but our own page is wanted of the network. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const ROOT = join(import.meta.dirname, '../..');
const DEMO_UP_MS = 180_000;

/**
 * The product as a newcomer meets it: the demo with its server, worker, database and simulator, and
 * a browser. What a browser complains of anywhere fails the test that asks `complaints`.
 */
export class BrowserWorld {
  readonly url: string;
  /** Of the person Demo. */
  readonly password: string;
  readonly #browser: Browser;
  readonly #cli: CliWorld;
  readonly #data: string;
  readonly #state: Awaited<ReturnType<BrowserContext['storageState']>>;
  readonly complaints: string[];

  private constructor(parts: {
    url: string;
    password: string;
    browser: Browser;
    cli: CliWorld;
    data: string;
    state: Awaited<ReturnType<BrowserContext['storageState']>>;
    complaints: string[];
  }) {
    this.url = parts.url;
    this.password = parts.password;
    this.#browser = parts.browser;
    this.#cli = parts.cli;
    this.#data = parts.data;
    this.#state = parts.state;
    this.complaints = parts.complaints;
  }

  static async open(): Promise<BrowserWorld> {
    await buildWeb(ROOT);
    const data = await mkdtemp(join(tmpdir(), 'atlas-browser-'));
    const cli = await openCliWorld(null);
    const demo = cli.start(['demo', '--data', data]);
    const up = Promise.race([
      demo.says(/^Open\s+(\S+)$[\s\S]*Demo with (\S+)\)$/m),
      demo.ended.then(({ stderr }) => Promise.reject(new Error(`the demo ended: ${stderr}`))),
    ]);
    const [, link = '', password = ''] = await withLimit(up, DEMO_UP_MS);
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    const complaints: string[] = [];
    const first = await browser.newContext();
    const page = await first.newPage();
    hearComplaints(page, new URL(link).origin, complaints);
    await page.goto(link);
    await page.getByRole('heading', { name: 'Tenants', level: 1 }).waitFor();
    const state = await first.storageState();
    await first.close();
    const { origin: url } = new URL(link);
    return new BrowserWorld({ url, password, browser, cli, data, state, complaints });
  }

  /** A window of the person Demo, who is signed in. */
  async window(look: Look = {}): Promise<Page> {
    const { scheme = 'light', width = 1280, isSignedIn = true } = look;
    const context = await this.#browser.newContext({
      baseURL: this.url,
      viewport: { width, height: 820 },
      colorScheme: scheme,
      reducedMotion: 'reduce',
      ...(isSignedIn && { storageState: this.#state }),
    });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    hearComplaints(page, this.url, this.complaints);
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#cli.close();
    await rm(this.#data, { recursive: true, force: true });
    await rm(`${this.#data}-keys`, { recursive: true, force: true });
  }
}

interface Look {
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
  readonly isSignedIn?: boolean;
}

/** WCAG 2.2 AA, as far as a machine can tell. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    // a dialog of Mantine has a <header>, which is no banner in it
    .disableRules(['landmark-no-duplicate-banner', 'landmark-unique'])
    .analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html, target }) => `${target} ${html}`).join(' | ')}`,
  );
  expect(found, name).toEqual([]);
}

/** What is wider than the window must scroll by itself, not the page. */
export async function expectNoSideways(page: Page, name: string): Promise<void> {
  const beyond = await page
    .locator('html')
    .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
  expect(beyond, name).toBe(0);
}

/** Refused answers are part of stories; everything else that a console says is a defect. */
function hearComplaints(page: Page, origin: string, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(`error: ${error}`));
  page.on('console', (message) => {
    const text = message.text();
    const isRefusal = text.startsWith('Failed to load resource: the server responded with');
    if (message.type() === 'error' && !isRefusal) complaints.push(`console: ${text}`);
  });
  page.on('request', (request) => {
    const isOurs = request.url().startsWith(`${origin}/`) || /^(data|blob):/.test(request.url());
    if (!isOurs) complaints.push(`asked elsewhere: ${request.url()}`);
  });
}

async function withLimit<T>(promise: Promise<T>, limitMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('the demo does not come up')), limitMs);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
