import { type Progress, stepsOf } from './first-run-steps';

const NOTHING: Progress = { endpoints: [], rules: [], messages: [] };
const states = (progress: Partial<Progress>) => stepsOf({ ...NOTHING, ...progress }).map(({ state }) => state).join(' ');
const TWO = [{ id: 'a' }, { id: 'b' }];
const rule = { sourceSystemId: 'a', targetSystemId: 'b', enabled: true };

describe('the way to the first ticket', () => {
  it('begins with the first system', () => { expect(states({})).toBe('now later later later later'); });

  it('goes on where it was left', () => {
    expect(states({ endpoints: [{ id: 'a' }] })).toBe('done now later later later');
    expect(states({ endpoints: TWO })).toBe('done done now later later');
    expect(states({ endpoints: TWO, rules: [rule] })).toBe('done done done now later');
  });

  it('is not joined by a rule that is off, or that sends nothing', () => {
    expect(states({ endpoints: TWO, rules: [{ ...rule, enabled: false }, { ...rule, targetSystemId: '' }] })).toBe('done done now later later');
  });

  it('ends when something was delivered', () => {
    const message = { kind: 'normal', deliveries: [] } as unknown as Progress['messages'][number];
    expect(states({ endpoints: TWO, rules: [rule], messages: [message] })).toBe('done done done done now');
    const delivered = { ...message, deliveries: [{ state: 'SENT' }] } as unknown as Progress['messages'][number];
    expect(states({ endpoints: TWO, rules: [rule], messages: [delivered] })).toBe('done done done done done');
  });
});
