export const task = () => process.pid;
