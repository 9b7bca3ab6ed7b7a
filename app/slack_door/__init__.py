"""The Slack door: the same studio, its cards in Block Kit, and decisions by Slack people who are members."""
