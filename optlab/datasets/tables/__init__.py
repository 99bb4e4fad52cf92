"""Tables of the user's: from the bytes of a file to features, as a person would read them, or not at all."""
