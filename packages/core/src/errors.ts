/** All errors that Carillon throws on purpose, by family. */
export * from './errors/family.js';
export * from './errors/formats.js';
export * from './errors/input.js';
export * from './errors/job-stores.js';
export * from './errors/jobs.js';
export * from './errors/quarantine.js';
export * from './errors/runs.js';
export * from './errors/tasks.js';
