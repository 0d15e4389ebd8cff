/** Whether a text is a secret that both sides can use. */
export function isSecret(secret: string): boolean {
  const base64 = secret.replace(/^whsec_/, '');
  const { length } = Buffer.from(base64, 'base64');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(base64) && length >= 24 && length <= 64;
}
