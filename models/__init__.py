"""Chat models behind one port (LangChain's `BaseChatModel`), and the rehearsal model."""

from models.ask import ask
from models.config import ModelConfig
from models.meter import Meter
from models.open import is_rehearsal, model_name, open_model
from models.routing import Routing
from models.switchboard import Switchboard

__all__ = ["Meter", "ModelConfig", "Routing", "Switchboard", "ask", "is_rehearsal", "model_name", "open_model"]
