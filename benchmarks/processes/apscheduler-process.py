"""APScheduler 3 with its job store on Redis, in one process: jobs with an interval of 1 s, spread over the second.

It answers as the other processes do, over the channel that Node.js gives to a child.
"""
import json
import logging
import os
import resource
import socket
import sys
import threading
import time
from datetime import datetime, timedelta, timezone
from urllib.parse import urlsplit

from apscheduler.events import EVENT_JOB_EXECUTED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.redis import RedisJobStore
from apscheduler.schedulers.background import BackgroundScheduler

place = json.loads(sys.argv[1])
logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
lock = threading.Lock()
counts = {}


def noop():
    return time.time()


def executed(event):
    late = max(0, round((event.retval - event.scheduled_run_time.timestamp()) * 1000))
    with lock:
        counts[late] = counts.get(late, 0) + 1


def report():
    global counts
    with lock:
        taken, counts = counts, {}
    usage = resource.getrusage(resource.RUSAGE_SELF)
    with open("/proc/self/statm") as statm:
        rss = int(statm.read().split()[1]) * resource.getpagesize()
    return {
        "lateness": {"noop": list(taken.items())},
        "at": time.monotonic() * 1000,
        "cpuMs": (usage.ru_utime + usage.ru_stime) * 1000,
        "rss": rss,
    }


def main():
    redis = urlsplit(place["redis"])
    scheduler = BackgroundScheduler(
        jobstores={"default": RedisJobStore(host=redis.hostname, port=redis.port)},
        executors={"default": ThreadPoolExecutor(100)},
        job_defaults={"coalesce": True, "misfire_grace_time": None},
        timezone=timezone.utc,
    )
    scheduler.add_listener(executed, EVENT_JOB_EXECUTED)
    begin = datetime.fromtimestamp(place["begin"] / 1000, timezone.utc)
    for index in range(place["load"]):
        start = begin + timedelta(milliseconds=index * 1000 // place["load"])
        scheduler.add_job(noop, "interval", seconds=1, start_date=start, id="job-%d" % index)
    scheduler.start()

    channel = socket.socket(fileno=int(os.environ["NODE_CHANNEL_FD"]))
    channel.setblocking(True)

    def send(message):
        channel.sendall((json.dumps(message) + "\n").encode())

    send({"ready": str(os.getpid())})
    for _ in channel.makefile("r", encoding="utf-8"):
        send(report())
    os._exit(0)


main()
