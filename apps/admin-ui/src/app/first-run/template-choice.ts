import { ChangeDetectionStrategy, Component, computed, input, output, signal } from '@angular/core';
import type { EndpointDto, TemplateParameterDto, TemplateSummaryDto } from '../api/models';
import { FIRST_RUN } from './first-run.text';
import { endsOf, fits, proposedEnds } from './template-ends';

export interface TemplateUse {
  readonly template: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
}

/** Chooses a template and says between which systems; what has a default is folded away. */
@Component({
  selector: 'parley-template-choice',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form (submit)="use($event)">
      <fieldset class="templates">
        <legend class="unseen">{{ text.choose }}</legend>
        @for (one of offered(); track one.id) {
          <label [class.chosen]="one.id === chosen()?.id">
            <input type="radio" name="template" [value]="one.id" [checked]="one.id === chosen()?.id" (change)="choose(one.id)" />
            <span><strong>{{ one.title }}</strong><span class="soft">{{ one.description }}</span></span>
          </label>
        }
      </fieldset>
      @if (chosen(); as template) {
        <div class="ends">
          @for (end of ends(); track end.name; let index = $index) {
            <label>{{ index === 0 ? text.from : text.to }}
              <select #choice class="text-control" (change)="set(end, choice.value)">@for (endpoint of fitting(end); track endpoint.id) {<option [value]="endpoint.id" [selected]="endpoint.id === valueOf(end, index)">{{ endpoint.name }}</option>}</select>
            </label>
          }
        </div>
        <details [open]="needed().length > 0">
          <summary>{{ text.more(others().length) }}</summary>
          <div class="more">@for (one of others(); track one.name) {
            @if (one.kind === 'boolean') {<label class="check"><input #box type="checkbox" [checked]="valueOf(one, 0) === 'true'" (change)="set(one, box.checked ? 'true' : 'false')" />{{ one.title }}</label>}
            @else {<label>{{ one.title }}<input #field class="text-control" [type]="one.kind === 'number' ? 'number' : 'text'" [required]="one.default === undefined" [value]="valueOf(one, 0)" (input)="set(one, field.value)" /></label>}
          }</div>
        </details>
        <button type="submit" class="control strong" [disabled]="busy()">{{ busy() ? text.using : text.use }}</button>
      }
    </form>
  `,
  styles: `
    form { display: grid; gap: 14px; justify-items: start; font-size: 0.8125rem; }
    .templates { display: grid; gap: 8px; width: 100%; margin: 0; padding: 0; border: 0; }
    .templates label { display: flex; gap: 10px; padding: 10px 12px; border: 1px solid var(--line); border-radius: 8px; cursor: pointer; }
    .templates label:hover { border-color: var(--line-strong); }
    .templates .chosen { border-color: var(--accent); background: var(--accent-surface); }
    .templates input { margin: 3px 0 0; accent-color: var(--accent); width: 16px; height: 16px; flex: none; }
    .templates span { display: grid; gap: 2px; }
    .ends { display: flex; flex-wrap: wrap; gap: 12px; }
    .ends label, .more label { display: grid; gap: 4px; font-weight: 550; }
    .ends select { min-width: 220px; }
    summary { width: max-content; cursor: pointer; color: var(--text-soft); }
    .more { display: grid; grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); gap: 12px; margin-top: 10px; }
    .more label { align-content: end; }
    .more input { font-weight: 400; }
    .more .check { display: flex; align-items: center; gap: 8px; font-weight: 400; }
    .more .check input { margin: 0; accent-color: var(--accent); width: 16px; height: 16px; flex: none; }
    details { width: 100%; }
  `,
})
export class TemplateChoice {
  readonly templates = input.required<readonly TemplateSummaryDto[]>();
  readonly endpoints = input.required<readonly EndpointDto[]>();
  readonly busy = input(false);
  readonly used = output<TemplateUse>();

  protected readonly text = FIRST_RUN.template;
  protected readonly choice = signal<string | undefined>(undefined);
  private readonly given = signal<Readonly<Record<string, string>>>({});
  /** Those that the systems which are there can use. */
  protected readonly offered = computed(() => this.templates().filter((one) => proposedEnds(one, this.endpoints()) !== undefined));
  protected readonly chosen = computed(() => this.offered().find((one) => one.id === this.choice()) ?? this.offered()[0]);
  protected readonly ends = computed(() => endsOf(this.chosen()));
  private readonly proposed = computed(() => { const template = this.chosen(); return template === undefined ? [] : (proposedEnds(template, this.endpoints()) ?? []); });
  protected readonly others = computed(() => (this.chosen()?.parameters ?? []).filter((one) => one.kind !== 'endpoint'));
  protected readonly needed = computed(() => this.others().filter((one) => one.default === undefined));

  /** Another template begins from its own defaults: its ends may be other kinds of systems. */
  protected choose(template: string): void {
    this.choice.set(template);
    this.given.set({});
  }

  protected fitting(end: TemplateParameterDto): readonly EndpointDto[] { return this.endpoints().filter((one) => fits(end, one)); }

  /** What was written, else the default; of systems the one proposed for that place. */
  protected valueOf(parameter: TemplateParameterDto, place: number): string {
    return this.given()[parameter.name] ?? (parameter.kind === 'endpoint' ? (this.proposed()[place] ?? '') : String(parameter.default ?? ''));
  }

  protected set(parameter: TemplateParameterDto, value: string): void {
    this.given.update((before) => ({ ...before, [parameter.name]: value }));
  }

  protected use(event: Event): void {
    event.preventDefault();
    const template = this.chosen();
    if (template === undefined) return;
    const entries = [...this.ends().map((one, place) => [one, place] as const), ...this.others().map((one) => [one, 0] as const)]
      .map(([one, place]) => [one.name, valueFor(one, this.valueOf(one, place))] as const);
    this.used.emit({ template: template.id, parameters: Object.fromEntries(entries) });
  }
}

const valueFor = ({ kind }: TemplateParameterDto, text: string): string | number | boolean => (kind === 'number' ? Number(text) : kind === 'boolean' ? text === 'true' : text);
