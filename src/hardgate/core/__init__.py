"""The nouns, dates, money and errors that everything else is written in; standard library only."""
