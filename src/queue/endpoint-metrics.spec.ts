import { describe, expect, it } from '@jest/globals';
import { EndpointMetrics } from './endpoint-metrics.js';

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).sort();

describe('metrics of endpoints', () => {
  it('tell each organization its own, and nothing of others', async () => {
    const metrics = new EndpointMetrics();
    metrics.readFrom((organization) => (organization === 'a' ? [{ endpoint: 'jira', circuit: 'open', slots: 8, callsUnderWay: 1, lanesInHand: 5 }] : []));
    metrics.attempted('a', 'jira', 'success');
    metrics.attempted('a', 'jira', 'success');
    metrics.attempted('b', 'secret', 'retryable');
    expect(linesOf(await metrics.text('a'))).toEqual([
      'parley_endpoint_attempts_total{endpoint="jira",outcome="success"} 2', 'parley_endpoint_calls_under_way{endpoint="jira"} 1', 'parley_endpoint_circuit{endpoint="jira"} 2',
      'parley_endpoint_lanes_in_hand{endpoint="jira"} 5', 'parley_endpoint_slots{endpoint="jira"} 8',
    ]);
    expect(linesOf(await metrics.text('b'))).toEqual(['parley_endpoint_attempts_total{endpoint="secret",outcome="retryable"} 1']);
    expect(linesOf(await metrics.text('c'))).toEqual([]);
  });

  it('forget an endpoint that is gone, but for what was counted', async () => {
    const metrics = new EndpointMetrics();
    metrics.readFrom(() => [{ endpoint: 'jira', circuit: 'closed', slots: 8, callsUnderWay: 0, lanesInHand: 0 }]);
    expect(linesOf(await metrics.text('a'))).toHaveLength(4);
    metrics.readFrom(() => []);
    expect(linesOf(await metrics.text('a'))).toEqual([]);
  });
});
