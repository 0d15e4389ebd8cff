import 'reflect-metadata';
import { Controller, type DynamicModule, Injectable, type Type } from '@nestjs/common';
import type * as Schedule from '@nestjs/schedule';

/** What the small application imports. */
export type Imported = Pick<typeof Schedule, 'Cron' | 'Interval' | 'Timeout'> & {
  readonly CronExpression: Readonly<Record<keyof typeof Schedule.CronExpression, string>>;
  readonly ScheduleModule: {
    forRoot(options?: { cronJobs?: boolean; intervals?: boolean; timeouts?: boolean }): DynamicModule;
  };
};

export interface SmallApplication {
  readonly providers: Type[];
  readonly controllers: Type[];
  /** Instants of calls by method, ms. */
  readonly calls: Readonly<Record<string, readonly number[]>>;
  /** The most calls of a method that were under way at once. */
  readonly atOnce: Readonly<Record<string, number>>;
}

/** An application as it is written for @nestjs/schedule; all but the import is the same for both. */
export function smallApplication({ Cron, CronExpression, Interval, Timeout }: Imported): SmallApplication {
  const calls: Record<string, number[]> = {};
  const running: Record<string, number> = {};
  const atOnce: Record<string, number> = {};
  const called = (method: string) => {
    calls[method] = [...(calls[method] ?? []), Date.now()];
  };
  const long = async (method: string) => {
    called(method);
    running[method] = (running[method] ?? 0) + 1;
    atOnce[method] = Math.max(atOnce[method] ?? 0, running[method]);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    running[method] -= 1;
  };

  @Injectable()
  class Greeting {
    readonly word = 'hello';
  }

  abstract class Inherited {
    @Interval(300)
    inherited() {
      called('inherited');
    }
  }

  @Injectable()
  class Reports extends Inherited {
    readonly greeting: Greeting;

    constructor(greeting: Greeting) {
      super();
      this.greeting = greeting;
    }

    @Cron(CronExpression.EVERY_SECOND)
    everySecond() {
      called(`everySecond ${this.greeting.word}`);
    }

    @Cron('* * * * * *', { name: 'zoned', timeZone: 'Asia/Tokyo' })
    zoned() {
      called('zoned');
    }

    @Cron('* * * * * *', { name: 'shifted', utcOffset: 120, threshold: 60_000 })
    shifted() {
      called('shifted');
    }

    @Cron('* * * * * *', { disabled: true })
    disabled() {
      called('disabled');
    }

    @Cron('* * * * * *', { waitForCompletion: true })
    async oneAtATime() {
      await long('oneAtATime');
    }

    @Cron('* * * * * *')
    async overlapping() {
      await long('overlapping');
    }

    @Cron(new Date(Date.now() + 2_000))
    atAnInstant() {
      called('atAnInstant');
    }

    @Cron('* * * * * *', { initialDelay: 3_600_000 })
    inAnHour() {
      called('inAnHour');
    }

    @Interval('poll', 200)
    poll() {
      called('poll');
    }

    @Interval(200)
    async failing() {
      called('failing');
      throw new Error('as it is meant to');
    }

    @Timeout(100)
    once() {
      called('once');
    }

    @Timeout('named once', 200)
    namedOnce() {
      called('namedOnce');
    }

    @Timeout(3_600_000)
    muchLater() {
      called('muchLater');
    }
  }

  @Controller()
  class Routes {
    @Interval(200)
    ofController() {
      called('ofController');
    }
  }

  return { providers: [Greeting, Reports], controllers: [Routes], calls, atOnce };
}
