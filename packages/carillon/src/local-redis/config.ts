/** The settings of a server that is started here: how it keeps its data, and others. */
export interface RedisConfig {
  /** Whether an append-only file is kept, and when it is synced to the disk; `true` means `everysec`. Default: none. */
  readonly appendOnly?: boolean | 'always' | 'everysec';
  /** Further arguments of redis-server, such as `['--maxmemory', '64mb']`; they override the others. */
  readonly args?: readonly string[];
}

/** Returns arguments for redis-server: no snapshots, no eviction, and an append-only file if `appendOnly` is set. */
export function redisArgs({ appendOnly = false, args = [] }: RedisConfig): string[] {
  const sync = appendOnly === true ? 'everysec' : appendOnly;
  const file = sync === false ? ['--appendonly', 'no'] : ['--appendonly', 'yes', '--appendfsync', sync];
  return ['--save', '', ...file, '--maxmemory-policy', 'noeviction', ...args];
}
