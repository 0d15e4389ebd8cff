/** How a server of one's own keeps its data, and its other settings. */
export interface RedisConfig {
  /** Whether an append-only file is kept, and when it is synced to the disk; `true` means `everysec`. Default: none. */
  readonly appendOnly?: boolean | 'always' | 'everysec';
  /** More of redis-server's arguments, e.g. `['--maxmemory', '64mb']`; they win over the others. */
  readonly args?: readonly string[];
}

/** Arguments for redis-server: no snapshots, nothing evicted, the append-only file if asked for. */
export function redisArgs({ appendOnly = false, args = [] }: RedisConfig): string[] {
  const sync = appendOnly === true ? 'everysec' : appendOnly;
  const file = sync === false ? ['--appendonly', 'no'] : ['--appendonly', 'yes', '--appendfsync', sync];
  return ['--save', '', ...file, '--maxmemory-policy', 'noeviction', ...args];
}
