// Schedules, retries, hooks.
