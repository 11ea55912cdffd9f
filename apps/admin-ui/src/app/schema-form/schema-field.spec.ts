import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideZonelessChangeDetection } from '@angular/core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fieldOf } from './field';
import { SchemaField } from './schema-field';

interface Shown {
  readonly root: HTMLElement;
  readonly fixture: ComponentFixture<SchemaField>;
  /** The last value that was handed up. */
  last(): unknown;
}

async function show(schema: object, value: unknown, problems: readonly { pointer: string; detail: string }[] = []): Promise<Shown> {
  const fixture = TestBed.createComponent(SchemaField);
  let last: unknown = 'nothing yet';
  fixture.componentRef.setInput('field', fieldOf(schema as Record<string, unknown>, 'auth', false));
  fixture.componentRef.setInput('pointer', '/settings/auth');
  fixture.componentRef.setInput('value', value);
  fixture.componentRef.setInput('problems', problems);
  fixture.componentInstance.changed.subscribe((next) => { last = next; fixture.componentRef.setInput('value', next); });
  await fixture.whenStable();
  return { fixture, root: fixture.nativeElement as HTMLElement, last: () => last };
}

function type(root: HTMLElement, selector: string, text: string, event = 'input'): void {
  const field = root.querySelector<HTMLInputElement>(selector)!;
  field.value = text;
  field.dispatchEvent(new Event(event));
}

const press = (root: HTMLElement, word: string): void => { [...root.querySelectorAll('button')].find((button) => button.textContent.includes(word))!.click(); };

const SECRET = { type: 'string', 'x-secret': true, 'x-label': 'Token' };
const AUTH = {
  type: 'object', 'x-label': 'Authentication', discriminator: { propertyName: 'type' },
  oneOf: [
    { type: 'object', properties: { type: { const: 'none' } } },
    { type: 'object', required: ['type', 'token'], properties: { type: { const: 'bearer' }, token: SECRET } },
  ],
};

