export interface DocumentationSources {
  readonly settings: readonly { readonly name: string; readonly defaultText: string; readonly description: string }[];
  readonly operators: readonly { readonly operator: string; readonly meaning: string; readonly takesValues: boolean }[];
  readonly mappings: readonly object[];
  readonly formatters: readonly object[];
  readonly delays: readonly object[];
  readonly rule: object;
  readonly attachments: object;
  readonly deliveryProperties: Readonly<Record<string, object>>;
  readonly adapters: readonly { readonly kind: string; readonly settingsSchema: object }[];
  readonly metrics: readonly { readonly name: string; readonly kind: string; readonly labels: readonly string[]; readonly help: string }[];
  readonly permissions: readonly string[];
  readonly rolePermissions: Readonly<Record<string, readonly string[]>>;
  readonly commands: readonly { readonly name: string; readonly usage: string; readonly summary: string }[];
  readonly openApi: object;
}
export function partsOf(sources: DocumentationSources): Readonly<Record<string, string>>;
export function filled(text: string, parts: Readonly<Record<string, string>>): string;
