/** An address that takes nothing, for good, as its mail system says; and the delivery that told so. */
export interface DeadAddress {
  /** In lower case. */
  readonly address: string;
  /** The mail system's words, for an operator. */
  readonly reason: string;
  readonly deliveryId: string;
  /** After so many deliveries in a row nothing is sent there any more. */
  readonly most: number;
}

/** What a message says of addresses that its endpoint sends to. */
export interface AddressNews {
  /** Somebody wrote from there: they exist. In lower case. */
  readonly alive: readonly string[];
  readonly dead: readonly DeadAddress[];
}

/** An address from which deliveries came back. */
export interface KnownAddress {
  readonly address: string;
  /** How many in a row. */
  readonly bounces: number;
  readonly reason: string;
  /** Nothing is sent there any more. */
  readonly isSuppressed: boolean;
}

/** What is known of the addresses that an endpoint sends to: in the store, the same for all instances. */
export interface AddressKeeper {
  /** Those of `addresses` from which something came back; of the others nothing is known. */
  known(addresses: readonly string[]): Promise<readonly KnownAddress[]>;
  /** Deliveries to them were taken; whether they come back is seen later. Never fails. */
  taken(addresses: readonly string[]): Promise<void>;
  /** How long an attempt waits for its turn at these domains, in milliseconds; 0: it goes now. Whoever waits keeps the place. */
  turn(attempt: { readonly deliveryId: string; readonly attempt: number; readonly domains: readonly string[] }, perMinute: number): Promise<number>;
  /** They were refused while they were sent to. Never fails. */
  refused(dead: readonly DeadAddress[]): Promise<void>;
}
