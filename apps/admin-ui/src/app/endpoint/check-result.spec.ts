import { describe, expect, it } from 'vitest';
import { checkedSteps } from './check-result';

describe('a connection test', () => {
  it('always shows its three steps in order, those it did not come to as not tried', () => {
    const steps = checkedSteps({ ok: false, steps: [{ step: 'network', ok: true, message: 'It answers.' }, { step: 'authentication', ok: false, message: 'Refused.' }] });
    expect(steps.map(({ step, ok }) => [step, ok])).toEqual([['network', true], ['authentication', false], ['rights', null]]);
    expect(steps[2]?.message).toBeUndefined();
  });
});
