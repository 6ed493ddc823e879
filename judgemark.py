"""Start Judgemark from a checkout: ``python judgemark.py --judge-model ...``."""

from judgemark.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
