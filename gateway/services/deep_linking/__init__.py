"""Deep linking: the application answers a platform's request, and we check, sign and send what it chose."""
