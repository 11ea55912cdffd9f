import { expect, it } from '@jest/globals';
import type { House } from './house.js';
import { COLOURS, searching, settled, sideways, violations, wear } from './look.js';

/** Every screen of the console: its name, and where it is once there is something on it. */
export async function screensOf(house: House): Promise<readonly (readonly [name: string, path: string])[]> {
  const { items: messages } = (await house.api.must('GET', '/api/v1/messages')).body;
  const { items: rules } = (await house.api.must('GET', '/api/v1/rules')).body;
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
    ['fields', '/endpoints/acme/fields'],
    ['endpoint-editor', '/endpoints/acme/edit'],
    ['connect', '/endpoints/_new'],
    ['connect-known', '/endpoints/_new?preset=servicenow'],
    ['rules', '/rules'],
    ['rule', `/rules/${rules[0].ruleId}`],
    ['rule-editor', `/rules/${rules[0].ruleId}/edit?section=mappings`],
    ['rule-bench', `/rules/${rules[0].ruleId}/edit?section=bench`],
    ['rule-json', `/rules/${rules[0].ruleId}/edit?section=json`],
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

/** Looks at every screen in both themes: the checks of accessibility find nothing, nothing is wider than 1280 px, no complaint of the browser. */
export function everyScreen(house: House): void {
  it('is accessible in both themes, fits into 1280 px and makes the browser complain of nothing', async () => {
    const { page } = house;
    const found: string[] = [];
    for (const [name, path] of await screensOf(house)) {
      await page.goto(path);
      await settled(page);
      if ((await sideways(page)) > 0) found.push(`${name} is wider than the window`);
      for (const theme of ['light', 'dark'] as const) {
        await wear(page, theme);
        found.push(...(await violations(page, theme === 'light' ? undefined : COLOURS)).map((line) => `${name}, ${theme}: ${line}`));
        await house.shoot(`${name}-${theme}`);
      }
    }
    expect(found).toEqual([]);
    expect(house.takeTroubles()).toEqual([]);
  }, 120_000);

  it('can be looked at on a phone: nothing is wider than it, in whichever screen', async () => {
    const { page } = house;
    await page.setViewportSize({ width: 390, height: 844 });
    const found: string[] = [];
    for (const [name, path] of await screensOf(house)) {
      await page.goto(path);
      await settled(page);
      const excess = await sideways(page);
      if (excess > 0) found.push(`${name} is ${excess} px wider than the phone`);
      await house.shoot(`${name}-phone`);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    expect(found).toEqual([]);
  }, 120_000);

  it('obeys the same keys everywhere: / searches, j and k walk rows that open, ? helps', async () => {
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
      if ((await page.locator('main .row-link').count()) > 0) {
        await page.keyboard.press('j');
        expect([name, await focused('main .row-link')]).toEqual([name, true]);
      }
      await page.keyboard.press('/');
      await searching(page);
    }
    expect(house.takeTroubles()).toEqual([]);
  }, 120_000);

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

  it('is accessible while a menu or a dialog is open', async () => {
    const { page } = house;
    await page.goto('/messages');
    await settled(page);
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menu').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });
}
