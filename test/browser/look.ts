import type { Page } from 'playwright-core';
import { AXE } from './house.js';

/** As much of the browser's document as is looked at here: these functions run in the page. */
declare const document: {
  readonly documentElement: { readonly scrollWidth: number; readonly clientWidth: number; readonly dataset: Record<string, string> };
  querySelector(selector: string): unknown;
};
declare const requestAnimationFrame: (done: () => void) => void;

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

const EVERY_RULE = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** What a theme can break. */
export const COLOURS = ['color-contrast', 'link-in-text-block'];

/** What axe finds wrong on the page, one line per rule; nothing where axe is not installed. */
export async function violations(page: Page, rules: readonly string[] = EVERY_RULE): Promise<string[]> {
  if (AXE === undefined) return [];
  const found = await page.evaluate(async (runOnly) => {
    const { axe } = globalThis as unknown as { axe: { run(root: unknown, options: object): Promise<{ violations: Violation[] }> } };
    return (await axe.run(document, { runOnly, resultTypes: ['violations'] })).violations;
  }, rules);
  return found.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 160)} (${failureSummary ?? ''})`).join(' | ')}`);
}

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

/** Resolves once nothing is loading any more. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
}
