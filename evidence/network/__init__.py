"""Clients of services on the network (time stamps, witnesses); nothing else speaks to other machines."""
