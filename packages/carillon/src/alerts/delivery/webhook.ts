import { Webhook } from 'standardwebhooks';
import type { CheckedWebhook } from '../check.js';
import { sendRequest } from '../http/request.js';
import type { AlertNotification } from '../notification.js';

export interface WebhookDelivery {
  /** The same each time the notification is sent: receivers recognise a repeated one by it. */
  readonly id: string;
  readonly notification: AlertNotification;
  readonly allowHosts: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/** Sends a signed notification. @throws Error that says why the receiver did not accept it */
export async function sendWebhook(
  { url, secret, timeout }: CheckedWebhook,
  { id, notification, allowHosts, signal }: WebhookDelivery,
): Promise<void> {
  const body = JSON.stringify(notification);
  const now = new Date();
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  };
  await sendRequest({ url, method: 'POST', headers, body, timeoutMs: timeout, allowHosts, signal });
}
