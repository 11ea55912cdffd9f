import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCommand } from './commands.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-cli-'));
});
afterEach(() => rm(folder, { recursive: true }));

const rules = [{ name: 'c', sourceSystemId: 'a', sourceEntityType: 't', targetSystemId: 'b', targetEntityType: 't', mappings: [{ type: 'Single', template: '${x}', targetAttribute: 'y' }] }];
const routingCase = (expected: string, changes: object = {}) => ({ name: `expects ${expected}`, rules, message: { endpoint: 'a', entityType: 't', ticketId: '1', attributes: { x: 'v' } }, expect: { outcome: expected }, ...changes });

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function run(...words: string[]): Promise<{ code: number; out: string[]; err: string[] }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommand(words, { out: (text) => out.push(text), err: (text) => err.push(text) });
  return { code, out, err };
}

describe('parley test', () => {
  it('ends with the number of cases that passed and failed', async () => {
    const { code, out } = await run('test', await file('a.json', routingCase('ROUTED')), await file('b.json', routingCase('NO_ROUTE')));
    expect(code).toBe(1);
    expect(out.at(-1)).toBe('1 passed, 1 failed');
    expect(out.join('\n')).toContain('outcome: expected "NO_ROUTE", got "ROUTED"');
  });

  it('succeeds when all cases pass, those of a folder included', async () => {
    await file('a.json', routingCase('ROUTED'));
    await file('b.json', routingCase('ROUTED'));
    expect(await run('test', folder)).toMatchObject({ code: 0, out: expect.arrayContaining(['2 passed, 0 failed']) });
  });

  it('counts a broken file as failed and says where it is broken', async () => {
    const { code, out } = await run('test', await file('broken.json', '{\n "name": "x",\n}'), join(folder, 'missing.json'));
    expect(code).toBe(1);
    expect(out.join('\n')).toContain('line 3, column 1');
    expect(out.join('\n')).toContain('there is no file');
    expect(out.at(-1)).toBe('0 passed, 2 failed');
  });

  it('counts a case of the wrong shape as failed, with its places', async () => {
    const { code, out } = await run('test', await file('shape.json', routingCase('ROUTED', { message: { endpoint: 7 } })));
    expect(code).toBe(1);
    expect(out.join('\n')).toContain('message.endpoint');
  });

  it('runs the tests of a rule file, and fails where the rule cannot be used', async () => {
    const tested = { ...rules[0], tests: [routingCase('ROUTED', { rules: undefined }), routingCase('DROPPED', { rules: undefined })] };
    const { code, out } = await run('test', await file('rule.json', tested), await file('wrong.json', { ...tested, action: 'WALK' }));
    expect(code).toBe(1);
    expect(out.join('\n')).toContain('outcome: expected "DROPPED", got "ROUTED"');
    expect(out.join('\n')).toContain('action: expected one of ROUTE, DROP, PROCESS_ONLY, found "WALK"');
    expect(out.at(-1)).toBe('1 passed, 2 failed');
  });

  it('does not pass for want of cases', async () => {
    expect((await run('test', folder)).code).toBe(1);
    expect((await run('test')).code).toBe(1);
  });
});

describe('parley simulate', () => {
  it('prints the decision as JSON', async () => {
    const { code, out } = await run('simulate', await file('a.json', routingCase('ROUTED')));
    expect(code).toBe(0);
    expect(JSON.parse(out.join('\n'))).toMatchObject({ outcome: 'ROUTED', outbound: [{ attributes: { y: 'v' } }], trace: { executed: [{ rule: 'c' }] } });
  });

  it('refuses a case that cannot be read, with its places', async () => {
    const { code, err } = await run('simulate', await file('a.json', { rules: [{ name: 1 }] }));
    expect(code).toBe(1);
    expect(err.join('\n')).toContain('rules[0].name');
  });
});

describe('parley', () => {
  it('lists its commands, and refuses one that it does not have', async () => {
    expect((await run('help')).out.join('\n')).toContain('parley apply');
    expect(await run('destroy')).toMatchObject({ code: 1, err: expect.arrayContaining(['parley: there is no command "destroy"']) });
  });

  it('prints the table of its settings', async () => {
    expect((await run('settings')).out.join('\n')).toContain('| `PORT` | `8080` |');
  });
});
