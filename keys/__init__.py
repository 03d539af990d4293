"""The strong-room: sealing of secrets, our signing keys, and other people's key sets."""
