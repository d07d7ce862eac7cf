// Definitions lowered to values that can be printed: jobs, joins, online layouts.
