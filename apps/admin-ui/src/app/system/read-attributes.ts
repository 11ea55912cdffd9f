/** Attributes as somebody wrote them in JSON, or what is wrong with that in a sentence. */
export function readAttributes(json: string): { readonly attributes: Readonly<Record<string, unknown>> } | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { problem: `This is no JSON: ${error instanceof Error ? error.message : ''}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { problem: 'Attributes are an object: { "name": "value" }.' };
  return { attributes: value as Readonly<Record<string, unknown>> };
}
