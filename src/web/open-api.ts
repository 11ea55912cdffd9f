import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

/** A schema that no class stands for. */
export type NamedSchema = Readonly<Record<string, unknown>>;

const named = new Map<string, NamedSchema>();

/** A part of the document that no controller stands for: routes of Fastify itself. */
export interface ApiPart {
  readonly paths: OpenAPIObject['paths'];
  readonly schemas: Readonly<Record<string, NamedSchema>>;
  readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
}

type SecurityScheme = NonNullable<NonNullable<OpenAPIObject['components']>['securitySchemes']>[string];

/** The body of every error answer. */
const PROBLEM: NamedSchema = {
  type: 'object', description: 'What went wrong, where, and what was expected (RFC 9457).', required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string', description: '`urn:parley:problem:` and the code' }, title: { type: 'string' }, status: { type: 'integer' },
    code: { type: 'string', description: 'Stable, for programs' }, detail: { type: 'string', description: 'One sentence, for people' },
    errors: {
      type: 'array',
      items: { type: 'object', required: ['detail'], properties: { pointer: { type: 'string', description: 'JSON pointer into the body' }, parameter: { type: 'string' }, detail: { type: 'string' } } },
    },
    traceId: { type: 'string', description: 'Of faults of ours: stands in the log' },
  },
};

/** Gives a schema a name, so that routes can refer to it as `#/components/schemas/<name>`. */
export function addSchema(name: string, schema: NamedSchema): void {
  named.set(name, schema);
}

const DESCRIPTION = [
  'The API of Parley, the service integration broker.',
  'Every address exists as `/api/v1/…` and as `/api/v1/o/{organization}/…`.',
  'Errors are problem documents (RFC 9457) with a stable `code`; lists answer `items` and `nextCursor`;',
  'writes take an `Idempotency-Key`, documents have an `ETag`.',
].join(' ');

/** The OpenAPI document of the application and of what stands beside its controllers; needs its modules, no listening server and no store. */
export function openApiDocument(app: INestApplication, parts: readonly ApiPart[]): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Parley').setDescription(DESCRIPTION).setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'API key' }, 'apiKey')
    .addCookieAuth('parley_session', { type: 'apiKey', in: 'cookie', description: 'Session of a person' }, 'session')
    .addSecurityRequirements('apiKey').addSecurityRequirements('session')
    .build();
  const document = SwaggerModule.createDocument(app, config, { operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}` });
  const components = (document.components ??= {});
  components.schemas = { ...components.schemas, ...Object.fromEntries(named), Problem: PROBLEM };
  for (const { paths, schemas, securitySchemes } of parts) {
    Object.assign(document.paths, paths);
    Object.assign(components.schemas, schemas);
    components.securitySchemes = { ...components.securitySchemes, ...securitySchemes };
  }
  return document;
}
