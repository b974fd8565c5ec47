"""The tables hardgate understands: one file each, with units and meanings."""
