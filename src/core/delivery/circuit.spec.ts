import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addTallies, admission, beginProbe, type Circuit, CLOSED_CIRCUIT, endProbe, NO_CALLS, recordOutcomes, tallyOf } from './circuit.js';

const recordOutcome = (circuit: Circuit, failed: boolean, nowMs: number): Circuit => recordOutcomes(circuit, tallyOf(failed), nowMs);

/** Records outcomes one after the other, `!` for a failure, 100 ms apart. */
function after(outcomes: string, fromMs = 0, circuit: Circuit = CLOSED_CIRCUIT): Circuit {
  return [...outcomes].reduce((state, outcome, at) => recordOutcome(state, outcome === '!', fromMs + at * 100), circuit);
}

describe('a circuit', () => {
  it('opens when half of ten or more outcomes failed', () => {
    expect(after('!!!!!!!!!').state).toBe('closed');
    expect(after('.....!!!!').state).toBe('closed');
    expect(after('.....!!!!!')).toEqual({ state: 'open', untilMs: 15_900, openMs: 15_000 });
    expect(after('......!!!!!').state).toBe('closed');
  });

  it('opens after twenty failures in a row however many went well before, not when some go well between', () => {
    expect(after(`${'.'.repeat(1_000)}${'!'.repeat(19)}`).state).toBe('closed');
    expect(after(`${'.'.repeat(1_000)}${'!'.repeat(20)}`).state).toBe('open');
    expect(after(`${'.'.repeat(1_000)}${'!!!!!!!!!.'.repeat(10)}`).state).toBe('closed');
  });

  it('forgets what is older than the window', () => {
    expect(after('!', 40_000, after('!!!!!!!!!')).state).toBe('closed');
  });

  it('does not open on a success', () => expect(after('!!!!!!!!!.').state).toBe('closed'));

  it('lets nothing pass while open, then one probe', () => {
    const open = after('!!!!!!!!!!');
    expect(admission(CLOSED_CIRCUIT, 0)).toBe('free');
    expect(admission(open, 15_899)).toBe('no');
    expect(admission(open, 15_900)).toBe('probe');
    expect(beginProbe(open, 15_899)).toBe(open);
    const probing = beginProbe(open, 15_900);
    expect(probing.state).toBe('probing');
    expect(admission(probing, 16_000)).toBe('no');
    expect(beginProbe(CLOSED_CIRCUIT, 0)).toBe(CLOSED_CIRCUIT);
  });

  it('closes when its probe succeeds', () => {
    const probing = beginProbe(after('!!!!!!!!!!'), 20_000);
    expect(endProbe(probing, 'succeeded', 20_500)).toBe(CLOSED_CIRCUIT);
  });

  it('doubles its pause with each probe that fails, up to five minutes', () => {
    let circuit = after('!!!!!!!!!!');
    const pauses: number[] = [];
    for (let probes = 0; probes < 6 && circuit.state === 'open'; probes += 1) {
      pauses.push(circuit.openMs);
      circuit = endProbe(beginProbe(circuit, circuit.untilMs), 'failed', circuit.untilMs + 10);
    }
    expect(pauses).toEqual([15_000, 30_000, 60_000, 120_000, 240_000, 300_000]);
  });

  it('sends another probe where one was lost', () => {
    const probing = beginProbe(after('!!!!!!!!!!'), 20_000);
    expect(admission(probing, 94_999)).toBe('no');
    expect(admission(probing, 95_000)).toBe('probe');
  });

  it('is not moved by late outcomes while it is open, nor while a probe is out', () => {
    const open = after('!!!!!!!!!!');
    expect(recordOutcome(open, false, 1_000)).toBe(open);
    const probing = beginProbe(open, 20_000);
    expect([recordOutcome(probing, false, 20_001), recordOutcome(probing, true, 20_001)]).toEqual([probing, probing]);
    expect(endProbe(open, 'succeeded', 1_000)).toBe(open);
  });

  it('is open for another probe at once where one was not used', () => {
    const given = endProbe(beginProbe(after('!!!!!!!!!!'), 20_000), 'unused', 20_100);
    expect(given).toEqual({ state: 'open', untilMs: 20_100, openMs: 15_000 });
    expect(admission(given, 20_100)).toBe('probe');
  });

  it('counts calls together as it counts them one by one', () => {
    fc.assert(fc.property(fc.array(fc.boolean(), { maxLength: 60 }), fc.nat(60), (calls, at) => {
      const [first, second] = [calls.slice(0, at), calls.slice(at)].map((part) => part.reduce((sum, failed) => addTallies(sum, tallyOf(failed)), NO_CALLS));
      const inRow = calls.length - 1 - calls.lastIndexOf(false);
      expect(addTallies(first!, second!)).toEqual({ total: calls.length, failed: calls.filter(Boolean).length, failedInRow: inRow });
    }));
    const ten = { total: 10, failed: 5, failedInRow: 5 };
    expect(recordOutcomes(CLOSED_CIRCUIT, ten, 900)).toEqual({ state: 'open', untilMs: 15_900, openMs: 15_000 });
    expect(recordOutcomes(CLOSED_CIRCUIT, { ...ten, failedInRow: 0 }, 900).state).toBe('closed');
  });

  it('stays small whatever the traffic', () => {
    const outcomes = fc.array(fc.tuple(fc.boolean(), fc.nat(500)), { minLength: 200, maxLength: 400 });
    fc.assert(
      fc.property(outcomes, (steps) => {
        let nowMs = 0;
        let circuit: Circuit = CLOSED_CIRCUIT;
        for (const [failed, passedMs] of steps) {
          nowMs += passedMs;
          circuit = recordOutcome(circuit, failed, nowMs);
          if (circuit.state === 'closed') expect(circuit.slices.length).toBeLessThanOrEqual(31);
        }
      }),
      { numRuns: 20 },
    );
  });
});
