import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { House } from './house.js';
import { outOfSight, searching, settled, sideways, unfold, violations, wear } from './look.js';

/** Every screen of the console: its name, and where it is once there is something on it. */
export async function screensOf(house: House): Promise<readonly (readonly [name: string, path: string])[]> {
  const { items: messages } = (await house.api.must('GET', '/api/v1/messages')).body;
  const { items: rules } = (await house.api.must('GET', '/api/v1/rules')).body;
  const { ruleId } = rules.find(({ name }: { name: string }) => name.endsWith('open the ticket there'));
  // One that was refused at first tells most.
  const message = messages.find((one: { deliveries: { attempts: number }[] }) => one.deliveries.some(({ attempts }) => attempts > 1)) ?? messages.find((one: { deliveries: unknown[] }) => one.deliveries.length > 0);
  return [
    ['overview', '/overview'],
    ['messages', '/messages'],
    ['message', `/messages/${message.id}`],
    ['conversation', `/conversations/${message.conversationId}`],
    ['deliveries', '/deliveries?status=all'],
    ['work-lists', '/work'],
    ['unmapped-values', '/work/unmapped'],
    ['reports', '/reports?zone=Europe/Berlin'],
    ['endpoints', '/endpoints'],
    ['endpoint', '/endpoints/acme'],
    ['refused-requests', '/endpoints/_refused'],
    ['fields', '/endpoints/acme/fields'],
    ['endpoint-editor', '/endpoints/acme/edit'],
    ['connect', '/endpoints/_new'],
    ['connect-known', '/endpoints/_new?preset=servicenow'],
    ['rules', '/rules'],
    ['rule', `/rules/${ruleId}`],
    ['rule-editor', `/rules/${ruleId}/edit?section=mappings`],
    ['rule-bench', `/rules/${ruleId}/edit?section=bench`],
    ['rule-json', `/rules/${ruleId}/edit?section=json`],
    ['rule-import', '/rules/_import'],
    ['people', '/administration/people'],
    ['api-keys', '/administration/api-keys'],
    ['sign-in-providers', '/administration/sign-in'],
    ['audit-log', '/administration/audit'],
    ['alerts', '/administration/alerts'],
    ['retention', '/administration/retention'],
    ['organizations', '/administration/organizations'],
    ['system-health', '/administration/health'],
    ['first-run', '/first-run'],
    ['account', '/account'],
    ['not-found', '/no/such/page'],
  ];
}

/** What a screen shows once the first trial of its rule is answered. */
const ANSWERS: Readonly<Record<string, string>> = { 'rule-editor': 'parley-mapping-sample .out', 'rule-bench': 'parley-bench .verdict' };

/** Goes to a screen and waits until all of it is there. */
async function visit(page: Page, name: string, path: string): Promise<void> {
  await page.goto(path);
  await settled(page);
  const answer = ANSWERS[name];
  if (answer !== undefined) await page.locator(answer).first().waitFor();
}

/** What opens above a screen: its name, the screen, what it is, and how it is opened. Other dialogs are looked at in the journeys that open them. */
const OVERLAYS: readonly (readonly [name: string, path: string, role: 'menu' | 'dialog', open: (page: Page) => Promise<void>])[] = [
  ['account menu', '/messages', 'menu', (page) => page.getByRole('button', { name: 'Account' }).click()],
  ['theme menu', '/account', 'menu', (page) => page.getByRole('button', { name: 'Theme' }).click()],
  ['filter', '/rules', 'menu', (page) => page.getByRole('button', { name: 'From', exact: true }).first().click()],
  ['export menu', '/administration/audit', 'menu', (page) => page.getByRole('button', { name: 'Export' }).click()],
  ['rule menu', '/rules', 'menu', async (page) => { await page.locator('main .row-link').first().click(); await page.getByRole('button', { name: 'More', exact: true }).click(); }],
  ['shortcuts', '/messages', 'dialog', (page) => page.keyboard.press('?')],
  ['question', '/endpoints/acme', 'dialog', (page) => page.getByRole('button', { name: 'Remove' }).first().click()],
  ['many rules at once', '/rules', 'dialog', async (page) => { await page.getByRole('checkbox').first().check(); await page.getByRole('toolbar').getByRole('button', { name: 'Delete' }).click(); }],
  ['copy of a rule', '/rules', 'dialog', async (page) => { await page.locator('main .row-link').first().click(); await page.getByRole('button', { name: 'More', exact: true }).click(); await page.getByRole('menuitem', { name: 'Make a copy' }).click(); }],
  ['merge', '/messages', 'dialog', async (page) => { await page.getByRole('link', { name: 'Conversation' }).first().click(); await page.getByRole('button', { name: 'Merge' }).click(); }],
];

