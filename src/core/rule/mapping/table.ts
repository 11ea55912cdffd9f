import { asText, isMultiValue } from '../../message/as-text.js';
import { fold } from '../../message/fold.js';
import { isBlank } from '../../message/is-blank.js';
import type { Value } from '../../message/value.js';
import type { Place } from '../../shape/place.js';
import { filledText, listOf, objectOf, optional } from '../../shape/shape.js';
import { compileExpression } from '../expression.js';
import { allOrNull, templateAt } from '../rule-place.js';
import type { Scope } from '../scope.js';
import { renderValue, type Template } from '../template.js';
import { defineMapping } from './mapping.js';
import { type CellTest, compileCell, thenCellShape, type WhenCell, whenCellShape } from './table-cell.js';
import { unmappedTexts } from './unmapped-texts.js';

type ThenCells = readonly (Template | null)[];

interface Row {
  readonly when: readonly CellTest[];
  readonly then: ThenCells;
}

const rowShape = objectOf({
  when: listOf(whenCellShape, 'One cell per source'),
  then: listOf(thenCellShape, 'One cell per target'),
});

export const TABLE_KEYS = {
  sources: listOf(filledText('An attribute'), 'Attributes that are looked at'),
  targets: listOf(filledText('An attribute'), 'Attributes that are written'),
  rows: listOf(rowShape, 'Rows, read from top down'),
  defaults: optional(listOf(thenCellShape, 'Written where no row fits'), null),
};

export const table = defineMapping({
  type: 'Table',
  meaning: 'Translates values: the first row whose every cell fits writes its targets',
  keys: TABLE_KEYS,
  check: ({ sources, targets, rows, defaults }, place) => {
    if (targets.length === 0) place.at('targets').refuse('at least one attribute', 'a list of 0');
    rows.forEach((row, at) => {
      checkLength(row.when, sources, 'source', place.at('rows').at(at).at('when'));
      checkLength(row.then, targets, 'target', place.at('rows').at(at).at('then'));
    });
    if (defaults !== null) checkLength(defaults, targets, 'target', place.at('defaults'));
  },
  compile: (args, context, place) => {
    const targets = allOrNull(args.targets.map((name, at) => context.target(name, place.at('targets').at(at))));
    const sources = args.sources.map((name) => compileExpression(name.trim()));
    const rows = allOrNull(args.rows.map((row, at) => compileRow(row, place.at('rows').at(at))));
    const defaults = args.defaults === null ? [] : compileThen(args.defaults, place.at('defaults'));
    if (targets === null || rows === null || defaults === null) return null;
    const findRow = rowFinder(rows);
    const asked = { mapping: context.pointer, sources: args.sources, targets: args.targets, hasDefault: args.defaults !== null };
    return (scope, sink) => {
      const values = sources.map((source) => source.read(scope));
      const row = findRow(values, scope);
      // A message that carries none of the sources says nothing about them.
      const room = MOST_UNMAPPED - scope.unmapped.length;
      if (row === undefined && room > 0 && !values.every(isBlank)) scope.unmapped.push(...unmappedTexts(values, room).map((texts) => ({ ...asked, values: texts })));
      const then = row?.then ?? defaults;
      then.forEach((cell, at) => {
        const value = cell === null ? undefined : renderValue(cell, scope);
        const target = targets[at];
        if (value !== undefined && target !== undefined) sink.write(target, value);
      });
      return undefined;
    };
  },
});

/** Notes of one execution: one that iterates over thousands of values says enough with these. */
const MOST_UNMAPPED = 50;

function checkLength(cells: readonly unknown[], names: readonly string[], what: string, place: Place): void {
  if (cells.length !== names.length) place.refuse(`${names.length} cells, one per ${what}`, `a list of ${cells.length}`);
}

function compileRow(
  row: { readonly when: readonly WhenCell[]; readonly then: readonly (string | null)[] },
  place: Place,
): Row | null {
  const when = allOrNull(row.when.map((cell, at) => compileCell(cell, place.at('when').at(at))));
  const then = compileThen(row.then, place.at('then'));
  return when === null || then === null ? null : { when, then };
}

function compileThen(cells: readonly (string | null)[], place: Place): ThenCells | null {
  const before = place.problems.length;
  const templates = cells.map((cell, at) => (cell === null ? null : templateAt(cell, place.at(at))));
  return place.problems.length === before ? templates : null;
}

/** Rows of fixed texts are found by one look-up, however many there are; only the others are tried in order. */
function rowFinder(rows: readonly Row[]): (values: readonly (Value | undefined)[], scope: Scope) => Row | undefined {
  const fixed = new Map<string, number>();
  const tried: number[] = [];
  rows.forEach((row, at) => {
    const texts = allOrNull(row.when.map((cell) => cell.fixed));
    if (texts === null) tried.push(at);
    else if (!fixed.has(keyOf(texts))) fixed.set(keyOf(texts), at);
  });
  return (values, scope) => {
    const fits = (row: Row): boolean => row.when.every((cell, at) => cell.fits(values[at], scope));
    // Any element of a multi-value may fit, so that there is no one key to look up.
    if (values.some(isMultiValue)) return rows.find(fits);
    const found = fixed.get(keyOf(values.map((value) => fold(asText(value))))) ?? rows.length;
    const earlier = tried.find((at) => at < found && fits(rows[at] as Row));
    return rows[earlier ?? found];
  };
}

function keyOf(texts: readonly string[]): string {
  return texts.length === 1 ? (texts[0] ?? '') : JSON.stringify(texts);
}
