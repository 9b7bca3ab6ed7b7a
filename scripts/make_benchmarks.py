"""`make benchmarks`: runs benches, keeps what they print under docs/benchmarks/, and draws docs/benchmarks.md."""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))


def main(arguments: list[str]) -> int:
    """Run what is asked for, then write the page. Returns 1 where a bench that was asked for by name was left out."""
    from core.errors import GreenroomError
    from evals.page import BENCHES, write
    from evals.page.taking import Left, take

    given = _parser(list(BENCHES)).parse_args(arguments)
    only = [name for name in given.only.split(",") if name]
    names = list(BENCHES) if not only else [name for name in only if name != "none"]
    left = 0
    for name in names:
        print(f"{name}: about {BENCHES[name]['minutes']} minutes …" if name in BENCHES else name, flush=True)
        try:
            print(f"{name}: kept in {take(name, ROOT, Path(given.data)).relative_to(ROOT)}", flush=True)
        except Left as why:
            left += bool(only)
            print(f"{name}: left out, its last figures stay: {why}", flush=True)
        except GreenroomError as error:
            print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
            return 2
    for path in write(ROOT):
        print(f"wrote {path}")
    return 1 if left else 0


def _parser(names: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help=f"Comma-separated, or none: {', '.join(names)}. Without it, all.")
    parser.add_argument("--data", default=str(ROOT.parent / "shared" / "data"), help="The folder of the data.")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
