import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { BrowserWorld, expectAccessible, expectNoSideways } from './setup/browser.ts';

const TENANT = 'Northwind Clinics';

let world: BrowserWorld;
beforeAll(async () => {
  world = await BrowserWorld.open();
}, 240_000);
afterAll(() => world?.close());
afterEach(() => {
  expect(world.complaints).toEqual([]);
});

async function atTenant(page: Page, place?: string): Promise<void> {
  await page.goto('/');
  await page.getByRole('link', { name: TENANT }).click();
  await page.getByRole('heading', { name: TENANT, level: 1 }).waitFor();
  if (place === undefined) return;
  await page.getByRole('navigation').getByRole('link', { name: place, exact: true }).click();
  await page.getByRole('heading', { name: place, level: 1 }).waitFor();
}

/** All that the page asked for is there; its stream of events stays open for ever. */
async function settled(page: Page): Promise<void> {
  await expect.poll(() => page.getByText('Loading', { exact: true }).count()).toBe(0);
}

test('who is not signed in is asked to, and led to where they wanted', async () => {
  const page = await world.window({ isSignedIn: false });
  await page.goto('/account');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.getByLabel('Name').fill('Demo');
  await page.getByLabel(/^Password/).fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('The name or the password is not right.').waitFor();
  await page.getByLabel(/^Password/).fill(world.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
  await page.getByText('This session').waitFor();
});

test('the overview says in a sentence how all tenants stand', async () => {
  const page = await world.window();
  await page.goto('/');
  await page.getByText('3 of 3 tenants backed up in the last 24 h; all is well.').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('alder');
  await page.getByRole('link', { name: 'Alder Legal' }).waitFor();
  await expect.poll(() => page.getByRole('link', { name: TENANT }).count()).toBe(0);
  expect(new URL(page.url()).searchParams.get('q')).toBe('alder');
});

test('a double click queues one backup, whose run is watched to its end', async () => {
  const page = await world.window();
  await atTenant(page);
  await page.getByRole('button', { name: 'Back up now' }).dblclick();
  await page.getByText('Backup queued').waitFor();
  await page.getByRole('link', { name: 'View run' }).first().click();
  await page.getByRole('heading', { name: 'Create backup', level: 1 }).waitFor();
  await page.getByText('Completed', { exact: true }).waitFor({ timeout: 60_000 });
  await page.getByText(/^(\d+) of \1$/).waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Backups' }).click();
  await page.getByRole('link', { name: 'First backup' }).waitFor();
  // the demo made two
  await expect.poll(() => page.getByRole('row').count()).toBe(1 + 3);
});

test('a policy is found, its versions are compared, and Back leads back', async () => {
  const page = await world.window();
  await atTenant(page, 'Policies');
  await page.keyboard.press('/');
  await page.keyboard.type('BitLocker');
  await page.getByRole('link', { name: /BitLocker disk encryption/ }).click();
  await page.getByRole('tab', { name: 'Changes' }).click();
  await page.getByRole('cell', { name: 'Changed' }).first().waitFor();
  await page.getByRole('tab', { name: 'JSON' }).click();
  await page.getByText('"settingDefinitionId"').first().waitFor();
  await page.goBack();
  await page.goBack();
  await page.goBack();
  await page.getByRole('heading', { name: 'Policies', level: 1 }).waitFor();
  expect(new URL(page.url()).searchParams.get('q')).toBe('BitLocker');
});

test('what was changed is put back: refused until armed, confirmed, verified, undone', async () => {
  const page = await world.window();
  await atTenant(page, 'Restores');
  await page.getByRole('link', { name: 'Put back what was changed' }).click();
  await page
    .getByText('This preview does not hold any more')
    .or(page.getByText('Create 1'))
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Preview again' }).click();
  await page.getByText('Preview queued').waitFor();
  await page.getByText('Previewed just now.').waitFor({ timeout: 60_000 });
  const place = new URL(page.url()).pathname;
  await page.reload();
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText('Writing to this tenant is not armed.').first().waitFor();
  await page.getByRole('link', { name: 'To the connection' }).click();
  await page.getByRole('button', { name: 'Arm', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('a story');
  await dialog.getByRole('button', { name: 'Arm' }).click();
  await page.getByText('Armed', { exact: true }).waitFor();
  await page.goto(`${place}?step=confirm`);
  const restore = page.getByRole('button', { name: 'Restore now' });
  await page.getByText('Type the tenant’s name.', { exact: true }).last().waitFor();
  await page.getByLabel(/Type the tenant/).fill(TENANT);
  await page.getByLabel('Reason').fill('a story');
  await restore.click();
  await page.getByText('Restore queued').waitFor();
  await page.getByText('Restored', { exact: true }).waitFor({ timeout: 60_000 });
  await page.getByText('Done and verified').first().waitFor();
  await page.getByRole('link', { name: 'Safety backup' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Make the preview' }).click();
  await page.getByText(/Update \d/).waitFor({ timeout: 60_000 });
  await page.getByText('Delete', { exact: true }).first().waitFor();
});

test('a tenant that one may not see is said so, and no page of it is drawn', async () => {
  const page = await world.window();
  await page.goto('/t/00000000-0000-7000-8000-000000000000/policies');
  await page.getByRole('heading', { name: 'You cannot see this tenant' }).waitFor();
  await page.goto('/no/such/page');
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
});

const PAGES = ['', '/policies', '/backups', '/backups/new', '/restores', '/runs', '/audit'].concat([
  '/connection',
  '/members',
]);

test.each(['light', 'dark'] as const)(
  'every page passes the checks of axe in %s',
  async (scheme) => {
    const page = await world.window({ scheme });
    await atTenant(page);
    const tenant = new URL(page.url()).pathname.replace(/\/$/, '');
    for (const place of ['/', '/account', '/users', ...PAGES.map((part) => tenant + part)]) {
      await page.goto(place);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await settled(page);
      await expectAccessible(page, place);
    }
  },
);

test('at 360 px nothing runs out of the window, and the menu opens', async () => {
  const page = await world.window({ width: 360 });
  await page.goto('/');
  await page.getByRole('link', { name: TENANT }).click();
  await page.getByRole('heading', { name: TENANT, level: 1 }).waitFor();
  const tenant = new URL(page.url()).pathname.replace(/\/$/, '');
  for (const place of ['/', '/account', '/users', ...PAGES.map((part) => tenant + part)]) {
    await page.goto(place);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await settled(page);
    await expectNoSideways(page, place);
  }
  await page.goto(tenant);
  await page.getByRole('button', { name: 'Open the menu' }).click();
  await page.getByRole('navigation').getByRole('link', { name: 'Runs' }).click();
  await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
});

test('somebody is added, joins a tenant, and is refused once they are removed', async () => {
  const page = await world.window();
  await page.goto('/users');
  await page.getByRole('button', { name: 'Add somebody' }).click();
  await page.getByRole('dialog').getByLabel('Name to sign in with').fill('Grace');
  await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
  const link = await page.getByText('/set-up#').textContent();
  const other = await world.window({ isSignedIn: false });
  await other.goto(link ?? '');
  await other.getByLabel(/^Password/).fill('a password of many words');
  await other.getByRole('button', { name: 'Choose and sign in' }).click();
  await other.getByText('No tenant yet').waitFor();
  await atTenant(page, 'Members');
  await page.getByRole('textbox', { name: 'Name' }).fill('Grace');
  await page.getByRole('button', { name: 'Add member' }).click();
  await page.getByRole('cell', { name: 'Grace' }).waitFor();
  await atTenant(other);
  await expect.poll(() => other.getByRole('link', { name: 'Audit' }).count()).toBe(0);
  await page.getByRole('row', { name: /Grace/ }).getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Remove Grace for good?' }).click();
  await expect.poll(() => page.getByRole('cell', { name: 'Grace' }).count()).toBe(0);
  await other.reload();
  await other.getByRole('heading', { name: 'You cannot see this tenant' }).waitFor();
});

// last: it gives the session another secret
test('the password is asked for once more when one signed in long ago', async () => {
  const page = await world.window();
  await atTenant(page, 'Connection');
  // as the server answers a session that is older than five minutes
  let refusals = 0;
  await page.route('**/disarm', async (route) => {
    if (refusals++ > 0) return route.continue();
    const problem = {
      type: 'urn:tenantatlas:problem:session.confirm_required',
      title: 'Forbidden',
      status: 403,
      code: 'session.confirm_required',
      detail: 'This needs your password once more.',
    };
    return route.fulfill({ status: 403, json: problem });
  });
  await page.getByRole('button', { name: 'Disarm' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your password once more' });
  await expectAccessible(page, 'the password dialog');
  await dialog.getByLabel(/^Password/).fill(world.password);
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('Not armed: nothing can be written').waitFor();
});