describe('a form made from a schema', () => {
  beforeEach(() => { TestBed.configureTestingModule({ providers: [provideZonelessChangeDetection()] }); });

  it('shows the problem of a place at its field, tied to it for those who cannot see', async () => {
    const { root } = await show({ type: 'string', 'x-label': 'Address' }, 'x', [{ pointer: '/settings/auth', detail: 'must be an address' }, { pointer: '/settings', detail: 'elsewhere' }]);
    const field = root.querySelector('input')!;
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(root.querySelector(`[id="${field.getAttribute('aria-describedby')!}"]`)?.textContent).toBe('must be an address');
    expect(root.textContent).not.toContain('elsewhere');
  });

  it('hands up the fields of the variant that is chosen and nothing of the one before', async () => {
    const { root, fixture, last } = await show(AUTH, { type: 'none' });
    type(root, 'select', 'bearer', 'change');
    await fixture.whenStable();
    type(root, 'input[type=password]', 's3cret');
    expect(last()).toEqual({ type: 'bearer', token: 's3cret' });
    type(root, 'select', 'none', 'change');
    expect(last()).toEqual({ type: 'none' });
  });

  it('never shows a stored secret, and keeps it until something is typed in its place', async () => {
    const mark = { $secret: 'f00' };
    const { root, fixture, last } = await show(SECRET, mark);
    expect(root.textContent).toContain('Set. It is never shown.');
    expect(root.querySelector('input')).toBeNull();
    press(root, 'Replace');
    await fixture.whenStable();
    type(root, 'input', 'new');
    expect(last()).toBe('new');
    await fixture.whenStable();
    press(root, 'Keep the stored one');
    await fixture.whenStable();
    expect(last()).toEqual(mark);
    expect(root.querySelector('input')).toBeNull();
  });

  it('adds and removes an optional group', async () => {
    const { root, fixture, last } = await show({ type: 'object', required: ['perSecond'], properties: { perSecond: { type: 'number' } } }, undefined);
    expect(root.querySelector('input')).toBeNull();
    press(root, 'Add');
    await fixture.whenStable();
    type(root, 'input', '0.5', 'change');
    expect(last()).toEqual({ perSecond: 0.5 });
    await fixture.whenStable();
    press(root, 'Remove');
    expect(last()).toBeUndefined();
  });

  it('adds a group that means something without any member, keeps it when its members are emptied, and writes no other empty group', async () => {
    const members = { path: { type: 'string', 'x-label': 'Path' } };
    const marked = await show({ type: 'object', 'x-label': 'Only if unchanged', 'x-empty': true, properties: members }, undefined);
    expect(marked.root.querySelector('input')).toBeNull();
    press(marked.root, 'Add');
    expect(marked.last()).toEqual({});
    await marked.fixture.whenStable();
    type(marked.root, 'input', '/x');
    await marked.fixture.whenStable();
    type(marked.root, 'input', '');
    expect(marked.last()).toEqual({});
    press(marked.root, 'Remove');
    expect(marked.last()).toBeUndefined();
    const plain = await show({ type: 'object', 'x-label': 'Files', properties: { within: { type: 'object', properties: members } } }, undefined);
    expect([...plain.root.querySelectorAll('button')].map((button) => button.textContent.trim())).toEqual([]);
    type(plain.root, 'input', '/x');
    expect(plain.last()).toEqual({ within: { path: '/x' } });
    await plain.fixture.whenStable();
    type(plain.root, 'input', '');
    expect(plain.last()).toBeUndefined();
  });

  it('names groups by what they lie in, so that those of one name are told apart', async () => {
    const limits = { type: 'object', 'x-label': 'Limits', properties: { most: { type: 'number' } } };
    const call = (label: string) => ({ type: 'object', 'x-label': label, properties: { limits } });
    const { root } = await show({ type: 'array', items: { type: 'object', properties: { create: call('Create'), update: call('Update') } } }, [{ name: 'incident', create: { limits: {} }, update: { limits: {} } }]);
    const names = [...root.querySelectorAll('[role=group]')].map((group) => group.getAttribute('aria-label'));
    expect(names).toContain('Limits, Create, Auth, incident');
    expect(new Set(names).size).toBe(names.length);
  });

  it('adds and removes items of a list, called by their names', async () => {
    const { root, fixture, last } = await show({ type: 'array', items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } } }, [{ name: 'incident' }]);
    expect(root.querySelector('[role=group][aria-label="Auth, incident"]')).not.toBeNull();
    press(root, 'Add');
    await fixture.whenStable();
    expect(last()).toEqual([{ name: 'incident' }, {}]);
    press(root, 'Remove');
    expect(last()).toEqual([{}]);
  });

  it('labels the bare items of a list like their headings', async () => {
    const { root } = await show({ type: 'array', 'x-label': 'Codes', items: { type: 'number' } }, [404]);
    expect(root.querySelector(`label[for="${root.querySelector('input')!.id}"]`)?.textContent).toContain(root.querySelector('.item strong')!.textContent);
  });

  it('takes a secret that is a file as its bytes in base64', async () => {
    const { root, last } = await show({ ...SECRET, 'x-file': true }, undefined);
    const input = root.querySelector<HTMLInputElement>('input[type=file]')!;
    Object.defineProperty(input, 'files', { value: [new File([new Uint8Array([0, 255, 48])], 'client.p12')] });
    input.dispatchEvent(new Event('change'));
    await vi.waitFor(() => expect(last()).toBe('AP8w'));
  });

  it('names the button that replaces a secret by the label and by itself', async () => {
    const { root } = await show(SECRET, { $secret: '1' });
    const names = root.querySelector('.stored button')?.getAttribute('aria-labelledby')?.split(' ').map((id) => root.querySelector(`[id="${id}"]`)?.textContent?.trim());
    expect(names).toEqual([expect.stringMatching(/^Token/), 'Replace']);
  });
});
