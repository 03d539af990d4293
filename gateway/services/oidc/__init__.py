"""Our OpenID provider, on Authlib's: the application's stock client talks to this and to nothing else."""
