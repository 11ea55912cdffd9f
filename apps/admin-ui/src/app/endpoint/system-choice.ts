import { ChangeDetectionStrategy, Component, computed, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { presetList } from '../api/functions';
import type { AdapterDto } from '../api/models';
import { apiResource } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { RowKeys } from '../keyboard/row-keys';
import { SearchKey } from '../keyboard/search-key';
import { Icon } from '../ui/icon';
import { EDITOR } from './endpoint.text';

/** What to connect: a system that is known by name, or any other by what it speaks. */
@Component({
  selector: 'parley-system-choice',
  imports: [Icon, RouterLink, RowKeys, SearchKey],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div parleyRowKeys>
      <section aria-labelledby="known">
        <div class="head"><h2 id="known">{{ text.knownSystems }}</h2><label class="search"><span class="unseen">{{ text.findSystem }}</span><parley-icon name="search" [size]="16" /><input #box type="search" parleySearchKey autocomplete="off" spellcheck="false" [placeholder]="text.findSystem" (input)="search.set(box.value)" /><kbd aria-hidden="true">/</kbd></label></div>
        <p class="soft about">{{ text.knownAbout }}</p>
        <ul>
          @for (one of presets(); track one.id) {
            <li class="panel"><a class="row-link" [routerLink]="[]" [queryParams]="{ preset: one.id }"><strong>{{ one.title }}</strong><span class="soft words">{{ one.description }}</span><span class="tags"><span class="tag">{{ text.tested[one.testedAgainst] }}</span></span></a></li>
          } @empty {<li class="none faint">{{ page() ? text.noSystem : text.looking }}</li>}
        </ul>
      </section>
      <section aria-labelledby="any">
        <h2 id="any">{{ text.anySystem }}</h2>
        <ul>
          @for (one of kinds(); track one.kind) {
            <li class="panel"><a class="row-link" [routerLink]="[]" [queryParams]="{ adapter: one.kind }"><strong>{{ one.label }}</strong><span class="soft words">{{ one.description }}</span><span class="tags">@if (one.receives) {<span class="tag">{{ text.receives }}</span>}@if (one.sends) {<span class="tag">{{ text.sends }}</span>}</span></a></li>
          }
        </ul>
      </section>
    </div>
  `,
  styles: `
    section { padding: 0 24px 28px; }
    .head { display: flex; align-items: center; justify-content: space-between; gap: 16px; max-width: 1140px; }
    .search { width: 240px; }
    .about { margin: 2px 0 12px; font-size: 0.8125rem; }
    #any { margin-bottom: 12px; }
    ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); gap: 12px; max-width: 1140px; }
    li { position: relative; }
    a { display: grid; grid-template-rows: auto 1fr auto; gap: 6px; height: 100%; padding: 14px 16px; border-radius: var(--radius); color: inherit; font-size: 0.8125rem; &:hover { background: var(--surface-hover); } }
    strong { font-size: 0.9375rem; }
    .words { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; line-clamp: 3; overflow: hidden; }
    .tags { display: flex; gap: 6px; }
    .none { padding: 12px 0; font-size: 0.8125rem; }
    @media (max-width: 700px) { section { padding-inline: 12px; } .head { flex-wrap: wrap; } }
  `,
})
export class SystemChoice {
  readonly kinds = input.required<readonly AdapterDto[]>();
  private readonly read = apiResource(presetList, () => ({}));
  protected readonly page = latestOf(this.read);
  protected readonly text = EDITOR;
  protected readonly search = signal('');
  protected readonly presets = computed(() => {
    const words = this.search().toLowerCase().split(/\s+/);
    return (this.page()?.items ?? []).filter(({ title, description }) => words.every((word) => `${title} ${description}`.toLowerCase().includes(word))).toSorted((one, other) => one.title.localeCompare(other.title));
  });
}
