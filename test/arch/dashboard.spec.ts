import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { REGISTRY } from '../../src/queue/metrics.js';

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const { panels } = JSON.parse(readFileSync(new URL('../../docs/operate/grafana-dashboard.json', import.meta.url), 'utf8')) as { panels: readonly Panel[] };

describe('the dashboard', () => {
  it('asks only for metrics and labels that there are', async () => {
    const known = new Map((await REGISTRY.getMetricsAsJSON()).map(({ name }) => [name, (REGISTRY.getSingleMetric(name) as unknown as { labelNames: string[] }).labelNames]));
    const asked = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
    expect(asked.length).toBeGreaterThan(20);
    for (const { title, expr } of asked) {
      const names = [...expr.matchAll(/parley_\w+/g)].map(([name]) => (known.has(name) ? name : name.replace(/_bucket$/, '')));
      expect([title, names.filter((name) => !known.has(name)), names.length > 0]).toEqual([title, [], true]);
      const labels = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(', '));
      expect([title, labels.filter((label) => !['le', 'instance'].includes(label) && !names.some((name) => known.get(name)?.includes(label)))]).toEqual([title, []]);
    }
  });

  it('shows every metric of ours', () => {
    const shown = JSON.stringify(panels);
    const hidden = REGISTRY.getMetricsAsArray().map(({ name }) => name).filter((name) => !/^parley_(process|nodejs)_/.test(name) && !shown.includes(name));
    expect(hidden).toEqual([]);
  });
});
