import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** As much of the browser's document as is looked at here: these functions run in the page. */
declare const document: {
  readonly documentElement: { readonly scrollWidth: number; readonly clientWidth: number; readonly dataset: Record<string, string> };
  readonly activeElement: { matches(selector: string): boolean } | null;
  querySelector(selector: string): unknown;
};
declare const requestAnimationFrame: (done: () => void) => void;

/** The checks of accessibility, written for these tests; each file adds some. */
const CHECKS = ['seen', 'names', 'structure', 'contrast', 'targets'];
/** Put into every page before anything else of it runs. */
export const ACCESSIBILITY = CHECKS.map((name) => readFileSync(join(import.meta.dirname, `accessibility/${name}.js`), 'utf8')).join('\n');
/** What a theme can break. */
export const COLOURS = ['words stand out', 'words in fields stand out', 'edges of fields stand out', 'a link in a text is more than a colour'];

/** What is wrong for those who do not see, point or tell colours well, one line each; all checks where none is named. */
export const violations = (page: Page, names: readonly string[] = []): Promise<string[]> => page.evaluate(
  (wanted) => (globalThis as unknown as { parleyLook: { run(names: readonly string[]): string[] } }).parleyLook.run(wanted), names);

/** By how many pixels the page is wider than the window. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

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

/** Resolves once one writes into a field that searches. */
export async function searching(page: Page): Promise<void> {
  await page.waitForFunction(() => document.activeElement?.matches('input[type="search"]') === true);
}

/** Resolves once nothing is loading any more. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
}
