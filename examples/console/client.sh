# client.sh
store="${CONSOLE_URL}v1/stores/default"
auth="Authorization: Bearer $CONSOLE_TOKEN"
json='Content-Type: application/json'

curl --fail --silent "$store/jobs?limit=10&text=report" -H "$auth"
curl --fail --silent "$store/jobs" -H "$auth" -H "$json" \
  -d '{ "id": "nightly", "task": "report", "trigger": { "type": "cron", "expression": "0 2 * * *" } }'
# What would change, and which fires would be gained and lost:
curl --fail --silent -X PATCH "$store/jobs/nightly?dryRun=true" -H "$auth" -H "$json" -d '{ "priority": 5 }'
# A second call with the same key returns the same run:
curl --fail --silent "$store/jobs/nightly/run" -H "$auth" -H "$json" -H 'Idempotency-Key: 2026-03-01' -d '{}'
curl --fail --silent -X DELETE "$store/jobs/nightly" -H "$auth" -H "$json" -d '{ "reason": "not needed" }'