/** Looks at every screen in both themes: the checks of accessibility find nothing, nothing is wider than 1280 px, no complaint of the browser. */
export function everyScreen(house: House): void {
  it('is accessible in both themes, fits into 1280 px and makes the browser complain of nothing', async () => {
    const { page } = house;
    const found: string[] = [];
    for (const [name, path] of await screensOf(house)) {
      await visit(page, name, path);
      if ((await sideways(page)) > 0) found.push(`${name} is wider than the window`);
      for (const theme of ['dark', 'light'] as const) {
        await wear(page, theme);
        await house.shoot(`${name}-${theme}`);
      }
      await unfold(page);
      for (const theme of ['light', 'dark'] as const) {
        await wear(page, theme);
        found.push(...(await violations(page, theme === 'light' ? {} : { only: 'colours' })).map((line) => `${name}, ${theme}: ${line}`));
      }
    }
    expect(found).toEqual([]);
    expect(house.takeTroubles()).toEqual([]);
  }, 240_000);

  it('can be looked at on a phone: nothing is wider than it, in whichever screen', async () => {
    const { page } = house;
    await page.setViewportSize({ width: 390, height: 844 });
    const found: string[] = [];
    for (const [name, path] of await screensOf(house)) {
      await visit(page, name, path);
      const excess = await sideways(page);
      if (excess > 0) found.push(`${name} is ${excess} px wider than the phone`);
      found.push(...(await outOfSight(page)).map((what) => `${name}: ${what} is out of sight`));
      await house.shoot(`${name}-phone`);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    expect(found).toEqual([]);
  });

  it('obeys the same keys everywhere: / searches, j and k walk rows, x picks one that can be picked, ? helps', async () => {
    const { page } = house;
    const focused = (selector: string): Promise<boolean> => page.evaluate(`document.activeElement?.matches('${selector}') ?? false`);
    for (const [name, path] of await screensOf(house)) {
      if (['rule-json', 'rule-editor', 'rule-bench', 'first-run'].includes(name)) continue; // there one writes, or goes step by step
      await page.goto(path);
      await settled(page);
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      // Every list is walked: its rows open, or are stopped at where they lead nowhere.
      if ((await page.locator('main .row-link, main parley-list-frame tbody tr').count()) > 0) {
        await page.keyboard.press('j');
        expect([name, await focused('main .row-link, main .row-stop, main [parleyRowKeys="rows"] tr')]).toEqual([name, true]);
        const picked = page.locator('main tr:focus-within .row-pick');
        if ((await picked.count()) > 0) {
          for (const isPicked of [true, false]) {
            await page.keyboard.press('x');
            expect([name, await picked.isChecked()]).toEqual([name, isPicked]);
          }
        }
      }
      await page.keyboard.press('/');
      await searching(page);
    }
    expect(house.takeTroubles()).toEqual([]);
  });

  it('shows where the keys are: what has the focus has a ring', async () => {
    const { page } = house;
    for (const path of ['/messages', '/endpoints/acme', '/administration/people']) {
      await page.goto(path);
      await settled(page);
      for (let step = 0; step < 30; step += 1) {
        await page.keyboard.press('Tab');
        const ring = await page.evaluate(`(() => { const at = document.activeElement; const styles = [at, ...at.querySelectorAll('*')].flatMap((one) => [getComputedStyle(one), getComputedStyle(one, '::after')]); return at === document.body || styles.some(({ outlineStyle, outlineWidth, boxShadow }) => (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none') ? '' : at.outerHTML.slice(0, 160); })()`);
        expect([path, ring]).toEqual([path, '']);
      }
    }
  });

  it.each(OVERLAYS)('is accessible while something is open above it: %s', async (name, path, role, open) => {
    const { page } = house;
    await page.goto(path);
    await settled(page);
    await open(page);
    await page.getByRole(role).waitFor();
    const found: string[] = [];
    for (const theme of ['light', 'dark'] as const) {
      await wear(page, theme);
      found.push(...(await violations(page, theme === 'light' ? {} : { only: 'colours' })).map((line) => `${theme}: ${line}`));
      await house.shoot(`${name.replaceAll(' ', '-')}-${theme}`);
    }
    expect(found).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole(role).waitFor({ state: 'detached' });
    expect(house.takeTroubles()).toEqual([]);
  });
}
