"""What lies in an inbox, and how it becomes incidents."""

from evidence.intake.inbox.stub import Bad, Item, Left, Rules, Scan, read, scan, uid_of

__all__ = ["Bad", "Item", "Left", "Rules", "Scan", "read", "scan", "uid_of"]
