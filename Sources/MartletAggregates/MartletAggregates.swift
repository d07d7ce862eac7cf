// Each aggregate: what it means, and its exact state.
