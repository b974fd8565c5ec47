"""`python -m hardgate` is the command `hardgate`."""

if __name__ == "__main__":
    from hardgate.cli import main

    main()
