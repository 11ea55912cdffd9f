import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { maintenanceSet } from '../api/functions';
import type { EndpointDto, MaintenanceWindowDto } from '../api/models';
import { injectApi } from '../http/api-resource';
import { fieldProblems } from '../http/field-problems';
import { problemText } from '../http/problem-text';
import { Instant } from '../ui/instant';
import { Present } from '../ui/present';
import { StateChip } from '../ui/state-chip';
import { instantText } from '../ui/time-text';
import { MAINTENANCE } from './maintenance.text';
import { isOver, WEEKDAYS, type Weekday, windowOf, windowWords, type WrittenWindow } from './maintenance-window';

const EMPTY: WrittenWindow = {
  kind: 'once', from: '', to: '', weekdays: new Set(), at: '02:00', minutes: '60', zone: Intl.DateTimeFormat().resolvedOptions().timeZone, note: '',
};

/** When nothing is sent to an endpoint: what is planned, a form for more. Each change is in force at once. */
@Component({
  selector: 'parley-maintenance',
  imports: [Instant, StateChip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './maintenance.html',
  styleUrl: './maintenance.scss',
})
export class Maintenance {
  private readonly api = injectApi();
  private readonly present = inject(Present);
  readonly endpoint = input.required<EndpointDto>();
  readonly mayOperate = input(false);
  /** The endpoint is to be read again. */
  readonly changed = output<void>();

  protected readonly text = MAINTENANCE;
  protected readonly weekdays = WEEKDAYS;
  protected readonly zones = Intl.supportedValuesOf('timeZone');
  protected readonly written = signal(EMPTY);
  protected readonly busy = signal(false);
  protected readonly refusal = signal<string | undefined>(undefined);
  protected readonly until = computed(() => {
    const { until } = this.endpoint().maintenanceState;
    return until === null || Date.parse(until) <= this.present.now() ? undefined : instantText(until, this.present.now());
  });
  protected readonly rows = computed(() => this.endpoint().maintenance.map((window) => ({
    kind: window.weekdays === undefined ? MAINTENANCE.kinds.once : MAINTENANCE.kinds.weekly,
    words: windowWords(window, this.present.now()), note: window.note ?? '', isOver: isOver(window, this.present.now()),
  })));

  protected write(part: Partial<WrittenWindow>): void {
    this.written.update((written) => ({ ...written, ...part }));
  }

  protected choose(day: Weekday, isChosen: boolean): void {
    const weekdays = new Set(this.written().weekdays);
    if (isChosen) weekdays.add(day);
    else weekdays.delete(day);
    this.write({ weekdays });
  }

  protected async add(event: Event): Promise<void> {
    event.preventDefault();
    const window = windowOf(this.written());
    if (typeof window === 'string') this.refusal.set(window);
    else if (await this.store([...this.endpoint().maintenance, window])) this.written.set({ ...EMPTY, kind: this.written().kind });
  }

  protected async remove(at: number): Promise<void> {
    await this.store(this.endpoint().maintenance.filter((_, place) => place !== at));
  }

  /** Refused where somebody changed the endpoint meanwhile: what they planned is not lost. */
  private async store(windows: MaintenanceWindowDto[]): Promise<boolean> {
    if (this.busy()) return false;
    this.busy.set(true);
    this.refusal.set(undefined);
    const { id, version } = this.endpoint();
    try {
      await firstValueFrom(this.api(maintenanceSet, { id, 'if-match': `"${String(version)}"`, body: { windows } }));
      return true;
    } catch (failure) {
      this.refusal.set(fieldProblems(failure).map(({ pointer, detail }) => `${pointer.split('/').at(-1) ?? ''} ${detail}.`).join(' ') || problemText(failure));
      return false;
    } finally {
      this.busy.set(false);
      this.changed.emit();
    }
  }
}
