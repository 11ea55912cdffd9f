import { endpointHealth } from './endpoint-health';

const RUNTIME = { pausedReason: null, pausedAt: null, circuit: 'closed', openUntil: null, lastSuccessAt: '2026-11-21T12:00:00Z', lastFailureAt: null, lastError: null, failuresInRow: 0 };

const NOW = Date.parse('2026-11-21T12:30:00');
const NONE = { until: null, note: '', nextAt: null, nextUntil: null };
const health = (endpoint: Omit<Parameters<typeof endpointHealth>[0], 'maintenanceState'>, maintenanceState = NONE as Parameters<typeof endpointHealth>[0]['maintenanceState']) => endpointHealth({ ...endpoint, maintenanceState }, NOW);

describe('the health of an endpoint', () => {
  it('is operational while calls succeed, and merely active before the first', () => {
    expect(health({ status: 'ACTIVE', runtime: RUNTIME }).word).toBe('OPERATIONAL');
    expect(health({ status: 'ACTIVE', runtime: null })).toEqual({ word: 'ACTIVE', why: 'No trouble is known.' });
  });
  it('is suspended whatever happened before', () => { expect(health({ status: 'SUSPENDED', runtime: { ...RUNTIME, circuit: 'open' } }).word).toBe('SUSPENDED'); });
  it('is an error while its credentials are refused', () => { expect(health({ status: 'ACTIVE', runtime: { ...RUNTIME, pausedReason: 'credentials' } })).toMatchObject({ word: 'ERROR', why: expect.stringContaining('credentials') }); });
  it('is an error while its circuit is open, and says the last error', () => {
    expect(health({ status: 'ACTIVE', runtime: { ...RUNTIME, circuit: 'open', lastError: 'connect ECONNREFUSED' } })).toMatchObject({ word: 'ERROR', why: expect.stringContaining('ECONNREFUSED') });
  });
  it('is a warning from the first failure on', () => { expect(health({ status: 'ACTIVE', runtime: { ...RUNTIME, failuresInRow: 2, lastError: '429' } }).why).toBe('The last 2 calls failed: 429'); });
  it('is maintenance until that is over, whatever calls did before, but for refused credentials', () => {
    const state = { ...NONE, until: new Date(NOW + 3_600_000).toISOString(), note: 'new release' };
    expect(health({ status: 'ACTIVE', runtime: null }, state)).toEqual({ word: 'MAINTENANCE', why: 'Maintenance until 13:30:00 (new release). What is to be sent waits and goes on by itself.' });
    expect(health({ status: 'ACTIVE', runtime: { ...RUNTIME, circuit: 'open' } }, state).word).toBe('MAINTENANCE');
    expect(health({ status: 'ACTIVE', runtime: { ...RUNTIME, pausedReason: 'credentials' } }, state).word).toBe('ERROR');
    expect(health({ status: 'ACTIVE', runtime: RUNTIME }, { ...state, until: new Date(NOW).toISOString() }).word).toBe('OPERATIONAL');
  });
});
