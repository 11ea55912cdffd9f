import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { WAIVERS, type Waiver } from './accessibility/waivers.js';

/** As much of the browser's document as is looked at here: these functions run in the page. */
declare const document: {
  readonly documentElement: { readonly scrollWidth: number; readonly clientWidth: number; readonly dataset: Record<string, string> };
  readonly activeElement: { matches(selector: string): boolean } | null;
  querySelector(selector: string): unknown;
  querySelectorAll(selector: string): Iterable<{ open: boolean }>;
};
declare const requestAnimationFrame: (done: () => void) => void;

/** The engine and what it does not look at, for the page; as large as it is, it goes there only once it is asked for. */
const ACCESSIBILITY = ['../../node_modules/accessibility-checker-engine/ace', 'accessibility/seen', 'accessibility/engine', 'accessibility/structure', 'accessibility/contrast']
  .map((name) => readFileSync(join(import.meta.dirname, `${name}.js`), 'utf8')).join('\n');
/** What a theme can break. Checks of our own: they tell all that the engine tells of colours, and more. */
const COLOURS = ['words stand out', 'words in fields stand out', 'edges of fields stand out', 'a link in a text is more than a colour'];

interface Look {
  run(checks: readonly string[]): string[];
  runEngine(waivers: readonly Waiver[]): Promise<string[]>;
}

/** What is wrong for those who do not see, point or tell colours well, one line each; all of it, or what a theme can break. */
export async function violations(page: Page, { only, waivers = WAIVERS }: { readonly only?: 'colours'; readonly waivers?: readonly Waiver[] } = {}): Promise<string[]> {
  if (!(await page.evaluate(() => 'parleyLook' in globalThis))) await page.evaluate(`${ACCESSIBILITY}\nundefined`);
  return page.evaluate(async ({ colours, given }) => {
    const { parleyLook: look } = globalThis as unknown as { readonly parleyLook: Look };
    return colours === null ? [...await look.runEngine(given), ...look.run([])] : look.run(colours);
  }, { colours: only === 'colours' ? COLOURS : null, given: waivers });
}

/** By how many pixels the page is wider than the window. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** What a phone does not show without being pushed aside, of what is to be seen at once: the area that one is in, cells of rows that stand below each other. */
export const outOfSight = (page: Page): Promise<string[]> => page.evaluate(`[...document.querySelectorAll('nav .place.here, .rows.stacked td')].filter((one) => { const { left, right } = one.getBoundingClientRect(); return left < -1 || right > innerWidth + 1; }).map((one) => one.textContent.trim().slice(0, 60) || one.title)`);

/** Shows the page in one of the two themes at once, whatever the person chose. */
export async function wear(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.evaluate(async (wanted) => {
    document.documentElement.dataset['theme'] = wanted;
    for (let frame = 0; frame < 3; frame += 1) await new Promise<void>((painted) => { requestAnimationFrame(painted); });
  }, theme);
}

/** From now on what moves by itself is added up, as browsers do (cumulative layout shift). */
export const watchShifts = (page: Page): Promise<void> => page.evaluate(() => {
  const watched = globalThis as unknown as { shifted: number; PerformanceObserver: new (told: (list: { getEntries(): readonly { value: number; hadRecentInput: boolean }[] }) => void) => { observe(what: object): void } };
  watched.shifted = 0;
  new watched.PerformanceObserver((list) => { for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) watched.shifted += value; }).observe({ type: 'layout-shift', buffered: false });
});

export const shifts = (page: Page): Promise<number> => page.evaluate(() => (globalThis as unknown as { shifted: number }).shifted);

/** Opens whatever is folded away, so that it is looked at like the rest. */
export async function unfold(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (const folded of document.querySelectorAll('details:not([open])')) folded.open = true;
    await new Promise<void>((painted) => { requestAnimationFrame(() => { requestAnimationFrame(painted); }); });
  });
  await settled(page);
}

/** Resolves once one writes into a field that searches. */
export async function searching(page: Page): Promise<void> {
  await page.waitForFunction(() => document.activeElement?.matches('input[type="search"]') === true);
}

/** Resolves once nothing is loading any more. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
}
