/** The path of a part of the arguments: `args[0].to`, `args[0]["a b"]`. */
export function argumentPath(keys: readonly PropertyKey[]): string {
  return `args${keys.map(stepOf).join('')}`;
}

function stepOf(key: PropertyKey): string {
  const name = String(key);
  if (/^\d+$/.test(name)) return `[${name}]`;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
