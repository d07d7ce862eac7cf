// Text ranges, findings, and how they are drawn.
