import type { Patch } from './tree.js';

const ROW = `  catchUp: {
    belongsTo: 'policy',
    option: options.maxInstances,
    stored: z.int().min(1),
    default: 1_000,
    readBy: ['planner'],
    kind: 'count',
    command: { flags: '--catch-up <n>', help: 'how many fire times of a backlog run (default: 1000)' },
  },
`;

/** A job field that the planner reads, as someone would add it by the recipe. */
export const JOB_FIELD: readonly Patch[] = [
  {
    file: 'packages/core/src/job/fields.ts',
    find: '  /** How many fire times there are to be,',
    replace: `${ROW}  /** How many fire times there are to be,`,
  },
  {
    file: 'packages/core/src/job/spec.ts',
    find: '  readonly coalesce?: boolean | undefined;\n',
    replace:
      '  readonly coalesce?: boolean | undefined;\n  /** How many fire times of a backlog run. */\n  readonly catchUp?: number | undefined;\n',
  },
  {
    file: 'packages/core/src/scheduler/job.ts',
    find: '  readonly coalesce!: boolean;\n',
    replace: '  readonly coalesce!: boolean;\n  readonly catchUp!: number;\n',
  },
  {
    file: 'packages/coordinator/src/plan.ts',
    find: 'policy.coalesce ? 1 : MAX_CATCH_UP',
    replace: 'policy.coalesce ? 1 : policy.catchUp',
  },
  {
    file: 'packages/coordinator/src/plan.ts',
    find: '  MAX_CATCH_UP,\n',
    replace: '',
  },
];
