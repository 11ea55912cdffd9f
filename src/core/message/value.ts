/** One element of an attribute. Ids never become numbers: adapters keep them as text. */
export type Scalar = string | number | boolean | null;

/** An element of a multi-value that has fields of its own; nested further it would not be flat. */
export type FlatObject = { readonly [field: string]: Scalar };

/** An attribute's value; a list is a multi-value (routing, "Values"). `undefined` is never stored: absent is the missing key. */
export type Value = Scalar | readonly (Scalar | FlatObject)[];

/** Attributes by name, in the case in which they arrived. Look-ups compare names by `fold`. */
export type Attributes = { readonly [name: string]: Value };
