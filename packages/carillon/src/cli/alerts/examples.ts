export const EXAMPLES = `
Start two: one watches, and the other continues if it ends. docs/alerts.md describes the file. It needs the packages yaml and
standardwebhooks.

Examples:
  $ carillon alerts --config alerts.yaml --check
  $ carillon alerts --config alerts.yaml
  $ carillon alerts list
  $ carillon alerts silence --job 'report-*' --until 4h --reason 'the printer is being mended'
  $ carillon alerts silences
  $ carillon alerts unsilence 3mvBVY2NwqeWlHLHDJ6Dmw`;
