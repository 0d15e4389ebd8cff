/** How an error names a job and what it calls. */
export function calledJob(id: string, task: string): string {
  return `job ${JSON.stringify(id)} of task ${JSON.stringify(task)}`;
}
