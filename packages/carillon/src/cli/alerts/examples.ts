export const EXAMPLES = `
Start two: one watches, the other goes on where it ended. docs/alerts.md has what the file says. It needs the packages yaml and
standardwebhooks.

Examples:
  $ carillon alerts --config alerts.yaml --check
  $ carillon alerts --config alerts.yaml
  $ carillon alerts list
  $ carillon alerts silence --job 'report-*' --until 4h --reason 'the printer is being mended'
  $ carillon alerts silences
  $ carillon alerts unsilence 3mvBVY2NwqeWlHLHDJ6Dmw`;
