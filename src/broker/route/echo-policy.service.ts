import { Injectable } from '@nestjs/common';
import { ConfigurationWatch } from '../../rule/index.js';
import { Database } from '../../store/database.js';
import { readEndpoints } from '../../store/endpoint/endpoint-reader.js';

/** Which endpoints do not want echoes told by value; the others, all by default, do. */
@Injectable()
export class EchoPolicy {
  private readonly off = new Map<string, ReadonlySet<string>>();

  constructor(database: Database, watch: ConfigurationWatch) {
    watch.onChange(async (organization) => {
      const endpoints = await readEndpoints(organization, database.worker);
      const off = new Set(endpoints.filter((endpoint) => endpoint.settings['echoByValue'] === false).map((endpoint) => endpoint.id));
      return () => { this.off.set(organization, off); };
    });
  }

  byValue(organization: string, endpoint: string): boolean {
    return this.off.get(organization)?.has(endpoint) !== true;
  }
}
