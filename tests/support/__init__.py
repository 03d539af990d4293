"""What the tests share: databases, servers and a browser, each as a fixture of `plugin`."""
