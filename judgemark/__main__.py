"""Start Judgemark as a module: ``python -m judgemark --judge-model ...``."""

from judgemark.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
