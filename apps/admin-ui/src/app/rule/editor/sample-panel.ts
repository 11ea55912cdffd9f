import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { attributeRows, matchingRows } from '../../ui/attribute-rows';
import { Icon } from '../../ui/icon';
import { instantText } from '../../ui/time-text';
import { isDraft, textAt, valueAt } from './document-edit';
import { SAMPLE } from './editor.text';
import { InsertPlace } from './insert-place';
import { readPasted } from './pasted-message';
import { RuleEditorStore } from './rule-editor-store';
import { TrialStore } from './trial-store';

/** A real message beside the draft: chosen among the newest of the source, or pasted. A click on an attribute puts it where one was writing. */
@Component({
  selector: 'parley-sample-panel',
  imports: [Icon, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './sample-panel.html',
  styleUrl: './sample-panel.scss',
})
export class SamplePanel {
  private readonly store = inject(RuleEditorStore);
  private readonly place = inject(InsertPlace);
  protected readonly trial = inject(TrialStore);
  protected readonly text = SAMPLE;
  protected readonly search = signal('');
  protected readonly isPasting = signal(false);
  protected readonly pasteProblem = signal<string | undefined>(undefined);
  protected readonly hasSource = computed(() => textAt(this.store.draft(), '/sourceSystemId') !== '');
  protected readonly choices = computed(() => this.trial.recent().map((message) => ({ id: message.id, label: `${message.ticketId ?? '–'} · ${message.state.toLowerCase().replace('_', ' ')} · ${instantText(message.receivedAt, Date.now())}` })));
  /** A message that is not among the newest. */
  protected readonly elsewhere = computed(() => { const sample = this.trial.sample(); return sample?.messageId === undefined || this.choices().some(({ id }) => id === sample.messageId) ? undefined : sample; });
  private readonly all = computed(() => attributeRows(this.trial.attributes()));
  protected readonly rows = computed(() => matchingRows(this.all(), this.search()));
  protected readonly isFilterable = computed(() => this.all().length > 8);
  protected readonly memory = computed(() => {
    const sample = this.trial.sample()?.case;
    const attributes = valueAt(sample, '/conversation/attributes');
    const counters = valueAt(sample, '/conversation/counters');
    return [
      ...attributeRows(isDraft(attributes) ? attributes : {}).map((row) => ({ name: `sf:conversation:${row.name}`, text: row.text })),
      ...attributeRows(isDraft(counters) ? counters : {}).map((row) => ({ name: `sf:conversation:counter:${row.name}`, text: row.text })),
    ];
  });

  protected pick(id: string): void {
    if (id !== '') void this.trial.pick(id);
  }

  protected put(name: string): void { this.place.put(name); }

  protected use(text: string): void {
    const read = readPasted(text, { endpoint: textAt(this.store.draft(), '/sourceSystemId'), entityType: textAt(this.store.draft(), '/sourceEntityType') });
    this.pasteProblem.set(typeof read === 'string' ? read : undefined);
    if (typeof read === 'string') return;
    this.trial.take(textAt(read, '/message/ticketId') || SAMPLE.pasted, read);
    this.isPasting.set(false);
  }
}
