"""Filings, peers and valuation: what our own and our peers' published figures signal, with a citation for each."""
