import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { type ChartLine, chartOf } from './chart-geometry';
import { instantText } from './time-text';

/** Lines over time, drawn by ourselves, with their numbers as a table behind. */
@Component({
  selector: 'parley-line-chart',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ul class="key">@for (line of lines(); track line.label) {<li><i [class]="line.tone"></i>{{ line.label }}</li>}</ul>
    <div class="plot" aria-hidden="true">
      <div class="scale number">@for (tick of chart().ticks; track tick.value) {<span [style.bottom.%]="tick.share * 100">{{ format()(tick.value) }}</span>}</div>
      <svg viewBox="0 0 1000 300" preserveAspectRatio="none">
        @for (tick of chart().ticks; track tick.value) {<line x1="0" x2="1000" [attr.y1]="300 - tick.share * 300" [attr.y2]="300 - tick.share * 300" />}
        @for (line of chart().lines; track line.label) {
          @if (line.area; as area) {<path class="area" [attr.class]="'area ' + line.tone" [attr.d]="area" />}
          @for (path of line.paths; track $index) {<path class="stroke" [attr.class]="'stroke ' + line.tone" [attr.d]="path" />}
        }
      </svg>
      @if (isEmpty()) {<p class="faint">{{ nothing() }}</p>}
    </div>
    <div class="times faint number" aria-hidden="true"><span>{{ timeOf(0) }}</span><span>{{ timeOf(instants().length - 1) }}</span></div>
    <details>
      <summary>{{ asTable() }}</summary>
      <div class="scroll" tabindex="0" role="region" [attr.aria-label]="label()">
        <table>
          <caption class="unseen">{{ label() }}</caption>
          <thead><tr><th scope="col">{{ time() }}</th>@for (line of lines(); track line.label) {<th scope="col">{{ line.label }}</th>}</tr></thead>
          <tbody>@for (at of instants(); track at; let index = $index) {<tr><th scope="row" class="number">{{ timeOf(index) }}</th>@for (line of lines(); track line.label) {<td class="number">{{ shown(line.values[index]) }}</td>}</tr>}</tbody>
        </table>
      </div>
    </details>
  `,
  styleUrl: './line-chart.scss',
})
export class LineChart {
  readonly label = input.required<string>();
  /** ISO 8601, one per value. */
  readonly instants = input.required<readonly string[]>();
  readonly lines = input.required<readonly ChartLine[]>();
  readonly format = input<(value: number) => string>(String);
  readonly nothing = input('');
  readonly asTable = input('As a table');
  readonly time = input('Time');

  protected readonly chart = computed(() => chartOf(this.lines(), { width: 1_000, height: 300 }));
  protected readonly isEmpty = computed(() => this.lines().every((line) => line.values.every((value) => value === null || value === 0)));

  protected timeOf(index: number): string {
    const at = this.instants()[index];
    return at === undefined ? '' : instantText(at, Date.now()).replace(/:\d\d$/, '');
  }

  protected shown(value: number | null | undefined): string {
    return value == null ? '–' : this.format()(value);
  }
}
