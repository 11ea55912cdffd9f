import { describe, expect, it } from '@jest/globals';
import type { Database } from '../store/database.js';
import { organizationId } from '../store/organization.js';
import { Pulses } from './pulse.service.js';

const ACME = organizationId('00000000-0000-4000-8000-000000000001');

/** A store in which nothing moves. */
const still = { worker: { query: () => Promise.resolve({ rows: [{ message: 'm', trouble: 't', finished: 'f' }] }) } } as unknown as Database;

describe('the pulse', () => {
  it('tells whoever has just begun to listen once: what moved since their reading nobody else tells them', async () => {
    const pulses = new Pulses(still);
    const heard: string[] = [];
    const stop = await new Promise<() => void>((resolve) => {
      const end = pulses.listen(ACME, (type) => { heard.push(`first ${type}`); resolve(end); });
    });
    const stopSecond = await new Promise<() => void>((resolve) => {
      const end = pulses.listen(ACME, (type) => { heard.push(`second ${type}`); resolve(end); });
    });
    expect(heard).toEqual(['first message', 'second message']);
    stop();
    stopSecond();
  });
});
