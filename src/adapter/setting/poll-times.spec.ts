import { describe, expect, it } from '@jest/globals';
import { checkSettings } from './check-settings.js';
import type { ConnectedEndpoint, PollContext } from '../contract.js';
import { rest } from '../kinds/rest/index.js';
import { restsUntil, timesOf, type PollTimes } from './poll-times.js';

const next = (times: PollTimes, at: string, random = 0.5): string => new Date(timesOf(times).nextAtMs!(Date.parse(at), random)).toISOString();
const problems = (times: Record<string, unknown>): string[] => checkSettings(rest.entityTypeSettings, { poll: { path: '/x', ...times } }).map(({ pointer, detail }) => `${pointer} ${detail}`);
const OFFICE = { hours: { weekdays: ['MON', 'TUE', 'WED', 'THU', 'FRI'], from: '08:00', to: '18:00' }, zone: 'Europe/Helsinki' };

describe('when a list is polled', () => {
  it('may be said as an interval, which the stage keeps', () => {
    expect(timesOf({})).toEqual({ everyMs: 60_000 });
    expect(timesOf({ everySeconds: 5 })).toEqual({ everyMs: 5_000 });
  });

  it('may be said as times in a zone', () => {
    const times = { cron: '*/10 8-17 * * MON-FRI', zone: 'Europe/Helsinki' };
    expect(timesOf(times).everyMs).toBe(600_000);
    expect(next(times, '2026-01-30T15:47:00Z')).toBe('2026-01-30T15:50:00.000Z');
    expect(next(times, '2026-01-30T15:50:00Z')).toBe('2026-02-02T06:00:00.000Z');
  });

  it('leaves out what lies outside of its hours', () => {
    expect(next({ everySeconds: 600, ...OFFICE }, '2026-01-30T15:40:00Z')).toBe('2026-01-30T15:50:00.000Z');
    expect(next({ everySeconds: 600, ...OFFICE }, '2026-01-30T15:40:00Z', 0)).toBe('2026-01-30T15:49:00.000Z');
    expect(next({ everySeconds: 600, ...OFFICE }, '2026-01-30T15:55:00Z')).toBe('2026-02-02T06:00:00.000Z');
    expect(next({ cron: '30 * * * *', ...OFFICE }, '2026-01-30T15:40:00Z')).toBe('2026-02-02T06:00:00.000Z');
    expect(next({ hours: {} }, '2026-01-30T15:40:00Z')).toBe('2026-01-30T15:41:00.000Z');
  });

  it('asks for nothing outside of its hours, and says until when', async () => {
    const poll = { path: '/x', everySeconds: 60, ...OFFICE };
    const endpoint: ConnectedEndpoint = { organization: 'o', id: 'x', name: 'X', settings: { baseUrl: 'https://x.example' }, entityTypes: [{ name: 'Issue', references: [], settings: { poll } }] };
    const http = { call: () => { throw new Error('nothing may be asked'); }, address: () => { throw new Error('nothing may be asked'); } } as unknown as PollContext['http'];
    const at = (time: string) => rest.source!.poll(endpoint, 'Issue', null, { http, signal: new AbortController().signal, nowMs: Date.parse(time) });
    expect(await at('2026-01-31T10:00:00Z')).toMatchObject({ kind: 'fetched', items: [], more: false, warning: 'Nothing is asked outside of its hours; they begin at 2026-02-02T06:00:00.000Z.' });
    await expect(at('2026-01-30T10:00:00Z')).rejects.toThrow('nothing may be asked');
    expect(restsUntil({}, 0)).toBeNull();
  });

  it('keeps where news begin before anything is asked, whatever the hour', async () => {
    const poll = { path: '/x', cursor: { type: 'timestamp', field: 'at' }, ...OFFICE };
    const endpoint: ConnectedEndpoint = { organization: 'o', id: 'x', name: 'X', settings: { baseUrl: 'https://x.example' }, entityTypes: [{ name: 'Issue', references: [], settings: { poll } }] };
    const context = { http: {} as PollContext['http'], signal: new AbortController().signal, nowMs: Date.parse('2026-01-31T10:00:00Z') };
    expect(await rest.source!.poll(endpoint, 'Issue', null, context)).toMatchObject({ kind: 'fetched', cursor: { position: '2026-01-31T10:00:00.000Z' } });
  });

  it('must be said as it can be', () => {
    expect([problems({ cron: '0 6 * * *' }), problems({ everySeconds: 5, ...OFFICE }), problems({ hours: { from: '22:00', to: '06:00' } })]).toEqual([[], [], []]);
    expect(problems({ cron: '0 6 * *' })).toEqual(['/poll/cron must match format "cron"']);
    expect(problems({ cron: '0 6 * * *', everySeconds: 60 })).toEqual(['/poll/everySeconds cannot stand beside what else is set here']);
    expect(problems({ hours: { weekdays: [], from: '8:00', to: '24:00' } }).map((one) => one.split(' ')[0]).sort()).toEqual(['/poll/hours/from', '/poll/hours/to', '/poll/hours/weekdays']);
    for (const zone of ['Europe/Nowhere', 'local', 'system', '']) expect(problems({ zone })[0]).toMatch(/^\/poll\/zone /);
  });
});
