"""Start Judgemark as a module: ``python -m judgemark --judge-model ...``."""

try:
    from judgemark.cli import main
except KeyboardInterrupt:
    raise SystemExit(130) from None

if __name__ == "__main__":
    raise SystemExit(main())
