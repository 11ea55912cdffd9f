import { chartOf, niceCeiling } from './chart-geometry';

const BOX = { width: 100, height: 10 };

describe('a chart', () => {
  it.each([[0, 1], [1, 1], [3, 5], [11, 20], [50, 50], [999, 1000]])('with %i at most ends at %i', (value, ceiling) => { expect(niceCeiling(value)).toBe(ceiling); });

  it('draws a line from zero at the bottom to the most at the top', () => {
    expect(chartOf([{ label: 'a', tone: 'accent', values: [0, 5, 10] }], BOX).lines[0]?.paths).toEqual(['M0 10L50 5L100 0']);
  });

  it('leaves a gap where nothing was measured, and shows a single value', () => {
    expect(chartOf([{ label: 'a', tone: 'accent', values: [10, null, 10] }], BOX).lines[0]?.paths).toEqual(['M0 0h0.1', 'M100 0h0.1']);
  });

  it('tints what lies below a filled line', () => {
    expect(chartOf([{ label: 'a', tone: 'good', values: [10, 10], filled: true }], BOX).lines[0]?.area).toBe('M0 10L0 0L100 0L100 10Z');
  });

  it('has a scale without lines, too', () => { expect(chartOf([], BOX).ticks.map(({ value }) => value)).toEqual([0, 1]); });
});
