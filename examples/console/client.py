# client.py
import json
import os
import urllib.request

STORE = os.environ["CONSOLE_URL"] + "v1/stores/default/"


def call(method, path, body=None):
    headers = {
        "Authorization": "Bearer " + os.environ["CONSOLE_TOKEN"],
        "Content-Type": "application/json",
    }
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(STORE + path, data, headers, method=method)
    return urllib.request.urlopen(request, timeout=60)


def events(stream):
    for line in stream:
        if line.startswith(b"data: "):
            yield json.loads(line[len(b"data: ") :])


# The stream is open before the job is added, so it has all events of the job.
with call("GET", "events/stream") as stream:
    # Without a trigger, it runs once, now.
    job = {"id": "from-python", "task": "report", "args": ["eu"], "history": {"perJob": 5}}
    call("POST", "jobs", job).close()
    for event in events(stream):
        if event.get("jobId") != "from-python":
            continue
        print(event["at"], event["type"])
        if event["type"] in ("job_executed", "job_error", "job_missed", "job_cancelled"):
            break

with call("GET", f"runs/{event['runId']}/result?timeout=10000") as answer:
    print("result", json.dumps(json.load(answer)["value"]))
