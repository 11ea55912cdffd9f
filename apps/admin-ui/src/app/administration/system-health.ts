import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { systemShow } from '../api/functions';
import { apiResource } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { failureOf, screenStatus } from '../http/screen-status';
import { onLive } from '../live/on-live';
import { Present } from '../ui/present';
import { PageHeader } from '../ui/page-header';
import { ScreenFrame } from '../ui/screen-frame';
import { StateChip } from '../ui/state-chip';
import { durationText, sizeText } from '../ui/time-text';
import { HEALTH } from './administration.text';

/** How Parley itself is: its stages and what waits before them, its stores, its version. */
@Component({
  selector: 'parley-system-health',
  imports: [PageHeader, ScreenFrame, StateChip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './system-health.html',
  styleUrl: './administration.scss',
})
export class SystemHealth {
  private readonly read = apiResource(systemShow, () => ({}));
  private readonly present = inject(Present);

  protected readonly text = HEALTH;
  protected readonly system = latestOf(this.read);
  protected readonly status = screenStatus(this.read, this.system);
  protected readonly failure = failureOf(this.read);
  protected readonly sizeText = sizeText;
  protected readonly upFor = computed(() => { const system = this.system(); return system === undefined ? '' : durationText(Math.max(0, this.present.now() - Date.parse(system.startedAt))); });

  constructor() {
    onLive(() => { this.reload(); });
  }

  protected ageText(seconds: number): string { return seconds < 1 ? HEALTH.none : durationText(seconds * 1_000); }
  protected stateOf(state: string): string { return state === 'ok' ? 'OPERATIONAL' : state === 'not used' ? 'OFF' : state === 'degraded' ? 'WARNING' : 'ERROR'; }
  protected reload(): void { this.read.reload(); }
}
