"""Archives altered at random, from a seed: what both verifiers must judge alike."""
