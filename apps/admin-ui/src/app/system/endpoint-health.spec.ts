import { endpointHealth } from './endpoint-health';

const RUNTIME = { pausedReason: null, pausedAt: null, circuit: 'closed', openUntil: null, lastSuccessAt: '2026-11-21T12:00:00Z', lastFailureAt: null, lastError: null, failuresInRow: 0 };

describe('the health of an endpoint', () => {
  it('is operational while calls succeed, and merely active before the first', () => {
    expect(endpointHealth({ status: 'ACTIVE', runtime: RUNTIME }).word).toBe('OPERATIONAL');
    expect(endpointHealth({ status: 'ACTIVE', runtime: null })).toEqual({ word: 'ACTIVE', why: 'No trouble is known.' });
  });
  it('is suspended whatever happened before', () => { expect(endpointHealth({ status: 'SUSPENDED', runtime: { ...RUNTIME, circuit: 'open' } }).word).toBe('SUSPENDED'); });
  it('is an error while its credentials are refused', () => { expect(endpointHealth({ status: 'ACTIVE', runtime: { ...RUNTIME, pausedReason: 'credentials' } })).toMatchObject({ word: 'ERROR', why: expect.stringContaining('credentials') }); });
  it('is an error while its circuit is open, and says the last error', () => {
    expect(endpointHealth({ status: 'ACTIVE', runtime: { ...RUNTIME, circuit: 'open', lastError: 'connect ECONNREFUSED' } })).toMatchObject({ word: 'ERROR', why: expect.stringContaining('ECONNREFUSED') });
  });
  it('is a warning from the first failure on', () => { expect(endpointHealth({ status: 'ACTIVE', runtime: { ...RUNTIME, failuresInRow: 2, lastError: '429' } }).why).toBe('The last 2 calls failed: 429'); });
});
