import { describe, expect, it } from '@jest/globals';
import { aConversation, aMessage, NOW } from '../../../test/support/routing.js';
import { RunningMemory } from '../conversation/memory-draft.js';
import { type Scope, scopeOf } from './scope.js';
import { parseTemplate, renderText, renderValue, type Template } from './template.js';

function template(source: string): Template {
  const parsed = parseTemplate(source);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

function setup(): Scope {
  const message = aMessage({
    attributes: { a: '5', Tags: ['x', 'y'], n: 7, z: null }, sender: { id: 'ann' }, messageType: 'Submit',
    response: { operation: 'UPDATE', status: 'ERROR', httpStatus: 423, error: 'locked', ticketId: null },
  });
  const conversation = aConversation({ attributes: { Stage: 'two' }, counters: { Tries: 3 } });
  const scope = scopeOf({ message, conversation, memory: new RunningMemory(conversation), now: NOW, known: {} });
  return { ...scope, virtual: new Map([['v', 'virtual']]), item: { Name: 'disk', count: 2 } };
}

describe('a template', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['a=${a}, tags=${tags}', 'a=5, tags=x, y'],
    ['${ a }${gone}${z}', '5'],
    ['cost $${a} ${a}', 'cost ${a} 5'],
    ['$5 and $$ and $', '$5 and $$ and $'],
    ['${SF:Conversation:STAGE} ${sf:conversation:counter:tries} ${sf:conversation:counter:none}', 'two 3 0'],
    ['${sf:virtual:V}', 'virtual'],
    ['${sf:item:name} ${sf:item:COUNT}${sf:item:gone}', 'disk 2'],
    ['${sf:item}', '{"Name":"disk","count":2}'],
    ['${sf:message:id} ${sf:message:messageType} ${sf:message:sender} ${sf:message:receivedTime}', `m1 Submit ann ${NOW}`],
    ['${sf:now} ${sf:conversation:id}', `${NOW} c1`],
    ['${sf:ticketId:VENDORX_JIRA:issue}|${sf:ticketId:other:issue}|${sf:ticketId:x}', 'VX-7||'],
    ['${sf:response:status} ${sf:response:httpStatus} ${sf:response:error} ${sf:response:operation}${sf:response:ticketId}', 'ERROR 423 locked UPDATE'],
  ])('%j becomes %j', (source, text) => expect(renderText(template(source), setup())).toBe(text));

  it('that is one expression copies with its type, and may be absent', () => {
    expect(renderValue(template('${tags}'), setup())).toEqual(['x', 'y']);
    expect(renderValue(template('${N}'), setup())).toBe(7);
    expect(renderValue(template('${z}'), setup())).toBeNull();
    expect(renderValue(template('${gone}'), setup())).toBeUndefined();
    expect(renderValue(template(' ${n}'), setup())).toBe(' 7');
    expect(renderValue(template('${gone}${gone}'), setup())).toBe('');
  });

  it.each([
    ['a ${b', '"${" at character 3 is not closed'],
    ['${}', '"${}" at character 1 names no attribute'],
    ['x${ }', '"${}" at character 2 names no attribute'],
  ])('%j is refused', (source, error) => expect(parseTemplate(source)).toEqual({ ok: false, error }));
});
