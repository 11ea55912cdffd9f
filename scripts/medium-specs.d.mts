export declare const ON_ONE_POSTGRES: readonly string[];
export declare function specsForEveryPostgres(): string[];
