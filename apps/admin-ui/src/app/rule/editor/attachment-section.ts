import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { withMember } from '../../schema-form/form-value';
import { SchemaField } from '../../schema-form/schema-field';
import type { Field } from '../../schema-form/field';
import { isDraft, valueAt } from './document-edit';
import { EDITOR } from './editor.text';
import { kindFields } from './kind-fields';
import { RuleEditorStore } from './rule-editor-store';
import { TrialStore } from './trial-store';

const LABELS: Readonly<Record<string, string>> = {
  mapAttachmentsFromSourceMessage: 'Of the message', mapAttachmentsFromConversation: 'Kept in the conversation', removeAttachmentsFromConversation: 'Empty the conversation of attachments afterwards',
  extensionBlacklist: 'Never these endings', extensionWhitelist: 'Only these endings', filterFilesWithoutExtension: 'Not without an ending', maxCount: 'At most so many', maxSizeBytes: 'Each at most (bytes)', maxTotalSizeBytes: 'Together at most (bytes)',
};

/** Which attachments go along, and which are kept. */
@Component({
  selector: 'parley-attachment-section',
  imports: [SchemaField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="panel" [attr.aria-label]="text.sections.attachments">
      <div class="panel-body">
        <label><input type="checkbox" id="/attachmentMapping" [checked]="isSending()" (change)="choose($any($event.target).checked)" />{{ text.sendsAttachments }}</label>
        @if (isSending()) {<div class="fields">@for (field of fields(); track field.name) {<parley-schema-field [field]="field" [value]="member(field.name)" [pointer]="'/attachmentMapping/' + field.name" [problems]="trial.problems()" (changed)="write(field.name, $event)" />}</div>}
        @else {<p class="faint">{{ text.noAttachments }}</p>}
      </div>
      <div class="panel-body line"><label><input type="checkbox" id="/saveAttachmentsToConversation" [checked]="isKeeping()" (change)="keep($any($event.target).checked)" />{{ text.saveAttachments }}</label></div>
    </section>
  `,
  styles: `
    label { display: flex; align-items: center; gap: 8px; font-size: 0.8125rem; font-weight: 550; }
    label input { width: 16px; height: 16px; margin: 0; accent-color: var(--accent); }
    p { margin-top: 6px; font-size: 0.8125rem; }
    .fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(220px, 100%), 1fr)); gap: 12px 16px; margin-top: 14px; align-items: start; }
    .line { border-top: 1px solid var(--line); }
  `,
})
export class AttachmentSection {
  private readonly store = inject(RuleEditorStore);
  protected readonly trial = inject(TrialStore);
  protected readonly text = EDITOR;
  private readonly mapping = computed(() => valueAt(this.store.draft(), '/attachmentMapping'));
  protected readonly isSending = computed(() => isDraft(this.mapping()));
  protected readonly isKeeping = computed(() => valueAt(this.store.draft(), '/saveAttachmentsToConversation') === true);
  protected readonly fields = computed<readonly Field[]>(() => {
    const schema = valueAt(this.store.definitions()?.rule, '/properties/attachmentMapping');
    return isDraft(schema) ? kindFields(schema).map((field) => ({ ...field, label: LABELS[field.name] ?? field.label })) : [];
  });

  protected member(name: string): unknown { return valueAt(this.mapping(), `/${name}`); }
  protected write(name: string, value: unknown): void { this.store.write('/attachmentMapping', withMember(this.mapping(), name, value)); }
  protected choose(sends: boolean): void { this.store.write('/attachmentMapping', sends ? { mapAttachmentsFromSourceMessage: true } : null); }
  protected keep(keeps: boolean): void { this.store.write('/saveAttachmentsToConversation', keeps); }
}
