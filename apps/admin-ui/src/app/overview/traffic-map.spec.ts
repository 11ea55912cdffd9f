import { edgesOf, nodesOf, waysOf } from './traffic-map';

const way = (source: string, target: string, sent = 0, failed = 0) => ({ source, target, sent, failed });

describe('the map', () => {
  it('puts two systems face to face and more around', () => {
    expect(nodesOf(['a', 'b']).map(({ x, y }) => [Math.round(x), Math.round(y)])).toEqual([[15, 50], [85, 50]]);
    expect(new Set(nodesOf(['a', 'b', 'c']).map(({ y }) => Math.round(y))).size).toBe(3);
  });

  it('shows every way that an enabled rule may take, with or without traffic', () => {
    const rules = [{ sourceSystemId: 'a', targetSystemId: 'b', enabled: true }, { sourceSystemId: 'b', targetSystemId: 'a', enabled: false }, { sourceSystemId: 'a', targetSystemId: '', enabled: true }];
    expect(waysOf(rules, [way('a', 'c', 3)])).toEqual([way('a', 'b'), way('a', 'c', 3)]);
  });

  it('draws more traffic thicker, and both ways apart', () => {
    const nodes = nodesOf(['a', 'b']);
    const [there, back] = edgesOf([way('a', 'b', 1_000), way('b', 'a', 1)], nodes, new Map(), 0);
    expect(there!.width).toBeGreaterThan(back!.width);
    expect(there!.path).not.toBe(back!.path);
    expect(there!.at.y).not.toBe(back!.at.y);
  });

  it('colours by how long the oldest has waited', () => {
    const nodes = nodesOf(['a', 'b']);
    const tone = (waitedMs: number | undefined, sent = 1) => edgesOf([way('a', 'b', sent)], nodes, new Map(waitedMs === undefined ? [] : [['b', 1_000_000 - waitedMs]]), 1_000_000)[0]?.tone;
    expect([tone(undefined, 0), tone(undefined), tone(5_000), tone(90_000), tone(900_000)]).toEqual(['idle', 'good', 'good', 'wait', 'bad']);
  });

  it('leaves out what leads nowhere', () => { expect(edgesOf([way('a', 'gone'), way('a', 'a')], nodesOf(['a']), new Map(), 0)).toEqual([]); });
});
