export const task = ({ execution }) => {
  if (process.env.FAIL_ADD) throw new Error('it fails');
  return { sum: 3, pid: process.pid, reason: execution.reason };
};
