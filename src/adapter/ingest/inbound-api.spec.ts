import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { readCanonicalBody } from '../../core/message/canonical-body.js';
import { readSettings } from '../../config/settings.js';
import { openApiDocument, openLog, webAdapter } from '../../web/index.js';
import { INBOUND_API } from './inbound-api.js';

class Nothing {}
Module({})(Nothing);

const WHOLE: Readonly<Record<string, unknown>> = {
  ticketId: 'INC1', messageType: 'created', attributes: { caller: { email: 'a@b.c' } }, attachments: [{ name: 'a.txt', contentBase64: 'YQ==' }],
  sender: { id: 7, name: 'Ann' }, occurredAt: '2026-11-20T12:00:00Z', references: [{ endpoint: 'b', entityType: 'case', ticketId: 9 }],
};
const read = (body: unknown) => readCanonicalBody(Buffer.from(JSON.stringify(body)));
const described = INBOUND_API.schemas['CanonicalMessage'] as { readonly required: readonly string[]; readonly properties: Readonly<Record<string, unknown>> };

async function documentOfNothing() {
  const settings = readSettings({});
  if ('problems' in settings) throw new Error(settings.problems.join());
  const app = await NestFactory.create(Nothing, webAdapter(settings.settings, openLog('error')), { preview: true, logger: false, bodyParser: false, abortOnError: false });
  return openApiDocument(app, [INBOUND_API]);
}

describe('the description of inbound addresses', () => {
  it('names every key of a message that is read, and no other', () => {
    expect(Object.keys(described.properties).sort()).toEqual(Object.keys(WHOLE).sort());
    expect(read(WHOLE)).toMatchObject({ ok: true, value: { ticketId: 'INC1', attributes: { 'caller.email': 'a@b.c' }, sender: { id: '7' }, references: [{ ticketId: '9' }] } });
  });

  it('says what must be there', () => {
    for (const key of Object.keys(WHOLE)) {
      const { [key]: _, ...rest } = WHOLE;
      expect([key, read(rest).ok]).toEqual([key, !described.required.includes(key)]);
    }
  });

  it('stands in the OpenAPI document, with the ways to sign in and the form of errors', async () => {
    const { paths, components } = await documentOfNothing();
    const post = paths['/api/v1/inbound/{endpoint}/{entityType}']?.post;
    expect(Object.keys(post?.responses ?? {})).toEqual(expect.arrayContaining(['202', '401', '404', '413', '415', '422']));
    for (const way of post?.security ?? []) expect(Object.keys(components?.securitySchemes ?? {})).toEqual(expect.arrayContaining(Object.keys(way)));
    for (const [, name] of JSON.stringify(paths).matchAll(/#\/components\/schemas\/(\w+)/g)) expect(components?.schemas).toHaveProperty(name ?? '');
  });
});
