"""Clients of services on the network: time-stamping authorities and witnesses; nothing else opens sockets."""
