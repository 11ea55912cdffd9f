import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { CopyButton } from './copy-button';
import { jsonTokens } from './json-tokens';

/** Above this many characters colouring costs more than it gives. */
const MOST_COLOURED = 100_000;

/** JSON, indented and coloured; text that is no JSON is shown as it is. */
@Component({
  selector: 'parley-json',
  imports: [CopyButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <parley-copy [value]="text()" label="Copy JSON" />
    <pre tabindex="0" role="region" [attr.aria-label]="label()">@for (token of tokens(); track $index) {<span [class]="token.kind">{{ token.text }}</span>} @empty {{{ text() }}}</pre>
  `,
  styles: `
    :host { display: block; position: relative; min-width: 0; }
    parley-copy { position: absolute; top: 6px; inset-inline-end: 8px; }
    pre {
      margin: 0; padding: 12px 44px 12px 14px; max-height: var(--json-height, 460px); overflow: auto; border-radius: var(--radius-small); background: var(--surface-sunken);
      font-size: 0.75rem; line-height: 1.6; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 2; color: var(--text);
    }
    .key { color: var(--accent); }
    .text { color: var(--good); }
    .number { color: var(--busy); }
    .word { color: var(--wait); }
    .mark { color: var(--text-faint); }
  `,
})
export class JsonView {
  /** A value to print, or text that is shown as JSON where it can be read as such. */
  readonly value = input.required<unknown>();
  readonly label = input('JSON');
  protected readonly text = computed(() => printed(this.value()));
  protected readonly tokens = computed(() => (this.text().length > MOST_COLOURED ? [] : jsonTokens(this.text())));
}

function printed(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value, null, 2) ?? '';
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}
