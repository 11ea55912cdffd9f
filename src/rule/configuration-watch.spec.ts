import { describe, expect, it } from '@jest/globals';
import type { Database } from '../store/database.js';
import { organizationId } from '../store/organization.js';
import { ConfigurationWatch } from './configuration-watch.service.js';

const ACME = organizationId('0199a000-0000-7000-8000-000000000001');

/** A watch over a store whose revision the test holds in its hand; `log` is what readers read and put, in order. */
function setup() {
  const store = { revision: 1 };
  const log: string[] = [];
  const worker = { query: () => Promise.resolve({ rows: [{ organization_id: ACME, revision: String(store.revision) }] }) };
  const watch = new ConfigurationWatch({ worker } as unknown as Database);
  const keeps = (name: string, whileReading: () => void = () => undefined) => watch.onChange(async () => {
    const read = store.revision;
    log.push(`${name} reads ${read}`);
    await Promise.resolve();
    whileReading();
    return () => { log.push(`${name} puts ${read}`); };
  });
  return { store, log, watch, keeps };
}

describe('a change of the configuration', () => {
  it('is put in place everywhere at once, when all of it was read', async () => {
    const { watch, keeps, log } = setup();
    keeps('rules');
    keeps('endpoints');
    await watch.poll();
    expect(log).toEqual(['rules reads 1', 'endpoints reads 1', 'rules puts 1', 'endpoints puts 1']);
  });

  it('is read again where it changes meanwhile, so that no endpoint is seen before its rules', async () => {
    const { watch, keeps, log, store } = setup();
    keeps('rules', () => { store.revision = 2; });
    keeps('endpoints');
    await watch.poll();
    expect(log.filter((line) => line.includes('puts'))).toEqual(['rules puts 2', 'endpoints puts 2']);
  });

  it('that never ends is taken as it is after some time', async () => {
    const { watch, keeps, log, store } = setup();
    keeps('rules', () => { store.revision += 1; });
    await watch.poll();
    expect(log.filter((line) => line.includes('puts'))).toHaveLength(1);
  });

  it('that was seen is not read again', async () => {
    const { watch, keeps, log } = setup();
    keeps('rules');
    await watch.poll();
    await watch.poll();
    expect(log).toHaveLength(2);
  });

  it('that cannot be read changes nothing, and is read when that is over', async () => {
    const { watch, keeps, log } = setup();
    let isBroken = true;
    keeps('rules');
    watch.onChange(() => (isBroken ? Promise.reject(new Error('away')) : Promise.resolve(() => { log.push('endpoints put'); })));
    await expect(watch.poll()).rejects.toThrow('away');
    expect(log).toEqual(['rules reads 1']);
    isBroken = false;
    await watch.poll();
    expect(log.slice(1)).toEqual(['rules reads 1', 'rules puts 1', 'endpoints put']);
  });
});
