"""Speed and memory as ratios to reference commands of the same run; see __main__."""
