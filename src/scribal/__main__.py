"""The command line by ``python -m scribal``, for environments whose commands are not on the path."""

from scribal.cli import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
