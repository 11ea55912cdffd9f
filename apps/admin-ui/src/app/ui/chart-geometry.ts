export interface ChartLine {
  readonly label: string;
  readonly tone: 'accent' | 'good' | 'wait' | 'bad';
  /** Null: nothing was measured there, and the line has a gap. */
  readonly values: readonly (number | null)[];
  /** Whether what lies below it is tinted. */
  readonly filled?: boolean;
}

export interface Chart {
  readonly ticks: readonly { readonly value: number; readonly share: number }[];
  readonly lines: readonly { readonly label: string; readonly tone: ChartLine['tone']; readonly paths: readonly string[]; readonly area: string | null }[];
}

interface Box {
  readonly width: number;
  readonly height: number;
}

/** The least of 1, 2, 5, 10, 20, 50 … that is not below. */
export function niceCeiling(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

/** SVG paths of lines in a box, zero at its bottom, with three or four round values to read them by. */
export function chartOf(lines: readonly ChartLine[], { width, height }: Box): Chart {
  const top = niceCeiling(Math.max(0, ...lines.flatMap((line) => line.values.map((value) => value ?? 0))));
  const count = Math.max(2, ...lines.map((line) => line.values.length));
  const place = (value: number, index: number): string => `${round((index / (count - 1)) * width)} ${round(height - (value / top) * height)}`;
  return {
    ticks: (top <= 1 ? [0, 1] : [0, 0.5, 1]).map((share) => ({ value: top * share, share })),
    lines: lines.map((line) => {
      const runs = runsOf(line.values);
      return {
        label: line.label, tone: line.tone,
        paths: runs.map((run) => `M${run.map(({ value, index }) => place(value, index)).join('L')}${run.length === 1 ? 'h0.1' : ''}`),
        area: line.filled === true && runs.length > 0 ? runs.map((run) => `M${place(0, run[0]?.index ?? 0)}L${run.map(({ value, index }) => place(value, index)).join('L')}L${place(0, run.at(-1)?.index ?? 0)}Z`).join('') : null,
      };
    }),
  };
}

/** Neighbouring values that are there. */
function runsOf(values: readonly (number | null)[]): { readonly value: number; readonly index: number }[][] {
  const runs: { value: number; index: number }[][] = [];
  let open = false;
  for (const [index, value] of values.entries()) {
    if (value === null) { open = false; continue; }
    if (!open) runs.push([]);
    runs.at(-1)?.push({ value, index });
    open = true;
  }
  return runs;
}

const round = (value: number): number => Math.round(value * 10) / 10;
