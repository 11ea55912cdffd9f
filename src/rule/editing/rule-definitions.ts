import { OPERATORS } from '../../core/rule/condition/operators.js';
import { DELAYS } from '../../core/rule/delay.js';
import { ruleShape } from '../../core/rule/document.js';
import { FORMATTERS } from '../../core/rule/formatter/formatters.js';
import { MAPPINGS } from '../../core/rule/mapping/mappings.js';
import { MATCHERS } from '../../core/rule/mapping/table-cell.js';
import { READABLE_NAMES } from '../../core/rule/readable-names.js';
import type { JsonSchema } from '../../core/shape/shape.js';
import type { KindDefinitionDto, RuleDefinitionsDto } from './rule-editing.dto.js';

/** The explicit lists of the core, as an editor needs them. */
export function ruleDefinitions(): RuleDefinitionsDto {
  return {
    operators: OPERATORS.map(({ operator, meaning, takesValues }) => ({ operator, meaning, takesValues })),
    mappings: MAPPINGS.map((entry) => ({ ...kindOf(entry), onlyInConversation: entry.type.startsWith('Counter') })),
    formatters: FORMATTERS.map(kindOf),
    delays: DELAYS.map(kindOf),
    matchers: [...MATCHERS],
    rule: { ...ruleShape.schema },
    names: [...READABLE_NAMES],
  };
}

const kindOf = ({ type, meaning, schema }: { readonly type: string; readonly meaning: string; readonly schema: JsonSchema }): KindDefinitionDto => ({ type, meaning, schema: { ...schema } });
