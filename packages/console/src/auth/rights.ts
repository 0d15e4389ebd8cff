/**
 * A right of a caller. `read`: read everything. `operate`: pause, resume and run jobs, cancel and retry runs. `enqueue`: run any task, or
 * a job with other arguments. `change`: add, change and remove jobs. `administer`: pause and resume job stores, remove all jobs, restore
 * and remove records in quarantine.
 */
export type Right = 'read' | 'operate' | 'enqueue' | 'change' | 'administer';

/** A name for a set of rights: `viewer` reads, `operator` also operates and enqueues, `admin` has all rights. */
export type Role = 'viewer' | 'operator' | 'admin';

export const RIGHTS = ['read', 'operate', 'enqueue', 'change', 'administer'] as const satisfies readonly Right[];

export const RIGHTS_OF: Readonly<Record<Role, readonly Right[]>> = {
  viewer: ['read'],
  operator: ['read', 'operate', 'enqueue'],
  admin: RIGHTS,
};
