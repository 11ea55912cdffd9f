import { describe, expect, it } from '@jest/globals';
import { runRuleTests } from '../../core/rule/rule-tests.js';
import { checkRule } from '../../rule/index.js';
import { renderTemplate } from './render-template.js';
import type { Template } from './template.js';
import { TEMPLATES } from './templates.js';

/** Values for parameters that have no default, and others than the defaults where there are some. */
const plain = ({ parameters }: Template): Record<string, string> => Object.fromEntries(parameters.filter((one) => one.default === undefined).map(({ name }) => [name, `some_${name}`]));
const other = ({ parameters }: Template): Record<string, string | number | boolean> => Object.fromEntries(parameters.map(({ name, kind }) => [name, kind === 'number' ? 7 : kind === 'boolean' ? true : `Other ${name}`]));
const rulesOf = (template: Template, parameters: Readonly<Record<string, unknown>>): readonly Readonly<Record<string, unknown>>[] => {
  const result = renderTemplate(template, parameters);
  if ('errors' in result) throw new Error(JSON.stringify(result.errors));
  return result.rules;
};

describe.each(TEMPLATES.map((template) => [template.id, template] as const))('the template %s', (_, template) => {
  it.each([['its defaults', plain(template)], ['other values', other(template)]])('makes rules that can be used, with %s', (_name, parameters) => {
    const rules = rulesOf(template, parameters);
    for (const rule of rules) expect(checkRule(rule)).not.toHaveProperty('errors');
    expect(new Set(rules.map((rule) => rule['name'])).size).toBe(rules.length);
    expect(JSON.stringify(rules)).not.toMatch(/\{\{\w/);
  });

  it.each([['its defaults', plain(template)], ['other values', other(template)]])('makes rules whose every test passes, with %s; each has one', (_name, parameters) => {
    for (const rule of rulesOf(template, parameters)) {
      const results = runRuleTests(rule);
      expect(results.length).toBeGreaterThan(0);
      expect(results.filter((result) => !result.passed || result.warnings.length > 0)).toEqual([]);
    }
  });

  it('uses every parameter that it asks for', () => {
    const text = JSON.stringify(template.rules);
    for (const { name } of template.parameters) expect(text.includes(`{{${name}}}`) || text.includes(`{{number:${name}}}`) || text.includes(`"onlyWith":"${name}"`)).toBe(true);
  });
});

describe('the parameters of a template', () => {
  const template: Template = { id: 't', title: 'T', description: '', parameters: [{ name: 'a', title: '', kind: 'endpoint' }, { name: 'n', title: '', kind: 'number', default: 3 }], rules: [{ '{{a}}': ['${{{a}}} {{n}} {{b}}', '{{number:n}}'] }] };

  it('stand in texts and keys, numbers where they are asked for', () => {
    expect(renderTemplate(template, { a: 'x' })).toEqual({ rules: [{ x: ['${x} 3 {{b}}', 3], changeDescription: 'From the template "T"' }] });
  });

  it('decide which parts stand there, and may be left empty where they are so by default', () => {
    const choosing: Template = {
      ...template, parameters: [{ name: 'group', title: '', kind: 'text', default: '' }, { name: 'both', title: '', kind: 'boolean', default: false }],
      rules: [{ parts: [{ onlyWith: 'group', is: '{{group}}' }, { onlyWithout: 'group', is: 'any' }] }, { onlyWith: 'both', name: 'back' }],
    };
    const changeDescription = 'From the template "T"';
    expect(renderTemplate(choosing, {})).toEqual({ rules: [{ parts: [{ is: 'any' }], changeDescription }] });
    expect(renderTemplate(choosing, { group: 'Vendor', both: true })).toEqual({ rules: [{ parts: [{ is: 'Vendor' }], changeDescription }, { name: 'back', changeDescription }] });
    expect(renderTemplate(choosing, { group: ' ', both: 'yes' })).toMatchObject({ errors: [{ pointer: '/group' }, { pointer: '/both' }] });
  });

  it('are refused with their places where they are wrong, missing or unknown', () => {
    expect(renderTemplate(template, { a: ' ', n: 1.5, c: 1 })).toMatchObject({ errors: [{ pointer: '/c' }, { pointer: '/a' }, { pointer: '/n' }] });
    expect(renderTemplate(template, {})).toMatchObject({ errors: [{ pointer: '/a', detail: 'is missing' }] });
  });
});
