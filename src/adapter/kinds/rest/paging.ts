import { asWord, compilePlace } from '../../place/place.js';
import type { MessageView } from '../../place/message-view.js';
import type { RestPaging } from './poll-settings.js';

/** What a page is asked for with: parameters, or an address of its own. */
export type PageRequest = { readonly parameters: Readonly<Record<string, string>> } | { readonly address: string };

/** A page as it came. */
export interface PageAnswer {
  readonly view: MessageView;
  readonly document: unknown;
  readonly items: readonly unknown[];
}

const DEFAULT_SIZE = 50;

/** How the page that `at` names is asked for; null: the first one. */
export function askPage(paging: RestPaging, at: string | null): PageRequest {
  switch (paging.type) {
    case 'none': return { parameters: {} };
    case 'offset': return { parameters: { [paging.parameter]: at ?? '0', ...sized(paging.limitParameter, paging.size) } };
    case 'page': return { parameters: { [paging.parameter]: at ?? String(paging.first ?? 1), ...sized(paging.limitParameter, paging.size) } };
    case 'range': return { parameters: { [paging.parameter]: `${at ?? '0'}-${Number(at ?? '0') + paging.size - 1}` } };
    case 'cursor': case 'keyset': return { parameters: at === null ? {} : { [paging.parameter]: at } };
    case 'nextUrl': case 'linkHeader': return at === null ? { parameters: {} } : { address: at };
  }
}

const sized = (parameter: string | undefined, size: number | undefined): Readonly<Record<string, string>> => (parameter === undefined ? {} : { [parameter]: String(size ?? DEFAULT_SIZE) });

/** Names the page after this one; null: this was the last. */
export function nextPage(paging: RestPaging, at: string | null, { view, document, items }: PageAnswer): string | null {
  const read = (place: Parameters<typeof compilePlace>[0]): string | null => asWord(compilePlace(place)(view, document));
  switch (paging.type) {
    case 'none': return null;
    case 'offset': {
      const next = Number(at ?? '0') + paging.size;
      if (paging.total !== undefined) return next < Number(read(paging.total) ?? Number.NaN) ? String(next) : null;
      return items.length === 0 || (items.length < paging.size && paging.shortIsLast !== false) ? null : String(next);
    }
    case 'page': {
      const page = Number(at ?? String(paging.first ?? 1));
      if (paging.last !== undefined) return page < Number(read(paging.last) ?? Number.NaN) ? String(page + 1) : null;
      const isShort = paging.limitParameter !== undefined && items.length < (paging.size ?? DEFAULT_SIZE);
      return items.length === 0 || (isShort && paging.shortIsLast !== false) ? null : String(page + 1);
    }
    case 'range': {
      const total = /\/(\d+)\s*$/.exec(view.received.headers['content-range'] ?? '')?.[1];
      const next = Number(at ?? '0') + paging.size;
      if (total !== undefined) return next < Number(total) ? String(next) : null;
      return view.received.status === 206 && items.length === paging.size ? String(next) : null;
    }
    case 'cursor': return read(paging.next);
    case 'nextUrl': return read(paging.next);
    case 'linkHeader': return linkTo('next', view.received.headers['link'] ?? '');
    case 'keyset': {
      const last = items.at(-1);
      if (last === undefined || (paging.size !== undefined && items.length < paging.size)) return null;
      return asWord(compilePlace(paging.key)(view, last));
    }
  }
}

/** The address of a relation in a Link header (RFC 8288). */
export function linkTo(relation: string, header: string): string | null {
  for (const [, address, parameters] of header.matchAll(/<([^<>]*)>([^<]*)/g)) {
    const relations = /;\s*rel\s*=\s*"?([^";,]+)"?/i.exec(parameters ?? '')?.[1]?.toLowerCase().split(/\s+/) ?? [];
    if (relations.includes(relation)) return address ?? null;
  }
  return null;
}
