"""What reading the gateway's roster costs an application."""
