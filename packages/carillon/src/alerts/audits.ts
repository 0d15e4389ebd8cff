import type { AuditReport, Scheduler } from '@carillon/core';
import { errorInfo } from '@carillon/core/internal';
import type { Logger } from 'pino';
import type { AlertBook } from './alert-book.js';
import type { CheckedSettings, RuleOf } from './check.js';
import { judgeAudit, nextAuditFrom } from './rules/audit.js';
import type { Verdict } from './verdict.js';

interface AuditParts {
  readonly book: AlertBook;
  readonly rules: CheckedSettings['rules'];
  readonly scheduler: Pick<Scheduler, 'audit'>;
  readonly jobStore: string;
  readonly logger: Logger;
}

/** Runs the audits of `audit_gap` rules, one at a time, and holds each report until the watch takes it. */
export class Audits {
  readonly #parts: AuditParts;
  readonly #reports: { readonly rule: RuleOf<'audit_gap'>; readonly report: AuditReport }[] = [];
  #running: Promise<void> | undefined;

  constructor(parts: AuditParts) {
    this.#parts = parts;
  }

  /** Applies the reports of audits that have ended, then starts the next audit that is due. */
  async turn(now: number, apply: (verdicts: readonly Verdict[]) => Promise<void>): Promise<void> {
    const { book, rules } = this.#parts;
    for (const { rule, report } of this.#reports.splice(0)) {
      const open = book.open.filter((alert) => alert.rule === rule.name).map(({ subject }) => subject);
      await apply(judgeAudit(rule, report, open));
      book.audits.set(rule.name, { at: now, from: nextAuditFrom(report) });
    }
    if (this.#running) return;
    for (const rule of rules) {
      if (rule.when !== 'audit_gap' || now - (book.audits.get(rule.name)?.at ?? 0) < rule.every) continue;
      this.#running = this.#audit(rule).finally(() => {
        this.#running = undefined;
      });
      return;
    }
  }

  /** An audit of many jobs can take long: nothing waits for it. */
  async #audit(rule: RuleOf<'audit_gap'>): Promise<void> {
    const { book, scheduler, jobStore, logger } = this.#parts;
    const from = book.audits.get(rule.name)?.from;
    const period = from === undefined ? {} : { from: new Date(from) };
    try {
      this.#reports.push({ rule, report: await scheduler.audit({ ...period, jobStore }) });
    } catch (error) {
      logger.warn({ jobStore, rule: rule.name, reason: errorInfo(error).message }, 'an audit failed; trying again');
    }
  }
}
