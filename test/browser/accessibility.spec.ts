import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import { CHROMIUM } from './house.js';
import { WAIVERS, type Waiver } from './accessibility/waivers.js';
import { violations } from './look.js';

const FINE = `<style>body{color:#222;background:#fff} button,input{min-height:32px;border:1px solid #666}</style>
  <header><a class="skip" href="#main">Skip</a></header><nav aria-label="Areas"><ul><li><a href="/">Home</a></li></ul></nav>
  <main id="main"><h1>Tickets</h1><h2>Open</h2><p>Three of them.</p><label>Name <input></label><button>Save</button>
  <table><thead><tr><th scope="col">Id</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table></main>`;

/** What is put into the fine page, and the rule of the engine that must tell of it. */
const FAULTS: readonly (readonly [rule: string, fault: string])[] = [
  ['input_label_exists', '<button><svg aria-hidden="true"></svg></button>'],
  ['input_label_exists', '<input type="text">'],
  ['label_content_exists', '<label> <input aria-label="Name"></label>'],
  ['label_ref_valid', '<label for="nowhere">Name</label>'],
  ['label_name_visible', '<button aria-label="Go">Save it</button>'],
  ['input_autocomplete_valid', '<label>Name <input autocomplete="nobody"></label>'],
  ['fieldset_label_valid', '<div role="group" aria-label="A"><label>B <input></label></div><div role="group" aria-label="A"><label>C <input></label></div>'],
  ['img_alt_valid', '<img src="data:," width="9" height="9">'],
  ['aria_id_unique', '<p aria-describedby="nowhere">A</p>'],
  ['element_id_unique', '<p id="main">A</p>'],
  ['aria_main_label_unique', '<main>another</main>'],
  ['aria_navigation_label_unique', '<nav aria-label="Areas"><p>again</p></nav>'],
  ['heading_content_exists', '<h2></h2>'],
  ['list_structure_proper', '<li>Lost</li>'],
  ['aria_parent_required', '<p role="tab">Lost</p>'],
  ['aria_child_valid', '<ul></ul>'],
  ['table_headers_exists', '<table><tbody><tr><td>1</td></tr></tbody></table>'],
  ['aria_hidden_nontabbable', '<p aria-hidden="true"><button>Save</button></p>'],
  ['element_scrollable_tabbable', '<div style="height:40px;width:200px;overflow:auto"><p style="height:90px">Long</p></div>'],
  ['text_contrast_sufficient', '<p style="color:#999">Faint</p>'],
  ['text_contrast_sufficient', '<p style="opacity:.4">Faint</p>'],
  ['target_spacing_sufficient', '<button style="min-height:12px;height:12px;padding:0">A</button><button style="min-height:12px;height:12px;padding:0">B</button>'],
];

/** What the engine does not see, and the check of our own that must. */
const UNSEEN: readonly (readonly [check: string, fault: string])[] = [
  ['what holds others has a name', '<div role="group"><p>A</p></div>'],
  ['what holds others has a name', '<div role="dialog"><button>Close</button></div>'],
  ['headings go down step by step from one h1', '<h4>Too deep</h4>'],
  ['headings go down step by step from one h1', '<h1>Another</h1>'],
  ['the order of keys is the order of the page', '<p><a href="/" tabindex="2">First</a></p>'],
  ['a control lies in no other control', '<details open><summary>More <button>Save</button></summary>A</details>'],
  ['a control lies in no other control', '<label>A <button>Save</button></label>'],
  ['words stand out', '<p style="color:#999;overflow:hidden">Faint</p>'],
  ['words stand out', '<p style="color:#999;position:relative">Faint</p>'],
  ['words stand out', '<p style="color:color-mix(in srgb,#999,#888)">Faint</p>'],
  ['words in fields stand out', '<style>.f::placeholder{color:#bbb}</style><input class="f" aria-label="A" placeholder="Faint">'],
  ['words in fields stand out', '<input aria-label="A" value="Faint" style="color:#bbb;background:#fff">'],
  ['edges of fields stand out', '<input aria-label="A" style="border:1px solid #ddd">'],
  ['a link in a text is more than a colour', '<p>Read <a href="/" style="color:#225;text-decoration:none">this</a> now.</p>'],
];

(CHROMIUM === undefined ? describe.skip : describe)('the checks of accessibility', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await chromium.launch({ ...(CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }), args: ['--no-sandbox', '--disable-dev-shm-usage'] });
    page = await browser.newPage();
  });
  afterAll(() => browser.close());

  async function found(html: string, { before = '', head = '<title>Tickets</title>', ...how }: { readonly before?: string; readonly head?: string; readonly waivers?: readonly Waiver[]; readonly only?: 'colours' } = {}): Promise<string[]> {
    await page.goto('about:blank');
    await page.setContent(`<!doctype html><html lang="en"><head>${head}</head><body>${before}${html}</body></html>`);
    return violations(page, how);
  }
  const withIn = (fault: string): string => FINE.replace('</main>', `${fault}</main>`);

  it('find nothing on a page that is as it should be', async () => { expect(await found(FINE)).toEqual([]); });

  it.each(FAULTS)('tell by the engine: %s (%s)', async (rule, fault) => {
    expect((await found(withIn(fault))).filter((line) => line.startsWith(`${rule}: `))).not.toEqual([]);
  });

  it.each(UNSEEN)('tell what the engine does not: %s (%s)', async (check, fault) => {
    const lines = await found(withIn(fault));
    expect(lines).not.toEqual([]);
    expect(lines.filter((line) => !line.startsWith(`${check}: `))).toEqual([]);
  });

  it.each(FAULTS.filter(([rule]) => rule === 'text_contrast_sufficient'))('tell of colours without the engine: %s (%s)', async (_, fault) => {
    expect(await found(withIn(fault), { only: 'colours' })).toEqual([expect.stringContaining('words stand out: ')]);
  });

  it('tell: a text outside of all landmarks, a page without a title, one that cannot be made larger', async () => {
    expect(await found(FINE, { before: '<p>Lost</p>' })).toEqual([expect.stringContaining('aria_content_in_landmark: ')]);
    expect(await found(FINE, { head: '' })).toEqual([expect.stringContaining('page_title_exists: ')]);
    expect(await found(FINE, { head: '<title>Tickets</title><meta name="viewport" content="user-scalable=no">' })).toEqual([expect.stringContaining('meta_viewport_zoomable: ')]);
  });

  it.each(WAIVERS)('waive $rules at $at: $why', async (waiver) => {
    const lines = await found(withIn(waiver.example), { waivers: WAIVERS.filter((other) => other !== waiver) });
    expect(lines).not.toEqual([]);
    if (waiver.rules !== 'all') expect(lines.filter((line) => !waiver.rules.includes(line.split(':', 1)[0] ?? ''))).toEqual([]);
    expect(await found(withIn(waiver.example))).toEqual([]);
  });

  it('tell of what a waiver does not mean: another rule there, the same rule elsewhere', async () => {
    expect(await found(withIn('<details><summary></summary>A</details><button aria-controls="nowhere" aria-expanded="true">A</button>'))).toEqual([expect.stringContaining('aria_id_unique: ')]);
  });
});
