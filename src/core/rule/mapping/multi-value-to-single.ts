import { elementAsText } from '../../message/as-text.js';
import { AttributeIndex, indexFields } from '../../message/attribute-index.js';
import { elementsOf } from '../../message/elements-of.js';
import type { FlatObject, Scalar } from '../../message/value.js';
import { filledText, optional, text } from '../../shape/shape.js';
import { compileElementExpression, compileExpression } from '../expression.js';
import { templateAt } from '../rule-place.js';
import type { Scope } from '../scope.js';
import { renderText, type Template } from '../template.js';
import { defineMapping } from './mapping.js';

const NO_FIELDS = new AttributeIndex<Scalar>({});

export const multiValueToSingle = defineMapping({
  type: 'MultiValueToSingle',
  meaning: 'Joins the elements of a multi-value into one text',
  keys: {
    sourceAttribute: filledText('The multi-value; a single value is a list of one'),
    targetAttribute: filledText('The attribute that is written'),
    separator: optional(text('Stands between the elements'), ', '),
    elementTemplate: optional(text('What is written of each element; reads its own fields', 'template'), null),
  },
  compile: (args, context, place) => {
    const target = context.target(args.targetAttribute, place.at('targetAttribute'));
    const source = compileExpression(args.sourceAttribute.trim());
    const template =
      args.elementTemplate === null
        ? null
        : templateAt(args.elementTemplate, place.at('elementTemplate'), compileElementExpression);
    if (target === null || (template === null && args.elementTemplate !== null)) return null;
    return (scope, sink) => {
      const value = source.read(scope);
      if (value === undefined) return undefined;
      const texts = elementsOf(value).map((element) => printElement(element, template, scope));
      sink.write(target, texts.join(args.separator));
      return undefined;
    };
  },
});

function printElement(element: Scalar | FlatObject, template: Template | null, scope: Scope): string {
  if (template === null) return elementAsText(element);
  const fields = typeof element === 'object' && element !== null ? indexFields(element) : NO_FIELDS;
  return renderText(template, { ...scope, element: fields, item: element });
}
