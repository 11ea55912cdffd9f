import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Present } from '../ui/present';
import { SystemName } from '../ui/system-name';
import { OVERVIEW } from './overview.text';
import { HEIGHT, type MapEdge, WIDTH, edgesOf, nodesOf } from './traffic-map';

export interface MapSystem {
  readonly id: string;
  readonly name: string;
  readonly word: string;
  readonly oldestWaitingAt: string | null;
}

/** Endpoints as places, rules as ways between them. */
@Component({
  selector: 'parley-map',
  imports: [RouterLink, SystemName],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (systems().length > 0) {
      <div class="map">
        <svg [attr.viewBox]="box" aria-hidden="true">
          @for (edge of edges(); track edge.source + ' ' + edge.target) {
            <path [class]="edge.tone" [attr.d]="edge.path" [attr.stroke-width]="edge.width" />
            <g [attr.transform]="'translate(' + edge.at.x + ' ' + edge.at.y + ')'"><polygon [class]="edge.tone" points="-7,-6.5 8,0 -7,6.5" [attr.transform]="'rotate(' + edge.at.angle + ')'" />@if (edge.sent > 0) {<text text-anchor="middle" [attr.y]="edge.at.y < half ? -13 : 24">{{ edge.sent }}</text>}</g>
          }
        </svg>
        <ul>@for (node of nodes(); track node.id) {<li [style.left.%]="node.x" [style.top.%]="node.y"><a [routerLink]="['/endpoints', node.id]" [class]="wordOf(node.id)"><parley-system [endpoint]="node.id" [display]="nameOf(node.id)" /></a></li>}</ul>
      </div>
      <ul class="legend" aria-hidden="true">@for (entry of text.mapLegend; track entry.tone) {<li><i [class]="entry.tone"></i>{{ entry.label }}</li>}</ul>
      <details>
        <summary>{{ text.asTable }}</summary>
        <table class="rows"><caption class="unseen">{{ text.map }}</caption>
          <thead><tr><th scope="col">{{ text.mapColumns.from }}</th><th scope="col">{{ text.mapColumns.to }}</th><th scope="col">{{ text.mapColumns.sent }}</th><th scope="col">{{ text.mapColumns.failed }}</th></tr></thead>
          <tbody>@for (edge of edges(); track edge.source + ' ' + edge.target) {<tr><td>{{ nameOf(edge.source) }}</td><td>{{ nameOf(edge.target) }}</td><td class="number">{{ edge.sent }}</td><td class="number">{{ edge.failed }}</td></tr>}</tbody>
        </table>
      </details>
    } @else {<p class="faint none">{{ text.mapEmpty }}</p>}
  `,
  styleUrl: './map-view.scss',
})
export class MapView {
  private readonly present = inject(Present);
  readonly systems = input.required<readonly MapSystem[]>();
  readonly ways = input.required<readonly MapEdge[]>();

  protected readonly text = OVERVIEW;
  protected readonly box = `0 0 ${String(WIDTH)} ${String(HEIGHT)}`;
  protected readonly half = HEIGHT / 2;
  protected readonly nodes = computed(() => nodesOf(this.systems().map(({ id }) => id)));
  protected readonly edges = computed(() => edgesOf(this.ways(), this.nodes(), new Map(this.systems().flatMap(({ id, oldestWaitingAt }) => (oldestWaitingAt === null ? [] : [[id, Date.parse(oldestWaitingAt)] as const]))), this.present.now()));

  protected nameOf(id: string): string { return this.systems().find((system) => system.id === id)?.name ?? id; }
  protected wordOf(id: string): string { return (this.systems().find((system) => system.id === id)?.word ?? '').toLowerCase(); }
}
