"""`python -m pddtui` is the program."""

from pddtui.cli.main import main

if __name__ == "__main__":
    main()
