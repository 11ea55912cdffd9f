import { RouteConfig } from '@nestjs/platform-fastify';

/** What `@Public()` and `@RawBody()` say to the hooks that run before Nest. */
export interface RouteFlags {
  readonly rawBody?: boolean;
  readonly public?: boolean;
}

const FLAGS = new WeakMap<object, RouteFlags>();

/** Adds flags to a route's Fastify configuration; flags of several decorators add up. */
export function routeFlags(flags: RouteFlags): MethodDecorator {
  return <T>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<T>) => {
    const handler = descriptor.value as object;
    const all = { ...FLAGS.get(handler), ...flags };
    FLAGS.set(handler, all);
    RouteConfig(all)(target, key, descriptor);
  };
}

/** The handler gets the body as bytes, whatever its content type. */
export const RawBody = (): MethodDecorator => routeFlags({ rawBody: true });
