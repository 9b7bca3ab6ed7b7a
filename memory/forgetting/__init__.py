"""A work, a person, a source or a workspace goes: from every table and every other place, with a signed receipt."""

from memory.forgetting.forgettings import Foreseen, Forgetting, Signed
from memory.forgetting.receipts import Checked
from memory.forgetting.wish import Wish

__all__ = ["Checked", "Foreseen", "Forgetting", "Signed", "Wish"]
