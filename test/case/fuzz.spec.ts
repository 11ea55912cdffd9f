import { describe, expect, it, jest } from '@jest/globals';
import { readCanonicalBody } from '../../src/core/message/canonical-body.js';
import { prepareCase, runCase } from '../../src/core/rule/case.js';
import { compileRule } from '../../src/core/rule/compile.js';
import { evaluate } from '../../src/core/rule/evaluate.js';
import { explain } from '../../src/core/rule/explain.js';
import { release } from '../../src/core/rule/release.js';
import { problemsOfRuleTests, runRuleTests } from '../../src/core/rule/rule-tests.js';
import { isObject } from '../../src/core/shape/shape.js';
import { anything, Chance, randomCase, randomRule } from '../support/fuzz.js';

/** PARLEY_FUZZ_RUNS=100000 tries that many worlds; PARLEY_FUZZ_SEED others. What fails names the seed that shows it alone. */
const RUNS = Number(process.env['PARLEY_FUZZ_RUNS'] ?? 2_000);
const SEED = Number(process.env['PARLEY_FUZZ_SEED'] ?? 20_261_120);
/** Of one world, on a machine that does other things too: far above what any takes, far below a hang. */
const MOST_MS = 2_000;

jest.setTimeout(60_000 + RUNS * 20);

interface Tally {
  readonly outcomes: Map<string, number>;
  compiled: number;
  refused: number;
  unreadable: number;
  slowestMs: number;
  slowestSeed: number;
}

/** One world: documents, a message and a conversation, through everything that reads, compiles and decides. */
function tryWorld(seed: number, tally: Tally): void {
  const chance = new Chance(seed);
  const documents = chance.list(4, () => randomRule(chance));
  for (const document of documents) {
    const rule = compileRule(document);
    if (rule.ok) tally.compiled++;
    else tally.refused++;
    if (!rule.ok && rule.error.length === 0) throw new Error('a document is refused without a reason');
  }
  const whole = documents.filter((document) => compileRule(document).ok);
  const raw = frozen(randomCase(chance, whole));
  const prepared = prepareCase(raw);
  if (!prepared.ok) {
    tally.unreadable++;
    if (runCase(raw).passed) throw new Error('a case that cannot be read passes');
    return;
  }
  const { routingCase: { message, conversation, now, known }, ruleSet } = prepared.value;
  const decision = evaluate(ruleSet, frozen(message), frozen(conversation), now, frozen(known));
  tally.outcomes.set(decision.outcome, (tally.outcomes.get(decision.outcome) ?? 0) + 1);
  const bytes = JSON.stringify(decision);
  // Nothing is shared with the first time: read, compiled and decided anew.
  const again = prepareCase(structuredClone(raw));
  if (!again.ok) throw new Error('a case is read once and not again');
  const second = again.value.routingCase;
  same(JSON.stringify(evaluate(again.value.ruleSet, second.message, second.conversation, second.now, second.known)), bytes, 'the same arguments decide otherwise');
  same(JSON.stringify(explain(ruleSet, message, conversation, now, known).decision), bytes, 'explaining decides otherwise');
  for (const execution of decision.delayed) {
    const current = ruleSet.ruleOf(execution.ruleId);
    for (const later of [now, '2027-01-01T00:00:00Z']) {
      same(JSON.stringify(release(execution, current, message, conversation, later, known)), JSON.stringify(release(execution, current, message, conversation, later, known)), 'releasing decides otherwise');
    }
  }
  runCase(raw);
  const [first] = whole;
  if (isObject(first)) {
    const tested = { ...first, tests: [raw, anything(chance)] };
    problemsOfRuleTests(tested);
    runRuleTests(tested);
  }
  readCanonicalBody(Buffer.from(JSON.stringify(anything(chance, 5)) ?? ''));
}

function same(actual: string, expected: string, what: string): void {
  if (actual !== expected) throw new Error(`${what}:\n${actual}\n${expected}`);
}

/** Whoever writes to what it was given fails. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) frozen(member);
  }
  return value;
}

describe(`${RUNS} random worlds of rules, messages and conversations`, () => {
  it('never make the engine throw or hang, and the same one always comes to the same bytes', () => {
    const tally: Tally = { outcomes: new Map(), compiled: 0, refused: 0, unreadable: 0, slowestMs: 0, slowestSeed: 0 };
    for (let run = 0; run < RUNS; run++) {
      const seed = SEED + run;
      const begin = performance.now();
      try {
        tryWorld(seed, tally);
      } catch (error) {
        throw new Error(`PARLEY_FUZZ_SEED=${seed} PARLEY_FUZZ_RUNS=1 shows it: ${String(error)}`, { cause: error });
      }
      const tookMs = performance.now() - begin;
      if (tookMs > tally.slowestMs) Object.assign(tally, { slowestMs: tookMs, slowestSeed: seed });
    }
    if (RUNS >= 10_000) console.log(`${RUNS} worlds from seed ${SEED}: ${tally.compiled} documents compiled, ${tally.refused} refused, ${tally.unreadable} cases unreadable; ${JSON.stringify(Object.fromEntries(tally.outcomes))}; slowest ${tally.slowestMs.toFixed(0)} ms (seed ${tally.slowestSeed})`);
    expect(tally.slowestMs).toBeLessThan(MOST_MS);
    // Worlds in which nothing happens would prove nothing.
    if (RUNS >= 2_000) for (const outcome of ['ROUTED', 'DELAYED', 'DROPPED', 'FAILED', 'NO_ROUTE']) expect(tally.outcomes.get(outcome) ?? 0).toBeGreaterThan(RUNS / 200);
    if (RUNS >= 2_000) expect(tally.compiled).toBeGreaterThan(RUNS);
  });
});
