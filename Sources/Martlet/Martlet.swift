// An open project: it introduces the rooms below to each other.
