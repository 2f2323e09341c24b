"""What the program does, one verb per module; progress and questions go through callbacks."""
