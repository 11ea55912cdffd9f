import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import type { DynamicModule, Type } from '@nestjs/common';
import { AppModule } from '../../src/app.module.js';
import { readSettings } from '../../src/config/settings.js';
import { ACCESS, type Access } from '../../src/identity/allow.js';
import { InstallationKey } from '../../src/identity/index.js';
import { Database } from '../../src/store/database.js';

interface Route {
  readonly name: string;
  readonly path: string;
  readonly access: Access | undefined;
}

type Imported = Type | DynamicModule | { readonly forwardRef?: unknown };

/** All controllers of a module and of what it imports, without making any of them. */
function controllersOf(module: Imported, seen = new Set<unknown>()): Type[] {
  const type = typeof module === 'function' ? module : (module as DynamicModule).module;
  const own = typeof module === 'function' ? {} : (module as DynamicModule);
  if (seen.has(module)) return [];
  seen.add(module);
  const declared = (key: 'controllers' | 'imports'): unknown[] => [...((Reflect.getMetadata(key, type) as unknown[] | undefined) ?? []), ...((own as Partial<DynamicModule>)[key] ?? [])];
  return [...(declared('controllers') as Type[]), ...(declared('imports') as Imported[]).flatMap((one) => controllersOf(one, seen))];
}

const one = (value: unknown): string => String(Array.isArray(value) ? value[0] : value);

function routesOf(controller: Type): Route[] {
  const prototype = controller.prototype as Record<string, object>;
  return Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor' && Reflect.hasMetadata('method', prototype[name]!)).map((name) => ({
    name: `${controller.name}.${name}`,
    path: `/${one(Reflect.getMetadata('path', controller))}/${one(Reflect.getMetadata('path', prototype[name]!))}`.replaceAll(/\/+/g, '/').replace(/(?<=.)\/$/, ''),
    access: Reflect.getMetadata(ACCESS, prototype[name]!) as Access | undefined,
  }));
}

function allRoutes(): Route[] {
  const read = readSettings({});
  if ('problems' in read) throw new Error(read.problems.join('; '));
  const app = AppModule.with({ settings: read.settings, database: Object.create(Database.prototype) as Database, key: new InstallationKey(new Uint8Array(32)) });
  return [...new Set(controllersOf(app))].flatMap(routesOf);
}

describe('every route', () => {
  it('says who may call it', () => {
    const routes = allRoutes();
    expect(routes.length).toBeGreaterThan(20);
    expect(routes.filter(({ access }) => access === undefined).map(({ name }) => name)).toEqual([]);
  });

  it('of the API needs someone signed in, but for signing in and for coming back from another site', () => {
    expect(allRoutes().filter(({ access, path }) => access === 'public' && path.startsWith('/api')).map(({ name }) => name).sort()).toEqual(
      ['ConnectionController.arrived', 'ConnectionController.callback', 'SessionController.signIn', 'SignInController.callback', 'SignInController.choices', 'SignInController.end', 'SignInController.start']);
  });
});
