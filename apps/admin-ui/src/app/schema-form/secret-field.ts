import { ChangeDetectionStrategy, Component, computed, input, linkedSignal, output } from '@angular/core';
import { isSecretMark } from './form-value';
import { FORM } from './schema-form.text';

/** A write-only secret: whether one is stored, and a field for a new one. */
@Component({
  selector: 'parley-secret-field',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (isWriting()) {
      <div class="write">
        @if (isFile()) {
          <input #file class="file" type="file" [id]="fieldId()" [attr.aria-describedby]="describedBy()" [attr.aria-invalid]="isInvalid() || null" (change)="read(file.files?.[0])" />
        } @else if (isMultiline()) {
          <textarea class="text-control" rows="2" spellcheck="false" autocomplete="off" [id]="fieldId()" [attr.aria-describedby]="describedBy()" [attr.aria-invalid]="isInvalid() || null" (input)="write($any($event.target).value)"></textarea>
        } @else {
          <input class="text-control" type="password" autocomplete="new-password" [id]="fieldId()" [attr.aria-describedby]="describedBy()" [attr.aria-invalid]="isInvalid() || null" [value]="typed()" (input)="write($any($event.target).value)" />
        }
        @if (stored() !== undefined) {<button type="button" class="control small" (click)="keep()">{{ text.keep }}</button>}
      </div>
    } @else {
      <p class="stored"><span>{{ text.secretSet }}</span><button type="button" class="control small" [id]="fieldId()" [attr.aria-labelledby]="labelledBy() + ' ' + fieldId()" (click)="isWriting.set(true)">{{ text.replace }}</button></p>
    }
  `,
  styles: `
    .write, .stored { display: flex; align-items: center; gap: 8px; min-height: 32px; font-size: 0.8125rem; color: var(--text-soft); }
    .file { min-width: 0; max-width: 100%; color: inherit; font: inherit; }
    .text-control { flex: 1; min-width: 0; scroll-margin-block: 90px; }
    [aria-invalid='true'] { border-color: var(--bad-mark); }
    textarea { height: auto; field-sizing: content; max-height: 320px; padding: 8px 10px; font-family: var(--font-fixed); }
  `,
})
export class SecretField {
  readonly value = input<unknown>();
  /** Id of the label. */
  readonly labelledBy = input.required<string>();
  readonly fieldId = input.required<string>();
  readonly describedBy = input<string>();
  readonly isMultiline = input(false);
  /** Whether it is chosen as a file, whose bytes are written in base64. */
  readonly isFile = input(false);
  readonly isInvalid = input(false);
  readonly changed = output<unknown>();

  protected readonly text = FORM;
  /** The mark of the stored secret, as long as this field is shown. */
  protected readonly stored = linkedSignal<unknown, unknown>({ source: this.value, computation: (value, previous) => (isSecretMark(value) ? value : previous?.value) });
  protected readonly isWriting = linkedSignal<boolean, boolean>({ source: () => isSecretMark(this.value()), computation: (isMark, previous) => !isMark || (previous?.value ?? false) });
  protected readonly typed = computed(() => { const value = this.value(); return typeof value === 'string' ? value : ''; });

  protected write(typed: string): void {
    this.changed.emit(typed === '' ? this.stored() : typed);
  }

  protected async read(chosen: File | undefined): Promise<void> {
    const bytes = chosen === undefined ? [] : new Uint8Array(await chosen.arrayBuffer());
    this.write(btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')));
  }

  protected keep(): void {
    this.changed.emit(this.stored());
    this.isWriting.set(false);
  }
}
